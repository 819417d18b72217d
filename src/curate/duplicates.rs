//! Copies of a story: articles with one canonical URL. The best copy stays, and so does one whose
//! title has nothing in common with those that stay: it may well be another story.

use std::cmp::Reverse;
use std::sync::Arc;

use ahash::HashMap;
use ahash::HashMapExt;

use crate::content::ArticleEntry;
use crate::content::article::StoryKey;
use crate::ids::{ArticleId, List};
use crate::words;

/// For each article of `passed` (those that passed all other rules) that is a worse copy of a
/// story: the best one.
pub(super) fn duplicates(
    articles: &List<ArticleId, Arc<ArticleEntry>>,
    passed: &[ArticleId],
) -> Vec<(ArticleId, ArticleId)> {
    let mut first: HashMap<StoryKey, ArticleId> = HashMap::with_capacity(passed.len());
    // Only where there are several: nearly every story has one copy.
    let mut copies: HashMap<StoryKey, Vec<ArticleId>> = HashMap::new();
    for &article in passed {
        let Some(key) = articles[article].facts.key else {
            continue;
        };
        if let Some(first) = first.insert(key, article) {
            copies.entry(key).or_default().push(first);
        }
    }
    let mut groups: Vec<Vec<ArticleId>> = copies
        .into_iter()
        .map(|(key, mut group)| {
            group.extend(first.get(&key));
            group
        })
        .collect();
    groups.sort_unstable();
    let worse = groups
        .into_iter()
        .flat_map(|group| worse_copies(articles, group));
    worse.collect()
}

/// The copies of a group that go, each with the one that stays.
fn worse_copies(
    articles: &List<ArticleId, Arc<ArticleEntry>>,
    mut group: Vec<ArticleId>,
) -> Vec<(ArticleId, ArticleId)> {
    /// Stories that are distinguished by their titles alone; it bounds what a group costs.
    const MOST: usize = 20;
    group.sort_by(|a, b| quality_key(&articles[*b]).cmp(&quality_key(&articles[*a])));
    let mut stay: Vec<ArticleId> = Vec::new();
    let mut go = Vec::new();
    for article in group {
        let title = |article: ArticleId| articles[article].facts.title.as_str();
        let same = stay
            .iter()
            .find(|better| words::have_in_common(title(article), title(**better)));
        match same.or(stay.first().filter(|_| stay.len() == MOST)) {
            Some(better) => go.push((article, *better)),
            None => stay.push(article),
        }
    }
    go
}

/// What makes a copy better: quality, a picture, a body, the longer excerpt, the earlier date; at
/// last the path.
fn quality_key(article: &ArticleEntry) -> impl Ord + '_ {
    let facts = &article.facts;
    (
        facts.quality,
        facts.has_image,
        facts.has_body,
        facts.excerpt_length,
        Reverse(facts.published),
        Reverse(article.path.as_str()),
    )
}
