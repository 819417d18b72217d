use proptest::prelude::*;

use super::*;
use crate::content::article::{ArticleProvider, Words};
use crate::ids::Id;
use crate::time::Time;

const RULES: Related = Related {
    similar: 3,
    window: 48 * 3600,
};

/// A story so many seconds after the first one, with a title of these words.
fn story(at: i64, words: &[u32], event: Option<EventMark>) -> Facts {
    let mut words = words.to_vec();
    words.sort_unstable();
    words.dedup();
    let terms = words.into_iter().map(|word| Term {
        word,
        weight: 100,
        evidence: 100,
    });
    Facts {
        title: "A title".to_owned(),
        published: Time::from_seconds(1_800_000_000 + at).unwrap(),
        words: Words(terms.collect()),
        event,
        ..Facts::default()
    }
}

/// Events of stories given from the oldest to the newest, as numbers of stories.
fn found(stories: &[Facts]) -> (Vec<Vec<usize>>, usize) {
    let facts: List<EditionIndex, &Facts> = stories.iter().rev().collect();
    let (events, compared) = of_facts(&facts, &RULES);
    let number = |position: &EditionIndex| stories.len() - 1 - position.number();
    let events = events.iter().map(|event| {
        let mut stories: Vec<usize> = event.articles.iter().map(number).collect();
        stories.reverse();
        stories
    });
    (events.collect(), compared)
}

fn named(name: Option<u8>) -> Option<EventMark> {
    match name? {
        0 => Some(EventMark::Apart),
        name => Some(EventMark::Named(format!("event-{name}"))),
    }
}

fn stories() -> impl Strategy<Value = Vec<Facts>> {
    let draft = (
        0..40_000i64,
        prop::collection::vec(0..30u32, 0..8),
        prop::option::weighted(0.1, 0..4u8),
    );
    prop::collection::vec(draft, 0..40).prop_map(|drafts| {
        let mut at = 0;
        let story = |(later, words, name): (i64, Vec<u32>, _)| {
            at += later;
            story(at, &words, named(name))
        };
        drafts.into_iter().map(story).collect()
    })
}

proptest! {
    /// What is known of the older stories does not change by newer ones: their events are the
    /// same, without the newer reports.
    #[test]
    fn a_new_story_changes_nothing_between_old_ones(all in stories(), of in 0..40usize) {
        let old = &all[..of.min(all.len())];
        let is_old = |story: &usize| *story < old.len();
        let before: Vec<Vec<usize>> = found(old).0;
        let after: Vec<Vec<usize>> = found(&all).0;
        let after = after.into_iter().map(|mut event| {
            event.retain(is_old);
            event
        });
        let after: Vec<Vec<usize>> = after.filter(|event| event.len() > 1).collect();
        prop_assert_eq!(before, after);
    }

    #[test]
    fn a_story_has_one_event_and_every_name_its_own(all in stories()) {
        let (events, _) = found(&all);
        let mut seen = AHashSet::new();
        for event in &events {
            prop_assert!(event.len() > 1);
            prop_assert!(event.iter().all(|story| seen.insert(*story)));
            let names: AHashSet<&EventMark> =
                event.iter().filter_map(|story| all[*story].event.as_ref()).collect();
            prop_assert!(names.len() <= 1 && !names.contains(&EventMark::Apart));
        }
    }
}

#[test]
fn a_chain_of_pairs_is_no_event() {
    // Each shares two of its words with the next one, and none with those that come later.
    let stories: Vec<Facts> = (0..400)
        .map(|number| story(i64::from(number), &[number, number + 1, number + 2], None))
        .collect();
    let (events, _) = found(&stories);
    assert!(events.iter().all(|event| event.len() <= 40), "{events:?}");
}

#[test]
fn a_dense_feed_costs_so_many_comparisons_a_story() {
    let of = |count: u32| {
        let stories: Vec<Facts> = (0..count)
            .map(|number| {
                let words = [1, 2, 3, 4, 1000 + number, 2000 + number % 7];
                story(i64::from(number), &words, None)
            })
            .collect();
        found(&stories).1
    };
    // The words that all have lead to the same events.
    assert!(of(6_000) <= 6_000 * 2 * EVENTS_OF_A_WORD);
}

#[test]
fn stories_without_a_word_in_common_are_not_compared() {
    let stories: Vec<Facts> = (0..64).map(|number| story(0, &[number], None)).collect();
    assert_eq!(found(&stories), (Vec::new(), 0));
}

#[test]
fn addresses_have_a_name_each() {
    let mut slugs = Slugs::default();
    assert_eq!(slugs.of("Fire in Athens"), "fire-in-athens");
    assert_eq!(slugs.of("Fire in Athens!"), "fire-in-athens-2");
    assert_eq!(slugs.of("…"), "event");
    let long = slugs.of(&"word ".repeat(40));
    assert!(long.len() <= SLUG && long.ends_with("-word"), "{long}");
}

#[test]
fn coverage_is_the_best_of_each_other_provider() {
    let of = |provider: Option<&str>, quality: i64| Facts {
        provider: provider.map(|domain| ArticleProvider {
            name: String::new(),
            domain: domain.to_owned(),
        }),
        quality: Some(quality),
        ..Facts::default()
    };
    let facts = [
        of(Some("a"), 50),
        of(Some("b"), 60),
        of(Some("a"), 70),
        of(None, 40),
        of(Some("b"), 60),
    ];
    let mut best = Best::new(4);
    for (number, facts) in facts.iter().enumerate().rev() {
        best.add(Id::new(number), facts);
    }
    let at = |numbers: &[usize]| -> Vec<EditionIndex> {
        numbers.iter().map(|number| Id::new(*number)).collect()
    };
    assert_eq!(best.but(Some("c"), 3), at(&[2, 4, 3]));
    assert_eq!(best.but(Some("a"), 3), at(&[4, 3]));
    assert_eq!(best.but(Some("c"), 1), at(&[2]));
}
