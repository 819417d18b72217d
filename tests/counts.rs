//! What a build costs, in counts and not in times: articles parsed, pages rendered, files written.
//! And what it makes of a cache or manifest that is damaged or not its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use newsgen::pipeline::{Report, STATE};
use newsgen::plan::PageKind;
use support::{How, Tree, build, difference, folder, put, reason, story};
use tempfile::TempDir;

/// A site on disk with the default theme.
struct Site {
    folder: TempDir,
}

impl Site {
    fn new(articles: usize, settings: &str) -> Site {
        let site = Site { folder: folder() };
        site.put("site.toml", settings);
        for number in 0..articles {
            site.put(&path(number), article(number, ""));
        }
        for topic in 0..4 {
            site.put(
                &format!("content/topics/{topic}.yaml"),
                format!("name: Topic {topic}\n"),
            );
        }
        site.put("content/pages/about.md", "---\ntitle: About\n---\nText.\n");
        site
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    fn output(&self) -> PathBuf {
        self.root().join("public")
    }

    fn put(&self, path: &str, bytes: impl AsRef<[u8]>) {
        put(self.root(), path, bytes.as_ref());
        // What the index costs is in tests/search.rs.
        if path == "site.toml"
            && !String::from_utf8_lossy(bytes.as_ref()).contains("search.enabled")
        {
            put(
                self.root(),
                path,
                [b"search.enabled = false\n", bytes.as_ref()].concat(),
            );
        }
    }

    fn build(&self) -> Report {
        self.build_with(How::default())
    }

    fn build_with(&self, how: How) -> Report {
        build(self.root(), how).unwrap_or_else(|failure| panic!("{}", reason(&failure)))
    }

    /// Builds, and holds the report to what became of the files on disk.
    fn rebuild(&self) -> Report {
        self.rebuild_with(How::default())
    }

    fn rebuild_with(&self, how: How) -> Report {
        let before = stamps(&self.output());
        let old = Tree::of(&self.output());
        let report = self.build_with(how);
        let after = stamps(&self.output());
        let new = Tree::of(&self.output());
        let touched: Vec<&String> = after
            .keys()
            .filter(|path| before.get(*path) != after.get(*path))
            .collect();
        let different: Vec<&String> = new
            .keys()
            .filter(|path| old.get(*path) != new.get(*path))
            .collect();
        let gone: Vec<&String> = old.keys().filter(|path| !new.contains_key(*path)).collect();
        assert_eq!(
            report.delta.written.iter().collect::<Vec<_>>(),
            touched,
            "the report and the files that were touched"
        );
        assert_eq!(
            touched, different,
            "a file with the same bytes is not touched"
        );
        assert_eq!(report.delta.removed.iter().collect::<Vec<_>>(), gone);
        let pages = report.delta.written.iter();
        let pages = pages.filter(|file| !file.starts_with("search/index/"));
        assert!(pages.count() <= report.rendered);
        report
    }

    /// How many pages of the plan the templates make that `wanted` picks.
    fn pages(report: &Report, wanted: impl Fn(&str) -> bool) -> usize {
        report
            .site
            .plan
            .pages
            .iter()
            .filter(|page| page.kind.template().is_some_and(&wanted))
            .count()
    }

    /// Holds the output to that of a clean build.
    fn is_like_clean(&self) {
        let is = Tree::of(&self.output());
        let clean = folder();
        for name in ["site.toml", "content", "templates", "static"] {
            let from = self.root().join(name);
            if from.is_file() {
                put(clean.path(), name, fs::read(from).unwrap());
            } else {
                for (path, bytes) in Tree::of(&from) {
                    put(clean.path(), &format!("{name}/{path}"), bytes);
                }
            }
        }
        build(clean.path(), How::default())
            .unwrap_or_else(|failure| panic!("{}", reason(&failure)));
        let wrong = difference(&is, &Tree::of(&clean.path().join("public")));
        assert_eq!(wrong, None, "{}", wrong.as_deref().unwrap_or_default());
    }
}

fn path(number: usize) -> String {
    format!("content/news/{:02}/story-{number}.md", number % 10)
}

/// The article with that number: the higher, the newer. Its words are its own, so that no two are
/// on the same event.
fn article(number: usize, more: &str) -> String {
    let minutes = number * 90;
    let (day, hour, minute) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    let start: jiff::civil::Date = "2025-09-01".parse().unwrap();
    let date = start
        .checked_add(jiff::Span::new().days(day as i64))
        .unwrap();
    let head = story(
        &format!("Story {number} of unit{number}"),
        &format!("{date}T{hour:02}:{minute:02}:00Z"),
        &format!("https://p{}.example.org/{number}", number % 7),
        &format!(
            "excerpt: About thing{number}.\nquality: {}\n{more}topics: [Topic {}, Topic {}]\n",
            50 + number % 40,
            number % 4,
            (number + 1) % 4,
        ),
    );
    format!("{head}A text about *{number}*.\n")
}

/// What changes on disk when a file is written, by path.
fn stamps(folder: &Path) -> BTreeMap<String, (SystemTime, u64)> {
    #[cfg(unix)]
    fn inode(metadata: &fs::Metadata) -> u64 {
        std::os::unix::fs::MetadataExt::ino(metadata)
    }
    #[cfg(not(unix))]
    fn inode(_: &fs::Metadata) -> u64 {
        0
    }
    let stamp = |path: &String| {
        let metadata = fs::metadata(folder.join(path)).unwrap();
        (metadata.modified().unwrap(), inode(&metadata))
    };
    Tree::of(folder)
        .0
        .into_keys()
        .map(|path| (path.clone(), stamp(&path)))
        .collect()
}

/// Whether a template makes a page of the site, and no email.
fn is_web_page(template: &str) -> bool {
    !matches!(template, "digest-email.html" | "digest.txt")
}

const NOTHING: (usize, usize, usize, usize) = (0, 0, 0, 0);

fn cost(report: &Report) -> (usize, usize, usize, usize) {
    (
        report.site.parsed,
        report.rendered,
        report.delta.written.len(),
        report.delta.removed.len(),
    )
}

fn set_time(path: &Path, time: SystemTime) {
    fs::File::options()
        .write(true)
        .open(path)
        .unwrap()
        .set_modified(time)
        .unwrap();
}

#[test]
fn nothing_changed() {
    let site = Site::new(60, "");
    let first = site.build();
    assert_eq!((first.site.found, first.site.parsed), (60, 60));
    assert_eq!(first.delta.written.len(), first.site.plan.pages.len());
    assert_eq!(cost(&site.rebuild()), NOTHING);
    // When the files are old enough, their stamps are enough: nothing is read, nothing of the state
    // is written.
    std::thread::sleep(Duration::from_millis(2100));
    assert_eq!(cost(&site.rebuild()), NOTHING);
    let state = |name: &str| {
        let found = stamps(&site.root().join(STATE));
        found
            .into_iter()
            .filter(|(path, _)| path.starts_with(name))
            .collect::<Vec<_>>()
    };
    let before = (state("manifest"), state("articles"));
    assert_eq!(cost(&site.rebuild()), NOTHING);
    assert_eq!((state("manifest"), state("articles")), before);
}

#[test]
fn new_times_and_the_same_bytes() {
    let site = Site::new(60, "");
    site.build();
    let now = SystemTime::now();
    for (number, path) in Tree::of(site.root()).0.into_keys().enumerate() {
        if path.starts_with("content") {
            set_time(
                &site.root().join(path),
                now - Duration::from_secs(number as u64 * 1000),
            );
        }
    }
    assert_eq!(cost(&site.rebuild()), NOTHING);
}

#[test]
fn an_article_is_only_parsed_when_its_bytes_change() {
    let site = Site::new(60, "");
    site.build();
    for edited in 1..4 {
        for number in 0..edited {
            site.put(
                &path(number),
                article(number, &format!("highlight: {edited}\n")),
            );
        }
        let report = site.rebuild();
        assert_eq!(report.site.parsed, edited);
    }
    // A file that only moves is another file.
    fs::rename(
        site.root().join(path(1)),
        site.root().join("content/news/moved.md"),
    )
    .unwrap();
    assert_eq!(site.rebuild().site.parsed, 1);
    site.is_like_clean();
}

#[test]
fn heat_that_no_page_shows() {
    let site = Site::new(60, "api.enabled = false\n");
    site.build();
    // An old one, so that the order of the front page stays.
    site.put(&path(3), article(3, "heat: 50\n"));
    let report = site.rebuild();
    assert_eq!((report.site.parsed, report.delta.written.len()), (1, 0));
    // Its own page and one page each of all articles, two topics, the provider and the month; the
    // provider's nine articles are in its feeds, and the topics' thirty too.
    assert_eq!(report.rendered, 5 + 1 + 3 * 3);
    site.is_like_clean();
}

#[test]
fn stories_are_compared_where_something_changed() {
    let start: jiff::civil::Date = "2025-01-01".parse().unwrap();
    let of = |number: usize, title: &str| {
        let days = jiff::Span::new().days(number as i64 / 2);
        let date = start.checked_add(days).unwrap();
        format!(
            "---\ntitle: {title}\npublishedDateTime: {date}T12:00:00Z\noriginalUrl: \
             https://p{}.example.org/{number}\n---\n",
            number % 7
        )
    };
    let title = |number: usize| format!("Flood hits the harbour of city{}", number % 9);
    // Articles of a year, of which many have words in common.
    let site = Site::new(0, "");
    let put = |number: usize, title: &str| site.put(&path(number), of(number, title));
    for number in 0..700 {
        put(number, &title(number));
    }
    let compared = |report: &Report| report.site.edition().memory().compared();
    let all = compared(&site.build());
    assert!(all > 700, "{all}");
    assert_eq!(compared(&site.rebuild()), 0);
    put(350, "Something else");
    let edited = compared(&site.rebuild());
    assert!((1..all / 3).contains(&edited), "{edited} of {all}");
    site.is_like_clean();
    put(700, &title(700));
    let added = compared(&site.rebuild());
    assert!((1..all / 6).contains(&added), "{added} of {all}");
    site.is_like_clean();
    // Without the file, and with that of another site or a damaged one, everything is compared.
    let memory = state_file(site.root(), "events.dat");
    let other = Site::new(20, "");
    other.build();
    let all = all / 2..;
    for how in DAMAGES {
        damage(&memory, how, &state_file(other.root(), "events.dat"));
        put(350, how);
        let report = site.rebuild();
        assert!(
            all.contains(&compared(&report)),
            "{how}: {}",
            compared(&report)
        );
        site.is_like_clean();
    }
    fs::remove_file(&memory).unwrap();
    assert!(all.contains(&compared(&site.rebuild())));
    assert_eq!(cost(&site.rebuild()), NOTHING);
    assert_eq!(compared(&site.rebuild()), 0);
}

#[test]
fn one_new_article_at_the_head() {
    // With everything that a new article may concern: two topics, the search index, an event.
    let site = Site::new(2000, "search.enabled = true\n");
    let on_an_event = "event: flood\n";
    for number in 1994..2000 {
        site.put(&path(number), article(number, on_an_event));
    }
    // In the week of the newest articles, whose digest is not there yet.
    let now = || september(126, 43_200);
    let first = site.build_with(now());
    assert!(first.site.plan.pages.len() > 2500);
    let topics = |report: &Report| {
        report
            .site
            .edition()
            .topics
            .iter()
            .map(|topic| topic.articles.len())
            .sum::<usize>()
    };
    for number in [2000, 2001] {
        // The best of its event, so that others name it.
        let best = article(number, on_an_event).replace("quality: 5", "quality: 9");
        site.put(&path(number), best);
        let report = site.rebuild_with(now());
        assert_eq!(report.site.parsed, 1);
        assert_eq!(
            topics(&report),
            2 * (number + 1),
            "the counts of topics have changed"
        );
        assert!(
            report.delta.written.len() <= 40,
            "{:#?}",
            report.delta.written
        );
        assert!(report.rendered <= 60, "{}", report.rendered);
        let (of_search, others): (Vec<&String>, Vec<&String>) = report
            .delta
            .removed
            .iter()
            .partition(|file| file.starts_with("search/index/"));
        assert!(of_search.len() < 10, "{of_search:?}");
        assert_eq!(others, Vec::<&String>::new());
        assert!(
            report
                .delta
                .written
                .contains(&"events/flood/index.html".to_owned())
        );
        let articles: BTreeSet<String> = report
            .site
            .plan
            .pages
            .iter()
            .filter(|page| matches!(page.kind, PageKind::Article(_)))
            .map(|page| newsgen::plan::route::file_of(&page.url))
            .collect();
        let own: Vec<&String> = report
            .delta
            .written
            .iter()
            .filter(|file| articles.contains(*file))
            .collect();
        assert_eq!(
            own.len(),
            1 + 2,
            "the page of no article changes but of the two reports before: {own:?}"
        );
    }
}

/// Without topics that have a file, the largest ones are in the masthead, which is on every page.
#[test]
fn a_topic_that_passes_another_changes_no_masthead() {
    let site = Site::new(0, "");
    fs::remove_dir_all(site.root().join("content/topics")).unwrap();
    let put = |day: &str, number: usize, topic: usize| {
        let head = story(
            &format!("Story {number} of unit{number}"),
            day,
            &format!("https://p{}.example.org/{number}", number % 7),
            &format!("topics: [Topic {topic}]\n"),
        );
        site.put(&path(number), format!("{head}A text about *{number}*.\n"));
    };
    // Topic 7 is the last of the eight in the masthead, by one article.
    let topics = (0..10).flat_map(|topic| std::iter::repeat_n(topic, 11 - topic));
    for (number, topic) in topics.enumerate() {
        put("2025-08-20", number, topic);
    }
    put("2025-09-01", 100, 0);
    let first = site.build();
    assert_eq!(first.site.edition().nav.len(), 8);
    for number in 101..104 {
        put("2025-09-02", number, 8);
        let report = site.rebuild();
        assert_eq!(report.site.edition().nav, first.site.edition().nav);
        let written = &report.delta.written;
        assert!(
            !written.contains(&"about/index.html".to_owned()),
            "{written:#?}"
        );
    }
    // In the next month it is counted with what it has got.
    put("2025-10-01", 104, 0);
    let names = |report: &Report| {
        let edition = report.site.edition();
        let names = edition
            .nav
            .iter()
            .map(|id| edition.topics[*id].name.clone());
        names.collect::<Vec<_>>()
    };
    let later = names(&site.rebuild());
    assert!(!names(&first).contains(&"Topic 8".to_owned()));
    assert!(later.contains(&"Topic 8".to_owned()) && !later.contains(&"Topic 7".to_owned()));
}

/// A moment of a day in September 2025; the articles begin on Monday the first.
fn september(day: i64, seconds: i64) -> How {
    const FIRST: i64 = 1_756_684_800;
    How {
        now: FIRST + (day - 1) * 86_400 + seconds,
        ..How::default()
    }
}

fn digests(report: &Report) -> Vec<&str> {
    report
        .delta
        .written
        .iter()
        .map(String::as_str)
        .filter(|file| file.starts_with("digest/"))
        .collect()
}

#[test]
fn an_article_of_an_open_week_is_in_no_digest() {
    let site = Site::new(160, "");
    let first = site.build_with(september(12, 0));
    assert_eq!(first.site.edition().digests.len(), 1);
    for number in [160, 161] {
        site.put(&path(number), article(number, "heat: 1000\n"));
        let report = site.rebuild_with(september(12, 0));
        assert!(report.delta.written.len() > 10);
        assert_eq!(digests(&report), Vec::<&str>::new());
    }
    // One of the week that is over is in its digest, if it is good enough.
    site.put(&path(90), article(90, "heat: 1000\n"));
    let report = site.rebuild_with(september(12, 0));
    assert!(
        digests(&report).contains(&"digest/2025-w36/email.txt"),
        "{:?}",
        report.delta.written
    );
}

#[test]
fn a_week_that_ends_brings_its_digest_and_nothing_else() {
    // The news sitemap moves with the clock.
    let site = Site::new(160, "sitemap.news = false\n");
    site.build_with(september(12, 0));
    assert_eq!(cost(&site.rebuild_with(september(15, -1))), NOTHING);
    let report = site.rebuild_with(september(15, 0));
    let others = ["sitemap.xml", "sitemaps/1.xml"];
    let (sitemaps, rest): (Vec<&str>, Vec<&str>) = report
        .delta
        .written
        .iter()
        .map(String::as_str)
        .partition(|file| others.contains(file));
    assert_eq!(sitemaps, others);
    let own = [
        "2025-w37/email.html",
        "2025-w37/email.txt",
        "2025-w37/index.html",
    ];
    let all = [
        "feed.json",
        "feed.xml",
        "index.html",
        "latest.html",
        "latest.json",
        "latest.txt",
        "rss.xml",
    ];
    let expected: Vec<String> = own
        .iter()
        .chain(&all)
        .map(|file| format!("digest/{file}"))
        .collect();
    assert_eq!(rest, expected);
    assert_eq!((report.site.parsed, report.delta.removed.len()), (0, 0));
    assert_eq!(cost(&site.rebuild_with(september(16, 0))), NOTHING);
    // Two weeks without an article have no digest, and take nothing from the newest.
    assert_eq!(cost(&site.rebuild_with(september(30, 0))), NOTHING);
}

#[test]
fn digests_that_are_off_cost_nothing() {
    let site = Site::new(60, "digest.period = \"off\"\n");
    let report = site.build();
    assert_eq!(
        (report.site.edition().digests.len(), digests(&report).len()),
        (0, 0)
    );
    let front = String::from_utf8(Tree::of(&site.output())["index.html"].clone()).unwrap();
    assert!(!front.contains("digest"));
}

#[test]
fn a_theme_that_shows_counts_on_article_pages_pays_for_it() {
    let site = Site::new(30, "");
    site.put(
        "templates/article.html",
        "{% for topic in topics %}{{ topic.name }} {{ topic.count }}{% endfor %}",
    );
    site.build();
    site.put(&path(30), article(30, ""));
    let report = site.rebuild();
    let pages = report
        .delta
        .written
        .iter()
        .filter(|file| file.starts_with("news/"))
        .count();
    assert_eq!(pages, 31);
    site.is_like_clean();
}

#[test]
fn a_template_concerns_the_pages_that_reach_it() {
    let settings = "listing.page_size = 5\nsearch.enabled = true\nsources.page = true\n\
                    tags.pages = true\n\
                    lists = [{ title = \"L\", path = \"/l/\" }]\n";
    let site = Site::new(60, settings);
    site.put(
        "content/sources/s.yaml",
        "feed: https://p1.example.org/feed\n",
    );
    for number in 0..3 {
        site.put(
            &path(number),
            article(number, "event: flood\ntags: [water]\n"),
        );
    }
    let first = site.build();
    let all = Site::pages(&first, is_web_page);
    let theme = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let names = |folder: &str| {
        let entries = fs::read_dir(theme.join(folder)).unwrap();
        let files = entries.map(|entry| entry.unwrap().path());
        let files = files.filter(|path| path.is_file());
        let names = files.map(|path| path.strip_prefix(&theme).unwrap().to_path_buf());
        names.collect::<Vec<_>>()
    };
    for name in names("").into_iter().chain(names("hooks")) {
        let name = name.to_str().unwrap().to_owned();
        // A comment: rendered again, with the same bytes.
        let text = fs::read_to_string(theme.join(&name)).unwrap();
        site.put(
            &format!("templates/{name}"),
            format!("{text}{{# a comment #}}"),
        );
        let report = site.rebuild();
        let expected = match name.as_str() {
            // Every other template extends it, but for those of emails.
            "base.html" | "hooks/head.html" | "hooks/masthead.html" | "hooks/footer.html" => all,
            "hooks/after-article.html" => {
                Site::pages(&first, |template| template == "article.html")
            }
            // Every other template calls it, but for the email as plain text.
            "components.html" => Site::pages(&first, |template| template != "digest.txt"),
            name => Site::pages(&report, |template| template == name),
        };
        assert!(expected > 0, "no page is made of {name}");
        let white = usize::from(report.delta.written.is_empty());
        assert_eq!(
            (report.rendered, report.site.parsed, white),
            (expected, 0, 1),
            "{name}"
        );
        // Back to the built-in one.
        fs::remove_file(site.root().join(format!("templates/{name}"))).unwrap();
        assert_eq!(site.rebuild().rendered, expected, "{name}");
    }
    site.put("templates/topic.html", "another one {{ topic.name }}");
    let report = site.rebuild();
    let expected = Site::pages(&report, |template| template == "topic.html");
    assert_eq!(
        (report.rendered, report.delta.written.len()),
        (expected, expected)
    );
    assert!(
        report
            .delta
            .written
            .iter()
            .all(|file| file.starts_with("topics/"))
    );
    site.is_like_clean();
}

#[test]
fn a_text_concerns_the_pages_of_templates_and_the_lists_that_show_texts() {
    let site = Site::new(60, "listing.page_size = 5\n");
    site.build();
    site.put(
        "site.toml",
        "listing.page_size = 5\n[strings]\nnot_found = \"Gone\"\n",
    );
    let report = site.rebuild();
    let shows = |kind: &PageKind| {
        kind.template().is_some()
            || matches!(
                kind,
                PageKind::Opml | PageKind::Llms | PageKind::DigestFeed(_) | PageKind::LatestDigest
            )
    };
    let expected = report
        .site
        .plan
        .pages
        .iter()
        .filter(|page| shows(&page.kind))
        .count();
    assert_eq!((report.site.parsed, report.rendered), (0, expected));
    assert_eq!(report.delta.written, ["404.html"]);
    site.put(
        "site.toml",
        "listing.page_size = 5\n[strings]\ntopics = \"Themen\"\ndigest_more = \"Mehr\"\n",
    );
    site.rebuild();
    site.is_like_clean();
}

#[test]
fn a_static_file_that_no_template_names_concerns_itself() {
    let site = Site::new(30, "");
    site.build();
    for text in ["a", "b"] {
        site.put("static/notes.txt", text);
        let report = site.rebuild();
        assert_eq!(
            (cost(&report), &report.delta.written[..]),
            ((0, 1, 1, 0), &["notes.txt".to_owned()][..])
        );
    }
    fs::remove_file(site.root().join("static/notes.txt")).unwrap();
    let report = site.rebuild();
    assert_eq!(
        (cost(&report), &report.delta.removed[..]),
        ((0, 0, 0, 1), &["notes.txt".to_owned()][..])
    );
}

#[test]
fn a_static_file_that_templates_name_concerns_their_pages() {
    let site = Site::new(30, "");
    let first = site.build();
    site.put("static/style.css", "body { color: red }");
    let report = site.rebuild();
    assert_eq!(report.site.parsed, 0);
    // Under its own name, under one with its hash in place of that of the old one, and in
    // `_headers`.
    assert_eq!(report.rendered, Site::pages(&first, is_web_page) + 3);
    assert_eq!(report.delta.removed.len(), 1);
}

#[test]
fn a_picture_concerns_the_pages_of_its_article() {
    let site = Site::new(60, "api.enabled = false\n");
    site.put(&path(3), article(3, "images: [{url: /images/x.svg}]\n"));
    site.build();
    site.put(
        "static/images/x.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
    );
    let report = site.rebuild();
    assert_eq!(report.rendered, 5 + 1 + 3 * 3 + 1);
    assert!(report.delta.written.contains(&"images/x.svg".to_owned()));
    assert!(
        report.delta.written.len() >= 6,
        "{:?}",
        report.delta.written
    );
    site.is_like_clean();
}

#[test]
fn a_limit_on_quality_concerns_the_listings_of_what_it_drops() {
    let site = Site::new(400, "");
    // The newest article is the only poor one.
    site.put(
        &path(400),
        article(400, "").replace("quality: 50", "quality: 10"),
    );
    let first = site.build();
    site.put("site.toml", "curation.min_quality = 40\n");
    let report = site.rebuild();
    assert_eq!(
        (report.site.parsed, report.site.edition().dropped.len()),
        (0, 1)
    );
    assert_eq!(
        report.site.plan.pages.len() + report.delta.removed.len(),
        first.site.plan.pages.len()
    );
    assert!(report.rendered <= 60, "{}", report.rendered);
    // A limit that drops nothing more concerns nothing.
    site.put("site.toml", "curation.min_quality = 45\n");
    assert_eq!(cost(&site.rebuild()), NOTHING);
    site.is_like_clean();
}

#[test]
fn settings_that_change_how_files_are_read_drop_the_cache() {
    let site = Site::new(20, "");
    site.build();
    for settings in [
        "time_zone = \"Asia/Tokyo\"\n",
        "time_zone = \"Asia/Tokyo\"\ncontent.embed_hosts = [\"video.example.org\"]\n",
    ] {
        site.put("site.toml", settings);
        let report = site.rebuild();
        assert_eq!(report.site.parsed, 20);
        assert!(
            report
                .site
                .notes
                .iter()
                .any(|note| note.contains("different settings")),
            "{:?}",
            report.site.notes
        );
        assert_eq!(cost(&site.rebuild()), NOTHING);
    }
    site.is_like_clean();
}

fn state_file(root: &Path, prefix: &str) -> PathBuf {
    let items = fs::read_dir(root.join(STATE)).unwrap().flatten();
    let mut found: Vec<PathBuf> = items
        .filter(|item| item.file_name().to_string_lossy().starts_with(prefix))
        .map(|item| item.path())
        .collect();
    assert_eq!(found.len(), 1, "{found:?}");
    found.pop().unwrap()
}

/// Ways to damage a file of the state folder.
const DAMAGES: [&str; 7] = [
    "empty",
    "half",
    "short by one",
    "a byte flips early",
    "a byte flips late",
    "another version",
    "foreign",
];

fn damage(path: &Path, how: &str, foreign: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let length = bytes.len();
    match how {
        "empty" => bytes.clear(),
        "half" => bytes.truncate(length / 2),
        "short by one" => bytes.truncate(length - 1),
        "a byte flips early" => bytes[length / 4] ^= 0x10,
        "a byte flips late" => bytes[length - 2] ^= 0x10,
        "another version" => {
            let at = bytes.iter().position(|byte| *byte == b'\n').unwrap() - 1;
            bytes[at] += 1;
        }
        "foreign" => bytes = fs::read(foreign).unwrap(),
        other => panic!("{other}"),
    }
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_damaged_state_is_noticed_and_made_anew() {
    let other = Site::new(12, "");
    other.put("content/news/another.md", article(500, ""));
    other.build();
    for name in ["articles.idx", "articles.dat", "manifest"] {
        for how in DAMAGES {
            let site = Site::new(20, "");
            site.build();
            damage(
                &state_file(site.root(), name),
                how,
                &state_file(other.root(), name),
            );
            // Every page is made again, so that every article is looked up.
            site.put("site.toml", "title = \"Another\"\n");
            let report = site.build();
            assert!(
                !report.site.notes.is_empty() || (name, how) == ("manifest", "foreign"),
                "{name}, {how}"
            );
            site.is_like_clean();
            let again = site.rebuild();
            assert_eq!(
                (cost(&again), &again.site.notes[..]),
                (NOTHING, &[][..]),
                "{name}, {how}"
            );
        }
    }
}

#[test]
fn a_state_that_is_missing_is_made_anew() {
    for name in ["articles.idx", "articles.dat", "manifest", ""] {
        let site = Site::new(20, "");
        site.build();
        if name.is_empty() {
            fs::remove_dir_all(site.root().join(STATE)).unwrap();
        } else {
            fs::remove_file(state_file(site.root(), name)).unwrap();
        }
        let report = site.build();
        let expected = if name == "manifest" { 0 } else { 20 };
        assert_eq!(report.site.parsed, expected, "{name}");
        site.is_like_clean();
        assert_eq!(cost(&site.rebuild()), NOTHING, "{name}");
    }
}

#[test]
fn the_cache_of_another_site_is_of_no_harm() {
    // The same paths and sizes, other words.
    let (site, other) = (Site::new(20, ""), Site::new(20, ""));
    for number in 0..20 {
        other.put(&path(number), article(number, "").replace("Story", "Other"));
    }
    site.build();
    other.build();
    for names in [
        &["articles.idx"][..],
        &["articles.dat"],
        &["articles.idx", "articles.dat"],
    ] {
        for name in names {
            fs::copy(
                state_file(other.root(), name),
                state_file(site.root(), name),
            )
            .unwrap();
        }
        site.put("site.toml", format!("title = \"{}\"\n", names.join(" ")));
        let report = site.build();
        assert_eq!(report.site.parsed, 20, "{names:?}");
        site.is_like_clean();
    }
}

#[test]
fn a_copy_of_the_output_is_not_written_again() {
    let site = Site::new(40, "");
    site.build();
    let aside = site.root().join("aside");
    fs::rename(site.output(), &aside).unwrap();
    for (path, bytes) in Tree::of(&aside) {
        let path = site.output().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        set_time(&path, SystemTime::now() - Duration::from_secs(1_000_000));
    }
    assert_eq!(cost(&site.rebuild()), NOTHING);
    assert_eq!(cost(&site.rebuild()), NOTHING);
}

#[test]
fn a_copy_of_the_whole_site_costs_nothing_either() {
    let site = Site::new(40, "");
    site.build();
    let copy = Site { folder: folder() };
    for (path, bytes) in Tree::of(site.root()) {
        copy.put(&path, bytes);
    }
    assert_eq!(cost(&copy.rebuild()), NOTHING);
}

#[test]
fn an_output_file_that_is_missing_or_changed_is_written_again() {
    let site = Site::new(40, "");
    site.build();
    fs::remove_file(site.output().join("index.html")).unwrap();
    site.put("public/about/index.html", "changed");
    let report = site.build();
    assert_eq!(cost(&report), (0, 2, 2, 0));
    assert_eq!(report.delta.written, ["about/index.html", "index.html"]);
    site.is_like_clean();
}
