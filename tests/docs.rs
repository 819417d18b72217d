//! The documentation says what the program does: its pages are printed by the program, or compared
//! with it.
//!
//! `NEWSGEN_BLESS=1 cargo test --test docs` writes `docs/site-toml.md`, `docs/commands.md` and the
//! table of texts in `docs/theming.md` anew.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod support;

use std::collections::BTreeSet;
use std::fs;

use clap::CommandFactory;
use newsgen::cli::args::Cli;
use newsgen::config::keys::{self, KEYS, Key, ValueKind};
use newsgen::config::strings::{LISTS, STRINGS};
use newsgen::config::{Config, Overrides};
use support::{Newsgen, compare, files, is_blessing, repository};

/// Compares a page with what it should be, or writes it.
#[track_caller]
fn page(path: &str, text: &str) {
    let file = repository().join(path);
    if is_blessing() {
        fs::write(&file, text).unwrap();
    }
    let found = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        found == text,
        "{path}, {}\nNEWSGEN_BLESS=1 writes it anew",
        compare(Some(&found), Some(text))
    );
}

fn read(path: &str) -> String {
    fs::read_to_string(repository().join(path)).unwrap()
}

/// The names of the Markdown files that lie in a folder itself, sorted.
fn markdown_in(folder: &str) -> impl Iterator<Item = String> {
    let folder = repository().join(folder);
    let inner = files(&folder)
        .into_iter()
        .filter(move |path| path.parent() == Some(folder.as_path()));
    inner
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".md"))
}

/// The names of the files below `docs/decisions/`, the index among them.
fn decisions() -> impl Iterator<Item = String> {
    markdown_in("docs/decisions")
}

/// The pages of the documentation, and the settings of the sample site: path and text.
fn pages() -> Vec<(String, String)> {
    let names = markdown_in("docs").map(|name| format!("docs/{name}"));
    let decisions = decisions().map(|name| format!("docs/decisions/{name}"));
    let outer = [
        "README.md",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "site.toml",
        "tests/README.md",
    ]
    .map(str::to_owned);
    names
        .chain(decisions)
        .chain(outer)
        .map(|path| (path.clone(), read(&path)))
        .collect()
}

#[test]
fn the_page_of_dependencies_names_each() {
    let page = read("docs/dependencies.md");
    let manifest = read("Cargo.toml");
    let names = |heading: &str| {
        let (_, section) = manifest.split_once(&format!("\n[{heading}]\n")).unwrap();
        let (section, _) = section.split_once("\n[").unwrap_or((section, ""));
        let names = section
            .lines()
            .filter_map(|line| Some(line.split_once(" = ")?.0));
        names.map(str::to_owned).collect::<Vec<_>>()
    };
    let sections = [
        "dependencies",
        "target.'cfg(unix)'.dependencies",
        "dev-dependencies",
    ];
    for name in sections.into_iter().flat_map(names) {
        assert!(
            page.contains(&format!("`{name}`")),
            "docs/dependencies.md does not say why there is `{name}`"
        );
    }
}

/// All templates of the default theme, one after the other.
fn templates() -> String {
    let pages = files(&repository().join("templates"));
    pages
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn the_page_of_settings_is_that_of_the_program() {
    page("docs/site-toml.md", &keys::reference());
}

#[test]
fn the_page_of_theming_has_every_text() {
    const HEAD: &str =
        "The strings of the theme, by name:\n\n| name | text | where |\n|---|---|---|\n";
    let row = |(name, text, place): &(&str, &str, &str)| {
        let text = if name.starts_with("format_") {
            format!("`{text}`")
        } else {
            (*text).to_owned()
        };
        format!("| `{name}` | {text} | {place} |\n")
    };
    let table: String = STRINGS.iter().map(row).collect();
    let found = read("docs/theming.md");
    let (before, rest) = found.split_once(HEAD).unwrap();
    let (_, after) = rest.split_once("\n\n").unwrap();
    page(
        "docs/theming.md",
        &format!("{before}{HEAD}{table}\n{after}"),
    );
}

/// Adds the help of a command, and that of the commands in it.
fn add_help(text: &mut String, command: &mut clap::Command, name: &str) {
    let help = command.render_long_help().to_string();
    let lines: Vec<&str> = help.lines().map(str::trim_end).collect();
    *text += &format!(
        "\n## {name}\n\n```text\n{}\n```\n",
        lines.join("\n").trim_end()
    );
    for inner in command
        .get_subcommands_mut()
        .filter(|inner| inner.get_name() != "help")
    {
        let name = format!("{name} {}", inner.get_name());
        add_help(text, inner, &name);
    }
}

#[test]
fn the_page_of_commands_is_that_of_the_program() {
    let mut text = String::from(
        "# Commands\n\nThis page is the output of `newsgen --help`, and of `newsgen COMMAND \
         --help` for each command.\n",
    );
    let mut command = Cli::command().term_width(100);
    command.build();
    add_help(&mut text, &mut command, "newsgen");
    page("docs/commands.md", &text);
}

fn all_keys() -> impl Iterator<Item = (String, Key)> {
    let nested = KEYS.iter().flat_map(|key| {
        keys::nested(key.name)
            .iter()
            .map(move |inner| (format!("{}.{}", key.name, inner.name), *inner))
    });
    KEYS.iter()
        .map(|key| (key.name.to_owned(), *key))
        .chain(nested)
}

#[test]
fn every_default_is_a_value_that_may_be_set() {
    for key in KEYS.iter().filter(|key| !key.default.is_empty()) {
        let text = format!("{} = {}\n", key.name, key.default);
        let config = Config::resolve("site.toml", &text, &Overrides::default());
        assert!(config.is_ok(), "{}: {:?}", key.name, config.err());
    }
    let all: String = KEYS
        .iter()
        .filter(|key| !key.default.is_empty())
        .map(|key| format!("{} = {}\n", key.name, key.default))
        .collect();
    assert!(Config::resolve("site.toml", &all, &Overrides::default()).is_ok());
    assert!(Config::resolve("site.toml", "", &Overrides::default()).is_ok());
}

#[test]
fn every_key_is_explained_once() {
    let mut names = BTreeSet::new();
    for (name, key) in all_keys() {
        assert!(names.insert(name.clone()), "{name} stands twice");
        assert!(
            key.doc.ends_with('.') && key.doc.starts_with(|c: char| c.is_uppercase()),
            "{name}: {:?}",
            key.doc
        );
        assert!(!key.kind.describe().is_empty());
        let optional = matches!(
            key.kind,
            ValueKind::OptionalText
                | ValueKind::OptionalInteger
                | ValueKind::OptionalDuration
                | ValueKind::TextTable
                | ValueKind::FreeTable
                | ValueKind::FieldTable
                | ValueKind::Tables
                | ValueKind::Languages
        );
        assert!(
            optional
                || !key.default.is_empty()
                || name.contains("override.")
                || name.starts_with("lists."),
            "{name} has no default"
        );
    }
}

#[test]
fn every_wrong_kind_is_reported_with_its_line() {
    for key in KEYS {
        for wrong in ["1979-05-27", "[[[]]]", "{ a = { b = 1 } }"] {
            if matches!(
                key.kind,
                ValueKind::FreeTable
                    | ValueKind::FieldTable
                    | ValueKind::Tables
                    | ValueKind::TextTable
            ) && wrong.starts_with('{')
            {
                continue;
            }
            let text = format!("\n{} = {wrong}\n", key.name);
            let problems =
                Config::resolve("site.toml", &text, &Overrides::default()).expect_err(key.name);
            let place = problems[0].location.as_ref().expect(key.name);
            assert_eq!(place.line, 2, "{}: {problems:?}", key.name);
        }
    }
}

#[test]
fn the_settings_of_the_sample_site_are_good() {
    let config = Config::resolve("site.toml", &read("site.toml"), &Overrides::default());
    assert!(config.is_ok(), "{:?}", config.err());
}

/// The names that stand after `strings.` in a text.
fn strings_in(text: &str) -> BTreeSet<String> {
    let parts = text.split("strings.").skip(1);
    parts
        .map(|rest| {
            rest.chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect()
        })
        .collect()
}

#[test]
fn templates_read_the_strings_that_exist_and_all_of_them() {
    let known: BTreeSet<String> = STRINGS
        .iter()
        .map(|(name, _, _)| (*name).to_owned())
        .collect();
    let used = strings_in(&templates());
    let unknown: Vec<&String> = used.difference(&known).collect();
    assert!(
        unknown.is_empty(),
        "templates read strings that do not exist: {unknown:?}"
    );
    // Names and subjects of digests are made before a template sees them.
    let code: String = files(&repository().join("src/render"))
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let is_list = |name: &str| LISTS.iter().any(|(list, _)| *list == name);
    let is_read = |name: &str| is_list(name) || code.contains(&format!("\"{name}\""));
    let unused: Vec<&String> = known
        .difference(&used)
        .filter(|name| !is_read(name))
        .collect();
    assert!(
        unused.is_empty(),
        "neither a template nor src/render reads the strings {unused:?}"
    );
    let names: Vec<&str> = STRINGS.iter().map(|(name, _, _)| *name).collect();
    assert!(names.is_sorted(), "config/strings.rs is sorted by name");
}

#[test]
fn the_page_of_templates_names_what_there_is() {
    let page = read("docs/templates.md");
    for path in files(&repository().join("templates")) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let is_part = matches!(name.as_str(), "base.html" | "components.html");
        assert!(
            is_part || page.contains(&format!("`{name}`")),
            "docs/templates.md does not name {name}"
        );
    }
    for row in page
        .lines()
        .filter(|line| line.starts_with("| `") && line.contains(".html`"))
    {
        let name = row.split('`').nth(1).unwrap();
        assert!(
            repository().join("templates").join(name).exists(),
            "docs/templates.md names {name}"
        );
    }
    for name in strings_in(&page) {
        assert!(
            STRINGS.iter().any(|(known, _, _)| *known == name),
            "docs/templates.md names strings.{name}"
        );
    }
    for filter in [
        "date", "absolute", "host", "fill", "slugify", "json", "shorten(", "wrap(",
    ] {
        assert!(
            page.contains(&format!("\\| {filter}")),
            "docs/templates.md does not tell of the filter {filter}"
        );
    }
    for function in ["asset(", "url("] {
        assert!(
            page.contains(&format!("`{function}")),
            "docs/templates.md does not tell of {function}…)"
        );
    }
}

#[test]
fn the_page_of_templates_tells_every_field_that_templates_read() {
    let page = read("docs/templates.md");
    let code = templates();
    for object in [
        "site", "page", "article", "listing", "front", "topic", "provider", "month", "digest",
        "cover",
    ] {
        for (at, _) in code.match_indices(&format!("{object}.")) {
            if code[..at].ends_with(|c: char| {
                c.is_alphanumeric() || c == '_' || c == '.' || c == '"' || c == '-'
            }) {
                continue;
            }
            let rest = &code[at + object.len() + 1..];
            let field: String = rest
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            let is_described = page.match_indices(&field).any(|(at, _)| {
                let before = page[..at].chars().next_back().unwrap_or(' ');
                let after = page[at + field.len()..].chars().next().unwrap_or(' ');
                !before.is_alphanumeric() && !after.is_alphanumeric()
            });
            assert!(
                is_described,
                "templates read {object}.{field}, and docs/templates.md does not tell of it"
            );
        }
    }
}

#[test]
fn the_limits_of_articles_are_those_of_the_program() {
    use newsgen::content::budget::*;

    let page = read("docs/content.md");
    let row_of = |start: &str| {
        let start = format!("| {start}");
        page.lines()
            .find(|line| line.starts_with(&start))
            .unwrap_or_else(|| panic!("docs/content.md has no limit for {start}"))
    };
    let limit_of = |start: &str| row_of(start).split(" | ").nth(1).unwrap_or_default();
    let grouped = |number: usize| match number {
        0..1_000 => number.to_string(),
        _ => format!("{},{:03}", number / 1_000, number % 1_000),
    };
    let characters = |number| format!("{} characters", grouped(number));
    for (row, limit) in [
        ("title", characters(TITLE)),
        ("excerpt", characters(EXCERPT)),
        ("`highlight`, ", characters(REMARK)),
        ("names: ", characters(NAME)),
        ("topics", TOPICS.to_string()),
        ("tags", TAGS.to_string()),
        ("images", IMAGES.to_string()),
        ("related stories", RELATED.to_string()),
        ("aliases", ALIASES.to_string()),
        (
            "unknown fields",
            format!(
                "{} values and {} KiB",
                grouped(EXTRA_NODES),
                EXTRA_BYTES >> 10
            ),
        ),
        (
            "a URL",
            format!("{} bytes, of which the host has {HOST}", grouped(URL)),
        ),
        ("size of a content file", format!("{} MiB", FILE >> 20)),
        (
            "YAML aliases",
            format!(
                "{YAML_ALIASES}, in front matter of at most {} KiB",
                YAML_WITH_ALIASES >> 10
            ),
        ),
        (
            "commas in YAML",
            format!("{} in a front matter", grouped(YAML_COMMAS)),
        ),
        ("lists, quotations", MARKDOWN_DEPTH.to_string()),
        ("pieces of Markdown", grouped(MARKDOWN_PIECES)),
        ("HTML tags", grouped(HTML_TAGS)),
        ("elements that they become", grouped(HTML_NODES)),
        ("HTML elements inside", HTML_DEPTH.to_string()),
        ("spaces, quotes", grouped(HTML_ATTRIBUTES)),
        ("`&` in", grouped(ENTITIES)),
    ] {
        assert_eq!(limit_of(row), limit, "{}", row_of(row));
    }
    assert!(limit_of("brackets in YAML").contains("2²⁹") && YAML_BRACKETS == 1 << 29);
    assert!(limit_of("`&`, and").contains("2³⁵") && HTML_ESCAPES == 1 << 35);
}

#[test]
fn commands_that_pages_mention_exist() {
    let mut command = Cli::command();
    command.build();
    let names: Vec<&str> = command
        .get_subcommands()
        .map(clap::Command::get_name)
        .collect();
    for (page, text) in pages() {
        for line in text.lines() {
            let line = line.trim_start_matches(['$', ' ']);
            let commands = line
                .strip_prefix("newsgen ")
                .into_iter()
                .chain(line.split("`newsgen ").skip(1));
            for rest in commands.filter(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase())) {
                let name: String = rest
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || *c == '-')
                    .collect();
                let is_code = line.contains(&format!("`newsgen {name}"))
                    || text.contains(&format!("    newsgen {name}"));
                assert!(
                    !is_code || names.contains(&name.as_str()),
                    "{page} mentions `newsgen {name}`"
                );
            }
        }
    }
}

/// The code of a page that is fenced with that language.
fn fenced<'a>(page: &'a str, language: &str) -> Vec<&'a str> {
    let open = format!("```{language}\n");
    page.split(&open)
        .skip(1)
        .map(|rest| rest.split("```\n").next().unwrap())
        .collect()
}

#[test]
fn the_page_of_deploying_shows_the_pipeline_that_the_program_writes() {
    let folder = tempfile::tempdir().unwrap();
    let page = read("docs/deploying.md");
    let written = |host: &str, file: &str| {
        let site = folder.path().join(host);
        Newsgen::new(["init", "--ci", host]).arg(&site).run().good();
        let row = page
            .lines()
            .find(|line| line.starts_with(&format!("| `{host}` | `{file}`")));
        assert!(
            row.is_some(),
            "docs/deploying.md does not say that {host} gets {file}"
        );
        fs::read_to_string(site.join(file)).unwrap()
    };
    assert_eq!(
        fenced(&page, "yaml"),
        [written("github", ".github/workflows/site.yml")]
    );
    let cloudflare = written("cloudflare", ".github/workflows/site.yml");
    let parts = cloudflare.split(['{', '}']).map(str::trim);
    let needed: Vec<&str> = parts
        .filter_map(|part| part.strip_prefix("secrets.").or(part.strip_prefix("vars.")))
        .collect();
    assert_eq!(needed.len(), 3, "{cloudflare}");
    for needed in needed {
        assert!(
            page.contains(&format!("`{needed}`")),
            "docs/deploying.md does not tell of {needed}"
        );
    }
    for (host, file) in [("gitlab", ".gitlab-ci.yml"), ("netlify", "netlify.toml")] {
        let text = written(host, file);
        assert!(text.contains("NEWSGEN"), "{host}");
        // NEWSGEN may hold a URL, and GitLab takes no slash in a key.
        assert!(
            !text
                .lines()
                .any(|line| line.contains("key:") && line.contains('$')),
            "{text}"
        );
    }
}

#[test]
fn the_pipelines_of_github_build_alike() {
    let [pages, cloudflare] =
        ["github", "cloudflare"].map(|name| read(&format!("src/cli/init/ci/{name}.yml")));
    let part = |text: &str, from: &str, to: &str| {
        let text = &text[text.find(from).unwrap()..];
        text[..text.find(to).unwrap()].to_owned()
    };
    for (from, to) in [
        ("name: site", "permissions:"),
        ("# One at a time", "    environment:"),
        ("    steps:", "newsgen build"),
    ] {
        let to_of_cloudflare = if to == "    environment:" {
            "    steps:"
        } else {
            to
        };
        assert_eq!(
            part(&pages, from, to),
            part(&cloudflare, from, to_of_cloudflare)
        );
    }
}

#[test]
fn the_page_of_tests_has_a_row_for_every_file() {
    let page = read("tests/README.md");
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with('|')).collect();
    for entry in fs::read_dir(repository().join("tests")).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().to_string_lossy().into_owned();
        let shown = match entry.file_type().unwrap().is_dir() {
            true => format!("`{name}/`"),
            false => format!("`{name}`"),
        };
        assert!(
            name == "README.md" || rows.iter().any(|row| row.contains(&shown)),
            "tests/README.md does not say what {shown} is for"
        );
    }
}

/// The anchors of the headings of a page.
fn anchors(page: &str) -> BTreeSet<String> {
    let anchor = |line: &str| {
        let title = line.trim_start_matches(['#', ' ']).to_lowercase();
        let kept = title
            .chars()
            .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        kept.collect::<String>().replace(' ', "-")
    };
    page.lines()
        .filter(|line| line.starts_with('#'))
        .map(anchor)
        .collect()
}

#[test]
fn links_of_pages_lead_somewhere() {
    for (page, text) in pages() {
        let links = text
            .split("](")
            .skip(1)
            .map(|rest| rest.split(')').next().unwrap());
        for link in links.filter(|link| !link.contains("://") && !link.contains(['{', '`'])) {
            let (path, anchor) = link
                .split_once('#')
                .map_or((link, None), |(path, anchor)| (path, Some(anchor)));
            let folder = repository().join(&page).parent().unwrap().to_owned();
            let target = if path.is_empty() {
                repository().join(&page)
            } else {
                folder.join(path)
            };
            assert!(target.exists(), "{page} links to {link}");
            let there = anchor
                .map(|_| anchors(&fs::read_to_string(&target).unwrap()))
                .unwrap_or_default();
            assert!(
                anchor.is_none_or(|anchor| there.contains(anchor)),
                "{page} links to {link}: {there:?}"
            );
        }
    }
}

#[test]
fn the_index_of_decisions_lists_each_decision_once() {
    let index = read("docs/decisions/README.md");
    let rows: Vec<(&str, &str)> = index
        .lines()
        .filter_map(|line| line.strip_prefix("| [")?.split_once("]("))
        .collect();
    let mut expected = Vec::new();
    for name in decisions().filter(|name| name != "README.md") {
        let (number, _) = name.split_once('-').unwrap();
        let is_number = number.len() == 4 && number.chars().all(|c| c.is_ascii_digit());
        assert!(is_number, "docs/decisions/{name} must start with 4 digits");

        let page = read(&format!("docs/decisions/{name}"));
        let title = page.lines().next().unwrap();
        let title = title.strip_prefix(&format!("# {number}. "));
        let title = title.unwrap_or_else(|| panic!("{name} must start with `# {number}. TITLE`"));
        let date = page.lines().find_map(|line| line.strip_prefix("Date: "));
        let date = date.unwrap_or_else(|| panic!("{name} has no line `Date: YYYY-MM-DD`"));
        for heading in ["## Context", "## Decision", "## Consequences"] {
            assert!(
                page.lines().any(|line| line == heading),
                "{name}: {heading}"
            );
        }
        expected.push(format!("{number}]({name}) | {title} | {date} |"));
    }
    let found: Vec<String> = rows
        .iter()
        .map(|(text, rest)| format!("{text}]({rest}"))
        .collect();
    assert_eq!(found, expected, "docs/decisions/README.md");
}

/// The most columns of a line of prose, of a comment and of Rust code.
const MOST_COLUMNS: usize = 100;

/// Whether a line has more columns than it may have. A URL cannot be broken, so a line may go on
/// as far as a URL that reaches beyond the last column.
fn is_too_long(line: &str) -> bool {
    let Some((limit, _)) = line.char_indices().nth(MOST_COLUMNS) else {
        return false;
    };
    let start = line[..limit].rfind(' ').map_or(0, |at| at + 1);
    let end = line[limit..].find(' ').map_or(line.len(), |at| limit + at);
    !(line[start..end].contains("://") && end == line.len())
}

/// The numbers of the lines of Markdown that are prose: not front matter, code or a table.
fn prose_lines(text: &str) -> Vec<usize> {
    let mut prose = Vec::new();
    let mut in_front_matter = false;
    let mut in_code = false;
    for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        if line == "---" && (number == 0 || in_front_matter) {
            in_front_matter = number == 0;
        } else if line.trim_start().starts_with("```") {
            in_code = !in_code;
        } else if !in_front_matter
            && !in_code
            && !line.starts_with("    ")
            && !line.starts_with('|')
        {
            prose.push(number);
        }
    }
    prose
}

/// The numbers of the lines of JavaScript or CSS that are part of a comment.
fn comment_lines(text: &str) -> Vec<usize> {
    let mut comments = Vec::new();
    let mut in_comment = false;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim_start();
        in_comment |= line.starts_with("/*");
        if in_comment || line.starts_with("//") {
            comments.push(number);
        }
        in_comment &= !line.contains("*/");
    }
    comments
}

#[test]
fn lines_that_are_held_to_the_limit_are_found() {
    let page = "---\ntitle: x\n---\nprose\n\n```toml\ncode\n```\n| a |\n\n    code\nmore\n";
    assert_eq!(prose_lines(page), [3, 4, 9, 11]);
    let code = "/* one\n two */ x\ncode\n  // three\n/* four */\nmore";
    assert_eq!(comment_lines(code), [0, 1, 3, 4]);
    let words = "é ".repeat(50);
    assert!(!is_too_long(&words));
    assert!(is_too_long(&format!("{words}é")));
    let url = format!("https://example.org/{}", "x".repeat(100));
    assert!(!is_too_long(&format!("see {url}")));
    assert!(is_too_long(&format!("see {url} for more")));
    assert!(is_too_long(&format!("{words} {url}")));
}

#[test]
fn no_line_of_prose_comment_or_rust_is_longer_than_100_columns() {
    const FOLDERS: [&str; 8] = [
        "benches",
        "content",
        "docs",
        "scripts",
        "src",
        "static",
        "templates",
        "tests",
    ];
    let folders = FOLDERS
        .iter()
        .flat_map(|name| files(&repository().join(name)));
    let top = fs::read_dir(repository())
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut wrong = Vec::new();
    for path in folders.chain(top.filter(|path| path.is_file())) {
        let shown = path.strip_prefix(repository()).unwrap().to_string_lossy();
        let is_output = ["/expected/", "/node_modules/", "/__pycache__/"]
            .iter()
            .any(|folder| shown.contains(folder));
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        let numbers: Vec<usize> = match ending.as_ref() {
            _ if is_output => continue,
            "md" => prose_lines(&text),
            "rs" => (0..text.lines().count()).collect(),
            "js" | "mjs" | "css" => comment_lines(&text),
            "py" | "sh" | "toml" | "yaml" | "yml" | "" => {
                let hashes = text.lines().enumerate();
                let hashes = hashes.filter(|(_, line)| line.trim_start().starts_with('#'));
                hashes.map(|(number, _)| number).collect()
            }
            _ => continue,
        };
        let lines: Vec<&str> = text.lines().collect();
        for number in numbers
            .into_iter()
            .filter(|number| is_too_long(lines[*number]))
        {
            wrong.push(format!("{shown}:{}: {}", number + 1, lines[number]));
        }
    }
    assert!(
        wrong.is_empty(),
        "more than {MOST_COLUMNS} columns:\n{}",
        wrong.join("\n")
    );
}

/// The names of the pages that messages send readers to.
fn pages_in_messages() -> BTreeSet<String> {
    let mut pages = BTreeSet::new();
    for path in files(&repository().join("src")) {
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        for rest in text.split("manual!(\"").skip(1) {
            pages.insert(rest.split('"').next().unwrap().to_owned());
        }
        let code = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        for line in code.filter(|line| line.contains("docs/")) {
            let is_allowed = line.contains("://")
                || line.contains("include_str!")
                || path.ends_with("src/lib.rs");
            assert!(
                is_allowed || line.trim_start().starts_with('#'),
                "{}: a message names a path of the repository; use manual!(…): {line}",
                path.display()
            );
        }
    }
    pages
}

#[test]
fn messages_send_readers_to_pages_that_exist() {
    let pages = pages_in_messages();
    assert!(pages.len() > 3, "{pages:?}");
    for page in pages {
        assert!(
            repository().join(format!("docs/{page}.md")).exists(),
            "{page}"
        );
    }
    let address = env!("CARGO_PKG_HOMEPAGE");
    assert!(
        address.starts_with("https://") && !address.ends_with('/'),
        "{address}"
    );
}

#[test]
fn the_page_of_other_trees_has_the_presets_of_the_program() {
    use newsgen::config::fields::{MAPPED_FIELDS, PRESETS, sources_in};

    let page = read("docs/other-trees.md");
    for preset in PRESETS.iter().filter(|preset| **preset != "none") {
        let pattern = newsgen::config::fields::permalink(preset).unwrap();
        assert!(page.contains(&format!("| `{pattern}` |")), "{pattern}");
        let heading = format!("### {}{}\n", preset[..1].to_uppercase(), &preset[1..]);
        let (_, section) = page
            .split_once(&heading)
            .unwrap_or_else(|| panic!("{heading}"));
        let section = section.split("\n#").next().unwrap_or_default();
        let rows: Vec<String> = MAPPED_FIELDS
            .iter()
            .filter_map(|field| {
                let names: Vec<String> = sources_in(preset, field)
                    .map(|name| format!("`{name}`"))
                    .collect();
                (!names.is_empty()).then(|| format!("| `{field}` | {} |", names.join(", ")))
            })
            .collect();
        for row in &rows {
            assert!(section.contains(row), "{preset} has no row {row}");
        }
        let written = section
            .lines()
            .filter(|line| line.starts_with("| `"))
            .count();
        assert_eq!(written, rows.len(), "{preset}");
    }
    for field in MAPPED_FIELDS {
        assert!(page.contains(&format!("`{field}`")), "{field}");
    }
}
