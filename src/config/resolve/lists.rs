//! `[[lists]]` and `nav`.

use super::{Resolver, optional_integer, optional_text};
use crate::config::read::Value;
use crate::config::{LIST_FIELDS, ListOrder, ListSettings, NavItem};

/// Articles of a list without older pages, if nothing else is set.
const LIMIT: usize = 100;

impl Resolver<'_, '_> {
    pub(super) fn nav(&self) -> Vec<NavItem> {
        self.texts("nav")
            .iter()
            .map(|item| NavItem::parse(item))
            .collect()
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
            let title = optional_text(table, "title").filter(|title| !title.trim().is_empty());
            let path = optional_text(table, "path").filter(|path| is_path(path));
            let (Some(title), Some(path)) = (title, path) else {
                self.reader.problem(
                    at("path"),
                    "each [[lists]] needs a `title`, and a `path` such as \"/picks/\"",
                    "write title = \"Picks\" and path = \"/picks/\"",
                );
                continue;
            };
            if lists.iter().any(|other| other.path == path) {
                let message = format!("another list has the path `{path}`");
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
                description: optional_text(table, "description"),
                condition,
                order: match optional_text(table, "order").as_deref() {
                    Some("quality") => ListOrder::Quality,
                    Some("heat") => ListOrder::Heat,
                    _ => ListOrder::Newest,
                },
                limit: limit
                    .and_then(|limit| usize::try_from(limit).ok())
                    .unwrap_or(LIMIT),
                has_feed: matches!(table.get("feed"), Some((Value::Boolean(true), _))),
            });
        }
        lists
    }
}

/// Whether a path can be that of a list: of letters, digits and hyphens, with slashes at both ends.
fn is_path(path: &str) -> bool {
    let inner = path
        .strip_prefix('/')
        .and_then(|rest| rest.strip_suffix('/'));
    let is_part = |part: &str| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        !part.is_empty() && part.bytes().all(is_plain)
    };
    inner.is_some_and(|inner| inner.split('/').all(is_part))
}
