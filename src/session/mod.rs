//! Environment, configuration files and global options -> the settings of a client, one [`Session`].
//!
//! `run` and `commands` call in v1's order (ORD-02 to ORD-04, CFG-74), which decides what is reported first: the files,
//! argv, global options, metadata service, parameters, profile, region, credentials, client, output format.

pub(crate) mod client;
pub(crate) mod config;
pub(crate) mod delegation;
pub(crate) mod endpoint;
pub(crate) mod imds;
pub(crate) mod ini;
pub(crate) mod settings;
pub(crate) mod url;
pub(crate) mod v2_debug;

use std::path::PathBuf;
use std::time::Duration;

pub(crate) use config::{Config, Profile};
pub(crate) use endpoint::Service;
pub(crate) use settings::{RetryMode, TimestampFormat};
pub(crate) use url::Endpoint;

/// The settings of one service's client, fully resolved.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    /// Region in the credential scope, e.g. `us-east-1`; may be empty (CFG-07).
    pub region: String,
    /// Where requests go: [`Endpoint::url`] adds `/copy-jobs`.
    pub endpoint: Endpoint,
    pub transport: Transport,
    pub retry: Retry,
    /// `app/<id>` of the User-Agent, as configured (CFG-62).
    pub app_id: Option<String>,
    /// The region of the instance, where it had to be known (CFG-53).
    pub instance_region: Option<String>,
}

/// How connections are made; STS and the other services get their own (CRED-23).
#[derive(Debug, Clone)]
pub(crate) struct Transport {
    /// `None` waits for ever.
    pub connect_timeout: Option<Duration>,
    /// Longest wait for the next bytes of a response; `None` waits for ever.
    pub read_timeout: Option<Duration>,
    pub trust: Trust,
    /// True where the system is to keep idle connections alive (CFG-76).
    pub keepalive: bool,
}

/// What a server's certificate is checked against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trust {
    /// The Mozilla roots compiled in.
    Bundled,
    /// A PEM file that replaces them.
    File(PathBuf),
    /// Nothing: `--no-verify-ssl`.
    Unverified,
}

/// When a failed attempt is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Retry {
    pub mode: RetryMode,
    /// Attempts in all, the first included; at least 1.
    pub max_attempts: u64,
    /// `AWS_NEW_RETRIES_2026=true` (RETRY-06).
    pub new_delays: bool,
}
