//! Text -> JSON string in ASCII.

use super::text;

/// A text in quotes, all but printable ASCII escaped, beyond the BMP by two escapes.
///
/// v1: `json.dumps(text)`. Parity: CRED-24, OUT-43.
pub fn ascii(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            ' '..='~' => quoted.push(character),
            _ => {
                let mut units = [0; 2];
                let units = match text::surrogate(character) {
                    Some(code) => &[u16::try_from(code).unwrap_or_default()][..],
                    None => &*character.encode_utf16(&mut units),
                };
                quoted.extend(units.iter().map(|unit| format!("\\u{unit:04x}")));
            }
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_but_printable_ascii_is_escaped() {
        let typed = format!("a\"\\\n\u{1}\u{7f}é😀{}", text::decode(b"\xff"));
        assert_eq!(ascii(&typed), r#""a\"\\\n\u0001\u007f\u00e9\ud83d\ude00\udcff""#);
    }
}
