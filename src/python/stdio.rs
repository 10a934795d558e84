//! Text -> bytes of standard output and error, in the encoding that the user asked Python for.
//!
//! `PYTHONIOENCODING` names it, as `codec`, `codec:handler` or `:handler`. UTF-8, ASCII and the code pages of
//! [`super::charset`] are followed; for what else Python has (UTF-16, those of East Asia) UTF-8 is written.

use super::{charset, code_pages, text};

/// An encoding and what it does with characters that it has not.
///
/// v1: `sys.stdout.encoding`, `sys.stdout.errors`. Parity: OUT-17, `output/encoding/*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoding {
    codec: Codec,
    handler: Handler,
}

/// An encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Codec {
    Utf8,
    Latin1,
    Ascii,
    /// A code page whose upper half has these characters.
    Page(&'static str),
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
    /// What Python has in a locale that is `C`, `C.UTF-8` or not installed.
    fn default() -> Self {
        Self { codec: Codec::Utf8, handler: Handler::SurrogateEscape }
    }
}

impl Encoding {
    /// UTF-8 that refuses what it has not.
    ///
    /// v1: `text.encode('utf-8')`.
    pub const STRICT: Self = Self { codec: Codec::Utf8, handler: Handler::Strict };

    /// The encoding of standard output by the value of `PYTHONIOENCODING`; a codec without a handler is strict.
    /// `None` where Python has no such codec.
    pub fn of(setting: &str) -> Option<Self> {
        let (name, handler) = setting.split_once(':').unwrap_or((setting, ""));
        let (codec, unset) = match name {
            "" => (Codec::Utf8, Handler::SurrogateEscape),
            name => (Codec::named(name)?, Handler::Strict),
        };
        Some(Self { codec, handler: if handler.is_empty() { unset } else { Handler::named(handler) } })
    }

    /// The encoding of standard error beside this one of standard output: it spells out what it has not.
    #[must_use]
    pub fn of_stderr(&self) -> Self {
        Self { codec: self.codec, handler: Handler::BackslashReplace }
    }

    /// `text` in bytes.
    ///
    /// # Errors
    /// Python's words for the characters that can be written in no way.
    pub fn encode(&self, text: &str) -> Result<Vec<u8>, String> {
        if text.is_ascii() {
            return Ok(text.as_bytes().to_vec()); // which every codec has
        }
        let mut bytes = Vec::with_capacity(text.len());
        let codes: Vec<u32> = text::codes(text).collect();
        let mut place = 0;
        while let Some(&code) = codes.get(place) {
            if self.codec.put(code, &mut bytes) {
                place += 1;
                continue;
            }
            let rest = codes.get(place..).unwrap_or_default();
            let run = rest.iter().take_while(|code| !self.codec.has(**code)).count();
            let run = rest.get(..run).unwrap_or_default();
            for (done, &code) in run.iter().enumerate() {
                if !self.handler.put(code, self.codec, &mut bytes) {
                    return Err(self.complaint(place, done, run));
                }
            }
            place += run.len();
        }
        Ok(bytes)
    }

    /// Python's words for a `run` of characters from `start` of which the handler took the first `done`. Only bytes
    /// in the guise of surrogates are taken one by one, and not by a code page.
    fn complaint(&self, start: usize, done: usize, run: &[u32]) -> String {
        if let Handler::Unknown(name) = &self.handler {
            return format!("unknown error handler name '{name}'");
        }
        let one_by_one = self.handler == Handler::SurrogateEscape && !matches!(self.codec, Codec::Page(_));
        let taken = if one_by_one { done } else { 0 };
        let left = run.get(taken..).unwrap_or_default();
        let first = start + taken;
        let what = match left {
            [code] => format!("character '{}' in position {first}", spelled(*code)),
            _ => format!("characters in position {first}-{}", start + run.len().saturating_sub(1)),
        };
        let (codec, reason) = match self.codec {
            Codec::Utf8 => ("utf-8", "surrogates not allowed"),
            Codec::Latin1 => ("latin-1", "ordinal not in range(256)"),
            Codec::Ascii => ("ascii", "ordinal not in range(128)"),
            Codec::Page(_) => ("charmap", "character maps to <undefined>"),
        };
        format!("'{codec}' codec can't encode {what}: {reason}")
    }
}

impl Codec {
    /// The codec of a name in Python; `None` where it has none for text.
    fn named(name: &str) -> Option<Self> {
        Some(match charset::codec(name)? {
            charset::Codec::NotText => return None,
            charset::Codec::Latin1 => Self::Latin1,
            charset::Codec::Ascii => Self::Ascii,
            charset::Codec::Page(half) => Self::Page(half),
            _ => Self::Utf8,
        })
    }

    /// True when it has the character `code`.
    fn has(self, code: u32) -> bool {
        match self {
            Self::Utf8 => !(0xD800..=0xDFFF).contains(&code),
            Self::Latin1 => code < 0x100,
            Self::Ascii => code < 0x80,
            Self::Page(half) => code_pages::byte(half, code).is_some(),
        }
    }

    /// Appends the character `code`; false when it has it not.
    fn put(self, code: u32, bytes: &mut Vec<u8>) -> bool {
        if !self.has(code) {
            return false;
        }
        let byte = match self {
            Self::Utf8 => None,
            Self::Latin1 | Self::Ascii => u8::try_from(code).ok(),
            Self::Page(half) => code_pages::byte(half, code),
        };
        match byte {
            Some(byte) => bytes.push(byte),
            None => bytes.extend(char::from_u32(code).unwrap_or_default().encode_utf8(&mut [0; 4]).bytes()),
        }
        true
    }
}

impl Handler {
    /// The handler of a name in Python.
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
    fn put(&self, code: u32, codec: Codec, bytes: &mut Vec<u8>) -> bool {
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
            Self::SurrogatePass if codec != Codec::Utf8 => return false,
            Self::SurrogatePass => {
                bytes.extend([0xE0 | code >> 12, 0x80 | code >> 6 & 0x3F, 0x80 | code & 0x3F].map(low_byte));
            }
        }
        true
    }
}

/// The lowest eight bits.
fn low_byte(bits: u32) -> u8 {
    bits.to_le_bytes()[0]
}

/// `code` as Python spells it in a literal: `\xe9`, `\u20ac`, `\U0001f600`.
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
        let rows: [(&str, &str, &[u8]); 15] = [
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
            ("cp1252", "é€", b"\xe9\x80"),
            ("iso-8859-15:replace", "€\u{80}\u{4e2d}", b"\xa4\x80?"),
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
    fn a_code_page_names_all_that_it_has_not() {
        let rows = [
            (
                "cp1252:surrogateescape",
                MIXED,
                "'charmap' codec can't encode character '\\ud800' in position 3: character maps to <undefined>",
            ),
            (
                "cp1252:surrogateescape",
                "\u{10dcff}\u{4e2d}",
                "'charmap' codec can't encode characters in position 0-1: character maps to <undefined>",
            ),
        ];
        for (setting, text, expected) in rows {
            let found = Encoding::of(setting).unwrap().encode(text);
            assert_eq!(found, Err(expected.to_owned()), "{setting} {text:?}");
        }
    }

    #[test]
    fn codecs_that_python_has_not() {
        for (setting, is_known) in
            [("bad", false), ("hex", false), ("bad:ignore", false), ("utf-16", true), ("", true)]
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
