//! Text -> bytes of standard output and error, in the encoding that the user asked Python for.
//! `PYTHONIOENCODING` names it, as `codec`, `codec:handler` or `:handler`. UTF-8, ASCII and ISO 8859-1 are known
//! (deviation D17).

use std::borrow::Cow;

use super::codec::{self, Charset};
use super::text;

/// An encoding and what it does with characters that it has not.
/// v1: `sys.stdout.encoding`, `sys.stdout.errors`. Parity: OUT-17, `output/encoding/*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Encoding {
    codec: Charset,
    /// Python's name of the error handler; that it does not exist is noticed only when it is needed.
    handler: Cow<'static, str>,
}

impl Encoding {
    /// What Python has in a locale that is `C`, `C.UTF-8` or not installed.
    pub(crate) const SYSTEM: Self = Self { codec: Charset::Utf8, handler: Cow::Borrowed("surrogateescape") };
    /// UTF-8 that refuses what it has not.
    /// v1: `text.encode('utf-8')`.
    pub(crate) const STRICT: Self = Self { codec: Charset::Utf8, handler: Cow::Borrowed("strict") };
    /// ASCII that refuses what it has not.
    /// v1: `text.encode('ascii')`. Parity: PROXY-04.
    pub(crate) const ASCII: Self = Self { codec: Charset::Ascii, handler: Cow::Borrowed("strict") };

    /// Returns the encoding of standard output by the value of `PYTHONIOENCODING`; a codec without a handler is strict.
    /// `None` where no such codec is known.
    pub(crate) fn of(setting: &str) -> Option<Self> {
        let (name, handler) = setting.split_once(':').unwrap_or((setting, ""));
        let Self { codec, handler: unset } = match name {
            "" => Self::SYSTEM,
            name => Self { codec: codec::named(name)?, ..Self::STRICT },
        };
        Some(Self { codec, handler: if handler.is_empty() { unset } else { handler.to_owned().into() } })
    }

    /// Returns the encoding of standard error beside this one of standard output: it spells out what it has not.
    #[must_use]
    pub(crate) fn of_stderr(&self) -> Self {
        Self { codec: self.codec, handler: Cow::Borrowed("backslashreplace") }
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
        for (place, &code) in codes.iter().enumerate() {
            if self.has(code) {
                match u8::try_from(code) {
                    Ok(byte) if self.codec != Charset::Utf8 => bytes.push(byte),
                    _ => bytes.extend(char::from_u32(code).unwrap_or_default().to_string().bytes()),
                }
            } else if !self.replace(code, &mut bytes)? {
                let run = codes.iter().skip(place).take_while(|code| !self.has(**code)).count();
                return Err(self.refused(code, place, run));
            }
        }
        Ok(bytes)
    }

    fn has(&self, code: u32) -> bool {
        match self.codec {
            Charset::Utf8 => !(0xD800..=0xDFFF).contains(&code),
            Charset::Latin1 => code < 0x100,
            Charset::Ascii => code < 0x80,
        }
    }

    /// Appends what stands for `code`, which the encoding has not; false when nothing does.
    /// Errors: Python's words for an unknown handler.
    fn replace(&self, code: u32, bytes: &mut Vec<u8>) -> Result<bool, String> {
        match (&*self.handler, u8::try_from(code.wrapping_sub(0xDC00))) {
            ("ignore", _) => {}
            ("replace", _) => bytes.push(b'?'),
            ("backslashreplace", _) => bytes.extend(text::escape(code).bytes()),
            ("xmlcharrefreplace", _) => bytes.extend(format!("&#{code};").bytes()),
            ("surrogateescape", Ok(byte @ 0x80..)) => bytes.push(byte),
            ("strict" | "surrogateescape" | "surrogatepass", _) => return Ok(false),
            (name, _) => return Err(format!("unknown error handler name '{name}'")),
        }
        Ok(true)
    }

    /// Returns Python's words for `run` characters from `start` on, `code` the first, that nothing stands for.
    fn refused(&self, code: u32, start: usize, run: usize) -> String {
        let what = match run {
            1 => format!("character '{}' in position {start}", text::escape(code)),
            _ => format!("characters in position {start}-{}", start + run.saturating_sub(1)),
        };
        let (codec, reason) = match self.codec {
            Charset::Utf8 => ("utf-8", "surrogates not allowed"),
            Charset::Latin1 => ("latin-1", "ordinal not in range(256)"),
            Charset::Ascii => ("ascii", "ordinal not in range(128)"),
        };
        format!("'{codec}' codec can't encode {what}: {reason}")
    }
}

/// Returns the bytes that [`text::decode`] decoded; `text` as it is kept where no bytes can be behind it.
/// v1: `os.fsencode`. Parity: WIRE-06.
pub(crate) fn system_bytes(text: &str) -> Vec<u8> {
    Encoding::SYSTEM.encode(text).unwrap_or_else(|_| text.as_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `a`, U+DCFF, U+00E9, U+D800.
    const MIXED: &str = "a\u{10dcff}é\u{10d800}";

    #[test]
    fn text_in_bytes_as_python_writes_it() {
        let rows: [(&str, &str, &[u8]); 12] = [
            ("", "aé\u{10dcff}", b"a\xc3\xa9\xff"),
            ("utf-8", "é", b"\xc3\xa9"),
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

    #[test]
    fn undecodable_bytes_survive_the_round_trip() {
        for bytes in [
            &b"plain"[..],
            b"\xff",
            b"a\xc3(b",
            b"\xed\xa0\x80",
            "é😀\u{10d800}\u{10dfff}\u{10ffff}".as_bytes(),
        ] {
            assert_eq!(system_bytes(&text::decode(bytes)), bytes);
        }
    }
}
