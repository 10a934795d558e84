//! The client of AWS Backup: one call with its retries. It lives over several calls, as a wait makes them.

use tracing::debug;

use super::message::Message;
use super::request::ServiceRequest;
use crate::credentials::Signer;
use crate::debug;
use crate::error::{Error, failure};
use crate::http::members::MemberReader;
use crate::http::retry;
use crate::http::service_error::{FailedCall, ServiceError};
use crate::http::{self, Response, Settings, Url};
use crate::model::{Member, Shape};
use crate::product;
use crate::python::{Dict, Value};
use crate::session::Session;

/// AWS Backup as a session reaches it. Connection, retry quota and rate limiter outlive a call (WAITC-24, WAITC-44);
/// invocation id, date and signature do not (WAITC-23).
pub(crate) struct Client<'a> {
    reader: MemberReader<'a>,
    message: Message<'a>,
    /// `None` for unsigned requests.
    signer: Option<Signer<'a>>,
    http: http::Client,
    retries: retry::State,
    /// True from a call to its notices.
    has_sent: bool,
    /// True once a response held a timestamp.
    has_timestamp: bool,
    /// Printed with the first timestamp.
    timestamp_note: Option<&'static str>,
}

/// Result of a call.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// A response that v1 reads as a success: a status below 300, or 300 itself (WAITC-27).
    Output {
        status: u16,
        members: Dict,
    },
    /// A response of status 301 or more.
    ServiceError(FailedCall),
    TransportError(http::Error),
}

impl Outcome {
    /// Returns what a waiter makes of an `error` for which a call was not sent: that of a service which gives
    /// credentials is the response to its poll, and says nothing where it has no code.
    /// Errors: all other errors.
    /// v1: `NormalizedOperationMethod`, `is_valid_waiter_error`. Parity: `wait/credentials/role-denied`.
    pub(crate) fn of_credentials(error: Error) -> Result<Self, Error> {
        let Error::Failure(failure) = error else { return Err(error) };
        let failed = failure.downcast::<FailedCall>()?;
        Ok(match failed.error.code() {
            Some(ServiceError::NONE) => Self::Output { status: failed.status, members: Dict::default() },
            _ => Self::ServiceError(failed),
        })
    }

    /// Returns the members of a response that is no error.
    pub(crate) fn members(&self) -> Option<&Dict> {
        if let Self::Output { members, .. } = self { Some(members) } else { None }
    }

    /// Returns the members of the response to a call of `operation`.
    /// Errors: `Failure` in v1's words for everything but a status below 300.
    /// v1: `botocore.client.BaseClient._make_api_call`. Parity: ERR-01, ERR-19, DESC-58.
    pub(crate) fn into_members(self, operation: &str) -> Result<Dict, Error> {
        Err(match self {
            Self::Output { status: ..300, members } => return Ok(members),
            Self::Output { .. } => {
                failure!("An error occurred (Unknown) when calling the {operation} operation: Unknown")
            }
            Self::ServiceError(failed) => failed.into(),
            Self::TransportError(error) => error.into(),
        })
    }
}

impl<'a> Client<'a> {
    pub(crate) fn new(
        session: &'a Session,
        signer: Option<Signer<'a>>,
        reader: MemberReader<'a>,
        trace_id: Option<String>,
        timestamp_note: Option<&'static str>,
    ) -> Self {
        let host = reader.host;
        let url = session.endpoint.url("/");
        debug!("Endpoint: {}, region '{}'", debug::redact_url(&url), session.region);
        let user_agent = product::user_agent(host, session.app_id.as_deref());
        Self {
            reader,
            message: Message { session, host, user_agent, trace_id },
            signer,
            http: http::Client::new(Settings::new(&session.transport, &url, host)),
            retries: retry::State::new(session.retry, session.transport.read_timeout, &[], host),
            has_sent: false,
            has_timestamp: false,
            timestamp_note,
        }
    }

    /// Returns the client of a waiter, which says so in its User-Agent.
    /// v1: feature `B` of `botocore.useragent`. Rows: WAITC-23.
    pub(crate) fn of_waiter(mut self) -> Self {
        self.message.user_agent.push_str(" m/B");
        self
    }

    /// Fetches what the next request is signed with, unless that was done.
    pub(crate) async fn fetch_credentials(&mut self) -> Result<(), Error> {
        match &mut self.signer {
            Some(signer) => signer.fetch().await,
            None => Ok(()),
        }
    }

    /// Sends `request`, repeated as the session says, and reads the response.
    /// Errors: `Failure` for an endpoint that is no URL, credentials that cannot be had, a response that v1 cannot read
    /// (WAITC-28).
    /// v1: `botocore.endpoint.Endpoint._send_request`. Parity: RETRY-01, RETRY-11.
    pub(crate) async fn call(&mut self, request: &ServiceRequest) -> Result<Outcome, Error> {
        self.fetch_credentials().await?;
        self.has_sent = true;
        let Self { reader, message, signer, http, retries, .. } = self;
        let (session, path) = (message.session, request.http.uri());
        let url = Url::of(&session.endpoint, path)?;
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
        let code = |response: &Response| {
            Ok(service_error(response)?.and_then(|error| error.code().map(str::to_owned)))
        };
        let outcome = retry::attempts(retries, reader.host, send, code).await?;
        let response = match outcome.result {
            Ok(response) => response,
            Err(error) => return Ok(Outcome::TransportError(error)),
        };
        debug!("Request id: {}", response.headers.get("x-amzn-requestid").unwrap_or_default());
        let status = response.status;
        if let Some(error) = service_error(&response)? {
            let retries = outcome.exhausted.then_some(outcome.retries);
            let failed = FailedCall::new(status, error, request.operation.name, retries);
            return Ok(Outcome::ServiceError(failed));
        }
        let members = reader.read(&response.body, request.operation.output)?;
        self.has_timestamp |= has_timestamp(&members, request.operation.output);
        Ok(Outcome::Output { status, members })
    }

    /// Returns what stderr shows after a call, whether it succeeded or not: a warning of a certificate that was not
    /// checked, and the note on the first timestamp of any service.
    /// v1: urllib3's `InsecureRequestWarning` (D11). Parity: TLS-08, ARG-37, WAITC-55.
    pub(crate) fn take_notices(&mut self) -> String {
        let mut notices = String::new();
        if std::mem::take(&mut self.has_sent)
            && let Some(host) = self.http.unverified()
            && self.reader.host.env("PYTHONWARNINGS") != Some("ignore")
        {
            notices = format!(
                "InsecureRequestWarning: Unverified HTTPS request is being made to host '{host}'. \
                 Adding certificate verification is strongly advised.\n"
            );
        }
        if self.has_timestamp || self.signer.as_ref().is_some_and(Signer::has_timestamp) {
            notices += self.timestamp_note.take().unwrap_or_default();
        }
        notices
    }
}

/// Returns the error in a response; `None` where v1 reads none.
fn service_error(response: &Response) -> Result<Option<ServiceError>, Error> {
    (response.status > 300).then(|| ServiceError::read(response)).transpose()
}

/// Returns true where a response of these `members` holds a timestamp.
fn has_timestamp(response: &Dict, members: &[Member]) -> bool {
    members.iter().any(|member| match (member.shape, response.get(member.name)) {
        (Shape::Timestamp, Some(_)) => true,
        (Shape::Structure(members), Some(Value::Dict(inner))) => has_timestamp(inner, members),
        _ => false,
    })
}
