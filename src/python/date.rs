//! Dates as v1 reads and spells them. The calendar, the texts and the rules of time zones are those of the library
//! `jiff`; what it reads otherwise than v1 is deviation D17.

use anyhow::{anyhow, bail};
use jiff::civil::{DateTime, Time};
use jiff::fmt::rfc2822;
use jiff::fmt::temporal::Pieces;
use jiff::tz::{Dst, TimeZone};
use jiff::{SignedDuration, Timestamp};

use super::{Value, float, repr, text};

const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
/// Rules of summer time for a zone that has a name for it and no rules: the system's default.
const SUMMER: &str = ",M3.2.0,M11.1.0";
/// Half of the year that Python looks at, in seconds.
const HALF_YEAR: i64 = 15_778_800; // half of 365 days and 6 hours
/// Seconds of 400 years, after which the calendar repeats.
const CYCLE: i64 = 146_097 * 86_400;

/// A wall clock, and how far it is from UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Date {
    wall: DateTime,
    /// Seconds from UTC; `None` where the text names no zone.
    offset: Option<i64>,
}

impl Date {
    /// Reads ISO 8601 (extended or basic, with a blank for the `T`, a blank before the offset) or RFC 2822, with
    /// `UTC`, `GMT` or `Z` for the zone.
    /// Errors: dateutil's words for what is no date.
    /// v1: `dateutil.parser.parse`. Parity: OUT-10, CRED-07, CRED-25.
    pub(crate) fn parse(typed: &str) -> anyhow::Result<Self> {
        let trimmed = text::strip(typed);
        if trimmed.is_empty() {
            bail!("String does not contain a date: {typed}");
        }
        let utc = ["UTC", "GMT", "Z", "z"].iter().find_map(|zone| trimmed.strip_suffix(zone));
        let found = match utc.map(str::trim_end) {
            Some(clock) => iso8601(&format!("{clock}Z")).or_else(|| rfc2822(&format!("{clock} +0000"))),
            None => iso8601(trimmed).or_else(|| rfc2822(trimmed)),
        };
        let is_known =
            |date: &Self| date.is_in_range() && date.offset.is_none_or(|offset| offset.abs() < 86_400);
        found.filter(is_known).ok_or_else(|| anyhow!("Unknown string format: {typed}"))
    }

    /// Returns true for the years that Python's dates can hold.
    fn is_in_range(&self) -> bool {
        (1..=9999).contains(&self.wall.year())
    }

    /// Returns the wall clock that many seconds after the beginning of 1970; `None` beyond the library's calendar.
    fn from_seconds(seconds: i64, micros: i64, offset: Option<i64>) -> Option<Self> {
        let passed = SignedDuration::from_secs(seconds) + SignedDuration::from_micros(micros);
        Some(Self { wall: EPOCH.checked_add(passed).ok()?, offset })
    }

    /// Returns the date in UTC of so many seconds after the beginning of 1970, without a zone.
    pub(crate) fn at(seconds: i64) -> Self {
        Self::from_seconds(seconds, 0, None).unwrap_or(Self { wall: DateTime::MAX, offset: None })
    }

    /// Returns true where the text named a zone.
    pub(crate) fn is_zoned(&self) -> bool {
        self.offset.is_some()
    }

    /// Returns millionths of a second since the beginning of 1970, as if in UTC without a zone.
    pub(crate) fn micros(&self) -> i64 {
        let passed = self.wall.duration_since(EPOCH);
        i64::try_from(passed.as_micros()).unwrap_or(i64::MAX) - self.offset.unwrap_or(0) * 1_000_000
    }

    /// Returns ISO 8601 with the seconds' fraction where there is one, and the offset from UTC where known.
    /// v1: `datetime.isoformat`. Parity: OUT-09.
    pub(crate) fn isoformat(&self) -> String {
        let clock = self.wall.strftime("%Y-%m-%dT%H:%M:%S");
        let micros = self.wall.subsec_nanosecond() / 1000;
        let fraction = if micros == 0 { String::new() } else { format!(".{micros:06}") };
        let offset = self.offset.map_or_else(String::new, |offset| {
            let (sign, seconds) = (if offset < 0 { '-' } else { '+' }, offset.abs());
            let odd = if seconds % 60 == 0 { String::new() } else { format!(":{:02}", seconds % 60) };
            format!("{sign}{:02}:{:02}{odd}", seconds / 3600, seconds / 60 % 60)
        });
        format!("{clock}{fraction}{offset}")
    }
}

fn iso8601(text: &str) -> Option<Date> {
    let joined = text.rsplit_once(' ').filter(|(_, offset)| offset.starts_with(['+', '-']));
    let text = joined.map_or_else(|| text.to_owned(), |(clock, offset)| clock.trim_end().to_owned() + offset);
    let pieces = Pieces::parse(&text).ok().filter(|pieces| pieces.time_zone_annotation().is_none())?;
    let wall = pieces.date().to_datetime(pieces.time().unwrap_or(Time::midnight()));
    Some(Date { wall, offset: pieces.to_numeric_offset().map(|offset| i64::from(offset.seconds())) })
}

/// Reads RFC 2822 with a numeric zone; of the names v1 knows none but those of UTC.
fn rfc2822(text: &str) -> Option<Date> {
    let numeric = text.ends_with(|last: char| last.is_ascii_digit());
    let parser = rfc2822::DateTimeParser::new().relaxed_weekday(true);
    let date = parser.parse_zoned_datetime(text).ok().filter(|_| numeric)?;
    Some(Date { wall: date.datetime(), offset: Some(i64::from(date.offset().seconds())) })
}

/// The local time zone as Python knows it: one offset for the standard and one for the summer time of today, and for
/// each moment whether it is summer.
/// v1: `time.tzset`, `dateutil.tz.tzlocal`.
#[derive(Debug)]
pub(crate) struct Zone {
    rules: TimeZone,
    /// Seconds from UTC to standard time.
    standard: i64,
    /// Seconds from UTC to summer time; the same where there is none.
    summer: i64,
}

impl Zone {
    /// Returns the zone of these rules as of `now`, in seconds since 1970.
    fn new(rules: TimeZone, now: i64) -> Self {
        let mut zone = Self { rules, standard: 0, summer: 0 };
        let start = now - now.rem_euclid(2 * HALF_YEAR);
        let (january, july) = (zone.at(start).0, zone.at(start + HALF_YEAR).0);
        (zone.standard, zone.summer) = (january.min(july), january.max(july));
        zone
    }

    /// Returns the zone of a file of the system's database, as of `now`; `None` where it is none.
    pub(crate) fn from_file(content: &[u8], now: i64) -> Option<Self> {
        Some(Self::new(TimeZone::tzif("", content).ok()?, now))
    }

    /// Returns the zone of a rule like `CET-1CEST,M3.5.0,M10.5.0/3`, as of `now`; UTC where it is none.
    /// v1: `time.tzset`. Parity: OUT-09.
    pub(crate) fn from_rule(rule: &str, now: i64) -> Self {
        let rules = TimeZone::posix(rule).or_else(|_| TimeZone::posix(&format!("{rule}{SUMMER}")));
        Self::new(rules.unwrap_or(TimeZone::UTC), now)
    }

    /// Returns the offset from UTC at a moment by the zone's own rules, and whether it is summer.
    fn at(&self, seconds: i64) -> (i64, bool) {
        let moment = Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX);
        let info = self.rules.to_offset_info(moment);
        (i64::from(info.offset().seconds()), info.dst() == Dst::Yes)
    }

    /// Returns the local wall clock at a moment of UTC, by the zone's own rules, like `2026-01-31 00:00:00`.
    pub(crate) fn wall_clock(&self, seconds: i64) -> String {
        Date::at(seconds + self.at(seconds).0).isoformat().replace('T', " ")
    }

    /// Returns the offset from UTC at a moment, of those that the zone has today.
    /// v1: `tzlocal.utcoffset`.
    fn offset(&self, seconds: i64) -> i64 {
        if self.at(seconds).1 { self.summer } else { self.standard }
    }
}

/// Returns a date of the wire as ISO 8601 in the local time: numbers and numeric texts are seconds since 1970.
/// Errors: v1's words.
/// v1: `scalarparse.iso_format`, `botocore.utils.parse_timestamp`. Parity: OUT-09, OUT-10.
pub(crate) fn local_iso8601(value: &Value, zone: &Zone) -> anyhow::Result<String> {
    let shown = repr::str(value);
    let lost = || anyhow!("Unable to calculate correct timezone offset for \"{shown}\"");
    let invalid = |reason: anyhow::Error| anyhow!("Invalid timestamp \"{shown}\": {reason}");
    match value {
        Value::Int(number) if float::nearest(number).is_infinite() => {
            bail!("int too large to convert to float")
        }
        Value::Bool(_) | Value::Int(_) | Value::Float(_) => seconds_iso8601(value, zone)?.ok_or_else(lost),
        Value::Str(text) => {
            let seconds = float::float(text).map(Value::Float);
            match seconds.map(|seconds| seconds_iso8601(&seconds, zone)) {
                Some(Ok(date)) => date.ok_or_else(lost),
                _ => Date::parse(text).map(|date| date.isoformat()).map_err(invalid),
            }
        }
        other => {
            let name = other.type_name();
            Err(invalid(anyhow!("Parser must be a string or character stream, not {name}")))
        }
    }
}

/// Returns seconds since 1970 as a date; `None` where Python raises `OverflowError` or `OSError`.
/// Errors: Python's words for a `ValueError`.
/// v1: `datetime.fromtimestamp`, rounding half to even.
fn seconds_iso8601(value: &Value, zone: &Zone) -> anyhow::Result<Option<String>> {
    let moment = match value {
        Value::Bool(flag) => Some((i64::from(*flag), 0)),
        Value::Int(number) => i64::try_from(number).ok().map(|seconds| (seconds, 0)),
        Value::Float(number) if number.is_nan() => bail!("Invalid value NaN (not a number)"),
        Value::Float(number) => split(*number),
        _ => None,
    };
    let is_known = |(seconds, _): &(i64, i64)| i32::try_from(year(*seconds) - 1900).is_ok();
    let Some((seconds, micros)) = moment.filter(is_known) else { return Ok(None) };
    check_year(seconds)?;
    let offset = zone.offset(seconds);
    let local = Date::from_seconds(seconds + offset, micros, Some(offset));
    Ok(local.filter(Date::is_in_range).map(|date| date.isoformat()))
}

/// Checks that Python's dates can hold a moment.
/// Errors: Python's words for the year.
/// v1: `datetime.__new__`.
pub(crate) fn check_year(seconds: i64) -> anyhow::Result<()> {
    match year(seconds) {
        1..=9999 => Ok(()),
        year => bail!("year {year} is out of range"),
    }
}

/// Returns the year of a moment, however far away.
fn year(seconds: i64) -> i64 {
    let near = Date::at(seconds.rem_euclid(CYCLE)).wall.year();
    i64::from(near) + 400 * seconds.div_euclid(CYCLE)
}

/// Returns a float as whole seconds and the millionths above them; `None` beyond 64 bits.
#[expect(clippy::cast_possible_truncation, reason = "both parts are whole and in range")]
fn split(number: f64) -> Option<(i64, i64)> {
    let micros = (number.fract() * 1e6).round_ties_even();
    let whole = number.trunc() + (micros / 1e6).floor();
    (whole.abs() < 2f64.powi(63)).then_some((whole as i64, micros.rem_euclid(1e6) as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_and_spelled_as_python_does() {
        let rows = [
            ("2033-05-18T03:33:20Z", "2033-05-18T03:33:20+00:00"),
            ("2033-05-18T03:33:20UTC", "2033-05-18T03:33:20+00:00"),
            ("2033-05-18 05:33:20 +0200", "2033-05-18T05:33:20+02:00"),
            ("20330518T033320.123456Z", "2033-05-18T03:33:20.123456+00:00"),
            ("20330518T033320-0530", "2033-05-18T03:33:20-05:30"),
            ("2033-05-18t03:33z", "2033-05-18T03:33:00+00:00"),
            (" 2033-05-18 ", "2033-05-18T00:00:00"),
            ("2033-05-18T03:33:20.1234567", "2033-05-18T03:33:20.123456"),
            ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59+00:00"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+00:00"),
            ("Wed, 18 May 2033 03:33:20 GMT", "2033-05-18T03:33:20+00:00"),
            ("18 May 2033 03:33:20 -0100", "2033-05-18T03:33:20-01:00"),
            ("18 May 2033 03:33:20 EST", "Unknown string format: 18 May 2033 03:33:20 EST"),
            ("2033-05-18T03:33:20+24:00", "Unknown string format: 2033-05-18T03:33:20+24:00"),
            ("2033-05-18T03:33:20Z[UTC]", "Unknown string format: 2033-05-18T03:33:20Z[UTC]"),
            ("2033-02-30T03:33:20Z", "Unknown string format: 2033-02-30T03:33:20Z"),
            ("zzz", "Unknown string format: zzz"),
            ("", "String does not contain a date: "),
        ];
        for (text, expected) in rows {
            let found = Date::parse(text).map_or_else(|error| error.to_string(), |date| date.isoformat());
            assert_eq!(found, expected, "{text:?}");
        }
    }

    #[test]
    fn moments_are_spelled_in_the_local_time_of_today() {
        let now = 1_780_000_000;
        let rows = [
            ("CET-1CEST,M3.5.0,M10.5.0/3", 1_530_000_000, "2018-06-26T10:00:00+02:00"),
            ("CET-1CEST,M3.5.0,M10.5.0/3", 1_509_237_000, "2017-10-29T02:30:00+02:00"),
            ("CET-1CEST,M3.5.0,M10.5.0/3", 1_509_240_600, "2017-10-29T02:30:00+01:00"),
            ("EST5EDT", 1_530_000_000, "2018-06-26T04:00:00-04:00"),
            ("<+0545>-5:45", 0, "1970-01-01T05:45:00+05:45"),
            ("bogus", -1, "1969-12-31T23:59:59+00:00"),
            ("UTC0", 253_402_300_799, "9999-12-31T23:59:59+00:00"),
            ("UTC0", 253_402_300_800, "year 10000 is out of range"),
            ("UTC0", -62_135_596_801, "year 0 is out of range"),
            ("UTC0", 1_516_925_490_087, "year 50039 is out of range"),
        ];
        for (rule, seconds, expected) in rows {
            let seconds: i64 = seconds;
            let zone = Zone::from_rule(rule, now);
            let found = local_iso8601(&Value::Int(seconds.into()), &zone);
            assert_eq!(found.unwrap_or_else(|error| error.to_string()), expected, "{rule} {seconds}");
        }
    }
}
