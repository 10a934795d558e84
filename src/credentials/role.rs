//! A role and the STS call that takes it, through the cache on disk. Mirrors `AssumeRoleCredentialFetcher` and
//! `AssumeRoleWithWebIdentityCredentialFetcher` in `botocore/credentials.py`.

use super::cache::{Cache, document, sha1};
use super::system::read_text;
use super::{Context, Credentials, Expiry, Provider, Use, expiry, mfa, sts};
use crate::error::{Error, failure};
use crate::host::Host;
use crate::python::{Dict, Value, int};
use crate::session::{Config, Profile};

/// A role, and what is said to STS to get it.
#[derive(Debug)]
pub(super) struct Role {
    /// `AssumeRole` or `AssumeRoleWithWebIdentity`.
    operation: &'static str,
    /// The request's parameters in the order in which v1 sends them.
    parameters: Vec<(&'static str, Value)>,
    /// Where the web identity's token is read, again for each call.
    token_file: Option<String>,
    /// Name of the file that keeps the credentials; `None` where they are not kept (CRED-53).
    cached_as: Option<String>,
}

/// Who takes a role with a web identity.
pub(super) struct Identity {
    /// Where the token is.
    pub token_file: String,
    /// The role.
    pub arn: String,
    /// The session's name, where one is configured.
    pub session_name: Option<String>,
}

impl Role {
    /// The role of a profile.
    ///
    /// v1: `AssumeRoleProvider._load_creds_via_assume_role`. Parity: CRED-20, CRED-24, CRED-35.
    pub(super) fn of_profile(config: &Config<'_>, profile: &Profile<'_>) -> Self {
        let mut parameters = Vec::new();
        for (name, key) in [
            ("RoleSessionName", "role_session_name"),
            ("ExternalId", "external_id"),
            ("SerialNumber", "mfa_serial"),
        ] {
            parameters.extend(profile.text(key).map(|text| (name, Value::from(text))));
        }
        let duration = profile.text("duration_seconds").and_then(|text| int::int(text).ok());
        parameters.extend(duration.map(|seconds| ("DurationSeconds", Value::Int(seconds))));
        parameters.push(("RoleArn", Value::from(profile.text("role_arn").unwrap_or_default())));
        let cached_as = Some(cache_key(&parameters));
        name_session(config, &mut parameters);
        Self { operation: "AssumeRole", parameters, token_file: None, cached_as }
    }

    /// The role that a web identity may take; its token is read once already, for the cache's name.
    ///
    /// # Errors
    /// The token cannot be read.
    ///
    /// v1: `AssumeRoleWithWebIdentityProvider`. Parity: CRED-50 to CRED-53.
    pub(super) fn of_web_identity(
        config: &Config<'_>,
        identity: Identity,
        wanted: Use,
    ) -> Result<Self, Error> {
        let mut parameters = Vec::new();
        parameters.extend(identity.session_name.map(|name| ("RoleSessionName", Value::Str(name))));
        parameters.push(("RoleArn", Value::Str(identity.arn)));
        let mut named_by = parameters.clone();
        named_by.push(("WebIdentityToken", Value::Str(read_text(&identity.token_file)?)));
        let cached_as = (wanted == Use::Chosen).then(|| cache_key(&named_by));
        name_session(config, &mut parameters);
        let token_file = Some(identity.token_file);
        Ok(Self { operation: "AssumeRoleWithWebIdentity", parameters, token_file, cached_as })
    }

    /// The role's credentials: from the cache while they last a quarter of an hour, else from STS.
    ///
    /// # Errors
    /// Those of the cache, the prompt, the source and STS.
    ///
    /// v1: `CachedCredentialFetcher._get_cached_credentials`. Parity: CRED-24 to CRED-28, CRED-40.
    pub(super) async fn fetch(
        &self,
        context: &Context<'_>,
        source: Option<&Provider>,
    ) -> Result<(Credentials, Expiry), Error> {
        let host = context.config.host;
        let Some(key) = &self.cached_as else {
            return credentials(&self.take(context, source).await?, host);
        };
        let cache = Cache::new(host.expand_user("~/.aws/cli/cache"));
        if let Some(kept) = cache.read(key)? {
            let ends = Expiry::read(member(member(&kept, "Credentials")?, "Expiration")?, host)?;
            if ends.remaining(host.now())? >= expiry::WINDOW {
                return credentials(&kept, host);
            }
        }
        let answer = self.take(context, source).await?;
        cache.write(key, &document(&answer))?;
        credentials(&answer, host)
    }

    /// Asks STS.
    ///
    /// v1: `_get_credentials` of both fetchers. Parity: CRED-20, CRED-38, CRED-50.
    async fn take(&self, context: &Context<'_>, source: Option<&Provider>) -> Result<Value, Error> {
        let mut parameters = self.parameters.clone();
        if let Some((_, Value::Str(serial))) = parameters.iter().find(|(name, _)| *name == "SerialNumber") {
            let code = mfa::prompt(&format!("Enter MFA code for {serial}: ")).await?;
            parameters.push(("TokenCode", Value::Str(code)));
        }
        if let Some(file) = &self.token_file {
            parameters.push(("WebIdentityToken", Value::Str(read_text(file)?)));
        }
        let keys = match source {
            Some(source) => Some(Box::pin(source.fetch(context)).await?),
            None => None,
        };
        let mut answer = sts::call(context, self.operation, &parameters, keys).await?;
        add_account(&mut answer)?;
        Ok(answer)
    }
}

/// Gives a session name where none is configured: `botocore-session-` and the time.
///
/// v1: `BaseAssumeRoleCredentialFetcher._generate_assume_role_name`. Parity: CRED-20.
fn name_session(config: &Config<'_>, parameters: &mut Vec<(&'static str, Value)>) {
    let seconds = expiry::epoch(config.host.now());
    let name = Value::from(format!("botocore-session-{seconds}"));
    match parameters.iter_mut().find(|(name, _)| *name == "RoleSessionName") {
        Some((_, Value::Str(configured))) if !configured.is_empty() => {}
        Some((_, empty)) => *empty = name,
        None => parameters.push(("RoleSessionName", name)),
    }
}

/// The name of the cache's file: a hash of what was configured.
///
/// v1: `BaseAssumeRoleCredentialFetcher._create_cache_key`. Parity: CRED-24, CRED-51.
fn cache_key(parameters: &[(&'static str, Value)]) -> String {
    let unnamed = |value: &Value| value.as_str().is_some_and(str::is_empty);
    let mut named_by: Vec<_> = parameters
        .iter()
        .filter(|(name, value)| *name != "RoleSessionName" || !unnamed(value))
        .cloned()
        .collect();
    named_by.sort_by_key(|(name, _)| *name);
    let mut arguments = Dict::default();
    for (name, value) in named_by {
        arguments.insert(name, value);
    }
    sha1(&document(&Value::Dict(arguments)))
}

/// Adds the account of the role's ARN to the credentials.
///
/// v1: `_add_account_id_to_response`. Parity: CRED-25.
fn add_account(answer: &mut Value) -> Result<(), Error> {
    let Value::Dict(members) = answer else { return Ok(()) };
    let user = members.get("AssumedRoleUser");
    let arn = user.and_then(|user| match user {
        Value::Dict(user) => user.get("Arn").and_then(Value::as_str),
        _ => None,
    });
    let parts: Vec<_> = arn.unwrap_or_default().splitn(6, ':').collect();
    let (Some(&"arn"), Some(account), Some(_)) = (parts.first(), parts.get(4), parts.get(5)) else {
        return Ok(());
    };
    let account = Value::from(*account);
    match members.members.get_mut("Credentials") {
        Some(Value::Dict(credentials)) => {
            credentials.insert("AccountId", account);
            Ok(())
        }
        _ => Err(failure!("'Credentials'")),
    }
}

/// The credentials in an answer of STS, kept or new.
///
/// # Errors
/// The quoted name of the member that is missing.
///
/// v1: `CachedCredentialFetcher._get_cached_credentials`. Parity: CRED-25, CRED-27.
fn credentials(answer: &Value, host: &Host) -> Result<(Credentials, Expiry), Error> {
    let found = member(answer, "Credentials")?;
    let ends = member(found, "Expiration")?;
    let (id, secret) = (member(found, "AccessKeyId")?, member(found, "SecretAccessKey")?);
    let credentials = Credentials::of_values(id, secret, Some(member(found, "SessionToken")?))?;
    Ok((credentials, Expiry::read(ends, host)?))
}

/// The member `name`, or its quoted name, which is all that v1 says.
fn member<'v>(value: &'v Value, name: &str) -> Result<&'v Value, Error> {
    match value {
        Value::Dict(members) => members.get(name).ok_or_else(|| failure!("'{name}'")),
        _ => Err(failure!("'{name}'")),
    }
}
