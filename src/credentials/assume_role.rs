//! `role_arn` with `source_profile` or `credential_source`: which role, with whose keys. Mirrors
//! `AssumeRoleProvider` in `botocore/credentials.py`; the call itself is in [`super::role`].

use super::provider::Provider;
use super::role::Role;
use super::{container, env, imds};
use crate::error::{Error, failure};
use crate::python::repr;
use crate::session::config::{Config, Profile};

/// The most roles that a profile may need one after the other: far more than anybody chains, and fewer than the stack
/// holds.
const LONGEST: usize = 40;

/// The sources that `credential_source` may name.
const SOURCES: [&str; 3] = ["Environment", "EcsContainer", "Ec2InstanceMetadata"];

/// Returns the role of the profile `name`; `None` where it has none, or assumes it with a web identity. `load_source`
/// loads the keys of a source profile, for which the environment does not count (CRED-31, CRED-53).
/// Errors: a role whose source is missing, given twice, unknown, empty or itself.
/// v1: `AssumeRoleProvider.load`. Parity: CRED-02, CRED-29 to CRED-34, CRED-36.
pub(super) fn load(
    config: &Config<'_>,
    name: &str,
    load_source: &dyn Fn(&str) -> Result<Option<Provider>, Error>,
) -> Result<Option<Provider>, Error> {
    let Some(profile) = config.profile(name).filter(has_role) else { return Ok(None) };
    // From the profile `name` up to the one that has keys.
    let mut role_chain = vec![(name.to_owned(), profile)];
    let mut provider = loop {
        let Some((name, profile)) = role_chain.last() else { return Ok(None) };
        match next(config, &role_chain, name, profile)? {
            RoleSource::Named(source) => break from_source(config, source, name)?,
            RoleSource::Profile(source, keys) if has_keys(&keys) || !has_role(&keys) => {
                let missing = || failure!("The source profile \"{source}\" must have credentials.");
                break load_source(source)?.ok_or_else(missing)?;
            }
            RoleSource::Profile(_, _) if role_chain.len() == LONGEST => {
                let first = role_chain.first().map(|(name, _)| name.as_str()).unwrap_or_default();
                return Err(failure!("The profile \"{first}\" needs a chain of more than {LONGEST} roles"));
            }
            RoleSource::Profile(source, role) => role_chain.push((source.to_owned(), role)),
        }
    };
    for (_, profile) in role_chain.iter().rev() {
        let (role, source) = (Role::of_profile(config, profile), provider);
        provider = Provider::refreshable(None, async move |context| role.fetch(context, Some(&source)).await);
    }
    Ok(Some(provider))
}

/// The source of the keys of a role.
enum RoleSource<'c> {
    /// `credential_source`.
    Named(&'c str),
    /// `source_profile`: its name and itself.
    Profile(&'c str, Profile<'c>),
}

/// Returns the source that the profile `name` gives, checked.
/// v1: `AssumeRoleProvider._get_role_config`. Parity: CRED-29, CRED-30, CRED-32, CRED-34.
fn next<'c>(
    config: &'c Config<'_>,
    role_chain: &[(String, Profile<'c>)],
    name: &str,
    profile: &Profile<'c>,
) -> Result<RoleSource<'c>, Error> {
    match (profile.text("source_profile"), profile.text("credential_source")) {
        (Some(_), Some(_)) => {
            Err(failure!("The profile \"{name}\" contains both source_profile and credential_source."))
        }
        (None, None) => Err(failure!(
            "Partial credentials found in assume-role, missing: source_profile or credential_source"
        )),
        (None, Some(source)) if SOURCES.contains(&source) => Ok(RoleSource::Named(source)),
        (None, Some(source)) => {
            Err(failure!("The credential source \"{source}\" referenced in profile \"{name}\" is not valid."))
        }
        (Some(source), None) => {
            let Some(found) = config.profile(source) else {
                return Err(failure!(
                    "The source_profile \"{source}\" referenced in the profile \"{name}\" does not exist."
                ));
            };
            let is_visited = role_chain.iter().any(|(hop, _)| hop == source);
            // A profile may name itself, to have keys and role in one place.
            if is_visited && (source != name || !has_keys(&found)) {
                let visited: Vec<_> = role_chain.iter().map(|(name, _)| repr::string(name)).collect();
                return Err(failure!(
                    "Infinite loop in credential configuration detected. Attempting to load from profile {source} \
                     which has already been visited. Visited profiles: [{}]",
                    visited.join(", ")
                ));
            }
            Ok(RoleSource::Profile(source, found))
        }
    }
}

/// Returns the keys that `credential_source` of the profile `name` stands for.
/// v1: `CanonicalNameCredentialSourcer.source_credentials`. Parity: CRED-34.
fn from_source(config: &Config<'_>, source: &str, name: &str) -> Result<Provider, Error> {
    let found = match source {
        "Environment" => env::load(config.host)?,
        "EcsContainer" => container::load(config.host)?,
        _ => imds::load(config)?,
    };
    found.ok_or_else(|| {
        failure!(
            "Error when retrieving credentials from {source}: No credentials found in credential_source \
             referenced in profile {name}"
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
