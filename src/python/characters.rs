//! Classes of characters, by the tables of a library. Characters that are newer than Python's Unicode 14 differ from v1
//! (deviation D17).

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

/// Returns true when Python's `repr` shows the code point as it is: no control or format character, no white space
/// but the blank, no surrogate, nothing private or unassigned.
/// v1: `str.isprintable`. Parity: VAL-47.
pub(super) fn is_printable(code: u32) -> bool {
    use GeneralCategoryGroup::{Other, Separator};
    char::from_u32(code).is_some_and(|character| {
        character == ' ' || !matches!(character.general_category_group(), Other | Separator)
    })
}

/// Returns the ASCII digit for a decimal digit of any script. The ten of a script follow each other, and so do the
/// scripts.
/// v1: `unicodedata.decimal`. Parity: VAL-28.
pub(crate) fn digit(character: char) -> Option<char> {
    if character.is_ascii() {
        return Some(character).filter(char::is_ascii_digit);
    }
    let is_digit = |character: &char| character.general_category() == GeneralCategory::DecimalNumber;
    let before = ('\0'..=character).rev().take_while(is_digit).count();
    char::from_digit(u32::try_from(before.checked_sub(1)? % 10).ok()?, 10)
}

/// Returns `text` with digits of any script in ASCII and without the `_` between digits; `None` where one stands elsewhere.
/// v1: `int()`, `float()`. Parity: VAL-28.
pub(super) fn ascii_digits(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    let mut is_after_digit = false;
    while let Some(character) = characters.next() {
        let digit = digit(character);
        if character != '_' {
            plain.push(digit.unwrap_or(character));
        } else if !is_after_digit || characters.peek().is_none_or(|next| self::digit(*next).is_none()) {
            return None;
        }
        is_after_digit = digit.is_some();
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_as_python_has_them() {
        let rows = [
            ('a', true, None),
            ('7', true, Some('7')),
            ('é', true, None),
            ('ñ', true, None),
            ('中', true, None),
            ('😀', true, None),
            ('٣', true, Some('3')),
            ('５', true, Some('5')),
            ('𝟙', true, Some('1')),
            ('²', true, None),
            ('\u{a0}', false, None),
            ('\u{7f}', false, None),
            ('\u{2028}', false, None),
            ('\u{e000}', false, None),
        ];
        for (character, printable, value) in rows {
            let found = (is_printable(u32::from(character)), digit(character));
            assert_eq!(found, (printable, value), "{character:?}");
        }
    }
}
