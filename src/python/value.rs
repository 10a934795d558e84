//! The values that modules exchange: what Python's `json` makes of a document.

use indexmap::IndexMap;
use num_bigint::BigInt;

use super::text;

/// One Python value. Integers are unbounded, mappings keep their order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    None,
    Bool(bool),
    Int(BigInt),
    /// NaN and the infinities are legal, as they are in Python's JSON.
    Float(f64),
    /// Lone surrogates are kept as [`super::text`] says.
    Str(String),
    /// The content of a `fileb://` parameter.
    Bytes(Vec<u8>),
    List(Vec<Value>),
    Dict(Dict),
}

/// A mapping in insertion order; a repeated key keeps its first place and takes the last value.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Dict {
    pub members: IndexMap<String, Value>,
    /// True where v1 holds an `OrderedDict`, which its messages spell differently (VAL-48).
    pub ordered: bool,
}

impl Dict {
    pub(crate) fn get(&self, key: &str) -> Option<&Value> {
        self.members.get(key)
    }

    pub(crate) fn insert(&mut self, key: impl Into<String>, value: Value) {
        self.members.insert(key.into(), value);
    }
}

impl<K: Into<String>> FromIterator<(K, Value)> for Dict {
    fn from_iter<I: IntoIterator<Item = (K, Value)>>(members: I) -> Self {
        let members = members.into_iter().map(|(key, value)| (key.into(), value)).collect();
        Self { members, ordered: false }
    }
}

impl Value {
    /// Returns the name of the Python type, as `type(x).__name__` gives it.
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Self::None => "NoneType",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float",
            Self::Str(_) => "str",
            Self::Bytes(_) => "bytes",
            Self::List(_) => "list",
            Self::Dict(dict) if dict.ordered => "OrderedDict",
            Self::Dict(_) => "dict",
        }
    }

    /// Returns how deep lists and mappings nest; 1 for all else.
    pub(crate) fn depth(&self) -> usize {
        match self {
            Self::List(items) => 1 + items.iter().map(Self::depth).max().unwrap_or(0),
            Self::Dict(dict) => 1 + dict.members.values().map(Self::depth).max().unwrap_or(0),
            _ => 1,
        }
    }

    /// Returns a boolean as it is, the text `true` in any case; all else is false.
    /// v1: `ensure_boolean`. Parity: CFG-56, OUT-05.
    pub(crate) fn is_true(&self) -> bool {
        match self {
            Self::Bool(flag) => *flag,
            Self::Str(text) => text::is_true(text),
            _ => false,
        }
    }

    /// Returns true for what Python takes for false: nothing, zero, and what is empty.
    /// v1: `not value`. Parity: `instance/shapes/role-line-end`.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::None => true,
            Self::Bool(flag) => !flag,
            Self::Int(number) => *number == BigInt::ZERO,
            Self::Float(number) => *number == 0.0,
            Self::Str(text) => text.is_empty(),
            Self::Bytes(bytes) => bytes.is_empty(),
            Self::List(items) => items.is_empty(),
            Self::Dict(dict) => dict.members.is_empty(),
        }
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Str(text.to_owned())
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Int(number.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Str(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_read_as_v1_reads_them() {
        let rows = [("TrUe", true), ("true ", false), ("1", false), ("", false)];
        for (text, expected) in rows {
            assert_eq!(Value::from(text).is_true(), expected, "{text:?}");
        }
    }
}
