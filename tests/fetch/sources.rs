//! `newsgen sources`: files that name feeds are listed, made, edited and tried.

use serde_json::{Value, json};

use crate::server::{Answer, Server};
use crate::support::{Run, Site};

const FEED: &str = "<?xml version='1.0'?>
<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel>
<title>Quiet Rivers</title><link>https://rivers.example/</link>
<atom:link rel='self' href='https://rivers.example/feed.xml'/>
<item><title>The weir at Holm</title><link>https://rivers.example/holm</link>
<pubDate>Fri, 20 Nov 2026 08:00:00 GMT</pubDate><guid isPermaLink='false'>r1</guid>
<author>kim@rivers.example (Kim Holm)</author><category>Weirs</category>
<description>&lt;p&gt;It is old.&lt;/p&gt;&lt;img src='https://rivers.example/w.jpg'&gt;</description>
</item>
<item><title>Sponsored: boots</title><link>https://rivers.example/boots</link></item>
</channel></rss>
";

fn sources(site: &Site, arguments: &[&str]) -> Run {
    let all = [&["sources"], arguments].concat();
    site.newsgen(all).run()
}

/// The path of the feed, which lies in the folder of the site.
fn feed_of(site: &Site) -> String {
    site.write("rivers.xml", FEED);
    site.path("rivers.xml").to_string_lossy().into_owned()
}

fn shown(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap()
}

#[test]
fn a_feed_is_tried_without_a_site() {
    let site = Site::empty();
    let path = feed_of(&site);
    let run = sources(&site, &["test", &path, "--format", "json"]).good();
    let result = shown(&run);
    assert_eq!(result["source"]["title"], "Quiet Rivers");
    let entry = &result["entries"][0];
    for (field, value) in [
        ("id", "r1"),
        ("title", "The weir at Holm"),
        ("link", "https://rivers.example/holm"),
        ("published", "2026-11-20T08:00:00Z"),
        ("excerpt", "It is old."),
        ("image", "https://rivers.example/w.jpg"),
        ("author", "Kim Holm"),
        ("decision", "queued"),
    ] {
        assert_eq!(entry[field], value, "{field}");
    }
    assert_eq!(entry["reasons"], Value::Array(Vec::new()));
    assert_eq!(result["problems"], Value::Array(Vec::new()));
    let text = sources(&site, &["test", &path]).good().stdout;
    assert!(
        text.contains("2026-11-20 08:00  queued     The weir at Holm"),
        "{text}"
    );
    assert!(
        text.ends_with("Quiet Rivers (RSS): 2 entries, 2 queued, 0 dropped\n"),
        "{text}"
    );
}

#[test]
fn rules_of_site_and_source_are_shown_at_work() {
    let site = Site::new()
        .file("site.toml", "fetch.skip = [\"title: ^sponsored\"]\n")
        .file(
            "content/sources/rivers.yaml",
            "feed: https://rivers.example/feed.xml\nmax_age: 12 hours\n",
        );
    let path = feed_of(&site);
    let run = sources(
        &site,
        &["test", &path, "--source", "rivers", "--format", "json"],
    )
    .good();
    let entries = &shown(&run)["entries"];
    let reasons = |at: usize| entries[at]["reasons"].to_string();
    assert_eq!(
        reasons(0),
        "[\"it is of 2026-11-20, and too old (max_age, content/sources/rivers.yaml:2)\"]"
    );
    let sponsored = "[\"its title fits `title: ^sponsored` (fetch.skip, site.toml:1)\"]";
    assert_eq!(
        (entries[1]["decision"].as_str(), reasons(1).as_str()),
        (Some("dropped"), sponsored)
    );
    let run = sources(&site, &["test", &path, "--source", "river"]).exits(1);
    assert!(
        run.stderr.contains("did you mean `rivers`?"),
        "{}",
        run.stderr
    );
}

/// A site with topics, providers, a condition for publishing, and a filter command that answers
/// with what is in `answers`.
fn site_with_rules(answers: &str) -> Site {
    Site::new()
        .file(
            "site.toml",
            "fetch.publish = 'quality >= 70 and topic == \"Dams\"'\n\
             fetch.filter = [\"sh\", \"filter.sh\"]\n",
        )
        .file(
            "filter.sh",
            "cat >seen.jsonl\ncat answers.jsonl\necho done >&2\n",
        )
        .file("answers.jsonl", answers)
        .file(
            "content/sources/rivers.yaml",
            "feed: https://rivers.example/feed.xml\nskip: sponsored\nprovider: Quiet Rivers\n\
             topics: Water\n",
        )
        .file("content/topics/dams.yaml", "name: Dams\nwords: weir\n")
        .file(
            "content/providers/p.yaml",
            "domain: rivers.example\nname: Quiet Rivers\n",
        )
}

#[test]
fn topics_provider_filter_command_and_condition_are_shown_at_work() {
    let site = site_with_rules("{\"id\": \"r1\", \"quality\": 81}\n");
    let path = feed_of(&site);
    let arguments = [
        "test",
        &path,
        "--source",
        "rivers",
        "--now",
        "2026-11-20T09:00:00Z",
    ];
    let run = sources(
        &site,
        &[arguments.as_slice(), &["--format", "json"]].concat(),
    )
    .good();
    let result = shown(&run);
    let entry = &result["entries"][0];
    assert_eq!(entry["decision"], "published");
    assert_eq!(entry["topics"], json!(["Water", "Dams"]));
    let provider = json!({ "name": "Quiet Rivers", "domain": "rivers.example" });
    assert_eq!(entry["provider"], provider);
    assert_eq!(
        entry["reasons"],
        json!(["topic Dams: its title has `weir` (words, content/topics/dams.yaml:2)"])
    );
    assert_eq!(
        (&entry["filter"], &entry["quality"]),
        (&json!("changed"), &json!(81))
    );
    let publish = &entry["publish"];
    assert_eq!(publish["holds"], true);
    assert_eq!(publish["place"], "fetch.publish, site.toml:1");
    assert_eq!(publish["tests"][0]["value"], "81");
    assert_eq!(result["problems"][0]["message"], "fetch.filter: done");
    let sponsored = &result["entries"][1];
    assert_eq!(sponsored["decision"], "dropped");
    assert_eq!(
        (&sponsored["filter"], &sponsored["publish"]),
        (&Value::Null, &Value::Null)
    );
    // What a rule dropped is not shown to the command.
    assert_eq!(site.read("seen.jsonl").lines().count(), 1);

    let text = sources(&site, &arguments).good().stdout;
    for line in [
        "2026-11-20 08:00  published  The weir at Holm\n",
        "\n                             topics: Water, Dams\n",
        "\n                             provider: Quiet Rivers\n",
        "\n                             filter command: changed, quality 81\n",
        " and topic == \"Dams\"` (fetch.publish, site.toml:1) holds\n",
        "\n                               `quality >= 70` holds: it is 81\n",
        "(RSS): 2 entries, 1 published, 0 queued, 1 dropped\n",
    ] {
        assert!(text.contains(line), "{line:?} in {text}");
    }
    for nothing in ["content/queue", "content/ledger", "public", ".newsgen"] {
        assert!(!site.path(nothing).exists(), "{nothing}");
    }
}

/// The arguments that try the feed of the source `rivers`.
fn trial_of(path: &str) -> [&str; 8] {
    [
        "test",
        path,
        "--source",
        "rivers",
        "--now",
        "2026-11-20T09:00:00Z",
        "--format",
        "json",
    ]
}

#[test]
fn a_trial_can_leave_the_filter_command_alone_and_shows_what_it_does_wrong() {
    let dropping = site_with_rules("{\"id\": \"r1\", \"drop\": \"too wet\"}\n");
    let path = feed_of(&dropping);
    let arguments = trial_of(&path);
    let entry = shown(&sources(&dropping, &arguments).good())["entries"][0].clone();
    assert_eq!(
        (&entry["decision"], &entry["filter"]),
        (&json!("dropped"), &json!("dropped"))
    );
    assert_eq!(entry["reasons"], json!(["too wet (fetch.filter)"]));
    dropping.remove("seen.jsonl");
    let without = [arguments.as_slice(), &["--no-filter"]].concat();
    let entry = shown(&sources(&dropping, &without).good())["entries"][0].clone();
    assert_eq!(
        (&entry["decision"], &entry["filter"]),
        (&json!("queued"), &Value::Null)
    );
    assert!(!dropping.path("seen.jsonl").exists());

    // A candidate about which the command says what cannot be used is not published.
    let rule = "fetch.publish = 'quality >= 0'\nfetch.filter = [\"sh\", \"filter.sh\"]\n";
    let unusable = site_with_rules("{\"id\": \"r1\", \"quality\": 101}\n").file("site.toml", rule);
    let path = feed_of(&unusable);
    let arguments = trial_of(&path);
    let entry = shown(&sources(&unusable, &arguments).good())["entries"][0].clone();
    assert_eq!(
        (&entry["decision"], &entry["filter"]),
        (&json!("queued"), &json!("unusable"))
    );
    assert_eq!(entry["publish"]["holds"], true);
}

#[test]
fn a_trial_says_what_the_first_fetch_of_a_source_leaves_out() {
    let site = site_with_rules("").file("site.toml", "");
    let path = feed_of(&site);
    let arguments = [
        "test",
        &path,
        "--source",
        "rivers",
        "--now",
        "2027-02-01T00:00:00Z",
    ];
    let text = sources(&site, &arguments).good().stdout;
    let reason = "it is of 2026-11-20, and the source is fetched for the first time";
    assert!(text.contains(reason), "{text}");
}

#[test]
fn what_is_no_feed_is_an_error() {
    let site = Site::empty().file(
        "page.html",
        "<html><link rel='alternate' \
        type='application/rss+xml' href='/feed'></html>",
    );
    let page = site.path("page.html").to_string_lossy().into_owned();
    let run = sources(&site, &["test", &page]).exits(1);
    assert!(
        run.stderr.contains("an HTML page and no feed"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("/feed"), "{}", run.stderr);
    let run = sources(&site, &["test", &page, "--format", "json"]).exits(1);
    let result = shown(&run);
    assert_eq!(result["entries"], Value::Array(Vec::new()));
    assert_eq!(result["problems"][0]["severity"], "error");
    let none = sources(&site, &["test", "no-such-file", "--format", "json"]).exits(1);
    assert_eq!(shown(&none)["diagnostics"][0]["code"], "feed");
}

#[test]
fn sources_are_listed_with_what_is_wrong_with_them() {
    let site = Site::new()
        .file(
            "content/sources/b.yaml",
            "feed: https://b.example/\npaused: true\ntitle: Bee\n",
        )
        .file("content/sources/more/a.yaml", "feed: https://a.example/\n")
        .file("content/sources/c.yaml", "feed: https://B.example\n")
        .file("content/sources/d.yaml", "feeds: https://d.example/\n")
        .file("content/sources/README.txt", "no source\n");
    let run = sources(&site, &[]).exits(1);
    assert_eq!(
        run.stdout,
        "b       paused  https://b.example/  Bee\nc       active  https://b.example/\n\
         more/a  active  https://a.example/\n"
    );
    for wrong in [
        "defined twice",
        "has no field `feeds`",
        "did you mean `feed`?",
        "has no `feed`",
    ] {
        assert!(run.stderr.contains(wrong), "{}", run.stderr);
    }
    let run = sources(&site, &["--format", "json"]).exits(1);
    assert_eq!(shown(&run)[0]["state"], "paused");
    // `check` says the same.
    let check = site.check().exits(1);
    assert!(check.stderr.contains("has no `feed`"), "{}", check.stderr);
    let none = sources(&Site::new(), &[]).good();
    assert!(
        none.stdout.contains("there are no sources"),
        "{}",
        none.stdout
    );
}

#[test]
fn a_build_does_not_see_sources() {
    let site = Site::new().with_articles(3);
    site.build().good();
    let without = site.output();
    site.write("content/sources/a.yaml", "feed: https://a.example/\n");
    site.write("content/sources/broken.yaml", "feed: [\n");
    site.write(
        "content/sources/note.md",
        "---\nfeed: https://b.example/\n---\nA note.\n",
    );
    site.build().good();
    assert_eq!(site.output(), without);
}

#[test]
fn a_source_is_made_from_a_downloaded_feed_once() {
    let site = Site::new();
    let path = feed_of(&site);
    let run = sources(&site, &["add", &path]).good();
    assert_eq!(run.stdout, "content/sources/quiet-rivers.yaml\n");
    assert_eq!(
        site.read("content/sources/quiet-rivers.yaml"),
        "feed: \"https://rivers.example/feed.xml\"\ntitle: \"Quiet Rivers\"\n"
    );
    let again = sources(&site, &["add", &path, "--name", "other"]).exits(1);
    assert!(
        again.stderr.contains("has this feed already"),
        "{}",
        again.stderr
    );
    // Nobody's file is overwritten.
    let other = FEED.replace("rivers.example/feed.xml", "rivers.example/other.xml");
    site.write("other.xml", other);
    let path = site.path("other.xml").to_string_lossy().into_owned();
    let run = sources(&site, &["add", &path]).good();
    assert_eq!(run.stdout, "content/sources/quiet-rivers-2.yaml\n");
    let named = sources(&site, &["add", &feed_without_address(&site)]).exits(1);
    assert!(
        named.stderr.contains("does not say what its address is"),
        "{}",
        named.stderr
    );
}

fn feed_without_address(site: &Site) -> String {
    site.write("plain.xml", FEED.replace("rel='self'", "rel='hub'"));
    site.path("plain.xml").to_string_lossy().into_owned()
}

#[test]
fn a_list_goes_in_and_out() {
    let site = Site::new().file("content/sources/a.yaml", "feed: https://a.example/feed\n");
    site.write(
        "list.opml",
        "<opml version='2.0'><body><outline text='A' xmlUrl='https://a.example/feed'/><outline \
         text='Group'><outline text='B &amp; Co' xmlUrl='https://b.example/feed?x=1&amp;y=2'/>\
         <outline text='Again' xmlUrl='http://www.b.example/feed?x=1&amp;y=2'/></outline><outline \
         text='C' xmlUrl='feed://c.example/'/></body></opml>",
    );
    let list = site.path("list.opml").to_string_lossy().into_owned();
    let run = sources(&site, &["import", &list]).exits(1);
    assert_eq!(
        run.stdout,
        "content/sources/b-co.yaml\n1 source added, 2 already there\n"
    );
    assert!(
        run.stderr
            .contains("`feed://c.example/` is not the address"),
        "{}",
        run.stderr
    );
    let exported = sources(&site, &["export"]).good().stdout;
    assert!(
        exported.contains(
            "<outline type=\"rss\" text=\"B &amp; Co\" title=\"B &amp; Co\" \
             xmlUrl=\"https://b.example/feed?x=1&amp;y=2\"/>"
        ),
        "{exported}"
    );
    // What went out comes in.
    let other = Site::new().file("list.opml", &exported);
    let list = other.path("list.opml").to_string_lossy().into_owned();
    let run = sources(&other, &["import", &list]).good();
    assert!(
        run.stdout.ends_with("2 sources added, 0 already there\n"),
        "{}",
        run.stdout
    );
    assert_eq!(sources(&other, &["export"]).good().stdout, exported);
    let page = sources(&site, &["import", &feed_of(&site)]).exits(1);
    assert!(page.stderr.contains("it is no OPML"), "{}", page.stderr);
}

#[test]
fn a_list_may_have_any_number_of_feeds_of_one_name() {
    const FEEDS: usize = 130;
    let feeds =
        (0..FEEDS).map(|at| format!("<outline text='News' xmlUrl='https://{at}.example'/>"));
    let list = format!("<opml><body>{}</body></opml>", feeds.collect::<String>());
    let site = Site::new().file("list.opml", list);
    let path = site.path("list.opml").to_string_lossy().into_owned();
    let run = sources(&site, &["import", &path]).good();
    assert!(
        run.stdout.ends_with("130 sources added, 0 already there\n"),
        "{run}"
    );
    let again = sources(&site, &["import", &path]).good();
    assert_eq!(again.stdout, "0 sources added, 130 already there\n");
}

#[test]
fn pausing_changes_one_line_of_one_file() {
    let text = "# my feed\r\nfeed: https://a.example/ # daily\r\ntopics: [AI,   Law]\r\n";
    let site = Site::new()
        .file("content/sources/a.yaml", text)
        .file(
            "content/sources/b.yaml",
            "feed: https://b.example/\npaused: true # for now\n",
        )
        .file(
            "content/sources/c.md",
            "---\nfeed: https://c.example/\n---\nNotes.\n",
        )
        .file("content/sources/d.yaml", "feed: https://d.example/");
    let run = sources(&site, &["pause", "a", "c", "content/sources/d.yaml"]).good();
    assert_eq!(run.stdout, "a is paused\nc is paused\nd is paused\n");
    assert_eq!(
        site.read("content/sources/a.yaml"),
        format!("{text}paused: true\r\n")
    );
    assert_eq!(
        site.read("content/sources/c.md"),
        "---\nfeed: https://c.example/\npaused: true\n---\nNotes.\n"
    );
    let d = site.read("content/sources/d.yaml");
    assert_eq!(d.trim_end(), "feed: https://d.example/\npaused: true");
    let run = sources(&site, &["resume", "a", "b"]).good();
    assert_eq!(run.stdout, "a is active\nb is active\n");
    assert_eq!(
        site.read("content/sources/a.yaml"),
        format!("{text}paused: false\r\n")
    );
    let b = site.read("content/sources/b.yaml");
    assert_eq!(b, "feed: https://b.example/\npaused: false # for now\n");
    let run = sources(&site, &["resume", "b"]).good();
    assert_eq!(run.stdout, "b is active already\n");
    // A name that is wrong changes nothing.
    let run = sources(&site, &["pause", "a", "x"]).exits(1);
    assert!(
        run.stderr.contains("there is no source `x`"),
        "{}",
        run.stderr
    );
    assert!(
        site.read("content/sources/a.yaml")
            .contains("paused: false")
    );
}

/// A site that may read feeds from a server.
fn site_with(server: &Server) -> Site {
    let settings = format!(
        "base_url = \"https://news.example/\"\nfetch.allow_hosts = [\"{}\"]\n",
        server.host()
    );
    Site::new().file("site.toml", settings)
}

#[test]
fn a_feed_is_tried_and_added_by_its_address() {
    let server = Server::new(|path| {
        Some(match path {
            "/feed.xml" => Answer::ok("", FEED.replace("https://rivers.example/holm", "/holm")),
            "/moved" => Answer::redirect(301, "/feed.xml"),
            "/for-now" => Answer::redirect(302, "/feed.xml"),
            "/empty" => Answer::ok("", ""),
            "/wall" => Answer::status("403 Forbidden", "", "<title>Just a moment...</title>"),
            "/gone" => Answer::status("410 Gone", "", ""),
            _ => return None,
        })
    });
    let site = site_with(&server);
    let run = sources(
        &site,
        &["test", &server.url("/for-now"), "--format", "json"],
    )
    .good();
    assert_eq!(shown(&run)["entries"][0]["link"], server.url("/holm"));
    for (path, words) in [
        ("/empty", "it is empty"),
        ("/wall", "the server answers browsers only (403)"),
        ("/gone", "it is gone for good (410)"),
        ("/none", "there is no such document (404)"),
    ] {
        let run = sources(&site, &["test", &server.url(path)]).exits(1);
        assert!(run.stderr.contains(words), "{path}: {}", run.stderr);
    }
    let strict = Site::new();
    let run = sources(&strict, &["test", &server.url("/feed.xml")]).exits(1);
    assert!(
        run.stderr.contains("127.0.0.1 is in a private network"),
        "{}",
        run.stderr
    );

    let feed = |path: &str, name: &str| {
        sources(&site, &["add", &server.url(path), "--name", name]).good();
        let file = site.read(&format!("content/sources/{name}.yaml"));
        site.remove(&format!("content/sources/{name}.yaml"));
        file
    };
    let line = |path: &str| format!("feed: \"{}\"\ntitle: \"Quiet Rivers\"\n", server.url(path));
    assert_eq!(feed("/feed.xml", "a"), line("/feed.xml"));
    assert_eq!(feed("/moved", "b"), line("/feed.xml"));
    assert_eq!(feed("/for-now", "c"), line("/for-now"));
}

#[test]
fn the_feed_of_a_page_is_found() {
    let link = |path: &str| {
        format!("<link rel='alternate' type='application/rss+xml' title='T{path}' href='{path}'>")
    };
    let server = Server::new(move |path| {
        let page = |links: &[&str]| {
            let links: String = links.iter().map(|path| link(path)).collect();
            Answer::ok(
                "",
                format!("<!DOCTYPE html><html><head>{links}</head></html>"),
            )
        };
        Some(match path {
            "/one/" => page(&["../r.xml"]),
            "/two" => page(&["/r.xml", "/comments.xml"]),
            "/broken" => page(&["/two"]),
            "/plain" => page(&[]),
            "/r.xml" | "/rss.xml" => Answer::ok("", FEED),
            _ => return None,
        })
    });
    let site = site_with(&server);
    let add = |path: &str, name: &str| sources(&site, &["add", &server.url(path), "--name", name]);
    add("/one/", "one").good();
    assert!(
        site.read("content/sources/one.yaml")
            .contains(&server.url("/r.xml"))
    );
    add("/plain", "plain").good();
    assert!(
        site.read("content/sources/plain.yaml")
            .contains(&server.url("/rss.xml"))
    );
    let several = add("/two", "two").exits(1);
    let both = format!(
        "{} (T/r.xml), {}",
        server.url("/r.xml"),
        server.url("/comments.xml")
    );
    assert!(several.stderr.contains(&both), "{}", several.stderr);
    let broken = add("/broken", "broken").exits(1);
    assert!(
        broken.stderr.contains("an HTML page and no feed"),
        "{}",
        broken.stderr
    );
    let again = add("/one/", "again").exits(1);
    assert!(
        again.stderr.contains("has this feed already"),
        "{}",
        again.stderr
    );
}
