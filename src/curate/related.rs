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
use crate::ids::{ArticleId, EditionIndex, List};

/// How many older stories a story is compared with, at most: what a very dense feed may cost.
const MOST_COMPARED: usize = 600;

/// Stories that are compared before what was found is merged: what is held in memory at a time is
/// at most [`MOST_COMPARED`] pairs for each of them, whatever the feed.
const BLOCK: usize = 1024;

/// Stories on the same event as one story, the most alike first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Similar {
    /// Older ones: these do not change when articles come in, so listings may show them.
    pub older: Vec<EditionIndex>,
    /// All.
    pub all: Vec<EditionIndex>,
}

/// The similar stories of each story of the edition (`kept`, newest first).
pub(super) fn similar(
    articles: &List<ArticleId, Arc<ArticleEntry>>,
    kept: &List<EditionIndex, Kept>,
    rules: &Related,
) -> List<EditionIndex, Similar> {
    let facts = kept.map(|kept| &articles[kept.article].facts);
    similar_of(&facts, rules).0
}

/// The similar stories of each of some stories, newest first, and how many pairs of titles were
/// compared to find them: at most [`MOST_COMPARED`] for each story.
fn similar_of(
    facts: &List<EditionIndex, &Facts>,
    rules: &Related,
) -> (List<EditionIndex, Similar>, usize) {
    if rules.similar == 0 {
        return (facts.map(|_| Similar::default()), 0);
    }
    let signatures = facts.map(|facts| signature(facts));
    let older = |position: EditionIndex| -> (Vec<(u32, EditionIndex)>, usize) {
        let own = facts[position];
        let from = own.published.seconds() - rules.window;
        let candidates = facts
            .ids_after(position)
            .take(MOST_COMPARED)
            .take_while(|other| facts[*other].published.seconds() >= from)
            .filter(|other| signatures[*other] & signatures[position] != 0);
        let mut compared = 0;
        let found = candidates
            .inspect(|_| compared += 1)
            .filter_map(|other| Some((similarity(own, facts[other])?, other)))
            .collect();
        (found, compared)
    };
    let mut of_older = facts.map(|_| Best::new(rules.similar));
    let mut of_all = of_older.clone();
    let mut compared = 0;
    for start in (0..facts.len()).step_by(BLOCK) {
        let block = facts.range(start..(start + BLOCK).min(facts.len()));
        let found: Vec<_> = block.par_iter().map(older).collect();
        for (position, (found, count)) in block.iter().zip(found) {
            compared += count;
            for (similarity, other) in found {
                of_older[position].add(similarity, other, domain(facts[other]));
                of_all[position].add(similarity, other, domain(facts[other]));
                of_all[other].add(similarity, position, domain(facts[position]));
            }
        }
    }
    let similar = of_older
        .into_iter()
        .zip(of_all)
        .map(|(older, all)| Similar {
            older: older.into_positions(),
            all: all.into_positions(),
        });
    (similar.collect(), compared)
}

/// The words of a title as 64 bits. Titles whose signatures share no bit share no word, which is
/// seen much faster than by comparing the words.
fn signature(facts: &Facts) -> u64 {
    facts
        .words
        .title
        .iter()
        .fold(0, |bits, word| bits | 1 << (word % 64))
}

/// The most alike stories, at most one of each provider. It holds no more than that many at any
/// time, so that the order in which stories come in and how many they are do not matter.
#[derive(Clone)]
struct Best<'a> {
    most: usize,
    /// Similarity, position and provider; the best one first.
    stories: Vec<(u32, EditionIndex, Option<&'a str>)>,
}

impl<'a> Best<'a> {
    fn new(most: usize) -> Best<'a> {
        Best {
            most,
            stories: Vec::new(),
        }
    }

    fn add(&mut self, similarity: u32, position: EditionIndex, provider: Option<&'a str>) {
        // Positions shift with every new article, but their order among the same articles does not:
        // of two that are equally alike, the older one is better.
        let at = self
            .stories
            .partition_point(|(similar, older, _)| (*similar, *older) > (similarity, position));
        if at == self.most {
            return;
        }
        let same = |story: &(_, _, Option<&str>)| story.2 == provider;
        match self.stories.iter().position(same) {
            Some(known) if known < at => return,
            Some(known) => {
                self.stories.remove(known);
            }
            None => self.stories.truncate(self.most - 1),
        }
        self.stories.insert(at, (similarity, position, provider));
    }

    fn into_positions(self) -> Vec<EditionIndex> {
        let positions = self.stories.into_iter().map(|(_, position, _)| position);
        positions.collect()
    }
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::content::article::{ArticleProvider, StoryKey, Words};
    use crate::hash::Hash128;
    use crate::ids::Id;
    use crate::time::Time;

    fn rules(similar: usize, window: i64) -> Related {
        Related { similar, window }
    }

    /// A story `age` seconds old, with a title of these words.
    fn story(age: i64, provider: Option<u32>, words: &[u32], key: Option<u8>) -> Facts {
        let mut title = words.to_vec();
        title.sort_unstable();
        title.dedup();
        Facts {
            published: Time::from_seconds(1_800_000_000 - age).unwrap(),
            provider: provider.map(|number| ArticleProvider {
                name: String::new(),
                domain: format!("p{number}.example"),
            }),
            key: key.map(|key| StoryKey(Hash128::of(&[key]))),
            words: Words {
                all: title.clone(),
                title,
            },
            ..Facts::default()
        }
    }

    /// What is to be found, in plain words: all pairs, sorted, then one of each provider.
    fn by_definition(facts: &[&Facts], rules: &Related) -> List<EditionIndex, Similar> {
        let best = |mut found: Vec<(u32, usize)>| -> Vec<EditionIndex> {
            found.sort_by(|a, b| b.cmp(a));
            let mut providers = Vec::new();
            found.retain(|(_, place)| {
                let is_new = !providers.contains(&domain(facts[*place]));
                providers.push(domain(facts[*place]));
                is_new
            });
            let positions = found.into_iter().map(|(_, place)| Id::new(place));
            positions.take(rules.similar).collect()
        };
        let pair = |newer: usize, older: usize| -> Option<u32> {
            let age = facts[newer].published.seconds() - facts[older].published.seconds();
            let is_compared = older - newer <= MOST_COMPARED && age <= rules.window;
            is_compared
                .then(|| similarity(facts[newer], facts[older]))
                .flatten()
        };
        let similar = |place: usize| {
            let older: Vec<_> = (place + 1..facts.len())
                .filter_map(|other| Some((pair(place, other)?, other)))
                .collect();
            let newer = (0..place).filter_map(|other| Some((pair(other, place)?, other)));
            Similar {
                all: best(older.iter().copied().chain(newer).collect()),
                older: best(older),
            }
        };
        (0..facts.len()).map(similar).collect()
    }

    proptest! {
        #[test]
        fn the_best_of_each_provider_are_found(
            drafts in prop::collection::vec(
                (
                    0..20i64,
                    prop::option::of(0..6u32),
                    prop::collection::vec(0..9u32, 0..8),
                    prop::option::of(0..30u8),
                ),
                0..60,
            ),
            similar in 0..5usize,
        ) {
            let mut age = 0;
            let stories: Vec<Facts> = drafts
                .into_iter()
                .map(|(older, provider, words, key)| {
                    age += older;
                    story(age, provider, &words, key)
                })
                .collect();
            let facts: List<_, &Facts> = stories.iter().collect();
            let rules = rules(similar, 200);
            let (found, _) = similar_of(&facts, &rules);
            let right = if similar == 0 {
                facts.map(|_| Similar::default())
            } else {
                by_definition(facts.as_slice(), &rules)
            };
            prop_assert_eq!(found, right);
        }
    }

    #[test]
    fn a_dense_feed_costs_so_many_comparisons_a_story() {
        let of = |count: u32| {
            let stories: Vec<Facts> = (0..count)
                .map(|number| story(i64::from(number), Some(number), &[1, 2, 3, 4], None))
                .collect();
            let facts: List<_, &Facts> = stories.iter().collect();
            let (similar, compared) = similar_of(&facts, &rules(3, 1_000_000));
            assert!(similar.iter().all(|similar| similar.all.len() == 3));
            compared
        };
        let (some, many) = (of(1_500), of(3_000));
        assert!(many <= 3_000 * MOST_COMPARED);
        assert!(many <= 3 * some, "{some} and {many}");
    }

    #[test]
    fn stories_without_a_word_in_common_are_not_compared() {
        let stories: Vec<Facts> = (0..64)
            .map(|number| story(0, Some(number), &[number], None))
            .collect();
        let facts: List<_, &Facts> = stories.iter().collect();
        assert_eq!(similar_of(&facts, &rules(3, 100)).1, 0);
    }
}
