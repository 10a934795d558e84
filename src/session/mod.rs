//! Who asks and where: environment, configuration files and global options become one [`Session`].
//!
//! | file | what |
//! |---|---|
//! | `ini` | the dialect of the files |
//! | `config` | [`Config`]: both files, the chosen profile, the value of a setting |
//! | `settings` | the table: variable, key, default of every setting |
//! | `checks` | what v1 checks before it looks at the command, and single settings for other rooms |
//! | `defaults` | the defaults of a client |
//! | `imds` | the settings of the instance metadata service |
//! | `models` | whether a user replaces v1's descriptions of services |
//! | `v2_debug` | the notes of `--v2-debug` |
//! | `endpoint`, `url` | which URL a service is asked at; how it is read and spelled |
//! | `client` | [`Session::resolve`]: the settings of a client, checked in v1's order |
//!
//! The order in which `run` calls (ORD-02 to ORD-04, CFG-74): [`Config::load`], argv, `--query`,
//! [`checks::globals`], [`v2_debug::notes`], [`Config::choose_profile`], [`checks::timestamp_format`],
//! [`imds::Settings::resolve`], the operation's options and parameters, [`Config::scoped`] (the profile exists),
//! [`v2_debug::blob_check`], skeleton and `--cli-input-json`, [`client::region`], credentials, [`Session::resolve`],
//! parameter validation, signing, [`checks::output_format`], the request.

pub mod checks;
pub mod client;
pub mod config;
pub mod defaults;
pub mod endpoint;
pub mod imds;
pub mod ini;
mod models;
pub mod settings;
pub mod url;
pub mod v2_debug;

use std::path::PathBuf;
use std::time::Duration;

pub use config::{Config, Profile};
pub use endpoint::Service;
pub use url::Endpoint;

use crate::error::{Error, failure};
use crate::python::Value;

/// The settings of one service's client, fully resolved.
#[derive(Debug, Clone)]
pub struct Session {
    /// Region in the credential scope, e.g. `us-east-1`; may be empty (CFG-07).
    pub region: String,
    /// Where requests go: [`Endpoint::url`] and [`Endpoint::target`] add `/copy-jobs`.
    pub endpoint: Endpoint,
    /// True where option, environment or profile gave the endpoint: letter `N` of the User-Agent (WIRE-04).
    pub endpoint_configured: bool,
    /// How the network is used.
    pub transport: Transport,
    /// How often an attempt is repeated.
    pub retry: Retry,
    /// False under `--no-sign-request`.
    pub signed: bool,
    /// `app/<id>` of the User-Agent, as configured (CFG-62).
    pub app_id: Option<String>,
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
    /// True where the system is to keep idle connections alive (CFG-76).
    pub keepalive: bool,
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

/// How v1 prints the timestamps of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimestampFormat {
    /// `wire`, `none`: as they came.
    Wire,
    /// `iso8601`: in local time.
    Iso8601,
}

/// v1's output formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputFormat {
    /// `json`
    Json,
    /// `text`
    Text,
    /// `table`
    Table,
}

/// The text of a setting that must be one.
///
/// # Errors
/// The value is a block of indented lines; v1 stumbles over its type in various words (D1).
fn text_of<'v>(key: &str, value: &'v Value) -> Result<&'v str, Error> {
    value.as_str().ok_or_else(|| {
        failure!("The value of the setting \"{key}\" must be text, not a block of indented lines")
    })
}
