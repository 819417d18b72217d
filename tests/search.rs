//! The search index: what is in it, that it is made only when it has to be, and that it goes when
//! it is switched off. What readers do with it is in `tests/browser/search.test.mjs`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]
#![cfg(feature = "search")]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;
use newsgen::pipeline::{Failure, Report};
use newsgen::write::Trust;
use support::{How, Tree, build, difference, folder, put, reason};
use tempfile::TempDir;

const SETTINGS: &str = "base_url = \"https://news.example/ai/\"\nsearch.part_size = 100\n";

/// A site with articles from number 0, the oldest, on. Its own small article page keeps the builds
/// short.
fn site(articles: usize, settings: &str) -> TempDir {
    let folder = folder();
    put(folder.path(), "site.toml", settings);
    put(
        folder.path(),
        "templates/article.html",
        "{{ article.title }}",
    );
    put(
        folder.path(),
        "content/topics/europe.yaml",
        "name: Europe\nparent: World\n",
    );
    fs::create_dir_all(folder.path().join("content/news")).unwrap();
    for number in 0..articles {
        write(folder.path(), number, "");
    }
    folder
}

/// Writes the article with that number; its words are its own.
fn write(root: &Path, number: usize, more: &str) {
    let (day, minute) = (1 + number / 24 % 28, number % 24);
    let text = format!(
        "---\ntitle: Headline{number} speaks\nexcerpt: Excerpt{number} says \
         more.\npublishedDateTime: 2026-01-{day:02}T{minute:02}:00:00Z\n\
         originalUrl: https://one.example/{number}\ntopics: [Europe]\nprovider: {{ name: One Ä, \
         domain: one.example }}\n{more}---\nBody{number} ends.\n"
    );
    put(root, &format!("content/news/{number}.md"), text);
}

#[track_caller]
fn good(result: Result<Report, Failure>) -> Report {
    result.unwrap_or_else(|failure| panic!("{}", reason(&failure)))
}

fn built(site: &TempDir) -> Report {
    good(build(site.path(), How::default()))
}

/// The files of the index, by their path in its folder.
fn index(site: &TempDir) -> Tree {
    Tree::of(&site.path().join("public/search/index"))
}

/// Everything that the index says, unpacked.
fn said(index: &Tree) -> String {
    let mut text = String::new();
    for (name, bytes) in index.iter().filter(|(name, _)| name.contains(".pf_")) {
        let mut unpacked = Vec::new();
        GzDecoder::new(bytes.as_slice())
            .read_to_end(&mut unpacked)
            .unwrap();
        text += &format!("{name}: {}\n", String::from_utf8_lossy(&unpacked));
    }
    text
}

#[test]
fn the_index_says_what_the_edition_says_and_nothing_else() {
    let site = site(3, &format!("{SETTINGS}curation.min_quality = 50\n"));
    write(site.path(), 1, "quality: 9\nauthors: Nobody Knows\n");
    write(site.path(), 2, "authors: [Ada Byron, Łukasz]\n");
    put(
        site.path(),
        "content/news/gone.md",
        "---\ntitle: Zwiebelkuchen\npublishedDateTime: 2026-01-01T00:00:00Z\noriginalUrl: \
         https://x.example/\npublished: false\n---\nQuittengelee\n",
    );
    built(&site);
    let said = said(&index(&site));
    for word in [
        "Headline0",
        "headline2",
        "Excerpt0",
        "Body2",
        "Europe",
        "World",
        "One Ä",
        "Ada Byron, Łukasz",
        "byron",
        "/ai/news/2026/01/01/",
    ] {
        assert!(said.contains(word), "{word} is not in the index:\n{said}");
    }
    for word in [
        "Headline1",
        "headline1",
        "Excerpt1",
        "Body1",
        "body1",
        "wiebel",
        "uitten",
        "Nobody",
        "quality",
    ] {
        assert!(!said.contains(word), "{word} is in the index");
    }
}

/// The folders that `_headers` lets browsers keep for ever hold the files that are named after
/// their content, and no others.
fn check_headers(site: &TempDir, index: &Tree) {
    let headers = fs::read_to_string(site.path().join("public/_headers")).unwrap();
    let mut kept = BTreeSet::new();
    for path in index.keys() {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let folder = folder
            .strip_prefix(|first: char| first.is_ascii_digit())
            .and_then(|rest| rest.strip_prefix('/'))
            .map_or_else(|| folder.to_owned(), |rest| format!(":part/{rest}"));
        let has_rule = headers.contains(&format!(
            "/ai/search/index/{folder}/*\n  ! Cache-Control\n  Cache-Control: public, \
             max-age=31536000, immutable\n"
        ));
        let is_hashed = name.contains(".pf_") && !name.ends_with(".pf_meta");
        assert_eq!(has_rule, is_hashed, "{path}");
        kept.extend(has_rule.then_some(folder));
    }
    assert_eq!(kept.len(), 6, "{kept:?}");
}

#[test]
fn an_unchanged_site_is_not_indexed_again() {
    let site = site(250, SETTINGS);
    let first = built(&site);
    assert_eq!(first.indexed, 250);
    let before = index(&site);
    check_headers(&site, &before);
    let again = built(&site);
    assert_eq!(
        (
            again.indexed,
            again.delta.written.len(),
            again.delta.removed.len()
        ),
        (0, 0, 0)
    );
    // Nor when a page changes that is not in it.
    put(
        site.path(),
        "content/pages/about.md",
        "---\ntitle: About\n---\n",
    );
    put(
        site.path(),
        "templates/article.html",
        "<p>{{ article.title }}",
    );
    let again = built(&site);
    assert_eq!(again.indexed, 0);
    assert_eq!(
        again
            .delta
            .written
            .iter()
            .filter(|file| file.starts_with("search/index/"))
            .count(),
        0
    );
    assert_eq!(difference(&index(&site), &before), None);
}

/// The parts of the index that files are in; the head is ``.
fn parts(files: &[String]) -> BTreeSet<&str> {
    let names = files
        .iter()
        .filter_map(|file| file.strip_prefix("search/index/"));
    names
        .map(|name| match name.split_once('/') {
            Some((part, _)) if part.starts_with(|first: char| first.is_ascii_digit()) => part,
            _ => "",
        })
        .collect()
}

#[test]
fn an_article_changes_the_part_that_it_is_in() {
    // Part 1 has 100 articles. Of the other 150, the head has the newest three, and part 2, which
    // fills up, the rest.
    let site = site(250, SETTINGS);
    built(&site);
    for (number, indexed, part) in [(250, 4, ""), (3, 100, "1"), (200, 147, "2")] {
        write(site.path(), number, "highlight: New\n");
        let report = built(&site);
        assert_eq!(report.indexed, indexed, "article {number}");
        for files in [&report.delta.written, &report.delta.removed] {
            assert!(parts(files).is_subset(&[part].into()), "{files:?}");
        }
    }
    write(site.path(), 3, "tags: [x]\nslug: another\n");
    let report = built(&site);
    assert_eq!(report.indexed, 100);
    assert!(
        !parts(&report.delta.removed).is_empty(),
        "pieces with the old address are still there"
    );
    is_like_clean(&site);
}

/// Holds the output to that of a clean build.
#[track_caller]
fn is_like_clean(site: &TempDir) {
    let clean = TempDir::new().unwrap();
    for name in ["site.toml", "content", "templates"] {
        let from = site.path().join(name);
        if from.is_file() {
            put(clean.path(), name, fs::read(from).unwrap());
        } else {
            Tree::of(&from)
                .into_iter()
                .for_each(|(path, bytes)| put(clean.path(), &format!("{name}/{path}"), bytes));
        }
    }
    built(&clean);
    assert_eq!(
        difference(
            &Tree::of(&site.path().join("public")),
            &Tree::of(&clean.path().join("public"))
        ),
        None
    );
}

#[test]
fn a_part_that_is_full_stays_as_it_is() {
    // Three full parts of the oldest articles, one that fills up, and a head of three.
    let site = site(450, SETTINGS);
    built(&site);
    let full = || {
        let mut files = index(&site);
        files.retain(|file, _| ["1/", "2/", "3/"].iter().any(|part| file.starts_with(part)));
        files
    };
    let before = full();
    assert!(before.len() > 3 * 4);
    // The head grows up to five articles. With the sixth, the oldest three go to part 4.
    for (number, indexed, changed) in [(450, 4, vec![""]), (452, 3 + 150, vec!["", "4"])] {
        (450..=number).for_each(|number| write(site.path(), number, ""));
        let report = built(&site);
        assert_eq!(report.indexed, indexed);
        assert_eq!(parts(&report.delta.written), changed.into_iter().collect());
        assert_eq!(difference(&full(), &before), None);
        is_like_clean(&site);
    }
    // What is too much for part 4 makes one more.
    (453..520).for_each(|number| write(site.path(), number, ""));
    let report = built(&site);
    assert_eq!(report.indexed, 4 + 116 + 100);
    assert_eq!(parts(&report.delta.written), ["", "4", "5"].into());
    assert_eq!(difference(&full(), &before), None);
    is_like_clean(&site);
}

#[test]
fn a_new_article_changes_few_files_of_an_index_that_has_many() {
    // Articles of words that many others have, too: a new one is in most files with words.
    let site = site(0, "search.part_size = 3000\n");
    let write = |number: usize| {
        let word = |at: usize| format!("word{}", (number * 7919 + at * at * 31) % 9973);
        let words = (0..150).map(word).collect::<Vec<_>>().join(" ");
        let (month, day) = (1 + number / 100, 1 + number % 100 / 4);
        let date = format!("2025-{month:02}-{day:02}T{:02}:00:00Z", number % 4);
        let text = format!(
            "---\ntitle: Story {number}\npublishedDateTime: {date}\n\
             originalUrl: https://one.example/{number}\n---\n{words}\n"
        );
        put(site.path(), &format!("content/news/{number}.md"), text);
    };
    (0..1000).for_each(write);
    built(&site);
    let all = index(&site);
    let pieces = all.keys().filter(|file| file.contains(".pf_index")).count();
    assert!(pieces > 15, "{pieces}");
    write(1000);
    let report = built(&site);
    let files = report.delta.written.iter();
    let changed: Vec<_> = files
        .filter(|file| file.starts_with("search/index/"))
        .collect();
    assert!(changed.len() <= 8, "{changed:?}");
    assert!(report.indexed < 200);
}

#[test]
fn a_file_of_the_index_that_is_lost_comes_back() {
    let site = site(5, SETTINGS);
    built(&site);
    let before = index(&site);
    for name in before.keys() {
        let path = site.path().join("public/search/index").join(name);
        if name.ends_with("json") {
            fs::write(&path, "{}").unwrap()
        } else {
            fs::remove_file(&path).unwrap()
        }
        let report = built(&site);
        assert_eq!(
            (report.indexed, report.delta.written),
            (5, vec![format!("search/index/{name}")])
        );
    }
    assert_eq!(difference(&index(&site), &before), None);
    let report = good(build(
        site.path(),
        How {
            trust: Trust::Nothing,
            ..How::default()
        },
    ));
    assert_eq!(
        (
            report.indexed,
            report.stale_fingerprints,
            report.delta.written
        ),
        (5, vec![], vec![])
    );
}

#[test]
fn switched_off_it_leaves_nothing_behind() {
    let site = site(5, SETTINGS);
    let on = built(&site);
    assert!(site.path().join("public/search/index.html").exists());
    put(
        site.path(),
        "site.toml",
        format!("{SETTINGS}search.enabled = false\n"),
    );
    let off = built(&site);
    assert_eq!(off.indexed, 0);
    assert!(!site.path().join("public/search").exists());
    let gone = on
        .delta
        .written
        .iter()
        .filter(|file| file.starts_with("search/") || file.starts_with("search."))
        .count();
    assert!(gone > 10, "{:?}", on.delta.written);
    for (path, bytes) in Tree::of(&site.path().join("public")) {
        assert!(!path.starts_with("search"), "{path} is for the search");
        let text = String::from_utf8_lossy(&bytes);
        assert!(
            !path.ends_with(".html") || !text.contains("/search/"),
            "{path} leads to the search"
        );
    }
    put(site.path(), "site.toml", SETTINGS);
    assert_eq!(built(&site).indexed, 5);
}

#[test]
fn a_site_without_articles_has_a_page_and_no_index() {
    let site = site(0, SETTINGS);
    let report = built(&site);
    assert_eq!((report.indexed, index(&site).len()), (0, 0));
    assert!(site.path().join("public/search/index.html").exists());
}

#[test]
fn nobody_else_has_a_file_in_the_folder_of_the_index() {
    for file in ["search/index/x.txt", "search/index"] {
        let site = site(1, SETTINGS);
        put(site.path(), &format!("static/{file}"), "x");
        let failure = build(site.path(), How::default())
            .err()
            .map(|failure| reason(&failure))
            .unwrap_or_default();
        assert!(
            failure.contains(&format!("static/{file}")),
            "{file}: {failure}"
        );
    }
    let site = site(1, &format!("{SETTINGS}search.enabled = false\n"));
    put(site.path(), "static/search/index/pagefind.js", "mine");
    built(&site);
    fs::remove_file(site.path().join("static/search/index/pagefind.js")).unwrap();
    put(site.path(), "site.toml", SETTINGS);
    let report = built(&site);
    assert_eq!(
        report.delta.removed,
        Vec::<String>::new(),
        "the file is part of the index now"
    );
    assert!(
        fs::read(site.path().join("public/search/index/pagefind.js"))
            .unwrap()
            .len()
            > 10_000
    );
}

#[test]
fn titles_in_languages_without_spaces_are_found_by_their_words() {
    let site = site(0, "locale = \"ja\"\n");
    put(
        site.path(),
        "content/news/a.md",
        "---\ntitle: 東京都の人工知能\nexcerpt: 新しい研究\npublishedDateTime: \
         2026-01-01T00:00:00Z\noriginalUrl: https://a.example/\n---\n",
    );
    built(&site);
    let said = said(&index(&site));
    assert!(
        said.contains("東京\u{200b}") && said.contains("研究"),
        "{said}"
    );
}
