//! The hostile set: every field of every kind of file, filled with payloads, and every output file
//! read by a parser of its kind, to see that no payload became structure.
//!
//! Articles, topics, providers and pages get every field that the code knows ([`fields`]), and some
//! that it does not, with each of the [`payloads`], and with random mixtures of them. The same site
//! with harmless words shows what output is made of; the hostile one is made of nothing else.
//!
//! The hostile site is left in the folder of the tests' temporary files, for the test in a browser
//! (`tests/browser/attack.test.mjs`), which looks that nothing of it runs.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod data;
mod fields;
mod html;
mod messages;
mod names;
mod payloads;
mod promises;
#[path = "../support/mod.rs"]
mod support;
mod text;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use fields::{Filler, Filling};
use html::Shape;
use newsgen::pipeline::{Failure, Report, Tolerance};
use newsgen::theme::hashed_name;
use payloads::{Kind, Mark, TEXTS};
use serde_json::Value;
use support::{How, Tree, put, reason};

/// 2026-11-21T12:00:00Z, a day after the newest articles.
const NOW: i64 = 1_795_262_400;
/// Articles in which each field has another payload.
const MIXED: usize = 24;

/// Everything that is switched on, so that every kind of file is there.
const SETTINGS: &str = r#"
title = "Attack"
base_url = "https://news.example/"
description = "What is hostile."
author = "Somebody"
search.enabled = false
feeds.formats = ["atom", "rss", "json"]
feeds.limit = 200
listing.page_size = 10
digest.period = "day"
digest.stories = 100
digest.per_topic = 100
digest.unsubscribe = "https://news.example/unsubscribe/"
digest.address = "1 Road"
curation.duplicates = "keep"
output.cname = "news.example"
"#;

/// What was found, each once, with the first place.
#[derive(Default)]
pub(crate) struct Findings(BTreeMap<String, String>);

impl Findings {
    pub(crate) fn add(&mut self, place: &str, what: String) {
        let what: String = what.chars().take(300).collect();
        self.0.entry(what).or_insert_with(|| place.to_owned());
    }

    #[track_caller]
    pub(crate) fn none(&self) {
        let lines: Vec<String> = self
            .0
            .iter()
            .take(40)
            .map(|(what, place)| format!("{place}: {}", what.escape_debug()))
            .collect();
        assert!(
            self.0.is_empty(),
            "{} findings:\n{}",
            self.0.len(),
            lines.join("\n")
        );
    }
}

/// A built site.
struct Built {
    files: Tree,
    report: Report,
}

impl Built {
    fn text(&self, path: &str) -> &str {
        let bytes = self.files.get(path).unwrap_or_else(|| panic!("no {path}"));
        std::str::from_utf8(bytes).unwrap()
    }
}

fn settings(server: &str) -> String {
    format!("{SETTINGS}host.server = \"{server}\"\n")
}

fn build(root: &Path) -> Built {
    let how = How {
        now: NOW,
        tolerance: Tolerance::KeepGoing,
        ..How::default()
    };
    let report = support::build(root, how).unwrap_or_else(|failure: Failure| {
        panic!(
            "{}",
            reason(&failure).chars().take(3000).collect::<String>()
        )
    });
    let files = Tree::of(&root.join("public"));
    Built { files, report }
}

/// Writes the files of a site; `filling` says what a file with that number holds.
fn write_site(root: &Path, filling: &dyn Fn(usize) -> Filling) {
    drop(fs::remove_dir_all(root));
    put(root, "site.toml", settings("nginx"));
    put(root, "content/topics/plain.yaml", "name: Plain\n");
    for number in 0..TEXTS.len() + MIXED {
        let fill = || Filler::new(filling(number));
        put(
            root,
            &format!("content/news/a{number:03}.md"),
            fields::article(number, fill()),
        );
        put(
            root,
            &format!("content/pages/p{number:03}.md"),
            fields::page(number, fill()),
        );
        let name = Filler::new(filling(number)).text();
        let topic = fields::topic(&format!("{number} {name}"), fill());
        put(root, &format!("content/topics/t{number:03}.yaml"), topic);
        if number < 20 {
            let file = fields::provider_file(&format!("p{number}.example"), fill());
            put(root, &format!("content/providers/p{number:03}.md"), file);
        }
    }
}

/// The folder of the hostile site; the test in a browser looks for it there.
fn hostile_root() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("attack")
}

fn hostile_filling(number: usize) -> Filling {
    if number < TEXTS.len() {
        Filling::Payload(number)
    } else {
        Filling::Mixed(number)
    }
}

static HOSTILE: LazyLock<Built> = LazyLock::new(|| {
    let root = hostile_root();
    write_site(&root, &hostile_filling);
    build(&root)
});

/// The same files with harmless words in them.
static HARMLESS: LazyLock<Built> = LazyLock::new(|| {
    let folder = support::folder();
    write_site(folder.path(), &Filling::Plain);
    let built = build(folder.path());
    assert_eq!(built.report.site.problems, []);
    built
});

/// What kind of file a path is.
fn ending(path: &str) -> &str {
    path.rsplit_once('.').map_or(path, |(_, ending)| ending)
}

/// The paths of the files with one of these endings.
fn with_ending<'a>(built: &'a Built, endings: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
    let paths = built.files.keys().map(String::as_str);
    paths.filter(move |path| endings.contains(&ending(path)))
}

/// What harmless files with these endings are made of.
fn harmless(endings: &[&str], shape: impl Fn(&str) -> Shape) -> Shape {
    with_ending(&HARMLESS, endings)
        .flat_map(|path| shape(HARMLESS.text(path)))
        .collect()
}

#[test]
fn every_article_is_in_the_site() {
    let site = &HOSTILE.report.site;
    let dropped: Vec<_> = site.edition().dropped.iter().collect();
    let problems: Vec<&str> = site
        .problems
        .iter()
        .map(|problem| problem.message.as_str())
        .collect();
    assert_eq!(
        site.edition().articles.len(),
        TEXTS.len() + MIXED,
        "{dropped:?}\n{problems:#?}"
    );
    assert_eq!(problems, [""; 0]);
    // Each payload has got to where it could do harm.
    let pages: String = with_ending(&HOSTILE, &["html"])
        .map(|path| HOSTILE.text(path))
        .collect();
    let marks = payloads::marks(&pages);
    for (number, payload) in TEXTS.iter().enumerate() {
        assert!(
            marks.iter().any(|(_, mark)| mark.payload == number),
            "`{}` is on no page",
            payload.name
        );
    }
}

/// A test that finds nothing must be able to: what would become of each payload without escaping is
/// found.
#[test]
fn payloads_that_are_not_escaped_are_found() {
    let harmless_page = "<!DOCTYPE html><html><head><title>x</title></head><body>\
                         <p title=\"x\">x</p><!--'--></body></html>";
    let known = html::shape(harmless_page);
    let is_markup = |text: &str| {
        let end = |at: usize| {
            text[at + 1..].starts_with(|c: char| "/!?".contains(c) || c.is_ascii_alphabetic())
        };
        text.match_indices('<').any(|(at, _)| end(at)) && !text.starts_with("<b>")
    };
    for (number, payload) in TEXTS.iter().enumerate() {
        let mark = Mark {
            kind: Kind::Text,
            payload: number,
            field: 1,
        };
        let text = payload.text(&mark.word());
        let mut found = Findings::default();
        html::audit(
            "in a text",
            &harmless_page.replace(">x</p>", &format!(">{text}</p>")),
            &known,
            &mut found,
        );
        // HTML passes over a document type in the middle of a page.
        let is_structure = is_markup(&text) && !text.starts_with("<!DOCTYPE");
        assert!(!is_structure || !found.0.is_empty(), "{text} in a text");
        let mut found = Findings::default();
        html::audit(
            "in an attribute",
            &harmless_page.replace("title=\"x\"", &format!("title=\"{text}\"")),
            &known,
            &mut found,
        );
        assert!(
            !text.contains('"') || !found.0.is_empty(),
            "{text} in an attribute"
        );
        let mut found = Findings::default();
        data::xml(
            "XML",
            &format!("<a>{text}</a>"),
            &["a".to_owned()].into(),
            &mut found,
        );
        assert!(!is_markup(&text) || !found.0.is_empty(), "{text} in XML");
        let mut found = Findings::default();
        text::redirects("_redirects", &format!("/a {text} 301\n"), &mut found);
        assert!(!found.0.is_empty(), "{text} in _redirects");
        let mut found = Findings::default();
        text::merge_tags("an email", &text, &mut found);
        let is_tag = ["expression", "statement", "three braces", "recipient"]
            .contains(&payload.name)
            || payload.name.starts_with("merge tag");
        assert!(!is_tag || !found.0.is_empty(), "{text} in an email");
        let mut found = Findings::default();
        match payload.name {
            "nginx" => {
                let line = format!("location = \"/{text}\" {{ return 301 \"/x\"; }}\n");
                text::nginx("_nginx.conf", &line, &mut found);
            }
            "nginx variable" => {
                let line = format!("location = \"/\" {{ return 301 \"/{text}\"; }}\n");
                text::nginx("_nginx.conf", &line, &mut found);
            }
            name if name.starts_with("Caddy") => {
                text::caddy(
                    "_Caddyfile",
                    &format!("redir \"/{text}\" \"/\" 301\n"),
                    &mut found,
                );
            }
            _ => continue,
        }
        assert!(!found.0.is_empty(), "{text} in the file of a server");
    }
}

#[test]
fn nothing_became_a_part_of_a_page_or_an_email() {
    let known = harmless(&["html"], html::shape);
    let mut found = Findings::default();
    for path in with_ending(&HOSTILE, &["html"]) {
        html::audit(path, HOSTILE.text(path), &known, &mut found);
    }
    found.none();
}

#[test]
fn nothing_became_a_part_of_json() {
    let mut known = Shape::new();
    for path in with_ending(&HARMLESS, &["json", "webmanifest"]) {
        data::keys(&json(&HARMLESS, path), "", &mut known);
    }
    // Nothing may be left of a body that is hostile.
    known.insert(".items.content_text".to_owned());
    let mut found = Findings::default();
    for path in with_ending(&HOSTILE, &["json", "webmanifest"]) {
        data::json(path, &json(&HOSTILE, path), Some(&known), &mut found);
    }
    found.none();
}

fn json(built: &Built, path: &str) -> Value {
    serde_json::from_str(built.text(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn nothing_became_a_part_of_xml() {
    const XML: &[&str] = &["xml", "opml", "svg"];
    let known = harmless(XML, data::shape);
    let mut found = Findings::default();
    for path in with_ending(&HOSTILE, XML).filter(|path| ending(path) != "svg") {
        data::xml(path, HOSTILE.text(path), &known, &mut found);
    }
    found.none();
}

#[test]
fn nothing_became_a_line_or_a_directive() {
    let mut found = Findings::default();
    for path in with_ending(&HOSTILE, &["txt"]) {
        match path {
            "llms.txt" => text::llms(path, HOSTILE.text(path), &mut found),
            "robots.txt" => assert_eq!(HOSTILE.text(path), HARMLESS.text(path)),
            _ => text::plain(path, HOSTILE.text(path), &mut found),
        }
    }
    text::redirects("_redirects", HOSTILE.text("_redirects"), &mut found);
    text::nginx("_nginx.conf", HOSTILE.text("_nginx.conf"), &mut found);
    found.none();
    assert!(HOSTILE.text("_nginx.conf").contains("x\\\"; return 200 zq"));
    // What is made of the settings alone is the same, whatever the articles say.
    for path in ["_headers", "CNAME", "manifest.webmanifest", ".nojekyll"] {
        assert_eq!(HOSTILE.text(path), HARMLESS.text(path), "{path}");
    }
}

/// Caddy's file is made by another build, which needs the first one no more.
#[test]
fn nothing_became_a_directive_of_caddy() {
    let folder = support::folder();
    write_site(folder.path(), &hostile_filling);
    let settings = settings("caddy").replace("[\"atom\", \"rss\", \"json\"]", "[\"atom\"]");
    put(
        folder.path(),
        "site.toml",
        settings + "api.enabled = false\n",
    );
    let built = build(folder.path());
    let mut found = Findings::default();
    text::caddy("_Caddyfile", built.text("_Caddyfile"), &mut found);
    found.none();
}

#[test]
fn mailing_services_find_no_tags_of_articles() {
    let mut found = Findings::default();
    let emails = with_ending(&HOSTILE, &["html", "txt"]).filter(|path| {
        path.starts_with("digest/") && (path.contains("email") || path.contains("latest"))
    });
    let mut count = 0;
    for path in emails {
        count += 1;
        text::merge_tags(path, HOSTILE.text(path), &mut found);
    }
    assert!(count > 3, "{count} emails");
    found.none();
}

/// Every kind of output is looked at by one of the tests above.
#[test]
fn every_output_file_has_a_test() {
    const LOOKED_AT: &[&str] = &["html", "json", "webmanifest", "xml", "opml", "txt"];
    const BY_NAME: &[&str] = &[
        "_headers",
        "_redirects",
        "_nginx.conf",
        "CNAME",
        ".nojekyll",
        ".newsgen-output",
    ];
    let assets = &HOSTILE.report.site.theme.assets;
    let hashed: Vec<String> = assets
        .iter()
        .map(|(path, asset)| hashed_name(path, asset.hash))
        .collect();
    for path in HOSTILE.files.keys() {
        let is_asset = assets.get(path).is_some() || hashed.contains(path);
        let is_looked_at = LOOKED_AT.contains(&ending(path)) || BY_NAME.contains(&path.as_str());
        assert!(is_asset || is_looked_at, "{path}");
    }
}
