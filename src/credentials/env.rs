//! Keys of the environment. Mirrors `EnvProvider` in `botocore/credentials.py`.

use super::expiry::Expiry;
use super::provider::Provider;
use super::types::Credentials;
use crate::error::{Error, failure};
use crate::host::Host;

/// Where the session token is looked for; the first that is set to something wins.
const TOKENS: [&str; 2] = ["AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN"];

/// Returns the keys of the environment; `None` where no access key id is set.
/// Errors: a key id without its secret; an expiry that is no date.
/// v1: `EnvProvider.load`. Parity: CRED-05, CRED-06, CRED-07.
pub(super) fn load(host: &Host) -> Result<Option<Provider>, Error> {
    let Some(id) = host.env_filled("AWS_ACCESS_KEY_ID") else { return Ok(None) };
    let Some(secret) = host.env_filled("AWS_SECRET_ACCESS_KEY") else {
        return Err(failure!("Partial credentials found in env, missing: AWS_SECRET_ACCESS_KEY"));
    };
    let token = TOKENS.iter().find_map(|name| host.env_filled(name));
    let credentials = Credentials::new(id, secret, token);
    Ok(Some(match host.env_filled("AWS_CREDENTIAL_EXPIRATION") {
        None => Provider::Static(credentials),
        Some(text) => {
            let held = (credentials, Expiry::read(&text.into())?);
            Provider::refreshable(Some(held.clone()), async move |_| Ok(held.clone()))
        }
    }))
}
