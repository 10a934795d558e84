//! Value -> sections of a table. Mirrors `formatter.TableFormatter`; [`draw`] lays them out.

mod draw;
mod section;

use super::FormatWriter;
use super::cells::{cell, is_scalar, keys, mixed};
use crate::error::Error;
use crate::python::{Dict, Value, repr};
use section::Section;

/// Prints `value` under the operation's name; nothing for what Python takes for false.
/// Errors: `Failure` for rows that do not fit together, and for what no encoding can spell.
/// v1: `TableFormatter._format_response`. Parity: OUT-25 to OUT-37.
pub(super) fn print(value: &Value, title: &str, width: i64, writer: &mut FormatWriter) -> Result<(), Error> {
    if value.is_empty() {
        return Ok(());
    }
    let mut table = Table { sections: Vec::new(), last: Section::new(title, 0) };
    table.fill(title, value, 0)?;
    table.sections.push(table.last);
    draw::print(table.sections, width, writer)
}

/// The sections so far; rows go to the last one.
struct Table {
    sections: Vec<Section>,
    last: Section,
}

impl Table {
    /// Begins a section.
    fn begin(&mut self, title: &str, level: u16) {
        self.sections.push(std::mem::replace(&mut self.last, Section::new(title, level)));
    }

    /// Adds a value to the last section, which has that title.
    /// v1: `TableFormatter._build_table`.
    fn fill(&mut self, title: &str, value: &Value, level: u16) -> Result<(), Error> {
        match value {
            Value::List(items) if matches!(items.first(), Some(Value::Dict(_))) => {
                self.mappings(items, title, level)
            }
            Value::List(items) => items.iter().try_for_each(|item| self.element(item)),
            Value::Dict(dict) => self.mapping(dict, level),
            _ => Ok(()),
        }
    }

    /// Adds an element of a list that does not begin with a mapping: a scalar and a flat list are a row, a
    /// mapping is a row of its keys, a deeper list goes to the same section.
    /// Parity: OUT-30.
    fn element(&mut self, item: &Value) -> Result<(), Error> {
        match item {
            Value::List(items) if !items.iter().all(is_scalar) => self.fill("", item, 0),
            Value::List(items) => self.last.row(items.iter().map(repr::str).collect()),
            Value::Dict(dict) => self.last.row(dict.members.keys().cloned().collect()),
            scalar => self.last.row(vec![repr::str(scalar)]),
        }
    }

    /// Adds a mapping: its scalars as one row, then a section for each other key.
    /// Parity: OUT-28.
    fn mapping(&mut self, dict: &Dict, level: u16) -> Result<(), Error> {
        let (headers, nested) = keys(&[dict]);
        match headers.as_slice() {
            [] => {}
            [only] => self.last.row(vec![(*only).to_owned(), cell(dict, only)])?,
            _ => self.last.row_under(&headers, dict)?,
        }
        self.nested(dict, &nested, level + 1)
    }

    /// Adds a section for each of the keys that holds something.
    fn nested(&mut self, dict: &Dict, keys: &[&str], level: u16) -> Result<(), Error> {
        for key in keys {
            if let Some(value) = dict.get(key).filter(|value| !value.is_empty()) {
                self.begin(key, level);
                self.fill(key, value, level)?;
            }
        }
        Ok(())
    }

    /// Adds a list of mappings: a row each; when any of them holds more than scalars, each has its own section.
    /// An empty text or list counts as a mapping as long as no column asks for a cell of it.
    /// Parity: OUT-29, OUT-31.
    fn mappings(&mut self, items: &[Value], title: &str, level: u16) -> Result<(), Error> {
        let nothing = Dict::default();
        let dicts = items.iter().map(|item| match item {
            Value::Dict(dict) => Ok(dict),
            Value::List(_) | Value::Str(_) if item.is_empty() => Ok(&nothing),
            other => Err(mixed("a table", other)),
        });
        let dicts = dicts.collect::<Result<Vec<_>, _>>()?;
        let (headers, nested) = keys(&dicts);
        if let Some(other) = items.iter().find(|item| !headers.is_empty() && !matches!(item, Value::Dict(_)))
        {
            return Err(mixed("a table", other));
        }
        for (place, dict) in dicts.into_iter().enumerate() {
            if place > 0 && !nested.is_empty() {
                self.begin(title, level);
            }
            self.last.row_under(&headers, dict)?;
            self.nested(dict, &nested, level + 1)?;
        }
        Ok(())
    }
}
