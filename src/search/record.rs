//! What is found of an article, and what a result shows of it.

use std::borrow::Cow;

use super::Indexer;
use super::words::{self, Languages};
use crate::config::language;
use crate::content::DamagedCache;
use crate::content::article::Article;
use crate::content::tags;
use crate::ids::EditionIndex;
use crate::theme::Dates;

/// Characters of an article's excerpt and body that are searched, at most: some 16,000 words of
/// English. Memory and time of an index grow with its words, and the text of an article of a
/// megabyte has as many as that of a hundred ordinary ones.
const SEARCHED: usize = 100_000;
/// The same for languages that write words without spaces, where Pagefind finds a word in every
/// second character or so.
const SEARCHED_UNSPACED: usize = 30_000;

/// An article as the index has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    /// Path of its page with the path of the base URL, and after a `#` the day as it is shown.
    /// (What else a record holds can be searched for, and nobody who looks for "may" wants every
    /// story of every May.)
    pub(super) url: String,
    /// Headline.
    pub(super) title: String,
    /// Excerpt and body as plain text.
    pub(super) text: String,
    /// Names of its topics, the most special first, then those above them.
    pub(super) topics: Vec<String>,
    /// Name of its provider.
    pub(super) provider: String,
    /// Who wrote it, as a result shows it; empty if nobody is named.
    pub(super) authors: String,
    /// Its language where it is not that of the site: a result has it.
    pub(super) foreign: Option<String>,
    /// What else it is found by: its names, and forms of its words ([`super::words`]).
    pub(super) words: String,
}

impl Indexer<'_> {
    /// The record of an article of the edition.
    pub(super) fn record(
        &self,
        position: EditionIndex,
        dates: &Dates,
    ) -> Result<Record, DamagedCache> {
        let inputs = self.site.record(position);
        let shared = &self.site.plan().shared;
        let Article { story, detail } = inputs.content()?;
        let day = dates.show(&story.published.rfc3339_utc(), shared.date_format());
        let body = detail.body.as_deref().map(tags::text);
        let parts: Vec<&str> = story
            .excerpt
            .as_deref()
            .into_iter()
            .chain(body.as_deref())
            .collect();
        let provider = inputs.provider().unwrap_or(&self.config.title).to_owned();
        let locale = story.locale.as_deref().unwrap_or(shared.lang());
        let article = locale
            .split(['-', '_'])
            .next()
            .unwrap_or_default()
            .to_lowercase();
        let languages = Languages {
            site: shared.lang(),
            article: &article,
        };
        let text = start_of(parts.join(" "), languages);
        let names = [provider.as_str()]
            .into_iter()
            .chain(inputs.topics().iter().copied())
            .chain(story.tags.iter().map(String::as_str));
        let authors = story.authors.iter().map(|author| author.name.as_str());
        let authors = authors.collect::<Vec<_>>().join(", ");
        let texts = [story.title.as_str(), text.as_str(), authors.as_str()];
        let words = words::more(texts, names, languages);
        Ok(Record {
            url: format!("{}#{}", shared.href(inputs.url()), day),
            foreign: language::foreign(story.locale.as_deref(), shared.locale()),
            words: plain(&words).into_owned(),
            authors: plain(&authors).into_owned(),
            text: searchable(&story.title, text, &provider, languages),
            title: plain(&story.title).into_owned(),
            topics: inputs
                .topics()
                .iter()
                .map(|name| (*name).to_owned())
                .collect(),
            provider,
        })
    }
}

/// The text of a record. Pagefind leaves out records without a word in their text, and does not
/// look for words in the titles of languages that write them without spaces; then the title is part
/// of the text.
fn searchable(title: &str, text: String, provider: &str, languages: Languages<'_>) -> String {
    let has_words = |text: &str| text.contains(char::is_alphanumeric);
    let text = match (has_words(&text), languages.is_cut()) {
        (true, true) => format!("{title} {text}"),
        (true, false) => text,
        (false, _) if has_words(title) => title.to_owned(),
        (false, _) => provider.to_owned(),
    };
    plain(&text).into_owned()
}

/// The first characters of a text, up to the end of a word.
fn start_of(mut text: String, languages: Languages<'_>) -> String {
    let most = match languages.is_cut() {
        true => SEARCHED_UNSPACED,
        false => SEARCHED,
    };
    if let Some((end, _)) = text.char_indices().nth(most) {
        let word = text[..end].rfind(char::is_whitespace);
        // Not in scripts without spaces, nor in what is one word for pages.
        text.truncate(word.filter(|at| *at > end / 2).unwrap_or(end));
    }
    text
}

/// Text without the marks that Pagefind takes for its own (`___PAGEFIND_WEIGHT___`): they begin
/// with three underscores.
fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains("___") {
        return Cow::Borrowed(text);
    }
    let mut plain = text.replace("___", "_");
    while plain.contains("___") {
        plain = plain.replace("___", "_");
    }
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(site: &str) -> Languages<'_> {
        Languages {
            site,
            article: "en",
        }
    }

    #[test]
    fn a_record_has_words_in_its_text() {
        let text = |title: &str, text: &str, language: &str| {
            searchable(title, text.to_owned(), "one.org", on(language))
        };
        assert_eq!(text("Title", "An excerpt", "en"), "An excerpt");
        assert_eq!(text("標題", "摘要", "zh"), "標題 摘要");
        assert_eq!(text("Title", "…", "en"), "Title");
        assert_eq!(text("?!", "", "en"), "one.org");
    }

    #[test]
    fn so_much_of_a_text_is_searched() {
        let characters =
            |text: String, language: &str| start_of(text, on(language)).chars().count();
        assert_eq!(characters("word ".repeat(SEARCHED / 5), "en"), SEARCHED);
        let long = start_of("wörter ".repeat(SEARCHED), on("en"));
        assert!((SEARCHED - 7..SEARCHED).contains(&long.chars().count()));
        assert!(long.ends_with(" wörter"));
        let unspaced = || "漢".repeat(2 * SEARCHED);
        assert_eq!(characters(unspaced(), "en"), SEARCHED);
        assert_eq!(characters(unspaced(), "zh"), SEARCHED_UNSPACED);
    }

    #[test]
    fn texts_do_not_speak_to_pagefind() {
        assert_eq!(plain("snake_case __init__"), "snake_case __init__");
        assert_eq!(
            plain("x ___PAGEFIND_WEIGHT___9 y"),
            "x _PAGEFIND_WEIGHT_9 y"
        );
        assert!(!plain("______PAGEFIND____ _______").contains("___"));
    }
}
