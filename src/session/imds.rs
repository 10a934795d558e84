//! The settings of the instance metadata service; v1 checks them in every run, used or not. Its requests are in
//! `credentials`. Mirrors `botocore.credentials.create_credential_resolver` and `botocore.utils.IMDSFetcher`.

use super::config::Config;
use super::settings;
use super::url::Endpoint;
use crate::error::{Error, failure};

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
    /// Returns the settings, read in v1's order; `None` where the selected profile, which does not exist, is needed.
    /// Errors: a number that is none, an unknown endpoint mode, an endpoint that is no URL.
    /// v1: `assumerole.inject_assume_role_provider_cache`. Parity: CFG-60, CFG-61, CFG-74.
    pub(crate) fn resolve(config: &Config<'_>) -> Result<Option<Self>, Error> {
        let Ok(timeout) = config.value(&settings::IMDS_TIMEOUT) else { return Ok(None) };
        let timeout = timeout?.unwrap_or(1);
        let Ok(attempts) = config.value(&settings::IMDS_ATTEMPTS) else { return Ok(None) };
        let attempts = attempts?.unwrap_or(1);
        let Ok(endpoint) = config.value(&settings::IMDS_ENDPOINT) else { return Ok(None) };
        let Ok(mode) = config.value(&settings::IMDS_ENDPOINT_MODE) else { return Ok(None) };
        let is_ipv6_mode = mode?.as_deref().map(is_ipv6_mode).transpose()?;
        let Ok(uses_ipv6) = config.value(&settings::IMDS_USE_IPV6) else { return Ok(None) };
        let Ok(v1_disabled) = config.value(&settings::IMDS_V1_DISABLED) else { return Ok(None) };
        let is_ipv6 = is_ipv6_mode.unwrap_or(uses_ipv6);
        let default = if is_ipv6 { "http://[fd00:ec2::254]/" } else { "http://169.254.169.254/" };
        let url = endpoint?.filter(|url| !url.is_empty()).unwrap_or_else(|| default.to_owned());
        match Endpoint::read(&url)? {
            Some(_) => Ok(Some(Self { timeout, attempts, url, v1_disabled })),
            None => Err(failure!("Invalid endpoint EC2 Instance Metadata endpoint: {url}")),
        }
    }
}

/// Returns true where `mode` means the service's address over IPv6.
/// v1: `resolve_imds_endpoint_mode`. Parity: CFG-61, CRED-94.
fn is_ipv6_mode(mode: &str) -> Result<bool, Error> {
    match mode.to_lowercase().as_str() {
        "ipv4" => Ok(false),
        "ipv6" => Ok(true),
        _ => Err(failure!(
            "Invalid EC2 Instance Metadata endpoint mode: {mode} Valid endpoint modes (case-insensitive): ('ipv4', \
             'ipv6')."
        )),
    }
}
