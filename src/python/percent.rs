//! Percent-encoding as `urllib` and urllib3 do it.

use super::stdio;

/// What `urllib` never encodes, besides letters and digits.
const UNRESERVED: &str = "_.-~";
/// What urllib3 leaves in user and password of a URL, besides letters and digits.
pub(crate) const LOGIN: &str = "._-~!$&'()*+,;=:";
/// The same for a path.
pub(crate) const PATH: &str = "._-~!$&'()*+,;=:@/";
/// The same for a query.
pub(crate) const QUERY: &str = "._-~!$&'()*+,;=:@/?";

/// Returns `text` with each byte percent-encoded but letters, digits, `_.-~` and those in `safe`.
/// v1: `urllib.parse.quote`. Parity: CRED-20, CRED-60, CFG-64, WIRE-02.
pub(crate) fn quote(text: &str, safe: &str) -> String {
    encoded(text, |character| UNRESERVED.contains(character) || safe.contains(character))
}

/// Returns `part` with every byte percent-encoded that is neither letter nor digit nor in `allowed`. What is encoded
/// already stays, in upper case, if every `%` begins an encoded byte; else each `%` is encoded too.
/// v1: `urllib3.util.url._encode_invalid_chars`. Parity: WIRE-05.
pub(crate) fn encode_invalid(part: &str, allowed: &str) -> String {
    let (mut upper, mut all) = (part.as_bytes().to_vec(), true);
    for (place, _) in part.match_indices('%') {
        match upper.get_mut(place + 1..place + 3).filter(|hex| hex.iter().all(u8::is_ascii_hexdigit)) {
            Some(hex) => hex.make_ascii_uppercase(),
            None => all = false,
        }
    }
    let upper = String::from_utf8(upper).unwrap_or_default();
    encoded(&upper, |character| allowed.contains(character) || (all && character == '%'))
}

/// Returns `text` with each byte percent-encoded but letters, digits and what is `safe`.
fn encoded(text: &str, safe: impl Fn(char) -> bool) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in stdio::system_bytes(text) {
        if byte.is_ascii_alphanumeric() || (byte.is_ascii() && safe(char::from(byte))) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(percent_encoding::percent_encode_byte(byte));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_encoded() {
        for (text, safe, expected) in
            [("a b/é~%", "", "a%20b%2F%C3%A9~%25"), ("a/b:c", "/", "a/b%3Ac"), ("{\"a\"}", "{}\"", "{\"a\"}")]
        {
            assert_eq!(quote(text, safe), expected, "{text}");
        }
    }

    #[test]
    fn what_is_encoded_stays_where_all_is() {
        for (part, allowed, expected) in [
            ("/a b/é?x", PATH, "/a%20b/%C3%A9%3Fx"),
            ("/a?b", QUERY, "/a?b"),
            ("/%7e%2f", PATH, "/%7E%2F"),
            ("/%zz%7e", PATH, "/%25zz%257E"),
            ("/50%", PATH, "/50%25"),
            ("/%é%41", PATH, "/%25%C3%A9%2541"),
        ] {
            assert_eq!(encode_invalid(part, allowed), expected, "{part}");
        }
    }
}
