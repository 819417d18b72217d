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

/// The pages of the documentation, and the settings of the sample site: path and text.
fn pages() -> Vec<(String, String)> {
    let inner = files(&repository().join("docs"))
        .into_iter()
        .filter(|path| path.extension().is_some_and(|it| it == "md"));
    let names = inner.map(|path| format!("docs/{}", path.file_name().unwrap().to_string_lossy()));
    let outer = ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "site.toml"].map(str::to_owned);
    names
        .chain(outer)
        .map(|path| (path.clone(), read(&path)))
        .collect()
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

#[test]
fn the_page_of_commands_is_that_of_the_program() {
    let mut text = String::from(
        "# Commands\n\nThis page is printed by the program: `newsgen --help`, and `newsgen \
         COMMAND --help` for each command.\n",
    );
    let mut command = Cli::command().term_width(100);
    command.build();
    let mut help = |command: &mut clap::Command, name: &str| {
        let help = command.render_long_help().to_string();
        let lines: Vec<&str> = help.lines().map(str::trim_end).collect();
        text += &format!(
            "\n## {name}\n\n```text\n{}\n```\n",
            lines.join("\n").trim_end()
        );
    };
    help(&mut command, "newsgen");
    for inner in command
        .get_subcommands_mut()
        .filter(|inner| inner.get_name() != "help")
    {
        let name = format!("newsgen {}", inner.get_name());
        help(inner, &name);
    }
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
                | ValueKind::Tables
        );
        assert!(
            optional || !key.default.is_empty() || name.contains("override."),
            "{name} has no default"
        );
    }
}

#[test]
fn every_wrong_kind_is_told_with_its_line() {
    for key in KEYS {
        for wrong in ["1979-05-27", "[[[]]]", "{ a = { b = 1 } }"] {
            if matches!(
                key.kind,
                ValueKind::FreeTable | ValueKind::Tables | ValueKind::TextTable
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
            let told = page.match_indices(&field).any(|(at, _)| {
                let before = page[..at].chars().next_back().unwrap_or(' ');
                let after = page[at + field.len()..].chars().next().unwrap_or(' ');
                !before.is_alphanumeric() && !after.is_alphanumeric()
            });
            assert!(
                told,
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
                "{YAML_ALIASES} in a front matter, which then may have {} KiB",
                YAML_WITH_ALIASES >> 10
            ),
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
