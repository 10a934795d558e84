//! Python's `str` in Rust's `String`, which cannot hold lone surrogates: bytes of argv that are not UTF-8 (U+DC80 to
//! U+DCFF, `surrogateescape`) and JSON's `\ud800`. A lone surrogate U+D800..=U+DFFF is kept as the private-use character
//! U+10D800..=U+10DFFF, and every edge of the program passes through this file. Those private characters themselves are
//! kept as the two surrogates that UTF-16 has for them, so that no text is taken for another.

use std::cmp::Ordering;

/// Distance between a surrogate and the character that stands for it.
const SHIFT: u32 = 0x0010_0000;

/// Returns the character that stands for the lone surrogate `code` (0xD800..=0xDFFF); any other code point is itself.
pub(crate) fn from_code_point(code: u32) -> char {
    let shifted = if (0xD800..=0xDFFF).contains(&code) { code + SHIFT } else { code };
    char::from_u32(shifted).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Returns the lone surrogate that `character` stands for.
pub(crate) fn surrogate(character: char) -> Option<u32> {
    let code = u32::from(character).checked_sub(SHIFT)?;
    (0xD800..=0xDFFF).contains(&code).then_some(code)
}

/// Appends `text` of the outside, which holds no lone surrogates: characters that stand for one are kept as two.
pub(crate) fn push_foreign(kept: &mut String, text: &str) {
    if !may_hold_surrogates(text) {
        return kept.push_str(text);
    }
    for character in text.chars() {
        if surrogate(character).is_none() {
            kept.push(character);
            continue;
        }
        let mut units = [0; 2];
        kept.extend(character.encode_utf16(&mut units).iter().map(|&unit| from_code_point(u32::from(unit))));
    }
}

/// The first byte of all characters from U+100000 on in UTF-8.
const PLANE_16: u8 = 0xF4;

/// Returns false for a text without any character that stands for a surrogate: nearly all are.
pub(crate) fn may_hold_surrogates(text: &str) -> bool {
    text.as_bytes().contains(&PLANE_16)
}

/// Returns the code points of `text` as Python has them: lone surrogates as such, two that stand for one character
/// as that.
pub(crate) fn codes(text: &str) -> impl Iterator<Item = u32> + Clone {
    let mut characters = text.chars().peekable();
    std::iter::from_fn(move || {
        let character = characters.next()?;
        let Some(high) = surrogate(character) else { return Some(u32::from(character)) };
        let both = |low: char| joined(high, surrogate(low)?);
        let joined = characters.peek().copied().and_then(both);
        Some(joined.inspect(|_| _ = characters.next()).unwrap_or(high))
    })
}

/// Returns the code point of the character that two surrogates stand for, if it is one that stands for a surrogate
/// itself; any others are lone beside each other.
fn joined(high: u32, low: u32) -> Option<u32> {
    let units = [u16::try_from(high).ok()?, u16::try_from(low).ok()?];
    let character = char::decode_utf16(units).next()?.ok()?;
    surrogate(character).map(|_| u32::from(character))
}

/// Decodes bytes from the system as Python does: UTF-8, each undecodable byte as U+DC80..=U+DCFF.
/// v1: `os.fsdecode`, error handler `surrogateescape`. Parity: MSG-08, WIRE-06.
pub(crate) fn decode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        push_foreign(&mut text, chunk.valid());
        text.extend(chunk.invalid().iter().map(|&byte| from_code_point(0xDC00 + u32::from(byte))));
    }
    text
}

/// Returns `text` for stderr: lone surrogates spelled out as `\udcff`.
/// v1: error handler `backslashreplace`. Parity: MSG-08.
pub(crate) fn backslash_replace(text: &str) -> String {
    if !may_hold_surrogates(text) {
        return text.to_owned();
    }
    codes(text).map(|code| char::from_u32(code).map_or_else(|| escape(code), String::from)).collect()
}

/// Returns the shortest of `\x`, `\u` and `\U` that holds `code`.
pub(super) fn escape(code: u32) -> String {
    match code {
        ..0x100 => format!("\\x{code:02x}"),
        0x100..0x1_0000 => format!("\\u{code:04x}"),
        _ => format!("\\U{code:08x}"),
    }
}

/// Returns true for the characters that Python's `str.isspace` (and so `strip` and `int`) takes for white space.
pub(crate) fn is_space(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{1c}'..='\u{1f}')
}

/// Returns true for the characters at which Python's `str.splitlines` ends a line.
pub(crate) fn is_line_end(character: char) -> bool {
    matches!(
        character,
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// Returns `text` without white space at both ends, as Python's `str.strip()` gives it.
pub(crate) fn strip(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// Returns true for `true` in any case.
/// v1: `ensure_boolean`. Parity: CFG-56, OUT-05.
pub(crate) fn is_true(text: &str) -> bool {
    text.to_lowercase() == "true"
}

/// Compares two texts by their code points, as Python does.
pub(crate) fn compare(left: &str, right: &str) -> Ordering {
    codes(left).cmp(codes(right))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surrogates_are_spelled_on_stderr() {
        assert_eq!(backslash_replace(&decode(b"x\xffy")), "x\\udcffy");
        assert_eq!(backslash_replace(&decode("\u{10d8ff}".as_bytes())), "\u{10d8ff}");
    }
}
