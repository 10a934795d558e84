//! Times in the spellings of AWS and of HTTP.

use std::time::{SystemTime, UNIX_EPOCH};

use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

/// Whole seconds since 1970 now.
pub fn now() -> i64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX)
}

/// `2026-01-02T03:04:05Z`.
pub fn iso8601(epoch: i64) -> String {
    spelled(epoch, format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z"))
}

/// `20260102T030405Z`.
pub fn basic(epoch: i64) -> String {
    spelled(epoch, format_description!("[year][month][day]T[hour][minute][second]Z"))
}

/// `Fri, 02 Jan 2026 03:04:05 GMT`.
pub fn http_date(epoch: i64) -> String {
    let format = format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    spelled(epoch, format)
}

/// A time in a format; empty where it has none.
fn spelled(epoch: i64, format: &[BorrowedFormatItem<'_>]) -> String {
    OffsetDateTime::from_unix_timestamp(epoch)
        .ok()
        .and_then(|time| time.format(format).ok())
        .unwrap_or_default()
}
