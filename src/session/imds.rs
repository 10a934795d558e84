//! The settings of the instance metadata service; v1 checks them in every run, asked or not.
//!
//! Mirrors `botocore.credentials.create_credential_resolver`, `botocore.utils.resolve_imds_endpoint_mode` and
//! `IMDSFetcher`. Asking the service is in the room `credentials`.

use num_bigint::BigInt;

use super::config::{Config, ProfileNotFound};
use super::settings::{self, Setting};
use super::text_of;
use super::url::Endpoint;
use crate::error::{Error, failure};
use crate::python::{Value, int};

/// The service's address over IPv4.
const IPV4: &str = "http://169.254.169.254/";
/// The service's address over IPv6.
const IPV6: &str = "http://[fd00:ec2::254]/";

/// How the instance metadata service is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Seconds to wait for a connection, and for an answer.
    pub timeout: BigInt,
    /// How often each question is asked.
    pub attempts: BigInt,
    /// The URL that the paths are added to, e.g. `http://169.254.169.254/`.
    pub url: String,
    /// True where the version without a token may not be asked.
    pub v1_disabled: bool,
}

impl Settings {
    /// The settings; `None` where the chosen profile, which does not exist, would have to be asked.
    ///
    /// # Errors
    /// A number that is none, an unknown endpoint mode, an endpoint that is no URL.
    ///
    /// v1: `assumerole.inject_assume_role_provider_cache`. Parity: CFG-60, CFG-61, CFG-74, CRED-90, CRED-94.
    pub fn resolve(config: &Config<'_>) -> Result<Option<Self>, Error> {
        let Some(timeout) = known(config.value(&settings::IMDS_TIMEOUT)) else { return Ok(None) };
        let timeout = integer(&settings::IMDS_TIMEOUT, timeout)?;
        let Some(attempts) = known(config.value(&settings::IMDS_ATTEMPTS)) else { return Ok(None) };
        let attempts = integer(&settings::IMDS_ATTEMPTS, attempts)?;
        let Some(endpoint) = known(config.value(&settings::IMDS_ENDPOINT)) else { return Ok(None) };
        let Some(ipv6) = ipv6(config)? else { return Ok(None) };
        let Some(v1_disabled) = known(config.flag(&settings::IMDS_V1_DISABLED)) else { return Ok(None) };
        let endpoint =
            endpoint.as_ref().map(|value| text_of("ec2_metadata_service_endpoint", value)).transpose()?;
        let url = match endpoint.filter(|url| !url.is_empty()) {
            Some(url) => url,
            None if ipv6 => IPV6,
            None => IPV4,
        };
        match Endpoint::read(url)? {
            Some(_) => Ok(Some(Self { timeout, attempts, url: url.to_owned(), v1_disabled })),
            None => Err(failure!("Invalid endpoint EC2 Instance Metadata endpoint: {url}")),
        }
    }
}

/// The value, unless the profile would have to be asked and does not exist.
fn known<T>(value: Result<T, ProfileNotFound>) -> Option<T> {
    value.ok()
}

/// The value of `setting` as Python's `int()` reads it.
///
/// # Errors
/// Python's words where it is none.
pub(super) fn integer(setting: &Setting, value: Option<Value>) -> Result<BigInt, Error> {
    let value = value.unwrap_or(Value::None);
    Ok(int::int(text_of(setting.key.unwrap_or_default(), &value)?)?)
}

/// True where the service is asked over IPv6; `None` where the missing profile would have to be asked.
///
/// v1: `resolve_imds_endpoint_mode`. Parity: CFG-61, CRED-94.
fn ipv6(config: &Config<'_>) -> Result<Option<bool>, Error> {
    let Some(mode) = known(config.value(&settings::IMDS_ENDPOINT_MODE)) else { return Ok(None) };
    let Some(mode) = mode else { return Ok(known(config.flag(&settings::IMDS_USE_IPV6))) };
    let mode = text_of("ec2_metadata_service_endpoint_mode", &mode)?;
    match mode.to_lowercase().as_str() {
        "ipv4" => Ok(Some(false)),
        "ipv6" => Ok(Some(true)),
        _ => Err(failure!(
            "Invalid EC2 Instance Metadata endpoint mode: {mode} Valid endpoint modes (case-insensitive): ('ipv4', \
             'ipv6')."
        )),
    }
}
