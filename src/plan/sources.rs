//! What the page of sources says: the feeds that the site reads, and how many of its articles are
//! from each. It follows from articles and source files alone.

use std::cmp::Reverse;

use ahash::HashMap;
use serde::Serialize;

use super::shared::{Shared, TopicRef};
use crate::config::{Config, language};
use crate::content::article::ProviderKey;
use crate::content::{Library, SourceFile, link};
use crate::curate::{Edition, topic_named};
use crate::ids::ProviderId;
use crate::slug::SlugStyle;
use crate::time::Time;

/// An item of `sources`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceView {
    /// Name.
    name: String,
    /// Address of the feed.
    feed: String,
    /// The site of its provider, if the edition has that.
    home: Option<String>,
    /// Language of its items, as a tag.
    lang: Option<String>,
    /// What that language is called in itself.
    language: Option<String>,
    /// Topics of all its items.
    topics: Vec<TopicRef>,
    /// Articles of the edition that are from it.
    count: usize,
    /// The same in percent of all articles, rounded; none where that is 0.
    share: Option<usize>,
    /// When the newest of them was published, in the time zone of the site.
    last: Option<String>,
}

/// The articles of a source.
#[derive(Clone, Copy, Default)]
struct Articles {
    count: usize,
    newest: Option<Time>,
}

/// The sources that the page of an edition lists, those with the most articles first. One without
/// an article there is left out while it is paused, or if it is in another language than the
/// edition of a site in several.
pub(super) fn of_edition(
    library: &Library,
    edition: &Edition,
    config: &Config,
    shared: &Shared,
    is_multilingual: bool,
) -> Vec<SourceView> {
    let total = edition.articles.len();
    let counted = library.sources.iter().zip(count(library, edition));
    let shown = counted.filter(|(file, articles)| {
        let lang = file.language.as_deref();
        let is_foreign = is_multilingual
            && lang.is_some_and(|tag| main_language(tag) != main_language(&config.locale));
        file.is_listed && (articles.count > 0 || !(file.is_paused || is_foreign))
    });
    let view = |(file, articles): (&SourceFile, Articles)| SourceView {
        name: file.title.clone().unwrap_or_else(|| file.name.clone()),
        feed: file.feed.clone(),
        home: provider_of(file, library, edition).map(|id| shared.provider_refs[id].home.clone()),
        lang: file.language.clone(),
        language: file.language.as_deref().map(|tag| {
            let name = language::own_name(tag);
            name.unwrap_or(tag).to_owned()
        }),
        topics: file
            .topics
            .iter()
            .filter_map(|name| topic_named(&edition.topics, name))
            .map(|topic| shared.topic_refs[topic].clone())
            .collect(),
        count: articles.count,
        share: Some(percent(articles.count, total)).filter(|share| *share > 0),
        last: articles.newest.map(|time| time.rfc3339(&config.time_zone)),
    };
    let mut views: Vec<SourceView> = shown.map(view).collect();
    views.sort_by_cached_key(|view| {
        let name = SlugStyle::Ascii.of(&view.name).into_owned();
        (
            Reverse(view.count),
            name,
            view.name.clone(),
            view.feed.clone(),
        )
    });
    views
}

/// The articles of each source: those that name it in `source`; of the others those of its
/// provider, if no other source has the same.
fn count(library: &Library, edition: &Edition) -> Vec<Articles> {
    let sources = &library.sources;
    let mut counts = vec![Articles::default(); sources.len()];
    let by_name: HashMap<&str, usize> = sources
        .iter()
        .enumerate()
        .map(|(number, file)| (file.name.as_str(), number))
        .collect();
    let mut by_provider: HashMap<ProviderId, Option<usize>> = HashMap::default();
    for (number, file) in sources.iter().enumerate() {
        if let Some(provider) = provider_of(file, library, edition) {
            let only = by_provider.entry(provider).or_insert(Some(number));
            *only = only.filter(|first| *first == number);
        }
    }
    for kept in &edition.articles {
        let facts = &library.articles[kept.article].facts;
        let named = facts.source.as_deref();
        let named = named.and_then(|name| by_name.get(name).copied());
        let of_provider = || by_provider.get(&kept.provider?).copied().flatten();
        if let Some(number) = named.or_else(of_provider) {
            let articles = &mut counts[number];
            articles.count += 1;
            // The edition has the newest first.
            articles.newest.get_or_insert(facts.published);
        }
    }
    counts
}

/// The provider of a source, if the edition has articles of it: the one that its file names, else
/// the one on the host of its feed.
fn provider_of(file: &SourceFile, library: &Library, edition: &Edition) -> Option<ProviderId> {
    let by_domain = |domain: &str| edition.provider_of(ProviderKey::of(domain));
    let Some(given) = &file.provider else {
        return by_domain(&link::host(&file.feed)?);
    };
    // Provider files may have other names in other editions.
    let name = given.to_lowercase();
    let is_named = |other: &str| other.to_lowercase() == name;
    let mut files = library.providers.iter();
    let described = files.find(|it| it.name.as_deref().is_some_and(is_named));
    let described = described.and_then(|it| by_domain(&it.domain));
    let by_name = || edition.providers.find(|provider| is_named(&provider.name));
    let of_domain = || by_domain(&link::domain(given)?);
    described.or_else(by_name).or_else(of_domain)
}

/// The language of a tag without script and region.
fn main_language(tag: &str) -> String {
    let main = tag.split(['-', '_']).next().unwrap_or_default();
    main.to_ascii_lowercase()
}

/// A part of a whole in percent, rounded to the nearest.
fn percent(part: usize, whole: usize) -> usize {
    (part * 200 + whole).checked_div(whole * 2).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn shares_are_rounded() {
        for (part, whole, wanted) in [(0, 0, 0), (1, 3, 33), (2, 3, 67), (1, 200, 1), (1, 201, 0)] {
            assert_eq!(percent(part, whole), wanted, "{part} of {whole}");
        }
        assert_eq!(percent(7, 7), 100);
    }
}
