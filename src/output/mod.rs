//! The response -> bytes: `query` is evaluated over it, then it is printed as `json`, `text` or `table`.
//! Mirrors `awscli/formatter.py`.

mod cells;
mod json;
pub(crate) mod query;
mod table;
mod text;
mod writer;

#[cfg(test)]
#[path = "../../tests/query/evaluations.rs"]
mod evaluations;

use crate::cli::OutputFormat;
use crate::error::{Error, failure};
use crate::host::Host;
use crate::python::{Dict, Value, oserror};
use crate::streams::Streams;
use query::Query;
use writer::FormatWriter;

/// How a response is printed.
#[derive(Debug)]
pub(crate) struct OutputOptions<'a> {
    pub format: OutputFormat,
    /// `--query`.
    pub query: Option<&'a Query>,
    /// `--color`: `on`, `off` or `auto`.
    pub color: &'a str,
    /// The name of the operation, the title of a table.
    pub operation: &'static str,
}

/// Prints a response.
/// Errors: `Failure` for a query that does not fit the response and a result that does not fit the format. A stdout
/// that cannot be written to is an error of its own for text only; for the others it shows when the program ends.
/// v1: `FullyBufferedFormatter.__call__`, `TextFormatter.__call__`. Parity: OUT-36, OUT-38, OUT-47, MSG-12.
pub(crate) fn print(
    options: &OutputOptions<'_>,
    response: Dict,
    host: &Host,
    streams: &mut Streams,
) -> Result<(), Error> {
    let is_terminal = host.stdout_is_terminal();
    let wants_colour = options.color == "on" || (options.color == "auto" && is_terminal);
    let colour = options.format == OutputFormat::Table && wants_colour;
    if colour {
        streams.reset_after_writes(is_terminal);
    }
    let result = match options.query {
        Some(query) => query.search(response)?,
        None => Value::Dict(response),
    };
    let mut writer = FormatWriter { out: &mut *streams.out, encoding: &streams.encoding, colour };
    let printed = match options.format {
        OutputFormat::Json => json::print(&result, &mut writer),
        OutputFormat::Text => text::print(&result, None, &mut writer),
        OutputFormat::Table => table::print(&result, options.operation, host.terminal_width(), &mut writer),
    };
    let _ = streams.out.flush(); // v1 passes over a stdout that is lost here; it shows at the end
    match printed {
        Err(Error::StdoutLost(error)) if options.format == OutputFormat::Text => {
            Err(failure!("{}", oserror::text(&error)))
        }
        Err(Error::StdoutLost(_)) => Ok(()),
        other => other,
    }
}
