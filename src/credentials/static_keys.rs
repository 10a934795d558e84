//! Keys that do not expire: of the environment, the credentials file, the config file and the files of older tools.
//! Mirrors `EnvProvider`, `SharedCredentialProvider`, `ConfigProvider`, `OriginalEC2Provider` and `BotoProvider` in
//! `botocore/credentials.py`.

use std::fs;

use super::expiry::Expiry;
use super::provider::{Credentials, Provider};
use crate::error::{Error, failure};
use crate::host::{self, Host};
use crate::python::{Dict, codec, text};
use crate::session::config;
use crate::session::ini::IndentedValue;

/// The keys of the session token in a profile; the first that is there wins, be it empty.
pub(super) const TOKEN_KEYS: &[&str] = &["aws_security_token", "aws_session_token"];

/// Returns the keys of the environment, with their expiry where it is set; `None` where no access key id is.
/// Errors: a key id without its secret; an expiry that is no date.
/// v1: `EnvProvider.load`. Parity: CRED-05, CRED-06, CRED-07.
pub(super) fn of_environment(host: &Host) -> Result<Option<Provider>, Error> {
    let Some(id) = host.env_filled("AWS_ACCESS_KEY_ID") else { return Ok(None) };
    let secret = host.env_filled("AWS_SECRET_ACCESS_KEY");
    let secret = secret.ok_or_else(|| partial("env", "AWS_SECRET_ACCESS_KEY"))?;
    let token = ["AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN"].iter().find_map(|name| host.env_filled(name));
    let credentials = Credentials::new(id, secret, token);
    Ok(Some(match host.env_filled("AWS_CREDENTIAL_EXPIRATION") {
        None => Provider::Static(credentials),
        Some(text) => {
            let held = (credentials, Expiry::read(&text.into())?);
            Provider::refreshable(Some(held.clone()), async move |_| Ok(held.clone()))
        }
    }))
}

/// Returns v1's error for keys in `place` that are not complete.
fn partial(place: &str, missing: &str) -> Error {
    failure!("Partial credentials found in {place}, missing: {missing}")
}

/// Returns the keys in `section` of the file that v1 calls `method`; `None` where it has no access key id.
/// Errors: a key id without its secret.
/// v1: `_extract_creds_from_mapping`, `_get_session_token`. Parity: CRED-02, CRED-06, CRED-08, CRED-09.
pub(super) fn of_section(
    section: Option<&Dict>,
    method: &str,
    token_keys: &[&str],
) -> Result<Option<Provider>, Error> {
    let Some(section) = section else { return Ok(None) };
    let Some(id) = section.get("aws_access_key_id") else { return Ok(None) };
    let secret = section.get("aws_secret_access_key");
    let secret = secret.ok_or_else(|| partial(method, "aws_secret_access_key"))?;
    let token = token_keys.iter().find_map(|key| section.get(key));
    Ok(Some(Provider::Static(Credentials::from_values(id, secret, token)?)))
}

/// Returns the keys of the file that `AWS_CREDENTIAL_FILE` names.
/// v1: `OriginalEC2Provider.load`, `parse_key_val_file`. Parity: CRED-11.
pub(super) fn of_credential_file(host: &Host) -> Result<Option<Provider>, Error> {
    let Some(name) = host.env("AWS_CREDENTIAL_FILE") else { return Ok(None) };
    let path = host.expand_user(name);
    let Ok(content) = fs::read(host::path(&path)) else {
        return Err(failure!("The specified config file ({path}) could not be found."));
    };
    let content = codec::utf8(&content)?;
    let value = |key: &str| {
        let lines = content.split(text::is_line_end).rev();
        let mut pairs = lines.filter_map(|line| line.split_once('='));
        pairs.find_map(|(name, value)| (text::strip(name) == key).then(|| text::strip(value)))
    };
    let Some(id) = value("AWSAccessKeyId") else { return Ok(None) };
    let secret = value("AWSSecretKey").ok_or_else(|| failure!("'AWSSecretKey'"))?;
    Ok(Some(Provider::Static(Credentials::new(id, secret, None))))
}

/// Returns the keys of boto's configuration; of two files the first with keys counts.
/// v1: `BotoProvider.load`. Parity: CRED-12.
pub(super) fn of_boto(host: &Host) -> Result<Option<Provider>, Error> {
    let named = host.env("BOTO_CONFIG");
    for file in named.map_or(vec!["/etc/boto.cfg", "~/.boto"], |name| vec![name]) {
        let sections = config::read(host, file, IndentedValue::Nested).map_err(|error| match error {
            Error::Traceback(message) => failure!("{message}"),
            other => other,
        })?;
        let found = of_section(sections.get("Credentials"), "boto-config", &[])?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}
