//! Value -> lines of tab-separated texts. Mirrors `awscli/text.py`.

use indexmap::IndexSet;

use super::FormatWriter;
use crate::error::{Error, failure};
use crate::python::{Dict, Value, repr, text};

/// Prints `value`.
/// Errors: `Failure` for a list that holds both mappings and other things, and for what no encoding can spell.
/// v1: `text.format_text`. Parity: OUT-18 to OUT-24.
pub(super) fn print(value: &Value, writer: &mut FormatWriter) -> Result<(), Error> {
    item(value, None, None, writer)
}

/// Prints one value: under `key` each line begins with that key in capitals, and a mapping in a list shows the
/// `columns` of all the list's mappings.
fn item(
    value: &Value,
    key: Option<&str>,
    columns: Option<&[&str]>,
    writer: &mut FormatWriter,
) -> Result<(), Error> {
    match value {
        Value::Dict(dict) => mapping(dict, key, columns, writer),
        Value::List(items) => list(items, key, writer),
        scalar => {
            writer.write(&repr::str(scalar))?;
            writer.write("\n")
        }
    }
}

/// Returns true for what stands on one line with its like.
fn is_scalar(value: &Value) -> bool {
    !matches!(value, Value::List(_) | Value::Dict(_))
}

/// Prints a list: mappings line by line with the same columns, else the scalars first and then each list.
fn list(items: &[Value], key: Option<&str>, writer: &mut FormatWriter) -> Result<(), Error> {
    if items.iter().any(|element| matches!(element, Value::Dict(_))) {
        let columns = columns(items)?;
        return items.iter().try_for_each(|element| item(element, key, Some(&columns), writer));
    }
    let (scalars, lists): (Vec<&Value>, Vec<&Value>) = items.iter().partition(|element| is_scalar(element));
    if !scalars.is_empty() {
        scalar_list(&scalars, key, writer)?;
    }
    lists.into_iter().try_for_each(|element| item(element, key, None, writer))
}

/// Prints scalars: on one line, or under a key on a line each.
/// Parity: OUT-20.
fn scalar_list(scalars: &[&Value], key: Option<&str>, writer: &mut FormatWriter) -> Result<(), Error> {
    let shown = scalars.iter().map(|scalar| repr::str(scalar));
    let Some(key) = key else {
        writer.write(&shown.collect::<Vec<_>>().join("\t"))?;
        return writer.write("\n");
    };
    let key = key.to_uppercase();
    shown.map(|scalar| format!("{key}\t{scalar}\n")).try_for_each(|line| writer.write(&line))
}

/// Returns the keys that hold a scalar in any of the mappings, in order.
/// Errors: something else stands between the mappings; v1's words name Python's attributes, ours say what is wrong
/// (D1).
/// Parity: OUT-22, OUT-23.
fn columns(items: &[Value]) -> Result<Vec<&str>, Error> {
    let mut columns = IndexSet::new();
    for element in items {
        let Value::Dict(dict) = element else {
            let name = element.type_name();
            return Err(failure!(
                "The result cannot be shown as text: a list holds both mappings and a value of type {name}"
            ));
        };
        columns
            .extend(dict.members.iter().filter(|(_, value)| is_scalar(value)).map(|(key, _)| key.as_str()));
    }
    columns.sort_by(|left, right| text::compare(left, right));
    Ok(columns.into_iter().collect())
}

/// Prints a mapping: its scalars on one line, then what its other keys hold, each in order of the keys.
/// Parity: OUT-19.
fn mapping(
    dict: &Dict,
    key: Option<&str>,
    columns: Option<&[&str]>,
    writer: &mut FormatWriter,
) -> Result<(), Error> {
    let mut sorted: Vec<(&String, &Value)> = dict.members.iter().collect();
    sorted.sort_by(|(left, _), (right, _)| text::compare(left, right));
    let (shown, nested): (Vec<String>, Vec<_>) = match columns {
        None => {
            let (scalars, nested): (Vec<_>, Vec<_>) =
                sorted.into_iter().partition(|(_, value)| is_scalar(value));
            (scalars.into_iter().map(|(_, value)| repr::str(value)).collect(), nested)
        }
        Some(columns) => {
            let cell = |column: &&str| dict.get(column).map(repr::str).unwrap_or_default();
            sorted.retain(|(key, _)| !columns.contains(&key.as_str()));
            (columns.iter().map(cell).collect(), sorted)
        }
    };
    if !shown.is_empty() {
        let line: Vec<String> = key.map(str::to_uppercase).into_iter().chain(shown).collect();
        writer.write(&line.join("\t"))?;
        writer.write("\n")?;
    }
    nested.into_iter().try_for_each(|(key, value)| item(value, Some(key), None, writer))
}
