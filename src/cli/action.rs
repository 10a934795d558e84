//! The options of an operation or a waiter: rows -> clap's arguments; what was typed.

use clap::builder::PossibleValuesParser;
use clap::{Arg, Command, value_parser};

use crate::model::{Action, Member, Shape, TEXT, optional};
use crate::python::Value;

const CLI_INPUT_JSON: Member = optional("CliInputJson", TEXT)
    .about(
        "All members of the request as one JSON object, spelled as `--generate-cli-skeleton` prints them. An \
            option that is typed too replaces the member of the same name.",
    )
    .with(&[("Default", "none."), ("Example", "`--cli-input-json file://job.json`")]);
const SKELETON: Member = optional("GenerateCliSkeleton", Shape::String(&["input", "output"]))
    .about("Sends nothing. With `input` it prints a JSON object to fill in for `--cli-input-json`; with `output` \
            it checks the options and prints a sample of the response.")
    .with(&[
        ("Default", "off; where no value follows, `input`."),
        ("Example", "`--generate-cli-skeleton > job.json`"),
    ]);
/// Deviation D18, as the next.
const DELAY: Member = optional("Delay", Shape::Long)
    .about("Seconds between the end of one look and the next. AWS CLI version 1 has no such option.")
    .with(&[("Default", "30"), ("Example", "`--delay 300`")]);
const MAX_ATTEMPTS: Member = optional("MaxAttempts", Shape::Long)
    .about("Looks after which the wait fails. AWS CLI version 1 has no such option.")
    .with(&[("Default", "1440"), ("Example", "`--max-attempts 576`")]);

/// Returns the options of `action` behind those of its members, in v1's order.
/// v1: `cliinputjson.py`, `paginate.py`, `generatecliskeleton.py`. Parity: DESC-02, WOPT-01.
fn common(action: Action) -> &'static [Member] {
    match action {
        Action::Call(_) => &[CLI_INPUT_JSON, SKELETON],
        Action::Wait(_) => &[CLI_INPUT_JSON, DELAY, MAX_ATTEMPTS, SKELETON],
    }
}

/// Returns the rows of the options of `action`, in their order.
pub(super) fn rows(action: Action) -> impl Iterator<Item = &'static Member> {
    action.operation().input.iter().chain(common(action))
}

/// Returns the command of `action` with its options. Of a member any text is read; v1 checks it later.
pub(crate) fn command(action: Action) -> Command {
    let argument = |row: &Member| {
        let name = row.option_name();
        Arg::new(name.clone()).long(name).required(row.required).value_name(row.shape.type_name())
    };
    let common = common(action).iter().map(|row| match row.shape {
        Shape::Long => argument(row).value_parser(value_parser!(i64)),
        Shape::String(values @ [_, ..]) => {
            argument(row).num_args(0..=1).value_parser(PossibleValuesParser::new(values))
        }
        _ => argument(row),
    });
    let members = action.operation().input.iter().map(argument);
    Command::new(action.command()).disable_help_flag(true).args(members).args(common)
}

/// The value of an option as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum OptionValue {
    Text(String),
    /// `--name=--`, of which v1 makes an empty list.
    EmptyList,
}

impl From<&str> for OptionValue {
    /// Returns the value that a word spells; a line has `--` for a value only behind a `=`.
    /// v1: `ArgumentParser._get_values`. Parity: ARG-30, ARG-33, ARG-34.
    fn from(word: &str) -> Self {
        if word == "--" { Self::EmptyList } else { Self::Text(word.to_owned()) }
    }
}

impl OptionValue {
    /// Returns the text; `None` for the empty list, which v1 often takes for an option that is not given.
    pub(crate) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// Returns the value as v1 prints it.
    pub(crate) fn as_str(&self) -> &str {
        self.text().unwrap_or("[]")
    }

    /// Returns the value as v1 holds it before it looks at it.
    pub(crate) fn to_value(&self) -> Value {
        self.text().map_or_else(|| Value::List(Vec::new()), Value::from)
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
    pub(crate) cli_input_json: Option<OptionValue>,
    pub(crate) skeleton: Option<Skeleton>,
    /// Seconds.
    pub(crate) delay: Option<i64>,
    pub(crate) max_attempts: Option<i64>,
}
