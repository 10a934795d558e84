//! One call to another service of AWS, as v1's inner clients make it: STS for roles, the SSO portal and its token
//! service. Mirrors `BaseClient._make_api_call` in `botocore/client.py`.
//!
//! The request is built here and not by an SDK client: v1 keeps STS's whole response, headers included, in a file that
//! both programs share, and each failure has v1's words and retries.

use aws_config::Region;

use super::imds;
use super::provider::Context;
use super::sigv4::{self, Scope, SignedParts};
use super::types::Credentials;
use crate::error::{Error, failure};
use crate::http;
use crate::http::service_error::{FailedCall, ServiceError};
use crate::http::{Client, Request, Response, Settings, Url, retry};
use crate::model::HelperOperation;
use crate::product;
use crate::session::{Service, Session};

/// A request to a service.
pub(super) struct ServiceRequest {
    /// The operation.
    pub operation: &'static HelperOperation,
    /// Query of the operation, which follows the endpoint's own; empty where there is none.
    pub query: String,
    /// Headers of this operation: content type, bearer token, proof of possession.
    pub headers: Vec<(&'static str, String)>,
    /// The body; empty where there is none.
    pub body: String,
    /// The service's name in the credential scope and the keys to sign with; `None` where nothing is signed.
    pub signature: Option<(&'static str, Credentials)>,
    /// Reads the error in a response.
    pub read_error: fn(&Response) -> Result<ServiceError, Error>,
}

impl ServiceRequest {
    /// Returns a request with `headers` and nothing else.
    pub(super) fn new(
        operation: &'static HelperOperation,
        headers: impl IntoIterator<Item = (&'static str, String)>,
    ) -> Self {
        let (query, body) = (String::new(), String::new());
        let headers = headers.into_iter().collect();
        Self { operation, query, headers, body, signature: None, read_error: ServiceError::read }
    }
}

/// A response that is no error.
pub(super) struct ServiceResponse {
    /// The response itself.
    pub response: Response,
    /// Retries that it took.
    pub retries: u64,
}

/// The error in place of a [`ServiceResponse`].
pub(super) enum ServiceCallError {
    /// A service error: its code, v1's message, the whole response.
    ByService(String, Error, Response),
    /// Anything else.
    Otherwise(Error),
}

impl From<ServiceCallError> for Error {
    fn from(failed: ServiceCallError) -> Self {
        match failed {
            ServiceCallError::ByService(_, error, _) | ServiceCallError::Otherwise(error) => error,
        }
    }
}

impl From<Error> for ServiceCallError {
    fn from(error: Error) -> Self {
        Self::Otherwise(error)
    }
}

/// Returns the settings of `service` in `region`.
/// Errors: the first setting that v1 refuses.
/// Parity: CRED-21, CRED-65, CFG-53.
pub(super) async fn session(
    context: &Context<'_>,
    service: Service,
    region: Option<&str>,
) -> Result<Session, Error> {
    let instance_region = match context.instance_region {
        Some(known) => Some(known.to_owned()),
        None => imds::fetch_instance_region(context.config).await,
    };
    Session::of_service(context.config, context.globals, service, region, instance_region)
}

/// Sends a request by the settings of `session` and returns the response.
/// Errors: the service's error, or that of the connection, after v1's retries.
/// Parity: CRED-20, CRED-23, CRED-37, CRED-60, CRED-62.
pub(super) async fn call(
    context: &Context<'_>,
    session: &Session,
    call: &ServiceRequest,
) -> Result<ServiceResponse, ServiceCallError> {
    let host = context.config.host;
    let text = url(session, call);
    let failed = |error: http::Error| ServiceCallError::Otherwise(failure!("{}", error.text(&text)));
    let url = Url::parse(&text).map_err(failed)?;
    let client = Client::new(Settings::new(&session.transport, &text, host));
    let id = host.new_token();
    let policy = retry::Policy {
        retry: session.retry,
        read_timeout: session.transport.read_timeout,
        extra_codes: if call.operation.name.starts_with("AssumeRole") { &retry::STS_CODES } else { &[] },
    };
    let mut retries = retry::State::new(session.retry.mode, host);
    let outcome = retry::attempts(
        &policy,
        &mut retries,
        host,
        async |attempt| {
            Ok(match request(context, session, call, &url, [&id, attempt]) {
                Ok(request) => client.send(&request).await,
                Err(error) => Err(error),
            })
        },
        |response| {
            error_in(response, call).map(|error| error.and_then(|error| error.code().map(str::to_owned)))
        },
    );
    let outcome = outcome.await?;
    let response = outcome.result.map_err(failed)?;
    match error_in(&response, call)? {
        None => Ok(ServiceResponse { response, retries: outcome.retries }),
        Some(error) => {
            let code = error.code().unwrap_or_default().to_owned();
            let retries = outcome.exhausted.then_some(outcome.retries);
            let failed = FailedCall::new(response.status, error, call.operation.name, retries);
            Err(ServiceCallError::ByService(code, Error::Failure(failed.into()), response))
        }
    }
}

/// Returns the URL of a request: path, the endpoint's own query, then the operation's.
/// v1: `botocore.awsrequest.prepare_request_dict`. Parity: CRED-60, `sso/endpoint-query`.
fn url(session: &Session, call: &ServiceRequest) -> String {
    let url = session.endpoint.url(call.operation.request_line.1);
    let (url, fragment) = url.split_at(url.find('#').unwrap_or(url.len()));
    let mark = match call.query.as_str() {
        "" => "",
        _ if url.contains('?') => "&",
        _ => "?",
    };
    format!("{url}{mark}{}{fragment}", call.query)
}

/// Returns the error in `response`; `None` where it is none. One of status 300 is read for none.
/// v1: `ResponseParser.parse`, `BaseClient._make_api_call`. Parity: `sso/portal-300`.
fn error_in(response: &Response, call: &ServiceRequest) -> Result<Option<ServiceError>, Error> {
    match response.status {
        ..300 => Ok(None),
        300 => Ok(Some(ServiceError { code: ServiceError::NONE.into(), message: ServiceError::NONE.into() })),
        _ => (call.read_error)(response).map(Some),
    }
}

/// Builds the request of one attempt, the headers in v1's order; `ids` are those of the call and of the attempt.
fn request(
    context: &Context<'_>,
    session: &Session,
    call: &ServiceRequest,
    url: &Url,
    ids: [&str; 2],
) -> Result<Request, http::Error> {
    let [id, attempt] = ids;
    Ok(Request::new(call.operation.request_line.0, url.clone())
        .headers(call.headers.iter().cloned())
        .header("User-Agent", product::user_agent(context.config.host, session.app_id.as_deref()))
        .headers(signature(context, session, call, url)?)
        .header("amz-sdk-invocation-id", id)
        .header("amz-sdk-request", attempt)
        .body(call.body.clone().into_bytes()))
}

/// Returns the headers that sign the request, with the date of now; none where it is unsigned.
/// v1: `SigV4Auth.add_auth`. Parity: CRED-20, WIRE-02.
fn signature(
    context: &Context<'_>,
    session: &Session,
    call: &ServiceRequest,
    url: &Url,
) -> Result<Vec<(&'static str, String)>, http::Error> {
    let Some((service, keys)) = &call.signature else { return Ok(Vec::new()) };
    let host = url.host_header();
    let own = call.headers.iter().map(|(name, value)| (*name, value.as_str()));
    let headers: Vec<_> = std::iter::once(("host", host.as_str())).chain(own).collect();
    let (method, path) = call.operation.request_line;
    let parts = SignedParts {
        method,
        url: &session.endpoint.signing_url(path),
        headers: &headers,
        body: call.body.as_bytes(),
    };
    let region = Region::new(session.region.clone());
    let scope = Scope { region: &region, service, time: context.config.host.now() };
    sigv4::sign(&parts, scope, keys)
}
