//! Bytes -> text the strict way, with Python's words where the bytes are no text.
//!
//! The lenient way, for what comes from the system, is [`super::text::decode`].

use std::fmt;

use super::text;

/// What to do with a code point that is half of a surrogate pair.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Surrogates {
    /// Python's error handler `strict`.
    Refused,
    /// Python's error handler `surrogatepass`.
    Kept,
}

/// Why bytes are no text.
/// v1: `UnicodeDecodeError`. Parity: OUT-04.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DecodeError {
    /// Python's name of the encoding.
    codec: &'static str,
    /// Place of the first byte that is wrong.
    start: usize,
    /// The bytes that are wrong; at least one.
    bytes: Vec<u8>,
    /// What is wrong.
    reason: &'static str,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { codec, start, bytes, reason } = self;
        let what = match bytes.as_slice() {
            [byte] => format!("byte 0x{byte:02x} in position {start}"),
            _ => format!("bytes in position {start}-{}", start + bytes.len().saturating_sub(1)),
        };
        write!(formatter, "'{codec}' codec can't decode {what}: {reason}")
    }
}

impl std::error::Error for DecodeError {}

/// Decodes UTF-8; a byte order mark stays as U+FEFF.
/// Errors: Python's words for the first byte that is no UTF-8.
/// v1: `bytes.decode('utf-8')`. Parity: OUT-04.
pub(crate) fn utf8(bytes: &[u8]) -> Result<String, DecodeError> {
    decode_utf8(bytes, Surrogates::Refused)
}

/// Decodes ASCII.
/// Errors: Python's words for the first byte that is no ASCII.
/// v1: `bytes.decode('ascii')`. Parity: VAL-09.
pub(crate) fn ascii(bytes: &[u8]) -> Result<String, DecodeError> {
    match bytes.iter().position(|byte| !byte.is_ascii()) {
        None => Ok(bytes.iter().copied().map(char::from).collect()),
        Some(start) => Err(DecodeError {
            codec: "ascii",
            start,
            bytes: bytes.get(start..=start).unwrap_or_default().to_vec(),
            reason: "ordinal not in range(128)",
        }),
    }
}

/// Refuses text that ASCII cannot spell.
/// Errors: Python's words for the first characters that are none.
/// v1: `str.encode('ascii')`. Parity: PROXY-04.
pub(crate) fn check_ascii(text: &str) -> Result<(), String> {
    let Some(start) = text.chars().position(|letter| !letter.is_ascii()) else { return Ok(()) };
    let odd: Vec<char> = text.chars().skip(start).take_while(|letter| !letter.is_ascii()).collect();
    let what = match odd.as_slice() {
        &[letter] => {
            let code = text::surrogate(letter).unwrap_or_else(|| u32::from(letter));
            let escape = match code {
                ..0x100 => format!("\\x{code:02x}"),
                0x100..0x1_0000 => format!("\\u{code:04x}"),
                _ => format!("\\U{code:08x}"),
            };
            format!("character '{escape}' in position {start}")
        }
        _ => format!("characters in position {start}-{}", start + odd.len() - 1),
    };
    Err(format!("'ascii' codec can't encode {what}: ordinal not in range(128)"))
}

/// Decodes a JSON document in UTF-8, UTF-16 or UTF-32 to its text, without its byte order mark.
/// Errors: Python's words for the first byte that is none of it.
/// v1: `json.detect_encoding`, `bytes.decode(.., 'surrogatepass')`. Parity: VAL-14.
pub(crate) fn json(bytes: &[u8]) -> Result<String, DecodeError> {
    match bytes {
        [0xFF, 0xFE, 0, 0, ..] => decode_utf32(bytes, 4, Order::Little),
        [0, 0, 0xFE, 0xFF, ..] => decode_utf32(bytes, 4, Order::Big),
        [0xFF, 0xFE, ..] => decode_utf16(bytes, 2, Order::Little),
        [0xFE, 0xFF, ..] => decode_utf16(bytes, 2, Order::Big),
        [0xEF, 0xBB, 0xBF, rest @ ..] => decode_utf8(rest, Surrogates::Kept),
        [0, 0, _, _, ..] => decode_utf32(bytes, 0, Order::Big),
        [_, 0, 0, 0, ..] => decode_utf32(bytes, 0, Order::Little),
        [0, _, _, _, ..] | [0, _] => decode_utf16(bytes, 0, Order::Big),
        [_, 0, _, _, ..] | [_, 0] => decode_utf16(bytes, 0, Order::Little),
        _ => decode_utf8(bytes, Surrogates::Kept),
    }
}

/// Decodes UTF-8; surrogates spelled in it are refused or kept.
fn decode_utf8(bytes: &[u8], surrogates: Surrogates) -> Result<String, DecodeError> {
    let mut decoded = String::with_capacity(bytes.len());
    let mut start = 0;
    while let Some(rest) = bytes.get(start..).filter(|rest| !rest.is_empty()) {
        let Some(chunk) = rest.utf8_chunks().next() else { break };
        text::push_foreign(&mut decoded, chunk.valid());
        start += chunk.valid().len();
        let wrong = chunk.invalid();
        let &[first, ..] = wrong else { continue };
        match bytes.get(start..) {
            Some(&[0xED, middle @ 0xA0..=0xBF, last @ 0x80..=0xBF, ..]) if surrogates == Surrogates::Kept => {
                decoded.push(text::from_code_point(
                    0xD000 | u32::from(middle & 0x3F) << 6 | u32::from(last & 0x3F),
                ));
                start += 3;
            }
            rest => {
                let ended = rest.is_some_and(|rest| rest.len() == wrong.len()) && lacks_bytes(wrong);
                let reason = match first {
                    0x80..0xC2 | 0xF5.. => "invalid start byte",
                    _ if ended => "unexpected end of data",
                    _ => "invalid continuation byte",
                };
                return Err(DecodeError { codec: "utf-8", start, bytes: wrong.to_vec(), reason });
            }
        }
    }
    Ok(decoded)
}

/// Returns true when `bytes`, the last of the text, are the right beginning of a longer sequence.
fn lacks_bytes(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}

/// Which byte of a unit comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    /// The lowest.
    Little,
    /// The highest.
    Big,
}

/// Decodes UTF-16 that begins at `start`; lone surrogates are kept.
fn decode_utf16(bytes: &[u8], start: usize, order: Order) -> Result<String, DecodeError> {
    let codec = if order == Order::Little { "utf-16-le" } else { "utf-16-be" };
    let (units, rest) = bytes.get(start..).unwrap_or_default().as_chunks::<2>();
    let units = units.iter().map(|unit| match order {
        Order::Little => u16::from_le_bytes(*unit),
        Order::Big => u16::from_be_bytes(*unit),
    });
    let mut text = String::with_capacity(bytes.len());
    for unit in char::decode_utf16(units) {
        match unit {
            Ok(character) => text::push_foreign(&mut text, character.encode_utf8(&mut [0; 4])),
            Err(lone) => text.push(text::from_code_point(u32::from(lone.unpaired_surrogate()))),
        }
    }
    whole(text, codec, bytes.len() - rest.len(), rest)
}

/// Decodes UTF-32 that begins at `start`; surrogates are kept.
fn decode_utf32(bytes: &[u8], start: usize, order: Order) -> Result<String, DecodeError> {
    let codec = if order == Order::Little { "utf-32-le" } else { "utf-32-be" };
    let (units, rest) = bytes.get(start..).unwrap_or_default().as_chunks::<4>();
    let mut text = String::with_capacity(units.len());
    for (place, unit) in units.iter().enumerate() {
        let code = match order {
            Order::Little => u32::from_le_bytes(*unit),
            Order::Big => u32::from_be_bytes(*unit),
        };
        if code > u32::from(char::MAX) {
            let reason = "code point not in range(0x110000)";
            return Err(DecodeError { codec, start: start + 4 * place, bytes: unit.to_vec(), reason });
        }
        text.push(text::from_code_point(code));
    }
    whole(text, codec, bytes.len() - rest.len(), rest)
}

/// Returns `text`, unless bytes of an unfinished unit are left at `start`.
fn whole(text: String, codec: &'static str, start: usize, rest: &[u8]) -> Result<String, DecodeError> {
    if rest.is_empty() {
        return Ok(text);
    }
    Err(DecodeError { codec, start, bytes: rest.to_vec(), reason: "truncated data" })
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
        assert_eq!(utf8("\u{feff}é😀".as_bytes()).as_deref(), Ok("\u{feff}é😀"));
    }

    #[test]
    fn json_is_read_in_every_encoding_of_unicode() {
        let rows: [(&[u8], Result<&str, &str>); 11] = [
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
            (
                b"a\0\0\0\xff\xff\xff\xff",
                Err(
                    "'utf-32-le' codec can't decode bytes in position 4-7: code point not in range(0x110000)",
                ),
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
}
