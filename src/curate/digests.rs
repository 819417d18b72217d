//! Digests: which stories of a week or a day are in, and under which topics.
//!
//! A digest is called an *issue* here. Only closed periods have one, and what is in it depends on
//! the articles of the period and on older ones alone: stories are ranked by their weight without
//! regard to their age, coverage is that which each story has among older ones, and the order of
//! topics does not come from counts. So a story of today changes no digest of yesterday. (It can be
//! a better copy of one, or change the commonest spelling of a name: that is curated before.)

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use jiff::civil::Date;
use jiff::{ToSpan, tz::TimeZone};
use rayon::prelude::*;

use super::{Kept, Topic, rank};
use crate::config::{Cadence, DigestSettings};
use crate::content::Library;
use crate::content::article::Facts;
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
    pub topic: Option<usize>,
    /// The stories, best first.
    pub stories: Vec<Pick>,
}

/// A story of a digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pick {
    /// Its place in the edition.
    pub place: usize,
    /// Stories of other providers on the same event, by their places.
    pub coverage: Vec<usize>,
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

/// What issues are made of.
pub(super) struct DigestBuilder<'a> {
    pub(super) library: &'a Library,
    /// The edition, newest first.
    pub(super) kept: &'a [Kept],
    pub(super) topics: &'a [Topic],
    /// Main topics in their order, as far as no count decides it.
    pub(super) main: &'a [usize],
    pub(super) rules: &'a DigestSettings,
    pub(super) zone: &'a TimeZone,
    /// Names of other providers under a story, at most.
    pub(super) coverage: usize,
}

/// Where a story of an issue belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    /// The main topic at that place of their order.
    Main(usize),
    /// Another topic that has no topic above it.
    Other(usize),
    /// No topic.
    Rest,
}

impl DigestBuilder<'_> {
    /// The issues of all periods that are over and have stories, newest first.
    pub(super) fn digests(&self, now: Time) -> Vec<Digest> {
        self.periods(now)
            .into_par_iter()
            .filter_map(|(period, places)| self.digest(period, places))
            .collect()
    }

    fn facts(&self, place: usize) -> &Facts {
        &self.library.articles[self.kept[place].number].facts
    }

    /// Closed periods with their places in the edition. Each is found from its newest article, its
    /// end by halving.
    fn periods(&self, now: Time) -> Vec<(Period, Range<usize>)> {
        let mut periods = Vec::new();
        let mut place = 0;
        while place < self.kept.len() {
            let day = self.facts(place).published.date(self.zone);
            let Some(period) = Period::of(day, self.rules.cadence, self.zone) else {
                place += 1;
                continue;
            };
            let is_inside =
                |kept: &Kept| self.library.articles[kept.number].facts.published >= period.start;
            let next = (place + self.kept[place..].partition_point(is_inside)).max(place + 1);
            if period.end <= now {
                periods.push((period, place..next));
            }
            place = next;
        }
        periods
    }

    fn digest(&self, period: Period, places: Range<usize>) -> Option<Digest> {
        let links = self.links(&places);
        let weight = |place: usize| rank::weight(self.facts(place));
        let start = places.start;
        let mut ranked: Vec<usize> = places
            .filter(|place| self.kept[*place].badge.is_none())
            .collect();
        // Of two equals the one that more providers report, then the newer one.
        ranked.sort_by_cached_key(|place| {
            std::cmp::Reverse((
                weight(*place),
                links[place - start].len(),
                std::cmp::Reverse(*place),
            ))
        });
        let events = events(&ranked, start, &links);
        let chosen = self.choose(&events);
        let (lead, _) = *chosen.first()?;
        let pick = |place: usize| Pick {
            place,
            coverage: self.coverage(place, links[place - start].clone()),
        };
        let sections = self.sections(&chosen[1..]);
        let sections = sections.into_iter().map(|(topic, places)| Section {
            topic,
            stories: places.into_iter().map(pick).collect(),
        });
        Some(Digest {
            period,
            lead: pick(lead),
            sections: sections.collect(),
        })
    }

    /// For each story of a period those on the same event, in the period or before it. What lies
    /// after the period is not asked, so it cannot change anything.
    fn links(&self, places: &Range<usize>) -> Vec<Vec<usize>> {
        let mut links = vec![Vec::new(); places.len()];
        for place in places
            .clone()
            .filter(|place| self.kept[*place].badge.is_none())
        {
            for other in self.kept[place]
                .similar
                .older
                .iter()
                .filter(|other| self.kept[**other].badge.is_none())
            {
                links[place - places.start].push(*other);
                if places.contains(other) {
                    links[other - places.start].push(place);
                }
            }
        }
        links
    }

    /// The best story, the best of each main topic, then what is best of the rest; as places with
    /// their groups, best first.
    fn choose(&self, events: &[usize]) -> Vec<(usize, Group)> {
        let grouped: Vec<(usize, Group)> = events
            .iter()
            .map(|place| (*place, self.group(*place)))
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
    fn group(&self, place: usize) -> Group {
        let above =
            |topic: usize| std::iter::successors(Some(topic), |topic| self.topics[*topic].parent);
        let own = &self.kept[place].topics;
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
    fn sections(&self, chosen: &[(usize, Group)]) -> Vec<(Option<usize>, Vec<usize>)> {
        let mut groups: Vec<(Group, Vec<usize>)> = Vec::new();
        for (place, group) in chosen {
            match groups.iter_mut().find(|(known, _)| known == group) {
                Some((_, places)) => places.push(*place),
                None => groups.push((*group, vec![*place])),
            }
        }
        let is_small = |group: Group, places: &[usize]| match group {
            Group::Main(_) => false,
            Group::Other(_) => places.len() < 2,
            Group::Rest => true,
        };
        let (mut small, mut large): (Vec<_>, Vec<_>) = groups
            .into_iter()
            .partition(|(group, places)| is_small(*group, places));
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
        let mut sections: Vec<(Option<usize>, Vec<usize>)> = large
            .into_iter()
            .map(|(group, places)| (topic(group), places))
            .collect();
        let mut rest: Vec<usize> = small
            .iter_mut()
            .flat_map(|(_, places)| std::mem::take(places))
            .collect();
        rest.sort_by_key(|place| chosen.iter().position(|(other, _)| other == place));
        if !rest.is_empty() {
            sections.push((None, rest));
        }
        sections
    }

    /// Of the stories on the same event the best of each other provider.
    fn coverage(&self, place: usize, mut links: Vec<usize>) -> Vec<usize> {
        links.sort_by_key(|other| (std::cmp::Reverse(rank::weight(self.facts(*other))), *other));
        let mut providers = BTreeSet::from([self.kept[place].provider]);
        links.retain(|other| providers.insert(self.kept[*other].provider));
        links.truncate(self.coverage);
        links
    }
}

/// The best story of each event: those that are on the event of no better one.
fn events(ranked: &[usize], start: usize, links: &[Vec<usize>]) -> Vec<usize> {
    let mut is_told = vec![false; links.len()];
    let mut events = Vec::new();
    for place in ranked {
        if is_told[place - start] {
            continue;
        }
        events.push(*place);
        for other in links[place - start]
            .iter()
            .filter_map(|other| other.checked_sub(start))
        {
            if let Some(told) = is_told.get_mut(other) {
                *told = true;
            }
        }
    }
    events
}
