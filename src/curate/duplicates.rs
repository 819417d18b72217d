//! Copies of a story: articles with one canonical URL. The best copy stays.

use std::cmp::Reverse;
use std::sync::Arc;

use ahash::HashMap;
use ahash::HashMapExt;

use crate::content::ArticleEntry;
use crate::content::article::StoryKey;
use crate::ids::{ArticleId, List};

/// For each article of `passed` (those that passed all other rules) that is not the best copy of
/// its story: the best one.
pub(super) fn duplicates(
    articles: &List<ArticleId, Arc<ArticleEntry>>,
    passed: &[ArticleId],
) -> Vec<(ArticleId, ArticleId)> {
    let mut best: HashMap<StoryKey, ArticleId> = HashMap::with_capacity(passed.len());
    for &article in passed {
        let Some(key) = articles[article].facts.key else {
            continue;
        };
        let winner = best.entry(key).or_insert(article);
        if quality_key(&articles[article]) > quality_key(&articles[*winner]) {
            *winner = article;
        }
    }
    passed
        .iter()
        .filter_map(|&article| {
            let winner = *best.get(&articles[article].facts.key?)?;
            (winner != article).then_some((article, winner))
        })
        .collect()
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
