//! Options as typed -> the members of the request: every spelling of a value that v1 takes.
//!
//! The order in which v1 notices problems (ORD-03) is the caller's: [`Loader::load`], [`merge`], [`validate()`].

mod paramfile;
mod shorthand;
pub(crate) mod skeleton;
mod validate;

pub(crate) use validate::{report, unknown_names, validate};

use crate::cli::{OptionValue, Options};
use crate::error::{Error, failure};
use crate::host::Host;
use crate::model::{Member, Shape};
use crate::python::{Dict, JsonError, Value, json, repr, text};

/// `--cli-input-json` as v1 names it in the errors of its content, without dashes (VAL-13).
const INPUT_JSON: &str = "cli-input-json";

/// Source of the text behind a URL; its error says in v1's words why there is none.
pub(crate) type Fetch = fn(&str, &Host) -> Result<String, Error>;

/// Loads the values of options.
pub(crate) struct Loader<'a> {
    pub(crate) host: &'a Host,
    /// `None` where `cli_follow_urlparam` is set to something else than `true` (VAL-11).
    pub(crate) fetch: Option<Fetch>,
    /// The number of values that came from a file or a URL, which `--v2-debug` has a note on (ARG-37).
    pub(crate) loaded: usize,
}

impl Loader<'_> {
    /// Returns the members that the options give, in v1's order; of `--cli-input-json` only the source is opened.
    /// Errors: `Failure` in v1's words; the first option that fails counts.
    /// v1: `ServiceOperation._build_call_parameters`. Parity: ORD-03, VAL-01, VAL-60.
    pub(crate) fn load(&mut self, options: &Options) -> Result<Dict, Error> {
        let mut members = Dict::default();
        for (member, typed) in &options.members {
            let option = format!("--{}", member.option_name());
            let value = match (member.shape, self.value(typed, &option)?) {
                (_, list @ Value::List(_)) => list, // for `validate` or the serializer to find
                (Shape::Structure(shape), value) => structure(&value, shape, &option, self.host)?,
                (_, value) => value,
            };
            members.insert(member.name, value);
        }
        if let Some(typed) = &options.cli_input_json {
            self.value(typed, "--cli-input-json")?;
        }
        Ok(members)
    }

    /// Returns what was typed, or what it points to.
    fn value(&mut self, typed: &OptionValue, option: &str) -> Result<Value, Error> {
        let OptionValue::Text(text) = typed else { return Ok(typed.to_value()) };
        let content = paramfile::load(text, self.fetch, self.host);
        let content = content.map_err(|error| error.with_message(|reason| framed(option, reason)))?;
        self.loaded += usize::from(content.is_some());
        Ok(content.unwrap_or_else(|| typed.to_value()))
    }
}

/// Adds to the members of options those that only `--cli-input-json` has, in its order. The source is read a second
/// time, so a pipe is empty by now; a URL is text (VAL-13, VAL-14).
/// Errors: `Failure` when the JSON cannot be loaded or read, or is no object.
/// v1: `CliInputJSONArgument.add_to_call_parameters`. Parity: VAL-51, VAL-54, VAL-57.
pub(crate) fn merge(mut members: Dict, typed: Option<&OptionValue>, host: &Host) -> Result<Dict, Error> {
    let typed = match typed {
        None => return Ok(members),
        Some(OptionValue::EmptyList) => return Err(parameter_error(INPUT_JSON, "it cannot be --")),
        Some(OptionValue::Text(typed)) => typed,
    };
    let source = paramfile::local(typed, host)?.unwrap_or_else(|| typed.as_str().into());
    let decoded = match &source {
        Value::Bytes(bytes) => json::decode_bytes(bytes),
        text => json::decode(text.as_str().unwrap_or_default()),
    };
    match decoded.map_err(|error| json_error(INPUT_JSON, &error, &repr::str(&source)))? {
        Value::Dict(given) => {
            for (key, value) in given.members {
                members.members.entry(key).or_insert(value);
            }
            Ok(members)
        }
        other => {
            let received = repr::str(&other);
            Err(parameter_error(INPUT_JSON, &format!("expected a JSON object, received: {received}")))
        }
    }
}

/// Reads a structure that is spelled as JSON (it begins with a brace) or as shorthand (all else but a bracket).
/// v1: `ParamShorthandParser`, `unpack_cli_arg`. Parity: VAL-08, VAL-33, VAL-34.
fn structure(value: &Value, shape: &[Member], option: &str, host: &Host) -> Result<Value, Error> {
    let Some(spelled) = value.as_str() else {
        let reason = "the content of a fileb:// file is no text; use the file:// prefix";
        return Err(parameter_error(option, reason));
    };
    match text::strip(spelled).chars().next() {
        Some('{') => json::decode_ordered(spelled).map_err(|error| json_error(option, &error, spelled)),
        Some('[') => Err(parameter_error(option, &format!("Invalid JSON:\n{spelled}"))),
        _ => {
            let mut members = shorthand::parse(spelled, option, host)?;
            shorthand::coerce(&mut members, shape)?;
            Ok(Value::Dict(members))
        }
    }
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
