//! What the commands print: `tests/transcripts/*.md`.
//!
//! Each page starts with a copy of `tests/transcripts/site`. A block ```` ```file PATH ```` writes
//! a file; a block ```` ```console ```` runs the commands after `$`. Below a command stands its
//! standard output, then its standard error with `! ` before each line, then the exit code if it is
//! not 0. Times and large counts of files are left out. `NEWSGEN_BLESS=1 cargo test --test
//! transcripts` writes the pages anew; read them as somebody who is new to newsgen.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod support;

use std::fs;
use std::path::Path;

use support::{Run, Site, compare, is_blessing, repository};

#[test]
fn articles() {
    transcript("articles");
}

#[test]
fn build() {
    transcript("build");
}

#[test]
fn check() {
    transcript("check");
}

#[test]
fn deploy() {
    transcript("deploy");
}

#[test]
fn list() {
    transcript("list");
}

#[test]
fn new() {
    transcript("new");
}

#[test]
fn set() {
    transcript("set");
}

#[test]
fn settings() {
    transcript("settings");
}

#[test]
fn templates() {
    transcript("templates");
}

#[test]
fn usage() {
    transcript("usage");
}

#[test]
fn every_page_is_read() {
    let known = [
        "articles.md",
        "build.md",
        "check.md",
        "deploy.md",
        "list.md",
        "new.md",
        "set.md",
        "settings.md",
        "site",
        "templates.md",
        "usage.md",
    ];
    let mut found: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .map(|item| item.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    found.sort();
    assert_eq!(found, known);
}

fn folder() -> std::path::PathBuf {
    repository().join("tests/transcripts")
}

fn transcript(name: &str) {
    let path = folder().join(format!("{name}.md"));
    let page = fs::read_to_string(&path).unwrap();
    let site = Site::copy_of(&folder().join("site"));
    let played = play(&page, &site);
    if is_blessing() {
        fs::write(&path, &played).unwrap();
    }
    let page = fs::read_to_string(&path).unwrap();
    assert!(
        page == played,
        "{name}.md, {}\nNEWSGEN_BLESS=1 takes this as right",
        compare(Some(&page), Some(&played))
    );
}

/// The page with what the commands print now.
fn play(page: &str, site: &Site) -> String {
    let mut played = String::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        played += line;
        played.push('\n');
        let Some(kind) = line.strip_prefix("```").filter(|kind| !kind.is_empty()) else {
            continue;
        };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        if let Some(path) = kind.strip_prefix("file ") {
            let text: String = block.iter().map(|line| format!("{line}\n")).collect();
            site.write(path, &text);
            played += &text;
        } else {
            assert_eq!(kind, "console");
            for command in block
                .iter()
                .filter_map(|line| line.strip_prefix("$ newsgen"))
            {
                played += &format!("$ newsgen{command}\n{}", shown(command, site));
            }
        }
        played += "```\n";
    }
    played
}

fn shown(command: &str, site: &Site) -> String {
    let words = words(command);
    // NOW, in seconds.
    let run = site
        .newsgen(words.iter().map(String::as_str))
        .env("SOURCE_DATE_EPOCH", "1795262400")
        .run();
    let Run {
        code,
        stdout,
        stderr,
        ..
    } = run;
    let mut text = String::new();
    for line in plain(&stdout, site.root()).lines() {
        text += line.trim_end();
        text.push('\n');
    }
    for line in plain(&stderr, site.root()).trim_end().lines() {
        text += format!("! {line}").trim_end();
        text.push('\n');
    }
    match code {
        Some(0) => text,
        Some(code) => text + &format!("[exit code {code}]\n"),
        None => text + "[killed]\n",
    }
}

/// Words of a command line, with quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = None;
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => {
                quoted = !quoted;
                word.get_or_insert_with(String::new);
            }
            ' ' if !quoted => words.extend(word.take()),
            c => word.get_or_insert_with(String::new).push(c),
        }
    }
    words.extend(word);
    words
}

/// Without what differs from run to run, or with every file that is added to the theme.
fn plain(text: &str, root: &Path) -> String {
    let text = text.replace(&root.display().to_string(), "[site]");
    let mut plain = String::new();
    for line in text.lines() {
        let is_summary = line.contains(" written, ") && line.contains(" unchanged, ");
        let words: Vec<String> = line
            .split(' ')
            .enumerate()
            .map(|(at, word)| {
                let number = word.trim_start_matches('(').parse::<f64>();
                let next = line.split(' ').nth(at + 1).unwrap_or_default();
                match number {
                    Ok(_) if matches!(next, "s)" | "ms") => {
                        word.replace(|c: char| c.is_ascii_digit(), "0")
                    }
                    Ok(count) if is_summary && count >= 20.0 => "[many]".to_owned(),
                    _ => word.to_owned(),
                }
            })
            .collect();
        let mut line = words.join(" ");
        if line.ends_with(" ms") || line.contains(" ms  ") {
            line = format!(
                "[time] ms{}",
                line.split_once(" ms").map_or("", |(_, stage)| stage)
            );
        }
        plain += &line;
        plain.push('\n');
    }
    plain
}
