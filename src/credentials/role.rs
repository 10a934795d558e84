//! A role and the STS call that assumes it, through the cache on disk. Mirrors `AssumeRoleCredentialFetcher` and
//! `AssumeRoleWithWebIdentityCredentialFetcher` in `botocore/credentials.py`.

use super::cache::{Cache, sha1, to_json};
use super::document::{self, member, object, structure};
use super::expiry::{self, Expiry};
use super::provider::{Context, Provider};
use super::types::{ExpiringCredentials, ProfileUse};
use super::{mfa, sts};
use crate::error::{Error, failure};
use crate::host;
use crate::model::{ASSUME_ROLE, ASSUME_ROLE_WITH_WEB_IDENTITY, HelperOperation};
use crate::python::{Dict, Value, int};
use crate::session::{Config, Profile};

/// A role, and the request to STS for it.
pub(super) struct Role {
    /// `AssumeRole` or `AssumeRoleWithWebIdentity`.
    operation: &'static HelperOperation,
    /// Parameters of the request in the order in which v1 sends them.
    parameters: Dict,
    /// The file of the web identity's token, which is read for each call.
    token_file: Option<String>,
    /// Name of the file that keeps the credentials; `None` where they are not kept (CRED-53).
    cache_key: Option<String>,
}

impl Role {
    /// Returns the role of a profile.
    /// v1: `AssumeRoleProvider._load_creds_via_assume_role`. Parity: CRED-20, CRED-24, CRED-35.
    pub(super) fn of_profile(config: &Config<'_>, profile: &Profile<'_>) -> Self {
        let mut parameters = Dict::default();
        for (name, key) in [
            ("RoleSessionName", "role_session_name"),
            ("ExternalId", "external_id"),
            ("SerialNumber", "mfa_serial"),
        ] {
            if let Some(text) = profile.text(key) {
                parameters.insert(name, text.into());
            }
        }
        if let Some(seconds) = profile.text("duration_seconds").and_then(|text| int::int(text).ok()) {
            parameters.insert("DurationSeconds", Value::Int(seconds));
        }
        parameters.insert("RoleArn", profile.text("role_arn").unwrap_or_default().into());
        let cache_key = Some(cache_key(&parameters));
        set_session_name(config, &mut parameters);
        Self { operation: &ASSUME_ROLE, parameters, token_file: None, cache_key }
    }

    /// Returns the role `arn` of a web identity, whose token is read once already, for the cache's name.
    /// Errors: the token cannot be read.
    /// v1: `AssumeRoleWithWebIdentityProvider`. Parity: CRED-50 to CRED-53.
    pub(super) fn of_web_identity(
        config: &Config<'_>,
        arn: String,
        token_file: String,
        session_name: Option<String>,
        purpose: ProfileUse,
    ) -> Result<Self, Error> {
        let mut parameters = Dict::default();
        if let Some(name) = session_name {
            parameters.insert("RoleSessionName", name.into());
        }
        parameters.insert("RoleArn", arn.into());
        let mut named_by = parameters.clone();
        named_by.insert("WebIdentityToken", host::read_text(&token_file)?.into());
        let cache_key = (purpose == ProfileUse::Selected).then(|| cache_key(&named_by));
        set_session_name(config, &mut parameters);
        let operation = &ASSUME_ROLE_WITH_WEB_IDENTITY;
        Ok(Self { operation, parameters, token_file: Some(token_file), cache_key })
    }

    /// Returns the role's credentials: from the cache while they last a quarter of an hour, else from STS.
    /// Errors: those of the cache, the prompt, the source and STS.
    /// v1: `CachedCredentialFetcher._get_cached_credentials`. Parity: CRED-24 to CRED-28, CRED-40.
    pub(super) async fn fetch(
        &self,
        context: &mut Context<'_>,
        source: Option<&Provider>,
    ) -> Result<ExpiringCredentials, Error> {
        let host = context.config.host;
        let Some(key) = &self.cache_key else {
            return credentials(&self.assume(context, source).await?);
        };
        let cache = Cache::new(host.expand_user("~/.aws/cli/cache"));
        if let Some(kept) = cache.read(key)? {
            let kept = object(&kept, "file of cached credentials")?;
            let expiry = Expiry::read(member(structure(kept, "Credentials")?, "Expiration")?)?;
            if !expiry.is_near(host.now())? {
                return credentials(kept);
            }
        }
        let response = self.assume(context, source).await?;
        let found = credentials(&response)?;
        cache.write(key, &to_json(&Value::Dict(response)), host)?;
        Ok(found)
    }

    /// Requests the role from STS.
    /// v1: `_get_credentials` of both fetchers. Parity: CRED-20, CRED-38, CRED-50.
    async fn assume(&self, context: &mut Context<'_>, source: Option<&Provider>) -> Result<Dict, Error> {
        let mut parameters = self.parameters.clone();
        if let Some(Value::Str(serial)) = parameters.get("SerialNumber") {
            let code = mfa::prompt(&format!("Enter MFA code for {serial}: ")).await?;
            parameters.insert("TokenCode", code.into());
        }
        if let Some(file) = &self.token_file {
            parameters.insert("WebIdentityToken", host::read_text(file)?.into());
        }
        let keys = match source {
            Some(source) => Some(source.fetch(context).await?),
            None => None,
        };
        let mut response = sts::call(context, self.operation, &parameters, keys).await?;
        add_account(&mut response)?;
        Ok(response)
    }
}

/// Sets a session name where none is configured: `botocore-session-` and the time.
/// v1: `BaseAssumeRoleCredentialFetcher._generate_assume_role_name`. Parity: CRED-20.
fn set_session_name(config: &Config<'_>, parameters: &mut Dict) {
    let is_named =
        parameters.get("RoleSessionName").and_then(Value::as_str).is_some_and(|name| !name.is_empty());
    if !is_named {
        let seconds = expiry::epoch(config.host.now());
        parameters.insert("RoleSessionName", format!("botocore-session-{seconds}").into());
    }
}

/// Returns the name of the cache's file: a hash of what was configured.
/// v1: `BaseAssumeRoleCredentialFetcher._create_cache_key`. Parity: CRED-24, CRED-51.
fn cache_key(parameters: &Dict) -> String {
    let mut named_by = parameters.clone();
    let is_unnamed = |value: &Value| value.as_str() == Some("");
    named_by.members.retain(|name, value| name != "RoleSessionName" || !is_unnamed(value));
    named_by.members.sort_unstable_keys();
    sha1(&to_json(&Value::Dict(named_by)))
}

/// Adds the account of the role's ARN to the credentials.
/// v1: `_add_account_id_to_response`. Parity: CRED-25.
fn add_account(response: &mut Dict) -> Result<(), Error> {
    let arn = match response.get("AssumedRoleUser") {
        Some(Value::Dict(user)) => user.get("Arn").and_then(Value::as_str),
        _ => None,
    };
    let parts: Vec<_> = arn.unwrap_or_default().splitn(6, ':').collect();
    let (Some(&"arn"), Some(account), Some(_)) = (parts.first(), parts.get(4), parts.get(5)) else {
        return Ok(());
    };
    let account = Value::from(*account);
    match response.members.get_mut("Credentials") {
        Some(Value::Dict(credentials)) => {
            credentials.insert("AccountId", account);
            Ok(())
        }
        _ => Err(failure!("'Credentials'")),
    }
}

/// Returns the credentials in a response of STS, kept or new.
/// Errors: the quoted name of the member that is missing.
/// v1: `CachedCredentialFetcher._get_cached_credentials`. Parity: CRED-25, CRED-27.
fn credentials(response: &Dict) -> Result<ExpiringCredentials, Error> {
    let found = structure(response, "Credentials")?;
    member(found, "Expiration")?;
    document::credentials(found, ["AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"])
}
