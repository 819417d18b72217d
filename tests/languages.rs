//! A site in several languages: which edition has what, which pages know each other, and what one
//! edition changes in another.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;
use support::{Site, Tree, copy_tree, repository, story};

/// The site of `tests/golden/CASE`, with the default theme.
fn site(case: &str) -> Site {
    let site = Site::empty();
    let folder = repository().join("tests/golden").join(case).join("site");
    copy_tree(&folder, site.root());
    site
}

/// What a page or a line of a sitemap says of the page in other languages: language and address.
type Links = BTreeSet<(String, String)>;

/// For each page of an output, by the address that it names as canonical, the links of its head.
fn links_of_pages(tree: &Tree) -> BTreeMap<String, Links> {
    let canonical = Regex::new(r#"<link rel="canonical" href="([^"]*)">"#).unwrap();
    let link = Regex::new(r#"<link rel="alternate" hreflang="([^"]*)" href="([^"]*)">"#).unwrap();
    let mut pages = BTreeMap::new();
    for path in tree
        .paths()
        .into_iter()
        .filter(|path| path.ends_with(".html"))
    {
        let text = tree.text(path);
        let links = link.captures_iter(text);
        let links: Links = links.map(|c| (c[1].to_owned(), c[2].to_owned())).collect();
        match canonical.captures(text) {
            Some(own) if !text.contains("content=\"noindex\"") => {
                pages.insert(own[1].to_owned(), links);
            }
            _ => assert!(links.is_empty(), "{path} is for no search engine"),
        }
    }
    pages
}

/// The same for the lines of all sitemaps.
fn links_of_sitemaps(tree: &Tree) -> BTreeMap<String, Links> {
    let line = Regex::new(r"(?s)<url>.<loc>([^<]*)</loc>(.*?)</url>").unwrap();
    let link = Regex::new(r#"<xhtml:link rel="alternate" hreflang="([^"]*)" href="([^"]*)"/>"#);
    let link = link.unwrap();
    let mut lines = BTreeMap::new();
    for path in tree
        .paths()
        .into_iter()
        .filter(|path| path.contains("sitemaps/"))
    {
        for found in line.captures_iter(tree.text(path)) {
            let links = link.captures_iter(&found[2]);
            let links: Links = links.map(|c| (c[1].to_owned(), c[2].to_owned())).collect();
            lines.insert(found[1].to_owned(), links);
        }
    }
    lines
}

/// Everything that is wrong with links between languages
/// (<https://developers.google.com/search/docs/specialty/international/localized-versions>): a page
/// names itself, each language once, a fallback that is one of them, and pages that exist and name
/// it in turn.
fn mistakes(pages: &BTreeMap<String, Links>) -> Vec<String> {
    let mut wrong = Vec::new();
    for (page, links) in pages.iter().filter(|(_, links)| !links.is_empty()) {
        let languages: BTreeSet<&String> = links.iter().map(|(language, _)| language).collect();
        if languages.len() != links.len() {
            wrong.push(format!("{page} names a language twice"));
        }
        let of = |wanted: bool| {
            let links = links.iter();
            links.filter(move |(language, _)| (language == "x-default") == wanted)
        };
        if of(true).count() != 1 {
            wrong.push(format!("{page} has no x-default"));
        }
        if of(true).any(|(_, url)| !of(false).any(|(_, other)| other == url)) {
            wrong.push(format!("the x-default of {page} is none of its languages"));
        }
        if !of(false).any(|(_, url)| url == page) {
            wrong.push(format!("{page} does not name itself"));
        }
        for (_, url) in of(false) {
            match pages.get(url) {
                None => wrong.push(format!("{page} names {url}, which is not there")),
                Some(others) if others != links => {
                    wrong.push(format!("{page} and {url} do not name the same"));
                }
                Some(_) => {}
            }
        }
    }
    wrong
}

fn assert_reciprocal(tree: &Tree) {
    let none: Vec<String> = Vec::new();
    let pages = links_of_pages(tree);
    assert!(pages.values().any(|links| links.len() > 1));
    assert_eq!(mistakes(&pages), none);
    let lines = links_of_sitemaps(tree);
    assert_eq!(mistakes(&lines), none);
    for (url, links) in lines {
        assert_eq!(
            pages.get(&url),
            Some(&links),
            "{url} in a sitemap and on its page"
        );
    }
}

#[test]
fn pages_in_several_languages_name_each_other() {
    for case in ["languages", "cjk"] {
        let site = site(case);
        site.build().good();
        assert_reciprocal(&site.output());
    }
}

#[test]
fn the_validator_finds_what_is_wrong() {
    let links = |all: &[(&str, &str)]| -> Links {
        let all = all.iter();
        all.map(|(language, url)| ((*language).to_owned(), (*url).to_owned()))
            .collect()
    };
    let both = [("de", "/de/"), ("en", "/"), ("x-default", "/")];
    let good = BTreeMap::from([
        ("/".to_owned(), links(&both)),
        ("/de/".to_owned(), links(&both)),
    ]);
    assert!(mistakes(&good).is_empty());
    let mut one_sided = good.clone();
    one_sided.insert("/de/".to_owned(), Links::new());
    let mut missing = good.clone();
    missing.remove("/de/");
    let mut without_itself = good.clone();
    let others = [("de", "/de/"), ("x-default", "/de/")];
    without_itself.insert("/".to_owned(), links(&others));
    let mut without_default = good;
    without_default.insert("/".to_owned(), links(&both[..2]));
    for wrong in [one_sided, missing, without_itself, without_default] {
        assert!(!mistakes(&wrong).is_empty(), "{wrong:?}");
    }
}

#[test]
fn the_switch_leads_to_the_same_page_or_to_the_front_page() {
    let site = site("languages");
    site.build().good();
    let output = site.output();
    let link = Regex::new(r#"<a href="([^"]*)" lang="\w+" hreflang="(\w+)""#).unwrap();
    let switch = |page: &str| -> Vec<(String, String)> {
        let links = link.captures_iter(output.text(page));
        links.map(|c| (c[2].to_owned(), c[1].to_owned())).collect()
    };
    let wanted = |all: [&str; 3]| -> Vec<(String, String)> {
        let languages = ["en", "de", "ar"].into_iter().zip(all);
        languages
            .map(|(tag, url)| (tag.to_owned(), format!("/ai{url}")))
            .collect()
    };
    assert_eq!(
        switch("de/topics/halbleiter/index.html"),
        wanted([
            "/topics/chips/",
            "/de/topics/halbleiter/",
            "/arabic/topics/rqy-q-9f4de8f2/"
        ])
    );
    assert_eq!(
        switch("about/index.html"),
        wanted(["/about/", "/de/about/", "/arabic/"])
    );
    assert_eq!(
        switch("page/1/index.html"),
        wanted(["/", "/de/", "/arabic/"])
    );
    assert_eq!(
        switch("de/news/2026/10/09/by-field/index.html"),
        wanted(["/", "/de/news/2026/10/09/by-field/", "/arabic/"])
    );
}

#[test]
fn an_article_of_one_language_changes_no_other_edition() {
    let site = site("languages");
    let article = |title: &str, more: &str| {
        story(
            title,
            "2026-11-20T08:00:00Z",
            &format!("https://example.com/{title}"),
            &format!("provider:\n  domain: example.com\ntopics: [Chips]\n{more}"),
        )
    };
    // An article of the same day, so that months and digests are there before.
    site.write("content/news/x.de.md", article("Erstens", ""));
    site.build().good();
    let before = site.output();
    site.write("content/news/y.de.md", article("Zweitens", ""));
    site.build().good();
    let after = site.output();
    let changed = before.differences(&after);
    let elsewhere: Vec<&String> = changed
        .iter()
        .filter(|path| !path.starts_with("de/"))
        .collect();
    assert_eq!(elsewhere, Vec::<&String>::new());
    assert!(changed.contains(&"de/index.html".to_owned()));
    // A translation changes the article that it is of, and the sitemap that names it.
    site.write("content/news/only-english.de.md", article("Drittens", ""));
    site.build().good();
    let changed = after.differences(&site.output());
    let elsewhere: Vec<&String> = changed
        .iter()
        .filter(|path| !path.starts_with("de/"))
        .collect();
    assert_eq!(
        elsewhere,
        ["news/2026/11/11/only-english/index.html", "sitemaps/1.xml"]
    );
}

#[test]
fn an_edition_may_have_a_host_of_its_own() {
    let site = site("cjk");
    site.build().good();
    let output = site.output();
    let home = output.text("ja/index.html");
    assert!(home.contains("<link rel=\"canonical\" href=\"https://ja.example.org/\">"));
    assert!(
        home.contains("href=\"https://example.org/\" lang=\"zh-Hans\""),
        "{home}"
    );
    // It has the files that every host has.
    for file in [
        "404.html",
        "robots.txt",
        "style.css",
        "sitemap.xml",
        "search/index.html",
    ] {
        assert!(output.contains(&format!("ja/{file}")), "{file}");
    }
    assert!(!output.text("robots.txt").contains("ja.example.org"));
    assert!(
        output
            .text("ja/robots.txt")
            .contains("https://ja.example.org/sitemap.xml")
    );
    let text = output.text("ja/news/2026/11/18/editorial/index.html");
    assert!(
        text.contains("href=\"https://example.org/news/2026/11/18/editorial/\""),
        "{text}"
    );
    // For another base URL all are below it.
    site.newsgen(["build", "--base-url", "https://preview.example/x/"])
        .run()
        .good();
    let home = site.output().text("ja/index.html").to_owned();
    assert!(home.contains("<link rel=\"canonical\" href=\"https://preview.example/x/ja/\">"));
}

#[test]
fn no_edition_has_pages_in_the_folder_of_another() {
    let site = site("languages");
    site.write(
        "content/news/stray.md",
        "---\ntitle: Stray\npublishedDateTime: 2026-11-20T08:00:00Z\npermalink: /de/stray/\n\
         originalUrl: https://example.com/stray\n---\n",
    );
    let run = site.build().exits(1);
    let said = "content/news/stray.md wants the URL /de/stray/";
    assert!(run.to_string().contains(said), "{run}");
    let said = "/de/ is the folder of another language";
    assert!(run.to_string().contains(said), "{run}");
}

#[test]
fn names_may_be_maps() {
    let site = with_named_topic("");
    let topic = "name: {en: Chips, de: Halbleiter}\nshortname:\n  de: Halbl.\n\
                 description:\n  en: What computes.\n  de: Was rechnet.\n";
    site.write("content/topics/chips.yaml", topic);
    let provider = "domain: provider.example\nname: {en: The Example, de: Das Beispiel}\n";
    site.write("content/providers/example.yaml", provider);
    site.build().good();
    let output = site.output();
    let english = output.text("topics/chips/index.html");
    assert!(
        english.contains("<h1>Chips</h1>") || english.contains(">Chips</h1>"),
        "{english}"
    );
    assert!(english.contains("What computes.") && !english.contains("Was rechnet."));
    let german = output.text("de/topics/halbleiter/index.html");
    assert!(german.contains(">Halbleiter</h1>"), "{german}");
    assert!(german.contains("Was rechnet.") && german.contains("Halbl."));
    assert!(output.text("providers/index.html").contains("The Example"));
    assert!(
        output
            .text("de/providers/index.html")
            .contains("Das Beispiel")
    );
    assert_reciprocal(&output);

    for (topic, said) in [
        ("name: {german: Halbleiter!}\nx: {y: 1}\n", "`german!`"),
        ("name: {de: A, de: B}\n", "`de`"),
        ("name: {}\n", "the topic has no `name`"),
    ] {
        site.write(
            "content/topics/chips.yaml",
            topic.replace("german", "german!"),
        );
        let run = site.build().exits(1);
        assert!(run.to_string().contains(said), "{run}");
    }
}

#[test]
fn lists_have_names_and_counterparts_in_all_editions() {
    let settings = "[[lists]]\ntitle.en = \"Picks\"\ntitle.de = \"Auswahl\"\npath = \"/picks/\"\n\
                    description.en = \"The best.\"\nfeed = true\n\n[tags]\npages = true\n";
    let site = with_named_topic(settings);
    let tagged = |title: &str| format!("title: {title}\ntags: [GPT]\n");
    site.write_article("three", &tagged("Three of a kind"));
    site.write_article("four.de", &tagged("Vier gewinnt"));
    site.build().good();
    let output = site.output();
    let english = output.text("picks/index.html");
    assert!(
        english.contains("Picks") && english.contains("The best."),
        "{english}"
    );
    let german = output.text("de/picks/index.html");
    assert!(
        german.contains("Auswahl") && !german.contains("The best."),
        "{german}"
    );
    assert!(output.text("de/feeds.opml").contains("title=\"Auswahl\""));
    for (page, other) in [
        ("picks/index.html", "/de/picks/"),
        ("de/picks/index.html", "/picks/"),
        ("tags/gpt/index.html", "/de/tags/gpt/"),
    ] {
        let text = output.text(page);
        assert!(
            text.contains(&format!("href=\"{other}\" lang=")),
            "{page}: {text}"
        );
        let alternate = format!("href=\"https://news.example{other}\">");
        assert!(text.contains(&alternate), "{page}: {text}");
    }
    assert_reciprocal(&output);
}

#[test]
fn warnings_are_about_the_edition_that_they_are_for() {
    let site = with_named_topic("");
    let settings = site
        .read("site.toml")
        .replace("[\"Halbleiter\"]", "[\"Halbleter\"]");
    site.write("site.toml", settings + "\n[languages.is]\ntitle = \"X\"\n");
    let run = site.check();
    let said = run.to_string();
    assert!(
        said.contains("`nav` contains the unknown topic `Halbleter`"),
        "{said}"
    );
    assert!(said.contains("did you mean `Halbleiter`?"), "{said}");
    assert!(!said.contains("unknown topic `Chips`"), "{said}");
    assert!(
        said.contains("write them in `[languages.is.strings]`"),
        "{said}"
    );
}

#[test]
fn addresses_may_keep_their_script() {
    let site = site("scripts");
    site.build().good();
    let output = site.output();
    for file in [
        "news/2026/11/20/新型芯片/index.html",
        "ar/topics/الرقائق/index.html",
        "hi/news/2026/11/20/हिन्दी-चिप/index.html",
        "de/news/2026/11/20/größere-chips-für-münchen/index.html",
        "providers/例子-测试/index.html",
        "长文/index.html",
        "关于/index.html",
    ] {
        assert!(output.contains(file), "{file}: {:#?}", output.paths());
    }
    assert_reciprocal(&output);
    // No address has a letter that a URL cannot have (RFC 3986).
    let address = Regex::new(
        "(?:href|src|content|<loc|<link|\"url\": ?|\"@id\": ?)=?\"(https?:[^\"]*|/[^\"]*)\"",
    );
    let address = address.unwrap();
    for path in output.paths() {
        let is_text = [".html", ".xml", ".json", ".opml", ".txt", ".webmanifest"];
        if !is_text.iter().any(|ending| path.ends_with(ending)) || path.contains("search/index/") {
            continue;
        }
        for found in address.captures_iter(output.text(path)) {
            assert!(found[1].is_ascii(), "{path}: {}", &found[1]);
        }
    }
    // What is the same to a file system is one file, and that is reported.
    site.write(
        "content/news/2026-11-20-GRÖSSERE-chips-für-münchen.de.md",
        ONE,
    );
    site.write(
        "content/news/2026-11-20-gro\u{308}ßere-chips-fu\u{308}r-mu\u{308}nchen.de.md",
        ONE,
    );
    let run = site.build().exits(1);
    let said = run.to_string();
    assert_eq!(said.matches("two pages have the URL").count(), 2, "{said}");
}

const ONE: &str = "---\ntitle: Eine\npublishedDateTime: 2026-11-20T05:00:00Z\n---\nText\n";

#[test]
fn new_files_are_named_as_addresses_are() {
    let site = site("scripts");
    let title = "  数据中心：\u{202e}新";
    let new = ["new", title, "--url", "https://example.com/a"];
    let run = site.newsgen(new).run().good();
    assert!(run.to_string().contains("-数据中心-新.md"), "{run}");
}

#[test]
fn a_new_article_belongs_to_the_edition_of_its_language() {
    let site = site("languages");
    let mut number = 0;
    let mut new = |title: &str, tag: &str, topic: &str| {
        number += 1;
        let url = format!("https://example.com/new-{number}");
        let words = [
            "new",
            title,
            "--url",
            &url,
            "--language",
            tag,
            "--topic",
            topic,
        ];
        let run = site.newsgen(words).run().good();
        assert_eq!(
            run.stderr, "",
            "{tag}: the topic is known by its name in the language"
        );
        run.stdout.trim_end().to_owned()
    };
    let german = new("Neuer Chip", "de", "Halbleiter");
    assert!(german.starts_with("content/deutsch/") && german.ends_with("-neuer-chip.md"));
    let austrian = new("Neuer Chip", "de-AT", "Halbleiter");
    assert!(austrian.ends_with("-neuer-chip-2.md"), "{austrian}");
    let arabic = new("AI", "ar", "رقائق");
    let second = new("AI", "ar", "رقائق");
    assert!(arabic.ends_with("-ai.ar.md"), "{arabic}");
    assert!(second.ends_with("-ai-2.ar.md"), "{second}");
    let french = new("Nouvelle puce", "fr", "Chips");
    assert!(
        french.starts_with("content/news/") && french.ends_with("-puce.md"),
        "{french}"
    );
    let english = new("New chip", "en", "Chips");
    for (path, edition, locale) in [
        (&german, "de", None),
        (&austrian, "de", Some("de-AT")),
        (&arabic, "ar", None),
        (&second, "ar", None),
        (&french, "en", Some("fr")),
        (&english, "en", None),
    ] {
        let list = site.newsgen(["list", "--language", edition]).run().good();
        assert!(
            list.stdout.contains(path.as_str()),
            "{path} in {edition}\n{list}"
        );
        let text = site.read(path);
        let field = text.lines().find_map(|line| line.strip_prefix("locale: "));
        assert_eq!(field.map(|field| field.trim_matches('"')), locale, "{path}");
    }
    let wrong = [
        "new",
        "X",
        "--url",
        "https://example.com/x",
        "--language",
        "german language",
    ];
    let run = site.newsgen(wrong).run().exits(1);
    assert!(
        run.to_string()
            .contains("`german language` is not a language tag"),
        "{run}"
    );
}

#[test]
fn mistakes_in_settings_are_reported() {
    for (settings, said) in [
        ("[languages.de_DE]\n", "is not named by a language tag"),
        (
            "locale = \"de\"\n[languages.DE]\n",
            "two editions are in the language",
        ),
        (
            "[languages.de]\npath = \"de\"\n",
            "is not a path of the site",
        ),
        (
            "[languages.de]\npath = \"/../\"\n",
            "is not a path of the site",
        ),
        (
            "[languages.de]\n[languages.fr]\npath = \"/de/x/\"\n",
            "two editions have the path",
        ),
        ("[languages.de]\ntitel = \"x\"\n", "did you mean `title`?"),
        (
            "[languages.de]\ntime_zone = \"UTC\"\n",
            "is the same for all languages",
        ),
        ("[languages]\nde = 5\n", "must be a table of settings"),
        (
            "base_url = \"https://a.org/\"\n[languages.de]\nbase_url = \"https://a.org/de/\"\n",
            "is on the host of the site",
        ),
        ("[languages.de]\npage_size = 5\n", "did you mean"),
        (
            "[[lists]]\npath = \"/x/\"\ntitle = { deutsch_1 = \"X\" }\n",
            "`title.deutsch_1` names no language",
        ),
        (
            "[permalinks]\nslugs = \"utf-8\"\n",
            "`permalinks.slugs` must be one of",
        ),
    ] {
        let site = Site::new().file("site.toml", settings);
        let run = site.build().exits(1);
        assert!(run.to_string().contains(said), "{settings}{run}");
    }
}

#[test]
fn commands_know_languages() {
    let site = site("languages");
    let list = site.newsgen(["list", "--language", "ar"]).run().good();
    assert!(
        list.to_string()
            .contains("ar  content/news/accelerator.ar.md"),
        "{list}"
    );
    assert!(
        !list.to_string().contains("content/news/accelerator.md"),
        "{list}"
    );
    let unknown = site.newsgen(["list", "--language", "fr"]).run().exits(1);
    let said = unknown.to_string();
    assert!(
        said.contains("the site has no edition in the language `fr`"),
        "{said}"
    );
    assert!(said.contains("it has en, de, ar"), "{said}");
    let link = "https://example.com/accelerator";
    let explain = ["explain", link, "--language", "de"];
    let explain = site.newsgen(explain).run().good();
    let text = explain.to_string();
    assert!(text.contains("content/deutsch/accelerator.md"), "{text}");
    assert!(text.contains("in ar: https://example.org/ai/arabic/news/2026/11/20/accelerator/"));
    site.write("content/news/bad.de.md", "---\ntitle: [\n---\n");
    let check = site.newsgen(["check", "--language", "de"]).run().exits(1);
    assert!(check.to_string().contains("bad.de.md"), "{check}");
    let check = site.newsgen(["check", "--language", "en"]).run();
    assert!(!check.to_string().contains("bad.de.md"), "{check}");
}

#[test]
fn hosts_send_the_404_page_of_the_language() {
    let site = site("languages");
    site.build().good();
    let output = site.output();
    let redirects = output.text("_redirects");
    assert!(
        redirects.contains("/ai/de/* /ai/de/404.html 404\n"),
        "{redirects}"
    );
    let nginx = output.text("_nginx.conf");
    assert!(
        nginx.contains("location \"/ai/arabic/\" { error_page 404 \"/ai/arabic/404.html\";"),
        "{nginx}"
    );
    let settings = site.read("site.toml").replace("\"nginx\"", "\"caddy\"");
    site.write("site.toml", settings);
    site.build().good();
    let caddy = site.output().text("_Caddyfile").to_owned();
    assert!(
        caddy.contains("rewrite @newsgen_404_0 \"/ai/de/404.html\""),
        "{caddy}"
    );
}

#[test]
fn of_two_that_are_the_same_in_one_language_each_is_itself() {
    let site = Site::new().file(
        "site.toml",
        "title = \"Two\"\nbase_url = \"https://news.example/\"\n\n[languages.de]\n\
         path = \"/de/\"\n",
    );
    let fields = |title: &str| format!("title: {title}\ntranslationKey: one\n");
    site.write_article("first", &fields("A story about rivers"));
    site.write_article("second", &fields("Another one about ports"));
    site.build().good();
    let output = site.output();
    for name in ["first", "second"] {
        let page = format!("news/2026/11/20/{name}/index.html");
        let own = format!("<a href=\"/news/2026/11/20/{name}/\" lang=\"en\"");
        assert!(output.text(&page).contains(&own), "{page}");
    }
}

/// A site in English and German with a topic that has a name in both, and a page in both.
fn with_named_topic(settings: &str) -> Site {
    let site = Site::new()
        .file(
            "site.toml",
            format!(
                "title = \"Two\"\nbase_url = \"https://news.example/\"\n\
                 nav = [\"/about/\", \"Chips\"]\n{settings}\n[languages.de]\npath = \"/de/\"\n\
                 nav = [\"Halbleiter\"]\n"
            ),
        )
        .file(
            "content/topics/chips.yaml",
            "name: Chips\nname.de: Halbleiter\n",
        )
        .file("content/pages/about.de.md", "---\ntitle: Wir\n---\nText\n")
        .file(
            "content/pages/about.md",
            "---\ntitle: About us\n---\nText\n",
        );
    site.write_article("one", "title: One about chips\ntopics: [Chips]\n");
    site.write_article(
        "two.de",
        "title: Eine zu Halbleitern\ntopics: [Halbleiter]\n",
    );
    site
}

#[test]
fn navigation_has_pages_and_topics_of_its_own_edition() {
    let site = with_named_topic("");
    site.build().good();
    let output = site.output();
    let (english, german) = (output.text("index.html"), output.text("de/index.html"));
    let nav = |html: &str| {
        let start = html.find("<nav").unwrap();
        html[start..start + html[start..].find("</nav>").unwrap()].to_owned()
    };
    let (english, german) = (nav(english), nav(german));
    assert!(
        english.contains("About us") && !english.contains("Wir"),
        "{english}"
    );
    assert!(german.contains("Halbleiter"), "{german}");
}

#[test]
fn rules_know_topics_by_their_names_in_all_languages() {
    let site = with_named_topic("curation.block.topics = [\"Chips\"]");
    site.build().good().says("2 dropped");
    let site = with_named_topic("curation.topics = [\"Chips\"]");
    site.build().good().says("2 kept");
}
