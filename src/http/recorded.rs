//! A response from memory instead of a connection, for tests and fuzzing.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use tokio::io::{AsyncRead, ReadBuf};

use super::error::Error;
use super::reader::ResponseReader;
use super::response::Response;

/// Bytes of a server, read in pieces of at most so many; then the connection ends.
struct Recorded<'a>(&'a [u8], usize);

impl AsyncRead for Recorded<'_> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let length = self.1.min(self.0.len()).min(buffer.remaining());
        let (piece, rest) = self.0.split_at_checked(length).unwrap_or_default();
        buffer.put_slice(piece);
        self.0 = rest;
        Poll::Ready(Ok(()))
    }
}

/// Reads `bytes` as a response that comes in pieces of at most `piece` bytes; returns it and whether the connection may
/// carry another request.
pub(crate) fn read_response(bytes: &[u8], piece: usize) -> Result<(Response, bool), Error> {
    let mut recorded = Recorded(bytes, piece);
    let mut reader = ResponseReader::new(&mut recorded, None);
    match std::pin::pin!(reader.response()).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => Err(Error::Other("memory has to be waited for".to_owned())),
    }
}
