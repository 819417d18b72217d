//! What machines see of a site: old addresses, files for hosts, the news sitemap, icons, what
//! search engines get.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod support;

use support::{NOW, Site, assert_same};

const SETTINGS: &str = "title = \"Test\"\nbase_url = \"https://news.example/\"\n";

fn with(settings: &str) -> Site {
    Site::new().file("site.toml", format!("{settings}{SETTINGS}"))
}

#[test]
fn an_alias_leads_on() {
    let site = Site::new()
        .article("one", "title: One\naliases: [/old/, /2020/one.html, /bare]")
        .file(
            "content/pages/about.md",
            "---\ntitle: About\naliases: /imprint/\n---\nText.\n",
        );
    site.build().good();
    let output = site.output();
    let page = output.text("old/index.html");
    assert!(
        page.contains("<meta http-equiv=\"refresh\" content=\"0; url=/news/2026/11/20/one/\">"),
        "{page}"
    );
    assert!(
        page.contains(
            "<link rel=\"canonical\" href=\"https://news.example/news/2026/11/20/one/\">"
        ),
        "{page}"
    );
    assert!(
        page.contains("<meta name=\"robots\" content=\"noindex\">"),
        "{page}"
    );
    assert!(output.contains("2020/one.html") && output.contains("bare/index.html"));
    assert_eq!(
        output.text("_redirects"),
        "/imprint/ /about/ 301\n/old/ /news/2026/11/20/one/ 301\n/2020/one.html \
         /news/2026/11/20/one/ 301\n\
         /bare /news/2026/11/20/one/ 301\n"
    );
    assert!(!output.text("sitemaps/1.xml").contains("/old/"));
    // Another title is another text of the page that leads on; nothing of it is in `_redirects`.
    site.write_article("one", "title: Two\naliases: [/old/, /2020/one.html, /bare]");
    let run = site
        .newsgen(["build", "--now", NOW, "--verbose"])
        .run()
        .good();
    assert!(
        run.stdout.contains("wrote    old/index.html") && !run.stdout.contains("_redirects"),
        "{run}"
    );
    site.write_article("one", "title: Two\naliases: /older/");
    site.build().good();
    assert!(!site.output().contains("old/index.html"));
    assert_same(
        &site.output(),
        &site.clean_build(),
        "a rebuild and a clean build",
    );
    site.write_article("one", "title: Two");
    site.remove("content/pages/about.md");
    site.build().good();
    assert!(!site.output().contains("_redirects"));
}

#[test]
fn an_alias_takes_no_address_that_is_in_use() {
    let site = Site::new()
        .article("one", "title: One\naliases: [/topics/, /free/]")
        .article("two", "title: Two");
    let run = site.build().exits(1);
    let run = run
        .warns("two pages have the URL /topics/")
        .warns("an alias of content/news/one.md");
    run.warns("take the alias out");
    // What is left out of the pages is left out of `_redirects`, too: some hosts would ask it
    // first.
    site.newsgen(["build", "--now", NOW, "--keep-going"])
        .run()
        .good();
    assert_eq!(
        site.output().text("_redirects"),
        "/free/ /news/2026/11/20/one/ 301\n"
    );
    for (first, second, wrong) in [
        ("/news/2026/11/20/two/", "/x/", "/news/2026/11/20/two/"),
        ("/same/", "/same", "/same/"),
        ("/a.html", "/a.html/b/", "/a.html"),
        ("/%74opics/", "/x/", "/topics/"),
        ("/%69ndex.html", "/x/", "/"),
        ("/caf%c3%a9/", "/café/", "/café/"),
        ("/a%2Bb/", "/a+b", "/a+b/"),
    ] {
        site.write_article("one", &format!("title: One\naliases: {first}"));
        site.write_article("two", &format!("title: Two\naliases: {second}"));
        site.build()
            .exits(1)
            .warns(&format!("two pages have the URL {wrong}"));
    }
    site.write_article("one", "title: One\naliases: /style.css/");
    site.write_article("two", "title: Two");
    site.build().exits(1).warns("/style.css");
}

#[test]
fn an_alias_never_takes_the_file_of_a_static_one() {
    let site = Site::new()
        .article("one", "title: One\naliases: [/a+b/]")
        .file("static/a+b/index.html", "mine");
    site.build()
        .exits(1)
        .warns("static/a+b/index.html and an alias");
    site.newsgen(["build", "--now", NOW, "--keep-going"])
        .run()
        .good();
    assert_eq!(site.output().text("a+b/index.html"), "mine");
}

#[test]
fn a_name_that_no_file_system_holds_harms_its_own_page_only() {
    let long = "x".repeat(100);
    let site = with("permalinks.article = \"/:slug-:slug-:slug/\"\n")
        .article("one", &format!("title: One\nslug: {long}"))
        .article("two", "title: Two");
    site.build()
        .exits(1)
        .warns("content/news/one.md")
        .warns("of which a segment is longer than 255 bytes");
    site.newsgen(["build", "--now", NOW, "--keep-going"])
        .run()
        .good();
    site.write_article("three", "title: Three");
    site.newsgen(["build", "--now", NOW, "--keep-going"])
        .run()
        .good();
    assert!(site.output().contains("three-three-three/index.html"));
    site.write_article("one", &format!("title: One\naliases: /{long}{long}{long}/"));
    site.build()
        .exits(1)
        .warns("content/news/one.md:3:10")
        .warns("longer than 200 bytes");
}

#[test]
fn collisions_are_reported_where_aliases_are_no_pages() {
    let site =
        with("host.redirect_pages = false\n").article("one", "title: One\naliases: [/topics/]");
    site.build()
        .exits(1)
        .warns("two pages have the URL /topics/");
    site.write_article("one", "title: One\naliases: [/old/]");
    site.build().good();
    assert!(!site.output().contains("old/index.html"));
    assert_eq!(
        site.output().text("_redirects"),
        "/old/ /news/2026/11/20/one/ 301\n"
    );
}

#[test]
fn all_bad_aliases_are_reported_with_their_line() {
    let site = Site::new().article("one", "title: One\naliases: [old.php, /x?y, \"/*\"]");
    let run = site.build().exits(1);
    let run = run
        .warns("the alias `old.php` has an ending")
        .warns("the alias `/x?y`")
        .warns("the alias `/*`");
    run.warns("content/news/one.md:3:10");
    let site = Site::new().file(
        "content/pages/about.md",
        "---\ntitle: About\naliases: [a.php, b.php]\n---\n",
    );
    site.build()
        .exits(1)
        .warns("the alias `a.php`")
        .warns("the alias `b.php`")
        .warns("content/pages/about.md:3:10");
}

#[test]
fn more_redirects_than_a_host_reads_are_reported() {
    // More than an article may have: so many come from several.
    let site = Site::new();
    for article in 0..23 {
        let numbers = (article * 87..).take(87);
        let aliases: Vec<String> = numbers.map(|number| format!("/old-{number}/")).collect();
        let fields = format!("title: Number {article}\naliases: [{}]", aliases.join(", "));
        site.write_article(&format!("number-{article}"), &fields);
    }
    let run = site.build().good();
    let run = run.warns("`_redirects` has 2001 lines, but Cloudflare reads only the first 2000");
    assert_eq!(
        site.output().text("_redirects").lines().count(),
        2001,
        "{run}"
    );
    assert!(
        site.check()
            .to_string()
            .contains("`_redirects` has 2001 lines")
    );
}

#[test]
fn a_file_of_the_sites_own_takes_the_place_of_what_newsgen_writes() {
    let site = Site::new().article("one", "title: One\naliases: /old/");
    let files = [
        "_headers",
        "_redirects",
        "llms.txt",
        "feeds.opml",
        "manifest.webmanifest",
        "robots.txt",
    ];
    for file in files {
        site.write(&format!("static/{file}"), "own\n");
    }
    site.build().good();
    for file in files {
        assert_eq!(site.output().text(file), "own\n", "{file}");
    }
}

#[test]
fn everything_can_be_switched_off() {
    let off = "feeds.opml = false\nsitemap.news = false\nmanifest.enabled = false\nllms.enabled = \
               false\nhost.headers = false\n\
               host.redirects = false\nhost.redirect_pages = false\n";
    let site = with(off).article("one", "title: One\naliases: /old/");
    site.build().good();
    let output = site.output();
    for file in [
        "_headers",
        "_redirects",
        "llms.txt",
        "feeds.opml",
        "manifest.webmanifest",
        "news-sitemap.xml",
        "old/index.html",
        "icon-192.png",
        "apple-touch-icon.png",
    ] {
        assert!(!output.contains(file), "{file}");
    }
    let page = output.text("index.html");
    assert!(
        !page.contains("rel=\"manifest\"") && !page.contains("apple-touch-icon"),
        "{page}"
    );
    assert!(!output.text("topics/index.html").contains("opml"));
}

#[test]
fn the_news_sitemap_has_the_articles_of_two_days() {
    let site = with("curation.future = \"keep\"\n")
        .article("old", "title: Old\npublishedDateTime: 2026-11-19T11:59:59Z")
        .article(
            "edge",
            "title: Edge\npublishedDateTime: 2026-11-19T12:00:00Z",
        )
        .article("new", "title: New\npublishedDateTime: 2026-11-21T11:00:00Z")
        .article(
            "future",
            "title: Future\npublishedDateTime: 2026-11-21T13:00:00Z",
        );
    site.build().good();
    let output = site.output();
    let titles: Vec<&str> = output
        .text("news-sitemap.xml")
        .lines()
        .filter_map(|line| line.strip_prefix("<news:title>"))
        .collect();
    assert_eq!(titles, ["New</news:title>", "Edge</news:title>"]);
    assert!(
        output
            .text("robots.txt")
            .ends_with("Sitemap: https://news.example/news-sitemap.xml\n")
    );
    // Time alone changes it, and nothing else but what names it.
    let later = |now: &str| {
        site.newsgen(["build", "--now", now, "--verbose"])
            .run()
            .good()
    };
    let run = later("2026-11-21T12:00:01Z");
    assert_eq!(run.counts().0, 1, "{run}");
    assert!(run.stdout.contains("wrote    news-sitemap.xml"), "{run}");
    assert_eq!(later("2026-11-21T12:30:00Z").counts().0, 0);
    // A sitemap without a URL is not valid: there is none.
    let run = later("2026-11-24T00:00:00Z");
    assert!(!site.output().contains("news-sitemap.xml"));
    assert!(
        !site.output().text("robots.txt").contains("news-sitemap"),
        "{run}"
    );
}

#[test]
fn originals_can_be_canonical() {
    let site = with("canonical = \"original\"\n")
        .article(
            "linked",
            "title: Linked\noriginalUrl: https://one.example/story",
        )
        .file(
            "content/news/own.md",
            "---\ntitle: Own\npublishedDateTime: 2026-11-21T08:00:00Z\n---\nText.\n",
        );
    site.build().good();
    let output = site.output();
    let canonical = |path: &str| {
        let page = output.text(path);
        page.split("rel=\"canonical\" href=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned()
    };
    assert_eq!(
        canonical("news/2026/11/20/linked/index.html"),
        "https://one.example/story"
    );
    assert_eq!(
        canonical("news/2026/11/21/own/index.html"),
        "https://news.example/news/2026/11/21/own/"
    );
    for sitemap in ["sitemaps/1.xml", "news-sitemap.xml"] {
        let text = output.text(sitemap);
        assert!(
            text.contains("/own/") && !text.contains("/linked/"),
            "{text}"
        );
    }
    // Readers who share the page share ours.
    assert!(
        output
            .text("news/2026/11/20/linked/index.html")
            .contains("og:url\" content=\"https://news.example/news/")
    );
    site.write("site.toml", SETTINGS);
    site.build().good();
    assert!(site.output().text("sitemaps/1.xml").contains("/linked/"));
    assert_same(
        &site.output(),
        &site.clean_build(),
        "a rebuild and a clean build",
    );
}

#[test]
fn a_favicon_of_the_sites_own_has_no_pictures_of_ours() {
    let site = Site::new();
    site.build().good();
    assert!(
        site.output()
            .text("manifest.webmanifest")
            .contains("/icon-maskable-512.png")
    );
    assert!(site.output().contains("apple-touch-icon.png"));
    site.write(
        "static/favicon.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
    );
    site.build().good();
    let output = site.output();
    assert!(
        !output.text("manifest.webmanifest").contains(".png") && !output.contains("icon-192.png")
    );
    assert!(!output.text("index.html").contains("apple-touch-icon"));
    site.write("static/icon-192.png", "picture");
    site.build().good();
    assert!(
        site.output()
            .text("manifest.webmanifest")
            .contains("/icon-192.png")
    );
}

#[test]
fn browsers_know_the_ground_of_the_pages() {
    let site = Site::new();
    let grounds = |site: &Site| {
        site.build().good();
        let output = site.output();
        let home = output.text("index.html");
        let of_page = home
            .split("name=\"theme-color\" content=\"")
            .skip(1)
            .map(|rest| rest[..7].to_owned());
        let manifest: serde_json::Value =
            serde_json::from_str(output.text("manifest.webmanifest")).unwrap();
        let of_app = ["background_color", "theme_color"]
            .map(|key| manifest[key].as_str().unwrap().to_owned());
        of_page.chain(of_app).collect::<Vec<_>>()
    };
    assert_eq!(grounds(&site), ["#fcfaf5", "#16181b", "#fcfaf5", "#fcfaf5"]);
    site.write(
        "site.toml",
        format!("{SETTINGS}theme.colors.paper = \"#ffffff #000000\"\n"),
    );
    assert_eq!(grounds(&site), ["#ffffff", "#000000", "#ffffff", "#ffffff"]);
    site.write(
        "site.toml",
        format!("{SETTINGS}theme = {{ accent = \"#8a1c1c\", colors.paper = \"#ffffff\" }}\n"),
    );
    assert_eq!(grounds(&site), ["#8a1c1c", "#ffffff", "#8a1c1c"]);
}

#[test]
fn only_pages_of_a_topic_are_marked_as_below_it() {
    let site = with("permalinks.topic = \"/:slug/\"\nlisting.page_size = 1\n")
        .article("one", "title: One\ntopics: [News]")
        .article("two", "title: Two\ntopics: [News]")
        .article("three", "title: Three\ntopics: [News]");
    site.build().good();
    let output = site.output();
    let marked = |page: &str| output.text(page).contains("href=\"/news/\" aria-current=");
    assert!(marked("news/index.html") && marked("news/page/1/index.html"));
    assert!(!marked("news/2026/11/20/one/index.html") && !marked("index.html"));
}

#[test]
fn headers_do_not_depend_on_articles() {
    let site = Site::new().with_articles(3);
    site.build().good();
    let before = site.output().text("_headers").to_owned();
    for number in 3..40 {
        let (name, fields) = support::numbered(number);
        site.write_article(&name, &fields);
    }
    site.build().good();
    assert_eq!(site.output().text("_headers"), before);
}

#[test]
fn a_theme_that_names_many_files_stays_within_the_limits_of_hosts() {
    let site = Site::new();
    let mut names = String::new();
    for number in 0..150 {
        site.write(&format!("static/many/{number}.js"), format!("// {number}"));
        names += &format!("{{{{ asset(path=\"many/{number}.js\") }}}}");
    }
    site.write("templates/page.html", names);
    site.build().good();
    let rules = site
        .output()
        .text("_headers")
        .lines()
        .filter(|line| line.starts_with('/'))
        .count();
    assert_eq!(rules, 100);
}

#[test]
fn a_picture_for_previews_stands_in() {
    let site = with(
        "preview = { image = \"/preview.png\", width = 1200, height = 630, alt = \"A \
                     paper\" }\n",
    )
    .article(
        "one",
        "title: One\nimages: [{url: \"https://one.example/1.jpg\", width: 8, height: 6, title: \
         Chips}]",
    );
    assert!(
        site.check()
            .to_string()
            .contains("the file `preview.png` does not exist")
    );
    site.write("static/preview.png", "picture");
    site.build().good();
    let output = site.output();
    let home = output.text("index.html");
    for part in [
        "og:image\" content=\"https://news.example/preview.png\"",
        "og:image:width\" content=\"1200\"",
        "og:image:alt\" content=\"A paper\"",
        "summary_large_image",
    ] {
        assert!(home.contains(part), "{part}: {home}");
    }
    let article = output.text("news/2026/11/20/one/index.html");
    assert!(
        article.contains("og:image\" content=\"https://one.example/1.jpg\""),
        "{article}"
    );
    assert!(
        article.contains("og:image:height\" content=\"6\"")
            && article.contains("og:image:alt\" content=\"Chips\"")
    );
    let site = with("preview.image = \"http://one.example/x.png\"\n");
    site.build()
        .exits(1)
        .warns("`preview.image` must be a path among the static files, or an https URL");
}

#[test]
fn a_web_server_gets_the_headers_and_redirects() {
    let site = with("host.server = \"nginx\"\n")
        .article("one", "title: One\naliases: [/old/, \"/it's \\\"a$b/\"]");
    site.build().good();
    let nginx = site.output().text("_nginx.conf").to_owned();
    assert!(
        nginx.contains(
            "add_header Content-Security-Policy $newsgen_content_security_policy always;"
        ),
        "{nginx}"
    );
    assert!(
        nginx.contains("location = \"/old/\" { return 301 \"/news/2026/11/20/one/\"; }"),
        "{nginx}"
    );
    assert!(
        nginx.contains("location = \"/it's \\\"a$b/\" { return 301"),
        "{nginx}"
    );
    // Another alias changes it, and so does another policy.
    site.write_article("two", "title: Two\naliases: /older/");
    site.build().good();
    assert!(site.output().text("_nginx.conf").contains("\"/older/\""));
    assert_same(
        &site.output(),
        &site.clean_build(),
        "a rebuild and a clean build",
    );
    site.write(
        "site.toml",
        format!("{SETTINGS}host.server = \"caddy\"\ncontent.embed_hosts = [\"frames.example\"]\n"),
    );
    site.build().good();
    let output = site.output();
    assert!(!output.contains("_nginx.conf"));
    let caddy = output.text("_Caddyfile");
    assert!(
        caddy.contains("frame-src https://frames.example;"),
        "{caddy}"
    );
    assert!(
        caddy.contains("\tredir \"/old/\" \"/news/2026/11/20/one/\" 301\n"),
        "{caddy}"
    );
    assert_same(&output, &site.clean_build(), "a rebuild and a clean build");
    site.write("static/_Caddyfile", "own\n");
    site.build().good();
    assert_eq!(site.output().text("_Caddyfile"), "own\n");
}
