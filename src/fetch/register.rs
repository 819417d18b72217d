//! Source files are made and edited.

use std::fmt;
use std::io;

use crate::content::{SourceFile, link};
use crate::document::{Document, DocumentError, EditError, FieldPath, Outcome, Value};
use crate::hash::Hash128;
use crate::slug::SlugStyle;
use crate::workspace::{WritableWorkspace, WriteError};

/// A source that is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSource {
    /// Address of the feed, as [`link::web_url`] gives it.
    pub feed: String,
    /// Its name in words.
    pub title: Option<String>,
}

/// The source that has a feed already.
pub fn known<'a>(sources: &'a [SourceFile], feed: &str) -> Option<&'a SourceFile> {
    let same = link::canonical(feed);
    sources
        .iter()
        .find(|source| link::canonical(&source.feed) == same)
}

/// Writes a source file below `folder`, under a name that is free, and returns its path.
///
/// # Errors
/// When it cannot be written; then there is none.
pub fn create(
    workspace: &dyn WritableWorkspace,
    folder: &str,
    name: Option<&str>,
    source: &NewSource,
) -> Result<String, WriteError> {
    let host = || link::host(&source.feed).unwrap_or_default();
    let name = match (name, &source.title) {
        (Some(name), _) => SlugStyle::Ascii.of(name).into_owned(),
        (None, Some(title)) => SlugStyle::Ascii.of(title).into_owned(),
        (None, None) => SlugStyle::Ascii.of(&host()).into_owned(),
    };
    // JSON strings are YAML strings (YAML 1.2, section 1.3).
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut file = format!("feed: {}\n", quoted(&source.feed));
    if let Some(title) = &source.title {
        file += &format!("title: {}\n", quoted(title));
    }
    let numbered = (2..=MOST_OF_A_NAME).map(|number| format!("{name}-{number}"));
    // A list may have any number of feeds of one name.
    let hash = Hash128::of(source.feed.as_bytes()).short(16);
    let names = std::iter::once(name.clone()).chain(numbered);
    for name in names.chain([format!("{name}-{hash}")]) {
        let path = format!("{folder}/{name}.yaml");
        match workspace.create(&path, file.as_bytes()) {
            Ok(()) => return Ok(path),
            Err(WriteError::Exists) => {}
            Err(error) => return Err(error),
        }
    }
    Err(WriteError::Exists)
}

/// Source files that have the same name, but for a number.
const MOST_OF_A_NAME: usize = 100;

/// Why a source file is not edited.
#[derive(Debug)]
pub enum ChangeError {
    /// It cannot be read.
    Unreadable(io::Error),
    /// It cannot be edited.
    Document(DocumentError),
    /// The field cannot be set.
    Edit(EditError),
    /// It cannot be written.
    Write(WriteError),
}

impl fmt::Display for ChangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ChangeError::Unreadable(error) => write!(f, "it cannot be read: {error}"),
            ChangeError::Document(error) => error.fmt(f),
            ChangeError::Edit(error) => error.fmt(f),
            ChangeError::Write(error) => error.fmt(f),
        }
    }
}

/// Pauses or resumes a source: one line of its file is another then. Returns whether it is.
///
/// # Errors
/// When that cannot be done; the file is as it was.
pub fn set_paused(
    workspace: &dyn WritableWorkspace,
    source: &SourceFile,
    paused: bool,
) -> Result<bool, ChangeError> {
    if source.is_paused == paused {
        return Ok(false);
    }
    set(workspace, source, "paused", paused.into())
}

/// Gives a source another feed: one line of its file is another then.
///
/// # Errors
/// When that cannot be done; the file is as it was.
pub fn set_feed(
    workspace: &dyn WritableWorkspace,
    source: &SourceFile,
    feed: &str,
) -> Result<(), ChangeError> {
    set(workspace, source, "feed", feed.into()).map(drop)
}

/// Sets a field of a source file. Returns whether it had another value.
fn set(
    workspace: &dyn WritableWorkspace,
    source: &SourceFile,
    field: &str,
    value: Value,
) -> Result<bool, ChangeError> {
    let before = workspace
        .read(&source.path)
        .map_err(ChangeError::Unreadable)?;
    let document = if source.path.ends_with(".md") {
        Document::parse(&before)
    } else {
        Document::parse_yaml(&before)
    };
    let mut document = document.map_err(ChangeError::Document)?;
    let field: FieldPath = field
        .parse()
        .map_err(|_| ChangeError::Document(DocumentError::NoFrontMatter))?;
    let outcome = document.set(&field, value).map_err(ChangeError::Edit)?;
    if outcome == Outcome::Unchanged {
        return Ok(false);
    }
    workspace
        .replace(&source.path, Hash128::of(&before), document.bytes())
        .map_err(ChangeError::Write)?;
    Ok(true)
}
