//! Where the files of a tree lie: which folders hold articles.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde_json::{Map, Value};

use super::{Tool, ToolSettings};
use crate::config::fields::usual_names;
use crate::content::{
    self,
    names::{self, ArticleName},
};
use crate::workspace::Workspace;

/// Folders that hold no content of the tree's own, at any depth.
const FOREIGN: [&str; 15] = [
    "_drafts",
    "draft",
    "drafts",
    "node_modules",
    "vendor",
    "themes",
    "_site",
    "dist",
    "target",
    "resources",
    "_includes",
    "_layouts",
    "layouts",
    "archetypes",
    "templates",
];

/// Files that speak of the tree itself.
const ABOUT: [&str; 7] = [
    "readme",
    "changelog",
    "contributing",
    "license",
    "code_of_conduct",
    "security",
    "authors",
];

/// The files of a tree.
pub(super) struct Tree {
    /// Those that may be the site's own, by path.
    files: Vec<String>,
    /// Those of programs and themes.
    foreign: Vec<String>,
}

impl Tree {
    pub(super) fn of(workspace: &dyn Workspace) -> Tree {
        let entries = workspace.list(".").entries.into_iter();
        let paths = entries.map(|entry| match entry.path.strip_prefix("./") {
            Some(path) => path.to_owned(),
            None => entry.path,
        });
        let (mut files, mut foreign) = (Vec::new(), Vec::new());
        for path in paths {
            let is_foreign = folders(&path).any(|folder| FOREIGN.contains(&folder));
            match is_foreign {
                true => foreign.push(path),
                false => files.push(path),
            }
        }
        files.sort_unstable();
        Tree { files, foreign }
    }

    pub(super) fn has_folder_named(&self, name: &str) -> bool {
        self.files
            .iter()
            .any(|path| folders(path).any(|folder| folder == name))
    }

    /// The folders of Markdown files that lie in none of some folders, with how many each has; the
    /// largest first.
    pub(super) fn places(&self, but: &[String]) -> Vec<(String, usize)> {
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for path in self.texts().filter(|path| !is_below(path, but)) {
            *places.entry(folder_of(path)).or_default() += 1;
        }
        let places = places.into_iter();
        let mut places: Vec<(String, usize)> = places
            .map(|(folder, files)| (folder.to_owned(), files))
            .collect();
        places.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        places
    }

    /// Markdown files that could be articles.
    fn texts(&self) -> impl Iterator<Item = &str> {
        let files = self.files.iter().map(String::as_str);
        files.filter(|path| {
            let stem = ArticleName::of(path).stem.to_lowercase();
            names::is_article(path) && !ABOUT.contains(&stem.as_str())
        })
    }
}

fn folders(path: &str) -> impl Iterator<Item = &str> {
    let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
    folders.split('/').filter(|folder| !folder.is_empty())
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Where articles, drafts, static files and the like lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Folders of articles.
    pub articles: Vec<String>,
    /// Files in them.
    pub files: usize,
    /// Markdown files elsewhere, and where most of them lie.
    pub elsewhere: Vec<(String, usize)>,
    /// Names of folders in them whose files are not articles.
    pub skipped: Vec<String>,
    /// Folders of static files: the address below which each is served, and its path.
    pub statics: Vec<(String, String)>,
    /// Whether the tree has a folder of templates that are not ours.
    pub has_templates: bool,
    /// Folders of the tree that have the names of folders of ours.
    pub taken: BTreeSet<String>,
}

impl Layout {
    pub(super) fn of(
        workspace: &dyn Workspace,
        tree: &Tree,
        tool: Tool,
        own: &ToolSettings,
    ) -> Option<Layout> {
        let texts: Vec<&str> = tree.texts().collect();
        let articles = match tool {
            Tool::Jekyll if tree.has_folder_named("_posts") => posts(&texts),
            _ => {
                let root = content_root(tool);
                let inside: Vec<&str> = texts
                    .iter()
                    .filter(|path| root.is_some_and(|root| path.starts_with(root)))
                    .copied()
                    .collect();
                let found = dated(workspace, &inside);
                match found.is_empty() {
                    true => dated(workspace, &texts),
                    false => found,
                }
            }
        };
        if articles.is_empty() {
            return None;
        }
        let is_article = |path: &&&str| is_below(path, &articles);
        let files = texts.iter().filter(is_article).count();
        let elsewhere = tree.places(&articles);
        let ours = [
            "content/topics",
            "content/providers",
            "content/pages",
            "content/sources",
            "public",
        ];
        let taken = ours.into_iter().filter(|name| workspace.has_folder(name));
        Some(Layout {
            files,
            elsewhere,
            skipped: skipped(tree, &articles),
            statics: statics(tree, tool, &articles, &own.excluded),
            has_templates: workspace.has_folder("templates"),
            taken: taken.map(str::to_owned).collect(),
            articles,
        })
    }

    /// Files in the folders of articles from which articles inherit values.
    pub(super) fn inherited(
        &self,
        workspace: &dyn Workspace,
        tree: &Tree,
        tool: Tool,
    ) -> Vec<String> {
        let inside = tree
            .files
            .iter()
            .filter(|path| is_below(path, &self.articles));
        let inherits = |path: &&String| match tool {
            Tool::Hugo => names::is_section(path) && has_cascade(workspace, path),
            Tool::Eleventy => is_directory_data(path),
            _ => false,
        };
        inside.filter(inherits).cloned().collect()
    }

    /// At most so many of the files of articles, spread evenly.
    pub(super) fn sample<'t>(&self, tree: &'t Tree, most: usize) -> Vec<&'t str> {
        let all: Vec<&str> = tree
            .texts()
            .filter(|path| is_below(path, &self.articles))
            .collect();
        let step = all.len().div_ceil(most).max(1);
        all.into_iter().step_by(step).collect()
    }
}

/// Names of folders of programs and themes in the folders of articles, with those that are skipped
/// anyway; none when there are no others.
fn skipped(tree: &Tree, articles: &[String]) -> Vec<String> {
    let inside = tree.foreign.iter().filter(|path| is_below(path, articles));
    let inside = inside.filter(|path| names::is_article(path));
    let found: BTreeSet<&str> = inside
        .flat_map(|path| folders(path).filter(|folder| FOREIGN.contains(folder)))
        .collect();
    let usual = ["_drafts", "node_modules"];
    // The output may not be read when the whole tree is.
    let output = articles
        .iter()
        .filter(|folder| *folder == ".")
        .map(|_| "public");
    let others = found.into_iter().filter(|name| !usual.contains(name));
    let others: Vec<&str> = others.chain(output).collect();
    match others.is_empty() {
        true => Vec::new(),
        false => usual.into_iter().chain(others).map(str::to_owned).collect(),
    }
}

/// The folder that a tool reads texts from.
fn content_root(tool: Tool) -> Option<&'static str> {
    match tool {
        Tool::Hugo | Tool::Zola | Tool::Pelican => Some("content/"),
        Tool::Astro => Some("src/content/"),
        Tool::Jekyll | Tool::Eleventy | Tool::Unknown => None,
    }
}

fn is_below(path: &str, folders: &[String]) -> bool {
    folders.iter().any(|folder| {
        folder == "."
            || path
                .strip_prefix(folder.as_str())
                .is_some_and(|rest| rest.starts_with('/'))
    })
}

/// Whether the head of a section gives values to all pages in it
/// (<https://gohugo.io/configuration/cascade/>).
fn has_cascade(workspace: &dyn Workspace, path: &str) -> bool {
    let bytes = workspace.read(path).unwrap_or_default();
    let fields = content::raw_fields(path, &bytes);
    fields.is_ok_and(|(fields, _)| fields.contains_key("cascade"))
}

/// Whether a file gives values to all texts in its folder
/// (<https://www.11ty.dev/docs/data-template-dir/>).
fn is_directory_data(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let folder = folder_of(path).rsplit('/').next().unwrap_or_default();
    let ending = name.strip_prefix(folder).filter(|_| !folder.is_empty());
    let endings = [".json", ".js", ".cjs", ".mjs", ".yaml", ".yml"];
    name.contains(".11tydata.") || ending.is_some_and(|ending| endings.contains(&ending))
}

/// The folders named `_posts`.
fn posts(texts: &[&str]) -> Vec<String> {
    let folders = texts.iter().filter_map(|path| {
        let end = format!("/{path}").find("/_posts/")?;
        Some(path[..end + "_posts".len()].to_owned())
    });
    folders.collect::<BTreeSet<_>>().into_iter().collect()
}

/// The folders whose files mostly have a date, as far up as that holds.
fn dated(workspace: &dyn Workspace, texts: &[&str]) -> Vec<String> {
    let dated: BTreeSet<&str> = texts
        .par_iter()
        .filter(|path| has_date(workspace, path))
        .copied()
        .collect();
    let mut chosen = Vec::new();
    choose("", texts, &dated, &mut chosen);
    chosen
}

/// Chooses among a folder and those in it; `files` are the Markdown files in it.
fn choose(folder: &str, files: &[&str], dated: &BTreeSet<&str>, chosen: &mut Vec<String>) {
    let with_date: Vec<&str> = files
        .iter()
        .filter(|path| dated.contains(**path))
        .copied()
        .collect();
    if with_date.is_empty() {
        return;
    }
    // The whole tree holds more than articles, such as its description.
    let is_whole = folder.is_empty();
    let common = common_folder(&with_date);
    if common.len() > folder.len() {
        let inside: Vec<&str> = files
            .iter()
            .filter(|path| path.starts_with(&format!("{common}/")))
            .copied()
            .collect();
        return choose(&common, &inside, dated, chosen);
    }
    let is_mostly_dated = with_date.len() * 20 >= files.len() * 19;
    if is_mostly_dated && !is_whole {
        return chosen.push(folder.to_owned());
    }
    let mut below: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for path in files {
        let rest = path[folder.len()..].trim_start_matches('/');
        if let Some((name, _)) = rest.split_once('/') {
            let end = path.len() - rest.len() + name.len();
            below.entry(&path[..end]).or_default().push(path);
        }
    }
    let before = chosen.len();
    for (folder, files) in below {
        choose(folder, &files, dated, chosen);
    }
    // No folder in it is better.
    if chosen.len() == before && with_date.len() * 2 > files.len() {
        let whole = if is_whole { "." } else { folder };
        chosen.push(whole.to_owned());
    }
}

fn has_date(workspace: &dyn Workspace, path: &str) -> bool {
    if has_dated_name(path) {
        return true;
    }
    let fields = workspace
        .read(path)
        .ok()
        .and_then(|bytes| content::raw_fields(path, &bytes).ok())
        .map(|(fields, _)| fields);
    let has = |fields: &Map<String, Value>| {
        let names = usual_names("publishedDateTime");
        names
            .chain(["publishedDateTime"])
            .any(|name| fields.get(name).is_some_and(Value::is_string))
    };
    fields.is_some_and(|fields| has(&fields) || has_dated_address(&fields))
}

/// Whether the name of a file begins with a date.
pub(super) fn has_dated_name(path: &str) -> bool {
    names::date_of_name(ArticleName::of(path).stem).is_some()
}

/// Whether the address that an article says it has holds a date.
pub(super) fn has_dated_address(fields: &Map<String, Value>) -> bool {
    let addresses = ["permalink", "path", "url"].map(|name| fields.get(name));
    let mut addresses = addresses.into_iter().flatten().filter_map(Value::as_str);
    addresses.any(|address| names::date_in_address(address).is_some())
}

/// The deepest folder that holds all of some files.
fn common_folder(paths: &[&str]) -> String {
    let mut common: Option<Vec<&str>> = None;
    for path in paths {
        let parts: Vec<&str> = folders(path).collect();
        common = Some(match common {
            None => parts,
            Some(before) => {
                let same = before.iter().zip(&parts).take_while(|(a, b)| a == b);
                same.map(|(part, _)| *part).collect()
            }
        });
    }
    common.unwrap_or_default().join("/")
}

/// Endings of files that pages show or are made of. A folder with any other file, such as a list or
/// a program, may not be meant to be published.
const SHOWN: [&str; 22] = [
    "png",
    "jpg",
    "jpeg",
    "gif",
    "svg",
    "webp",
    "avif",
    "ico",
    "css",
    "scss",
    "map",
    "js",
    "woff",
    "woff2",
    "ttf",
    "otf",
    "eot",
    "mp3",
    "mp4",
    "webm",
    "pdf",
    "webmanifest",
];

/// Folders whose files the tool copies to the site as they are.
fn statics(
    tree: &Tree,
    tool: Tool,
    articles: &[String],
    excluded: &[String],
) -> Vec<(String, String)> {
    let root = match tool {
        Tool::Hugo | Tool::Zola => Some("static"),
        Tool::Astro => Some("public"),
        _ => None,
    };
    if let Some(folder) = root {
        let has = tree.files.iter().any(|path| {
            path.strip_prefix(folder)
                .is_some_and(|rest| rest.starts_with('/'))
        });
        return Vec::from_iter(has.then(|| ("/".to_owned(), folder.to_owned())));
    }
    if tool != Tool::Jekyll {
        return Vec::new();
    }
    // Jekyll copies what lies at the root of the tree.
    let mut tops: BTreeMap<&str, bool> = BTreeMap::new();
    for path in tree.files.iter().chain(&tree.foreign) {
        if let Some((top, _)) = path.split_once('/') {
            let ending = path.rsplit('.').next().unwrap_or_default().to_lowercase();
            let is_shown = SHOWN.contains(&ending.as_str()) && !is_below(path, articles);
            *tops.entry(top).or_insert(true) &= is_shown;
        }
    }
    let is_copied = |top: &str| {
        !top.starts_with(['_', '.']) && !excluded.iter().any(|name| name.trim_matches('/') == top)
    };
    tops.into_iter()
        .filter(|(top, is_shown)| *is_shown && is_copied(top))
        .map(|(top, _)| (format!("/{top}"), top.to_owned()))
        .collect()
}
