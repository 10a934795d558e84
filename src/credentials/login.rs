//! `login_session`: the credentials of `aws login`, and their renewal. Mirrors `LoginProvider` in
//! `botocore/credentials.py`, which works only with an optional package (deviation D13).
//!
//! Several runs may renew one session at the same time, and its refresh token can be used once: a run that is refused
//! reads from the file what another run has received.

use ring::digest::SHA256;

use super::cache::{CacheFile, to_json};
use super::dpop;
use super::expiry::Expiry;
use super::provider::{self, Context, ExpiringCredentials, Provider, member, structure};
use super::service::{ServiceCall, ServiceResponse};
use crate::error::{Error, failure};
use crate::host::Host;
use crate::http::Response;
use crate::http::members::MemberReader;
use crate::model::CREATE_OAUTH2_TOKEN;
use crate::python::{Dict, Value, json, repr};
use crate::session::endpoint::SIGNIN;
use crate::session::{Config, client};

/// Returns the credentials of the profile's login session; `None` where it names none. They may have ended.
/// v1: `LoginProvider.load`. Parity: CRED-02, `login/shapes/refresh-token-null`.
pub(super) fn load(config: &Config<'_>, name: &str) -> Result<Option<Provider>, Error> {
    let session = config.profile(name).and_then(|profile| profile.get("login_session"));
    let Some(session) = session.map(repr::str) else { return Ok(None) };
    let token = read(&file(config.host, &session), &session)?;
    let required = ["accessToken", "refreshToken", "dpopKey", "clientId"];
    let missing: Vec<_> = required.into_iter().filter(|key| token.get(key).is_none()).collect();
    if !missing.is_empty() {
        return Err(unusable(&format!(
            "Failed to load access token from token cache, missing required fields: {}.",
            missing.join(", ")
        )));
    }
    let held = kept(&token, config.host)?;
    Ok(Some(Provider::refreshable(held, async move |context| renew(context, &session).await)))
}

/// Returns the credentials of a session with more than five minutes left, renewed by its service where needed.
/// Errors: the token cannot be read or written, or the service refuses it and no other run has renewed it.
/// v1: `LoginCredentialFetcher.refresh_credentials`. Parity: CRED-66.
async fn renew(context: &Context<'_>, session: &str) -> Result<ExpiringCredentials, Error> {
    let host = context.config.host;
    let file = file(host, session);
    let mut token = read(&file, session)?;
    if let Some(kept) = kept(&token, host)? {
        return Ok(kept);
    }
    let reply = create_token(context, &token).await?;
    if let Some(failed) = reply.error {
        let newer = file.replaced(&token).await.and_then(|token| credentials(&token).ok());
        return newer.ok_or_else(|| match failed.error.code() {
            Some("AccessDeniedException") => denied(&reply.response),
            _ => failed.into(),
        });
    }
    update(&mut token, &reply.response, host)?;
    let found = credentials(&token)?;
    file.write(token, host)?;
    Ok(found)
}

/// Returns the file of the token of `session`.
/// v1: `get_login_token_cache_directory`, `generate_login_cache_key`. Parity: `login/cache-folder`.
fn file(host: &Host, session: &str) -> CacheFile {
    let folder = host.env("AWS_LOGIN_CACHE_DIRECTORY").map(|folder| host.expand_variables(folder));
    CacheFile::new(host, folder.as_deref().unwrap_or("~/.aws/login/cache"), &SHA256, session)
}

fn read(file: &CacheFile, session: &str) -> Result<Dict, Error> {
    match file.read()? {
        Some(Value::Dict(token)) => Ok(token),
        Some(Value::List(_) | Value::Str(_)) => Ok(Dict::default()), // v1 looks for the members in those as well
        _ => Err(unusable(&format!(
            "Unable to load a existing login session for session {session}. Please reauthenticate with 'aws login'."
        ))),
    }
}

/// Returns v1's `LoginTokenLoadError`.
fn unusable(reason: &str) -> Error {
    failure!("Error loading login session token: {reason}")
}

/// Returns the credentials in a token with more than five minutes left; the keys of another one are not looked at.
/// v1: `LoginCredentialFetcher._REFRESH_THRESHOLD`. Parity: CRED-66, `login/shapes/old-keys`.
fn kept(token: &Dict, host: &Host) -> Result<Option<ExpiringCredentials>, Error> {
    let end = Expiry::read(member(access(token)?, "expiresAt")?)?;
    end.is_beyond(5 * 60, host)?.then(|| credentials(token)).transpose()
}

/// Returns the member that holds the credentials in a token: all of them, of whatever kind, in v1's order.
fn access(token: &Dict) -> Result<&Dict, Error> {
    let access = structure(token, "accessToken")?;
    for name in ["accessKeyId", "secretAccessKey", "sessionToken", "expiresAt", "accountId"] {
        member(access, name)?;
    }
    Ok(access)
}

/// Returns the credentials in a token, and when they end.
fn credentials(token: &Dict) -> Result<ExpiringCredentials, Error> {
    provider::credentials(access(token)?, ["accessKeyId", "secretAccessKey", "sessionToken", "expiresAt"])
}

/// Sends the request for a new token with a proof that its key is ours.
async fn create_token(context: &Context<'_>, token: &Dict) -> Result<ServiceResponse, Error> {
    let key = dpop::private_key(member(token, "dpopKey")?.as_str().unwrap_or_default())
        .ok_or_else(|| unusable("Unable to load private key from cached token."))?;
    let region = client::sts_region(context.config, context.globals)?;
    let mut call = ServiceCall::new(context, SIGNIN, region.as_deref(), &CREATE_OAUTH2_TOKEN).await?;
    let body = [
        ("clientId", member(token, "clientId")?.clone()),
        ("refreshToken", member(token, "refreshToken")?.clone()),
        ("grantType", "refresh_token".into()),
    ];
    let body: Dict = body.into_iter().collect();
    let parameters = [("tokenInput", Value::Dict(body.clone()))].into_iter().collect();
    let url = call.session.endpoint.url(CREATE_OAUTH2_TOKEN.request_line.1);
    let proof = dpop::header(&key, &url, context.config.host)?;
    call.headers = vec![("Content-Type", "application/json".to_owned()), ("DPoP", proof)];
    call.body = to_json(body);
    call.send(&parameters).await
}

/// Updates the token by the response; members that we do not know stay.
fn update(token: &mut Dict, response: &Response, host: &Host) -> Result<(), Error> {
    let new = MemberReader::of_helper(host).read(&response.body, CREATE_OAUTH2_TOKEN.output)?;
    let ends = Expiry::in_seconds(member(&new, "expiresIn")?, host)?;
    let given = structure(&new, "accessToken")?;
    let mut access = Dict::default();
    for key in ["accessKeyId", "secretAccessKey", "sessionToken"] {
        access.insert(key, member(given, key)?.clone());
    }
    access.insert("accountId", member(structure(token, "accessToken")?, "accountId")?.clone());
    access.insert("expiresAt", ends.to_utc().into());
    token.insert("refreshToken", member(&new, "refreshToken")?.clone());
    token.insert("accessToken", Value::Dict(access));
    Ok(())
}

/// Returns v1's error for a token that the service refuses.
fn denied(response: &Response) -> Error {
    let body = json::decode_bytes(&response.body);
    let reason = match &body {
        Ok(Value::Dict(body)) => body.get("error").and_then(Value::as_str),
        _ => None,
    };
    let text = match reason {
        Some("TOKEN_EXPIRED" | "USER_CREDENTIALS_CHANGED") => {
            "Your session has expired or credentials have changed. Please reauthenticate using 'aws login'."
        }
        Some("INSUFFICIENT_PERMISSIONS") => {
            "Unable to create or refresh login credentials due to insufficient permissions. You may be missing \
             permission for the 'signin:CreateOAuth2Token' action."
        }
        _ => {
            "An unspecified error happened when resolving AWS credentials or refreshing a login session profile."
        }
    };
    failure!("{text}")
}
