//! The layering of `src/`: a stage imports only from the stages before it, one stage builds URLs,
//! one knows the manifest, and no file grows too long.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod support;

use std::collections::BTreeSet;
use std::fs;

use support::{files, repository};

/// The stages in their order. One imports from those before it, and from itself.
const ORDER: [&str; 31] = [
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

/// Lines of a file, at most. The list of settings is a flat table, and may be longer.
const LONGEST: usize = 650;

/// A source file: its path below `src/`, and its text without comments and without its tests.
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
            lines: text.lines().count(),
            code,
        }
    })
    .collect()
}

/// The stage that a file belongs to.
fn stage(path: &str) -> &str {
    path.split('/').next().unwrap().trim_end_matches(".rs")
}

/// Names of the stages after each `crate::`.
fn imports(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$') {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut name = String::new();
            let mut taken = false;
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => taken = false,
                    _ if depth > 0 || taken => continue,
                    c if c.is_alphanumeric() || c == '_' => {
                        name.push(c);
                        continue;
                    }
                    ':' => taken = true,
                    _ => continue,
                }
                found.extend((!name.is_empty()).then(|| std::mem::take(&mut name)));
            }
            found.extend((!name.is_empty()).then_some(name));
        } else {
            found.insert(
                rest.chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect(),
            );
        }
    }
    found
}

#[test]
fn imports_are_read_in_every_form() {
    let read = |code: &str| imports(code).into_iter().collect::<Vec<_>>();
    assert_eq!(read("use crate::plan::{self, Plan};"), ["plan"]);
    assert_eq!(
        read("use crate::{config::{Config, keys}, time::Time, digest};"),
        ["config", "digest", "time"]
    );
    assert_eq!(
        read("let x = crate::theme::encode(a); mycrate::no()"),
        ["theme"]
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

#[test]
fn the_architecture_page_says_what_each_file_of_a_stage_is_for() {
    let page = architecture();
    let (_, stages) = page.split_once("\n## The stages\n").unwrap();
    let (stages, _) = stages.split_once("\n## ").unwrap();
    let mut named = BTreeSet::new();
    for paragraph in stages.split("\n\n").filter(|text| text.contains("**")) {
        let stage = paragraph.trim_start().trim_start_matches('*');
        let (stage, text) = stage.split_once(".**").unwrap();
        let names = text.split('`').skip(1).step_by(2);
        for name in names.filter(|name| name.ends_with(".rs")) {
            let path = match name.strip_prefix("src/") {
                Some(path) => path.to_owned(),
                None => format!("{stage}/{name}"),
            };
            assert!(
                repository().join("src").join(&path).exists(),
                "ARCHITECTURE.md names {name} in the paragraph on {stage}"
            );
            named.insert(path);
        }
    }
    // A stage whose files are not all listed says what it does as a whole.
    let listed = [
        "config", "content", "curate", "theme", "plan", "render", "search", "deploy",
    ];
    for source in sources()
        .iter()
        .filter(|source| listed.contains(&stage(&source.path)))
    {
        let is_root = source.path.ends_with("/mod.rs") || source.path.ends_with("/tests.rs");
        assert!(
            is_root || named.contains(&source.path),
            "ARCHITECTURE.md does not say what src/{} is for",
            source.path
        );
    }
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
