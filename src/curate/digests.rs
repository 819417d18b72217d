//! Digests: which stories of a week or a day are in, and under which topics.
//!
//! Only closed periods have a digest, and what is in it depends on the articles of the period and
//! on older ones alone: stories are ranked by their weight without regard to their age, coverage is
//! that which each story has among older ones, and the order of topics does not come from counts.
//! So a story of today changes no digest of yesterday. (It can be a better copy of one, or change
//! the commonest spelling of a name: that is curated before.)

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::{ToSpan, tz::TimeZone};
use rayon::prelude::*;

use super::{Event, Kept, Topic, rank};
use crate::config::{Cadence, DigestSettings};
use crate::content::Library;
use crate::content::article::Facts;
use crate::ids::{EditionIndex, EventId, IdRange, List, TopicId};
use crate::time::Time;

/// A week or a day that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// How it was cut.
    pub cadence: Cadence,
    /// Its first day.
    pub first: Date,
    /// Its last day.
    pub last: Date,
    /// The first moment after it.
    pub end: Time,
    start: Time,
}

/// The digest of a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// When its stories were published.
    pub period: Period,
    /// The best story.
    pub lead: Pick,
    /// The others.
    pub sections: Vec<Section>,
}

/// Stories of a digest under one heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Their topic; none for the rest at the end.
    pub topic: Option<TopicId>,
    /// The stories, best first.
    pub stories: Vec<Pick>,
}

/// A story of a digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pick {
    /// Its position in the edition.
    pub position: EditionIndex,
    /// Stories of other providers on the same event.
    pub coverage: Vec<EditionIndex>,
}

impl Period {
    /// The period that a day is in; none at the ends of the calendar.
    fn of(day: Date, cadence: Cadence, zone: &TimeZone) -> Option<Period> {
        let (first, last) = match cadence {
            Cadence::Day => (day, day),
            Cadence::Week(weekday) => {
                let first = day
                    .checked_sub(i64::from(day.weekday().since(weekday)).days())
                    .ok()?;
                (first, first.checked_add(6.days()).ok()?)
            }
        };
        let start = Time::start_of(first, zone)?;
        let end = Time::start_of(last.tomorrow().ok()?, zone)?;
        Some(Period {
            cadence,
            first,
            last,
            start,
            end,
        })
    }

    /// Year and number of the ISO week that most of its days are in; none for a day.
    pub fn week(&self) -> Option<(i16, i8)> {
        let Cadence::Week(_) = self.cadence else {
            return None;
        };
        let middle = self
            .first
            .checked_add(3.days())
            .unwrap_or(self.first)
            .iso_week_date();
        Some((middle.year(), middle.week()))
    }
}

impl Digest {
    /// Its stories in the order of the page.
    pub fn picks(&self) -> impl Iterator<Item = &Pick> {
        std::iter::once(&self.lead).chain(self.sections.iter().flat_map(|section| &section.stories))
    }
}

/// What digests are made of.
pub(super) struct DigestBuilder<'a> {
    pub(super) library: &'a Library,
    /// The edition, newest first.
    pub(super) kept: &'a List<EditionIndex, Kept>,
    pub(super) events: &'a List<EventId, Event>,
    pub(super) topics: &'a List<TopicId, Topic>,
    /// Main topics in their order, as far as no count decides it.
    pub(super) main: &'a [TopicId],
    pub(super) rules: &'a DigestSettings,
    pub(super) zone: &'a TimeZone,
    /// Names of other providers under a story, at most.
    pub(super) coverage: usize,
}

/// Where a story of a digest belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    /// A main topic, by its place in their order.
    Main(usize),
    /// Another topic that has no topic above it.
    Other(TopicId),
    /// No topic.
    Rest,
}

impl DigestBuilder<'_> {
    /// The digests of all periods that are over and have stories, newest first.
    pub(super) fn digests(&self, now: Time) -> Vec<Digest> {
        self.periods(now)
            .into_par_iter()
            .filter_map(|(period, positions)| self.digest(period, positions))
            .collect()
    }

    fn facts(&self, position: EditionIndex) -> &Facts {
        &self.library.articles[self.kept[position].article].facts
    }

    /// Closed periods with their articles. Each is found from its newest article, its end by
    /// halving.
    fn periods(&self, now: Time) -> Vec<(Period, IdRange<EditionIndex>)> {
        let published = |kept: &Kept| self.library.articles[kept.article].facts.published;
        let mut periods = Vec::new();
        let mut left = self.kept.as_slice();
        while let Some(newest) = left.first() {
            let day = published(newest).date(self.zone);
            let period = Period::of(day, self.rules.cadence, self.zone);
            let inside = period.map_or(1, |period| {
                left.partition_point(|kept| published(kept) >= period.start)
                    .max(1)
            });
            if let Some(period) = period.filter(|period| period.end <= now) {
                let start = self.kept.len() - left.len();
                periods.push((period, self.kept.range(start..start + inside)));
            }
            left = &left[inside..];
        }
        periods
    }

    fn digest(&self, period: Period, positions: IdRange<EditionIndex>) -> Option<Digest> {
        let newest = positions.iter().next()?;
        let weight = |position: EditionIndex| rank::weight(self.facts(position));
        let mut ranked: Vec<EditionIndex> = positions
            .iter()
            .filter(|position| self.kept[*position].badge.is_none())
            .collect();
        let reports = |position: EditionIndex| {
            let event = self.kept[position].event;
            let reports = event.map_or(&[][..], |event| &self.events[event].articles);
            reports.len() - reports.partition_point(|report| *report < newest)
        };
        // Of two equals the one that is reported more often, then the newer one.
        ranked.sort_by_cached_key(|position| {
            std::cmp::Reverse((
                weight(*position),
                reports(*position),
                std::cmp::Reverse(*position),
            ))
        });
        let events = self.best_of_events(&ranked);
        let chosen = self.choose(&events);
        let (lead, _) = *chosen.first()?;
        let pick = |position: EditionIndex| Pick {
            position,
            coverage: self.coverage(position, newest),
        };
        let sections = self.sections(&chosen[1..]);
        let sections = sections.into_iter().map(|(topic, positions)| Section {
            topic,
            stories: positions.into_iter().map(pick).collect(),
        });
        Some(Digest {
            period,
            lead: pick(lead),
            sections: sections.collect(),
        })
    }

    /// The other reports of a story's event, in its period or before it. What lies after the period
    /// is not asked, so it cannot change anything.
    fn others(
        &self,
        position: EditionIndex,
        newest: EditionIndex,
    ) -> impl Iterator<Item = EditionIndex> {
        let event = self.kept[position].event;
        let reports = event.map_or(&[][..], |event| &self.events[event].articles);
        let newer = reports.partition_point(|report| *report < newest);
        let others = reports[newer..].iter().copied();
        others.filter(move |other| *other != position && self.kept[*other].badge.is_none())
    }

    /// The best story of each event.
    fn best_of_events(&self, ranked: &[EditionIndex]) -> Vec<EditionIndex> {
        let mut seen = BTreeSet::new();
        let is_first = |position: &EditionIndex| {
            let event = self.kept[*position].event;
            event.is_none_or(|event| seen.insert(event))
        };
        ranked.iter().copied().filter(is_first).collect()
    }

    /// The best story, the best of each main topic, then what is best of the rest; with their
    /// groups, best first.
    fn choose(&self, events: &[EditionIndex]) -> Vec<(EditionIndex, Group)> {
        let grouped: Vec<(EditionIndex, Group)> = events
            .iter()
            .map(|position| (*position, self.group(*position)))
            .collect();
        let mut taken = vec![false; grouped.len()];
        let mut counts: BTreeMap<Group, usize> = BTreeMap::new();
        let mut left = self.rules.stories;
        let firsts = (0..self.main.len())
            .filter_map(|main| grouped.iter().position(|(_, of)| *of == Group::Main(main)));
        for at in std::iter::once(0).chain(firsts).chain(0..grouped.len()) {
            let Some((_, group)) = grouped.get(at).filter(|_| !taken[at]) else {
                continue;
            };
            let count = counts.entry(*group).or_default();
            let is_full = *group != Group::Rest && *count >= self.rules.per_topic;
            if !is_full {
                taken[at] = true;
                *count += 1;
                left -= 1;
            }
            if left == 0 {
                break;
            }
        }
        grouped
            .into_iter()
            .zip(taken)
            .filter_map(|(story, taken)| taken.then_some(story))
            .collect()
    }

    /// The main topic of a story: that of its own topics, the most special first, or of the ones
    /// above them.
    fn group(&self, position: EditionIndex) -> Group {
        let above =
            |topic: TopicId| std::iter::successors(Some(topic), |topic| self.topics[*topic].parent);
        let own = &self.kept[position].topics;
        let main = own
            .iter()
            .flat_map(|topic| above(*topic))
            .find_map(|topic| self.main.iter().position(|main| *main == topic));
        let root = || own.first().and_then(|topic| above(*topic).last());
        main.map(Group::Main)
            .or_else(|| root().map(Group::Other))
            .unwrap_or(Group::Rest)
    }

    /// Stories under their topics: the main ones in their order, then others by their best story,
    /// then what is left: single stories of other topics need no heading of their own.
    fn sections(
        &self,
        chosen: &[(EditionIndex, Group)],
    ) -> Vec<(Option<TopicId>, Vec<EditionIndex>)> {
        let mut groups: Vec<(Group, Vec<EditionIndex>)> = Vec::new();
        for (position, group) in chosen {
            match groups.iter_mut().find(|(known, _)| known == group) {
                Some((_, positions)) => positions.push(*position),
                None => groups.push((*group, vec![*position])),
            }
        }
        let is_small = |group: Group, positions: &[EditionIndex]| match group {
            Group::Main(_) => false,
            Group::Other(_) => positions.len() < 2,
            Group::Rest => true,
        };
        let (mut small, mut large): (Vec<_>, Vec<_>) = groups
            .into_iter()
            .partition(|(group, positions)| is_small(*group, positions));
        // Stable: other topics stay in the order of their best stories.
        large.sort_by_key(|(group, _)| match group {
            Group::Main(at) => *at,
            _ => usize::MAX,
        });
        let topic = |group: Group| match group {
            Group::Main(at) => Some(self.main[at]),
            Group::Other(topic) => Some(topic),
            Group::Rest => None,
        };
        let mut sections: Vec<(Option<TopicId>, Vec<EditionIndex>)> = large
            .into_iter()
            .map(|(group, positions)| (topic(group), positions))
            .collect();
        let mut rest: Vec<EditionIndex> = small
            .iter_mut()
            .flat_map(|(_, positions)| std::mem::take(positions))
            .collect();
        rest.sort_by_key(|position| chosen.iter().position(|(other, _)| other == position));
        if !rest.is_empty() {
            sections.push((None, rest));
        }
        sections
    }

    /// Of the stories on the same event the best of each other provider.
    fn coverage(&self, position: EditionIndex, newest: EditionIndex) -> Vec<EditionIndex> {
        let mut others: Vec<EditionIndex> = self.others(position, newest).collect();
        others.sort_by_key(|other| (std::cmp::Reverse(rank::weight(self.facts(*other))), *other));
        let mut providers = BTreeSet::from([self.kept[position].provider]);
        others.retain(|other| providers.insert(self.kept[*other].provider));
        others.truncate(self.coverage);
        others
    }
}
