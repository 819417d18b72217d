//! New stories: what the page behind a link says becomes a draft, and a draft that the editor has
//! looked at becomes an article or a candidate.

use serde::Deserialize;
use serde_json::{Value, json};

use super::articles::{self, Index};
use super::error::{DeskError, RequestError};
use super::journal::{Deed, FileStep, Version};
use super::row;
use super::work::{Place, Work};
use crate::config::Config;
use crate::content::article::StoryKey;
use crate::edit::{self, Draft, DraftError, Known, NewFile, free_paths};
use crate::fetch::decide::Made;
use crate::fetch::feed::Story;
use crate::fetch::ledger::{Item, Outcome};
use crate::fetch::proposal::{Basis, other_language};
use crate::fetch::story::Unread;
use crate::fetch::suggest::suggest;
use crate::fetch::topics::TopicWords;
use crate::fetch::{queue, story};
use crate::hash::Hash128;
use crate::workspace::{Workspace, WritableWorkspace, WriteError};

/// The body of a request for a draft.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Link {
    url: String,
}

/// Where a new story goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum To {
    Articles,
    Queue,
}

/// The body of a request for a new story.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewStory {
    to: To,
    draft: Draft,
    /// The quality that was suggested for it: nothing is learnt from that.
    #[serde(default)]
    suggested: Option<i64>,
    /// The language of the story, as a tag.
    #[serde(default)]
    language: Option<String>,
}

/// A link, and what its page says.
pub(super) struct Fetched {
    address: String,
    story: Result<Story, Unread>,
}

/// Fetches the page of a link. This takes as long as its server does.
///
/// # Errors
/// That the link is no address. Whatever else goes wrong is part of what is found.
pub(super) fn fetch(config: &Config, link: &Link) -> Result<Fetched, DeskError> {
    let no_address = || RequestError::Link(link.url.clone());
    let address = story::address(&link.url).ok_or_else(no_address)?;
    let client = story::client(config);
    Ok(Fetched {
        story: client
            .map_err(Unread::Setup)
            .and_then(|client| story::read(&client, &address)),
        address,
    })
}

/// A draft of a story, and what the site knows of it.
pub(super) fn draft(
    work: &Work,
    place: &Place<'_>,
    index: &Index,
    known: &Known,
    fetched: &Fetched,
) -> Value {
    let topics = TopicWords::of(&place.library.topics);
    let basis = Basis {
        config: place.config,
        known,
        topics: &topics,
    };
    let story = fetched.story.as_ref();
    let proposal = story::proposal(&fetched.address, story.ok(), basis);
    let suggestion = suggest(work.suggester.model(), &proposal.subject(None, place.now));
    let links = [proposal.url.as_str(), fetched.address.as_str()];
    let mut links = links.into_iter();
    json!({
        "url": proposal.url,
        "title": proposal.title,
        "excerpt": proposal.excerpt,
        "image": proposal.image,
        "provider": proposal.provider,
        "published": proposal.published.map(|time| time.rfc3339_utc()),
        "topics": proposal.topics,
        "language": proposal.language.and_then(|it| other_language(place.config, &it)),
        "quality": story.is_ok().then_some(suggestion.quality),
        "reasons": proposal.reasons,
        "problem": story.err().map(Unread::to_string),
        "known": links.find_map(|link| whereabouts(work, place, index, known, link)),
    })
}

/// Where the site has a story already.
fn whereabouts(
    work: &Work,
    place: &Place<'_>,
    index: &Index,
    known: &Known,
    link: &str,
) -> Option<Value> {
    let key = StoryKey::of(link);
    let at = |path: &str| json!({ "id": row::id(path), "path": path });
    if let Some(path) = known.article_with(link) {
        let mut shown = at(path);
        let article = index.article(&row::id(path))?;
        let site = &place.snapshot.site;
        shown["title"] = json!(place.library.articles[article].facts.title);
        articles::add_state(&mut shown, site, index, article);
        shown["state"] = json!(match shown["reason"].is_null() {
            true => "published",
            false => "out",
        });
        return Some(shown);
    }
    if let Some(candidate) = work.candidates.with_story(key) {
        let mut shown = at(&candidate.path);
        shown["title"] = candidate.shown["title"].clone();
        shown["state"] = json!("queued");
        return Some(shown);
    }
    if let Some((path, title)) = work.made.get(&key)
        && place.disk.read(path).is_ok()
    {
        let mut shown = at(path);
        shown["title"] = json!(title);
        shown["state"] = json!("published");
        return Some(shown);
    }
    let ledger = &work.ledger.ledger;
    // One that is still called a candidate has lost its file, and nobody decided that.
    let item = ledger.with_story(key);
    let is_there = |item: &&Item| !matches!(item.decision, Outcome::Queued | Outcome::Withdrawn);
    let item = item.filter(is_there)?;
    let line = ledger.record(place.disk, item);
    Some(json!({
        "state": item.decision.name(),
        "time": item.decided.rfc3339_utc(),
        "title": null,
        "reason": line.and_then(|line| line.reason),
    }))
}

/// Writes a new article or candidate, as a step that can be undone.
///
/// # Errors
/// Why there is none.
pub(super) fn create(
    work: &mut Work,
    place: &Place<'_>,
    known: &Known,
    request: &NewStory,
) -> Result<Value, DeskError> {
    let config = place.config;
    if request.to == To::Queue && !queue::is_usable(config) {
        return Err(DeskError::Invalid(vec![queue::unusable(config)]));
    }
    let folder = match request.to {
        To::Articles => edit::folder(config),
        To::Queue => &config.content.queue,
    };
    let language = request.language.as_deref();
    let language = language.or(request.draft.locale.as_deref());
    let draft = Draft {
        locale: language.and_then(|written| other_language(config, written)),
        ..request.draft.clone()
    };
    let file = edit::compose(config, &place.parser, known, &draft, place.now);
    let file = file.map_err(|error| match error {
        DraftError::Invalid(problems) => DeskError::Invalid(problems),
        DraftError::Write(path, error) => DeskError::from((path, error)),
    })?;
    let bytes = file.text.as_bytes();
    let path = write(work, place, folder, &file, &draft.title)?;
    let made = match request.to {
        To::Articles => {
            work.keep_path(&path);
            let key = StoryKey::of(&file.url);
            work.made.insert(key, (path.clone(), draft.title));
            let chosen = |quality: &i64| Some(*quality) != request.suggested;
            let quality = draft.quality.filter(chosen);
            Made::Article { quality }
        }
        To::Queue => Made::Candidate,
    };
    let noted = match queue::is_usable(config) {
        true => work.decide(place, |decider, _| decider.note_made(&path, bytes, made)),
        false => Ok(()),
    };
    if request.to == To::Queue {
        work.reread(place, &path);
    }
    let answer = json!({
        "id": row::id(&path),
        "path": path,
        "hash": Hash128::of(bytes).to_string(),
        "undo": work.journal.length(),
    });
    match noted {
        Ok(()) => Ok(answer),
        Err(error) => Err(DeskError::from((path.as_str(), error)).after(vec![answer])),
    }
}

/// Writes a new file under the first name that is free, as a step that can be undone.
fn write(
    work: &mut Work,
    place: &Place<'_>,
    folder: &str,
    file: &NewFile,
    title: &str,
) -> Result<String, DeskError> {
    let bytes = file.text.as_bytes();
    let step = |path: &str| FileStep {
        from: None,
        to: Some(Version::of(path, bytes)),
    };
    let is_free = |path: &String| place.disk.read(path).is_err();
    let first = free_paths(folder, &file.name).find(is_free);
    let first = first.ok_or(RequestError::TitleTaken)?;
    let (time, title) = (place.now.rfc3339_utc(), title.to_owned());
    let steps = vec![step(&first)];
    let id = work
        .journal
        .begin(place.disk, time, Deed::New, title, steps)?;
    // Another program may take the name meanwhile.
    let mut made = Err((first, WriteError::Exists));
    for path in free_paths(folder, &file.name) {
        made = match place.disk.create(&path, bytes) {
            Ok(()) => Ok(path),
            Err(error) => Err((path, error)),
        };
        if !matches!(made, Err((_, WriteError::Exists))) {
            break;
        }
    }
    let steps = made.iter().map(|path| step(path)).collect();
    work.journal.amend(place.disk, id, steps)?;
    made.map_err(DeskError::from)
}
