//! Settings that make other sites of the same articles: headlines that lead straight to the
//! original, feeds with more or less in them, listings without older pages.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod support;

use serde_json::Value;
use support::{NOW, Site, Tree};

/// A site of `count` articles, with settings after those of [`Site::new`].
fn site(count: usize, settings: &str) -> Site {
    let site = Site::new().with_articles(count);
    let before = site.read("site.toml");
    site.file("site.toml", format!("{before}{settings}"))
}

/// Pages below `/news/`.
fn article_pages(output: &Tree) -> Vec<&str> {
    let paths = output.paths().into_iter();
    paths.filter(|path| path.starts_with("news/")).collect()
}

#[test]
fn a_site_without_pages_of_articles_has_few_files_at_any_size() {
    let settings =
        "listing.page_size = 20\ndigest.period = \"off\"\n[articles]\npages = \"none\"\n";
    let small = site(100, settings);
    small.build().good();
    let large = site(480, settings);
    large.build().good();
    let (small, large) = (small.output(), large.output());
    assert_eq!(article_pages(&large), [] as [&str; 0]);
    // 380 articles more bring 19 pages of their month.
    assert_eq!(large.paths().len() - small.paths().len(), 19);
    let front = large.text("index.html");
    assert!(front.contains("rel=\"external\""));
    assert!(!front.contains("/news/2026"), "{front}");
    // Older articles are in the archive.
    assert!(
        front.contains("<a class=\"older\" href=\"/archive/\">"),
        "{front}"
    );
    assert!(large.contains("archive/2026/11/page/1/index.html"));
    let api: Value = serde_json::from_str(large.text("api/news/index.json")).unwrap();
    assert!(
        api["value"][0]["url"]
            .as_str()
            .unwrap()
            .starts_with("https://"),
        "{api}"
    );
    assert!(!large.contains("news-sitemap.xml"));
}

#[test]
fn own_keeps_pages_for_articles_with_a_text_or_with_coverage() {
    let own = "[articles]\npages = \"own\"\n";
    let excerpt = "excerpt: The lighthouse on the coast has been lit again after forty years.\n";
    let report = |title: &str, hour: u8, domain: &str| {
        format!(
            "title: {title}\n{excerpt}publishedDateTime: 2026-11-20T0{hour}:00:00Z\n\
             webUrl: https://{domain}/1\nprovider: {{name: {domain}, domain: {domain}}}\n"
        )
    };
    let site = site(2, own)
        .article(
            "a",
            &report("Lighthouse on the coast lit again", 1, "a.example"),
        )
        .article(
            "b",
            &report("The lighthouse on the coast is lit again", 2, "b.example"),
        )
        .file(
            "content/news/c.md",
            "---\ntitle: With a text\npublishedDateTime: 2026-11-19T01:00:00Z\n\
             webUrl: https://c.example/1\nprovider: {name: C, domain: c.example}\n---\nText.\n",
        )
        .file(
            "content/news/d.md",
            "---\ntitle: Of our own\npublishedDateTime: 2026-11-19T02:00:00Z\n---\nText.\n",
        );
    site.build().good();
    let output = site.output();
    // The first report of an event has no page: later ones change nothing of it.
    assert_eq!(
        article_pages(&output),
        [
            "news/2026/11/19/c/index.html",
            "news/2026/11/19/d/index.html",
            "news/2026/11/20/b/index.html",
        ]
    );
    let sitemap = output.text("sitemaps/1.xml");
    assert!(sitemap.contains("/2026/11/20/b/") && !sitemap.contains("/2026/11/20/a/"));
}

#[test]
fn feeds_have_as_much_as_they_should() {
    let build = |settings: &str| {
        let site = site(0, settings);
        for name in ["1", "2"] {
            let text = "word ".repeat(150);
            site.write(
                &format!("content/news/2026-11-1{name}-x.md"),
                format!(
                    "---\ntitle: Title {name}\nexcerpt: Excerpt {name}\n\
                     publishedDateTime: 2026-11-1{name}T01:00:00Z\n\
                     webUrl: https://a.example/{name}\nprovider: {{name: A, domain: a.example}}\n\
                     ---\nText {name} {text}\n"
                ),
            );
        }
        site.build().good();
        site.output()
    };
    let full = build("");
    for feed in ["feed.xml", "rss.xml", "feed.json"] {
        let text = full.text(feed);
        assert!(
            text.contains("Text 1 word") && text.contains("Excerpt 1"),
            "{feed}: {text}"
        );
        assert!(
            text.contains("https://news.example/news/2026/11/11/x/"),
            "{feed}: {text}"
        );
    }
    assert!(
        full.text("rss.xml")
            .contains("<content:encoded>&lt;p&gt;Text 2")
    );
    let excerpt = build("[feeds]\ntext = \"excerpt\"\nlinks = \"original\"\n");
    for feed in ["feed.xml", "rss.xml", "feed.json"] {
        let text = excerpt.text(feed);
        assert!(
            !text.contains("word word") && text.contains("Excerpt 1"),
            "{feed}: {text}"
        );
        assert!(text.contains("https://a.example/1"), "{feed}: {text}");
        assert!(!text.contains("/news/2026"), "{feed}: {text}");
    }
    let link = build("[feeds]\ntext = \"link\"\n");
    for feed in ["feed.xml", "rss.xml", "feed.json"] {
        let text = link.text(feed);
        assert!(
            !text.contains("word word") && !text.contains("Excerpt"),
            "{feed}: {text}"
        );
    }
    // 1,000 bytes hold the newer text alone; the older article has its excerpt.
    let capped = build("[feeds]\nmax_kilobytes = 1\n");
    for feed in ["feed.xml", "rss.xml", "feed.json"] {
        let text = capped.text(feed);
        assert!(
            text.contains("Text 2 word") && !text.contains("Text 1 word"),
            "{feed}: {text}"
        );
        assert!(text.contains("Excerpt 1"), "{feed}: {text}");
    }
}

#[test]
fn check_counts_files_and_warns_of_more_than_the_host_takes() {
    let run = site(30, "").check().good();
    assert!(run.stdout.contains(" files: articles 30, "), "{run}");
    let few = site(30, "host.max_files = 50\n").check().good();
    assert!(few.stderr.contains("`host.max_files` is 50"), "{few}");
    let none = site(30, "host.max_files = 0\n").check().good();
    assert!(!none.stderr.contains("max_files"), "{none}");
    let flat = site(30, "host.max_files = 50\n[articles]\npages = \"none\"\n")
        .newsgen(["check", "--now", NOW])
        .run()
        .good();
    assert!(!flat.stdout.contains("articles 30"), "{flat}");
}
