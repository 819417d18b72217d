//! Commits of what the desk changed: exactly its files, with a message that says what was decided.
//!
//! What is committed of a file is a change that the desk alone made: it lies there as the desk left
//! it, and the last commit has one of the versions that the desk found or made, with nobody else's
//! in between ([`Trail`]). Of the ledger, to which `fetch` adds as well, the lines of these
//! decisions are committed. Everything else is left out, and what is left out is said.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use serde::Deserialize;
use serde_json::{Value, json};

use super::checkout::{Blob, Checkout, Entries, blob};
use super::jobs::Job;
use super::journal::{Deed, kept};
use super::row;
use super::trail::{Cause, Event, Trail, Trails};
use super::work::Work;
use crate::config::Config;
use crate::content::Parser;
use crate::fetch::ledger::Record;
use crate::hash::Hash128;
use crate::serve::snapshot::Snapshot;
use crate::workspace::{Disk, Workspace, is_below};

/// Stories that a message names, at most.
const MOST_NAMED: usize = 500;
/// Characters of the first line of a message, at most.
const SUBJECT: usize = 72;

/// The body of a request that commits.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Commit {
    /// Whether nothing is committed.
    #[serde(default)]
    pub(super) dry: bool,
}

/// Commits, or with `dry` says what would be committed: the work of a job. Returned is whether it
/// could.
pub(super) fn run(
    job: &Job,
    work: &Mutex<Work>,
    (disk, folder): (&Disk, &Path),
    snapshot: &Snapshot,
    dry: bool,
) -> bool {
    let config = &snapshot.site.config;
    let site = Site {
        disk,
        config,
        parser: &Parser::new(config),
    };
    let done = Checkout::open(folder).and_then(|checkout| {
        // Nobody decides while files are compared; hooks take their time after that.
        let work = work.lock().unwrap_or_else(PoisonError::into_inner);
        let planned = plan(&site, &checkout, work.journal.trails());
        drop(work);
        match dry {
            true => Ok(planned?.json()),
            false => planned?.commit(&checkout),
        }
    });
    let is_done = done.is_ok();
    job.committed(done.unwrap_or_else(|error| json!({ "error": error })));
    is_done
}

/// The site whose files are committed.
struct Site<'a> {
    disk: &'a Disk,
    config: &'a Config,
    parser: &'a Parser,
}

/// What there is to commit.
#[derive(Debug, Default)]
struct Planned {
    files: Entries,
    staged: Entries,
    message: String,
    /// Files that are left out, and why.
    left_out: BTreeMap<String, &'static str>,
}

/// What becomes of a change of a file.
enum Fate {
    /// Git has it already, or is not to have the file.
    Settled,
    Commit(Option<Blob>),
    LeftOut(&'static str),
}

impl Planned {
    /// As pages get it.
    fn json(&self) -> Value {
        let files = self.files.iter();
        let files = files.map(|(path, blob)| json!({ "path": path, "gone": blob.is_none() }));
        let left_out = self.left_out.iter();
        let left_out = left_out.map(|(path, why)| json!({ "path": path, "why": why }));
        json!({
            "message": (!self.files.is_empty()).then_some(&self.message),
            "files": files.collect::<Vec<_>>(),
            "left_out": left_out.collect::<Vec<_>>(),
        })
    }

    /// Commits it.
    ///
    /// # Errors
    /// Why nothing was committed.
    fn commit(&self, checkout: &Checkout) -> Result<Value, String> {
        let mut shown = self.json();
        if !self.files.is_empty() {
            let commit = checkout.commit(&self.files, &self.staged, &self.message)?;
            shown["commit"] = json!(commit.short);
            shown["branch"] = json!(commit.branch);
        }
        Ok(shown)
    }
}

/// Finds out what there is to commit.
///
/// # Errors
/// What keeps git from saying so.
fn plan(site: &Site<'_>, checkout: &Checkout, trails: &Trails) -> Result<Planned, String> {
    let content = &site.config.content;
    let folders = content
        .articles
        .iter()
        .chain([&content.queue, &content.sources]);
    let folders: Vec<&String> = folders.collect();
    let ours = trails.iter();
    let ours = ours.filter(|(path, _)| folders.iter().any(|folder| is_below(path, folder)));
    let ours: BTreeMap<&str, &Trail> = ours.collect();

    let full: Vec<String> = ours.keys().map(|path| checkout.full(path)).collect();
    let is_there =
        |full: &&String| checkout.is_elsewhere(full).is_none() && checkout.file(full).is_file();
    let there: Vec<String> = full.iter().filter(is_there).cloned().collect();
    let git = Known {
        committed: checkout.committed(&full)?,
        staged: checkout.staged(&full)?,
        ignored: checkout.ignored(&full)?.into_iter().collect(),
        now: checkout.keep_files(&there)?,
    };
    let mut fates = BTreeMap::new();
    for (path, trail) in &ours {
        fates.insert(*path, git.fate(site, checkout, path, trail)?);
    }

    // The two ends of a move belong together.
    let left_out = |fates: &BTreeMap<&str, Fate>, path: &str| {
        matches!(fates.get(path), Some(Fate::LeftOut(_)))
    };
    for (path, trail) in &ours {
        let file = &trail.last.file;
        let ends = [file.from.as_ref(), file.to.as_ref()].into_iter().flatten();
        if ends.clone().any(|end| left_out(&fates, &end.path))
            && matches!(fates[path], Fate::Commit(_))
        {
            fates.insert(path, Fate::LeftOut("its other place is left out"));
        }
    }

    let mut planned = Planned::default();
    let mut events: Vec<&Event> = Vec::new();
    for (path, fate) in &fates {
        match fate {
            Fate::Settled => {}
            Fate::LeftOut(why) => drop(planned.left_out.insert((*path).to_owned(), why)),
            Fate::Commit(blob) => {
                planned.files.insert(checkout.full(path), blob.clone());
                events.push(&ours[path].last);
            }
        }
    }
    planned.staged = planned.files.clone();
    let is_ours = |path: &str| ours.contains_key(path) && !left_out(&fates, path);

    let records = add_ledger(site, checkout, &mut planned, is_ours)?;
    for record in &records {
        let paths = [record.from.as_deref(), record.path.as_deref()];
        let trail = paths.into_iter().flatten().find_map(|path| ours.get(path));
        events.extend(trail.map(|trail| &trail.last));
    }
    let reasons = records.iter().filter_map(|record| {
        let reason = record.reason.as_deref()?;
        (record.by == "editor").then_some((record.from.as_deref()?, reason))
    });
    planned.message = message(site, &events, &reasons.collect());
    Ok(planned)
}

/// What git knows of the files.
struct Known {
    committed: BTreeMap<String, Blob>,
    staged: BTreeMap<String, Blob>,
    ignored: BTreeSet<String>,
    /// Names of the files as they are now.
    now: BTreeMap<String, String>,
}

impl Known {
    fn fate(
        &self,
        site: &Site<'_>,
        checkout: &Checkout,
        path: &str,
        trail: &Trail,
    ) -> Result<Fate, String> {
        let full = checkout.full(path);
        if let Some(why) = checkout.is_elsewhere(&full) {
            return Ok(Fate::LeftOut(why));
        }
        let committed = self.committed.get(&full);
        if committed.is_none() && self.ignored.contains(&full) {
            return Ok(Fate::Settled);
        }
        let mode = committed.map_or("100644", |blob| &blob.mode);
        let now = self.now.get(&full).map(|id| blob(mode, id));
        if now.as_ref() == committed {
            return Ok(Fate::Settled);
        }
        // Read after git has: what somebody writes meanwhile is not taken for ours.
        let bytes = site.disk.read(path).ok();
        let hash = bytes.as_deref().map(|bytes| Hash128::of(bytes).to_string());
        if hash.as_deref() != trail.left() {
            // Where the desk left no file, this is a new one of somebody else.
            return Ok(match trail.left() {
                None => Fate::Settled,
                Some(_) => Fate::LeftOut("it was changed outside of the desk since"),
            });
        }
        let staged = self.staged.get(&full);
        if staged != committed && staged != now.as_ref() {
            return Ok(Fate::LeftOut("another version of it is staged"));
        }
        if now.is_none() {
            return Ok(Fate::Commit(None));
        }
        match committed {
            None if !trail.versions.contains(&None) => {
                // A candidate that only this machine has is committed when it is published.
                return Ok(match is_below(path, &site.config.content.queue) {
                    true => Fate::Settled,
                    false => Fate::LeftOut("it is not in git yet"),
                });
            }
            // It came back, and git may never have had it.
            None if trail.versions.first() != Some(&None) && !checkout.was_committed(&full)? => {
                return Ok(Fate::Settled);
            }
            Some(committed) if !is_known(site, checkout, &full, committed, trail)? => {
                return Ok(Fate::LeftOut("it was changed outside of the desk before"));
            }
            _ => {}
        }
        Ok(Fate::Commit(now))
    }
}

/// Whether the version of the last commit is one that the desk found or left.
fn is_known(
    site: &Site<'_>,
    checkout: &Checkout,
    full: &str,
    committed: &Blob,
    trail: &Trail,
) -> Result<bool, String> {
    let versions: BTreeSet<&str> = trail
        .versions
        .iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let has = |bytes: &[u8]| versions.contains(Hash128::of(bytes).to_string().as_str());
    if has(&checkout.bytes(committed)?) || has(&checkout.checked_out(full)?) {
        return Ok(true);
    }
    // Git may keep other line ends than the file has.
    for version in versions {
        if let Some(bytes) = kept(site.disk, version)
            && checkout.name(full, &bytes)? == committed.id
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Adds the lines of the ledger that are about these files to what is committed. Returned are those
/// that the last commit does not have.
fn add_ledger(
    site: &Site<'_>,
    checkout: &Checkout,
    planned: &mut Planned,
    is_ours: impl Fn(&str) -> bool,
) -> Result<Vec<Record>, String> {
    let folder = &site.config.content.ledger;
    let mut records = Vec::new();
    let paths = checkout.changed_in(&checkout.full(folder))?;
    let is_ledger =
        |path: &String| path.ends_with(".jsonl") && checkout.is_elsewhere(path).is_none();
    let paths: Vec<String> = paths.into_iter().filter(is_ledger).collect();
    let (committed, staged) = (checkout.committed(&paths)?, checkout.staged(&paths)?);
    for full in paths {
        let start = checkout.full("").len();
        let Ok(now) = site.disk.read(full.get(start..).unwrap_or_default()) else {
            continue;
        };
        let ours: Vec<(&[u8], Record)> = lines(&now)
            .filter_map(|line| Some((line, serde_json::from_slice::<Record>(line).ok()?)))
            .filter(|(_, record)| {
                let paths = [record.from.as_deref(), record.path.as_deref()];
                let is_decision = matches!(record.by.as_str(), "editor" | "undo");
                is_decision && paths.into_iter().flatten().any(&is_ours)
            })
            .collect();
        let ours_alone: Vec<&[u8]> = ours.iter().map(|(line, _)| *line).collect();
        let with_ours = |there: Option<&Blob>| {
            let bytes = there.map(|blob| checkout.bytes(blob)).transpose()?;
            let mut bytes = bytes.unwrap_or_default();
            let missing = missing(&bytes, &ours_alone);
            if missing.is_empty() {
                return Ok::<_, String>((there.cloned(), missing));
            }
            if bytes.last().is_some_and(|byte| *byte != b'\n') {
                bytes.push(b'\n');
            }
            for at in &missing {
                bytes.extend_from_slice(ours_alone[*at]);
                bytes.push(b'\n');
            }
            let mode = there.map_or("100644", |blob| &blob.mode);
            Ok((Some(blob(mode, &checkout.keep(&full, &bytes)?)), missing))
        };
        let (file, added) = with_ours(committed.get(&full))?;
        if added.is_empty() {
            continue;
        }
        let index = match staged.get(&full) == committed.get(&full) {
            true => file.clone(),
            false => with_ours(staged.get(&full))?.0,
        };
        planned.files.insert(full.clone(), file);
        planned.staged.insert(full.clone(), index);
        records.extend(added.iter().map(|at| ours[*at].1.clone()));
    }
    Ok(records)
}

fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lines = bytes.split(|byte| *byte == b'\n');
    lines
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty())
}

/// Which of some lines a file does not have.
fn missing(bytes: &[u8], wanted: &[&[u8]]) -> Vec<usize> {
    let there: BTreeSet<&[u8]> = lines(bytes).collect();
    let missing = wanted.iter().enumerate();
    missing
        .filter(|(_, line)| !there.contains(*line))
        .map(|(at, _)| at)
        .collect()
}

/// What was done, as messages say it: in the order of the headings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Publish,
    Reject,
    New,
    Edit,
    Delete,
    TakeBack,
    Source,
}

impl Kind {
    fn of(cause: Cause) -> Kind {
        match cause {
            Cause::Done(Deed::Publish) => Kind::Publish,
            Cause::Done(Deed::Reject) => Kind::Reject,
            Cause::Done(Deed::New) => Kind::New,
            Cause::Done(Deed::Edit) => Kind::Edit,
            Cause::Done(Deed::Delete) => Kind::Delete,
            Cause::Undone(_) => Kind::TakeBack,
            Cause::Source => Kind::Source,
        }
    }

    /// As the first line has it, and as the heading of a list.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Kind::Publish => ("publish", "Published"),
            Kind::Reject => ("reject", "Rejected"),
            Kind::New => ("add", "Added"),
            Kind::Edit => ("edit", "Edited"),
            Kind::Delete => ("delete", "Deleted"),
            Kind::TakeBack => ("take back", "Taken back"),
            Kind::Source => ("change", "Sources"),
        }
    }
}

/// The message of a commit: how many of what, and then each with its title and path.
fn message(site: &Site<'_>, events: &[&Event], reasons: &BTreeMap<&str, &str>) -> String {
    // A move has an event at both of its ends.
    let mut stories: BTreeMap<(Kind, String), &Event> = BTreeMap::new();
    for event in events {
        let version = event.file.to.as_ref().or(event.file.from.as_ref());
        let path = version.map_or(String::new(), |version| version.path.clone());
        stories.insert((Kind::of(event.cause), path), event);
    }
    let mut lists: BTreeMap<Kind, Vec<(String, String)>> = BTreeMap::new();
    for ((kind, path), event) in &stories {
        let title = title(site, event);
        let from = event
            .file
            .from
            .as_ref()
            .map_or(path, |version| &version.path);
        // The copy of a rejected candidate is not in git, and what came back is where it was.
        let place = match kind {
            Kind::Reject | Kind::TakeBack => from,
            _ => path,
        };
        let reason = reasons.get(from.as_str()).filter(|_| *kind == Kind::Reject);
        let reason = reason.map_or(String::new(), |reason| format!(": {}", one_line(reason)));
        let line = format!("- {title}{reason} ({})", one_line(place));
        lists.entry(*kind).or_default().push((title, line));
    }
    let mut text = subject(&lists);
    for (kind, stories) in &lists {
        text += &format!("\n\n{}:", kind.words().1);
        for (_, line) in stories.iter().take(MOST_NAMED) {
            text += &format!("\n{line}");
        }
        if let Some(more @ 1..) = stories.len().checked_sub(MOST_NAMED) {
            text += &format!("\n- and {more} more");
        }
    }
    text + "\n"
}

fn subject(lists: &BTreeMap<Kind, Vec<(String, String)>>) -> String {
    let mut first = lists.iter();
    if let (Some((kind, stories)), None) = (first.next(), first.next())
        && let [(title, _)] = &stories[..]
    {
        let words = format!("{} \u{201c}{title}\u{201d}", capital(kind.words().0));
        return match words.chars().count() {
            0..=SUBJECT => words,
            _ => words
                .chars()
                .take(SUBJECT - 2)
                .chain("…\u{201d}".chars())
                .collect(),
        };
    }
    let parts = lists.iter().enumerate().map(|(at, (kind, stories))| {
        let (verb, count) = (kind.words().0, stories.len());
        let noun = match (kind, count) {
            (Kind::Source, 1) => " source",
            (Kind::Source, _) => " sources",
            (_, _) if at > 0 => "",
            (_, 1) => " story",
            (_, _) => " stories",
        };
        format!("{verb} {count}{noun}")
    });
    match parts.collect::<Vec<_>>().join(", ").as_str() {
        // Lines of the ledger that came without anything that is known any more.
        "" => "Update the ledger".to_owned(),
        parts => capital(parts),
    }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// The headline of a story: that of its file, or of the version that went.
fn title(site: &Site<'_>, event: &Event) -> String {
    let path = |version: &super::journal::Version| version.path.clone();
    let now = event.file.to.as_ref().map(path);
    let old = event.file.from.as_ref();
    let bytes = now.as_ref().and_then(|path| site.disk.read(path).ok());
    let bytes = bytes.or_else(|| kept(site.disk, &old?.hash));
    let path = now.or(old.map(path)).unwrap_or_default();
    if event.cause == Cause::Source {
        return one_line(path.rsplit('/').next().unwrap_or_default());
    }
    let shown = bytes.map(|bytes| row::shown(site.parser, &path, &bytes));
    let title = shown.as_ref().and_then(|shown| shown["title"].as_str());
    one_line(title.unwrap_or(&path))
}

/// Text of anybody on one line.
fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_counts_what_was_done() {
        let story = |title: &str| (title.to_owned(), String::new());
        let lists = |counts: &[(Kind, usize)]| {
            let list = |count: usize| vec![story("A title"); count];
            counts
                .iter()
                .map(|(kind, count)| (*kind, list(*count)))
                .collect()
        };
        let subject = |counts: &[(Kind, usize)]| subject(&lists(counts));
        assert_eq!(
            subject(&[(Kind::Publish, 3), (Kind::Reject, 12), (Kind::TakeBack, 1)]),
            "Publish 3 stories, reject 12, take back 1"
        );
        assert_eq!(
            subject(&[(Kind::Reject, 1), (Kind::Source, 1)]),
            "Reject 1 story, change 1 source"
        );
        assert_eq!(subject(&[(Kind::Publish, 1)]), "Publish “A title”");
        let long = BTreeMap::from([(Kind::Edit, vec![story(&"x".repeat(200))])]);
        assert_eq!(super::subject(&long).chars().count(), SUBJECT);
        assert_eq!(
            one_line(" a\n\nSigned-off-by:\u{7} b "),
            "a Signed-off-by: b"
        );
    }

    #[test]
    fn lines_that_are_there_are_not_added_again() {
        let wanted: [&[u8]; 3] = [b"a", b"b", b"c"];
        assert_eq!(missing(b"b\r\n\nx", &wanted), [0, 2]);
    }
}
