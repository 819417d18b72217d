//! Which articles are joined into events, by what the program says of them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;
use support::{Site, story};

/// Pairs of headlines, made up: language, `same` or `other`, and two headlines on the same event or
/// on two.
const PAIRS: &str = include_str!("events/pairs.tsv");

/// Others, which nothing was ever adjusted to: what is measured on them is what to expect.
const HELD_OUT: &str = include_str!("events/held-out.tsv");

const SETTINGS: &str = "title = \"Test\"\nbase_url = \"https://news.example/\"\n";

struct Pair<'a> {
    language: &'a str,
    is_same: bool,
    titles: [&'a str; 2],
}

fn pairs(file: &'static str) -> BTreeMap<&'static str, Vec<Pair<'static>>> {
    let lines = file.lines().map(|line| {
        let fields: Vec<&str> = line.split('\t').collect();
        let [language, kind @ ("same" | "other"), one, other] = fields[..] else {
            panic!("{line}");
        };
        Pair {
            language,
            is_same: kind == "same",
            titles: [one, other],
        }
    });
    let mut by_language: BTreeMap<&str, Vec<Pair<'_>>> = BTreeMap::new();
    for pair in lines {
        by_language.entry(pair.language).or_default().push(pair);
    }
    assert_eq!(by_language.len(), 10);
    by_language
}

/// An article of a provider of its own, so many minutes into a day.
fn article(number: usize, minutes: usize, title: &str, more: &str) -> String {
    let (day, hour, minute) = (20 + minutes / 1440, minutes / 60 % 24, minutes % 60);
    story(
        &Value::from(title).to_string(),
        &format!("2026-11-{day:02}T{hour:02}:{minute:02}:00Z"),
        &format!("https://p{number}.example/{number}"),
        more,
    )
}

/// The event of each article, by the name of its file.
fn events(site: &Site) -> BTreeMap<String, Option<String>> {
    let listed = site
        .newsgen(["list", "--format", "json", "--now", "2026-11-25T00:00:00Z"])
        .run();
    let listed: Value = serde_json::from_str(&listed.good().stdout).unwrap();
    let rows = listed.as_array().unwrap().iter();
    rows.map(|row| {
        let path = row["path"].as_str().unwrap();
        let event = row["event"].as_str().map(str::to_owned);
        (path.to_owned(), event)
    })
    .collect()
}

/// How many pairs on one event, and on two, are apart and are joined; and those that are wrong.
#[derive(Default)]
struct Counts {
    same: [usize; 2],
    other: [usize; 2],
    wrong: String,
}

impl Counts {
    /// Those of the articles of a site, two of which are a pair.
    fn of(language: &str, pairs: &[Pair<'_>]) -> Counts {
        let site = Site::empty().file("site.toml", format!("{SETTINGS}locale = \"{language}\"\n"));
        let titles = pairs.iter().flat_map(|pair| pair.titles);
        for (number, title) in titles.enumerate() {
            let article = article(number, number * 15, title, "");
            site.write(&path(number), article);
        }
        let events = events(&site);
        let event = |number: usize| events[&path(number)].as_deref();
        let mut counts = Counts::default();
        for (number, pair) in pairs.iter().enumerate() {
            let is_joined =
                event(2 * number).is_some() && event(2 * number) == event(2 * number + 1);
            let count = match pair.is_same {
                true => &mut counts.same,
                false => &mut counts.other,
            };
            count[usize::from(is_joined)] += 1;
            if is_joined != pair.is_same {
                writeln!(counts.wrong, "{language} {:?}", pair.titles).unwrap();
            }
        }
        counts
    }

    /// At least 80 % of the pairs on one event are joined, and at most 5 % of the others.
    fn assert_good(&self) {
        let Counts { same, other, wrong } = self;
        assert!(same[1] * 10 >= 8 * (same[0] + same[1]), "{same:?}\n{wrong}");
        assert!(other[1] * 20 <= other[0] + other[1], "{other:?}\n{wrong}");
    }
}

#[test]
fn most_pairs_on_one_event_are_joined_and_few_others() {
    for (language, pairs) in pairs(PAIRS) {
        assert_eq!(pairs.len(), 40, "{language}");
        Counts::of(language, &pairs).assert_good();
    }
}

#[test]
fn pairs_that_were_held_out_are_found_as_well() {
    let mut all = Counts::default();
    for (language, pairs) in pairs(HELD_OUT) {
        assert_eq!(pairs.len(), 20, "{language}");
        let counts = Counts::of(language, &pairs);
        for at in 0..2 {
            all.same[at] += counts.same[at];
            all.other[at] += counts.other[at];
        }
        all.wrong += &counts.wrong;
    }
    all.assert_good();
}

fn path(number: usize) -> String {
    format!("content/news/{number}.md")
}

/// A site of made-up articles: title, minutes into its days, and more fields.
fn site(articles: &[(&str, usize, &str)]) -> Site {
    let site = Site::empty().file("site.toml", SETTINGS);
    for (number, (title, minutes, more)) in articles.iter().enumerate() {
        site.write(&path(number), article(number, *minutes, title, more));
    }
    site
}

const FIRE: &str = "Wildfire near Athens forces thousands to evacuate";
const FLEE: &str = "Thousands evacuated as wildfire spreads near Athens";
const MARS: &str = "Kestrel probe lands on Mars after seven months";

#[test]
fn front_matter_joins_and_parts() {
    let site = site(&[
        (FIRE, 0, ""),
        (FLEE, 30, "event: none\n"),
        (MARS, 60, "event: Our Big Story\n"),
        (
            "What to cook on a Sunday",
            2 * 1440,
            "event: our big story\n",
        ),
        (
            "Kestrel sends pictures of Mars: the probe has landed",
            90,
            "",
        ),
    ]);
    let events = events(&site);
    let event = |number: usize| events[&path(number)].as_deref();
    assert_eq!([event(0), event(1)], [None, None]);
    for number in 2..5 {
        assert_eq!(event(number), Some("our-big-story"));
    }
}

#[test]
fn a_name_by_hand_is_that_of_the_event_it_was_found_in() {
    let site = site(&[(FIRE, 0, ""), (FLEE, 30, "event: fire\n"), (MARS, 40, "")]);
    let events = events(&site);
    assert_eq!(events[&path(0)].as_deref(), Some("fire"));
    assert_eq!(events[&path(1)].as_deref(), Some("fire"));
    assert_eq!(events[&path(2)], None);
}

#[test]
fn time_and_order_of_files_count_as_they_should() {
    // More than two days later it is another fire.
    let late = site(&[(FIRE, 0, ""), (FLEE, 3 * 1440, "")]);
    assert!(events(&late).values().all(Option::is_none));
    let one = site(&[(FIRE, 0, ""), (MARS, 10, ""), (FLEE, 20, "")]);
    let found = events(&one);
    let event = found[&path(0)].clone().unwrap();
    assert_eq!(event, "0");
    assert_eq!(found[&path(2)].as_ref(), Some(&event));
    assert_eq!(found[&path(1)], None);
}

#[test]
fn list_names_the_coverage_and_explain_what_joins_it() {
    let site = site(&[(FIRE, 0, ""), (FLEE, 150, ""), (MARS, 160, "event: none\n")]);
    let now = "2026-11-25T00:00:00Z";
    let listed = site
        .newsgen(["list", "--format", "json", "--now", now])
        .run();
    let listed: Value = serde_json::from_str(&listed.good().stdout).unwrap();
    let row = |path: &str| {
        let mut rows = listed.as_array().unwrap().iter();
        rows.find(|row| row["path"] == path).unwrap()
    };
    assert_eq!(row(&path(0))["coverage"], serde_json::json!([path(1)]));
    assert_eq!(row(&path(1))["coverage"], serde_json::json!([path(0)]));
    assert_eq!(row(&path(2))["coverage"], serde_json::json!([]));
    assert_eq!(
        row(&path(0))["eventUrl"],
        Value::Null,
        "two reports have no page"
    );

    let explain = |path: &str| {
        let run = site.newsgen(["explain", path, "--now", now]).run();
        run.good().stdout.clone()
    };
    let said = explain(&path(0));
    assert!(
        said.contains("content/news/1.md, 2 hours after: shares athens, "),
        "{said}"
    );
    let said = explain(&path(2));
    assert!(said.contains("none, as `event: none`"), "{said}");
}

/// A title on the event with a number: no two events share a word that says something.
fn title(event: usize) -> String {
    format!("Comet{event} strikes harbour{event} near town{event}")
}

#[test]
fn a_new_report_changes_few_files_and_no_numbered_page() {
    let site = Site::empty().file("site.toml", format!("{SETTINGS}listing.page_size = 10\n"));
    for number in 0..300 {
        let article = article(number, number * 10, &title(number / 3), "");
        site.write(&path(number), article);
    }
    let build = || {
        let run = site
            .newsgen(["build", "--now", "2026-11-25T00:00:00Z"])
            .run();
        run.good();
        site.output().0
    };
    let before = build();
    site.write(&path(300), article(300, 3000, &title(99), ""));
    let after = build();
    let changed: Vec<&String> = after
        .iter()
        .filter(|(path, bytes)| before.get(*path) != Some(bytes))
        .map(|(path, _)| path)
        .filter(|path| !path.starts_with("search/"))
        .collect();
    assert!(changed.len() <= 40, "{changed:#?}");
    let is_old = |path: &&&String| path.contains("/page/") && before.contains_key(**path);
    assert_eq!(changed.iter().find(is_old), None);
    // The two reports before name the new one, and it names others; the pages of all lead to the
    // event's, which has it.
    let of_event = (298..301).map(|number| format!("news/2026/11/22/{number}/index.html"));
    for page in of_event {
        assert!(changed.contains(&&page), "{page} in {changed:#?}");
    }
    let is_gone = |path: &&String| !after.contains_key(*path) && !path.starts_with("search/");
    assert_eq!(before.keys().find(is_gone), None);
}

#[test]
fn the_front_page_shows_an_event_once() {
    events_stand_once(20);
}

#[test]
fn the_best_report_leads_an_event_that_the_newest_page_of_stories_does_not_reach() {
    events_stand_once(3);
}

/// Builds six events of three reports each, the oldest of which is the best, and looks at the front
/// page.
fn events_stand_once(page_size: usize) {
    let settings = format!("{SETTINGS}listing.page_size = {page_size}\n");
    let site = Site::empty().file("site.toml", settings);
    for number in 0..18 {
        let more = format!("quality: {}\n", 52 - number % 3);
        let article = article(number, number * 20, &title(number / 3), &more);
        site.write(&path(number), article);
    }
    let run = site
        .newsgen(["build", "--now", "2026-11-25T00:00:00Z"])
        .run();
    run.good();
    let output = site.output();
    let page = output.text("index.html");
    for event in 0..6 {
        let best = format!("/news/2026/11/20/{}/", 3 * event);
        assert!(page.contains(&best), "{best}");
        // One is a headline, and the others are named as coverage.
        let headlines = page.matches(&format!(">{}<", title(event))).count();
        assert_eq!(headlines, 1, "event {event}");
        for provider in 3 * event + 1..3 * event + 3 {
            assert!(page.contains(&format!("p{provider}.example")), "{provider}");
        }
    }
}

/// A site with an event of so many reports, and its output.
fn site_of_event(reports: usize, settings: &str) -> (Site, support::Tree) {
    let site = Site::empty().file("site.toml", format!("{SETTINGS}{settings}"));
    for number in 0..reports {
        let more = format!("event: The Comet\nquality: {}\n", 50 + number % 3);
        let title = format!("Comet report {number}");
        site.write(&path(number), article(number, number * 20, &title, &more));
    }
    site.write(
        "content/news/other.md",
        article(900, 0, "Copper is dear", ""),
    );
    let output = build(&site);
    (site, output)
}

fn build(site: &Site) -> support::Tree {
    let run = site
        .newsgen(["build", "--now", "2026-11-25T00:00:00Z"])
        .run();
    run.good();
    site.output()
}

/// Paths of files whose bytes are others, or that are there in one output only.
fn changed(before: &support::Tree, after: &support::Tree) -> Vec<String> {
    let paths = before.0.keys().chain(after.0.keys());
    let is_other = |path: &&String| before.0.get(*path) != after.0.get(*path);
    let paths: std::collections::BTreeSet<&String> = paths.filter(is_other).collect();
    let paths = paths
        .into_iter()
        .filter(|path| !path.starts_with("search/"));
    paths.cloned().collect()
}

const PAGE: &str = "events/the-comet/index.html";

#[test]
fn an_event_has_a_page_and_a_feed_with_its_third_report() {
    let (_, two) = site_of_event(2, "");
    assert!(!two.paths().iter().any(|path| path.starts_with("events/")));
    let (site, three) = site_of_event(3, "");
    let of_event: Vec<&str> = three.paths();
    let of_event: Vec<&str> = of_event
        .into_iter()
        .filter(|path| path.starts_with("events/"))
        .collect();
    assert_eq!(of_event, ["events/the-comet/feed.xml", PAGE]);
    let page = three.text(PAGE);
    // The best report leads; the feed and all reports are there, and the first is marked.
    assert!(
        page.contains("<title>Comet report 2 · Test</title>"),
        "{page}"
    );
    assert!(
        page.contains("3 reports") && page.contains("3 sources"),
        "{page}"
    );
    assert!(
        page.contains("href=\"/events/the-comet/feed.xml\""),
        "{page}"
    );
    for number in 0..3 {
        assert!(
            page.contains(&format!("href=\"/news/2026/11/20/{number}/\"")),
            "{page}"
        );
        let article = three.text(&format!("news/2026/11/20/{number}/index.html"));
        assert!(article.contains("href=\"/events/the-comet/\""), "{article}");
        let canonical = format!(
            "<link rel=\"canonical\" href=\"https://news.example/news/2026/11/20/{number}/\">"
        );
        assert!(article.contains(&canonical), "{article}");
    }
    assert_eq!(page.matches("story report begins").count(), 1);
    let feed = three.text("events/the-comet/feed.xml");
    assert!(
        feed.contains("<title>Comet report 0 – Test</title>"),
        "{feed}"
    );
    assert_eq!(feed.matches("<entry>").count(), 3);
    assert!(
        three
            .text("index.html")
            .contains("href=\"/events/the-comet/\"")
    );
    assert!(
        three
            .text("sitemaps/1.xml")
            .contains("/events/the-comet/</loc>")
    );
    assert!(three.text("_headers").contains("/events/:event/feed.xml\n"));
    let explained = site
        .newsgen([
            "explain",
            "content/news/0.md",
            "--now",
            "2026-11-25T00:00:00Z",
        ])
        .run()
        .good();
    let line = "all reports: https://news.example/events/the-comet/";
    assert!(explained.stdout.contains(line), "{explained}");
}

/// Signs keep a headline of the other direction together in a title; what other programs read is
/// the headline as it was written.
#[test]
fn only_the_title_of_an_event_has_signs_of_direction() {
    let (site, _) = site_of_event(2, "");
    let more = "event: The Comet\nquality: 99\nlocale: ar\n";
    let title = "المذنب يقترب (ESA)!";
    site.write(&path(2), article(2, 0, title, more));
    let page = build(&site).text(PAGE).to_owned();
    let signs = ["\u{2068}", "\u{2069}", "&#x2068;", "&#x2069;"];
    let lines = page
        .lines()
        .filter(|line| signs.iter().any(|sign| line.contains(sign)));
    let lines: Vec<&str> = lines.map(str::trim).collect();
    assert_eq!(lines.len(), 1, "{lines:#?}");
    assert!(lines[0].starts_with("<title>&#x2068;"), "{lines:#?}");
    let shared = format!("<meta property=\"og:title\" content=\"{title}\"");
    assert!(page.contains(&shared), "{page}");
}

#[test]
fn pages_of_events_are_a_setting() {
    let has_page = |reports: usize, settings: &str| {
        let (_, output) = site_of_event(reports, settings);
        assert_eq!(
            output.text("index.html").contains("/events/"),
            output.contains(PAGE)
        );
        output.contains(PAGE)
    };
    assert!(!has_page(3, "events.pages = false\n"));
    assert!(has_page(2, "events.reports = 2\n"));
    assert!(!has_page(3, "events.reports = 4\n"));
    // A site whose articles have no files has few others.
    let flat = "articles.pages = \"none\"\n";
    assert!(!has_page(3, flat));
    assert!(has_page(3, &format!("{flat}events.pages = true\n")));
}

#[test]
fn a_report_of_a_large_event_changes_few_pages_of_others() {
    let (site, before) = site_of_event(50, "listing.page_size = 10\n");
    // The newest reports are on the head, the others on pages of their own.
    assert!(before.contains("events/the-comet/page/4/index.html"));
    let page = before.text("events/the-comet/page/2/index.html");
    assert!(page.contains("Comet report 0</a> <small>page 2"), "{page}");
    // The best of all, so that whoever may name it does.
    let more = "event: The Comet\nquality: 99\n";
    site.write(&path(50), article(50, 4400, "Comet report 50", more));
    let after = build(&site);
    let changed = changed(&before, &after);
    assert!(changed.len() <= 40, "{changed:#?}");
    let is_old = |path: &&String| path.contains("/page/") && before.contains(path);
    assert_eq!(changed.iter().find(is_old), None);
    let of = |folder: &str| {
        changed
            .iter()
            .filter(|path| path.starts_with(folder))
            .count()
    };
    assert_eq!(of("events/"), 2, "{changed:#?}");
    assert_eq!(of("news/"), 3, "{changed:#?}");
    assert!(
        after
            .text(PAGE)
            .contains("<title>Comet report 50 · Test</title>")
    );
}

#[test]
fn an_address_stays_when_headlines_are_edited_and_other_events_come() {
    let site = Site::empty().file("site.toml", SETTINGS);
    let fire = |number: usize, name: &str, minutes: usize| {
        let title = "Wildfire near Lisbon forces thousands to evacuate";
        let text = article(number, minutes, title, "");
        site.write(&format!("content/news/a/{name}.md"), text);
    };
    // One event that is older, with a single report so far, and one with three.
    fire(0, "2026-11-20-fire", 1430);
    for number in 1..4 {
        let name = if number == 1 {
            "fire".to_owned()
        } else {
            format!("fire-{number}")
        };
        let text = article(number, 1500 + number, "Volcano Etna erupts on Sicily", "");
        site.write(&format!("content/news/b/{name}.md"), text);
    }
    let address = "events/fire/index.html";
    let before = build(&site);
    assert!(before.text(address).contains("Volcano"));
    site.write(
        "content/news/b/fire.md",
        article(1, 1501, "Volcano Etna erupts on Sicily, loudly", ""),
    );
    for number in 4..6 {
        fire(number, &format!("lisbon-{number}"), 1560 + number);
    }
    let after = build(&site);
    assert!(after.text(address).contains("Volcano"));
    assert!(after.text("events/fire-2/index.html").contains("Lisbon"));
}

#[test]
fn the_api_knows_events() {
    let (_, output) = site_of_event(3, "listing.page_size = 1\n");
    let read = |path: &str| -> Value { serde_json::from_str(output.text(path)).unwrap() };
    let events = read("api/events/index.json");
    let url = |number: usize| format!("https://news.example/news/2026/11/20/{number}/");
    let event = serde_json::json!({
        "id": "the-comet",
        "url": "https://news.example/events/the-comet/",
        "title": "Comet report 2",
        "firstDateTime": "2026-11-20T00:00:00Z",
        "latestDateTime": "2026-11-20T00:40:00Z",
        "reports": 3,
        "providers": ["p0.example", "p1.example", "p2.example"],
        "articles": [url(2), url(1), url(0)],
    });
    assert_eq!(events["value"], serde_json::json!([event]));
    // The newest article knows what was there before; the first one began the event.
    let newest = &read("api/news/index.json")["value"][0];
    assert_eq!(newest["event"], "the-comet");
    assert_eq!(newest["coverage"], serde_json::json!([url(1), url(0)]));
    let first = (1..=3).map(|number| read(&format!("api/news/page/{number}/index.json")));
    let first = first.map(|page| page["value"][0].clone());
    let first = first
        .into_iter()
        .find(|article| article["url"] == url(0).as_str());
    assert_eq!(first.unwrap()["event"], Value::Null);
    // JSON-LD: articles are part of the page of their event.
    let article = output.text("news/2026/11/20/0/index.html");
    let part = "\"isPartOf\":{\"@type\":\"CollectionPage\",\
                \"url\":\"https://news.example/events/the-comet/\"}";
    assert!(article.contains(part), "{article}");
    assert!(output.text(PAGE).contains("\"numberOfItems\":3"));
}
