//! A request over HTTP/1.1 and its answer, as v1's client library sends the one and reads the other.
//!
//! There is no general HTTP library under this: what v1 takes for an answer and what it calls a closed connection
//! (ERR-13 to ERR-18), the order and spelling of the headers (WIRE-01) and the wait per read (TIME-01) are v1's own.
//!
//! | file | what |
//! |---|---|
//! | `url` | [`Url`]: a URL taken apart |
//! | `proxy` | [`Proxy`]: which one, and what is said to it |
//! | `connection` | address, proxy, tunnel, TLS -> open connection |
//! | `tls` | what is trusted |
//! | `message` | [`Request`] -> bytes, checked |
//! | `answer` | bytes -> [`Answer`] |
//! | `error` | [`Error`]: v1's words |
//! | `retry` | attempts, delays |
//! | `service_error` | [`service_error::ServiceError`]: code and message of an answer that is an error |
//! | `limiter` | pace of the attempts in mode `adaptive` |
//! | `connector` | this client as the SDK's HTTP client |

mod client;
mod clock;
mod connect;
mod connector;
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
pub use connector::Connector;
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

/// The answer to `GET url`.
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
