//! Who reports the same: candidates and articles whose headlines are alike, close in time, and
//! those that name the same event.

use std::collections::BTreeSet;

use ahash::HashMap;

use crate::content::article::EventMark;
use crate::words;

/// Seconds between the first and the next report of an event, at most.
pub(super) const WINDOW: i64 = 2 * 86_400;

/// Common words of two headlines on the same event, at least, and the share that they are of the
/// words of both, in tenths.
const LEAST_COMMON: usize = 3;
const LEAST_SHARE: usize = 3;

/// Reports that one is compared with, at most, for each word of its headline.
const MOST_COMPARED: usize = 200;

/// A report: an article or a candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report<'a> {
    /// Path of its file.
    pub path: &'a str,
    /// Headline.
    pub title: &'a str,
    /// Domain of the provider.
    pub provider: &'a str,
    /// When it was published, in seconds since 1970.
    pub time: i64,
    /// The event that it names.
    pub event: Option<&'a EventMark>,
}

/// An event: reports of the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event<'a> {
    /// Path of its first report.
    pub first: &'a str,
    /// The first report of each provider: when, and which.
    pub providers: Vec<(i64, &'a str)>,
}

/// The events that some reports are on.
#[derive(Clone, Debug, Default)]
pub struct Events<'a> {
    events: Vec<Event<'a>>,
    by_path: HashMap<&'a str, usize>,
}

impl<'a> Events<'a> {
    /// Joins reports to events: each belongs to that of the latest earlier report that is like it,
    /// unless one of them names another.
    pub fn of(mut reports: Vec<Report<'a>>) -> Events<'a> {
        reports.sort_by_key(|report| (report.time, report.path));
        let mut events = Events::default();
        let mut event_of: Vec<usize> = Vec::with_capacity(reports.len());
        let mut titles: Vec<Vec<u32>> = Vec::with_capacity(reports.len());
        let mut by_word: HashMap<u32, Vec<usize>> = HashMap::default();
        let mut by_name: HashMap<&str, usize> = HashMap::default();
        let mut names: Vec<Option<&str>> = Vec::new();
        for (at, report) in reports.iter().enumerate() {
            let mut title: Vec<u32> = words::written(report.title).map(|it| it.0).collect();
            title.sort_unstable();
            title.dedup();
            let earlier: BTreeSet<usize> = title
                .iter()
                .filter_map(|word| by_word.get(word))
                .flat_map(|list| list.iter().rev().take(MOST_COMPARED))
                .copied()
                .collect();
            let from = report.time.saturating_sub(WINDOW);
            let same = earlier.into_iter().rev();
            let mut same = same.take_while(|other| reports[*other].time >= from);
            let same = same.find(|other| are_alike(&titles[*other], &title));
            let alike = same.map(|other| event_of[other]);
            let (event, name) = match report.event {
                None => (alike, None),
                Some(EventMark::Apart) => (None, None),
                Some(EventMark::Named(name)) => {
                    let unnamed = alike.filter(|event| names[*event].is_none());
                    let named = by_name.get(name.as_str()).copied();
                    (named.or(unnamed), Some(name.as_str()))
                }
            };
            let event = event.unwrap_or(events.events.len());
            events.add(event, report);
            event_of.push(event);
            names.resize(events.events.len(), None);
            if let Some(name) = name {
                names[event] = Some(name);
                by_name.insert(name, event);
            }
            // Nobody joins one that stands alone.
            if report.event != Some(&EventMark::Apart) {
                for word in &title {
                    by_word.entry(*word).or_default().push(at);
                }
            }
            titles.push(title);
        }
        events
    }

    fn add(&mut self, event: usize, report: &Report<'a>) {
        if event == self.events.len() {
            self.events.push(Event {
                first: report.path,
                providers: Vec::new(),
            });
        }
        let providers = &mut self.events[event].providers;
        if !providers.iter().any(|(_, known)| *known == report.provider) {
            providers.push((report.time, report.provider));
        }
        self.by_path.insert(report.path, event);
    }

    /// The event that the report in a file is on.
    pub fn with(&self, path: &str) -> Option<&Event<'a>> {
        Some(&self.events[*self.by_path.get(path)?])
    }
}

/// Whether two headlines, as sorted words, are on the same event.
fn are_alike(one: &[u32], other: &[u32]) -> bool {
    let common = one
        .iter()
        .filter(|word| other.binary_search(word).is_ok())
        .count();
    let all = one.len() + other.len() - common;
    common >= LEAST_COMMON && common * 10 >= all * LEAST_SHARE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report<'a>(path: &'a str, title: &'a str, provider: &'a str, time: i64) -> Report<'a> {
        Report {
            path,
            title,
            provider,
            time,
            event: None,
        }
    }

    #[test]
    fn reports_of_one_event_are_joined_across_providers() {
        let reports = vec![
            report("b", "Fire at the old weir of Holm", "b.example", 200),
            report("a", "Old weir of Holm on fire", "a.example", 100),
            report("c", "Weir of Holm: old fire again", "a.example", 300),
            report("d", "Prices of bread rise", "d.example", 150),
            report("e", "Old weir of Holm on fire", "e.example", 400 + WINDOW),
        ];
        let events = Events::of(reports);
        let event = events.with("c").unwrap();
        assert_eq!(event.first, "a");
        assert_eq!(event.providers, [(100, "a.example"), (200, "b.example")]);
        assert_eq!(events.with("d").unwrap().providers.len(), 1);
        assert_eq!(events.with("e").unwrap().first, "e");
        assert_eq!(events.with("f"), None);
    }

    #[test]
    fn names_of_events_come_before_words() {
        let named = |name: &str| EventMark::Named(name.to_owned());
        let (weir, other) = (named("weir"), named("other"));
        let marked = |report, event| Report { event, ..report };
        let title = "Old weir of Holm on fire";
        let events = Events::of(vec![
            report("a", title, "a.example", 100),
            marked(
                report("b", "Prices of bread", "b.example", 110),
                Some(&weir),
            ),
            marked(report("c", title, "c.example", 120), Some(&weir)),
            marked(report("d", title, "d.example", 130), Some(&other)),
            marked(
                report("e", title, "e.example", 140),
                Some(&EventMark::Apart),
            ),
            report("f", title, "f.example", 150),
            marked(report("g", "Rain", "g.example", 160), Some(&other)),
        ]);
        let first = |path| events.with(path).unwrap().first;
        // The first named weir is like none; what names the same joins it, whatever it is like.
        assert_eq!((first("b"), first("c")), ("b", "b"));
        // One that is like an event without a name gives it its own.
        assert_eq!((first("d"), first("g")), ("d", "d"));
        assert_eq!((first("a"), first("e"), first("f")), ("a", "e", "d"));
    }
}
