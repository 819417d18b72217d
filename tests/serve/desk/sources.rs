//! Sources, and the commands that the desk runs.

use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::{Editor, files, with_queue};
use crate::preview::{Preview, write};
use crate::server::{Answer, Server};

const SOURCE: &str = "# Ours\nfeed: https://news.example/feed.xml   # slow\ntitle: 'The News'\n";

fn source(editor: &Editor<'_>) -> Value {
    editor.get("sources")["sources"][0].clone()
}

/// What a job came to.
pub(super) fn done(editor: &Editor<'_>, job: &Value) -> Value {
    for _ in 0..500 {
        let job = editor.get(&format!("jobs/{job}"));
        if !job["code"].is_null() {
            return job;
        }
        thread::sleep(Duration::from_millis(20));
    }
    panic!("job {job} does not end");
}

#[test]
fn a_source_is_paused_by_one_line() {
    let folder = with_queue(2);
    write(folder.path(), "content/sources/news.yaml", SOURCE);
    let preview = Preview::of(folder, &[]);
    let editor = Editor::at(&preview);
    let row = source(&editor);
    assert_eq!(
        (&row["name"], &row["state"]),
        (&json!("news"), &json!("active"))
    );
    assert_eq!((&row["queued"], &row["published"]), (&json!(2), &json!(0)));
    let change = |what: &str| json!({ "id": row["id"], "do": what });
    assert_eq!(editor.post("sources", &change("pause")).0, 200);
    assert_eq!(source(&editor)["state"], "paused");
    let text = std::fs::read_to_string(preview.path("content/sources/news.yaml")).unwrap();
    assert_eq!(text, format!("{SOURCE}paused: true\n"));
    assert_eq!(editor.post("sources", &change("resume")).0, 200);
    assert_eq!(source(&editor)["state"], "active");
    assert_eq!(
        editor
            .post("sources", &json!({ "id": "x", "do": "pause" }))
            .0,
        404
    );
    assert_eq!(
        editor
            .post("sources", &json!({ "id": row["id"], "do": "delete" }))
            .0,
        400
    );
}

#[test]
fn a_feed_is_asked_for_by_a_command_of_its_own() {
    let folder = with_queue(0);
    // A private address: it is refused before anything is sent.
    let feed = "feed: http://127.0.0.1:9/feed.xml\n";
    write(folder.path(), "content/sources/news.yaml", feed);
    let preview = Preview::of(folder, &[]);
    let editor = Editor::at(&preview);
    let id = source(&editor)["id"].clone();
    let (status, answer) = editor.post("sources", &json!({ "id": id, "do": "fetch" }));
    assert_eq!(status, 200, "{answer}");
    let job = done(&editor, &answer["job"]);
    assert_eq!(job["command"], "fetch --source news");
    assert!(
        job["code"] != 0 && !job["lines"].as_array().unwrap().is_empty(),
        "{job}"
    );
    assert_eq!(source(&editor)["state"], "failing");
}

#[test]
fn a_source_is_tested_with_its_rules_and_nothing_is_written() {
    let server = Server::new(|_| {
        let feed = "<rss version=\"2.0\"><channel><title>News</title><item><title>Old weir on \
                    fire</title><link>https://news.example/weir</link></item><item><title>Advert: \
                    buy</title><link>https://news.example/advert</link></item></channel></rss>";
        Some(Answer::ok("Content-Type: application/rss+xml\r\n", feed))
    });
    let folder = with_queue(0);
    let settings = format!(
        "title = \"Small\"\nbase_url = \"https://example.org/\"\n[fetch]\nallow_hosts = [\"{}\"]\n",
        server.host()
    );
    write(folder.path(), "site.toml", &settings);
    let source_file = format!("feed: {}\nskip:\n  - Advert\n", server.url("/feed.xml"));
    write(folder.path(), "content/sources/news.yaml", &source_file);
    let preview = Preview::of(folder, &[]);
    let before = files(preview.folder.path());
    let editor = Editor::at(&preview);
    let id = source(&editor)["id"].clone();
    let (_, answer) = editor.post("sources", &json!({ "id": id, "do": "test" }));
    let job = done(&editor, &answer["job"]);
    assert_eq!(job["code"], 0, "{job}");
    let said = job["lines"].to_string();
    assert!(
        said.contains("Old weir on fire") && said.contains("skip"),
        "{said}"
    );
    assert_eq!(files(preview.folder.path()), before);
}
