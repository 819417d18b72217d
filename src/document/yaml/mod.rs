//! Front matter in YAML.
//!
//! # Files
//!
//! - `tree.rs`: where values stand
//! - `splice.rs`: which bytes an edit changes
//! - `style.rs`: how values are written

mod splice;
mod style;
mod tree;

use serde_yaml::Value as Yaml;

use super::plan::{Plan, refused};
use super::{DocumentError, Edit, EditError, Format, model};
use splice::Block;
use tree::NoTree;

/// The YAML scanner looks at every open bracket for every token, so that a megabyte of brackets
/// would take it minutes.
const MOST_BRACKETS: usize = 10_000;

/// Every alias stands for a value that may be made of aliases.
const MOST_ALIASES: usize = 100;

/// Holds a block against what can be edited.
///
/// # Errors
/// When reading it would take minutes.
pub(super) fn check(matter: &str) -> Result<(), DocumentError> {
    let count = |signs: &[char]| matter.matches(signs).count();
    if count(&['[', '{']) > MOST_BRACKETS || count(&['*']) > MOST_ALIASES && has_anchors(matter) {
        return Err(DocumentError::TooComplex);
    }
    Ok(())
}

fn has_anchors(matter: &str) -> bool {
    matter
        .match_indices('&')
        .any(|(at, _)| matter[..at].ends_with([' ', ':', '-', '[', ',', '\n']))
}

/// What a block means; a table without fields when there is nothing in it.
pub(super) fn read(matter: &str) -> Result<Yaml, DocumentError> {
    let value: Yaml = serde_yaml::from_str(matter).map_err(|error| {
        let line = error.location().map_or(1, |location| location.line());
        syntax(error.to_string(), line)
    })?;
    Ok(match value {
        Yaml::Null => Yaml::Mapping(serde_yaml::Mapping::new()),
        other => other,
    })
}

/// Ways to make an edit. `before` is what the block means.
///
/// # Errors
/// When it is not known where its values stand.
pub(super) fn plans(
    matter: &str,
    edit: &Edit,
    before: &Yaml,
    line_break: &str,
) -> Result<Vec<Plan>, EditError> {
    let root = tree::read(matter).map_err(|wrong| match wrong {
        NoTree::Syntax { message, line } => EditError::Document(syntax(message, line)),
        NoTree::Unsupported(reason) => refused(edit, reason.to_owned()),
    })?;
    let block = Block {
        text: matter,
        root: root.as_ref(),
        line_break,
    };
    let old = model::get(before, edit.path()).map(model::json);
    Ok(match edit {
        Edit::Set(path, value) => block.set(path, old.as_ref(), value),
        Edit::Add(path, value) => block.add(path, old.as_ref(), value),
        Edit::Remove(path, value) => old
            .as_ref()
            .map_or_else(Vec::new, |old| block.remove(path, old, value)),
        Edit::Unset(path) => block.unset(path),
    })
}

fn syntax(message: String, line: usize) -> DocumentError {
    DocumentError::Syntax {
        format: Format::Yaml,
        message,
        line,
    }
}
