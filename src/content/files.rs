//! Files beside articles and pages, such as pictures, which are copied to their pages.
//!
//! A folder with an `index.md` is a bundle: all other files in it, and in folders below that have
//! no article, belong to that article or page. Of other files in the folders of content, those are
//! copied that a body or a picture of the front matter names.
//!
//! Files are copied byte for byte, and content may come from anywhere. So only kinds are copied
//! that a browser shows or downloads and does not run; pictures in SVG, which could hold scripts,
//! are looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use ahash::{HashMap, HashSet};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::budget;
use super::names::ArticleName;
use super::svg;
use crate::diagnostic::{Diagnostic, Location};
use crate::hash::Hash128;
use crate::mime::media_type;
use crate::table;
use crate::workspace::{self, Entry, Stamp, Workspace};

const NAME: &str = "files.dat";
const MAGIC: &str = "newsgen files 1\n";

/// The files beside articles and pages that belong to them or that they name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    files: BTreeMap<String, File>,
    refused: BTreeMap<String, Refusal>,
    /// The files of each bundle, by its folder.
    bundles: BTreeMap<String, Vec<String>>,
    /// Files that an article or a page names, by its path, and that are too much for it.
    too_much: BTreeMap<String, BTreeSet<String>>,
}

/// A file beside an article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct File {
    hash: Hash128,
    /// When it was read.
    stamp: Stamp,
    /// Whether it can run nothing.
    is_inert: bool,
}

/// Why a file is not copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refusal {
    /// Its kind is none that is copied.
    Kind,
    /// It has so many bytes.
    Size(u64),
    /// It is a picture in SVG that may run scripts or load files.
    Script,
}

/// What is known of files from the last time, by path.
#[derive(Clone, Debug, Default)]
pub(super) struct Known(BTreeMap<String, File>);

impl Known {
    /// What the last build knew; nothing when that cannot be read.
    pub(super) fn open(folder: &Path) -> Known {
        let read = table::read::<(), (String, File)>(&folder.join(NAME), MAGIC);
        Known(read.map_or_else(|_| BTreeMap::new(), |((), rows)| rows.into_iter().collect()))
    }
}

/// Where documents lie, and what else lies there.
pub(super) struct Found<'a> {
    /// Folders of articles and of pages.
    pub(super) roots: Vec<&'a str>,
    /// Paths of all articles and pages, broken ones too.
    pub(super) documents: Vec<&'a str>,
    /// All other files.
    pub(super) others: Vec<Entry>,
    /// Paths that bodies and front matters name, in their order, by the paths of these.
    pub(super) named: Vec<(&'a str, Vec<String>)>,
}

impl Files {
    /// The hash of a file that is copied to some page.
    pub fn hash(&self, path: &str) -> Option<Hash128> {
        let file = self.files.get(path).filter(|file| file.is_inert);
        file.map(|file| file.hash)
    }

    /// Whether a file is there, and is not copied to the page of an article or a page.
    pub fn is_refused(&self, document: &str, path: &str) -> bool {
        let too_much = self.too_much.get(document);
        self.refused.contains_key(path) || too_much.is_some_and(|files| files.contains(path))
    }

    /// The files of the bundle that an article or a page is; none if it is none.
    pub fn of_bundle(&self, document: &str) -> &[String] {
        let files = bundle(document).and_then(|folder| self.bundles.get(folder));
        files.map_or(&[], Vec::as_slice)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// What is known for the next time.
    pub(super) fn known(&self) -> Known {
        Known(self.files.clone())
    }

    /// Keeps what is known for the next build.
    pub(super) fn store(&self, folder: &Path) -> io::Result<()> {
        let rows: Vec<(&String, &File)> = self.files.iter().collect();
        table::write(&folder.join(NAME), MAGIC, &(), &rows)
    }

    /// Warnings of files that are not copied.
    pub(super) fn lint(&self) -> impl Iterator<Item = Diagnostic> + '_ {
        let too_much = self.too_much.iter().map(|(document, files)| {
            let message = format!(
                "{} files that it names are not copied to its page: together with others they have \
                 more than {} MiB",
                files.len(),
                budget::NAMED_FILES >> 20
            );
            Diagnostic::warning("file-not-copied", message)
                .at(Location::file(document))
                .help("make it the `index.md` of a folder of its own, and put the files there")
        });
        let refused = self.refused.iter().map(|(path, refusal)| {
            let (message, help) = match refusal {
                Refusal::Kind => (
                    "the file is not copied to the page: its kind is none that is".to_owned(),
                    "pictures, sound, films, PDF, text and archives are copied; put others into \
                     static/",
                ),
                Refusal::Size(bytes) => (
                    format!(
                        "the file is not copied to the page: it has {} MiB, and at most {} are \
                         copied",
                        bytes.div_ceil(1 << 20),
                        budget::COPIED_FILE >> 20
                    ),
                    "make it smaller, or put it elsewhere and give its full address",
                ),
                Refusal::Script => (
                    "the picture is not copied to the page: it may hold a script, or load other \
                     files"
                        .to_owned(),
                    "save it without scripts, or put it into static/ if it is your own",
                ),
            };
            Diagnostic::warning("file-not-copied", message)
                .at(Location::file(path))
                .help(help)
        });
        refused.chain(too_much)
    }

    /// Reads the files that are needed, but for those that are as they were. Also says whether
    /// anything is another than it was `known`.
    pub(super) fn load(
        source: &dyn Workspace,
        found: Found<'_>,
        known: &Known,
        problems: &mut Vec<Diagnostic>,
    ) -> (Files, bool) {
        let mut loaded = Files::default();
        if found.others.is_empty() {
            return (loaded, !known.0.is_empty());
        }
        let owners = Owners::of(&found);
        let named = loaded.name(&found, &owners);
        let mut needed: BTreeMap<String, Stamp> = BTreeMap::new();
        for entry in found.others {
            let owner = owners.of_file(&entry.path).map(str::to_owned);
            if owner.is_none() && !named.contains(&entry.path) {
                continue;
            }
            match refusal(&entry) {
                Some(refusal) => drop(loaded.refused.insert(entry.path, refusal)),
                None => {
                    if let Some(owner) = owner {
                        let bundle = loaded.bundles.entry(owner).or_default();
                        bundle.push(entry.path.clone());
                    }
                    needed.insert(entry.path, entry.stamp);
                }
            }
        }
        let now = source.clock();
        let read = |(path, stamp): (String, Stamp)| {
            let file = known.0.get(&path).filter(|file| file.stamp == stamp);
            match file {
                Some(file) => Ok((path, file.clone())),
                None => read(source, path, stamp.settled(now)),
            }
        };
        let read: Vec<Result<(String, File), Diagnostic>> =
            needed.into_par_iter().map(read).collect();
        for result in read {
            match result {
                Ok((path, file)) => {
                    if !file.is_inert {
                        loaded.refused.insert(path.clone(), Refusal::Script);
                    }
                    loaded.files.insert(path, file);
                }
                Err(problem) => problems.push(problem),
            }
        }
        let differs = loaded.files != known.0;
        // Those that may run scripts stay known, and are not copied.
        for files in loaded.bundles.values_mut() {
            files.retain(|path| !loaded.refused.contains_key(path));
        }
        (loaded, differs)
    }

    /// The files that articles and pages name, besides those of their own bundles, as long as they
    /// are not too much. A file is copied for each that names it, so that small texts could make
    /// much of a large one.
    fn name(&mut self, found: &Found<'_>, owners: &Owners<'_>) -> BTreeSet<String> {
        if found.named.is_empty() {
            return BTreeSet::new();
        }
        let others = found.others.iter();
        let sizes: HashMap<&str, u64> = others
            .map(|entry| (entry.path.as_str(), entry.stamp.size))
            .collect();
        let mut all = BTreeSet::new();
        for (document, paths) in &found.named {
            let mut left = budget::NAMED_FILES;
            let mut seen = BTreeSet::new();
            for path in paths.iter().filter(|path| seen.insert(*path)) {
                let owner = owners.of_file(path);
                let is_own = owner.is_some() && owner == bundle(document);
                let Some(size) = sizes.get(path.as_str()).filter(|_| !is_own) else {
                    continue;
                };
                match left.checked_sub(*size) {
                    Some(rest) => {
                        left = rest;
                        all.insert(path.clone());
                    }
                    None => {
                        let files = self.too_much.entry((*document).to_owned());
                        files.or_default().insert(path.clone());
                    }
                }
            }
        }
        all
    }
}

/// The bundle that an article or a page is: its folder, if it is called `index`.
fn bundle(document: &str) -> Option<&str> {
    let (folder, _) = document.rsplit_once('/')?;
    ArticleName::of(document).is_bundle.then_some(folder)
}

/// The bundles, and the other folders with documents, whose files are nobody's.
struct Owners<'a> {
    bundles: HashSet<&'a str>,
    others: HashSet<&'a str>,
}

impl<'a> Owners<'a> {
    fn of(found: &Found<'a>) -> Owners<'a> {
        let folder = |path: &&'a str| path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let documents = found.documents.iter().copied();
        // What lies at the top is no bundle, or it would own all other files.
        let bundles = documents
            .clone()
            .filter_map(bundle)
            .filter(|folder| !found.roots.contains(folder));
        Owners {
            bundles: bundles.collect(),
            others: documents.map(|path| folder(&path)).collect(),
        }
    }

    /// The bundle that a file belongs to: the next folder above it that has documents, if that is
    /// one.
    fn of_file<'p>(&self, path: &'p str) -> Option<&'p str> {
        let mut rest = path;
        while let Some((folder, _)) = rest.rsplit_once('/') {
            if self.bundles.contains(folder) {
                return Some(folder);
            }
            if self.others.contains(folder) {
                return None;
            }
            rest = folder;
        }
        None
    }
}

fn refusal(entry: &Entry) -> Option<Refusal> {
    if !is_shown(&entry.path) {
        return Some(Refusal::Kind);
    }
    (entry.stamp.size > budget::COPIED_FILE).then_some(Refusal::Size(entry.stamp.size))
}

/// Whether browsers show or download files of this kind, and run nothing in them.
fn is_shown(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    // Hosts look for their settings under names without an ending.
    if !name.contains('.') {
        return false;
    }
    let media = media_type(path);
    let media = media.split(';').next().unwrap_or_default();
    let (kind, format) = media.split_once('/').unwrap_or((media, ""));
    match kind {
        "image" | "audio" | "video" | "font" => true,
        "text" => matches!(format, "plain" | "csv" | "vtt"),
        _ => matches!(format, "pdf" | "zip" | "gzip" | "json"),
    }
}

fn read(source: &dyn Workspace, path: String, stamp: Stamp) -> Result<(String, File), Diagnostic> {
    let bytes = source.read(&path).map_err(|error| {
        Diagnostic::error(workspace::UNREADABLE, format!("it cannot be read: {error}"))
            .at(Location::file(&path))
    })?;
    let is_svg = media_type(&path).starts_with("image/svg");
    let file = File {
        hash: Hash128::of(&bytes),
        stamp,
        is_inert: !is_svg || svg::is_inert(&bytes),
    };
    Ok((path, file))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Memory;

    #[test]
    fn only_what_is_shown_is_copied() {
        for path in [
            "a/b.JPG", "a.webp", "a.svg", "a.mp4", "a.pdf", "a.csv", "a.zip", "a.json",
        ] {
            assert!(is_shown(path), "{path}");
        }
        for path in [
            "a.html",
            "a.htm",
            "a.xhtml",
            "a.js",
            "a.mjs",
            "a.css",
            "a.xml",
            "a.xsl",
            "a.wasm",
            "a.swf",
            "a.md",
            "a",
            "feed.xml",
            "a.svgz",
            "CNAME",
            "_headers",
            "feed.json",
        ] {
            assert!(!is_shown(path), "{path}");
        }
    }

    #[test]
    fn files_belong_to_the_next_bundle_above() {
        let names = [
            "c/index.md",
            "c/a/index.md",
            "c/a/x.png",
            "c/a/img/y.png",
            "c/a/b/index.md",
            "c/a/b/z.png",
            "c/list/one.md",
            "c/list/q.png",
            "c/list/named.png",
            "c/top.png",
            "c/a/page.html",
        ];
        let source = names
            .into_iter()
            .fold(Memory::default(), |all, name| all.with(name, "x"));
        let documents: Vec<&str> = names
            .into_iter()
            .filter(|name| name.ends_with(".md"))
            .collect();
        let found = Found {
            roots: vec!["c"],
            others: {
                let mut others = source.list("c").entries;
                others.retain(|entry| !entry.path.ends_with(".md"));
                others
            },
            documents,
            named: vec![("c/list/one.md", vec!["c/list/named.png".to_owned()])],
        };
        let mut problems = Vec::new();
        let (files, differs) = Files::load(&source, found, &Known::default(), &mut problems);
        assert!(differs && problems.is_empty());
        assert_eq!(
            files.of_bundle("c/a/index.md"),
            ["c/a/img/y.png", "c/a/x.png"]
        );
        assert_eq!(files.of_bundle("c/a/b/index.md"), ["c/a/b/z.png"]);
        assert!(files.of_bundle("c/index.md").is_empty());
        assert!(files.of_bundle("c/list/one.md").is_empty());
        assert!(files.hash("c/list/named.png").is_some() && files.hash("c/list/q.png").is_none());
        assert_eq!(files.lint().count(), 1);
    }

    #[test]
    fn named_files_are_not_too_much() {
        let large = vec![b'x'; usize::try_from(budget::NAMED_FILES / 2).unwrap()];
        let names = ["c/a.png", "c/b.png", "c/c.png"];
        let add = |all: Memory, name: &str| all.with(name, large.clone());
        let source = names.into_iter().fold(Memory::default(), add);
        let named: Vec<String> = names.into_iter().map(str::to_owned).collect();
        let found = Found {
            roots: vec!["c"],
            documents: vec!["c/one.md", "c/two.md"],
            others: source.list("c").entries,
            named: vec![
                ("c/one.md", named.clone()),
                ("c/two.md", vec![named[2].clone()]),
            ],
        };
        let (files, _) = Files::load(&source, found, &Known::default(), &mut Vec::new());
        assert!(!files.is_refused("c/one.md", "c/b.png"));
        assert!(files.is_refused("c/one.md", "c/c.png"));
        assert!(!files.is_refused("c/two.md", "c/c.png") && files.hash("c/c.png").is_some());
        assert_eq!(files.lint().count(), 1);
    }
}
