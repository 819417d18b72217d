//! Dates as people read them: strftime patterns, with the names of months and days in the language
//! of the site.

use jiff::civil::Date;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use jiff::{Error, Timestamp};

use crate::config::{Config, strings};

/// Formats dates for one site.
#[derive(Clone, Debug)]
pub struct Dates {
    zone: TimeZone,
    /// What `%B`, `%b`, `%A` and `%a` show.
    months: Vec<String>,
    months_short: Vec<String>,
    /// What `%OB` shows: the names where no day stands beside them, which some languages have in
    /// another case.
    months_standalone: Vec<String>,
    weekdays: Vec<String>,
    weekdays_short: Vec<String>,
}

impl Dates {
    /// The strings that dates are made of, besides their patterns.
    pub const STRINGS: [&str; 5] = [
        "months",
        "months_short",
        "months_standalone",
        "weekdays",
        "weekdays_short",
    ];

    /// The zone and the names of a site.
    pub fn new(config: &Config) -> Dates {
        let names = |list: &str| {
            config
                .strings
                .get(list)
                .map(|list| strings::names(list))
                .unwrap_or_default()
        };
        let months = names("months");
        let standalone = names("months_standalone");
        Dates {
            zone: config.time_zone.clone(),
            months_standalone: match standalone.len() == months.len() {
                true => standalone,
                false => months.clone(),
            },
            months,
            months_short: names("months_short"),
            weekdays: names("weekdays"),
            weekdays_short: names("weekdays_short"),
        }
    }

    /// An RFC 3339 time, in the zone of the site, or a date (`2026-11-21`).
    ///
    /// # Errors
    /// When it is neither, or when the pattern is wrong.
    pub fn format(&self, written: &str, pattern: &str) -> Result<String, Error> {
        if written.len() == 10 {
            let date: Date = written.parse()?;
            strtime::format(self.named(pattern, date), date)
        } else {
            let time = written.parse::<Timestamp>()?.to_zoned(self.zone.clone());
            strtime::format(self.named(pattern, time.date()), &time)
        }
    }

    /// The same for the patterns of the strings, which `config` has tried.
    pub fn show(&self, written: &str, pattern: &str) -> String {
        self.format(written, pattern)
            .unwrap_or_else(|_| written.to_owned())
    }

    /// The pattern with names in place of the directives that show some; flags before the letter
    /// are for numbers and dropped.
    fn named(&self, pattern: &str, date: Date) -> String {
        let mut named = String::with_capacity(pattern.len() + 16);
        let mut rest = pattern;
        while let Some(at) = rest.find('%') {
            named.push_str(&rest[..at]);
            let directive = &rest[at + 1..];
            let flags = directive.find(|c: char| !matches!(c, '-' | '_' | '^' | '#' | '0'..='9'));
            let letter = flags.and_then(|flags| directive[flags..].chars().next());
            let mut length = flags.unwrap_or(directive.len()) + letter.map_or(0, char::len_utf8);
            let standalone = directive
                .starts_with("OB")
                .then(|| self.months_standalone.get(month(date)))
                .flatten();
            if standalone.is_some() {
                length = "OB".len();
            }
            let name = || letter.and_then(|letter| self.name(letter, date));
            match standalone.or_else(name) {
                Some(name) => named.push_str(&name.replace('%', "%%")),
                None => named.push_str(&rest[at..=at + length]),
            }
            rest = &directive[length..];
        }
        named + rest
    }

    fn name(&self, letter: char, date: Date) -> Option<&String> {
        let month = month(date);
        let day = usize::try_from(date.weekday().to_monday_zero_offset()).ok()?;
        match letter {
            'B' => self.months.get(month),
            'b' | 'h' => self.months_short.get(month),
            'A' => self.weekdays.get(day),
            'a' => self.weekdays_short.get(day),
            _ => None,
        }
    }
}

/// The place of a date's month in lists of names.
fn month(date: Date) -> usize {
    usize::try_from(date.month() - 1).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Overrides;

    fn dates(settings: &str) -> Dates {
        Dates::new(&Config::resolve("site.toml", settings, &Overrides::default()).unwrap())
    }

    #[test]
    fn dates_are_shown_in_the_zone() {
        let dates = dates("time_zone = \"Etc/GMT-2\"");
        assert_eq!(
            dates.format("2021-05-21T23:00:00Z", "%-d %B %Y").unwrap(),
            "22 May 2021"
        );
        assert_eq!(dates.format("2021-05-01", "%B %Y").unwrap(), "May 2021");
        assert!(dates.format("soon", "%Y").is_err());
    }

    #[test]
    fn names_are_in_the_language_of_the_site() {
        let say =
            |settings: &str, pattern: &str| dates(settings).format("2026-03-01", pattern).unwrap();
        assert_eq!(
            say("locale = \"de\"", "%A, %-d. %B %Y"),
            "Sonntag, 1. März 2026"
        );
        assert_eq!(say("locale = \"fr-CA\"", "%a %-d %b"), "dim. 1 mars");
        assert_eq!(say("locale = \"en-GB\"", "%A %h %%B"), "Sunday Mar %B");
        assert_eq!(
            say("locale = \"pl\"", "%-d %B; %OB %Y"),
            "1 marca; marzec 2026"
        );
        assert_eq!(say("locale = \"de\"", "%OB %%OB"), "März %OB");
        assert_eq!(
            say("locale = \"zh-TW\"", "%Y年%-m月%-d日 %A"),
            "2026年3月1日 星期日"
        );
        assert_eq!(
            say("[strings]\nweekdays = \"1,2,3,4,5,6,100 % So\"", "%A"),
            "100 % So"
        );
    }

    #[test]
    fn a_broken_pattern_is_an_error() {
        for broken in ["%", "%-", "100 %!", "%é"] {
            assert!(dates("").format("2026-03-01", broken).is_err(), "{broken}");
        }
    }
}
