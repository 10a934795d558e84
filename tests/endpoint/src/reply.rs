//! What a reply is: status, headers, body, framing, and the faults on its way.

use std::time::Duration;

/// How the length of the body is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Framing {
    /// `Content-Length`.
    #[default]
    Length,
    /// `Transfer-Encoding: chunked`, in chunks of at most this many bytes.
    Chunked(usize),
    /// Neither: the body ends with the connection.
    UntilClose,
}

/// What becomes of the connection after the reply.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum End {
    /// It stays open for the next request.
    #[default]
    KeepAlive,
    /// It is closed.
    Close,
    /// It is reset (RST).
    Reset,
}

/// One reply and its faults.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    /// Status code; 0 stands for 200.
    pub status: u16,
    /// Reason phrase, where it is not the standard one.
    pub reason: Option<String>,
    /// Headers in order, repeats kept.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// All bytes of the reply, instead of status, headers and body.
    pub raw: Option<Vec<u8>>,
    /// How the length of the body is told.
    pub framing: Framing,
    /// Wait before the first byte.
    pub delay: Duration,
    /// After this many bytes of the whole reply, wait so long.
    pub stall: Option<(usize, Duration)>,
    /// Send in pieces of this many bytes, and wait so long after each.
    pub drip: Option<(usize, Duration)>,
    /// Send only this many bytes of the whole reply; negative counts from its end.
    pub truncate: Option<i64>,
    /// What becomes of the connection.
    pub end: End,
    /// After the reply, connect both ends to this port of this machine (CONNECT).
    pub tunnel: Option<u16>,
}

impl Reply {
    /// A reply of JSON.
    pub fn json(status: u16, body: &serde_json::Value) -> Self {
        let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
        Self { status, headers, body: body.to_string().into_bytes(), ..Self::default() }
    }

    /// A reply of plain text.
    pub fn text(status: u16, body: &str) -> Self {
        let headers = vec![("Content-Type".to_owned(), "text/plain".to_owned())];
        Self { status, headers, body: body.as_bytes().to_vec(), ..Self::default() }
    }

    /// No reply at all: the connection ends as told.
    pub fn nothing(end: End) -> Self {
        Self { truncate: Some(0), end, ..Self::default() }
    }

    /// The bytes that go over the wire.
    pub fn bytes(&self) -> Vec<u8> {
        let mut whole = self.raw.clone().unwrap_or_else(|| self.composed());
        if let Some(kept) = self.truncate {
            let length = whole.len();
            let kept = usize::try_from(kept).unwrap_or_else(|_| {
                length.saturating_sub(usize::try_from(kept.unsigned_abs()).unwrap_or(usize::MAX))
            });
            whole.truncate(kept);
        }
        whole
    }

    /// True when the connection cannot be used again.
    pub fn closes(&self) -> bool {
        self.end != End::KeepAlive || self.framing == Framing::UntilClose || self.truncate.is_some()
    }

    /// Status line, headers and framed body.
    fn composed(&self) -> Vec<u8> {
        let status = if self.status == 0 { 200 } else { self.status };
        let reason = self.reason.as_deref().unwrap_or_else(|| reason(status));
        let mut whole = latin1(&format!("HTTP/1.1 {status} {reason}\r\n"));
        for (name, value) in &self.headers {
            whole.extend(latin1(&format!("{name}: {value}\r\n")));
        }
        let bodiless = status == 204 || status == 304 || (100..200).contains(&status);
        match self.framing {
            Framing::Length if bodiless => whole.extend(b"\r\n"),
            Framing::Length => {
                whole.extend(format!("Content-Length: {}\r\n\r\n", self.body.len()).bytes());
                whole.extend(&self.body);
            }
            Framing::UntilClose => {
                whole.extend(b"\r\n");
                whole.extend(&self.body);
            }
            Framing::Chunked(size) => {
                whole.extend(b"Transfer-Encoding: chunked\r\n\r\n");
                for chunk in self.body.chunks(size.max(1)) {
                    whole.extend(format!("{:x}\r\n", chunk.len()).bytes());
                    whole.extend(chunk);
                    whole.extend(b"\r\n");
                }
                whole.extend(b"0\r\n\r\n");
            }
        }
        whole
    }
}

/// Text as the bytes of its code points up to U+00FF, else as UTF-8.
fn latin1(text: &str) -> Vec<u8> {
    text.chars()
        .map(|letter| u8::try_from(u32::from(letter)))
        .collect::<Result<_, _>>()
        .unwrap_or_else(|_| text.as_bytes().to_vec())
}

/// The standard reason phrase of the statuses that tests use.
fn reason(status: u16) -> &'static str {
    match status {
        100 => "Continue",
        101 => "Switching Protocols",
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Found",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        407 => "Proxy Authentication Required",
        408 => "Request Timeout",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Status",
    }
}

/// The bytes of a text in base64; `None` where it is none.
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    base64_simd::STANDARD.decode_to_vec(text).ok()
}

#[cfg(test)]
mod tests {
    use super::{End, Framing, Reply};

    #[test]
    fn replies_become_bytes_with_their_faults() {
        let reply =
            |framing, truncate| Reply { body: b"abcde".to_vec(), framing, truncate, ..Reply::default() };
        let expected: &[(Reply, &str)] = &[
            (reply(Framing::Length, None), "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde"),
            (reply(Framing::UntilClose, None), "HTTP/1.1 200 OK\r\n\r\nabcde"),
            (
                reply(Framing::Chunked(3), None),
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
            ),
            (reply(Framing::Length, Some(-2)), "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc"),
            (reply(Framing::Length, Some(8)), "HTTP/1.1"),
            (Reply::nothing(End::Reset), ""),
            (Reply { status: 204, ..Reply::default() }, "HTTP/1.1 204 No Content\r\n\r\n"),
            (Reply { raw: Some(b"raw".to_vec()), ..Reply::default() }, "raw"),
        ];
        for (reply, bytes) in expected {
            assert_eq!(String::from_utf8_lossy(&reply.bytes()), *bytes, "{reply:?}");
        }
    }
}
