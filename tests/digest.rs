//! Digests: what is chosen, and what emails are.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use newsgen::config::{Config, Overrides};
use newsgen::curate::{Digest, Drafts, Pick};
use newsgen::ids::{EditionIndex, TopicId};
use newsgen::pipeline::{self, BuildContext, CacheAt, Timings};
use newsgen::plan::PageKind;
use newsgen::time::Time;
use newsgen::workspace::Memory;
use proptest::prelude::*;
use scraper::{ElementRef, Html, Selector};
use support::Site;

/// An article as the tests of choosing vary it.
#[derive(Clone, Debug)]
struct Draft {
    title: usize,
    provider: usize,
    topics: Vec<usize>,
    quality: i64,
    /// Hours before now.
    age: i64,
}

const TITLES: [&str; 8] = [
    "Mistral raises three billion euros for open models made in Europe",
    "Mistral raises three billion euros to make open models in Europe",
    "Open models: Mistral raises three billions of euros in Europe",
    "Nvidia plans a superchip for personal computers",
    "Nvidia superchip planned for personal computers with Windows",
    "A robot folds laundry and sings",
    "Court rejects the copyright claim of a picture agency",
    "Short",
];
const TOPICS: [&str; 5] = ["Models", "Business", "Chips", "Elsewhere", "Gossip"];
/// A Thursday: the week before began ten days ago.
const NOW: &str = "2026-11-19T12:00:00Z";

fn draft(ages: std::ops::Range<i64>) -> impl Strategy<Value = Draft> {
    (
        0..TITLES.len(),
        0..4usize,
        prop::collection::vec(0..TOPICS.len(), 0..3),
        0..5i64,
        ages,
    )
        .prop_map(|(title, provider, topics, quality, age)| Draft {
            title,
            provider,
            topics,
            quality: quality * 20,
            age,
        })
}

fn file(number: usize, draft: &Draft) -> (String, String) {
    let now: jiff::Timestamp = NOW.parse().unwrap();
    let published = now - jiff::SignedDuration::from_hours(draft.age);
    let topics: Vec<&str> = draft.topics.iter().map(|topic| TOPICS[*topic]).collect();
    let text = format!(
        "---\ntitle: {:?}\npublishedDateTime: {published}\noriginalUrl: \
         https://p{}.example/{number}\nquality: {}\n\
         topics: {topics:?}\nprovider: {{ name: P{1}, domain: p{1}.example }}\n---\n",
        TITLES[draft.title], draft.provider, draft.quality
    );
    (format!("content/news/{number}.md"), text)
}

fn settings(stories: usize, per_topic: usize, period: &str) -> String {
    format!("[digest]\nperiod = {period:?}\nstories = {stories}\nper_topic = {per_topic}\n")
}

/// Three topics have files, and `Chips` is below `Business`.
const FILES: [(&str, &str); 3] = [
    ("content/topics/1.yaml", "name: Models\n"),
    ("content/topics/2.yaml", "name: Business\n"),
    ("content/topics/3.yaml", "name: Chips\nparent: Business\n"),
];

/// The site of these articles.
fn site(drafts: &[Draft], settings: &str) -> pipeline::Site {
    site_with(&FILES, drafts, settings)
}

fn site_with(files: &[(&str, &str)], drafts: &[Draft], settings: &str) -> pipeline::Site {
    let mut source = Memory::default();
    for (path, text) in files {
        source = source.with(path, *text);
    }
    for (path, text) in drafts
        .iter()
        .enumerate()
        .map(|(number, draft)| file(number, draft))
    {
        source = source.with(&path, text);
    }
    let config = Config::resolve("site.toml", settings, &Overrides::default()).unwrap();
    let now = Time::parse(NOW, &config.time_zone).unwrap();
    let context = BuildContext {
        now,
        drafts: Drafts::Out,
    };
    let site = pipeline::prepare(
        &source,
        config,
        context,
        CacheAt::Nowhere,
        &mut Timings::default(),
    );
    let site = site.unwrap_or_else(|failure| panic!("{failure:?}"));
    assert!(
        site.problems.iter().all(|problem| !problem.is_error()),
        "{:?}",
        site.problems
    );
    site
}

/// The bytes of all pages below the digests, by path.
fn pages(site: &pipeline::Site) -> BTreeMap<String, String> {
    let source = Memory::default();
    let pages = site
        .plan
        .pages
        .iter()
        .filter(|page| page.url.starts_with("/digest/"));
    let text = |page| String::from_utf8(site.render(&source, page).unwrap()).unwrap();
    pages.map(|page| (page.url.clone(), text(page))).collect()
}

fn is_same_event(site: &pipeline::Site, a: &Pick, b: &Pick) -> bool {
    let older = |pick: &Pick| &site.edition().articles[pick.position].similar.older;
    older(a).contains(&b.position) || older(b).contains(&a.position)
}

fn holds(site: &pipeline::Site, digest: &Digest, stories: usize, per_topic: usize) {
    let picks: Vec<&Pick> = digest.picks().collect();
    assert!(!picks.is_empty() && picks.len() <= stories);
    let facts = |position: EditionIndex| {
        &site.library.articles[site.edition().articles[position].article].facts
    };
    for (at, pick) in picks.iter().enumerate() {
        let day = facts(pick.position).published.date(&site.config.time_zone);
        assert!((digest.period.first..=digest.period.last).contains(&day));
        for other in &picks[at + 1..] {
            assert_ne!(pick.position, other.position);
            assert!(
                !is_same_event(site, pick, other),
                "two stories on one event"
            );
        }
        assert!(
            pick.coverage
                .iter()
                .all(|other| picks.iter().all(|pick| pick.position != *other))
        );
        let mut providers: Vec<_> = pick
            .coverage
            .iter()
            .map(|other| site.edition().articles[*other].provider)
            .collect();
        providers.push(site.edition().articles[pick.position].provider);
        assert_eq!(
            providers.len(),
            providers.iter().collect::<BTreeSet<_>>().len(),
            "each provider once"
        );
        assert!(
            facts(pick.position).quality <= facts(digest.lead.position).quality,
            "the best story leads"
        );
    }
    for section in &digest.sections {
        assert!(!section.stories.is_empty());
        assert!(section.topic.is_none() || section.stories.len() <= per_topic);
        assert!(
            section
                .stories
                .is_sorted_by_key(|pick| std::cmp::Reverse(facts(pick.position).quality))
        );
    }
    let topics: Vec<TopicId> = digest
        .sections
        .iter()
        .filter_map(|section| section.topic)
        .collect();
    let positions = topics.iter().map(|topic| {
        site.edition()
            .nav
            .iter()
            .position(|main| main == topic)
            .unwrap_or(usize::MAX)
    });
    assert!(
        positions.collect::<Vec<_>>().is_sorted(),
        "main topics come first, in their order"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn choices_hold_the_rules(
        drafts in prop::collection::vec(draft(0..900), 1..40),
        stories in 1usize..12,
        per_topic in 1usize..4,
        daily in any::<bool>(),
    ) {
        let period = if daily { "day" } else { "week" };
        let site = site(&drafts, &settings(stories, per_topic, period));
        let digests = &site.edition().digests;
        for digest in digests {
            holds(&site, digest, stories, per_topic);
        }
        prop_assert!(digests.as_slice().is_sorted_by(|a, b| a.period.first > b.period.last));
        let open = if daily { "2026-11-19" } else { "2026-11-16" };
        let days: BTreeSet<_> = site.edition().articles.iter()
            .map(|kept| site.library.articles[kept.article].facts.published)
            .map(|published| published.date(&site.config.time_zone))
            .filter(|day| *day < open.parse().unwrap())
            .collect();
        for day in days {
            let of_the_day = digests
                .iter()
                .filter(|digest| digest.period.first <= day && day <= digest.period.last);
            prop_assert_eq!(of_the_day.count(), 1);
        }
        prop_assert!(digests.iter().all(|digest| digest.period.last < open.parse().unwrap()));
    }

    #[test]
    fn what_comes_later_changes_no_digest(
        old in prop::collection::vec(draft(0..900), 1..30),
        new in prop::collection::vec(draft(0..84), 1..6),
        similar in 0usize..4,
        described in any::<bool>(),
    ) {
        let settings = settings(4, 2, "week") + &format!("[related]\nsimilar = {similar}\nwindow \
                                                          = \"5 days\"\n");
        let digests = |drafts: &[Draft]| {
            let files: &[_] = if described { &FILES } else { &[] };
            let mut pages = pages(&site_with(files, drafts, &settings));
            // Without files the masthead shows the largest topics, and is on web pages.
            pages.retain(|url, _| described || url.contains("email"));
            pages
        };
        let before = digests(&old);
        let after = digests(&[old, new].concat());
        prop_assert_eq!(before, after);
    }
}

/// A story of the first provider in one topic.
fn story(title: usize, topic: usize, quality: i64) -> Draft {
    Draft {
        title,
        provider: 0,
        topics: vec![topic],
        quality,
        age: 100,
    }
}

#[test]
fn the_best_of_each_main_topic_is_in() {
    let drafts = [
        story(0, 3, 90),
        story(3, 3, 80),
        story(5, 3, 70),
        story(6, 2, 20),
        story(7, 0, 10),
    ];
    let site = site(&drafts, &settings(3, 3, "week"));
    let [digest] = site.edition().digests.as_slice() else {
        panic!("one week")
    };
    let paths: Vec<&str> = digest
        .picks()
        .map(|pick| {
            site.library.articles[site.edition().articles[pick.position].article]
                .path
                .as_str()
        })
        .collect();
    assert_eq!(
        paths,
        [
            "content/news/0.md",
            "content/news/4.md",
            "content/news/3.md"
        ],
        "chips are business"
    );
}

#[test]
fn an_undescribed_topic_needs_two_stories_for_a_heading() {
    let drafts = [
        story(0, 0, 90),
        story(3, 3, 80),
        story(5, 4, 70),
        story(6, 3, 60),
        story(7, 4, 50),
    ];
    let names = |per_topic| {
        let site = site(&drafts, &settings(9, per_topic, "week"));
        let sections = site.edition().digests.first().unwrap().sections.iter();
        let name =
            |topic: Option<TopicId>| topic.map(|topic| site.edition().topics[topic].name.clone());
        sections
            .map(|section| (name(section.topic), section.stories.len()))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names(4),
        [
            (Some("Elsewhere".to_owned()), 2),
            (Some("Gossip".to_owned()), 2)
        ]
    );
    assert_eq!(names(1), [(None, 2)]);
}

#[test]
fn weeks_are_those_of_the_zone_and_of_the_settings() {
    let urls = |settings: &str, published: &str| {
        let site = Site::new().file("site.toml", format!("{settings}\n"));
        site.write_article("a", &format!("title: A\npublishedDateTime: {published}"));
        site.newsgen(["build", "--now", "2027-02-01T12:00:00Z"])
            .run()
            .good();
        let output = site.output();
        let paths = output
            .paths()
            .into_iter()
            .filter_map(|path| path.strip_prefix("digest/")?.strip_suffix("/index.html"));
        paths.map(str::to_owned).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(urls("", "2026-12-31T23:30:00Z"), "2026-w53");
    assert_eq!(urls("", "2027-01-03T23:59:59Z"), "2026-w53");
    assert_eq!(urls("", "2027-01-04T00:00:00Z"), "2027-w01");
    // A week from Friday to Thursday has most of its days in the next one.
    assert_eq!(
        urls("digest.weekday = \"friday\"", "2026-12-31T23:30:00Z"),
        "2026-w53"
    );
    assert_eq!(
        urls("digest.weekday = \"friday\"", "2027-01-01T00:30:00Z"),
        "2027-w01"
    );
    assert_eq!(
        urls("digest.weekday = \"sunday\"", "2027-01-03T12:00:00Z"),
        "2027-w01"
    );
    assert_eq!(
        urls("digest.period = \"day\"", "2026-12-31T23:30:00Z"),
        "2026-12-31"
    );
    let tokyo = "time_zone = \"Asia/Tokyo\"\ndigest.period = \"day\"";
    assert_eq!(urls(tokyo, "2026-12-31T14:59:59Z"), "2026-12-31");
    assert_eq!(urls(tokyo, "2026-12-31T15:00:00Z"), "2027-01-01");
}

#[test]
fn a_week_ends_at_midnight_of_its_zone() {
    let site = Site::new().file("site.toml", "time_zone = \"America/New_York\"\n");
    // The clocks go back on Sunday, 1 November 2026: the week has an hour more.
    site.write_article("a", "title: A\npublishedDateTime: 2026-11-02T04:30:00Z");
    site.write_article("b", "title: B\npublishedDateTime: 2026-11-02T05:00:00Z");
    let built = |now: &str| {
        site.newsgen(["build", "--now", now]).run().good();
        site.output().contains("digest/2026-w44/index.html")
    };
    assert!(!built("2026-11-02T04:59:59Z"));
    assert!(built("2026-11-02T05:00:00Z"));
    let text = site.output().text("digest/2026-w44/email.txt").to_owned();
    assert!(text.contains("\nA\n") && !text.contains("\nB\n"), "{text}");
}

#[test]
fn the_way_out_of_a_subscription_is_an_address_or_a_placeholder() {
    let resolve = |target: &str| {
        let text = format!("[digest]\nunsubscribe = \"{target}\"\n");
        Config::resolve("site.toml", &text, &Overrides::default())
    };
    for good in [
        "https://example.org/out",
        "mailto:out@example.org",
        "*|UNSUB|*",
        "{{ unsubscribe_url }}",
        "[unsubscribe]",
        "%unsubscribe_url%",
    ] {
        assert!(resolve(good).is_ok(), "{good}");
    }
    for wrong in ["javascript:alert(1)", "", "/out/", "example.org"] {
        let problems = resolve(wrong).unwrap_err();
        assert_eq!(problems[0].location.as_ref().unwrap().line, 2, "{wrong}");
    }
}

/// A site with one very full week, hostile and long texts among it.
fn full(settings: &str) -> Site {
    let site = Site::new().file(
        "site.toml",
        format!(
            "title = \"News & <Views>\"\nbase_url = \
                 \"https://news.example/sub/\"\n[digest]\n{settings}"
        ),
    );
    for number in 0..120 {
        let long = format!("word{number} ").repeat(120);
        let title = match number % 4 {
            0 => format!("Story {number} <script>alert(1)</script> & “more” &#8217;s"),
            1 => format!("Story {number} {}", "long ".repeat(50)),
            2 => format!(
                "ニュース{number}日本語の新聞記事{}",
                "日本語の新聞記事".repeat(12)
            ),
            _ => format!("Story {number}"),
        };
        site.write_article(
            &format!("s{number}"),
            &format!(
                "title: {title:?}\nevent: none\nexcerpt: \"{long}\"\nquality: {}\ntopics: \
                 [T{}]\npublishedDateTime: 2026-11-{:02}T10:00:00Z\n\
                 originalUrl: https://p{number}.example/?a=1&b=%22\nimages: [{{url: \
                 \"https://img.example/{number}.jpg\", width: 800, height: 450}}]",
                100 - number % 50,
                number % 5,
                9 + number % 7,
            ),
        );
    }
    site.build().good();
    site
}

fn select<'h>(html: &'h Html, what: &str) -> Vec<ElementRef<'h>> {
    let selector = Selector::parse(what).unwrap();
    html.select(&selector).collect()
}

#[test]
fn an_email_is_what_mail_programs_take() {
    let site = full(
        "unsubscribe = \"https://news.example/out?a=1&b=2\"\naddress = \"1 Street\"\nstories = \
         30\nper_topic = 10\n",
    );
    let output = site.output();
    let text = output.text("digest/2026-w46/email.html");
    assert_eq!(text, output.text("digest/latest.html"));
    assert!(text.len() < 100_000, "{}", text.len());
    let html = Html::parse_document(text);
    for forbidden in [
        "script",
        "link",
        "iframe",
        "form",
        "svg",
        "video",
        "object",
        "base",
        "[onclick]",
    ] {
        assert_eq!(select(&html, forbidden).len(), 0, "{forbidden}");
    }
    for attribute in ["display:flex", "display:grid", "position:", "url("] {
        assert!(!text.contains(attribute), "{attribute}");
    }
    let style: String = select(&html, "style")
        .iter()
        .flat_map(|style| style.text())
        .collect();
    assert!(
        style
            .trim_start()
            .starts_with("@media (prefers-color-scheme: dark) {"),
        "{style}"
    );
    assert!(
        style.trim_end().ends_with("}\n}") && style.matches("@media").count() == 1,
        "{style}"
    );
    assert!(
        select(&html, "table")
            .iter()
            .all(|table| table.attr("role") == Some("presentation"))
    );
    assert!(
        select(&html, "table")
            .iter()
            .all(|table| table.attr("width").is_some())
    );
    let images = select(&html, "img");
    assert_eq!(images.len(), 1);
    assert!(images.iter().all(|image| image.attr("alt").is_some()));
    assert_eq!(
        (images[0].attr("width"), images[0].attr("height")),
        (Some("584"), Some("328"))
    );
    let links = select(&html, "a");
    assert!(links.len() > 30);
    for link in links {
        let href = link.attr("href").unwrap();
        assert!(href.starts_with("https://"), "{href}");
    }
    let hrefs: Vec<&str> = select(&html, "a")
        .iter()
        .filter_map(|link| link.attr("href"))
        .collect();
    assert!(
        hrefs.contains(&"https://news.example/sub/digest/2026-w46/"),
        "to the page, to view it in a browser"
    );
    assert!(hrefs.contains(&"https://news.example/out?a=1&b=2"));
    assert_eq!(
        select(&html, "meta[name=robots]")[0].attr("content"),
        Some("noindex")
    );
    assert_eq!(
        select(&html, "title")[0]
            .text()
            .collect::<String>()
            .split(": Story")
            .next(),
        Some("News & <Views> Weekly")
    );
}

#[test]
fn an_email_that_would_be_too_long_says_what_it_leaves_out() {
    let site = full("stories = 100\nper_topic = 100\n");
    let output = site.output();
    let text = output.text("digest/2026-w46/email.html");
    assert!(
        text.len() <= 100_000 && text.len() > 80_000,
        "{}",
        text.len()
    );
    let html = Html::parse_document(text);
    let shown = select(&html, "h2 a[href*=\"/news/\"], h3 a[href*=\"/news/\"]").len();
    let page = Html::parse_document(output.text("digest/2026-w46/index.html"));
    let all = select(&page, "article.story").len();
    assert!(
        all > shown && text.contains(&format!("{} more on the web", all - shown)),
        "{shown} of {all} are shown"
    );
    // A frame that is too long by itself is reported.
    site.write("templates/digest-email.html", "x".repeat(200_000));
    site.build()
        .exits(1)
        .warns("200000 bytes long without any story")
        .warns("templates/digest-email.html");
}

#[test]
fn a_long_title_is_shortened_and_ends_no_digest() {
    for title in [
        "\"".repeat(9_000),
        "word ".repeat(19_000),
        "語".repeat(30_000),
    ] {
        let site = Site::new()
            .article("good", "title: Good\npublishedDateTime: 2026-11-10")
            .article(
                "long",
                &format!("title: '{title}'\npublishedDateTime: 2026-11-10\nquality: 999"),
            );
        site.build().good();
        let output = site.output();
        let email = output.text("digest/2026-w46/email.html");
        assert!(email.len() <= 20_000, "{} bytes", email.len());
        for name in ["good", "long"] {
            assert!(email.contains(&format!("https://news.example/news/2026/11/10/{name}/")));
        }
        let text = output.text("digest/2026-w46/email.txt");
        assert!(text.contains("…") && text.len() < 5_000);
        let latest: serde_json::Value =
            serde_json::from_str(output.text("digest/latest.json")).unwrap();
        let subject = latest["subject"].as_str().unwrap();
        assert!(subject.ends_with('…') && subject.chars().count() < 250);
        let feed = output.text("digest/feed.xml");
        assert!(feed.len() < 10_000, "{} bytes", feed.len());
    }
}

#[test]
fn a_story_that_is_too_long_for_an_email_leaves_the_others_in() {
    let site = Site::new();
    for number in 0..5 {
        let link = match number {
            1 => "x".repeat(7_900),
            _ => number.to_string(),
        };
        site.write_article(
            &format!("n{number}"),
            &format!(
                "title: Story {number}\npublishedDateTime: 2026-11-10\nquality: {}\n\
                 originalUrl: https://p{number}.example/{link}\n\
                 provider: {{ name: P, domain: p{number}.example }}",
                100 - number
            ),
        );
    }
    // Its link is in the template so often that the email would be too long.
    let template = std::fs::read_to_string("templates/digest-email.html").unwrap();
    let story = "{%- if item.link -%}\n";
    assert!(template.contains(story));
    let links = format!("{story}{}", "<i title=\"{{ item.link }}\"></i>".repeat(13));
    site.write(
        "templates/digest-email.html",
        template.replace(story, &links),
    );
    site.build().good();
    let output = site.output();
    let email = output.text("digest/2026-w46/email.html");
    assert!(email.len() <= 100_000);
    for number in [0, 2, 3, 4] {
        assert!(email.contains(&format!("/10/n{number}/")), "{number}");
    }
    assert!(!email.contains("/10/n1/") && email.contains("1 more on the web"));
}

#[test]
fn a_text_is_plain_and_narrow() {
    use unicode_width::UnicodeWidthStr;
    let site = full("stories = 30\nper_topic = 10\naddress = \"1 Street & Sons\"\n");
    let output = site.output();
    let text = output.text("digest/2026-w46/email.txt");
    assert_eq!(text, output.text("digest/latest.txt"));
    for line in text.lines() {
        assert!(
            line.width() <= 72 || line.trim_start().starts_with("https://"),
            "{line}"
        );
        assert!(!line.ends_with(' '), "{line:?}");
    }
    for entity in ["&amp;", "&lt;", "&#", "&quot;", "\n\n\n"] {
        assert!(!text.contains(entity), "{entity:?} in {text}");
    }
    assert!(
        text.starts_with("NEWS & <VIEWS> WEEKLY\n") && text.contains("<script>alert(1)</script>")
    );
    assert_eq!(text.matches("https://news.example/sub/news/").count(), 30);
}

#[test]
fn emails_are_in_no_sitemap_and_the_newest_is_at_a_fixed_address() {
    let site = full("stories = 5\n");
    let output = site.output();
    let sitemap = output.text("sitemaps/1.xml");
    assert!(
        sitemap.contains("/sub/digest/2026-w46/</loc>") && sitemap.contains("/sub/digest/</loc>")
    );
    assert!(!sitemap.contains("email") && !sitemap.contains("latest"));
    let latest: serde_json::Value =
        serde_json::from_str(output.text("digest/latest.json")).unwrap();
    assert_eq!(latest["id"], "2026-w46");
    assert_eq!(
        latest["email"],
        "https://news.example/sub/digest/2026-w46/email.html"
    );
    assert_eq!(
        (&latest["from"], &latest["to"], &latest["stories"]),
        (&"2026-11-09".into(), &"2026-11-15".into(), &5.into())
    );
    assert!(
        latest["subject"]
            .as_str()
            .unwrap()
            .starts_with("News & <Views> Weekly: ")
    );
}

#[test]
fn an_empty_site_has_an_index_and_no_digest() {
    let site = Site::new();
    site.build().good();
    let output = site.output();
    let paths: Vec<&str> = output
        .paths()
        .into_iter()
        .filter(|path| path.starts_with("digest/"))
        .collect();
    assert_eq!(
        paths,
        [
            "digest/feed.json",
            "digest/feed.xml",
            "digest/index.html",
            "digest/rss.xml"
        ]
    );
}

#[test]
fn every_page_of_a_digest_declares_what_it_shows() {
    let drafts: Vec<Draft> = (0..8)
        .map(|number| Draft {
            title: number,
            provider: number % 4,
            topics: vec![number % 5],
            quality: 50,
            age: 100,
        })
        .collect();
    let site = site(&drafts, "");
    let kinds = site
        .plan
        .pages
        .iter()
        .filter(|page| page.url.starts_with("/digest/"))
        .map(|page| &page.kind);
    let feeds = kinds
        .clone()
        .filter(|kind| matches!(kind, PageKind::DigestFeed(_)))
        .count();
    assert_eq!(feeds, 3);
    for kind in kinds {
        assert!(
            !site.plan.edition().inputs(site.edition(), kind).is_empty(),
            "{kind:?}"
        );
    }
    assert!(
        site.edition()
            .digests
            .first()
            .unwrap()
            .picks()
            .any(|pick| !pick.coverage.is_empty()),
        "some story has coverage"
    );
}
