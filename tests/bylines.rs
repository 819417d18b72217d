//! `authors`: who wrote a story, on pages, in feeds and for programs.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use scraper::{Html, Selector};
use serde_json::{Value, json};
use support::{NOW, Site};

fn story(title: &str, authors: &str) -> String {
    format!(
        "title: {title}\npublishedDateTime: 2026-11-20T08:00:00Z\noriginalUrl: https://a.example/{}\n\
         provider: {{name: Example Weekly, domain: a.example}}\n{authors}",
        title.len()
    )
}

const BOTH: &str =
    "authors:\n  - Ada Byron\n  - name: Grace <b>Hopper</b>\n    url: https://g.example/\n";

#[test]
fn authors_are_where_a_byline_belongs() {
    let site = Site::new()
        .article("a", &story("With", BOTH))
        .article("b", &story("Without", ""));
    site.build().good();
    let output = site.output();
    let page = output.text("news/2026/11/20/a/index.html");
    let byline = "By <bdi>Ada Byron</bdi>, <a href=\"https://g.example/\" \
                  rel=\"author external\">Grace Hopper</a>";
    assert!(page.contains(byline), "{page}");
    assert!(
        page.contains("\"author\":[{\"@type\":\"Person\",\"name\":\"Ada Byron\"}"),
        "{page}"
    );
    assert!(
        page.contains("\"sourceOrganization\":{\"@type\":\"Organization\""),
        "{page}"
    );
    let without = output.text("news/2026/11/20/b/index.html");
    assert!(!without.contains("class=\"by\""), "{without}");
    assert!(
        without.contains("\"author\":{\"@type\":\"Organization\""),
        "{without}"
    );

    let atom = output.text("feed.xml");
    for part in [
        "<name>Ada Byron</name>",
        "<uri>https://g.example/</uri>",
        "<title>Example Weekly</title>",
    ] {
        assert!(atom.contains(part), "{part}: {atom}");
    }
    let rss = output.text("rss.xml");
    for part in ["Ada Byron", "Grace Hopper", "Example Weekly"] {
        assert_eq!(
            rss.matches(&format!("<dc:creator>{part}<")).count(),
            1,
            "{rss}"
        );
    }
    let authors =
        json!([{ "name": "Ada Byron" }, { "name": "Grace Hopper", "url": "https://g.example/" }]);
    let feed: Value = serde_json::from_str(output.text("feed.json")).unwrap();
    let of = |list: &Value, title: &str| {
        let mut items = list.as_array().unwrap().iter();
        items.find(|item| item["title"] == title).unwrap()["authors"].clone()
    };
    assert_eq!(of(&feed["items"], "With"), authors);
    let publisher = json!([{ "name": "Example Weekly", "url": "https://a.example/" }]);
    assert_eq!(of(&feed["items"], "Without"), publisher);
    let api: Value = serde_json::from_str(output.text("api/news/index.json")).unwrap();
    assert_eq!(of(&api["value"], "With"), authors);
    assert_eq!(of(&api["value"], "Without"), Value::Null);
}

#[test]
fn bylines_stand_where_a_story_leads() {
    let report = |minutes: usize, more: &str| {
        format!(
            "title: Comet seen over the harbour\noriginalUrl: https://p{minutes}.example/\n\
             publishedDateTime: 2026-11-20T10:{minutes:02}:00Z\nevent: Comet\ntopics: [Sky]\n{more}"
        )
    };
    let site = Site::new()
        .article("a", &report(1, "authors: Ada Byron\nquality: 90\n"))
        .article("b", &report(2, "authors: Grace Hopper\n"))
        .article("c", &report(3, ""));
    let other = |name: &str, more: &str| {
        let fields = format!(
            "title: {name}\noriginalUrl: https://{name}.example/\n\
             publishedDateTime: 2026-11-19T10:00:00Z\n{more}"
        );
        site.write_article(name, &fields);
    };
    other(
        "Violins",
        "quality: 40\nauthors: Konrad Zuse\ntopics: [Music]\n",
    );
    site.write(
        "site.toml",
        "title = \"Test\"\nbase_url = \"https://news.example/\"\n\
         front = { top = 0, latest = 0, bands = 2, band = 2 }\n",
    );
    site.build().good();
    let output = site.output();
    let texts = |path: &str, selector: &str| {
        let page = Html::parse_document(output.text(path));
        let selector = Selector::parse(selector).unwrap();
        let names = page
            .select(&selector)
            .map(|by| by.text().collect::<String>());
        names.collect::<Vec<_>>()
    };
    assert_eq!(texts("index.html", ".lead .by"), ["By Ada Byron"]);
    let bylines = texts("index.html", ".by");
    assert!(
        bylines.contains(&"By Konrad Zuse".to_owned()),
        "{bylines:?}"
    );
    let event = texts("events/comet/index.html", ".by");
    assert_eq!(event, ["By Ada Byron"], "that of the best report");
}

#[test]
fn list_finds_the_articles_of_an_author() {
    let site = Site::new()
        .article("a", &story("With", BOTH))
        .article("b", &story("Other", "authors: Konrad Zuse\n"))
        .article("c", &story("Without", ""));
    let list = |name: &str| {
        let run = site
            .newsgen(["list", "--now", NOW, "--author", name])
            .run()
            .good();
        run.stdout.lines().count()
    };
    assert_eq!(
        ["hopper", "ADA byron", "zuse", "nobody"].map(list),
        [1, 1, 1, 0]
    );
    let run = site.newsgen(["list", "--now", NOW, "--format", "json"]);
    let listed: Value = serde_json::from_str(&run.run().good().stdout).unwrap();
    let rows = listed.as_array().unwrap().iter();
    let authors: Vec<_> = rows.map(|row| (&row["title"], &row["authors"])).collect();
    let ada = json!({ "name": "Ada Byron", "url": null });
    let grace = json!({ "name": "Grace Hopper", "url": "https://g.example/" });
    for (title, expected) in [("With", json!([ada, grace])), ("Without", json!([]))] {
        assert!(authors.contains(&(&json!(title), &expected)), "{authors:?}");
    }
}

/// A tree of each tool that has a preset, in `tests/presets`; `scripts/test` validates what they
/// become.
#[test]
fn authors_are_read_with_every_preset() {
    let folder = support::repository().join("tests/presets");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|item| item.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let known = ["astro", "eleventy", "hugo", "jekyll", "pelican", "zola"];
    assert_eq!(names, known);
    for name in known {
        let site = Site::copy_of(&folder.join(name));
        let run = site.build().good();
        assert!(!run.stderr.contains("warning"), "{name}: {run}");
        let output = site.output();
        let api: Value = serde_json::from_str(output.text("api/news/index.json")).unwrap();
        let authors = &api["value"][0]["authors"];
        assert_eq!(*authors, json!([{ "name": "Ada Byron" }]), "{name}: {api}");
        let front = output.text("index.html");
        assert!(front.contains("By <bdi>Ada Byron</bdi>"), "{name}: {front}");
    }
}

#[test]
fn authors_of_other_tools_are_read_and_what_cannot_be_is_reported() {
    let site = Site::new()
        .file(
            "site.toml",
            "title = \"Test\"\nbase_url = \"https://news.example/\"\ncontent.preset = \"jekyll\"\n",
        )
        .file(
            "content/news/a.md",
            "---\ntitle: A\ndate: 2026-11-20\nauthor:\n  name: Ada Byron\n---\nText.\n",
        );
    site.build().good();
    let output = site.output();
    assert!(output.text("feed.xml").contains("<name>Ada Byron</name>"));
    let site = Site::new().article(
        "a",
        &story(
            "A",
            "authors:\n  - url: https://a.example/\n  - name: B\n    url: \"javascript:x\"\n",
        ),
    );
    let run = site.check().good();
    for part in [
        "an author has no name",
        "the `url` of an author is not a web URL",
    ] {
        assert!(run.stderr.contains(part), "{part}: {run}");
    }
    let site = Site::new().article("a", &story("A", "authors: Ada Byron, Konrad Zuse\n"));
    let run = site.check().good();
    let part = "`authors` is one text with commas, and is read as 2";
    assert!(run.stderr.contains(part), "{run}");
}
