//! The ledger forgets what no feed has listed for a year.

use std::sync::{Arc, Mutex};

use crate::fetch::{decisions, feed, fetch, item, ledger, names, site};
use crate::server::{Answer, Server};
use crate::support::Site;

/// A site whose feed lists the items of these names, with the list, which can be changed.
fn listing(listed: &[&str]) -> (Site, Arc<Mutex<Vec<String>>>) {
    let names: Vec<String> = listed.iter().map(ToString::to_string).collect();
    let listed = Arc::new(Mutex::new(names));
    let shown = Arc::clone(&listed);
    let server = Server::with_heads(move |_, head| {
        let names = shown.lock().unwrap();
        let tag = format!("\"{}\"", names.join("-"));
        // The answer to a request for what is known says only that nothing changed.
        if head.contains(&tag) {
            return Some(Answer::status("304 Not Modified", "", ""));
        }
        let items: Vec<String> = names.iter().map(|name| item(name, name)).collect();
        Some(Answer::ok(&format!("ETag: {tag}\r\n"), feed(&items)))
    });
    (site(&server, &[("rivers", "/feed")]), listed)
}

/// The first day of months from November 2026 on.
fn month(number: usize) -> String {
    let (year, month) = (2026 + (number + 10) / 12, (number + 10) % 12 + 1);
    format!("{year}-{month:02}-26T12:00:00Z")
}

#[test]
fn what_no_feed_lists_is_forgotten_after_a_year_and_nothing_else() {
    let (site, listed) = listing(&["stays", "goes", "waits"]);
    fetch(&site, &month(0), &[]).good();
    let path = |name: &str| format!("content/queue/2026-11-24-{name}.md");
    for name in ["stays", "goes"] {
        site.newsgen(["queue", "reject", &path(name), "--now", &month(0)])
            .run()
            .good();
    }
    *listed.lock().unwrap() = vec!["stays".to_owned()];
    for number in 1..=12 {
        fetch(&site, &month(number), &[]).good();
        assert!(
            names(&site, "content/ledger").contains(&"2026-11.jsonl".to_owned()),
            "{number}"
        );
    }
    let run = fetch(&site, &month(14), &[]).good();
    assert!(run.stderr.contains("content/ledger/2026-11.jsonl"), "{run}");
    let months = names(&site, "content/ledger");
    assert!(!months.contains(&"2026-11.jsonl".to_owned()), "{months:?}");
    let decided = decisions(&site);
    assert_eq!(decided.get("stays").unwrap(), "rejected");
    assert_eq!(decided.get("waits").unwrap(), "queued");
    assert_eq!(decided.get("goes"), None);
    // It is known when that was decided, and a decision of a year ago is none of now.
    let stays = ledger(&site);
    let stays = stays.iter().find(|line| line["id"] == "stays").unwrap();
    assert_eq!(stays["decided"], month(0));
    fetch(&site, &month(15), &[]).good();
    assert_eq!(names(&site, "content/queue"), ["2026-11-24-waits.md"]);
}

#[test]
fn nothing_is_forgotten_before_it_is_known_what_the_feeds_list() {
    let (site, _) = listing(&["one"]);
    fetch(&site, &month(0), &[]).good();
    site.write("content/sources/other.yaml", "feed: http://10.1.2.3/feed\n");
    let months = || names(&site, "content/ledger");
    // Asked after a long time, the one lists its item, and the other one fails.
    fetch(&site, &month(20), &[]).good();
    assert_eq!(months(), ["2026-11.jsonl", "2028-07.jsonl"]);
    site.remove("content/sources/other.yaml");
    fetch(&site, &month(21), &[]).good();
    assert_eq!(months(), ["2028-07.jsonl"]);
    assert_eq!(decisions(&site).len(), 1);
}
