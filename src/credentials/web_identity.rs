//! A role that is assumed with a web identity's token. Mirrors `AssumeRoleWithWebIdentityProvider` in
//! `botocore/credentials.py`.

use super::provider::Provider;
use super::role::Role;
use super::types::ProfileUse;
use crate::error::{Error, failure};
use crate::session::Config;

/// Returns the role that environment (unless the profile was typed, or is a source) and the profile `name` give to a
/// web identity; `None` where they name no token.
/// Errors: a token without a role; a token that cannot be read.
/// v1: `AssumeRoleWithWebIdentityProvider.load`. Parity: CRED-50, CRED-52, CRED-53.
pub(super) fn load(config: &Config<'_>, name: &str, purpose: ProfileUse) -> Result<Option<Provider>, Error> {
    let profile_only = config.profile_typed() || purpose == ProfileUse::SourceProfile;
    let value = |variable, key| {
        let typed = if profile_only { None } else { config.host.env(variable) };
        let found = typed.or_else(|| config.profile(name).and_then(|profile| profile.text(key)));
        found.map(str::to_owned)
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
    let role = Role::of_web_identity(config, arn, token_file, session_name, purpose)?;
    Ok(Some(Provider::refreshable(None, async move |context| role.fetch(context, None).await)))
}
