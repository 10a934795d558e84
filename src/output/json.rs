//! Value -> JSON text, as Python's `json` writes it. Mirrors `json/encoder.py` and `formatter.JSONFormatter`.
//!
//! `serde_json` spells the strings. Its serializer does not write the rest: it knows neither `NaN` nor integers
//! beyond 128 bits, and v1's single writes can be told apart, since a text that cannot be encoded fails with its
//! place inside one of them, after the earlier ones have gone out (OUT-17).

use super::Sink;
use crate::error::{Error, failure};
use crate::python::{Dict, Value, float, quote, repr};

/// How deep values may nest in v1: each level is a call of Python's.
const DEPTH: usize = 970;

/// Prints `value` with four blanks a level; nothing for the empty mapping.
///
/// # Errors
/// `Failure` for what no JSON can hold or no encoding can spell; what stands before it is printed.
///
/// v1: `JSONFormatter._format_response`, `json.dump(indent=4, ensure_ascii=False)`. Parity: OUT-14 to OUT-17.
pub(super) fn print(value: &Value, sink: &mut Sink) -> Result<(), Error> {
    if matches!(value, Value::Dict(dict) if dict.members.is_empty()) {
        return Ok(());
    }
    element(value, "", 0, sink)?;
    sink.write("\n")
}

/// Writes one value and what stands `before` it: in one write, unless the value is a list or a mapping.
fn element(value: &Value, before: &str, level: usize, sink: &mut Sink) -> Result<(), Error> {
    if level > DEPTH {
        return Err(failure!("the result is nested too deeply to be written as JSON"));
    }
    let (shown, is_container) = match value {
        Value::List(items) if items.is_empty() => ("[]".to_owned(), true),
        Value::Dict(dict) if dict.members.is_empty() => ("{}".to_owned(), true),
        Value::List(_) | Value::Dict(_) => (String::new(), true),
        Value::Expression(_) => {
            sink.write(before)?;
            return Err(failure!("Encountered unrecognized type in JSON encoder."));
        }
        scalar => (spelled(scalar), false),
    };
    if !is_container {
        return sink.write(&format!("{before}{shown}"));
    }
    sink.write(before)?;
    match value {
        Value::List(items) if shown.is_empty() => list(items, level, sink),
        Value::Dict(dict) if shown.is_empty() => mapping(dict, level, sink),
        _ => sink.write(&shown),
    }
}

/// Writes a list that is not empty.
fn list(items: &[Value], level: usize, sink: &mut Sink) -> Result<(), Error> {
    let indent = line(level + 1);
    for (place, item) in items.iter().enumerate() {
        let before = if place == 0 { "[" } else { "," };
        element(item, &format!("{before}{indent}"), level + 1, sink)?;
    }
    sink.write(&line(level))?;
    sink.write("]")
}

/// Writes a mapping that is not empty.
fn mapping(dict: &Dict, level: usize, sink: &mut Sink) -> Result<(), Error> {
    let indent = line(level + 1);
    sink.write("{")?;
    for (place, (key, value)) in dict.members.iter().enumerate() {
        sink.write(&format!("{}{indent}", if place == 0 { "" } else { "," }))?;
        sink.write(&string(key))?;
        sink.write(": ")?;
        element(value, "", level + 1, sink)?;
    }
    sink.write(&line(level))?;
    sink.write("}")
}

/// The beginning of a line at a level.
fn line(level: usize) -> String {
    format!("\n{:indent$}", "", indent = level * 4)
}

/// A value that is neither list nor mapping.
fn spelled(value: &Value) -> String {
    match value {
        Value::None => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Float(number) if number.is_nan() => "NaN".to_owned(),
        Value::Float(number) if number.is_infinite() && *number > 0.0 => "Infinity".to_owned(),
        Value::Float(number) if number.is_infinite() => "-Infinity".to_owned(),
        Value::Float(number) => float::repr(*number),
        Value::Str(text) | Value::Datetime(text) => string(text),
        other => repr::str(other),
    }
}

/// A string in quotes; only `"`, `\` and what stands below U+0020 is escaped.
fn string(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// `value` as one line of ASCII without blanks; what no JSON can hold as a string of its `str()`.
///
/// v1: `json.dumps(separators=(',', ':'), default=str)`. Parity: OUT-43.
pub(super) fn compact(value: &Value) -> String {
    match value {
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(compact).collect();
            format!("[{}]", items.join(","))
        }
        Value::Dict(dict) => {
            let member =
                |(key, value): (&String, &Value)| format!("{}:{}", quote::ascii(key), compact(value));
            let members: Vec<String> = dict.members.iter().map(member).collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Expression(_) | Value::Datetime(_) => quote::ascii(&repr::str(value)),
        Value::Str(text) => quote::ascii(text),
        scalar => spelled(scalar),
    }
}
