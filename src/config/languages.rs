//! The languages that the theme has its texts in. *Another language*: a file in `languages/`, and
//! its line in [`LANGUAGES`]; the tests below say what a file must have.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::strings::STRINGS;
use super::{Config, language as tags};
use crate::diagnostic::Diagnostic;

/// A language besides English that the texts are there for.
#[derive(Debug)]
pub struct Language {
    /// BCP 47 tag.
    pub tag: &'static str,
    /// Its script as a tag of another language of the same name may have it, in lower case
    /// (ISO 15924).
    script: &'static str,
    /// The texts as TOML.
    file: &'static str,
}

/// The languages besides English, sorted by tag.
pub const LANGUAGES: &[Language] = &[
    language("ar", "arab", include_str!("languages/ar.toml")),
    language("de", "latn", include_str!("languages/de.toml")),
    language("es", "latn", include_str!("languages/es.toml")),
    language("fr", "latn", include_str!("languages/fr.toml")),
    language("hi", "deva", include_str!("languages/hi.toml")),
    language("it", "latn", include_str!("languages/it.toml")),
    language("ja", "jpan", include_str!("languages/ja.toml")),
    language("ko", "kore", include_str!("languages/ko.toml")),
    language("nl", "latn", include_str!("languages/nl.toml")),
    language("pl", "latn", include_str!("languages/pl.toml")),
    language("pt", "latn", include_str!("languages/pt.toml")),
    language("ru", "cyrl", include_str!("languages/ru.toml")),
    language("tr", "latn", include_str!("languages/tr.toml")),
    language("uk", "cyrl", include_str!("languages/uk.toml")),
    language("zh-Hans", "hans", include_str!("languages/zh-Hans.toml")),
    language("zh-Hant", "hant", include_str!("languages/zh-Hant.toml")),
];

const fn language(tag: &'static str, script: &'static str, file: &'static str) -> Language {
    Language { tag, script, file }
}

/// The tag of the language that a site with this BCP 47 tag has its texts in: `pt` for `pt-BR`,
/// `zh-Hant` for `zh-TW`; English where nothing is nearer.
pub fn tag_of_texts(locale: &str) -> &'static str {
    nearest_language(locale).map_or("en", |language| language.tag)
}

/// The language of a tag, in the script of the tag.
fn nearest_language(locale: &str) -> Option<&'static Language> {
    let locale = locale.to_lowercase();
    let primary = locale.split('-').next().unwrap_or_default();
    let script = tags::script(&locale);
    LANGUAGES.iter().find(|language| {
        let own = language.tag.split('-').next().unwrap_or_default();
        own == primary && script.is_none_or(|script| script == language.script)
    })
}

/// The texts for a BCP 47 tag: those of its language over the English ones.
pub(super) fn of_locale(locale: &str) -> BTreeMap<String, String> {
    let english = STRINGS
        .iter()
        .map(|(name, text, _)| ((*name).to_owned(), (*text).to_owned()));
    let mut strings: BTreeMap<String, String> = english.collect();
    if let Some(language) = nearest_language(locale) {
        strings.extend(texts(language.file));
    }
    strings
}

/// A warning when the theme has no texts in the language of a site and the site does not bring all
/// of them.
pub fn lint(config: &Config) -> Option<Diagnostic> {
    let primary = config.locale.split('-').next().unwrap_or_default();
    if nearest_language(&config.locale).is_some() || primary.eq_ignore_ascii_case("en") {
        return None;
    }
    let is_english = |(name, text, _): &&(&str, &str, &str)| {
        !text.is_empty() && config.strings.get(*name).is_some_and(|own| own == text)
    };
    let count = STRINGS.iter().filter(is_english).count();
    let tags: Vec<&str> = LANGUAGES.iter().map(|language| language.tag).collect();
    let message = format!(
        "the theme has no texts in the language `{}`; {count} of its texts are in English",
        config.locale
    );
    let help = format!(
        "write them in `[{}]`; there are texts in en, {}",
        config.table("strings"),
        tags.join(", ")
    );
    (count > 0).then(|| {
        Diagnostic::warning("texts-in-english", message)
            .at(config.location_of("locale"))
            .help(help)
    })
}

/// The entries of a file of [`LANGUAGES`]. A test holds the files to be tables of strings.
fn texts(file: &str) -> BTreeMap<String, String> {
    let table = DeTable::parse(file)
        .map(toml::Spanned::into_inner)
        .unwrap_or_default();
    let text = |value: &DeValue<'_>| value.as_str().map(str::to_owned);
    table
        .iter()
        .filter_map(|(name, value)| Some((name.get_ref().to_string(), text(value.get_ref())?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::config::Overrides;
    use crate::config::plural::{self, Numbers};
    use crate::config::strings::{LISTS, OPTIONAL, is_list, names, wrong_pattern};

    /// Every language with its texts, English among them.
    fn all() -> impl Iterator<Item = (&'static str, BTreeMap<String, String>)> {
        let tags = LANGUAGES.iter().map(|language| language.tag);
        tags.chain(["en"]).map(|tag| (tag, of_locale(tag)))
    }

    #[test]
    fn every_language_has_every_text_with_its_placeholders() {
        for Language { tag, file, .. } in LANGUAGES {
            let own = texts(file);
            assert_eq!(
                own.len(),
                file.lines().filter(|line| line.contains(" = ")).count(),
                "{tag}.toml is no table of strings"
            );
            let missing: Vec<_> = STRINGS
                .iter()
                .filter(|(name, _, _)| *name != OPTIONAL && !own.contains_key(*name))
                .collect();
            assert!(missing.is_empty(), "{tag}.toml lacks {missing:?}");
            for (name, text) in &own {
                let english = STRINGS.iter().find(|(known, _, _)| known == name);
                let (_, english, _) =
                    english.unwrap_or_else(|| panic!("{tag}.toml has {name}, which nothing shows"));
                assert_eq!(
                    plural::placeholders(text),
                    plural::placeholders(english),
                    "{tag}: {name}"
                );
                assert!(!text.trim().is_empty(), "{tag}: {name}");
            }
        }
    }

    #[test]
    fn every_language_has_its_plural_forms() {
        for (tag, strings) in all() {
            let numbers = Numbers::new(tag);
            for (name, english, _) in STRINGS {
                let forms = plural::forms(&strings[*name]);
                assert_eq!(
                    forms.is_empty(),
                    plural::forms(english).is_empty(),
                    "{tag}: {name}"
                );
                if !forms.is_empty() {
                    let forms: BTreeSet<&str> = forms.into_iter().collect();
                    assert_eq!(
                        forms,
                        numbers.categories().into_iter().collect(),
                        "{tag}: {name}"
                    );
                }
            }
        }
    }

    #[test]
    fn lists_have_their_names() {
        for (tag, strings) in all() {
            for (list, count) in LISTS {
                let text = &strings[list];
                let is_whole = is_list(list, text, count);
                let has_gap = !text.is_empty() && names(text).iter().any(String::is_empty);
                assert!(is_whole && !has_gap, "{tag}: {list}: {text}");
            }
        }
    }

    #[test]
    fn patterns_are_patterns() {
        for (tag, strings) in all() {
            for (name, pattern) in strings
                .iter()
                .filter(|(name, _)| name.starts_with("format_"))
            {
                assert!(wrong_pattern(name, pattern).is_none(), "{tag}: {name}");
            }
        }
    }

    #[test]
    fn the_language_of_a_tag_chooses() {
        for (locale, tag) in [
            ("de-CH", "de"),
            ("EN-us", "en"),
            ("den", "en"),
            ("xx", "en"),
            ("pt-BR", "pt"),
            ("zh", "zh-Hans"),
            ("zh-CN", "zh-Hans"),
            ("zh-TW", "zh-Hant"),
            ("zh-HK", "zh-Hant"),
            ("zh-Hant-HK", "zh-Hant"),
            ("zh-Hans-HK", "zh-Hans"),
            ("zh-Latn", "en"),
            ("ja-JP", "ja"),
            ("hi-Latn", "en"),
            ("ru-Cyrl-UA", "ru"),
        ] {
            assert_eq!(tag_of_texts(locale), tag, "{locale}");
        }
        assert_eq!(of_locale("de-CH")["archive"], "Archiv");
    }

    #[test]
    fn a_language_without_texts_is_reported() {
        let lint = |settings: &str| {
            lint(&Config::resolve("site.toml", settings, &Overrides::default()).unwrap())
        };
        for known in ["", "locale = \"en-GB\"", "locale = \"pt-BR\""] {
            assert!(lint(known).is_none(), "{known}");
        }
        let said = lint("locale = \"sv\"\n[strings]\nlatest = \"Senaste\"").unwrap();
        let rest = STRINGS.len() - 2;
        assert_eq!(
            said.message,
            format!(
                "the theme has no texts in the language `sv`; {rest} of its texts are in English"
            )
        );
        let own = STRINGS
            .iter()
            .map(|(name, text, _)| match name.starts_with("format_") {
                true => format!("{name} = \"{text} \"\n"),
                false => format!("{name} = \"{text}.\"\n"),
            });
        let all: String = own.filter(|line| !line.contains(OPTIONAL)).collect();
        assert!(lint(&format!("locale = \"sv\"\n[strings]\n{all}")).is_none());
    }
}
