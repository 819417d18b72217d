//! What is suggested for candidates, and who reports the same: candidates and articles.
//!
//! With thousands of candidates this takes longer than a decision may. So a request that needs it
//! takes the [`Questions`] with it, and answers them while others work at the desk.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use serde_json::{Value, json};

use super::place::Place;
use super::row;
use crate::content::article::StoryKey;
use crate::content::{self, Library};
use crate::fetch::ledger::{Item, Ledger};
use crate::fetch::queue::Candidate;
use crate::fetch::suggest::{self, Lesson, Reason, Suggester};

/// Articles of the site that are shown beside a candidate on the same event, at most.
const MOST_ARTICLES: usize = 5;

/// A candidate, and what the ledger knows of it.
#[derive(Clone, Debug)]
pub(super) struct Question {
    pub(super) id: String,
    pub(super) candidate: Arc<Candidate>,
    pub(super) item: Option<Item>,
    pub(super) source: Option<String>,
}

impl Question {
    /// The question that a candidate is.
    pub(super) fn of(id: &str, candidate: &Arc<Candidate>, ledger: &Ledger) -> Question {
        let item = item_of(ledger, candidate);
        let source = item.and_then(|item| ledger.source_of(item));
        Question {
            id: id.to_owned(),
            candidate: Arc::clone(candidate),
            item: item.copied(),
            source: source.map(str::to_owned),
        }
    }
}

/// What is to be found out of all candidates.
pub(super) struct Questions {
    pub(super) candidates: Vec<Question>,
    /// What suggestions follow from, if nothing new is to be learnt.
    pub(super) suggester: Arc<Suggester>,
    /// What is to be learnt before.
    pub(super) lesson: Option<Lesson>,
}

/// The answers: what pages get to see beside the fields of each candidate, for all questions in
/// their order.
pub(super) struct Advice {
    pub(super) questions: Vec<Question>,
    pub(super) answers: Vec<Value>,
    pub(super) suggester: Arc<Suggester>,
}

impl Questions {
    /// Finds the answers.
    pub(super) fn answer(self, place: &Place<'_>) -> Advice {
        let suggester = match self.lesson {
            None => self.suggester,
            Some(lesson) => {
                let sources = content::sources(place.disk, place.config).0;
                let folder = &place.config.content.ledger;
                Arc::new(lesson.learn(place.disk, folder, &sources))
            }
        };
        Advice {
            answers: of_all(&self.candidates, place.library, &suggester),
            questions: self.candidates,
            suggester,
        }
    }
}

fn of_all(questions: &[Question], library: &Library, suggester: &Suggester) -> Vec<Value> {
    let candidates = questions.iter().map(|question| &*question.candidate);
    let events = suggest::events(candidates, library);
    let mut on_site: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for entry in library.articles.iter() {
        if let Some(event) = events.with(&entry.path) {
            let articles = on_site.entry(event.first).or_default();
            if articles.len() < MOST_ARTICLES {
                let date = entry.facts.published.rfc3339_utc();
                articles.push(json!({ "title": entry.facts.title, "date": date }));
            }
        }
    }
    let answer = |question: &Question| {
        let (item, source) = (question.item.as_ref(), question.source.as_deref());
        let event = events.with(&question.candidate.path);
        let suggestion = suggester.candidate(&question.candidate, source, item, event);
        let reasons = suggestion.iter().flat_map(|it| it.reasons.iter());
        let providers = event.map(|event| event.providers.iter().map(|(_, provider)| provider));
        json!({
            "suggested": suggestion.as_ref().map(|it| it.quality),
            "reasons": reasons.map(Reason::to_string).collect::<Vec<_>>(),
            "group": event.map(|event| row::id(event.first)),
            "providers": providers.map(|providers| providers.collect::<Vec<_>>()),
            "site": event.and_then(|event| on_site.get(event.first)),
        })
    };
    questions.par_iter().map(answer).collect()
}

/// What the ledger knows of a candidate.
pub(super) fn item_of<'l>(ledger: &'l Ledger, candidate: &Candidate) -> Option<&'l Item> {
    let by_story = || {
        let link = candidate.article.as_ref()?.link.as_deref()?;
        ledger.with_story(StoryKey::of(link))
    };
    ledger.with_path(&candidate.path).or_else(by_story)
}
