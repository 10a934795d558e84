//! The options that a parser of v1 knows, read off the clap tree: nothing is listed twice.

use std::any::TypeId;

use clap::{Arg, Command};

use super::choice;
use crate::python::{int, repr};

/// The number of values of an option.
#[derive(Clone, Copy)]
pub(super) enum Arity {
    Zero,
    One,
    /// One or none (`nargs='?'`).
    Optional,
}

/// One option of a parser.
pub(super) struct OptionSpec {
    /// The full name, with its dashes.
    pub(super) name: String,
    pub(super) arity: Arity,
    /// The values that it may have; empty for any.
    choices: Vec<String>,
    is_integer: bool,
    pub(super) required: bool,
}

/// The option that ends a pass.
pub(super) const VERSION: &str = "--version";

impl OptionSpec {
    /// Refuses a `value` in v1's words; `--`, only behind a `=`, is an empty list.
    /// v1: `ArgumentParser._get_values`. Parity: ARG-16, WOPT-03, WOPT-05.
    pub(super) fn check(&self, value: &str) -> Result<(), String> {
        match value {
            "--" if self.is_integer => Err("expected one argument".to_owned()),
            "--" => Ok(()),
            _ if self.is_integer && int::int(value).is_err() => {
                Err(format!("invalid int value: {}", repr::string(value)))
            }
            _ => choice::check(value, &self.choices),
        }
    }
}

/// Returns the options of `command` in its order, `--version` last: v1's parser forgets it and adds it anew.
/// v1: `MainArgParser._build`. Parity: ARG-02, ARG-08, ARG-09.
pub(super) fn options(command: &Command) -> Vec<OptionSpec> {
    let mut options: Vec<OptionSpec> = command.get_arguments().filter_map(option).collect();
    options.sort_by_key(|option| option.name == VERSION);
    options
}

/// Returns the option that `arg` is.
fn option(arg: &Arg) -> Option<OptionSpec> {
    let arity = match arg.get_num_args() {
        _ if !arg.get_action().takes_values() => Arity::Zero,
        Some(values) if values.min_values() == 0 => Arity::Optional,
        _ => Arity::One,
    };
    Some(OptionSpec {
        name: format!("--{}", arg.get_long()?),
        arity,
        choices: arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect(),
        is_integer: arg.get_value_parser().type_id() == TypeId::of::<i64>(),
        required: arg.is_required_set(),
    })
}
