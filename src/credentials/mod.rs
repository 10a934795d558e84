//! The credential chain in v1's order, one file a provider. Mirrors `botocore/credentials.py`.
//!
//! | file | credentials from |
//! |---|---|
//! | `env` | the environment |
//! | `static_keys` | keys in the credentials file, in the config file |
//! | `legacy_files` | files of older tools: `AWS_CREDENTIAL_FILE`, boto's configuration |
//! | `process` | a program of the user's |
//! | `assume_role` | a role that is assumed with the keys of another profile or source |
//! | `web_identity` | a role that is assumed with a web identity's token |
//! | `sso`, `sso_token` | a role of single sign-on |
//! | `login`, `dpop` | the session of `aws login` |
//! | `container`, `imds` | the place where the program runs: container, EC2 instance |
//!
//! `provider` is what each of them gives, of the types in `types`. `role` assumes roles through the `cache` on disk, by
//! calls to STS (`sts`) by way of `service`, whose requests `sigv4` signs; `document` reads responses and files by the
//! tables of `model`; `mfa` prompts the user; `expiry` reads dates.
//!
//! No provider of aws-config serves: each differs from v1 in what it reads, keeps on disk, repeats or trusts; of that
//! package the region of a credential scope is used.
//!
//! v1 looks for credentials when it makes its client ([`load`]) and fetches those that need a call when it signs
//! ([`Provider::fetch`]), after the parameters are checked: the order of errors follows from that (CFG-74).

mod assume_role;
mod cache;
mod container;
mod document;
mod dpop;
mod env;
mod expiry;
mod imds;
mod legacy_files;
mod login;
mod mfa;
mod process;
mod provider;
mod role;
mod service;
pub(crate) mod sigv4;
mod sso;
mod sso_token;
mod static_keys;
mod sts;
mod types;
mod web_identity;

pub(crate) use imds::fetch_instance_region;
pub(crate) use provider::{Context, Provider, Signer};
pub(crate) use types::Credentials;

use crate::cli::Globals;
use crate::error::Error;
use crate::session::Config;
use types::ProfileUse;

/// A provider of the chain, by the name that `--debug` shows: credentials, or `None` where it has none.
type ProviderEntry<'a> = (&'static str, &'a dyn Fn() -> Result<Option<Provider>, Error>);

/// Returns the first credentials of the chain; `None` where no provider has any, which is an error once a request is
/// signed, and under `--no-sign-request`, where none is called.
/// Errors: those of the first provider that has credentials and cannot give them: no later one is called. An
/// `sso-session` of the chosen profile that does not exist, whoever gives the credentials.
/// v1: `create_credential_resolver`, `CredentialResolver.load_credentials`.
/// Parity: CRED-02, CRED-03, CRED-04, CRED-13, CRED-64.
pub(crate) fn load(config: &Config<'_>, globals: &Globals) -> Result<Option<Provider>, Error> {
    let found = if globals.no_sign_request { None } else { chain(config)? };
    sso_token::check(config)?;
    Ok(found)
}

/// Runs the providers in v1's order.
fn chain(config: &Config<'_>) -> Result<Option<Provider>, Error> {
    let host = config.host;
    let name = config.profile_name().filter(|name| !name.is_empty()).unwrap_or("default");
    let load_source = |name: &str| load_profile(config, name, ProfileUse::SourceProfile);
    first(&[
        ("env", &|| if config.profile_typed() { Ok(None) } else { env::load(host) }),
        ("assume-role", &|| assume_role::load(config, name, &load_source)),
        ("profile", &|| load_profile(config, name, ProfileUse::Selected)),
        ("ec2-credentials-file", &|| legacy_files::credential_file(host)),
        ("boto-config", &|| legacy_files::boto(host)),
        ("container-role", &|| container::load(host)),
        ("iam-role", &|| imds::load(config)),
    ])
}

/// Runs the providers that read the profile `name`.
/// v1: `ProfileProviderBuilder.providers`. Parity: CRED-02, CRED-31, CRED-53.
fn load_profile(config: &Config<'_>, name: &str, purpose: ProfileUse) -> Result<Option<Provider>, Error> {
    let (shared, own) = (config.credentials_file().get(name), config.config_file().profiles.get(name));
    first(&[
        ("assume-role-with-web-identity", &|| web_identity::load(config, name, purpose)),
        ("sso", &|| sso::load(config, name)),
        ("shared-credentials-file", &|| static_keys::load(shared, "shared-credentials-file")),
        ("login", &|| login::load(config, name)),
        ("custom-process", &|| process::load(config, name)),
        ("config-file", &|| static_keys::load(own, "config-file")),
    ])
}

/// Returns the first credentials, or the error before them.
fn first(providers: &[ProviderEntry<'_>]) -> Result<Option<Provider>, Error> {
    let found = providers.iter().find_map(|(name, load)| {
        tracing::debug!("Looking for credentials via: {name}");
        load().transpose()
    });
    found.transpose()
}

/// Reads a response of STS.
#[cfg(fuzzing)]
pub fn read_xml(text: &str) {
    let response = document::parse_xml(text);
    let _ = response.map(|response| document::text(response.root_element()));
}
