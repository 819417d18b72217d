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
    // The articles of tests are so alike that they would be one event.
    let apart = match settings.contains("related.similar") {
        true => "",
        false => "related.similar = 0\n",
    };
    site.file("site.toml", format!("{before}{apart}{settings}"))
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
fn check_counts_as_many_files_as_a_build_writes() {
    for settings in ["", "[articles]\npages = \"none\"\n"] {
        let site = site(480, settings);
        site.build().good();
        let written = site.output().paths().len();
        let said = site.check().good().stdout;
        let line = said.lines().find(|line| line.contains(" files: ")).unwrap();
        let counted: usize = line.split(' ').next().unwrap().parse().unwrap();
        // How many the search index has is estimated.
        assert!(
            counted.abs_diff(written) <= 8,
            "{line}, and {written} are there"
        );
    }
}

#[test]
fn without_pages_of_articles_providers_have_feeds_if_they_are_asked_for() {
    let none = "[articles]\npages = \"none\"\n";
    let site = site(20, none);
    site.build().good();
    let output = site.output();
    let is_of_provider = |path: &&str| path.starts_with("providers/") && path.ends_with(".xml");
    assert!(!output.paths().iter().any(is_of_provider));
    assert!(
        output
            .paths()
            .iter()
            .any(|path| path.starts_with("topics/") && path.ends_with(".xml"))
    );
    assert!(!output.text("feeds.opml").contains("/providers/"));
    let before = site.read("site.toml");
    site.write("site.toml", format!("{before}[feeds]\nproviders = true\n"));
    site.build().good();
    let output = site.output();
    assert!(output.paths().iter().any(is_of_provider));
    assert!(output.text("feeds.opml").contains("/providers/"));
}

#[test]
fn a_variable_that_is_nowhere_is_an_error_even_in_a_condition() {
    for (template, text, message) in [
        (
            "home.html",
            "{% if headline %}x{% endif %}",
            "there is no variable `headline`",
        ),
        (
            "topic.html",
            "{% for s in stories %}x{% endfor %}",
            "there is no variable `stories`",
        ),
        (
            "home.html",
            "{% if article %}x{% endif %}",
            "no page that this template is for has the variable `article`",
        ),
        (
            "home.html",
            "{% if listing.stories | length > headline %}{% endif %}",
            "there is no variable `headline`",
        ),
        (
            "home.html",
            "{{ front.lead.titel | upper }}",
            "`front.lead` has no field `titel`",
        ),
    ] {
        let path = format!("templates/{template}");
        let run = site(2, "").file(&path, text).build().exits(1);
        assert!(
            run.stderr.contains(message) && run.stderr.contains(&format!("{path}:1:")),
            "{text}: {run}"
        );
        assert!(run.stderr.contains("= help: "), "{text}: {run}");
    }
    // A part of several pages asks whether a page has it.
    site(2, "")
        .file(
            "templates/hooks/footer.html",
            "{% if article is defined %}{{ article.title }}{% endif %}",
        )
        .build()
        .good();
}

#[test]
fn own_keeps_pages_for_articles_with_a_text_or_with_coverage() {
    let own = "related.similar = 5\n[articles]\npages = \"own\"\n";
    let excerpt = "excerpt: The lighthouse on the coast has been lit again after forty years.\n";
    let report = |title: &str, hour: u8, domain: &str| {
        format!(
            "title: {title}\n{excerpt}publishedDateTime: 2026-11-20T0{hour}:00:00Z\n\
             webUrl: https://{domain}/1\nprovider: {{name: {domain}, domain: {domain}}}\n"
        )
    };
    let site = site(0, own)
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

/// The titles of the stories of a kind on the front page, in order.
fn titles(output: &Tree, variant: &str) -> Vec<String> {
    let page = scraper::Html::parse_document(output.text("index.html"));
    let selector = format!(".story.{variant} .headline");
    let selector = scraper::Selector::parse(&selector).unwrap();
    let titles = page
        .select(&selector)
        .map(|found| found.text().collect::<String>());
    titles.collect()
}

fn scored(title: &str, quality: u8, domain: &str, more: &str) -> String {
    format!(
        "title: {title}\nquality: {quality}\npublishedDateTime: 2026-11-20T08:00:00Z\n\
         webUrl: https://{domain}/{quality}\nprovider: {{name: {domain}, domain: {domain}}}\n{more}"
    )
}

#[test]
fn a_pinned_story_leads_until_its_pin_ends() {
    let site = site(0, "")
        .article("a", &scored("Best", 90, "a.example", ""))
        .article("b", &scored("Weak", 10, "b.example", "pin: 2026-11-22\n"));
    site.build().good();
    assert_eq!(titles(&site.output(), "lead"), ["Weak"]);
    let explained = site
        .newsgen(["explain", "content/news/a.md", "--now", NOW])
        .run()
        .good();
    for part in [
        "top story 1 of 1",
        "weight 90 (quality 90, heat none), halved every 24 hours",
        "to lead: a `pin`, and a higher rank than content/news/b.md, which is pinned",
    ] {
        assert!(explained.stdout.contains(part), "{part}: {explained}");
    }
    let later = "2026-11-22T00:00:00Z";
    site.newsgen(["build", "--now", later]).run().good();
    assert_eq!(titles(&site.output(), "lead"), ["Best"]);
    let explained = site
        .newsgen(["explain", "content/news/b.md", "--now", later])
        .run()
        .good();
    for part in [
        "no longer pinned since",
        "to lead before content/news/a.md: a weight of 91, or `pin: true`",
    ] {
        assert!(explained.stdout.contains(part), "{part}: {explained}");
    }
    let wrong = site.article("c", &scored("Wrong", 1, "c.example", "pin: soon\n"));
    let run = wrong.build().exits(1);
    assert!(run.stderr.contains("`pin` is not a date"), "{run}");
}

#[test]
fn no_provider_and_no_topic_has_the_top_for_itself() {
    let article = |site: Site, number: u8, domain: &str, topic: &str| {
        let more = format!("topics: [{topic}]\n");
        let title = format!("Story {number} {domain}");
        site.article(
            &format!("s{number}"),
            &scored(&title, number, domain, &more),
        )
    };
    let build = |settings: &str| {
        let mut made = site(0, settings);
        for number in 90..95 {
            made = article(made, number, "a.example", &format!("T{number}"));
        }
        made = article(made, 50, "b.example", "One");
        made = article(made, 51, "c.example", "One");
        made.build().good();
        let output = made.output();
        let mut all = titles(&output, "lead");
        all.extend(titles(&output, "top"));
        (made, all.into_iter().take(5).collect::<Vec<_>>())
    };
    let (site, top) = build("front.bands = 0\n");
    assert_eq!(
        top,
        [
            "Story 94 a.example",
            "Story 93 a.example",
            "Story 51 c.example",
            "Story 50 b.example",
            // There are no others.
            "Story 92 a.example",
        ]
    );
    let explained = site
        .newsgen(["explain", "content/news/s91.md", "--now", NOW])
        .run()
        .good();
    let why = "others of its provider are there (default)";
    assert!(explained.stdout.contains(why), "{explained}");
    let (_, top) = build("front.bands = 0\nfront.per_provider = 0\n");
    assert!(
        top.iter().all(|title| title.ends_with("a.example")),
        "{top:?}"
    );
}

#[test]
fn the_front_page_has_as_many_stories_as_it_should_and_none_twice() {
    for count in [33, 38, 45] {
        let settings = "front.latest = 7\nfront.top = 3\nfront.bands = 0\n\
             related.similar = 0\nlisting.page_size = 10\n";
        let site = site(count, settings);
        site.build().good();
        let output = site.output();
        let latest = titles(&output, "line");
        assert_eq!(latest.len(), 7);
        let mut all = titles(&output, "story");
        assert_eq!(titles(&output, "lead").len(), 1);
        let shown = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), shown);
        // What it leaves out is on the page at the number that is not full yet.
        let newest = (count / 10 - 1) + 1;
        let page = output.text(&format!("page/{newest}/index.html"));
        assert!(page.contains("class=\"on-listing\""), "{page}");
        let front = output.text("index.html");
        assert!(
            front.contains(&format!("href=\"/page/{newest}/\"")),
            "{front}"
        );
    }
}

#[test]
fn styles_and_looks_of_lists() {
    let heads = site(12, "front.style = \"headlines\"\n");
    heads.build().good();
    let output = heads.output();
    assert_eq!(titles(&output, "head").len(), 12);
    assert_eq!(titles(&output, "lead").len(), 0);
    let river = site(30, "front.style = \"river\"\nfront.latest = 5\n");
    river.build().good();
    assert_eq!(titles(&river.output(), "river").len(), 5);
    let bare = site(
        5,
        "listing.density = \"dense\"\n[theme]\ncovers = \"off\"\nexcerpt_length = 8\n",
    )
    .article(
        "x",
        &scored("X", 99, "x.example", "excerpt: Once upon a time\n"),
    );
    bare.build().good();
    let output = bare.output();
    let front = output.text("index.html");
    assert!(
        front.contains("<body class=\"on-home dense covers-off clipped\">"),
        "{front}"
    );
    assert!(!front.contains("<svg class=\"cover\""), "{front}");
    assert!(front.contains("…</p>"), "{front}");
    assert!(!front.contains("Once upon a time"), "{front}");
    let article = output.text("news/2026/11/20/x/index.html");
    assert!(article.contains("Once upon a time"), "{article}");
}

/// Titles of the stories of a list, in order.
fn listed(output: &Tree, path: &str) -> Vec<String> {
    let page = scraper::Html::parse_document(output.text(path));
    let selector = scraper::Selector::parse(".story .headline").unwrap();
    let titles = page
        .select(&selector)
        .map(|found| found.text().collect::<String>());
    titles.collect()
}

#[test]
fn lists_have_the_articles_for_which_their_condition_holds() {
    let settings = "nav = [\"/best/\", \"One\", \"/about/\", \"[Code](https://code.example/)\"]\n\
         [[lists]]\ntitle = \"Best\"\npath = \"/best/\"\nwhere = 'quality >= 50'\n\
         order = \"quality\"\nlimit = 2\nfeed = true\ndescription = \"The best of all.\"\n\
         [[lists]]\ntitle = \"Now\"\npath = \"/now/\"\nwhere = 'age < \"1 week\"'\n\
         [[lists]]\ntitle = \"Long\"\npath = \"/read/long/\"\n\
         where = 'extra.minutes > 9 and topic == \"one\"'\n";
    let site = site(0, settings)
        .file(
            "content/pages/about.md",
            "---\ntitle: About us\n---\nText.\n",
        )
        .article(
            "a",
            &scored("A", 90, "a.example", "minutes: 12\ntopics: [One]\n"),
        )
        .article(
            "b",
            &scored("B", 60, "b.example", "minutes: 3\ntopics: [One]\n"),
        )
        .article("c", &scored("C", 70, "c.example", "minutes: 20\n"))
        .article("d", &scored("D", 10, "d.example", ""));
    site.build().good();
    let output = site.output();
    assert_eq!(listed(&output, "best/index.html"), ["A", "C"]);
    assert_eq!(listed(&output, "now/index.html").len(), 4);
    assert_eq!(listed(&output, "read/long/index.html"), ["A"]);
    let best = output.text("best/index.html");
    assert!(
        best.contains("The best of all.") && best.contains("/best/feed.xml"),
        "{best}"
    );
    assert!(
        output
            .text("best/rss.xml")
            .contains("<title>Best – Test</title>")
    );
    assert!(!output.contains("now/feed.xml"));
    let nav: Vec<&str> = best
        .split("<ul class=\"rest\">")
        .next()
        .unwrap()
        .split("<ul>")
        .skip(1)
        .collect();
    let places: Vec<usize> = ["/best/", "/topics/one/", "/about/", "https://code.example/"]
        .iter()
        .map(|url| nav[0].find(&format!("href=\"{url}\"")).unwrap())
        .collect();
    assert!(places.is_sorted(), "{}", nav[0]);
    // What is a week old leaves the list with the clock alone.
    site.newsgen(["build", "--now", "2026-11-30T00:00:00Z"])
        .run()
        .good();
    assert_eq!(listed(&site.output(), "now/index.html").len(), 0);
    for (wrong, message) in [
        ("where = 'qality > 1'", "did you mean `quality`?"),
        ("path = \"best\"", "needs a `title`, and a `path`"),
    ] {
        let table = "[[lists]]\ntitle = \"X\"\n";
        let path = if wrong.starts_with("path") {
            ""
        } else {
            "path = \"/x/\"\n"
        };
        let run = self::site(0, &format!("{table}{path}{wrong}\n"))
            .build()
            .exits(1);
        assert!(run.stderr.contains(message), "{run}");
    }
    let lost = self::site(1, "nav = [\"/nowhere/\"]\n").check().good();
    assert!(
        lost.stderr.contains("where no list and no page is"),
        "{lost}"
    );
}

#[test]
fn a_page_names_its_template_and_the_stories_that_it_shows() {
    let settings = "[[lists]]\ntitle = \"Best\"\npath = \"/best/\"\nwhere = 'quality >= 50'\n\
         order = \"quality\"\nfeed = true\n";
    let template = "{% extends \"page.html\" %}{% block main %}{% for story in listing.stories %}\
         <h2 class=\"story\"><b class=\"headline\">{{ story.title }}</b></h2>{% endfor %}\
         {% if list %}<i>{{ list.name }} at {{ list.url }}</i>{% endif %}{% endblock main %}";
    let page = |fields: &str| format!("---\ntitle: A page\n{fields}---\nText.\n");
    let site = site(0, settings)
        .file("templates/reading.html", template)
        .file(
            "content/pages/a.md",
            page("template: reading.html\nlist: Best\n"),
        )
        .file(
            "content/pages/b.md",
            page(
                "list:\n  where: 'topic == \"one\" and quality < 80'\n  order: quality\n  \
                 limit: 2\n",
            ),
        )
        .file(
            "content/pages/c.md",
            page("list: {name: /best, limit: 1}\n"),
        )
        .file("content/pages/plain.md", page(""))
        .article("1", &scored("A", 90, "a.example", "topics: [One]\n"))
        .article("2", &scored("B", 60, "b.example", "topics: [One]\n"))
        .article("3", &scored("C", 70, "c.example", "topics: [One]\n"))
        .article("4", &scored("D", 10, "d.example", "topics: [One]\n"))
        .article("5", &scored("E", 20, "e.example", ""));
    site.build().good();
    let output = site.output();
    assert_eq!(listed(&output, "a/index.html"), ["A", "C", "B"]);
    let own = output.text("a/index.html");
    assert!(own.contains("<i>Best at /best/</i>"), "{own}");
    assert!(own.contains("/best/feed.xml"), "{own}");
    assert_eq!(listed(&output, "b/index.html"), ["C", "B"]);
    let built_in = output.text("b/index.html");
    assert!(built_in.contains("<p>Text.</p>"), "{built_in}");
    assert_eq!(listed(&output, "c/index.html"), ["A"]);
    assert!(
        output
            .text("c/index.html")
            .contains("<a class=\"older\" href=\"/best/\">Best</a>")
    );
    let plain = output.text("plain/index.html");
    // A new story is on the pages that list it, and on no other.
    site.write_article("6", &scored("F", 95, "f.example", ""));
    site.build().good();
    let after = site.output();
    assert_eq!(listed(&after, "a/index.html"), ["F", "A", "C", "B"]);
    assert_eq!(after.text("b/index.html"), built_in);
    assert_eq!(after.text("plain/index.html"), plain);
}

#[test]
fn mistakes_in_the_list_of_a_page_are_reported_with_their_place() {
    let settings = "[[lists]]\ntitle = \"Long reads\"\npath = \"/long/\"\n";
    for (fields, place, messages) in [
        (
            "template: pag.html\n",
            "p.md:3:11",
            [
                "there is no template `pag.html`",
                "did you mean `page.html`?",
            ],
        ),
        (
            "list: Long read\n",
            "p.md:3:7",
            ["there is no list `Long read`", "did you mean `Long reads`?"],
        ),
        (
            "list:\n  limit: 3\n  name: /lng/\n",
            "p.md:5:9",
            ["there is no list `/lng/`", "did you mean `/long/`?"],
        ),
        (
            "list:\n  where: qality > 3\n",
            "p.md:4:10",
            ["`where` is no condition", "did you mean `quality`?"],
        ),
        (
            "list:\n  where: extra.minutes > 3\n",
            "p.md:4:10",
            ["a page cannot ask for `extra`", "[[lists]]"],
        ),
        (
            "list:\n  order: newes\n",
            "p.md:4:10",
            ["there is no order `newes`", "did you mean `newest`?"],
        ),
        (
            "list:\n  limit: 0\n",
            "p.md:4:10",
            ["`limit` is 0", "give 1 or more"],
        ),
        (
            "list: {name: Long reads, where: quality > 3}\n",
            "p.md:3:7",
            ["has its own condition", "write `name`, or `where`"],
        ),
        (
            "list:\n  wher: quality > 3\n",
            "p.md:4:3",
            ["wher", "where"],
        ),
        ("list: 3\n", "p.md:3:7", ["list", "table"]),
    ] {
        let text = format!("---\ntitle: A page\n{fields}---\nText.\n");
        let run = site(2, settings)
            .file("content/pages/p.md", text)
            .build()
            .exits(1);
        assert!(run.stderr.contains(place), "{fields}: {run}");
        for message in messages {
            assert!(run.stderr.contains(message), "{fields}: {run}");
        }
    }
}

#[test]
fn pages_of_a_list_that_only_grows_never_change() {
    let settings = "listing.page_size = 2\n[[lists]]\ntitle = \"All\"\npath = \"/all/\"\n";
    let site = site(9, settings);
    site.build().good();
    let before = site.output();
    site.write_article(
        "new",
        "title: New\npublishedDateTime: 2026-11-21T10:00:00Z\n",
    );
    site.build().good();
    let after = site.output();
    for number in 1..=3 {
        let page = format!("all/page/{number}/index.html");
        assert_eq!(before.text(&page), after.text(&page));
    }
    assert_ne!(before.text("all/index.html"), after.text("all/index.html"));
}

#[test]
fn tags_have_pages_and_stories_show_their_own_fields() {
    let home = "{% extends \"base.html\" %}{% block main %}{% for s in listing.stories %}\
         <i>{{ s.tags | join(sep=\"+\") }} {{ s.extra.mood }}</i>{% endfor %}{% endblock main %}";
    let site = site(0, "[tags]\npages = true\n")
        .article(
            "a",
            &scored("A", 90, "a.example", "tags: [Slow Food, x]\nmood: calm\n"),
        )
        .article(
            "b",
            &scored("B", 60, "b.example", "tags: [slow food]\nmood: loud\n"),
        );
    site.build().good();
    let output = site.output();
    assert_eq!(listed(&output, "tags/slow-food/index.html").len(), 2);
    let article = output.text("news/2026/11/20/a/index.html");
    assert!(
        article.contains("<a href=\"/tags/slow-food/\"><bdi>Slow Food</bdi></a>"),
        "{article}"
    );
    site.write("templates/home.html", home);
    site.build().good();
    let front = site.output();
    let front = front.text("index.html");
    assert!(front.contains("<i>Slow Food+x calm</i>"), "{front}");
    // A field that an article does not have is an error, and no silence.
    let without = site.article("c", &scored("C", 10, "c.example", ""));
    let run = without.build().exits(1);
    assert!(run.stderr.contains("templates/home.html:1:"), "{run}");
    assert!(run.stderr.contains("mood"), "{run}");
}

#[test]
fn a_site_may_take_some_topics_of_a_folder() {
    let site = site(0, "curation.topics = [\"Science\"]\n")
        .file("content/topics/science.yaml", "name: Science\n")
        .file(
            "content/topics/space.yaml",
            "name: Space\nparent: Science\n",
        )
        .article("a", &scored("A", 90, "a.example", "topics: [Space]\n"))
        .article("b", &scored("B", 60, "b.example", "topics: [Business]\n"))
        .article("c", &scored("C", 50, "c.example", ""));
    let run = site
        .newsgen(["list", "--dropped", "--now", NOW])
        .run()
        .good();
    assert!(run.stdout.contains("A\n"), "{run}");
    for title in ["B", "C"] {
        assert!(
            run.stdout
                .contains(&format!("{title}  [other topic, site.toml:5]")),
            "{run}"
        );
    }
}

#[test]
fn list_takes_a_condition() {
    let site = site(0, "")
        .article(
            "a",
            &scored("A", 90, "a.example", "topics: [One]\nmood: calm\n"),
        )
        .article("b", &scored("B", 60, "b.example", "published: false\n"));
    let list = |condition: &str, more: &[&str]| {
        let words = ["list", "--now", NOW, "--where", condition].into_iter();
        site.newsgen(words.chain(more.iter().copied())).run()
    };
    let run = list(
        "topic == 'one' and extra.mood == 'calm' and age < '2 days'",
        &[],
    )
    .good();
    assert!(run.stdout.ends_with("  A\n"), "{run}");
    let run = list("quality < 70", &["--dropped"]).good();
    assert!(
        run.stdout.contains("  B  [unpublished") && !run.stdout.contains("  A"),
        "{run}"
    );
    let run = list("qality < 70", &[]).exits(1);
    assert!(run.stderr.contains("`--where` is no condition"), "{run}");
    assert!(run.stderr.contains("did you mean `quality`?"), "{run}");
}

#[test]
fn feeds_of_lists_have_headers() {
    let list = "[[lists]]\ntitle = \"Best\"\npath = \"/best/\"\nwhere = \"quality >= 0\"\n\
                feed = true\n";
    let site = site(3, list);
    site.build().good();
    let headers = site.output().text("_headers").to_owned();
    assert!(headers.contains("/best/feed.xml\n"), "{headers}");
}

#[test]
fn a_front_page_without_the_latest_still_leads_to_them() {
    for style in ["newspaper", "headlines"] {
        let front = format!("[front]\nstyle = \"{style}\"\nlatest = 0\n");
        let site = site(12, &format!("listing.page_size = 2\n{front}"));
        site.build().good();
        let output = site.output();
        assert!(
            output.text("index.html").contains("class=\"older\""),
            "{style}"
        );
    }
}

#[test]
fn tags_have_an_index_and_feeds() {
    let settings = "[tags]\npages = true\nfeeds = true\n";
    let site = site(0, settings)
        .article("a", &scored("A", 90, "a.example", "tags: [Slow Food, x]\n"))
        .article("b", &scored("B", 60, "b.example", "tags: [slow food]\n"));
    site.build().good();
    let output = site.output();
    let index = output.text("tags/index.html");
    let first = index.find("href=\"/tags/slow-food/\"").unwrap();
    let second = index.find("href=\"/tags/x/\"").unwrap();
    assert!(first < second, "{index}");
    assert!(index.contains("<span class=\"count\">2</span>"), "{index}");
    assert!(
        output
            .text("index.html")
            .contains("<a href=\"/tags/\">Tags</a>")
    );
    let page = output.text("tags/slow-food/index.html");
    assert!(page.contains("href=\"/tags/slow-food/feed.xml\""), "{page}");
    let feed = output.text("tags/slow-food/rss.xml");
    assert!(feed.matches("<item>").count() == 2, "{feed}");
    for file in ["feeds.opml", "_headers", "sitemaps/1.xml"] {
        let wanted = match file {
            "feeds.opml" => "https://news.example/tags/slow-food/feed.xml",
            "_headers" => "/tags/:tag/feed.xml\n",
            _ => "https://news.example/tags/</loc>",
        };
        assert!(
            output.text(file).contains(wanted),
            "{file}: {}",
            output.text(file)
        );
    }
    site.file("site.toml", "title = \"Test\"\ntags.pages = true\n")
        .build()
        .good();
}

#[test]
fn without_tag_pages_and_feeds_there_is_neither() {
    let article = scored("A", 90, "a.example", "tags: [x]\n");
    let site = site(0, "").article("a", &article);
    site.build().good();
    assert!(!site.output().contains("tags/index.html"));
    let before = site.read("site.toml");
    site.write("site.toml", format!("{before}tags.pages = true\n"));
    site.build().good();
    let output = site.output();
    assert!(output.contains("tags/x/index.html") && !output.contains("tags/x/feed.xml"));
    assert!(!output.text("feeds.opml").contains("/tags/"));
}

#[test]
fn addresses_can_be_blocked() {
    let settings = "[curation.block]\nurls = [\"a.example/\", \"*/2\", \"never.example\"]\n";
    let site = site(0, settings)
        .article("a", &scored("A", 90, "a.example", ""))
        .article("b", &scored("B", 60, "b.example", ""));
    site.build().good();
    assert_eq!(article_pages(&site.output()).len(), 1);
    let list = site
        .newsgen(["list", "--dropped", "--now", NOW])
        .run()
        .good();
    assert!(list.stdout.contains("blocked address"), "{list}");
    let explain = site
        .newsgen(["explain", "content/news/a.md", "--now", NOW])
        .run()
        .good();
    let said = "out: blocked address (site.toml:";
    assert!(explain.stdout.contains(said), "{explain}");
    let check = site.check().good();
    assert!(
        check
            .stderr
            .contains("`curation.block.urls` has `never.example`, and no address matches it"),
        "{check}"
    );
    let wrong = self::site(1, "[curation.block]\nurls = [\"x.example\", \"*\"]\n")
        .build()
        .exits(1);
    assert!(
        wrong.stderr.contains("it would match every address")
            && wrong.stderr.contains("site.toml:6:22"),
        "{wrong}"
    );
}
