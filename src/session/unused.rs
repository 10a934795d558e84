//! Settings without effect on this operation whose values v1 checks in every client: a bad one ends the run.
//!
//! Mirrors `botocore.args.ClientArgsCreator` and `botocore.config.Config`.

use super::config::Config;
use super::settings::{self, Setting};
use crate::error::{Error, failure};
use crate::python::{Dict, Value, int, repr};

/// A setting that has one of a few values.
struct Choice {
    setting: Setting,
    /// The values that v1 takes, in lower case.
    values: &'static [&'static str],
    /// True where the value counts in lower case.
    folded: bool,
    /// v1's error; `{}` is the value, `{lower}` the same in lower case.
    error: &'static str,
}

/// Parity: CFG-57.
const CHECKSUMS: [Choice; 2] = [
    Choice {
        setting: settings::REQUEST_CHECKSUM,
        values: &["when_supported", "when_required"],
        folded: true,
        error: "Unsupported configuration value for request_checksum_calculation. Expected one of \
                ('when_supported', 'when_required') but got {lower}.",
    },
    Choice {
        setting: settings::RESPONSE_CHECKSUM,
        values: &["when_supported", "when_required"],
        folded: true,
        error: "Unsupported configuration value for response_checksum_validation. Expected one of \
                ('when_supported', 'when_required') but got {lower}.",
    },
];
/// Parity: CFG-54.
const ACCOUNT_ID_MODE: Choice = Choice {
    setting: settings::ACCOUNT_ID_ENDPOINT_MODE,
    values: &["preferred", "disabled", "required"],
    folded: true,
    error: "The configured value '{lower}' for 'account_id_endpoint_mode' is invalid. Valid values are: ('preferred', \
            'disabled', 'required').",
};
/// Parity: CFG-59.
const S3_EXPRESS: Choice = Choice {
    setting: settings::S3_DISABLE_EXPRESS,
    values: &["true", "false"],
    folded: true,
    error: "Invalid value \"{}\" for s3_disable_express_session_auth. Value must be a boolean",
};
/// Parity: CFG-55.
const STS_ENDPOINTS: Choice = Choice {
    setting: settings::STS_REGIONAL_ENDPOINTS,
    values: &["", "legacy", "regional"],
    folded: false,
    error: "STS regional endpoints option {} is invalid. Valid options are: \"legacy\", \"regional\"",
};

impl Choice {
    /// Checks that the setting, where it has a value, has one of these.
    fn check(&self, config: &Config<'_>) -> Result<(), Error> {
        let Some(value) = config.value(&self.setting)? else { return Ok(()) };
        let spelled = repr::str(&value);
        let lower = value.as_str().map_or_else(|| spelled.clone(), str::to_lowercase);
        if self.values.contains(&if self.folded { lower.as_str() } else { spelled.as_str() }) {
            return Ok(());
        }
        Err(match self.error.split_once("{lower}") {
            Some((before, after)) => failure!("{before}{lower}{after}"),
            None => failure!("{}", self.error.replacen("{}", &spelled, 1)),
        })
    }
}

/// Checks in v1's order compression, checksums, account ids and signatures, then what another service has.
/// Errors: the first bad value; the selected profile does not exist.
/// v1: `ClientArgsCreator.compute_client_args`. Parity: CFG-54, CFG-57, CFG-58, CFG-59.
pub(super) fn check(config: &Config<'_>, signed: bool) -> Result<(), Error> {
    check_compression_size(config)?;
    let choices = CHECKSUMS.iter().chain(signed.then_some(&ACCOUNT_ID_MODE));
    { choices }.try_for_each(|choice| choice.check(config))?;
    if let Some(value @ Value::Dict(_)) = config.value(&settings::AUTH_SCHEME_PREFERENCE)? {
        return Err(failure!(
            "auth_scheme_preference must be a comma-delimited string. Received <class 'dict'> instead: {}.",
            repr::str(&value)
        ));
    }
    check_s3(config)
}

/// Checks the size from which a body is compressed.
/// v1: `ClientArgsCreator._validate_min_compression_size`. Parity: CFG-58.
fn check_compression_size(config: &Config<'_>) -> Result<(), Error> {
    let value = config.value(&settings::MIN_COMPRESSION_SIZE)?.unwrap_or(Value::None);
    let spelled = repr::str(&value);
    let Some(size) = value.as_str().and_then(|text| int::clamped(text).ok()) else {
        return Err(failure!(
            "Invalid value \"{spelled}\" for request_min_compression_size_bytes. Value must be an integer. Received \
             <class '{}'> instead.",
            value.type_name()
        ));
    };
    if !(1..=1_048_576).contains(&size) {
        return Err(failure!(
            "Invalid value \"{spelled}\" for request_min_compression_size_bytes. Value must be between 1 and 1048576."
        ));
    }
    Ok(())
}

/// Checks the settings of another service.
/// v1: `_validate_s3_disable_express_session_auth`, `Config._validate_s3_configuration`. Parity: CFG-59.
fn check_s3(config: &Config<'_>) -> Result<(), Error> {
    S3_EXPRESS.check(config)?;
    match S3::of(config)? {
        S3::Empty => Err(failure!("The setting \"s3\" must be a block of indented lines")),
        S3::Ignored => Ok(()),
        S3::Block(block) => match block.and_then(|block| block.get("addressing_style")).map(repr::str) {
            Some(style) if !matches!(style.as_str(), "virtual" | "auto" | "path") => Err(failure!(
                "S3 addressing style {style} is invalid. Valid options are: 'auto', 'virtual', and 'path'"
            )),
            _ => Ok(()),
        },
    }
}

/// The profile's entry `s3`.
enum S3<'c> {
    /// A text: v1 ignores it, and with it the environment's value.
    Ignored,
    /// An empty text, over which v1 stumbles (D1).
    Empty,
    /// A block, or none.
    Block(Option<&'c Dict>),
}

impl<'c> S3<'c> {
    /// Returns the entry of the selected profile.
    /// v1: `SectionConfigProvider.provide`. Parity: CFG-59.
    fn of(config: &'c Config<'_>) -> Result<Self, Error> {
        Ok(match config.selected_profile()?.get("s3") {
            None => Self::Block(None),
            Some(Value::Dict(block)) => Self::Block(Some(block)),
            Some(value) if value.as_str() == Some("") => Self::Empty,
            Some(_) => Self::Ignored,
        })
    }
}

/// Refuses bad values of the two settings that choose between regional and global hosts.
/// v1: `compute_endpoint_resolver_builtin_defaults`. Parity: CFG-55.
pub(super) fn check_regional_endpoints(config: &Config<'_>) -> Result<(), Error> {
    STS_ENDPOINTS.check(config)?;
    let S3::Block(block) = S3::of(config)? else { return Ok(()) };
    let in_block = || block.and_then(|block| block.get("us_east_1_regional_endpoint")).cloned();
    match config.value(&settings::S3_US_EAST_1)?.or_else(in_block).as_ref().map(repr::str) {
        Some(value) if !matches!(value.as_str(), "legacy" | "regional") => Err(failure!(
            "S3 us-east-1 regional endpoint option {value} is invalid. Valid options are: \"legacy\", \"regional\""
        )),
        _ => Ok(()),
    }
}
