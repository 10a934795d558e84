//! Single sign-on: a token from the cache that `aws sso login` fills, and the portal that gives a role's
//! credentials for it. Mirrors `SSOProvider` in `botocore/credentials.py`; the token is in [`super::sso_token`].

use super::document::{self, member, structure};
use super::expiry::Expiry;
use super::provider::{Context, Provider};
use super::service::{self, ServiceCallError, ServiceRequest};
use super::sso_token;
use super::types::ExpiringCredentials;
use crate::error::{Error, failure};
use crate::host::Host;
use crate::http::members::MemberReader;
use crate::model::GET_ROLE_CREDENTIALS;
use crate::params::validate;
use crate::python::percent::quote;
use crate::python::{Dict, Value, int, repr};
use crate::session::endpoint::SSO;
use crate::session::{Config, Profile};

/// The settings that a profile must have, in the order in which v1 misses them.
const REQUIRED: [&str; 4] = ["sso_role_name", "sso_account_id", "sso_start_url", "sso_region"];

/// v1's error for a token that the portal refuses.
const UNAUTHORIZED: &str = "The SSO session associated with this profile has expired or is otherwise invalid. To \
                            refresh this SSO session run aws sso login with the corresponding profile.";

/// A role of single sign-on.
struct SsoRole {
    /// The URL to sign on.
    start_url: String,
    /// The portal's region.
    region: String,
    /// Name of the role as configured.
    role_name: Value,
    /// Its account as configured.
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
    let value = |key: &str| section.and_then(|section| section.get(key)).or_else(|| profile.get(key));
    let missing: Vec<_> = REQUIRED.into_iter().filter(|key| value(key).is_none()).collect();
    if !missing.is_empty() {
        return Err(failure!(
            "The profile \"{name}\" is configured to use SSO but is missing required configuration: {}",
            missing.join(", ")
        ));
    }
    let text = |key: &str| value(key).map(repr::str).unwrap_or_default();
    let sso = SsoRole {
        start_url: text("sso_start_url"),
        region: text("sso_region"),
        role_name: value("sso_role_name").cloned().unwrap_or(Value::None),
        account_id: value("sso_account_id").cloned().unwrap_or(Value::None),
        session_of: section.map(|_| name.to_owned()),
    };
    Ok(Some(Provider::refreshable(None, async move |context| sso.fetch(context).await)))
}

/// Returns the `sso-session` section that the profile names; `None` where it names none.
/// v1: `SSOProvider._resolve_sso_session_reference`. Parity: CRED-64.
fn section<'c>(config: &'c Config<'_>, profile: &Profile<'c>) -> Result<Option<&'c Dict>, Error> {
    let Some(name) = profile.get("sso_session").map(repr::str) else { return Ok(None) };
    let Some(section) = config.config_file().sso_sessions.get(&name) else {
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
    /// Errors: no token that is valid, or the error of the portal.
    /// v1: `SSOCredentialFetcher._get_credentials`. Parity: CRED-60, CRED-61, CRED-63, CRED-65.
    async fn fetch(&self, context: &mut Context<'_>) -> Result<ExpiringCredentials, Error> {
        let session = service::session(context, SSO, Some(&self.region)).await?;
        let token = match &self.session_of {
            Some(profile) => sso_token::of_session(context, profile).await?,
            None => sso_token::of_start_url(context.config.host, &self.start_url)?
                .ok_or_else(|| failure!("{UNAUTHORIZED}"))?,
        };
        let mut parameters = Dict::default();
        parameters.insert("roleName", self.role_name.clone());
        parameters.insert("accountId", self.account_id.clone());
        parameters.insert("accessToken", token);
        validate(&parameters, GET_ROLE_CREDENTIALS.input)?;
        let text = |name: &str| parameters.get(name).map(repr::str).unwrap_or_default();
        let [role_name, account_id] = ["roleName", "accountId"].map(|name| quote(&text(name), ""));
        let query = format!("role_name={role_name}&account_id={account_id}");
        let headers = [("x-amz-sso_bearer_token", text("accessToken"))];
        let call = ServiceRequest { query, ..ServiceRequest::new(&GET_ROLE_CREDENTIALS, headers) };
        match service::call(context, &session, &call).await {
            Ok(reply) => read(&reply.response.body, context.config.host),
            Err(ServiceCallError::ByService(code, ..)) if code == "UnauthorizedException" => {
                Err(failure!("{UNAUTHORIZED}"))
            }
            Err(failed) => Err(failed.into()),
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
