//! The desk: decisions and edits over its API, and who may make them.

mod attack;
mod commit;
mod decisions;
mod edits;
mod events;
mod many;
mod new;
mod publish;
mod sources;

use std::path::Path;

use serde_json::{Value, json};

use crate::preview::{Answer, Preview, site, write};
use crate::support::Tree;

/// Somebody at the desk: a page that was loaded from it.
pub(crate) struct Editor<'p> {
    preview: &'p Preview,
    token: String,
}

/// Where the page is, as the browser says it.
pub(crate) const ORIGIN: &str = "Origin: http://localhost";
pub(crate) const JSON: &str = "Content-Type: application/json";

/// The token in a page; empty if there is none.
pub(crate) fn token(page: &Answer) -> String {
    let text = page.text();
    let start = text.split("name=\"newsgen-token\" content=\"").nth(1);
    start
        .and_then(|rest| rest.split('"').next())
        .unwrap_or_default()
        .to_owned()
}

impl<'p> Editor<'p> {
    pub(crate) fn at(preview: &'p Preview) -> Editor<'p> {
        let token = token(&preview.get("/__newsgen/"));
        assert_eq!(token.len(), 64);
        Editor { preview, token }
    }

    /// A request that writes: its status and what it says.
    pub(crate) fn post(&self, call: &str, body: &Value) -> (u16, Value) {
        let token = format!("X-Newsgen-Token: {}", self.token);
        let body = body.to_string();
        let length = format!("Content-Length: {}", body.len());
        let path = format!("/__newsgen/api/{call}");
        let headers = [ORIGIN, JSON, &token, &length];
        let answer = self.preview.send("POST", &path, &headers, body.as_bytes());
        let value = serde_json::from_slice(&answer.body).unwrap();
        (answer.status, value)
    }

    /// A request that reads.
    pub(crate) fn get(&self, call: &str) -> Value {
        let answer = self.preview.get(&format!("/__newsgen/api/{call}"));
        assert_eq!(answer.status, 200, "{}", answer.text());
        serde_json::from_slice(&answer.body).unwrap()
    }

    /// The candidate of a file.
    pub(crate) fn candidate(&self, path: &str) -> Value {
        let queue = self.get("queue");
        let mut all = queue["candidates"].as_array().unwrap().iter();
        let found = all.find(|row| row["path"] == path);
        found
            .unwrap_or_else(|| panic!("no candidate {path}: {queue}"))
            .clone()
    }

    /// The article of a file, once the site has it.
    pub(crate) fn article(&self, path: &str) -> Value {
        for _ in 0..200 {
            let list = self.get("articles");
            let mut all = list["rows"].as_array().unwrap().iter();
            if let Some(row) = all.find(|row| row["path"] == path) {
                return row.clone();
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        panic!("no article {path}");
    }

    pub(crate) fn decide(&self, decision: &str, rows: &[&Value]) -> (u16, Value) {
        let items: Vec<Value> = rows.iter().map(|row| item(row)).collect();
        self.post("decide", &json!({ "items": items, "decision": decision }))
    }

    pub(crate) fn set(&self, row: &Value, field: &str, value: &str) -> (u16, Value) {
        let changes = json!([{ "field": field, "set": value }]);
        self.post("edit", &json!({ "items": [item(row)], "changes": changes }))
    }

    pub(crate) fn undo(&self) -> (u16, Value) {
        self.post("undo", &json!({}))
    }
}

/// A row as requests name it.
pub(crate) fn item(row: &Value) -> Value {
    json!({ "id": row["id"], "hash": row["hash"] })
}

/// A candidate as `fetch` writes it.
pub(crate) fn candidate(number: usize) -> String {
    format!(
        "---\ntitle: \"Candidate {number}\"\nexcerpt: \"What it says\"\npublishedDateTime: \
         2026-10-20T09:00:00Z\noriginalUrl: \"https://news.example/c/{number}\"\ntype: \
         article\nprovider:\n  name: \"News\"\n  domain: news.example\ntopics:\n  - \"AI\"\n---\n"
    )
}

/// A line of the ledger for a candidate.
fn queued(number: usize) -> String {
    json!({
        "time": "2026-10-20T10:00:00Z", "n": number, "source": "news", "id": format!("c{number}"),
        "url": format!("https://news.example/c/{number}"), "decision": "queued", "by": "rules",
        "path": path(number),
    })
    .to_string()
}

pub(crate) fn path(number: usize) -> String {
    format!("content/queue/candidate-{number}.md")
}

/// A small site with so many candidates.
pub(crate) fn with_queue(count: usize) -> tempfile::TempDir {
    let folder = site();
    let mut ledger = String::new();
    for number in 0..count {
        write(folder.path(), &path(number), &candidate(number));
        ledger += &format!("{}\n", queued(number));
    }
    write(folder.path(), "content/ledger/2026-10.jsonl", &ledger);
    folder
}

/// All files of a site but for the state and the ledger, with their bytes.
pub(crate) fn files(root: &Path) -> Tree {
    let mut found = Tree::of(root);
    found.retain(|path, _| !path.starts_with(".newsgen/") && !path.starts_with("content/ledger/"));
    found
}

/// The lines of the ledger.
pub(crate) fn ledger(root: &Path) -> Vec<Value> {
    let mut lines = Vec::new();
    for entry in std::fs::read_dir(root.join("content/ledger")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        lines.extend(text.lines().map(|line| serde_json::from_str(line).unwrap()));
    }
    lines
}
