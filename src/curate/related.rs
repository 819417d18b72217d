//! Stories on the same event: alike in words, close in time, by different providers.
//!
//! Two stories are on the same event when three tenths of their titles' words are common (Jaccard
//! index), at least three; or when a fifth of them are, and half of all words of the shorter story
//! (overlap coefficient), at least five. The measure looks at the two stories only, not at the
//! edition, so that a new article changes nothing between old ones.

use std::sync::Arc;

use rayon::prelude::*;

use super::Kept;
use crate::config::Related;
use crate::content::ArticleEntry;
use crate::content::article::Facts;

/// How many older stories a story is compared with, at most: what a very dense feed may cost.
const MOST_COMPARED: usize = 600;

/// Stories on the same event as one story, by their places in the edition, the most alike first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Similar {
    /// Older ones: these do not change when articles come in, so listings may show them.
    pub older: Vec<usize>,
    /// All.
    pub all: Vec<usize>,
}

/// The similar stories of each story of the edition (`kept`, newest first).
pub(super) fn similar(
    articles: &[Arc<ArticleEntry>],
    kept: &[Kept],
    rules: &Related,
) -> Vec<Similar> {
    if rules.similar == 0 {
        return vec![Similar::default(); kept.len()];
    }
    let facts = |place: usize| &articles[kept[place].number].facts;
    let older: Vec<Vec<(u32, usize)>> = (0..kept.len())
        .into_par_iter()
        .map(|place| {
            let own = facts(place);
            let from = own.published.seconds() - rules.window;
            (place + 1..kept.len())
                .take(MOST_COMPARED)
                .take_while(|other| facts(*other).published.seconds() >= from)
                .filter_map(|other| Some((similarity(own, facts(other))?, other)))
                .collect()
        })
        .collect();
    let mut all = older.clone();
    for (place, found) in older.iter().enumerate() {
        for &(similarity, other) in found {
            all[other].push((similarity, place));
        }
    }
    let best = |mut found: Vec<(u32, usize)>| -> Vec<usize> {
        // Places shift with every new article, but their order among the same articles does not.
        found.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.cmp(&a.1)));
        let mut providers = Vec::new();
        found.retain(|(_, place)| {
            let provider = facts(*place)
                .provider
                .as_ref()
                .map(|provider| provider.domain.as_str());
            let is_new = !providers.contains(&provider);
            providers.push(provider);
            is_new
        });
        found
            .into_iter()
            .map(|(_, place)| place)
            .take(rules.similar)
            .collect()
    };
    older
        .into_iter()
        .zip(all)
        .map(|(older, all)| Similar {
            older: best(older),
            all: best(all),
        })
        .collect()
}

/// How alike two stories are, in thousandths; none when they are not on the same event.
fn similarity(a: &Facts, b: &Facts) -> Option<u32> {
    let (a_title, b_title) = (&a.words.title, &b.words.title);
    let title = common(a_title, b_title);
    if title == 0 || domain(a) == domain(b) || (a.key.is_some() && a.key == b.key) {
        return None;
    }
    let either = a_title.len() + b_title.len() - title;
    let all = common(&a.words.all, &b.words.all);
    let shorter = a.words.all.len().min(b.words.all.len());
    let by_title = title >= 3 && title * 10 >= either * 3;
    let by_all = title * 5 >= either && all >= 5 && all * 2 >= shorter;
    (by_title || by_all)
        .then(|| u32::try_from(title * 500 / either + all * 500 / shorter).unwrap_or(u32::MAX))
}

fn domain(facts: &Facts) -> Option<&str> {
    facts
        .provider
        .as_ref()
        .map(|provider| provider.domain.as_str())
}

/// How many numbers two sorted lists share.
fn common(a: &[u32], b: &[u32]) -> usize {
    let (mut i, mut j, mut count) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                count += 1;
                i += 1;
                j += 1;
            }
        }
    }
    count
}
