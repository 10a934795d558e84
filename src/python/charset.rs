//! Bytes and the name of an encoding -> text: Python's `bytes.decode(name)`.
//!
//! UTF-8, ASCII and ISO 8859-1 are read, and of the encodings that have ASCII inside what is ASCII; the others are
//! refused (deviation D7).

use super::codec;

/// An encoding that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Charset {
    /// UTF-8.
    Utf8,
    /// ASCII.
    Ascii,
    /// ISO 8859-1.
    Latin1,
}

/// The names of the encodings that are read, separated by blanks.
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
    let is_similar = || {
        let name = normal(encoding);
        BEYOND_ASCII.iter().any(|start| name.starts_with(start))
    };
    Ok(match named(encoding) {
        Some(Charset::Utf8) => codec::utf8(bytes)?,
        Some(Charset::Ascii) => codec::ascii(bytes)?,
        Some(Charset::Latin1) => bytes.iter().copied().map(char::from).collect(),
        None if !is_similar() => anyhow::bail!("unknown encoding: {encoding}"),
        None if bytes.is_ascii() => codec::ascii(bytes)?,
        None => anyhow::bail!("the encoding {encoding} is not supported"),
    })
}

/// Returns the encoding of a name.
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

#[cfg(test)]
mod tests {
    use super::*;

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
