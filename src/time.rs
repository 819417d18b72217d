//! Points in time, to the second: how they are read, and how the formats that newsgen writes
//! require them.
//!
//! # Files
//!
//! - `parse.rs`: dates and times as people and programs write them
//! - `duration.rs`: lengths of time

mod duration;
mod parse;

use jiff::civil::Date;
use jiff::fmt::rfc2822;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde::{Deserialize, Serialize};

pub use duration::duration;
pub use parse::DateError;

/// Seconds since 1970-01-01T00:00:00Z, between the years 1 and 9998.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Time(i64);

impl Time {
    /// Reads a date, with or without a time: RFC 3339 (`2021-05-21T09:00:00Z`, with `T` or a space,
    /// with or without seconds), RFC 9557 (`2021-05-21T09:00:00[Europe/Berlin]`), RFC 2822
    /// (`Fri, 21 May 2021 09:00:00 +0000`), and what else people write, with English names of
    /// months. What names no zone is in `zone`. A fraction of a second is cut off.
    ///
    /// # Errors
    /// Why it is not read: no date, or one that can be read in two ways.
    pub fn parse(text: &str, zone: &TimeZone) -> Result<Time, DateError> {
        parse::parse(text, zone)
    }

    /// The time that many seconds after 1970 began; none outside the years that feeds can express.
    pub fn from_seconds(seconds: i64) -> Option<Time> {
        const YEAR_1: i64 = -62_135_596_800 + 86_400;
        const YEAR_9999: i64 = 253_370_764_800;
        (YEAR_1..YEAR_9999)
            .contains(&seconds)
            .then_some(Time(seconds))
    }

    /// The first moment of a day in a time zone.
    pub fn start_of(day: Date, zone: &TimeZone) -> Option<Time> {
        Time::from_seconds(day.to_zoned(zone.clone()).ok()?.timestamp().as_second())
    }

    /// Seconds since 1970.
    pub fn seconds(self) -> i64 {
        self.0
    }

    fn zoned(self, zone: &TimeZone) -> Zoned {
        // The range of `from_seconds` is inside that of `Timestamp`.
        Timestamp::from_second(self.0)
            .unwrap_or_default()
            .to_zoned(zone.clone())
    }

    /// The day in a time zone.
    pub fn date(self, zone: &TimeZone) -> Date {
        self.zoned(zone).date()
    }

    /// RFC 3339 in UTC, with `Z`.
    pub fn rfc3339_utc(self) -> String {
        Timestamp::from_second(self.0)
            .unwrap_or_default()
            .to_string()
    }

    /// RFC 3339 with the offset of a time zone.
    pub fn rfc3339(self, zone: &TimeZone) -> String {
        self.zoned(zone)
            .strftime("%Y-%m-%dT%H:%M:%S%:z")
            .to_string()
    }

    /// The same for a person who has the zone of the site in mind: `Z` where that is UTC.
    pub fn shown(self, zone: &TimeZone) -> String {
        if *zone == TimeZone::UTC {
            self.rfc3339_utc()
        } else {
            self.rfc3339(zone)
        }
    }

    /// RFC 2822, as RSS requires it, in UTC.
    pub fn rfc2822(self) -> String {
        let stamp = Timestamp::from_second(self.0).unwrap_or_default();
        rfc2822::DateTimePrinter::new()
            .timestamp_to_rfc9110_string(&stamp)
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_forms_that_occur() {
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        let time = |text: &str| Time::parse(text, &zone).ok().map(Time::rfc3339_utc);
        assert_eq!(
            time("2021-05-21T09:00:00Z").as_deref(),
            Some("2021-05-21T09:00:00Z")
        );
        assert_eq!(
            time("2021-05-21 09:00:00.75-01:00").as_deref(),
            Some("2021-05-21T10:00:00Z")
        );
        assert_eq!(
            time("2021-05-21 09:00:00").as_deref(),
            Some("2021-05-21T07:00:00Z")
        );
        assert_eq!(time("2021-05-21").as_deref(), Some("2021-05-20T22:00:00Z"));
        assert_eq!(
            time("2021-05-21T09:00:00[Europe/Berlin]").as_deref(),
            Some("2021-05-21T07:00:00Z")
        );
        assert_eq!(
            time("2021-05-21T09:00:00+02:00[Europe/Berlin]").as_deref(),
            Some("2021-05-21T07:00:00Z")
        );
        for wrong in [
            "2021-05-21T09:00:00+05:00[Europe/Berlin]",
            "2021-05-21T09:00:00[Europe/Nowhere]",
            "2021-05-21[UTC",
        ] {
            assert_eq!(time(wrong), None, "{wrong}");
        }
        for wrong in ["", "yesterday", "2021-13-01", "-009999-01-01T00:00:00Z"] {
            assert_eq!(time(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn writes_what_feeds_want() {
        let time = Time::parse("2021-05-21T09:00:00Z", &TimeZone::UTC).unwrap();
        assert_eq!(time.rfc2822(), "Fri, 21 May 2021 09:00:00 GMT");
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        assert_eq!(time.rfc3339(&zone), "2021-05-21T11:00:00+02:00");
        assert_eq!(time.shown(&zone), "2021-05-21T11:00:00+02:00");
        assert_eq!(time.shown(&TimeZone::UTC), "2021-05-21T09:00:00Z");
    }
}
