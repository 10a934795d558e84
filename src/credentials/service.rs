//! One call to another service of AWS, as v1's inner clients make it: STS for roles, the SSO portal and its token
//! service. Mirrors `BaseClient._make_api_call` in `botocore/client.py`.
//!
//! No client of an SDK: v1 keeps STS's whole response in a file, and each failure has v1's words and retries.

use super::imds;
use super::provider::{Context, Credentials};
use super::sigv4::{self, SignedParts};
use crate::error::Error;
use crate::http::service_error::{FailedCall, ServiceError};
use crate::http::{self, Client, Request, Response, Settings, Url, retry};
use crate::model::HelperOperation;
use crate::params::validate;
use crate::product;
use crate::python::Dict;
use crate::session::{Service, Session};

/// A call of an operation of a service, with the settings of its client.
pub(super) struct ServiceCall<'a> {
    context: &'a Context<'a>,
    pub session: Session,
    operation: &'static HelperOperation,
    /// Query of the operation, which follows the endpoint's own; empty where there is none.
    pub query: String,
    /// Headers of this operation: content type, bearer token, proof of possession.
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
    /// The keys that sign a request to STS, with its first header; `None` where it is unsigned.
    pub keys: Option<Credentials>,
    pub read_error: fn(&Response) -> Result<ServiceError, Error>,
}

pub(super) struct ServiceResponse {
    pub response: Response,
    /// Retries that it took.
    pub retries: u64,
    pub error: Option<FailedCall>,
}

impl<'a> ServiceCall<'a> {
    /// Returns a call without headers and body.
    /// Errors: the first setting that v1 refuses.
    /// Parity: CRED-21, CRED-65, CFG-53.
    pub(super) async fn new(
        context: &'a Context<'_>,
        service: Service,
        region: Option<&str>,
        operation: &'static HelperOperation,
    ) -> Result<Self, Error> {
        let instance_region = match context.instance_region {
            Some(known) => Some(known.to_owned()),
            None => imds::fetch_instance_region(context.config, context.imds).await,
        };
        Ok(Self {
            context,
            session: Session::resolve(context.config, context.globals, service, region, instance_region)?,
            operation,
            query: String::new(),
            headers: Vec::new(),
            body: String::new(),
            keys: None,
            read_error: ServiceError::read,
        })
    }

    /// Checks the `parameters`, sends the request and returns the response.
    /// Errors: a parameter that does not fit; that of the connection, after v1's retries.
    /// Parity: CRED-20, CRED-23, CRED-37.
    pub(super) async fn send(&self, parameters: &Dict) -> Result<ServiceResponse, Error> {
        validate(parameters, self.operation.input)?;
        let (host, session) = (self.context.config.host, &self.session);
        let text = self.url();
        let url = Url::parse(&text)?;
        let client = Client::new(Settings::new(&session.transport, &text, host));
        let id = host.new_token();
        let is_sts = self.operation.name.starts_with("AssumeRole");
        let codes: &[_] = if is_sts { &retry::STS_CODES } else { &[] };
        let mut retries = retry::State::new(session.retry, session.transport.read_timeout, codes, host);
        let send = async |attempt: &str| {
            Ok(match self.request(&url, &id, attempt) {
                Ok(request) => client.send(&request).await,
                Err(error) => Err(error),
            })
        };
        let code = |response: &Response| {
            Ok(self.error_in(response)?.and_then(|error| error.code().map(str::to_owned)))
        };
        let outcome = retry::attempts(&mut retries, host, send, code).await?;
        let response = outcome.result?;
        let exhausted = outcome.exhausted.then_some(outcome.retries);
        let error = self.error_in(&response)?;
        let error =
            error.map(|error| FailedCall::new(response.status, error, self.operation.name, exhausted));
        Ok(ServiceResponse { response, retries: outcome.retries, error })
    }

    /// Returns the URL of the request: path, the endpoint's own query, then the operation's.
    /// v1: `botocore.awsrequest.prepare_request_dict`. Parity: CRED-60, `sso/endpoint-query`.
    fn url(&self) -> String {
        let url = self.session.endpoint.url(self.operation.request_line.1);
        let (url, fragment) = url.split_at(url.find('#').unwrap_or(url.len()));
        let mark = match self.query.as_str() {
            "" => "",
            _ if url.contains('?') => "&",
            _ => "?",
        };
        format!("{url}{mark}{}{fragment}", self.query)
    }

    /// Returns the error in `response`; `None` where it is none. One of status 300 is read for none.
    /// v1: `ResponseParser.parse`, `BaseClient._make_api_call`. Parity: `sso/portal-300`.
    fn error_in(&self, response: &Response) -> Result<Option<ServiceError>, Error> {
        let none = || ServiceError { code: ServiceError::NONE.into(), message: ServiceError::NONE.into() };
        match response.status {
            ..300 => Ok(None),
            300 => Ok(Some(none())),
            _ => (self.read_error)(response).map(Some),
        }
    }

    /// Builds the request of one attempt, the headers in v1's order; `id` is that of the call.
    /// v1: `SigV4Auth.add_auth`. Parity: CRED-20, WIRE-02.
    fn request(&self, url: &Url, id: &str, attempt: &str) -> Result<Request<'_>, http::Error> {
        let Self { session, headers, body, .. } = self;
        let (host, (method, path)) = (self.context.config.host, self.operation.request_line);
        let signature = self.keys.as_ref().map(|keys| {
            let content_type = headers.first().map(|(_, value)| value.as_str());
            let parts = SignedParts { service: "sts", method, path, content_type, body: body.as_bytes() };
            sigv4::sign(&parts, url, session, host, keys)
        });
        Ok(Request::new(method, url.clone())
            .headers(headers.iter().cloned())
            .header("User-Agent", product::user_agent(host, session.app_id.as_deref()))
            .headers(signature.transpose()?.into_iter().flatten())
            .header("amz-sdk-invocation-id", id)
            .header("amz-sdk-request", attempt)
            .body(body.as_bytes()))
    }
}
