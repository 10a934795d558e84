//! A response that was read.

use super::headers::Headers;
use crate::python::codec;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Response {
    /// Status code, 100 to 999.
    pub status: u16,
    pub headers: Headers,
    /// Body, as it came: never decompressed.
    pub body: Vec<u8>,
}

impl Response {
    /// Returns the text of the body.
    /// Errors: Python's words for bytes that are none in the response's encoding, or for an unknown encoding.
    /// v1: `AWSResponse.text`. Parity: VAL-09, `instance/shapes/role-line-end`.
    pub(crate) fn text(&self) -> Result<String, crate::error::Error> {
        let content_type = self.headers.get("content-type").unwrap_or_default();
        Ok(codec::decode(&self.body, encoding(&content_type))?)
    }
}

/// Returns the encoding that a content type names: UTF-8 where it names none, but ISO 8859-1 for `text/..`.
/// v1: `get_encoding_from_headers`. Parity: VAL-09.
fn encoding(content_type: &str) -> &str {
    match charset(content_type) {
        Some(charset) if !charset.is_empty() => charset,
        None if content_type.contains("text") => "iso-8859-1",
        _ => "utf-8",
    }
}

/// Returns the parameter `charset` of a content type, without its quotes; empty where it has no value.
/// v1: `email.message.Message.get_param`. Parity: `paramfile/content-type/quoted-semicolon`.
fn charset(content_type: &str) -> Option<&str> {
    let mut quotes = 0_usize;
    let is_end = |letter| {
        quotes += usize::from(letter == '"');
        letter == ';' && quotes.is_multiple_of(2)
    };
    let mut parameters = content_type.split(is_end).map(|piece| piece.split_once('=').unwrap_or((piece, "")));
    let (_, value) = parameters.find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))?;
    let value = value.trim();
    let within = |first, last| value.strip_prefix(first)?.strip_suffix(last);
    Some(within('"', '"').or_else(|| within('<', '>')).unwrap_or(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_types_name_their_charset() {
        for (content_type, expected) in [
            ("", "utf-8"),
            ("application/json", "utf-8"),
            ("text/plain", "iso-8859-1"),
            ("text/plain; charset", "utf-8"),
            ("text/plain; charset=", "utf-8"),
            ("text/plain; CHARSET = \"latin9\" ; x=y", "latin9"),
            ("text/plain; charset=<koi8-r>", "koi8-r"),
            ("text/plain; charset='koi8-r'", "'koi8-r'"),
            ("application/json; a=\"b;charset=x\"; charset=utf-16", "utf-16"),
            ("charset=utf-16", "utf-16"),
            ("text/plain; charset=a; charset=b", "a"),
        ] {
            assert_eq!(encoding(content_type), expected, "{content_type}");
        }
    }
}
