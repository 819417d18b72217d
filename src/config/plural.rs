//! Texts with forms for numbers, and numbers as a language writes them.
//!
//! A text may have a form for each plural category of its language, as ICU writes it
//! (<https://unicode-org.github.io/icu/userguide/format_parse/messages/>):
//! `{count, plural, one {# story} other {# stories}}`, with the number for `#`. Which category a
//! number is in, and how its digits are grouped, is that of CLDR, in the data of ICU4X.

use std::borrow::Cow;

use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_decimal::options::DecimalFormatterOptions;
use icu_locale_core::Locale;
use icu_plurals::{PluralCategory, PluralRules};

/// How a language counts. Digits are 0 to 9, as in its dates.
///
/// The rules are looked up each time: those of ICU4X cannot be shared by threads.
#[derive(Clone, Debug)]
pub struct Numbers {
    locale: Locale,
}

impl Numbers {
    /// The rules for a BCP 47 tag; those of the root of CLDR where there are none for it.
    pub fn new(locale: &str) -> Numbers {
        let locale = format!("{locale}-u-nu-latn");
        Numbers {
            locale: locale.parse().unwrap_or(Locale::UNKNOWN),
        }
    }

    /// A number with its digits grouped: `12,345`, `12 345`, `1,23,45,678`.
    pub fn shown(&self, number: i64) -> String {
        let options = DecimalFormatterOptions::default();
        match DecimalFormatter::try_new((&self.locale).into(), options) {
            Ok(formatter) => formatter.format(&Decimal::from(number)).to_string(),
            Err(_) => number.to_string(),
        }
    }

    /// The categories of the language.
    pub fn categories(&self) -> Vec<&'static str> {
        let rules = self.rules();
        rules
            .iter()
            .flat_map(PluralRules::categories)
            .map(name)
            .collect()
    }

    fn category(&self, number: i64) -> &'static str {
        let category = self.rules().map(|rules| rules.category_for(number));
        name(category.unwrap_or(PluralCategory::Other))
    }

    fn rules(&self) -> Option<PluralRules> {
        PluralRules::try_new_cardinal((&self.locale).into()).ok()
    }

    /// A text with the forms for these numbers. A form stays where `value` knows no number for it;
    /// so do other placeholders.
    pub fn choose<'t>(&self, text: &'t str, value: impl Fn(&str) -> Option<i64>) -> Cow<'t, str> {
        if !text.contains(", plural,") {
            return Cow::Borrowed(text);
        }
        let mut chosen = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, argument, after)) = next_argument(rest) {
            chosen.push_str(before);
            let form = Plural::parse(argument).ok().and_then(|plural| {
                let number = value(plural.name)?;
                Some((plural.form(self.category(number))?, number))
            });
            match form {
                Some((form, number)) => chosen.push_str(&form.replace('#', &self.shown(number))),
                None => chosen.push_str(&rest[before.len()..rest.len() - after.len()]),
            }
            rest = after;
        }
        chosen.push_str(rest);
        Cow::Owned(chosen)
    }
}

fn name(category: PluralCategory) -> &'static str {
    match category {
        PluralCategory::Zero => "zero",
        PluralCategory::One => "one",
        PluralCategory::Two => "two",
        PluralCategory::Few => "few",
        PluralCategory::Many => "many",
        PluralCategory::Other => "other",
    }
}

/// What stands between braces that are not in others: the text before them, that in them, and what
/// follows.
fn next_argument(text: &str) -> Option<(&str, &str, &str)> {
    let open = text.find('{')?;
    let mut depth = 0_usize;
    for (at, c) in text[open..].char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => continue,
        }
        if depth == 0 {
            let close = open + at;
            return Some((&text[..open], &text[open + 1..close], &text[close + 1..]));
        }
    }
    None
}

/// An argument with forms.
struct Plural<'t> {
    name: &'t str,
    /// Category and text.
    forms: Vec<(&'t str, &'t str)>,
}

impl<'t> Plural<'t> {
    /// Reads what stands between the braces of an argument.
    fn parse(argument: &'t str) -> Result<Plural<'t>, String> {
        let mut parts = argument.splitn(3, ',').map(str::trim);
        let (Some(name), Some("plural"), Some(mut rest)) =
            (parts.next(), parts.next(), parts.next())
        else {
            return Err("it has no forms".to_owned());
        };
        let mut forms = Vec::new();
        while let Some((category, form, after)) = next_argument(rest) {
            let category = category.trim();
            if PluralCategory::get_for_cldr_string(category).is_none() {
                return Err(format!("`{category}` is no plural category"));
            }
            if form.contains('{') {
                return Err(format!(
                    "the form `{category}` has braces; `#` is the number"
                ));
            }
            forms.push((category, form));
            rest = after;
        }
        if !rest.trim().is_empty() {
            return Err(format!("`{}` has no form in braces", rest.trim()));
        }
        let plural = Plural { name, forms };
        match plural.form("other") {
            Some(_) => Ok(plural),
            None => Err("the form `other` is missing".to_owned()),
        }
    }

    fn form(&self, category: &str) -> Option<&'t str> {
        let find = |wanted: &str| self.forms.iter().find(|(known, _)| *known == wanted);
        let (_, form) = find(category).or_else(|| find("other"))?;
        Some(form)
    }
}

/// Why the forms of a text cannot be read, if they cannot.
pub(super) fn mistake(text: &str) -> Option<String> {
    let mut rest = text;
    while let Some((_, argument, after)) = next_argument(rest) {
        let kind = argument.split(',').nth(1).map(str::trim);
        if let Some("plural") = kind
            && let Err(reason) = Plural::parse(argument)
        {
            return Some(reason);
        }
        rest = after;
    }
    let is_open = rest
        .find('{')
        .is_some_and(|open| rest[open..].contains(", plural,"));
    is_open.then(|| "a brace is not closed".to_owned())
}

/// The categories of all forms of a text, as they are written.
#[cfg(test)]
pub(super) fn forms(text: &str) -> Vec<&str> {
    let mut categories = Vec::new();
    let mut rest = text;
    while let Some((_, argument, after)) = next_argument(rest) {
        if let Ok(plural) = Plural::parse(argument) {
            categories.extend(plural.forms.iter().map(|(category, _)| *category));
        }
        rest = after;
    }
    categories
}

/// The names of all placeholders of a text, sorted.
#[cfg(test)]
pub(super) fn placeholders(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = text;
    while let Some((_, argument, after)) = next_argument(rest) {
        names.extend(argument.split(',').next());
        rest = after;
    }
    names.sort_unstable();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORIES: &str = "({count, plural, one {# story} other {# stories}} of {site})";

    #[test]
    fn the_form_of_a_number_is_chosen() {
        let say = |locale: &str, text: &str, number: i64| {
            let numbers = Numbers::new(locale);
            let value = |name: &str| (name == "count").then_some(number);
            numbers.choose(text, value).into_owned()
        };
        assert_eq!(say("en", STORIES, 1), "(1 story of {site})");
        assert_eq!(say("en-GB", STORIES, 1234), "(1,234 stories of {site})");
        assert_eq!(say("de", STORIES, 1234), "(1.234 stories of {site})");
        assert_eq!(say("fr", STORIES, 0), "(0 story of {site})");
        let polish = "{count, plural, one {one} few {few} many {many} other {other}}";
        let forms: Vec<String> = [0, 1, 2, 5, 12, 22, 25, 101]
            .map(|number| say("pl", polish, number))
            .into();
        assert_eq!(
            forms,
            ["many", "one", "few", "many", "many", "few", "many", "many"]
        );
        let arabic = "{count, plural, zero {0} one {1} two {2} few {f} many {m} other {o}}";
        let forms: String = [0, 1, 2, 3, 11, 100]
            .map(|number| say("ar-EG", arabic, number))
            .concat();
        assert_eq!(forms, "012fmo");
    }

    #[test]
    fn what_has_no_number_stays() {
        let numbers = Numbers::new("en");
        assert_eq!(numbers.choose(STORIES, |_| None), STORIES);
        for text in ["{count}", "plain", "{a, plural, one {", "}{, plural,}"] {
            assert_eq!(numbers.choose(text, |_| Some(1)), text);
        }
    }

    #[test]
    fn digits_are_grouped_as_the_language_does() {
        for (locale, shown) in [
            ("en", "1,234,567"),
            ("de", "1.234.567"),
            ("de-CH", "1'234'567"),
            ("es", "1.234.567"),
            ("fr", "1\u{202f}234\u{202f}567"),
            ("ru", "1\u{a0}234\u{a0}567"),
            ("hi", "12,34,567"),
            ("ar", "1,234,567"),
            ("ar-EG", "1,234,567"),
            ("ja", "1,234,567"),
            ("xx", "1,234,567"),
        ] {
            assert_eq!(Numbers::new(locale).shown(1_234_567), shown, "{locale}");
        }
        assert_eq!(Numbers::new("es").shown(1234), "1234");
        assert_eq!(Numbers::new("pl").shown(1234), "1234");
    }

    #[test]
    fn forms_are_checked() {
        for good in [STORIES, "plain {count}", "{", "a, plural, b"] {
            assert_eq!(mistake(good), None, "{good}");
        }
        for (wrong, reason) in [
            ("{n, plural, one {x}}", "the form `other` is missing"),
            (
                "{n, plural, some {x} other {x}}",
                "`some` is no plural category",
            ),
            ("{n, plural, other {x} y}", "`y` has no form in braces"),
            (
                "{n, plural, other {{n} x}}",
                "the form `other` has braces; `#` is the number",
            ),
            ("{n, plural, other {x}", "a brace is not closed"),
        ] {
            assert_eq!(mistake(wrong).as_deref(), Some(reason), "{wrong}");
        }
    }
}
