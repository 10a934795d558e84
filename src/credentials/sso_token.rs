//! The token of a single sign-on: from the cache in `~/.aws/sso/cache`, refreshed where it can be. Mirrors
//! `SSOTokenProvider` in `botocore/tokens.py` and `SSOTokenLoader` in `botocore/utils.py`.

use super::cache::{CacheFile, sha1, to_json};
use super::document::member;
use super::expiry::Expiry;
use super::provider::Context;
use super::service::ServiceCall;
use crate::error::{Error, failure};
use crate::host::Host;
use crate::http::Response;
use crate::http::members::MemberReader;
use crate::model::CREATE_TOKEN;
use crate::python::{Dict, Value, repr};
use crate::session::Config;
use crate::session::endpoint::SSO_OIDC;

/// An `sso-session` section, checked.
pub(super) struct Section {
    name: String,
    /// Region of the service that refreshes tokens.
    region: String,
    start_url: String,
}

/// Returns the section that the profile `name` names; `None` where it names none.
/// Errors: a section that is not there, or lacks a setting.
/// v1: `SSOTokenProvider._load_sso_config`. Parity: CRED-64.
pub(super) fn section(config: &Config<'_>, name: &str) -> Result<Option<Section>, Error> {
    let session = config.profile(name).and_then(|profile| profile.get("sso_session"));
    let Some(session) = session.map(repr::str) else { return Ok(None) };
    let found = config.file.sso_sessions.get(&session).filter(|section| !section.members.is_empty());
    let Some(found) = found else {
        return Err(failure!(
            "The profile \"{name}\" is configured to use the SSO token provider but the \"{session}\" sso_session \
             configuration does not exist."
        ));
    };
    let required = ["sso_start_url", "sso_region"];
    let [Some(start_url), Some(region)] = required.map(|key| found.get(key).map(repr::str)) else {
        let missing = required.into_iter().filter(|key| found.get(key).is_none()).map(repr::string);
        return Err(failure!(
            "The profile \"{name}\" is configured to use the SSO token provider but is missing the following \
             configuration: [{}].",
            missing.collect::<Vec<_>>().join(", ")
        ));
    };
    Ok(Some(Section { name: session, region, start_url }))
}

/// Returns the token kept for a start URL; `None` where it has expired.
/// v1: `SSOCredentialFetcher._get_credentials`. Parity: CRED-61, CRED-63.
pub(super) fn of_start_url(host: &Host, start_url: &str) -> Result<Option<Value>, Error> {
    let token = kept(host, start_url, start_url)?;
    let lasts = Expiry::read(member(&token, "expiresAt")?)?.is_beyond(0, host)?;
    Ok(token.get("accessToken").filter(|_| lasts).cloned())
}

/// Returns the token of the session that the profile `name` names, refreshed where it expires within a quarter of an
/// hour.
/// v1: `SSOTokenProvider._refresher`. Parity: CRED-61, CRED-62, CRED-63.
pub(super) async fn of_session(context: &Context<'_>, name: &str) -> Result<Value, Error> {
    let host = context.config.host;
    let Some(section) = section(context.config, name)? else { return Err(failure!("'sso_session'")) };
    let mut token = kept(host, &section.name, &section.start_url)?;
    let mut ends = Expiry::read(member(&token, "expiresAt")?)?;
    if ends.is_near(host)?
        && let Some(refreshed) = refresh(context, &section, &token).await?
    {
        (token, ends) = refreshed;
    }
    if !ends.is_beyond(0, host)? {
        return Err(failure!("Error when retrieving token from sso: Token has expired and refresh failed"));
    }
    member(&token, "accessToken").cloned()
}

fn file(host: &Host, name: &str) -> CacheFile {
    CacheFile::new(host, "~/.aws/sso/cache", sha1(name))
}

/// Returns the token kept under the hash of `name`.
/// v1: `SSOTokenLoader.__call__`. Parity: CRED-61, CRED-63.
fn kept(host: &Host, name: &str, start_url: &str) -> Result<Dict, Error> {
    match file(host, name).read()? {
        None => Err(failure!("Error loading SSO Token: Token for {name} does not exist")),
        Some(Value::Dict(token))
            if ["accessToken", "expiresAt"].iter().all(|key| token.get(key).is_some()) =>
        {
            Ok(token)
        }
        Some(Value::Dict(_) | Value::List(_) | Value::Str(_)) => {
            Err(failure!("Error loading SSO Token: Token for {start_url} is invalid"))
        }
        Some(token) => Err(failure!("argument of type '{}' is not iterable", token.type_name())),
    }
}

/// Returns a new token, kept in the cache, and its expiry; `None` where this one cannot be refreshed, or the service
/// refuses and no other run has refreshed it.
/// v1: `SSOTokenProvider._refresh_access_token`. Parity: CRED-62.
async fn refresh(
    context: &Context<'_>,
    section: &Section,
    token: &Dict,
) -> Result<Option<(Dict, Expiry)>, Error> {
    let host = context.config.host;
    let needed = ["refreshToken", "clientId", "clientSecret", "registrationExpiresAt"];
    if needed.iter().any(|key| token.get(key).is_none())
        || !Expiry::read(member(token, "registrationExpiresAt")?)?.is_beyond(0, host)?
    {
        return Ok(None);
    }
    let mut call = ServiceCall::new(context, SSO_OIDC, Some(&section.region), &CREATE_TOKEN).await?;
    call.headers.push(("Content-Type", "application/json".to_owned()));
    let mut parameters = Dict::default();
    parameters.insert("grantType", "refresh_token".into());
    for key in ["clientId", "clientSecret", "refreshToken"] {
        parameters.insert(key, member(token, key)?.clone());
    }
    call.body = to_json(parameters.clone());
    let (reply, file) = (call.send(&parameters).await?, file(host, &section.name));
    if reply.error.is_none() {
        let (new, ends) = renewed(host, section, token, &reply.response)?;
        file.write(new.clone(), host)?;
        return Ok(Some((new, ends)));
    }
    Ok(file.replaced(token).await.and_then(|new| {
        let ends = Expiry::read(new.get("expiresAt")?).ok()?;
        new.get("accessToken").is_some().then_some((new, ends))
    }))
}

/// Returns the new token as v1 keeps it, then the members that we do not know, for other tools share the file; v1
/// drops those (deviation D23).
/// v1: `SSOTokenProvider._attempt_create_token`. Parity: CRED-62, `sso/refresh-unknown-members`.
fn renewed(
    host: &Host,
    section: &Section,
    token: &Dict,
    response: &Response,
) -> Result<(Dict, Expiry), Error> {
    let response = MemberReader::of_helper(host).read(&response.body, CREATE_TOKEN.output)?;
    let ends = Expiry::in_seconds(member(&response, "expiresIn")?, host)?;
    let own = [
        ("startUrl", section.start_url.as_str().into()),
        ("region", section.region.as_str().into()),
        ("accessToken", member(&response, "accessToken")?.clone()),
        ("expiresAt", ends.to_utc().into()),
    ];
    let mut new: Dict = own.into_iter().collect();
    for key in ["clientId", "clientSecret", "registrationExpiresAt"] {
        new.insert(key, member(token, key)?.clone());
    }
    if let Some(refresh) = response.get("refreshToken") {
        new.insert("refreshToken", refresh.clone());
    }
    for (key, value) in token.members.iter().filter(|(key, _)| *key != "refreshToken") {
        new.members.entry(key.clone()).or_insert_with(|| value.clone());
    }
    Ok((new, ends))
}
