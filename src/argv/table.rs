//! What a parser of v1 knows of its options, read off the clap tree: nothing is listed twice.

use clap::Command;

/// How many words an option takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// None: a flag.
    Nothing,
    /// One.
    One,
    /// One or none (`nargs='?'`).
    Perhaps,
}

/// One option of a parser.
#[derive(Debug)]
pub(super) struct Opt {
    /// The full name, with its dashes.
    pub(super) name: String,
    /// How many words it takes.
    pub(super) takes: Takes,
    /// The values that it may have; empty where all are fine.
    pub(super) choices: Vec<String>,
    /// True where the call needs it.
    pub(super) required: bool,
}

/// The option that ends a pass.
pub(super) const VERSION: &str = "--version";

/// The options of `command` in its order, `--version` last: v1's parser forgets it and adds it anew.
///
/// v1: `MainArgParser._build`. Parity: ARG-02, ARG-08, ARG-09.
pub(super) fn options(command: &Command) -> Vec<Opt> {
    let of = |arg: &clap::Arg| {
        Some(Opt {
            name: format!("--{}", arg.get_long()?),
            takes: takes(arg),
            choices: arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect(),
            required: arg.is_required_set(),
        })
    };
    let mut options: Vec<Opt> = command.get_arguments().filter_map(of).collect();
    options.sort_by_key(|option| option.name == VERSION);
    options
}

/// How many words `arg` takes.
fn takes(arg: &clap::Arg) -> Takes {
    if !arg.get_action().takes_values() {
        return Takes::Nothing;
    }
    match arg.get_num_args() {
        Some(range) if range.min_values() == 0 => Takes::Perhaps,
        _ => Takes::One,
    }
}
