//! Decisions on candidates, and deleted articles: each is a step of the journal first.

use serde::Deserialize;
use serde_json::{Value, json};

use super::advice;
use super::error::DeskError;
use super::journal::{Deed, FileStep, Version, keep};
use super::row;
use super::trial::AsArticle;
use super::work::{Item, Known, Place, Work};
use crate::edit::{self, Change};
use crate::fetch::decide::DecideError;
use crate::fetch::queue;
use crate::fetch::suggest::{Quality, Suggestion, quality_of};
use crate::hash::Hash128;
use crate::workspace::{WritableWorkspace, WriteError};

/// What is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Decision {
    Publish,
    Reject,
}

/// The body of a request that decides.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Decide {
    items: Vec<Item>,
    decision: Decision,
    /// Why a candidate is rejected.
    #[serde(default)]
    reason: Option<String>,
}

/// The body of a request that deletes articles.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Delete {
    items: Vec<Item>,
}

/// A headline, or how many there are.
pub(super) fn about(place: &Place<'_>, files: &[Known]) -> String {
    match files {
        [one] => {
            let title = row::shown(&place.parser, &one.path, &one.bytes)["title"].take();
            title.as_str().unwrap_or(&one.path).to_owned()
        }
        many => format!("{} stories", many.len()),
    }
}

/// Decides on candidates. All of them have to be as the page knows them, and those that are
/// published have to be such as a build accepts, or nothing is done.
///
/// # Errors
/// Why nothing was done; or what was, if another program came in between.
pub(super) fn decide(
    work: &mut Work,
    place: &Place<'_>,
    request: &Decide,
) -> Result<Value, DeskError> {
    let path_of = |work: &Work, id: &str| Some(work.candidates.get(id)?.path.clone());
    let files = work.known(place, &request.items, "candidate", path_of)?;
    let reason = request.reason.as_deref().map(str::trim);
    let reason = reason.filter(|reason| !reason.is_empty());
    let (about, mut moved) = (about(place, &files), Vec::new());
    let mut judged = Vec::new();
    for file in &files {
        judged.push(judge(work, place, file, request.decision)?);
    }
    for file in &files {
        keep(place.disk, &file.bytes)?;
    }

    let failed = work.decide(place, |decider, journal| {
        let planned = files.iter().zip(&judged).map(|(file, judged)| {
            let to = match request.decision {
                Decision::Publish => decider.article_path(place.library, &file.path),
                Decision::Reject => decider.removed_path(&file.path),
            };
            step(file, judged, &to.unwrap_or_default())
        });
        let planned = planned.collect();
        let deed = match request.decision {
            Decision::Publish => Deed::Publish,
            Decision::Reject => Deed::Reject,
        };
        let id = journal.begin(place.disk, place.now.rfc3339_utc(), deed, about, planned)?;
        let mut failed = None;
        for (file, judged) in files.iter().zip(&judged) {
            let Known { path, bytes } = file;
            let (quality, coverage) = (judged.quality, judged.coverage);
            let to = match request.decision {
                Decision::Publish => {
                    let bytes = bytes.clone();
                    decider.publish_as_read(place.library, path, bytes, quality, coverage)
                }
                Decision::Reject => {
                    decider.reject_as_read(path, bytes, reason.map(str::to_owned), coverage)
                }
            };
            match to {
                Ok(to) => moved.push((file, judged, to)),
                Err(error) => {
                    failed = Some((file, error));
                    break;
                }
            }
        }
        let done = moved.iter();
        let done = done.map(|(file, judged, to)| step(file, judged, to));
        journal.amend(place.disk, id, done.collect())?;
        Ok::<_, DeskError>(failed)
    })?;

    work.count_decisions(moved.len());
    let mut done = Vec::new();
    for (Known { path, .. }, _, to) in &moved {
        work.reread(place, path);
        work.keep_path(to);
        done.push(json!({ "id": row::id(path), "article": row::id(to), "path": to }));
    }
    match failed {
        Some((file, DecideError::Write(path, error))) if path == file.path => {
            Err(work.not_written(place, file, error).after(done))
        }
        Some((file, error)) => Err(DeskError::from((file.path.as_str(), error)).after(done)),
        None => Ok(json!({ "done": done, "undo": work.journal.length() })),
    }
}

/// A candidate as it would be published: where, and with which bytes.
///
/// # Errors
/// Why it cannot be.
pub(super) fn as_article(
    work: &mut Work,
    place: &Place<'_>,
    id: &str,
) -> Result<AsArticle, DeskError> {
    let candidate = work.candidates.get(id);
    let candidate = candidate.ok_or(DeskError::Unknown("candidate"))?;
    let file = Known {
        path: candidate.path.clone(),
        bytes: candidate.bytes.to_vec(),
    };
    let judged = judge(work, place, &file, Decision::Publish)?;
    let path = work.decide(place, |decider, _| {
        decider.article_path(place.library, &file.path)
    });
    Ok(AsArticle {
        path: path.unwrap_or(file.path),
        bytes: judged.after.unwrap_or(file.bytes),
    })
}

/// How a candidate is decided on.
struct Judged {
    quality: Quality,
    /// How many providers report the same.
    coverage: Option<u32>,
    /// The bytes that it has as an article, if its quality is written into it.
    after: Option<Vec<u8>>,
}

/// How a candidate is decided on; and if it is published, whether it can be built.
fn judge(
    work: &mut Work,
    place: &Place<'_>,
    file: &Known,
    decision: Decision,
) -> Result<Judged, DeskError> {
    let candidate = work.candidates.get(&row::id(&file.path));
    let providers = candidate.and_then(|it| it.shown["providers"].as_array());
    let mut judged = Judged {
        quality: Quality::OfFile,
        coverage: providers.and_then(|providers| u32::try_from(providers.len()).ok()),
        after: None,
    };
    if decision == Decision::Reject {
        return Ok(judged);
    }
    judged.quality = quality(work, place, file);
    if let Quality::Suggested(quality) = judged.quality
        && let Ok(field) = "quality".parse()
    {
        let change = Change::Set(field, quality.to_string());
        let prepared = edit::prepare(place.disk, &place.parser, &file.path, &[change]);
        let prepared = prepared.map_err(|error| DeskError::from((file.path.as_str(), error)))?;
        if prepared.expected != Hash128::of(&file.bytes) {
            return Err(work.not_written(place, file, WriteError::Changed));
        }
        judged.after = Some(prepared.bytes);
    }
    let bytes = judged.after.as_deref().unwrap_or(&file.bytes);
    let parsed = place.parser.article(&file.path, bytes);
    parsed.map_err(DeskError::Invalid).map(|_| judged)
}

/// A candidate to which nobody has given a quality is published with the suggested one.
fn quality(work: &Work, place: &Place<'_>, file: &Known) -> Quality {
    let candidate = work.candidates.get(&row::id(&file.path));
    let suggested = candidate.and_then(|it| it.shown["suggested"].as_i64());
    let Some((candidate, suggested)) = candidate.zip(suggested) else {
        return Quality::OfFile;
    };
    let ledger = &work.ledger.ledger;
    let item = advice::item_of(ledger, &candidate.judged);
    let line = item.and_then(|item| ledger.record(place.disk, item));
    let source = line.as_ref().and_then(|line| line.source.as_deref());
    let suggestion = Suggestion {
        quality: suggested,
        reasons: Vec::new(),
    };
    let base = work.suggester.base(source);
    quality_of(&candidate.judged, line.as_ref(), base, &suggestion)
}

/// A file before and after a decision that moves it.
fn step(file: &Known, judged: &Judged, to: &str) -> FileStep {
    let after = judged.after.as_deref().unwrap_or(&file.bytes);
    FileStep::changed(Version::of(&file.path, &file.bytes), Version::of(to, after))
}

/// Deletes articles. All of them have to be as the page knows them, or nothing is done.
///
/// # Errors
/// Why nothing was done; or what was, if another program came in between.
pub(super) fn delete(
    work: &mut Work,
    place: &Place<'_>,
    request: &Delete,
    path_of: impl Fn(&Work, &str) -> Option<String>,
) -> Result<Value, DeskError> {
    let files = work.known(place, &request.items, "article", path_of)?;
    let step = |file: &Known| FileStep {
        from: Some(Version::of(&file.path, &file.bytes)),
        to: None,
    };
    let has_ledger = queue::is_usable(place.config);
    let note = |work: &mut Work, place: &Place<'_>, file: &Known| match has_ledger {
        true => work
            .decide(place, |decider, _| {
                decider.note_deleted(&file.path, &file.bytes)
            })
            .map_err(|error| DeskError::from((file.path.as_str(), error))),
        false => Ok(()),
    };
    for file in &files {
        keep(place.disk, &file.bytes)?;
    }
    let (about, time) = (about(place, &files), place.now.rfc3339_utc());
    let planned = files.iter().map(step).collect();
    let id = work
        .journal
        .begin(place.disk, time, Deed::Delete, about, planned)?;
    let (mut done, mut failed) = (Vec::new(), None);
    for file in &files {
        match place.disk.remove(&file.path, Hash128::of(&file.bytes)) {
            Ok(()) => done.push(file),
            Err(error) => {
                failed = Some(work.not_written(place, file, error));
                break;
            }
        }
        if let Err(error) = note(work, place, file) {
            failed = Some(error);
            break;
        }
    }
    let steps = done.iter().map(|file| step(file)).collect();
    work.journal.amend(place.disk, id, steps)?;
    let done: Vec<Value> = done.iter().map(|it| json!(row::id(&it.path))).collect();
    match failed {
        Some(error) => Err(error.after(done)),
        None => Ok(json!({ "done": done, "undo": work.journal.length() })),
    }
}
