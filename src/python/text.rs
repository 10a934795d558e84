//! Python's `str` in Rust's `String`.
//!
//! A Python string can hold lone surrogates: bytes of argv that are not UTF-8 arrive as U+DC80 to U+DCFF
//! (`surrogateescape`), and JSON may spell any of them as `\ud800`. Rust's `String` cannot, so a lone surrogate
//! U+D800..=U+DFFF is kept as the private-use character U+10D800..=U+10DFFF, and every edge of the program
//! (argv and environment in, stdout, stderr, the wire and file names out) passes through this file.

use std::cmp::Ordering;

/// Distance between a surrogate and the character that stands for it.
const SHIFT: u32 = 0x0010_0000;

/// The character that stands for the lone surrogate `code` (0xD800..=0xDFFF); any other code point is itself.
pub fn char_of(code: u32) -> char {
    let shifted = if (0xD800..=0xDFFF).contains(&code) { code + SHIFT } else { code };
    char::from_u32(shifted).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The lone surrogate that `character` stands for.
pub fn surrogate(character: char) -> Option<u32> {
    let code = u32::from(character).checked_sub(SHIFT)?;
    (0xD800..=0xDFFF).contains(&code).then_some(code)
}

/// Bytes from the system as Python decodes them: UTF-8, each undecodable byte as U+DC80..=U+DCFF.
///
/// v1: `os.fsdecode`, error handler `surrogateescape`. Parity: MSG-08, WIRE-06.
pub fn decode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|&byte| char_of(0xDC00 + u32::from(byte))));
    }
    text
}

/// The reverse of [`decode`]: U+DC80..=U+DCFF become their bytes again.
///
/// # Errors
/// The position (in characters) and code of the first surrogate that no byte stands behind.
pub fn encode(text: &str) -> Result<Vec<u8>, (usize, u32)> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut buffer = [0; 4];
    for (position, character) in text.chars().enumerate() {
        match surrogate(character) {
            None => bytes.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes()),
            Some(code) => match u8::try_from(code.wrapping_sub(0xDC00)) {
                Ok(byte) if byte >= 0x80 => bytes.push(byte),
                _ => return Err((position, code)),
            },
        }
    }
    Ok(bytes)
}

/// `text` for stderr: lone surrogates spelled out as `\udcff`.
///
/// v1: error handler `backslashreplace`. Parity: MSG-08.
pub fn backslash_replace(text: &str) -> String {
    let mut spelled = String::with_capacity(text.len());
    for character in text.chars() {
        match surrogate(character) {
            None => spelled.push(character),
            Some(code) => spelled.extend(format!("\\u{code:04x}").chars()),
        }
    }
    spelled
}

/// True for the characters that Python's `str.isspace` (and so `strip` and `int`) takes for white space.
pub fn is_space(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{1c}'..='\u{1f}')
}

/// True for the characters at which Python's `str.splitlines` ends a line.
pub fn is_line_end(character: char) -> bool {
    matches!(
        character,
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// `text` without white space at both ends, as Python's `str.strip()` gives it.
pub fn strip(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// True for `true` in any case.
///
/// v1: `ensure_boolean`. Parity: CFG-56, OUT-05.
pub fn is_true(text: &str) -> bool {
    text.to_lowercase() == "true"
}

/// How two texts stand to each other by their code points, as Python compares them.
pub fn order(left: &str, right: &str) -> Ordering {
    let code = |character| surrogate(character).unwrap_or(u32::from(character));
    left.chars().map(code).cmp(right.chars().map(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undecodable_bytes_survive_the_round_trip() {
        for bytes in [&b"plain"[..], b"\xff", b"a\xc3(b", b"\xed\xa0\x80", "é😀".as_bytes()] {
            assert_eq!(encode(&decode(bytes)).as_deref(), Ok(bytes), "{bytes:?}");
        }
    }

    #[test]
    fn surrogates_are_spelled_on_stderr() {
        assert_eq!(backslash_replace(&decode(b"x\xffy")), "x\\udcffy");
        assert_eq!(encode(&String::from(char_of(0xD800))), Err((0, 0xD800)));
    }
}
