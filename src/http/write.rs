//! Writes a message to a connection.

use std::io::ErrorKind;
use std::time::Duration;

use tokio::io::AsyncWriteExt;

use super::error::Error;
use super::stream::{Stream, within};
use super::tls::failure;

/// Sends `bytes`. A peer that has closed is no error yet: its response may be there to read.
/// Errors: [`Error::Closed`] when they do not go out within `timeout`, or the system says why they cannot.
/// v1: `urllib3.connectionpool.HTTPConnectionPool._make_request`. Parity: ERR-15.
pub(super) async fn send(stream: &mut Stream, bytes: &[u8], timeout: Option<Duration>) -> Result<(), Error> {
    let sending = async {
        stream.write_all(bytes).await?;
        stream.flush().await
    };
    match within(timeout, sending).await {
        Some(Err(error)) if !matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset) => {
            Err(failure(&error))
        }
        Some(_) => Ok(()),
        None => Err(Error::Closed),
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

    use super::*;
    use crate::http::run;
    use crate::http::stream::Socket;

    /// A connection on which each write fails.
    struct Broken(ErrorKind);

    impl Socket for Broken {
        fn has_input(&self) -> bool {
            false
        }
    }

    impl AsyncRead for Broken {
        fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, _: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
            Poll::Pending
        }
    }

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
            (ErrorKind::NetworkUnreachable, Err(Error::Closed)),
            (ErrorKind::HostUnreachable, Err(Error::Closed)),
            (ErrorKind::TimedOut, Err(Error::Closed)),
        ] {
            let mut stream: Stream = Box::new(Broken(kind));
            assert_eq!(run(send(&mut stream, b"x", None)), expected, "{kind}");
        }
    }
}
