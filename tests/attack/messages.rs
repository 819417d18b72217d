//! Messages about hostile files: each names its file, and none forges a line or moves the cursor.

use std::process::Command;

use crate::payloads::TEXTS;
use crate::support::{folder, put};
use crate::{Findings, fields, settings};

#[test]
fn messages_forge_no_lines() {
    let site = folder();
    put(site.path(), "site.toml", settings("none"));
    put(
        site.path(),
        "content/news/good.md",
        fields::article(0, plain()),
    );
    for (number, payload) in TEXTS.iter().enumerate() {
        // The payload as a name too: in a message that quotes it, it must stay one.
        let name = fields::quoted(&payload.text("MARK"));
        let twice = format!("---\ntitle: x\n{name}: 1\n{name}: 2\n---\n");
        put(
            site.path(),
            &format!("content/news/twice-{number:03}.md"),
            twice,
        );
        for (name, text) in fields::misplaced(number) {
            put(site.path(), &format!("content/news/{name}.md"), text);
        }
    }
    let mut found = Findings::default();
    for (arguments, code) in [
        (&["build", "--keep-going", "--verbose"][..], 0),
        (&["build", "--verbose"], 1),
        (&["check", "--verbose"], 1),
        (&["check", "--format", "github"], 1),
        (&["list"], 1),
    ] {
        let run = Command::new(env!("CARGO_BIN_EXE_newsgen"))
            .args(arguments)
            .args([
                "--now",
                "2026-11-21T12:00:00Z",
                "--color",
                "never",
                "--root",
            ])
            .arg(site.path())
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
        let (out, err) = (text(&run.stdout), text(&run.stderr));
        assert_eq!(run.status.code(), Some(code), "{arguments:?}");
        assert!(!err.contains("panicked at"), "{err}");
        // Each is in the messages: else it would not be known what becomes of it there.
        let all = [&*out, &*err].concat();
        for number in (0..TEXTS.len()).filter(|_| arguments.len() > 1) {
            let file = format!("twice-{number:03}.md");
            assert!(all.contains(&file), "{arguments:?} says nothing of {file}");
        }
        let is_github = arguments.contains(&"github");
        for line in out.lines().chain(err.lines()) {
            let is_command = line.trim_start().starts_with("::");
            let is_ours = is_github
                && (line.starts_with("::error file=") || line.starts_with("::warning file="));
            if is_command && !is_ours {
                found.add(&arguments.join(" "), format!("a command: {line}"));
            }
            let is_bad = |c: char| {
                (c.is_control() && c != '\t')
                    || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            };
            if line.contains(is_bad) {
                found.add(
                    &arguments.join(" "),
                    format!("a control or direction character: {line}"),
                );
            }
        }
    }
    found.none();
}

fn plain() -> fields::Filler {
    fields::Filler::new(fields::Filling::Plain(0))
}
