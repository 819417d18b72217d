//! The words that an article is found by besides those that stand in its title and text.
//!
//! Pagefind cuts a text into words at its spaces, and in languages that write without spaces only
//! where the whole site is in one (`zh`, `ja`, `th`). A word in the middle of a longer run would
//! not be found on any other site, nor would one that a reader writes without signs that are not on
//! the keyboard. What is missing is added here; `static/search.js` asks in the same form.

use std::borrow::Cow;

use ahash::HashSet;
use unicode_segmentation::UnicodeSegmentation;

use crate::script::Script;

/// How words are made for an article on a site.
#[derive(Clone, Copy, Debug)]
pub(super) struct Languages<'a> {
    /// Language of the site, without script or region, in lower case.
    pub(super) site: &'a str,
    /// Language of the article, in the same form.
    pub(super) article: &'a str,
}

impl Languages<'_> {
    /// Whether Pagefind cuts the texts of the site itself.
    pub(super) fn is_cut(self) -> bool {
        matches!(self.site, "zh" | "ja" | "th")
    }

    /// Whether a sign belongs to a run that has to be cut: any in a script without spaces, and
    /// Hangul, whose words run together too.
    fn is_in_run(self, c: char) -> bool {
        let script = Script::of(c);
        script == Script::Hangul || (!self.is_cut() && script.is_unspaced())
    }
}

/// Letters of a word in a name that are compared with those of a word that is asked for, in
/// languages without spaces: few words of Thai are longer.
const LONGEST_BEGINNING: usize = 12;

/// The words, each once, with spaces between them: those of `names` as they are, and for names and
/// texts alike the pairs of letters in runs and the plain forms of words.
pub(super) fn more<'t>(
    texts: impl IntoIterator<Item = &'t str>,
    names: impl IntoIterator<Item = &'t str> + Clone,
    languages: Languages<'_>,
) -> String {
    let mut words = Words::default();
    for name in names.clone() {
        name.split_whitespace().for_each(|word| words.add(word));
        if languages.is_cut() {
            words.add_beginnings(name);
        }
    }
    for text in texts.into_iter().chain(names) {
        if !text.is_ascii() || languages.article == "tr" {
            words.add_pairs(text, languages);
            words.add_plain_forms(text, languages);
        }
    }
    words.text
}

#[derive(Default)]
struct Words<'t> {
    known: HashSet<Cow<'t, str>>,
    text: String,
}

impl<'t> Words<'t> {
    fn add(&mut self, word: impl Into<Cow<'t, str>>) {
        let word = word.into();
        if self.known.contains(&word) {
            return;
        }
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str(&word);
        self.known.insert(word);
    }

    /// Any two letters that stand together in a run, and its last letter, which starts no pair.
    fn add_pairs(&mut self, text: &'t str, languages: Languages<'_>) {
        let mut before: Option<(usize, char)> = None;
        for (at, c) in text.char_indices() {
            let is_in_run = languages.is_in_run(c);
            match before {
                Some((start, _)) if is_in_run => self.add(&text[start..at + c.len_utf8()]),
                Some((start, _)) => self.add(&text[start..at]),
                None => {}
            }
            before = is_in_run.then_some((at, c));
        }
        if let Some((start, _)) = before {
            self.add(&text[start..]);
        }
    }

    /// The beginnings of words in the runs of a name: what a reader asks for is cut into words by
    /// the browser, wherever it finds them, and a word of the index is found by its beginning.
    /// Pagefind itself cuts only the text.
    fn add_beginnings(&mut self, name: &'t str) {
        let is_unspaced = |c: char| Script::of(c).is_unspaced();
        for run in name.split(|c: char| !is_unspaced(c)) {
            // Signs above and below letters begin no word.
            for (start, _) in run.grapheme_indices(true) {
                let rest = &run[start..];
                let end = rest.char_indices().nth(LONGEST_BEGINNING);
                self.add(&rest[..end.map_or(rest.len(), |(end, _)| end)]);
            }
        }
    }

    /// Words as readers write them who have no key for a letter. (Pagefind takes accents off.)
    fn add_plain_forms(&mut self, text: &'t str, languages: Languages<'_>) {
        let is_turkish = languages.article == "tr";
        let is_german = languages.article == "de";
        for word in text.split(|c: char| !c.is_alphanumeric()) {
            if word.contains(|c| plain(c).is_some()) {
                let mut form = String::with_capacity(word.len() + 2);
                for c in word.chars() {
                    match plain(c) {
                        Some(letters) => form.push_str(letters),
                        None => form.push(c),
                    }
                }
                self.add(form);
            }
            if is_german && word.contains(['ä', 'ö', 'ü', 'Ä', 'Ö', 'Ü']) {
                self.add(with_e(word));
            }
            // `I` is the capital of `ı` there, and Pagefind has it as `i`.
            if is_turkish && word.contains('I') {
                self.add(word.replace('I', "ı"));
            }
        }
    }
}

/// A letter that Unicode does not take apart, as it is written without it.
fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'ı' => "i",
        'ł' | 'Ł' => "l",
        'ø' | 'Ø' => "o",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'ß' | 'ẞ' => "ss",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'þ' | 'Þ' => "th",
        _ => return None,
    })
}

/// A German word without umlauts: `Zuerich`.
fn with_e(word: &str) -> String {
    let mut form = String::with_capacity(word.len() + 2);
    for c in word.chars() {
        match c {
            'ä' | 'Ä' => form.push_str("ae"),
            'ö' | 'Ö' => form.push_str("oe"),
            'ü' | 'Ü' => form.push_str("ue"),
            'ß' => form.push_str("ss"),
            c => form.push(c),
        }
    }
    form
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use regex::Regex;

    use super::*;

    fn words(text: &str, site: &str, article: &str) -> String {
        more([text], ["One News"], Languages { site, article })
    }

    /// The characters of a class of a regular expression in JavaScript, without its brackets.
    fn class(written: &str) -> BTreeSet<char> {
        let escape = Regex::new(r"\\u\{?([0-9a-f]{4,5})\}?").unwrap();
        let code = |digits: &str| char::from_u32(u32::from_str_radix(digits, 16).unwrap());
        let text = escape.replace_all(written, |found: &regex::Captures<'_>| {
            code(&found[1]).unwrap().to_string()
        });
        let letters: Vec<char> = text.chars().collect();
        let mut class = BTreeSet::new();
        let mut at = 0;
        while let Some(first) = letters.get(at) {
            let is_range = letters.get(at + 1) == Some(&'-');
            class.extend(*first..=letters[if is_range { at + 2 } else { at }]);
            at += if is_range { 3 } else { 1 };
        }
        class
    }

    #[test]
    fn the_page_asks_for_the_same_letters() {
        let script = include_str!("../../static/search.js");
        let found = Regex::new(r#"hangul = "([^"]+)", joined = `([^`$]+)\$\{hangul\}`"#).unwrap();
        let found = found.captures(script).unwrap();
        let (hangul, joined) = (class(&found[1]), class(&found[2]));
        for c in '\0'..=char::MAX {
            let script = Script::of(c);
            assert_eq!(hangul.contains(&c), script == Script::Hangul, "{c:?}");
            assert_eq!(joined.contains(&c), script.is_unspaced(), "{c:?}");
        }
    }

    #[test]
    fn names_are_found_and_plain_text_needs_nothing() {
        assert_eq!(words("Chips for all", "en", "en"), "One News");
        assert_eq!(
            more(
                ["a"],
                ["A B", "B C"],
                Languages {
                    site: "en",
                    article: "en"
                }
            ),
            "A B C"
        );
    }

    #[test]
    fn runs_are_cut_into_pairs() {
        assert_eq!(
            words("中国芯片, AI", "en", "zh"),
            "One News 中国 国芯 芯片 片"
        );
        assert_eq!(
            words("반도체를 샀다", "en", "ko"),
            "One News 반도 도체 체를 를 샀다 다"
        );
        assert_eq!(words("スーパー", "de", "ja"), "One News スー ーパ パー ー");
        // Pagefind cuts these itself, but for Hangul.
        assert_eq!(words("中国芯片", "zh", "zh"), "One News");
        assert_eq!(words("中国 반도체", "ja", "ko"), "One News 반도 도체 체");
    }

    #[test]
    fn names_are_found_by_words_in_them_where_pagefind_cuts() {
        let of_name = |name, site| {
            let languages = Languages {
                site,
                article: site,
            };
            more(["a"], [name], languages)
        };
        assert_eq!(of_name("消費電力", "ja"), "消費電力 費電力 電力 力");
        assert_eq!(of_name("AI芯片 Lab", "zh"), "AI芯片 Lab 芯片 片");
        // The vowel sign above begins nothing.
        assert_eq!(of_name("ที่ดิน", "th"), "ที่ดิน ดิน น");
        assert_eq!(of_name("消費電力", "en"), "消費電力 消費 費電 電力 力");
        let long = "ไ".repeat(30);
        assert!(
            of_name(&long, "th")
                .split(' ')
                .skip(1)
                .all(|word| word.chars().count() <= 12)
        );
    }

    #[test]
    fn words_have_plain_forms() {
        assert_eq!(words("Łódź i Gdańsk", "en", "pl"), "One News lódź");
        assert_eq!(
            words("Straßen in Zürich", "en", "de"),
            "One News Strassen Zuerich"
        );
        assert_eq!(words("Zürich", "en", "fr"), "One News");
        assert_eq!(words("IŞIK ve ışık", "en", "tr"), "One News ıŞıK işik");
        assert_eq!(words("AI", "tr", "tr"), "One News Aı");
    }
}
