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
//! | `request`, `message` | [`Request`] -> bytes, checked |
//! | `reader`, `response` | bytes -> [`Answer`] |
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
//! | `service_error` | [`service_error::ServiceError`]: code and message of an error response |

mod client;
mod clock;
mod connect;
mod error;
mod headers;
mod limiter;
mod message;
mod proxy;
mod reader;
#[cfg(any(test, fuzzing))]
mod recorded;
mod request;
mod response;
pub mod retry;
pub mod service_error;
mod settings;
mod stream;
#[cfg(unix)]
mod tcp;
#[cfg(not(unix))]
mod tcp_other;
mod tls;
mod url;

use std::task::Poll;

use crate::host;

pub use client::Client;
pub use clock::Clock;
pub use error::Error;
pub use headers::Headers;
pub use message::HeaderEncoding;
pub use proxy::Proxy;
#[cfg(fuzzing)]
pub use recorded::read_response;
pub use request::Request;
pub use response::Answer;
pub use settings::Settings;
#[doc(hidden)]
pub use tls::try_bundle;
pub use url::Url;

/// Sends `GET url` and returns the response.
///
/// # Errors
/// Those of v1's client, or Ctrl-C.
pub fn get(
    url: &str,
    headers: &[(&str, &str)],
    settings: Settings,
) -> Result<Result<Answer, Error>, crate::error::Error> {
    let url = match Url::parse(url) {
        Ok(url) => url,
        Err(error) => return Ok(Err(error)),
    };
    let mut all = vec![("Host".to_owned(), url.host_header())];
    all.extend(headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let encoding = HeaderEncoding::Latin1;
    let request = Request { method: "GET".to_owned(), url, headers: all, encoding, body: Vec::new() };
    let client = Client::new(settings);
    block_on(client.send(&request))
}

/// Runs `future` to its end on a runtime of its own.
///
/// # Errors
/// `Interrupted` on Ctrl-C, unless the program was started with that ignored.
///
/// Parity: DBG-06, MSG-07, `debug/interrupt-ignored`.
pub fn block_on<F: Future>(future: F) -> Result<F::Output, crate::error::Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| crate::error::failure!("{error}"))?;
    let ending = runtime.block_on(async {
        let mut interrupt = std::pin::pin!(async {
            if host::ignores_interrupt() {
                std::future::pending::<()>().await;
            }
            let _ = tokio::signal::ctrl_c().await;
        });
        let mut future = std::pin::pin!(future);
        std::future::poll_fn(|context| {
            if interrupt.as_mut().poll(context).is_ready() {
                return Poll::Ready(Err(crate::error::Error::Interrupted));
            }
            future.as_mut().poll(context).map(Ok)
        })
        .await
    });
    runtime.shutdown_background();
    ending
}

/// Runs `future` to its end, for tests.
#[cfg(test)]
fn run<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
}
