//! Dates and times as people and programs write them.
//!
//! RFC 3339 comes first, since nearly every date of a feed is in it. Everything else is cut into
//! words, and each word says what it is: a year-month-day, a time of day, a month by its English
//! name, an offset, an abbreviation of a zone. So `2026-11-24 16:30:02 +0800` (Ruby, Jekyll,
//! `git log`), `Tue, 24 Nov 2026 10:00:00 +0000` (RFC 2822), `November 24th, 2026` and
//! `Tue Nov 24 16:30:02 UTC 2026` (`date`) need no pattern each. What can be read in two ways is
//! refused with the reason, never guessed.

use std::fmt;

use jiff::civil::{self, Date, DateTime};
use jiff::tz::{self, Offset, TimeZone};
use jiff::{Timestamp, Zoned};

use super::Time;

/// Why a text is not read as a date and time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DateError {
    /// It is in no form that is read.
    Unknown,
    /// `03/04/2026`: 3 April in most countries, 4 March in the United States.
    DayOrMonth,
    /// `24/11/26`: the year has two digits.
    ShortYear,
    /// An abbreviation that stands for several zones, such as `CST`.
    AmbiguousZone(String),
    /// A word where a zone would be that names none.
    UnknownZone(String),
    /// It has the form of a date, and there is no such day or time.
    NoSuchTime,
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DateError::Unknown => f.write_str("is not a date and time"),
            DateError::DayOrMonth => {
                f.write_str("is ambiguous: it could be day/month or month/day")
            }
            DateError::ShortYear => f.write_str("has a two-digit year"),
            DateError::AmbiguousZone(zone) => {
                write!(f, "uses the time zone `{zone}`, which is ambiguous")
            }
            DateError::UnknownZone(zone) => write!(f, "uses the unknown time zone `{zone}`"),
            DateError::NoSuchTime => f.write_str("is a day or a time that does not exist"),
        }
    }
}

impl DateError {
    /// How to write it instead.
    pub fn help(&self) -> &'static str {
        match self {
            DateError::AmbiguousZone(_) | DateError::UnknownZone(_) => {
                "use the offset, as in 2026-11-21T09:30:00-06:00"
            }
            DateError::ShortYear => "use a four-digit year, as in 2026-11-21",
            _ => "use a form such as 2026-11-21T09:30:00Z or 2026-11-21",
        }
    }
}

/// Reads a date and time; one that names no zone is in `zone`.
pub(super) fn parse(text: &str, zone: &TimeZone) -> Result<Time, DateError> {
    let text = text.trim();
    if let Some(time) = standard(text, zone) {
        return Time::from_seconds(time.as_second()).ok_or(DateError::NoSuchTime);
    }
    if text.ends_with(']') || text.len() > LONGEST {
        return Err(DateError::Unknown);
    }
    // Spaces that do not break come with dates that were copied from pages.
    let text = text.replace(['\u{a0}', '\u{202f}'], " ");
    if !text.is_ascii() {
        return Err(DateError::Unknown);
    }
    let time = Words::read(&text)?.time(zone)?;
    Time::from_seconds(time.as_second()).ok_or(DateError::NoSuchTime)
}

/// Longest text that can be a date.
const LONGEST: usize = 64;

/// RFC 3339, RFC 9557 (`[Europe/Berlin]`), and both without a zone.
fn standard(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    if text.ends_with(']') {
        return Some(text.parse::<Zoned>().ok()?.timestamp());
    }
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time);
    }
    let civil = text
        .parse::<DateTime>()
        .or_else(|_| text.parse::<Date>().map(DateTime::from))
        .ok()?;
    Some(civil.to_zoned(zone.clone()).ok()?.timestamp())
}

/// What the words of a date say.
#[derive(Default)]
struct Words<'a> {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    clock: Option<civil::Time>,
    /// `am` or `pm`, and whether it is the latter.
    is_afternoon: Option<bool>,
    zone: Option<Zone<'a>>,
    /// Whether the month was written as a word: then abbreviations mean what RFC 2822 says.
    has_month_name: bool,
}

/// A zone, as it is written.
enum Zone<'a> {
    Offset(Offset),
    Name(&'a str),
}

impl<'a> Words<'a> {
    fn read(text: &'a str) -> Result<Words<'a>, DateError> {
        let mut words = Words::default();
        let parts = text.split([' ', ',', '\t']).filter(|word| !word.is_empty());
        for word in parts.flat_map(split_at_t) {
            words.add(word)?;
        }
        Ok(words)
    }

    /// Adds what one word says.
    fn add(&mut self, word: &'a str) -> Result<(), DateError> {
        let first = word.as_bytes()[0];
        match first {
            b'+' | b'-' => self.set_zone(Zone::Offset(offset(word).ok_or(DateError::Unknown)?)),
            b'0'..=b'9' if word.contains(':') => self.add_clock(word),
            b'0'..=b'9' if word.contains(['-', '/', '.']) => self.add_date(word),
            b'0'..=b'9' => self.add_number(word),
            _ => self.add_name(word),
        }
    }

    /// `2026-11-24`, `2026/11/24`, `24.11.2026`, `24-Nov-2026`, and what is ambiguous of that form.
    fn add_date(&mut self, word: &str) -> Result<(), DateError> {
        let separator = word
            .find(['-', '/', '.'])
            .map_or(' ', |at| char::from(word.as_bytes()[at]));
        let parts: Vec<&str> = word.split(separator).collect();
        let &[first, second, third] = parts.as_slice() else {
            return Err(DateError::Unknown);
        };
        if let Some(month) = month(second) {
            self.has_month_name = true;
            return self.set_date(year(third)?, month, number(first)?);
        }
        if first.len() == 4 {
            return self.set_date(year(first)?, number(second)?, number(third)?);
        }
        let (day_or_month, month_or_day): (i8, i8) = (number(first)?, number(second)?);
        let year = year(third)?;
        match separator {
            // Nobody writes the month first with dots.
            '.' => self.set_date(year, month_or_day, day_or_month),
            _ if day_or_month > 12 => self.set_date(year, month_or_day, day_or_month),
            _ if month_or_day > 12 => self.set_date(year, day_or_month, month_or_day),
            _ if day_or_month == month_or_day => self.set_date(year, day_or_month, day_or_month),
            _ => Err(DateError::DayOrMonth),
        }
    }

    /// A day or a year that stands alone: `24`, `24th`, `2026`.
    fn add_number(&mut self, word: &str) -> Result<(), DateError> {
        let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let is_ordinal = matches!(
            word[digits.len()..].to_ascii_lowercase().as_str(),
            "st" | "nd" | "rd" | "th"
        );
        match digits.len() {
            1 | 2 if digits.len() == word.len() || is_ordinal => {
                put(&mut self.day, number(digits)?)
            }
            4 if digits.len() == word.len() => put(&mut self.year, year(digits)?),
            _ => Err(DateError::Unknown),
        }
    }

    /// `16:30`, `16:30:02`, `16:30:02.5`, each also with a zone right behind it.
    fn add_clock(&mut self, word: &'a str) -> Result<(), DateError> {
        let end = word.find(|c: char| !(c.is_ascii_digit() || ":.".contains(c)));
        let (clock, rest) = word.split_at(end.unwrap_or(word.len()));
        let mut parts = clock.split(':');
        let hour: i8 = number(parts.next().unwrap_or_default())?;
        let minute: i8 = number(parts.next().unwrap_or_default())?;
        let second = parts.next().map_or(Ok(0), |part| {
            let whole = part.split('.').next().unwrap_or_default();
            number(whole)
        })?;
        if parts.next().is_some() {
            return Err(DateError::Unknown);
        }
        if second > 60 {
            return Err(DateError::NoSuchTime);
        }
        // A leap second is the second before, as everywhere else.
        let time = civil::Time::new(hour, minute, second.min(59), 0);
        put(&mut self.clock, time.map_err(|_| DateError::NoSuchTime)?)?;
        if rest.is_empty() {
            Ok(())
        } else {
            self.add(rest)
        }
    }

    fn add_name(&mut self, word: &'a str) -> Result<(), DateError> {
        if let Some(at) = word.find(['+', '-']) {
            // `GMT+0100`
            self.add_name(&word[..at])?;
            return self.add(&word[at..]);
        }
        let name = word.trim_matches(['.', '(', ')']);
        if let Some(month) = month(name) {
            self.has_month_name = true;
            return put(&mut self.month, month);
        }
        match name.to_ascii_lowercase().as_str() {
            "am" | "a.m" => put(&mut self.is_afternoon, false),
            "pm" | "p.m" => put(&mut self.is_afternoon, true),
            "at" | "on" | "of" | "the" => Ok(()),
            // Weekdays say nothing that the date does not say, and are often wrong.
            lower if WEEKDAYS.iter().any(|day| is_name_or_short(lower, day)) => Ok(()),
            _ if self.clock.is_some() => self.set_zone(Zone::Name(name)),
            _ => Err(DateError::Unknown),
        }
    }

    fn set_date(&mut self, year: i16, month: i8, day: i8) -> Result<(), DateError> {
        put(&mut self.year, year)?;
        put(&mut self.month, month)?;
        put(&mut self.day, day)
    }

    /// An offset may follow the name of UTC, and a name in brackets an offset: `GMT+0100`,
    /// `+0100 (CET)`. The offset counts.
    fn set_zone(&mut self, zone: Zone<'a>) -> Result<(), DateError> {
        match (&self.zone, &zone) {
            (None, _) => self.zone = Some(zone),
            (Some(Zone::Name(name)), Zone::Offset(_)) if is_utc(name) => self.zone = Some(zone),
            (Some(Zone::Offset(_)), Zone::Name(_)) => {}
            _ => return Err(DateError::Unknown),
        }
        Ok(())
    }

    fn time(self, zone: &TimeZone) -> Result<Timestamp, DateError> {
        let (Some(year), Some(month), Some(day)) = (self.year, self.month, self.day) else {
            return Err(DateError::Unknown);
        };
        let date = Date::new(year, month, day).map_err(|_| DateError::NoSuchTime)?;
        let clock = match (self.clock, self.is_afternoon) {
            (None, Some(_)) => return Err(DateError::Unknown),
            (None, None) => civil::Time::midnight(),
            (Some(clock), None) => clock,
            (Some(clock), Some(is_afternoon)) => in_24_hours(clock, is_afternoon)?,
        };
        let zone = match self.zone {
            None => zone.clone(),
            Some(Zone::Offset(offset)) => TimeZone::fixed(offset),
            Some(Zone::Name(name)) => TimeZone::fixed(named_offset(name, self.has_month_name)?),
        };
        let zoned = DateTime::from_parts(date, clock).to_zoned(zone);
        Ok(zoned.map_err(|_| DateError::NoSuchTime)?.timestamp())
    }
}

/// Cuts `2026-11-2T9:00` at its `T`.
fn split_at_t(word: &str) -> impl Iterator<Item = &str> {
    let cut = word.find(['T', 't']).filter(|at| {
        let digit = |at: Option<usize>| {
            at.and_then(|at| word.as_bytes().get(at))
                .is_some_and(u8::is_ascii_digit)
        };
        digit(at.checked_sub(1)) && digit(Some(at + 1)) && word.contains(':')
    });
    let (first, second) = match cut {
        Some(at) => (&word[..at], &word[at + 1..]),
        None => (word, ""),
    };
    [first, second].into_iter().filter(|part| !part.is_empty())
}

/// Sets what no other word has set.
fn put<T>(slot: &mut Option<T>, value: T) -> Result<(), DateError> {
    if slot.replace(value).is_some() {
        Err(DateError::Unknown)
    } else {
        Ok(())
    }
}

/// A number of one or two digits.
fn number(digits: &str) -> Result<i8, DateError> {
    let is_number = matches!(digits.len(), 1 | 2) && digits.bytes().all(|b| b.is_ascii_digit());
    digits
        .parse()
        .ok()
        .filter(|_| is_number)
        .ok_or(DateError::Unknown)
}

/// A year of four digits.
fn year(digits: &str) -> Result<i16, DateError> {
    match (digits.len(), digits.parse()) {
        (4, Ok(year)) => Ok(year),
        (2, Ok(_)) => Err(DateError::ShortYear),
        _ => Err(DateError::Unknown),
    }
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// The month with an English name, or with at least the first three letters of it.
fn month(name: &str) -> Option<i8> {
    let lower = name.trim_end_matches('.').to_ascii_lowercase();
    let at = MONTHS
        .iter()
        .position(|month| is_name_or_short(&lower, month))?;
    i8::try_from(at + 1).ok()
}

fn is_name_or_short(word: &str, name: &str) -> bool {
    word.len() >= 3 && (word == name || (word.len() <= 5 && name.starts_with(word)))
}

/// `9:30 pm` as 21:30.
fn in_24_hours(clock: civil::Time, is_afternoon: bool) -> Result<civil::Time, DateError> {
    let hour = match (clock.hour(), is_afternoon) {
        (12, false) => 0,
        (hour @ 1..=11, true) => hour + 12,
        (hour @ 1..=12, _) => hour,
        _ => return Err(DateError::NoSuchTime),
    };
    civil::Time::new(hour, clock.minute(), clock.second(), 0).map_err(|_| DateError::NoSuchTime)
}

/// `+0800`, `+08:00`, `+8`.
fn offset(word: &str) -> Option<Offset> {
    let (sign, digits) = (if word.starts_with('-') { -1 } else { 1 }, &word[1..]);
    let (hours, minutes) = match digits.split_once(':') {
        Some((hours, minutes)) if minutes.len() == 2 => (hours, minutes),
        Some(_) => return None,
        None if digits.len() == 4 => digits.split_at(2),
        None => (digits, "0"),
    };
    let (hours, minutes): (i32, i32) = (number(hours).ok()?.into(), number(minutes).ok()?.into());
    (minutes < 60)
        .then(|| Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok())
        .flatten()
}

fn is_utc(name: &str) -> bool {
    ["UTC", "GMT", "UT", "Z"]
        .iter()
        .any(|utc| utc.eq_ignore_ascii_case(name))
}

/// Abbreviations that stand for one zone, with its offset in quarters of an hour.
const ZONES: [(&str, i8); 24] = [
    ("ACDT", 42),
    ("ACST", 38),
    ("AEDT", 44),
    ("AEST", 40),
    ("AWST", 32),
    ("CEST", 8),
    ("CET", 4),
    ("EDT", -16),
    ("EEST", 12),
    ("EET", 8),
    ("HKT", 32),
    ("JST", 36),
    ("KST", 36),
    ("MDT", -24),
    ("MSK", 12),
    ("NZDT", 52),
    ("NZST", 48),
    ("PDT", -28),
    ("SGT", 32),
    ("WEST", 4),
    ("WET", 0),
    ("NPT", 23),
    ("WIB", 28),
    ("HST", -40),
];

/// What RFC 2822 (section 4.3) says of abbreviations that stand for other zones elsewhere.
const ZONES_OF_MAIL: [(&str, i8); 5] = [
    ("EST", -20),
    ("CST", -24),
    ("CDT", -20),
    ("MST", -28),
    ("PST", -32),
];

/// Other abbreviations that stand for several zones.
const AMBIGUOUS: [&str; 9] = [
    "AMT", "AST", "BST", "ECT", "GST", "IST", "PYT", "SST", "WST",
];

fn named_offset(name: &str, is_mail_form: bool) -> Result<Offset, DateError> {
    if is_utc(name) {
        return Ok(Offset::UTC);
    }
    let find = |table: &[(&str, i8)]| {
        let found = table
            .iter()
            .find(|(zone, _)| zone.eq_ignore_ascii_case(name));
        found.map(|(_, quarters)| i32::from(*quarters) * 900)
    };
    let of_mail = find(&ZONES_OF_MAIL);
    let seconds = find(&ZONES).or(of_mail.filter(|_| is_mail_form));
    let is_ambiguous = || AMBIGUOUS.iter().any(|zone| zone.eq_ignore_ascii_case(name));
    match seconds {
        Some(seconds) => Ok(Offset::from_seconds(seconds).unwrap_or(tz::Offset::UTC)),
        None if of_mail.is_some() || is_ambiguous() => {
            Err(DateError::AmbiguousZone(name.to_owned()))
        }
        None => Err(DateError::UnknownZone(name.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<String, DateError> {
        parse(text, &TimeZone::fixed(tz::offset(2))).map(Time::rfc3339_utc)
    }

    #[test]
    fn what_people_and_programs_write_is_read() {
        for (text, time) in [
            ("2026-11-24 16:30:02 +0800", "2026-11-24T08:30:02Z"),
            ("2026-11-24 16:30:02 +00:00", "2026-11-24T16:30:02Z"),
            ("2026-11-24 16:30:02 UTC", "2026-11-24T16:30:02Z"),
            ("2026-11-24 16:30 GMT", "2026-11-24T16:30:00Z"),
            ("2026-11-24 16:30:02.123 CEST", "2026-11-24T14:30:02Z"),
            ("2026-12-2", "2026-12-01T22:00:00Z"),
            ("2026-1-2T9:05", "2026-01-02T07:05:00Z"),
            ("2026/11/24", "2026-11-23T22:00:00Z"),
            ("2026/11/24 8:00:00+01:00", "2026-11-24T07:00:00Z"),
            ("24.11.2026", "2026-11-23T22:00:00Z"),
            ("24/11/2026", "2026-11-23T22:00:00Z"),
            ("11/24/2026", "2026-11-23T22:00:00Z"),
            ("05/05/2026", "2026-05-04T22:00:00Z"),
            ("Tue, 24 Nov 2026 10:00:00 +0000", "2026-11-24T10:00:00Z"),
            ("Tue, 24 Nov 2026 10:00:00 EST", "2026-11-24T15:00:00Z"),
            ("24 Nov 2026 10:00 GMT+0100", "2026-11-24T09:00:00Z"),
            (
                "Tue Nov 24 2026 10:00:00 GMT+0100 (CET)",
                "2026-11-24T09:00:00Z",
            ),
            ("24-Nov-2026", "2026-11-23T22:00:00Z"),
            ("November 24, 2026", "2026-11-23T22:00:00Z"),
            ("Nov. 24th, 2026 at 9:30 p.m. UTC", "2026-11-24T21:30:00Z"),
            ("Sept 1 2026", "2026-08-31T22:00:00Z"),
            ("Tuesday, 3rd of March 2026", "2026-03-02T22:00:00Z"),
            ("Tue Nov 24 16:30:02 UTC 2026", "2026-11-24T16:30:02Z"),
            ("Tue Nov 24 16:30:02 2026 +0100", "2026-11-24T15:30:02Z"),
            ("2026-11-24\u{a0}12:15\u{202f}AM", "2026-11-23T22:15:00Z"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(time), "{text}");
        }
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_refused_with_the_reason() {
        let zone = |name: &str| Err(DateError::AmbiguousZone(name.to_owned()));
        assert_eq!(read("03/04/2026"), Err(DateError::DayOrMonth));
        assert_eq!(read("24/11/26"), Err(DateError::ShortYear));
        assert_eq!(read("2026-11-24 10:00 CST"), zone("CST"));
        assert_eq!(read("2026-11-24 10:00 IST"), zone("IST"));
        let unknown = DateError::UnknownZone("XYZ".to_owned());
        assert_eq!(read("2026-11-24 10:00 XYZ"), Err(unknown));
    }

    #[test]
    fn what_does_not_exist_or_is_no_date_is_refused() {
        for text in [
            "2026-02-30 10:00 UTC",
            "31 June 2026",
            "2026-11-24 25:00 UTC",
            "1/32/2026",
        ] {
            assert_eq!(read(text), Err(DateError::NoSuchTime), "{text}");
        }
        for text in [
            "",
            "yesterday",
            "2026",
            "Nov 2026",
            "24 Nov",
            "10:00",
            "2026-11-24-12",
            "12",
            "1e3",
            "2026-11-24 10:00 UTC UTC",
            "2026-11-24 2026-11-25",
            "24 Nov 2026 pm",
            "x 24 Nov 2026",
        ] {
            assert_eq!(read(text), Err(DateError::Unknown), "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "[0-9A-Za-z+:./, -]{0,40}") {
            drop(parse(&text, &TimeZone::UTC));
        }

        #[test]
        fn mail_and_ruby_forms_come_back(seconds in -62_000_000_000i64..250_000_000_000) {
            let time = Time::from_seconds(seconds).unwrap();
            prop_assert_eq!(parse(&time.rfc2822(), &TimeZone::UTC), Ok(time));
            let ruby = time.rfc3339_utc().replace('T', " ").replace('Z', " +0000");
            prop_assert_eq!(parse(&ruby, &TimeZone::UTC), Ok(time));
        }
    }
}
