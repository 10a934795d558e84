//! Single sign-on: a token from the cache that `aws sso login` fills, and the portal that gives a role's
//! credentials for it. Mirrors `SSOProvider` in `botocore/credentials.py`; the token is in [`super::sso_token`].

use super::document::{self, member, structure};
use super::expiry::Expiry;
use super::provider::{Context, ExpiringCredentials, Provider};
use super::service::ServiceCall;
use super::sso_token;
use crate::error::{Error, failure};
use crate::host::Host;
use crate::http::members::MemberReader;
use crate::model::GET_ROLE_CREDENTIALS;
use crate::python::percent::quote;
use crate::python::{Dict, Value, int, repr};
use crate::session::endpoint::SSO;
use crate::session::{Config, Profile};

/// The settings that a profile must have, in the order in which v1 misses them.
const REQUIRED: [&str; 4] = ["sso_role_name", "sso_account_id", "sso_start_url", "sso_region"];

/// v1's error for a token that the portal refuses.
const UNAUTHORIZED: &str = "The SSO session associated with this profile has expired or is otherwise invalid. To \
                            refresh this SSO session run aws sso login with the corresponding profile.";

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
        let missing = REQUIRED.into_iter().zip(values).filter(|(_, value)| value.is_none());
        let missing: Vec<_> = missing.map(|(key, _)| key).collect();
        return Err(failure!(
            "The profile \"{name}\" is configured to use SSO but is missing required configuration: {}",
            missing.join(", ")
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
        let unauthorized = || failure!("{UNAUTHORIZED}");
        let token = match &self.session_of {
            Some(profile) => sso_token::of_session(context, profile).await?,
            None => sso_token::of_start_url(host, &self.start_url)?.ok_or_else(unauthorized)?,
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
    let end = Expiry::at_milliseconds(int::clamp(&int::of(member(&found, "expiration")?)?))?.to_utc();
    found.insert("expiration", end.into());
    document::credentials(&found, ["accessKeyId", "secretAccessKey", "sessionToken", "expiration"])
}
