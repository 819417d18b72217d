//! Dates of feeds.
//!
//! What `time` reads as everywhere else is read in that way. Feeds have more: years of two digits
//! (RFC 822), names of months in the language of the program that wrote them, zones that no list
//! has, dates without separators. `time` refuses what can be read in two ways; so does this.

use jiff::tz::TimeZone;

use crate::time::Time;

/// Longest text that can be a date, in bytes.
const LONGEST: usize = 100;

/// Reads a date; one that names no zone, or one that nobody knows, is in UTC.
pub(super) fn read(text: &str) -> Option<Time> {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    let parse = |text: &str| Time::parse(text, &TimeZone::UTC).ok();
    parse(text)
        .or_else(|| digits_only(text).and_then(|text| parse(&text)))
        .or_else(|| seconds(text))
        .or_else(|| parse(&ordinary(text)?))
}

/// `2026`, `2026-11`, `20261124` and `20261124T093000Z` with separators (ISO 8601, basic format).
fn digits_only(text: &str) -> Option<String> {
    let (day, rest) = text.split_at(text.find(['T', 't', ' ']).unwrap_or(text.len()));
    if let Some((year, month)) = day.split_once('-')
        && year.len() == 4
        && month.len() == 2
    {
        return Some(format!("{year}-{month}-01"));
    }
    if !day.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let day = match day.len() {
        4 if rest.is_empty() => format!("{day}-01-01"),
        8 => format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..]),
        _ => return None,
    };
    let clock = rest.get(1..).unwrap_or_default();
    let end = clock
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(clock.len());
    let (digits, zone) = clock.split_at(end);
    Some(match digits.len() {
        4 => format!("{day}T{}:{}{zone}", &digits[..2], &digits[2..]),
        6 => {
            let (hour, minute, second) = (&digits[..2], &digits[2..4], &digits[4..]);
            format!("{day}T{hour}:{minute}:{second}{zone}")
        }
        _ if clock.is_empty() => day,
        _ => format!("{day}T{clock}"),
    })
}

/// Seconds or milliseconds since 1970.
fn seconds(text: &str) -> Option<Time> {
    let number: i64 = text.parse().ok()?;
    match text.len() {
        10 => Time::from_seconds(number),
        13 => Time::from_seconds(number / 1000),
        _ => None,
    }
}

/// The words of a date, as far as they say anything, in the order and the spelling that `time`
/// reads.
fn ordinary(text: &str) -> Option<String> {
    let mut numbers: Vec<&str> = Vec::new();
    let (mut month, mut clock, mut date) = (None, None, None);
    let (mut zone, mut half) = (String::new(), "");
    let text = separated(text);
    for word in text.split_whitespace() {
        // `2. März`, but also `a.m.`
        let word = match word.starts_with(|c: char| c.is_ascii_digit()) {
            true => word.trim_end_matches(['.', ':']),
            false => word,
        };
        let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
        if is_number {
            numbers.push(word);
        } else if word.starts_with(|c: char| c.is_ascii_digit()) {
            if word.contains(':') {
                clock = Some(word);
            } else if word.contains(['-', '/', '.']) {
                date = Some(word);
            } else {
                let digits = word.trim_end_matches(|c: char| !c.is_ascii_digit());
                numbers.push(digits);
            }
        } else if word.starts_with(['+', '-']) {
            zone = offset(word)?;
        } else if let Some(at) = word.find(['+', '-']).filter(|_| clock.is_some()) {
            zone = offset(&word[at..])?;
        } else if let Some(found) = month_named(word).filter(|_| clock.is_none()) {
            // The first of two may be a weekday: `mar.` is Tuesday in French, and March.
            month = Some(found);
        } else {
            match word.to_lowercase().as_str() {
                "am" | "a.m." | "오전" | "上午" | "午前" => half = " am",
                "pm" | "p.m." | "오후" | "下午" | "午後" => half = " pm",
                other if clock.is_some() && zone.is_empty() => zone = zone_named(other),
                _ => {}
            }
        }
    }
    let day = match (date, month, numbers.as_slice()) {
        (Some(date), _, []) => full_date(date)?,
        (None, Some(month), [first, second]) => named_date(first, month, second)?,
        // The year may stand after the time.
        (None, None, [year, month, day]) if year.len() == 4 => format!("{year}-{month}-{day}"),
        _ => return None,
    };
    let clock = clock.map(|clock| format!(" {clock}"));
    let zone = if clock.is_some() { zone } else { String::new() };
    let clock = clock.unwrap_or_default();
    Some(format!("{day}{clock}{half} {zone}"))
}

/// A date with spaces between what stands side by side without any: around a `T`, a `Z`, an offset,
/// names of months, and the characters for year, month and day.
fn separated(text: &str) -> String {
    const MARKS: [(&str, &str); 10] = [
        ("년", " "),
        ("월", " "),
        ("일", " "),
        ("年", " "),
        ("月", " "),
        ("日", " "),
        ("時", ":"),
        ("分", ":"),
        ("秒", " "),
        ("\u{200f}", ""),
    ];
    let mut text = text.to_owned();
    for (mark, instead) in MARKS {
        if text.contains(mark) {
            text = text.replace(mark, instead);
        }
    }
    let mut spaced = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    let mut has_clock = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let next_is_digit = chars.peek().is_some_and(char::is_ascii_digit);
        has_clock |= c == ':';
        match c {
            ',' | '(' | ')' | '\u{a0}' | '\u{202f}' => spaced.push(' '),
            'T' | 't' if before.is_ascii_digit() && next_is_digit => spaced.push(' '),
            '-' | '/' if before.is_alphabetic() && next_is_digit && !has_clock => spaced.push(' '),
            '-' | '/'
                if before.is_ascii_digit() && chars.peek().is_some_and(|c| c.is_alphabetic()) =>
            {
                spaced.push(' ');
            }
            '+' | '-' if has_clock && before.is_ascii_digit() => {
                spaced.push(' ');
                spaced.push(c);
            }
            c if c.is_alphabetic() && before.is_ascii_digit() && has_clock => {
                spaced.push(' ');
                spaced.push(c);
            }
            c => spaced.push(c),
        }
        before = c;
    }
    spaced
}

/// A date in digits; one whose year has two digits in the order of ISO 8601, if nothing else fits.
fn full_date(date: &str) -> Option<String> {
    let separator = date.find(['-', '/', '.'])?;
    let separator = date[separator..].chars().next()?;
    let parts: Vec<&str> = date.trim_end_matches(separator).split(separator).collect();
    match parts.as_slice() {
        // A day of the year.
        [year, day] if year.len() == 4 && day.len() == 3 => {
            let days: i32 = day.parse().ok()?;
            let first = jiff::civil::Date::new(year.parse().ok()?, 1, 1).ok()?;
            let date = first.checked_add(jiff::Span::new().days(days - 1)).ok()?;
            Some(date.to_string())
        }
        [first, second, third] if first.len() == 2 && third.len() == 2 && separator == '-' => {
            Some(format!("{}-{second}-{third}", year_of(first)?))
        }
        _ => Some(date.to_owned()),
    }
}

/// A day, a month by its name, and a year, or the year first.
fn named_date(first: &str, month: u8, second: &str) -> Option<String> {
    let (day, year) = if first.len() == 4 {
        (second, first)
    } else {
        (first, second)
    };
    Some(format!("{}-{month:02}-{day:0>2}", year_of(year)?))
}

/// A year of two digits is one of the years from 1970 to 2069.
fn year_of(digits: &str) -> Option<i32> {
    let year: i32 = digits.parse().ok()?;
    match (digits.len(), year) {
        (4, _) => Some(year),
        (2, 70..) => Some(1900 + year),
        (2, _) => Some(2000 + year),
        _ => None,
    }
}

/// An offset as `+hhmm`; what is left out of it is zero.
fn offset(word: &str) -> Option<String> {
    let (sign, digits) = word.split_at(1);
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None if digits.len() > 2 => digits.split_at_checked(digits.len() - 2)?,
        None => (digits, ""),
    };
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_right = is_number(hours) && is_number(minutes) && hours.len() <= 2;
    is_right.then(|| format!("{sign}{hours:0>2}{minutes:0>2}"))
}

/// A zone that `time` reads, or the likeliest one of several. One that nobody knows is UTC.
fn zone_named(lower: &str) -> String {
    let offset = match lower.trim_matches('.') {
        // These are written with a date far more often than the zones of the same name elsewhere.
        "bst" => "+0100",
        "ist" => "+0530",
        "ast" => "-0400",
        "adt" => "-0300",
        "est" | "et" => "-0500",
        "cst" | "ct" => "-0600",
        "cdt" => "-0500",
        "mst" | "mt" => "-0700",
        "pst" | "pt" => "-0800",
        "mez" => "+0100",
        "mesz" => "+0200",
        name => {
            let probe = format!("2000-01-01 00:00 {name}");
            let is_known = Time::parse(&probe, &TimeZone::UTC).is_ok();
            return if is_known { name } else { "UTC" }.to_uppercase();
        }
    };
    offset.to_owned()
}

/// Beginnings of the names of months, in small letters: English, German, Dutch, Danish, Norwegian,
/// Swedish, French, Spanish, Catalan, Portuguese, Italian, Romanian, Polish, Czech, Russian,
/// Ukrainian, Greek, Hungarian, Finnish, Turkish, Indonesian. The longest one that a word begins
/// with counts.
const MONTHS: [(u8, &[&str]); 12] = [
    (
        1,
        &[
            "jan", "jän", "ene", "gen", "gener", "ian", "sty", "led", "янв", "січ", "ιαν", "tammi",
            "oca", "xan",
        ],
    ),
    (
        2,
        &[
            "feb", "fév", "fev", "lut", "úno", "фев", "лют", "φεβ", "helmi", "şub", "febbr",
        ],
    ),
    (
        3,
        &[
            "mar", "mär", "mrz", "maa", "mrt", "már", "bře", "мар", "бер", "μαρ", "μάρ", "maalis",
            "març",
        ],
    ),
    (
        4,
        &[
            "apr", "avr", "abr", "ápr", "kwi", "dub", "апр", "кві", "απρ", "huhti", "nis",
        ],
    ),
    (
        5,
        &[
            "may", "mai", "mei", "maj", "máj", "mag", "kvě", "мая", "май", "тра", "μαι", "μάι",
            "μαϊ", "μαΐ", "touko", "mayıs", "maggio", "mayo", "maio",
        ],
    ),
    (
        6,
        &[
            "jun", "jui", "juin", "jún", "giu", "iun", "cze", "čer", "июн", "чер", "ιουν", "ιούν",
            "kesä", "haz",
        ],
    ),
    (
        7,
        &[
            "jul",
            "juil",
            "júl",
            "lug",
            "iul",
            "lip",
            "červenec",
            "července",
            "июл",
            "лип",
            "ιουλ",
            "ιούλ",
            "heinä",
            "tem",
        ],
    ),
    (
        8,
        &[
            "aug", "aoû", "aou", "ago", "sie", "srp", "авг", "сер", "αυγ", "αύγ", "elo", "ağu",
            "agu",
        ],
    ),
    (
        9,
        &[
            "sep", "set", "szep", "wrz", "září", "zář", "сен", "вер", "σεπ", "syys", "eyl",
        ],
    ),
    (
        10,
        &[
            "oct", "okt", "out", "ott", "paź", "říj", "окт", "жов", "οκτ", "loka", "eki",
        ],
    ),
    (
        11,
        &[
            "nov", "noi", "lis", "ноя", "лис", "νοε", "νοέ", "marras", "kas",
        ],
    ),
    (
        12,
        &[
            "dec", "dez", "des", "déc", "dic", "gru", "pro", "дек", "гру", "δεκ", "joulu", "ara",
        ],
    ),
];

/// The month with that name.
fn month_named(word: &str) -> Option<u8> {
    let word = word.to_lowercase();
    let all = MONTHS
        .iter()
        .flat_map(|(month, stems)| stems.iter().map(move |stem| (*month, *stem)));
    let fitting = all.filter(|(_, stem)| word.starts_with(stem));
    let longest = fitting.max_by_key(|(_, stem)| stem.len())?;
    Some(longest.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Option<String> {
        read(text).map(Time::rfc3339_utc)
    }

    #[test]
    fn the_forms_of_feeds_are_read() {
        for (text, expected) in [
            ("2022-11-15 20:15:04", "2022-11-15T20:15:04Z"),
            ("Tue, 15 Nov 2022 20:15:04 CEST", "2022-11-15T18:15:04Z"),
            ("Tue, 15 Nov 22 20:15:04 GMT", "2022-11-15T20:15:04Z"),
            ("Thu, 01 Jan 04 19:48 PST", "2004-01-02T03:48:00Z"),
            ("Fri, 4 Dec 98 01:02:03 XYZ", "1998-12-04T01:02:03Z"),
            ("15-Nov-22 20:15:04", "2022-11-15T20:15:04Z"),
            ("Nov 15, 2022", "2022-11-15T00:00:00Z"),
            ("2017-06-13T03:18:00+00:0", "2017-06-13T03:18:00Z"),
            ("2017-06-13T03:18:00+1", "2017-06-13T02:18:00Z"),
            ("2022-11", "2022-11-01T00:00:00Z"),
            ("2022", "2022-01-01T00:00:00Z"),
            ("2022-319", "2022-11-15T00:00:00Z"),
            ("20221115", "2022-11-15T00:00:00Z"),
            ("20221115T201504Z", "2022-11-15T20:15:04Z"),
            ("20221115T20:15:04+0100", "2022-11-15T19:15:04Z"),
            ("22-11-15", "2022-11-15T00:00:00Z"),
            ("1668543304", "2022-11-15T20:15:04Z"),
            ("1668543304000", "2022-11-15T20:15:04Z"),
            ("Tue Nov 15 20:15:04 2022", "2022-11-15T20:15:04Z"),
            ("Tue, 15 November 2022 8:15 pm EST", "2022-11-16T01:15:00Z"),
        ] {
            assert_eq!(time(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn months_and_weekdays_have_names_in_many_languages() {
        for (text, expected) in [
            ("Di, 15 Nov 2022 20:15:04 +0100", "2022-11-15T19:15:04Z"),
            (
                "Mittwoch, 02. März 2022 08:00:00 MEZ",
                "2022-03-02T07:00:00Z",
            ),
            ("mar., 24 nov. 2026 10:00:00 +0100", "2026-11-24T09:00:00Z"),
            ("mié, 07 dic 2022 10:00:00 +0000", "2022-12-07T10:00:00Z"),
            ("sáb, 5 set 2020 12:00", "2020-09-05T12:00:00Z"),
            ("śro, 05 paź 2022 10:00:00 +0200", "2022-10-05T08:00:00Z"),
            ("Вт, 15 ноя 2022 20:15:04 +0300", "2022-11-15T17:15:04Z"),
            ("Κυρ, 11 Ιούλ 2004 12:00:00 EST", "2004-07-11T17:00:00Z"),
            ("2004-július-13T9:15-05:00", "2004-07-13T14:15:00Z"),
            ("2004년 05월 28일 01:31:15", "2004-05-28T01:31:15Z"),
            ("2004-05-25 오후 11:23:17", "2004-05-25T23:23:17Z"),
            ("2022年11月15日 20時15分", "2022-11-15T20:15:00Z"),
            ("11 července 2022", "2022-07-11T00:00:00Z"),
        ] {
            assert_eq!(time(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_or_could_be_two_is_not_read() {
        for text in [
            "",
            "yesterday",
            "03/04/2026",
            "Mon, 99 Nov 2022",
            "12",
            "nov",
            "T",
            "-",
            "1-",
            "Tue, 15 Nov 2022 25:61:00 GMT",
            "::",
            "é:1",
            "99999999",
        ] {
            assert_eq!(time(text), None, "{text}");
        }
    }
}
