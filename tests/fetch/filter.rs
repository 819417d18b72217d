//! The filter command: the scripts of the documentation, and commands that fail in every way.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};

use crate::fetch::{NOW, feed, fetch, item, ledger, names, site};
use crate::server::{Answer, Server};
use crate::support::{Site, repository};

/// A site whose feed has these items, with this filter command.
fn filtered(items: &[String], command: &[&str]) -> (Server, Site) {
    let text = feed(items);
    let server = Server::new(move |_| Some(Answer::ok("", &text)));
    let site = site(&server, &[("rivers", "/feed")]);
    let settings = site.read("site.toml");
    let command = serde_json::to_string(command).unwrap();
    site.write("site.toml", format!("{settings}fetch.filter = {command}\n"));
    (server, site)
}

/// The script of `docs/fetching.md` that begins with this name; none if there is no Python.
fn script(name: &str) -> Option<String> {
    let python = Command::new("python3")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if !python.is_ok_and(|status| status.success()) {
        println!("skipped: there is no python3");
        return None;
    }
    let page = std::fs::read_to_string(repository().join("docs/fetching.md")).unwrap();
    let scripts = page.split("```python\n").skip(1);
    let mut scripts = scripts.map(|rest| rest.split("```").next().unwrap().to_owned());
    let start = format!("# {name}:");
    Some(scripts.find(|script| script.starts_with(&start)).unwrap())
}

fn line_of<'l>(lines: &'l [Value], id: &str) -> &'l Value {
    lines.iter().find(|line| line["id"] == id).unwrap()
}

#[test]
fn the_script_of_the_documentation_scores_and_drops() {
    let Some(script) = script("score.py") else {
        return;
    };
    let items = [
        item("r1", "High water at Holm"),
        item("r2", "Vacancy: a lock keeper"),
        item("r3", "The mill"),
    ];
    let (_server, site) = filtered(&items, &["python3", "score.py"]);
    site.write("score.py", script);
    let run = fetch(&site, NOW, &[]).good();
    assert!(
        run.stdout.starts_with("rivers: 2 queued, 1 dropped\n"),
        "{run}"
    );
    let water = site.read("content/queue/2026-11-24-high-water-at-holm.md");
    assert!(water.contains("quality: 55\n"), "{water}");
    let mill = site.read("content/queue/2026-11-24-the-mill.md");
    assert!(mill.contains("quality: 40\n"), "{mill}");
    let lines = ledger(&site);
    assert_eq!(line_of(&lines, "r1")["reason"], "it mentions water");
    let dropped = line_of(&lines, "r2");
    assert_eq!(
        (&dropped["decision"], &dropped["by"]),
        (&json!("dropped"), &json!("filter"))
    );
    assert_eq!(dropped["reason"], "a job offer (fetch.filter)");
    // What was dropped stays dropped, and nothing is asked for what is known.
    let again = fetch(&site, "2026-11-25T14:00:00Z", &[]).good();
    assert_eq!(ledger(&site).len(), 3, "{again}");
}

/// A stand-in for a language model: it answers what `say` makes of the story that it is asked for.
fn model(say: fn(&str) -> String) -> (String, Arc<Mutex<Vec<Value>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!(
        "http://{}/v1/chat/completions",
        listener.local_addr().unwrap()
    );
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&asked);
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut bytes = Vec::new();
            let body = loop {
                let mut part = [0; 4096];
                let length = stream.read(&mut part).unwrap_or(0);
                bytes.extend(&part[..length]);
                let text = String::from_utf8_lossy(&bytes);
                let body = text.split_once("\r\n\r\n").map(|(_, body)| body);
                match body.and_then(|body| serde_json::from_str::<Value>(body).ok()) {
                    Some(body) => break body,
                    None if length == 0 => return,
                    None => {}
                }
            };
            let story = body["messages"][1]["content"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            seen.lock().unwrap().push(body);
            let message = json!({"role": "assistant", "content": say(&story)});
            let answer = json!({"choices": [{"message": message}]}).to_string();
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n",
                answer.len()
            );
            drop(stream.write_all(format!("{head}{answer}").as_bytes()));
        }
    });
    (url, asked)
}

#[test]
fn the_script_of_the_documentation_asks_a_language_model() {
    let Some(script) = script("ask.py") else {
        return;
    };
    let (url, asked) = model(|story| match story.contains("weir") {
        true => "Sure: {\"quality\": 81, \"reason\": \"it is about a weir\"}".to_owned(),
        false => "I cannot say.".to_owned(),
    });
    let items = [item("r1", "The weir"), item("r2", "The mill")];
    let (_server, site) = filtered(&items, &["python3", "ask.py"]);
    site.write("ask.py", script);
    let all = ["fetch", "--now", NOW];
    let run = site.newsgen(all).env("MODEL_URL", &url).run().good();
    assert!(
        run.stderr.contains("rivers: fetch.filter: The mill: "),
        "{run}"
    );
    let weir = site.read("content/queue/2026-11-24-the-weir.md");
    assert!(weir.contains("quality: 81\n"), "{weir}");
    let lines = ledger(&site);
    assert_eq!(
        line_of(&lines, "r1")["reason"],
        "the model: it is about a weir"
    );
    let mill = site.read("content/queue/2026-11-24-the-mill.md");
    assert!(mill.contains("quality: 40\n"), "{mill}");
    let asked = asked.lock().unwrap();
    assert_eq!(asked.len(), 2);
    let system = &asked[0]["messages"][0];
    assert_eq!(system["role"], "system");
    assert!(
        system["content"]
            .as_str()
            .unwrap()
            .contains("from 0 to 100")
    );
}

/// Commands that misbehave, and what is said of them.
#[cfg(unix)]
const BROKEN: [(&str, &str, &str); 9] = [
    (
        "crash",
        "cat > /dev/null; echo oops >&2; exit 3",
        "the command failed (exit status: 3)",
    ),
    ("signal", "kill -9 $$", "the command failed (signal: 9"),
    ("deaf", "exec < /dev/null; exit 1", "the command failed"),
    (
        "hang",
        "sleep 100; true",
        "the command did not end within 1 second (",
    ),
    (
        "late",
        "exec > /dev/null 2>&1; sleep 100; true",
        "the command did not end within 1 second (",
    ),
    (
        "endless",
        "exec yes hello",
        "the command wrote more than 16 MiB",
    ),
    (
        "noise",
        "cat > /dev/null; echo hello",
        "a line is not used: it is no object of JSON: hello",
    ),
    (
        "stranger",
        "cat > /dev/null; echo '{\"id\": \"zz\"}'",
        "no candidate of this call has its `id`",
    ),
    (
        "bad title",
        "cat > /dev/null; long=$(head -c 3000 /dev/zero | tr '\\0' x); \
         echo '{\"id\":\"r1\",\"topics\":[\"'$long'\"]}'",
        "",
    ),
];

#[cfg(unix)]
#[test]
fn a_command_that_fails_loses_nothing_and_is_reported() {
    for (what, command, said) in BROKEN {
        let items = [item("r1", "The weir"), item("r2", "The mill")];
        let (_server, site) = filtered(&items, &["sh", "-c", command]);
        let settings = site.read("site.toml");
        site.write(
            "site.toml",
            format!("{settings}fetch.filter_timeout = \"1 second\"\n"),
        );
        let run = fetch(&site, NOW, &[]).good();
        assert!(run.stderr.contains(said), "{what}: {run}");
        assert_eq!(names(&site, "content/queue").len(), 2, "{what}: {run}");
        let weir = site.read("content/queue/2026-11-24-the-weir.md");
        assert!(weir.contains("quality: 40\n"), "{what}: {weir}");
        assert!(run.peak < 400 << 20, "{what}: {} bytes", run.peak);
        assert!(run.stderr.len() < 20_000, "{what}: {run}");
    }
}

#[cfg(unix)]
#[test]
fn answers_before_a_failure_count_and_nothing_unanswered_is_published() {
    let items = [item("r1", "The weir"), item("r2", "The mill")];
    let command = "read first; echo '{\"id\": \"r1\", \"quality\": 90}'; exit 1";
    let (_server, site) = filtered(&items, &["sh", "-c", command]);
    let settings = site.read("site.toml");
    site.write(
        "site.toml",
        format!("{settings}fetch.publish = 'quality >= 20'\n"),
    );
    let run = fetch(&site, NOW, &[]).good();
    assert!(
        run.stderr.contains("1 of 2 candidates go on as they were"),
        "{run}"
    );
    assert_eq!(names(&site, "content/news"), ["2026-11-24-the-weir.md"]);
    assert_eq!(names(&site, "content/queue"), ["2026-11-24-the-mill.md"]);
}

#[cfg(unix)]
#[test]
fn an_answer_that_cannot_be_used_keeps_its_candidate_from_being_published() {
    for answer in [r#"{"id":"r1","dorp":true}"#, r#"{"id":"r1","quality":101}"#] {
        let items = [item("r1", "The weir"), item("r2", "The mill")];
        let command = format!("cat > /dev/null; echo '{answer}'");
        let (_server, site) = filtered(&items, &["sh", "-c", &command]);
        let settings = site.read("site.toml");
        site.write(
            "site.toml",
            format!("{settings}fetch.publish = 'quality >= 20'\n"),
        );
        let run = fetch(&site, NOW, &[]).good();
        assert!(run.stderr.contains("a line is not used"), "{run}");
        assert_eq!(names(&site, "content/queue"), ["2026-11-24-the-weir.md"]);
        // Of this one the command has nothing to say.
        assert_eq!(names(&site, "content/news"), ["2026-11-24-the-mill.md"]);
    }
}

#[cfg(unix)]
#[test]
fn a_score_stays_when_a_rejection_is_undone() {
    let command = r#"cat > /dev/null; echo '{"id": "r1", "quality": 83}'"#;
    let (_server, site) = filtered(&[item("r1", "The weir")], &["sh", "-c", command]);
    fetch(&site, NOW, &[]).good();
    let path = "content/queue/2026-11-24-the-weir.md";
    for arguments in [
        vec!["queue", "reject", path],
        vec!["queue", "undo"],
        vec!["queue", "publish", path],
    ] {
        site.newsgen([arguments, vec!["--now", NOW]].concat())
            .run()
            .good();
    }
    let text = site.read("content/news/2026-11-24-the-weir.md");
    assert!(text.contains("quality: 83\n"), "{text}");
    assert_eq!(ledger(&site).last().unwrap()["quality"], 83);
}

#[test]
fn a_command_that_does_not_exist_is_tried_once() {
    let text = feed(&[item("r1", "The weir")]);
    let server = Server::new(move |path| {
        Some(Answer::ok(
            "",
            text.replace("r1", path.trim_start_matches('/')),
        ))
    });
    let site = site(&server, &[("a", "/a"), ("b", "/b")]);
    let settings = site.read("site.toml");
    site.write(
        "site.toml",
        format!("{settings}fetch.filter = [\"./no-such-program\"]\n"),
    );
    let run = fetch(&site, NOW, &[]).good();
    assert_eq!(run.stderr.matches("cannot be started").count(), 1, "{run}");
    assert_eq!(names(&site, "content/queue").len(), 2);
}

#[test]
fn a_changed_item_is_filtered_again_and_its_candidate_keeps_what_the_command_says() {
    let Some(script) = script("score.py") else {
        return;
    };
    let count = Arc::new(Mutex::new(0));
    let server = Server::new(move |_| {
        let mut count = count.lock().unwrap();
        *count += 1;
        let title = format!("Water, part {}", *count);
        Some(Answer::ok("", feed(&[item("r1", &title)])))
    });
    let site = site(&server, &[("rivers", "/feed")]);
    let settings = site.read("site.toml");
    site.write(
        "site.toml",
        format!("{settings}fetch.filter = [\"python3\", \"score.py\"]\n"),
    );
    site.write("score.py", script);
    fetch(&site, NOW, &[]).good();
    fetch(&site, "2026-11-25T14:00:00Z", &[]).good();
    let text = site.read("content/queue/2026-11-24-water-part-1.md");
    assert!(
        text.contains("Water, part 2") && text.contains("quality: 55\n"),
        "{text}"
    );
}
