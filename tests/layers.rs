//! The layering of `src/`: a stage imports only from the stages before it, one stage builds URLs,
//! one knows the manifest, and no file grows too long.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use support::{files, repository};

/// The stages in their order. One imports from those before it, and from itself.
const ORDER: [&str; 32] = [
    "diagnostic",
    "hash",
    "git",
    "time",
    "workspace",
    "document",
    "table",
    "mime",
    "percent",
    "slug",
    "script",
    "words",
    "ids",
    "output_path",
    "color",
    "condition",
    "config",
    "content",
    "curate",
    "theme",
    "plan",
    "render",
    "search",
    "write",
    "http",
    "edit",
    "fetch",
    "inspect",
    "pipeline",
    "serve",
    "deploy",
    "cli",
];

/// Lines of a file below its head, at most. The list of settings is a flat table, and may be
/// longer.
const LONGEST: usize = 650;

/// A source file: its path below `src/`, how many lines follow the documentation at its head, and
/// its text without comments and without its tests.
struct Source {
    path: String,
    lines: usize,
    code: String,
}

fn sources() -> Vec<Source> {
    let src = repository().join("src");
    let rust = files(&src)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"));
    rust.map(|path| {
        let text = fs::read_to_string(&path).unwrap();
        let code = text
            .split("\n#[cfg(test)]\nmod tests")
            .next()
            .unwrap_or_default();
        let code = code
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .collect::<Vec<_>>()
            .join("\n");
        let path = path
            .strip_prefix(&src)
            .unwrap()
            .to_string_lossy()
            .replace('\\', "/");
        Source {
            path,
            lines: text
                .lines()
                .skip_while(|line| line.starts_with("//!"))
                .count(),
            code,
        }
    })
    .collect()
}

/// The stage that a file belongs to.
fn stage(path: &str) -> &str {
    path.split('/').next().unwrap().trim_end_matches(".rs")
}

/// The paths that some code names, from `crate` or `super` on, of each import and in the text.
fn paths(code: &str) -> Vec<Vec<&str>> {
    let mut found = Vec::new();
    for start in ["crate::", "super::"] {
        for (at, _) in code.match_indices(start) {
            let is_inside = |c: char| c.is_alphanumeric() || c == '_' || c == '$' || c == ':';
            if !code[..at].ends_with(is_inside) {
                read_path(&code[at..], Vec::new(), &mut found);
            }
        }
    }
    found
}

/// Reads a path, or several of a group in braces, and returns what follows.
fn read_path<'c>(code: &'c str, before: Vec<&'c str>, found: &mut Vec<Vec<&'c str>>) -> &'c str {
    let mut path = before;
    let mut rest = code.trim_start();
    loop {
        if let Some(mut group) = rest.strip_prefix('{') {
            loop {
                group = read_path(group, path.clone(), found).trim_start();
                // The name after `as`, and the comma.
                let end = group.find([',', '}', ';']).unwrap_or(group.len());
                let (_, after) = group.split_at(end);
                match after.strip_prefix(',') {
                    Some(next) if !next.trim_start().starts_with('}') => group = next,
                    Some(next) => return next.trim_start().strip_prefix('}').unwrap_or(next),
                    None => return after.strip_prefix('}').unwrap_or(after),
                }
            }
        }
        let end = rest
            .find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .unwrap_or(rest.len());
        if end > 0 {
            path.push(&rest[..end]);
        }
        match rest[end..].strip_prefix("::") {
            Some(next) => rest = next,
            None => {
                found.push(path);
                return &rest[end..];
            }
        }
    }
}

/// Names of the stages that some code imports from.
fn imports(code: &str) -> BTreeSet<String> {
    let paths = paths(code).into_iter();
    let of_crate = paths.filter(|path| path[0] == "crate" && path.len() > 1);
    of_crate.map(|path| path[1].to_owned()).collect()
}

#[test]
fn imports_are_read_in_every_form() {
    let read = |code: &str| imports(code).into_iter().collect::<Vec<_>>();
    assert_eq!(read("use crate::plan::{self, Plan};"), ["plan"]);
    assert_eq!(
        read("use crate::{config::{Config, keys as k}, time::Time, digest,};"),
        ["config", "digest", "time"]
    );
    assert_eq!(
        read("let x = crate::theme::encode(a); mycrate::no()"),
        ["theme"]
    );
    assert_eq!(
        paths("use super::super::a::{b, c::{self, d}}; super::e(super::f::g)"),
        [
            vec!["super", "super", "a", "b"],
            vec!["super", "super", "a", "c", "self"],
            vec!["super", "super", "a", "c", "d"],
            vec!["super", "e"],
            vec!["super", "f", "g"],
        ]
    );
}

/// The modules of which some code of a module names something.
fn named_modules(
    module: &[String],
    code: &str,
    modules: &BTreeSet<Vec<String>>,
) -> BTreeSet<Vec<String>> {
    let resolve = |path: Vec<&str>| {
        let supers = path.iter().take_while(|part| **part == "super").count();
        let (mut at, rest) = match path[0] {
            "crate" => (Vec::new(), &path[1..]),
            _ => {
                let outer = module.len().saturating_sub(supers);
                (module[..outer].to_vec(), &path[supers..])
            }
        };
        for part in rest {
            at.push((*part).to_owned());
            if !modules.contains(&at) {
                at.pop();
                break;
            }
        }
        at
    };
    paths(code).into_iter().map(resolve).collect()
}

#[test]
fn no_modules_import_each_other_in_a_circle() {
    let sources: Vec<(Vec<String>, String)> = sources()
        .into_iter()
        .map(|source| {
            let path = source.path.trim_end_matches(".rs").trim_end_matches("/mod");
            (path.split('/').map(str::to_owned).collect(), source.code)
        })
        .collect();
    let modules: BTreeSet<Vec<String>> = sources.iter().map(|(module, _)| module.clone()).collect();
    // For each module, what those directly in it, with all that is in them, import of each other.
    let mut edges: BTreeMap<&[String], BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for (module, code) in &sources {
        if module.last().is_some_and(|name| name == "tests") {
            continue;
        }
        for named in named_modules(module, code, &modules) {
            let both = module.iter().zip(&named);
            let shared = both.take_while(|(one, other)| one == other).count();
            if let (Some(from), Some(to)) = (module.get(shared), named.get(shared)) {
                let inside = edges.entry(&module[..shared]).or_default();
                inside.entry(from.clone()).or_default().insert(to.clone());
            }
        }
    }
    let mut circles = Vec::new();
    for (outer, mut inside) in edges {
        // What imports nothing that is left is in no circle, nor is what nothing imports.
        loop {
            let before = inside.len();
            let left: BTreeSet<String> = inside.keys().cloned().collect();
            inside
                .values_mut()
                .for_each(|named| named.retain(|name| left.contains(name)));
            let named: BTreeSet<String> = inside.values().flatten().cloned().collect();
            inside.retain(|from, to| !to.is_empty() && named.contains(from));
            if inside.len() == before {
                break;
            }
        }
        for (from, named) in inside {
            circles.push(format!("{}: {from} → {named:?}", outer.join("/")));
        }
    }
    assert!(
        circles.is_empty(),
        "these import each other:\n{}",
        circles.join("\n")
    );
}

#[test]
fn a_stage_imports_only_from_stages_before_it() {
    let place = |name: &str| ORDER.iter().position(|stage| *stage == name);
    let mut wrong = Vec::new();
    for source in sources() {
        let name = stage(&source.path);
        if matches!(name, "main" | "lib") {
            continue;
        }
        let own = place(name)
            .unwrap_or_else(|| panic!("{} is in no stage: add it to the order", source.path));
        for import in imports(&source.code) {
            match place(&import) {
                Some(other) if other <= own => {}
                Some(_) => wrong.push(format!(
                    "src/{} imports from `{import}`, which comes after `{name}`",
                    source.path
                )),
                None => wrong.push(format!(
                    "src/{} imports `{import}`, which is no stage",
                    source.path
                )),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_routes_build_urls() {
    // Texts for people, defaults of settings, the types of files, and the usual places of other
    // people's feeds may show addresses.
    const MAY_SHOW: [&str; 8] = [
        "config/keys.rs",
        "config/strings.rs",
        "config/resolve.rs",
        "config/resolve/permalinks.rs",
        "cli/args.rs",
        "cli/args/way_in.rs",
        "cli/sources/add.rs",
        "mime.rs",
    ];
    const ADDRESSES: [&str; 21] = [
        "page/",
        "/topics/",
        "/providers/",
        "/archive/",
        "/sources/",
        "/events/",
        "/search/",
        "/sitemaps",
        "/api/",
        "feed.xml",
        "rss.xml",
        "feed.json",
        "sitemap.xml",
        "/news/",
        "/digest/",
        "latest.",
        "opensearch.xml",
        "llms.txt",
        "news-sitemap.xml",
        "manifest.webmanifest",
        "feeds.opml",
    ];
    let mut wrong = Vec::new();
    for source in sources() {
        // The preview server has addresses of its own, and an article's file is no URL.
        if source.path == "plan/route.rs"
            || MAY_SHOW.contains(&source.path.as_str())
            || stage(&source.path) == "serve"
        {
            continue;
        }
        for text in literals(&source.code) {
            let is_file = text.starts_with("content/") || text.contains(".md");
            if let Some(address) = ADDRESSES
                .iter()
                .find(|address| text.contains(**address))
                .filter(|_| !is_file)
            {
                wrong.push(format!(
                    "src/{} has `{address}` in {text:?}: only plan/route.rs makes URLs",
                    source.path
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The string literals of some code.
fn literals(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut chars = code.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\'' => {
                // A character, or a lifetime.
                let next: Vec<char> = chars.clone().take(3).collect();
                if next.first() == Some(&'\\') || next.get(1) == Some(&'\'') {
                    chars.by_ref().take(2).for_each(drop);
                }
            }
            '"' => {
                let mut text = String::new();
                while let Some(c) = chars.next() {
                    match c {
                        '\\' => text.extend(chars.next()),
                        '"' => break,
                        c => text.push(c),
                    }
                }
                found.push(text);
            }
            _ => {}
        }
    }
    found
}

#[test]
fn what_makes_bytes_reaches_articles_through_their_inputs_alone() {
    // These would be ways past what fingerprints cover.
    const PAST: [&str; 3] = ["Library", "Edition", "assets"];
    for source in sources() {
        if ["render", "search"].contains(&stage(&source.path)) {
            let mut words = source
                .code
                .split(|c: char| !(c.is_alphanumeric() || c == '_'));
            let past = words.find(|word| PAST.contains(word));
            assert!(
                past.is_none(),
                "src/{} names {past:?}: take it from `plan::inputs`",
                source.path
            );
        }
    }
}

#[test]
fn only_the_write_stage_knows_the_manifest() {
    for source in sources() {
        let knows = source.code.contains("newsgen manifest") || source.code.contains("MARKER");
        assert!(
            !knows || stage(&source.path) == "write",
            "src/{} knows the manifest",
            source.path
        );
        let opens = source.code.contains("manifest::") || source.code.contains("Manifest");
        assert!(
            !opens || stage(&source.path) == "write",
            "src/{} opens the manifest",
            source.path
        );
    }
}

#[test]
fn pure_stages_do_not_look_at_the_world() {
    const WORLD: [&str; 7] = [
        "std::fs",
        "std::env",
        "SystemTime",
        "Instant::now",
        "Timestamp::now",
        "Zoned::now",
        "std::net",
    ];
    for source in sources() {
        if [
            "curate",
            "plan",
            "render",
            "search",
            "config",
            "diagnostic",
            "hash",
            "time",
        ]
        .contains(&stage(&source.path))
        {
            for item in WORLD {
                assert!(
                    !source.code.contains(item),
                    "src/{} uses {item}",
                    source.path
                );
            }
        }
    }
}

#[test]
fn files_are_read_and_written_by_those_who_may() {
    // A site's own files go through the workspace. The output, targets of deploys and the state
    // folder belong to the stages that keep them, an index of git to who runs it; the preview
    // streams large static files.
    const MAY: [&str; 9] = [
        "workspace/",
        "git.rs",
        "write/",
        "deploy/",
        "table.rs",
        "content/cache.rs",
        "fetch/ledger/index.rs",
        "pipeline/reuse.rs",
        "serve/http.rs",
    ];
    for source in sources() {
        let may = MAY.iter().any(|place| source.path.starts_with(place));
        assert!(
            may || !source.code.contains("std::fs") && !source.code.contains("fs::"),
            "src/{} uses std::fs: a site's files go through `workspace`",
            source.path
        );
    }
}

#[test]
fn only_the_terminal_prints() {
    for source in sources() {
        let prints = [
            "println!",
            "eprint!",
            " print!",
            "io::stdout()",
            "io::stderr()",
        ]
        .iter()
        .any(|print| source.code.contains(print));
        assert!(
            !prints || source.path == "cli/terminal.rs",
            "src/{} prints",
            source.path
        );
    }
}

#[test]
fn no_file_is_longer_than_a_reader_likes() {
    let mut wrong = Vec::new();
    for source in sources() {
        if source.lines > LONGEST && source.path != "config/keys.rs" {
            wrong.push(format!(
                "src/{} has {} lines; split it (at most {LONGEST})",
                source.path, source.lines
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn architecture() -> String {
    fs::read_to_string(repository().join("ARCHITECTURE.md")).unwrap()
}

#[test]
fn the_architecture_page_lists_the_modules_in_their_order() {
    let page = architecture();
    let (_, list) = page.split_once("\n## Modules\n").unwrap();
    let (list, _) = list.split_once("\n## ").unwrap();
    let listed: Vec<&str> = list
        .lines()
        .filter_map(|line| line.strip_prefix("- `")?.split('`').next())
        .collect();
    assert_eq!(listed, ORDER);
}

/// The files and folders that the head of a module lists: those of its lines that begin with a name
/// in a list.
fn listed_in(head: &str) -> BTreeSet<&str> {
    head.lines()
        .map_while(|line| line.strip_prefix("//!"))
        .filter_map(|line| line.strip_prefix(" - `")?.split_once("`: "))
        .map(|(name, _)| name)
        .filter(|name| name.ends_with(".rs") || name.ends_with('/'))
        .collect()
}

#[test]
fn each_module_says_what_its_files_are_for() {
    let src = repository().join("src");
    let mut folders: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let sources = sources();
    for source in &sources {
        let Some((folder, name)) = source.path.rsplit_once('/') else {
            continue;
        };
        let inner = folders.entry(folder).or_default();
        if name == "mod.rs" {
            if let Some((outer, folder)) = folder.rsplit_once('/') {
                let outer = folders.entry(outer).or_default();
                outer.insert(format!("{folder}/"));
            }
        } else if name != "tests.rs" {
            inner.insert(name.to_owned());
        }
    }
    let mut wrong = Vec::new();
    for (folder, files) in folders {
        let mut heads = [format!("{folder}/mod.rs"), format!("{folder}.rs")].into_iter();
        let head = heads.find(|head| src.join(head).exists()).unwrap();
        let text = fs::read_to_string(src.join(&head)).unwrap();
        let listed = listed_in(&text);
        for file in files.iter().filter(|file| !listed.contains(file.as_str())) {
            wrong.push(format!(
                "src/{head} does not say what {file} is for: add \"//! - `{file}`: …\""
            ));
        }
        for name in listed.iter().filter(|name| !files.contains(**name)) {
            wrong.push(format!("src/{head} lists {name}, which is not there"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_file_says_at_its_head_what_it_is() {
    let src = repository().join("src");
    for source in sources() {
        let text = fs::read_to_string(src.join(&source.path)).unwrap();
        assert!(
            text.starts_with("//! ") || source.path.ends_with("tests.rs"),
            "src/{} does not begin with its documentation",
            source.path
        );
    }
}

#[test]
fn the_architecture_page_is_read_in_ten_minutes() {
    // At 240 words a minute.
    let words = architecture().split_whitespace().count();
    assert!(
        words <= 2400,
        "ARCHITECTURE.md has {words} words: what single files do belongs at the head of their \
         module, why something is as it is in docs/decisions/"
    );
}

#[test]
fn the_architecture_page_names_every_module() {
    let page = architecture();
    let modules: BTreeSet<String> = sources()
        .iter()
        .map(|source| stage(&source.path).to_owned())
        .collect();
    for module in modules
        .iter()
        .filter(|module| *module != "main" && *module != "lib")
    {
        let named = [
            format!("`{module}`"),
            format!("{module}/"),
            format!("{module}.rs"),
            format!("{module}::"),
        ];
        assert!(
            named.iter().any(|name| page.contains(name.as_str())),
            "ARCHITECTURE.md does not name `{module}`"
        );
    }
    let starts = ["src/", "tests/", "docs/", "scripts/", "static/"];
    let starts = starts.iter().flat_map(|folder| page.match_indices(folder));
    let paths = starts.map(|(at, _)| {
        let end = page[at..]
            .find(|c: char| !(c.is_alphanumeric() || "/._-".contains(c)))
            .unwrap_or(page.len() - at);
        page[at..at + end].trim_end_matches(['.', '/'])
    });
    for path in paths {
        assert!(
            repository().join(path).exists(),
            "ARCHITECTURE.md names {path}, and there is no such file"
        );
    }
}
