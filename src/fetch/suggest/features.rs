//! What is known of an item, and the features that decisions are learnt by.

use url::Url;

use crate::content::link;
use crate::hash::Hash128;
use crate::words;

/// Characters of an excerpt that count, and that the ledger keeps.
const EXCERPT: usize = 200;

/// What is known of an item, whatever becomes of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject<'a> {
    /// Headline.
    pub title: &'a str,
    /// Its beginning or its summary; the first 200 characters count.
    pub excerpt: Option<&'a str>,
    /// Address of the story.
    pub url: Option<&'a str>,
    /// Name of the source.
    pub source: Option<&'a str>,
    /// Who wrote it.
    pub author: Option<&'a str>,
    /// Topics.
    pub topics: &'a [String],
    /// How many providers report the same, its own among them; 0 if that is unknown.
    pub coverage: usize,
    /// `quality` of its source.
    pub base: Option<i64>,
    /// Whether it has a picture.
    pub has_image: bool,
    /// Seconds from its publication to when it was first seen; none if it has no date.
    pub delay: Option<i64>,
}

/// A feature: its kind, and a hash of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key(Kind, u64);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Kind {
    Word,
    Provider,
    Section,
    Source,
    Author,
    Topic,
    Coverage,
}

/// The start of an excerpt, as far as it counts.
pub fn start(excerpt: &str) -> &str {
    match excerpt.char_indices().nth(EXCERPT) {
        Some((end, _)) => &excerpt[..end],
        None => excerpt,
    }
}

/// The features of an item, each once, sorted, with what it is called in reasons.
pub(super) fn of(subject: &Subject<'_>) -> Vec<(Key, String)> {
    let mut all = Vec::new();
    let word = |(hash, written): (u32, String)| {
        let key = Key(Kind::Word, u64::from(hash));
        (key, format!("\"{written}\""))
    };
    all.extend(words::written(subject.title).map(word));
    let excerpt = subject.excerpt.map(start).unwrap_or_default();
    all.extend(words::written(excerpt).map(word));
    let named = |kind: Kind, name: &str, shown: String| {
        let folded = name.to_lowercase();
        (Key(kind, Hash128::of(folded.as_bytes()).number()), shown)
    };
    if let Some(url) = subject.url {
        let provider = link::host(url);
        all.extend(provider.map(|host| named(Kind::Provider, &host, format!("provider {host}"))));
        let (sections, name) = path_of(url);
        for section in sections.iter().flat_map(|part| words::written(part)) {
            let (hash, written) = section;
            let key = Key(Kind::Section, u64::from(hash));
            all.push((key, format!("section \"{written}\"")));
        }
        all.extend(words::written(&name).map(word));
    }
    let source = subject.source;
    all.extend(source.map(|name| named(Kind::Source, name, format!("source {name}"))));
    let author = subject.author;
    all.extend(author.map(|name| named(Kind::Author, name, format!("author {name}"))));
    let topics = subject.topics.iter();
    all.extend(topics.map(|name| named(Kind::Topic, name, format!("topic {name}"))));
    if subject.coverage > 0 {
        let (bucket, shown) = coverage(subject.coverage);
        all.push((Key(Kind::Coverage, bucket), shown.to_owned()));
    }
    all.sort();
    all.dedup_by_key(|(key, _)| *key);
    all
}

fn coverage(providers: usize) -> (u64, &'static str) {
    match providers {
        ..2 => (1, "one provider reports it"),
        2 => (2, "two providers report it"),
        3..=5 => (3, "several providers report it"),
        _ => (6, "many providers report it"),
    }
}

/// The folders in the path of an address, and its last part without its ending. Parts with digits
/// are dates and numbers, which say nothing.
fn path_of(url: &str) -> (Vec<String>, String) {
    let Ok(url) = Url::parse(url) else {
        return (Vec::new(), String::new());
    };
    let decoded = |part: &str| {
        let text = percent_encoding::percent_decode_str(part).decode_utf8_lossy();
        let words = text.split(|c: char| !c.is_alphanumeric());
        let words = words.filter(|word| !word.chars().any(char::is_numeric));
        words.collect::<Vec<&str>>().join(" ")
    };
    let parts = url.path_segments().into_iter().flatten();
    let mut parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    let name = parts.pop().unwrap_or_default();
    let name = name.rsplit_once('.').map_or(name, |(name, _)| name);
    (
        parts.iter().map(|part| decoded(part)).collect(),
        decoded(name),
    )
}
