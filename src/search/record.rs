//! What is found of an article, and what a result shows of it. `plan::search` lists the same for
//! the fingerprint.

use std::borrow::Cow;

use super::Indexer;
use crate::content::DamagedCache;
use crate::content::article::Article;
use crate::content::tags;
use crate::plan::topics_with_parents;
use crate::theme::Dates;

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
}

impl Indexer<'_> {
    /// The record of the article at a place of the edition.
    pub(super) fn record(&self, place: usize, dates: &Dates) -> Result<Record, DamagedCache> {
        let kept = &self.edition.articles[place];
        let shared = &self.plan.shared;
        let Article { story, detail } = self.library.article(kept.number)?;
        let day = dates.show(&story.published.rfc3339_utc(), shared.date_format());
        let body = detail.body.as_deref().map(tags::text);
        let parts: Vec<&str> = story
            .excerpt
            .as_deref()
            .into_iter()
            .chain(body.as_deref())
            .collect();
        let provider = match kept.provider {
            Some(provider) => self.edition.providers[provider].name.clone(),
            None => self.config.title.clone(),
        };
        let topics = topics_with_parents(self.edition, kept);
        Ok(Record {
            url: format!("{}#{}", shared.href(&shared.article_urls[place]), day),
            text: searchable(&story.title, parts.join(" "), &provider, shared.lang()),
            title: plain(&story.title).into_owned(),
            topics: topics
                .iter()
                .map(|topic| self.edition.topics[*topic].name.clone())
                .collect(),
            provider,
        })
    }
}

/// The text of a record. Pagefind leaves out records without a word in their text, and does not
/// look for words in the titles of languages that write them without spaces; then the title is part
/// of the text.
fn searchable(title: &str, text: String, provider: &str, language: &str) -> String {
    let has_words = |text: &str| text.contains(char::is_alphanumeric);
    let text = match (has_words(&text), matches!(language, "zh" | "ja" | "th")) {
        (true, true) => format!("{title} {text}"),
        (true, false) => text,
        (false, _) if has_words(title) => title.to_owned(),
        (false, _) => provider.to_owned(),
    };
    plain(&text).into_owned()
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

    #[test]
    fn a_record_has_words_in_its_text() {
        let text = |title: &str, text: &str, language: &str| {
            searchable(title, text.to_owned(), "one.org", language)
        };
        assert_eq!(text("Title", "An excerpt", "en"), "An excerpt");
        assert_eq!(text("標題", "摘要", "zh"), "標題 摘要");
        assert_eq!(text("Title", "…", "en"), "Title");
        assert_eq!(text("?!", "", "en"), "one.org");
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
