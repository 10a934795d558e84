//! The result of a provider of the chain: credentials, or a source that refreshes them. Mirrors
//! `RefreshableCredentials` in `botocore/credentials.py`.

use std::cell::RefCell;
use std::fmt;
use std::pin::Pin;

use super::expiry::{ADVISORY_REFRESH_TIMEOUT, Expiry, MANDATORY_REFRESH_TIMEOUT};
use crate::cli::Globals;
use crate::error::{Error, failure};
use crate::http::members::no_object;
use crate::python::{Dict, Value, repr};
use crate::session::imds::ImdsSettings;
use crate::session::{Config, TimestampFormat};

/// Credentials and their expiry.
pub(super) type ExpiringCredentials = (Credentials, Expiry);

/// The keys with which requests are signed.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Credentials {
    pub access_key_id: String,
    pub secret_access_key: String,
    pub session_token: Option<String>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Credentials(redacted)")
    }
}

impl Credentials {
    /// Returns credentials without a session token where it is empty (CRED-09).
    pub(super) fn new(access_key_id: &str, secret_access_key: &str, token: Option<&str>) -> Self {
        Self {
            access_key_id: access_key_id.to_owned(),
            secret_access_key: secret_access_key.to_owned(),
            session_token: token.filter(|token| !token.is_empty()).map(str::to_owned),
        }
    }

    /// Returns the keys and the token of a document or file; a token of null or nothing is none.
    /// Errors: key id or token are no text, over which v1 stumbles when it signs (D1).
    pub(super) fn from_values(id: &Value, secret: &Value, token: Option<&Value>) -> Result<Self, Error> {
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
}

/// The settings with which a source calls its service.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    pub config: &'a Config<'a>,
    /// Global options: some reach the other services too (CRED-23).
    pub globals: &'a Globals,
    pub imds: Option<&'a ImdsSettings>,
    /// The region of the instance, where the session knows it.
    pub instance_region: Option<&'a str>,
    /// How the timestamps of responses are spelled.
    pub timestamps: TimestampFormat,
    /// True once a response held a timestamp, which `--v2-debug` has a note on.
    pub has_timestamp: bool,
}

pub(crate) enum Provider {
    Static(Credentials),
    /// Credentials that expire: their source, and the last ones that it gave.
    Refreshable(Box<dyn RefreshSource>, RefCell<Option<ExpiringCredentials>>),
}

/// A source of credentials that expire.
pub(crate) trait RefreshSource {
    fn refresh<'a>(&'a self, context: &'a mut Context<'_>) -> Refreshing<'a>;
}

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
    /// Errors: those of the source, unless the credentials before last ten minutes; new ones that have expired.
    /// v1: `RefreshableCredentials._refresh`. Parity: CRED-26, CRED-72, `login/advisory-failure`.
    pub(crate) async fn fetch(&self, context: &mut Context<'_>) -> Result<Credentials, Error> {
        let (source, held) = match self {
            Self::Static(credentials) => return Ok(credentials.clone()),
            Self::Refreshable(source, held) => (source, held),
        };
        let host = context.config.host;
        let before = held.borrow().clone();
        let left = before.as_ref().map_or(Ok(i64::MIN), |(_, expiry)| expiry.remaining(host))?;
        let lasting =
            |timeout| before.clone().filter(|_| left >= timeout).map(|(credentials, _)| credentials);
        if let Some(credentials) = lasting(ADVISORY_REFRESH_TIMEOUT) {
            return Ok(credentials);
        }
        let (credentials, expiry) = match source.refresh(context).await {
            Ok(refreshed) => refreshed,
            Err(error) => return lasting(MANDATORY_REFRESH_TIMEOUT).ok_or(error),
        };
        held.replace(Some((credentials.clone(), expiry)));
        if expiry.remaining(host)? < 0 {
            return Err(failure!(
                "Credentials were refreshed, but the refreshed credentials are still expired."
            ));
        }
        Ok(credentials)
    }
}

/// The credentials of the attempts of a request: each attempt fetches them, since they may expire while v1 waits.
pub(crate) struct Signer<'a> {
    provider: Provider,
    context: Context<'a>,
    /// The credentials of the next attempt, where they were fetched ahead of it.
    fetched: Option<Credentials>,
}

impl<'a> Signer<'a> {
    pub(crate) fn new(provider: Provider, context: Context<'a>) -> Self {
        Self { provider, context, fetched: None }
    }

    pub(crate) fn has_timestamp(&self) -> bool {
        self.context.has_timestamp
    }

    /// Fetches the credentials of the next attempt ahead of it.
    pub(crate) async fn fetch(&mut self) -> Result<(), Error> {
        self.fetched = Some(self.current().await?);
        Ok(())
    }

    /// Returns the credentials of the next attempt.
    /// v1: `RequestSigner.sign`. Parity: RETRY-08, CRED-26, CRED-72.
    pub(crate) async fn current(&mut self) -> Result<Credentials, Error> {
        match self.fetched.take() {
            Some(credentials) => Ok(credentials),
            None => self.provider.fetch(&mut self.context).await,
        }
    }
}

/// Returns the members of an object, which the thing called `name` is to be.
/// Errors: it is none, over which v1 stumbles in various words (D1).
pub(super) fn object<'v>(value: &'v Value, name: &str) -> Result<&'v Dict, Error> {
    match value {
        Value::Dict(members) => Ok(members),
        other => Err(no_object(name, other)),
    }
}

pub(super) fn structure<'v>(members: &'v Dict, name: &str) -> Result<&'v Dict, Error> {
    object(member(members, name)?, &format!("member {name}"))
}

/// Returns the member `name`.
/// Errors: its quoted name where it is missing, which is all that v1 says.
pub(super) fn member<'v>(members: &'v Dict, name: &str) -> Result<&'v Value, Error> {
    members.get(name).ok_or_else(|| failure!("'{name}'"))
}

/// Returns the credentials in `members` under the names of id, secret, token and expiry.
/// Errors: the quoted name of the member that is missing; keys that are no text; an expiry that is no date.
/// Parity: CRED-27, CRED-80, CRED-93.
pub(super) fn credentials(members: &Dict, names: [&str; 4]) -> Result<ExpiringCredentials, Error> {
    let [id, secret, token, end] = names.map(|name| member(members, name));
    let credentials = Credentials::from_values(id?, secret?, Some(token?))?;
    Ok((credentials, Expiry::read(end?)?))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;
    use crate::host::Host;

    /// The second at which the clock of these tests stands.
    const NOW: i64 = 1_700_000_000;

    /// Returns credentials of this id that last so many seconds.
    fn lasting(id: &str, seconds: i64) -> ExpiringCredentials {
        (Credentials::new(id, "secret", None), Expiry::at(NOW + seconds).unwrap())
    }

    /// Fetches the id of the credentials of a provider that holds `held` and whose source gives `new`, or fails.
    fn fetch(held: Option<ExpiringCredentials>, new: Option<ExpiringCredentials>) -> Result<String, String> {
        let clock = || UNIX_EPOCH + Duration::from_secs(NOW.unsigned_abs());
        let host = Host { clock, ..Host::fake(&[("HOME", "/nowhere")]) };
        let config = Config::load(&host).unwrap();
        let globals = Globals::default();
        let mut context = Context {
            config: &config,
            globals: &globals,
            imds: None,
            instance_region: None,
            timestamps: TimestampFormat::Wire,
            has_timestamp: false,
        };
        let source = async move |_: &mut Context<'_>| new.clone().ok_or_else(|| failure!("failed"));
        let found = host.block_on(Provider::refreshable(held, source).fetch(&mut context)).unwrap();
        found.map(|credentials| credentials.access_key_id).map_err(|error| error.text().trim().to_owned())
    }

    #[test]
    fn new_credentials_may_end_at_this_second_but_not_before() {
        assert_eq!(fetch(None, Some(lasting("new", 0))).unwrap(), "new");
        let error = fetch(None, Some(lasting("new", -1))).unwrap_err();
        assert_eq!(error, "Credentials were refreshed, but the refreshed credentials are still expired.");
    }

    #[test]
    fn the_windows_of_a_refresh_end_at_the_second() {
        for (left, refreshed, failed) in [
            (901, "old", Ok("old")),
            (900, "old", Ok("old")),
            (899, "new", Ok("old")),
            (600, "new", Ok("old")),
            (599, "new", Err("failed")),
            (0, "new", Err("failed")),
            (-1, "new", Err("failed")),
        ] {
            let held = Some(lasting("old", left));
            assert_eq!(fetch(held.clone(), Some(lasting("new", 3600))).unwrap(), refreshed, "{left}");
            assert_eq!(fetch(held, None).as_deref(), failed.map_err(str::to_owned).as_deref(), "{left}");
        }
    }

    #[test]
    fn credentials_are_not_shown() {
        let credentials = Credentials::new("id", "secret", Some("token"));
        assert_eq!(format!("{credentials:?}"), "Credentials(redacted)");
    }
}
