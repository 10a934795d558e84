//! Days and seconds of the Gregorian calendar, which runs back to the year 1 here as it does in Python.

/// Seconds of a day.
const DAY: i64 = 86_400;

/// A date and a time of day without a time zone. The parts are in range where [`Moment::is_valid`] says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// 1 to 9999.
    pub year: i64,
    /// 1 to 12.
    pub month: i64,
    /// 1 to the last day of the month.
    pub day: i64,
    /// 0 to 23.
    pub hour: i64,
    /// 0 to 59.
    pub minute: i64,
    /// 0 to 59.
    pub second: i64,
    /// Millionths of a second.
    pub micros: i64,
}

impl Moment {
    /// The moment that many seconds after the beginning of 1970.
    pub fn from_seconds(seconds: i64, micros: i64) -> Self {
        let (days, rest) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
        let (year, month, day) = date(days);
        Self { year, month, day, hour: rest / 3600, minute: rest / 60 % 60, second: rest % 60, micros }
    }

    /// Seconds since the beginning of 1970.
    pub fn seconds(&self) -> i64 {
        days(self.year, self.month, self.day) * DAY + self.hour * 3600 + self.minute * 60 + self.second
    }

    /// The day of the week, Monday = 0.
    pub fn weekday(&self) -> i64 {
        (days(self.year, self.month, self.day) + 3).rem_euclid(7)
    }

    /// What is out of range, in Python's words.
    ///
    /// v1: `datetime.__new__`.
    pub fn out_of_range(&self) -> Option<String> {
        if !(1..=9999).contains(&self.year) {
            return Some(format!("year {} is out of range", self.year));
        }
        if !(1..=12).contains(&self.month) {
            return Some("month must be in 1..12".to_owned());
        }
        if !(1..=month_length(self.year, self.month)).contains(&self.day) {
            return Some("day is out of range for month".to_owned());
        }
        [("hour", self.hour, 23), ("minute", self.minute, 59), ("second", self.second, 59)]
            .into_iter()
            .find(|(_, value, most)| !(0..=*most).contains(value))
            .map(|(name, _, most)| format!("{name} must be in 0..{most}"))
    }

    /// ISO 8601 with the seconds' fraction where there is one, and the offset from UTC in seconds where known.
    ///
    /// v1: `datetime.isoformat`. Parity: OUT-09.
    pub fn iso8601(&self, offset: Option<i64>) -> String {
        let Self { year, month, day, hour, minute, second, micros } = self;
        let fraction = if *micros == 0 { String::new() } else { format!(".{micros:06}") };
        let offset = offset.map_or_else(String::new, |seconds| {
            let (sign, seconds) = (if seconds < 0 { '-' } else { '+' }, seconds.abs());
            let odd = if seconds % 60 == 0 { String::new() } else { format!(":{:02}", seconds % 60) };
            format!("{sign}{:02}:{:02}{odd}", seconds / 3600, seconds / 60 % 60)
        });
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}{offset}")
    }
}

/// How many days a month has.
pub fn month_length(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days from the beginning of 1970 to a date. Years are counted from March, so that the leap day ends them.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * month + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The date that many days after the beginning of 1970.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates_are_the_same() {
        let rows = [
            (0, "1970-01-01T00:00:00"),
            (1_516_925_490, "2018-01-26T00:11:30"),
            (951_782_400, "2000-02-29T00:00:00"),
            (-1, "1969-12-31T23:59:59"),
            (-62_135_596_800, "0001-01-01T00:00:00"),
            (253_402_300_799, "9999-12-31T23:59:59"),
        ];
        for (seconds, expected) in rows {
            let moment = Moment::from_seconds(seconds, 0);
            assert_eq!(moment.iso8601(None), expected);
            assert_eq!(moment.seconds(), seconds, "{expected}");
        }
    }

    #[test]
    fn offsets_are_spelled_as_python_does() {
        let moment = Moment::from_seconds(0, 5);
        let rows = [
            (0, "1970-01-01T00:00:00.000005+00:00"),
            (-18_000, "1970-01-01T00:00:00.000005-05:00"),
            (20_712, "1970-01-01T00:00:00.000005+05:45:12"),
        ];
        for (offset, expected) in rows {
            assert_eq!(moment.iso8601(Some(offset)), expected);
        }
    }
}
