//! The result of a provider of the chain: credentials, or a source that refreshes them. Mirrors
//! `RefreshableCredentials` in `botocore/credentials.py`.

use std::cell::RefCell;
use std::pin::Pin;

use super::expiry;
use super::types::{Credentials, ExpiringCredentials};
use crate::cli::Globals;
use crate::error::{Error, failure};
use crate::session::{Config, TimestampFormat};

/// The settings with which a source calls its service.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    /// Files and environment.
    pub config: &'a Config<'a>,
    /// Global options: some reach the other services too (CRED-23).
    pub globals: &'a Globals,
    /// The region of the instance, where the session knows it.
    pub instance_region: Option<&'a str>,
    /// How the timestamps of responses are spelled.
    pub timestamps: TimestampFormat,
    /// True once a response held a timestamp, which `--v2-debug` has a note on.
    pub has_timestamp: bool,
}

/// Credentials, or a source that refreshes them.
pub(crate) enum Provider {
    /// Credentials that do not expire.
    Static(Credentials),
    /// Credentials that expire: their source, and the last ones that it gave.
    Refreshable(Box<dyn RefreshSource>, RefCell<Option<ExpiringCredentials>>),
}

/// A source of credentials that expire.
pub(crate) trait RefreshSource {
    /// Gets new credentials and their expiry.
    fn refresh<'a>(&'a self, context: &'a mut Context<'_>) -> Refreshing<'a>;
}

/// Credentials that are being fetched.
type Refreshing<'a> = Pin<Box<dyn Future<Output = Result<ExpiringCredentials, Error>> + 'a>>;

impl<F: AsyncFn(&mut Context<'_>) -> Result<ExpiringCredentials, Error>> RefreshSource for F {
    fn refresh<'a>(&'a self, context: &'a mut Context<'_>) -> Refreshing<'a> {
        Box::pin(self(context))
    }
}

impl Provider {
    /// Returns a provider of credentials that expire; those that are not `held` are fetched when they are first needed.
    pub(super) fn refreshable(
        held: Option<ExpiringCredentials>,
        source: impl AsyncFn(&mut Context<'_>) -> Result<ExpiringCredentials, Error> + 'static,
    ) -> Self {
        Self::Refreshable(Box::new(source), RefCell::new(held))
    }

    /// Returns the credentials to sign with now, refreshed where they expire within a quarter of an hour.
    /// Errors: those of the source, unless the credentials before last a while; new credentials that have expired
    /// already.
    /// v1: `RefreshableCredentials.get_frozen_credentials`. Parity: CRED-07, CRED-26, CRED-72.
    pub(crate) async fn fetch(&self, context: &mut Context<'_>) -> Result<Credentials, Error> {
        let (source, held) = match self {
            Self::Static(credentials) => return Ok(credentials.clone()),
            Self::Refreshable(source, held) => (source, held),
        };
        let host = context.config.host;
        let before = held.borrow().clone();
        let left = match &before {
            Some((_, expiry)) => expiry.remaining(host.now())?,
            None => i64::MIN,
        };
        match (before, Refresh::of(left)) {
            (Some((credentials, _)), Refresh::Unneeded) => Ok(credentials),
            (before, refresh) => match (source.refresh(context).await, before) {
                (Ok((credentials, expiry)), _) => {
                    held.replace(Some((credentials.clone(), expiry)));
                    let is_past = expiry.remaining(host.now())? < 0;
                    let expired =
                        "Credentials were refreshed, but the refreshed credentials are still expired.";
                    if is_past { Err(failure!("{expired}")) } else { Ok(credentials) }
                }
                (Err(_), Some((credentials, _))) if refresh == Refresh::Advisory => Ok(credentials),
                (Err(error), _) => Err(error),
            },
        }
    }
}

/// The need of credentials to be refreshed before they are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refresh {
    /// They last.
    Unneeded,
    /// They are refreshed, but a failure is no error.
    Advisory,
    /// They are refreshed.
    Mandatory,
}

impl Refresh {
    /// Returns the need of credentials that expire in so many whole seconds.
    /// v1: `RefreshableCredentials._refresh`. Parity: CRED-26, CRED-72, `login/advisory-failure`.
    fn of(left: i64) -> Self {
        match left {
            expiry::ADVISORY_REFRESH_TIMEOUT.. => Self::Unneeded,
            expiry::MANDATORY_REFRESH_TIMEOUT.. => Self::Advisory,
            _ => Self::Mandatory,
        }
    }
}

/// The credentials of the attempts of a request: each attempt fetches them, since they may expire while v1 waits.
pub(crate) struct Signer<'a> {
    /// Their provider.
    provider: Provider,
    /// What it is called with.
    context: Context<'a>,
    /// The credentials of the next attempt, where they were fetched ahead of it.
    fetched: Option<Credentials>,
}

impl<'a> Signer<'a> {
    /// Returns a signer that has not fetched anything yet.
    pub(crate) fn new(provider: Provider, context: Context<'a>) -> Self {
        Self { provider, context, fetched: None }
    }

    /// Returns true once a response held a timestamp.
    pub(crate) fn has_timestamp(&self) -> bool {
        self.context.has_timestamp
    }

    /// Fetches the credentials of the next attempt.
    /// Errors: those of [`Provider::fetch`].
    pub(crate) async fn fetch(&mut self) -> Result<(), Error> {
        if self.fetched.is_none() {
            self.fetched = Some(self.provider.fetch(&mut self.context).await?);
        }
        Ok(())
    }

    /// Returns the credentials of the next attempt.
    /// Errors: those of [`Provider::fetch`].
    /// v1: `RequestSigner.sign`. Parity: RETRY-08, CRED-26, CRED-72.
    pub(crate) async fn current(&mut self) -> Result<Credentials, Error> {
        match self.fetched.take() {
            Some(credentials) => Ok(credentials),
            None => self.provider.fetch(&mut self.context).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;
    use crate::host::Host;

    /// The second at which the clock of these tests stands.
    const NOW: i64 = 1_700_000_000;

    /// Fetches the credentials of a source whose credentials last so many seconds.
    fn fetch(seconds: i64) -> Result<Credentials, Error> {
        let clock = || UNIX_EPOCH + Duration::from_secs(NOW.unsigned_abs());
        let host = Host { clock, ..Host::fake(&[("HOME", "/nowhere")]) };
        let config = Config::load(&host).unwrap();
        let (globals, timestamps) = (Globals::default(), TimestampFormat::Wire);
        let (config, globals) = (&config, &globals);
        let mut context =
            Context { config, globals, instance_region: None, timestamps, has_timestamp: false };
        let source = async move |_: &mut Context<'_>| {
            Ok((Credentials::new("id", "secret", None), super::expiry::Expiry::at(NOW + seconds)))
        };
        host.block_on(Provider::refreshable(None, source).fetch(&mut context))?
    }

    #[test]
    fn new_credentials_may_end_at_this_second_but_not_before() {
        assert_eq!(fetch(0).unwrap().access_key_id, "id");
        let error = fetch(-1).unwrap_err().text();
        assert!(error.contains("the refreshed credentials are still expired"), "{error}");
    }

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
