//! The members of the options + those of `--cli-input-json` -> all members.
//!
//! Mirrors `awscli/customizations/cliinputjson.py`.

use super::{Parameters, json_error, paramfile};
use crate::cli::OptionValue;
use crate::error::{Error, failure};
use crate::host::Host;
use crate::python::{Dict, Value, json, repr};

/// `--cli-input-json` as v1 names it in the errors of its content, without dashes (VAL-13).
const NAME: &str = "cli-input-json";

impl Parameters {
    /// Returns all members: those of options in their order, then those that only `--cli-input-json` has in its order.
    /// The source is read a second time, so a pipe is empty by now; a URL is text (VAL-13, VAL-14).
    /// Errors: `Failure` when the JSON cannot be loaded or read, or is no object.
    /// v1: `CliInputJSONArgument.add_to_call_parameters`. Parity: VAL-51 to VAL-57.
    pub(crate) fn merge(self, host: &Host) -> Result<Dict, Error> {
        let Self { mut members, input_json } = self;
        let Some(typed) = input_json else { return Ok(members) };
        let OptionValue::Text(typed) = typed else {
            return Err(failure!("Error parsing parameter '{NAME}': it cannot be --"));
        };
        let source = paramfile::local(&typed, host)?.unwrap_or(Value::Str(typed));
        let decoded = match &source {
            Value::Bytes(bytes) => json::decode_bytes(bytes),
            text => json::decode(text.as_str().unwrap_or_default()),
        };
        match decoded.map_err(|error| json_error(NAME, &error, &repr::str(&source)))? {
            Value::Dict(given) => {
                for (key, value) in given.members {
                    members.members.entry(key).or_insert(value);
                }
                Ok(members)
            }
            other => Err(failure!(
                "Error parsing parameter '{NAME}': expected a JSON object, received: {}",
                repr::str(&other)
            )),
        }
    }
}
