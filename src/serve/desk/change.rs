//! Edits of candidates and articles: exactly the lines that are meant, of exactly the versions that
//! a page was shown.

use serde::Deserialize;
use serde_json::{Value, json};

use super::decide::about;
use super::error::{DeskError, FieldError, RequestError, lines};
use super::journal::{CannotKeep, Deed, FileStep, Version, keep};
use super::row;
use super::work::{Item, Known, Place, Work};
use crate::document::{Document, FieldPath};
use crate::edit::{self, Change, Prepared};
use crate::hash::Hash128;
use crate::workspace::{WriteError, is_below};

/// Fields that the desk edits.
const FIELDS: [&str; 15] = [
    "title",
    "excerpt",
    "highlight",
    "quality",
    "heat",
    "topics",
    "event",
    "pin",
    "published",
    "publishedDateTime",
    "expiryDate",
    "provider.name",
    "provider.domain",
    "image",
    "originalUrl",
];

/// One change of a field. Exactly one of the last four is given.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldChange {
    field: String,
    #[serde(default)]
    set: Option<String>,
    #[serde(default)]
    add: Option<String>,
    #[serde(default)]
    remove: Option<String>,
    #[serde(default)]
    unset: bool,
}

/// The body of a request that edits.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EditFiles {
    items: Vec<Item>,
    changes: Vec<FieldChange>,
    /// Whether the lines are only shown, and nothing is written.
    #[serde(default)]
    preview: bool,
}

impl FieldChange {
    /// The change of a file with these bytes.
    ///
    /// # Errors
    /// When it is none that the desk makes.
    fn of_file(&self, bytes: &[u8]) -> Result<Change, DeskError> {
        let refuse = |why: FieldError| {
            let field = self.field.clone();
            DeskError::from(RequestError::Field { field, why })
        };
        if !FIELDS.contains(&self.field.as_str()) {
            return Err(refuse(FieldError::NotEdited));
        }
        let path = |written: &str| {
            let path = written.parse::<FieldPath>();
            path.map_err(|_| refuse(FieldError::NoName))
        };
        let field = match self.field.as_str() {
            "image" => {
                return self
                    .of_image(bytes)
                    .ok_or_else(|| refuse(FieldError::NoAddress));
            }
            field => path(field)?,
        };
        match (&self.set, &self.add, &self.remove, self.unset) {
            (Some(value), None, None, false) => Ok(Change::Set(field, value.clone())),
            (None, Some(value), None, false) => Ok(Change::Add(field, value.clone())),
            (None, None, Some(value), false) => Ok(Change::Remove(field, value.clone())),
            (None, None, None, true) => Ok(Change::Unset(field)),
            _ => Err(refuse(FieldError::NotOneChange)),
        }
    }

    /// The picture is the first of a list, which is made where there is none, and goes with its
    /// last one.
    fn of_image(&self, bytes: &[u8]) -> Option<Change> {
        let has = |path: &str| {
            let document = Document::parse(bytes).ok()?;
            document.get(&path.parse().ok()?)
        };
        let path = |path: &str| path.parse::<FieldPath>().ok();
        match (&self.set, self.unset) {
            (None, true) if has("images.1").is_some() => Some(Change::Unset(path("images.0")?)),
            (None, true) => Some(Change::Unset(path("images")?)),
            (Some(url), false) if has("images.0.url").is_some() => {
                Some(Change::Set(path("images.0.url")?, url.clone()))
            }
            (Some(url), false) if has("images.0").is_some_and(|image| image.is_string()) => {
                Some(Change::Set(path("images.0")?, url.clone()))
            }
            (Some(url), false) => {
                let url = serde_json::to_string(url).ok()?;
                Some(Change::Set(
                    path("images")?,
                    format!("[{{\"url\": {url}}}]"),
                ))
            }
            _ => None,
        }
    }
}

/// A file and its edit.
struct Planned {
    known: Known,
    prepared: Prepared,
}

/// Edits files. All of them have to be as the page knows them, and all edits have to be such as a
/// build accepts, or nothing is done.
///
/// # Errors
/// Why nothing was done; or what was, if another program came in between.
pub(super) fn edit(
    work: &mut Work,
    place: &Place<'_>,
    request: &EditFiles,
    path_of: impl Fn(&Work, &str) -> Option<String>,
) -> Result<Value, DeskError> {
    let mut planned = Vec::new();
    for known in work.known(place, &request.items, "article", path_of)? {
        planned.push(plan(work, place, known, &request.changes)?);
    }
    let written = match request.preview {
        true => Ok(()),
        false => write(work, place, &planned),
    };
    let failed = written.err();
    // What was not written comes after what was.
    let count = failed.as_ref().map_or(planned.len(), |(done, _)| *done);
    planned.truncate(count);
    let mut rows = Vec::new();
    for Planned { known, prepared } in &planned {
        let is_candidate = is_below(&known.path, &place.config.content.queue);
        if !request.preview && is_candidate {
            work.reread(place, &known.path);
        }
        let candidate = work.candidates.get(&row::id(&known.path));
        let shown = match candidate.filter(|_| !request.preview) {
            Some(candidate) => candidate.shown.clone(),
            None => row::shown(&place.parser, &known.path, &prepared.bytes),
        };
        work.keep_version(&prepared.bytes);
        rows.push(json!({ "row": shown, "path": known.path, "lines": lines(&prepared.hunks) }));
    }
    match failed {
        Some((_, error)) => Err(error.after(rows)),
        None => Ok(json!({ "files": rows, "undo": work.journal.length() })),
    }
}

fn plan(
    work: &mut Work,
    place: &Place<'_>,
    known: Known,
    changes: &[FieldChange],
) -> Result<Planned, DeskError> {
    let changes: Vec<Change> = changes
        .iter()
        .map(|change| change.of_file(&known.bytes))
        .collect::<Result<_, _>>()?;
    let prepared = edit::prepare(place.disk, &place.parser, &known.path, &changes);
    let prepared = prepared.map_err(|error| DeskError::from((known.path.as_str(), error)))?;
    match prepared.expected == Hash128::of(&known.bytes) {
        true => Ok(Planned { known, prepared }),
        false => Err(work.not_written(place, &known, WriteError::Changed)),
    }
}

/// Writes what was planned, as one step.
///
/// # Errors
/// Why not all was written, and how many of the files were gone through before.
fn write(
    work: &mut Work,
    place: &Place<'_>,
    planned: &[Planned],
) -> Result<(), (usize, DeskError)> {
    let changed: Vec<&Planned> = planned
        .iter()
        .filter(|plan| !plan.prepared.hunks.is_empty())
        .collect();
    if changed.is_empty() {
        return Ok(());
    }
    let not_kept = |error: CannotKeep| (0, DeskError::from(error));
    for plan in &changed {
        keep(place.disk, &plan.known.bytes).map_err(not_kept)?;
    }
    let step = |plan: &&Planned| {
        let version = |bytes: &[u8]| Version::of(&plan.known.path, bytes);
        FileStep::changed(version(&plan.known.bytes), version(&plan.prepared.bytes))
    };
    let about = match changed[..] {
        [one] => about(place, std::slice::from_ref(&one.known)),
        _ => format!("{} stories", changed.len()),
    };
    let steps = changed.iter().map(step).collect();
    let time = place.now.rfc3339_utc();
    let begun = work
        .journal
        .begin(place.disk, time, Deed::Edit, about, steps);
    let id = begun.map_err(not_kept)?;
    let (mut done, mut failed) = (Vec::new(), None);
    for (at, plan) in planned.iter().enumerate() {
        if plan.prepared.hunks.is_empty() {
            continue;
        }
        match plan.prepared.write(place.disk) {
            Ok(()) => done.push(step(&plan)),
            Err(error) => {
                failed = Some((at, work.not_written(place, &plan.known, error)));
                break;
            }
        }
    }
    let amended = work.journal.amend(place.disk, id, done);
    match failed {
        Some(failed) => Err(failed),
        None => amended.map_err(|error| (planned.len(), DeskError::from(error))),
    }
}
