//! Value -> JSON text, as Python's `json.dumps` writes it. Mirrors `json/encoder.py`.
//! `serde_json` spells the strings that keep their letters. Its serializer does not write the rest: it knows neither
//! `NaN` nor integers beyond 128 bits, and Python's single writes are kept apart, since a text that cannot be encoded
//! fails with its place inside one of them, after the earlier ones have gone out (OUT-17).

use super::{Value, float, repr, text};

/// How a document is spelled.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    pub comma: &'static str,
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

    /// Returns the spelling of what is neither a list nor a mapping with something in it.
    fn scalar(self, value: &Value) -> String {
        match value {
            Value::None => "null".to_owned(),
            Value::Bool(flag) => flag.to_string(),
            Value::Int(number) => number.to_string(),
            Value::Float(number) => match float::repr(*number).as_str() {
                "nan" => "NaN".to_owned(),
                "inf" => "Infinity".to_owned(),
                "-inf" => "-Infinity".to_owned(),
                finite => finite.to_owned(),
            },
            Value::Str(text) => self.string(text),
            Value::Bytes(_) => self.string(&repr::str(value)),
            Value::List(_) => "[]".to_owned(),
            Value::Dict(_) => "{}".to_owned(),
        }
    }

    /// Appends the pieces of a value and what stands `before` it: one, unless the value is a list or a mapping.
    fn push(self, value: &Value, before: String, level: usize, pieces: &mut Vec<String>) {
        let lead = |open, place| {
            let mark = if place == 0 { open } else { self.comma };
            format!("{mark}{}", self.line(level + 1))
        };
        match value {
            Value::List(items) if !items.is_empty() => {
                pieces.push(before);
                for (place, item) in items.iter().enumerate() {
                    self.push(item, lead("[", place), level + 1, pieces);
                }
                pieces.push(self.line(level) + "]");
            }
            Value::Dict(dict) if !dict.members.is_empty() => {
                pieces.push(before);
                for (place, (key, value)) in dict.members.iter().enumerate() {
                    pieces.push(lead("{", place));
                    pieces.push(self.string(key) + self.colon);
                    self.push(value, String::new(), level + 1, pieces);
                }
                pieces.push(self.line(level) + "}");
            }
            _ => pieces.push(before + &self.scalar(value)),
        }
    }
}

/// Returns `value` as a JSON document.
/// v1: `json.dumps`. Parity: CRED-24, CRED-25, OUT-43.
pub(crate) fn dumps(value: &Value, style: Style) -> String {
    pieces(value, style).concat()
}

/// Returns `value` as a JSON document, in the pieces in which Python writes it.
/// v1: `json.dump`. Parity: OUT-14 to OUT-17.
pub(crate) fn pieces(value: &Value, style: Style) -> Vec<String> {
    let mut pieces = Vec::new();
    style.push(value, String::new(), 0, &mut pieces);
    pieces
}

/// Returns a text in quotes, all but printable ASCII escaped, beyond the BMP by two escapes.
/// v1: `json.dumps(text)`. Parity: CRED-24, OUT-43.
pub(crate) fn ascii(text: &str) -> String {
    let quoted = serde_json::to_string(text).unwrap_or_default();
    let mut escaped = String::with_capacity(quoted.len());
    for code in text::codes(&quoted) {
        match char::from_u32(code) {
            Some(character @ ' '..='~') => escaped.push(character),
            Some(character) => {
                let mut units = [0; 2];
                let units = character.encode_utf16(&mut units).iter();
                escaped.extend(units.map(|unit| format!("\\u{unit:04x}")));
            }
            None => escaped.push_str(&text::escape(code)),
        }
    }
    escaped
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
