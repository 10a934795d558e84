//! Value -> JSON. Mirrors `formatter.JSONFormatter`.

use super::FormatWriter;
use crate::error::{Error, failure};
use crate::python::Value;
use crate::python::dumps::{self, Style};

/// How deep values may nest in v1: each level is a call of Python's.
const DEPTH: usize = 970;

/// Prints `value` with four blanks a level; nothing for the empty mapping.
/// Errors: `Failure` for what is nested too deeply or no encoding can spell; what stands before the latter is printed.
/// v1: `JSONFormatter._format_response`, `json.dump(indent=4, ensure_ascii=False)`. Parity: OUT-14 to OUT-17.
pub(super) fn print(value: &Value, writer: &mut FormatWriter) -> Result<(), Error> {
    if matches!(value, Value::Dict(dict) if dict.members.is_empty()) {
        return Ok(());
    }
    if value.depth() > DEPTH {
        return Err(failure!("the result is nested too deeply to be written as JSON"));
    }
    for piece in dumps::pieces(value, Style::INDENTED) {
        writer.write(&piece)?;
    }
    writer.write("\n")
}
