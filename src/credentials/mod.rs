//! The credential chain in v1's order, one file a provider.

use std::fmt;

/// What a request is signed with.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Access key id.
    pub access_key_id: String,
    /// Secret access key.
    pub secret_access_key: String,
    /// Session token; `None` where there is none.
    pub session_token: Option<String>,
    /// Letters of the User-Agent's `m/` field that name the provider (WIRE-04).
    pub features: Vec<&'static str>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Credentials(redacted)")
    }
}
