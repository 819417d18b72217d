//! `newsgen new --stdin`: each line of JSON becomes one article, or an error with its number.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::io::Write;
use std::process::{Command, Stdio};

use support::{NOW, Site};

/// Exit code, standard output, standard error.
fn new(site: &Site, lines: &[u8]) -> (Option<i32>, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_newsgen"))
        .current_dir(site.root())
        .args(["new", "--stdin", "--now", NOW])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(lines).unwrap();
    let done = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (done.status.code(), text(done.stdout), text(done.stderr))
}

#[test]
fn each_line_becomes_an_article() {
    let site = Site::new()
        .file("content/topics/chips.yaml", "name: Chips\n")
        .file(
            "content/providers/weekly.yaml",
            "name: Example Weekly\ndomain: weekly.example\n",
        );
    let lines = concat!(
        r#"{"title": "One", "url": "https://news.weekly.example/1", "topics": ["chips"], "#,
        r#""quality": 80, "provider": "example weekly", "published": "2026-11-20", "#,
        r#""excerpt": "Two\nlines", "draft": true, "image": "https://a.example/x.jpg"}"#,
        "\n\n",
        r#"{"title": "Two", "url": "https://a.example/2"}"#,
        "\n",
        r#"{"title": "Again", "url": "http://www.a.example/2?utm_source=x"}"#,
    );
    let (code, out, err) = new(&site, lines.as_bytes());
    assert_eq!(code, Some(0), "{err}");
    assert_eq!(
        out,
        "content/news/2026-11-20-one.md\ncontent/news/2026-11-21-two.md\n\
         content/news/2026-11-21-again.md\n"
    );
    assert_eq!(
        err,
        "note: line 1: the topic `chips` is written `Chips` elsewhere\n\
         note: line 4: content/news/2026-11-21-two.md leads to the same story\n"
    );
    assert_eq!(
        site.read("content/news/2026-11-20-one.md"),
        "---\ntitle: \"One\"\nexcerpt: \"Two lines\"\npublishedDateTime: 2026-11-20T00:00:00Z\n\
         originalUrl: \"https://news.weekly.example/1\"\ntype: article\nquality: 80\n\
         published: false\nprovider:\n  name: \"Example Weekly\"\n  domain: \"weekly.example\"\n\
         topics:\n  - \"chips\"\nimages:\n  - url: \"https://a.example/x.jpg\"\n---\n"
    );
    site.build().good().says("3 articles read");
}

#[test]
fn a_line_that_is_wrong_is_reported_with_its_number_and_the_others_are_written() {
    let site = Site::new();
    let mut lines = b"{\"title\": \"One\", \"url\": \"https://a.example/1\"}\n".to_vec();
    lines.extend(
        b"not JSON\n{\"title\": \"x\"}\n{\"title\": \"\", \"url\": \"https://a.example/2\"}\n",
    );
    lines.extend(b"{\"title\": \"x\", \"url\": \"https://a.example/3\", \"titel\": 1}\n");
    lines.extend(b"{\"title\": \"x\", \"url\": \"ftp://a.example/\"}\n\xff\n");
    lines
        .extend(b"{\"title\": \"x\", \"url\": \"https://a.example/4\", \"published\": \"soon\"}\n");
    lines.extend(b"{\"title\": \"Last\", \"url\": \"https://a.example/5\"}\n");
    let (code, out, err) = new(&site, &lines);
    assert_eq!(code, Some(1));
    assert_eq!(
        out,
        "content/news/2026-11-21-one.md\ncontent/news/2026-11-21-last.md\n"
    );
    for text in [
        "standard input:2:",
        "standard input:3:",
        "missing field `url`",
        "line 4: the title is empty",
        "standard input:5:",
        "unknown field `titel`",
        "line 6: `ftp://a.example/` is not a valid web URL",
        "standard input:7:",
        "it is not UTF-8",
        "line 8: `soon` is not a date",
        "7 errors; 2 articles written",
    ] {
        assert!(err.contains(text), "no `{text}` in:\n{err}");
    }
    let entries = std::fs::read_dir(site.path("content/news")).unwrap();
    assert_eq!(entries.count(), 2);
}

#[test]
fn a_line_may_name_its_language() {
    let site = Site::new().file("site.toml", "[languages.de]\n");
    let lines = concat!(
        r#"{"title": "Eins", "url": "https://a.example/1", "language": "de"}"#,
        "\n",
        r#"{"title": "Deux", "url": "https://a.example/2", "language": "fr"}"#,
        "\n",
        r#"{"title": "X", "url": "https://a.example/3", "language": "?"}"#,
    );
    let (code, out, err) = new(&site, lines.as_bytes());
    assert_eq!(code, Some(1), "{err}");
    assert_eq!(
        out,
        "content/news/2026-11-21-eins.de.md\ncontent/news/2026-11-21-deux.md\n"
    );
    assert!(err.contains("line 3: `?` is not a language tag"), "{err}");
    let french = site.read("content/news/2026-11-21-deux.md");
    assert!(french.contains("locale: \"fr\""), "{french}");
}

#[test]
fn links_and_providers_are_known_in_any_form() {
    let site = Site::new()
        .file(
            "content/providers/weekly.yaml",
            "name: Example Weekly\ndomain: weekly.example\n",
        )
        .article("one", "title: One\noriginalUrl: https://a.example/story");
    let lines = concat!(
        r#"{"title": "A", "url": "HTTPS://A.Example/story", "provider": "U.S."}"#,
        "\n",
        r#"{"title": "B", "url": "https://a.example/b", "provider": "https://www.Weekly.example/x"}"#,
    );
    let (code, _, err) = new(&site, lines.as_bytes());
    assert_eq!(code, Some(0), "{err}");
    assert_eq!(
        err,
        "note: line 1: content/news/one.md leads to the same story\n"
    );
    let [a, b] = ["a", "b"].map(|name| site.read(&format!("content/news/2026-11-21-{name}.md")));
    assert!(a.contains("name: \"U.S.\"\n  domain: \"a.example\""), "{a}");
    assert!(
        b.contains("name: \"Example Weekly\"\n  domain: \"weekly.example\""),
        "{b}"
    );
}
