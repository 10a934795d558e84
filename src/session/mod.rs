//! Who asks and where: environment, configuration files and global options become one [`Session`].

use std::path::PathBuf;
use std::time::Duration;

/// The settings of this call, fully resolved.
#[derive(Debug, Clone)]
pub struct Session {
    /// Region in the credential scope, e.g. `us-east-1`; may be empty (CFG-07).
    pub region: String,
    /// URL to which `/copy-jobs` is added, e.g. `https://backup.us-east-1.amazonaws.com`.
    pub endpoint: String,
    /// How the network is used.
    pub transport: Transport,
    /// How often an attempt is repeated.
    pub retry: Retry,
    /// False under `--no-sign-request`.
    pub signed: bool,
}

/// How connections are made; STS and the other services get their own (CRED-23).
#[derive(Debug, Clone)]
pub struct Transport {
    /// Longest wait for a connection; `None` waits for ever.
    pub connect_timeout: Option<Duration>,
    /// Longest wait for the next bytes of an answer; `None` waits for ever.
    pub read_timeout: Option<Duration>,
    /// What a server's certificate is checked against.
    pub trust: Trust,
}

/// What a server's certificate is checked against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trust {
    /// The Mozilla roots compiled in.
    Bundled,
    /// A PEM file that replaces them.
    File(PathBuf),
    /// Nothing: `--no-verify-ssl`.
    Nothing,
}

/// When a failed attempt is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// Which failures are repeated, and after what delay.
    pub mode: RetryMode,
    /// Attempts in all, the first included; at least 1.
    pub max_attempts: u64,
    /// `AWS_NEW_RETRIES_2026=true` (RETRY-06).
    pub new_delays: bool,
}

/// v1's `retry_mode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryMode {
    /// The default.
    Legacy,
    /// `standard`.
    Standard,
    /// `adaptive`.
    Adaptive,
}
