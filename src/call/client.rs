//! The client of AWS Backup: one call with its retries. It lives over several calls, as a wait makes them.

use tracing::debug;

use super::message::Message;
use super::request::ServiceRequest;
use crate::credentials::Signer;
use crate::debug;
use crate::error::{Error, failure};
use crate::http::members::MemberReader;
use crate::http::retry::{self, Policy};
use crate::http::service_error::{FailedCall, ServiceError};
use crate::http::{self, Response, Settings, Url};
use crate::python::Dict;
use crate::session::Session;

/// AWS Backup as a session reaches it. Connection, retry quota and rate limiter outlive a call (WAITC-24, WAITC-44);
/// invocation id, date and signature do not (WAITC-23).
pub(crate) struct Client<'a> {
    session: &'a Session,
    reader: MemberReader<'a>,
    message: Message<'a>,
    signer: Option<Signer<'a>>,
    http: http::Client,
    retries: retry::State,
}

/// Result of a call.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// A response that v1 reads as a success: a status below 300, or 300 itself (WAITC-27).
    Output {
        /// Status of the response.
        status: u16,
        /// Members of the response.
        members: Dict,
    },
    /// A response of status 301 or more.
    ServiceError {
        /// Status of the response.
        status: u16,
        /// Code and message.
        error: ServiceError,
        /// Number of retries where the attempts were used up.
        exhausted: Option<u64>,
    },
    /// No response.
    TransportError {
        /// Why.
        error: http::Error,
        /// URL of the request, which v1's words name.
        url: String,
    },
}

impl Outcome {
    /// Returns what a waiter makes of an `error` for which a call was not sent: that of a service which gives
    /// credentials is the response to its poll, and says nothing where it has no code.
    /// Errors: all other errors.
    /// v1: `NormalizedOperationMethod`, `is_valid_waiter_error`. Parity: `wait/credentials/role-denied`.
    pub(crate) fn of_credentials(error: Error) -> Result<Self, Error> {
        let Error::Failure(failure) = error else { return Err(error) };
        let FailedCall { status, error, .. } = failure.downcast::<FailedCall>()?;
        Ok(match error.code() {
            Some(ServiceError::NONE) => Self::Output { status, members: Dict::default() },
            _ => Self::ServiceError { status, error, exhausted: None },
        })
    }

    /// Returns the members of the response to a call of `operation`.
    /// Errors: `Failure` in v1's words for everything but a status below 300.
    /// v1: `botocore.client.BaseClient._make_api_call`. Parity: ERR-01 to ERR-19.
    /// Rows: DESC-58 to DESC-61.
    pub(crate) fn into_members(self, operation: &str) -> Result<Dict, Error> {
        match self {
            Self::Output { status: ..300, members } => Ok(members),
            Self::Output { .. } => {
                Err(failure!("An error occurred (Unknown) when calling the {operation} operation: Unknown"))
            }
            Self::ServiceError { error, exhausted, .. } => {
                Err(failure!("{}", error.text(operation, exhausted)))
            }
            Self::TransportError { error, url } => Err(failure!("{}", error.text(&url))),
        }
    }
}

impl<'a> Client<'a> {
    /// Returns a client that is not connected yet; `signer` is `None` for unsigned requests.
    pub(crate) fn new(session: &'a Session, signer: Option<Signer<'a>>, reader: MemberReader<'a>) -> Self {
        let host = reader.host;
        let url = session.endpoint.url("/");
        debug!("Endpoint: {}, region '{}'", debug::redact_url(&url), session.region);
        let http = http::Client::new(Settings::new(&session.transport, &url, host));
        let retries = retry::State::new(session.retry.mode, host);
        Self { session, reader, message: Message::new(session, host), signer, http, retries }
    }

    /// Fetches what the next request is signed with, unless that was done.
    /// Errors: those of [`Signer::fetch`].
    pub(crate) async fn fetch_credentials(&mut self) -> Result<(), Error> {
        match &mut self.signer {
            Some(signer) => signer.fetch().await,
            None => Ok(()),
        }
    }

    /// Sends `request`, repeated as the session says, and reads the response.
    /// Errors: `Failure` for an endpoint that is no URL, credentials that cannot be had, a response that v1 cannot read
    /// (WAITC-28).
    /// v1: `botocore.endpoint.Endpoint._send_request`. Parity: RETRY-01 to RETRY-11.
    pub(crate) async fn call(&mut self, request: &ServiceRequest) -> Result<Outcome, Error> {
        self.fetch_credentials().await?;
        let Self { session, reader, message, signer, http, retries } = self;
        let url = Url::of(&session.endpoint, &request.path)?;
        let url = url.map_err(|error| failure!("{}", error.text(&session.endpoint.url(&request.path))))?;
        let policy =
            Policy { retry: session.retry, read_timeout: session.transport.read_timeout, extra_codes: &[] };
        let invocation_id = reader.host.new_token();
        let send = async |attempt: &str| {
            let credentials = match signer {
                Some(signer) => Some(signer.current().await?),
                None => None,
            };
            Ok(match message.attempt(request, &url, credentials.as_ref(), [&invocation_id, attempt]) {
                Ok(message) => http.send(&message).await,
                Err(error) => Err(error),
            })
        };
        let outcome = retry::attempts(&policy, retries, reader.host, send, code).await?;
        let exhausted = outcome.exhausted.then_some(outcome.retries);
        match outcome.result {
            Ok(response) => read(&response, request, reader, exhausted),
            Err(error) => Ok(Outcome::TransportError { error, url: url.text }),
        }
    }

    /// Returns the client of a waiter, which says so in its User-Agent.
    /// v1: feature `B` of `botocore.useragent`. Rows: WAITC-23.
    pub(crate) fn of_waiter(mut self) -> Self {
        self.message.add_feature('B');
        self
    }

    /// Returns the host whose certificate is not checked.
    pub(crate) fn unverified(&self) -> Option<String> {
        self.http.unverified()
    }
}

/// Returns what a response to `request` says.
/// Errors: those of [`MemberReader::read`] and [`ServiceError::read`].
fn read(
    response: &Response,
    request: &ServiceRequest,
    reader: &MemberReader<'_>,
    exhausted: Option<u64>,
) -> Result<Outcome, Error> {
    debug!("Request id: {}", response.headers.get("x-amzn-requestid").unwrap_or_default());
    let status = response.status;
    if status <= 300 {
        return Ok(Outcome::Output { status, members: reader.read(&response.body, request.output)? });
    }
    Ok(Outcome::ServiceError { status, error: ServiceError::read(response)?, exhausted })
}

/// Returns the error code of a response; `None` where v1 reads none.
fn code(response: &Response) -> Result<Option<String>, Error> {
    if response.status <= 300 {
        return Ok(None);
    }
    Ok(ServiceError::read(response)?.code().map(str::to_owned))
}
