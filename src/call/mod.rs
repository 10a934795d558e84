//! The members of the request and the session become one call to the service, and its answer.
//!
//! The SDK builds and signs the request and carries it to [`crate::http`]; how often that happens, what the headers
//! are and what an answer means is v1's.
//!
//! | file | what |
//! |---|---|
//! | `client` | the SDK's client without what v1 does not do |
//! | `headers` | the interceptor that makes the request v1's |
//! | `response` | the members of an answer |

mod client;
mod headers;
pub mod response;

use std::io::Write;

use tracing::debug;

use crate::credentials::Signer;
use crate::debug;
use crate::error::{Error, failure};
use crate::host::Host;
use crate::http::retry::{self, Policy};
use crate::http::service_error::ServiceError;
use crate::http::{self, Answer};
use crate::params::Call;
use crate::session::{Session, TimestampFormat};

use client::Service;
pub use headers::check_trace_id;

/// Name of the operation in v1's messages.
const OPERATION: &str = "StartCopyJob";

/// Starts the copy job and gives the body of the answer; `signer` is `None` for an unsigned request.
///
/// # Errors
/// `Failure` in v1's words for everything that goes wrong, `Interrupted` on Ctrl-C.
///
/// v1: `botocore.client.BaseClient._make_api_call`. Parity: ERR-01 to ERR-19, RETRY-01 to RETRY-11.
pub fn start_copy_job(
    call: &Call,
    session: &Session,
    mut signer: Option<Signer<'_>>,
    host: &Host,
    warnings: &mut dyn Write,
) -> Result<Vec<u8>, Error> {
    debug!("Endpoint: {}, region '{}'", debug::without_login(&session.endpoint.url("/")), session.region);
    let mut service = Service::new(call, session, signer.as_ref().map(Signer::credentials), host)?;
    let policy = Policy { retry: session.retry, read_timeout: session.transport.read_timeout, sts: false };
    let send = async |attempt: &str| {
        if let Some(signer) = &mut signer
            && let Some(renewed) = signer.renewed().await?
        {
            service.sign_with(renewed);
        }
        Ok(service.send(call, attempt).await)
    };
    let ending = http::block_on(retry::attempts(&policy, send, code));
    if let Some(name) = service.take_unverified().filter(|_| host.env("PYTHONWARNINGS") != Some("ignore")) {
        warn_unverified(&name, warnings);
    }
    let outcome = ending??;
    let answer = outcome.result.map_err(|error| failure!("{}", error.text(service.url())))?;
    debug!("Request id: {}", answer.headers.get("x-amzn-requestid").unwrap_or_default());
    match answer.status {
        ..300 => Ok(answer.body),
        300 => {
            response::read(&answer.body, TimestampFormat::Wire, host)?;
            Err(failure!("An error occurred (Unknown) when calling the {OPERATION} operation: Unknown"))
        }
        _ => {
            let retries = outcome.exhausted.then_some(outcome.retries);
            Err(failure!("{}", ServiceError::read(&answer)?.text(OPERATION, retries)))
        }
    }
}

/// The error code of an answer; `None` where v1 reads none.
fn code(answer: &Answer) -> Result<Option<String>, Error> {
    if answer.status <= 300 {
        return Ok(None);
    }
    Ok(ServiceError::read(answer)?.code().map(str::to_owned))
}

/// Says that the certificate of `host` was not checked.
///
/// v1: urllib3's `InsecureRequestWarning` (deviation D11). Parity: TLS-08.
fn warn_unverified(host: &str, warnings: &mut dyn Write) {
    let _ = writeln!(
        warnings,
        "InsecureRequestWarning: Unverified HTTPS request is being made to host '{host}'. \
         Adding certificate verification is strongly advised."
    );
}
