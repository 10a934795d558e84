//! Value -> JSON text, as Python's `json.dumps` writes it. Mirrors `json/encoder.py`.
//!
//! `serde_json` spells the strings that keep their letters. Its serializer does not write the rest: it knows neither
//! `NaN` nor integers beyond 128 bits, and Python's single writes can be kept apart, since a text that cannot be
//! encoded fails with its place inside one of them, after the earlier ones have gone out (OUT-17).

use std::convert::Infallible;
use std::fmt::Write;

use super::{Dict, Value, float, repr, text};

/// How a document is spelled.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    /// Stands between two elements.
    pub comma: &'static str,
    /// Stands between a key and its value.
    pub colon: &'static str,
    /// Blanks a level; `None` for a document on one line.
    pub indent: Option<usize>,
    /// True where letters beyond ASCII are escaped.
    pub ascii: bool,
}

impl Style {
    /// v1: `json.dumps(value)`.
    pub(crate) const DEFAULT: Self = Self { comma: ", ", colon: ": ", indent: None, ascii: true };
    /// v1: `json.dumps(value, separators=(',', ':'))`.
    pub(crate) const COMPACT: Self = Self { comma: ",", colon: ":", indent: None, ascii: true };
    /// v1: `json.dumps(value, indent=4, ensure_ascii=False)`.
    pub(crate) const INDENTED: Self = Self { comma: ",", colon: ": ", indent: Some(4), ascii: false };

    /// Returns the beginning of a line at a level; nothing where all is one line.
    fn line(self, level: usize) -> String {
        self.indent.map(|indent| format!("\n{:1$}", "", indent * level)).unwrap_or_default()
    }

    /// Returns a text in quotes.
    fn string(self, text: &str) -> String {
        if self.ascii { ascii(text) } else { serde_json::to_string(text).unwrap_or_default() }
    }

    /// Returns the spelling of what is neither a list nor a mapping with something in it; `None` of those.
    fn scalar(self, value: &Value) -> Option<String> {
        Some(match value {
            Value::None => "null".to_owned(),
            Value::Bool(flag) => flag.to_string(),
            Value::Int(number) => number.to_string(),
            Value::Float(number) if number.is_nan() => "NaN".to_owned(),
            Value::Float(number) if number.is_infinite() && *number > 0.0 => "Infinity".to_owned(),
            Value::Float(number) if number.is_infinite() => "-Infinity".to_owned(),
            Value::Float(number) => float::repr(*number),
            Value::Str(text) => self.string(text),
            Value::Datetime(text) if self.indent.is_some() => self.string(text),
            Value::Datetime(_) | Value::Bytes(_) => self.string(&repr::str(value)),
            Value::List(items) if items.is_empty() => "[]".to_owned(),
            Value::Dict(dict) if dict.members.is_empty() => "{}".to_owned(),
            Value::List(_) | Value::Dict(_) => return None,
        })
    }
}

/// Returns `value` as a JSON document.
/// v1: `json.dumps`. Parity: CRED-24, CRED-25, OUT-43.
pub(crate) fn dumps(value: &Value, style: Style) -> String {
    let mut document = String::new();
    let write = |piece: &str| {
        document.push_str(piece);
        Ok::<_, Infallible>(())
    };
    let Ok(()) = dump(value, style, write);
    document
}

/// Hands `value` as a JSON document to `write`, in the pieces in which Python writes it.
/// Errors: those of `write`.
/// v1: `json.dump`. Parity: OUT-14 to OUT-17.
pub(crate) fn dump<E>(
    value: &Value,
    style: Style,
    write: impl FnMut(&str) -> Result<(), E>,
) -> Result<(), E> {
    Writer { style, write }.element(value, "", 0)
}

/// Writes a document piece by piece.
struct Writer<W> {
    style: Style,
    write: W,
}

impl<W: FnMut(&str) -> Result<(), E>, E> Writer<W> {
    /// Writes one value and what stands `before` it: in one piece, unless the value is a list or a mapping.
    fn element(&mut self, value: &Value, before: &str, level: usize) -> Result<(), E> {
        match (self.style.scalar(value), value) {
            (Some(spelled), Value::List(_) | Value::Dict(_)) if !before.is_empty() => {
                (self.write)(before)?;
                (self.write)(&spelled)
            }
            (Some(spelled), _) => (self.write)(&format!("{before}{spelled}")),
            (None, value) => {
                if !before.is_empty() {
                    (self.write)(before)?;
                }
                match value {
                    Value::List(items) => self.list(items, level),
                    Value::Dict(dict) => self.mapping(dict, level),
                    _ => Ok(()),
                }
            }
        }
    }

    /// Writes a list that is not empty.
    fn list(&mut self, items: &[Value], level: usize) -> Result<(), E> {
        let line = self.style.line(level + 1);
        for (place, item) in items.iter().enumerate() {
            let before = if place == 0 { "[" } else { self.style.comma };
            self.element(item, &format!("{before}{line}"), level + 1)?;
        }
        (self.write)(&self.style.line(level))?;
        (self.write)("]")
    }

    /// Writes a mapping that is not empty.
    fn mapping(&mut self, dict: &Dict, level: usize) -> Result<(), E> {
        let line = self.style.line(level + 1);
        (self.write)("{")?;
        for (place, (key, value)) in dict.members.iter().enumerate() {
            (self.write)(&format!("{}{line}", if place == 0 { "" } else { self.style.comma }))?;
            (self.write)(&self.style.string(key))?;
            (self.write)(self.style.colon)?;
            self.element(value, "", level + 1)?;
        }
        (self.write)(&self.style.line(level))?;
        (self.write)("}")
    }
}

/// Returns a text in quotes, all but printable ASCII escaped, beyond the BMP by two escapes.
/// v1: `json.dumps(text)`. Parity: CRED-24, OUT-43.
pub(crate) fn ascii(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            ' '..='~' => quoted.push(character),
            _ => {
                let mut units = [0; 2];
                let units = match text::surrogate(character) {
                    Some(code) => &[u16::try_from(code).unwrap_or_default()][..],
                    None => &*character.encode_utf16(&mut units),
                };
                for unit in units {
                    let _ = write!(quoted, "\\u{unit:04x}");
                }
            }
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::json;

    #[test]
    fn documents_are_spelled_as_python_spells_them() {
        for (document, default, indented) in [
            (
                r#"{"a":[],"é":{"b":[1.0,null,"é\n"]}}"#,
                r#"{"a": [], "\u00e9": {"b": [1.0, null, "\u00e9\n"]}}"#,
                "{\n    \"a\": [],\n    \"é\": {\n        \"b\": [\n            1.0,\n            null,\n            \"é\\n\"\n        ]\n    }\n}",
            ),
            ("[NaN,-Infinity,{}]", "[NaN, -Infinity, {}]", "[\n    NaN,\n    -Infinity,\n    {}\n]"),
        ] {
            let value = json::decode(document).unwrap();
            assert_eq!(dumps(&value, Style::DEFAULT), default);
            assert_eq!(dumps(&value, Style::COMPACT), default.replace(", ", ",").replace(": ", ":"));
            assert_eq!(dumps(&value, Style::INDENTED), indented);
        }
    }

    #[test]
    fn all_but_printable_ascii_is_escaped() {
        let typed = format!("a\"\\\n\u{1}\u{7f}é😀{}", text::decode(b"\xff"));
        assert_eq!(ascii(&typed), r#""a\"\\\n\u0001\u007f\u00e9\ud83d\ude00\udcff""#);
    }
}
