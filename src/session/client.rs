//! The settings of a service's client, checked in v1's order, which decides what is reported first.
//!
//! Mirrors `botocore.session.Session.create_client`, `botocore.args.ClientArgsCreator` and `botocore.config.Config`.
//! Many settings are only checked: they have no effect on this operation, but a bad value ends the run.

use super::config::{Config, expect_text};
use super::defaults::Mode;
use super::endpoint::{self, BACKUP, EndpointVariant, GLOBAL, STS, Service};
use super::imds::integer;
use super::settings;
use super::{Endpoint, Retry, RetryMode, Session, Transport, Trust, checks, unused};
use crate::cli::{self, Globals};
use crate::error::{Error, failure};
use crate::host;
use crate::python::{Value, repr, text};

/// Returns the region: option (also an empty one), environment, profile; `None` where none of them gives one.
/// Errors: it is no host label, the option is an empty list (D1), or the selected profile does not exist.
/// v1: `Session._resolve_region_name`, `validate_region_name`. Parity: CFG-02, CFG-07, CFG-08, CFG-09, ARG-34.
pub(crate) fn region(config: &Config<'_>, globals: &Globals) -> Result<Option<String>, Error> {
    let configured = match &globals.region {
        Some(typed) if typed == cli::EMPTY_LIST => {
            return Err(failure!("Bad value for --region: it cannot be --"));
        }
        Some(typed) => Some(Value::from(typed.as_str())),
        None => config.value(&settings::REGION)?,
    };
    let Some(region) = configured else { return Ok(None) };
    let region = expect_text("region", &region)?;
    check_region(region)?;
    Ok(Some(region.to_owned()))
}

/// Returns the region of the security token service: as [`region`], but an empty option counts as none, and the value
/// is not checked yet.
/// Errors: the selected profile does not exist.
/// v1: `CLIDriver._handle_top_level_args`, `get_config_variable('region')`. Parity: CRED-21.
pub(crate) fn sts_region(config: &Config<'_>, globals: &Globals) -> Result<Option<String>, Error> {
    let configured = match globals.region.as_deref().filter(|typed| !typed.is_empty()) {
        Some(typed) => Some(Value::from(typed)),
        None => config.value(&settings::REGION)?,
    };
    configured.as_ref().map(|region| expect_text("region", region).map(str::to_owned)).transpose()
}

/// Refuses a region that is no host label; an empty one is, and a line end after it is not seen.
/// Errors: the region is refused.
/// v1: `validate_region_name`. Parity: CFG-09.
pub(crate) fn check_region(region: &str) -> Result<(), Error> {
    let label = region.strip_suffix('\n').unwrap_or(region);
    let only = |allowed: fn(&u8) -> bool| label.as_bytes().iter().all(allowed);
    let fits = label.len() <= 63
        && only(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
        && !(label.starts_with('-') || label.ends_with('-'))
        && (label.is_empty() || !only(u8::is_ascii_digit));
    if fits {
        Ok(())
    } else {
        Err(failure!("Provided region_name '{region}' doesn't match a supported format."))
    }
}

impl Session {
    /// Returns the session of AWS Backup; `region` comes from [`region`], `instance_region` from the instance.
    /// Errors: the first setting that v1 refuses; no region.
    /// v1: `CLIOperationCaller.invoke`. Parity: ORD-04, CFG-03, CFG-40 to CFG-59, CFG-74.
    pub(crate) fn resolve(
        config: &Config<'_>,
        globals: &Globals,
        region: Option<&str>,
        instance_region: Option<String>,
    ) -> Result<Self, Error> {
        let typed = ServiceOptions {
            instance_region,
            endpoint_url: globals.endpoint_url.as_deref(),
            no_verify_ssl: globals.no_verify_ssl,
            ca_bundle: globals.ca_bundle.as_deref(),
        };
        Self::of(config, globals, BACKUP, region, typed)
    }

    /// Returns the session of another service; only the security token service works without a region.
    /// `--endpoint-url`, `--ca-bundle` and `--no-verify-ssl` do not reach it, the timeouts and `--no-sign-request`
    /// do.
    /// Errors: those of [`Session::resolve`], and a region that is refused.
    /// Parity: CRED-21, CRED-22, CRED-23, CRED-65.
    pub(crate) fn of_service(
        config: &Config<'_>,
        globals: &Globals,
        service: Service,
        region: Option<&str>,
        instance_region: Option<String>,
    ) -> Result<Self, Error> {
        region.map_or(Ok(()), check_region)?;
        let typed = ServiceOptions { instance_region, ..ServiceOptions::default() };
        Self::of(config, globals, service, region, typed)
    }

    /// Returns the session of any service, each setting checked when v1 checks it.
    fn of(
        config: &Config<'_>,
        globals: &Globals,
        service: Service,
        region: Option<&str>,
        typed: ServiceOptions<'_>,
    ) -> Result<Self, Error> {
        let signed = !globals.no_sign_request;
        let mode = Mode::of(config)?;
        let configured = match typed.endpoint_url {
            Some(url) => Some(url.to_owned()),
            None => endpoint::configured(config, service)?,
        };
        let variant = variant(config, if service == STS { region.or(Some(GLOBAL)) } else { region })?;
        let max_attempts = max_attempts(config)?;
        unused::check(config, signed)?;
        let retry = retry(config, max_attempts, mode)?;
        let default_timeout = mode.connect_timeout(config, region, typed.instance_region.as_deref());
        let (url, region) = match &configured {
            Some(_) if region.is_none() => return Err(no_region()),
            Some(url) => (url.clone(), variant.region),
            None => default_url(config, service, variant)?,
        };
        let endpoint = Endpoint::parse(&url)?;
        let mut transport = transport(config, globals, &typed)?;
        transport.connect_timeout = transport.connect_timeout.or(default_timeout);
        unused::check_regional_endpoints(config)?;
        let app_id = app_id(config)?;
        Ok(Self { region, endpoint, transport, retry, app_id, instance_region: typed.instance_region })
    }
}

/// The region of the instance, and the global options that reach the client of one service only.
#[derive(Default)]
struct ServiceOptions<'a> {
    /// `None` where it is not known, or need not be.
    instance_region: Option<String>,
    /// `--endpoint-url`
    endpoint_url: Option<&'a str>,
    /// `--no-verify-ssl`
    no_verify_ssl: bool,
    /// `--ca-bundle`
    ca_bundle: Option<&'a str>,
}

/// Returns the region and variant of the endpoint.
/// v1: `ClientEndpointBridge.resolve`. Parity: CFG-03, WIRE-12.
fn variant(config: &Config<'_>, region: Option<&str>) -> Result<EndpointVariant, Error> {
    let variant = EndpointVariant::of(config, region.ok_or_else(no_region)?)?;
    variant.check()?;
    Ok(variant)
}

/// Returns the URL of `service` where none is configured, and the region that its requests are signed for.
/// v1: `ClientArgsCreator._compute_sts_endpoint_config`. Parity: CRED-21, WIRE-10.
fn default_url(
    config: &Config<'_>,
    service: Service,
    variant: EndpointVariant,
) -> Result<(String, String), Error> {
    if service == STS && variant.is_global_sts(config)? {
        return Ok(("https://sts.amazonaws.com".to_owned(), "us-east-1".to_owned()));
    }
    let url = variant.default_url(service);
    let region =
        if service == STS && variant.region == GLOBAL { "us-east-1".to_owned() } else { variant.region };
    Ok((url, region))
}

/// Returns v1's error for a client without a region.
/// Parity: CFG-03.
fn no_region() -> Error {
    let message =
        "You must specify a region. You can also configure your region by running \"aws configure\".";
    Error::Setup(message.to_owned())
}

/// Returns `max_attempts`; `None` where the retry mode decides.
/// v1: `ClientArgsCreator._compute_retry_max_attempts`. Parity: CFG-50.
fn max_attempts(config: &Config<'_>) -> Result<Option<i64>, Error> {
    let value = config.value(&settings::MAX_ATTEMPTS)?;
    value.map(|value| integer(&settings::MAX_ATTEMPTS, Some(value))).transpose()
}

/// Returns the retry settings.
/// v1: `Config._validate_retry_configuration`, `ClientCreator._register_retries`.
/// Parity: CFG-50, CFG-51, CFG-52, CFG-53, RETRY-01, RETRY-03.
fn retry(config: &Config<'_>, max_attempts: Option<i64>, mode: Mode) -> Result<Retry, Error> {
    if let Some(attempts) = max_attempts.filter(|attempts| *attempts < 1) {
        return Err(failure!(
            "Value provided to \"max_attempts\": {attempts} must be an integer greater than or equal to 1."
        ));
    }
    let new_delays = config.host.env("AWS_NEW_RETRIES_2026").is_some_and(text::is_true);
    let default = if new_delays || !mode.is_legacy() { "standard" } else { "legacy" };
    let value = config.value(&settings::RETRY_MODE)?.unwrap_or_else(|| Value::from(default));
    let (mode, attempts) = match value.as_str() {
        Some("legacy") => (RetryMode::Legacy, 5),
        Some("standard") => (RetryMode::Standard, 3),
        Some("adaptive") => (RetryMode::Adaptive, 3),
        _ => {
            return Err(failure!(
                "Invalid value provided to \"mode\": \"{}\" must be one of: ('legacy', 'standard', 'adaptive')",
                repr::str(&value)
            ));
        }
    };
    let max_attempts = max_attempts.map_or(attempts, i64::unsigned_abs);
    Ok(Retry { mode, max_attempts, new_delays })
}

/// Returns the timeouts and the trusted certificates.
/// v1: `EndpointCreator.create_endpoint`, `URLLib3Session`. Parity: TIME-05, TLS-02, TLS-03, CFG-76.
fn transport(config: &Config<'_>, globals: &Globals, typed: &ServiceOptions<'_>) -> Result<Transport, Error> {
    let trust = trust(config, typed)?;
    let connect_timeout = checks::timeout("connect", globals.cli_connect_timeout.as_deref())?;
    let read_timeout = checks::timeout("read", globals.cli_read_timeout.as_deref())?;
    let keepalive = config.value(&settings::TCP_KEEPALIVE)?;
    Ok(Transport { connect_timeout, read_timeout, trust, keepalive })
}

/// Returns `sdk_ua_app_id`; of a block of indented lines the keys, `-` for each that is no piece of v1's alphabet:
/// Python walks over them as over the letters of a text.
/// v1: `sanitize_user_agent_string_component`. Parity: CFG-62.
fn app_id(config: &Config<'_>) -> Result<Option<String>, Error> {
    const ALPHABET: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!$%&'*+-.^_`|~,";
    let piece = |key: &String| if ALPHABET.contains(key) { key.clone() } else { "-".to_owned() };
    Ok(match config.value(&settings::APP_ID)? {
        Some(Value::Dict(block)) => Some(block.members.keys().map(piece).collect()),
        value => value.as_ref().and_then(Value::as_str).map(str::to_owned),
    })
}

/// Returns what certificates are checked against: `--no-verify-ssl`, `--ca-bundle`, environment, profile,
/// `REQUESTS_CA_BUNDLE`, the roots compiled in.
/// v1: `resolve_verify_ssl`, `EndpointCreator._get_verify_value`. Parity: TLS-02, TLS-03.
fn trust(config: &Config<'_>, typed: &ServiceOptions<'_>) -> Result<Trust, Error> {
    if typed.no_verify_ssl {
        return Ok(Trust::Unverified);
    }
    let configured = match typed.ca_bundle {
        Some(path) => Some(Value::from(path)),
        None => config.value(&settings::CA_BUNDLE)?,
    };
    let requests = || config.host.env("REQUESTS_CA_BUNDLE").map(Value::from);
    let Some(path) = configured.or_else(requests) else { return Ok(Trust::Bundled) };
    let path = expect_text("ca_bundle", &path)?;
    if text::strip(path).is_empty() {
        return Err(failure!(
            "Invalid CA bundle: the configured value (ca_bundle, AWS_CA_BUNDLE, REQUESTS_CA_BUNDLE, or verify) \
             resolved to an empty or whitespace-only string. Provide a valid path to a CA bundle file."
        ));
    }
    Ok(Trust::File(host::path(&config.host.expand_user(path)))) // by urllib3's connection
}
