//! Stories are joined to events and pinned; and a candidate is shown as it would be.

use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::{Editor, candidate, files, item, path, with_queue};
use crate::preview::{Preview, write};

fn text(preview: &Preview, path: &str) -> String {
    std::fs::read_to_string(preview.path(path)).unwrap()
}

fn edit(editor: &Editor<'_>, items: &[Value], change: &Value) -> Value {
    let (status, answer) = editor.post("edit", &json!({ "items": items, "changes": [change] }));
    assert_eq!(status, 200, "{answer}");
    answer
}

/// A candidate, when it is as it should be: advice follows the files.
fn once(editor: &Editor<'_>, number: usize, is_right: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..500 {
        let row = editor.candidate(&path(number));
        if is_right(&row) {
            return row;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("{}", editor.candidate(&path(number)));
}

#[test]
fn stories_are_joined_to_an_event_near_by_and_parted() {
    let folder = with_queue(3);
    let named = candidate(9).replace("Candidate 9", "Strike at the docks of Holm");
    let named = named.replace("type:", "event: dock-strike\ntype:");
    write(folder.path(), "content/news/strike.md", &named);
    let preview = Preview::of(folder, &[]);
    let editor = Editor::at(&preview);
    let before = files(preview.folder.path());
    let row = editor.candidate(&path(0));
    let id = row["id"].as_str().unwrap();
    let near = editor.get(&format!("events/{id}"));
    assert_eq!(near["name"], "candidate-0");
    let offered = near["events"].as_array().unwrap();
    let strike = offered.iter().find(|it| it["name"] == "dock-strike");
    let strike = strike.unwrap_or_else(|| panic!("{near}"));
    // It has a name, so that no other file has to change.
    assert_eq!(
        (&strike["first"], &strike["reports"]),
        (&Value::Null, &json!(1))
    );
    let found = editor.get(&format!("events/{id}?q=DOCKS%20strike"));
    assert_eq!(found["events"].as_array().unwrap().len(), 1);

    let join = json!({ "field": "event", "set": "dock-strike" });
    edit(&editor, &[item(&row)], &join);
    assert!(text(&preview, &path(0)).contains("\nevent: dock-strike\n"));
    // The queue shows who is on the same event by now.
    let row = once(&editor, 0, |row| !row["site"].is_null());
    assert_eq!(row["event"], "dock-strike");
    assert_eq!(row["site"][0]["title"], "Strike at the docks of Holm");

    // One without a name gets it in its first report as well.
    let other = editor.candidate(&path(1));
    let near = editor.get(&format!("events/{}", other["id"].as_str().unwrap()));
    let third = near["events"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["title"] == "Candidate 2");
    let third = third.unwrap_or_else(|| panic!("{near}"));
    let name = third["name"].as_str().unwrap();
    let both = [item(&other), third["first"].clone()];
    edit(&editor, &both, &json!({ "field": "event", "set": name }));
    let group = || editor.candidate(&path(2))["group"].clone();
    once(&editor, 1, |row| row["group"] == group());

    let row = editor.candidate(&path(1));
    edit(
        &editor,
        &[item(&row)],
        &json!({ "field": "event", "set": "none" }),
    );
    once(&editor, 1, |row| row["group"] != group());
    for _ in 0..3 {
        assert_eq!(editor.undo().0, 200);
    }
    assert_eq!(files(preview.folder.path()), before);
}

#[test]
fn a_pin_is_a_line() {
    let preview = Preview::of(with_queue(1), &[]);
    let editor = Editor::at(&preview);
    let before = files(preview.folder.path());
    let row = editor.candidate(&path(0));
    assert_eq!(row["pin"], false);
    edit(
        &editor,
        &[item(&row)],
        &json!({ "field": "pin", "set": "true" }),
    );
    assert!(text(&preview, &path(0)).contains("\npin: true\n"));
    let row = editor.candidate(&path(0));
    assert_eq!(row["pin"], true);
    edit(
        &editor,
        &[item(&row)],
        &json!({ "field": "pin", "set": "2026-11-30" }),
    );
    let row = editor.candidate(&path(0));
    assert_eq!(row["pin"], "2026-11-30T00:00:00Z");
    let soon = json!({ "items": [item(&row)], "changes": [{ "field": "pin", "set": "soon" }] });
    assert_eq!(editor.post("edit", &soon).0, 422);
    for _ in 0..2 {
        assert_eq!(editor.undo().0, 200);
    }
    assert_eq!(files(preview.folder.path()), before);
}

#[test]
fn a_candidate_is_shown_as_it_would_be() {
    let folder = with_queue(2);
    let low = candidate(1).replace("type:", "quality: 10\ntype:");
    write(folder.path(), &path(1), &low);
    let good = candidate(0).replace("type:", "quality: 90\ntype:");
    write(folder.path(), &path(0), &good);
    let preview = Preview::of(folder, &[]);
    let editor = Editor::at(&preview);
    let before = files(preview.folder.path());
    let home = preview.get("/").body;
    let shown = |row: &Value, query: &str| {
        let id = row["id"].as_str().unwrap();
        preview.get(&format!("/__newsgen/candidate/{id}{query}"))
    };
    let row = editor.candidate(&path(0));
    let (page, front) = (shown(&row, ""), shown(&row, "?front"));
    assert_eq!((page.status, front.status), (200, 200), "{}", page.text());
    let text = page.text();
    assert!(
        text.contains("Candidate 0") && text.contains("What it says"),
        "{text}"
    );
    assert!(front.text().contains("Candidate 0") && front.text().contains("Story 5"));
    for page in [&page, &front] {
        let policy = page.header("content-security-policy");
        assert!(
            policy.contains("sandbox") && policy.contains("script-src 'none'"),
            "{policy}"
        );
        assert_eq!(page.header("cache-control"), "no-store");
    }
    // What becomes of it then is the same page.
    let as_published = page.body.clone();
    let (status, done) = editor.decide("publish", &[&row]);
    assert_eq!(status, 200, "{done}");
    let row = editor.article("content/news/candidate-0.md");
    let page = preview.get(row["url"].as_str().unwrap());
    assert_eq!(crate::preview::without_script(&page.body), as_published);
    assert_eq!(editor.undo().0, 200);
    let left_out = shown(&editor.candidate(&path(1)), "").text();
    assert!(
        left_out.contains("would be left out: low quality"),
        "{left_out}"
    );

    assert_eq!(preview.get("/__newsgen/candidate/x").status, 404);
    let id = editor.candidate(&path(0))["id"].clone();
    let path = format!("/__newsgen/candidate/{}", id.as_str().unwrap());
    let stranger = preview.ask("GET", &path, &["Sec-Fetch-Site: cross-site"]);
    assert_eq!(stranger.status, 403);
    assert_eq!(files(preview.folder.path()), before);
    preview.wait_for("/", |answer| answer.body == home);
}

#[test]
fn a_candidate_is_not_shown_without_the_password() {
    let preview = Preview::with_password(with_queue(1), "right");
    let answer = preview.get("/__newsgen/candidate/x");
    assert_eq!(answer.status, 401);
}
