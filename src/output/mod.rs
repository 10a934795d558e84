//! The answer -> bytes: the query asked of it, then one of three formats.
//!
//! | file | what |
//! |---|---|
//! | `query` | `--query` |
//! | `json`, `text`, `table` | the formats |
//! | `sink` | one write of v1's at a time: encoding, colour resets |
//!
//! Mirrors `awscli/formatter.py`.

mod json;
pub mod query;
mod sink;
mod table;
mod text;

use crate::error::{Error, failure};
use crate::host::Host;
use crate::python::{Dict, Value, oserror};
use crate::session::OutputFormat;
use crate::streams::Streams;
use query::Query;
use sink::Sink;

/// What the user wants to see.
#[derive(Debug)]
pub struct Printing<'a> {
    /// The format.
    pub format: OutputFormat,
    /// `--query`.
    pub query: Option<&'a Query>,
    /// `--color`: `on`, `off` or `auto`.
    pub color: &'a str,
    /// The name of the operation, the title of a table.
    pub operation: &'static str,
}

/// Prints an answer.
///
/// # Errors
/// `Failure` for a query that does not fit the answer and a result that does not fit the format. A stdout that
/// cannot be written to is an error of its own for text only; for the others it shows when the program ends.
///
/// v1: `FullyBufferedFormatter.__call__`, `TextFormatter.__call__`. Parity: OUT-36, OUT-38, OUT-47, MSG-12.
pub fn print(printing: &Printing<'_>, answer: Dict, host: &Host, streams: &mut Streams) -> Result<(), Error> {
    let is_terminal = host.stdout_is_terminal();
    let wants_colour = printing.color == "on" || (printing.color == "auto" && is_terminal);
    let colour = printing.format == OutputFormat::Table && wants_colour;
    if colour {
        streams.reset_after_writes(is_terminal);
    }
    let result = match printing.query {
        Some(query) => query.search(answer)?,
        None => Value::Dict(answer),
    };
    let mut sink = Sink { out: &mut *streams.out, encoding: &streams.encoding, colour };
    let printed = match printing.format {
        OutputFormat::Json => json::print(&result, &mut sink),
        OutputFormat::Text => text::print(&result, &mut sink),
        OutputFormat::Table => table::print(&result, printing.operation, host.terminal_width(), &mut sink),
    };
    let _ = streams.out.flush(); // v1 passes over a stdout that is lost here; it shows at the end
    match printed {
        Err(Error::StdoutLost(error)) if printing.format == OutputFormat::Text => {
            Err(failure!("{}", oserror::text(&error)))
        }
        Err(Error::StdoutLost(_)) => Ok(()),
        other => other,
    }
}
