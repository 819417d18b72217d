//! Events period by period, so that an edit costs what it touches.
//!
//! What a period brings is a function of three things: its own stories, those of the period before
//! it, by which words are weighed, and the events that were open when it began. A [`Memory`] has
//! for each period a hash of the three and what came of them. Where the hash is the same in the
//! next run, so is the rest, and no story is compared. An edit is felt in its own period, in the
//! next one, and for as long as an event lasts that it touched.

use std::mem;
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Finder, OpenEvent, PERIOD, period_of};
use crate::content::article::{EventMark, Facts};
use crate::hash::{Hash128, Hasher};
use crate::ids::{EditionIndex, List};
use crate::words::Term;

/// What a run over all stories found in each period, from the oldest.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    periods: Vec<Arc<Found>>,
    compared: usize,
    is_new: bool,
}

/// What was found in a period.
#[derive(Debug, Serialize, Deserialize)]
pub struct Found {
    /// Number of the period.
    period: i64,
    /// Hash of what it was made of.
    made_of: Hash128,
    /// For each story of the period, from the oldest, the number of its event: those that were
    /// open come first, then those that began.
    joined: Vec<Option<u32>>,
    /// How many events began.
    begun: u32,
    /// The events that are open at the end, by these numbers.
    left: Vec<u32>,
    /// They themselves.
    open: Open,
    /// Hash of them.
    open_hash: Hash128,
}

/// Events that may get more reports in the next period.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Open {
    /// By number, from the one that was reported first.
    events: Vec<OpenEvent>,
    /// The numbers of the events that a word leads to, for words in the order of their hashes.
    by_word: Vec<(u32, Vec<u32>)>,
}

/// The stories of a period.
struct Stories<'a> {
    period: i64,
    /// From the oldest.
    facts: Vec<&'a Facts>,
    hash: Hash128,
}

impl Memory {
    /// What was found in each period, from the oldest.
    pub fn of(periods: Vec<Found>) -> Memory {
        Memory {
            periods: periods.into_iter().map(Arc::new).collect(),
            ..Memory::default()
        }
    }

    /// What was found in each period, from the oldest.
    pub fn periods(&self) -> impl ExactSizeIterator<Item = &Found> {
        self.periods.iter().map(Arc::as_ref)
    }

    /// Whether the run found something else than the one that it remembers.
    pub fn is_new(&self) -> bool {
        self.is_new
    }

    /// How many similarities the run computed.
    pub fn compared(&self) -> usize {
        self.compared
    }

    fn find(&self, period: i64, made_of: Hash128) -> Option<&Arc<Found>> {
        let at = self
            .periods
            .binary_search_by_key(&period, |found| found.period);
        let found = &self.periods[at.ok()?];
        (found.made_of == made_of).then_some(found)
    }
}

/// Puts all stories, which come newest first, into events. Returned are the number of the event of
/// each, counted from the one that was reported first, and the memory for the next run.
pub(super) fn join_all(
    facts: &List<EditionIndex, &Facts>,
    window: i64,
    memory: &Memory,
) -> (List<EditionIndex, Option<u32>>, Memory) {
    let all = by_period(facts);
    let mut next = Memory::default();
    let mut joined = Vec::with_capacity(facts.len());
    // The numbers among all events of those that are open, and how many have begun.
    let (mut numbers, mut begun): (Vec<u32>, u32) = (Vec::new(), 0);
    let mut at_work: Option<Finder> = None;
    for (at, stories) in all.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| &all[before]);
        let before = before.filter(|before| before.period + 1 == stories.period);
        let last = next.periods.last().map(Arc::as_ref);
        let made_of = Hasher::new("period of events")
            .number(window)
            .hash(stories.hash)
            .hash(before.map_or_else(Hash128::default, |before| before.hash))
            .hash(last.map_or_else(Hash128::default, |last| last.open_hash))
            .finish();
        let known = memory.find(stories.period, made_of);
        let found = match known.filter(|found| found.fits(stories, numbers.len())) {
            Some(found) => {
                at_work = None;
                Arc::clone(found)
            }
            None => {
                let resume = || Finder::resume(window, last.map(|last| &last.open), before);
                let mut finder = at_work.take().unwrap_or_else(resume);
                let found = finder.go_through(stories, made_of);
                next.compared += mem::take(&mut finder.compared);
                at_work = Some(finder);
                Arc::new(found)
            }
        };
        numbers.extend(begun..begun + found.begun);
        begun += found.begun;
        let number = |own: u32| numbers[own as usize];
        joined.extend(found.joined.iter().map(|own| own.map(number)));
        let left = found.left.iter().copied().map(number).collect();
        numbers = left;
        next.periods.push(found);
    }
    next.is_new = !next
        .periods
        .iter()
        .map(Arc::as_ptr)
        .eq(memory.periods.iter().map(Arc::as_ptr));
    joined.reverse();
    (joined.into(), next)
}

impl Found {
    /// Whether it can be of these stories, with so many events open before them. What was read from
    /// a file may say anything.
    fn fits(&self, stories: &Stories<'_>, open: usize) -> bool {
        let numbers = open + self.begun as usize;
        let Open { events, by_word } = &self.open;
        let mut in_period = self.joined.iter().flatten().chain(&self.left);
        let mut after = by_word.iter().flat_map(|(_, numbers)| numbers);
        self.joined.len() == stories.facts.len()
            && self.left.len() == events.len()
            && in_period.all(|number| (*number as usize) < numbers)
            && after.all(|number| (*number as usize) < events.len())
    }
}

/// Stories by their period, all from the oldest.
fn by_period<'a>(facts: &List<EditionIndex, &'a Facts>) -> Vec<Stories<'a>> {
    let facts: Vec<&Facts> = facts.iter().rev().copied().collect();
    let periods: Vec<&[&Facts]> = facts
        .chunk_by(|one, other| period_of(one) == period_of(other))
        .collect();
    let stories = |facts: &[&'a Facts]| Stories {
        period: facts.first().map_or(0, |facts| period_of(facts)),
        facts: facts.to_vec(),
        hash: hash_of(facts),
    };
    periods.into_par_iter().map(stories).collect()
}

/// The hash of all by which stories are put into events.
fn hash_of(stories: &[&Facts]) -> Hash128 {
    let mut bytes = Vec::with_capacity(stories.len() * 192);
    for facts in stories {
        bytes.extend_from_slice(&facts.published.seconds().to_le_bytes());
        let (kind, name) = match &facts.event {
            None => (0, ""),
            Some(EventMark::Apart) => (1, ""),
            Some(EventMark::Named(name)) => (2, name.as_str()),
        };
        for number in [kind, name.len(), facts.words.0.len()] {
            bytes.extend_from_slice(&(number as u64).to_le_bytes());
        }
        bytes.extend_from_slice(name.as_bytes());
        for term in &facts.words.0 {
            let Term {
                word,
                weight,
                evidence,
            } = term;
            bytes.extend_from_slice(&word.to_le_bytes());
            bytes.extend_from_slice(&[*weight, *evidence]);
        }
    }
    Hash128::of(&bytes)
}

impl Finder {
    /// A finder that goes on where another one has left events open, after the stories of the
    /// period before the next one, if it has any.
    fn resume(window: i64, open: Option<&Open>, before: Option<&Stories<'_>>) -> Finder {
        let mut finder = Finder {
            window,
            ..Finder::default()
        };
        if let Some(before) = before {
            finder.all.count(before.period);
            finder.all.now = before.facts.len() as u32;
            for term in before.facts.iter().flat_map(|facts| &facts.words.0) {
                let seen = finder.words.entry(term.word).or_default();
                seen.count(before.period);
                seen.now += 1;
            }
        }
        if let Some(open) = open {
            finder.open_events = open.events.clone();
            for (word, numbers) in &open.by_word {
                finder.words.entry(*word).or_default().open = numbers.clone();
            }
            let names = open.events.iter().zip(0..);
            let names = names.filter_map(|(event, number)| Some((event.name.clone()?, number)));
            finder.by_name = names.collect();
        }
        finder
    }

    /// Goes through the stories of a period.
    fn go_through(&mut self, stories: &Stories<'_>, made_of: Hash128) -> Found {
        let open_before = self.open_events.len() as u32;
        let joined = stories.facts.iter().map(|facts| self.add(facts)).collect();
        let begun = self.open_events.len() as u32 - open_before;
        let left = self.close((stories.period + 1).saturating_mul(PERIOD));
        let open = self.open();
        Found {
            period: stories.period,
            made_of,
            joined,
            begun,
            left,
            open_hash: open.hash(),
            open,
        }
    }

    /// Forgets what nothing can depend on that is published from a moment on, and numbers the
    /// events that stay. Returns their former numbers.
    fn close(&mut self, end: i64) -> Vec<u32> {
        let is_open = |event: &OpenEvent| {
            event.name.is_some() || event.last.saturating_add(self.window) >= end
        };
        let all = mem::take(&mut self.open_events);
        let mut new_numbers: Vec<Option<u32>> = Vec::with_capacity(all.len());
        let mut left = Vec::new();
        for (event, number) in all.into_iter().zip(0..) {
            new_numbers.push(is_open(&event).then_some(self.open_events.len() as u32));
            if is_open(&event) {
                left.push(number);
                self.open_events.push(event);
            }
        }
        let renumber = |number: u32| new_numbers[number as usize];
        self.by_name
            .values_mut()
            .for_each(|number| *number = renumber(*number).unwrap_or(*number));
        let period = self.all.period;
        self.words.retain(|_, seen| {
            seen.open = seen.open.iter().copied().filter_map(renumber).collect();
            seen.period == period || !seen.open.is_empty()
        });
        left
    }

    fn open(&self) -> Open {
        let leading = self.words.iter().filter(|(_, seen)| !seen.open.is_empty());
        let mut by_word: Vec<(u32, Vec<u32>)> = leading
            .map(|(word, seen)| (*word, seen.open.clone()))
            .collect();
        by_word.sort_unstable();
        Open {
            events: self.open_events.clone(),
            by_word,
        }
    }
}

impl Open {
    fn hash(&self) -> Hash128 {
        // Encoding into memory fails for no value of these types.
        Hash128::of(&postcard::to_stdvec(self).unwrap_or_default())
    }
}
