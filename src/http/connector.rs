//! Our client as the SDK's HTTP client.

use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;

use super::{Answer, Client, Error, HeaderEncoding, Request, Url};

/// How v1 spells the headers that it sends, in its order.
const SPELLINGS: [&str; 11] = [
    "Host",
    "Accept-Encoding",
    "Content-Type",
    "User-Agent",
    "X-Amzn-Trace-Id",
    "X-Amz-Date",
    "X-Amz-Security-Token",
    "Authorization",
    "amz-sdk-invocation-id",
    "amz-sdk-request",
    "Content-Length",
];

/// Sends what the SDK has signed to one URL and keeps the answer aside: the SDK's own reading of it has already lost
/// digits and the difference between absent and wrong.
#[derive(Debug, Clone)]
pub struct Connector(Arc<Shared>);

/// What the clones of a connector share.
#[derive(Debug)]
struct Shared {
    client: Client,
    url: Url,
    answer: Mutex<Option<Result<Answer, Error>>>,
}

impl Connector {
    /// Sends through `client` to `url`.
    pub fn new(client: Client, url: Url) -> Self {
        Self(Arc::new(Shared { client, url, answer: Mutex::default() }))
    }

    /// The answer to the last request; `None` when the SDK sent none.
    pub fn take_answer(&self) -> Option<Result<Answer, Error>> {
        self.0.answer.lock().ok().and_then(|mut answer| answer.take())
    }

    /// The host whose certificate was not checked, once.
    pub fn take_unverified(&self) -> Option<String> {
        self.0.client.take_unverified()
    }
}

impl HttpClient for Connector {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let shared = Arc::clone(&self.0);
        HttpConnectorFuture::new(async move {
            let result = shared.client.send(&translated(&request, shared.url.clone())).await;
            let response = match &result {
                Ok(answer) => response(answer),
                Err(_) => Err(ConnectorError::other("no answer".into(), None)),
            };
            if let Ok(mut answer) = shared.answer.lock() {
                *answer = Some(result);
            }
            response
        })
    }
}

/// The request of the SDK as v1 would send it.
///
/// Parity: WIRE-01.
fn translated(request: &HttpRequest, url: Url) -> Request {
    let known = SPELLINGS.iter().filter_map(|name| {
        request.headers().get(name.to_ascii_lowercase()).map(|value| ((*name).to_owned(), value.to_owned()))
    });
    let others = request.headers().iter();
    let others = others.filter(|(name, _)| !SPELLINGS.iter().any(|known| known.eq_ignore_ascii_case(name)));
    let others = others.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Request {
        method: request.method().to_owned(),
        url,
        headers: known.chain(others).collect(),
        encoding: HeaderEncoding::Utf8,
        body: request.body().bytes().unwrap_or_default().to_vec(),
    }
}

/// What the SDK gets to see of an answer.
fn response(answer: &Answer) -> Result<HttpResponse, ConnectorError> {
    let status = StatusCode::try_from(answer.status);
    let status = status.map_err(|error| ConnectorError::other(Box::new(error), None))?;
    Ok(HttpResponse::new(status, SdkBody::from(answer.body.clone())))
}
