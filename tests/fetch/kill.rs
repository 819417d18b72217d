//! A fetch may be killed at any moment: no item is lost or doubled, and the ledger accounts for
//! each. `NEWSGEN_KILLS` says how often that is tried.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::fetch::{decisions, feed, fetch, item, ledger, names, site};
use crate::server::{Answer, Server};
use crate::support::Site;

const KILLS: usize = 40;

/// Items of each feed, and how many of them there are in the beginning.
const ITEMS: usize = 12;

#[test]
fn a_fetch_that_is_killed_loses_and_doubles_nothing() {
    let kills = std::env::var("NEWSGEN_KILLS");
    let kills = kills
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(KILLS);
    // Each run finds new items: the feeds show the last ones of an endless series.
    let round = Arc::new(AtomicUsize::new(0));
    let shown = Arc::clone(&round);
    // Some answers to runs that are killed are none, or are cut off.
    let (asked, is_calm) = (AtomicUsize::new(0), Arc::new(AtomicBool::new(true)));
    let fails = Arc::clone(&is_calm);
    let server = Server::new(move |path| {
        let number = asked.fetch_add(1, Ordering::SeqCst);
        let failure = match number.wrapping_mul(0x9e37_79b9) >> 7 & 7 {
            0 => Some(Answer::status("503 Busy", "", "")),
            1 => Some(Answer::Nothing),
            2 => Some(Answer::ok("", "<rss><channel><ti")),
            _ => None,
        };
        if let Some(failure) = failure.filter(|_| !fails.load(Ordering::SeqCst)) {
            return Some(failure);
        }
        let last = shown.load(Ordering::SeqCst) * 2 + ITEMS;
        let name = &path[1..];
        let items: Vec<String> = (last - ITEMS..last)
            .rev()
            .map(|number| item(&format!("{name}-{number}"), &format!("{name} {number}")))
            .collect();
        Some(Answer::ok("", feed(&items)))
    });
    let sources = [("a", "/a"), ("b", "/b"), ("c", "/c")];
    let site = site(&server, &sources);
    let time = |round: usize| format!("2026-11-25T{:02}:{:02}:00Z", 12 + round / 60, round % 60);
    let only = ["--source", "a", "b", "c"];
    let start = Instant::now();
    fetch(&site, &time(0), &only).good();
    let whole = start.elapsed();
    let mut killed = 0;
    for kill in 1..=kills {
        round.store(kill, Ordering::SeqCst);
        is_calm.store(false, Ordering::SeqCst);
        let mut child = Command::new(env!("CARGO_BIN_EXE_newsgen"))
            .args(["fetch", "--now", &time(kill)])
            .args(only)
            .current_dir(site.root())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let part = u32::try_from(kill * 7 % 20).unwrap();
        thread::sleep(whole * (part + 1) / 20 + Duration::from_micros(kill as u64 * 13));
        child.kill().unwrap();
        killed += usize::from(!child.wait().unwrap().success());
        is_calm.store(true, Ordering::SeqCst);
        // At most two new items a round, and so none left the feed before a run was whole.
        if kill % 4 == 0 {
            fetch(&site, &time(kill), &only).good();
        }
    }
    fetch(&site, &time(kills), &only).good();
    assert!(killed > 0, "no run was stopped");

    let mut decided: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in ledger(&site) {
        let id = line["id"].as_str().unwrap().to_owned();
        let decision = line["decision"].as_str().unwrap().to_owned();
        decided.entry(id).or_default().push(decision);
    }
    let mut expected = Vec::new();
    for name in ["a", "b", "c"] {
        for number in 0..kills * 2 + ITEMS {
            let lines = decided.remove(&format!("{name}-{number}"));
            assert_eq!(lines, Some(vec!["queued".to_owned()]), "{name}-{number}");
            expected.push(format!("2026-11-24-{name}-{number}.md"));
        }
    }
    assert_eq!(decided, BTreeMap::new());
    expected.sort();
    assert_eq!(names(&site, "content/queue"), expected);
}

/// Begins a fetch, and interrupts it soon after all requests have been made.
fn interrupt(site: &Site, have_all_come: impl Fn() -> bool) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_newsgen"))
        .args(["fetch", "--now", crate::fetch::NOW])
        .current_dir(site.root())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(120);
    while !have_all_come() && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(20));
    }
    // The answers are on their way.
    thread::sleep(Duration::from_millis(500));
    let interrupt = Command::new("kill")
        .args(["-s", "INT", &child.id().to_string()])
        .status();
    assert!(interrupt.unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

#[test]
fn who_interrupts_a_fetch_keeps_what_has_come() {
    let server = Server::new(|path| {
        Some(match path {
            "/slow" => Answer::Slow(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n".to_vec()),
            name => Answer::ok("", feed(&[item(&name[1..], &name[1..])])),
        })
    });
    // In the order of names, two of them wait for the slow one.
    let sources = ["a", "b", "d", "e"].map(|name| (name, format!("/{name}")));
    let mut sources: Vec<(&str, &str)> = sources
        .iter()
        .map(|(name, path)| (*name, path.as_str()))
        .collect();
    sources.push(("c", "/slow"));
    let site = site(&server, &sources);
    interrupt(&site, || server.requests().len() >= 5);
    let decided = decisions(&site);
    let queued: Vec<&str> = decided.keys().map(String::as_str).collect();
    assert_eq!(queued, ["a", "b", "d", "e"]);
    assert_eq!(names(&site, "content/queue").len(), 4);
    // Those that had answered are not asked again.
    let asked = server.requests().len();
    fetch(
        &site,
        "2026-11-25T12:01:00Z",
        &["--dry-run", "--source", "a"],
    )
    .good();
    assert_eq!(server.requests().len(), asked + 1);
}

#[test]
fn who_interrupts_a_fetch_waits_for_no_pages() {
    // The pages of the first source never come, and those of the second would come at once.
    let feed_of_one = |head: &str| {
        let host = head.lines().find_map(|line| line.strip_prefix("host: "));
        let one = item("r1", "One").replace(
            "https://rivers.example",
            &format!("http://{}", host.unwrap()),
        );
        Some(Answer::ok("", feed(&[one])))
    };
    let slow = Server::with_heads(move |path, head| match path {
        "/feed" => feed_of_one(head),
        _ => Some(Answer::Slow(
            b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n".to_vec(),
        )),
    });
    let quick = Server::with_heads(move |path, head| match path {
        "/feed" => feed_of_one(head),
        _ => Some(Answer::ok("", "<head></head>")),
    });
    let site = site(&slow, &[("a", "/feed")]);
    let settings = site.read("site.toml").replace(
        "fetch.allow_hosts = [",
        &format!("fetch.allow_hosts = [\"{}\", ", quick.host()),
    );
    site.write("site.toml", format!("{settings}fetch.image = \"page\"\n"));
    let source = site.read("content/sources/a.yaml");
    let source = source.replace(&slow.url("/feed"), &quick.url("/feed"));
    site.write("content/sources/b.yaml", source);
    interrupt(&site, || {
        slow.requests().len() + quick.requests().len() >= 3
    });
    assert_eq!(slow.requests().len(), 2);
    assert_eq!(quick.requests().len(), 1, "a page was asked for");
    assert_eq!(ledger(&site).len(), 2);
}

#[test]
fn a_decision_that_is_killed_is_made_or_not() {
    const CANDIDATES: usize = 60;
    let items: Vec<String> = (0..CANDIDATES)
        .map(|number| item(&format!("r{number}"), &format!("Story {number}")))
        .collect();
    let server = Server::new(move |_| Some(Answer::ok("", feed(&items))));
    let site = site(&server, &[("rivers", "/feed")]);
    let now = "2026-11-25T12:00:00Z";
    fetch(&site, now, &[]).good();
    let start = Instant::now();
    site.newsgen(["queue"]).run().good();
    let whole = start.elapsed();
    for (number, name) in names(&site, "content/queue").iter().enumerate() {
        let path = format!("content/queue/{name}");
        let arguments: &[&str] = match number % 3 {
            0 => &["publish", &path],
            1 => &["publish", &path, "--quality", "7"],
            _ => &["reject", &path],
        };
        let mut child = Command::new(env!("CARGO_BIN_EXE_newsgen"))
            .arg("queue")
            .args(arguments)
            .args(["--now", now])
            .current_dir(site.root())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let part = u32::try_from(number * 7 % 20).unwrap();
        thread::sleep(whole * (part + 1) / 16);
        child.kill().unwrap();
        child.wait().unwrap();
    }
    fetch(&site, now, &["--source", "rivers"]).good();
    let decided = decisions(&site);
    assert_eq!(decided.len(), CANDIDATES);
    let count = |wanted: &str| {
        decided
            .values()
            .filter(|decision| *decision == wanted)
            .count()
    };
    let counts = ["queued", "published", "rejected"].map(count);
    let folders = ["content/queue", "content/news", ".newsgen/fetch/removed"];
    let files = folders.map(|folder| names(&site, folder).len());
    assert_eq!(counts, files);
    assert_eq!(counts.iter().sum::<usize>(), CANDIDATES);
}
