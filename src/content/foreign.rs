//! Names that other tools have for fields of ours: what to suggest where one of ours is missing.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::config::fields::{FieldMap, Source, usual_names};

/// Names that no preset maps, since they often mean something else.
const ALSO: &[(&str, &[&str])] = &[
    (
        "originalUrl",
        &[
            "url",
            "canonical_url",
            "canonicalUrl",
            "canonicalURL",
            "canonical",
            "source",
        ],
    ),
    (
        "publishedDateTime",
        &["created", "created_at", "createdAt", "timestamp"],
    ),
    (
        "provider.name",
        &["author", "authors", "publisher", "source", "site", "via"],
    ),
    ("provider.domain", &["domain", "site", "source.domain"]),
    ("excerpt", &["abstract", "tldr", "intro", "lead"]),
];

/// Names that a field may have besides those of the presets.
pub fn other_names(field: &str) -> impl Iterator<Item = &'static str> {
    let names = ALSO.iter().filter(move |(name, _)| *name == field);
    names.flat_map(|(_, names)| names.iter().copied())
}

/// A field that is there and has, in other tools, the meaning of one of ours.
pub(super) fn found(extra: &BTreeMap<String, Value>, field: &str) -> Option<String> {
    if extra.is_empty() {
        return None;
    }
    usual_names(field)
        .chain(other_names(field))
        .find(|name| is_there(extra, name))
        .map(str::to_owned)
}

/// The line of `[content.fields]` by which a field is read from one more name.
pub(super) fn line_for(map: &FieldMap, field: &str, name: &str) -> String {
    let sources = map.sources(field).iter().map(Source::written);
    let names: Vec<String> = sources.chain([name.to_owned()]).collect();
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    match quoted.as_slice() {
        [one] => format!("{field} = {one}"),
        several => format!("{field} = [{}]", several.join(", ")),
    }
}

/// Whether a field says something that could be a value of ours.
fn is_there(extra: &BTreeMap<String, Value>, name: &str) -> bool {
    let mut parts = name.split('.');
    let top = parts.next().and_then(|top| extra.get(top));
    let value = parts.try_fold(top, |value, part| Some(value?.get(part)));
    match value.flatten() {
        Some(Value::String(text)) => !text.trim().is_empty(),
        Some(Value::Array(items)) => !items.is_empty(),
        Some(Value::Number(_)) => true,
        _ => false,
    }
}

/// Whether an address is made by a template of another tool, such as `/{{ title | slug }}/`.
pub(super) fn has_template(address: &str) -> bool {
    address.contains("{{") || address.contains("{%") || address.contains("/:")
}
