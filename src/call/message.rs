//! The request as it goes over the wire: v1's headers in v1's order, and which of them are signed.

use crate::credentials::Credentials;
use crate::credentials::sigv4::{self, SignedParts};
use crate::error::{Error, failure};
use crate::host::Host;
use crate::http::{self, Url};
use crate::python::percent;
use crate::python::stdio::Encoding;
use crate::session::Session;

use super::request::ServiceRequest;

/// The common part of a client's requests.
#[derive(Debug)]
pub(super) struct Message<'a> {
    pub(super) session: &'a Session,
    pub(super) host: &'a Host,
    pub(super) user_agent: String,
    pub(super) trace_id: Option<String>,
}

impl Message<'_> {
    /// Returns one attempt of `request`, signed with the date of now unless there are no `credentials`; `ids` are
    /// the invocation's id and the value of `amz-sdk-request`.
    /// Errors: those of [`sigv4::sign`].
    /// v1: `botocore.awsrequest.AWSPreparedRequest`. Parity: WIRE-01, WIRE-06, RETRY-08.
    pub(super) fn attempt<'r>(
        &self,
        request: &'r ServiceRequest,
        url: &Url,
        credentials: Option<&Credentials>,
        ids: [&str; 2],
    ) -> Result<http::Request<'r>, http::Error> {
        let content_type = request.http.headers().get("content-type");
        let body = request.http.body().bytes().unwrap_or_default();
        let signature = credentials.map(|credentials| {
            let parts = SignedParts {
                service: "backup",
                method: request.http.method(),
                path: request.http.uri(),
                content_type,
                body,
            };
            sigv4::sign(&parts, url, self.session, self.host, credentials)
        });
        let [invocation_id, attempt] = ids;
        Ok(http::Request::new(request.http.method(), url.clone())
            .headers(content_type.map(|value| ("Content-Type", value.to_owned())))
            .header("User-Agent", &self.user_agent)
            .headers(self.trace_id.clone().map(|id| ("X-Amzn-Trace-Id", id)))
            .headers(signature.transpose()?.into_iter().flatten())
            .header("amz-sdk-invocation-id", invocation_id)
            .header("amz-sdk-request", attempt)
            .body(body)
            .repeatable(request.is_repeatable))
    }
}

/// Returns the id by which AWS Lambda follows calls, as a header holds it.
/// Errors: `Failure` in Python's words when it is no text.
/// v1: `botocore.handlers.add_recursion_detection_header`. Parity: CFG-64, `wire/unsendable/trace-id`.
pub(crate) fn trace_id(host: &Host) -> Result<Option<String>, Error> {
    let (Some(_), Some(id)) = (host.env("AWS_LAMBDA_FUNCTION_NAME"), host.env_filled("_X_AMZN_TRACE_ID"))
    else {
        return Ok(None);
    };
    Encoding::STRICT.encode(id).map_err(|error| failure!("{error}"))?;
    Ok(Some(percent::quote(id, "=;:+&[]{}\"',")))
}
