//! A date as people write it -> ISO 8601. Mirrors `dateutil/parser/_parser.py` with the options that v1 gives it.
//!
//! | file | what |
//! |---|---|
//! | `tokens` | the text -> words, numbers and signs, and what the words mean |
//! | `numbers` | what a number means by what stands beside it |
//! | `ymd` | which number is the year |

mod numbers;
mod tokens;
mod ymd;

use super::calendar::{Moment, month_length};
use super::zone::Zone;
use crate::python::int;
use ymd::{Label, Ymd};

/// Why a text is no date.
#[derive(Debug)]
pub enum Refusal {
    /// dateutil's words.
    Reason(String),
    /// A part is larger than a C integer: an `OverflowError`, in Python's words.
    Overflow(&'static str),
}

/// What a text spells.
#[derive(Debug, Clone, Copy)]
pub struct Date {
    /// The wall clock.
    pub moment: Moment,
    /// Seconds from UTC, of any size; `None` where the text names no zone that is known.
    offset: Option<i64>,
}

impl Date {
    /// Seconds from UTC.
    ///
    /// # Errors
    /// Python's words for a whole day or more.
    ///
    /// v1: `datetime.utcoffset`. Parity: OUT-10, CRED-07.
    pub fn offset(&self) -> anyhow::Result<Option<i64>> {
        match self.offset {
            Some(seconds) if seconds.abs() >= 86_400 => anyhow::bail!(
                "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24)."
            ),
            offset => Ok(offset),
        }
    }
}

/// What `GMT` means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gmt {
    /// UTC, whatever the local zone is called.
    Utc,
    /// The local zone, where that is its name.
    Local,
}

/// Something in the text does not fit; dateutil does not say what.
struct Unknown;

/// Stands for all numbers that no C integer holds; one less for those that are too large for any part of a date.
const HUGE: i64 = 1_000_000_000_000_000;
/// The longest offset from UTC that Python can hold, in seconds.
const FARTHEST: i64 = 999_999_999 * 86_400;

/// What was found in a text. Parts may be out of range.
#[derive(Debug, Default, PartialEq)]
struct Found {
    /// The year.
    year: Option<i64>,
    /// The month, January = 1.
    month: Option<i64>,
    /// The day.
    day: Option<i64>,
    /// The day of the week, Monday = 0.
    weekday: Option<i64>,
    /// The hour.
    hour: Option<i64>,
    /// The minute.
    minute: Option<i64>,
    /// The second.
    second: Option<i64>,
    /// Millionths of a second.
    micros: Option<i64>,
    /// The name of a time zone.
    zone: Option<String>,
    /// Seconds from UTC.
    offset: Option<i64>,
    /// am = 0, pm = 1.
    half: Option<i64>,
}

/// The date that a text spells. What it does not name is today's, or 0; an offset follows when it names one.
///
/// # Errors
/// A [`Refusal`].
///
/// v1: `dateutil.parser.parse(text)`, with `tzinfos={'GMT': tzutc()}` for [`Gmt::Utc`]. Parity: OUT-09, OUT-10, CRED-07.
pub fn parse(text: &str, zone: &Zone, now: i64, gmt: Gmt) -> Result<Date, Refusal> {
    let now = Moment::from_seconds(zone.wall_clock(now), 0);
    let Ok(found) = Reader::new(text, now.year).read() else {
        return Err(Refusal::Reason(format!("Unknown string format: {text}")));
    };
    if found == Found::default() {
        return Err(Refusal::Reason(format!("String does not contain a date: {text}")));
    }
    let moment = moment(&found, &now).map_err(|refusal| match refusal {
        Refusal::Reason(reason) => Refusal::Reason(format!("{reason}: {text}")),
        overflow @ Refusal::Overflow(_) => overflow,
    })?;
    match offset(&found, &moment, zone, gmt) {
        Some(seconds) if seconds.abs() > FARTHEST => {
            Err(Refusal::Overflow("Python int too large to convert to C int"))
        }
        offset => Ok(Date { moment, offset }),
    }
}

/// The moment that was found; its missing parts are today's.
///
/// v1: `parser._build_naive`.
fn moment(found: &Found, now: &Moment) -> Result<Moment, Refusal> {
    let (year, month) = (found.year.unwrap_or(now.year), found.month.unwrap_or(now.month));
    let day = match found.day {
        Some(day) => day,
        None if !(1..=12).contains(&month) => {
            return Err(Refusal::Reason(format!("bad month number {month}; must be 1-12")));
        }
        None => now.day.min(month_length(year, month)),
    };
    let part = |part: Option<i64>| part.unwrap_or(0);
    let (hour, minute, second) = (part(found.hour), part(found.minute), part(found.second));
    let parts = [year, month, day, hour, minute, second];
    if let Some(part) = parts.into_iter().find(|part| i32::try_from(*part).is_err()) {
        let beyond_long = part >= HUGE;
        return Err(Refusal::Overflow(if beyond_long {
            "Python int too large to convert to C long"
        } else {
            "signed integer is greater than maximum"
        }));
    }
    let moment = Moment { year, month, day, hour, minute, second, micros: part(found.micros) };
    if let Some(reason) = moment.out_of_range() {
        return Err(Refusal::Reason(reason));
    }
    let Some(weekday) = found.weekday.filter(|_| found.day.is_none_or(|day| day == 0)) else {
        return Ok(moment);
    };
    let ahead = (weekday - moment.weekday()).rem_euclid(7) * 86_400;
    let moved = Moment::from_seconds(moment.seconds() + ahead, moment.micros);
    match moved.out_of_range() {
        Some(_) => Err(Refusal::Overflow("date value out of range")),
        None => Ok(moved),
    }
}

/// Seconds from UTC, when the text says so or names a zone that is known here.
///
/// v1: `parser._build_tzaware`.
fn offset(found: &Found, moment: &Moment, zone: &Zone, gmt: Gmt) -> Option<i64> {
    match found.zone.as_deref() {
        Some("GMT") if gmt == Gmt::Utc => Some(0),
        Some(name) if zone.is_named(name) => {
            let wall = moment.seconds();
            let second_time = zone.name(wall, false) != name && zone.name(wall, true) == name;
            let is_other = zone.name(wall, second_time) != name && tokens::UTC.contains(&name);
            Some(if is_other { 0 } else { zone.offset(wall, second_time) })
        }
        _ => found.offset,
    }
}

/// An integer of digits.
fn whole(digits: &str) -> Result<i64, Unknown> {
    let number = int::int(digits).map_err(|_| Unknown)?;
    Ok(i64::try_from(&number).map_or(HUGE, |number| number.min(HUGE - 1)))
}

/// The words of a text and what they have told so far.
struct Reader {
    /// The words.
    tokens: Vec<String>,
    /// Place of the one that is read.
    at: usize,
    /// Numbers of the date, which is which being open.
    ymd: Ymd,
    /// What was found.
    found: Found,
    /// The year now, to which a year of two digits is near.
    this_year: i64,
}

impl Reader {
    /// A text that is not read yet.
    fn new(text: &str, this_year: i64) -> Self {
        let (tokens, found) = (tokens::split(text), Found::default());
        Self { tokens, at: 0, ymd: Ymd::default(), found, this_year }
    }

    /// The token that many places after the present one.
    fn token(&self, ahead: usize) -> Option<&str> {
        self.tokens.get(self.at + ahead).map(String::as_str)
    }

    /// The token that many places after the present one, where one must be.
    fn required(&self, ahead: usize) -> Result<String, Unknown> {
        self.token(ahead).map(str::to_owned).ok_or(Unknown)
    }

    /// Reads all tokens.
    ///
    /// v1: `parser._parse`.
    fn read(mut self) -> Result<Found, Unknown> {
        while let Some(token) = self.token(0).map(str::to_owned) {
            if tokens::is_number(&token) {
                self.number(&token)?;
            } else if let Some(weekday) = tokens::meaning(tokens::WEEKDAYS, &token) {
                self.found.weekday = Some(weekday);
            } else if let Some(month) = tokens::meaning(tokens::MONTHS, &token) {
                self.month(month + 1)?;
            } else if let Some(half) = tokens::meaning(tokens::HALVES, &token) {
                self.half(half)?;
            } else if self.may_be_zone(&token, self.found.offset.is_some()) {
                self.zone(token);
            } else if self.found.hour.is_some() && matches!(token.as_str(), "+" | "-") {
                self.offset(if token == "+" { 1 } else { -1 })?;
            } else if !tokens::is_jump(&token) {
                return Err(Unknown);
            }
            self.at += 1;
        }
        self.finish()
    }

    /// Settles which number is what.
    fn finish(mut self) -> Result<Found, Unknown> {
        let (year, month, day) = self.ymd.resolve()?;
        let century_specified = self.ymd.century_specified;
        self.found.year = year.map(|year| if century_specified { year } else { self.near_year(year) });
        (self.found.month, self.found.day) = (month, day);
        let found = &mut self.found;
        if (found.offset == Some(0) && found.zone.is_none())
            || matches!(found.zone.as_deref(), Some("Z" | "z"))
        {
            (found.zone, found.offset) = (Some("UTC".to_owned()), Some(0));
        } else if found.zone.as_deref().is_some_and(tokens::is_utc) {
            found.offset = Some(0);
        }
        Ok(self.found)
    }

    /// A year of two digits as the one nearest to this year.
    ///
    /// v1: `parserinfo.convertyear`.
    fn near_year(&self, year: i64) -> i64 {
        let full = year + self.this_year / 100 * 100;
        match year {
            100.. => year,
            _ if full >= self.this_year + 50 => full - 100,
            _ if full < self.this_year - 50 => full + 100,
            _ => full,
        }
    }

    /// The name of a month: `Jan-01-99`, `Jan of 01`.
    fn month(&mut self, month: i64) -> Result<(), Unknown> {
        self.ymd.push_month(month)?;
        match self.token(1) {
            Some(sign @ ("-" | "/")) => {
                let sign = sign.to_owned();
                self.ymd.push_digits(&self.required(2)?, None)?;
                if self.token(3) == Some(&sign) {
                    self.ymd.push_digits(&self.required(4)?, None)?;
                    self.at += 2;
                }
                self.at += 2;
            }
            Some(" ") if self.token(3) == Some(" ") && self.token(2).is_some_and(tokens::is_of) => {
                let Some(year) = self.token(4).map(str::to_owned) else { return Ok(()) };
                if tokens::is_digits(&year) {
                    let year = self.near_year(whole(&year)?);
                    self.ymd.push_digits(&year.to_string(), Some(Label::Year))?;
                }
                self.at += 4;
            }
            _ => {}
        }
        Ok(())
    }

    /// `am` or `pm` behind an hour of the twelve.
    fn half(&mut self, half: i64) -> Result<(), Unknown> {
        let hour = self.found.hour.filter(|hour| (0..=12).contains(hour)).ok_or(Unknown)?;
        self.found.hour = Some(tokens::hour_of_day(hour, half));
        self.found.half = Some(half);
        Ok(())
    }

    /// True for up to five capitals behind an hour, when no zone is known yet.
    fn may_be_zone(&self, token: &str, has_offset: bool) -> bool {
        let is_name = token.chars().all(|letter| letter.is_ascii_uppercase()) || tokens::UTC.contains(&token);
        self.found.hour.is_some() && self.found.zone.is_none() && !has_offset && token.len() <= 5 && is_name
    }

    /// The name of a zone. In `GMT+3` the sign means the contrary, and the name is none.
    fn zone(&mut self, name: String) {
        let is_utc = tokens::is_utc(&name);
        self.found.offset = (name == "z").then_some(0);
        self.found.zone = Some(name);
        let Some(sign) = self.tokens.get_mut(self.at + 1).filter(|sign| matches!(sign.as_str(), "+" | "-"))
        else {
            return;
        };
        if sign == "+" { "-" } else { "+" }.clone_into(sign);
        self.found.offset = None;
        if is_utc {
            self.found.zone = None;
        }
    }

    /// `+0300`, `+03:00`, `+3`, and a name in parentheses behind it.
    fn offset(&mut self, sign: i64) -> Result<(), Unknown> {
        let digits = self.required(1)?;
        let (length, head, tail) =
            (digits.chars().count(), tokens::slice(&digits, 0, 2), tokens::slice(&digits, 2, 4));
        let (hours, minutes) = if length == 4 {
            (whole(&head)?, whole(&tail)?)
        } else if self.token(2) == Some(":") {
            let both = (whole(&digits)?, whole(&self.required(3)?)?);
            self.at += 2;
            both
        } else if length <= 2 {
            (whole(&head)?, 0)
        } else {
            return Err(Unknown);
        };
        self.found.offset = Some(sign * (hours * 3600 + minutes * 60));
        let in_parentheses = self.token(3) == Some("(") && self.token(5) == Some(")");
        if in_parentheses && self.token(2).is_some_and(tokens::is_jump) {
            let name = self.required(4)?;
            if name.chars().count() >= 3 && self.may_be_zone(&name, false) {
                self.found.zone = Some(name);
                self.at += 4;
            }
        }
        self.at += 1;
        Ok(())
    }
}
