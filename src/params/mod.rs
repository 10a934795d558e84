//! Options as typed -> the members of the request: every spelling of a value that v1 takes.
//!
//! | file | content |
//! |---|---|
//! | `paramfile`, `url` | `file://..`, `fileb://..`, `http://..` -> its content |
//! | `shorthand`, `coerce` | `DeleteAfterDays=5` -> mapping of texts -> integers and booleans |
//! | `merge` | members of the options + `--cli-input-json` -> all members |
//! | `validate` | members -> v1's report of what is wrong with them |
//! | `request` | members -> the types of the SDK's input |
//! | `skeleton` | the output of `--generate-cli-skeleton` |
//!
//! The order in which v1 notices problems (ORD-03, ORD-04) is the caller's: [`Loader::load`], [`Parameters::merge`],
//! [`validate()`], [`serializable`].

mod coerce;
mod merge;
mod paramfile;
mod request;
mod shorthand;
pub(crate) mod skeleton;
mod url;
mod validate;

pub(crate) use request::{IdempotencyToken, boolean, long, serializable, string};
pub(crate) use url::{UrlResponse, decode as decode_body};
pub(crate) use validate::validate;

use crate::cli::{OptionValue, Options};
use crate::error::{Error, failure};
use crate::host::Host;
use crate::model::{Member, Shape};
use crate::python::{Dict, JsonError, Value, json, text};
use shorthand::ShorthandError;

/// The members that options gave, and the JSON that is still to be read.
#[derive(Debug, Clone)]
pub(crate) struct Parameters {
    /// By API name, in the order of the options.
    members: Dict,
    /// `--cli-input-json` as typed.
    input_json: Option<OptionValue>,
}

/// Loads the values of options.
pub(crate) struct Loader<'a> {
    /// Home directory and variables of file names.
    pub(crate) host: &'a Host,
    /// True unless `cli_follow_urlparam` is set to something else than `true` (VAL-11).
    pub(crate) follow_urls: bool,
    /// Returns the response to a plain GET, or why there is none in v1's words (VAL-10).
    pub(crate) fetch: fn(&str, &Host) -> Result<UrlResponse, Error>,
    /// The number of values that came from a file or a URL, which `--v2-debug` has a note on (ARG-37).
    pub(crate) loaded: usize,
}

impl Loader<'_> {
    /// Loads and reads each option in v1's order; of `--cli-input-json` only the source is opened.
    /// Errors: `Failure` in v1's words; the first option that fails counts.
    /// v1: `ServiceOperation._build_call_parameters`. Parity: ORD-03, VAL-01 to VAL-43, VAL-60.
    pub(crate) fn load(&mut self, options: &Options) -> Result<Parameters, Error> {
        let mut members = Dict::default();
        for (member, typed) in &options.members {
            members.insert(member.name, self.member(member, typed)?);
        }
        if let Some(typed) = &options.cli_input_json {
            self.value(typed, "--cli-input-json")?;
        }
        Ok(Parameters { members, input_json: options.cli_input_json.clone() })
    }

    /// Returns the value of one member.
    fn member(&mut self, member: &Member, typed: &OptionValue) -> Result<Value, Error> {
        let option = format!("--{}", member.option_name());
        match (member.shape, self.value(typed, &option)?) {
            (_, list @ Value::List(_)) => Ok(list), // for `validate` or the serializer to find
            (Shape::Structure(shape), value) => structure(&value, shape, &option, self.host),
            (_, value) => Ok(value),
        }
    }

    /// Returns what was typed, or what it points to.
    fn value(&mut self, typed: &OptionValue, option: &str) -> Result<Value, Error> {
        let OptionValue::Text(text) = typed else { return Ok(typed.to_value()) };
        let content = paramfile::load(text, self)
            .map_err(|error| error.with_message(|reason| framed(option, reason)))?;
        self.loaded += usize::from(content.is_some());
        Ok(content.unwrap_or_else(|| typed.to_value()))
    }
}

/// Reads a structure that is spelled as JSON (it begins with a brace) or as shorthand (all else but a bracket).
/// v1: `ParamShorthandParser`, `unpack_cli_arg`. Parity: VAL-08, VAL-33, VAL-34.
fn structure(value: &Value, shape: &[Member], option: &str, host: &Host) -> Result<Value, Error> {
    let Some(spelled) = value.as_str() else {
        return Err(parameter_error(
            option,
            "the content of a fileb:// file is no text; use the file:// prefix",
        ));
    };
    let stripped = text::strip(spelled);
    if stripped.starts_with('{') {
        return json::decode_ordered(spelled).map_err(|error| json_error(option, &error, spelled));
    }
    if stripped.starts_with('[') {
        return Err(parameter_error(option, &format!("Invalid JSON:\n{spelled}")));
    }
    let parsed = shorthand::parse(spelled, &|word| paramfile::local(word, host));
    let mut members = parsed.map_err(|error| match error {
        ShorthandError::Syntax(message) => parameter_error(option, &message),
        ShorthandError::Failed(error) => error,
    })?;
    coerce::structure(&mut members, shape)?;
    Ok(Value::Dict(members))
}

/// Returns the error of a value that cannot be read, in v1's frame.
/// v1: `ParamError`.
fn parameter_error(option: &str, message: &str) -> Error {
    failure!("{}", framed(option, message))
}

/// Returns `message` with the option that it is about.
fn framed(option: &str, message: &str) -> String {
    format!("Error parsing parameter '{option}': {message}")
}

/// Returns the error of JSON that cannot be read; nested too deep, v1 names neither the option nor the text.
/// Parity: VAL-35, VAL-42, VAL-53.
fn json_error(option: &str, error: &JsonError, received: &str) -> Error {
    match error {
        JsonError::Invalid(what) => {
            parameter_error(option, &format!("Invalid JSON: {what}\nJSON received: {received}"))
        }
        JsonError::TooDeep => failure!("{error}"),
    }
}
