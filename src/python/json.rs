//! JSON text -> [`Value`], as Python's `json.loads` reads it, with its words and positions where it refuses. Beyond the
//! standard it takes `NaN`, `Infinity`, `-Infinity` and lone surrogates; integers are unbounded up to
//! [`int::MAX_DIGITS`]; a repeated key keeps its first place and takes the last value. Mirrors `_json.c`.

use std::fmt;

use super::{Dict, Value, codec, int, text};

/// How deep arrays and objects may nest: about as deep as in v1, whose limit and words for it depend on who reads
/// (deviation D17).
const DEPTH: usize = 980;

/// Python's words for what is nested too deep.
pub(crate) const TOO_DEEP: &str = "maximum recursion depth exceeded";

/// Why a text is no JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum JsonError {
    /// A `ValueError`: what is wrong and where, or an integer of too many digits.
    Invalid(String),
    /// A `RecursionError`: nested too deep; v1's callers do not catch it as they catch the other.
    TooDeep,
}

impl fmt::Display for JsonError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(message) => formatter.write_str(message),
            Self::TooDeep => formatter.write_str(TOO_DEEP),
        }
    }
}

impl std::error::Error for JsonError {}

/// Decodes a JSON text; objects become plain mappings.
/// Errors: Python's words, e.g. `Expecting value: line 1 column 1 (char 0)`.
/// v1: `json.loads(text)`. Parity: VAL-34, VAL-36 to VAL-42, VAL-53.
pub(crate) fn decode(document: &str) -> Result<Value, JsonError> {
    unmarked(document, false)
}

/// Decodes a JSON text; objects become ordered mappings, which messages spell differently.
/// Errors: as [`decode`].
/// v1: `json.loads(text, object_pairs_hook=OrderedDict)`. Parity: VAL-48.
pub(crate) fn decode_ordered(document: &str) -> Result<Value, JsonError> {
    unmarked(document, true)
}

/// Decodes JSON bytes in UTF-8, UTF-16 or UTF-32, with or without a byte order mark.
/// Errors: as [`decode`], or the codec's words for bytes that are no text.
/// v1: `json.loads(bytes)`. Parity: VAL-14.
pub(crate) fn decode_bytes(document: &[u8]) -> Result<Value, JsonError> {
    let document = codec::json(document).map_err(|error| JsonError::Invalid(error.to_string()))?;
    Decoder::new(&document, false).document()
}

/// Decodes a text, which a byte order mark may not begin.
fn unmarked(document: &str, ordered: bool) -> Decoded<Value> {
    let decoder = Decoder::new(document, ordered);
    if document.starts_with('\u{feff}') {
        return Err(decoder.error("Unexpected UTF-8 BOM (decode using utf-8-sig)", document.len()));
    }
    decoder.document()
}

type Decoded<T> = Result<T, JsonError>;

/// A document, and what is left of it to read.
struct Decoder<'d> {
    document: &'d str,
    rest: &'d str,
    /// True when objects become ordered mappings.
    ordered: bool,
    /// Arrays and objects that are open.
    depth: usize,
}

impl<'d> Decoder<'d> {
    fn new(document: &'d str, ordered: bool) -> Self {
        Self { document, rest: document, ordered, depth: 0 }
    }

    /// Decodes one value and nothing else but white space.
    fn document(mut self) -> Decoded<Value> {
        self.skip_whitespace();
        let value = self.value()?;
        self.skip_whitespace();
        if self.rest.is_empty() { Ok(value) } else { Err(self.error("Extra data", self.rest.len())) }
    }

    fn value(&mut self) -> Decoded<Value> {
        let decode = match self.rest.chars().next() {
            Some('"') => return self.string().map(Value::Str),
            Some('{') => Self::object,
            Some('[') => Self::array,
            _ => return self.constant().map_or_else(|| self.number(), Ok),
        };
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(JsonError::TooDeep);
        }
        self.rest = self.rest.get(1..).unwrap_or_default();
        let value = decode(self);
        self.depth -= 1;
        value
    }

    fn constant(&mut self) -> Option<Value> {
        let constants = [
            ("null", Value::None),
            ("true", Value::Bool(true)),
            ("false", Value::Bool(false)),
            ("NaN", Value::Float(f64::NAN)),
            ("Infinity", Value::Float(f64::INFINITY)),
            ("-Infinity", Value::Float(f64::NEG_INFINITY)),
        ];
        constants.into_iter().find(|(word, _)| self.take(word)).map(|(_, value)| value)
    }

    fn object(&mut self) -> Decoded<Value> {
        let mut dict = Dict { ordered: self.ordered, ..Dict::default() };
        while self.has_member("}", dict.members.is_empty())? {
            if !self.rest.starts_with('"') {
                return Err(self.error("Expecting property name enclosed in double quotes", self.rest.len()));
            }
            let key = self.string()?;
            self.expect(":", "Expecting ':' delimiter")?;
            let value = self.value()?;
            dict.insert(key, value);
        }
        Ok(Value::Dict(dict))
    }

    fn array(&mut self) -> Decoded<Value> {
        let mut items = Vec::new();
        while self.has_member("]", items.is_empty())? {
            items.push(self.value()?);
        }
        Ok(Value::List(items))
    }

    /// Steps over what stands before the next member, or over `end` where there is none.
    fn has_member(&mut self, end: &str, is_first: bool) -> Decoded<bool> {
        self.skip_whitespace();
        if self.take(end) {
            return Ok(false);
        }
        if !is_first {
            self.expect(",", "Expecting ',' delimiter")?;
        }
        Ok(true)
    }

    /// Steps over `mark` and the white space around it.
    fn expect(&mut self, mark: &str, what: &str) -> Decoded<()> {
        self.skip_whitespace();
        if !self.take(mark) {
            return Err(self.error(what, self.rest.len()));
        }
        self.skip_whitespace();
        Ok(())
    }

    /// Decodes the string whose quote is here.
    fn string(&mut self) -> Decoded<String> {
        let start = self.rest;
        self.take("\"");
        let mut content = String::new();
        loop {
            let is_plain = |letter: char| !matches!(letter, '"' | '\\' | '\0'..='\u{1f}');
            let special = self.rest.trim_start_matches(is_plain);
            content.push_str(self.read_until(special));
            if self.take("\"") {
                return Ok(content);
            } else if self.rest.starts_with('\\') {
                content.push(self.escape(start)?);
            } else if self.rest.is_empty() {
                return Err(self.error("Unterminated string starting at", start.len()));
            } else {
                return Err(self.error("Invalid control character at", self.rest.len()));
            }
        }
    }

    /// Decodes the character behind the backslash that is here, in the string that began at `start`.
    fn escape(&mut self, start: &str) -> Decoded<char> {
        let backslash = self.rest;
        let mut letters = backslash.chars();
        let escaped = letters.nth(1);
        self.rest = letters.as_str();
        match escaped {
            Some(character @ ('"' | '\\' | '/')) => Ok(character),
            Some('b') => Ok('\u{8}'),
            Some('f') => Ok('\u{c}'),
            Some('n') => Ok('\n'),
            Some('r') => Ok('\r'),
            Some('t') => Ok('\t'),
            Some('u') => self.unicode(),
            Some(_) => Err(self.error("Invalid \\escape", backslash.len())),
            None => Err(self.error("Unterminated string starting at", start.len())),
        }
    }

    /// Decodes the character that the four digits here spell, with those of a second escape when the two are a pair.
    fn unicode(&mut self) -> Decoded<char> {
        let high = self.code()?;
        let after = self.rest;
        if (0xD800..0xDC00).contains(&high) && self.take("\\u") {
            let pair = char::decode_utf16([high, self.code()?]).next();
            if let Some(Ok(pair)) = pair
                && text::surrogate(pair).is_none()
            {
                return Ok(pair);
            }
            self.rest = after;
        }
        Ok(text::from_code_point(high.into()))
    }

    /// Decodes the number that the four hexadecimal digits here spell; a character must follow them.
    fn code(&mut self) -> Decoded<u16> {
        let is_hex = |digits: &&str| digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let digits = self.rest.get(..4).filter(|_| self.rest.len() > 4).filter(is_hex);
        match digits.and_then(|digits| u16::from_str_radix(digits, 16).ok()) {
            Some(code) => {
                self.rest = self.rest.get(4..).unwrap_or_default();
                Ok(code)
            }
            None => Err(self.error("Invalid \\uXXXX escape", self.rest.len() + 1)),
        }
    }

    /// Decodes the number that begins here: `-`, digits without leading zeros, a fraction, an exponent.
    fn number(&mut self) -> Decoded<Value> {
        let start = self.rest;
        self.take("-");
        if !self.take("0") && !self.digits() {
            return Err(self.error("Expecting value", start.len()));
        }
        let fraction = self.rest;
        if !(self.take(".") && self.digits()) {
            self.rest = fraction;
        }
        let exponent = self.rest;
        let is_exponent = (self.take("e") || self.take("E")) && {
            let _ = self.take("+") || self.take("-");
            self.digits()
        };
        if !is_exponent {
            self.rest = exponent;
        }
        let end = std::mem::replace(&mut self.rest, start);
        let number = self.read_until(end);
        if end.len() == fraction.len() {
            int::int(number).map(Value::Int).map_err(|error| JsonError::Invalid(error.to_string()))
        } else {
            Ok(Value::Float(number.parse().unwrap_or(f64::NAN)))
        }
    }

    /// Steps over ASCII digits; false when there is none.
    fn digits(&mut self) -> bool {
        let after = self.rest.trim_start_matches(|digit: char| digit.is_ascii_digit());
        !self.read_until(after).is_empty()
    }

    /// Steps to `end`, a later part of the document, and returns what stands before it.
    fn read_until(&mut self, end: &'d str) -> &'d str {
        let read = self.rest.get(..self.rest.len() - end.len()).unwrap_or_default();
        self.rest = end;
        read
    }

    /// Steps over `wanted` when it is next.
    fn take(&mut self, wanted: &str) -> bool {
        let after = self.rest.strip_prefix(wanted);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn skip_whitespace(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    /// Returns `what: line L column C (char N)` for the place that `left` bytes follow; Python counts code points.
    /// v1: `JSONDecodeError`. Parity: VAL-35.
    fn error(&self, what: &str, left: usize) -> JsonError {
        let before = self.document.get(..self.document.len().saturating_sub(left)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|character| *character != '\n').count() + 1;
        JsonError::Invalid(format!("{what}: line {line} column {column} (char {})", before.chars().count()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::repr::repr;

    #[test]
    fn values_are_read_as_python_reads_them() {
        let rows = [
            ("{}", "{}"),
            (" [1, -0, 1.0, -0.0, 1e2, 1E+2]\n", "[1, 0, 1.0, -0.0, 100.0, 100.0]"),
            ("[NaN, Infinity, -Infinity, 1e400]", "[nan, inf, -inf, inf]"),
            (r#"{"a": 1, "b": 2, "a": 3}"#, "{'a': 3, 'b': 2}"),
            ("99999999999999999999", "99999999999999999999"),
            (r#""\ud83d\ude00 \ud800 \ud800\u0041 \/""#, "'😀 \\ud800 \\ud800A /'"),
            ("null", "None"),
            ("\"\u{7f}\u{2028}\"", "'\\x7f\\u2028'"),
        ];
        for (document, expected) in rows {
            assert_eq!(decode(document).map(|value| repr(&value)).as_deref(), Ok(expected), "{document}");
        }
        let ordered = decode_ordered(r#"{"a": {"b": []}}"#).map(|value| repr(&value));
        assert_eq!(ordered.as_deref(), Ok("OrderedDict([('a', OrderedDict([('b', [])]))])"));
    }

    #[test]
    fn errors_are_worded_as_python_words_them() {
        let rows = [
            ("", "Expecting value: line 1 column 1 (char 0)"),
            ("\u{feff}{}", "Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0)"),
            ("{\n'a': 1}", "Expecting property name enclosed in double quotes: line 2 column 1 (char 2)"),
            (r#"{"D": 5, }"#, "Expecting property name enclosed in double quotes: line 1 column 10 (char 9)"),
            (r#"{"D" 5}"#, "Expecting ':' delimiter: line 1 column 6 (char 5)"),
            (r#"{"D": 05}"#, "Expecting ',' delimiter: line 1 column 8 (char 7)"),
            (r#"{"D": }"#, "Expecting value: line 1 column 7 (char 6)"),
            ("[1,]", "Expecting value: line 1 column 4 (char 3)"),
            ("[", "Expecting value: line 1 column 2 (char 1)"),
            ("-", "Expecting value: line 1 column 1 (char 0)"),
            ("{} x", "Extra data: line 1 column 4 (char 3)"),
            ("\"a\tb\"", "Invalid control character at: line 1 column 3 (char 2)"),
            (r#""\x""#, "Invalid \\escape: line 1 column 2 (char 1)"),
            (r#""\u12"#, "Invalid \\uXXXX escape: line 1 column 3 (char 2)"),
            (r#""\ud800\u12g4 ""#, "Invalid \\uXXXX escape: line 1 column 9 (char 8)"),
            (r#""abc\"#, "Unterminated string starting at: line 1 column 1 (char 0)"),
            (r#""abc"#, "Unterminated string starting at: line 1 column 1 (char 0)"),
        ];
        for (document, expected) in rows {
            assert_eq!(decode(document).unwrap_err().to_string(), expected, "{document}");
        }
        let twice_marked = decode_bytes("\u{feff}\u{feff}{}".as_bytes()).unwrap_err().to_string();
        assert_eq!(twice_marked, "Expecting value: line 1 column 1 (char 0)");
    }

    #[test]
    fn nesting_is_bounded() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(decode(&nested(DEPTH)).is_ok());
        assert_eq!(decode(&nested(DEPTH + 1)), Err(JsonError::TooDeep));
    }
}
