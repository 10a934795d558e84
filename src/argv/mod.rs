//! The words as typed, read as v1 reads them, into the options of `cli`.
//!
//! v1 reads the line several times with argparse. The global parser claims its options, and every prefix that only
//! one of them has, from the whole line; then the service's parser takes the operation's name, for a waiter the
//! parser of `wait` its name; then the operation's parser takes its options. clap cannot say that, so [`pass`] reads
//! the words by the options that clap's tree lists ([`table`]) and reports every error itself ([`choice`]). What it has
//! read is a word each for clap, which fills the global options and the values of the operation.
//!
//! Mirrors `awscli/clidriver.py` (`CLIDriver.main`, `ServiceCommand`, `ServiceOperation`), `awscli/argparser.py` and
//! `awscli/customizations/{commands,waiters}.py`.

mod choice;
mod pass;
mod table;

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, value_parser};

use crate::cli::help::Page;
use crate::cli::{self, BACKUP, Globals, HELP, OptionValue, Options, Skeleton, WAIT};
use crate::delegate;
use crate::error::{Error, failure};
use crate::host::Host;
use crate::model::{Action, Member, OPERATIONS, WAITERS};
use crate::python::int;

use pass::{Parser, PassResult};
use table::VERSION;

/// The global parser's name in its errors, whatever the program was started as.
const AWS: &str = "aws";
/// The positional's name where a command has commands of its own.
const SUBCOMMAND: &str = "subcommand";
/// The options that make all others optional.
const INPUT_JSON: &str = "cli-input-json";
const SKELETON: &str = "generate-cli-skeleton";
/// The words that may follow `aws help` in v1.
const TOPICS: [&str; 6] =
    ["topics", "config-vars", "return-codes", "s3-config", "s3-faq", "s3-case-insensitivity"];

/// A line without `--version`.
pub(crate) struct Line {
    pub(crate) globals: Globals,
    pub(crate) command: Result<ParsedCommand, Error>,
}

/// The command on the line.
#[derive(Debug)]
pub(crate) enum ParsedCommand {
    Help(Page),
    Run(Action, Options),
}

impl ParsedCommand {
    /// Returns true for a call that needs a region and an output format: not for a skeleton to fill in.
    pub(crate) fn sends(&self) -> bool {
        matches!(self, Self::Run(_, options) if options.skeleton != Some(Skeleton::Input))
    }

    /// Returns true for what another `aws` has more of: pages that name operations which we lack.
    pub(crate) fn is_delegated(&self) -> bool {
        matches!(self, Self::Help(Page::Aws | Page::Backup))
    }
}

/// Reads the words that follow the program's name; `None` where `--version` is met.
/// A line without a command that asks for help the usual way (`aws --help`), where v1 only fails, is `aws help` (D15).
/// Errors: `Usage`, by the name `aws`.
/// v1: `MainArgParser`. Parity: ORD-01, ARG-13, MSG-06.
pub(crate) fn parse(host: &Host) -> Result<Option<Line>, Error> {
    let command = Globals::augment_args(Command::new(AWS).disable_help_flag(true));
    let options = table::options(&command);
    let note = delegate::absence_note(host);
    let choices = &[BACKUP, HELP];
    let parser =
        Parser { program: AWS, options: &options, positional: "command", required: true, choices, note };
    let result = parser.read(&host.words)?;
    if result.has(VERSION) {
        return Ok(None);
    }
    if !result.missing.is_empty() && !result.help_requested {
        return Err(parser.missing(&result));
    }
    let words = option_words(&result);
    let (is_backup, remaining) = (result.positional == Some(BACKUP), result.remaining);
    let globals = fill(command, words).and_then(|matches| Globals::from_arg_matches(&matches));
    let globals = globals.map_err(|error| failure!("{}", error.kind()))?;
    let program = host.program_name();
    let command =
        if is_backup { command_pass(&remaining, note, program) } else { help_pass(&remaining, program) };
    Ok(Some(Line { globals, command }))
}

/// Returns a word for each option that a pass has read, as clap reads it.
fn option_words(result: &PassResult) -> Vec<String> {
    let word = |(name, value): &(&str, Option<&str>)| match value {
        Some(value) => format!("--{name}={value}"),
        None => format!("--{name}"),
    };
    result.options.iter().map(word).collect()
}

/// Returns what clap makes of the options of `command`, of which each of `words` spells one.
/// Errors: clap refuses what v1 takes, which the pass rules out.
fn fill(command: Command, words: Vec<String>) -> Result<ArgMatches, clap::Error> {
    let is_valued = |arg: &Arg| arg.get_action().takes_values();
    let any_value = |arg: Arg| {
        let arg = arg.required(false);
        if is_valued(&arg) { arg.value_parser(value_parser!(OptionValue)) } else { arg }
    };
    let command = command.no_binary_name(true).args_override_self(true).mut_args(any_value); // an empty list is no choice
    command.try_get_matches_from(words)
}

/// Checks the words behind `aws help`, of which a topic and a single `help` change nothing.
/// v1: `HelpCommand.__call__`. Parity: HELP-14, HELP-15.
fn help_pass(words: &[String], program: &str) -> Result<ParsedCommand, Error> {
    if !is_help(words) {
        Parser { program, positional: SUBCOMMAND, choices: &TOPICS, ..Parser::default() }.read(words)?;
    }
    Ok(ParsedCommand::Help(Page::Aws))
}

/// Reads the command and its options from the words that the global pass left.
/// `--help` and `-h` ask for the page wherever v1 only fails for what is missing or unknown (D15).
/// Errors: `Usage` by the last part of `argv[0]`, `UnknownOptions`, `Failure` for `wait` without a waiter.
/// v1: `ServiceCommand.__call__`. Parity: ORD-03, ARG-18, HELP-10.
fn command_pass(words: &[String], note: &str, program: &str) -> Result<ParsedCommand, Error> {
    let operations = OPERATIONS.iter().map(|operation| operation.command);
    let names: Vec<&str> = operations.chain([WAIT, HELP]).collect();
    let parser =
        Parser { program, options: &[], positional: "operation", required: true, choices: &names, note };
    let result = parser.read(words)?;
    let operation = OPERATIONS.iter().find(|operation| result.positional == Some(operation.command));
    match (operation, result.positional) {
        (Some(operation), _) => action_pass(Action::Call(operation), &result.remaining, program),
        (None, Some(WAIT)) => wait_pass(&result.remaining, program),
        (None, None) if !result.help_requested => Err(parser.missing(&result)),
        (None, _) => Ok(ParsedCommand::Help(Page::Backup)),
    }
}

/// Reads the waiter's name and its options from the words behind `wait`.
/// v1: `BasicCommand.__call__`, `WaitCommand._run_main`. Parity: WAITC-02, WAITC-06, WAITC-09.
fn wait_pass(words: &[String], program: &str) -> Result<ParsedCommand, Error> {
    if is_help(words) {
        return Ok(ParsedCommand::Help(Page::Wait));
    }
    let names = WAITERS.map(|waiter| waiter.command);
    let parser = Parser { program, positional: SUBCOMMAND, choices: &names, ..Parser::default() };
    let result = parser.read(words)?;
    match WAITERS.iter().find(|waiter| result.positional == Some(waiter.command)) {
        Some(waiter) => action_pass(Action::Wait(waiter), &result.remaining, program),
        None if result.help_requested => Ok(ParsedCommand::Help(Page::Wait)),
        None if result.remaining.is_empty() => Err(failure!(
            "usage: aws [options] <command> <subcommand> [parameters]\naws: error: too few arguments"
        )),
        None => Err(failure!("Unknown options: {}", result.remaining.join(","))),
    }
}

/// Reads the options of `action`; a lone `help` asks for its page, and so does `help` as first stray word when nothing
/// is missing.
/// v1: `ArgTableArgParser`, `ServiceOperation.__call__`. Parity: ARG-19, HELP-10, WAITC-12.
fn action_pass(action: Action, words: &[String], program: &str) -> Result<ParsedCommand, Error> {
    let page = ParsedCommand::Help(Page::Action(action));
    if is_help(words) {
        return Ok(page);
    }
    let mut command = cli::command(action);
    if overrides_required(words) {
        command = command.mut_args(|arg| arg.required(false));
    }
    let options = table::options(&command);
    let parser = Parser { program, options: &options, ..Parser::default() };
    let result = parser.read(words)?;
    let stray = result.positional.filter(|word| !word.is_empty());
    let unknown: Vec<&str> = result.remaining.iter().map(String::as_str).chain(stray).collect();
    match (result.missing.is_empty(), unknown.is_empty()) {
        (true, true) => {
            let words = option_words(&result);
            let matches = fill(command, words);
            let matches = matches.map_err(|error| failure!("{}", error.kind()))?;
            Ok(ParsedCommand::Run(action, read_options(action, &matches)))
        }
        (complete, _) if result.help_requested || complete && stray == Some(HELP) => Ok(page),
        (false, _) => Err(parser.missing(&result)),
        (true, false) => Err(Error::UnknownOptions(unknown.join(", "))),
    }
}

/// Returns the options of `action` that clap has.
fn read_options(action: Action, matches: &ArgMatches) -> Options {
    let value = |name: &str| matches.try_get_one::<OptionValue>(name).ok()?.cloned();
    let member = |member| Some((member, value(&Member::option_name(member))?));
    let integer = |name: &str| int::clamped(value(name)?.text()?).ok();
    let skeleton = || match value(SKELETON).as_ref().and_then(OptionValue::text) {
        Some("output") => Skeleton::Output,
        _ => Skeleton::Input,
    };
    Options {
        members: action.operation().input.iter().filter_map(member).collect(),
        cli_input_json: value(INPUT_JSON),
        skeleton: matches.contains_id(SKELETON).then(skeleton),
        delay: integer("delay"),
        max_attempts: integer("max-attempts"),
    }
}

/// Checks for the one word `help`.
fn is_help(words: &[String]) -> bool {
    matches!(words, [only] if only == HELP)
}

/// Checks that no option need be given: `--cli-input-json` is a word of its own on the line, or
/// `--generate-cli-skeleton` is and the word behind its first place is not `output`.
/// v1: `OverrideRequiredArgsArgument`, `GenerateCliSkeletonArgument.override_required_args`.
/// Parity: VAL-51, VAL-59, VAL-61.
fn overrides_required(words: &[String]) -> bool {
    let place = |name| words.iter().position(|word| word.strip_prefix("--") == Some(name));
    let output = |at: usize| words.get(at + 1).is_some_and(|word| word == "output");
    place(INPUT_JSON).is_some() || place(SKELETON).is_some_and(|at| !output(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns what the passes make of a line of words without blanks.
    fn parsed(line: &str) -> String {
        let mut host = Host::fake(&[]);
        host.words = line.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        match parse(&host).and_then(|line| line.map(|line| line.command).transpose()) {
            Ok(None) => "version".to_owned(),
            Ok(Some(ParsedCommand::Run(_, options))) => {
                let values: Vec<String> =
                    options.members.iter().map(|(_, value)| format!("{value:?}")).collect();
                values.last().cloned().unwrap_or_default()
            }
            Err(error) => {
                let text = error.text();
                let last = text.lines().last().unwrap_or_default();
                last.split_once("error: ").map_or(last, |(_, message)| message).to_owned()
            }
            Ok(Some(ParsedCommand::Help(page))) => cli::help::title(page),
        }
    }

    #[test]
    fn lines_as_v1_reads_them() {
        const REQUIRED: &str = "--recovery-point-arn=r --source-backup-vault-name=s --destination-backup-vault-arn=d --iam-role-arn=i";
        for (line, expected) in [
            ("", "the following arguments are required: command"),
            ("backup", "the following arguments are required: operation"),
            ("--help", "AWS"),
            ("backup -h", "BACKUP"),
            ("backup start-copy-job --help", "START-COPY-JOB"),
            (
                "backup start-copy-job -- -- --help REQ",
                "the following arguments are required: --recovery-point-arn, \
              --source-backup-vault-name, --destination-backup-vault-arn, --iam-role-arn",
            ),
            ("backup start-copy-job REQ --id=--", "EmptyList"),
            ("backup start-copy-job REQ --id a --idempotency-token=b", "Text(\"b\")"),
            ("backup start-copy-job REQ --id -5", "Text(\"-5\")"),
            ("backup start-copy-job REQ --id -1e5", "argument --idempotency-token: expected one argument"),
            ("backup start-copy-job --cli-input-json {}", ""),
            ("backup start-copy-job REQ s1 s2 s3", "Unknown options: s2, s3, s1"),
            ("backup start-copy-job REQ -- -- x", "Unknown options: x, --"),
            ("backup start-copy-job -- REQ --region x", "Unknown options: --region, x"),
            ("backup start-copy-job REQ x help", "Unknown options: help, x"),
            ("backup start-copy-job REQ help x", "START-COPY-JOB"),
            ("backup wait", "too few arguments"),
            ("backup wait --", "too few arguments"),
            ("backup wait --foo --bar=1", "Unknown options: --foo,--bar=1"),
            ("backup wait help", "WAIT"),
            ("backup wait copy-job-completed", "the following arguments are required: --copy-job-id"),
            ("backup wait copy-job-completed help", "COPY-JOB-COMPLETED"),
            ("backup wait -- copy-job-completed -- --copy-job-id J", "Text(\"J\")"),
            (
                "backup wait copy-job-completed --copy-job-id J --delay x",
                "argument --delay: invalid int value: 'x'",
            ),
            ("backup describe-copy-job --copy-job-id J --delay 5", "Unknown options: --delay, 5"),
            ("help topics x", "AWS"),
            ("--ve x", "version"),
            ("--version --v", "ambiguous option: --v could match --v2-debug, --version"),
        ] {
            let typed = line.replace("REQ", REQUIRED);
            assert_eq!(parsed(&typed), expected, "{line}");
        }
    }
}
