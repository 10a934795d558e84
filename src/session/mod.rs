//! Environment, configuration files and global options -> the settings of a client, one [`Session`].
//!
//! | file | what |
//! |---|---|
//! | `ini` | the dialect of the files |
//! | `config` | [`Config`]: both files, the selected profile, the value of a setting |
//! | `settings` | the table: variable, key, default of every setting |
//! | `checks` | what v1 checks before it looks at the command, and single settings for other modules |
//! | `defaults` | the defaults of a client |
//! | `imds` | the settings of the instance metadata service |
//! | `delegation`, `models` | what only another `aws` can do; whether a user replaces v1's descriptions of services |
//! | `v2_debug` | the notes of `--v2-debug` |
//! | `endpoint`, `url` | the URL of a service; how it is read and spelled |
//! | `unused` | settings without effect that are checked all the same |
//! | `client` | [`Session::resolve`]: the settings of a client, checked in v1's order |
//!
//! The order in which `run` calls (ORD-02 to ORD-04, CFG-74): [`Config::load`], argv, `--query`,
//! [`checks::globals`], [`v2_debug::notes`], [`Config::choose_profile`], [`checks::timestamp_format`],
//! [`imds::ImdsSettings::resolve`], the operation's options and parameters, [`Config::selected_profile`] (the profile exists),
//! [`v2_debug::check_binary_format`], skeleton and `--cli-input-json`, [`client::region`], credentials, [`Session::resolve`],
//! parameter validation, signing, [`checks::output_format`], the request.

pub(crate) mod checks;
pub(crate) mod client;
pub(crate) mod config;
pub(crate) mod defaults;
pub(crate) mod delegation;
pub(crate) mod endpoint;
pub(crate) mod imds;
pub(crate) mod ini;
mod models;
pub(crate) mod settings;
mod unused;
pub(crate) mod url;
pub(crate) mod v2_debug;

use std::path::PathBuf;
use std::time::Duration;

pub(crate) use config::{Config, Profile};
pub(crate) use endpoint::Service;
pub(crate) use url::Endpoint;

/// The settings of one service's client, fully resolved.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    /// Region in the credential scope, e.g. `us-east-1`; may be empty (CFG-07).
    pub region: String,
    /// Where requests go: [`Endpoint::url`] and [`Endpoint::target`] add `/copy-jobs`.
    pub endpoint: Endpoint,
    /// How the network is used.
    pub transport: Transport,
    /// How often an attempt is repeated.
    pub retry: Retry,
    /// `app/<id>` of the User-Agent, as configured (CFG-62).
    pub app_id: Option<String>,
    /// The region of the instance, where it had to be known (CFG-53).
    pub instance_region: Option<String>,
}

/// How connections are made; STS and the other services get their own (CRED-23).
#[derive(Debug, Clone)]
pub(crate) struct Transport {
    /// Longest wait for a connection; `None` waits for ever.
    pub connect_timeout: Option<Duration>,
    /// Longest wait for the next bytes of a response; `None` waits for ever.
    pub read_timeout: Option<Duration>,
    /// What a server's certificate is checked against.
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
    /// Which failures are repeated, and after what delay.
    pub mode: RetryMode,
    /// Attempts in all, the first included; at least 1.
    pub max_attempts: u64,
    /// `AWS_NEW_RETRIES_2026=true` (RETRY-06).
    pub new_delays: bool,
}

/// v1's `retry_mode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RetryMode {
    /// The default.
    Legacy,
    /// `standard`.
    Standard,
    /// `adaptive`.
    Adaptive,
}

/// How v1 prints the timestamps of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimestampFormat {
    /// `wire`, `none`: as they came.
    Wire,
    /// `iso8601`: in local time.
    Iso8601,
}

/// v1's output formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OutputFormat {
    /// `json`
    Json,
    /// `text`
    Text,
    /// `table`
    Table,
}
