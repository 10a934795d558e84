//! Every setting in one table: its variable, its key in the profile, and how v1 reads and checks the value.
//!
//! Mirrors `BOTOCORE_DEFAUT_SESSION_VARIABLES`, `awscli.EnvironmentVariables` and the checks of
//! `botocore.args.ClientArgsCreator`. [`super::Config::value`] looks up; where an option wins over both, the row names it.

use crate::cli::{FORMATS, OutputFormat};
use crate::error::{Error, failure};
use crate::python::{Value, int, repr};

/// A row: a variable, of which an empty one counts, else a key of the selected profile, read as a `T`.
#[derive(Debug)]
pub(crate) struct Setting<T> {
    pub env: Option<&'static str>,
    pub key: &'static str,
    /// Reads the value, given the key too.
    pub read: fn(&'static str, Option<Value>) -> T,
}

/// A setting that may have no value, and whose value v1 may refuse.
pub(crate) type Checked<T> = Setting<Result<Option<T>, Error>>;

/// Returns a row; the variable is `-` where there is none.
const fn row<T>(
    env: &'static str,
    key: &'static str,
    read: fn(&'static str, Option<Value>) -> T,
) -> Setting<T> {
    Setting { env: if let [b'-'] = env.as_bytes() { None } else { Some(env) }, key, read }
}

/// `--region`. Parity: CFG-02, CFG-07.
pub(crate) const REGION: Checked<String> = row("AWS_DEFAULT_REGION", "region", text);
/// `--output`. v1: `get_formatter`. Parity: CFG-65, OUT-12, OUT-13.
pub(crate) const OUTPUT: Checked<OutputFormat> =
    row("AWS_DEFAULT_OUTPUT", "output", |_, value| one_of(value, FORMATS, "Unknown output type: {}"));
/// Whether it is a format of version 2 that v1 does not know; what neither knows is refused before a job starts (D2).
pub(crate) const OUTPUT_IS_OF_V2: Setting<bool> = row("AWS_DEFAULT_OUTPUT", "output", |_, value| {
    value.is_some_and(|value| matches!(value.as_str(), Some("yaml" | "yaml-stream" | "off")))
});
/// `--no-verify-ssl`, then `--ca-bundle`; `REQUESTS_CA_BUNDLE` comes last. Parity: TLS-02.
pub(crate) const CA_BUNDLE: Checked<String> = row("AWS_CA_BUNDLE", "ca_bundle", text);

// Hosts. Parity: CFG-43, CFG-56, WIRE-11.
pub(crate) const USE_FIPS: Setting<bool> = row("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint", flag);
pub(crate) const USE_DUALSTACK: Setting<bool> =
    row("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint", flag);
pub(crate) const IGNORE_ENDPOINT_URLS: Setting<bool> =
    row("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls", flag);
/// Only `legacy` has an effect. v1: `compute_endpoint_resolver_builtin_defaults`. Parity: CFG-55.
pub(crate) const STS_IS_LEGACY: Checked<bool> =
    row("AWS_STS_REGIONAL_ENDPOINTS", "sts_regional_endpoints", |_, value| {
        let refused =
            "STS regional endpoints option {} is invalid. Valid options are: \"legacy\", \"regional\"";
        one_of(value, [("", false), ("legacy", true), ("regional", false)], refused)
    });

/// v1: `Session._resolve_defaults_mode`. Parity: CFG-53.
pub(crate) const DEFAULTS_MODE: Checked<&'static str> =
    row("AWS_DEFAULTS_MODE", "defaults_mode", defaults_mode);
/// v1: `Config._validate_retry_configuration`. Parity: CFG-51.
pub(crate) const RETRY_MODE: Checked<RetryMode> = row("AWS_RETRY_MODE", "retry_mode", |_, value| {
    let modes =
        [("legacy", RetryMode::Legacy), ("standard", RetryMode::Standard), ("adaptive", RetryMode::Adaptive)];
    let refused =
        "Invalid value provided to \"mode\": \"{}\" must be one of: ('legacy', 'standard', 'adaptive')";
    one_of(value, modes, refused)
});
/// v1: `ClientArgsCreator._compute_retry_max_attempts`. Parity: CFG-50.
pub(crate) const MAX_ATTEMPTS: Checked<i64> = row("AWS_MAX_ATTEMPTS", "max_attempts", integer);
/// Parity: CFG-76.
pub(crate) const TCP_KEEPALIVE: Setting<bool> = row("BOTOCORE_TCP_KEEPALIVE", "tcp_keepalive", flag);
pub(crate) const APP_ID: Setting<Option<String>> = row("AWS_SDK_UA_APP_ID", "sdk_ua_app_id", app_id);

// The instance metadata service. Parity: CFG-60, CFG-61, CRED-91.
pub(crate) const IMDS_TIMEOUT: Checked<i64> =
    row("AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout", integer);
pub(crate) const IMDS_ATTEMPTS: Checked<i64> =
    row("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "metadata_service_num_attempts", integer);
pub(crate) const IMDS_ENDPOINT: Checked<String> =
    row("AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint", text);
pub(crate) const IMDS_ENDPOINT_MODE: Checked<String> =
    row("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ec2_metadata_service_endpoint_mode", text);
pub(crate) const IMDS_V1_DISABLED: Setting<bool> =
    row("AWS_EC2_METADATA_V1_DISABLED", "ec2_metadata_v1_disabled", flag);
pub(crate) const IMDS_USE_IPV6: Setting<bool> = row("AWS_IMDS_USE_IPV6", "imds_use_ipv6", flag);

/// Parity: CFG-69, VAL-50.
pub(crate) const PARAMETER_VALIDATION: Setting<bool> =
    row("-", "parameter_validation", |_, value| value.is_none_or(|value| value.is_true()));
/// v1: `scalarparse.add_timestamp_parser`. Parity: CFG-66, OUT-09, OUT-11.
pub(crate) const TIMESTAMP_FORMAT: Checked<TimestampFormat> = row("-", "cli_timestamp_format", |_, value| {
    let refused =
        "Unknown cli_timestamp_format value: {}, valid values are \"none\", \"wire\" or \"iso8601\"";
    let [wire, iso8601] = [TimestampFormat::Wire, TimestampFormat::Iso8601];
    one_of(value, [("none", wire), ("wire", wire), ("iso8601", iso8601)], refused)
});
/// Whether a parameter that begins with `http://` or `https://` is fetched. Parity: CFG-75, VAL-11.
pub(crate) const FOLLOW_URLS: Setting<bool> =
    row("-", "cli_follow_urlparam", |_, value| value.is_none_or(|value| value.as_str() == Some("true")));
/// Whether binary values are raw. Parity: ARG-38.
pub(crate) const BINARY_IS_RAW: Setting<bool> =
    row("-", "cli_binary_format", |_, value| value == Some("raw-in-base64-out".into()));
/// Parity: CFG-70.
pub(crate) const CSM_ENABLED: Setting<bool> = row("AWS_CSM_ENABLED", "csm_enabled", flag);

/// Settings without effect on this operation that v1 checks in every client, in its order.
/// v1: `ClientArgsCreator.compute_client_args`. Parity: CFG-54, CFG-57 to CFG-59, CFG-69.
pub(super) static UNUSED: [Checked<()>; 7] = [
    row("AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES", "request_min_compression_size_bytes", compression_size),
    row("AWS_REQUEST_CHECKSUM_CALCULATION", "request_checksum_calculation", |_, value| {
        let refused = "Unsupported configuration value for request_checksum_calculation. Expected one of \
                       ('when_supported', 'when_required') but got {}.";
        check(lower(value), ["when_supported", "when_required"], refused)
    }),
    row("AWS_RESPONSE_CHECKSUM_VALIDATION", "response_checksum_validation", |_, value| {
        let refused = "Unsupported configuration value for response_checksum_validation. Expected one of \
                       ('when_supported', 'when_required') but got {}.";
        check(lower(value), ["when_supported", "when_required"], refused)
    }),
    row("AWS_ACCOUNT_ID_ENDPOINT_MODE", ACCOUNT_ID_MODE, |_, value| {
        let refused = "The configured value '{}' for 'account_id_endpoint_mode' is invalid. Valid values are: \
                       ('preferred', 'disabled', 'required').";
        check(lower(value), ["preferred", "disabled", "required"], refused)
    }),
    row("AWS_AUTH_SCHEME_PREFERENCE", "auth_scheme_preference", auth_schemes),
    row("AWS_S3_DISABLE_EXPRESS_SESSION_AUTH", "s3_disable_express_session_auth", s3_express),
    row("-", "s3", s3_style),
];
/// The one of them that is checked only where requests are signed.
pub(super) const ACCOUNT_ID_MODE: &str = "account_id_endpoint_mode";
/// The block of another service. Parity: CFG-59.
pub(super) const S3: Setting<Option<Value>> = row("-", "s3", |_, value| value);
/// Checked only; also `us_east_1_regional_endpoint` in the block [`S3`]. Parity: CFG-59.
pub(super) const S3_US_EAST_1: Setting<Option<Value>> =
    row("AWS_S3_US_EAST_1_REGIONAL_ENDPOINT", "s3_us_east_1_regional_endpoint", |_, value| value);

/// v1's `retry_mode`: which failures are repeated, and after what delay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RetryMode {
    Legacy,
    Standard,
    Adaptive,
}

/// How v1 prints the timestamps of a response: as they came, or in local time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimestampFormat {
    Wire,
    Iso8601,
}

/// Returns the text of a setting that must be one.
/// Errors: it is a block of indented lines; v1 stumbles over its type in various words (D1).
pub(crate) fn text(key: &str, value: Option<Value>) -> Result<Option<String>, Error> {
    match value {
        None => Ok(None),
        Some(Value::Str(text)) => Ok(Some(text)),
        Some(_) => {
            Err(failure!("The value of the setting \"{key}\" must be text, not a block of indented lines"))
        }
    }
}

/// Returns true for `true` in any case.
/// v1: `ensure_boolean`. Parity: CFG-56.
fn flag(_: &str, value: Option<Value>) -> bool {
    value.is_some_and(|value| value.is_true())
}

/// Returns the value as Python's `int()` reads it, or what comes nearest to it.
fn integer(key: &str, value: Option<Value>) -> Result<Option<i64>, Error> {
    Ok(text(key, value)?.map(|typed| int::clamped(&typed)).transpose()?)
}

/// Returns the meaning of the one of `values` that is configured.
/// Errors: `refused`, its `{}` the value as Python spells it, for any other value.
fn one_of<T, const N: usize>(
    value: Option<Value>,
    values: [(&str, T); N],
    refused: &str,
) -> Result<Option<T>, Error> {
    let Some(spelled) = value.map(|value| repr::str(&value)) else { return Ok(None) };
    let known = values.into_iter().find(|(name, _)| *name == spelled);
    known.map(|(_, meaning)| Some(meaning)).ok_or_else(|| failure!("{}", refused.replacen("{}", &spelled, 1)))
}

/// Checks that the value, where there is one, is one of `values`.
pub(super) fn check<const N: usize>(
    value: Option<Value>,
    values: [&str; N],
    refused: &str,
) -> Result<Option<()>, Error> {
    one_of(value, values.map(|name| (name, ())), refused)
}

/// Returns a text in lower case, all else as it is.
fn lower(value: Option<Value>) -> Option<Value> {
    value.map(|value| if let Value::Str(text) = value { text.to_lowercase().into() } else { value })
}

fn defaults_mode(key: &str, value: Option<Value>) -> Result<Option<&'static str>, Error> {
    const MODES: [&str; 6] = ["legacy", "auto", "standard", "in-region", "cross-region", "mobile"];
    let Some(typed) = text(key, value)? else { return Ok(None) };
    let known = MODES.into_iter().find(|mode| *mode == typed.to_lowercase());
    known.map(Some).ok_or_else(|| {
        failure!(
            "Client configured with invalid defaults mode: {typed}. Valid defaults modes include: {}.",
            MODES.join(", ")
        )
    })
}

/// Returns the id; of a block of indented lines the keys, `-` for each that is no piece of v1's alphabet: Python walks
/// over them as over the letters of a text.
/// v1: `sanitize_user_agent_string_component`. Parity: CFG-62, `session/app-id-block`.
fn app_id(_: &str, value: Option<Value>) -> Option<String> {
    const ALPHABET: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!$%&'*+-.^_`|~,";
    let piece = |key: &String| if ALPHABET.contains(key) { key.clone() } else { "-".to_owned() };
    match value? {
        Value::Dict(block) => Some(block.members.keys().map(piece).collect()),
        value => value.as_str().map(str::to_owned),
    }
}

fn compression_size(_: &str, value: Option<Value>) -> Result<Option<()>, Error> {
    let Some(value) = value else { return Ok(None) };
    let spelled = repr::str(&value);
    match value.as_str().and_then(|text| int::clamped(text).ok()) {
        None => Err(failure!(
            "Invalid value \"{spelled}\" for request_min_compression_size_bytes. Value must be an integer. Received \
             <class '{}'> instead.",
            value.type_name()
        )),
        Some(1..=1_048_576) => Ok(Some(())),
        Some(_) => Err(failure!(
            "Invalid value \"{spelled}\" for request_min_compression_size_bytes. Value must be between 1 and 1048576."
        )),
    }
}

fn auth_schemes(_: &str, value: Option<Value>) -> Result<Option<()>, Error> {
    match value {
        Some(value @ Value::Dict(_)) => Err(failure!(
            "auth_scheme_preference must be a comma-delimited string. Received <class 'dict'> instead: {}.",
            repr::str(&value)
        )),
        _ => Ok(None),
    }
}

fn s3_express(_: &str, value: Option<Value>) -> Result<Option<()>, Error> {
    let typed = value.as_ref().map(repr::str).unwrap_or_default();
    check(lower(value), ["true", "false"], "").map_err(|_| {
        failure!("Invalid value \"{typed}\" for s3_disable_express_session_auth. Value must be a boolean")
    })
}

/// Checks the block; v1 ignores a text, but stumbles over an empty one (D1).
/// v1: `SectionConfigProvider.provide`, `Config._validate_s3_configuration`. Parity: CFG-59.
fn s3_style(_: &str, value: Option<Value>) -> Result<Option<()>, Error> {
    let style = match value {
        Some(Value::Dict(block)) => block.get("addressing_style").cloned(),
        Some(value) if value.is_empty() => {
            return Err(failure!("The setting \"s3\" must be a block of indented lines"));
        }
        _ => None,
    };
    let refused = "S3 addressing style {} is invalid. Valid options are: 'auto', 'virtual', and 'path'";
    check(style, ["virtual", "auto", "path"], refused)
}
