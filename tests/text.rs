//! Text is text and names are names: what titles, topics, links, pictures and dates come to when
//! people write them in their own way.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use support::{NOW, Site, assert_same};

/// The addresses of all topics.
fn topics(site: &Site) -> Vec<String> {
    let tree = site.output();
    let paths = tree.paths().into_iter();
    let heads = paths.filter_map(|path| path.strip_prefix("topics/")?.strip_suffix("/index.html"));
    heads.map(str::to_owned).collect()
}

#[test]
fn markup_and_entities_are_read_once_and_everywhere() {
    let site = Site::new()
        .article(
            "a",
            "title: \"<i>Big</i> &amp;amp; &lt;b&gt;bold&lt;/b&gt;: the <dialog> element\"\n\
             excerpt: \"<p>One &#8220;quote&#8221;</p><p>AT&amp;T</p>\"\n\
             topics: [\"R&amp;D\"]\nprovider: {name: \"A &amp;amp; B\", domain: a.example}",
        )
        .article(
            "b",
            "title: \"Cafe\u{301}\"\ntopics: [\"Cafe\u{301}\", Café]",
        )
        .article("c", "title: 0x1F\nexcerpt: .5");
    site.build().good();
    let tree = site.output();
    let feed = tree.text("feed.json");
    for text in [
        "\"title\":\"Big & bold: the <dialog> element\"",
        "\"summary\":\"One “quote” AT&T\"",
        "\"tags\":[\"R&D\"]",
        "\"name\":\"A & B\"",
        "\"title\":\"Café\"",
        "\"title\":\"0x1F\"",
        "\"summary\":\".5\"",
    ] {
        assert!(feed.contains(text), "{text} in {feed}");
    }
    assert_eq!(topics(&site), ["cafe", "r-and-d"]);
}

#[test]
fn a_title_that_nobody_sees_is_none() {
    let site = Site::new().article("a", "title: \"\\u200b\\ufeff\"");
    let run = site.build().exits(1);
    assert!(
        run.stderr.contains("nothing can be seen of the `title`"),
        "{run}"
    );
}

#[test]
fn what_yaml_reads_in_its_own_way_is_warned_of() {
    let site = Site::new()
        .article("a", "title: The language C #1\ntopics: AI, Chips")
        .article("b", "title: \"C #1\"\ntopics: [\"AI, Chips\"]");
    let run = site.check();
    assert!(run.stderr.contains("the `title` ends before `#1`"), "{run}");
    assert!(
        run.stderr.contains("`topics` is one text with commas"),
        "{run}"
    );
    assert_eq!(run.stderr.matches("with commas").count(), 1, "{run}");
    site.build().good();
    assert_eq!(topics(&site), ["ai-chips", "ai", "chips"]);
}

#[test]
fn addresses_of_topics_depend_on_their_names_alone() {
    let named = |site: &Site, file: &str, topic: &str| {
        site.write_article(file, &format!("title: {file}\ntopics: [\"{topic}\"]"));
    };
    let site = Site::new();
    for (number, topic) in ["C#", "C++", ".NET", "北京", "背景", "A.I."]
        .iter()
        .enumerate()
    {
        named(&site, &format!("a{number}"), topic);
    }
    site.build().good();
    let before = topics(&site);
    assert_eq!(before.len(), 6, "{before:?}");
    for address in ["c-sharp", "c-plus-plus", "dot-net", "a-dot-i"] {
        assert!(
            before.iter().any(|topic| topic == address),
            "{address} in {before:?}"
        );
    }
    for (number, topic) in ["C", "NET", "AI", "Bei Jing"].iter().enumerate() {
        named(&site, &format!("b{number}"), topic);
    }
    site.build().good();
    let after = topics(&site);
    assert_eq!(after.len(), 10, "{after:?}");
    assert!(
        before.iter().all(|topic| after.contains(topic)),
        "{before:?} in {after:?}"
    );
    // A slug that is written is another thing: two of them are a mistake.
    let site = site.file("content/topics/c.yaml", "name: Cobol\nslug: c\n");
    named(&site, "cobol", "Cobol");
    site.build().exits(1);
}

#[test]
fn hosts_for_telephones_belong_to_their_provider() {
    let site = Site::new()
        .article("a", "title: A\nprovider: {domain: a-b.example}")
        .article("c", "title: C\nprovider: {domain: m.c.example}");
    site.build().good();
    let tree = site.output();
    for page in ["a-b-example", "c-example"] {
        let path = format!("providers/{page}/index.html");
        assert!(tree.contains(&path), "{page}");
    }
}

#[test]
fn domains_are_shown_in_their_script() {
    let site = Site::new()
        .article(
            "a",
            "title: A\noriginalUrl: https://xn--bcher-kva.example/x",
        )
        .article(
            "b",
            "title: B\noriginalUrl: https://xn--80ak6aa92e.example/x",
        );
    site.build().good();
    let tree = site.output();
    let page = tree.text("news/2026/11/20/a/index.html");
    assert!(
        page.contains("<span class=\"host\">bücher.example</span>"),
        "{page}"
    );
    let providers = tree.text("providers/index.html");
    assert!(providers.contains(">bücher.example</a>"), "{providers}");
    assert!(
        providers.contains(">xn--80ak6aa92e.example</a>"),
        "a name in Cyrillic: {providers}"
    );
    assert!(
        tree.text("api/news/index.json")
            .contains("\"domain\":\"xn--bcher-kva.example\"")
    );
}

#[test]
fn stories_behind_one_address_are_distinguished() {
    let link = |title: &str, fragment: &str| {
        format!("title: \"{title}\"\noriginalUrl: \"https://tv.example/video/{fragment}\"")
    };
    let site = Site::new()
        .article("bank", &link("Bank story", "#/video/bank"))
        .article("cup", &link("Cup story", "#/video/cup"));
    let run = site.build().good();
    assert!(run.stdout.contains("2 kept"), "{run}");
    assert!(
        !site
            .check()
            .stderr
            .contains("the titles have nothing in common")
    );

    let site = Site::new()
        .article("bank", &link("Bank raises rates", "#one"))
        .article("rates", &link("Rates: the bank decides", "#three"))
        .article("cup", &link("Cup final tonight", "#two"));
    let run = site.build().good();
    assert!(run.stdout.contains("2 kept"), "{run}");
    let check = site.check();
    assert_eq!(
        check.stderr.matches("have nothing in common").count(),
        1,
        "{check}"
    );
}

#[test]
fn links_lose_tracking_unless_the_site_keeps_it() {
    let fields = "title: A\noriginalUrl: \"https://a.example/x?id=7&utm_source=y&fbclid=9\"";
    let site = Site::new().article("a", fields);
    site.build().good();
    let feed = site.output().text("feed.json").to_owned();
    assert!(feed.contains("https://a.example/x?id=7\""), "{feed}");
    let id = |feed: &str| feed.split("\"id\":").nth(1).unwrap()[..50].to_owned();
    let settings = site.read("site.toml") + "\n[content]\nstrip_tracking = false\n";
    let site = site.file("site.toml", settings);
    site.build().good();
    let kept = site.output().text("feed.json").to_owned();
    assert!(kept.contains("utm_source=y"), "{kept}");
    assert_eq!(id(&feed), id(&kept), "feed readers see no new entry");
}

#[test]
fn images_in_any_form_are_no_error() {
    let picture = "https://a.example/p.jpg";
    let site = Site::new()
        .article(
            "a",
            &format!("title: A\nimages:\n  - url: {picture}\n    width: \"1200\"\n    height: 675"),
        )
        .article("b", &format!("title: B\nimages:\n  - {picture}"))
        .article("c", &format!("title: C\nimages: {picture}"))
        .article(
            "d",
            "title: D\nimages: [{url: [x]}, 5, {width: 3}, \"javascript:x\"]",
        )
        .article(
            "e",
            &format!("title: E\nimages: [{{url: {picture}, width: wide, height: {{}}}}]"),
        );
    site.build().good();
    let tree = site.output();
    let page = |name: &str| {
        tree.text(&format!("news/2026/11/20/{name}/index.html"))
            .to_owned()
    };
    assert!(page("a").contains("width=\"1200\" height=\"675\""));
    for name in ["a", "b", "c", "e"] {
        assert!(page(name).contains(picture), "{name}");
    }
    assert!(!page("d").contains("<figure>"));
    let check = site.check();
    for warning in [
        "an image has an unusable URL",
        "the size `wide`, which is left out",
    ] {
        assert!(check.stderr.contains(warning), "{warning} in {check}");
    }
    assert!(!check.stderr.contains("error"), "{check}");
}

#[test]
fn a_date_of_update_counts_when_it_has_come() {
    let site = Site::new()
        .article("a", "title: A\nupdatedDateTime: 2062-11-24T11:00:00Z")
        .article("b", "title: B");
    let check = site.check();
    assert!(check.stderr.contains("updated in the future"), "{check}");
    site.build().good();
    let tree = site.output();
    for path in tree.paths() {
        let is_text = ["html", "xml", "json"]
            .iter()
            .any(|ending| path.ends_with(ending));
        assert!(!is_text || !tree.text(path).contains("2062"), "{path}");
    }
    let build = |site: &Site, now| site.newsgen(["build", "--now", now]).run().good();
    build(&site, "2063-01-01T00:00:00Z");
    let later = site.output();
    assert!(
        later
            .text("feed.xml")
            .contains("<updated>2062-11-24T11:00:00Z</updated>")
    );
    for folder in ["public", ".newsgen"] {
        std::fs::remove_dir_all(site.path(folder)).unwrap();
    }
    build(&site, "2063-01-01T00:00:00Z");
    assert_same(&later, &site.output(), "what is built when time has passed");
    build(&site, NOW);
    assert_same(&tree, &site.output(), "what is built when it goes back");
}

#[test]
fn a_text_in_another_language_says_so() {
    let site = Site::new()
        .article("a", "title: \"عنوان عربي (ABC)!\"\nexcerpt: نص\nlocale: ar")
        .article("b", "title: Colour\nlocale: en_GB")
        .article("c", "title: Farbe\nlocale: de");
    site.build().good();
    let tree = site.output();
    let page = tree.text("news/2026/11/20/a/index.html");
    assert!(
        page.contains("<title>&#x2068;"),
        "the title is not isolated: {page}"
    );
    assert!(
        page.contains("<h1 class=\"headline\" lang=\"ar\" dir=\"rtl\">"),
        "{page}"
    );
    assert!(
        page.contains("<p class=\"standfirst\" lang=\"ar\" dir=\"rtl\">"),
        "{page}"
    );
    assert!(page.contains("\"inLanguage\":\"ar\""), "{page}");
    let home = tree.text("index.html");
    assert!(home.contains(" lang=\"ar\" dir=\"rtl\"><a href"), "{home}");
    assert!(home.contains(" lang=\"de\" dir=\"ltr\"><a href"), "{home}");
    assert!(!home.contains("lang=\"en-GB\""), "{home}");
    assert!(tree.text("feed.xml").contains("<entry xml:lang=\"ar\">"));
}

#[test]
fn descriptions_for_machines_have_a_sensible_length() {
    let excerpt = "word ".repeat(100);
    let site = Site::new().article("a", &format!("title: A\nexcerpt: \"{excerpt}\""));
    site.build().good();
    let tree = site.output();
    let page = tree.text("news/2026/11/20/a/index.html");
    for (start, end) in [
        ("<meta name=\"description\" content=\"", "\""),
        ("<meta property=\"og:description\" content=\"", "\""),
        ("\"description\":\"", "\""),
    ] {
        let text = page.split(start).nth(1).unwrap().split(end).next().unwrap();
        assert!(
            (150..=201).contains(&text.chars().count()),
            "{start} {text}"
        );
        assert!(text.ends_with("word…"), "{start} {text}");
    }
    assert!(page.contains(excerpt.trim_end()), "people see it whole");
}

#[test]
fn common_words_of_a_language_join_no_stories() {
    let pairs = [
        (
            "Was die neue Brücke für das Dorf bedeutet",
            "Was der neue Chor für die Schule bedeutet",
        ),
        ("5 best lamps of 2026", "5 best boats of 2026"),
        (
            "Everything you need to know about rust",
            "Everything you need to know about salt",
        ),
    ];
    // A site with few articles asks for more than one word: the bridge, the river and the opening.
    let same = ("河上新桥今天首次通车", "河上新桥首次通车，市民今天步行过桥");
    let all = pairs.iter().chain([&same]).enumerate();
    let mut site = Site::new();
    for (number, (one, other)) in all {
        for (side, title) in [("a", one), ("b", other)] {
            let link = format!("https://{side}.example/{number}");
            let fields = format!("title: \"{title}\"\noriginalUrl: {link}");
            site = site.article(&format!("2026-11-2{}-{number}{side}", number % 2), &fields);
        }
    }
    site.build().good();
    let tree = site.output();
    let leads = |from: &str, to: &str| {
        let pages = tree.paths().into_iter();
        let mut pages = pages.filter(|path| path.contains(&format!("/{from}/")));
        pages.any(|page| tree.text(page).contains(&format!("https://{to}")))
    };
    for (number, pair) in pairs.iter().enumerate() {
        let other = format!("b.example/{number}");
        assert!(!leads(&format!("{number}a"), &other), "{pair:?}");
    }
    let number = pairs.len();
    assert!(leads(&format!("{number}a"), &format!("b.example/{number}")));
}
