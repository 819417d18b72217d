//! Paths of output files: which of them can stand side by side on every file system, and which are
//! for newsgen, version control and hosts alone.
//!
//! A site is written on one machine, checked out on another and served by a third. Two paths that
//! differ only in case, or only in how a letter with an accent is encoded, are one file on macOS
//! and Windows, and no system has a file and a folder of one name.

use std::borrow::Cow;
use std::cmp::Reverse;

use ahash::{HashMap, HashMapExt, HashSet, HashSetExt};
use rayon::prelude::*;
use unicode_normalization::UnicodeNormalization;

use crate::ids::{Id, List};

/// Longest name that common file systems can hold (ext4, APFS, NTFS), in bytes.
pub const LONGEST_NAME: usize = 255;

/// Longest path of a page, in bytes: systems take 1,024 or 4,096 with the folder of the output, and
/// some browsers and hosts 2,000 characters of a URL.
pub const LONGEST_PATH: usize = 900;

/// The file that servers send for a folder.
const INDEX: &str = "index.html";

/// Names at the root of a site under which a host looks for its settings, folded. (CNAME: GitHub
/// Pages; `_…`: Netlify, Cloudflare Pages and newsgen's own files for web servers; the others:
/// IIS, Netlify, Vercel, Azure Static Web Apps, Jekyll.)
const HOST_FILES: [&str; 13] = [
    "_caddyfile",
    "_config.yml",
    "_headers",
    "_nginx.conf",
    "_redirects",
    "_routes.json",
    "_worker.bundle",
    "_worker.js",
    "cname",
    "netlify.toml",
    "staticwebapp.config.json",
    "vercel.json",
    "web.config",
];

/// A path in the form that all paths have which some file system takes for the same file: without
/// case (Unicode case folding by way of capitals), in NFC, without the invisible characters that
/// HFS+ passes over (<https://developer.apple.com/library/archive/technotes/tn/tn1150.html>).
pub fn fold(path: &str) -> Cow<'_, str> {
    if path
        .bytes()
        .all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase())
    {
        return Cow::Borrowed(path);
    }
    if path.is_ascii() {
        return Cow::Owned(path.to_ascii_lowercase());
    }
    let folded = path
        .nfd()
        .filter(|c| !is_passed_over(*c))
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase);
    // Changing case may leave a letter before its accent, or an accent that now belongs to it.
    Cow::Owned(folded.nfc().collect())
}

/// Characters that HFS+ ignores in names.
fn is_passed_over(c: char) -> bool {
    matches!(
        c,
        '\u{200c}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{206a}'..='\u{206f}'
            | '\u{feff}'
    )
}

/// Why no page may have a path: words that follow on its name. `path` is decoded and may begin or
/// end with a slash. Static files of the owner may have such paths.
pub fn reserved(path: &str) -> Option<&'static str> {
    let folded = fold(path);
    let inner = folded.strip_prefix('/').unwrap_or(&folded);
    let mut parts = inner.split('/').peekable();
    if HOST_FILES.contains(parts.peek()?) {
        return Some("has a first part under which hosts look for their settings");
    }
    while let Some(part) = parts.next() {
        if part.starts_with('.') {
            return Some("has a part that begins with a dot, as hidden files and settings do");
        }
        if part.ends_with('.') {
            return Some("has a part that ends with a dot, which Windows leaves out");
        }
        if is_short_name_of_git(part) {
            return Some("has a part that is another name of `.git` on Windows");
        }
        if part == INDEX && parts.peek().is_some() {
            return Some("needs a folder of the name `index.html`, which is the file of a folder");
        }
    }
    None
}

/// `git~1`: what NTFS may call `.git`, so that git refuses to check it out.
fn is_short_name_of_git(part: &str) -> bool {
    part.strip_prefix("git~")
        .is_some_and(|number| number.starts_with(|c: char| c.is_ascii_digit()))
}

/// Two files that cannot stand side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict<I> {
    /// The file that stays.
    pub stays: I,
    /// The file that goes.
    pub goes: I,
    /// Why.
    pub kind: ConflictKind,
}

/// Why two files cannot stand side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConflictKind {
    /// Their paths are the same when folded.
    Same,
    /// One needs a folder where the other is a file.
    Folder,
}

/// The files that have to go so that no two of the others conflict. `folded` are paths by [`fold`];
/// of two that conflict, the one with the smaller rank stays. Of equal ranks it is the one that
/// needs a folder where the other is a file, since others may need that folder too, or else the one
/// that comes first. Each file that goes is named once, in this order.
pub fn conflicts<I: Id>(
    folded: &List<I, Cow<'_, str>>,
    rank: impl Fn(I) -> u8,
) -> Vec<Conflict<I>> {
    let mut order: Vec<I> = folded.ids().collect();
    let depth = |id: I| folded[id].matches('/').count();
    order.sort_by_key(|id| (rank(*id), Reverse(depth(*id))));
    let mut files: HashMap<&str, I> = HashMap::with_capacity(folded.len());
    let mut folders: HashMap<&str, I> = HashMap::new();
    let mut conflicts = Vec::new();
    for id in order {
        let path = folded[id].as_ref();
        let same = files.get(path).map(|stays| (*stays, ConflictKind::Same));
        let as_folder = || folders.get(path).copied();
        let above = || folders_of(path).find_map(|folder| files.get(folder).copied());
        let in_the_way = || {
            as_folder()
                .or_else(above)
                .map(|stays| (stays, ConflictKind::Folder))
        };
        match same.or_else(in_the_way) {
            Some((stays, kind)) => conflicts.push(Conflict {
                stays,
                goes: id,
                kind,
            }),
            None => {
                files.insert(path, id);
                for folder in folders_of(path) {
                    folders.entry(folder).or_insert(id);
                }
            }
        }
    }
    conflicts
}

/// Whether no two files conflict, by their folded paths; nearly always so, and much faster found
/// out than [`conflicts`].
pub fn can_all_stand(folded: &[Cow<'_, str>]) -> bool {
    let mut files: HashSet<&str> = HashSet::with_capacity(folded.len());
    let mut names: HashSet<&str> = HashSet::new();
    for path in folded {
        if !files.insert(path) {
            return false;
        }
        let name = path.rsplit('/').next().unwrap_or_default();
        if name != INDEX {
            names.insert(name);
        }
    }
    // A folder is looked up only if some file has its name; nearly all files are an index.
    let needs_file = |path: &str| {
        let mut start = 0;
        path.match_indices('/').any(|(end, _)| {
            let name = &path[start..end];
            start = end + 1;
            (name == INDEX || names.contains(name)) && files.contains(&path[..end])
        })
    };
    let paths = folded.par_iter().with_min_len(1024);
    !paths.any(|path| needs_file(path))
}

/// The folders above a file.
pub fn folders_of(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ids::PageId;

    #[test]
    fn names_of_one_file_are_folded_alike() {
        for (one, other) in [
            ("About/index.html", "about/INDEX.html"),
            ("caf\u{e9}", "CAFE\u{301}"),
            ("stra\u{df}e", "STRASSE"),
            ("\u{3c3}\u{3b1}\u{3c2}", "\u{3a3}\u{391}\u{3a3}"),
            (".g\u{200c}it", ".git"),
            ("\u{212a}", "k"),
            ("\u{1c5}", "\u{1c6}"),
        ] {
            assert_eq!(fold(one), fold(other), "{one} {other}");
        }
        assert_ne!(fold("a"), fold("\u{e4}"));
    }

    #[test]
    fn places_that_are_not_an_articles_are_known_in_every_spelling() {
        for path in [
            "/.git/config/",
            "/.htaccess/",
            "/.well-known/x/",
            "/a/.newsgen-output/",
            "/\u{200c}.git/",
            "/.GIT/",
            "/git~1/",
            "/a/GIT~12/",
            "/a./",
            "/index.html/",
            "/a/Index.HTML/x/",
            "/_Headers/",
            "/cname",
            "/_worker.js/x/",
        ] {
            assert!(reserved(path).is_some(), "{path}");
        }
        for path in [
            "/",
            "/a/index.html",
            "/v1.2/",
            "/a..b/",
            "/git/",
            "/git~/",
            "/a/_headers/",
            "/_old/",
        ] {
            assert_eq!(reserved(path), None, "{path}");
        }
    }

    #[test]
    fn the_stronger_file_stays() {
        let paths = ["ads.txt/index.html", "ads.txt", "about", "About"].map(Into::into);
        let folded: List<PageId, Cow<'_, str>> =
            paths.iter().map(|path: &String| fold(path)).collect();
        let conflict = |stays, goes, kind| Conflict {
            stays: PageId::new(stays),
            goes: PageId::new(goes),
            kind,
        };
        assert_eq!(
            conflicts(&folded, |id| [5, 3, 0, 0][id.number()]),
            [
                conflict(2, 3, ConflictKind::Same),
                conflict(1, 0, ConflictKind::Folder)
            ]
        );
    }

    /// Whether a file system without case can hold both.
    fn stand_side_by_side(one: &str, other: &str) -> bool {
        let (one, other) = (fold(one), fold(other));
        let holds = |file: &str, path: &str| path.starts_with(&format!("{file}/"));
        one != other && !holds(&one, &other) && !holds(&other, &one)
    }

    /// Paths that often are, hold, or fold to others.
    fn path() -> impl Strategy<Value = String> {
        "([aAéÉ]|index.html|e\u{301})(/([aA.]|index.html)){0,3}"
    }

    proptest! {
        #[test]
        fn what_is_accepted_stands_side_by_side(
            paths in proptest::collection::vec(path(), 0..12),
            ranks in proptest::collection::vec(0_u8..6, 12),
        ) {
            let paths: List<PageId, String> = paths.into();
            let ranks: List<PageId, u8> = ranks.into();
            let folded = paths.map(|path| fold(path));
            let found = conflicts(&folded, |id| ranks[id]);
            let goes: Vec<PageId> = found.iter().map(|conflict| conflict.goes).collect();
            let kept: Vec<PageId> = paths.ids().filter(|id| !goes.contains(id)).collect();
            for (at, one) in kept.iter().enumerate() {
                for other in &kept[at + 1..] {
                    prop_assert!(stand_side_by_side(&paths[*one], &paths[*other]));
                }
            }
            for Conflict { stays, goes, kind } in found {
                prop_assert!(kept.contains(&stays));
                match kind {
                    ConflictKind::Same => {
                        prop_assert!((ranks[stays], stays) < (ranks[goes], goes));
                    }
                    ConflictKind::Folder => prop_assert!(ranks[stays] <= ranks[goes]),
                }
                prop_assert!(!stand_side_by_side(&paths[stays], &paths[goes]));
            }
        }

        #[test]
        fn folding_twice_changes_nothing(path in "\\PC{0,12}") {
            let once = fold(&path).into_owned();
            prop_assert_eq!(fold(&once), once.as_str());
        }
    }
}
