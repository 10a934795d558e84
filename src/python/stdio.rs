//! Text -> bytes of standard output and error, in the encoding that the user asked Python for.
//!
//! `PYTHONIOENCODING` names it, as `codec`, `codec:handler` or `:handler`. UTF-8, ASCII and ISO 8859-1 are known
//! (deviation D17).

use super::charset::{self, Charset};
use super::text;

/// An encoding and what it does with characters that it has not.
/// v1: `sys.stdout.encoding`, `sys.stdout.errors`. Parity: OUT-17, `output/encoding/*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Encoding {
    codec: Charset,
    handler: Handler,
}

/// What is done with a character that an encoding has not: Python's error handlers.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Handler {
    Strict,
    Ignore,
    Replace,
    BackslashReplace,
    XmlCharRefReplace,
    SurrogateEscape,
    SurrogatePass,
    /// One that does not exist, which is noticed only when it is needed.
    Unknown(String),
}

impl Default for Encoding {
    /// Returns what Python has in a locale that is `C`, `C.UTF-8` or not installed.
    fn default() -> Self {
        Self { codec: Charset::Utf8, handler: Handler::SurrogateEscape }
    }
}

impl Encoding {
    /// UTF-8 that refuses what it has not.
    /// v1: `text.encode('utf-8')`.
    pub(crate) const STRICT: Self = Self { codec: Charset::Utf8, handler: Handler::Strict };

    /// Returns the encoding of standard output by the value of `PYTHONIOENCODING`; a codec without a handler is strict.
    /// `None` where no such codec is known.
    pub(crate) fn of(setting: &str) -> Option<Self> {
        let (name, handler) = setting.split_once(':').unwrap_or((setting, ""));
        let (codec, unset) = match name {
            "" => (Charset::Utf8, Handler::SurrogateEscape),
            name => (charset::named(name)?, Handler::Strict),
        };
        Some(Self { codec, handler: if handler.is_empty() { unset } else { Handler::named(handler) } })
    }

    /// Returns the encoding of standard error beside this one of standard output: it spells out what it has not.
    #[must_use]
    pub(crate) fn of_stderr(&self) -> Self {
        Self { codec: self.codec, handler: Handler::BackslashReplace }
    }

    /// Encodes `text`.
    /// Errors: Python's words for the characters that can be written in no way.
    pub(crate) fn encode(&self, text: &str) -> Result<Vec<u8>, String> {
        let is_whole = self.codec == Charset::Utf8 && !text::may_hold_surrogates(text);
        if is_whole || text.is_ascii() {
            return Ok(text.as_bytes().to_vec());
        }
        let mut bytes = Vec::with_capacity(text.len());
        let codes: Vec<u32> = text::codes(text).collect();
        let mut place = 0;
        while let Some(&code) = codes.get(place) {
            if put(self.codec, code, &mut bytes) {
                place += 1;
                continue;
            }
            let rest = codes.get(place..).unwrap_or_default();
            let run = rest.iter().take_while(|code| !has(self.codec, **code)).count();
            let run = rest.get(..run).unwrap_or_default();
            for (done, &code) in run.iter().enumerate() {
                if !self.handler.put(code, self.codec, &mut bytes) {
                    return Err(self.encode_error(place, done, run));
                }
            }
            place += run.len();
        }
        Ok(bytes)
    }

    /// Returns Python's words for a `run` of characters from `start` of which the handler took the first `done`. Only
    /// bytes in the guise of surrogates are taken one by one.
    fn encode_error(&self, start: usize, done: usize, run: &[u32]) -> String {
        if let Handler::Unknown(name) = &self.handler {
            return format!("unknown error handler name '{name}'");
        }
        let taken = if self.handler == Handler::SurrogateEscape { done } else { 0 };
        let left = run.get(taken..).unwrap_or_default();
        let first = start + taken;
        let what = match left {
            [code] => format!("character '{}' in position {first}", spelled(*code)),
            _ => format!("characters in position {first}-{}", start + run.len().saturating_sub(1)),
        };
        let (codec, reason) = match self.codec {
            Charset::Utf8 => ("utf-8", "surrogates not allowed"),
            Charset::Latin1 => ("latin-1", "ordinal not in range(256)"),
            Charset::Ascii => ("ascii", "ordinal not in range(128)"),
        };
        format!("'{codec}' codec can't encode {what}: {reason}")
    }
}

/// Returns true when an encoding has the character `code`.
fn has(codec: Charset, code: u32) -> bool {
    match codec {
        Charset::Utf8 => !(0xD800..=0xDFFF).contains(&code),
        Charset::Latin1 => code < 0x100,
        Charset::Ascii => code < 0x80,
    }
}

/// Appends the character `code`; false when the encoding has it not.
fn put(codec: Charset, code: u32, bytes: &mut Vec<u8>) -> bool {
    if !has(codec, code) {
        return false;
    }
    match u8::try_from(code) {
        Ok(byte) if codec != Charset::Utf8 => bytes.push(byte),
        _ => bytes.extend(char::from_u32(code).unwrap_or_default().encode_utf8(&mut [0; 4]).bytes()),
    }
    true
}

impl Handler {
    /// Returns the handler of a name in Python.
    fn named(name: &str) -> Self {
        match name {
            "strict" => Self::Strict,
            "ignore" => Self::Ignore,
            "replace" => Self::Replace,
            "backslashreplace" => Self::BackslashReplace,
            "xmlcharrefreplace" => Self::XmlCharRefReplace,
            "surrogateescape" => Self::SurrogateEscape,
            "surrogatepass" => Self::SurrogatePass,
            other => Self::Unknown(other.to_owned()),
        }
    }

    /// Appends what stands for `code`, which `codec` has not; false when nothing does.
    fn put(&self, code: u32, codec: Charset, bytes: &mut Vec<u8>) -> bool {
        let escaped = code.checked_sub(0xDC00).and_then(|byte| u8::try_from(byte).ok());
        match self {
            Self::Strict | Self::Unknown(_) => return false,
            Self::Ignore => {}
            Self::Replace => bytes.push(b'?'),
            Self::BackslashReplace => bytes.extend(spelled(code).bytes()),
            Self::XmlCharRefReplace => bytes.extend(format!("&#{code};").bytes()),
            Self::SurrogateEscape => match escaped.filter(|byte| *byte >= 0x80) {
                Some(byte) => bytes.push(byte),
                None => return false,
            },
            Self::SurrogatePass if codec != Charset::Utf8 => return false,
            Self::SurrogatePass => {
                bytes.extend([0xE0 | code >> 12, 0x80 | code >> 6 & 0x3F, 0x80 | code & 0x3F].map(low_byte));
            }
        }
        true
    }
}

/// Returns the lowest eight bits.
fn low_byte(bits: u32) -> u8 {
    bits.to_le_bytes()[0]
}

/// Returns `code` as Python spells it in a literal: `\xe9`, `\u20ac`, `\U0001f600`.
fn spelled(code: u32) -> String {
    match code {
        ..0x100 => format!("\\x{code:02x}"),
        0x100..0x1_0000 => format!("\\u{code:04x}"),
        _ => format!("\\U{code:08x}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `a`, U+DCFF, U+00E9, U+D800.
    const MIXED: &str = "a\u{10dcff}é\u{10d800}";

    #[test]
    fn text_in_bytes_as_python_writes_it() {
        let rows: [(&str, &str, &[u8]); 13] = [
            ("", "aé\u{10dcff}", b"a\xc3\xa9\xff"),
            ("utf-8", "é", b"\xc3\xa9"),
            ("utf_8:surrogatepass", "\u{10d800}", b"\xed\xa0\x80"),
            ("ascii:surrogateescape", "\u{10dce9}", b"\xe9"),
            ("ascii:ignore", MIXED, b"a"),
            ("ascii:replace", MIXED, b"a???"),
            ("ascii:backslashreplace", MIXED, b"a\\udcff\\xe9\\ud800"),
            ("ascii:xmlcharrefreplace", MIXED, b"a&#56575;&#233;&#55296;"),
            ("ascii:bad", "a", b"a"),
            ("latin-1", "é", b"\xe9"),
            ("latin1:surrogateescape", "\u{10dcff}é", b"\xff\xe9"),
            (":ignore", "é\u{10d800}", b"\xc3\xa9"),
            (":", "\u{10dcff}", b"\xff"),
        ];
        for (setting, text, expected) in rows {
            assert_eq!(
                Encoding::of(setting).unwrap().encode(text).as_deref(),
                Ok(expected),
                "{setting} {text:?}"
            );
        }
    }

    #[test]
    fn what_an_encoding_has_not_is_named_as_python_names_it() {
        let rows = [
            (
                "",
                MIXED,
                "'utf-8' codec can't encode character '\\ud800' in position 3: surrogates not allowed",
            ),
            (
                "",
                "\u{10d800}\u{10dcff} x",
                "'utf-8' codec can't encode characters in position 0-1: surrogates not allowed",
            ),
            (
                "UTF8",
                MIXED,
                "'utf-8' codec can't encode character '\\udcff' in position 1: surrogates not allowed",
            ),
            (
                "ascii",
                "aé\u{4e2d}b",
                "'ascii' codec can't encode characters in position 1-2: ordinal not in range(128)",
            ),
            (
                "us-ascii",
                "😀",
                "'ascii' codec can't encode character '\\U0001f600' in position 0: ordinal not in range(128)",
            ),
            (
                "ascii:surrogateescape",
                MIXED,
                "'ascii' codec can't encode characters in position 2-3: ordinal not in range(128)",
            ),
            (
                "ascii:surrogatepass",
                MIXED,
                "'ascii' codec can't encode characters in position 1-3: ordinal not in range(128)",
            ),
            (
                "ISO-8859-1",
                MIXED,
                "'latin-1' codec can't encode character '\\udcff' in position 1: ordinal not in range(256)",
            ),
            ("ascii:bad", "é", "unknown error handler name 'bad'"),
        ];
        for (setting, text, expected) in rows {
            assert_eq!(
                Encoding::of(setting).unwrap().encode(text),
                Err(expected.to_owned()),
                "{setting} {text:?}"
            );
        }
    }

    #[test]
    fn codecs_that_are_not_known() {
        for (setting, is_known) in
            [("bad", false), ("hex", false), ("bad:ignore", false), ("utf-16", false), ("", true)]
        {
            assert_eq!(Encoding::of(setting).is_some(), is_known, "{setting}");
        }
    }

    #[test]
    fn standard_error_spells_out_what_it_has_not() {
        for (setting, expected) in
            [("", &b"\xc3\xa9\\udcff"[..]), ("ascii", b"\\xe9\\udcff"), ("l1", b"\xe9\\udcff")]
        {
            let found = Encoding::of(setting).unwrap().of_stderr().encode("é\u{10dcff}");
            assert_eq!(found.as_deref(), Ok(expected), "{setting}");
        }
    }
}
