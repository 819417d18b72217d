//! An article in the search index.

use ahash::HashSet;

use super::article::Content;
use crate::content::DamagedCache;
use crate::content::article::Article;
use crate::curate::{Edition, Kept};
use crate::hash::Hasher;
use crate::ids::TopicId;

/// An article in the search index.
#[derive(Clone, Debug)]
pub struct RecordInputs<'a> {
    pub(super) content: Content<'a>,
    pub(super) url: &'a str,
    pub(super) provider: Option<&'a str>,
    pub(super) topics: Vec<&'a str>,
}

impl<'a> RecordInputs<'a> {
    /// All that it says itself, with relative addresses as they are written.
    ///
    /// # Errors
    /// When it lies in the cache and the cache is damaged.
    pub fn content(&self) -> Result<Article, DamagedCache> {
        self.content.unresolved()
    }

    /// Where it leads, as [`super::SiteInputs::address`] says.
    pub fn url(&self) -> &'a str {
        self.url
    }

    /// Name of its provider; none for an article of the site itself.
    pub fn provider(&self) -> Option<&'a str> {
        self.provider
    }

    /// Names of its topics, the most special first, then of those above them.
    pub fn topics(&self) -> &[&'a str] {
        &self.topics
    }

    pub(in crate::plan) fn hash(&self, hasher: &mut Hasher) {
        let RecordInputs {
            content,
            url,
            provider,
            topics,
        } = self;
        hasher
            .hash(content.hash())
            .text(url)
            .optional(*provider)
            .number(topics.len() as i64);
        for topic in topics {
            hasher.text(topic);
        }
    }
}

/// The topics that an article is found under: its own, the most special first, then those above
/// them.
pub(super) fn topics_with_parents(edition: &Edition, kept: &Kept) -> Vec<TopicId> {
    let mut topics = kept.topics.clone();
    let has_parents = topics
        .iter()
        .any(|topic| edition.topics[*topic].parent.is_some());
    if !has_parents {
        return topics;
    }
    let mut known: HashSet<TopicId> = topics.iter().copied().collect();
    let mut next = 0;
    while let Some(topic) = topics.get(next) {
        let parent = edition.topics[*topic].parent;
        topics.extend(parent.filter(|parent| known.insert(*parent)));
        next += 1;
    }
    topics
}
