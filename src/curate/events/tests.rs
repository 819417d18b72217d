use proptest::prelude::*;

use super::*;
use crate::content::article::ArticleProvider;
use crate::ids::Id;
use crate::time::Time;
use crate::words::{Term, Words};

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

/// Events of stories given from the oldest to the newest, as numbers of stories, and how many
/// similarities were computed.
fn found(stories: &[Facts]) -> (Vec<Vec<usize>>, usize) {
    let (events, memory) = found_with(stories, &Memory::default());
    (events, memory.compared())
}

/// The same after a run that is remembered.
fn found_with(stories: &[Facts], memory: &Memory) -> (Vec<Vec<usize>>, Memory) {
    let facts: List<EditionIndex, &Facts> = stories.iter().rev().collect();
    let (events, memory) = of_facts(&facts, |_| "a-title", &RULES, memory);
    let number = |position: &EditionIndex| stories.len() - 1 - position.number();
    let events = events.iter().map(|event| {
        let mut stories: Vec<usize> = event.articles.iter().map(number).collect();
        stories.reverse();
        stories
    });
    (events.collect(), memory)
}

fn named(name: Option<u8>) -> Option<EventMark> {
    match name? {
        0 => Some(EventMark::Apart),
        name => Some(EventMark::Named(format!("event-{name}"))),
    }
}

/// Seconds since the story before, words, and name of the event.
type Draft = (i64, Vec<u32>, Option<u8>);

fn draft(later: impl Strategy<Value = i64>) -> impl Strategy<Value = Draft> {
    let words = prop::collection::vec(0..30u32, 0..8);
    (later, words, prop::option::weighted(0.1, 0..4u8))
}

fn written(drafts: Vec<Draft>) -> Vec<Facts> {
    let mut at = 0;
    let story = |(later, words, name): Draft| {
        at += later;
        story(at, &words, named(name))
    };
    drafts.into_iter().map(story).collect()
}

fn stories() -> impl Strategy<Value = Vec<Facts>> {
    prop::collection::vec(draft(0..40_000i64), 0..40).prop_map(written)
}

/// Stories of some months, before and after a few of them were changed, added or removed.
fn edited_stories() -> impl Strategy<Value = (Vec<Facts>, Vec<Facts>)> {
    let later = || prop_oneof![3 => 0..40_000i64, 1 => 0..40 * 86_400i64];
    let edit = (0..3u8, any::<prop::sample::Index>(), draft(later()));
    let drafts = prop::collection::vec(draft(later()), 1..60);
    (drafts, prop::collection::vec(edit, 0..4)).prop_map(|(drafts, edits)| {
        let mut edited = drafts.clone();
        for (kind, at, draft) in edits {
            let at = at.index(edited.len().max(1));
            match kind {
                0 if at < edited.len() => edited[at].1 = draft.1,
                1 if at < edited.len() => drop(edited.remove(at)),
                _ => edited.insert(at, draft),
            }
        }
        (written(drafts), written(edited))
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

    /// Nor do their identifiers change, whichever of them becomes an event with a newer story.
    #[test]
    fn a_new_story_changes_no_identifier(all in stories(), of in 0..40usize) {
        let slugs = |stories: &[Facts]| -> Vec<(usize, String)> {
            let facts: List<EditionIndex, &Facts> = stories.iter().rev().collect();
            let (events, _) = of_facts(&facts, |_| "a-title", &RULES, &Memory::default());
            let oldest = |event: &Event| event.articles.iter().map(|at| at.number()).max();
            let named = |event: &Event| {
                let oldest = stories.len() - 1 - oldest(event).unwrap_or_default();
                (oldest, event.slug.clone())
            };
            events.iter().map(named).collect()
        };
        let mut all = all;
        // A name by hand in a newer report is another identifier.
        all.iter_mut().for_each(|story| story.event = None);
        let after = slugs(&all);
        for event in slugs(&all[..of.min(all.len())]) {
            prop_assert!(after.contains(&event), "{event:?} in {after:?}");
        }
    }

    /// What is remembered of other stories changes nothing.
    #[test]
    fn events_do_not_depend_on_what_is_remembered((before, after) in edited_stories()) {
        let (_, memory) = found_with(&before, &Memory::default());
        let (events, memory) = found_with(&after, &memory);
        prop_assert_eq!(&events, &found(&after).0);
        let (again, memory) = found_with(&after, &memory);
        prop_assert_eq!((again, memory.compared()), (events, 0));
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

/// An edit is felt in its own period and in the next one, whose words it helps to weigh.
#[test]
fn an_edit_costs_the_comparisons_of_two_periods() {
    const DAY: i64 = 86_400;
    let of_day = |day: i64| {
        let words = [1, 2, 3, 1000 + day as u32 / 2, 2000 + day as u32 % 7];
        story(day * DAY, &words, None)
    };
    let mut stories: Vec<Facts> = (0..600).map(of_day).collect();
    let (_, memory) = found_with(&stories, &Memory::default());
    let a_period = memory.compared() / (600 / 30);
    assert!(a_period > 10);
    stories[300].words = story(0, &[1, 2, 3, 4], None).words;
    let (_, memory) = found_with(&stories, &memory);
    assert!((1..=3 * a_period).contains(&memory.compared()));
    stories.push(of_day(600));
    let (_, memory) = found_with(&stories, &memory);
    assert!((1..=a_period).contains(&memory.compared()));
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
