//! `role_arn` with `source_profile` or `credential_source`: which role, with whose keys. Mirrors
//! `AssumeRoleProvider` in `botocore/credentials.py`; the call itself is in [`super::role`].

use super::provider::Provider;
use super::role::Role;
use super::{container, imds, static_keys};
use crate::error::{Error, failure};
use crate::python::repr;
use crate::session::config::{Config, Profile};
use crate::session::imds::ImdsSettings;

/// The most roles in a chain: far more than anybody has, and fewer than the stack holds.
const LONGEST: usize = 40;

/// Returns the role of the profile `first`; `None` where it has none, or assumes it with a web identity. `load_source`
/// loads the keys of a source profile, for which the environment does not count (CRED-31, CRED-53).
/// Errors: a role whose source is missing, given twice, unknown, empty or itself.
/// v1: `AssumeRoleProvider.load`. Parity: CRED-29, CRED-30, CRED-36.
pub(super) fn load<'c>(
    config: &'c Config<'_>,
    first: &'c str,
    imds: Option<&ImdsSettings>,
    load_source: &dyn Fn(&str) -> Result<Option<Provider>, Error>,
) -> Result<Option<Provider>, Error> {
    let Some(mut profile) = config.profile(first).filter(has_role) else { return Ok(None) };
    let mut name = first;
    let mut roles = vec![(name, profile)];
    let mut provider = loop {
        name = match (profile.text("source_profile"), profile.text("credential_source")) {
            (Some(source), None) => source,
            (None, Some(source)) => break named_source(config, source, name, imds)?,
            (Some(_), Some(_)) => {
                return Err(failure!(
                    "The profile \"{name}\" contains both source_profile and credential_source."
                ));
            }
            (None, None) => {
                return Err(failure!(
                    "Partial credentials found in assume-role, missing: source_profile or credential_source"
                ));
            }
        };
        profile = source_profile(config, name, &roles)?;
        if has_keys(&profile) || !has_role(&profile) {
            let missing = || failure!("The source profile \"{name}\" must have credentials.");
            break load_source(name)?.ok_or_else(missing)?;
        }
        if roles.len() == LONGEST {
            return Err(failure!("The profile \"{first}\" needs a chain of more than {LONGEST} roles"));
        }
        roles.push((name, profile));
    };
    for (_, profile) in roles.iter().rev() {
        provider = Role::of_profile(config, profile, provider);
    }
    Ok(Some(provider))
}

/// Returns the profile `source`, which the last of `roles` names.
/// Errors: it does not exist, or is one of them, unless it names itself, to have keys and role in one place.
/// v1: `AssumeRoleProvider._validate_source_profile`. Parity: CRED-32, CRED-34.
fn source_profile<'c>(
    config: &'c Config<'_>,
    source: &str,
    roles: &[(&str, Profile<'_>)],
) -> Result<Profile<'c>, Error> {
    let last = roles.last().map(|(name, _)| *name).unwrap_or_default();
    let Some(profile) = config.profile(source) else {
        return Err(failure!(
            "The source_profile \"{source}\" referenced in the profile \"{last}\" does not exist."
        ));
    };
    if roles.iter().any(|(name, _)| *name == source) && (source != last || !has_keys(&profile)) {
        let visited: Vec<_> = roles.iter().map(|(name, _)| repr::string(name)).collect();
        return Err(failure!(
            "Infinite loop in credential configuration detected. Attempting to load from profile {source} which has \
             already been visited. Visited profiles: [{}]",
            visited.join(", ")
        ));
    }
    Ok(profile)
}

/// Returns the keys that `credential_source` of the profile `name` stands for.
/// v1: `CanonicalNameCredentialSourcer.source_credentials`. Parity: CRED-34.
fn named_source(
    config: &Config<'_>,
    source: &str,
    name: &str,
    imds: Option<&ImdsSettings>,
) -> Result<Provider, Error> {
    let found = match source {
        "Environment" => static_keys::of_environment(config.host)?,
        "EcsContainer" => container::load(config.host)?,
        "Ec2InstanceMetadata" => imds::load(config.host, imds)?,
        _ => {
            return Err(failure!(
                "The credential source \"{source}\" referenced in profile \"{name}\" is not valid."
            ));
        }
    };
    found.ok_or_else(|| {
        failure!(
            "Error when retrieving credentials from {source}: No credentials found in credential_source referenced in \
             profile {name}"
        )
    })
}

/// Returns true for a profile with one of the two keys.
fn has_keys(profile: &Profile<'_>) -> bool {
    ["aws_secret_access_key", "aws_access_key_id"].iter().any(|key| profile.get(key).is_some())
}

/// Returns true for a profile whose role is assumed with keys.
fn has_role(profile: &Profile<'_>) -> bool {
    profile.get("role_arn").is_some() && profile.get("web_identity_token_file").is_none()
}
