//! Texts of articles and pages, and the files beside them: what is kept, where links lead, what is
//! copied, and what `check` says of the rest.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod support;

use std::fs;

use newsgen::content::anchor;
use support::{NOW, Site, Tree, article, assert_same, files, repository};

const FLOOD: &str = "content/news/2026-11-20-flood.md";
const PAGE: &str = "news/2026/11/20/flood/index.html";

/// An article with a body.
fn text(name: &str, fields: &str, body: &str) -> String {
    format!("{}{body}\n", article(name, fields))
}

/// A site with the article [`FLOOD`] of this body.
fn with_body(body: &str) -> Site {
    Site::new().file(FLOOD, text("flood", "title: Flood", body))
}

/// The text of an article on its page.
fn body_of(output: &Tree, page: &str) -> String {
    let page = output.text(page);
    let (_, rest) = page.split_once("<div class=\"prose\">").unwrap();
    // What follows is on the page in any case.
    let (body, _) = rest.split_once("</div>\n").unwrap();
    body.to_owned()
}

/// The same content, built from nothing.
fn assert_clean(site: &Site) {
    let other = Site::empty();
    site.newsgen(["build", "--now", NOW, "--output"])
        .arg(other.path("public"))
        .run()
        .good();
    assert_same(
        &site.output(),
        &Tree::of(&other.path("public")),
        "a clean build",
    );
}

#[test]
fn a_body_keeps_what_is_harmless() {
    let site = with_body(
        "Write to [the desk](mailto:desk@paper.example) or call [us](tel:+4912345).\nSee [part \
         two](#part-two) and https://paper.example/more, or `https://code.example`.\n\n## Part \
         two\n\nA claim.[^1]\n\n| a | b |\n|:-:|--:|\n| c | d |\n\n[^1]: Its source.\n",
    );
    site.check().good().says("0 warnings");
    site.build().good();
    let body = body_of(&site.output(), PAGE);
    for part in [
        "<a href=\"mailto:desk@paper.example\"",
        "<a href=\"tel:+4912345\"",
        "<a href=\"#part-two\"",
        "<h2 id=\"part-two\">",
        "<a href=\"https://paper.example/more\" rel=\"noopener noreferrer\">https://paper.example/more</a>,",
        "<code>https://code.example</code>",
        "<sup><a href=\"#fn-1\" id=\"fnref-1\"",
        "<li id=\"fn-1\">",
        "<a href=\"#fnref-1\"",
        "<th class=\"center\">a</th>",
        "<td class=\"right\">d</td>",
    ] {
        assert!(body.contains(part), "no {part} in {body}");
    }
}

#[test]
fn punctuation_is_that_of_print_where_the_site_wants_it() {
    let site = with_body("Run \"it\" with --dry-run -- `--x`.");
    site.build().good();
    assert_eq!(
        body_of(&site.output(), PAGE),
        "<p>Run \"it\" with --dry-run -- <code>--x</code>.</p>"
    );
    let settings = site.read("site.toml");
    site.write(
        "site.toml",
        format!("{settings}locale = \"de\"\ncontent.typography = true\n"),
    );
    site.build().good();
    assert_eq!(
        body_of(&site.output(), PAGE),
        "<p>Run „it“ with –dry-run – <code>--x</code>.</p>"
    );
    assert_clean(&site);
}

#[test]
fn a_link_to_another_article_follows_its_address() {
    let site = with_body("[a](dry.md#x) [b](sub/index.md) [c](sub) [d](../pages/about.md)")
        .article("dry", "title: Dry")
        .article("sub/index", "title: Sub")
        .file(
            "content/pages/about.md",
            "---\ntitle: About\n---\n[Flood](../news/2026-11-20-flood.md)\n",
        )
        .with_articles(3);
    site.build().good();
    let output = site.output();
    let body = body_of(&output, PAGE);
    for part in [
        "<a href=\"/news/2026/11/20/dry/#x\"",
        "<a href=\"/news/2026/11/20/sub/\" rel=\"noopener noreferrer\">b",
        "<a href=\"/news/2026/11/20/sub/\" rel=\"noopener noreferrer\">c",
        "<a href=\"/about/\"",
    ] {
        assert!(body.contains(part), "no {part} in {body}");
    }
    let about = "<a href=\"/news/2026/11/20/flood/\" rel=\"noopener noreferrer\">Flood</a>";
    assert!(output.text("about/index.html").contains(about));
    // Another slug.
    site.write_article("dry", "title: Dry\nslug: drought");
    site.build().good();
    let body = body_of(&site.output(), PAGE);
    assert!(
        body.contains("href=\"/news/2026/11/20/drought/#x\""),
        "{body}"
    );
    assert_clean(&site);
    // Not published any more.
    site.write_article("dry", "title: Dry\npublished: false");
    site.build().good();
    let body = body_of(&site.output(), PAGE);
    assert!(body.starts_with("<p><a>a</a> "), "{body}");
    assert_clean(&site);
    site.check()
        .good()
        .warns("the link to `dry.md#x` leads to no article that is published");
}

#[test]
fn what_is_no_file_of_the_site_is_at_the_original() {
    let site = with_body("[a](more?b=1) ![c](../img/d.png) [e](gone.md) ![f](f.md)");
    site.build().good();
    let body = body_of(&site.output(), PAGE);
    assert!(
        body.contains("href=\"https://provider.example/more?b=1\""),
        "{body}"
    );
    assert!(
        body.contains("src=\"https://provider.example/img/d.png\""),
        "{body}"
    );
    assert!(
        body.contains("<a>e</a>") && !body.contains("f.md"),
        "{body}"
    );
    site.check()
        .good()
        .warns("the link to `gone.md`")
        .warns("the picture `f.md` cannot be shown");
}

#[test]
fn files_of_a_bundle_are_copied_to_its_page_and_go_with_it() {
    let site = Site::new()
        .file(
            "content/news/flood/index.md",
            text(
                "flood",
                "title: Flood\nimages: [{url: img/cover.jpg, width: 8, height: 8}]",
                "![a map](map.png)",
            ),
        )
        .file("content/news/flood/map.png", "map")
        .file("content/news/flood/img/cover.jpg", "cover")
        .file("content/news/flood/unnamed data.csv", "a,b")
        .file("content/news/flood/.hidden.png", "x")
        .file("content/news/other.png", "x")
        .article("dry", "title: Dry");
    site.check().good().says("0 warnings");
    site.build().good();
    let output = site.output();
    let at = "news/2026/11/20/flood";
    assert_eq!(output.text(&format!("{at}/map.png")), "map");
    assert_eq!(output.text(&format!("{at}/unnamed data.csv")), "a,b");
    let page = output.text(&format!("{at}/index.html"));
    assert!(page.contains(&format!("src=\"/{at}/map.png\"")), "{page}");
    assert!(page.contains(&format!(
        "<meta property=\"og:image\" content=\"https://news.example/{at}/img/cover.jpg\">"
    )));
    assert!(
        output
            .text("index.html")
            .contains(&format!("/{at}/img/cover.jpg"))
    );
    assert!(
        !output
            .paths()
            .iter()
            .any(|path| path.contains("hidden") || path.contains("other"))
    );
    // Another picture is one file, and one that is gone is gone from the pages, too.
    site.write("content/news/flood/map.png", "another map");
    let run = site.build().good();
    assert_eq!(run.counts().0, 1, "{run}");
    site.remove("content/news/flood/img/cover.jpg");
    site.build().good();
    let output = site.output();
    assert!(!output.contains(&format!("{at}/img/cover.jpg")));
    assert!(!output.text("index.html").contains("cover.jpg"));
    site.check()
        .good()
        .warns("the file `img/cover.jpg` does not exist");
    assert_clean(&site);
    // What is not published takes its files with it.
    let hidden = text(
        "flood",
        "title: Flood\npublished: false",
        "![a map](map.png)",
    );
    site.write("content/news/flood/index.md", hidden);
    site.build().good();
    assert!(
        !site
            .output()
            .paths()
            .iter()
            .any(|path| path.starts_with(at))
    );
}

#[test]
fn files_that_a_text_names_are_copied() {
    let site = Site::new()
        .file(
            FLOOD,
            text(
                "flood",
                "title: Flood",
                "![a](a.png) [b](sub/../../b%20b.pdf)",
            ),
        )
        .file("content/news/a.png", "a")
        .file("content/news/c.png", "c")
        .file("content/b b.pdf", "out of the folders of articles")
        .file(
            "content/pages/about.md",
            "---\ntitle: About\n---\n![d](d.png)\n",
        )
        .file("content/pages/d.png", "d");
    site.build().good();
    let output = site.output();
    assert_eq!(output.text("news/2026/11/20/flood/a.png"), "a");
    assert_eq!(output.text("about/d.png"), "d");
    assert!(
        output
            .text("about/index.html")
            .contains("src=\"/about/d.png\"")
    );
    let paths = output.paths();
    assert!(
        !paths
            .iter()
            .any(|path| path.ends_with("c.png") || path.ends_with(".pdf"))
    );
    assert_clean(&site);
    // They go where others go.
    let target = Site::empty();
    site.newsgen(["deploy"])
        .arg(format!("file://{}", target.path("live").display()))
        .run()
        .good();
    let live = Tree::of(&target.path("live"));
    assert_eq!(live.text("news/2026/11/20/flood/a.png"), "a");
}

#[test]
fn nothing_that_could_run_is_copied() {
    let site = Site::new()
        .file(
            "content/news/flood/index.md",
            text(
                "flood",
                "title: Flood",
                "![a](evil.svg) [b](page.html) ![c](good.svg)",
            ),
        )
        .file("content/news/flood/evil.svg", "<svg onload=\"alert(1)\"/>")
        .file(
            "content/news/flood/good.svg",
            "<svg><path d=\"M0 0\"/></svg>",
        )
        .file("content/news/flood/page.html", "<script>alert(1)</script>")
        .file("content/news/flood/app.js", "alert(1)")
        .file("content/news/flood/data.xml", "<x/>")
        .file("content/news/flood/noending", "x");
    site.build().good();
    let output = site.output();
    let copied: Vec<&str> = output.paths();
    let copied = copied
        .into_iter()
        .filter_map(|path| path.strip_prefix("news/2026/11/20/flood/"));
    assert_eq!(copied.collect::<Vec<_>>(), ["good.svg", "index.html"]);
    site.check()
        .good()
        .warns("content/news/flood/evil.svg")
        .warns("the picture is not copied to the page")
        .warns("content/news/flood/app.js")
        .warns("the picture `evil.svg` cannot be shown")
        .warns("the link to `page.html`");
}

#[cfg(unix)]
#[test]
fn no_link_of_the_file_system_leads_out() {
    let outside = Site::empty().file("secret.png", "secret");
    let site = with_body("![a](a.png)");
    std::os::unix::fs::symlink(outside.path("secret.png"), site.path("content/news/a.png"))
        .unwrap();
    site.build()
        .exits(1)
        .warns("the symbolic link points outside its folder");
    site.newsgen(["build", "--keep-going", "--now", NOW])
        .run()
        .good();
    assert!(
        !site
            .output()
            .paths()
            .iter()
            .any(|path| path.ends_with("a.png"))
    );
    // `..` does not either.
    let site = with_body("![a](../../../../../../etc/passwd) ![b](../../site.toml)");
    site.build().good();
    let body = body_of(&site.output(), PAGE);
    assert!(!body.contains("\"/"), "{body}");
}

#[test]
fn elsewhere_addresses_are_complete_and_there_are_no_ids() {
    let body = "[a](#part) [b](dry.md) ![c](c.png) d[^1]\n\n## Part\n\n[^1]: Note.";
    let site = Site::new()
        .file(
            "site.toml",
            "title = \"Test\"\nbase_url = \"https://news.example/x/\"\n",
        )
        .file(FLOOD, text("flood", "title: Flood", body))
        .file("content/news/c.png", "c")
        .article("dry", "title: Dry");
    site.build().good();
    let output = site.output();
    let page = "https://news.example/x/news/2026/11/20/flood/";
    for name in ["feed.json", "api/news/index.json"] {
        let text = output.text(name);
        for part in [
            format!("{page}#part"),
            "https://news.example/x/news/2026/11/20/dry/".to_owned(),
            format!("{page}c.png"),
            format!("{page}#fn-1"),
        ] {
            assert!(text.contains(&part), "no {part} in {text}");
        }
        assert!(
            !text.contains("id=\\\"") && !text.contains("=\\\"#"),
            "{text}"
        );
    }
    let shown = body_of(&output, PAGE);
    assert!(
        shown.contains("href=\"/x/news/2026/11/20/dry/\""),
        "{shown}"
    );
    assert!(
        shown.contains("src=\"/x/news/2026/11/20/flood/c.png\""),
        "{shown}"
    );
}

#[test]
fn check_says_what_a_text_loses() {
    let site = with_body(
        "Text [a](javascript:x), [b](javascript:y).\n\n\
          <iframe src=\"https://x.example\"></iframe>\n\n\
         <p class=\"z\">c</p>\n\n[^o]: Nobody.",
    )
    .file(
        "content/pages/about.md",
        "---\ntitle: About\n---\n\n[d](gone.md) ![e](e.png)\n",
    );
    let run = site.check().good();
    for (message, place) in [
        (
            "the link to `javascript:x` is not kept",
            format!("{FLOOD}:6:6"),
        ),
        ("so is one more of the kind", format!("{FLOOD}:6:6")),
        ("`<iframe>` is not shown", format!("{FLOOD}:8:1")),
        ("the attribute `class` is left out", format!("{FLOOD}:10:1")),
        (
            "nothing refers to the footnote `[^o]`",
            format!("{FLOOD}:12:1"),
        ),
        (
            "the link to `gone.md`",
            "content/pages/about.md:5:1".to_owned(),
        ),
        (
            "the picture `e.png`",
            "content/pages/about.md:5:14".to_owned(),
        ),
    ] {
        assert!(
            run.stderr.contains(message) && run.stderr.contains(&place),
            "no {message} at {place} in {run}"
        );
    }
}

#[test]
fn ids_of_the_default_theme_are_not_given_to_texts() {
    let mut ids = 0;
    for path in files(&repository().join("templates")) {
        let template = fs::read_to_string(&path).unwrap();
        for id in template.split(" id=\"").skip(1) {
            let id = id.split('"').next().unwrap();
            let start = id.split("{{").next().unwrap();
            let example = format!("{start}{}", if start == id { "" } else { "1" });
            assert!(anchor::is_of_theme(&example), "{id} in {}", path.display());
            ids += 1;
        }
    }
    assert!(ids > 5);
}

#[test]
fn many_headings_links_and_footnotes_take_little_time() {
    let site = Site::new();
    let many = |unit: &str| unit.repeat(400_000 / unit.len());
    for (name, body) in [
        ("headings", many("# a\n")),
        (
            "numbered",
            (0..20_000).map(|n| format!("# a-{n}\n# a\n")).collect(),
        ),
        ("own", many("# a {#a}\n")),
        ("references", format!("{}\n\n[^1]: x", many("[^1] "))),
        (
            "notes",
            (0..9_000)
                .map(|n| format!("[^{n}]\n\n[^{n}]: [^{}]\n\n", n + 1))
                .collect(),
        ),
        ("undefined", many("[^1] ")),
        ("open", many("[^")),
        ("addresses", many("https://a.example/ ")),
        ("slashes", many("://")),
        ("one", format!("https://a.example/{}", many("(a"))),
        (
            "relative",
            (0..20_000).map(|n| format!("[a]({n}.md) ")).collect(),
        ),
        ("pictures", many("![](a.png) ")),
        ("braces", many("{#")),
    ] {
        site.write(
            &format!("content/news/{name}.md"),
            text(name, &format!("title: {name}"), &body),
        );
    }
    // Some are over a limit, and none takes minutes.
    site.newsgen(["build", "--keep-going", "--now", NOW])
        .run()
        .good();
    site.check();
}
