//! The types that all providers share.

use std::fmt;

use super::expiry::Expiry;
use crate::error::{Error, failure};
use crate::python::{Value, repr};

/// Credentials and their expiry.
pub(super) type ExpiringCredentials = (Credentials, Expiry);

/// The keys with which requests are signed.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Credentials {
    /// Access key id.
    pub access_key_id: String,
    /// Secret access key.
    pub secret_access_key: String,
    /// Session token; `None` where there is none.
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

/// The purpose of a profile's credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ProfileUse {
    /// The profile was chosen: the environment counts unless it was typed, and roles are kept on disk.
    Selected,
    /// Another profile names it as its source.
    SourceProfile,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_not_shown() {
        let credentials = Credentials::new("id", "secret", Some("token"));
        assert_eq!(format!("{credentials:?}"), "Credentials(redacted)");
    }
}
