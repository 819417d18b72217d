//! Front matter in YAML: values are changed where they stand, and the result is read again.

mod model;
mod splice;
mod style;
mod tree;

use serde_json::Value;
use serde_yaml::Value as Yaml;

use super::path::FieldPath;
use super::{DocumentError, Edit, EditError};
use splice::{Block, Plan};
use tree::NoTree;

/// The YAML scanner looks at every open bracket for every token, so that a megabyte of brackets
/// would take it minutes.
const MOST_BRACKETS: usize = 10_000;

/// Every alias stands for a value that may be made of aliases.
const MOST_ALIASES: usize = 100;

/// Holds a block against what can be edited, and finds out what it means.
///
/// # Errors
/// When it cannot be read.
pub(super) fn check(matter: &str) -> Result<(), DocumentError> {
    let count = |signs: &[char]| matter.matches(signs).count();
    if count(&['[', '{']) > MOST_BRACKETS || count(&['*']) > MOST_ALIASES && has_anchors(matter) {
        return Err(DocumentError::TooComplex);
    }
    let value = read(matter)?;
    if !matches!(value, Yaml::Mapping(_)) {
        return Err(DocumentError::NoTable);
    }
    Ok(())
}

fn has_anchors(matter: &str) -> bool {
    matter
        .match_indices('&')
        .any(|(at, _)| matter[..at].ends_with([' ', ':', '-', '[', ',', '\n']))
}

/// What a block means; a table without fields when there is nothing in it.
fn read(matter: &str) -> Result<Yaml, DocumentError> {
    let value: Yaml = serde_yaml::from_str(matter).map_err(|error| {
        let line = error.location().map_or(1, |location| location.line());
        let message = error.to_string();
        DocumentError::Syntax { message, line }
    })?;
    Ok(match value {
        Yaml::Null => Yaml::Mapping(serde_yaml::Mapping::new()),
        other => other,
    })
}

/// The value of a field.
pub(super) fn get(matter: &str, path: &FieldPath) -> Option<Value> {
    let root = read(matter).ok()?;
    model::get(&root, path).map(model::json)
}

/// The block after an edit; none when it means already what the edit asks for. `is_whole` says
/// whether a text still is one block.
///
/// # Errors
/// When the edit makes no sense here, or no way to make it changes nothing else.
pub(super) fn edit(
    matter: &str,
    edit: &Edit,
    line_break: &str,
    is_whole: impl Fn(&str) -> bool,
) -> Result<Option<String>, EditError> {
    let before = read(matter).map_err(EditError::Document)?;
    let wanted = model::edited(&before, edit)?;
    if model::difference(&before, &wanted).is_none() {
        return Ok(None);
    }
    let root = tree::read(matter).map_err(|wrong| match wrong {
        NoTree::Syntax { message, line } => {
            EditError::Document(DocumentError::Syntax { message, line })
        }
        NoTree::Unsupported(reason) => refused(edit, reason.to_owned()),
    })?;
    let block = Block {
        text: matter,
        root: root.as_ref(),
        line_break,
    };
    let old = model::get(&before, edit.path()).map(model::json);
    let plans = match edit {
        Edit::Set(path, value) => block.set(path, old.as_ref(), value),
        Edit::Add(path, value) => block.add(path, old.as_ref(), value),
        Edit::Remove(path, value) => old
            .as_ref()
            .map_or_else(Vec::new, |old| block.remove(path, old, value)),
        Edit::Unset(path) => block.unset(path),
    };
    let mut reason = None;
    for plan in plans {
        let Some(after) = carry_out(matter, plan) else {
            continue;
        };
        let wrong = match read(&after) {
            Ok(_) if !is_whole(&after) => "it would end the front matter".to_owned(),
            Ok(value) => match model::difference(&wanted, &value) {
                None => return Ok(Some(after)),
                Some(place) if place == edit.path().to_string() => {
                    "it would not be read as it is meant".to_owned()
                }
                Some(place) => format!("it would change `{place}` too"),
            },
            Err(_) => "the result would not be YAML".to_owned(),
        };
        reason.get_or_insert(wrong);
    }
    let reason = reason.unwrap_or_else(|| "it is written in a form that is not known".to_owned());
    Err(refused(edit, reason))
}

fn refused(edit: &Edit, reason: String) -> EditError {
    EditError::Refused {
        field: edit.path().to_string(),
        reason,
    }
}

/// A text after some splices; none when these overlap.
fn carry_out(text: &str, mut plan: Plan) -> Option<String> {
    plan.sort_by_key(|(range, _)| (range.start, range.end));
    let mut edited = String::with_capacity(text.len() + 64);
    let mut at = 0;
    for (range, new) in plan {
        edited.push_str(text.get(at..range.start)?);
        edited.push_str(&new);
        at = range.end;
    }
    edited.push_str(text.get(at..)?);
    Some(edited)
}
