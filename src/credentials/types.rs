//! The types that all providers share.

use std::fmt;

use super::expiry::Expiry;
use crate::error::{Error, failure};
use crate::python::{Value, repr, text};

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

    /// Returns why no request can be signed with these; `None` where one can. v1 shows the value, which may be secret,
    /// or what Python stumbled over (D1); some control characters it even sends (D7).
    ///
    /// v1: `http.client.HTTPConnection.putheader`, `SigV4Auth.add_auth`. Parity: WIRE-02,
    /// `wire/unsendable/token-line-end`, `wire/unsendable/key-bytes`.
    pub(super) fn unsendable_reason(&self) -> Option<String> {
        let is_control = |letter: char| letter != '\t' && letter.is_ascii_control();
        let is_half = |letter: char| text::surrogate(letter).is_some();
        let (id, token) = (&self.access_key_id, self.session_token.as_deref().unwrap_or_default());
        let rows = [
            ("session token", token.contains(is_control) || token.contains(is_half)),
            ("secret access key", self.secret_access_key.contains(is_half)),
            ("access key id", id.contains(is_control) || id.contains(is_half)),
        ];
        let (name, _) = rows.into_iter().find(|(_, refused)| *refused)?;
        Some(format!("Invalid header value: the {name} has a character that cannot be sent"))
    }

    /// Returns the keys and the token of a document or file; a token of null or nothing is none.
    ///
    /// # Errors
    /// Key id or token are no text, over which v1 stumbles when it signs (D1).
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

    /// Returns the session token as a header holds it: without blanks around it.
    pub(super) fn token_value(&self) -> Option<&str> {
        self.session_token.as_deref().map(|token| token.trim_matches([' ', '\t']))
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
