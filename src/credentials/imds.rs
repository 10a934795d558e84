//! The role of an EC2 instance: almost every failure only means that there are no credentials here. Mirrors
//! `InstanceMetadataProvider` in `botocore/credentials.py` and `InstanceMetadataFetcher` in `botocore/utils.py`.

use std::time::Duration;

use super::expiry::{self, Expiry};
use super::provider::{ExpiringCredentials, Provider, credentials, member};
use crate::error::{Error, failure};
use crate::host::Host;
use crate::http::Cause::{Closed, ConnectFailed, ConnectTimeout, ReadTimeout};
use crate::http::{self, Cause, Client, Request, Response, Settings, Url};
use crate::product;
use crate::python::{Dict, JsonError, Value, json, text};
use crate::session::imds::ImdsSettings;
use crate::session::{Config, client};

/// Path of the token of version 2.
const TOKEN: &str = "latest/api/token";
/// Path of the name of the role, and before it of the credentials.
const ROLE: &str = "latest/meta-data/iam/security-credentials/";
/// The members of credentials, all required.
const FIELDS: [&str; 4] = ["AccessKeyId", "SecretAccessKey", "Token", "Expiration"];
/// The least time that credentials are used for, whatever their date says, in seconds: v1 adds 2 to 10 minutes to
/// the window, so that no refresh follows.
const EXTENSION: i64 = expiry::ADVISORY_REFRESH_TIMEOUT + 2 * 60;

/// Returns the credentials of the instance's role; `None` where there are none.
/// Errors: a proxy or a certificate that refuses, version 1 needed but forbidden, a date that is none.
/// v1: `InstanceMetadataProvider.load`. Parity: CRED-90, CRED-91, CRED-94.
pub(super) fn load(host: &Host, settings: Option<&ImdsSettings>) -> Result<Option<Provider>, Error> {
    let Some(settings) = settings.filter(|_| !is_disabled(host)).cloned() else { return Ok(None) };
    let Some(held) = host.block_on(fetch(host, &settings))?? else { return Ok(None) };
    Ok(Some(Provider::refreshable(Some(held), async move |context| {
        fetch(context.config.host, &settings).await?.ok_or_else(|| {
            failure!(
                "Error when retrieving credentials from iam-role: Credential refresh failed, response did not contain: \
                 access_key, secret_key, token, expiry_time"
            )
        })
    })))
}

fn is_disabled(host: &Host) -> bool {
    host.env("AWS_EC2_METADATA_DISABLED").is_some_and(text::is_true)
}

/// Fetches the instance's region where `defaults_mode = auto` needs it and the environment does not name it; a failure
/// is no error.
/// v1: `InstanceMetadataRegionFetcher.retrieve_region`. Parity: CFG-53.
pub(crate) async fn fetch_instance_region(
    config: &Config<'_>,
    settings: Option<&ImdsSettings>,
) -> Option<String> {
    if !client::needs_instance_region(config) || is_disabled(config.host) {
        return None;
    }
    let client = MetadataClient::new(config.host, settings?).await.ok()??;
    let mut zone = client.get("latest/meta-data/placement/availability-zone/", |_| true).await.ok()??;
    zone.pop()?; // a zone is its region and a letter
    Some(zone).filter(|region| !region.is_empty())
}

/// Fetches the credentials; `None` where there are none.
/// v1: `InstanceMetadataFetcher.retrieve_iam_role_credentials`. Parity: CRED-90, CRED-92, CRED-93.
async fn fetch(host: &Host, settings: &ImdsSettings) -> Result<Option<ExpiringCredentials>, Error> {
    let Some(client) = MetadataClient::new(host, settings).await? else { return Ok(None) };
    let Some(role) = client.get(ROLE, |_| true).await? else { return Ok(None) };
    let is_json = |text: &str| !matches!(json::decode(text), Err(JsonError::Invalid(_)));
    let Some(document) = client.get(&format!("{ROLE}{role}"), is_json).await? else { return Ok(None) };
    let found = match json::decode(&document)? {
        Value::Dict(found) => found,
        Value::List(_) | Value::Str(_) => return Ok(None),
        other => return Err(failure!("argument of type '{}' is not iterable", other.type_name())),
    };
    let is_complete = FIELDS.iter().all(|field| found.get(field).is_some());
    is_complete.then(|| read(found, host)).transpose()
}

/// Returns the credentials in the service's response; those that end soon are used for a while more.
/// v1: `InstanceMetadataFetcher._evaluate_expiration`. Parity: CRED-93, `instance/shapes/role-line-end`.
fn read(mut found: Dict, host: &Host) -> Result<ExpiringCredentials, Error> {
    let date = member(&found, "Expiration")?;
    if !matches!(date, Value::Str(_) | Value::None) {
        return Err(failure!("strptime() argument 1 must be str, not {}", date.type_name()));
    }
    let expiry = Expiry::read(date)?;
    if date.as_str() == Some(&expiry.to_utc()) && expiry.remaining(host)? < EXTENSION {
        found.insert("Expiration", Expiry::at(host.epoch() + EXTENSION)?.to_utc().into());
    }
    credentials(&found, FIELDS)
}

struct MetadataClient<'s> {
    host: &'s Host,
    settings: &'s ImdsSettings,
    http: Client,
    /// The token of version 2; `None` for version 1.
    token: Option<String>,
}

impl<'s> MetadataClient<'s> {
    /// Returns a client that uses the proxy of the environment, with a token of version 2 where the service gives one;
    /// `None` where there is no service.
    /// v1: `IMDSFetcher._fetch_metadata_token`. Parity: CRED-91.
    async fn new(host: &'s Host, settings: &'s ImdsSettings) -> Result<Option<Self>, Error> {
        let timeout = u64::try_from(settings.timeout).ok().map(Duration::from_secs);
        let proxy = http::Proxy::from_environment(&settings.url, host);
        let network = Settings { proxy, ..Settings::plain(timeout, host) };
        let mut client = Self { host, settings, http: Client::new(network), token: None };
        let request =
            client.request("PUT", TOKEN, Some(("x-aws-ec2-metadata-token-ttl-seconds", "21600")))?;
        let request = request.header("Content-Length", "0");
        for _ in 0..settings.attempts {
            match client.http.send(&request).await {
                Ok(Response { status: 403..=405, .. }) | Err(http::Error { cause: ReadTimeout, .. }) => break,
                Ok(Response { status: 400, .. }) => return Ok(None),
                Ok(response) if response.status == 200 => {
                    client.token = Some(response.text()?);
                    break;
                }
                Ok(_) => {}
                Err(error) => check_retried(error)?,
            }
        }
        Ok(Some(client))
    }

    /// Fetches the text at `path`; `None` where no attempt gives one that is `good`.
    /// v1: `IMDSFetcher._get_request`. Parity: CRED-90, CRED-91, CRED-92.
    async fn get(&self, path: &str, good: impl Fn(&str) -> bool) -> Result<Option<String>, Error> {
        let token = self.token.as_deref();
        if self.settings.v1_disabled && token.is_none_or(str::is_empty) {
            return Err(failure!(
                "Error retrieving metadata: Unable to retrieve token for use in IMDSv2 call and IMDSv1 has been \
                 disabled"
            ));
        }
        let request = self.request("GET", path, token.map(|token| ("x-aws-ec2-metadata-token", token)))?;
        for _ in 0..self.settings.attempts {
            match self.http.send(&request).await {
                Ok(response) if response.status == 200 && !response.body.is_empty() => {
                    match response.text() {
                        Ok(text) if good(&text) => return Ok(Some(text)),
                        Err(error) if path == ROLE => return Err(error),
                        _ => {}
                    }
                }
                Ok(_) => {}
                Err(error) => check_retried(error)?,
            }
        }
        Ok(None)
    }

    /// Builds a request.
    /// Errors: a timeout that is none; a role's name that makes no URL.
    fn request(
        &self,
        method: &'static str,
        path: &str,
        header: Option<(&str, &str)>,
    ) -> Result<Request<'static>, Error> {
        let seconds = self.settings.timeout;
        if seconds <= 0 {
            return Err(failure!(
                "An HTTP Client raised an unhandled exception: Attempted to set connect timeout to {seconds}, but the \
                 timeout cannot be set to a value less than or equal to 0."
            ));
        }
        let text = format!("{}/{path}", self.settings.url.strip_suffix('/').unwrap_or(&self.settings.url));
        // as Python's reader of URLs does: many fakes end the role's name with a line end
        let url = Url::parse(&text.replace(['\r', '\n', '\t'], "")).map_err(|error| match &error.cause {
            Cause::Other(reason) if path == TOKEN && reason.starts_with("Failed to parse") => {
                failure!("Invalid endpoint EC2 Instance Metadata endpoint: {text}")
            }
            _ => error.into(),
        })?;
        Ok(Request::plain(method, url)
            .headers(header.map(|(name, value)| (name, value.to_owned())))
            .header("User-Agent", product::version(self.host)))
    }
}

/// Refuses an error after which v1 makes no other attempt.
fn check_retried(error: http::Error) -> Result<(), Error> {
    match error.cause {
        ReadTimeout | ConnectFailed | ConnectTimeout | Closed => Ok(()),
        _ => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    /// Reads credentials that end so many seconds after now; returns in how many they end by then.
    fn left(seconds: i64) -> i64 {
        const NOW: u64 = 1_700_000_000;
        let host = Host { clock: || UNIX_EPOCH + Duration::from_secs(NOW), ..Host::fake(&[]) };
        let mut found = Dict::default();
        for field in FIELDS {
            found.insert(field, "x".into());
        }
        found.insert("Expiration", Expiry::at(host.epoch() + seconds).unwrap().to_utc().into());
        read(found, &host).unwrap().1.remaining(&host).unwrap()
    }

    #[test]
    fn credentials_that_end_soon_last_longer() {
        for (seconds, expected) in [(-60, 1020), (0, 1020), (1019, 1020), (1020, 1020), (1021, 1021)] {
            assert_eq!(left(seconds), expected, "{seconds}");
        }
    }
}
