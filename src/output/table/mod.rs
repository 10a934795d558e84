//! Value -> sections of a table. Mirrors `formatter.TableFormatter`; [`draw`] lays them out.

mod draw;
mod section;

use indexmap::IndexSet;

use super::FormatWriter;
use crate::error::{Error, failure};
use crate::python::{Dict, Value, repr, text};
use section::Section;

/// Prints `value` under the operation's name; nothing for what Python takes for false.
/// Errors: `Failure` for rows that do not fit together, and for what no encoding can spell.
/// v1: `TableFormatter._format_response`. Parity: OUT-25 to OUT-37.
pub(super) fn print(value: &Value, title: &str, width: i64, writer: &mut FormatWriter) -> Result<(), Error> {
    let mut table = Table { sections: Vec::new() };
    if !table.add(Some(title), value, 0)? {
        return Ok(());
    }
    draw::print(table.sections, width, writer)
}

/// The sections so far; rows go to the last one.
struct Table {
    /// The sections.
    sections: Vec<Section>,
}

impl Table {
    /// Adds a value, in a section of its own when it has a title. False when nothing was there to add.
    /// v1: `TableFormatter._build_table`.
    fn add(&mut self, title: Option<&str>, value: &Value, level: usize) -> Result<bool, Error> {
        if is_falsy(value) {
            return Ok(false);
        }
        if title.is_some() {
            self.begin(title, level);
        }
        match value {
            Value::List(items) if matches!(items.first(), Some(Value::Dict(_))) => {
                self.mappings(items, level, title)?;
            }
            Value::List(items) => items.iter().try_for_each(|item| self.element(item))?,
            Value::Dict(dict) => self.mapping(dict, level)?,
            _ => {}
        }
        Ok(true)
    }

    /// Begins a section.
    fn begin(&mut self, title: Option<&str>, level: usize) {
        self.sections.push(Section::new(title, level));
    }

    /// Returns the section that rows go to.
    fn section(&mut self) -> Result<&mut Section, Error> {
        self.sections.last_mut().ok_or_else(|| failure!("The result cannot be shown as a table"))
    }

    /// Adds an element of a list that does not begin with a mapping: a scalar and a flat list are a row, a
    /// mapping is a row of its keys, a deeper list goes to the same section.
    /// Parity: OUT-30.
    fn element(&mut self, item: &Value) -> Result<(), Error> {
        match item {
            Value::List(items) if !items.iter().all(is_scalar) => self.add(None, item, 0).map(|_| ()),
            Value::List(items) => self.section()?.row(items.iter().map(repr::str).collect()),
            Value::Dict(dict) => self.section()?.row(dict.members.keys().cloned().collect()),
            scalar => self.section()?.row(vec![repr::str(scalar)]),
        }
    }

    /// Adds a mapping: its scalars as one row, then a section for each other key.
    /// Parity: OUT-28.
    fn mapping(&mut self, dict: &Dict, level: usize) -> Result<(), Error> {
        let (headers, nested) = keys([dict]);
        let cells = headers.iter().map(|header| cell(dict, header));
        match headers.as_slice() {
            [] => {}
            [only] => self.section()?.row(std::iter::once((*only).to_owned()).chain(cells).collect())?,
            _ => {
                let cells = cells.collect();
                let section = self.section()?;
                section.header(&headers)?;
                section.row(cells)?;
            }
        }
        for key in nested {
            if let Some(value) = dict.get(key) {
                self.add(Some(key), value, level + 1)?;
            }
        }
        Ok(())
    }

    /// Adds a list of mappings: a row each; when any of them holds more than scalars, each has its own section.
    /// An empty text or list counts as a mapping as long as no mapping asks for a cell of it.
    /// Errors: something else stands between the mappings; v1's words name Python's types, ours say what is wrong (D1).
    /// Parity: OUT-29, OUT-31.
    fn mappings(&mut self, items: &[Value], level: usize, title: Option<&str>) -> Result<(), Error> {
        let nothing = Dict::default();
        let mut dicts = Vec::with_capacity(items.len());
        for item in items {
            match item {
                Value::Dict(dict) => dicts.push(dict),
                Value::List(_) | Value::Str(_) if is_falsy(item) => dicts.push(&nothing),
                _ => return Err(mixed(item)),
            }
        }
        let (headers, nested) = keys(dicts.iter().copied());
        self.section()?.header(&headers)?;
        for (place, (dict, item)) in dicts.into_iter().zip(items).enumerate() {
            if place > 0 && !nested.is_empty() {
                self.begin(title, level);
                self.section()?.header(&headers)?;
            }
            if !headers.is_empty() && !matches!(item, Value::Dict(_)) {
                return Err(mixed(item));
            }
            self.section()?.row(headers.iter().map(|header| cell(dict, header)).collect())?;
            for key in &nested {
                if let Some(value) = dict.get(key) {
                    self.add(Some(key), value, level + 1)?;
                }
            }
        }
        Ok(())
    }
}

/// Returns the error for a list that holds `other` between mappings.
fn mixed(other: &Value) -> Error {
    let name = other.type_name();
    failure!("The result cannot be shown as a table: a list holds both mappings and a value of type {name}")
}

/// Returns the text of a member; empty where there is none.
fn cell(dict: &Dict, key: &str) -> String {
    dict.get(key).map(repr::str).unwrap_or_default()
}

/// Returns true for what is shown in one cell.
fn is_scalar(value: &Value) -> bool {
    !matches!(value, Value::List(_) | Value::Dict(_))
}

/// Returns true for what Python takes for false.
/// Parity: OUT-25.
fn is_falsy(value: &Value) -> bool {
    match value {
        Value::None => true,
        Value::Bool(flag) => !flag,
        Value::Int(number) => number.bits() == 0,
        Value::Float(number) => *number == 0.0,
        Value::Str(text) => text.is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Dict(dict) => dict.members.is_empty(),
        Value::Bytes(_) | Value::Datetime(_) => false,
    }
}

/// Returns the keys that hold a scalar in any of the mappings, and those that hold more in any, each in order.
fn keys<'a>(dicts: impl IntoIterator<Item = &'a Dict>) -> (Vec<&'a str>, Vec<&'a str>) {
    let (mut scalars, mut nested) = (IndexSet::new(), IndexSet::new());
    for (key, value) in dicts.into_iter().flat_map(|dict| &dict.members) {
        let keys = if is_scalar(value) { &mut scalars } else { &mut nested };
        keys.insert(key.as_str());
    }
    scalars.sort_by(|left, right| text::compare(left, right));
    nested.sort_by(|left, right| text::compare(left, right));
    (scalars.into_iter().collect(), nested.into_iter().collect())
}
