//! Which fields the files of a tree have, and which of ours each of them is.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use serde_json::{Map, Value};
use url::Url;

use super::{Tool, layout};
use crate::config::fields::{MAPPED_FIELDS, PRESETS, mark, sources_in};
use crate::content::foreign::other_names;
use crate::time::Time;

/// What the values of one field look like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Look {
    /// Files that have it.
    files: usize,
    dates: usize,
    links: usize,
    texts: usize,
    lists: usize,
    booleans: usize,
    pictures: usize,
    /// Hosts of links.
    hosts: BTreeSet<String>,
    /// Different short texts, and how many files have each.
    values: BTreeMap<String, usize>,
}

/// Values that are counted one by one; a field with more has no common ones.
const MOST_VALUES: usize = 500;

/// The fields of a tree, by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    files: usize,
    /// Files whose names begin with a date.
    dated_names: usize,
    /// Files that say an address with a date in it.
    dated_addresses: usize,
    looks: BTreeMap<String, Look>,
}

/// Levels of tables that are looked into.
const DEPTH: usize = 3;

impl Usage {
    /// The fields of files; none for a file without front matter.
    pub(super) fn of<'f>(
        files: impl Iterator<Item = (&'f str, Option<&'f Map<String, Value>>)>,
    ) -> Usage {
        let mut usage = Usage::default();
        for (path, fields) in files {
            usage.files += 1;
            usage.dated_names += usize::from(layout::has_dated_name(path));
            if let Some(fields) = fields {
                usage.dated_addresses += usize::from(layout::has_dated_address(fields));
                usage.table("", fields, DEPTH);
            }
        }
        usage
    }

    fn table(&mut self, prefix: &str, fields: &Map<String, Value>, depth: usize) {
        for (name, value) in fields {
            let path = format!("{prefix}{name}");
            if let Value::Object(inner) = value
                && depth > 1
            {
                self.table(&format!("{path}."), inner, depth - 1);
            }
            let says_something = match value {
                Value::Null => false,
                Value::String(text) => !text.trim().is_empty(),
                Value::Array(items) => !items.is_empty(),
                _ => true,
            };
            if says_something {
                self.looks.entry(path).or_default().add(value);
            }
        }
    }

    /// The value that most files have in one of these fields.
    pub(super) fn commonest(&self, names: &[&str]) -> Option<String> {
        let look = names.iter().find_map(|name| self.looks.get(*name))?;
        let (value, files) = look.values.iter().max_by_key(|(_, files)| **files)?;
        (files * 2 > self.files).then(|| value.clone())
    }
}

impl Look {
    fn add(&mut self, value: &Value) {
        self.files += 1;
        match value {
            Value::Bool(_) => self.booleans += 1,
            Value::Array(items) => {
                let is_scalar = |item: &Value| !item.is_object() && !item.is_array();
                self.lists += usize::from(items.iter().all(is_scalar));
                let is_picture = |item: &Value| {
                    item.as_str().is_some_and(is_picture) || item.get("url").is_some()
                };
                self.pictures += usize::from(items.iter().all(is_picture));
            }
            Value::Object(fields) => {
                let names = ["url", "src", "path"];
                let has = names.iter().any(|name| fields.contains_key(*name));
                self.pictures += usize::from(has);
            }
            Value::String(text) => self.text(text),
            Value::Null | Value::Number(_) => {}
        }
    }

    fn text(&mut self, text: &str) {
        self.texts += 1;
        self.booleans += usize::from(mark(text).is_some());
        self.dates += usize::from(Time::parse(text, &TimeZone::UTC).is_ok());
        self.pictures += usize::from(is_picture(text));
        if let Ok(url) = Url::parse(text)
            && matches!(url.scheme(), "http" | "https")
        {
            self.links += 1;
            self.hosts.extend(url.host_str().map(str::to_owned));
        }
        if text.len() <= 60 && self.values.len() < MOST_VALUES {
            *self.values.entry(text.to_owned()).or_default() += 1;
        }
    }

    /// Whether nearly all values are of a kind.
    fn is(&self, kind: usize) -> bool {
        self.files > 0 && kind * 10 >= self.files * 9
    }
}

/// A host without `www.`.
fn bare(host: &str) -> &str {
    host.strip_prefix("www.").unwrap_or(host)
}

fn is_picture(text: &str) -> bool {
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let ending = path.rsplit('.').next().unwrap_or_default().to_lowercase();
    let known = ["png", "jpg", "jpeg", "gif", "svg", "webp", "avif"];
    known.contains(&ending.as_str()) || text.starts_with("http://") || text.starts_with("https://")
}

/// A field of ours in a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The field of ours.
    pub field: &'static str,
    /// The names that it has in the tree, in the order in which they count, with the files that
    /// have each; none when the tree has the name for something else.
    pub sources: Vec<(String, usize)>,
    /// Names that the tree has for something else.
    pub unreadable: Vec<String>,
}

impl Found {
    /// Whether the tree has it by our own name alone.
    pub fn is_own(&self) -> bool {
        matches!(self.sources.as_slice(), [(name, _)] if name == self.field)
    }
}

/// Fields whose values show what they are, or do no harm.
const SHOWS: [&str; 7] = [
    "publishedDateTime",
    "updatedDateTime",
    "originalUrl",
    "excerpt",
    "topics",
    "images",
    "locale",
];

/// The fields of ours that a tree has.
///
/// `own_host` is where the site is served: a link there is none to somebody's story.
pub(super) fn found(usage: &Usage, tool: Tool, own_host: Option<&str>) -> Vec<Found> {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut all = Vec::new();
    for field in MAPPED_FIELDS {
        let mut sources: Vec<(String, usize)> = Vec::new();
        // Whether the tree has a name that would be read without a map.
        let mut is_read = false;
        let mut unreadable = Vec::new();
        for Candidate { name, is_usual } in candidates(field, tool) {
            let bare = name.trim_start_matches('!');
            let Some(look) = usage.looks.get(bare) else {
                continue;
            };
            is_read |= is_usual;
            if sources.iter().any(|(known, _)| known == name) {
                continue;
            }
            if !taken.contains(bare) && fits(field, look, own_host) {
                sources.push((name.to_owned(), look.files));
            } else {
                unreadable.push(name.to_owned());
            }
        }
        let names = sources.iter().map(|(name, _)| name.trim_start_matches('!'));
        taken.extend(names.map(str::to_owned));
        sources.extend(more_sources(field, &sources, usage));
        // A name of ours, or of the tool, that means something else here.
        let is_other =
            sources.is_empty() && is_read && !unreadable.iter().all(|name| taken.contains(name));
        if !sources.is_empty() || is_other {
            all.push(Found {
                field,
                sources,
                unreadable,
            });
        }
    }
    all
}

/// A name that a field of ours may have.
struct Candidate {
    name: &'static str,
    /// Whether it is our own, or one of the tool that the tree was made for.
    is_usual: bool,
}

/// The names that a field may have in a tree, the likeliest first.
fn candidates(field: &'static str, tool: Tool) -> Vec<Candidate> {
    let of_tool = tool.preset().map(|preset| sources_in(preset, field));
    let usual = std::iter::once(field).chain(of_tool.into_iter().flatten());
    // What other tools call so may mean anything here; a link or a date shows what it is.
    let presets = PRESETS.iter().filter(|_| SHOWS.contains(&field));
    let others = presets.flat_map(|preset| sources_in(preset, field));
    let more = other_names(field).filter(|_| SHOWS.contains(&field));
    let candidate = |is_usual| move |name| Candidate { name, is_usual };
    let all = usual.map(candidate(true));
    let all = all.chain(others.chain(more).map(candidate(false)));
    // Sources such as `:heading` are no fields.
    all.filter(|candidate| !candidate.name.starts_with(':'))
        .collect()
}

/// Where else than from a field a value can come, when some files do not have the field.
fn more_sources(field: &str, sources: &[(String, usize)], usage: &Usage) -> Vec<(String, usize)> {
    let with = sources.iter().map(|(_, files)| *files).max().unwrap_or(0);
    let without = usage.files - with.min(usage.files);
    let more: &[(&str, usize)] = match field {
        "title" => &[(":heading", without), (":filename", without)],
        "publishedDateTime" => &[
            (":filename", usage.dated_names),
            (":permalink", usage.dated_addresses),
        ],
        _ => &[],
    };
    let more = more.iter().filter(|(_, files)| without > 0 && *files > 0);
    more.map(|(name, files)| ((*name).to_owned(), *files))
        .collect()
}

/// Whether the values of a field can be those of one of ours.
fn fits(field: &str, look: &Look, own_host: Option<&str>) -> bool {
    match field {
        // Some tools take a word such as `Created` for a date.
        "publishedDateTime" | "updatedDateTime" | "expiryDate" => look.dates * 2 > look.files,
        "originalUrl" | "webUrl" => {
            let is_own = |host: &String| own_host.is_some_and(|own| bare(host) == bare(own));
            look.is(look.links) && !look.hosts.iter().all(is_own)
        }
        "published" => look.is(look.booleans),
        "topics" | "tags" | "authors" | "aliases" => look.is(look.lists + look.texts),
        "images" => look.is(look.pictures),
        _ => true,
    }
}
