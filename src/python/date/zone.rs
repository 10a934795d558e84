//! The local time zone as Python and dateutil know it: one offset for the standard and one for the summer time of
//! today, and for each moment whether it is summer. Mirrors `time.tzset` and `dateutil.tz.tzlocal`.

use tz::TimeZone;

use crate::host::Host;

/// Half of the year that Python looks at, in seconds.
const HALF_YEAR: i64 = 15_778_800; // half of 365 days and 6 hours

/// When summer begins and ends for a name without these rules: the system's default.
const SUMMER: &str = ",M3.2.0,M11.1.0";

/// The local time zone.
pub struct Zone {
    /// The rules; `None` is UTC.
    rules: Option<TimeZone>,
    /// Seconds from UTC to standard time.
    standard: i64,
    /// Seconds from UTC to summer time; the same where there is none.
    summer: i64,
    /// Their names.
    names: [String; 2],
}

/// What holds at a moment.
struct Local {
    /// Seconds from UTC.
    offset: i64,
    /// True in summer.
    is_summer: bool,
    /// The name, `UTC` or `CET`.
    name: String,
}

impl Zone {
    /// The zone of the variable `TZ`, else of the machine; UTC where neither can be read.
    ///
    /// v1: `time.tzset`. Parity: OUT-09.
    pub fn local(host: &Host, now: i64) -> Self {
        let rules = match host.env("TZ") {
            Some("") => None,
            Some(name) => {
                let by_default = || TimeZone::from_posix_tz(&format!("{name}{SUMMER}"));
                TimeZone::from_posix_tz(name).or_else(|_| by_default()).ok()
            }
            None => TimeZone::local().ok(),
        };
        let mut zone = Self { rules, standard: 0, summer: 0, names: Default::default() };
        let start = now - now.rem_euclid(2 * HALF_YEAR);
        let (january, july) = (zone.at(start), zone.at(start + HALF_YEAR));
        let northern = january.offset <= july.offset;
        let (standard, summer) = if northern { (january, july) } else { (july, january) };
        (zone.standard, zone.summer) = (standard.offset, summer.offset);
        zone.names = [standard.name, summer.name];
        zone
    }

    /// What holds at a moment of UTC.
    fn at(&self, seconds: i64) -> Local {
        let rules = self.rules.as_ref().and_then(|rules| rules.find_local_time_type(seconds).ok());
        match rules {
            Some(rules) => Local {
                offset: i64::from(rules.ut_offset()),
                is_summer: rules.is_dst(),
                name: rules.time_zone_designation().to_owned(),
            },
            None => Local { offset: 0, is_summer: false, name: "UTC".to_owned() },
        }
    }

    /// The local wall clock at a moment of UTC, by the zone's own rules.
    pub fn wall_clock(&self, seconds: i64) -> i64 {
        seconds + self.at(seconds).offset
    }

    /// True when `name` is one of the zone's two.
    pub fn is_named(&self, name: &str) -> bool {
        self.names.iter().any(|own| own == name)
    }

    /// The name that holds on a wall clock.
    pub fn name(&self, wall: i64, second_time: bool) -> &str {
        let [standard, summer] = &self.names;
        if self.is_summer(wall, second_time) { summer } else { standard }
    }

    /// Seconds from UTC to the wall clock; `second_time` when that hour comes again.
    ///
    /// v1: `tzlocal.utcoffset`.
    pub fn offset(&self, wall: i64, second_time: bool) -> i64 {
        if self.is_summer(wall, second_time) { self.summer } else { self.standard }
    }

    /// The wall clock of a moment of UTC and its offset.
    ///
    /// v1: `dateutil.tz._tzinfo.fromutc`.
    pub fn wall_and_offset(&self, seconds: i64) -> (i64, i64) {
        let standard = seconds + self.standard;
        let wall = standard + self.offset(standard, true) - self.standard;
        let second_time = self.is_ambiguous(wall) && wall - seconds == self.standard;
        (wall, self.offset(wall, second_time))
    }

    /// True in summer.
    ///
    /// v1: `tzlocal._isdst`.
    fn is_summer(&self, wall: i64, second_time: bool) -> bool {
        if self.standard == self.summer {
            return false;
        }
        if self.is_ambiguous(wall) { !second_time } else { self.looks_like_summer(wall) }
    }

    /// True for the hour that comes twice.
    ///
    /// v1: `tzlocal.is_ambiguous`.
    fn is_ambiguous(&self, wall: i64) -> bool {
        !self.looks_like_summer(wall) && self.looks_like_summer(wall - (self.summer - self.standard))
    }

    /// Whether it is summer when a clock of standard time shows `wall`.
    ///
    /// v1: `tzlocal._naive_is_dst`.
    fn looks_like_summer(&self, wall: i64) -> bool {
        self.at(wall - self.standard).is_summer
    }
}
