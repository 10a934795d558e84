//! What v1 checks before it looks at the command, and the single settings that other modules use.
//!
//! Mirrors `awscli.customizations.globalargs`, `awscli.customizations.scalarparse`, `awscli.paramfile` and
//! `awscli.clidriver`. The settings of the client itself are in [`super::client`].

use std::time::Duration;

use super::config::Config;
use super::{OutputFormat, TimestampFormat, settings, url};
use crate::cli::{self, Globals};
use crate::error::{Error, failure};
use crate::python::{Value, int, repr};

/// The timeout of connecting and of reading where the option is not typed, in seconds.
const DEFAULT_TIMEOUT: &str = "60";

/// Checks the global options in v1's order, which is not that of argv: endpoint URL, read timeout, connect timeout.
/// Errors: the URL has no scheme, or a timeout is no integer.
/// v1: `resolve_types`, `resolve_cli_read_timeout`, `resolve_cli_connect_timeout`.
/// Parity: ORD-02, CFG-44, ARG-32, ARG-33, TIME-06.
pub(crate) fn globals(globals: &Globals) -> Result<(), Error> {
    if let Some(typed) = &globals.endpoint_url
        && url::scheme(typed)?.is_empty()
    {
        return Err(failure!(
            "Bad value for --endpoint-url \"{typed}\": scheme is missing.  Must be of the form http://<hostname>/ or \
             https://<hostname>/"
        ));
    }
    int::of(&seconds(globals.cli_read_timeout.as_deref()))?;
    int::of(&seconds(globals.cli_connect_timeout.as_deref()))?;
    Ok(())
}

/// Returns a timeout as typed, in seconds.
fn seconds(typed: Option<&str>) -> Value {
    cli::initial_value(typed.unwrap_or(DEFAULT_TIMEOUT))
}

/// Returns the timeout `name` (`read` or `connect`); `None` waits for ever (typed as `0`).
/// Errors: it is negative, or too large for a float.
/// v1: `urllib3.util.timeout.Timeout._validate_timeout`. Parity: TIME-01, TIME-04, TIME-05, TIME-07.
pub(crate) fn timeout(name: &str, typed: Option<&str>) -> Result<Option<Duration>, Error> {
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

/// Returns how timestamps are printed; `wire` where the selected profile does not exist.
/// Errors: a value that v1 does not know.
/// v1: `scalarparse.add_timestamp_parser`. Parity: CFG-66, OUT-11, ORD-02.
pub(crate) fn timestamp_format(config: &Config<'_>) -> Result<TimestampFormat, Error> {
    let value = config.value(&settings::TIMESTAMP_FORMAT).ok().flatten();
    match value.as_ref().map(Value::as_str) {
        None | Some(Some("wire" | "none")) => Ok(TimestampFormat::Wire),
        Some(Some("iso8601")) => Ok(TimestampFormat::Iso8601),
        Some(_) => Err(failure!(
            "Unknown cli_timestamp_format value: {}, valid values are \"none\", \"wire\" or \"iso8601\"",
            value.as_ref().map_or_else(String::new, repr::str)
        )),
    }
}

/// Returns the output format: option, environment, profile, `json`.
/// Errors: a name that v1 does not know; a table in no known colour (`--color=--`); the selected profile does not
/// exist.
/// v1: `CLIOperationCaller._display_response`, `get_formatter`. Parity: CFG-65, OUT-12, OUT-13, ARG-30.
pub(crate) fn output_format(config: &Config<'_>, globals: &Globals) -> Result<OutputFormat, Error> {
    let typed = globals.output.as_deref().map(Value::from);
    let value = match typed {
        Some(typed) => typed,
        None => config.value(&settings::OUTPUT)?.unwrap_or(Value::None),
    };
    match value.as_str() {
        Some("json") => Ok(OutputFormat::Json),
        Some("text") => Ok(OutputFormat::Text),
        Some("table") => match globals.color.as_deref() {
            Some("[]") => Err(failure!("Unknown color option: []")),
            _ => Ok(OutputFormat::Table),
        },
        _ => Err(failure!("Unknown output type: {}", repr::str(&value))),
    }
}

/// Returns true where a parameter that begins with `http://` or `https://` is fetched: unless the profile says anything
/// but `true`, or does not exist.
/// v1: `paramfile.register_uri_param_handler`. Parity: CFG-75, VAL-11.
pub(crate) fn follows_urls(config: &Config<'_>) -> bool {
    config.value(&settings::FOLLOW_URLS).unwrap_or(true)
}

/// Returns true where parameters are validated: unless the profile says anything but `true` in any case.
/// Errors: the selected profile does not exist.
/// v1: `ClientArgsCreator.compute_client_args`. Parity: CFG-69, VAL-50.
pub(crate) fn validates_parameters(config: &Config<'_>) -> Result<bool, Error> {
    Ok(config.value(&settings::PARAMETER_VALIDATION)?)
}

#[cfg(test)]
mod tests {
    use super::*;

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
            let found = timeout("read", typed);
            let found =
                found.map_or_else(|error| error.text().trim().to_owned(), |value| format!("{value:?}"));
            assert_eq!(found, expected, "{typed:?}");
        }
    }
}
