//! Suggestions for the candidates of a site.

use std::collections::BTreeMap;

use ahash::{HashMap, HashSet};

use super::coverage::{Event, Events, Report, WINDOW};
use super::history::{self, Past};
use super::model::{MOST_DECISIONS, Model};
use super::{Decided, Decision, Quality, Subject, Suggestion, suggest};
use crate::content::{Library, SourceFile};
use crate::fetch::ledger::{About, Item, ItemKey, Ledger, Outcome, Record};
use crate::fetch::queue::{Candidate, REMOVED};
use crate::time::Time;
use crate::workspace::{Workspace, is_below};

/// What is known for suggestions: the model, and what the ledger says of candidates.
#[derive(Clone, Debug, Default)]
pub struct Suggester {
    model: Model,
    /// What the items of candidates said.
    abouts: HashMap<ItemKey, About>,
    /// `quality` of the sources that have one, by name.
    bases: BTreeMap<String, i64>,
}

impl Suggester {
    /// Learns from the decisions of a ledger, which is in `folder`.
    pub fn learn(
        workspace: &dyn Workspace,
        folder: &str,
        ledger: &Ledger,
        sources: &[SourceFile],
    ) -> Suggester {
        Lesson::of(ledger).learn(workspace, folder, sources)
    }

    /// The model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The `quality` of a source.
    pub fn base(&self, source: Option<&str>) -> Option<i64> {
        self.bases.get(source?).copied()
    }

    /// What is suggested for a candidate, of which the ledger knows `item` from `source`; `event`
    /// is that which it is on. None for one that cannot be read.
    pub fn candidate(
        &self,
        candidate: &Candidate,
        source: Option<&str>,
        item: Option<&Item>,
        event: Option<&Event<'_>>,
    ) -> Option<Suggestion> {
        let article = candidate.article.as_ref()?;
        let about = item.and_then(|item| self.abouts.get(&item.key()));
        let first = item.map_or(article.published, |item| item.first);
        Some(suggest(
            &self.model,
            &Subject {
                title: &article.title,
                excerpt: article.excerpt.as_deref(),
                url: article.link.as_deref(),
                source,
                author: about.and_then(|about| about.author.as_deref()),
                topics: &article.topics,
                coverage: event.map_or(0, |event| event.providers.len()),
                base: self.base(source),
                has_image: article.has_image,
                delay: Some(first.seconds() - article.published.seconds()),
            },
        ))
    }
}

/// What there is to be learnt from a ledger: the items of which its files are asked.
#[derive(Debug)]
pub struct Lesson(HashSet<ItemKey>);

impl Lesson {
    /// The candidates, and the last decisions.
    pub fn of(ledger: &Ledger) -> Lesson {
        let is_decided = |item: &&Item| item.decision >= Outcome::Expired;
        let decided = ledger.items().filter(is_decided);
        let mut times: Vec<Time> = decided.map(|item| item.decided).collect();
        times.sort_unstable_by(|a, b| b.cmp(a));
        let oldest = times.get(MOST_DECISIONS - 1);
        let is_wanted = |item: &&Item| match item.decision {
            Outcome::Dropped | Outcome::Duplicate | Outcome::Withdrawn => false,
            Outcome::Queued => true,
            _ => oldest.is_none_or(|oldest| item.decided >= *oldest),
        };
        let wanted = ledger.items().filter(is_wanted);
        Lesson(wanted.map(Item::key).collect())
    }

    /// Learns from the files of the ledger, which are in `folder`.
    pub fn learn(
        &self,
        workspace: &dyn Workspace,
        folder: &str,
        sources: &[SourceFile],
    ) -> Suggester {
        let past = history::read(workspace, folder, |key| self.0.contains(&key));
        let bases: BTreeMap<String, i64> = sources
            .iter()
            .filter_map(|source| Some((source.name.clone(), source.quality?)))
            .collect();
        let decisions = past.iter().filter_map(|(_, past)| decision(past, &bases));
        let model = Model::learn(&decisions.collect::<Vec<_>>());
        let waiting = past.into_iter();
        let waiting = waiting.filter(|(_, past)| past.line.decision == Outcome::Queued);
        Suggester {
            model,
            abouts: waiting
                .filter_map(|(key, past)| Some((key, past.about?)))
                .collect(),
            bases,
        }
    }
}

/// The quality that a candidate is published with when the editor gives none: the one that somebody
/// wrote into its file, or that the filter command gave it, else the suggested one. `last` is the
/// last line about it, and `base` the quality of its source, which a fetch wrote into its file.
pub fn quality_of(
    candidate: &Candidate,
    last: Option<&Record>,
    base: Option<i64>,
    suggestion: &Suggestion,
) -> Quality {
    let written = last.and_then(|line| line.file.as_deref());
    let is_edited = written != Some(candidate.hash.to_string().as_str());
    let score = last.and_then(|line| line.quality);
    let own = candidate.article.as_ref().and_then(|it| it.quality);
    let is_chosen = |own: &i64| Some(*own) == score || is_edited && Some(*own) != base;
    match own.filter(is_chosen) {
        Some(_) => Quality::OfFile,
        None => Quality::Suggested(suggestion.quality),
    }
}

/// The decision on an item, as far as something is to be learnt from it.
fn decision<'a>(past: &'a Past, bases: &BTreeMap<String, i64>) -> Option<Decision<'a>> {
    let (line, about) = (&past.line, past.about.as_ref()?);
    let decided = match line.decision {
        // What a rule published by its suggested quality says nothing about the editor.
        Outcome::Published if line.by == "rules" => return None,
        Outcome::Published => Decided::Published(line.quality),
        // An article that was deleted was wanted once.
        Outcome::Rejected
            if line
                .path
                .as_deref()
                .is_some_and(|it| !is_below(it, REMOVED)) =>
        {
            return None;
        }
        Outcome::Rejected => Decided::Rejected,
        Outcome::Expired => Decided::Expired,
        Outcome::Queued | Outcome::Dropped | Outcome::Duplicate | Outcome::Withdrawn => {
            return None;
        }
    };
    let source = line.source.as_deref();
    Some(Decision {
        subject: Subject {
            title: &about.title,
            excerpt: about.excerpt.as_deref(),
            url: line.url.as_deref(),
            source,
            author: about.author.as_deref(),
            topics: &about.topics,
            coverage: usize::try_from(line.coverage.unwrap_or(0)).unwrap_or(0),
            base: source.and_then(|source| bases.get(source)).copied(),
            ..Subject::default()
        },
        decided,
        // A line that is written again makes no old decision a recent one.
        time: line.decided.unwrap_or(line.time).seconds(),
    })
}

/// The events that candidates are on, together with the articles that were published at about the
/// same time.
pub fn events<'a>(
    candidates: impl Iterator<Item = &'a Candidate>,
    library: &'a Library,
) -> Events<'a> {
    let readable = candidates.filter_map(|it| Some((it, it.article.as_ref()?)));
    let mut reports: Vec<Report<'a>> = readable
        .map(|(candidate, article)| Report {
            path: &candidate.path,
            title: &article.title,
            provider: article.provider.as_deref().unwrap_or_default(),
            time: article.published.seconds(),
            event: article.event.as_ref(),
        })
        .collect();
    let times = || reports.iter().map(|report| report.time);
    let Some((first, last)) = times().min().zip(times().max()) else {
        return Events::default();
    };
    let around = first.saturating_sub(WINDOW)..=last.saturating_add(WINDOW);
    let articles = library.articles.as_slice().iter();
    reports.extend(articles.filter_map(|entry| {
        let facts = &entry.facts;
        let time = facts.published.seconds();
        let provider = facts.provider.as_ref()?;
        around.contains(&time).then_some(Report {
            path: &entry.path,
            title: &facts.title,
            provider: &provider.domain,
            time,
            event: facts.event.as_ref(),
        })
    }));
    Events::of(reports)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Overrides};
    use crate::content::Parser;
    use crate::fetch::queue::read_one;
    use crate::workspace::Memory;

    #[test]
    fn a_line_that_is_written_again_makes_no_decision_recent() {
        let line = r#"{"time":"2026-11-25T12:00:00Z","n":1,"id":"a","decision":"rejected","#;
        let rest = r#""by":"editor","decided":"2026-05-01T12:00:00Z","about":{"title":"One"}}"#;
        let memory = Memory::default().with("l/2026-11.jsonl", format!("{line}{rest}\n"));
        let past = history::read(&memory, "l", |_| true);
        let decision = decision(&past[0].1, &BTreeMap::new()).unwrap();
        let may = Time::parse("2026-05-01T12:00:00Z", &jiff::tz::TimeZone::UTC).unwrap();
        assert_eq!(decision.time, may.seconds());
    }

    #[test]
    fn a_quality_that_somebody_chose_is_kept() {
        let config = Config::resolve("site.toml", "", &Overrides::default()).unwrap();
        let parser = Parser::new(&config);
        let suggestion = Suggestion {
            quality: 60,
            reasons: Vec::new(),
        };
        let quality = |own: i64, score: Option<i64>, is_edited: bool| {
            let text = format!(
                "---\ntitle: One\npublishedDateTime: 2026-11-24\ntype: article\n\
                 originalUrl: https://a.example/1\nquality: {own}\n\
                 provider:\n  name: A\n  domain: a.example\n---\n"
            );
            let candidate = read_one(&parser, "content/queue/a.md", text.as_bytes()).0;
            let hash = candidate.hash.to_string();
            let line = serde_json::json!({
                "time": "2026-11-25T12:00:00Z", "n": 1, "id": "a", "decision": "queued",
                "by": "rules", "quality": score,
                "file": if is_edited { "another" } else { hash.as_str() },
            });
            let line: Record = serde_json::from_value(line).unwrap();
            quality_of(&candidate, Some(&line), Some(40), &suggestion)
        };
        // The filter command scored it, with any number.
        assert_eq!(quality(80, Some(80), false), Quality::OfFile);
        assert_eq!(quality(40, Some(40), false), Quality::OfFile);
        assert_eq!(quality(80, Some(80), true), Quality::OfFile);
        // Somebody edited it.
        assert_eq!(quality(90, None, true), Quality::OfFile);
        assert_eq!(quality(90, Some(80), true), Quality::OfFile);
        // It has that of its source.
        assert_eq!(quality(40, None, false), Quality::Suggested(60));
        assert_eq!(quality(40, None, true), Quality::Suggested(60));
    }
}
