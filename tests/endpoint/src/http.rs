//! One HTTP/1.1 request read from a connection, one reply written to it, faults included.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, SystemTime};

use crate::reply::{End, Reply};
use crate::server::Stop;
use crate::tls::Stream;

/// Longest head (request line and headers) that is read.
const LONGEST_HEAD: usize = 1 << 20;

/// A request as it came over the wire.
#[derive(Debug, Clone)]
pub struct Request {
    /// `PUT`, `POST`, `CONNECT`, ...
    pub method: String,
    /// Path with query, or for a proxy the whole URL or `host:port`.
    pub target: String,
    /// `HTTP/1.1`.
    pub version: String,
    /// Headers in order, names as sent.
    pub headers: Vec<(String, String)>,
    /// The body, chunks joined.
    pub body: Vec<u8>,
    /// Number of the connection on this server, from 1.
    pub connection: usize,
    /// When it was read.
    pub at: SystemTime,
}

impl Request {
    /// The first header of this name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The path, without the query.
    pub fn path(&self) -> &str {
        self.target.split_once('?').map_or(self.target.as_str(), |(path, _)| path)
    }
}

/// A connection, plain or inside TLS, with the bytes that were read ahead.
pub struct Wire {
    stream: Stream,
    ahead: Vec<u8>,
}

impl Wire {
    /// A connection on which nothing was read yet.
    pub fn new(stream: Stream) -> Self {
        Self { stream, ahead: Vec::new() }
    }

    /// The connection below TLS.
    pub fn tcp(&self) -> &TcpStream {
        self.stream.tcp()
    }

    /// The next request; `None` when the client closed the connection between two requests.
    ///
    /// # Errors
    /// Those of the connection, and `InvalidData` for what is not HTTP.
    pub fn read_request(&mut self, connection: usize) -> io::Result<Option<Request>> {
        let Some(head) = self.read_head()? else { return Ok(None) };
        let head: String = head.iter().map(|&byte| char::from(byte)).collect();
        let mut lines = head.split("\r\n");
        let mut words = lines.next().unwrap_or_default().splitn(3, ' ').map(str::to_owned);
        let (Some(method), Some(target), Some(version)) = (words.next(), words.next(), words.next()) else {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "not a request line"));
        };
        let headers = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
            .collect();
        let at = SystemTime::now();
        let mut request = Request { method, target, version, headers, body: Vec::new(), connection, at };
        request.body = self.read_body(&request)?;
        Ok(Some(request))
    }

    /// Everything up to the empty line, without it.
    fn read_head(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            if let Some(end) = self.ahead.windows(4).position(|window| window == b"\r\n\r\n") {
                let mut head: Vec<u8> = self.ahead.drain(..end + 4).collect();
                head.truncate(end);
                return Ok(Some(head));
            }
            if self.ahead.len() > LONGEST_HEAD {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "head too long"));
            }
            if self.read_more()? == 0 {
                return if self.ahead.is_empty() {
                    Ok(None)
                } else {
                    Err(io::ErrorKind::UnexpectedEof.into())
                };
            }
        }
    }

    /// The body that the headers announce.
    fn read_body(&mut self, request: &Request) -> io::Result<Vec<u8>> {
        if request.header("Transfer-Encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked")) {
            return self.read_chunks();
        }
        let length = request.header("Content-Length").and_then(|value| value.parse().ok()).unwrap_or(0);
        self.read_exact(length)
    }

    /// The chunks of a body, joined.
    fn read_chunks(&mut self) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line = self.read_line()?;
            let size = usize::from_str_radix(line.split(';').next().unwrap_or_default().trim(), 16)
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
            if size == 0 {
                while !self.read_line()?.is_empty() {}
                return Ok(body);
            }
            body.extend(self.read_exact(size)?);
            self.read_line()?;
        }
    }

    /// The next line, without its end.
    fn read_line(&mut self) -> io::Result<String> {
        loop {
            if let Some(end) = self.ahead.windows(2).position(|window| window == b"\r\n") {
                let line: Vec<u8> = self.ahead.drain(..end + 2).take(end).collect();
                return Ok(line.iter().map(|&byte| char::from(byte)).collect());
            }
            if self.read_more()? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }

    /// The next `length` bytes.
    fn read_exact(&mut self, length: usize) -> io::Result<Vec<u8>> {
        while self.ahead.len() < length {
            if self.read_more()? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(self.ahead.drain(..length).collect())
    }

    /// Reads ahead once; gives the number of bytes.
    fn read_more(&mut self) -> io::Result<usize> {
        let mut piece = [0; 16384];
        let length = self.stream.read(&mut piece)?;
        self.ahead.extend(piece.iter().take(length));
        Ok(length)
    }

    /// Writes a reply with its faults.
    ///
    /// # Errors
    /// Those of the connection; the client may be gone.
    pub fn write_reply(&mut self, reply: &Reply, stop: &Stop) -> io::Result<()> {
        stop.sleep(reply.delay);
        let bytes = reply.bytes();
        let (before, after) = match reply.stall {
            Some((at, _)) => bytes.split_at(at.min(bytes.len())),
            None => (bytes.as_slice(), [].as_slice()),
        };
        self.write_pieces(before, reply.drip, stop)?;
        if let Some((_, pause)) = reply.stall {
            stop.sleep(pause);
            self.write_pieces(after, reply.drip, stop)?;
        }
        Ok(())
    }

    /// Writes all of `bytes`, in pieces where told so.
    fn write_pieces(&mut self, bytes: &[u8], drip: Option<(usize, Duration)>, stop: &Stop) -> io::Result<()> {
        let (size, pause) = drip.unwrap_or((bytes.len(), Duration::ZERO));
        for piece in bytes.chunks(size.max(1)) {
            self.stream.write_all(piece)?;
            self.stream.flush()?;
            stop.sleep(pause);
        }
        Ok(())
    }

    /// Ends the connection as told.
    pub fn end(mut self, end: End, orderly: bool) {
        if end == End::Reset {
            let _ = socket2::SockRef::from(self.tcp()).set_linger(Some(Duration::ZERO));
            return;
        }
        if orderly {
            self.stream.close_notify();
        }
        close(self.tcp());
    }

    /// Passes bytes on between this connection and `other` until one of them ends.
    ///
    /// # Errors
    /// Those of the connections.
    pub fn splice(mut self, mut other: TcpStream, stop: &Stop) -> io::Result<()> {
        let pause = Some(Duration::from_millis(2));
        self.tcp().set_read_timeout(pause)?;
        other.set_read_timeout(pause)?;
        other.write_all(&self.ahead)?;
        let mut piece = [0; 65536];
        while !stop.is_set() {
            if !pass_on(&mut self.stream, &mut other, &mut piece)?
                || !pass_on(&mut other, &mut self.stream, &mut piece)?
            {
                return Ok(());
            }
        }
        Ok(())
    }
}

/// Ends a connection for the client to see, and reads on until the client ends it too: closed at once, while bytes of
/// the client are under way, it would be reset.
pub fn close(tcp: &TcpStream) {
    let _ = tcp.shutdown(Shutdown::Write);
    let _ = tcp.set_read_timeout(Some(Duration::from_secs(2)));
    let mut reader = tcp;
    while let Ok(1..) = reader.read(&mut [0; 4096]) {}
}

/// Passes on what is there to be read; false at the end of the connection.
fn pass_on(from: &mut impl Read, to: &mut impl Write, piece: &mut [u8]) -> io::Result<bool> {
    match from.read(piece) {
        Ok(0) => Ok(false),
        Ok(length) => {
            to.write_all(piece.get(..length).unwrap_or_default())?;
            to.flush()?;
            Ok(true)
        }
        Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => Ok(true),
        Err(error) => Err(error),
    }
}
