//! What a link of the chain finds: credentials, or what it takes to get them. Mirrors `RefreshableCredentials` in
//! `botocore/credentials.py`.

use std::cell::{Cell, RefCell};

use super::role::Role;
use super::sso::SsoRole;
use super::{Credentials, Expiry, container, expiry, imds, login, process};
use crate::cli::Globals;
use crate::error::{Error, failure};
use crate::session::Config;

/// What a source that calls a service needs to know.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context<'a> {
    /// Files and environment.
    pub config: &'a Config<'a>,
    /// Global options: some reach the other services too (CRED-23).
    pub globals: &'a Globals,
    /// Set by an answer that holds a timestamp, which `--v2-debug` has a note on.
    pub dated: &'a Cell<bool>,
}

/// Credentials, or what it takes to get them.
#[derive(Debug)]
pub(crate) struct Provider(Keys);

/// Credentials, or where they come from.
#[derive(Debug)]
enum Keys {
    /// Keys that do not end.
    Static(Credentials),
    /// Keys that end: their source, and what it gave last.
    Refreshable(RefreshSource, RefCell<Option<ExpiringCredentials>>),
}

/// Keys and their end.
pub(super) type ExpiringCredentials = (Credentials, Expiry);

/// Where keys that end come from.
#[derive(Debug)]
pub(super) enum RefreshSource {
    /// The environment, which holds the same as before.
    Environment,
    /// A program.
    Process(String),
    /// The endpoint at this URL.
    Container(String),
    /// The instance.
    Instance,
    /// The login session of this name.
    Login(String),
    /// A role, and whose keys take it; a web identity has none.
    Role(Box<Role>, Option<Box<Provider>>),
    /// A role that single sign-on gives.
    Sso(Box<SsoRole>),
}

impl Provider {
    /// Keys that do not end.
    pub(super) fn known(credentials: Credentials) -> Self {
        Self(Keys::Static(credentials))
    }

    /// Keys that end, got already.
    pub(super) fn ending(held: ExpiringCredentials, source: RefreshSource) -> Self {
        Self(Keys::Refreshable(source, RefCell::new(Some(held))))
    }

    /// Keys that are got when they are first needed.
    pub(super) fn deferred(source: RefreshSource) -> Self {
        Self(Keys::Refreshable(source, RefCell::default()))
    }

    /// The credentials to sign with now; those that end within a quarter of an hour are got again first.
    ///
    /// # Errors
    /// Those of the source, unless what it gave before lasts a while; credentials that are past their end even when
    /// they are new.
    ///
    /// v1: `RefreshableCredentials.get_frozen_credentials`. Parity: CRED-07, CRED-26, CRED-72.
    pub(crate) async fn fetch(&self, context: &Context<'_>) -> Result<Credentials, Error> {
        let (source, held) = match &self.0 {
            Keys::Static(credentials) => return Ok(credentials.clone()),
            Keys::Refreshable(source, held) => (source, held),
        };
        let before = held.borrow().clone();
        let left = match &before {
            Some((_, expiry)) => expiry.remaining(context.config.host.now())?,
            None => i64::MIN,
        };
        match (source, before, Refresh::of(left)) {
            (_, Some((credentials, _)), Refresh::Unneeded) => Ok(credentials),
            (RefreshSource::Environment, Some(same), _) => unless_ended(same, context),
            (source, before, refresh) => match (source.get(context).await, before) {
                (Ok(new), _) => {
                    held.replace(Some(new.clone()));
                    unless_ended(new, context)
                }
                (Err(_), Some((credentials, _))) if refresh == Refresh::Advisory => Ok(credentials),
                (Err(error), _) => Err(error),
            },
        }
    }
}

/// Whether credentials are fetched again before they are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refresh {
    /// They last.
    Unneeded,
    /// They are, but a failure is no error.
    Advisory,
    /// They are.
    Mandatory,
}

impl Refresh {
    /// Returns what credentials need that end in so many whole seconds.
    ///
    /// v1: `RefreshableCredentials._refresh`. Parity: CRED-26, CRED-72, `login/advisory-failure`.
    fn of(left: i64) -> Self {
        match left {
            expiry::ADVISORY_REFRESH_TIMEOUT.. => Self::Unneeded,
            expiry::MANDATORY_REFRESH_TIMEOUT.. => Self::Advisory,
            _ => Self::Mandatory,
        }
    }
}

impl RefreshSource {
    /// Keys of now and their end.
    async fn get(&self, context: &Context<'_>) -> Result<ExpiringCredentials, Error> {
        match self {
            Self::Environment => Err(failure!("'access_key'")),
            Self::Process(line) => {
                let (credentials, expiry) = process::run(line, context.config.host).await?;
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
            Self::Role(role, source) => role.fetch(context, source.as_deref()).await,
            Self::Sso(sso) => sso.fetch(context).await,
        }
    }
}

/// New credentials, unless they have ended already.
fn unless_ended(
    (credentials, expiry): ExpiringCredentials,
    context: &Context<'_>,
) -> Result<Credentials, Error> {
    if expiry.remaining(context.config.host.now())? < 0 {
        return Err(failure!("Credentials were refreshed, but the refreshed credentials are still expired."));
    }
    Ok(credentials)
}

/// What the attempts of a request are signed with: each asks anew, since keys may end while v1 waits.
#[derive(Debug)]
pub(crate) struct Signer<'a> {
    /// Who gives the keys.
    provider: Provider,
    /// What it needs to know.
    context: Context<'a>,
    /// The keys of the last attempt.
    credentials: Credentials,
    /// True until the first attempt.
    unused: bool,
}

impl<'a> Signer<'a> {
    /// The keys for the first attempt.
    ///
    /// # Errors
    /// Those of [`Provider::fetch`].
    pub(crate) async fn new(provider: Provider, context: Context<'a>) -> Result<Self, Error> {
        let credentials = provider.fetch(&context).await?;
        Ok(Self { provider, context, credentials, unused: true })
    }

    /// Returns the keys of the next attempt.
    ///
    /// # Errors
    /// Those of [`Provider::fetch`].
    ///
    /// v1: `RequestSigner.sign`. Parity: RETRY-08, CRED-26, CRED-72.
    pub(crate) async fn current(&mut self) -> Result<&Credentials, Error> {
        if !std::mem::take(&mut self.unused) {
            self.credentials = self.provider.fetch(&self.context).await?;
        }
        Ok(&self.credentials)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_windows_of_a_refresh_end_at_the_second() {
        for (left, expected) in [
            (901, Refresh::Unneeded),
            (900, Refresh::Unneeded),
            (899, Refresh::Advisory),
            (600, Refresh::Advisory),
            (599, Refresh::Mandatory),
            (0, Refresh::Mandatory),
            (i64::MIN, Refresh::Mandatory),
        ] {
            assert_eq!(Refresh::of(left), expected, "{left}");
        }
    }
}
