//! The candidates of v1's completer at the end of a line. Mirrors `awscli.completer.Completer`: it splits at blanks and
//! knows no values but those of `--output` and `--profile`.

use clap::{Arg, Command};

use super::Completions;
use crate::error::Error;
use crate::python::text;

/// Returns the candidates for the last word of `line`, with the commands of `tree`.
/// Behind `wait` v1 knows nothing but the global options (WAITC-57).
/// Errors: `Traceback` where the line has no word.
/// v1: `Completer.complete`, `_get_command`. Parity: COMP-02 to COMP-08.
pub(super) fn offer<'t>(tree: &'t Command, line: &str, profiles: &[String]) -> Result<Completions, Error> {
    let words: Vec<&str> = line.split(text::is_space).filter(|word| !word.is_empty()).collect();
    let Some(current) = words.last() else {
        return Err(Error::Traceback("aws_completer: there is no word to complete".to_owned()));
    };
    let (options, names): (Vec<&str>, Vec<&str>) = words.iter().partition(|word| word.starts_with('-'));
    let find = |parent: &'t Command| names.iter().find_map(|name| parent.find_subcommand(name));
    let command = find(tree);
    let operation = command.and_then(find);
    let words = if current.starts_with('-') {
        complete_option(arguments(tree, operation), &options, current, profiles)
    } else if operation.is_some() {
        Vec::new()
    } else {
        let here = command.unwrap_or(tree);
        let names = here.get_subcommands().map(Command::get_name);
        let offered = names.filter(|name| *current == here.get_name() || name.starts_with(current));
        offered.map(str::to_owned).collect()
    };
    Ok((words, operation.is_some()))
}

/// Returns the options of `tree`, then those of an operation.
pub(super) fn arguments<'t>(tree: &'t Command, operation: Option<&'t Command>) -> Vec<&'t Arg> {
    [Some(tree), operation].into_iter().flatten().flat_map(Command::get_arguments).collect()
}

/// Returns the options that begin as `current` does and are not on the line yet; the values where it is complete.
/// v1: `Completer._find_possible_options`, `_complete_option`. Parity: COMP-03, COMP-04.
fn complete_option(mut known: Vec<&Arg>, typed: &[&str], current: &str, profiles: &[String]) -> Vec<String> {
    let others: Vec<&str> = typed.iter().filter(|option| **option != current).copied().collect();
    let is_typed = |name: &str| others.iter().any(|option| option.trim_start_matches('-') == name);
    let prefix = current.trim_start_matches('-');
    known.retain(|arg| arg.get_long().is_some_and(|name| name.starts_with(prefix) && !is_typed(name)));
    match known.as_slice() {
        [only] if name(only) == current => match only.get_long() {
            Some("output" | "profile") => values(only, profiles),
            _ => Vec::new(),
        },
        _ => known.into_iter().map(name).collect(),
    }
}

/// Returns `--name` of an option.
pub(super) fn name(option: &Arg) -> String {
    format!("--{}", option.get_long().unwrap_or_default())
}

/// Returns the values that an option may have: the names of profiles, or what it lists.
pub(super) fn values(option: &Arg, profiles: &[String]) -> Vec<String> {
    if option.get_long() == Some("profile") {
        return profiles.to_vec();
    }
    option.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli;

    #[test]
    fn lines_as_v1_completes_them() {
        let profiles = ["default".to_owned(), "dr".to_owned()];
        for (line, expected) in [
            ("aws", "backup"),
            ("aws back", "backup"),
            ("aws backup", "describe-copy-job start-copy-job wait"),
            ("aws backup start-", "start-copy-job"),
            ("aws --region us-east-1 backup st", "start-copy-job"),
            ("aws backup start-copy-job", ""),
            ("aws backup wa", "wait"),
            ("aws backup wait ", ""),
            ("aws backup wait copy-job-completed --re", "--region"),
            (
                "aws backup describe-copy-job --c",
                "--color --ca-bundle --cli-read-timeout --cli-connect-timeout --copy-job-id --cli-input-json",
            ),
            ("aws backup start-copy-job --re", "--region --recovery-point-arn"),
            ("aws backup start-copy-job --recovery-point-arn x --re", "--region"),
            ("aws backup start-copy-job --output ", "json text table"),
            ("aws backup start-copy-job --output j", ""),
            ("aws backup start-copy-job --color", ""),
            ("aws --profile", "default dr"),
            ("aws --ver", "--version"),
            ("aws --re", "--region"),
        ] {
            let offer = offer(&cli::tree(), line, &profiles).map(|(words, _)| words.join(" "));
            assert_eq!(offer.ok().as_deref(), Some(expected), "{line}");
        }
    }
}
