//! The credential chain in v1's order, one file a provider. Mirrors `botocore/credentials.py`.
//!
//! | file | credentials from |
//! |---|---|
//! | `env` | the environment |
//! | `keys` | keys in the credentials file, in the config file |
//! | `elder` | files of elder tools: `AWS_CREDENTIAL_FILE`, boto's configuration |
//! | `process` | a program of the user's |
//!
//! `expiry` reads dates, `system` spells the system's refusals.
//!
//!
//! v1 looks for credentials when it makes its client ([`load`]) and fetches those that need a call when it signs
//! ([`Provider::fetch`]), after the parameters are checked: the order of errors follows from that (CFG-74).

mod elder;
mod env;
mod expiry;
mod keys;
mod process;
mod system;

use std::fmt;
use std::time::SystemTime;

pub use expiry::Expiry;

use crate::cli::Globals;
use crate::session::Config;
use crate::{Error, failure};

/// What a request is signed with.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
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
}

/// What a source that calls a service needs to know.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Files and environment.
    pub config: &'a Config<'a>,
    /// Global options: some reach the other services too (CRED-23).
    pub globals: &'a Globals,
}

/// What the chain found: credentials, or what it takes to get them.
#[derive(Debug)]
pub struct Provider<'c> {
    /// Where they come from.
    source: Source<'c>,
    /// Letters of the User-Agent's `m/` field that name the provider (WIRE-04).
    pub features: Vec<&'static str>,
}

/// Where credentials come from.
#[derive(Debug)]
enum Source<'c> {
    /// Keys that do not end.
    Known(Credentials),
    /// Keys that end, and how they are got again.
    Ending(Credentials, Expiry, Renewal<'c>),
}

/// How keys that end are got again.
#[derive(Debug)]
enum Renewal<'c> {
    /// The environment still holds the same.
    Same,
    /// The program is run again.
    Process(&'c str),
}

impl<'c> Provider<'c> {
    /// Keys that do not end.
    fn known(credentials: Credentials, features: &[&'static str]) -> Self {
        Self { source: Source::Known(credentials), features: features.to_vec() }
    }

    /// Keys that end.
    fn ending(found: (Credentials, Expiry), renewal: Renewal<'c>, features: &[&'static str]) -> Self {
        let (credentials, expiry) = found;
        Self { source: Source::Ending(credentials, expiry, renewal), features: features.to_vec() }
    }

    /// The credentials to sign with now; those that end within a quarter of an hour are got again first.
    ///
    /// # Errors
    /// Those of the source; credentials that are past their end even when they are new.
    ///
    /// v1: `RefreshableCredentials.get_frozen_credentials`. Parity: CRED-07, CRED-26, CRED-72.
    #[expect(clippy::unused_async, reason = "sources that call a service come next")]
    pub async fn fetch(&self, context: &Context<'_>) -> Result<Credentials, Error> {
        let host = context.config.host;
        match &self.source {
            Source::Known(credentials) => Ok(credentials.clone()),
            Source::Ending(credentials, expiry, renewal) => {
                let left = expiry.remaining(host.now())?;
                if left >= expiry::WINDOW {
                    return Ok(credentials.clone());
                }
                match renewal.run(credentials, *expiry) {
                    Ok(renewed) => unless_ended(renewed, host.now()),
                    Err(_) if left >= expiry::MANDATORY => Ok(credentials.clone()),
                    Err(error) => Err(error),
                }
            }
        }
    }
}

impl Renewal<'_> {
    /// Keys of now and their end.
    fn run(&self, credentials: &Credentials, expiry: Expiry) -> Result<(Credentials, Expiry), Error> {
        match self {
            Self::Same => Ok((credentials.clone(), expiry)),
            Self::Process(line) => {
                let (credentials, expiry) = process::run(line)?;
                let expiry = expiry
                    .ok_or_else(|| failure!("Parser must be a string or character stream, not NoneType"))?;
                Ok((credentials, expiry))
            }
        }
    }
}

/// New credentials, unless they have ended already.
fn unless_ended((credentials, expiry): (Credentials, Expiry), now: SystemTime) -> Result<Credentials, Error> {
    if expiry.remaining(now)? < 0 {
        return Err(failure!("Credentials were refreshed, but the refreshed credentials are still expired."));
    }
    Ok(credentials)
}

/// The first credentials of the chain; `None` where no link has any, which is an error once a request is signed.
///
/// # Errors
/// Those of the first link that has credentials and cannot give them: no later link is asked.
///
/// v1: `create_credential_resolver`, `CredentialResolver.load_credentials`. Parity: CRED-02, CRED-03, CRED-04.
pub fn load<'c>(config: &'c Config<'_>) -> Result<Option<Provider<'c>>, Error> {
    let name = config.profile_name().unwrap_or("default");
    if !config.profile_typed()
        && let Some(found) = env::load(config.host)?
    {
        return Ok(Some(found));
    }
    if let Some(found) = load_profile(config, name)? {
        return Ok(Some(found));
    }
    if let Some(found) = elder::credential_file(config.host)? {
        return Ok(Some(found));
    }
    elder::boto(config.host)
}

/// The first credentials of the links that read a profile; also the chain of a role's source profile.
///
/// v1: `ProfileProviderBuilder.providers`. Parity: CRED-02, CRED-31.
fn load_profile<'c>(config: &'c Config<'_>, name: &str) -> Result<Option<Provider<'c>>, Error> {
    if let Some(found) = keys::shared_file(config, name)? {
        return Ok(Some(found));
    }
    if let Some(found) = process::load(config, name)? {
        return Ok(Some(found));
    }
    keys::config_file(config, name)
}
