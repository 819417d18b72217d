//! Changes of articles, checked as a build checks them before a byte is written: fields of files
//! that are there ([`prepare`]), and new files ([`Draft`]).
//!
//! # Files
//!
//! - `destination.rs`: where a new article in a language goes
//! - `draft.rs`: new articles
//! - `known.rs`: what a site knows of a link or a topic
//! - `lines.rs`: the lines that differ
//! - `names.rs`: fields by the names that a tree has for them

mod destination;
mod draft;
mod known;
mod lines;
mod names;

use std::collections::BTreeSet;
use std::fmt;
use std::io;

pub use destination::folder;
pub use draft::{Created, Draft, DraftError, NewFile, compose, create, free_paths};
pub use known::Known;
pub use lines::{Hunk, unified_diff};

use crate::content::front_matter::ArticleFields;
use crate::content::secured_lines;
use crate::content::{LARGEST_FILE, Parser};
use crate::diagnostic::{Diagnostic, Location};
use crate::document::{Document, DocumentError, Edit, EditError, FieldPath, Value};
use crate::hash::Hash128;
use crate::workspace::{Workspace, WritableWorkspace, WriteError};

/// A change of one field, with its value as somebody writes it down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The field has this value.
    Set(FieldPath, String),
    /// The list has this item.
    Add(FieldPath, String),
    /// The list does not have this item.
    Remove(FieldPath, String),
    /// There is no such field.
    Unset(FieldPath),
}

impl Change {
    fn path(&self) -> &FieldPath {
        match self {
            Change::Set(path, _)
            | Change::Add(path, _)
            | Change::Remove(path, _)
            | Change::Unset(path) => path,
        }
    }
}

/// A changed article that is ready to be written.
#[derive(Debug)]
pub struct Prepared {
    /// Path of the file.
    pub path: String,
    /// Hash of the bytes that were read.
    pub expected: Hash128,
    /// The new bytes.
    pub bytes: Vec<u8>,
    /// The lines that differ; none when nothing is to be written.
    pub hunks: Vec<Hunk>,
    /// What was wrong with the article before, and still is.
    pub remaining: Vec<Diagnostic>,
}

impl Prepared {
    /// Writes the article, unless nothing changed.
    ///
    /// # Errors
    /// Among others [`WriteError::Changed`] when somebody else wrote it in the meantime.
    pub fn write(&self, workspace: &dyn WritableWorkspace) -> Result<(), WriteError> {
        if self.hunks.is_empty() {
            return Ok(());
        }
        workspace.replace(&self.path, self.expected, &self.bytes)
    }
}

/// Why an article is not changed.
#[derive(Debug)]
pub enum ChangeError {
    /// The file cannot be read.
    Unreadable(io::Error),
    /// The file is larger than an article may be.
    TooLarge,
    /// The front matter cannot be edited.
    Document(DocumentError),
    /// A change cannot be made.
    Edit(EditError),
    /// `secured` is never read, and so never edited.
    Secured,
    /// The article could not be built any more.
    Broken(Vec<Diagnostic>),
}

impl fmt::Display for ChangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ChangeError::Unreadable(error) => write!(f, "it cannot be read: {error}"),
            ChangeError::TooLarge => f.write_str("the file is larger than an article may be"),
            ChangeError::Document(error) => error.fmt(f),
            ChangeError::Edit(error) => error.fmt(f),
            ChangeError::Secured => f.write_str("`secured` is never read, and so not edited"),
            ChangeError::Broken(_) => f.write_str("the article could not be built any more"),
        }
    }
}

impl std::error::Error for ChangeError {}

impl ChangeError {
    /// The problems to report of the file at `path`.
    pub fn diagnostics(self, path: &str) -> Vec<Diagnostic> {
        match self {
            ChangeError::Broken(problems) => problems,
            other => {
                let problem = Diagnostic::error("edit", other.to_string());
                vec![problem.at(Location::file(path))]
            }
        }
    }
}

/// Reads an article, makes the changes in their order, and checks the result as a build would.
///
/// An article that was broken before may be edited; the changed lines must be right.
///
/// # Errors
/// Why the article is not changed.
pub fn prepare(
    workspace: &dyn Workspace,
    parser: &Parser,
    path: &str,
    changes: &[Change],
) -> Result<Prepared, ChangeError> {
    let before = workspace.read(path).map_err(ChangeError::Unreadable)?;
    if before.len() as u64 > LARGEST_FILE {
        return Err(ChangeError::TooLarge);
    }
    let mut remaining = parser.article(path, &before).err().unwrap_or_default();
    let mut document = Document::parse(&before).map_err(|error| match error {
        // A build says it better: with the line and what to do.
        DocumentError::Syntax { .. } if !remaining.is_empty() => {
            ChangeError::Broken(std::mem::take(&mut remaining))
        }
        error => ChangeError::Document(error),
    })?;
    for change in changes {
        for change in names::in_file(change, parser, path, &document) {
            let mut parts = change.path().parts().iter();
            if parts.any(|part| part.trim().eq_ignore_ascii_case("secured")) {
                return Err(ChangeError::Secured);
            }
            (document, remaining) = make(&document, &remaining, parser, path, &before, &change)?;
        }
    }
    let bytes = document.bytes().to_owned();
    let hunks = differences(&before, &bytes);
    Ok(Prepared {
        path: path.to_owned(),
        expected: Hash128::of(&before),
        bytes,
        hunks,
        remaining,
    })
}

/// The lines in which two versions of a file differ, without what `secured` says.
pub fn differences(before: &[u8], after: &[u8]) -> Vec<Hunk> {
    let mut hunks = lines::hunks(before, after);
    let secrets: BTreeSet<String> = [before, after]
        .into_iter()
        .flat_map(secured_lines)
        .collect();
    let lines = hunks
        .iter_mut()
        .flat_map(|hunk| hunk.old.iter_mut().chain(&mut hunk.new));
    for line in lines {
        if secrets.contains(line.trim_end()) {
            "(a line of `secured`)".clone_into(line);
        }
    }
    hunks
}

/// Makes a change, with the first reading of its value that a build accepts. `had` is what was
/// wrong before; returned is what is wrong then.
fn make(
    document: &Document,
    had: &[Diagnostic],
    parser: &Parser,
    path: &str,
    original: &[u8],
    change: &Change,
) -> Result<(Document, Vec<Diagnostic>), ChangeError> {
    let mut refusal = None;
    // What is missing stands on no line; but nothing else can be missing after a value is set.
    let may_lack = matches!(change, Change::Unset(_) | Change::Remove(..))
        && had
            .iter()
            .all(|problem| !matches!(problem.code, "yaml" | "front-matter"));
    for edit in readings(document, change) {
        let mut edited = document.clone();
        if let Err(error) = edited.apply(&edit) {
            refusal.get_or_insert(ChangeError::Edit(error));
            continue;
        }
        let problems = match parser.article(path, edited.bytes()) {
            Ok(_) => return Ok((edited, Vec::new())),
            Err(problems) => problems,
        };
        if had.is_empty() {
            refusal.get_or_insert(ChangeError::Broken(problems));
            continue;
        }
        // It was broken before: what is wrong now may have been hidden by that, but must not stand
        // on a line of ours.
        let hunks = lines::hunks(original, edited.bytes());
        let new: Vec<Diagnostic> = problems
            .iter()
            .filter(|problem| {
                let line = problem.location.as_ref().map_or(0, |place| place.line);
                let is_ours = may_lack || hunks.iter().any(|hunk| hunk.adds(line));
                is_ours && !had.contains(problem)
            })
            .cloned()
            .collect();
        if new.is_empty() {
            return Ok((edited, problems));
        }
        refusal.get_or_insert(ChangeError::Broken(new));
    }
    Err(refusal.unwrap_or(ChangeError::Edit(EditError::Refused {
        field: change.path().to_string(),
        reason: "its value has no meaning here".to_owned(),
    })))
}

/// What a change may mean, the likeliest first: a value is of the kind that the field has, else of
/// the kind that it looks like.
fn readings(document: &Document, change: &Change) -> Vec<Edit> {
    let path = change.path().clone();
    let old = document.get(&path);
    match change {
        Change::Set(_, text) => values(&path, old.as_ref(), text)
            .into_iter()
            .map(|value| Edit::Set(path.clone(), value))
            .collect(),
        Change::Add(_, text) => {
            let first = old.as_ref().and_then(|old| old.get(0)).or(old.as_ref());
            let first = first.unwrap_or(&Value::String(String::new())).clone();
            let item = scalars(&path, &first, text);
            item.into_iter()
                .map(|value| Edit::Add(path.clone(), value))
                .collect()
        }
        Change::Remove(_, text) => {
            let has = |value: &Value| match &old {
                Some(Value::Array(items)) => items.contains(value),
                Some(old) => old == value,
                None => false,
            };
            let [text, value] = [Value::String(text.clone()), plain(text)];
            let value = if has(&value) { value } else { text };
            vec![Edit::Remove(path, value)]
        }
        Change::Unset(_) => vec![Edit::Unset(path)],
    }
}

fn values(path: &FieldPath, old: Option<&Value>, text: &str) -> Vec<Value> {
    let list = || match serde_yaml::from_str::<Value>(text) {
        Ok(list @ Value::Array(_)) if text.starts_with('[') => Some(list),
        _ => None,
    };
    match old {
        Some(Value::Array(_)) => vec![list().unwrap_or_else(|| match text {
            "" => Value::Array(Vec::new()),
            text => Value::Array(vec![Value::String(text.to_owned())]),
        })],
        Some(old @ Value::String(_)) => {
            let mut values = scalars(path, old, text);
            values.extend(list());
            values
        }
        old => {
            let mut values: Vec<Value> = list().into_iter().collect();
            values.extend(scalars(path, old.unwrap_or(&Value::Null), text));
            values
        }
    }
}

/// A scalar as text and as what it looks like; in this order where text is wanted: there was text
/// before, or a field of text would hold what other programs take for something else.
fn scalars(path: &FieldPath, old: &Value, text: &str) -> Vec<Value> {
    const NUMBERS: [&str; 2] = ["quality", "heat"];
    const FLAGS: [&str; 5] = ["published", "draft", "deleted", "removed", "pin"];
    let field = path.to_string();
    let field = field.as_str();
    let is_known = ArticleFields::FIELDS.contains(&field);
    let is_number = NUMBERS.contains(&field);
    let looks = plain(text);
    let is_text = match &looks {
        Value::Bool(_) => is_known && !is_number && !FLAGS.contains(&field),
        Value::Number(number) => is_known && !is_number && number.is_f64(),
        _ => false,
    };
    let mut values = vec![Value::String(text.to_owned()), looks];
    if !is_text && (is_number || !old.is_string()) {
        values.reverse();
    }
    values.dedup();
    values
}

/// What a scalar without quotes is: a boolean, a number that is written as it would be printed, or
/// text.
fn plain(text: &str) -> Value {
    let value = serde_json::from_str::<Value>(text).unwrap_or_default();
    let printed = value.to_string();
    if (value.is_boolean() || value.is_number()) && printed == text {
        value
    } else {
        Value::String(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::config::{Config, Overrides};
    use crate::workspace::Memory;

    fn parser() -> Parser {
        let config = Config::resolve("site.toml", "title = \"T\"\n", &Overrides::default());
        Parser::new(&config.unwrap())
    }

    fn changed(fields: &str, changes: &[Change]) -> Result<String, String> {
        let text = format!("---\n{fields}---\nText.\n");
        let files = Memory::default().with("content/news/a.md", text);
        let prepared =
            prepare(&files, &parser(), "content/news/a.md", changes).map_err(|error| {
                let problems = error.diagnostics("content/news/a.md");
                problems
                    .into_iter()
                    .map(|problem| problem.message)
                    .collect::<String>()
            })?;
        prepared.write(&files).map_err(|error| error.to_string())?;
        let bytes = files.read("content/news/a.md").unwrap();
        let text = String::from_utf8(bytes).unwrap();
        Ok(text.replace("---\nText.\n", "").replacen("---\n", "", 1))
    }

    fn set(field: &str, value: &str) -> Change {
        Change::Set(field.parse().unwrap(), value.to_owned())
    }

    const PLAIN: &str = "title: \"A\"\npublishedDateTime: 2026-11-25\n";

    #[test]
    fn a_value_is_of_the_kind_that_the_field_has() {
        let becomes = |fields: &str, change: Change, wanted: &str| {
            let after = changed(&format!("{PLAIN}{fields}"), &[change]).unwrap();
            assert_eq!(after, format!("{PLAIN}{wanted}"));
        };
        becomes("quality: 70\n", set("quality", "80"), "quality: 80\n");
        becomes("quality:\n", set("quality", "80"), "quality: 80\n");
        becomes("", set("quality", "80"), "quality: 80\n");
        becomes("", set("excerpt", "true"), "excerpt: \"true\"\n");
        becomes(
            "excerpt: \"x\"\n",
            set("excerpt", "80"),
            "excerpt: \"80\"\n",
        );
        becomes("topics: [A]\n", set("topics", "B"), "topics: [B]\n");
        becomes(
            "topics:\n- A\n",
            set("topics", "[A, C]"),
            "topics:\n- A\n- C\n",
        );
        becomes(
            "",
            set("topics", "[B, 'C, D']"),
            "topics:\n  - B\n  - C, D\n",
        );
        becomes("topics: [A]\n", set("topics", ""), "topics: []\n");
        becomes(
            "published: true\n",
            set("published", "false"),
            "published: false\n",
        );
    }

    #[test]
    fn what_a_build_refuses_is_refused() {
        let error = |change| changed(PLAIN, &[change]).unwrap_err();
        assert_eq!(
            error(set("quality", "high")),
            "`quality` must be a whole number, but is high"
        );
        assert_eq!(
            error(set("published", "yes")),
            "`published` must be true or false, but is yes"
        );
        assert_eq!(
            error(Change::Unset("publishedDateTime".parse().unwrap())),
            "the article has no `publishedDateTime`"
        );
        assert_eq!(
            error(set("Secured", "x")),
            "`secured` is never read, and so not edited"
        );
    }

    #[test]
    fn a_broken_article_can_be_mended() {
        let broken = "title: \"A\"\nquality: high\nheat: low\n";
        let once = changed(broken, &[set("quality", "80")]).unwrap();
        assert_eq!(once, "title: \"A\"\nquality: 80\nheat: low\n");
        let error = changed(broken, &[set("quality", "low")]).unwrap_err();
        assert_eq!(error, "`quality` must be a whole number, but is low");
    }

    #[test]
    fn what_somebody_else_saved_meanwhile_stays() {
        let path = "content/news/a.md";
        let files = Memory::default().with(path, format!("---\n{PLAIN}---\n"));
        let prepared = prepare(&files, &parser(), path, &[set("title", "Ours")]).unwrap();
        let files = files.with(path, format!("---\n{PLAIN}heat: 1\n---\n"));
        let refused = prepared.write(&files);
        assert!(matches!(refused, Err(WriteError::Changed)), "{refused:?}");
        let text = String::from_utf8(files.read(path).unwrap()).unwrap();
        assert_eq!(text, format!("---\n{PLAIN}heat: 1\n---\n"));
    }

    #[test]
    fn text_looks_like_what_it_is() {
        for (text, value) in [
            ("80", json!(80)),
            ("-1.5", json!(-1.5)),
            ("true", json!(true)),
            ("080", json!("080")),
            ("1e3", json!("1e3")),
            ("null", json!("null")),
            ("", json!("")),
        ] {
            assert_eq!(plain(text), value);
        }
    }
}
