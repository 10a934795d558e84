//! Sends requests over HTTP/1.1 and reads their responses as v1's client library does.
//!
//! There is no general HTTP library under this: which bytes v1 accepts as a response and which it calls a closed
//! connection (ERR-13 to ERR-18), the order and spelling of the headers (WIRE-01) and the timeout of each read (TIME-01)
//! are v1's own.
//!
//! | file | what |
//! |---|---|
//! | `client` | [`Client`]: one request, one response, over an idle connection or a new one |
//! | `settings` | [`Settings`]: timeouts, trust, proxy |
//! | `request`, `message`, `write` | [`Request`] -> bytes, checked -> connection |
//! | `reader`, `response` | bytes -> [`Response`] |
//! | `headers` | [`Headers`], redacted where they are logged |
//! | `url` | [`Url`] |
//! | `proxy` | [`Proxy`]: its choice and its login |
//! | `connect` | address, proxy, tunnel, TLS -> open connection |
//! | `stream`, `tcp` | an open connection, and how it is waited for |
//! | `tls` | which certificates are trusted |
//! | `error` | [`Error`]: v1's words |
//! | `retry` | attempts and the pauses between them |
//! | `limiter` | the rate of attempts in mode `adaptive` |
//! | `clock` | [`Clock`]: time and chance for both |
//! | `members` | [`members::MemberReader`]: the members of a response |
//! | `service_error` | [`service_error::ServiceError`]: code and message of an error response |

mod client;
mod clock;
mod connect;
mod error;
mod headers;
mod limiter;
pub(crate) mod members;
mod message;
mod proxy;
mod reader;
#[cfg(any(test, fuzzing))]
mod recorded;
mod request;
mod response;
pub(crate) mod retry;
pub(crate) mod service_error;
mod settings;
mod stream;
#[cfg(unix)]
mod tcp;
#[cfg(not(unix))]
mod tcp_other;
mod tls;
mod url;
mod write;

use crate::host::Host;

pub(crate) use client::Client;
pub(crate) use error::Error;
pub(crate) use proxy::Proxy;
#[cfg(fuzzing)]
pub(crate) use recorded::read_response;
pub(crate) use request::Request;
pub(crate) use response::Response;
pub(crate) use settings::Settings;
#[cfg(fuzzing)]
pub use tls::try_bundle;
pub(crate) use url::Url;

/// Sends `GET url` and returns the response.
/// Errors: those of v1's client, or Ctrl-C.
pub(crate) fn get(
    url: &str,
    headers: &[(&str, &str)],
    host: &Host,
) -> Result<Result<Response, Error>, crate::error::Error> {
    let url = match Url::parse(url) {
        Ok(url) => url,
        Err(error) => return Ok(Err(error)),
    };
    let headers = headers.iter().map(|(name, value)| (*name, (*value).to_owned()));
    let request = Request::plain("GET", url).headers(headers);
    let client = Client::new(Settings::plain(host));
    host.block_on(client.send(&request))
}

/// Runs `future` to its end, for tests.
#[cfg(test)]
fn run<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
}

/// Reads the URL of a proxy.
#[cfg(fuzzing)]
pub fn read_proxy(text: &str) {
    let _ = Proxy::parse(text);
}
