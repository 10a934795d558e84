//! The token of a single sign-on: from the cache in `~/.aws/sso/cache`, refreshed where it can be. Mirrors
//! `SSOTokenProvider` in `botocore/tokens.py` and `SSOTokenLoader` in `botocore/utils.py`.

use super::cache::{Cache, document, sha1};
use super::service::{self, Call, Failed};
use super::{Context, Expiry, expiry};
use crate::error::{Error, failure};
use crate::host::Host;
use crate::http::Answer;
use crate::http::service_error::ServiceError;
use crate::python::{Dict, Value, json, repr};
use crate::session::Config;
use crate::session::endpoint::SSO_OIDC;

/// An `sso-session` section, checked.
#[derive(Debug)]
struct Section {
    /// Its name.
    name: String,
    /// Region of the service that refreshes tokens.
    region: String,
    /// Where one signs on.
    start_url: String,
}

/// Checks the `sso-session` that the chosen profile names; v1 does it for every client, whatever it signs with.
///
/// # Errors
/// A section that is not there, or lacks a setting.
///
/// v1: `Session.get_auth_token`. Parity: CRED-64.
pub(super) fn check(config: &Config<'_>) -> Result<(), Error> {
    section(config, config.profile_name().filter(|name| !name.is_empty()).unwrap_or("default")).map(|_| ())
}

/// The section that the profile `name` names; `None` where it names none.
///
/// v1: `SSOTokenProvider._load_sso_config`. Parity: CRED-64.
fn section(config: &Config<'_>, name: &str) -> Result<Option<Section>, Error> {
    let session = config.profile(name).and_then(|profile| profile.get("sso_session"));
    let Some(session) = session.map(repr::str) else { return Ok(None) };
    let found = config.config_file().sso_sessions.get(&session).filter(|section| !section.members.is_empty());
    let Some(found) = found else {
        return Err(failure!(
            "The profile \"{name}\" is configured to use the SSO token provider but the \"{session}\" sso_session \
             configuration does not exist."
        ));
    };
    let missing: Vec<_> = ["sso_start_url", "sso_region"]
        .into_iter()
        .filter(|key| found.get(key).is_none())
        .map(repr::string)
        .collect();
    if !missing.is_empty() {
        return Err(failure!(
            "The profile \"{name}\" is configured to use the SSO token provider but is missing the following \
             configuration: [{}].",
            missing.join(", ")
        ));
    }
    let text = |key: &str| found.get(key).map(repr::str).unwrap_or_default();
    Ok(Some(Section { name: session, region: text("sso_region"), start_url: text("sso_start_url") }))
}

/// The token kept for a start URL; `None` where it has ended.
///
/// # Errors
/// No token, or one that is not readable.
///
/// v1: `SSOCredentialFetcher._get_credentials`. Parity: CRED-61, CRED-63.
pub(super) fn of_start_url(host: &Host, start_url: &str) -> Result<Option<String>, Error> {
    let token = kept(host, start_url, start_url)?;
    let left = Expiry::read(&date(&token, "expiresAt"), host)?.remaining(host.now())?;
    Ok((left > 0).then(|| text(&token, "accessToken")))
}

/// The token of the session that the profile `name` names, refreshed where it ends within a quarter of an hour.
///
/// # Errors
/// No token, or one that has ended and cannot be refreshed.
///
/// v1: `SSOTokenProvider._refresher`. Parity: CRED-61, CRED-62, CRED-63.
pub(super) async fn of_session(context: &Context<'_>, name: &str) -> Result<String, Error> {
    let host = context.config.host;
    let Some(section) = section(context.config, name)? else { return Err(failure!("'sso_session'")) };
    let mut token = kept(host, &section.name, &section.start_url)?;
    let mut ends = Expiry::read(&date(&token, "expiresAt"), host)?;
    if ends.remaining(host.now())? < expiry::WINDOW
        && let Some((refreshed, until)) = refresh(context, &section, &token).await?
    {
        (token, ends) = (refreshed, until);
    }
    if ends.remaining(host.now())? <= 0 {
        return Err(failure!("Error when retrieving token from sso: Token has expired and refresh failed"));
    }
    Ok(text(&token, "accessToken"))
}

/// The folder of the tokens.
fn cache(host: &Host) -> Cache {
    Cache::new(host.expand_user("~/.aws/sso/cache"))
}

/// The token kept under the hash of `name`.
///
/// v1: `SSOTokenLoader.__call__`. Parity: CRED-61, CRED-63.
fn kept(host: &Host, name: &str, start_url: &str) -> Result<Dict, Error> {
    let Some(token) = cache(host).read(&sha1(name))? else {
        return Err(failure!("Error loading SSO Token: Token for {name} does not exist"));
    };
    match token {
        Value::Dict(token) if token.get("accessToken").is_some() && token.get("expiresAt").is_some() => {
            Ok(token)
        }
        _ => Err(failure!("Error loading SSO Token: Token for {start_url} is invalid")),
    }
}

/// Returns a new token, kept in the cache, and its end; `None` where this one cannot be refreshed, or the service
/// refuses and no other run was luckier.
///
/// v1: `SSOTokenProvider._refresh_access_token`. Parity: CRED-62.
async fn refresh(
    context: &Context<'_>,
    section: &Section,
    token: &Dict,
) -> Result<Option<(Dict, Expiry)>, Error> {
    let host = context.config.host;
    let needed = ["refreshToken", "clientId", "clientSecret", "registrationExpiresAt"];
    if needed.iter().any(|key| token.get(key).is_none()) {
        return Ok(None);
    }
    if Expiry::read(&date(token, "registrationExpiresAt"), host)?.remaining(host.now())? <= 0 {
        return Ok(None);
    }
    let session = service::session(context, SSO_OIDC, Some(&section.region)).await?;
    let mut body = Dict::default();
    body.insert("grantType", "refresh_token".into());
    for key in ["clientId", "clientSecret", "refreshToken"] {
        body.insert(key, text(token, key).into());
    }
    let call = Call {
        operation: "CreateToken",
        method: "POST",
        target: "/token".to_owned(),
        headers: vec![("Content-Type", "application/json".to_owned())],
        body: document(&Value::Dict(body)),
        signature: None,
        read_error: ServiceError::read,
    };
    match service::call(context, &session, &call).await {
        Ok(reply) => {
            let (new, ends) = renewed(host, section, token, &reply.answer)?;
            cache(host).write(&sha1(&section.name), &document(&Value::Dict(new.clone())))?;
            Ok(Some((new, ends)))
        }
        Err(Failed::ByService { .. }) => {
            let newer = cache(host).replaced(&sha1(&section.name), token).await;
            Ok(newer.and_then(|new| {
                let ends = Expiry::read(&date(&new, "expiresAt"), host).ok()?;
                new.get("accessToken").is_some().then_some((new, ends))
            }))
        }
        Err(failed) => Err(failed.into()),
    }
}

/// Returns the new token as v1 keeps it, then the members that we do not know, for other tools share the file; v1
/// drops those (deviation D23).
///
/// v1: `SSOTokenProvider._attempt_create_token`. Parity: CRED-62, `sso/refresh-unknown-members`.
fn renewed(host: &Host, section: &Section, token: &Dict, answer: &Answer) -> Result<(Dict, Expiry), Error> {
    let answer = match json::decode_bytes(&answer.body) {
        Ok(Value::Dict(answer)) => answer,
        _ => Dict::default(),
    };
    let given = |key: &str| answer.get(key).filter(|value| **value != Value::None);
    let missing = |key: &str| failure!("'{key}'");
    let seconds = given("expiresIn").map(repr::str).and_then(|seconds| seconds.parse::<i64>().ok());
    let ends =
        Expiry::at(expiry::epoch(host.now()).saturating_add(seconds.ok_or_else(|| missing("expiresIn"))?));
    let mut new = Dict::default();
    new.insert("startUrl", section.start_url.as_str().into());
    new.insert("region", section.region.as_str().into());
    new.insert("accessToken", given("accessToken").ok_or_else(|| missing("accessToken"))?.clone());
    new.insert("expiresAt", ends.to_utc().into());
    for key in ["clientId", "clientSecret", "registrationExpiresAt"] {
        new.insert(key, text(token, key).into());
    }
    if let Some(refresh) = given("refreshToken") {
        new.insert("refreshToken", refresh.clone());
    }
    for (key, value) in token.members.iter().filter(|(key, _)| *key != "refreshToken") {
        new.members.entry(key.clone()).or_insert_with(|| value.clone());
    }
    Ok((new, ends))
}

/// The text of a member.
fn text(token: &Dict, key: &str) -> String {
    token.get(key).map(repr::str).unwrap_or_default()
}

/// The member that holds a date.
fn date(token: &Dict, key: &str) -> Value {
    token.get(key).cloned().unwrap_or(Value::None)
}
