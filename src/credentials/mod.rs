//! The credential chain in v1's order, one file a provider. Mirrors `botocore/credentials.py`.
//!
//! No provider of aws-config serves: each differs from v1 in what it reads, keeps on disk, repeats or trusts. What needs
//! a call is fetched when v1 signs ([`Provider::fetch`]): the order of errors follows from that (CFG-74).

mod assume_role;
mod cache;
mod container;
mod dpop;
mod expiry;
mod imds;
mod login;
mod process;
mod provider;
mod role;
mod service;
pub(crate) mod sigv4;
mod sso;
mod static_keys;
mod sts;

pub(crate) use imds::fetch_instance_region;
pub(crate) use provider::{Context, Credentials, Provider, Signer};

use crate::cli::Globals;
use crate::error::Error;
use crate::session::Config;
use crate::session::imds::ImdsSettings;

/// Returns the first credentials of the chain; `None` where no provider has any, which is an error once a request is
/// signed, and under `--no-sign-request`, where none is called.
/// Errors: those of the first provider that has credentials and cannot give them: no later one is called. An
/// `sso-session` of the chosen profile that does not exist, whoever gives the credentials.
/// v1: `create_credential_resolver`. Parity: CRED-02, CRED-03, CRED-64.
pub(crate) fn load(
    config: &Config<'_>,
    globals: &Globals,
    imds: Option<&ImdsSettings>,
) -> Result<Option<Provider>, Error> {
    let name = config.profile_name.as_deref().filter(|name| !name.is_empty()).unwrap_or("default");
    let found = if globals.no_sign_request { None } else { chain(config, name, imds)? };
    sso::token_section(config, name)?; // v1 does so for every client, whatever it signs with
    Ok(found)
}

/// Runs the providers in v1's order for the chosen profile `name`.
fn chain(config: &Config<'_>, name: &str, imds: Option<&ImdsSettings>) -> Result<Option<Provider>, Error> {
    let host = config.host;
    let load_source = |name: &str| load_profile(config, name, true);
    first(&[
        ("env", &|| if config.profile_typed { Ok(None) } else { static_keys::of_environment(host) }),
        ("assume-role", &|| assume_role::load(config, name, imds, &load_source)),
        ("profile", &|| load_profile(config, name, false)),
        ("ec2-credentials-file", &|| static_keys::of_credential_file(host)),
        ("boto-config", &|| static_keys::of_boto(host)),
        ("container-role", &|| container::load(host)),
        ("iam-role", &|| imds::load(host, imds)),
    ])
}

/// Runs the providers that read the profile `name`, which is chosen or the source of another one (`is_source`).
/// v1: `ProfileProviderBuilder.providers`. Parity: CRED-02, CRED-31, CRED-53.
fn load_profile(config: &Config<'_>, name: &str, is_source: bool) -> Result<Option<Provider>, Error> {
    let (shared, own) = (config.credentials.get(name), config.file.profiles.get(name));
    let keys = |section, method| static_keys::of_section(section, method, static_keys::TOKEN_KEYS);
    first(&[
        ("assume-role-with-web-identity", &|| role::of_web_identity(config, name, is_source)),
        ("sso", &|| sso::load(config, name)),
        ("shared-credentials-file", &|| keys(shared, "shared-credentials-file")),
        ("login", &|| login::load(config, name)),
        ("custom-process", &|| process::load(config, name)),
        ("config-file", &|| keys(own, "config-file")),
    ])
}

/// Returns the credentials of a provider; `None` where it has none.
type Load<'a> = &'a dyn Fn() -> Result<Option<Provider>, Error>;

/// Returns the first credentials, or the error before them; `--debug` shows the names of the providers.
fn first(providers: &[(&str, Load<'_>)]) -> Result<Option<Provider>, Error> {
    let found = providers.iter().find_map(|(name, load)| {
        tracing::debug!("Looking for credentials via: {name}");
        load().transpose()
    });
    found.transpose()
}

/// Reads a response of STS.
#[cfg(fuzzing)]
pub fn read_xml(text: &str) {
    let _ = sts::parse_xml(text);
}
