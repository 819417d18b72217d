//! `newsgen queue`: candidates are listed, published, rejected, and all of that is undone.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::fetch::{NOW, decisions, feed, fetch, item, ledger, names, site};
use crate::server::{Answer, Server};
use crate::support::{Run, Site};

fn queue(site: &Site, arguments: &[&str]) -> Run {
    queue_at(site, "2026-11-25T18:30:00Z", arguments)
}

fn queue_at(site: &Site, now: &str, arguments: &[&str]) -> Run {
    let all = [&["queue"], arguments, &["--now", now]].concat();
    site.newsgen(all).run()
}

/// A site with the candidates `one`, `two` and `three`.
fn filled() -> Site {
    let server = Server::new(|_| {
        let items = [item("r1", "One"), item("r2", "Two"), item("r3", "Three")];
        Some(Answer::ok("", feed(&items)))
    });
    let site = site(&server, &[("rivers", "/feed")]);
    fetch(&site, NOW, &[]).good();
    site
}

fn candidate(name: &str) -> String {
    format!("content/queue/2026-11-24-{name}.md")
}

#[test]
fn the_language_of_an_item_is_found_and_listed() {
    let german = "Das Gericht kippt das Fahrverbot, und die Stadt muss nun handeln";
    let items = [
        item("r1", german),
        item("r2", "央行宣布下调利率"),
        item("r3", "One"),
    ];
    let server = Server::new(move |_| Some(Answer::ok("", feed(&items))));
    let site = site(&server, &[("rivers", "/feed")]);
    fetch(&site, NOW, &[]).good();
    let json = queue(&site, &["--format", "json"]).good();
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    let candidates = json["candidates"].as_array().unwrap().iter();
    let found: BTreeMap<&str, &Value> = candidates
        .map(|it| (it["title"].as_str().unwrap(), &it["language"]))
        .collect();
    assert_eq!(found[german], "de");
    assert_eq!(found["央行宣布下调利率"], "zh");
    assert_eq!(found["One"], &Value::Null);
    let listed = queue(&site, &[]).good().stdout;
    assert!(listed.contains(&format!("  de  {german}\n")), "{listed}");
    assert!(listed.contains("      One\n"), "{listed}");
}

#[test]
fn the_queue_is_listed() {
    let site = filled();
    let run = queue(&site, &[]).good();
    assert_eq!(
        run.stdout,
        "content/queue/2026-11-24-one.md     35     6h  rivers  One\n    \
         −10 quality of its source, −3 a short excerpt, −2 it was 1 day old when it came in\n\
         content/queue/2026-11-24-three.md   35     6h  rivers  Three\n    \
         −10 quality of its source, −3 a short excerpt, −2 it was 1 day old when it came in\n\
         content/queue/2026-11-24-two.md     35     6h  rivers  Two\n    \
         −10 quality of its source, −3 a short excerpt, −2 it was 1 day old when it came in\n"
    );
    let json: Value =
        serde_json::from_str(&queue(&site, &["--format", "json"]).good().stdout).unwrap();
    let first = &json["candidates"][0];
    for (field, value) in [
        ("path", "content/queue/2026-11-24-one.md"),
        ("title", "One"),
        ("url", "https://rivers.example/r1"),
        ("source", "rivers"),
        ("queued", NOW),
        ("published", "2026-11-24T08:00:00Z"),
    ] {
        assert_eq!(first[field], value, "{field}");
    }
    assert_eq!(first["age"], 23_400);
    let empty = queue(&Site::new(), &[]).good();
    assert_eq!(empty.stdout, "the queue is empty\n");
}

#[test]
fn publishing_moves_the_file_and_changes_one_line() {
    let site = filled();
    let before = site.read(&candidate("one"));
    let run = queue(&site, &["publish", &candidate("one"), "--quality", "80"]).good();
    assert_eq!(run.stdout, "content/news/2026-11-24-one.md\n");
    assert_eq!(
        site.read("content/news/2026-11-24-one.md"),
        before.replace("quality: 40", "quality: 80")
    );
    assert_eq!(names(&site, "content/queue").len(), 2);
    let line = ledger(&site).pop().unwrap();
    assert_eq!(
        (&line["decision"], &line["by"]),
        (&"published".into(), &"editor".into())
    );
    assert_eq!(line["source"], "rivers");
    site.newsgen(["build", "--now", "2026-11-25T19:00:00Z"])
        .run()
        .good();
    assert!(
        site.output()
            .paths()
            .iter()
            .any(|path| path.contains("one"))
    );
}

#[test]
fn no_name_of_an_article_is_taken() {
    let site = filled();
    site.write("content/news/2026-11-24-one.md", "mine");
    let run = queue(&site, &["publish", &candidate("one")]).good();
    assert_eq!(run.stdout, "content/news/2026-11-24-one-2.md\n");
    assert_eq!(site.read("content/news/2026-11-24-one.md"), "mine");
}

#[test]
fn a_name_is_taken_by_an_article_of_any_folder() {
    let site = filled();
    let text = site.read(&candidate("one"));
    for path in ["news/old/v2.1.md", "queue/v2.1.md", "queue/2.1.md"] {
        site.write(&format!("content/{path}"), &text);
    }
    let run = queue(
        &site,
        &["publish", "content/queue/v2.1.md", "content/queue/2.1.md"],
    );
    assert_eq!(
        run.good().stdout,
        "content/news/v2.1-2.md\ncontent/news/2.1.md\n"
    );
}

#[test]
fn what_is_no_article_is_not_published() {
    let site = filled();
    let text = site.read(&candidate("one"));
    site.write(&candidate("one"), text.replace("2026-11-24T08", "soon T08"));
    let run = queue(&site, &["publish", &candidate("one"), &candidate("two")]).exits(1);
    assert!(run.stderr.contains("publishedDateTime"), "{run}");
    assert_eq!(names(&site, "content/news"), ["2026-11-24-two.md"]);
    // `check` says the same.
    let check = site.check().exits(1);
    assert!(
        check.stderr.contains("content/queue/2026-11-24-one.md"),
        "{check}"
    );
    let run = queue(&site, &["publish", "content/news/2026-11-24-two.md"]).exits(1);
    assert!(run.stderr.contains("is no candidate"), "{run}");
}

#[test]
fn decisions_are_undone_from_the_last_to_the_first() {
    let site = filled();
    let texts = ["one", "two", "three"].map(|name| site.read(&candidate(name)));
    let (one, two) = (candidate("one"), candidate("two"));
    queue(&site, &["publish", &one, &two, "--quality", "40"]).good();
    queue(
        &site,
        &["reject", &candidate("three"), "--reason", "old news"],
    )
    .good();
    let line = ledger(&site).pop().unwrap();
    assert_eq!(
        (&line["decision"], &line["reason"]),
        (&"rejected".into(), &"old news".into())
    );
    assert_eq!(names(&site, "content/queue").len(), 0);
    // A run in between changes nothing: what was decided is known.
    fetch(&site, "2026-11-25T18:40:00Z", &[]);
    for name in ["three", "two", "one"] {
        let run = queue(&site, &["undo"]).good();
        assert!(run.stdout.starts_with(&candidate(name)), "{run}");
    }
    let run = queue(&site, &["undo"]).exits(1);
    assert!(
        run.stderr.contains("no decision that could be undone"),
        "{run}"
    );
    for (name, text) in ["one", "two", "three"].iter().zip(texts) {
        assert_eq!(site.read(&candidate(name)), text);
    }
    assert_eq!(names(&site, "content/news").len(), 0);
    assert!(
        decisions(&site)
            .values()
            .all(|decision| decision == "queued")
    );
}

#[test]
fn what_is_done_by_hand_is_a_decision_too() {
    let site = filled();
    let text = site.read(&candidate("one"));
    site.write("content/news/mine.md", text);
    site.remove(&candidate("one"));
    site.remove(&candidate("two"));
    let listed = queue(&site, &[]).good();
    assert_eq!(listed.stdout.lines().count(), 2, "{listed}");
    assert_eq!(ledger(&site).len(), 3, "a listing writes nothing");
    queue(&site, &["publish", &candidate("three")]).good();
    let decided = decisions(&site);
    assert_eq!(
        (
            decided["r1"].as_str(),
            decided["r2"].as_str(),
            decided["r3"].as_str()
        ),
        ("published", "rejected", "published")
    );
    // A folder that is not there says nothing.
    let site = filled();
    std::fs::remove_dir_all(site.path("content/queue")).unwrap();
    fetch(&site, "2026-11-25T18:40:00Z", &[]);
    assert!(
        decisions(&site)
            .values()
            .all(|decision| decision == "queued")
    );
}

#[test]
fn a_copy_is_that_of_its_candidate() {
    let site = filled();
    // Stopped before the ledger had a line: the copy is there, and was edited by somebody.
    let text = site.read(&candidate("one"));
    let copy = ".newsgen/fetch/removed/2026-11-24-one";
    site.write(&format!("{copy}.md"), text.replace("/r1", "/another"));
    site.write(
        &format!("{copy}-2.md"),
        text.replace("title: ", "title: My "),
    );
    // And one of which there is a copy of the same name only.
    let other = text.replace("/r1", "/another");
    site.write(".newsgen/fetch/removed/2026-11-24-two.md", other);
    site.remove(&candidate("one"));
    site.remove(&candidate("two"));
    queue(&site, &["reject", &candidate("three")]).good();
    let lines = ledger(&site);
    let last = |id: &str| lines.iter().rfind(|line| line["id"] == id).unwrap();
    assert_eq!(last("r1")["path"], format!("{copy}-2.md"));
    assert_eq!(last("r2")["decision"], "rejected");
    assert_eq!(last("r2").get("path"), None);
}

#[test]
fn old_candidates_expire_and_do_not_come_back() {
    let site = filled();
    let run = queue_at(&site, "2026-12-08T12:00:00Z", &["expire"]).good();
    assert_eq!(run.stdout, "0 candidates expired\n");
    let later = "2026-12-10T12:00:00Z";
    let run = queue_at(&site, later, &["expire"]).good();
    assert_eq!(run.stdout, "3 candidates expired\n");
    assert!(
        decisions(&site)
            .values()
            .all(|decision| decision == "expired")
    );
    fetch(&site, later, &["--source", "rivers"]);
    assert_eq!(names(&site, "content/queue").len(), 0);
    queue_at(&site, later, &["undo"]).good();
    assert_eq!(names(&site, "content/queue").len(), 1);
    // Copies are kept as long as candidates.
    queue_at(&site, "2027-01-10T12:00:00Z", &["expire"]).good();
    assert_eq!(names(&site, ".newsgen/fetch/removed").len(), 1);
    assert_eq!(
        names(&site, "content/ledger"),
        ["2026-11.jsonl", "2026-12.jsonl", "2027-01.jsonl"]
    );
}

#[test]
fn a_ledger_that_is_cut_off_is_reported_and_nothing_comes_in_twice() {
    let site = filled();
    let text = site.read("content/ledger/2026-11.jsonl");
    site.write("content/ledger/2026-11.jsonl", &text[..text.len() - 30]);
    let check = site.check().good();
    assert!(
        check.stderr.contains("cut off or damaged") && check.stderr.contains("2026-11.jsonl:3"),
        "{check}"
    );
    let run = site
        .newsgen(["fetch", "--now", NOW, "--source", "rivers"])
        .run();
    assert!(run.stderr.contains("cut off or damaged"), "{run}");
    assert_eq!(names(&site, "content/queue").len(), 3);
}

#[test]
fn a_ledger_from_elsewhere_moves_no_other_file() {
    let site = filled();
    queue(&site, &["reject", &candidate("one")]).good();
    // A published line with other paths, as a merge could bring it.
    let line = |path: &str, from: &str| {
        let fields = serde_json::json!({
            "time": "2026-11-26T00:00:00Z", "n": 99, "id": "evil", "decision": "published",
            "by": "editor", "path": path, "from": from,
        });
        format!("{fields}\n")
    };
    let before = site.read("site.toml");
    let evil = line("site.toml", "templates/x.md")
        + &line("content/news/../../site.toml", "content/queue/x.md");
    site.write("content/ledger/2026-12.jsonl", evil);
    let run = queue(&site, &["undo"]).good();
    assert!(run.stdout.contains("one"), "{run}");
    assert_eq!(site.read("site.toml"), before);
    assert!(
        names(&site, "content/queue")
            .iter()
            .any(|name| name.contains("one"))
    );
}
