//! The SDK's client for AWS Backup, stripped to what v1 does: sign and send, once per attempt.

use std::fmt::Write;

use aws_sdk_backup::config::endpoint::{Endpoint, EndpointFuture, Params, ResolveEndpoint};
use aws_sdk_backup::config::retry::RetryConfig;
use aws_sdk_backup::config::timeout::TimeoutConfig;
use aws_sdk_backup::config::{BehaviorVersion, IdentityCache, Region, StalledStreamProtectionConfig};
use aws_sdk_backup::operation::start_copy_job::builders::StartCopyJobFluentBuilder;
use aws_sdk_backup::types::{Lifecycle, LifecycleDeleteAfterEvent};
use aws_smithy_types::Document;

use super::headers::{Headers, UNSENT};
use crate::credentials::Credentials;
use crate::error::{Error, failure};
use crate::host::Host;
use crate::http::{Answer, Client, Connector, Error as HttpError, Settings, Url};
use crate::params::{Call, Token};
use crate::session::Session;

/// Path of the operation.
pub(super) const PATH: &str = "/copy-jobs";

/// AWS Backup as this session reaches it.
pub(super) struct Service<'a> {
    session: &'a Session,
    sdk: aws_sdk_backup::Client,
    /// Why nothing can be signed with the keys.
    refusal: Option<String>,
    connector: Connector,
    headers: Headers,
    url: Url,
    token: String,
}

impl<'a> Service<'a> {
    /// The service, not yet connected to.
    ///
    /// # Errors
    /// `Failure` in v1's words when the endpoint is no URL.
    pub(super) fn new(
        call: &Call,
        session: &'a Session,
        credentials: Option<&Credentials>,
        host: &Host,
    ) -> Result<Self, Error> {
        let text = session.endpoint.url(PATH);
        let url = Url::of(&session.endpoint, PATH)?.map_err(|error| failure!("{}", error.text(&text)))?;
        let settings = Settings::new(&session.transport, &text, host);
        let connector = Connector::new(Client::new(settings), url.clone());
        let headers = Headers::new(&url, session, host);
        let sdk = sdk_client(session, credentials, connector.clone());
        let refusal = refusal(session, credentials);
        let token = match &call.idempotency_token {
            Token::Given(token) => token.clone(),
            Token::Fresh => host.new_token(),
            Token::Unsent => UNSENT.to_owned(),
        };
        Ok(Self { session, sdk, refusal, connector, headers, url, token })
    }

    /// Signs the next attempts with other keys.
    pub(super) fn sign_with(&mut self, credentials: &Credentials) {
        self.sdk = sdk_client(self.session, Some(credentials), self.connector.clone());
        self.refusal = refusal(self.session, Some(credentials));
    }

    /// The URL as v1 names it in its messages.
    pub(super) fn url(&self) -> &str {
        &self.url.text
    }

    /// The host whose certificate was not checked, once.
    pub(super) fn take_unverified(&self) -> Option<String> {
        self.connector.take_unverified()
    }

    /// The answer to one attempt; `attempt` is the value of `amz-sdk-request`.
    ///
    /// # Errors
    /// Those of the connection; [`HttpError::Other`] when the request cannot be signed.
    pub(super) async fn send(&self, call: &Call, attempt: &str) -> Result<Answer, HttpError> {
        if let Some(refusal) = &self.refusal {
            return Err(HttpError::Other(refusal.clone()));
        }
        let request = filled(self.sdk.start_copy_job(), call, &self.token);
        let sent = request.customize().interceptor(self.headers.of_attempt(attempt)).send().await;
        match (self.connector.take_answer(), sent) {
            (Some(answer), _) => answer,
            (None, Err(error)) => Err(HttpError::Other(chain(&error))),
            (None, Ok(_)) => Err(HttpError::Closed),
        }
    }
}

/// Why nothing can be signed with `credentials` in the session's region, whose check lets a line end pass (CFG-09).
///
/// Parity: CRED-10, `credentials/region-line-end`.
fn refusal(session: &Session, credentials: Option<&Credentials>) -> Option<String> {
    let credentials = credentials?;
    let in_region = "Invalid header value: the region has a character that cannot be sent";
    credentials.refusal().or_else(|| session.region.contains('\n').then(|| in_region.to_owned()))
}

/// A client that neither retries nor times out nor resolves anything by itself.
fn sdk_client(
    session: &Session,
    credentials: Option<&Credentials>,
    connector: Connector,
) -> aws_sdk_backup::Client {
    let mut config = aws_sdk_backup::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("us-east-1")) // checked by the SDK, used by nobody
        .endpoint_resolver(AnyEndpoint { region: session.region.clone() })
        .http_client(connector)
        .retry_config(RetryConfig::disabled())
        .timeout_config(TimeoutConfig::disabled())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .identity_cache(IdentityCache::no_cache());
    config = match credentials {
        Some(credentials) => config.credentials_provider(aws_credential_types::Credentials::new(
            credentials.access_key_id.clone(),
            credentials.secret_access_key.clone(),
            credentials.token_value().map(str::to_owned),
            None,
            "session",
        )),
        None => config.allow_no_auth(),
    };
    aws_sdk_backup::Client::from_conf(config.build())
}

/// Stands for the URL, which [`Headers`] sets just before signing with its path as it is signed; it names the region
/// to sign for, which may be empty.
///
/// Parity: ARG-34, CFG-07, WIRE-02.
#[derive(Debug)]
struct AnyEndpoint {
    region: String,
}

impl ResolveEndpoint for AnyEndpoint {
    fn resolve_endpoint<'a>(&'a self, _: &'a Params) -> EndpointFuture<'a> {
        let scheme = [
            ("name", Document::from("sigv4")),
            ("signingName", Document::from("backup")),
            ("signingRegion", Document::from(self.region.as_str())),
            ("disableDoubleEncoding", Document::from(true)),
            ("disableNormalizePath", Document::from(true)),
        ];
        let scheme = scheme.map(|(key, value)| (key.to_owned(), value));
        let endpoint = Endpoint::builder().url("http://endpoint");
        let endpoint = endpoint.property("authSchemes", vec![Document::Object(scheme.into())]);
        EndpointFuture::ready(Ok(endpoint.build()))
    }
}

/// `request` with the members of `call` and the token.
fn filled(request: StartCopyJobFluentBuilder, call: &Call, token: &str) -> StartCopyJobFluentBuilder {
    let lifecycle = call.lifecycle.as_ref().map(|lifecycle| {
        Lifecycle::builder()
            .set_move_to_cold_storage_after_days(lifecycle.move_to_cold_storage_after_days)
            .set_delete_after_days(lifecycle.delete_after_days)
            .set_opt_in_to_archive_for_supported_resources(
                lifecycle.opt_in_to_archive_for_supported_resources,
            )
            .set_delete_after_event(
                lifecycle.delete_after_event.as_deref().map(LifecycleDeleteAfterEvent::from),
            )
            .build()
    });
    request
        .set_recovery_point_arn(call.recovery_point_arn.clone())
        .set_source_backup_vault_name(call.source_backup_vault_name.clone())
        .set_destination_backup_vault_arn(call.destination_backup_vault_arn.clone())
        .set_iam_role_arn(call.iam_role_arn.clone())
        .idempotency_token(token)
        .set_lifecycle(lifecycle)
}

/// `error` and what caused it, in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let _ = write!(text, ": {error}");
        cause = error.source();
    }
    text
}
