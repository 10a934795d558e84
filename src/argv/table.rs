//! The options that a parser of v1 knows, read off the clap tree: nothing is listed twice.

use std::any::TypeId;

use clap::Command;

use super::choice::{self, is_choice};
use crate::cli::OptionValue;
use crate::python::{int, repr};

/// The number of values of an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arity {
    /// None: a flag.
    Zero,
    /// One.
    One,
    /// One or none (`nargs='?'`).
    Optional,
}

/// One option of a parser.
#[derive(Debug)]
pub(super) struct OptionSpec {
    /// The full name, with its dashes.
    pub(super) name: String,
    /// The number of its values.
    pub(super) arity: Arity,
    /// The values that it may have; empty for any.
    pub(super) choices: Vec<String>,
    /// True where its value is an integer.
    pub(super) is_integer: bool,
    /// True where the call needs it.
    pub(super) required: bool,
}

/// The option that ends a pass.
pub(super) const VERSION: &str = "--version";

impl OptionSpec {
    /// Returns v1's words for what is wrong with `value`, if anything is.
    /// v1: `ArgumentParser._get_values`. Parity: ARG-16, WOPT-03, WOPT-05.
    pub(super) fn problem(&self, value: &OptionValue) -> Option<String> {
        match value {
            OptionValue::Text(text) if !is_choice(text, &self.choices) => {
                Some(choice::invalid(text, &self.choices))
            }
            OptionValue::Text(text) if self.is_integer && int::int(text).is_err() => {
                Some(format!("invalid int value: {}", repr::string(text)))
            }
            OptionValue::EmptyList if self.is_integer => Some("expected one argument".to_owned()),
            _ => None,
        }
    }
}

/// Returns the options of `command` in its order, `--version` last: v1's parser forgets it and adds it anew.
/// v1: `MainArgParser._build`. Parity: ARG-02, ARG-08, ARG-09.
pub(super) fn options(command: &Command) -> Vec<OptionSpec> {
    let of = |arg: &clap::Arg| {
        Some(OptionSpec {
            name: format!("--{}", arg.get_long()?),
            arity: arity(arg),
            choices: arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect(),
            is_integer: arg.get_value_parser().type_id() == TypeId::of::<i64>(),
            required: arg.is_required_set(),
        })
    };
    let mut options: Vec<OptionSpec> = command.get_arguments().filter_map(of).collect();
    options.sort_by_key(|option| option.name == VERSION);
    options
}

/// Returns the number of values of `arg`.
fn arity(arg: &clap::Arg) -> Arity {
    let is_optional = arg.get_num_args().is_some_and(|range| range.min_values() == 0);
    match (arg.get_action().takes_values(), is_optional) {
        (false, _) => Arity::Zero,
        (true, true) => Arity::Optional,
        (true, false) => Arity::One,
    }
}
