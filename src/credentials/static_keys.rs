//! Keys in the credentials file, and in the config file. Mirrors `SharedCredentialProvider` and `ConfigProvider` in
//! `botocore/credentials.py`.

use super::provider::Provider;
use super::types::Credentials;
use crate::error::{Error, failure};
use crate::python::Dict;

/// The names of the session token; the first that is there wins, be it empty.
const TOKENS: &[&str] = &["aws_security_token", "aws_session_token"];

/// Returns the keys in the section of a profile; `method` is v1's name of the file.
/// Errors: a key id without its secret.
/// v1: `SharedCredentialProvider.load`, `ConfigProvider.load`. Parity: CRED-02, CRED-06, CRED-08, CRED-09.
pub(super) fn load(section: Option<&Dict>, method: &str) -> Result<Option<Provider>, Error> {
    let Some(section) = section else { return Ok(None) };
    let keys = keys(section, method, TOKENS)?;
    Ok(keys.map(Provider::Static))
}

/// Returns the keys in `section` of the file that v1 calls `method`; `None` where it has no access key id.
/// Errors: a key id without its secret.
/// v1: `_extract_creds_from_mapping`, `_get_session_token`.
pub(super) fn keys(section: &Dict, method: &str, tokens: &[&str]) -> Result<Option<Credentials>, Error> {
    let Some(id) = section.get("aws_access_key_id") else { return Ok(None) };
    let Some(secret) = section.get("aws_secret_access_key") else {
        return Err(failure!("Partial credentials found in {method}, missing: aws_secret_access_key"));
    };
    let token = tokens.iter().find_map(|name| section.get(name));
    Credentials::from_values(id, secret, token).map(Some)
}
