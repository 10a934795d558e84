//! Every setting in one table: the variable, the key of the profile and the default, in this order of precedence.
//!
//! Mirrors `BOTOCORE_DEFAUT_SESSION_VARIABLES` and `awscli.EnvironmentVariables`. An option on the command line
//! wins over all three; where there is one, the row names it. `config::Config::value` does the looking up.

use crate::python::Value;

/// A setting: where its value comes from, and how that is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setting<T = Option<Value>> {
    /// The environment variable; an empty one counts.
    pub env: Option<&'static str>,
    /// The key of the selected profile.
    pub key: Option<&'static str>,
    /// The value where neither is there.
    pub default: Option<&'static str>,
    /// What its value means.
    pub read: fn(Option<Value>) -> T,
}

/// Returns a row of the table: variable and key, `-` where there is none, and the default.
const fn row(env: &'static str, key: &'static str, default: Option<&'static str>) -> Setting {
    Setting { env: named(env), key: named(key), default, read: std::convert::identity }
}

/// Returns a row for a yes-or-no setting, by default no.
/// v1: `ensure_boolean`. Parity: CFG-56.
const fn flag(env: &'static str, key: &'static str) -> Setting<bool> {
    Setting { env: named(env), key: named(key), default: None, read: is_true }
}

/// Returns `name`, unless it is `-`.
const fn named(name: &'static str) -> Option<&'static str> {
    if let [b'-'] = name.as_bytes() { None } else { Some(name) }
}

/// Returns true for `true` in any case.
fn is_true(value: Option<Value>) -> bool {
    value.is_some_and(|value| value.is_true())
}

/// Returns true for `true` in this case only.
fn is_exactly_true(value: Option<Value>) -> bool {
    value.is_some_and(|value| value.as_str() == Some("true"))
}

/// `--region`. Parity: CFG-02, CFG-07.
pub(crate) const REGION: Setting = row("AWS_DEFAULT_REGION", "region", None);
/// `--output`. Parity: OUT-12, CFG-65.
pub(crate) const OUTPUT: Setting = row("AWS_DEFAULT_OUTPUT", "output", Some("json"));
/// `--no-verify-ssl`, then `--ca-bundle`; `REQUESTS_CA_BUNDLE` comes last. Parity: TLS-02.
pub(crate) const CA_BUNDLE: Setting = row("AWS_CA_BUNDLE", "ca_bundle", None);
/// Parity: CFG-56, WIRE-11.
pub(crate) const USE_FIPS: Setting<bool> = flag("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint");
/// Parity: CFG-56, WIRE-11.
pub(crate) const USE_DUALSTACK: Setting<bool> = flag("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint");
/// Parity: CFG-43.
pub(crate) const IGNORE_ENDPOINT_URLS: Setting<bool> =
    flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls");
/// The default depends on `DEFAULTS_MODE`. Parity: CFG-51.
pub(crate) const RETRY_MODE: Setting = row("AWS_RETRY_MODE", "retry_mode", None);
/// The default depends on the retry mode. Parity: CFG-50.
pub(crate) const MAX_ATTEMPTS: Setting = row("AWS_MAX_ATTEMPTS", "max_attempts", None);
/// Parity: CFG-53.
pub(crate) const DEFAULTS_MODE: Setting = row("AWS_DEFAULTS_MODE", "defaults_mode", Some("legacy"));
/// Checked only. Parity: CFG-54.
pub(crate) const ACCOUNT_ID_ENDPOINT_MODE: Setting =
    row("AWS_ACCOUNT_ID_ENDPOINT_MODE", "account_id_endpoint_mode", Some("preferred"));
/// Parity: CFG-55.
pub(crate) const STS_REGIONAL_ENDPOINTS: Setting =
    row("AWS_STS_REGIONAL_ENDPOINTS", "sts_regional_endpoints", Some("regional"));
/// Checked only. Parity: CFG-57.
pub(crate) const REQUEST_CHECKSUM: Setting =
    row("AWS_REQUEST_CHECKSUM_CALCULATION", "request_checksum_calculation", Some("when_supported"));
/// Checked only. Parity: CFG-57.
pub(crate) const RESPONSE_CHECKSUM: Setting =
    row("AWS_RESPONSE_CHECKSUM_VALIDATION", "response_checksum_validation", Some("when_supported"));
/// Checked only. Parity: CFG-58.
pub(crate) const MIN_COMPRESSION_SIZE: Setting =
    row("AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES", "request_min_compression_size_bytes", Some("10240"));
/// Checked only. Parity: CFG-69.
pub(crate) const AUTH_SCHEME_PREFERENCE: Setting =
    row("AWS_AUTH_SCHEME_PREFERENCE", "auth_scheme_preference", None);
/// Checked only. Parity: CFG-59.
pub(crate) const S3_DISABLE_EXPRESS: Setting =
    row("AWS_S3_DISABLE_EXPRESS_SESSION_AUTH", "s3_disable_express_session_auth", None);
/// Seconds. Parity: CFG-60, CRED-90.
pub(crate) const IMDS_TIMEOUT: Setting =
    row("AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout", Some("1"));
/// Parity: CFG-60, CRED-90.
pub(crate) const IMDS_ATTEMPTS: Setting =
    row("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "metadata_service_num_attempts", Some("1"));
/// Parity: CFG-61, CRED-94.
pub(crate) const IMDS_ENDPOINT: Setting =
    row("AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint", None);
/// Parity: CFG-61, CRED-94.
pub(crate) const IMDS_ENDPOINT_MODE: Setting =
    row("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ec2_metadata_service_endpoint_mode", None);
/// Parity: CRED-91.
pub(crate) const IMDS_V1_DISABLED: Setting<bool> =
    flag("AWS_EC2_METADATA_V1_DISABLED", "ec2_metadata_v1_disabled");
/// Parity: CRED-94.
pub(crate) const IMDS_USE_IPV6: Setting<bool> = flag("AWS_IMDS_USE_IPV6", "imds_use_ipv6");
/// Parity: CFG-62.
pub(crate) const APP_ID: Setting = row("AWS_SDK_UA_APP_ID", "sdk_ua_app_id", None);
/// Parity: CFG-76.
pub(crate) const TCP_KEEPALIVE: Setting<bool> = flag("BOTOCORE_TCP_KEEPALIVE", "tcp_keepalive");
/// Parity: VAL-50.
pub(crate) const PARAMETER_VALIDATION: Setting<bool> =
    Setting { default: Some("true"), ..flag("-", "parameter_validation") };
/// Parity: CFG-66, OUT-09, OUT-11.
pub(crate) const TIMESTAMP_FORMAT: Setting = row("-", "cli_timestamp_format", Some("wire"));
/// Parity: CFG-75, VAL-11.
pub(crate) const FOLLOW_URLS: Setting<bool> =
    Setting { default: Some("true"), read: is_exactly_true, ..flag("-", "cli_follow_urlparam") };
/// Parity: CFG-70.
pub(crate) const CSM_ENABLED: Setting<bool> = flag("AWS_CSM_ENABLED", "csm_enabled");
/// Parity: ARG-38.
pub(crate) const BINARY_FORMAT: Setting = row("-", "cli_binary_format", None);
/// Also `us_east_1_regional_endpoint` in the block `s3`. Checked only. Parity: CFG-59.
pub(crate) const S3_US_EAST_1: Setting =
    row("AWS_S3_US_EAST_1_REGIONAL_ENDPOINT", "s3_us_east_1_regional_endpoint", None);
