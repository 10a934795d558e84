//! Value -> lines of tab-separated texts. Mirrors `awscli/text.py`.

use super::FormatWriter;
use super::cells::{cell, is_scalar, keys, mixed};
use crate::error::Error;
use crate::python::{Dict, Value, repr};

/// Prints `value`; under a `key` each line begins with that key in capitals.
/// Errors: `Failure` for a list that holds both mappings and other things, and for what no encoding can spell.
/// v1: `text.format_text`. Parity: OUT-18 to OUT-24.
pub(super) fn print(value: &Value, key: Option<&str>, writer: &mut FormatWriter) -> Result<(), Error> {
    match value {
        Value::Dict(dict) => mapping(dict, key, None, writer),
        Value::List(items) => list(items, key, writer),
        scalar => writer.line(&repr::str(scalar)),
    }
}

/// Prints a list: mappings line by line with the same columns, else the scalars first and then each list.
/// Parity: OUT-20, OUT-21, OUT-22.
fn list(items: &[Value], key: Option<&str>, writer: &mut FormatWriter) -> Result<(), Error> {
    if items.iter().any(|item| matches!(item, Value::Dict(_))) {
        let dicts = items.iter().map(|item| match item {
            Value::Dict(dict) => Ok(dict),
            other => Err(mixed("text", other)),
        });
        let dicts = dicts.collect::<Result<Vec<_>, _>>()?;
        let (columns, _) = keys(&dicts);
        return dicts.into_iter().try_for_each(|dict| mapping(dict, key, Some(&columns), writer));
    }
    let (scalars, lists): (Vec<&Value>, Vec<&Value>) = items.iter().partition(|item| is_scalar(item));
    let cells: Vec<String> = scalars.into_iter().map(repr::str).collect();
    match key.map(str::to_uppercase) {
        Some(key) => cells.iter().try_for_each(|cell| writer.write(&format!("{key}\t{cell}\n")))?,
        None if cells.is_empty() => {}
        None => writer.line(&cells.join("\t"))?,
    }
    lists.into_iter().try_for_each(|list| print(list, key, writer))
}

/// Prints a mapping: its scalars, or the `columns` of the list that holds it, on one line, then what its other keys hold.
/// Parity: OUT-19, OUT-22.
fn mapping(
    dict: &Dict,
    key: Option<&str>,
    columns: Option<&[&str]>,
    writer: &mut FormatWriter,
) -> Result<(), Error> {
    let (scalars, mut nested) = keys(&[dict]);
    let columns = columns.unwrap_or(&scalars);
    nested.retain(|key| !columns.contains(key));
    if !columns.is_empty() {
        let cells = columns.iter().map(|column| cell(dict, column));
        let line: Vec<String> = key.map(str::to_uppercase).into_iter().chain(cells).collect();
        writer.line(&line.join("\t"))?;
    }
    let mut members = nested.into_iter().filter_map(|key| Some((key, dict.get(key)?)));
    members.try_for_each(|(key, value)| print(value, Some(key), writer))
}
