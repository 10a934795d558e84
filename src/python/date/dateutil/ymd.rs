//! Up to three numbers -> year, month and day. Mirrors `_ymd`.

use super::{Unknown, tokens, whole};
use crate::python::date::calendar::month_length;

/// What a number is known to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    /// A year.
    Year,
    /// A month.
    Month,
}

/// The numbers of a date.
#[derive(Debug, Default)]
pub(super) struct Ymd {
    /// The numbers.
    numbers: Vec<i64>,
    /// True when the year has its century.
    pub(super) century_specified: bool,
    /// Which of them is the year.
    year: Option<usize>,
    /// Which of them is the month.
    month: Option<usize>,
}

/// Year, month and day, those that are known.
type Date = (Option<i64>, Option<i64>, Option<i64>);

impl Ymd {
    /// How many numbers there are.
    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Adds a month.
    pub(super) fn push_month(&mut self, month: i64) -> Result<(), Unknown> {
        self.add(month, false, Some(Label::Month))
    }

    /// Adds a number, which is a year when it `is_year`.
    pub(super) fn push_number(&mut self, number: i64, is_year: bool) -> Result<(), Unknown> {
        self.add(number, is_year, None)
    }

    /// Adds digits; three and more of them are a year.
    pub(super) fn push_digits(&mut self, digits: &str, label: Option<Label>) -> Result<(), Unknown> {
        self.add(whole(digits)?, tokens::is_digits(digits) && digits.chars().count() > 2, label)
    }

    /// Adds a number.
    fn add(&mut self, number: i64, is_year: bool, label: Option<Label>) -> Result<(), Unknown> {
        if is_year && label == Some(Label::Month) {
            return Err(Unknown);
        }
        self.century_specified |= is_year;
        let label = if is_year { Some(Label::Year) } else { label };
        self.numbers.push(number);
        let known = match label {
            None => return Ok(()),
            Some(Label::Year) => &mut self.year,
            Some(Label::Month) => &mut self.month,
        };
        if known.is_some() {
            return Err(Unknown);
        }
        *known = Some(self.numbers.len() - 1);
        Ok(())
    }

    /// True when a number can be the day: `number` and whether a fraction stands behind it.
    ///
    /// v1: `_ymd.could_be_day`.
    pub(super) fn may_be_day(&self, number: i64, has_fraction: bool) -> Result<bool, Unknown> {
        let known = |place: Option<usize>| place.and_then(|place| self.numbers.get(place)).copied();
        let most = match (known(self.month), known(self.year)) {
            (None, _) => 31,
            (Some(month), _) if !(1..=12).contains(&month) => return Err(Unknown),
            (Some(month), None) => month_length(2000, month),
            (Some(month), Some(year)) => month_length(year, month),
        };
        Ok((1..=most).contains(&number) && !(number == most && has_fraction))
    }

    /// Which number is which.
    ///
    /// v1: `_ymd.resolve_ymd`.
    pub(super) fn resolve(&self) -> Result<Date, Unknown> {
        match *self.numbers.as_slice() {
            [] => Ok((None, None, None)),
            [only] => Ok(self.one(only)),
            [first, second] => Ok(self.two(first, second)),
            [first, second, third] => Ok(self.three(first, second, third)),
            _ => Err(Unknown),
        }
    }

    /// One number: what it is known to be, else a year beyond 31, else a day.
    fn one(&self, only: i64) -> Date {
        match (self.year, self.month) {
            (Some(_), _) => (Some(only), None, None),
            (_, Some(_)) => (None, Some(only), None),
            _ if only > 31 => (Some(only), None, None),
            _ => (None, None, Some(only)),
        }
    }

    /// Two numbers.
    fn two(&self, first: i64, second: i64) -> Date {
        let Some(month) = self.month else {
            return match (first, second) {
                (32.., _) => (Some(first), Some(second), None),
                (_, 32..) => (Some(second), Some(first), None),
                _ => (None, Some(first), Some(second)),
            };
        };
        let (month, other) = if month == 0 { (first, second) } else { (second, first) };
        if self.year.is_some() || other > 31 {
            (Some(other), Some(month), None)
        } else {
            (None, Some(month), Some(other))
        }
    }

    /// Three numbers.
    fn three(&self, first: i64, second: i64, third: i64) -> Date {
        let date = |year: i64, month: i64, day: i64| (Some(year), Some(month), Some(day));
        let numbers = [first, second, third];
        if let (Some(year), Some(month)) = (self.year, self.month) {
            let day = (0..3).find(|place| *place != year && *place != month).unwrap_or(0);
            let number = |place: usize| numbers.get(place).copied();
            return (number(year), number(month), number(day));
        }
        match self.month {
            Some(0) if second > 31 => date(second, first, third),
            Some(0) => date(third, first, second),
            Some(1) if first > 31 => date(first, second, third),
            Some(1) => date(third, second, first),
            Some(_) if second > 31 => date(second, third, first),
            Some(_) => date(first, third, second),
            None if first > 31 || self.year == Some(0) => date(first, second, third),
            None if first > 12 => date(third, second, first),
            None => date(third, first, second),
        }
    }
}
