//! `login_session`: the credentials that `aws login` left behind, renewed by aws-config's provider. Mirrors
//! `LoginProvider` in `botocore/credentials.py`, which works only with an optional package (deviation D13).
//!
//! The token's file is read here, in v1's words; asking the service for a new one needs a proof of possession, which
//! aws-config makes, and it writes the file. Its answers are looked at first: it trusts them blindly.

use std::fmt;
use std::sync::{Arc, Mutex};

use aws_config::Region;
use aws_config::login::LoginCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::provider::ProvideCredentials;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::retry::RetryConfig;
use ring::digest::SHA256;

use super::cache::{Cache, hex};
use super::{Context, Credentials, Expiry, Provider, Source};
use crate::cli::version;
use crate::error::{Error, failure};
use crate::host::Host;
use crate::http::service_error::ServiceError;
use crate::http::{self, Answer, Client, Connector, Settings, Url};
use crate::python::{Dict, Value, json, repr};
use crate::session::{Config, Session, client};

/// Names the folder of the tokens.
const FOLDER: &str = "AWS_LOGIN_CACHE_DIRECTORY";
/// What a token must have.
const REQUIRED: [&str; 4] = ["accessToken", "refreshToken", "dpopKey", "clientId"];

/// The credentials of the profile's login session; `None` where it names none. That they have ended shows later.
///
/// # Errors
/// No token, or one that lacks something.
///
/// v1: `LoginProvider.load`. Parity: CRED-02, CRED-66.
pub(super) fn load(config: &Config<'_>, name: &str) -> Result<Option<Provider>, Error> {
    let session = config.profile(name).and_then(|profile| profile.get("login_session"));
    let Some(session) = session.map(repr::str) else { return Ok(None) };
    let found = kept(config.host, &session)?;
    Ok(Some(Provider::ending(found, Source::Login(session))))
}

/// The credentials in the token's file, and when they end.
///
/// v1: `LoginCredentialFetcher.load_cached_credentials`. Parity: CRED-66.
fn kept(host: &Host, session: &str) -> Result<(Credentials, Expiry), Error> {
    let folder = match host.env(FOLDER) {
        Some(folder) => host.expand_user(&host.expand_variables(folder)),
        None => host.expand_user("~/.aws/login/cache"),
    };
    let Some(Value::Dict(token)) = Cache::new(folder).read(&hex(&SHA256, session))? else {
        return Err(failure!(
            "Error loading login session token: Unable to load a existing login session for session {session}. Please \
             reauthenticate with 'aws login'."
        ));
    };
    let missing: Vec<_> = REQUIRED.into_iter().filter(|key| token.get(key).is_none()).collect();
    if !missing.is_empty() {
        return Err(failure!(
            "Error loading login session token: Failed to load access token from token cache, missing required fields: \
             {}.",
            missing.join(", ")
        ));
    }
    let empty = Dict::default();
    let access = match token.get("accessToken") {
        Some(Value::Dict(access)) => access,
        _ => &empty,
    };
    let text = |key: &str| access.get(key).map(repr::str).ok_or_else(|| failure!("'{key}'"));
    let credentials =
        Credentials::new(&text("accessKeyId")?, &text("secretAccessKey")?, Some(&text("sessionToken")?));
    Ok((credentials, Expiry::parse(&text("expiresAt")?, host)?))
}

/// The credentials of a session with more than five minutes left, asking the service where needed.
///
/// # Errors
/// The service does not renew them, or cannot be reached.
///
/// v1: `LoginCredentialFetcher.refresh_credentials`. Parity: CRED-66.
pub(super) async fn renew(context: &Context<'_>, session: &str) -> Result<(Credentials, Expiry), Error> {
    let Context { config, globals, .. } = context;
    let host = config.host;
    if host.env(FOLDER).is_some_and(|folder| host.expand_user(&host.expand_variables(folder)) != folder) {
        // aws-config would look for a folder of that very name
        return Err(failure!("To renew the login session, give {FOLDER} as a path without ~ and $"));
    }
    let region = client::region(config, globals)?;
    let settings = Session::resolve(config, globals, region.as_deref())?;
    let attempts = u32::try_from(settings.retry.max_attempts).unwrap_or(u32::MAX);
    let network = Network { session: settings, host: host.clone(), last: Arc::default() };
    let last = Arc::clone(&network.last);
    let provider_config = ProviderConfig::without_region()
        .with_region(region.map(Region::new))
        .with_retry_config(RetryConfig::standard().with_max_attempts(attempts))
        .with_http_client(network);
    let provider = LoginCredentialsProvider::builder(session).configure(&provider_config).build();
    match provider.provide_credentials().await {
        Ok(found) => {
            let credentials =
                Credentials::new(found.access_key_id(), found.secret_access_key(), found.session_token());
            Ok((credentials, Expiry::of(found.expiry())))
        }
        Err(_) => Err(last.lock().ok().and_then(|mut last| last.take()).map_or_else(unspecified, refused)),
    }
}

/// v1: `LoginError`.
fn unspecified() -> Error {
    failure!(
        "An unspecified error happened when resolving AWS credentials or refreshing a login session profile."
    )
}

/// v1's error for the last thing that the service said.
///
/// v1: `LoginCredentialFetcher.refresh_credentials`. Parity: CRED-66.
fn refused(last: Last) -> Error {
    let answer = match last {
        Last::Unreached(text) => return failure!("{text}"),
        Last::Answer(answer) if answer.status < 300 => {
            return failure!(
                "Error loading login session token: Unable to refresh access token due to an invalid service response. \
                 Please try running 'aws login' again. If the issue persists, there may be a temporary signin service \
                 problem."
            );
        }
        Last::Answer(answer) => answer,
    };
    let Ok(error) = ServiceError::read(&answer) else { return unspecified() };
    if error.code() != Some("AccessDeniedException") {
        return failure!("{}", error.text("CreateOAuth2Token", None));
    }
    let body = json::decode_bytes(&answer.body);
    let reason = match &body {
        Ok(Value::Dict(body)) => body.get("error").and_then(Value::as_str),
        _ => None,
    };
    match reason {
        Some("TOKEN_EXPIRED" | "USER_CREDENTIALS_CHANGED") => {
            failure!(
                "Your session has expired or credentials have changed. Please reauthenticate using 'aws login'."
            )
        }
        Some("INSUFFICIENT_PERMISSIONS") => failure!(
            "Unable to create or refresh login credentials due to insufficient permissions. You may be missing \
             permission for the 'signin:CreateOAuth2Token' action."
        ),
        _ => unspecified(),
    }
}

/// What became of the last request.
enum Last {
    /// No answer: v1's words.
    Unreached(String),
    /// An answer.
    Answer(Answer),
}

/// Our HTTP client for aws-config's; keeps what the service said last.
#[derive(Clone)]
struct Network {
    /// Timeouts and trust.
    session: Session,
    /// Where proxies come from.
    host: Host,
    /// What became of the last request.
    last: Arc<Mutex<Option<Last>>>,
}

impl fmt::Debug for Network {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Network")
    }
}

impl HttpClient for Network {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Network {
    fn call(&self, mut request: HttpRequest) -> HttpConnectorFuture {
        let network = self.clone();
        request
            .headers_mut()
            .insert("user-agent", version::of_client(&network.host, network.session.app_id.as_deref()));
        request.headers_mut().remove("x-amz-user-agent");
        HttpConnectorFuture::new(async move {
            let text = request.uri().to_owned();
            let failed = |error: &http::Error| {
                network.note(Last::Unreached(error.text(&text)));
                ConnectorError::io(error.text(&text).into())
            };
            let url = Url::parse(&text).map_err(|error| failed(&error))?;
            let client = Client::new(Settings::new(&network.session.transport, &text, &network.host));
            let connector = Connector::new(client, url);
            let response = connector.call(request).await;
            match connector.take_answer() {
                Some(Ok(answer)) => {
                    let sound = answer.status >= 300 || is_sound(&answer);
                    network.note(Last::Answer(answer));
                    if sound { response } else { Err(ConnectorError::user("not an answer".into())) }
                }
                Some(Err(error)) => Err(failed(&error)),
                None => response,
            }
        })
    }
}

impl Network {
    /// Remembers what became of a request.
    fn note(&self, last: Last) {
        if let Ok(mut kept) = self.last.lock() {
            *kept = Some(last);
        }
    }
}

/// True for an answer with all that aws-config takes for granted.
fn is_sound(answer: &Answer) -> bool {
    let Ok(Value::Dict(body)) = json::decode_bytes(&answer.body) else { return false };
    let seconds = body.get("expiresIn").map(repr::str).and_then(|seconds| seconds.parse::<u32>().ok());
    let Some(Value::Dict(access)) = body.get("accessToken") else { return false };
    let text = |members: &Dict, key: &str| members.get(key).and_then(Value::as_str).is_some();
    seconds.is_some()
        && text(&body, "refreshToken")
        && ["accessKeyId", "secretAccessKey", "sessionToken"].iter().all(|key| text(access, key))
}
