//! Files of older tools: `AWS_CREDENTIAL_FILE` and boto's configuration. Mirrors `OriginalEC2Provider` and
//! `BotoProvider` in `botocore/credentials.py`.

use std::fs;

use super::provider::Provider;
use super::static_keys;
use super::types::Credentials;
use crate::error::{Error, failure};
use crate::host::{self, Host};
use crate::python::{codec, text};
use crate::session::config;
use crate::session::ini::IndentedValue;

/// Where boto's configuration is looked for when `BOTO_CONFIG` does not name it.
const BOTO_FILES: [&str; 2] = ["/etc/boto.cfg", "~/.boto"];

/// Returns the keys of the file that `AWS_CREDENTIAL_FILE` names.
/// Errors: a file that cannot be read; a key id without its secret.
/// v1: `OriginalEC2Provider.load`, `parse_key_val_file`. Parity: CRED-11.
pub(super) fn credential_file(host: &Host) -> Result<Option<Provider>, Error> {
    let Some(name) = host.env("AWS_CREDENTIAL_FILE") else { return Ok(None) };
    let path = host.expand_user(name);
    let Ok(content) = fs::read(host::path(&path)) else {
        return Err(failure!("The specified config file ({path}) could not be found."));
    };
    let content = codec::utf8(&content).map_err(|error| failure!("{error}"))?;
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
/// Errors: a file that cannot be parsed; a key id without its secret.
/// v1: `BotoProvider.load`. Parity: CRED-12.
pub(super) fn boto(host: &Host) -> Result<Option<Provider>, Error> {
    let named = host.env("BOTO_CONFIG");
    let files = named.map_or(BOTO_FILES.to_vec(), |name| vec![name]);
    for file in files {
        let sections = config::read(host, file, IndentedValue::Nested).map_err(|error| match error {
            Error::Traceback(message) => failure!("{message}"),
            other => other,
        })?;
        let Some(section) = sections.get("Credentials") else { continue };
        if let Some(keys) = static_keys::keys(section, "boto-config", &[])? {
            return Ok(Some(Provider::Static(keys)));
        }
    }
    Ok(None)
}
