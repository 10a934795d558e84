//! Classes of characters, by the tables of a library. Characters that are newer than Python's Unicode 14 differ from v1
//! (deviation D17).

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// Returns true when Python's `repr` shows the code point as it is: no control or format character, no white space
/// but the blank, no surrogate, nothing private or unassigned.
/// v1: `str.isprintable`. Parity: VAL-47.
pub(super) fn is_printable(code: u32) -> bool {
    use GeneralCategory as Category;
    let Some(character) = char::from_u32(code) else { return false };
    character == ' '
        || !matches!(
            character.general_category(),
            Category::Control
                | Category::Format
                | Category::Surrogate
                | Category::PrivateUse
                | Category::Unassigned
                | Category::LineSeparator
                | Category::ParagraphSeparator
                | Category::SpaceSeparator
        )
}

/// Returns the value of a decimal digit of any script. The ten of a script follow each other, and so do the scripts.
/// v1: `unicodedata.decimal`. Parity: VAL-28.
pub(crate) fn digit(character: char) -> Option<u8> {
    if character.is_ascii() {
        return character.to_digit(10).and_then(|value| u8::try_from(value).ok());
    }
    let is_digit = |character: &char| character.general_category() == GeneralCategory::DecimalNumber;
    let before = ('\0'..=character).rev().take_while(is_digit).count();
    u8::try_from(before.checked_sub(1)? % 10).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_as_python_has_them() {
        let rows = [
            ('a', true, None),
            ('7', true, Some(7)),
            ('é', true, None),
            ('ñ', true, None),
            ('中', true, None),
            ('😀', true, None),
            ('٣', true, Some(3)),
            ('５', true, Some(5)),
            ('𝟙', true, Some(1)),
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
