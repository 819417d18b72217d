//! Many hands at once, and a program that is killed.

use std::collections::BTreeMap;
use std::fs;
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::{Editor, candidate, files, item, ledger, path, with_queue};
use crate::preview::{Preview, write};

/// Numbers that look like chance, the same in each run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) as usize % most
    }
}

/// Two tabs and a text editor, each with its own idea of a file. Whatever they write, in whatever
/// order: an edit is in the file, or its author got the message that it is not.
#[test]
fn no_edit_is_lost_silently() {
    const FILES: usize = 6;
    let preview = Preview::of(with_queue(FILES), &[]);
    let tabs = [Editor::at(&preview), Editor::at(&preview)];
    let mut seen: Vec<Vec<Value>> = tabs
        .iter()
        .map(|tab| {
            (0..FILES)
                .map(|number| tab.candidate(&path(number)))
                .collect()
        })
        .collect();
    let mut texts: Vec<String> = (0..FILES).map(candidate).collect();
    let mut chance = Chance(11);
    let (mut written, mut refused) = (0, 0);
    for step in 0..500 {
        let number = chance.below(FILES);
        match chance.below(4) {
            // The text editor reads, changes and saves.
            0 => {
                let text = texts[number]
                    .lines()
                    .map(|line| match line.starts_with("excerpt") {
                        true => format!("excerpt: \"Step {step}\"\n"),
                        false => format!("{line}\n"),
                    });
                texts[number] = text.collect();
                write(preview.folder.path(), &path(number), &texts[number]);
            }
            // A tab is brought up to date.
            1 => {
                let tab = chance.below(2);
                let text = texts[number].clone();
                for _ in 0..500 {
                    seen[tab][number] = tabs[tab].candidate(&path(number));
                    let hash = seen[tab][number]["hash"].clone();
                    if hash == hash_of(&text) {
                        break;
                    }
                    thread::sleep(Duration::from_millis(10));
                }
            }
            // A tab edits what it sees.
            _ => {
                let tab = chance.below(2);
                let row = seen[tab][number].clone();
                let is_current = row["hash"] == hash_of(&texts[number]);
                let quality = chance.below(100).to_string();
                let (status, answer) = tabs[tab].set(&row, "quality", &quality);
                let now = fs::read_to_string(preview.path(&path(number))).unwrap();
                if is_current {
                    assert_eq!(status, 200, "step {step}: {answer}");
                    let rest = |text: &str| -> Vec<String> {
                        let lines = text.lines().filter(|line| !line.starts_with("quality"));
                        lines.map(str::to_owned).collect()
                    };
                    assert_eq!(rest(&now), rest(&texts[number]));
                    assert!(now.contains(&format!("quality: {quality}\n")));
                    seen[tab][number] = answer["files"][0]["row"].clone();
                    texts[number] = now;
                    written += 1;
                } else {
                    assert_eq!((status, &answer["error"]), (409, &json!("changed")));
                    assert_eq!(
                        answer["conflicts"][0]["now"]["hash"],
                        hash_of(&texts[number])
                    );
                    assert_eq!(now, texts[number]);
                    refused += 1;
                }
            }
        }
    }
    assert!(written > 50 && refused > 50, "{written} {refused}");
}

fn hash_of(text: &str) -> Value {
    json!(newsgen::hash::Hash128::of(text.as_bytes()).to_string())
}

/// Killed at any moment, each file is the old one or the new one, each candidate is in one place,
/// and undoing every step restores the first state.
#[test]
fn a_killed_desk_leaves_nothing_half_done() {
    let rounds = match std::env::var("NEWSGEN_KILLS") {
        Ok(rounds) => rounds.parse().unwrap(),
        Err(_) => 8,
    };
    const FILES: usize = 12;
    let mut preview = Preview::of(with_queue(FILES), &[]);
    let before = files(preview.folder.path());
    let mut chance = Chance(5);
    // Rounds in which steps were left to be undone.
    let mut at_work = 0;
    for round in 0..rounds {
        let pid = preview.pid().to_string();
        let pause = Duration::from_micros(500 * chance.below(240) as u64);
        let (first, answered) = channel();
        let killer = thread::spawn(move || {
            // Something was answered by then, or the server ended by itself.
            let _ = answered.recv();
            thread::sleep(pause);
            let killed = std::process::Command::new("kill")
                .args(["-9", &pid])
                .status();
            assert!(killed.unwrap().success());
        });
        work_until_killed(&preview, &mut chance, &first);
        drop(first);
        killer.join().unwrap();
        preview.wait_for_end();
        for number in 0..FILES {
            // The second name is that of a story that was published while the first was taken.
            let names = ["", "-2"].map(|end| format!("candidate-{number}{end}.md"));
            let folders = ["content/queue", "content/news", ".newsgen/fetch/removed"];
            let mut places = Vec::new();
            for folder in folders {
                places.extend(
                    names
                        .iter()
                        .map(|name| preview.path(&format!("{folder}/{name}"))),
                );
            }
            let there: Vec<_> = places.iter().filter(|place| place.exists()).collect();
            assert_eq!(there.len(), 1, "round {round}: {there:?}");
            let text = fs::read_to_string(there[0]).unwrap();
            let lines = text.lines().filter(|line| !line.starts_with("quality: "));
            let rest: String = lines.map(|line| format!("{line}\n")).collect();
            assert_eq!(rest, candidate(number), "round {round}");
        }
        for (path, bytes) in &before {
            // Of an article there is all or nothing, but for the line that is edited.
            if let Ok(now) = fs::read_to_string(preview.path(path)) {
                let rest = |text: &str| -> Vec<String> {
                    let lines = text.lines().filter(|line| !line.starts_with("quality: "));
                    lines.map(str::to_owned).collect()
                };
                assert_eq!(
                    rest(&now),
                    rest(&String::from_utf8_lossy(bytes)),
                    "round {round}"
                );
            }
        }
        preview.restart();
        let editor = Editor::at(&preview);
        let mut undone = 0;
        loop {
            match editor.undo() {
                (200, _) => undone += 1,
                (404, _) => break,
                (status, answer) => panic!("round {round}: {status} {answer}"),
            }
        }
        at_work += usize::from(undone > 0);
        assert_eq!(files(preview.folder.path()), before, "round {round}");
        assert_eq!(editor.get("queue")["total"], FILES);
        let mut lines = ledger(preview.folder.path());
        lines.sort_by_key(|line| {
            let time = line["time"].as_str().unwrap().to_owned();
            (time, line["n"].as_u64().unwrap())
        });
        let last: BTreeMap<&str, &Value> = lines
            .iter()
            .map(|line| (line["id"].as_str().unwrap(), line))
            .collect();
        // Nothing was decided on any story, as far as the ledger is concerned.
        for (id, line) in &last {
            let wanted = match line["url"].as_str().unwrap_or_default() {
                url if url.contains("/c/") => "queued",
                url if url.contains("/new/") => "withdrawn",
                _ => "published",
            };
            assert_eq!(line["decision"], wanted, "round {round}: {id}: {line}");
        }
        assert!(last.len() >= FILES);
    }
    assert!(
        at_work * 4 > rounds,
        "nearly all kills came before the first step: {at_work} of {rounds}"
    );
}

/// Whether a row of the edition is one of the articles that the site had from the start.
fn is_story(row: &Value) -> bool {
    row["path"].as_str().unwrap().contains("/story-")
}

/// Decides and edits as fast as the server answers, until it does not any more.
fn work_until_killed(preview: &Preview, chance: &mut Chance, answered: &Sender<()>) {
    let page = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| Editor::at(preview)));
    let Ok(editor) = page else { return };
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        loop {
            let queue = editor.get("queue");
            let rows = queue["candidates"].as_array().unwrap();
            let Some(row) = rows.get(chance.below(rows.len().max(1))) else {
                editor.undo();
                continue;
            };
            // One story, or all that are left.
            let several: Vec<&Value> = rows.iter().collect();
            let chosen = match chance.below(3) {
                0 => &several[..],
                _ => &[row],
            };
            // Published candidates are not among those that are deleted: each has to be somewhere.
            let articles = editor.get("articles");
            let stories = articles["rows"].as_array().unwrap().iter();
            let stories: Vec<&Value> = stories.filter(|row| is_story(row)).collect();
            let Some(article) = stories.get(chance.below(stories.len().max(1))).copied() else {
                editor.undo();
                continue;
            };
            let items = |rows: &[&Value]| rows.iter().map(|row| item(row)).collect::<Vec<_>>();
            match chance.below(7) {
                0 => drop(editor.decide("publish", chosen)),
                1 => drop(editor.decide("reject", chosen)),
                2 => drop(editor.undo()),
                3 => drop(editor.post("delete", &json!({ "items": items(&[article]) }))),
                4 => {
                    let number = chance.below(1_000_000);
                    let url = format!("https://news.example/new/{number}");
                    let to = ["articles", "queue"][chance.below(2)];
                    let draft = json!({ "title": format!("New {number}"), "url": url,
                        "published": "2026-10-20T08:30:00Z" });
                    drop(editor.post("new", &json!({ "to": to, "draft": draft })));
                }
                5 => drop(editor.set(article, "quality", &chance.below(100).to_string())),
                _ => {
                    let quality = chance.below(100).to_string();
                    let changes = json!([{ "field": "quality", "set": quality }]);
                    let edit = json!({ "items": items(chosen), "changes": changes });
                    drop(editor.post("edit", &edit));
                }
            }
            // Who waits for it may have heard enough.
            let _ = answered.send(());
        }
    }));
    std::panic::set_hook(hook);
    drop(ended);
}
