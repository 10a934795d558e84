//! The options of an operation or a waiter: rows -> clap's arguments -> what was typed.

use clap::builder::{PossibleValuesParser, ValueParser};
use clap::{Arg, ArgMatches, Command};

use crate::model::{Action, Member, Text};
use crate::python::{Value, int};

/// An option that is no member of the request.
struct CommonOption {
    /// Its name, without the dashes.
    name: &'static str,
    /// What its value is.
    kind: Kind,
    /// What its help text says.
    text: Text,
}

/// What the value of an option is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A text, perhaps of a parameter file.
    Text,
    /// An integer, checked while the option is met.
    Integer,
    /// `input` or `output`, or nothing.
    Skeleton,
}

/// `--cli-input-json`.
const CLI_INPUT_JSON: CommonOption = CommonOption {
    name: "cli-input-json",
    kind: Kind::Text,
    text: Text {
        paragraphs: &[
            "All members of the request as one JSON object, spelled as `--generate-cli-skeleton` prints them. An \
             option that is typed too replaces the member of the same name.",
        ],
        properties: &[("Default", "none."), ("Example", "`--cli-input-json file://job.json`")],
    },
};

/// `--generate-cli-skeleton`.
const GENERATE_CLI_SKELETON: CommonOption = CommonOption {
    name: "generate-cli-skeleton",
    kind: Kind::Skeleton,
    text: Text {
        paragraphs: &[
            "Sends nothing. With `input` it prints a JSON object to fill in for `--cli-input-json`; with `output` it \
             checks the options and prints a sample of the response.",
        ],
        properties: &[
            ("Default", "off; where no value follows, `input`."),
            ("Example", "`--generate-cli-skeleton > job.json`"),
        ],
    },
};

/// `--delay` (deviation D18).
const DELAY: CommonOption = CommonOption {
    name: "delay",
    kind: Kind::Integer,
    text: Text {
        paragraphs: &[
            "Seconds between the end of one look and the next. AWS CLI version 1 has no such option.",
        ],
        properties: &[("Default", "30"), ("Example", "`--delay 300`")],
    },
};

/// `--max-attempts` (deviation D18).
const MAX_ATTEMPTS: CommonOption = CommonOption {
    name: "max-attempts",
    kind: Kind::Integer,
    text: Text {
        paragraphs: &["Looks after which the wait fails. AWS CLI version 1 has no such option."],
        properties: &[("Default", "1440"), ("Example", "`--max-attempts 576`")],
    },
};

/// Returns the options of `action` behind those of its members, in v1's order.
/// v1: `cliinputjson.py`, `paginate.py`, `generatecliskeleton.py`. Parity: DESC-02, WOPT-01.
fn common(action: Action) -> &'static [CommonOption] {
    match action {
        Action::Call(_) => &[CLI_INPUT_JSON, GENERATE_CLI_SKELETON],
        Action::Wait(_) => &[CLI_INPUT_JSON, DELAY, MAX_ATTEMPTS, GENERATE_CLI_SKELETON],
    }
}

/// Returns the help text of the option `name` of `action`.
pub(super) fn text(action: Action, name: &str) -> Text {
    let member = action.operation().input.iter().find(|member| member.option_name() == name);
    let common = common(action).iter().find(|option| option.name == name).map(|option| option.text);
    member.map(|member| member.text).or(common).unwrap_or(Text::NONE)
}

/// The value of an option typed as `--name=--`, of which v1 makes an empty list; no other line has this value.
/// Parity: ARG-30.
pub(crate) const EMPTY_LIST: &str = "--";

/// Returns the value of a global option as v1 holds it before it looks at it.
/// Parity: ARG-30.
pub(crate) fn initial_value(typed: &str) -> Value {
    if typed == EMPTY_LIST { Value::List(Vec::new()) } else { typed.into() }
}

/// The value of an option as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum OptionValue {
    /// The text.
    Text(String),
    /// `--name=--`, of which v1 makes an empty list.
    EmptyList,
}

impl OptionValue {
    /// Returns the value as v1 holds it before it looks at it.
    /// Parity: ARG-30.
    pub(crate) fn to_value(&self) -> Value {
        match self {
            Self::Text(text) => Value::Str(text.clone()),
            Self::EmptyList => Value::List(Vec::new()),
        }
    }
}

/// What `--generate-cli-skeleton` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Skeleton {
    /// A request to fill in.
    Input,
    /// A sample of the response.
    Output,
}

/// The options of an operation or a waiter as typed.
#[derive(Debug, Default)]
pub(crate) struct Options {
    /// The members of the request that were typed, in the order of the model.
    pub(crate) members: Vec<(&'static Member, OptionValue)>,
    /// `--cli-input-json`.
    pub(crate) cli_input_json: Option<OptionValue>,
    /// `--generate-cli-skeleton`.
    pub(crate) skeleton: Option<Skeleton>,
    /// `--delay`, in seconds.
    pub(crate) delay: Option<i64>,
    /// `--max-attempts`.
    pub(crate) max_attempts: Option<i64>,
}

/// Returns the command of `action` with its options.
pub(crate) fn command(action: Action) -> Command {
    let members = action.operation().input.iter().map(|member| {
        let arg = argument(member.option_name(), Kind::Text).required(member.required);
        arg.value_name(member.shape.type_name())
    });
    let common = common(action).iter().map(|option| argument(option.name.to_owned(), option.kind));
    Command::new(action.command()).disable_help_flag(true).args(members).args(common)
}

/// Returns the option `name`.
fn argument(name: String, kind: Kind) -> Arg {
    let arg = Arg::new(name.clone()).long(name);
    match kind {
        Kind::Text => arg.value_name("string").value_parser(ValueParser::new(parse_text)),
        Kind::Integer => arg.value_name("integer").value_parser(ValueParser::new(parse_integer)),
        Kind::Skeleton => arg
            .value_name("string")
            .num_args(0..=1)
            .default_missing_value("input")
            .value_parser(PossibleValuesParser::new(["input", "output"])),
    }
}

/// Returns the option value that a canonical word spells; no other line has the value `--`.
#[expect(clippy::unnecessary_wraps, reason = "clap's parsers may fail")]
fn parse_text(word: &str) -> Result<OptionValue, std::convert::Infallible> {
    Ok(if word == EMPTY_LIST { OptionValue::EmptyList } else { OptionValue::Text(word.to_owned()) })
}

/// Returns the integer that `word` spells.
fn parse_integer(word: &str) -> Result<i64, String> {
    int::clamped(word).map_err(|error| error.to_string())
}

impl Options {
    /// Returns the options of `action` that `matches` holds.
    pub(crate) fn from_matches(action: Action, matches: &mut ArgMatches) -> Self {
        let member = |member: &'static Member| Some((member, take(matches, &member.option_name())?));
        let members = action.operation().input.iter().filter_map(member).collect();
        let skeleton: Option<String> = take(matches, GENERATE_CLI_SKELETON.name);
        Self {
            members,
            cli_input_json: take(matches, CLI_INPUT_JSON.name),
            skeleton: skeleton.map(|word| if word == "output" { Skeleton::Output } else { Skeleton::Input }),
            delay: take(matches, DELAY.name),
            max_attempts: take(matches, MAX_ATTEMPTS.name),
        }
    }
}

/// Takes the value of the option `name`, if the command has it and it was typed.
fn take<T: Clone + Send + Sync + 'static>(matches: &mut ArgMatches, name: &str) -> Option<T> {
    matches.try_remove_one(name).ok().flatten()
}
