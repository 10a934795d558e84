//! Single sign-on: a token from the cache that `aws sso login` fills, refreshed where it can be, and the portal that
//! gives a role's credentials for it. Mirrors `SSOProvider` in `botocore/credentials.py`, `SSOTokenProvider` in
//! `botocore/tokens.py` and `SSOTokenLoader` in `botocore/utils.py`.

use ring::digest::SHA1_FOR_LEGACY_USE_ONLY as SHA1;

use super::cache::{CacheFile, to_json};
use super::expiry::Expiry;
use super::provider::{Context, ExpiringCredentials, Provider, credentials, member, structure};
use super::service::ServiceCall;
use crate::error::{Error, failure};
use crate::host::Host;
use crate::http::Response;
use crate::http::members::MemberReader;
use crate::model::{CREATE_TOKEN, GET_ROLE_CREDENTIALS};
use crate::python::percent::quote;
use crate::python::{Dict, Value, int, repr};
use crate::session::endpoint::{SSO, SSO_OIDC};
use crate::session::{Config, Profile};

/// The settings that a profile must have, in the order in which v1 misses them.
const REQUIRED: [&str; 4] = ["sso_role_name", "sso_account_id", "sso_start_url", "sso_region"];

struct SsoRole {
    start_url: String,
    region: String,
    role_name: Value,
    account_id: Value,
    /// The profile, where it names an `sso-session`: its token can be refreshed.
    session_of: Option<String>,
}

/// Returns the role that the profile `name` has by single sign-on; `None` where it names neither role nor account.
/// Errors: a session that does not exist or says something else than the profile; a setting that is missing.
/// v1: `SSOProvider.load`. Parity: CRED-60, CRED-64.
pub(super) fn load(config: &Config<'_>, name: &str) -> Result<Option<Provider>, Error> {
    let Some(profile) = config.profile(name) else { return Ok(None) };
    if profile.get("sso_role_name").is_none() && profile.get("sso_account_id").is_none() {
        return Ok(None);
    }
    let section = section(config, &profile)?;
    let values =
        REQUIRED.map(|key| section.and_then(|section| section.get(key)).or_else(|| profile.get(key)));
    let [Some(role_name), Some(account_id), Some(start_url), Some(region)] = values else {
        let missing =
            REQUIRED.into_iter().zip(values).filter_map(|(key, value)| value.is_none().then_some(key));
        return Err(failure!(
            "The profile \"{name}\" is configured to use SSO but is missing required configuration: {}",
            missing.collect::<Vec<_>>().join(", ")
        ));
    };
    let sso = SsoRole {
        start_url: repr::str(start_url),
        region: repr::str(region),
        role_name: role_name.clone(),
        account_id: account_id.clone(),
        session_of: section.map(|_| name.to_owned()),
    };
    Ok(Some(Provider::refreshable(None, async move |context| sso.fetch(context).await)))
}

/// Returns the `sso-session` section that the profile names; `None` where it names none.
/// v1: `SSOProvider._resolve_sso_session_reference`. Parity: CRED-64.
fn section<'c>(config: &'c Config<'_>, profile: &Profile<'c>) -> Result<Option<&'c Dict>, Error> {
    let Some(name) = profile.get("sso_session").map(repr::str) else { return Ok(None) };
    let Some(section) = config.file.sso_sessions.get(&name) else {
        return Err(failure!("The specified sso-session does not exist: \"{name}\""));
    };
    for (key, value) in &section.members {
        if let Some(own) = profile.get(key).filter(|own| *own != value) {
            return Err(failure!(
                "The value for {key} is inconsistent between profile ({}) and sso-session ({}).",
                repr::str(own),
                repr::str(value)
            ));
        }
    }
    Ok(Some(section))
}

impl SsoRole {
    /// Fetches the role's credentials.
    /// v1: `SSOCredentialFetcher._get_credentials`. Parity: CRED-60, CRED-63, CRED-65.
    async fn fetch(&self, context: &mut Context<'_>) -> Result<ExpiringCredentials, Error> {
        let host = context.config.host;
        let mut call = ServiceCall::new(context, SSO, Some(&self.region), &GET_ROLE_CREDENTIALS).await?;
        let unauthorized = || {
            failure!(
                "The SSO session associated with this profile has expired or is otherwise invalid. To refresh this SSO \
                 session run aws sso login with the corresponding profile."
            )
        };
        let token = match &self.session_of {
            Some(profile) => token_of_session(context, profile).await?,
            None => token_of_start_url(host, &self.start_url)?.ok_or_else(unauthorized)?,
        };
        call.headers.push(("x-amz-sso_bearer_token", repr::str(&token)));
        let [role_name, account_id] =
            [&self.role_name, &self.account_id].map(|part| quote(&repr::str(part), ""));
        call.query = format!("role_name={role_name}&account_id={account_id}");
        let parameters = [
            ("roleName", self.role_name.clone()),
            ("accountId", self.account_id.clone()),
            ("accessToken", token),
        ];
        let reply = call.send(&parameters.into_iter().collect()).await?;
        match reply.error {
            None => read(&reply.response.body, host),
            Some(failed) if failed.error.code() == Some("UnauthorizedException") => Err(unauthorized()),
            Some(failed) => Err(failed.into()),
        }
    }
}

/// Returns the credentials in the portal's response.
/// v1: `SSOCredentialFetcher._get_credentials`. Parity: CRED-60, `sso/shapes/refresh-token-null`.
fn read(body: &[u8], host: &Host) -> Result<ExpiringCredentials, Error> {
    let response = MemberReader::of_helper(host).read(body, GET_ROLE_CREDENTIALS.output)?;
    let mut found = structure(&response, "roleCredentials")?.clone();
    for name in ["accessKeyId", "secretAccessKey", "sessionToken"] {
        member(&found, name)?;
    }
    let milliseconds = int::clamp(&int::of(member(&found, "expiration")?)?);
    found.insert("expiration", Expiry::at(milliseconds.div_euclid(1000))?.to_utc().into());
    credentials(&found, ["accessKeyId", "secretAccessKey", "sessionToken", "expiration"])
}

/// An `sso-session` section, checked.
pub(super) struct TokenSection {
    name: String,
    /// Region of the service that refreshes tokens.
    region: String,
    start_url: String,
}

/// Returns the section that the profile `name` names; `None` where it names none.
/// Errors: a section that is not there, or lacks a setting.
/// v1: `SSOTokenProvider._load_sso_config`. Parity: CRED-64.
pub(super) fn token_section(config: &Config<'_>, name: &str) -> Result<Option<TokenSection>, Error> {
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
    Ok(Some(TokenSection { name: session, region, start_url }))
}

/// Returns the token kept for a start URL; `None` where it has expired.
/// v1: `SSOCredentialFetcher._get_credentials`. Parity: CRED-61, CRED-63.
fn token_of_start_url(host: &Host, start_url: &str) -> Result<Option<Value>, Error> {
    let token = kept(host, start_url, start_url)?;
    let lasts = ends(&token)?.is_beyond(0, host)?;
    Ok(token.get("accessToken").filter(|_| lasts).cloned())
}

/// Returns the token of the session that the profile `name` names, refreshed within a quarter of an hour of its end.
/// v1: `SSOTokenProvider._refresher`. Parity: CRED-61, CRED-62, CRED-63.
async fn token_of_session(context: &Context<'_>, name: &str) -> Result<Value, Error> {
    let host = context.config.host;
    let Some(section) = token_section(context.config, name)? else { return Err(failure!("'sso_session'")) };
    let mut token = kept(host, &section.name, &section.start_url)?;
    if ends(&token)?.is_near(host)?
        && let Some(refreshed) = refresh(context, &section, &token).await?
    {
        token = refreshed;
    }
    if !ends(&token)?.is_beyond(0, host)? {
        return Err(failure!("Error when retrieving token from sso: Token has expired and refresh failed"));
    }
    member(&token, "accessToken").cloned()
}

fn ends(token: &Dict) -> Result<Expiry, Error> {
    Ok(Expiry::read(member(token, "expiresAt")?)?)
}

fn file(host: &Host, name: &str) -> CacheFile {
    CacheFile::new(host, "~/.aws/sso/cache", &SHA1, name)
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

/// Returns a new token, kept in the cache; `None` where this one cannot be refreshed, or the service refuses and no
/// other run has refreshed it.
/// v1: `SSOTokenProvider._refresh_access_token`. Parity: CRED-62.
async fn refresh(context: &Context<'_>, section: &TokenSection, token: &Dict) -> Result<Option<Dict>, Error> {
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
        let new = renewed(host, section, token, &reply.response)?;
        file.write(new.clone(), host)?;
        return Ok(Some(new));
    }
    let newer = file.replaced(token).await;
    Ok(newer.filter(|new| ends(new).is_ok()))
}

/// Returns the new token as v1 keeps it, then the members that we do not know, for other tools share the file; v1
/// drops those (deviation D23).
/// v1: `SSOTokenProvider._attempt_create_token`. Parity: CRED-62, `sso/refresh-unknown-members`.
fn renewed(host: &Host, section: &TokenSection, token: &Dict, response: &Response) -> Result<Dict, Error> {
    let response = MemberReader::of_helper(host).read(&response.body, CREATE_TOKEN.output)?;
    let ends = Expiry::in_seconds(member(&response, "expiresIn")?, host)?.to_utc();
    let own = [
        ("startUrl", section.start_url.as_str().into()),
        ("region", section.region.as_str().into()),
        ("accessToken", member(&response, "accessToken")?.clone()),
        ("expiresAt", ends.into()),
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
    Ok(new)
}
