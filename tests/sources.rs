//! The page of sources: which articles are from which, and that it follows from content alone.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod support;

use support::{Site, assert_same};

const PAGE: &str = "title = \"Test\"\nbase_url = \"https://news.example/\"\nsources.page = true\n";

/// An article with a link to a host, of a day of November, and more fields.
fn article(day: u8, host: &str, more: &str) -> String {
    format!(
        "title: Story of the {day}\npublishedDateTime: 2026-11-{day:02}T08:00:00Z\n\
         originalUrl: https://{host}/{day}\n{more}"
    )
}

/// Three articles of one host, one of another, and sources for some of them.
fn site(settings: &str) -> Site {
    Site::new()
        .file("site.toml", settings)
        .article("a", &article(1, "one.example", ""))
        .article("b", &article(2, "one.example", ""))
        .article("c", &article(3, "one.example", "source: links\n"))
        .article("d", &article(4, "two.example", "source: press/two\n"))
        .file(
            "content/sources/one.yaml",
            "feed: https://www.one.example/feed\ntitle: The One\n",
        )
        .file(
            "content/sources/links.yaml",
            "feed: https://links.example/feed\ntitle: \"Links <b>\"\n",
        )
        .file(
            "content/sources/press/two.yaml",
            "feed: https://feeds.example/two\nlanguage: fr\n",
        )
}

/// The lines of the page that are text of an item, one for each source.
fn items(site: &Site) -> Vec<String> {
    let page = site.output().text("sources/index.html").to_owned();
    let list = page.split("<ul class=\"refs\">").nth(1).unwrap();
    let list = list.split("</main>").next().unwrap();
    let tag = regex::Regex::new("<[^>]*>").unwrap();
    let items = list.split("<h2").skip(1).map(|item| {
        let text = tag.replace_all(&item[item.find('>').unwrap() + 1..], " ");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    });
    items.collect()
}

#[test]
fn each_article_counts_for_the_source_that_it_names_or_for_that_of_its_provider() {
    let site = site(PAGE);
    site.build().good();
    assert_eq!(
        items(&site),
        [
            "The One 2 stories (50%) Latest: 2 Nov 2026 Feed",
            "Links &lt;b&gt; 1 story (25%) Latest: 3 Nov 2026 Feed",
            "press/two 1 story (25%) Latest: 4 Nov 2026 Français Feed",
        ]
    );
    let output = site.output();
    let page = output.text("sources/index.html");
    assert!(
        page.contains("href=\"https://one.example/\" rel=\"external\">The One<"),
        "{page}"
    );
    assert!(page.contains("<bdi lang=\"fr\">Français</bdi>"), "{page}");
    assert!(
        output
            .text("index.html")
            .contains("<a href=\"/sources/\">Feeds we read</a>")
    );
    assert!(
        output
            .text("sitemaps/1.xml")
            .contains("https://news.example/sources/")
    );

    // Of two that have one provider neither has its articles.
    site.write(
        "content/sources/again.yaml",
        "feed: https://feeds.example/one\nprovider: one.example\n",
    );
    site.build().good();
    assert_eq!(
        items(&site)[2..],
        ["again 0 stories Feed", "The One 0 stories Feed"]
    );
    // A paused one without articles is left out, and so is one that is not to be listed, which is
    // still a source.
    site.write(
        "content/sources/again.yaml",
        "feed: https://feeds.example/one\nprovider: one.example\npaused: true\n",
    );
    site.write(
        "content/sources/links.yaml",
        "feed: https://links.example/feed\nlisted: false\n",
    );
    site.build().good();
    assert_eq!(
        items(&site),
        [
            "press/two 1 story (25%) Latest: 4 Nov 2026 Français Feed",
            "The One 0 stories Feed",
        ]
    );
}

#[test]
fn without_the_setting_a_build_does_not_see_sources() {
    let settings = "title = \"Test\"\nbase_url = \"https://news.example/\"\n";
    let with = site(settings);
    with.write("content/sources/broken.yaml", "feed: [\n");
    with.build().good();
    let without = site(settings);
    for path in ["one.yaml", "links.yaml", "press/two.yaml"] {
        without.remove(&format!("content/sources/{path}"));
    }
    without.build().good();
    assert_same(&with.output(), &without.output(), "sources");
    assert!(!with.output().contains("sources/index.html"));
}

#[test]
fn the_page_does_not_see_queue_ledger_and_clock() {
    let with = site(PAGE)
        .file(
            "content/queue/q.md",
            format!("---\n{}---\n", article(5, "one.example", "source: one\n")),
        )
        .file(
            "content/ledger/2026-11.jsonl",
            "{\"time\":\"2026-11-05T00:00:00Z\",\"source\":\"one\",\"id\":\"x\",\
             \"decision\":\"published\",\"by\":\"editor\"}\n",
        );
    with.build().good();
    let without = site(PAGE);
    without.build().good();
    assert_same(&with.output(), &without.output(), "queue and ledger");
}

#[test]
fn a_mistake_in_a_source_file_is_reported_once() {
    let site = site(PAGE);
    site.write("content/sources/one.yaml", "feed: nowhere\n");
    site.build().exits(1).warns("content/sources/one.yaml:1:7");
    let check = site.check().exits(1);
    assert_eq!(
        check.stderr.matches("is not the address of a feed").count(),
        1,
        "{check}"
    );
}
