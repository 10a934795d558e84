//! What a number means, by its length and by what stands beside it. Mirrors `parser._parse_numeric_token`.

use super::tokens::{self, HALVES, MONTHS, UNITS};
use super::ymd::Label;
use super::{Reader, Unknown, whole};
use crate::python::int;

/// A decimal number.
struct Decimal {
    /// What stands before the point.
    whole: i64,
    /// The digits behind it, at most 30.
    fraction: String,
}

impl Decimal {
    /// Reads digits with at most one point.
    fn read(digits: &str) -> Result<Self, Unknown> {
        let (before, behind) = digits.split_once('.').unwrap_or((digits, ""));
        let fraction: Option<String> =
            behind.chars().map(|digit| int::digit(digit).map(|value| char::from(b'0' + value))).collect();
        let fraction = fraction.filter(|_| !digits.starts_with('.')).ok_or(Unknown)?;
        Ok(Self { whole: whole(before)?, fraction: tokens::slice(&fraction, 0, 30) })
    }

    /// True when digits other than 0 stand behind the point.
    fn has_fraction(&self) -> bool {
        self.fraction.bytes().any(|digit| digit != b'0')
    }

    /// Whole sixtieths of what stands behind the point; `None` when that is nothing.
    fn sixtieths(&self) -> Option<i64> {
        let digits: u128 = self.fraction.parse().ok()?;
        let scale = u32::try_from(self.fraction.len()).ok().and_then(|places| 10u128.checked_pow(places))?;
        i64::try_from(60 * digits / scale).ok().filter(|_| digits != 0)
    }
}

impl Reader {
    /// Reads a number and what belongs to it.
    pub(super) fn number(&mut self, token: &str) -> Result<(), Unknown> {
        let value = Decimal::read(token)?;
        let length = token.chars().count();
        let next = self.token(1).map(str::to_owned);
        let is_time_alone =
            next.as_deref().is_none_or(|next| next != ":" && tokens::meaning(UNITS, next).is_none());
        if self.ymd.len() == 3 && matches!(length, 2 | 4) && self.found.hour.is_none() && is_time_alone {
            self.found.hour = Some(whole(&tokens::slice(token, 0, 2))?);
            if length == 4 {
                self.found.minute = Some(whole(&tokens::slice(token, 2, 4))?);
            }
            return Ok(());
        }
        if length == 6 || (length > 6 && token.chars().position(|digit| digit == '.') == Some(6)) {
            return self.six_digits(token);
        }
        if matches!(length, 8 | 12 | 14) {
            return self.eight_digits(token, length);
        }
        if let Some(unit) = self.unit() {
            return self.time_part(token, &value, unit);
        }
        match next.as_deref() {
            Some(":") if self.token(2).is_some() => self.clock(&value),
            Some(sign @ ("-" | "/" | ".")) => self.date(token, sign),
            next if next.is_none_or(tokens::is_jump) => self.part(&value),
            Some(next) => match tokens::meaning(HALVES, next).filter(|_| value.whole < 24) {
                Some(half) => {
                    self.found.hour = Some(tokens::hour_of_day(value.whole, half));
                    self.at += 1;
                    Ok(())
                }
                None if self.ymd.may_be_day(value.whole, value.has_fraction())? => self.day(&value),
                None => Err(Unknown),
            },
            None => Err(Unknown),
        }
    }

    /// `YYMMDD` at the beginning, else `HHMMSS`.
    fn six_digits(&mut self, token: &str) -> Result<(), Unknown> {
        let (first, second) = (tokens::slice(token, 0, 2), tokens::slice(token, 2, 4));
        let rest: String = token.chars().skip(4).collect();
        if self.ymd.len() == 0 && !token.contains('.') {
            self.ymd.push_digits(&first, None)?;
            self.ymd.push_digits(&second, None)?;
            return self.ymd.push_digits(&rest, None);
        }
        self.found.hour = Some(whole(&first)?);
        self.found.minute = Some(whole(&second)?);
        self.seconds(&rest)
    }

    /// `YYYYMMDD`, `YYYYMMDDHHMM`, `YYYYMMDDHHMMSS`.
    fn eight_digits(&mut self, token: &str, length: usize) -> Result<(), Unknown> {
        self.ymd.push_digits(&tokens::slice(token, 0, 4), Some(Label::Year))?;
        self.ymd.push_digits(&tokens::slice(token, 4, 6), None)?;
        self.ymd.push_digits(&tokens::slice(token, 6, 8), None)?;
        if length > 8 {
            self.found.hour = Some(whole(&tokens::slice(token, 8, 10))?);
            self.found.minute = Some(whole(&tokens::slice(token, 10, 12))?);
        }
        if length > 12 {
            self.found.second = Some(whole(&tokens::slice(token, 12, 14))?);
        }
        Ok(())
    }

    /// Where the unit of this number stands: how far ahead, or `Err` of how far behind.
    ///
    /// v1: `parser._find_hms_idx`.
    fn unit(&self) -> Option<Result<usize, usize>> {
        let is_unit =
            |token: Option<&str>| token.is_some_and(|token| tokens::meaning(UNITS, token).is_some());
        let behind =
            |back: usize| self.at.checked_sub(back).and_then(|at| self.tokens.get(at)).map(String::as_str);
        if is_unit(self.token(1)) {
            Some(Ok(1))
        } else if self.token(1) == Some(" ") && is_unit(self.token(2)) {
            Some(Ok(2))
        } else if is_unit(behind(1)) {
            Some(Err(1))
        } else if self.at > 1 && self.token(1).is_none() && behind(1) == Some(" ") && is_unit(behind(2)) {
            Some(Err(2))
        } else {
            None
        }
    }

    /// A number with a unit. A unit behind it is that of the number before, so this is the next smaller one.
    fn time_part(&mut self, token: &str, value: &Decimal, unit: Result<usize, usize>) -> Result<(), Unknown> {
        let at = match unit {
            Ok(ahead) => self.at + ahead,
            Err(back) => self.at.saturating_sub(back),
        };
        let meaning = self.tokens.get(at).and_then(|token| tokens::meaning(UNITS, token)).ok_or(Unknown)?;
        if let Ok(ahead) = unit {
            self.at += ahead;
        }
        match meaning + i64::from(unit.is_err()) {
            0 => {
                self.found.hour = Some(value.whole);
                if value.has_fraction() {
                    self.found.minute = value.sixtieths();
                }
            }
            1 => self.minutes(value),
            2 => self.seconds(token)?,
            _ => {}
        }
        Ok(())
    }

    /// `HH:MM[:SS[.ss]]`.
    fn clock(&mut self, hour: &Decimal) -> Result<(), Unknown> {
        self.found.hour = Some(hour.whole);
        self.minutes(&Decimal::read(&self.required(2)?)?);
        if self.token(3) == Some(":")
            && let Some(seconds) = self.token(4).map(str::to_owned)
        {
            self.seconds(&seconds)?;
            self.at += 2;
        }
        self.at += 2;
        Ok(())
    }

    /// Minutes; their fraction, or nothing, is the seconds.
    fn minutes(&mut self, value: &Decimal) {
        self.found.minute = Some(value.whole);
        self.found.second = value.sixtieths();
    }

    /// Seconds and their fraction.
    fn seconds(&mut self, token: &str) -> Result<(), Unknown> {
        let (seconds, micros) = match token.split_once('.') {
            None => (whole(token)?, 0),
            Some((seconds, fraction)) => {
                (whole(seconds)?, whole(&tokens::slice(&format!("{fraction}000000"), 0, 6))?)
            }
        };
        (self.found.second, self.found.micros) = (Some(seconds), Some(micros));
        Ok(())
    }

    /// `01-01[-01]`, `01-Jan[-01]`.
    fn date(&mut self, token: &str, sign: &str) -> Result<(), Unknown> {
        self.ymd.push_digits(token, None)?;
        let second = self.token(2).map(str::to_owned);
        if let Some(second) = second.filter(|second| !tokens::is_jump(second)) {
            if tokens::is_digits(&second) {
                self.ymd.push_digits(&second, None)?;
            } else {
                let month = tokens::meaning(MONTHS, &second).ok_or(Unknown)?;
                self.ymd.push_month(month + 1)?;
            }
            if self.token(3) == Some(sign) {
                let third = self.required(4)?;
                match tokens::meaning(MONTHS, &third) {
                    Some(month) => self.ymd.push_month(month + 1)?,
                    None => self.ymd.push_digits(&third, None)?,
                }
                self.at += 2;
            }
            self.at += 1;
        }
        self.at += 1;
        Ok(())
    }

    /// A number alone: an hour before ` am`, else a part of the date.
    fn part(&mut self, value: &Decimal) -> Result<(), Unknown> {
        match self.token(2).and_then(|token| tokens::meaning(HALVES, token)) {
            Some(half) => {
                self.found.hour = Some(tokens::hour_of_day(value.whole, half));
                self.at += 1;
            }
            None => self.day(value)?,
        }
        self.at += 1;
        Ok(())
    }

    /// A number that is a part of the date; beyond 100 it is the year.
    fn day(&mut self, value: &Decimal) -> Result<(), Unknown> {
        let is_year = value.whole > 100 || (value.whole == 100 && value.has_fraction());
        self.ymd.push_number(value.whole, is_year)
    }
}
