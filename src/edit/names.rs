//! Fields of ours under the names that a tree has for them (`[content.fields]`).

use super::Change;
use crate::config::fields::{FieldMap, MAPPED_FIELDS, Source};
use crate::content::Parser;
use crate::document::{Document, FieldPath, Value};

/// A change of a field of ours as the changes of the fields that one file reads it from.
pub(super) fn in_file(
    change: &Change,
    parser: &Parser,
    path: &str,
    document: &Document,
) -> Vec<Change> {
    let written = change.path().to_string();
    let field = MAPPED_FIELDS.iter().find(|field| {
        let rest = written.strip_prefix(**field);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    });
    let Some(field) = field else {
        return vec![change.clone()];
    };
    let rest = &written[field.len()..];
    let mut sources = parser.sources_in(path, document.bytes(), field);
    if sources.is_empty() && document.get(change.path()).is_none() {
        sources.extend(first_source(parser.field_map(), field));
    }
    // One mark is enough to hide an article, and all must be taken away to show it.
    if is_set_to(change, "false") {
        sources.truncate(1);
    }
    let changes: Vec<Change> = sources
        .iter()
        .filter_map(|(source, negated)| {
            let path = format!("{source}{rest}").parse().ok()?;
            Some(renamed(change, path, *negated))
        })
        .collect();
    match changes.is_empty() {
        true => vec![change.clone()],
        false => changes,
    }
}

fn is_set_to(change: &Change, word: &str) -> bool {
    matches!(change, Change::Set(_, text) if text == word)
}

/// The first field that a map reads a field of ours from, and whether it says the opposite.
fn first_source(map: &FieldMap, field: &str) -> Option<(String, bool)> {
    map.sources(field).iter().find_map(|source| match source {
        Source::Field { path, negated } => Some((path.join("."), *negated)),
        Source::FileName | Source::Heading | Source::Permalink => None,
    })
}

/// A change of another field, to the same or to the opposite.
fn renamed(change: &Change, path: FieldPath, negated: bool) -> Change {
    match change {
        Change::Set(_, text) => {
            let opposite = match text.as_str() {
                "true" => Some("false"),
                "false" => Some("true"),
                _ => None,
            };
            let opposite = opposite.filter(|_| negated);
            Change::Set(path, opposite.map_or_else(|| text.clone(), str::to_owned))
        }
        Change::Add(_, text) => Change::Add(path, text.clone()),
        Change::Remove(_, text) => Change::Remove(path, text.clone()),
        Change::Unset(_) => Change::Unset(path),
    }
}

/// A new article with the names of a tree.
pub(super) fn of_tree(article: &str, map: &FieldMap) -> String {
    let Ok(mut document) = Document::parse(article.as_bytes()) else {
        return article.to_owned();
    };
    for field in MAPPED_FIELDS {
        let Some((name, negated)) = first_source(map, field) else {
            continue;
        };
        let (Ok(own), Ok(name)) = (field.parse::<FieldPath>(), name.parse::<FieldPath>()) else {
            continue;
        };
        let value = match document.get(&own) {
            Some(Value::Bool(yes)) => Value::Bool(yes != negated),
            Some(value) => value,
            None => continue,
        };
        let mut renamed = document.clone();
        if renamed.unset(&own).is_ok() && renamed.set(&name, value).is_ok() {
            document = renamed;
        }
    }
    if let Ok(provider) = "provider".parse()
        && let Some(Value::Object(fields)) = document.get(&provider)
        && fields.is_empty()
    {
        // Nothing was wrong with the table: it stays if it cannot be taken out.
        let _ = document.unset(&provider);
    }
    String::from_utf8_lossy(document.bytes()).into_owned()
}
