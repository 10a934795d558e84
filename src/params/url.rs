//! What is behind a URL that an option names -> text. The request itself is sent by the module `http`.
//!
//! Mirrors `get_uri` of `awscli/paramfile.py`, `AWSResponse.text` of `botocore/awsrequest.py` and, for the type of the
//! content, `email.message.Message.get_param`.

use crate::error::{Error, failure};
use crate::python::{Value, charset};

/// What a URL gave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct UrlResponse {
    /// The status of the response.
    pub(crate) status: u16,
    /// Its `Content-Type`, if it has one.
    pub(crate) content_type: Option<String>,
    /// Its body.
    pub(crate) body: Vec<u8>,
}

/// Returns the text of a response from the URL `typed`.
/// Errors: `Failure` with the reason in v1's words; other endings, such as Ctrl-C, as they are.
/// v1: `get_uri`. Parity: VAL-09, VAL-10, `paramfile/interrupt/url`.
pub(super) fn load(typed: &str, response: Result<UrlResponse, Error>) -> Result<Value, Error> {
    let text = response.and_then(|response| match response.status {
        200 => decode(&response),
        status => Err(failure!("received non 200 status code of {status}")),
    });
    let text =
        text.map_err(|error| error.with_message(|reason| format!("Unable to retrieve {typed}: {reason}")));
    text.map(Value::Str)
}

/// Returns the text of a body.
/// Errors: Python's words for bytes that are none in the response's encoding, or for an encoding that it does not know.
/// v1: `AWSResponse.text`. Parity: VAL-09, `instance/shapes/role-line-end`.
pub(crate) fn decode(response: &UrlResponse) -> Result<String, Error> {
    Ok(charset::decode(&response.body, encoding(response))?)
}

/// Returns the encoding that the headers name: UTF-8 where they name none, but ISO 8859-1 for `text/..`.
/// v1: `get_encoding_from_headers`. Parity: VAL-09.
fn encoding(response: &UrlResponse) -> &str {
    let content_type = response.content_type.as_deref().unwrap_or_default();
    match parameter(content_type, "charset") {
        Some(charset) if !charset.is_empty() => charset,
        None if content_type.contains("text") => "iso-8859-1",
        _ => "utf-8",
    }
}

/// Returns the parameter `wanted` of a content type, without its quotes; empty where it has no value.
/// v1: `email.message.Message.get_param`, without the parameters in pieces or with a language of RFC 2231.
fn parameter<'h>(content_type: &'h str, wanted: &str) -> Option<&'h str> {
    let mut parameters =
        split_parameters(content_type).into_iter().map(|piece| piece.split_once('=').unwrap_or((piece, "")));
    let (_, value) = parameters.find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted))?;
    let value = value.trim();
    let within = |first, last| value.strip_prefix(first)?.strip_suffix(last);
    Some(within('"', '"').or_else(|| within('<', '>')).unwrap_or(value))
}

/// Returns a content type cut at its semicolons that are not within quotes.
fn split_parameters(content_type: &str) -> Vec<&str> {
    let mut quotes = 0_usize;
    let cut = |letter| {
        quotes += usize::from(letter == '"');
        letter == ';' && quotes.is_multiple_of(2)
    };
    content_type.split(cut).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_types_name_their_charset() {
        let rows = [
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
        ];
        for (content_type, expected) in rows {
            let response =
                UrlResponse { content_type: Some(content_type.to_owned()), ..UrlResponse::default() };
            assert_eq!(encoding(&response), expected, "{content_type}");
        }
    }
}
