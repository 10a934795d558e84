//! The body of a 2xx answer -> the members that v1 shows.
//!
//! Mirrors `botocore/parsers.py` (`RestJSONParser`) and `customizations/scalarparse.py`. The typed output of the
//! SDK is not asked: it has already lost digits, and the difference between `5` and `5.0`.

use crate::error::{Error, failure};
use crate::host::Host;
use crate::python::date::iso8601;
use crate::python::{Dict, Value, codec, json};
use crate::session::TimestampFormat;

/// The members of the answer in the model's order, each with its type.
const MEMBERS: &[(&str, Kind)] = &[(JOB, Kind::Text), ("CreationDate", Kind::Date), ("IsParent", Kind::Flag)];

/// The member that names the job.
const JOB: &str = "CopyJobId";

/// How a member is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// As it is.
    Text,
    /// As it is, or as ISO 8601.
    Date,
    /// True or false whatever it is.
    Flag,
}

/// The members that the body of a 2xx answer holds: those of the model, null left out. A body that is no JSON
/// holds none.
///
/// # Errors
/// `Failure` for bytes that are no text, JSON that is no object, a date that is none.
///
/// v1: `RestJSONParser.parse`. Parity: OUT-01 to OUT-10.
pub fn read(body: &[u8], format: TimestampFormat, host: &Host) -> Result<Dict, Error> {
    let mut answer = Dict::default();
    let Value::Dict(document) = document(body)? else { return Ok(answer) };
    for (name, kind) in MEMBERS {
        let value = match document.get(name) {
            None | Some(Value::None) => continue,
            Some(value) => value,
        };
        let shown = match kind {
            Kind::Date if format == TimestampFormat::Iso8601 => Value::Str(iso8601::local(value, host)?),
            Kind::Text | Kind::Date => value.clone(),
            Kind::Flag => Value::Bool(value.is_true()),
        };
        answer.insert(*name, shown);
    }
    Ok(answer)
}

/// What to warn of when the service took the request but its answer names no job (D3).
pub fn warning(answer: &Dict) -> Option<&'static str> {
    match answer.get(JOB) {
        Some(_) => None,
        None => Some("aws: warning: the service accepted the request, but its answer names no copy job"),
    }
}

/// The JSON object of a body; an empty one for a body that is empty or no JSON.
///
/// # Errors
/// `Failure`: the bytes are no text, in the codec's words; the document is no object, in our words, since v1's
/// name Python's attributes (D1); it is nested too deeply.
///
/// v1: `BaseJSONParser._parse_body_as_json`. Parity: OUT-02, OUT-03, OUT-04.
fn document(body: &[u8]) -> Result<Value, Error> {
    let text = codec::utf8(body).map_err(|error| failure!("{error}"))?;
    match json::decode(&text) {
        Ok(Value::Dict(document)) => Ok(Value::Dict(document)),
        Ok(other) => Err(failure!(
            "The service accepted the request, but its answer is no object: a value of type {}",
            other.type_name()
        )),
        Err(json::JsonError::Invalid(_)) => Ok(Value::Dict(Dict::default())),
        Err(json::JsonError::TooDeep(message)) => Err(failure!("{message}")),
    }
}
