//! JSON text -> [`Value`], as Python's `json.loads` reads it, with its words and positions where it refuses.
//!
//! Beyond the standard it takes `NaN`, `Infinity`, `-Infinity` and lone surrogates; integers are unbounded up to
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
    Decoder::new(document, false).text()
}

/// Decodes a JSON text; objects become ordered mappings, which messages spell differently.
/// Errors: as [`decode`].
/// v1: `json.loads(text, object_pairs_hook=OrderedDict)`. Parity: VAL-48.
pub(crate) fn decode_ordered(document: &str) -> Result<Value, JsonError> {
    Decoder::new(document, true).text()
}

/// Decodes JSON bytes in UTF-8, UTF-16 or UTF-32, with or without a byte order mark.
/// Errors: as [`decode`], or the codec's words for bytes that are no text.
/// v1: `json.loads(bytes)`. Parity: VAL-14.
pub(crate) fn decode_bytes(document: &[u8]) -> Result<Value, JsonError> {
    let document = codec::json(document).map_err(|error| JsonError::Invalid(error.to_string()))?;
    Decoder::new(&document, false).document()
}

/// What a step of the decoder gives.
type Decoded<T> = Result<T, JsonError>;

/// A document and the place that is read next.
struct Decoder {
    /// The document by code points, in which Python counts.
    text: Vec<char>,
    /// Place of the next code point.
    at: usize,
    /// True when objects become ordered mappings.
    ordered: bool,
    /// Arrays and objects that are open.
    depth: usize,
}

impl Decoder {
    /// Returns a decoder at the start of `document`.
    fn new(document: &str, ordered: bool) -> Self {
        Self { text: document.chars().collect(), at: 0, ordered, depth: 0 }
    }

    /// Decodes one value in a text, which a byte order mark may not begin.
    fn text(self) -> Decoded<Value> {
        if self.peek() == Some('\u{feff}') {
            return Err(self.error("Unexpected UTF-8 BOM (decode using utf-8-sig)", 0));
        }
        self.document()
    }

    /// Decodes one value and nothing else but white space.
    fn document(mut self) -> Decoded<Value> {
        self.skip_whitespace();
        let value = self.value()?;
        self.skip_whitespace();
        if self.at < self.text.len() {
            return Err(self.error("Extra data", self.at));
        }
        Ok(value)
    }

    /// Decodes the value that begins here.
    fn value(&mut self) -> Decoded<Value> {
        match self.peek() {
            Some('"') => self.string().map(Value::Str),
            Some('{') => {
                self.enter()?;
                self.object()
            }
            Some('[') => {
                self.enter()?;
                self.array()
            }
            _ => match self.constant() {
                Some(value) => Ok(value),
                None => self.number(),
            },
        }
    }

    /// Steps into an array or object.
    fn enter(&mut self) -> Decoded<()> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(JsonError::TooDeep);
        }
        self.at += 1;
        self.skip_whitespace();
        Ok(())
    }

    /// Decodes the rest of an object after its brace.
    fn object(&mut self) -> Decoded<Value> {
        let mut dict = Dict { ordered: self.ordered, ..Dict::default() };
        while !(dict.members.is_empty() && self.take('}')) {
            if self.peek() != Some('"') {
                return Err(self.error("Expecting property name enclosed in double quotes", self.at));
            }
            let key = self.string()?;
            self.skip_whitespace();
            if !self.take(':') {
                return Err(self.error("Expecting ':' delimiter", self.at));
            }
            self.skip_whitespace();
            let value = self.value()?;
            dict.insert(key, value);
            if self.closed_by('}')? {
                break;
            }
        }
        self.depth -= 1;
        Ok(Value::Dict(dict))
    }

    /// Decodes the rest of an array after its bracket.
    fn array(&mut self) -> Decoded<Value> {
        let mut items = Vec::new();
        while !(items.is_empty() && self.take(']')) {
            items.push(self.value()?);
            if self.closed_by(']')? {
                break;
            }
        }
        self.depth -= 1;
        Ok(Value::List(items))
    }

    /// Returns true when `end` follows a member, false when a comma and another member do.
    fn closed_by(&mut self, end: char) -> Decoded<bool> {
        self.skip_whitespace();
        if self.take(end) {
            return Ok(true);
        }
        if !self.take(',') {
            return Err(self.error("Expecting ',' delimiter", self.at));
        }
        self.skip_whitespace();
        Ok(false)
    }

    /// Decodes the string that begins here.
    fn string(&mut self) -> Decoded<String> {
        let begin = self.at;
        self.at += 1;
        let mut content = String::new();
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let plain =
                rest.iter().take_while(|letter| !matches!(letter, '"' | '\\' | '\0'..='\u{1f}')).count();
            content.reserve(plain + 1);
            content.extend(rest.iter().take(plain));
            self.at += plain;
            match self.peek() {
                Some('"') => {
                    self.at += 1;
                    return Ok(content);
                }
                Some('\\') => content.push(self.escape(begin)?),
                Some(_) => return Err(self.error("Invalid control character at", self.at)),
                None => return Err(self.error("Unterminated string starting at", begin)),
            }
        }
    }

    /// Decodes the character behind the backslash that is here, in the string that began at `begin`.
    fn escape(&mut self, begin: usize) -> Decoded<char> {
        let backslash = self.at;
        self.at += 2;
        match self.text.get(backslash + 1) {
            Some(&character @ ('"' | '\\' | '/')) => Ok(character),
            Some('b') => Ok('\u{8}'),
            Some('f') => Ok('\u{c}'),
            Some('n') => Ok('\n'),
            Some('r') => Ok('\r'),
            Some('t') => Ok('\t'),
            Some('u') => self.unicode(),
            Some(_) => Err(self.error("Invalid \\escape", backslash)),
            None => Err(self.error("Unterminated string starting at", begin)),
        }
    }

    /// Decodes the character that the four digits here spell, with those of a second escape when the two are a pair.
    fn unicode(&mut self) -> Decoded<char> {
        let high = self.code()?;
        let pairs = (0xD800..0xDC00).contains(&high)
            && self.text.get(self.at..self.at + 2) == Some(&['\\', 'u'])
            && self.at + 6 < self.text.len();
        if pairs {
            self.at += 2;
            let low = self.code()?;
            let pair = text::from_code_point(0x1_0000 + ((high - 0xD800) << 10) + (low & 0x3FF));
            if (0xDC00..0xE000).contains(&low) && text::surrogate(pair).is_none() {
                return Ok(pair);
            }
            self.at -= 6;
        }
        Ok(text::from_code_point(high))
    }

    /// Decodes the number that the four hexadecimal digits here spell; a character must follow them.
    fn code(&mut self) -> Decoded<u32> {
        let digits = self.text.get(self.at..self.at + 4).filter(|_| self.at + 4 < self.text.len());
        let code = digits.and_then(|digits| {
            digits.iter().try_fold(0, |code, digit| Some(code * 16 + digit.to_digit(16)?))
        });
        let Some(code) = code else { return Err(self.error("Invalid \\uXXXX escape", self.at - 1)) };
        self.at += 4;
        Ok(code)
    }

    /// Decodes the constant that begins here, if one does.
    fn constant(&mut self) -> Option<Value> {
        let constants = [
            ("null", Value::None),
            ("true", Value::Bool(true)),
            ("false", Value::Bool(false)),
            ("NaN", Value::Float(f64::NAN)),
            ("Infinity", Value::Float(f64::INFINITY)),
            ("-Infinity", Value::Float(f64::NEG_INFINITY)),
        ];
        let rest = self.text.get(self.at..)?;
        let (word, value) =
            constants.into_iter().find(|(word, _)| rest.iter().copied().take(word.len()).eq(word.chars()))?;
        self.at += word.len();
        Some(value)
    }

    /// Decodes the number that begins here: `-`, digits without leading zeros, a fraction, an exponent.
    fn number(&mut self) -> Decoded<Value> {
        let start = self.at;
        self.take('-');
        if !self.take('0') && !self.digits() {
            return Err(self.error("Expecting value", start));
        }
        let whole_end = self.at;
        if !(self.take('.') && self.digits()) {
            self.at = whole_end;
        }
        let fraction_end = self.at;
        if !self.exponent() {
            self.at = fraction_end;
        }
        let digits: String = self.text.get(start..self.at).unwrap_or_default().iter().collect();
        if self.at == whole_end {
            integer(&digits)
        } else {
            Ok(Value::Float(digits.parse().unwrap_or(f64::NAN)))
        }
    }

    /// Steps over `e`, a sign and digits; false when they are not all there.
    fn exponent(&mut self) -> bool {
        (self.take('e') || self.take('E')) && {
            let _ = self.take('+') || self.take('-');
            self.digits()
        }
    }

    /// Steps over ASCII digits; false when there is none.
    fn digits(&mut self) -> bool {
        let start = self.at;
        while self.peek().is_some_and(|character| character.is_ascii_digit()) {
            self.at += 1;
        }
        self.at > start
    }

    /// Returns the next code point.
    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    /// Steps over `wanted` when it is next.
    fn take(&mut self, wanted: char) -> bool {
        let taken = self.peek() == Some(wanted);
        self.at += usize::from(taken);
        taken
    }

    /// Steps over JSON's white space.
    fn skip_whitespace(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\n' | '\r')) {
            self.at += 1;
        }
    }

    /// Returns `what: line L column C (char N)` for the code point at `place`.
    /// v1: `JSONDecodeError`. Parity: VAL-35.
    fn error(&self, what: &str, place: usize) -> JsonError {
        let before = self.text.get(..place).unwrap_or(&self.text);
        let line = before.iter().filter(|character| **character == '\n').count() + 1;
        let column = before.iter().rev().take_while(|character| **character != '\n').count() + 1;
        JsonError::Invalid(format!("{what}: line {line} column {column} (char {place})"))
    }
}

/// Parses `digits`.
/// Parity: VAL-42.
fn integer(digits: &str) -> Decoded<Value> {
    match int::int(digits) {
        Ok(number) => Ok(Value::Int(number)),
        Err(error) => Err(JsonError::Invalid(error.to_string())),
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
