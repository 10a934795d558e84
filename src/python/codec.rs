//! Bytes -> text the strict way, in Python's words where the bytes are no text: `bytes.decode(name)`.
//! UTF-8, ASCII and ISO 8859-1 are read, and of the encodings that have ASCII inside what is ASCII; the others are
//! refused (deviation D7). The lenient way, for what comes from the system, is [`super::text::decode`].

use anyhow::{Context, anyhow, bail};

use super::text;

/// An encoding that is read and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Charset {
    Utf8,
    Ascii,
    Latin1,
}

/// The names of the encodings, separated by blanks.
const NAMES: [(&str, Charset); 3] = [
    ("utf_8 utf8 u8 utf cp65001", Charset::Utf8),
    ("ascii us_ascii us 646 ansi_x3.4_1968", Charset::Ascii),
    ("latin_1 latin1 latin l1 iso_8859_1 iso8859_1 iso8859 8859 cp819", Charset::Latin1),
];

/// How the names of encodings begin that have ASCII inside.
const BEYOND_ASCII: [&str; 9] =
    ["windows_", "cp125", "iso_8859_", "iso8859_", "koi8_", "shift_jis", "euc_", "gb", "big5"];

/// Returns the text that `bytes` spell in `encoding`; no bytes are no text in any encoding.
/// Errors: Python's words for bytes that spell none and for a name that is none, ours for what only Python can read.
/// v1: `bytes.decode(encoding)`. Parity: VAL-09, VAL-10.
pub(crate) fn decode(bytes: &[u8], encoding: &str) -> anyhow::Result<String> {
    if bytes.is_empty() {
        return Ok(String::new());
    }
    let is_similar = || BEYOND_ASCII.iter().any(|start| normal(encoding).starts_with(start));
    match named(encoding) {
        Some(Charset::Utf8) => utf8(bytes),
        Some(Charset::Ascii) => ascii(bytes),
        Some(Charset::Latin1) => Ok(bytes.iter().copied().map(char::from).collect()),
        None if is_similar() => {
            ascii(bytes).with_context(|| format!("the encoding {encoding} is not supported"))
        }
        None => bail!("unknown encoding: {encoding}"),
    }
}

pub(super) fn named(name: &str) -> Option<Charset> {
    let name = normal(name);
    let has = |names: &str| names.split(' ').any(|known| known == name);
    NAMES.iter().find(|(names, _)| has(names)).map(|(_, charset)| *charset)
}

/// Returns `name` in lower case with one `_` for all between its letters, digits and full stops.
/// v1: `encodings.normalize_encoding`. Parity: VAL-09.
fn normal(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '.');
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_").to_ascii_lowercase()
}

fn ascii(bytes: &[u8]) -> anyhow::Result<String> {
    match bytes.iter().enumerate().find(|(_, byte)| !byte.is_ascii()) {
        None => utf8(bytes),
        Some((start, byte)) => Err(refused("ascii", start, &[*byte], "ordinal not in range(128)")),
    }
}

/// Returns Python's words for the bytes at `start` that are wrong.
/// v1: `UnicodeDecodeError`. Parity: OUT-04.
fn refused(codec: &str, start: usize, wrong: &[u8], reason: &str) -> anyhow::Error {
    let what = match wrong {
        [byte] => format!("byte 0x{byte:02x} in position {start}"),
        _ => format!("bytes in position {start}-{}", start + wrong.len().saturating_sub(1)),
    };
    anyhow!("'{codec}' codec can't decode {what}: {reason}")
}

/// Decodes UTF-8; a byte order mark stays as U+FEFF.
/// Errors: Python's words for the first byte that is no UTF-8.
/// v1: `bytes.decode('utf-8')`. Parity: OUT-04.
pub(crate) fn utf8(bytes: &[u8]) -> anyhow::Result<String> {
    decode_utf8(bytes, false)
}

/// Decodes a JSON document in UTF-8, UTF-16 or UTF-32 to its text, without its byte order mark.
/// Errors: Python's words for the first byte that is none of it.
/// v1: `json.detect_encoding`, `bytes.decode(.., 'surrogatepass')`. Parity: VAL-14.
pub(crate) fn json(bytes: &[u8]) -> anyhow::Result<String> {
    match bytes {
        [0xFF, 0xFE, 0, 0, ..] => decode_utf32(bytes, 4, true),
        [0, 0, 0xFE, 0xFF, ..] => decode_utf32(bytes, 4, false),
        [0xFF, 0xFE, ..] => decode_utf16(bytes, 2, true),
        [0xFE, 0xFF, ..] => decode_utf16(bytes, 2, false),
        [0, 0, _, _, ..] => decode_utf32(bytes, 0, false),
        [_, 0, 0, 0, ..] => decode_utf32(bytes, 0, true),
        [0, _, ..] => decode_utf16(bytes, 0, false),
        [_, 0, ..] => decode_utf16(bytes, 0, true),
        [0xEF, 0xBB, 0xBF, rest @ ..] => decode_utf8(rest, true),
        _ => decode_utf8(bytes, true),
    }
}

/// Decodes UTF-8; surrogates spelled in it are kept or refused.
fn decode_utf8(bytes: &[u8], keeps_surrogates: bool) -> anyhow::Result<String> {
    let mut decoded = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(chunk) = rest.utf8_chunks().next() {
        text::push_foreign(&mut decoded, chunk.valid());
        rest = rest.get(chunk.valid().len()..).unwrap_or_default();
        match (chunk.invalid(), rest) {
            ([], _) => {}
            (_, [0xED, middle @ 0xA0..=0xBF, last @ 0x80..=0xBF, after @ ..]) if keeps_surrogates => {
                let code = 0xD000 | u32::from(middle & 0x3F) << 6 | u32::from(last & 0x3F);
                decoded.push(text::from_code_point(code));
                rest = after;
            }
            (wrong, _) => {
                let is_cut = std::str::from_utf8(rest).is_err_and(|error| error.error_len().is_none());
                let reason = match wrong {
                    [0x80..0xC2 | 0xF5.., ..] => "invalid start byte",
                    _ if is_cut => "unexpected end of data",
                    _ => "invalid continuation byte",
                };
                return Err(refused("utf-8", bytes.len() - rest.len(), wrong, reason));
            }
        }
    }
    Ok(decoded)
}

/// Decodes UTF-16 behind a mark of `skipped` bytes; lone surrogates are kept.
fn decode_utf16(bytes: &[u8], skipped: usize, is_little: bool) -> anyhow::Result<String> {
    let (units, rest) = bytes.get(skipped..).unwrap_or_default().as_chunks::<2>();
    let unit = if is_little { u16::from_le_bytes } else { u16::from_be_bytes };
    let mut decoded = String::with_capacity(bytes.len());
    for character in char::decode_utf16(units.iter().map(|bytes| unit(*bytes))) {
        match character {
            Ok(character) => text::push_foreign(&mut decoded, character.encode_utf8(&mut [0; 4])),
            Err(lone) => decoded.push(text::from_code_point(u32::from(lone.unpaired_surrogate()))),
        }
    }
    whole(decoded, if is_little { "utf-16-le" } else { "utf-16-be" }, bytes.len() - rest.len(), rest)
}

/// Decodes UTF-32 behind a mark of `skipped` bytes; surrogates are kept.
fn decode_utf32(bytes: &[u8], skipped: usize, is_little: bool) -> anyhow::Result<String> {
    let (units, rest) = bytes.get(skipped..).unwrap_or_default().as_chunks::<4>();
    let unit = if is_little { u32::from_le_bytes } else { u32::from_be_bytes };
    let decoded = units.iter().map(|bytes| text::from_code_point(unit(*bytes))).collect();
    whole(decoded, if is_little { "utf-32-le" } else { "utf-32-be" }, bytes.len() - rest.len(), rest)
}

/// Returns `decoded`, unless bytes of an unfinished unit are left at `start`.
fn whole(decoded: String, codec: &str, start: usize, rest: &[u8]) -> anyhow::Result<String> {
    if rest.is_empty() { Ok(decoded) } else { Err(refused(codec, start, rest, "truncated data")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_utf8_is_named_as_python_names_it() {
        let rows: [(&[u8], &str); 8] = [
            (b"ab\xff", "'utf-8' codec can't decode byte 0xff in position 2: invalid start byte"),
            (b"\xc0\x80", "'utf-8' codec can't decode byte 0xc0 in position 0: invalid start byte"),
            (b"\xe0\x80", "'utf-8' codec can't decode byte 0xe0 in position 0: invalid continuation byte"),
            (
                b"\xed\xa0\x80",
                "'utf-8' codec can't decode byte 0xed in position 0: invalid continuation byte",
            ),
            (b"\xed\xa0", "'utf-8' codec can't decode byte 0xed in position 0: invalid continuation byte"),
            (b"\xf0\x90\x80", "'utf-8' codec can't decode bytes in position 0-2: unexpected end of data"),
            (b"\xf0\x90\x80a", "'utf-8' codec can't decode bytes in position 0-2: invalid continuation byte"),
            (b"\xc3", "'utf-8' codec can't decode byte 0xc3 in position 0: unexpected end of data"),
        ];
        for (bytes, expected) in rows {
            assert_eq!(utf8(bytes).unwrap_err().to_string(), expected, "{bytes:?}");
        }
        assert_eq!(utf8("\u{feff}é😀".as_bytes()).unwrap(), "\u{feff}é😀");
    }

    #[test]
    fn json_is_read_in_every_encoding_of_unicode() {
        let rows: [(&[u8], Result<&str, &str>); 10] = [
            (b"{}", Ok("{}")),
            (b"\xef\xbb\xbf{}", Ok("{}")),
            (b"\xff\xfe{\0}\0", Ok("{}")),
            (b"\xfe\xff\0{\0}", Ok("{}")),
            (b"{\0}\0", Ok("{}")),
            (b"\0{\0}", Ok("{}")),
            (b"\xff\xfe\0\0{\0\0\0}\0\0\0", Ok("{}")),
            (b"\0\0\0{\0\0\0}", Ok("{}")),
            (b"\xed\xa0\x80", Ok("\u{10d800}")),
            (
                b"\xff\xfe\0\xd8a",
                Err("'utf-16-le' codec can't decode byte 0x61 in position 4: truncated data"),
            ),
        ];
        for (bytes, expected) in rows {
            assert_eq!(
                json(bytes).map_err(|error| error.to_string()),
                expected.map(str::to_owned).map_err(str::to_owned),
                "{bytes:?}"
            );
        }
    }

    #[test]
    fn names_and_bytes_are_read_as_python_reads_them() {
        let rows: [(&str, &[u8], Result<&str, &str>); 8] = [
            ("klingon", b"", Ok("")),
            ("klingon", b"a", Err("unknown encoding: klingon")),
            (" -UTF--8 ", b"\xc3\xa9", Ok("é")),
            ("US-ASCII", b"a", Ok("a")),
            ("ISO-8859-1", b"\xe9", Ok("é")),
            ("windows-1252", b"arn:x", Ok("arn:x")),
            ("Shift_JIS", b"arn:x\\~", Ok("arn:x\\~")),
            ("windows-1252", b"\x80\xe9", Err("the encoding windows-1252 is not supported")),
        ];
        for (encoding, bytes, expected) in rows {
            let text = decode(bytes, encoding).map_err(|error| error.to_string());
            assert_eq!(text, expected.map(str::to_owned).map_err(str::to_owned), "{encoding} {bytes:?}");
        }
    }
}
