//! The request as it goes over the wire: v1's headers in v1's order, and which of them are signed.

use aws_config::Region;

use crate::credentials::Credentials;
use crate::credentials::sigv4::{self, Scope, SignedParts};
use crate::error::{Error, failure};
use crate::host::Host;
use crate::http::{self, Url};
use crate::product;
use crate::python::percent;
use crate::python::stdio::Encoding;
use crate::session::Session;

use super::request::ServiceRequest;

/// The common part of a client's requests.
#[derive(Debug)]
pub(super) struct Message<'a> {
    session: &'a Session,
    host: &'a Host,
    user_agent: String,
    trace_id: Option<String>,
}

impl<'a> Message<'a> {
    /// Reads what the headers take from the environment.
    pub(super) fn new(session: &'a Session, host: &'a Host) -> Self {
        let trace_id = trace_id(host).map(|id| percent::quote(id, "=;:+&[]{}\"',"));
        Self { session, host, user_agent: product::user_agent(host, session.app_id.as_deref()), trace_id }
    }

    /// Adds the letter of a feature to the User-Agent.
    /// v1: `botocore.useragent.UserAgentString`. Rows: WAITC-23.
    pub(super) fn add_feature(&mut self, letter: char) {
        self.user_agent.extend([" m/", &*letter.encode_utf8(&mut [0; 4])]);
    }

    /// Returns one attempt of `request`, signed with the date of now unless there are no `credentials`; `ids` are
    /// the invocation's id and the value of `amz-sdk-request`.
    /// Errors: those of [`sigv4::sign`].
    /// v1: `botocore.awsrequest.AWSPreparedRequest`. Parity: WIRE-01, WIRE-02, WIRE-06, RETRY-08.
    pub(super) fn attempt(
        &self,
        request: &ServiceRequest,
        url: &Url,
        credentials: Option<&Credentials>,
        ids: [&str; 2],
    ) -> Result<http::Request, http::Error> {
        let content_type = request.content_type.as_deref().map(|value| ("Content-Type", value.to_owned()));
        let signature = credentials.map(|credentials| self.signature(request, url, credentials));
        let [invocation_id, attempt] = ids;
        Ok(http::Request::new(&request.method, url.clone())
            .headers(content_type)
            .header("User-Agent", &self.user_agent)
            .headers(self.trace_id.clone().map(|id| ("X-Amzn-Trace-Id", id)))
            .headers(signature.transpose()?.into_iter().flatten())
            .header("amz-sdk-invocation-id", invocation_id)
            .header("amz-sdk-request", attempt)
            .body(request.body.clone())
            .repeatable(request.is_repeatable))
    }

    /// Returns the headers that sign `request`: host and content type are covered, and nothing else.
    /// Parity: WIRE-02.
    fn signature(
        &self,
        request: &ServiceRequest,
        url: &Url,
        credentials: &Credentials,
    ) -> Result<Vec<(&'static str, String)>, http::Error> {
        let host = url.host_header();
        let content_type = request.content_type.as_deref().map(|value| ("content-type", value));
        let headers: Vec<_> = [("host", host.as_str())].into_iter().chain(content_type).collect();
        let parts = SignedParts {
            method: &request.method,
            url: &self.session.endpoint.signing_url(&request.path),
            headers: &headers,
            body: &request.body,
        };
        let region = Region::new(self.session.region.clone());
        let scope = Scope { region: &region, service: "backup", time: self.host.now() };
        sigv4::sign(&parts, scope, credentials)
    }
}

/// Returns the id by which AWS Lambda follows calls.
/// v1: `botocore.handlers.add_recursion_detection_header`. Parity: CFG-64.
fn trace_id(host: &Host) -> Option<&str> {
    host.env("AWS_LAMBDA_FUNCTION_NAME")?;
    host.env_filled("_X_AMZN_TRACE_ID")
}

/// Checks that the id by which AWS Lambda follows calls can be percent-encoded.
/// Errors: `Failure` in Python's words when it is no text.
/// v1: `botocore.handlers.add_recursion_detection_header`. Parity: CFG-64, `wire/unsendable/trace-id`.
pub(crate) fn check_trace_id(host: &Host) -> Result<(), Error> {
    let spelled = Encoding::STRICT.encode(trace_id(host).unwrap_or_default());
    spelled.map(drop).map_err(|error| failure!("{error}"))
}
