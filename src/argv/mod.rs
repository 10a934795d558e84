//! The words as typed, read the way v1 reads them, into the structs of `cli`.
//!
//! v1 reads the line three times with argparse. The global parser claims its options, and every prefix that only
//! one of them has, from the whole line; then the service's parser takes the operation's name; then the operation's
//! parser its options. clap cannot say that, so this room answers every usage error itself, and clap is given only
//! canonical words, `--name=value`, with which it fills the structs.
//!
//! | file | what |
//! |---|---|
//! | `table` | what a parser knows of its options, read off the clap tree |
//! | `pass` | one pass over the words |
//! | `canonical` | the words that clap gets |
//! | `choice` | the message for a value that is none of the choices |
//!
//! Mirrors `awscli/clidriver.py` (`CLIDriver.main`, `ServiceCommand`, `ServiceOperation`) and `awscli/argparser.py`.

mod canonical;
mod choice;
mod pass;
mod table;

use clap::{Args, FromArgMatches};

use crate::cli::{BACKUP, Globals, START_COPY_JOB, StartCopyJob};
use crate::error::Error;
use crate::error::failure;

use pass::{Found, Slot, Stop};
use table::Opt;

/// The global parser's name in its errors, whatever the program was started as.
const AWS: &str = "aws";
/// The command that shows a page.
const HELP: &str = "help";
/// What may follow `aws help` in v1.
const TOPICS: [&str; 6] =
    ["topics", "config-vars", "return-codes", "s3-config", "s3-faq", "s3-case-insensitivity"];

/// What the global parser makes of the line.
#[derive(Debug)]
pub enum GlobalPass {
    /// `--version` was reached.
    Version,
    /// The command is not one of ours; holds v1's error for it, for where no other `aws` is.
    NotOurs(Error),
    /// A line for [`command_pass`].
    Line(Box<Line>),
}

/// A line after the global pass.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    /// The global options.
    pub globals: Globals,
    /// True for `aws help`, false for `aws backup`.
    pub help: bool,
    /// The words that are not the global parser's, in their order.
    pub rest: Vec<String>,
}

/// What the line asks for.
#[derive(Debug)]
pub enum Asked {
    /// The page of `aws`.
    Help,
    /// A page of v1 that is not about a command: `aws help <topic>`.
    Topic(String),
    /// The page of `aws backup`.
    ServiceHelp,
    /// The page of `aws backup start-copy-job`.
    OperationHelp,
    /// The operation is not one of ours; holds v1's error for it, for where no other `aws` is.
    NotOurs(Error),
    /// The operation with its options.
    Call(StartCopyJob),
}

impl Asked {
    /// True for what another `aws` has more of: operations that we lack, and pages that name them.
    pub fn is_beyond_us(&self) -> bool {
        !matches!(self, Self::OperationHelp | Self::Call(_))
    }
}

/// Takes the global options and the command from `words`, all that follows the program's name.
///
/// A line without a command that asks for help the usual way (`aws --help`), where v1 only fails, is `aws help` (D15).
///
/// # Errors
/// `Usage`, by the name `aws`.
///
/// v1: `MainArgParser`. Parity: ORD-01, ARG-01 to ARG-09, ARG-13 to ARG-16, ARG-24 to ARG-31, MSG-06.
pub fn global_pass(words: &[String]) -> Result<GlobalPass, Error> {
    let command = Globals::augment_args(bare_command());
    let table = table::options(&command);
    let names = [BACKUP.to_owned(), HELP.to_owned()];
    let found =
        match pass::read(words, &table, Some(&Slot { name: "command", required: true, choices: &names })) {
            Ok(found) => found,
            Err(Stop::NotAChoice(message)) => return Ok(GlobalPass::NotOurs(usage(AWS, message))),
            Err(Stop::Wrong(message)) => return Err(usage(AWS, message)),
        };
    if found.version {
        return Ok(GlobalPass::Version);
    }
    if !found.missing.is_empty() && !found.asks_help {
        return Err(missing(AWS, &found.missing));
    }
    let globals = fill(command, &table, &found)?;
    let help = found.slot.as_deref() != Some(BACKUP);
    Ok(GlobalPass::Line(Box::new(Line { globals, help, rest: found.rest })))
}

/// Takes the operation and its options from what the global pass left; `program` is the last part of `argv[0]`.
///
/// `--help` and `-h` ask for the page wherever v1 only fails for what is missing or unknown (D15).
///
/// # Errors
/// `Usage` by the name `program`, `UnknownOptions`.
///
/// v1: `ServiceCommand.__call__`, `ServiceOperation.__call__`. Parity: ORD-03, ARG-01, ARG-18 to ARG-23,
/// HELP-10 to HELP-15.
pub fn command_pass(line: &Line, program: &str) -> Result<Asked, Error> {
    if line.help {
        return help_pass(&line.rest, program);
    }
    let names = [START_COPY_JOB.to_owned(), HELP.to_owned()];
    let slot = Slot { name: "operation", required: true, choices: &names };
    let found = match pass::read(&line.rest, &[], Some(&slot)) {
        Ok(found) => found,
        Err(Stop::NotAChoice(message)) => return Ok(Asked::NotOurs(usage(program, message))),
        Err(stop) => return Err(stopped(program, stop)),
    };
    match found.slot.as_deref() {
        Some(HELP) => Ok(Asked::ServiceHelp),
        Some(_) => operation_pass(&found.rest, program),
        None if found.asks_help => Ok(Asked::ServiceHelp),
        None => Err(missing(program, &found.missing)),
    }
}

/// What `aws help` shows; a single `help` behind it changes nothing.
///
/// v1: `HelpCommand.__call__`. Parity: HELP-14, HELP-15.
fn help_pass(rest: &[String], program: &str) -> Result<Asked, Error> {
    if matches!(rest, [only] if only == HELP) {
        return Ok(Asked::Help);
    }
    let topics = TOPICS.map(str::to_owned);
    let slot = Slot { name: "subcommand", required: false, choices: &topics };
    let found = pass::read(rest, &[], Some(&slot)).map_err(|stop| stopped(program, stop))?;
    Ok(found.slot.map_or(Asked::Help, Asked::Topic))
}

/// The operation's options; a lone `help` asks for its page, and so does `help` as first stray word when nothing
/// is missing.
///
/// v1: `ArgTableArgParser`, `ServiceOperation.__call__`. Parity: ARG-19 to ARG-23, HELP-10 to HELP-13.
fn operation_pass(rest: &[String], program: &str) -> Result<Asked, Error> {
    if matches!(rest, [only] if only == HELP) {
        return Ok(Asked::OperationHelp);
    }
    let command = StartCopyJob::augment_args(bare_command());
    let mut table = table::options(&command);
    if lifts_required(rest) {
        for option in &mut table {
            option.required = false;
        }
    }
    let slot = Slot { name: HELP, required: false, choices: &[] };
    let found = pass::read(rest, &table, Some(&slot)).map_err(|stop| stopped(program, stop))?;
    if found.missing.is_empty() && found.slot.as_deref() == Some(HELP) {
        return Ok(Asked::OperationHelp);
    }
    let stray = found.slot.iter().filter(|word| !word.is_empty());
    let unknown: Vec<&str> = found.rest.iter().chain(stray).map(String::as_str).collect();
    match (found.missing.is_empty(), unknown.is_empty()) {
        (true, true) => Ok(Asked::Call(fill(command, &table, &found)?)),
        _ if found.asks_help => Ok(Asked::OperationHelp),
        (false, _) => Err(missing(program, &found.missing)),
        (true, false) => Err(Error::UnknownOptions(unknown.join(", "))),
    }
}

/// True where no option need be given: `--cli-input-json` stands in the line as a word of its own, or
/// `--generate-cli-skeleton` does and the word behind its first place is not `output`.
///
/// v1: `OverrideRequiredArgsArgument`, `GenerateCliSkeletonArgument.override_required_args`.
/// Parity: VAL-51, VAL-59, VAL-61, VAL-63.
fn lifts_required(words: &[String]) -> bool {
    let skeleton = words.iter().position(|word| word == "--generate-cli-skeleton");
    let output = |at: usize| words.get(at + 1).is_some_and(|word| word == "output");
    words.iter().any(|word| word == "--cli-input-json") || skeleton.is_some_and(|at| !output(at))
}

/// A clap command without options.
fn bare_command() -> clap::Command {
    clap::Command::new(AWS).no_binary_name(true).disable_help_flag(true)
}

/// The struct of `command`'s options, filled by clap from canonical words.
///
/// # Errors
/// `Failure` where clap refuses a line that v1 takes, which the words rule out.
fn fill<T: FromArgMatches>(command: clap::Command, table: &[Opt], found: &Found) -> Result<T, Error> {
    let words = canonical::words(table, &found.options);
    let mut lenient = command.mut_args(|arg| {
        let takes_text = arg.get_action().takes_values();
        let arg = arg.required(false);
        if takes_text { arg.value_parser(clap::value_parser!(String)) } else { arg }
    });
    let matches = lenient.try_get_matches_from_mut(words);
    let filled = matches.and_then(|mut matches| T::from_arg_matches_mut(&mut matches));
    filled.map_err(|error| failure!("{}", error.kind()))
}

/// A usage error in the name of `program`.
fn usage(program: &str, message: String) -> Error {
    Error::Usage { program: program.to_owned(), message }
}

/// The usage error for options and names that are missing.
///
/// Parity: ARG-01.
fn missing(program: &str, names: &[String]) -> Error {
    usage(program, format!("the following arguments are required: {}", names.join(", ")))
}

/// The usage error that stopped a pass.
fn stopped(program: &str, stop: Stop) -> Error {
    match stop {
        Stop::Wrong(message) | Stop::NotAChoice(message) => usage(program, message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the two passes make of a line of words without blanks.
    fn asked(line: &str) -> String {
        let words: Vec<String> = line.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        let answer = global_pass(&words).and_then(|pass| match pass {
            GlobalPass::Line(line) => command_pass(&line, "foo"),
            GlobalPass::NotOurs(error) => Err(error),
            GlobalPass::Version => Ok(Asked::Topic("version".to_owned())),
        });
        match answer {
            Ok(Asked::Call(options)) => format!("{:?}", options.idempotency_token),
            Ok(Asked::NotOurs(error)) | Err(error) => {
                let text = error.text();
                let last = text.lines().last().unwrap_or_default();
                last.split_once("error: ").map_or(last, |(_, message)| message).to_owned()
            }
            Ok(page) => format!("{page:?}"),
        }
    }

    #[test]
    fn lines_as_v1_reads_them() {
        const REQUIRED: &str = "--recovery-point-arn=r --source-backup-vault-name=s --destination-backup-vault-arn=d --iam-role-arn=i";
        for (line, expected) in [
            ("", "the following arguments are required: command"),
            ("backup", "the following arguments are required: operation"),
            ("--help", "Help"),
            ("backup -h", "ServiceHelp"),
            ("backup start-copy-job --help", "OperationHelp"),
            (
                "backup start-copy-job -- -- --help REQ",
                "the following arguments are required: --recovery-point-arn, \
              --source-backup-vault-name, --destination-backup-vault-arn, --iam-role-arn",
            ),
            ("backup start-copy-job REQ --id=--", "Some(\"--\")"),
            ("backup start-copy-job REQ --id a --idempotency-token=b", "Some(\"b\")"),
            ("backup start-copy-job REQ --id -5", "Some(\"-5\")"),
            ("backup start-copy-job REQ --id -1e5", "argument --idempotency-token: expected one argument"),
            ("backup start-copy-job --cli-input-json {}", "None"),
            ("backup start-copy-job REQ s1 s2 s3", "Unknown options: s2, s3, s1"),
            ("backup start-copy-job REQ -- -- x", "Unknown options: x, --"),
            ("backup start-copy-job -- REQ --region x", "Unknown options: --region, x"),
            ("backup start-copy-job REQ x help", "Unknown options: help, x"),
            ("backup start-copy-job REQ help x", "OperationHelp"),
            ("help topics x", "Topic(\"topics\")"),
            ("--ve x", "Topic(\"version\")"),
            ("--version --v", "ambiguous option: --v could match --v2-debug, --version"),
        ] {
            let typed = line.replace("REQ", REQUIRED);
            assert_eq!(asked(&typed), expected, "{line}");
        }
    }
}
