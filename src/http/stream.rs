//! Both directions of an open connection, and the waits for it.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::client::TlsStream;

use super::error::Cause;

/// Both directions of a connection, whatever it is made of.
pub(super) trait Socket: AsyncRead + AsyncWrite + Send + Unpin {
    /// Returns true when there is something to read, or the peer has closed.
    fn has_input(&self) -> bool;
}

pub(super) type Stream = Box<dyn Socket>;

impl Socket for TlsStream<Stream> {
    fn has_input(&self) -> bool {
        self.get_ref().0.has_input()
    }
}

/// Returns the timeout as `CPython`'s `poll` applies it: milliseconds, cut to 32 bits, so that some huge ones end at once
/// and others never.
/// Errors: [`Cause::Other`] when it is too long for Python's clock.
/// v1: `settimeout`, `poll`. Parity: TIME-07.
pub(super) fn socket_timeout(timeout: Option<Duration>) -> Result<Option<Duration>, Cause> {
    let Some(timeout) = timeout else { return Ok(None) };
    if timeout.as_secs() > 9_223_372_036 {
        return Err(Cause::Other("timestamp too large to convert to C _PyTime_t".to_owned()));
    }
    let below = u32::try_from(timeout.as_millis() % (1 << 32)).unwrap_or_default();
    Ok((below < 1 << 31).then(|| Duration::from_millis(u64::from(below.max(1)))))
}

/// Returns the output of `future`; `None` when it takes longer than `timeout`.
pub(super) async fn within<F: Future>(timeout: Option<Duration>, future: F) -> Option<F::Output> {
    match timeout {
        None => Some(future.await),
        Some(timeout) => tokio::time::timeout(timeout, future).await.ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn huge_timeouts() {
        for (seconds, expected) in [
            (60, Ok(Some(60_000))),
            (2_147_483, Ok(Some(2_147_483_000))),
            (3_000_000, Ok(None)),
            (2_147_483_648, Ok(Some(1))),
            (9_223_372_036, Ok(Some(2_077_251_488))),
            (9_223_372_037, Err(())),
        ] {
            let found = socket_timeout(Some(Duration::from_secs(seconds))).map_err(|_| ());
            assert_eq!(found.map(|wait| wait.map(|wait| wait.as_millis())), expected, "{seconds}");
        }
        assert_eq!(socket_timeout(None), Ok(None));
        assert_eq!(socket_timeout(Some(Duration::from_millis(1 << 31))), Ok(None));
        assert_eq!(socket_timeout(Some(Duration::ZERO)), Ok(Some(Duration::from_millis(1))));
    }
}
