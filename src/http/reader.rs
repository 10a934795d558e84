//! Reads a response from a connection the way v1's HTTP library does.
//!
//! v1: Python's `http.client` reads the head, urllib3 the body. Both accept much that a strict parser refuses (line
//! feeds alone, folded headers, lengths that are no numbers) and refuse other things, so the rules are here one by one.
//! Deviation D4: a head that is cut off, and 101 to 199 as the final response, are errors.

use std::io::ErrorKind;
#[cfg(any(test, fuzzing))]
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};

use super::error::Cause;
use super::headers::Headers;
use super::response::Response;
use super::stream::within;
use super::tls::failure;
use crate::python::{int, text};

/// Longest line of a head or of chunked framing, its end included.
const LINE_LIMIT: usize = 65_536;
/// Most lines of a head, the empty one included.
const HEAD_LINES: usize = 100;
/// Most bytes of one read, as in Python's buffered reader: what a proxy sends right behind the head of its response to
/// CONNECT is lost with them.
const BLOCK: u64 = 8192;
/// Longest body that is read: no response of a service, document or parameter is near it, and what is made of it takes
/// a multiple of it.
const BODY_LIMIT: usize = 8 << 20;
/// What surrounds the folds of a header.
const BLANKS: [char; 2] = [' ', '\t'];

/// A connection being read.
pub(super) struct ResponseReader<'a, R> {
    stream: &'a mut R,
    buffer: Vec<u8>,
    read: usize,
    timeout: Option<Duration>,
    block: u64,
    /// True after a reset, or when the connection ended where a response should begin.
    pub(super) is_disconnected: bool,
    /// True once a byte was read.
    pub(super) has_received: bool,
}

impl<'a, R: AsyncRead + Unpin> ResponseReader<'a, R> {
    /// Returns a reader that waits for bytes at most `timeout` each time.
    pub(super) fn new(stream: &'a mut R, timeout: Option<Duration>) -> Self {
        let (buffer, block) = (Vec::new(), BLOCK);
        Self { stream, buffer, read: 0, timeout, block, is_disconnected: false, has_received: false }
    }

    /// Reads the response; also returns whether the connection may carry another request.
    /// Errors: [`Cause::ReadTimeout`], [`Cause::Tls`], else [`Cause::Closed`]; [`Cause::Other`] where lengths
    /// contradict.
    /// v1: `http.client.HTTPResponse.begin`, `urllib3.HTTPResponse.stream`. Parity: ERR-09, ERR-13 to ERR-18.
    pub(super) async fn response(&mut self) -> Result<(Response, bool), Cause> {
        let (is_modern, status, headers) = self.head().await?;
        if status < 200 {
            return Err(Cause::Closed);
        }
        let length = if matches!(status, 204 | 304) { Some(0) } else { content_length(&headers) };
        let encodings = headers.get("transfer-encoding").unwrap_or_default().to_lowercase();
        let is_framed = encodings == "chunked" || length.is_some();
        let keep_alive = is_framed && stays_open(is_modern, &headers);
        let mut body = Vec::new();
        if encodings.split(',').any(|encoding| text::strip(encoding) == "chunked") {
            self.read_chunked(&mut body).await?;
        } else {
            let declared = declared_length(&headers)?;
            let is_whole = self.take(length.unwrap_or(usize::MAX), &mut body).await?;
            if !is_whole && declared.is_some_and(|declared| declared != body.len()) {
                return Err(Cause::Closed);
            }
        }
        Ok((Response { status, headers, body }, keep_alive))
    }

    /// Reads the head of the first response that is not `100 Continue`: false for HTTP/1.0, status, headers.
    async fn head(&mut self) -> Result<(bool, u16, Headers), Cause> {
        loop {
            let (version, status) = self.status_line().await?;
            let lines = self.header_lines().await?;
            match version.as_str() {
                _ if status == 100 => {}
                "HTTP/1.0" | "HTTP/0.9" => return Ok((false, status, headers(&lines))),
                version if version.starts_with("HTTP/1.") => return Ok((true, status, headers(&lines))),
                _ => return Err(Cause::Closed),
            }
        }
    }

    /// Reads version and status; the words after them are not needed.
    pub(super) async fn status_line(&mut self) -> Result<(String, u16), Cause> {
        let line = self.line().await?;
        self.is_disconnected = line.is_empty();
        let line = latin1(&line);
        let mut words = line.split(text::is_space).filter(|word| !word.is_empty());
        let version = words.next().filter(|version| version.starts_with("HTTP/")).ok_or(Cause::Closed)?;
        let status = words.next().and_then(|word| u16::try_from(int::clamped(word).ok()?).ok());
        let status = status.filter(|status| (100..=999).contains(status)).ok_or(Cause::Closed)?;
        Ok((version.to_owned(), status))
    }

    /// Reads the lines up to the empty one, and joins them.
    async fn header_lines(&mut self) -> Result<String, Cause> {
        let mut lines = String::new();
        for _ in 0..HEAD_LINES {
            let line = self.line().await?;
            match line.as_slice() {
                b"" => return Err(Cause::Closed),
                b"\r\n" | b"\n" => return Ok(lines),
                line => lines.push_str(&latin1(line)),
            }
        }
        Err(Cause::Closed)
    }

    /// Skips the headers that follow a status line; the end of the connection ends them too.
    pub(super) async fn skip_headers(&mut self) -> Result<(), Cause> {
        while !matches!(self.line().await?.as_slice(), b"" | b"\r\n" | b"\n") {}
        Ok(())
    }

    /// Reads a chunked body and skips its trailer.
    async fn read_chunked(&mut self, body: &mut Vec<u8>) -> Result<(), Cause> {
        loop {
            let line = self.line().await?;
            let size = chunk_size(line.split(|&byte| byte == b';').next().unwrap_or_default())?;
            if size == 0 {
                break;
            }
            if !(self.take(size, body).await? && self.take(2, &mut Vec::new()).await?) {
                return Err(Cause::Closed);
            }
        }
        while !matches!(self.line().await?.as_slice(), b"" | b"\r\n") {}
        Ok(())
    }

    /// Moves `count` bytes to `body`; returns false when the connection ended before.
    async fn take(&mut self, count: usize, body: &mut Vec<u8>) -> Result<bool, Cause> {
        let mut left = count;
        while left > 0 {
            if self.read == self.buffer.len() && !self.fill().await? {
                return Ok(false);
            }
            let ready = self.buffer.get(self.read..).unwrap_or_default();
            let part = ready.get(..left).unwrap_or(ready);
            if body.len() + part.len() > BODY_LIMIT {
                let reason = format!("the body of the response is longer than {BODY_LIMIT} bytes");
                return Err(Cause::Other(reason));
            }
            body.try_reserve(part.len()).map_err(|error| Cause::System(error.to_string()))?;
            body.extend_from_slice(part);
            self.read += part.len();
            left -= part.len();
        }
        Ok(true)
    }

    /// Reads the next line with its end; empty at the end of the connection.
    /// Errors: [`Cause::Closed`] when it is too long.
    async fn line(&mut self) -> Result<Vec<u8>, Cause> {
        let mut searched = 0;
        loop {
            let ready = self.buffer.get(self.read..).unwrap_or_default();
            let end = memchr::memchr(b'\n', ready.get(searched..).unwrap_or_default());
            let length = end.map_or(ready.len(), |end| searched + end + 1);
            if length > LINE_LIMIT {
                return Err(Cause::Closed);
            }
            searched = ready.len();
            if end.is_some() || !self.fill().await? {
                let line = self.buffer.get(self.read..self.read + length).unwrap_or_default().to_vec();
                self.read += length;
                return Ok(line);
            }
        }
    }

    /// Reads what the connection has next; returns false at its end.
    async fn fill(&mut self) -> Result<bool, Cause> {
        self.buffer.drain(..self.read);
        self.read = 0;
        self.buffer.reserve(8192);
        let mut block = (&mut *self.stream).take(self.block);
        match within(self.timeout, block.read_buf(&mut self.buffer)).await.ok_or(Cause::ReadTimeout)? {
            Ok(count) => {
                self.has_received |= count > 0;
                Ok(count > 0)
            }
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
            Err(error) => {
                self.is_disconnected = error.kind() == ErrorKind::ConnectionReset;
                Err(failure(&error))
            }
        }
    }
}

/// Returns true when the server keeps the connection open after this response.
/// v1: `http.client.HTTPResponse._check_close`.
fn stays_open(is_modern: bool, headers: &Headers) -> bool {
    let says =
        |name, word| headers.first(name).is_some_and(|value: &str| value.to_lowercase().contains(word));
    if is_modern {
        return !says("connection", "close");
    }
    let kept = headers.first("keep-alive").is_some_and(|value| !value.is_empty());
    kept || says("connection", "keep-alive") || says("proxy-connection", "keep-alive")
}

/// Returns the length that ends the body; `None` where the end of the connection does.
fn content_length(headers: &Headers) -> Option<usize> {
    size(int::clamped(headers.first("content-length")?).ok()?)
}

/// Returns the length that the body must have when the connection ends first.
/// Errors: [`Cause::Other`] when there are several.
fn declared_length(headers: &Headers) -> Result<Option<usize>, Cause> {
    let Some(text) = headers.get("content-length") else { return Ok(None) };
    let lengths = text.split(',').map(int::clamped).collect::<Result<Vec<_>, _>>();
    match lengths.as_deref() {
        Ok([first, others @ ..]) if others.iter().all(|other| other == first) => Ok(size(*first)),
        Ok(_) => Err(Cause::Other(format!("Content-Length contained multiple unmatching values ({text})"))),
        Err(_) => Ok(None),
    }
}

/// Returns a length that is not negative; what is beyond the memory is as long as it can be.
fn size(length: i64) -> Option<usize> {
    (length >= 0).then(|| usize::try_from(length).unwrap_or(usize::MAX))
}

/// Parses the size of a chunk: Python's `int(text, 16)`.
/// Errors: [`Cause::Closed`] when it is none; [`Cause::Other`] in v1's words when it is below what reads to the end.
/// v1: `urllib3.HTTPResponse._update_chunk_length`. Parity: ERR-13, ERR-15.
fn chunk_size(line: &[u8]) -> Result<usize, Cause> {
    let line = latin1(line);
    let number = text::strip(&line);
    let is_negative = number.starts_with('-');
    let digits = number.strip_prefix(['+', '-']).unwrap_or(number);
    let bare = ["0x_", "0X_", "0x", "0X"].into_iter().find_map(|prefix| digits.strip_prefix(prefix));
    let digits = bare.unwrap_or(digits);
    let is_hex = |group: &str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_hexdigit());
    let size = usize::from_str_radix(&digits.replace('_', ""), 16);
    match size.ok().filter(|_| digits.split('_').all(is_hex)).ok_or(Cause::Closed)? {
        2.. if is_negative => Err(Cause::Other("read length must be non-negative or -1".to_owned())),
        1 if is_negative => Err(Cause::Closed),
        size => Ok(size),
    }
}

/// Parses the headers of a head; they end early at a line that is none, and what is folded becomes one line.
/// v1: `email.feedparser`, `urllib3.connection._normalize_header_value`. Parity: ERR-13, ERR-17.
fn headers(lines: &str) -> Headers {
    let mut headers: Vec<(String, String)> = Vec::new();
    let mut rest = lines;
    while let Some(line) = next_line(&mut rest) {
        if line.starts_with(BLANKS) {
            let Some((_, value)) = headers.last_mut() else { continue };
            match value.strip_suffix("\r\n") {
                None => value.push_str(line),
                Some(before) => {
                    let before = before.trim_end_matches(BLANKS);
                    *value = format!("{before} {}", line.trim_start_matches(BLANKS));
                }
            }
            continue;
        }
        match line.split_once(':').filter(|(name, _)| name.bytes().all(|byte| byte.is_ascii_graphic())) {
            Some(("", _)) => {}
            Some((name, value)) => {
                headers.push((name.to_owned(), value.trim_start_matches(BLANKS).to_owned()));
            }
            None if line.starts_with("From ") => {}
            None => break,
        }
    }
    for (_, value) in &mut headers {
        value.truncate(value.trim_end_matches(['\r', '\n']).len());
    }
    Headers(headers)
}

/// Splits off a line with its end: carriage return, line feed or both.
fn next_line<'a>(rest: &mut &'a str) -> Option<&'a str> {
    let end = rest.find(['\r', '\n'])?;
    let is_both = rest.get(end..).is_some_and(|end| end.starts_with("\r\n"));
    let (line, after) = rest.split_at(end + if is_both { 2 } else { 1 });
    *rest = after;
    Some(line)
}

fn latin1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// Reads `bytes` as a response that comes in pieces of at most `piece` bytes; returns it and whether the connection may
/// carry another request.
#[cfg(any(test, fuzzing))]
pub(crate) fn read_response(mut bytes: &[u8], piece: u64) -> Result<(Response, bool), Cause> {
    let mut reader = ResponseReader::new(&mut bytes, None);
    reader.block = piece;
    match std::pin::pin!(reader.response()).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => Err(Cause::Other("memory has to be waited for".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read_as_v1_reads_them() {
        for (text, expected) in [
            ("A: b\r\nC:d\n", &[("A", "b"), ("C", "d")][..]),
            ("A: b \r\n\t c\r\nD: e\r\n", &[("A", "b c"), ("D", "e")]),
            ("A: b\r\nno colon\r\nC: d\r\n", &[("A", "b")]),
            ("A : b\r\nC: d\r\n", &[]),
            (" A: b\r\nC: d\r\n", &[("C", "d")]),
            (": b\r\nC: d\r\n", &[("C", "d")]),
            ("A: b\rC: d\r\n", &[("A", "b"), ("C", "d")]),
            ("A: b\r\nFrom c\r\nC: d\r\n", &[("A", "b"), ("C", "d")]),
        ] {
            let found = headers(text).0;
            let found: Vec<_> = found.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            assert_eq!(found, expected, "{text:?}");
        }
    }

    /// Reads `text` as a response: status, headers, body, whether the connection may carry another request.
    fn read(text: &str) -> Result<(u16, usize, String, bool), Cause> {
        let bytes: Vec<u8> = text.chars().map(|letter| u8::try_from(letter).unwrap()).collect();
        let whole = read_response(&bytes, u64::MAX);
        for piece in [1, 2, 7] {
            assert_eq!(read_response(&bytes, piece), whole, "in pieces of {piece}: {text:?}");
        }
        whole.map(|(response, keep_alive)| {
            (response.status, response.headers.0.len(), latin1(&response.body), keep_alive)
        })
    }

    #[test]
    fn bodies_end_where_v1_ends_them() {
        let ok = |body: &str, keep_alive| Ok((200, 1, body.to_owned(), keep_alive));
        let closed = || Err(Cause::Closed);
        for (rest, expected) in [
            ("Content-Length: 3\r\n\r\nabcd", ok("abc", true)),
            ("Content-Length: 0\r\n\r\n", ok("", true)),
            ("Content-Length: 4\r\n\r\nabc", closed()),
            ("Content-Length: x\r\n\r\nabc", ok("abc", false)),
            ("Content-Length: -1\r\n\r\nabc", ok("abc", false)),
            ("Content-Length: +3 \r\n\r\nabc", ok("abc", true)),
            ("X: y\r\n\r\nabc", ok("abc", false)),
            ("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", ok("abc", true)),
            (
                "Transfer-Encoding: Chunked\r\n\r\n3;x=y\r\nabc\r\n1\r\nd\r\n0\r\nT: u\r\n\r\n",
                ok("abcd", true),
            ),
            ("Transfer-Encoding: gzip, chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", ok("a", false)),
            ("Transfer-Encoding: chunked\r\n\r\n3\r\nabcXX0\r\n\r\n", ok("abc", true)), // v1 skips two bytes
            ("Transfer-Encoding: chunked\r\n\r\n3\r\nabc0\r\n\r\n", closed()),
            ("Transfer-Encoding: chunked\r\n\r\n3\r\nab", closed()),
            ("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r", closed()),
            ("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", closed()),
            ("Transfer-Encoding: chunked\r\n\r\n0\r\n", ok("", true)),
            ("Transfer-Encoding: chunked\r\n\r\n0\r\n\n\r\n", ok("", true)),
        ] {
            assert_eq!(read(&format!("HTTP/1.1 200 OK\r\n{rest}")), expected, "{rest:?}");
        }
        for status in [204, 304] {
            let found = read(&format!("HTTP/1.1 {status} x\r\nContent-Length: 3\r\n\r\nabc"));
            assert_eq!(found, Ok((status, 1, String::new(), true)));
        }
    }

    #[test]
    fn a_connection_is_kept_as_v1_keeps_it() {
        for (version, header, expected) in [
            ("HTTP/1.1", "X: y", true),
            ("HTTP/1.1", "Connection: close", false),
            ("HTTP/1.1", "connection: x, CLOSE", false),
            ("HTTP/1.1", "Connection: keep-alive", true),
            ("HTTP/1.0", "X: y", false),
            ("HTTP/1.0", "Keep-Alive: timeout=5", true),
            ("HTTP/1.0", "Keep-Alive:", false),
            ("HTTP/1.0", "Connection: Keep-Alive", true),
            ("HTTP/1.0", "Proxy-Connection: keep-alive", true),
            ("HTTP/1.0", "Connection: close", false),
            ("HTTP/1.9", "X: y", true),
        ] {
            let found = read(&format!("{version} 200 OK\r\nContent-Length: 0\r\n{header}\r\n\r\n"));
            assert_eq!(found, Ok((200, 2, String::new(), expected)), "{version} {header}");
        }
    }

    #[test]
    fn heads_are_read_as_v1_reads_them() {
        let end = "\r\nContent-Length: 0\r\n\r\n";
        let empty = |status| Ok((status, 1, String::new(), true));
        for (start, expected) in [
            ("HTTP/1.1 200", empty(200)),
            ("HTTP/1.1\t+99_9 x", empty(999)),
            ("HTTP/1.1 100 x\r\nA: b\r\n\r\nHTTP/1.1 201 x", empty(201)),
            ("HTTP/1.1 199 x", Err(Cause::Closed)),
            ("HTTP/1.1 101 x", Err(Cause::Closed)),
            ("HTTP/1.1 99 x", Err(Cause::Closed)),
            ("HTTP/1.1 1000 x", Err(Cause::Closed)),
            ("HTTP/1.1 OK", Err(Cause::Closed)),
            ("HTTP/1.1", Err(Cause::Closed)),
            ("HTTP/2 200 x", Err(Cause::Closed)),
            ("HTTP/0.9 200 x", Ok((200, 1, String::new(), false))),
            ("http/1.1 200 x", Err(Cause::Closed)),
            ("\r\nHTTP/1.1 200 x", Err(Cause::Closed)),
        ] {
            assert_eq!(read(&format!("{start}{end}")), expected, "{start:?}");
        }
        for cut in ["", "HTTP/1.1 200 OK", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nA: b\r\n"] {
            assert_eq!(read(cut), Err(Cause::Closed), "{cut:?}");
        }
        let two = read("HTTP/1.1 200 x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc");
        let reason = "Content-Length contained multiple unmatching values (3, 4)";
        assert_eq!(two, Err(Cause::Other(reason.to_owned())));
    }

    #[test]
    fn heads_and_bodies_are_bounded() {
        let head = |headers: &str| format!("HTTP/1.1 200 x\r\n{headers}Content-Length: 0\r\n\r\n");
        assert!(read(&head(&"A: b\r\n".repeat(HEAD_LINES - 2))).is_ok());
        assert_eq!(read(&head(&"A: b\r\n".repeat(HEAD_LINES - 1))), Err(Cause::Closed));
        let line = |length: usize| format!("A: {}\r\n", "b".repeat(length - 5));
        assert!(read(&head(&line(LINE_LIMIT))).is_ok());
        assert_eq!(read(&head(&line(LINE_LIMIT + 1))), Err(Cause::Closed));
        for (length, expected) in [(BODY_LIMIT, true), (BODY_LIMIT + 1, false)] {
            let body = "x".repeat(length);
            let text = format!("HTTP/1.1 200 x\r\nContent-Length: {length}\r\n\r\n{body}");
            let found = read_response(text.as_bytes(), u64::MAX);
            assert_eq!(found.is_ok_and(|(response, _)| response.body.len() == length), expected);
        }
    }

    #[test]
    fn chunk_sizes() {
        let below = Err(Cause::Other("read length must be non-negative or -1".to_owned()));
        for (text, expected) in [
            ("a\r\n", Ok(10)),
            (" 0x1F ", Ok(31)),
            ("0X_1_f", Ok(31)),
            ("+5", Ok(5)),
            ("-0", Ok(0)),
            ("-1", Err(Cause::Closed)),
            ("-5", below),
            ("1__f", Err(Cause::Closed)),
            ("_1", Err(Cause::Closed)),
            ("1_", Err(Cause::Closed)),
            ("+-1", Err(Cause::Closed)),
            ("", Err(Cause::Closed)),
            ("g", Err(Cause::Closed)),
        ] {
            assert_eq!(chunk_size(text.as_bytes()), expected, "{text:?}");
        }
    }
}
