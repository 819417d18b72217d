//! What one article may cost a site, in bytes of output and in counts.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod support;

use serde_json::Value;
use support::Site;

/// What `docs/content.md` promises: bytes of output that one article causes, at most.
const MOST_OUTPUT: usize = 40_000_000;

/// As many topics as an article may have.
const TOPICS: usize = 50;

fn fields(title: &str) -> String {
    let topics: String = (0..TOPICS)
        .map(|number| format!("- topic {number}\n"))
        .collect();
    format!("title: {title}\nprovider: {{ name: A, domain: a.example }}\ntopics:\n{topics}")
}

/// A site with the API, where an ordinary article has all topics, so that their pages are there in
/// any case, and one more article with this body and these fields if there are any.
fn site(more: Option<(&str, &str)>) -> Site {
    let site = Site::new()
        .file(
            "site.toml",
            "title = \"Test\"\nbase_url = \"https://news.example/\"\napi.enabled = true\n",
        )
        .article("ordinary", &fields("An ordinary one"));
    if let Some((body, more)) = more {
        let head = support::article("large", &(fields("A large one") + more));
        site.write("content/news/large.md", format!("{head}\n{body}\n"));
    }
    site.build().good();
    site
}

fn bytes(site: &Site) -> usize {
    site.output().0.values().map(Vec::len).sum()
}

fn json(site: &Site, path: &str) -> Value {
    serde_json::from_str(site.output().text(path)).unwrap()
}

#[test]
fn output_of_one_article_is_bounded() {
    let without = bytes(&site(None));
    let one_mib = |piece: &str| piece.repeat(1_000_000 / piece.len());
    let related: String = (0..40)
        .map(|number| {
            format!(
                "- title: Another\n  webUrl: https://b.example/{number}\n  excerpt: {}\n",
                "excerpt ".repeat(500)
            )
        })
        .collect();
    for (what, body, more) in [
        (
            "text",
            one_mib("lorem ipsum dolor sit amet "),
            String::new(),
        ),
        (
            "as much as feeds take",
            one_mib("lorem ipsum ")[..95_000].to_owned(),
            format!("excerpt: {}\n", "😀".repeat(5_000)),
        ),
        (
            "short paragraphs",
            one_mib("a & \"b\"\n\n")[..60_000].to_owned(),
            String::new(),
        ),
        (
            "links",
            one_mib("[a](/b) ")[..40_000].to_owned(),
            String::new(),
        ),
        (
            "related stories",
            "Text.".to_owned(),
            format!("related:\n{related}"),
        ),
    ] {
        let with = bytes(&site(Some((&body, &more))));
        let caused = with - without;
        assert!(caused < MOST_OUTPUT, "{what}: {caused} bytes");
    }
}

#[test]
fn a_long_body_is_whole_once_and_elsewhere_an_excerpt() {
    let body = "lorem ipsum dolor sit amet ".repeat(5_000);
    let site = site(Some((&body, "excerpt: What it says\n")));
    let output = site.output();
    let path = "news/2026/11/20/large/index.html";
    assert!(output.text(path).len() > body.len());
    for feed in ["feed.xml", "rss.xml", "topics/topic-1/feed.xml"] {
        let text = output.text(feed);
        assert!(text.len() < 20_000, "{feed} has {} bytes", text.len());
        assert!(
            text.contains("What it says") && text.contains("/20/large/"),
            "{feed}"
        );
    }
    let all = json(&site, "api/news/index.json");
    let of_topic = json(&site, "api/news/topic-1/index.json");
    let large = |value: &Value| -> Value {
        let articles = value["value"].as_array().unwrap();
        let is_large = |article: &&Value| article["title"] == "A large one";
        articles.iter().find(is_large).unwrap().clone()
    };
    assert!(large(&all)["body"].as_str().unwrap().len() > body.len());
    assert_eq!(large(&all).get("isShortened"), None);
    let short = large(&of_topic);
    assert_eq!(
        (short.get("body"), &short["isShortened"]),
        (None, &true.into())
    );
    assert_eq!(short["excerpt"], "What it says");
}

#[test]
fn an_ordinary_body_is_in_every_feed_and_listing() {
    let body = "lorem ipsum dolor sit amet ".repeat(3_000);
    let site = site(Some((&body, "excerpt: What it says\n")));
    let output = site.output();
    for path in [
        "news/2026/11/20/large/index.html",
        "feed.xml",
        "topics/topic-1/feed.xml",
        "api/news/index.json",
        "api/news/topic-1/index.json",
    ] {
        assert!(output.text(path).contains(body.trim()), "{path}");
    }
}

#[test]
fn an_entry_without_an_excerpt_gets_one_from_its_long_body() {
    let body = "lorem ipsum dolor sit amet ".repeat(5_000);
    let site = site(Some((&body, "")));
    let feed = site.output().text("rss.xml").to_owned();
    assert!(feed.contains("<description>lorem ipsum"), "{feed}");
    assert!(feed.len() < 20_000);
}

#[test]
fn names_of_signs_have_addresses_of_their_own() {
    let names = ["x", "x+", "x#", "x-2"];
    let topics: String = names.iter().map(|name| format!("- \"{name}\"\n")).collect();
    let site = Site::new().article("a", &format!("title: A\ntopics:\n{topics}"));
    site.build().good();
    let output = site.output();
    for slug in ["x", "x-plus", "x-sharp", "x-2"] {
        let path = format!("topics/{slug}/index.html");
        assert!(output.contains(&path), "{slug}");
    }
}

#[test]
fn a_chain_of_topics_is_one_message_and_no_more_pages_than_topics() {
    let site = Site::new().article("a", "title: A\ntopics: [t0]\n");
    for number in 0..293 {
        let parent = format!("name: t{number}\nparent: t{}\n", number + 1);
        site.write(&format!("content/topics/{number}.yaml"), parent);
    }
    let run = site.build().exits(1);
    assert_eq!(run.stderr.matches("error: ").count(), 1, "{run}");
    assert!(run.stderr.contains("more than 20 topics above"), "{run}");
    site.newsgen(["build", "--keep-going", "--now", support::NOW])
        .run()
        .good();
    // The article is listed under its own topic and the twenty above it.
    let output = site.output();
    let listing = |path: &&str| path.starts_with("topics/t") && path.ends_with("/index.html");
    let listings: Vec<_> = output.paths().into_iter().filter(listing).collect();
    let with_article = listings
        .iter()
        .filter(|path| output.text(path).contains("/20/a/"));
    assert_eq!((listings.len(), with_article.count()), (294, 21));
}
