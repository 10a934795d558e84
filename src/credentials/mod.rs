//! The credential chain in v1's order, one file a provider. Mirrors `botocore/credentials.py`.
//!
//! | file | credentials from |
//! |---|---|
//! | `env` | the environment |
//! | `static_keys` | keys in the credentials file, in the config file |
//! | `legacy_files` | files of older tools: `AWS_CREDENTIAL_FILE`, boto's configuration |
//! | `process` | a program of the user's |
//! | `assume_role` | a role taken with the keys of another profile or source |
//! | `web_identity` | a role taken with a web identity's token |
//! | `sso`, `sso_token` | a role given by single sign-on |
//! | `login`, `dpop` | what `aws login` left behind |
//! | `container`, `imds` | where the program runs: container, EC2 instance |
//!
//! `provider` is what a link finds. `role` takes roles through the `cache` on disk, asking STS (`sts`) by way of
//! `service`, whose requests `sigv4` signs; `document` reads what services and files say by the tables of `model`;
//! `mfa` asks the user; `expiry` reads dates; `system` spells the system's refusals.
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
mod system;
mod web_identity;

use std::fmt;

pub(crate) use expiry::Expiry;
pub(crate) use imds::learn_region;
use provider::RefreshSource;
pub(crate) use provider::{Context, Provider, Signer};

use crate::cli::Globals;
use crate::error::{Error, failure};
use crate::python::{Value, repr, text};
use crate::session::Config;

/// What a request is signed with.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Credentials {
    /// Access key id.
    pub access_key_id: String,
    /// Secret access key.
    pub secret_access_key: String,
    /// Session token; `None` where there is none.
    pub session_token: Option<String>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Credentials(redacted)")
    }
}

impl Credentials {
    /// Keys and token; an empty token is none (CRED-09).
    fn new(access_key_id: &str, secret_access_key: &str, token: Option<&str>) -> Self {
        Self {
            access_key_id: access_key_id.to_owned(),
            secret_access_key: secret_access_key.to_owned(),
            session_token: token.filter(|token| !token.is_empty()).map(str::to_owned),
        }
    }

    /// Why no request can be signed with these; `None` where one can. v1 shows the value, which may be secret, or
    /// what Python stumbled over (D1); some control characters it even sends (D7).
    ///
    /// v1: `http.client.HTTPConnection.putheader`, `SigV4Auth.add_auth`. Parity: WIRE-02,
    /// `wire/unsendable/token-line-end`, `wire/unsendable/key-bytes`.
    pub(crate) fn refusal(&self) -> Option<String> {
        let is_control = |letter: char| letter != '\t' && letter.is_ascii_control();
        let is_half = |letter: char| text::surrogate(letter).is_some();
        let token = self.session_token.as_deref().unwrap_or_default();
        let rows = [
            ("session token", token.contains(is_control) || token.contains(is_half)),
            ("secret access key", self.secret_access_key.contains(is_half)),
            (
                "access key id",
                self.access_key_id.contains(is_control) || self.access_key_id.contains(is_half),
            ),
        ];
        let (name, _) = rows.into_iter().find(|(_, refused)| *refused)?;
        Some(format!("Invalid header value: the {name} has a character that cannot be sent"))
    }

    /// Returns the keys and the token of a document or file; a token of null or nothing is none.
    ///
    /// # Errors
    /// Key id or token are no text, over which v1 stumbles when it signs (D1).
    fn from_values(id: &Value, secret: &Value, token: Option<&Value>) -> Result<Self, Error> {
        let text = |name, value: &Value| {
            let found = value.as_str().map(str::to_owned);
            found.ok_or_else(|| failure!("The {name} of the credentials is no text"))
        };
        let token = token.filter(|token| !token.is_empty()).map(|token| text("session token", token));
        Ok(Self {
            access_key_id: text("access key id", id)?,
            secret_access_key: repr::str(secret),
            session_token: token.transpose()?,
        })
    }

    /// The session token as a header holds it: without blanks around it.
    pub(crate) fn token_value(&self) -> Option<&str> {
        self.session_token.as_deref().map(|token| token.trim_matches([' ', '\t']))
    }
}

/// A link of the chain, by the name that `--debug` shows: credentials, or `None` where it has none.
type ProviderEntry<'a> = (&'static str, &'a dyn Fn() -> Result<Option<Provider>, Error>);

/// The first credentials of the chain; `None` where no link has any, which is an error once a request is signed, and
/// under `--no-sign-request`, where none is asked.
///
/// # Errors
/// Those of the first link that has credentials and cannot give them: no later link is asked. An `sso-session` of the
/// chosen profile that does not exist, whoever gives the credentials.
///
/// v1: `create_credential_resolver`, `CredentialResolver.load_credentials`.
/// Parity: CRED-02, CRED-03, CRED-04, CRED-13, CRED-64.
pub(crate) fn load(config: &Config<'_>, globals: &Globals) -> Result<Option<Provider>, Error> {
    let found = if globals.no_sign_request { None } else { chain(config)? };
    sso_token::check(config)?;
    Ok(found)
}

/// The links in v1's order.
fn chain(config: &Config<'_>) -> Result<Option<Provider>, Error> {
    let host = config.host;
    let name = config.profile_name().filter(|name| !name.is_empty()).unwrap_or("default");
    first(&[
        ("env", &|| if config.profile_typed() { Ok(None) } else { env::load(host) }),
        ("assume-role", &|| assume_role::load(config, name)),
        ("profile", &|| load_profile(config, name, ProfileUse::Selected)),
        ("ec2-credentials-file", &|| legacy_files::credential_file(host)),
        ("boto-config", &|| legacy_files::boto(host)),
        ("container-role", &|| container::load(host)),
        ("iam-role", &|| imds::load(config)),
    ])
}

/// What a profile's credentials are wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ProfileUse {
    /// The profile was chosen: the environment counts unless it was typed, and roles are kept on disk.
    Selected,
    /// Another profile names it as its source.
    SourceProfile,
}

/// The first credentials of the links that read the profile `name`.
///
/// v1: `ProfileProviderBuilder.providers`. Parity: CRED-02, CRED-31, CRED-53.
fn load_profile(config: &Config<'_>, name: &str, wanted: ProfileUse) -> Result<Option<Provider>, Error> {
    first(&[
        ("assume-role-with-web-identity", &|| web_identity::load(config, name, wanted)),
        ("sso", &|| sso::load(config, name)),
        ("shared-credentials-file", &|| static_keys::shared_file(config, name)),
        ("login", &|| login::load(config, name)),
        ("custom-process", &|| process::load(config, name)),
        ("config-file", &|| static_keys::config_file(config, name)),
    ])
}

/// What the first link that has something has.
fn first(links: &[ProviderEntry<'_>]) -> Result<Option<Provider>, Error> {
    let asked = links.iter().find_map(|(name, link)| {
        tracing::debug!("Looking for credentials via: {name}");
        link().transpose()
    });
    asked.transpose()
}

/// Reads a response of STS.
#[cfg(fuzzing)]
pub(crate) fn read_xml(text: &str) {
    let response = document::parse_xml(text);
    let _ = response.map(|response| document::text(response.root_element()));
}
