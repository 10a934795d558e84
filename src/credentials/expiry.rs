//! The expiry of credentials, and the time that is left.

use std::time::UNIX_EPOCH;

use anyhow::{anyhow, bail};

use crate::host::Host;
use crate::python::date::{self, Date};
use crate::python::{Value, int};

/// Seconds below which credentials are refreshed.
/// v1: `_DEFAULT_ADVISORY_REFRESH_TIMEOUT`. Parity: CRED-26, CRED-72.
pub(super) const ADVISORY_REFRESH_TIMEOUT: i64 = 15 * 60;

/// Seconds below which a refresh that fails is an error.
/// v1: `_DEFAULT_MANDATORY_REFRESH_TIMEOUT`.
pub(super) const MANDATORY_REFRESH_TIMEOUT: i64 = 10 * 60;

/// A moment, or a date without a zone, which Python refuses to compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Expiry {
    /// Millionths of a second since 1970, as if in UTC.
    micros: i64,
    /// True where the text named a zone.
    zoned: bool,
}

impl Expiry {
    /// Returns the moment that many seconds after 1970.
    /// Errors: Python's words for a year that its dates cannot hold.
    /// v1: `datetime.fromtimestamp`. Parity: `sso/shapes/refresh-token-null`.
    pub(super) fn at(seconds: i64) -> anyhow::Result<Self> {
        date::check_year(seconds)?;
        Ok(Self { micros: seconds * 1_000_000, zoned: true })
    }

    /// Returns the moment that a number of seconds from now is, in whole seconds.
    /// Errors: Python's words for what is no number, or too large a one.
    /// v1: `datetime.now() + timedelta(seconds=value)`. Parity: `login/shapes/refresh-token-null`.
    pub(super) fn in_seconds(value: &Value, host: &Host) -> anyhow::Result<Self> {
        let seconds = int::clamp(&int::of(value)?);
        Self::at(seconds.saturating_add(host.epoch())).map_err(|_| anyhow!("date value out of range"))
    }

    /// Reads a date of a response, a file or the environment.
    /// Errors: dateutil's words for what is no text, or no date.
    /// v1: `dateutil.parser.parse`. Parity: CRED-07, CRED-25, CRED-71.
    pub(super) fn read(value: &Value) -> anyhow::Result<Self> {
        let Some(text) = value.as_str() else {
            bail!("Parser must be a string or character stream, not {}", value.type_name());
        };
        let date = Date::parse(text)?;
        Ok(Self { micros: date.micros(), zoned: date.is_zoned() })
    }

    /// Returns the whole seconds that are left, negative when it is past.
    /// Errors: Python's words for a date without a zone.
    /// v1: `datetime.__sub__`. Parity: CRED-07, CRED-27.
    pub(super) fn remaining(self, host: &Host) -> anyhow::Result<i64> {
        Ok(self.micros_left(host)?.div_euclid(1_000_000))
    }

    /// Returns true where less than a quarter of an hour is left.
    /// v1: `CachedCredentialFetcher._is_expired`, `SSOTokenProvider._refresher`. Parity: CRED-26, CRED-61.
    pub(super) fn is_near(self, host: &Host) -> anyhow::Result<bool> {
        Ok(self.remaining(host)? < ADVISORY_REFRESH_TIMEOUT)
    }

    /// Returns true where more than `seconds` are left, be it by a millionth.
    /// v1: `datetime.__sub__`. Parity: CRED-61, CRED-62, `login/not-yet`.
    pub(super) fn is_beyond(self, seconds: i64, host: &Host) -> anyhow::Result<bool> {
        Ok(self.micros_left(host)? > seconds * 1_000_000)
    }

    fn micros_left(self, host: &Host) -> anyhow::Result<i64> {
        if !self.zoned {
            bail!("can't subtract offset-naive and offset-aware datetimes");
        }
        Ok(self.micros.saturating_sub(now(host)))
    }

    /// Returns the moment like `2026-01-31T00:00:00Z`.
    pub(super) fn to_utc(self) -> String {
        format!("{}Z", Date::at(self.micros.div_euclid(1_000_000)).isoformat())
    }
}

/// Returns the millionths of a second since 1970.
fn now(host: &Host) -> i64 {
    let micros = host.now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros());
    i64::try_from(micros).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// Returns a host with this clock.
    fn host(clock: fn() -> std::time::SystemTime) -> Host {
        Host { clock, ..Host::fake(&[]) }
    }

    #[test]
    fn a_quarter_of_an_hour_is_enough() {
        for (left, is_near) in [(901, false), (900, false), (899, true), (0, true), (-1, true)] {
            let host = host(|| UNIX_EPOCH + Duration::from_secs(2_000_000_000));
            let expiry = Expiry::at(2_000_000_000 + left).unwrap();
            assert_eq!(expiry.is_near(&host).unwrap(), is_near, "{left}");
            let within = Expiry { micros: expiry.micros - 1, ..expiry }.is_near(&host).unwrap();
            assert_eq!(within, is_near || left == 900, "{left} seconds but a millionth");
        }
    }

    #[test]
    fn dates_are_read_as_dateutil_reads_them() {
        let rows = [
            ("2033-05-18T03:33:20Z", Ok(2_000_000_000)),
            ("2033-05-18T03:33:20+00:00", Ok(2_000_000_000)),
            ("2033-05-18T03:33:20", Err("can't subtract offset-naive and offset-aware datetimes")),
            ("1969-12-31T23:59:59Z", Ok(-1)),
            ("2000-02-29T00:00:00Z", Ok(951_782_400)),
            ("", Err("String does not contain a date: ")),
        ];
        for (text, expected) in rows {
            let found = Expiry::read(&text.into()).and_then(|expiry| expiry.remaining(&host(|| UNIX_EPOCH)));
            assert_eq!(found.map_err(|error| error.to_string()), expected.map_err(str::to_owned), "{text:?}");
        }
    }

    #[test]
    fn what_is_left_is_counted_in_whole_seconds() {
        let half = host(|| UNIX_EPOCH + Duration::from_millis(500));
        for (millis, left, beyond) in [
            (1500, 1, true),
            (1499, 0, true),
            (501, 0, true),
            (500, 0, false),
            (499, -1, false),
            (0, -1, false),
        ] {
            let expiry = Expiry { micros: millis * 1000, zoned: true };
            let found = (expiry.remaining(&half).unwrap(), expiry.is_beyond(0, &half).unwrap());
            assert_eq!(found, (left, beyond), "{millis}");
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
            assert_eq!(Expiry::at(seconds).unwrap().to_utc(), expected);
        }
    }
}
