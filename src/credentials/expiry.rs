//! When credentials end: the dates that v1 reads with dateutil, and how much time is left.
//!
//! The forms that services, caches and scripts write are read (ISO 8601 with its variations, and the date of an
//! HTTP header); what else dateutil would guess at (`tomorrow`-like texts, two-digit years) is refused as unknown.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{anyhow, bail};

/// Credentials with less time left than this are fetched again, in seconds.
///
/// v1: `_DEFAULT_ADVISORY_REFRESH_TIMEOUT`. Parity: CRED-26, CRED-72.
pub(super) const WINDOW: i64 = 15 * 60;

/// Below this an unsuccessful refresh is an error, in seconds.
///
/// v1: `_DEFAULT_MANDATORY_REFRESH_TIMEOUT`.
pub(super) const MANDATORY: i64 = 10 * 60;

/// Days of the months of a common year.
const MONTHS: [i64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// Months as HTTP dates spell them.
const MONTH_NAMES: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// A moment in seconds since 1970 (UTC), or a text without a zone, which Python refuses to compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expiry {
    /// Seconds since 1970, as if in UTC.
    seconds: i64,
    /// True where the text named a zone.
    zoned: bool,
}

impl Expiry {
    /// The moment that many seconds after 1970.
    pub fn at(seconds: i64) -> Self {
        Self { seconds, zoned: true }
    }

    /// A moment of the system's clock; now where there is none.
    pub(super) fn of(moment: Option<SystemTime>) -> Self {
        Self::at(epoch(moment.unwrap_or_else(SystemTime::now)))
    }

    /// Reads `text` as dateutil's `parse` does.
    ///
    /// # Errors
    /// dateutil's words for a text that is no date.
    ///
    /// v1: `dateutil.parser.parse`. Parity: CRED-07, CRED-25.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        if text.trim().is_empty() {
            bail!("String does not contain a date: {text}");
        }
        let fields = Fields::iso(text).or_else(|| Fields::http(text));
        let fields = fields.ok_or_else(|| anyhow!("Unknown string format: {text}"))?;
        fields.moment().map_err(|reason| anyhow!("{reason}: {text}"))
    }

    /// Whole seconds from `now` until then, negative when it is past.
    ///
    /// # Errors
    /// Python's words for a date without a zone.
    ///
    /// v1: `datetime.__sub__`. Parity: CRED-07, CRED-27.
    pub fn remaining(self, now: SystemTime) -> anyhow::Result<i64> {
        if !self.zoned {
            bail!("can't subtract offset-naive and offset-aware datetimes");
        }
        let now = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
        let now = i64::try_from(now).unwrap_or(i64::MAX);
        Ok((self.seconds * 1000).saturating_sub(now).div_euclid(1000))
    }

    /// Like `2026-01-31T00:00:00Z`.
    pub fn to_utc(self) -> String {
        let (days, seconds) = (self.seconds.div_euclid(86_400), self.seconds.rem_euclid(86_400));
        let (year, month, day) = date_of(days);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

/// Whole seconds since 1970.
pub(super) fn epoch(now: SystemTime) -> i64 {
    let seconds = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    i64::try_from(seconds).unwrap_or(i64::MAX)
}

/// The parts of a date as written.
#[derive(Default)]
struct Fields {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    /// Seconds east of UTC; `None` where no zone is named.
    offset: Option<i64>,
}

impl Fields {
    /// `2026-01-31`, `20260131`, `2026/01/31`, each with an optional time and zone.
    fn iso(text: &str) -> Option<Self> {
        let mut rest = Cursor(text.trim());
        let mut fields = Self { year: rest.digits(4)?, ..Self::default() };
        let separator = rest.any_of(&["-", "/"]);
        fields.month = rest.digits(2)?;
        if separator.is_some_and(|mark| rest.any_of(&[mark]).is_none()) {
            return None;
        }
        fields.day = rest.digits(2)?;
        if rest.0.is_empty() {
            return Some(fields);
        }
        rest.any_of(&["T", "t", " "])?;
        fields.clock(&mut rest)?;
        fields.offset = rest.zone()?;
        Some(fields)
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`.
    fn http(text: &str) -> Option<Self> {
        let (_, date) = text.trim().split_once(", ")?;
        let mut words = date.split_whitespace();
        let day = words.next()?.parse().ok()?;
        let name = words.next()?.to_ascii_lowercase();
        let month = MONTH_NAMES.iter().position(|month| *month == name)?;
        let year = words.next()?.parse().ok()?;
        let mut fields = Self { year, month: i64::try_from(month).ok()? + 1, day, ..Self::default() };
        fields.clock(&mut Cursor(words.next()?))?;
        fields.offset = Cursor(words.next().unwrap_or_default()).zone()?;
        Some(fields)
    }

    /// `08:49:37.123`, `08:49`, `0849`, `084937`.
    fn clock(&mut self, rest: &mut Cursor) -> Option<()> {
        self.hour = rest.digits(2)?;
        let colon = rest.any_of(&[":"]).is_some();
        self.minute = rest.digits(2)?;
        let more = if colon { rest.any_of(&[":"]).is_some() } else { rest.starts_with_digit() };
        if more {
            self.second = rest.digits(2)?;
        }
        if rest.any_of(&[".", ","]).is_some() {
            rest.0 = rest.0.trim_start_matches(|character: char| character.is_ascii_digit());
        }
        Some(())
    }

    /// The moment, or Python's reason why there is none.
    fn moment(&self) -> Result<Expiry, String> {
        if self.year < 1 {
            return Err(format!("year {} is out of range", self.year));
        }
        let Some(&days) = usize::try_from(self.month - 1).ok().and_then(|index| MONTHS.get(index)) else {
            return Err("month must be in 1..12".to_owned());
        };
        let days = days + i64::from(self.month == 2 && is_leap(self.year));
        let ranges = [
            (1..=days, self.day, "day is out of range for month"),
            (0..=23, self.hour, "hour must be in 0..23"),
            (0..=59, self.minute, "minute must be in 0..59"),
            (0..=59, self.second, "second must be in 0..59"),
        ];
        if let Some((_, _, reason)) = ranges.iter().find(|(range, value, _)| !range.contains(value)) {
            return Err((*reason).to_owned());
        }
        let clock = self.hour * 3600 + self.minute * 60 + self.second;
        let seconds = days_until(self.year, self.month, self.day) * 86_400 + clock - self.offset.unwrap_or(0);
        Ok(Expiry { seconds, zoned: self.offset.is_some() })
    }
}

/// What is left of a text that is read from the front.
struct Cursor<'a>(&'a str);

impl<'a> Cursor<'a> {
    /// The number in exactly `count` ASCII digits.
    fn digits(&mut self, count: usize) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        let number = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())??;
        self.0 = rest;
        Some(number)
    }

    /// The one of `marks` that comes next.
    fn any_of<'m>(&mut self, marks: &[&'m str]) -> Option<&'m str> {
        marks.iter().find_map(|mark| {
            self.0 = self.0.strip_prefix(mark)?;
            Some(*mark)
        })
    }

    /// True when a digit comes next.
    fn starts_with_digit(&self) -> bool {
        self.0.starts_with(|character: char| character.is_ascii_digit())
    }

    /// The zone that ends the text, in seconds east of UTC; the inner `None` is "no zone".
    #[expect(clippy::option_option, reason = "no zone is legal, a zone that cannot be read is not")]
    fn zone(&mut self) -> Option<Option<i64>> {
        let zone: &'a str = self.0.trim_start();
        if zone.is_empty() {
            return Some(None);
        }
        if ["Z", "z", "UTC", "GMT"].contains(&zone) {
            return Some(Some(0));
        }
        let sign = if zone.starts_with('-') { -1 } else { 1 };
        let mut rest = Cursor(zone.strip_prefix(['+', '-'])?);
        let hours = rest.digits(2)?;
        rest.any_of(&[":"]);
        let minutes = if rest.0.is_empty() { 0 } else { rest.digits(2)? };
        rest.0.is_empty().then_some(Some(sign * (hours * 3600 + minutes * 60)))
    }
}

/// True in years of 366 days.
fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Days from 1970-01-01 to a date of the Gregorian calendar, whose years are taken to begin in March.
fn days_until(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 719_469
}

/// The reverse of [`days_until`]: year, month, day.
fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let (year, month) = if month < 10 { (0, month + 3) } else { (1, month - 9) };
    (era * 400 + year_of_era + year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_dateutil_reads_them() {
        let rows = [
            ("2033-05-18T03:33:20Z", Ok(2_000_000_000)),
            ("2033-05-18T03:33:20+00:00", Ok(2_000_000_000)),
            ("2033-05-18T03:33:20UTC", Ok(2_000_000_000)),
            ("2033-05-18 05:33:20 +0200", Ok(2_000_000_000)),
            ("20330518T033320.123456Z", Ok(2_000_000_000)),
            ("2033-05-18T03:33:20", Err("can't subtract offset-naive and offset-aware datetimes")),
            ("Wed, 18 May 2033 03:33:20 GMT", Ok(2_000_000_000)),
            ("1969-12-31T23:59:59Z", Ok(-1)),
            ("2000-02-29T00:00:00Z", Ok(951_782_400)),
            ("zzz", Err("Unknown string format: zzz")),
            ("", Err("String does not contain a date: ")),
            ("2033-13-18T03:33:20Z", Err("month must be in 1..12: 2033-13-18T03:33:20Z")),
            ("2033-02-30T03:33:20Z", Err("day is out of range for month: 2033-02-30T03:33:20Z")),
        ];
        for (text, expected) in rows {
            let found = Expiry::parse(text).and_then(|expiry| expiry.remaining(UNIX_EPOCH));
            assert_eq!(found.map_err(|error| error.to_string()), expected.map_err(str::to_owned), "{text:?}");
        }
    }

    #[test]
    fn a_moment_is_spelled_in_utc() {
        for (seconds, expected) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (2_000_000_000, "2033-05-18T03:33:20Z"),
            (-1, "1969-12-31T23:59:59Z"),
        ] {
            assert_eq!(Expiry::at(seconds).to_utc(), expected);
        }
    }
}
