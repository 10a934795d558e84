//! A date of the wire -> ISO 8601 in the local time zone. Mirrors `botocore.utils.parse_timestamp`.

use std::time::UNIX_EPOCH;

use super::calendar::Moment;
use super::dateutil::{self, Gmt, Refusal};
use super::zone::Zone;
use crate::error::{Error, failure};
use crate::host::Host;
use crate::python::{Value, float, repr};

/// Why a number is no date.
enum NoDate {
    /// Python's words for a `ValueError`.
    Value(String),
    /// An `OverflowError` or an `OSError`.
    Overflow,
}

/// A date as ISO 8601: numbers and numeric texts are seconds since 1970, other texts what dateutil reads.
///
/// # Errors
/// `Failure` in v1's words.
///
/// v1: `scalarparse.iso_format`. Parity: OUT-09, OUT-10.
pub fn local(value: &Value, host: &Host) -> Result<String, Error> {
    let now = host.now().duration_since(UNIX_EPOCH).map_or(0, |passed| passed.as_secs());
    let now = i64::try_from(now).unwrap_or(0);
    let zone = Zone::local(host, now);
    let shown = repr::str(value);
    let lost = || failure!("Unable to calculate correct timezone offset for \"{shown}\"");
    let invalid = |reason: &str| failure!("Invalid timestamp \"{shown}\": {reason}");
    let text = match value {
        Value::Bool(_) | Value::Int(_) | Value::Float(_) => {
            return number(value, &zone).map_err(|error| match error {
                NoDate::Value(message) => failure!("{message}"),
                NoDate::Overflow if is_beyond_floats(value) => failure!("int too large to convert to float"),
                NoDate::Overflow => lost(),
            });
        }
        Value::Str(text) => text,
        other => {
            let name = other.type_name();
            return Err(invalid(&format!("Parser must be a string or character stream, not {name}")));
        }
    };
    match float::float(text).map(|seconds| number(&Value::Float(seconds), &zone)) {
        Some(Ok(date)) => return Ok(date),
        Some(Err(NoDate::Overflow)) => return Err(lost()),
        Some(Err(NoDate::Value(_))) | None => {}
    }
    let date = dateutil::parse(text, &zone, now, Gmt::Utc).map_err(|refusal| match refusal {
        Refusal::Reason(reason) => invalid(&reason),
        Refusal::Overflow(_) => lost(), // which v1 takes for a matter of time zones
    })?;
    Ok(date.moment.iso8601(date.offset()?))
}

/// True for an integer that no float is near to.
fn is_beyond_floats(value: &Value) -> bool {
    matches!(value, Value::Int(number) if float::nearest(number).is_infinite())
}

/// Seconds since 1970 as a date.
///
/// v1: `datetime.fromtimestamp`, rounding half to even.
fn number(value: &Value, zone: &Zone) -> Result<String, NoDate> {
    let (seconds, micros) = match value {
        Value::Bool(flag) => (i64::from(*flag), 0),
        Value::Int(number) => (i64::try_from(number).map_err(|_| NoDate::Overflow)?, 0),
        Value::Float(number) => split(*number)?,
        _ => return Err(NoDate::Overflow),
    };
    let utc = Moment::from_seconds(seconds, micros);
    if i32::try_from(utc.year - 1900).is_err() {
        return Err(NoDate::Overflow);
    }
    if let Some(message) = utc.out_of_range() {
        return Err(NoDate::Value(message));
    }
    let (wall, offset) = zone.wall_and_offset(seconds);
    let wall = Moment::from_seconds(wall, micros);
    if wall.out_of_range().is_some() {
        return Err(NoDate::Overflow);
    }
    Ok(wall.iso8601(Some(offset)))
}

/// A float as whole seconds and the millionths above them.
#[expect(clippy::cast_possible_truncation, reason = "both parts are whole and in range")]
fn split(number: f64) -> Result<(i64, i64), NoDate> {
    if number.is_nan() {
        return Err(NoDate::Value("Invalid value NaN (not a number)".to_owned()));
    }
    let (mut whole, mut micros) = (number.trunc(), (number.fract() * 1e6).round_ties_even());
    if micros >= 1e6 {
        (whole, micros) = (whole + 1.0, micros - 1e6);
    } else if micros < 0.0 {
        (whole, micros) = (whole - 1.0, micros + 1e6);
    }
    if whole.abs() >= 2f64.powi(63) {
        return Err(NoDate::Overflow);
    }
    Ok((whole as i64, micros as i64))
}
