//! What text and tables share: the members of mappings that fit a line, and those that do not.

use indexmap::IndexSet;

use crate::error::{Error, failure};
use crate::python::{Dict, Value, repr, text};

/// Returns true for what is shown in one cell.
pub(super) fn is_scalar(value: &Value) -> bool {
    !matches!(value, Value::List(_) | Value::Dict(_))
}

/// Returns the text of a member; empty where there is none.
pub(super) fn cell(dict: &Dict, key: &str) -> String {
    dict.get(key).map(repr::str).unwrap_or_default()
}

/// Returns the error for a list that holds `other` between mappings; v1's words name Python's types, ours say what is
/// wrong (D1).
/// Parity: OUT-23, OUT-31.
pub(super) fn mixed(format: &str, other: &Value) -> Error {
    let name = other.type_name();
    failure!("The result cannot be shown as {format}: a list holds both mappings and a value of type {name}")
}

/// Returns the keys that hold a scalar in any of the mappings, and those that hold more in any, each in order.
pub(super) fn keys<'a>(dicts: &[&'a Dict]) -> (Vec<&'a str>, Vec<&'a str>) {
    let (mut scalars, mut nested) = (IndexSet::new(), IndexSet::new());
    for (key, value) in dicts.iter().flat_map(|dict| &dict.members) {
        let keys = if is_scalar(value) { &mut scalars } else { &mut nested };
        keys.insert(key.as_str());
    }
    scalars.sort_by(|left, right| text::compare(left, right));
    nested.sort_by(|left, right| text::compare(left, right));
    (scalars.into_iter().collect(), nested.into_iter().collect())
}
