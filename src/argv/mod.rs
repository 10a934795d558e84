//! The words as typed, read as v1 reads them, into the options of `cli`.
//!
//! v1 reads the line several times with argparse. The global parser claims its options, and every prefix that only
//! one of them has, from the whole line; then the service's parser takes the operation's name, for a waiter the
//! parser of `wait` its name; then the operation's parser takes its options. clap cannot say that, so this module
//! reports every usage error itself, and clap is given only canonical words, `--name=value`.
//!
//! | file | content |
//! |---|---|
//! | `table` | the options of a parser, read off the clap tree |
//! | `pass` | one pass over the words |
//! | `canonical` | the words that clap gets |
//! | `choice` | the message for a value that is none of the choices |
//!
//! Mirrors `awscli/clidriver.py` (`CLIDriver.main`, `ServiceCommand`, `ServiceOperation`), `awscli/argparser.py` and
//! `awscli/customizations/{commands,waiters}.py`.

mod canonical;
mod choice;
mod pass;
mod table;

use clap::{ArgMatches, Args, Command, FromArgMatches};

use crate::cli::{self, BACKUP, Globals, HELP, Options, Page, Skeleton, WAIT};
use crate::error::{Error, failure};
use crate::model::{Action, OPERATIONS, WAITERS};

use pass::{PassError, PassResult, Positional};
use table::OptionSpec;

/// The global parser's name in its errors, whatever the program was started as.
const AWS: &str = "aws";
/// The words that may follow `aws help` in v1.
const TOPICS: [&str; 6] =
    ["topics", "config-vars", "return-codes", "s3-config", "s3-faq", "s3-case-insensitivity"];

/// The result of the global parser.
#[derive(Debug)]
pub(crate) enum GlobalArgs {
    /// `--version` was reached.
    Version,
    /// The command is not one of ours; holds v1's error for it, for where no other `aws` is.
    Unknown(Error),
    /// A line for [`command_pass`].
    Line(Box<Remaining>),
}

/// A line after the global pass.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Remaining {
    /// The global options.
    pub(crate) globals: Globals,
    /// True for `aws help`, false for `aws backup`.
    help: bool,
    /// The words that are not the global parser's, in their order.
    words: Vec<String>,
}

/// The command on the line.
#[derive(Debug)]
pub(crate) enum ParsedCommand {
    /// A help page.
    Help(Page),
    /// A page of v1 that is not about a command: `aws help <topic>`.
    Topic,
    /// The command is not one of ours; holds v1's error for it, for where no other `aws` is.
    Unknown(Error),
    /// An operation or a waiter with its options.
    Run(Action, Options),
}

impl ParsedCommand {
    /// Returns true for a call that needs a region and an output format: not for a skeleton to fill in.
    pub(crate) fn sends(&self) -> bool {
        matches!(self, Self::Run(_, options) if options.skeleton != Some(Skeleton::Input))
    }

    /// Returns true for what another `aws` has more of: operations that we lack, and pages that name them.
    pub(crate) fn is_delegated(&self) -> bool {
        !matches!(self, Self::Help(Page::Wait | Page::Action(_)) | Self::Run(..))
    }
}

/// Reads the global options and the command from `words`, all that follows the program's name.
/// A line without a command that asks for help the usual way (`aws --help`), where v1 only fails, is `aws help` (D15).
/// Errors: `Usage`, by the name `aws`.
/// v1: `MainArgParser`. Parity: ORD-01, ARG-01 to ARG-09, ARG-13 to ARG-16, ARG-24 to ARG-31, MSG-06.
pub(crate) fn global_pass(words: &[String]) -> Result<GlobalArgs, Error> {
    let command = Globals::augment_args(bare_command());
    let table = table::options(&command);
    let names = [BACKUP.to_owned(), HELP.to_owned()];
    let positional = Positional { name: "command", required: true, choices: &names };
    let result = match pass::read(words, &table, Some(&positional)) {
        Ok(result) => result,
        Err(PassError::InvalidChoice(message)) => return Ok(GlobalArgs::Unknown(usage(AWS, message))),
        Err(PassError::Usage(message)) => return Err(usage(AWS, message)),
    };
    if result.version {
        return Ok(GlobalArgs::Version);
    }
    if !result.missing.is_empty() && !result.help_requested {
        return Err(missing(AWS, &result.missing));
    }
    let matches = fill(command, &table, &result)?;
    let globals = Globals::from_arg_matches(&matches).map_err(|error| failure!("{}", error.kind()))?;
    let help = result.positional.as_deref() != Some(BACKUP);
    Ok(GlobalArgs::Line(Box::new(Remaining { globals, help, words: result.remaining })))
}

/// Reads the command and its options from the words that the global pass left; `program` is the last part of
/// `argv[0]`.
/// `--help` and `-h` ask for the page wherever v1 only fails for what is missing or unknown (D15).
/// Errors: `Usage` by the name `program`, `UnknownOptions`, `Failure` for `wait` without a waiter.
/// v1: `ServiceCommand.__call__`, `ServiceOperation.__call__`. Parity: ORD-03, ARG-01, ARG-18 to ARG-23,
/// HELP-10 to HELP-15.
pub(crate) fn command_pass(line: &Remaining, program: &str) -> Result<ParsedCommand, Error> {
    if line.help {
        return help_pass(&line.words, program);
    }
    let operations = OPERATIONS.iter().map(|operation| operation.command);
    let names: Vec<String> = operations.chain([WAIT, HELP]).map(str::to_owned).collect();
    let positional = Positional { name: "operation", required: true, choices: &names };
    let result = match pass::read(&line.words, &[], Some(&positional)) {
        Ok(result) => result,
        Err(PassError::InvalidChoice(message)) => return Ok(ParsedCommand::Unknown(usage(program, message))),
        Err(PassError::Usage(message)) => return Err(usage(program, message)),
    };
    match result.positional.as_deref() {
        Some(HELP) => Ok(ParsedCommand::Help(Page::Backup)),
        Some(WAIT) => wait_pass(&result.remaining, program),
        Some(name) => match OPERATIONS.iter().find(|operation| operation.command == name) {
            Some(operation) => action_pass(Action::Call(operation), &result.remaining, program),
            None => Err(missing(program, &[positional.name.to_owned()])),
        },
        None if result.help_requested => Ok(ParsedCommand::Help(Page::Backup)),
        None => Err(missing(program, &result.missing)),
    }
}

/// Returns the page of `aws help`; a single `help` behind it changes nothing.
/// v1: `HelpCommand.__call__`. Parity: HELP-14, HELP-15.
fn help_pass(words: &[String], program: &str) -> Result<ParsedCommand, Error> {
    if is_help(words) {
        return Ok(ParsedCommand::Help(Page::Aws));
    }
    let topics = TOPICS.map(str::to_owned);
    let positional = Positional { name: "subcommand", required: false, choices: &topics };
    let result = pass::read(words, &[], Some(&positional)).map_err(|error| refused(program, error))?;
    Ok(result.positional.map_or(ParsedCommand::Help(Page::Aws), |_| ParsedCommand::Topic))
}

/// Reads the waiter's name and its options from the words behind `wait`.
/// v1: `BasicCommand.__call__`, `WaitCommand._run_main`. Parity: WAITC-02 to WAITC-06, WAITC-09 to WAITC-11.
fn wait_pass(words: &[String], program: &str) -> Result<ParsedCommand, Error> {
    if is_help(words) {
        return Ok(ParsedCommand::Help(Page::Wait));
    }
    let names = WAITERS.map(|waiter| waiter.command.to_owned());
    let positional = Positional { name: "subcommand", required: false, choices: &names };
    let result = pass::read(words, &[], Some(&positional)).map_err(|error| refused(program, error))?;
    let name = result.positional.as_deref();
    match WAITERS.iter().find(|waiter| name == Some(waiter.command)) {
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
/// v1: `ArgTableArgParser`, `ServiceOperation.__call__`. Parity: ARG-19 to ARG-23, HELP-10 to HELP-13, WAITC-12.
fn action_pass(action: Action, words: &[String], program: &str) -> Result<ParsedCommand, Error> {
    let page = ParsedCommand::Help(Page::Action(action));
    if is_help(words) {
        return Ok(page);
    }
    let command = cli::command(action).no_binary_name(true);
    let mut table = table::options(&command);
    if overrides_required(words) {
        for option in &mut table {
            option.required = false;
        }
    }
    let positional = Positional { name: HELP, required: false, choices: &[] };
    let result = pass::read(words, &table, Some(&positional)).map_err(|error| refused(program, error))?;
    if result.missing.is_empty() && result.positional.as_deref() == Some(HELP) {
        return Ok(page);
    }
    let stray = result.positional.iter().filter(|word| !word.is_empty());
    let unknown: Vec<&str> = result.remaining.iter().chain(stray).map(String::as_str).collect();
    match (result.missing.is_empty(), unknown.is_empty()) {
        (true, true) => {
            let mut matches = fill(command, &table, &result)?;
            Ok(ParsedCommand::Run(action, Options::from_matches(action, &mut matches)))
        }
        _ if result.help_requested => Ok(page),
        (false, _) => Err(missing(program, &result.missing)),
        (true, false) => Err(Error::UnknownOptions(unknown.join(", "))),
    }
}

/// Checks for the one word `help`.
fn is_help(words: &[String]) -> bool {
    matches!(words, [only] if only == HELP)
}

/// Checks that no option need be given: `--cli-input-json` is a word of its own on the line, or
/// `--generate-cli-skeleton` is and the word behind its first place is not `output`.
/// v1: `OverrideRequiredArgsArgument`, `GenerateCliSkeletonArgument.override_required_args`.
/// Parity: VAL-51, VAL-59, VAL-61, VAL-63.
fn overrides_required(words: &[String]) -> bool {
    let skeleton = words.iter().position(|word| word == "--generate-cli-skeleton");
    let output = |at: usize| words.get(at + 1).is_some_and(|word| word == "output");
    words.iter().any(|word| word == "--cli-input-json") || skeleton.is_some_and(|at| !output(at))
}

/// Returns a clap command without options.
fn bare_command() -> Command {
    Command::new(AWS).no_binary_name(true).disable_help_flag(true)
}

/// Returns what clap makes of the canonical words.
/// Errors: `Failure` where clap refuses a line that v1 takes, which the words rule out.
fn fill(command: Command, table: &[OptionSpec], result: &PassResult) -> Result<ArgMatches, Error> {
    let words = canonical::words(table, &result.options);
    let mut lenient = command.mut_args(|arg| {
        let is_choice = arg.get_action().takes_values() && !arg.get_possible_values().is_empty();
        let arg = arg.required(false);
        if is_choice { arg.value_parser(clap::value_parser!(String)) } else { arg }
    });
    lenient.try_get_matches_from_mut(words).map_err(|error| failure!("{}", error.kind()))
}

/// Returns a usage error in the name of `program`.
fn usage(program: &str, message: String) -> Error {
    Error::Usage { program: program.to_owned(), message }
}

/// Returns the usage error for options and names that are missing.
/// Parity: ARG-01.
fn missing(program: &str, names: &[String]) -> Error {
    usage(program, format!("the following arguments are required: {}", names.join(", ")))
}

/// Returns the usage error of a pass.
fn refused(program: &str, error: PassError) -> Error {
    match error {
        PassError::Usage(message) | PassError::InvalidChoice(message) => usage(program, message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns what the passes make of a line of words without blanks.
    fn parsed(line: &str) -> String {
        let words: Vec<String> = line.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        let result = global_pass(&words).and_then(|pass| match pass {
            GlobalArgs::Line(line) => command_pass(&line, "foo"),
            GlobalArgs::Unknown(error) => Err(error),
            GlobalArgs::Version => Ok(ParsedCommand::Topic),
        });
        match result {
            Ok(ParsedCommand::Run(_, options)) => {
                let values: Vec<String> =
                    options.members.iter().map(|(_, value)| format!("{value:?}")).collect();
                values.last().cloned().unwrap_or_default()
            }
            Ok(ParsedCommand::Unknown(error)) | Err(error) => {
                let text = error.text();
                let last = text.lines().last().unwrap_or_default();
                last.split_once("error: ").map_or(last, |(_, message)| message).to_owned()
            }
            Ok(ParsedCommand::Help(page)) => cli::help::title(page),
            Ok(ParsedCommand::Topic) => "topic".to_owned(),
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
            ("help topics x", "topic"),
            ("--ve x", "topic"),
            ("--version --v", "ambiguous option: --v could match --v2-debug, --version"),
        ] {
            let typed = line.replace("REQ", REQUIRED);
            assert_eq!(parsed(&typed), expected, "{line}");
        }
    }
}
