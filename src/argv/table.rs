//! What a parser of v1 knows of its options, read off clap's arguments: nothing is listed twice.

use std::any::TypeId;

use clap::builder::PossibleValue;
use clap::{Arg, Command};

use super::choice;
use crate::python::{int, repr};

/// The number of values of an option.
pub(super) enum Arity {
    Zero,
    One,
    /// One or none (`nargs='?'`).
    Optional,
}

/// The option that ends a pass.
pub(super) const VERSION: &str = "version";

/// Returns the options of `command` in its order, `--version` last: v1's parser forgets it and adds it anew.
/// v1: `MainArgParser._build`. Parity: ARG-02, ARG-08, ARG-09.
pub(super) fn options(command: &Command) -> Vec<&Arg> {
    let mut options: Vec<&Arg> = command.get_arguments().collect();
    options.sort_by_key(|option| long(option) == VERSION);
    options
}

/// Returns the name of `option`, without its dashes.
pub(super) fn long(option: &Arg) -> &str {
    option.get_long().unwrap_or_default()
}

pub(super) fn arity(option: &Arg) -> Arity {
    match option.get_num_args() {
        _ if !option.get_action().takes_values() => Arity::Zero,
        Some(_) => Arity::Optional,
        None => Arity::One,
    }
}

/// Refuses a `value` of `option` in v1's words; `--`, only behind a `=`, is an empty list.
/// v1: `ArgumentParser._get_values`. Parity: ARG-16, WOPT-03, WOPT-05.
pub(super) fn check(option: &Arg, value: &str) -> Result<(), String> {
    let is_integer = option.get_value_parser().type_id() == TypeId::of::<i64>();
    match value {
        "--" if is_integer => Err("expected one argument".to_owned()),
        "--" => Ok(()),
        _ if is_integer && int::int(value).is_err() => {
            Err(format!("invalid int value: {}", repr::string(value)))
        }
        _ => {
            let choices = option.get_possible_values();
            choice::check(value, &choices.iter().map(PossibleValue::get_name).collect::<Vec<_>>())
        }
    }
}
