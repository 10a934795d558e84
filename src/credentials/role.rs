//! A role and the STS call that assumes it, through the cache on disk. Mirrors `AssumeRoleCredentialFetcher` and
//! `AssumeRoleWithWebIdentityCredentialFetcher` in `botocore/credentials.py`.

use ring::digest::SHA1_FOR_LEGACY_USE_ONLY as SHA1;

use super::cache::{CacheFile, to_json};
use super::expiry::Expiry;
use super::provider::{self, Context, ExpiringCredentials, Provider, member, object, structure};
use super::sts;
use crate::error::{Error, failure};
use crate::host::prompt::prompt;
use crate::host::{self, Host};
use crate::model::{ASSUME_ROLE, ASSUME_ROLE_WITH_WEB_IDENTITY, HelperOperation};
use crate::python::{Dict, Value, int};
use crate::session::{Config, Profile};

/// A role, and the request to STS for it.
pub(super) struct Role {
    operation: &'static HelperOperation,
    /// Parameters of the request in the order in which v1 sends them.
    parameters: Dict,
    /// The keys with which it is assumed; a web identity needs none.
    source: Option<Provider>,
    /// The file of the web identity's token, which is read for each call.
    token_file: Option<String>,
    /// The file that keeps the credentials; `None` where they are not kept (CRED-53).
    file: Option<CacheFile>,
}

/// Returns the role that environment (unless the profile was typed, or is a source) and the profile `name` give to a
/// web identity; `None` where they name no token. That of a source is not kept on disk.
/// Errors: a token without a role; a token that cannot be read.
/// v1: `AssumeRoleWithWebIdentityProvider.load`. Parity: CRED-50, CRED-52, CRED-53.
pub(super) fn of_web_identity(
    config: &Config<'_>,
    name: &str,
    is_source: bool,
) -> Result<Option<Provider>, Error> {
    let profile_only = config.profile_typed || is_source;
    let value = |variable, key| {
        let typed = config.host.env(variable).filter(|_| !profile_only);
        typed.or_else(|| config.profile(name).and_then(|profile| profile.text(key)))
    };
    let token_file = value("AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file");
    let Some(token_file) = token_file.filter(|file| !file.is_empty()) else { return Ok(None) };
    let Some(arn) = value("AWS_ROLE_ARN", "role_arn").filter(|arn| !arn.is_empty()) else {
        return Err(failure!(
            "The provided profile or the current environment is configured to assume role with web identity but has \
             no role ARN configured. Ensure that the profile has the role_arnconfiguration set or the AWS_ROLE_ARN \
             env var is set."
        ));
    };
    let session_name = value("AWS_ROLE_SESSION_NAME", "role_session_name");
    let session_name = session_name.map(|name| ("RoleSessionName", name.into()));
    let parameters: Dict = session_name.into_iter().chain([("RoleArn", arn.into())]).collect();
    let mut named_by = parameters.clone();
    named_by.insert("WebIdentityToken", host::read_text(token_file)?.into());
    let named_by = (!is_source).then_some(named_by);
    let role = Role::new(config.host, &ASSUME_ROLE_WITH_WEB_IDENTITY, parameters, named_by);
    Ok(Some(Role { token_file: Some(token_file.to_owned()), ..role }.into_provider()))
}

impl Role {
    /// Returns a role; without a configured name its session is called `botocore-session-` and the time. The file that
    /// keeps it is called by a hash of `named_by`.
    /// v1: `BaseAssumeRoleCredentialFetcher._create_cache_key`. Parity: CRED-20, CRED-24, CRED-51.
    fn new(
        host: &Host,
        operation: &'static HelperOperation,
        mut parameters: Dict,
        named_by: Option<Dict>,
    ) -> Self {
        let file = named_by.map(|mut named_by| {
            named_by.members.retain(|name, value| name != "RoleSessionName" || !value.is_empty());
            named_by.members.sort_unstable_keys();
            CacheFile::new(host, "~/.aws/cli/cache", &SHA1, &to_json(named_by))
        });
        if parameters.get("RoleSessionName").is_none_or(Value::is_empty) {
            parameters.insert("RoleSessionName", format!("botocore-session-{}", host.epoch()).into());
        }
        Self { operation, parameters, source: None, token_file: None, file }
    }

    fn into_provider(self) -> Provider {
        Provider::refreshable(None, async move |context| self.fetch(context).await)
    }

    /// Returns the role of a profile, which is assumed with the keys of `source`.
    /// v1: `AssumeRoleProvider._load_creds_via_assume_role`. Parity: CRED-20, CRED-24, CRED-35.
    pub(super) fn of_profile(config: &Config<'_>, profile: &Profile<'_>, source: Provider) -> Provider {
        let texts = [
            ("RoleSessionName", "role_session_name"),
            ("ExternalId", "external_id"),
            ("SerialNumber", "mfa_serial"),
        ];
        let texts = texts.into_iter().filter_map(|(name, key)| Some((name, profile.text(key)?.into())));
        let mut parameters: Dict = texts.collect();
        if let Some(seconds) = profile.text("duration_seconds").and_then(|text| int::int(text).ok()) {
            parameters.insert("DurationSeconds", Value::Int(seconds));
        }
        parameters.insert("RoleArn", profile.text("role_arn").unwrap_or_default().into());
        let named_by = Some(parameters.clone());
        let role = Self::new(config.host, &ASSUME_ROLE, parameters, named_by);
        Self { source: Some(source), ..role }.into_provider()
    }

    /// Returns the role's credentials: from the cache while they last a quarter of an hour, else from STS.
    /// v1: `CachedCredentialFetcher._get_cached_credentials`. Parity: CRED-24, CRED-26, CRED-28.
    async fn fetch(&self, context: &mut Context<'_>) -> Result<ExpiringCredentials, Error> {
        let host = context.config.host;
        let Some(file) = &self.file else {
            return credentials(&self.assume(context).await?);
        };
        if let Some(kept) = file.read()? {
            let kept = object(&kept, "file of cached credentials")?;
            let expiry = Expiry::read(member(structure(kept, "Credentials")?, "Expiration")?)?;
            if !expiry.is_near(host)? {
                return credentials(kept);
            }
        }
        let response = self.assume(context).await?;
        let found = credentials(&response)?;
        file.write(response, host)?;
        Ok(found)
    }

    /// Requests the role from STS.
    /// v1: `_get_credentials` of both fetchers. Parity: CRED-20, CRED-38, CRED-50.
    async fn assume(&self, context: &mut Context<'_>) -> Result<Dict, Error> {
        let mut parameters = self.parameters.clone();
        if let Some(Value::Str(serial)) = parameters.get("SerialNumber") {
            let code = prompt(&format!("Enter MFA code for {serial}: ")).await?;
            parameters.insert("TokenCode", code.into());
        }
        if let Some(file) = &self.token_file {
            parameters.insert("WebIdentityToken", host::read_text(file)?.into());
        }
        let keys = match &self.source {
            Some(source) => Some(source.fetch(context).await?),
            None => None,
        };
        let mut response = sts::call(context, self.operation, &parameters, keys).await?;
        add_account(&mut response);
        Ok(response)
    }
}

/// Adds the account of the role's ARN to the credentials.
/// v1: `_add_account_id_to_response`. Parity: CRED-25.
fn add_account(response: &mut Dict) {
    if let Some(Value::Dict(user)) = response.get("AssumedRoleUser")
        && let Some(arn) = user.get("Arn").and_then(Value::as_str)
        && let ["arn", _, _, _, account, _] = arn.splitn(6, ':').collect::<Vec<_>>().as_slice()
    {
        let account = Value::from(*account);
        if let Some(Value::Dict(credentials)) = response.members.get_mut("Credentials") {
            credentials.insert("AccountId", account);
        }
    }
}

/// Returns the credentials in a response of STS, kept or new.
/// Errors: the quoted name of the member that is missing.
/// v1: `CachedCredentialFetcher._get_cached_credentials`. Parity: CRED-25, CRED-27.
fn credentials(response: &Dict) -> Result<ExpiringCredentials, Error> {
    let found = structure(response, "Credentials")?;
    member(found, "Expiration")?;
    provider::credentials(found, ["AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"])
}
