//! The settings of the instance metadata service; v1 checks them in every run, used or not.
//!
//! Mirrors `botocore.credentials.create_credential_resolver`, `botocore.utils.resolve_imds_endpoint_mode` and
//! `IMDSFetcher`. Its requests are in `credentials`.

use super::config::{Config, ProfileNotFound, expect_text};
use super::settings::{self, Setting};
use super::url::Endpoint;
use crate::error::{Error, failure};
use crate::python::{Value, int};

/// The service's address over IPv4.
const IPV4: &str = "http://169.254.169.254/";
/// The service's address over IPv6.
const IPV6: &str = "http://[fd00:ec2::254]/";

/// Settings of the requests to the instance metadata service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ImdsSettings {
    /// Seconds to wait for a connection, and for a response.
    pub timeout: i64,
    /// Attempts of each request.
    pub attempts: i64,
    /// The URL that the paths are added to, e.g. `http://169.254.169.254/`.
    pub url: String,
    /// True where the version without a token is switched off.
    pub v1_disabled: bool,
}

impl ImdsSettings {
    /// Returns the settings; `None` where the selected profile, which does not exist, would be needed.
    /// Errors: a number that is none, an unknown endpoint mode, an endpoint that is no URL.
    /// v1: `assumerole.inject_assume_role_provider_cache`. Parity: CFG-60, CFG-61, CFG-74, CRED-90, CRED-94.
    pub(crate) fn resolve(config: &Config<'_>) -> Result<Option<Self>, Error> {
        match Self::read(config) {
            Ok(settings) => Ok(Some(settings)),
            Err(Unresolved::ProfileMissing) => Ok(None),
            Err(Unresolved::Refused(error)) => Err(error),
        }
    }

    /// Returns the settings, read in v1's order.
    fn read(config: &Config<'_>) -> Result<Self, Unresolved> {
        let timeout = integer(&settings::IMDS_TIMEOUT, config.value(&settings::IMDS_TIMEOUT)?)?;
        let attempts = integer(&settings::IMDS_ATTEMPTS, config.value(&settings::IMDS_ATTEMPTS)?)?;
        let endpoint = config.value(&settings::IMDS_ENDPOINT)?;
        let is_ipv6 = is_ipv6(config)?;
        let v1_disabled = config.value(&settings::IMDS_V1_DISABLED)?;
        let endpoint = endpoint.as_ref().map(|value| expect_text("ec2_metadata_service_endpoint", value));
        let url = match endpoint.transpose()?.filter(|url| !url.is_empty()) {
            Some(url) => url,
            None if is_ipv6 => IPV6,
            None => IPV4,
        };
        match Endpoint::read(url).map_err(Error::from)? {
            Some(_) => Ok(Self { timeout, attempts, url: url.to_owned(), v1_disabled }),
            None => Err(failure!("Invalid endpoint EC2 Instance Metadata endpoint: {url}").into()),
        }
    }
}

/// Why there are no settings.
enum Unresolved {
    /// The selected profile, which does not exist, would be needed.
    ProfileMissing,
    /// v1 refuses a value.
    Refused(Error),
}

impl From<ProfileNotFound> for Unresolved {
    fn from(_: ProfileNotFound) -> Self {
        Self::ProfileMissing
    }
}

impl From<Error> for Unresolved {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

/// Returns the value of `setting` as Python's `int()` reads it.
/// Errors: Python's words where it is none.
pub(super) fn integer(setting: &Setting, value: Option<Value>) -> Result<i64, Error> {
    let value = value.unwrap_or(Value::None);
    Ok(int::clamped(expect_text(setting.key.unwrap_or_default(), &value)?)?)
}

/// Returns true where the service is reached over IPv6.
/// v1: `resolve_imds_endpoint_mode`. Parity: CFG-61, CRED-94.
fn is_ipv6(config: &Config<'_>) -> Result<bool, Unresolved> {
    let Some(mode) = config.value(&settings::IMDS_ENDPOINT_MODE)? else {
        return Ok(config.value(&settings::IMDS_USE_IPV6)?);
    };
    let mode = expect_text("ec2_metadata_service_endpoint_mode", &mode)?;
    match mode.to_lowercase().as_str() {
        "ipv4" => Ok(false),
        "ipv6" => Ok(true),
        _ => Err(Unresolved::Refused(failure!(
            "Invalid EC2 Instance Metadata endpoint mode: {mode} Valid endpoint modes (case-insensitive): ('ipv4', \
             'ipv6')."
        ))),
    }
}
