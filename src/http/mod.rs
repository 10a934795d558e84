//! Sends requests over HTTP/1.1 and reads their responses as v1's client library does.
//!
//! There is no general HTTP library under this: which bytes v1 accepts as a response and which it calls a closed
//! connection (ERR-13 to ERR-18), the order and spelling of the headers (WIRE-01) and the timeout of each read (TIME-01)
//! are v1's own.

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
mod request;
mod response;
pub(crate) mod retry;
pub(crate) mod service_error;
mod settings;
mod stream;
#[cfg_attr(not(unix), path = "tcp_other.rs")]
mod tcp;
mod tls;
mod url;

use std::time::Duration;

use crate::host::Host;

pub(crate) use client::Client;
pub(crate) use error::{Cause, Error};
pub(crate) use proxy::Proxy;
#[cfg(fuzzing)]
pub(crate) use reader::read_response;
pub(crate) use request::Request;
pub(crate) use response::Response;
pub(crate) use settings::Settings;
#[cfg(fuzzing)]
pub use tls::try_bundle;
pub(crate) use url::Url;

/// Sends `GET url`, as urllib3 does by itself, and returns the response.
/// Errors: `Failure` in the words of v1's client, or `Interrupted`.
pub(crate) fn get(url: &str, host: &Host) -> Result<Response, crate::error::Error> {
    let request = Request::plain("GET", Url::parse(url)?).header("User-Agent", "python-urllib3/2.8.0");
    let client = Client::new(Settings::plain(Some(Duration::from_mins(1)), host));
    Ok(host.block_on(client.send(&request))??)
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
