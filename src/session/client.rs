//! The settings of a service's client, checked in v1's order, which decides what is reported first.
//!
//! Mirrors `botocore.session.Session.create_client`, `botocore.args.ClientArgsCreator`, `botocore.config.Config` and
//! `awscli.customizations.globalargs`.

use std::time::Duration;

use super::config::Config;
use super::endpoint::{self, BACKUP, EndpointVariant, GLOBAL, STS, Service};
use super::{Endpoint, Retry, RetryMode, Session, Transport, Trust, settings};
use crate::cli::{Globals, OptionValue, OutputFormat};
use crate::error::{Error, failure};
use crate::host;
use crate::python::{Value, int, text};

/// Checks the global options in v1's order, which is not that of argv: endpoint URL, read timeout, connect timeout.
/// Errors: the URL has no scheme, or a timeout is no integer.
/// v1: `resolve_types`, `resolve_cli_read_timeout`. Parity: ORD-02, CFG-44, ARG-32.
pub(crate) fn check_globals(globals: &Globals) -> Result<(), Error> {
    if let Some(typed) = globals.endpoint_url.as_ref().map(OptionValue::as_str)
        && Endpoint::of(typed)?.scheme.is_empty()
    {
        return Err(failure!(
            "Bad value for --endpoint-url \"{typed}\": scheme is missing.  Must be of the form http://<hostname>/ or \
             https://<hostname>/"
        ));
    }
    int::of(&seconds(globals.cli_read_timeout.as_ref()))?;
    int::of(&seconds(globals.cli_connect_timeout.as_ref()))?;
    Ok(())
}

/// Returns a timeout as typed; 60 where it is not.
fn seconds(typed: Option<&OptionValue>) -> Value {
    typed.map_or_else(|| "60".into(), OptionValue::to_value)
}

/// Returns the timeout `name` (`read` or `connect`); `None` waits for ever (typed as `0`).
/// Errors: it is negative, or too large for a float.
/// v1: `urllib3.util.timeout.Timeout._validate_timeout`. Parity: TIME-01, TIME-04, TIME-05.
fn timeout(name: &str, typed: Option<&OptionValue>) -> Result<Option<Duration>, Error> {
    let seconds = int::of(&seconds(typed))?;
    match int::clamp(&seconds) {
        _ if seconds.bits() > 1024 => Err(failure!("int too large to convert to float")),
        ..0 => Err(failure!(
            "Attempted to set {name} timeout to {seconds}, but the timeout cannot be set to a value less than or \
             equal to 0."
        )),
        0 => Ok(None),
        clamped => Ok(Some(Duration::from_secs(clamped.unsigned_abs()))),
    }
}

/// Returns the output format.
/// Errors: a name that v1 does not know; a table in no known colour (`--color=--`); the selected profile does not
/// exist.
/// v1: `CLIOperationCaller._display_response`. Parity: CFG-65, OUT-12, ARG-30.
pub(crate) fn output_format(config: &Config<'_>, globals: &Globals) -> Result<OutputFormat, Error> {
    let typed = globals.output.as_ref().map(OptionValue::as_str);
    let format = config.typed_or(typed, &settings::OUTPUT)??.unwrap_or(OutputFormat::Json);
    if format == OutputFormat::Table && globals.color == Some(OptionValue::EmptyList) {
        return Err(failure!("Unknown color option: []"));
    }
    Ok(format)
}

/// Returns the region; `None` where neither option (also an empty one), environment nor profile give one.
/// Errors: it is no host label, the option is an empty list (D1), or the selected profile does not exist.
/// v1: `Session._resolve_region_name`. Parity: CFG-02, CFG-07, ARG-34.
pub(crate) fn region(config: &Config<'_>, globals: &Globals) -> Result<Option<String>, Error> {
    if globals.region == Some(OptionValue::EmptyList) {
        return Err(failure!("Bad value for --region: it cannot be --"));
    }
    let region =
        config.typed_or(globals.region.as_ref().and_then(OptionValue::text), &settings::REGION)??;
    region.as_deref().map_or(Ok(()), check_region)?;
    Ok(region)
}

/// Returns the region of the services that give credentials: as [`region`], but an empty option counts as none, and the
/// value is not checked yet.
/// Errors: the selected profile does not exist.
/// v1: `CLIDriver._handle_top_level_args`, `get_config_variable('region')`. Parity: CRED-21.
pub(crate) fn sts_region(config: &Config<'_>, globals: &Globals) -> Result<Option<String>, Error> {
    let typed = globals.region.as_ref().and_then(OptionValue::text);
    config.typed_or(typed.filter(|typed| !typed.is_empty()), &settings::REGION)?
}

/// Refuses a region that is no host label; an empty one is, and a line end after it is not seen.
/// v1: `validate_region_name`. Parity: CFG-09.
fn check_region(region: &str) -> Result<(), Error> {
    let label = region.strip_suffix('\n').unwrap_or(region);
    let only = |allowed: fn(&u8) -> bool| label.as_bytes().iter().all(allowed);
    let fits = label.len() <= 63
        && only(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
        && !(label.starts_with('-') || label.ends_with('-'))
        && (label.is_empty() || !only(u8::is_ascii_digit));
    let refused = || failure!("Provided region_name '{region}' doesn't match a supported format.");
    if fits { Ok(()) } else { Err(refused()) }
}

/// Returns v1's error for a client without a region.
/// Parity: CFG-03.
fn no_region() -> Error {
    let message =
        "You must specify a region. You can also configure your region by running \"aws configure\".";
    Error::Setup(message.to_owned())
}

impl Session {
    /// Returns the session of `service` in `region`; `instance_region` is that of the instance, where it is needed.
    /// `--endpoint-url`, `--ca-bundle` and `--no-verify-ssl` reach AWS Backup only, the timeouts and `--no-sign-request`
    /// all services. Only the security token service works without a region.
    /// Errors: the first setting that v1 refuses; no region.
    /// v1: `CLIOperationCaller.invoke`. Parity: ORD-04, CFG-74, CRED-23.
    pub(crate) fn resolve(
        config: &Config<'_>,
        globals: &Globals,
        service: Service,
        region: Option<&str>,
        instance_region: Option<String>,
    ) -> Result<Self, Error> {
        region.map_or(Ok(()), check_region)?;
        let own = Some(globals).filter(|_| service == BACKUP);
        let mode = config.value(&settings::DEFAULTS_MODE)??.unwrap_or("legacy");
        let url = match own.and_then(|globals| globals.endpoint_url.as_ref()) {
            Some(url) => Some(url.as_str().to_owned()),
            None => endpoint::configured(config, service)?,
        };
        let resolved = region.or((service == STS).then_some(GLOBAL)).ok_or_else(no_region)?;
        let variant = EndpointVariant::of(config, resolved)?;
        let max_attempts = config.value(&settings::MAX_ATTEMPTS)??;
        for setting in &settings::UNUSED {
            if !globals.no_sign_request || setting.key != settings::ACCOUNT_ID_MODE {
                config.value(setting)??;
            }
        }
        let retry = retry(config, max_attempts, mode)?;
        let (url, signing_region) = match url {
            Some(_) if region.is_none() => return Err(no_region()),
            Some(url) => (url, variant.region),
            None => variant.into_default(config, service)?,
        };
        let endpoint = Endpoint::parse(&url)?;
        let mut transport = transport(config, globals, own)?;
        let default_timeout = || connect_timeout(mode, config, region, instance_region.as_deref());
        transport.connect_timeout = transport.connect_timeout.or_else(default_timeout);
        check_regional_endpoints(config)?;
        let app_id = config.value(&settings::APP_ID)?;
        Ok(Self { region: signing_region, endpoint, transport, retry, app_id, instance_region })
    }
}

/// Returns true where a client needs to know in which region the program runs, which only the instance knows.
/// v1: `SmartDefaultsConfigStoreFactory.resolve_auto_mode`. Parity: CFG-53.
pub(crate) fn needs_instance_region(config: &Config<'_>) -> bool {
    matches!(config.value(&settings::DEFAULTS_MODE), Ok(Ok(Some("auto")))) && current_region(config).is_none()
}

/// Returns the region in which the program runs, where `AWS_EXECUTION_ENV` says that AWS runs it.
/// v1: `SmartDefaultsConfigStoreFactory.resolve_auto_mode`. Parity: CFG-53.
fn current_region<'c>(config: &Config<'c>) -> Option<&'c str> {
    config.host.env_filled("AWS_EXECUTION_ENV")?;
    let region = config.host.env("AWS_REGION").or_else(|| config.host.env("AWS_DEFAULT_REGION"));
    region.filter(|region| !region.is_empty())
}

/// Returns the longest wait for a connection of a client in `region` whose timeout is switched off (typed as `0`);
/// `None` waits for ever. `instance` is the region of the instance.
/// v1: `_compute_connect_timeout`, `sdk-default-configuration.json`. Parity: CFG-53, TIME-04.
fn connect_timeout(
    mode: &str,
    config: &Config<'_>,
    region: Option<&str>,
    instance: Option<&str>,
) -> Option<Duration> {
    let milliseconds = match mode {
        "auto" => match current_region(config).or(instance) {
            Some(here) if region == Some(here) => 1100,
            _ => 3100,
        },
        "in-region" => 1100,
        "standard" | "cross-region" => 3100,
        "mobile" => 30_000,
        _ => return None,
    };
    Some(Duration::from_millis(milliseconds))
}

/// Returns the retry settings.
/// v1: `Config._validate_retry_configuration`, `ClientCreator._register_retries`. Parity: CFG-50, CFG-52, RETRY-03.
fn retry(config: &Config<'_>, max_attempts: Option<i64>, mode: &str) -> Result<Retry, Error> {
    if let Some(attempts) = max_attempts.filter(|attempts| *attempts < 1) {
        return Err(failure!(
            "Value provided to \"max_attempts\": {attempts} must be an integer greater than or equal to 1."
        ));
    }
    let new_delays = config.host.env("AWS_NEW_RETRIES_2026").is_some_and(text::is_true);
    let default = if new_delays || mode != "legacy" { RetryMode::Standard } else { RetryMode::Legacy };
    let mode = config.value(&settings::RETRY_MODE)??.unwrap_or(default);
    let attempts = if mode == RetryMode::Legacy { 5 } else { 3 };
    let max_attempts = max_attempts.map_or(attempts, i64::unsigned_abs);
    Ok(Retry { mode, max_attempts, new_delays })
}

/// Returns how connections are made; `own` are the options where they reach this client.
/// v1: `EndpointCreator.create_endpoint`, `URLLib3Session`. Parity: TIME-05, TLS-02, CFG-76.
fn transport(config: &Config<'_>, globals: &Globals, own: Option<&Globals>) -> Result<Transport, Error> {
    Ok(Transport {
        trust: trust(config, own)?,
        connect_timeout: timeout("connect", globals.cli_connect_timeout.as_ref())?,
        read_timeout: timeout("read", globals.cli_read_timeout.as_ref())?,
        keepalive: config.value(&settings::TCP_KEEPALIVE)?,
    })
}

/// Returns what certificates are checked against: `--no-verify-ssl`, `--ca-bundle`, environment, profile,
/// `REQUESTS_CA_BUNDLE`, the roots compiled in.
/// v1: `resolve_verify_ssl`, `EndpointCreator._get_verify_value`. Parity: TLS-02, TLS-03.
fn trust(config: &Config<'_>, own: Option<&Globals>) -> Result<Trust, Error> {
    if own.is_some_and(|globals| globals.no_verify_ssl) {
        return Ok(Trust::Unverified);
    }
    let typed = own.and_then(|globals| globals.ca_bundle.as_ref()?.text());
    let configured = config.typed_or(typed, &settings::CA_BUNDLE)??;
    let requests = || config.host.env("REQUESTS_CA_BUNDLE").map(str::to_owned);
    let Some(path) = configured.or_else(requests) else { return Ok(Trust::Bundled) };
    if text::strip(&path).is_empty() {
        return Err(failure!(
            "Invalid CA bundle: the configured value (ca_bundle, AWS_CA_BUNDLE, REQUESTS_CA_BUNDLE, or verify) \
             resolved to an empty or whitespace-only string. Provide a valid path to a CA bundle file."
        ));
    }
    Ok(Trust::File(host::path(&config.host.expand_user(&path)))) // by urllib3's connection
}

/// Refuses bad values of the two settings that choose between regional and global hosts.
/// v1: `compute_endpoint_resolver_builtin_defaults`. Parity: CFG-55, CFG-59.
fn check_regional_endpoints(config: &Config<'_>) -> Result<(), Error> {
    config.value(&settings::STS_IS_LEGACY)??;
    let in_block = match config.value(&settings::S3)? {
        Some(Value::Dict(block)) => block.get("us_east_1_regional_endpoint").cloned(),
        Some(_) => return Ok(()), // and with the text v1 ignores the environment
        None => None,
    };
    let value = config.value(&settings::S3_US_EAST_1)?.or(in_block);
    let refused =
        "S3 us-east-1 regional endpoint option {} is invalid. Valid options are: \"legacy\", \"regional\"";
    settings::check(value, ["legacy", "regional"], refused).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Host;

    #[test]
    fn connect_timeouts_of_the_defaults_modes() {
        let host = Host::fake(&[]);
        let config = Config::load(&host).unwrap();
        for (mode, instance, expected) in [
            ("legacy", None, None),
            ("in-region", None, Some(1100)),
            ("standard", None, Some(3100)),
            ("cross-region", None, Some(3100)),
            ("mobile", None, Some(30_000)),
            ("auto", Some("here"), Some(1100)),
            ("auto", Some("there"), Some(3100)),
            ("auto", None, Some(3100)),
        ] {
            let found = connect_timeout(mode, &config, Some("here"), instance);
            assert_eq!(found, expected.map(Duration::from_millis), "{mode} {instance:?}");
        }
    }

    #[test]
    fn timeouts_are_integers_above_zero() {
        let rows = [
            (None, "Some(60s)"),
            (Some("0"), "None"),
            (Some(" +1_0 "), "Some(10s)"),
            (
                Some("-1"),
                "Attempted to set read timeout to -1, but the timeout cannot be set to a value less than or equal \
                 to 0.",
            ),
            (Some("1.5"), "invalid literal for int() with base 10: '1.5'"),
        ];
        for (typed, expected) in rows {
            let found = timeout("read", typed.map(OptionValue::from).as_ref());
            let found =
                found.map_or_else(|error| error.text().trim().to_owned(), |value| format!("{value:?}"));
            assert_eq!(found, expected, "{typed:?}");
        }
    }
}
