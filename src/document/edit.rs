//! One edit of a front matter, whatever its format: the text is changed where the value stands, and
//! the result is read again.

use serde_json::Value;
use serde_yaml::Value as Yaml;

use super::path::FieldPath;
use super::placed::Placed;
use super::plan::{carry_out, refused};
use super::values::Block;
use super::{DocumentError, Edit, EditError, Format, model, read_placed, yaml};

/// Holds a block against what can be edited, and finds out what it means.
///
/// # Errors
/// When it cannot be read.
pub(super) fn check(format: Format, matter: &str) -> Result<(), DocumentError> {
    match format {
        Format::Yaml => yaml::check(matter)?,
        Format::Headers => return Err(DocumentError::HeaderLines),
        Format::Toml | Format::Json => {}
    }
    match read(format, matter)? {
        Yaml::Mapping(_) => Ok(()),
        _ => Err(DocumentError::NoTable),
    }
}

/// What a block means; a table without fields when there is nothing in it. All formats are compared
/// as values of YAML, which has all that the others have.
fn read(format: Format, matter: &str) -> Result<Yaml, DocumentError> {
    match format {
        Format::Yaml => yaml::read(matter),
        _ => placed(format, matter).map(|root| model::yaml(&root.value())),
    }
}

fn placed(format: Format, matter: &str) -> Result<Placed<'_>, DocumentError> {
    let syntax = |message: String, at: usize| DocumentError::Syntax {
        format,
        message,
        line: matter[..at].matches('\n').count() + 1,
    };
    let root = read_placed(format, matter)
        .map_err(|error| syntax(error.message.clone(), error.range.start))?;
    match root.doubled() {
        Some(field) => {
            let message = format!("the field `{}` is set twice", field.name);
            Err(syntax(message, field.name_range.start))
        }
        None => Ok(root),
    }
}

/// The value of a field.
pub(super) fn get(format: Format, matter: &str, path: &FieldPath) -> Option<Value> {
    let root = read(format, matter).ok()?;
    model::get(&root, path).map(model::json)
}

/// The block after an edit; none when it means already what the edit asks for. `is_whole` says
/// whether a text still is one block.
///
/// # Errors
/// When the edit is not possible here, or no way to make it changes nothing else.
pub(super) fn edit(
    format: Format,
    matter: &str,
    edit: &Edit,
    line_break: &str,
    is_whole: impl Fn(&str) -> bool,
) -> Result<Option<String>, EditError> {
    let before = read(format, matter).map_err(EditError::Document)?;
    let wanted = model::edited(&before, edit)?;
    if model::difference(&before, &wanted).is_none() {
        return Ok(None);
    }
    let plans = match format {
        Format::Yaml => yaml::plans(matter, edit, &before, line_break)?,
        _ => {
            let root = placed(format, matter).map_err(EditError::Document)?;
            let block = Block {
                format,
                text: matter,
                root: &root,
                line_break,
            };
            block.plans(edit)
        }
    };
    let mut reason = None;
    for plan in plans {
        let Some(after) = carry_out(matter, plan) else {
            continue;
        };
        let wrong = match read(format, &after) {
            Ok(_) if !is_whole(&after) => "it would end the front matter".to_owned(),
            Ok(value) => match model::difference(&wanted, &value) {
                None => return Ok(Some(after)),
                Some(place) if place == edit.path().to_string() => {
                    "it would not be read as it is meant".to_owned()
                }
                Some(place) => format!("it would change `{place}` too"),
            },
            Err(_) => format!("the result would not be {format}"),
        };
        reason.get_or_insert(wrong);
    }
    let is_null = matches!(edit, Edit::Set(_, Value::Null)) && format == Format::Toml;
    let reason = reason.unwrap_or_else(|| match is_null {
        true => "TOML has no empty value".to_owned(),
        false => "it is written in a form that is not known".to_owned(),
    });
    Err(refused(edit, reason))
}
