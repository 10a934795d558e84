//! A response from memory instead of a connection, for tests and fuzzing.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::error::Error;
use super::reader::ResponseReader;
use super::response::Response;
use super::stream::{Socket, Stream};

/// Bytes of a server, read in pieces of at most so many; then the connection ends.
struct Recorded {
    bytes: Vec<u8>,
    /// How many were read.
    read: usize,
    piece: usize,
}

impl Socket for Recorded {
    fn has_input(&self) -> bool {
        true
    }
}

impl AsyncRead for Recorded {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let rest = self.bytes.get(self.read..).unwrap_or_default();
        let length = self.piece.min(rest.len()).min(buffer.remaining());
        let piece = rest.get(..length).unwrap_or_default();
        buffer.put_slice(piece);
        self.read += length;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Recorded {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// Reads `bytes` as a response that comes in pieces of at most `piece` bytes; returns it and whether the connection may
/// carry another request.
/// Errors: those of v1's client.
pub(crate) fn read_response(bytes: &[u8], piece: usize) -> Result<(Response, bool), Error> {
    let mut stream: Stream = Box::new(Recorded { bytes: bytes.to_vec(), read: 0, piece: piece.max(1) });
    let mut reader = ResponseReader::new(&mut stream, None);
    let reading = std::pin::pin!(reader.response());
    match reading.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => Err(Error::Other("memory has to be waited for".to_owned())),
    }
}
