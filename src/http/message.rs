//! A request as bytes: the one place where a request line or a header is written, and checked, and where they are sent.
//!
//! v1: `http.client.HTTPConnection.putrequest`, `putheader`.

use std::borrow::Cow;
use std::io::ErrorKind;
use std::time::Duration;

use tokio::io::{AsyncWrite, AsyncWriteExt};

use super::error::Cause;
use super::stream::within;
use super::tls::failure;
use crate::python::text;

/// How header values become bytes: botocore encodes those of its clients, Python's library all others.
#[derive(Debug, Clone, Copy)]
pub(crate) enum HeaderEncoding {
    Utf8,
    Latin1,
}

pub(super) struct Message {
    bytes: Vec<u8>,
    encoding: HeaderEncoding,
}

impl Message {
    /// Writes the request line, e.g. `POST /copy-jobs HTTP/1.1`.
    /// Errors: [`Cause::Other`] where method or target hold what would end or split the line.
    /// v1: `http.client.HTTPConnection._validate_method`, `_validate_path`.
    pub(super) fn new(
        method: &str,
        target: &str,
        version: &str,
        encoding: HeaderEncoding,
    ) -> Result<Self, Cause> {
        if ![method, target].into_iter().all(|word| word.bytes().all(|byte| byte.is_ascii_graphic())) {
            return Err(Cause::Other("URL can't contain control characters".to_owned()));
        }
        Ok(Self { bytes: format!("{method} {target} {version}\r\n").into_bytes(), encoding })
    }

    /// Writes a header.
    /// Errors: [`Cause::Other`] where it cannot be one. v1 shows the value, which may be a token (deviation D1).
    /// v1: `http.client._is_legal_header_name`. Parity: `wire/unsendable/instance-token`, `wire/unsendable/sso-token`.
    pub(super) fn header(&mut self, name: &str, value: &str) -> Result<(), Cause> {
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':') {
            return Err(Cause::Other("Invalid header name".to_owned()));
        }
        let value = encoded(value, self.encoding).filter(|value| is_value(value)).ok_or_else(|| {
            Cause::Other(format!("Invalid header value: {name} has a character that cannot be sent"))
        })?;
        for part in [name.as_bytes(), b": ", &value, b"\r\n"] {
            self.bytes.extend_from_slice(part);
        }
        Ok(())
    }

    pub(super) fn end(mut self, body: &[u8]) -> Vec<u8> {
        self.bytes.extend_from_slice(b"\r\n");
        self.bytes.extend_from_slice(body);
        self.bytes
    }
}

/// Sends `bytes`. A peer that has closed is no error yet: its response may be there to read.
/// Errors: [`Cause::Closed`] when they do not go out within `timeout`, or the system says why they cannot.
/// v1: `urllib3.connectionpool.HTTPConnectionPool._make_request`. Parity: ERR-15.
pub(super) async fn send(
    stream: &mut (impl AsyncWrite + Unpin),
    bytes: &[u8],
    timeout: Option<Duration>,
) -> Result<(), Cause> {
    let sending = async {
        stream.write_all(bytes).await?;
        stream.flush().await
    };
    match within(timeout, sending).await {
        Some(Err(error)) if !matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset) => {
            Err(failure(&error))
        }
        Some(_) => Ok(()),
        None => Err(Cause::Closed),
    }
}

/// Returns `value` as bytes; `None` where `encoding` has not all its characters.
fn encoded(value: &str, encoding: HeaderEncoding) -> Option<Cow<'_, [u8]>> {
    match encoding {
        HeaderEncoding::Utf8 => {
            let has_half = text::may_hold_surrogates(value)
                && value.chars().any(|letter| text::surrogate(letter).is_some());
            (!has_half).then(|| value.as_bytes().into())
        }
        HeaderEncoding::Latin1 => value.chars().map(|letter| u8::try_from(letter).ok()).collect(),
    }
}

/// Returns true for a value that stays within its header: a line end counts as folded when a blank or tab follows it.
/// v1: `http.client._is_illegal_header_value`. Parity: `wire/unsendable/instance-environment-folded`.
fn is_value(value: &[u8]) -> bool {
    memchr::memchr2_iter(b'\r', b'\n', value).all(|end| match value.get(end + 1) {
        Some(b' ' | b'\t') => true,
        Some(b'\n') => value.get(end) == Some(&b'\r'),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use super::*;
    use crate::http::run;

    /// A connection on which each write fails.
    struct Broken(ErrorKind);

    impl AsyncWrite for Broken {
        fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, _: &[u8]) -> Poll<io::Result<usize>> {
            Poll::Ready(Err(self.0.into()))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    #[test]
    fn only_a_closed_peer_may_still_have_something_to_read() {
        for (kind, expected) in [
            (ErrorKind::BrokenPipe, Ok(())),
            (ErrorKind::ConnectionReset, Ok(())),
            (ErrorKind::NetworkUnreachable, Err(Cause::Closed)),
            (ErrorKind::HostUnreachable, Err(Cause::Closed)),
            (ErrorKind::TimedOut, Err(Cause::Closed)),
        ] {
            assert_eq!(run(send(&mut Broken(kind), b"x", None)), expected, "{kind}");
        }
    }

    #[test]
    fn values_are_of_one_encoding() {
        use HeaderEncoding::{Latin1, Utf8};
        let lone = text::decode(b"\xff"); // a byte that is no letter of UTF-8
        for (value, encoding, expected) in [
            ("a", Utf8, Some(&b"a"[..])),
            ("\u{100000}", Utf8, Some(b"\xf4\x80\x80\x80")),
            (&lone, Utf8, None),
            ("é", Latin1, Some(b"\xe9")),
            ("ł", Latin1, None),
        ] {
            assert_eq!(encoded(value, encoding).as_deref(), expected, "{value:?}");
        }
    }

    #[test]
    fn a_request_line_holds_what_is_visible() {
        for (method, target, good) in [
            ("GET", "/a?b=c", true),
            ("GET", "http://h/", true),
            ("GET", "/a b", false),
            ("GET", "/a\r\nX: y", false),
            ("GET", "/\u{7f}", false),
            ("GET", "/é", false),
            ("GET /", "/", false),
        ] {
            let found = Message::new(method, target, "HTTP/1.1", HeaderEncoding::Utf8).is_ok();
            assert_eq!(found, good, "{method} {target:?}");
        }
    }

    #[test]
    fn headers_are_checked_as_v1_checks_them() {
        use HeaderEncoding::{Latin1, Utf8};
        for (name, value, encoding, expected) in [
            ("A", "b", Utf8, Some(&b"A: b\r\n"[..])),
            ("A", "", Utf8, Some(b"A: \r\n")),
            ("A", "é", Utf8, Some(b"A: \xc3\xa9\r\n")),
            ("A", "é\u{1}\0", Latin1, Some(b"A: \xe9\x01\0\r\n")),
            ("A", "ж", Latin1, None),
            ("A", "b\n c\r\n\td\r e", Utf8, Some(b"A: b\n c\r\n\td\r e\r\n")),
            ("A", "b\n", Utf8, None),
            ("A", "b\r", Utf8, None),
            ("A", "b\r\n", Utf8, None),
            ("A", "b\nc", Utf8, None),
            ("A", "b\r\r\n c", Utf8, None),
            ("A", "b\r\nC: d", Latin1, None),
            ("", "b", Utf8, None),
            ("A:", "b", Utf8, None),
            ("A\n", "b", Utf8, None),
            ("A b", "b", Utf8, None),
        ] {
            let mut message = Message::new("GET", "/", "HTTP/1.1", encoding).unwrap();
            let written = message.header(name, value).ok().map(|()| message.end(b""));
            let expected = expected.map(|line| [b"GET / HTTP/1.1\r\n", line, b"\r\n"].concat());
            assert_eq!(written, expected, "{name:?} {value:?}");
        }
    }

    #[test]
    fn half_a_pair_is_no_text() {
        let mut message = Message::new("GET", "/", "HTTP/1.1", HeaderEncoding::Utf8).unwrap();
        assert!(message.header("A", &text::decode(b"\xff")).is_err());
    }
}
