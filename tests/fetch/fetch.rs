//! `newsgen fetch`: sources that are due are asked, and each item becomes one line of the ledger
//! and at most one candidate.

use std::collections::BTreeMap;
use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::server::{Answer, Server};
use crate::support::{Run, Site, assert_same};

pub(crate) const NOW: &str = "2026-11-25T12:00:00Z";

/// An item of a feed, of the day before [`NOW`].
pub(crate) fn item(id: &str, title: &str) -> String {
    format!(
        "<item><guid isPermaLink='false'>{id}</guid><title>{title}</title>\
         <link>https://rivers.example/{id}</link><description>On {title}.</description>\
         <pubDate>Tue, 24 Nov 2026 08:00:00 GMT</pubDate></item>"
    )
}

pub(crate) fn feed(items: &[String]) -> String {
    format!(
        "<rss version='2.0'><channel><title>Rivers</title>{}</channel></rss>",
        items.concat()
    )
}

/// A site that may ask a server for these sources, by name and path.
pub(crate) fn site(server: &Server, sources: &[(&str, &str)]) -> Site {
    let site = Site::new();
    site.write(
        "site.toml",
        format!(
            "title = \"Test\"\nbase_url = \"https://news.example/\"\nsearch.enabled = false\n\
             fetch.allow_hosts = [\"{}\"]\n",
            server.host()
        ),
    );
    for (name, path) in sources {
        site.write(
            &format!("content/sources/{name}.yaml"),
            format!("# Rivers\nfeed: {} # here\nquality: 40\n", server.url(path)),
        );
    }
    site
}

pub(crate) fn fetch(site: &Site, now: &str, arguments: &[&str]) -> Run {
    let all = [&["fetch", "--now", now], arguments].concat();
    site.newsgen(all).run()
}

/// The names of the files in a folder of the site, but for hidden ones.
pub(crate) fn names(site: &Site, folder: &str) -> Vec<String> {
    let Ok(entries) = fs::read_dir(site.path(folder)) else {
        return Vec::new();
    };
    let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
    // What a stopped write leaves is hidden until the next write clears it away.
    let names = entries.flatten().map(name);
    let mut names: Vec<String> = names.filter(|name| !name.starts_with('.')).collect();
    names.sort();
    names
}

/// All lines of the ledger.
pub(crate) fn ledger(site: &Site) -> Vec<Value> {
    let mut lines = Vec::new();
    for name in names(site, "content/ledger") {
        let text = site.read(&format!("content/ledger/{name}"));
        lines.extend(text.lines().map(|line| serde_json::from_str(line).unwrap()));
    }
    lines
}

/// What became of each item, by its identity.
pub(crate) fn decisions(site: &Site) -> BTreeMap<String, String> {
    let mut last = BTreeMap::new();
    let mut lines = ledger(site);
    lines.sort_by_key(|line| (line["time"].to_string(), line["n"].as_u64()));
    for line in lines {
        let decision = line["decision"].as_str().unwrap().to_owned();
        last.insert(line["id"].as_str().unwrap().to_owned(), decision);
    }
    last
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}\n{run}"))
}

fn requests_for(server: &Server, path: &str) -> usize {
    let start = format!("GET {path} ");
    let requests = server.requests();
    requests
        .iter()
        .filter(|head| head.starts_with(&start))
        .count()
}

#[test]
fn an_item_becomes_an_article_file_in_the_queue_and_a_line_of_the_ledger() {
    let server = Server::new(|_| Some(Answer::ok("", feed(&[item("r1", "The weir &amp; I")]))));
    let site = site(&server, &[("rivers", "/feed")]);
    let run = fetch(&site, NOW, &[]).good();
    assert_eq!(
        run.stdout,
        "rivers: 1 queued\n1 source asked, 0 failed; 1 candidate queued\n"
    );
    assert_eq!(names(&site, "content/queue"), ["2026-11-24-the-weir-i.md"]);
    assert_eq!(
        site.read("content/queue/2026-11-24-the-weir-i.md"),
        "---\ntitle: \"The weir & I\"\nexcerpt: \"On The weir & I.\"\n\
         publishedDateTime: 2026-11-24T08:00:00Z\noriginalUrl: \"https://rivers.example/r1\"\n\
         type: article\nquality: 40\nprovider:\n  name: \"rivers.example\"\n  \
         domain: \"rivers.example\"\nsource: \"rivers\"\n---\n"
    );
    let lines = ledger(&site);
    assert_eq!(lines.len(), 1);
    for (field, value) in [
        ("time", NOW),
        ("source", "rivers"),
        ("id", "r1"),
        ("url", "https://rivers.example/r1"),
        ("decision", "queued"),
        ("by", "rules"),
        ("path", "content/queue/2026-11-24-the-weir-i.md"),
    ] {
        assert_eq!(lines[0][field], value, "{field}");
    }
    // Nobody is asked again before its time, and what is known comes in once.
    fetch(&site, "2026-11-25T12:20:00Z", &[]).good();
    assert_eq!(requests_for(&server, "/feed"), 1);
    fetch(&site, "2026-11-25T13:00:00Z", &[]).good();
    assert_eq!(requests_for(&server, "/feed"), 2);
    assert_eq!(ledger(&site).len(), 1);
    assert_eq!(names(&site, "content/queue").len(), 1);
}

#[test]
fn a_second_run_sends_the_validators_that_it_got() {
    let server = Server::with_heads(|_, head| {
        let is_known = head.contains("if-none-match: W/\"\u{e9}1\"\r\n")
            && head.contains("if-modified-since: yesterday, or so\r\n");
        let mut headers = b"ETag: W/\"".to_vec();
        headers.extend(b"\xe91\"\r\nLast-Modified: yesterday, or so\r\n");
        if is_known {
            return Some(Answer::status("304 Not Modified", "", ""));
        }
        let body = feed(&[item("r1", "One")]);
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n",
            body.len()
        );
        Some(Answer::Bytes(
            [head.as_bytes(), &headers, b"\r\n", body.as_bytes()].concat(),
        ))
    });
    let site = site(&server, &[("rivers", "/feed")]);
    fetch(&site, NOW, &[]).good();
    for hour in 13..16 {
        let now = format!("2026-11-25T{hour}:00:00Z");
        let run = fetch(&site, &now, &["--format", "json"]).good();
        assert_eq!(json(&run)["sources"][0]["status"], "unchanged", "{run}");
    }
    // What is remembered may be lost: that costs bandwidth only.
    fs::remove_dir_all(site.path(".newsgen/fetch")).unwrap();
    let run = fetch(&site, NOW, &["--format", "json"]).good();
    let source = &json(&run)["sources"][0];
    assert_eq!(
        (&source["status"], &source["known"]),
        (&"feed".into(), &1.into())
    );
    assert_eq!(names(&site, "content/queue").len(), 1);
}

#[test]
fn a_story_is_known_by_its_cleaned_address_everywhere() {
    let server = Server::new(|path| {
        let link = |id: &str, link: &str| {
            item(id, id).replace(
                &format!("https://rivers.example/{id}<"),
                &format!("{link}<"),
            )
        };
        Some(Answer::ok(
            "",
            feed(&match path {
                "/a" => [
                    link("a1", "https://x.example/known?utm_source=a"),
                    link("a2", "https://x.example/new"),
                    link("a3", "https://x.example/new?fbclid=1"),
                ],
                _ => [
                    link("b1", "https://www.x.example/new"),
                    link("b2", "https://x.example/put-here#top"),
                    link("a2", "https://x.example/another"),
                ],
            }),
        ))
    });
    let site = site(&server, &[("a", "/a"), ("b", "/b")]);
    site.write_article(
        "old",
        "title: Old\npublishedDateTime: 2026-11-01\noriginalUrl: https://x.example/known",
    );
    site.write(
        "content/queue/by-hand.md",
        "---\ntitle: Mine\npublishedDateTime: 2026-11-24\noriginalUrl: https://x.example/put-here\n---\n",
    );
    fetch(&site, NOW, &[]).good();
    let lines = ledger(&site);
    let of = |source: &str, id: &str| {
        let line = lines
            .iter()
            .find(|line| line["source"] == source && line["id"] == id);
        let line = line.unwrap();
        (
            line["decision"].as_str().unwrap(),
            line["reason"].as_str().unwrap_or(""),
        )
    };
    assert_eq!(
        of("a", "a1"),
        ("duplicate", "content/news/old.md leads to the same story")
    );
    assert_eq!(of("a", "a2"), ("queued", ""));
    // The same story of the same source is the same item, whatever its identity.
    assert!(lines.iter().all(|line| line["id"] != "a3"));
    assert_eq!(of("b", "b1"), ("duplicate", "a had it: queued"));
    assert_eq!(of("b", "a2"), ("queued", ""));
    // A file that somebody put there is the candidate of its story.
    assert_eq!(of("b", "b2").0, "queued");
    assert_eq!(names(&site, "content/queue").len(), 3);
}

#[test]
fn the_first_fetch_takes_only_what_is_young() {
    let body = Arc::new(Mutex::new(feed(&[
        item("new", "New"),
        item("old", "Old").replace("24 Nov", "10 Nov"),
        item("undated", "Undated").replace("pubDate", "none"),
    ])));
    let shown = Arc::clone(&body);
    let server = Server::new(move |_| Some(Answer::ok("", shown.lock().unwrap().as_str())));
    let site = site(&server, &[("rivers", "/feed")]);
    fetch(&site, NOW, &[]).good();
    let decided = decisions(&site);
    let of = |id: &str| decided[id].as_str();
    assert_eq!(
        (of("new"), of("old"), of("undated")),
        ("queued", "dropped", "dropped")
    );
    let text = site.read("content/ledger/2026-11.jsonl");
    assert!(text.contains("fetch.first_max_age, default"), "{text}");
    *body.lock().unwrap() = feed(&[
        item("later", "Later").replace("24 Nov", "10 Nov"),
        item("more", "More").replace("pubDate", "none"),
    ]);
    fetch(&site, "2026-11-26T12:00:00Z", &[]).good();
    let decided = decisions(&site);
    assert_eq!(
        (decided["later"].as_str(), decided["more"].as_str()),
        ("queued", "queued")
    );
    let undated = site.read("content/queue/2026-11-26-more.md");
    assert!(
        undated.contains("publishedDateTime: 2026-11-26T12:00:00Z"),
        "{undated}"
    );
}

#[test]
fn of_an_item_that_is_listed_twice_the_first_entry_counts_when_it_changes() {
    let title = Arc::new(Mutex::new("One"));
    let shown = Arc::clone(&title);
    let server = Server::new(move |_| {
        let title = *shown.lock().unwrap();
        let items = [item("r1", title), item("r1", &format!("{title} again"))];
        Some(Answer::ok("", feed(&items)))
    });
    let site = site(&server, &[("rivers", "/feed")]);
    fetch(&site, NOW, &[]).good();
    for (title_now, hour, lines) in [("One", 13, 1), ("Two", 14, 2), ("Two", 15, 2)] {
        *title.lock().unwrap() = title_now;
        fetch(&site, &format!("2026-11-25T{hour}:00:00Z"), &[]).good();
        let text = site.read("content/queue/2026-11-24-one.md");
        assert!(
            text.contains(&format!("title: \"{title_now}\"\n")),
            "{text}"
        );
        assert_eq!(ledger(&site).len(), lines);
    }
}

/// A server whose feed has the items `r1`, `r2` and `r3`, and the word that their titles begin
/// with.
fn three_items() -> (Arc<Mutex<&'static str>>, Server) {
    let title = Arc::new(Mutex::new("One"));
    let shown = Arc::clone(&title);
    let server = Server::new(move |_| {
        let title = *shown.lock().unwrap();
        let items = ["r1", "r2", "r3"].map(|id| item(id, &format!("{title} {id}")));
        Some(Answer::ok("", feed(&items)))
    });
    (title, server)
}

#[cfg(unix)]
#[test]
fn a_candidate_that_cannot_be_replaced_holds_up_no_other_one() {
    use std::os::unix::fs::PermissionsExt;
    let (title, server) = three_items();
    let site = site(&server, &[("rivers", "/feed")]);
    fetch(&site, NOW, &[]).good();
    let path = |id: &str| format!("content/queue/2026-11-24-one-{id}.md");
    let locked = site.read(&path("r1"));
    let mode = |mode| fs::Permissions::from_mode(mode);
    fs::set_permissions(site.path(&path("r1")), mode(0o444)).unwrap();
    *title.lock().unwrap() = "Two";
    let run = fetch(&site, "2026-11-25T13:00:00Z", &[]).good();
    let remark = format!("{} is not updated: the file is read-only", path("r1"));
    assert!(run.stderr.contains(&remark), "{run}");
    assert_eq!(site.read(&path("r1")), locked);
    assert!(site.read(&path("r2")).contains("Two r2"));
    // Nothing is noted about the one that stays, so that the next run looks again.
    assert_eq!(ledger(&site).len(), 3 + 2);
    fs::set_permissions(site.path(&path("r1")), mode(0o644)).unwrap();
    fetch(&site, "2026-11-25T14:00:00Z", &[]).good();
    assert!(site.read(&path("r1")).contains("Two r1"));
    assert_eq!(ledger(&site).len(), 3 + 3);
}

#[test]
fn a_changed_item_updates_its_candidate_unless_somebody_edited_it() {
    let (title, server) = three_items();
    let site = site(&server, &[("rivers", "/feed")]);
    fetch(&site, NOW, &[]).good();
    let path = |id: &str| format!("content/queue/2026-11-24-one-{id}.md");
    let edited = site.read(&path("r2")).replace("On One", "Mine: On One");
    site.write(&path("r2"), &edited);
    site.newsgen(["queue", "publish", &path("r3"), "--now", NOW])
        .run()
        .good();
    let published = site.read("content/news/2026-11-24-one-r3.md");
    *title.lock().unwrap() = "Two";
    for (hour, lines) in [(13, 7), (14, 7)] {
        fetch(&site, &format!("2026-11-25T{hour}:00:00Z"), &[]).good();
        let first = site.read(&path("r1"));
        assert!(
            first.contains("title: \"Two r1\"") && first.contains("On Two r1."),
            "{first}"
        );
        assert_eq!(site.read(&path("r2")), edited);
        assert_eq!(site.read("content/news/2026-11-24-one-r3.md"), published);
        // Three items, a decision, and one line for each item that changed.
        assert_eq!(ledger(&site).len(), lines);
    }
    assert_eq!(decisions(&site)["r3"], "published");
    assert_eq!(names(&site, "content/queue").len(), 2);
}

#[test]
fn a_feed_that_has_moved_for_ever_is_asked_there() {
    let is_good = Arc::new(AtomicUsize::new(0));
    let good = Arc::clone(&is_good);
    let server = Server::new(move |path| match path {
        "/old" => Some(Answer::redirect(301, "/new")),
        "/new" if good.load(Ordering::Relaxed) == 0 => Some(Answer::ok("", feed(&[]))),
        "/new" => Some(Answer::ok("", feed(&[item("r1", "One")]))),
        "/for-now" => Some(Answer::redirect(302, "/new")),
        _ => None,
    });
    let site = site(&server, &[("rivers", "/old"), ("temporary", "/for-now")]);
    let before = site.read("content/sources/rivers.yaml");
    // A feed without entries is no proof.
    let run = fetch(&site, NOW, &[]).good();
    assert!(
        run.stderr.contains("the feed (RSS) has no entries"),
        "{run}"
    );
    assert_eq!(site.read("content/sources/rivers.yaml"), before);
    is_good.store(1, Ordering::Relaxed);
    let run = fetch(&site, "2026-11-25T13:00:00Z", &[]).good();
    assert!(run.stderr.contains("it has moved to"), "{run}");
    assert_eq!(
        site.read("content/sources/rivers.yaml"),
        before.replace("/old", "/new")
    );
    assert!(
        site.read("content/sources/temporary.yaml")
            .contains("/for-now")
    );
    fetch(&site, "2026-11-25T14:00:00Z", &["--source", "rivers"]).good();
    assert_eq!(requests_for(&server, "/old"), 2);
    assert_eq!(ledger(&site).len(), 2);
}

#[test]
fn a_feed_that_is_gone_is_paused_and_others_go_on() {
    let server = Server::new(|path| match path {
        "/gone" => Some(Answer::status("410 Gone", "", "")),
        "/good" => Some(Answer::ok("", feed(&[item("r1", "One")]))),
        "/page" => Some(Answer::ok("", "<html><body>Hello</body></html>")),
        "/nothing" => Some(Answer::Nothing),
        "/cut" => Some(Answer::Bytes(
            b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<rss>".to_vec(),
        )),
        "/error" => Some(Answer::status("503 Busy", "", "")),
        _ => None,
    });
    let paths = ["good", "gone", "page", "nothing", "cut", "error", "missing"];
    let sources = paths.map(|name| (name, format!("/{name}")));
    let sources: Vec<(&str, &str)> = sources
        .iter()
        .map(|(name, path)| (*name, path.as_str()))
        .collect();
    let site = site(&server, &sources);
    site.write(
        "content/sources/private.yaml",
        "feed: http://10.1.2.3/feed\n",
    );
    site.write("content/sources/broken.yaml", "feeds: x\n");
    let run = fetch(&site, NOW, &["--verbose"]).good();
    for said in [
        "gone: it is gone for good (410)",
        "page: it is an HTML page and no feed",
        "nothing: the answer is broken",
        "cut: the answer is broken",
        "error: the server failed (503)",
        "missing: there is no such document (404)",
        "private: 10.1.2.3 is in a private network",
        "has no `feed`",
    ] {
        assert!(run.stderr.contains(said), "{said}: {run}");
    }
    // What is paused is not asked again.
    let again = run.stderr.matches("it is asked again after").count();
    assert_eq!(again, 6, "{run}");
    assert_eq!(decisions(&site)["r1"], "queued");
    let gone = site.read("content/sources/gone.yaml");
    assert!(
        gone.contains("paused: true") && gone.starts_with("# Rivers"),
        "{gone}"
    );
    // A failure puts the next try off, and each one more.
    let asked = |server: &Server| requests_for(server, "/error");
    fetch(&site, "2026-11-25T12:40:00Z", &[]).exits(0);
    let first = asked(&server);
    for minutes in ["13:00", "13:20", "13:40", "14:00"] {
        fetch(
            &site,
            &format!("2026-11-25T{minutes}:00Z"),
            &["--source", "good"],
        )
        .good();
        fetch(&site, &format!("2026-11-25T{minutes}:00Z"), &[]);
    }
    assert!(
        (first, asked(&server)) == (2, 3),
        "{first} {}",
        asked(&server)
    );
    assert_eq!(requests_for(&server, "/gone"), 1);
}

#[test]
fn a_run_in_which_nobody_answers_fails() {
    let server = Server::new(|_| None);
    let site = site(&server, &[("a", "/a"), ("b", "/b")]);
    fetch(&site, NOW, &[]).exits(3);
    // Nobody is due.
    let run = fetch(&site, NOW, &[]).good();
    assert!(run.stdout.contains("no source is due"), "{run}");
    let run = fetch(&site, NOW, &["--source", "c", "--format", "json"]).exits(1);
    assert_eq!(json(&run)["diagnostics"][0]["code"], "source");
}

#[test]
fn a_host_that_is_asked_too_often_is_left_alone() {
    let server = Server::new(|path| match path {
        "/a" => Some(Answer::status(
            "429 Too Many Requests",
            "Retry-After: 7200\r\n",
            "",
        )),
        _ => Some(Answer::ok("", feed(&[]))),
    });
    let names: Vec<String> = (0..30).map(|number| format!("s{number:02}")).collect();
    let mut sources = vec![("a", "/a")];
    sources.extend(names.iter().map(|name| (name.as_str(), "/b")));
    let site = site(&server, &sources);
    fetch(&site, NOW, &["--source", "a"]).exits(3);
    // The whole host is left alone, and that is no failure.
    let look = ["--dry-run", "--format", "json"];
    let run = fetch(&site, "2026-11-25T13:00:00Z", &look).good();
    assert_eq!(json(&run)["sources"][0]["status"], "postponed");
    let run = fetch(&site, "2026-11-25T13:00:00Z", &[]).good();
    assert_eq!(
        run.stdout,
        "0 sources asked, 0 failed, 30 left alone as their hosts asked; 0 candidates queued\n"
    );
    assert_eq!(server.requests().len(), 1);
    fetch(&site, "2026-11-25T14:30:00Z", &["--source", "s01"]).good();
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn one_host_gets_two_connections() {
    let open = Arc::new(AtomicUsize::new(0));
    let most = Arc::new(AtomicUsize::new(0));
    let (now, peak) = (Arc::clone(&open), Arc::clone(&most));
    let server = Server::new(move |path| {
        let count = now.fetch_add(1, Ordering::SeqCst) + 1;
        peak.fetch_max(count, Ordering::SeqCst);
        std::thread::sleep(std::time::Duration::from_millis(20));
        now.fetch_sub(1, Ordering::SeqCst);
        Some(Answer::ok("", feed(&[item(&path[1..], path)])))
    });
    let names: Vec<(String, String)> = (0..50)
        .map(|number| (format!("s{number:02}"), format!("/s{number:02}")))
        .collect();
    let sources: Vec<(&str, &str)> = names
        .iter()
        .map(|(name, path)| (name.as_str(), path.as_str()))
        .collect();
    let site = site(&server, &sources);
    fetch(&site, NOW, &[]).good();
    assert_eq!(server.requests().len(), 50);
    assert!(most.load(Ordering::SeqCst) <= 2, "{most:?}");
    // Whoever answered first, the order is that of the names.
    let order: Vec<String> = ledger(&site)
        .iter()
        .map(|line| line["source"].as_str().unwrap().to_owned())
        .collect();
    assert!(order.is_sorted() && order.len() == 50, "{order:?}");
}

#[test]
fn a_dry_run_writes_nothing() {
    let server = Server::new(|_| Some(Answer::ok("", feed(&[item("r1", "One")]))));
    let site = site(&server, &[("rivers", "/feed")]);
    let run = fetch(&site, NOW, &["--dry-run"]).good();
    assert!(
        run.stdout
            .contains("would queue content/queue/2026-11-24-one.md"),
        "{run}"
    );
    assert_eq!(names(&site, ""), ["content", "site.toml"]);
    assert_eq!(names(&site, "content"), ["news", "sources"]);
    fetch(&site, NOW, &[]).good();
    assert_eq!(names(&site, "content/queue").len(), 1);
}

#[test]
fn candidates_have_the_names_of_the_tree() {
    let server = Server::new(|_| {
        let feed = feed(&[item("r1", "One")]);
        Some(Answer::ok(
            "",
            feed.replace("<title>Rivers", "<language>de</language><title>Rivers"),
        ))
    });
    let site = site(&server, &[("rivers", "/feed")]);
    let settings = site.read("site.toml");
    site.write(
        "site.toml",
        format!(
            "{settings}[content.fields]\npublishedDateTime = \"date\"\noriginalUrl = \"link\"\n"
        ),
    );
    fetch(&site, NOW, &[]).good();
    let text = site.read("content/queue/2026-11-24-one.md");
    for line in [
        "date: 2026-11-24T08:00:00Z",
        "link: https://rivers.example/r1",
        "locale: \"de\"",
        "source: \"rivers\"",
    ] {
        assert!(text.contains(line), "{text}");
    }
}

#[test]
fn a_tree_with_something_else_in_the_field_of_the_source_keeps_it() {
    let server = Server::new(|_| Some(Answer::ok("", feed(&[item("r1", "One")]))));
    let site = site(&server, &[("rivers", "/feed")]);
    let settings = site.read("site.toml");
    site.write(
        "site.toml",
        format!("{settings}[content.fields]\nprovider.name = \"source\"\n"),
    );
    fetch(&site, NOW, &[]).good();
    let text = site.read("content/queue/2026-11-24-one.md");
    assert_eq!(text.matches("source:").count(), 1, "{text}");
    assert!(text.contains("source: rivers.example\n"), "{text}");
}

#[test]
fn a_build_sees_neither_queue_nor_ledger_nor_sources() {
    for articles in ["content/news", "content"] {
        let server = Server::new(|_| {
            Some(Answer::ok(
                "",
                feed(&[item("r1", "Secret one"), item("r2", "Two")]),
            ))
        });
        let site = site(&server, &[]);
        let settings = site.read("site.toml");
        let settings = format!("{settings}content.articles = [\"{articles}\"]\n");
        site.write("site.toml", &settings);
        for number in 0..3 {
            site.write_article(
                &number.to_string(),
                &format!("title: A{number}\npublishedDateTime: 2026-11-2{number}"),
            );
        }
        site.build().good();
        let without = site.output();
        site.write(
            "content/sources/rivers.yaml",
            format!("feed: {}\n", server.url("/feed")),
        );
        fetch(&site, NOW, &[]).good();
        assert_eq!(names(&site, "content/queue").len(), 2);
        site.write("content/queue/broken.md", "---\ntitle: [\n---\n");
        site.write("content/queue/picture.png", "no article");
        site.build().good();
        assert_same(&without, &site.output(), articles);
    }
}

#[test]
fn a_queue_that_a_build_reads_is_refused() {
    let server = Server::new(|_| Some(Answer::ok("", feed(&[item("r1", "One")]))));
    let site = site(&server, &[("rivers", "/feed")]);
    let settings = site.read("site.toml");
    site.write(
        "site.toml",
        format!("{settings}content.queue = \"content\"\n"),
    );
    let run = fetch(&site, NOW, &[]).exits(1);
    assert!(run.stderr.contains("need folders of their own"), "{run}");
    assert!(
        site.check()
            .exits(1)
            .stderr
            .contains("need folders of their own")
    );
}

#[test]
fn identities_that_change_with_every_answer_bring_nothing_twice() {
    let count = AtomicUsize::new(0);
    let server = Server::new(move |_| {
        let answer = count.fetch_add(1, Ordering::SeqCst);
        let items = ["r1", "r2"].map(|id| {
            let guid = format!("<guid isPermaLink='false'>{id}-{answer}");
            item(id, id).replace(&format!("<guid isPermaLink='false'>{id}"), &guid)
        });
        Some(Answer::ok("", feed(&items)))
    });
    let site = site(&server, &[("rivers", "/feed"), ("twin", "/twin")]);
    for hour in 12..16 {
        fetch(&site, &format!("2026-11-25T{hour}:00:00Z"), &[]).good();
    }
    assert_eq!(names(&site, "content/queue").len(), 2);
    assert_eq!(ledger(&site).len(), 4);
}

#[test]
fn runs_at_the_same_time_do_no_harm() {
    let server = Server::new(|path| {
        let items: Vec<String> = (0..20)
            .map(|number| {
                item(
                    &format!("{}-{number}", &path[1..]),
                    &format!("Story {number}"),
                )
            })
            .collect();
        Some(Answer::ok("", feed(&items)))
    });
    let site = site(&server, &[("a", "/a"), ("b", "/b")]);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| fetch(&site, NOW, &["--source", "a", "b"]).good());
        }
    });
    assert_eq!(names(&site, "content/queue").len(), 40);
    assert_eq!(ledger(&site).len(), 40);
}

#[test]
fn the_state_may_be_elsewhere() {
    let server = Server::new(|_| Some(Answer::ok("", feed(&[item("r1", "One")]))));
    let site = site(&server, &[("rivers", "/feed")]);
    let state = Site::empty();
    let folder = state.root().to_string_lossy().into_owned();
    fetch(&site, NOW, &["--state", &folder]).good();
    assert_eq!(names(&state, "fetch").len(), 1);
    fetch(&site, NOW, &["--state", &folder]).good();
    assert_eq!(server.requests().len(), 1);
    fetch(&site, NOW, &[]).good();
    assert_eq!(server.requests().len(), 2);
    assert_eq!(ledger(&site).len(), 1);
}

#[test]
fn what_servers_ask_for_counts() {
    let server = Server::new(|path| match path {
        "/fresh" => Some(Answer::ok("Cache-Control: max-age=7200\r\n", feed(&[]))),
        "/ttl" => {
            let feed = feed(&[]).replace("<channel>", "<channel><ttl>180</ttl>");
            Some(Answer::ok("", feed))
        }
        "/later" => Some(Answer::ok(
            "Retry-After: Wed, 25 Nov 2026 16:00:00 GMT\r\n",
            feed(&[]),
        )),
        _ => Some(Answer::ok("Expires: 0\r\n", feed(&[]))),
    });
    let site = site(
        &server,
        &[
            ("fresh", "/fresh"),
            ("later", "/later"),
            ("plain", "/plain"),
            ("ttl", "/ttl"),
        ],
    );
    let asked = |now: &str| {
        let before = server.requests().len();
        fetch(&site, now, &[]).good();
        let mut paths: Vec<String> = server.requests()[before..]
            .iter()
            .map(|head| head.split(' ').nth(1).unwrap().to_owned())
            .collect();
        paths.sort();
        paths.join(" ")
    };
    assert_eq!(asked(NOW), "/fresh /later /plain /ttl");
    assert_eq!(asked("2026-11-25T13:00:00Z"), "/plain");
    assert_eq!(asked("2026-11-25T14:00:00Z"), "/fresh /plain");
    assert_eq!(asked("2026-11-25T15:00:00Z"), "/plain /ttl");
    assert_eq!(asked("2026-11-25T16:00:00Z"), "/fresh /later /plain");
}

#[test]
fn the_list_of_sources_says_how_they_are() {
    let server = Server::new(|path| match path {
        "/bad" => Some(Answer::status("500 Oops", "", "")),
        _ => Some(Answer::ok(
            "",
            feed(&[item("r1", "One"), item("r2", "Two")]),
        )),
    });
    let site = site(&server, &[("bad", "/bad"), ("rivers", "/feed")]);
    fetch(&site, NOW, &[]).good();
    let path = "content/queue/2026-11-24-one.md";
    site.newsgen(["queue", "reject", path, "--now", NOW])
        .run()
        .good();
    let run = site.newsgen(["sources"]).run().good();
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert!(lines[0].starts_with("bad     failing  http://"), "{run}");
    assert!(
        lines[1].starts_with("    the server failed (500); due 2026-11-25T12:3"),
        "{run}"
    );
    assert!(lines[2].starts_with("rivers  active   http://"), "{run}");
    assert_eq!(
        lines[3],
        "    last answer 2026-11-25T12:00:00Z; due 2026-11-25T12:29:00Z; 2 items: 1 queued, \
         1 rejected"
    );
    let shown = json(&site.newsgen(["sources", "--format", "json"]).run().good());
    assert_eq!(
        (&shown[0]["state"], &shown[0]["failures"]),
        (&"failing".into(), &1.into())
    );
    assert_eq!(
        (&shown[1]["seen"], &shown[1]["rejected"]),
        (&2.into(), &1.into())
    );
}

#[test]
fn a_queue_is_not_copied_with_static_files() {
    let server = Server::new(|_| Some(Answer::ok("", feed(&[item("r1", "One")]))));
    let site = site(&server, &[("rivers", "/feed")]);
    let settings = site.read("site.toml");
    site.write(
        "site.toml",
        format!("{settings}content.queue = \"static/in/queue\"\n"),
    );
    fetch(&site, NOW, &[]).good();
    assert_eq!(names(&site, "static/in/queue").len(), 1);
    let run = site.build().exits(1);
    assert!(run.stderr.contains("holds what is not published"), "{run}");
}
