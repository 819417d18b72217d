//! Copies of a story: articles with one canonical URL. The best copy stays.

use std::cmp::Reverse;
use std::sync::Arc;

use ahash::HashMap;
use ahash::HashMapExt;

use crate::content::ArticleEntry;
use crate::content::article::StoryKey;

/// For each of `numbers` (articles that passed all other rules) that is not the best copy of its
/// story: the best one.
pub(super) fn duplicates(articles: &[Arc<ArticleEntry>], numbers: &[usize]) -> Vec<(usize, usize)> {
    let mut best: HashMap<StoryKey, usize> = HashMap::with_capacity(numbers.len());
    for &number in numbers {
        let Some(key) = articles[number].facts.key else {
            continue;
        };
        let winner = best.entry(key).or_insert(number);
        if quality_key(&articles[number]) > quality_key(&articles[*winner]) {
            *winner = number;
        }
    }
    numbers
        .iter()
        .filter_map(|&number| {
            let winner = *best.get(&articles[number].facts.key?)?;
            (winner != number).then_some((number, winner))
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
