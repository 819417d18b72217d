//! Quotation marks of a language.
//!
//! Dashes, dots and English quotation marks are made by pulldown-cmark (`--`, `---`, `...`, `"`,
//! `'`). Other languages have other marks: those of the Unicode CLDR
//! (<https://www.unicode.org/cldr/charts/latest/by_type/core_data.alphabetic_information.punctuation.html>),
//! with the spaces that French has inside of its own.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event};

/// The quotation marks of a language: those that open and close, and those inside of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::content) struct Quotes {
    double: (&'static str, &'static str),
    single: (&'static str, &'static str),
}

const fn quotes(
    double: (&'static str, &'static str),
    single: (&'static str, &'static str),
) -> Quotes {
    Quotes { double, single }
}

const ENGLISH: Quotes = quotes(("“", "”"), ("‘", "’"));
const LOW: Quotes = quotes(("„", "“"), ("‚", "‘"));
const LOW_HIGH: Quotes = quotes(("„", "”"), ("‚", "’"));
const LOW_ANGLE: Quotes = quotes(("„", "”"), ("«", "»"));
const ANGLE: Quotes = quotes(("«", "»"), ("“", "”"));
const ANGLE_LOW: Quotes = quotes(("«", "»"), ("„", "“"));
const ANGLE_SINGLE: Quotes = quotes(("«", "»"), ("‹", "›"));
const ANGLE_HIGH: Quotes = quotes(("«", "»"), ("‘", "’"));
const FRENCH: Quotes = quotes(("«\u{a0}", "\u{a0}»"), ("“", "”"));
const HIGH: Quotes = quotes(("”", "”"), ("’", "’"));
const HIGH_FIRST: Quotes = quotes(("”", "“"), ("’", "‘"));
const CORNER: Quotes = quotes(("「", "」"), ("『", "』"));

impl Quotes {
    /// The marks of a language, by its tag (BCP 47); the English ones where none are known.
    pub(in crate::content) fn of(locale: &str) -> Quotes {
        let locale = locale.to_lowercase();
        let mut parts = locale.split('-');
        let language = parts.next().unwrap_or_default();
        let is_in = |region: &str| locale.split('-').skip(1).any(|part| part == region);
        match language {
            "de" | "fr" | "it" | "rm" if is_in("ch") => ANGLE_SINGLE,
            "de" | "cs" | "sk" | "sl" | "is" | "lb" | "dsb" | "hsb" | "bg" | "et" | "lt" | "ka" => {
                LOW
            }
            "hr" | "sr" | "bs" | "af" | "mk" => LOW_HIGH,
            "hu" => quotes(("„", "”"), ("»", "«")),
            "pl" | "ro" => LOW_ANGLE,
            "fr" | "br" => FRENCH,
            "es" | "it" | "ca" | "gl" | "eu" | "ast" | "el" | "hy" | "sq" => ANGLE,
            "pt" if is_in("pt") => ANGLE,
            "ru" | "uk" | "be" | "kk" | "ky" => ANGLE_LOW,
            "nb" | "nn" | "no" => ANGLE_HIGH,
            "fa" => ANGLE_SINGLE,
            "fi" | "sv" | "he" => HIGH,
            "ar" | "ur" => HIGH_FIRST,
            "ja" => CORNER,
            "zh" if is_in("hant") || is_in("tw") || is_in("hk") || is_in("mo") => CORNER,
            _ => ENGLISH,
        }
    }
}

/// Gives quotation marks the form that they have in a language. `source` is the text that the
/// events come from, each with its place in it.
pub(super) fn localize<'t>(
    source: &'t str,
    events: impl Iterator<Item = (Event<'t>, Range<usize>)>,
    quotes: Quotes,
) -> impl Iterator<Item = Event<'t>> {
    // Single marks that wait for their second: without one it is an apostrophe.
    let mut open: usize = 0;
    events.map(move |(event, place)| {
        let Event::Text(text) = &event else {
            return match event {
                Event::End(_) => {
                    open = 0;
                    event
                }
                other => other,
            };
        };
        // What the author wrote as a mark of a language stays.
        if !matches!(source.get(place.clone()), Some("\"" | "'")) {
            return event;
        }
        let is_in_word = || {
            let before = source[..place.start].chars().next_back();
            let after = source[place.end..].chars().next();
            before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric)
        };
        let mark = match &**text {
            "“" => quotes.double.0,
            "”" => quotes.double.1,
            "‘" => {
                open += 1;
                quotes.single.0
            }
            "’" if open > 0 && !is_in_word() => {
                open -= 1;
                quotes.single.1
            }
            _ => return event,
        };
        Event::Text(CowStr::Borrowed(mark))
    })
}
