//! Errors of a request without a response, in v1's words.

use std::fmt::{Display, Formatter};

/// A request without a response; v1's message names its URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Error {
    pub cause: Cause,
    pub url: String,
}

/// One variant per exception of v1's HTTP client; a text is its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cause {
    /// Refused, unreachable, unknown host.
    ConnectFailed,
    ConnectTimeout,
    /// No bytes within the read timeout, or a handshake that stalls.
    ReadTimeout,
    /// The connection ended, or what came is no HTTP response.
    Closed,
    Tls(String),
    /// The proxy with this URL, without user and password, could not be used.
    Proxy(String),
    /// The system has run out of something, which no further attempt mends.
    System(String),
    Other(String),
}

impl Cause {
    /// Returns the error of a request to `url`.
    pub(crate) fn at(self, url: &str) -> Error {
        Error { cause: self, url: url.to_owned() }
    }
}

/// v1: `botocore.exceptions`. Parity: ERR-15, ERR-18, ERR-19, TIME-02, TIME-03, PROXY-06.
impl Display for Error {
    fn fmt(&self, out: &mut Formatter<'_>) -> std::fmt::Result {
        let url = &self.url;
        match &self.cause {
            Cause::ConnectFailed => write!(out, "Could not connect to the endpoint URL: \"{url}\""),
            Cause::ConnectTimeout => write!(out, "Connect timeout on endpoint URL: \"{url}\""),
            Cause::ReadTimeout => write!(out, "Read timeout on endpoint URL: \"{url}\""),
            Cause::Closed => write!(
                out,
                "Connection was closed before we received a valid response from endpoint URL: \"{url}\"."
            ),
            Cause::Tls(reason) => write!(out, "SSL validation failed for {url} {reason}"),
            Cause::Proxy(proxy) => write!(out, "Failed to connect to proxy URL: \"{proxy}\""),
            Cause::System(reason) | Cause::Other(reason) => {
                write!(out, "An HTTP Client raised an unhandled exception: {reason}")
            }
        }
    }
}

impl std::error::Error for Error {}

impl From<Error> for crate::error::Error {
    fn from(error: Error) -> Self {
        Self::Failure(error.into())
    }
}

pub(super) fn no_host() -> Cause {
    Cause::Other("No host specified.".to_owned())
}
