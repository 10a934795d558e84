//! Times in certificates.

use super::der::tag;

/// Returns the seconds since 1970 of an element that is a time in UTC: `YYMMDDHHMMSSZ` or `YYYYMMDDHHMMSSZ`.
/// v1: OpenSSL's `X509_cmp_time`, which takes no other form.
pub(super) fn seconds((kind, text): (u8, &[u8])) -> Option<i64> {
    let years = match (kind, text.len()) {
        (tag::UTC_TIME, 13) => 2,
        (tag::GENERALIZED_TIME, 15) => 4,
        _ => return None,
    };
    let (years, rest) = text.split_at_checked(years)?;
    let rest = rest.strip_suffix(b"Z")?;
    let year = match (number(years)?, kind) {
        (year, tag::GENERALIZED_TIME) => year,
        (year, _) if year < 50 => 2000 + year,
        (year, _) => 1900 + year,
    };
    let fields: Option<Vec<i64>> = rest.chunks(2).map(number).collect();
    let &[month, day, hour, minute, second] = fields?.as_slice() else { return None };
    let in_range =
        (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second < 60;
    in_range.then(|| ((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second)
}

/// Returns the value of decimal digits.
fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + i64::from(digit - b'0')))
}

/// Returns the days from 1970-01-01 to a date: years begin in March, so that the leap day is the last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month > 2 { year } else { year - 1 };
    let month = (month + 9) % 12;
    year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 719_469
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        for (kind, text, expected) in [
            (tag::UTC_TIME, "700101000000Z", Some(0)),
            (tag::UTC_TIME, "700101240000Z", None),
            (tag::UTC_TIME, "700101006000Z", None),
            (tag::UTC_TIME, "700101000060Z", None),
            (tag::UTC_TIME, "000229235959Z", Some(951_868_799)),
            (tag::UTC_TIME, "491231235959Z", Some(2_524_607_999)),
            (tag::UTC_TIME, "500101000000Z", Some(-631_152_000)),
            (tag::GENERALIZED_TIME, "20500101000000Z", Some(2_524_608_000)),
            (tag::GENERALIZED_TIME, "99991231235959Z", Some(253_402_300_799)),
            (tag::GENERALIZED_TIME, "21000301000000Z", Some(4_107_542_400)),
            (tag::UTC_TIME, "7001010000Z", None),
            (tag::UTC_TIME, "700101000000+0000", None),
            (tag::UTC_TIME, "701301000000Z", None),
            (tag::UTC_TIME, "700101240000Z", None),
            (tag::UTC_TIME, "7001010000x0Z", None),
            (tag::GENERALIZED_TIME, "700101000000Z", None),
            (tag::OID, "700101000000Z", None),
        ] {
            assert_eq!(seconds((kind, text.as_bytes())), expected, "{text}");
        }
    }
}
