//! Errors of a request without a response, in v1's words.

/// One variant per exception of v1's HTTP client; a text is its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Error {
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

impl Error {
    /// Returns v1's message for a request to `url`.
    /// v1: `botocore.exceptions`. Parity: ERR-15, ERR-18, ERR-19, TIME-02, TIME-03, PROXY-06.
    pub(crate) fn text(&self, url: &str) -> String {
        match self {
            Self::ConnectFailed => format!("Could not connect to the endpoint URL: \"{url}\""),
            Self::ConnectTimeout => format!("Connect timeout on endpoint URL: \"{url}\""),
            Self::ReadTimeout => format!("Read timeout on endpoint URL: \"{url}\""),
            Self::Closed => format!(
                "Connection was closed before we received a valid response from endpoint URL: \"{url}\"."
            ),
            Self::Tls(reason) => format!("SSL validation failed for {url} {reason}"),
            Self::Proxy(proxy) => format!("Failed to connect to proxy URL: \"{proxy}\""),
            Self::System(reason) | Self::Other(reason) => {
                format!("An HTTP Client raised an unhandled exception: {reason}")
            }
        }
    }
}

pub(super) fn no_host() -> Error {
    Error::Other("No host specified.".to_owned())
}
