//! What a link of the chain finds: credentials, or what it takes to get them. Mirrors `RefreshableCredentials` in
//! `botocore/credentials.py`.

use std::time::SystemTime;

use super::role::Role;
use super::sso::Sso;
use super::{Credentials, Expiry, container, expiry, imds, login, process};
use crate::cli::Globals;
use crate::session::Config;
use crate::{Error, failure};

/// What a source that calls a service needs to know.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Files and environment.
    pub config: &'a Config<'a>,
    /// Global options: some reach the other services too (CRED-23).
    pub globals: &'a Globals,
}

/// Credentials, or what it takes to get them.
#[derive(Debug)]
pub struct Provider(pub(super) Source);

/// Where credentials come from.
#[derive(Debug)]
pub(super) enum Source {
    /// Keys that do not end.
    Known(Credentials),
    /// Keys that end, and how they are got again.
    Ending(Credentials, Expiry, Renewal),
    /// A role, and whose keys take it; a web identity has none.
    Role(Role, Option<Box<Provider>>),
    /// A role that single sign-on gives.
    Sso(Sso),
}

/// How keys that end are got again.
#[derive(Debug)]
pub(super) enum Renewal {
    /// The environment still holds the same.
    Same,
    /// The program is run again.
    Process(String),
    /// The endpoint at this URL is asked again.
    Container(String),
    /// The instance is asked again.
    Instance,
    /// The login session of this name is renewed.
    Login(String),
}

impl Provider {
    /// Keys that do not end.
    pub(super) fn known(credentials: Credentials) -> Self {
        Self(Source::Known(credentials))
    }

    /// Keys that end.
    pub(super) fn ending((credentials, expiry): (Credentials, Expiry), renewal: Renewal) -> Self {
        Self(Source::Ending(credentials, expiry, renewal))
    }

    /// The credentials to sign with now; those that end within a quarter of an hour are got again first.
    ///
    /// # Errors
    /// Those of the source; credentials that are past their end even when they are new.
    ///
    /// v1: `RefreshableCredentials.get_frozen_credentials`. Parity: CRED-07, CRED-26, CRED-72.
    pub async fn fetch(&self, context: &Context<'_>) -> Result<Credentials, Error> {
        let now = || context.config.host.now();
        match &self.0 {
            Source::Known(credentials) => Ok(credentials.clone()),
            Source::Role(role, source) => unless_ended(role.fetch(context, source.as_deref()).await?, now()),
            Source::Sso(sso) => unless_ended(sso.fetch(context).await?, now()),
            Source::Ending(credentials, expiry, renewal) => {
                let left = expiry.remaining(now())?;
                if left >= expiry::WINDOW {
                    return Ok(credentials.clone());
                }
                match renewal.run(context, credentials, *expiry).await {
                    Ok(renewed) => unless_ended(renewed, now()),
                    Err(_) if left >= expiry::MANDATORY => Ok(credentials.clone()),
                    Err(error) => Err(error),
                }
            }
        }
    }
}

impl Renewal {
    /// Keys of now and their end.
    async fn run(
        &self,
        context: &Context<'_>,
        credentials: &Credentials,
        expiry: Expiry,
    ) -> Result<(Credentials, Expiry), Error> {
        match self {
            Self::Same => Ok((credentials.clone(), expiry)),
            Self::Process(line) => {
                let (credentials, expiry) = process::run(line)?;
                let no_date = || failure!("Parser must be a string or character stream, not NoneType");
                Ok((credentials, expiry.ok_or_else(no_date)?))
            }
            Self::Container(url) => container::fetch(context.config.host, url).await,
            Self::Login(session) => login::renew(context, session).await,
            Self::Instance => imds::fetch(context.config).await?.ok_or_else(|| {
                failure!(
                    "Error when retrieving credentials from iam-role: Credential refresh failed, response did not \
                     contain: access_key, secret_key, token, expiry_time"
                )
            }),
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
