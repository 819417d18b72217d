//! `[[lists]]` and `nav`.

use super::{Resolver, optional_integer, optional_text};
use crate::config::language;
use crate::config::read::{Value, Values};
use crate::config::{LIST_FIELDS, LIST_LIMIT, ListOrder, ListSettings, NavItem};
use crate::percent;
use crate::slug::is_letter_or_mark;

impl Resolver<'_, '_> {
    pub(super) fn nav(&self) -> Vec<NavItem> {
        self.texts("nav")
            .iter()
            .map(|item| NavItem::parse(item))
            .collect()
    }

    /// A text that a table has for all languages, or the one for the language of the edition.
    fn by_language(&self, table: &Values, name: &str, missing: Missing) -> Option<String> {
        let texts = match table.get(name)?.0 {
            Value::Text(text) => return Some(text.clone()),
            Value::TextTable(texts) => texts,
            _ => return None,
        };
        let tags = texts.keys().map(String::as_str);
        let text = match language::find(&self.text("locale"), tags) {
            Some(at) => texts.values().nth(at),
            None if missing == Missing::First => texts.values().min_by_key(|text| text.name.start),
            None => None,
        };
        text.map(|text| text.text.clone())
    }

    pub(super) fn lists(&mut self) -> Vec<ListSettings> {
        let values = self.values;
        let Some((Value::Tables(tables), Some(span))) = values.get("lists") else {
            return Vec::new();
        };
        let mut lists: Vec<ListSettings> = Vec::new();
        for table in tables {
            let at = |name: &str| {
                let own = table.get(name).and_then(|(_, span)| span);
                let first = || table.spans().map(|(_, span)| span.clone()).next();
                own.or_else(first).unwrap_or_else(|| span.clone())
            };
            let title = self.by_language(table, "title", Missing::First);
            let title = title.filter(|title| !title.trim().is_empty());
            let path = optional_text(table, "path").filter(|path| is_path(path));
            let path = path.map(|path| percent::normal(&path));
            let (Some(title), Some(path)) = (title, path) else {
                self.reader.problem(
                    at("path"),
                    "each [[lists]] needs a `title`, and a `path` such as \"/picks/\"",
                    "write title = \"Picks\" and path = \"/picks/\"",
                );
                continue;
            };
            if lists.iter().any(|other| other.path == path) {
                let message = format!("another list has the path `{}`", percent::decode(&path));
                self.reader
                    .problem(at("path"), message, "give each list a path of its own");
            }
            let condition = optional_text(table, "where").and_then(|written| {
                self.reader
                    .condition("lists.where", &written, at("where"), &LIST_FIELDS)
            });
            let limit = optional_integer(table, "limit");
            if limit.is_some_and(|limit| limit < 1) {
                let message = "`lists.limit` must be 1 or more";
                self.reader
                    .problem(at("limit"), message, "leave it out for 100");
            }
            lists.push(ListSettings {
                title,
                path,
                description: self.by_language(table, "description", Missing::None),
                condition,
                order: optional_text(table, "order")
                    .and_then(|name| ListOrder::named(&name))
                    .unwrap_or(ListOrder::Newest),
                limit: limit
                    .and_then(|limit| usize::try_from(limit).ok())
                    .unwrap_or(LIST_LIMIT),
                has_feed: matches!(table.get("feed"), Some((Value::Boolean(true), _))),
            });
        }
        lists
    }
}

/// What stands where a text has no form in the language of an edition.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Missing {
    /// The first that there is.
    First,
    /// None.
    None,
}

/// Whether a path can be that of a list: of letters and digits of any script, and hyphens, with
/// slashes at both ends.
fn is_path(path: &str) -> bool {
    let inner = path
        .strip_prefix('/')
        .and_then(|rest| rest.strip_suffix('/'));
    let is_part = |part: &str| {
        let is_plain = |c: char| is_letter_or_mark(c) || matches!(c, '-' | '_');
        !part.is_empty() && part.chars().all(is_plain)
    };
    inner.is_some_and(|inner| inner.split('/').all(is_part))
}
