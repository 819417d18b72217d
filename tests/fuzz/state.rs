//! What newsgen keeps: article cache, manifest, journal, and the notes of a deploy at its target.
//!
//! The seeds are made by a build: these files belong to one version of newsgen. Their damage is
//! found by checksums; half of the inputs therefore get a new checksum, so that what is behind it
//! is tried too.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::Command;

use newsgen::deploy::encode;
use newsgen::deploy::record::{Intent, Record};
use newsgen::hash::Hash128;
use newsgen::write::Trust;

use crate::runner::Target;
use crate::support::{How, Tree, build, difference, folder, put, reason, story};

fn write_site(root: &Path) {
    put(
        root,
        "site.toml",
        "title = \"State\"\nbase_url = \"https://news.example/\"\nsearch.enabled = false\n\
         archive.enabled = false\nfeeds.formats = [\"atom\"]\n",
    );
    for number in 1..5 {
        let head = story(
            &format!("Story {number}"),
            &format!("2026-02-0{number}"),
            &format!("https://a.example/{number}"),
            "topics: [A]\n",
        );
        put(
            root,
            &format!("content/news/{number}.md"),
            format!("{head}A text.\n"),
        );
    }
}

/// Gives a table the checksum of its content; its kind is in the first line.
fn mended(bytes: &[u8]) -> Vec<u8> {
    let start = bytes
        .iter()
        .position(|byte| *byte == b'\n')
        .map_or(0, |at| at + 1);
    match bytes.get(start + 16..) {
        Some(body) => [&bytes[..start], &Hash128::of_many(body).0, body].concat(),
        None => bytes.to_vec(),
    }
}

/// What gzip packed.
fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(bytes)
        .read_to_end(&mut unpacked)
        .ok()?;
    Some(unpacked)
}

fn deploy(root: &Path, target: &Path) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_newsgen"))
        .args(["deploy", "--color", "never", "--root"])
        .arg(root)
        .arg(format!("file://{}", target.display()))
        .output()
        .unwrap()
}

/// The inputs are files of the state folder, each with a byte before it that says which one it is.
#[test]
fn state() {
    let (site, target) = (folder(), folder());
    let root = site.path();
    write_site(root);
    build(root, How::default())
        .map_err(|failure| reason(&failure))
        .unwrap();
    let whole = Tree::of(&root.join("public"));
    let kept = state_files(root);
    assert!(deploy(root, target.path()).status.success());
    let notes: BTreeMap<String, Vec<u8>> = Tree::of(target.path())
        .into_iter()
        .filter(|(path, _)| path.starts_with(".newsgen-deploy/"))
        .collect();
    assert!(
        kept.len() > 1 && !notes.is_empty(),
        "{:?} {:?}",
        kept.keys(),
        notes.keys()
    );
    let names: Vec<&String> = kept.keys().chain(notes.keys()).collect();
    let mut seeds: Vec<Vec<u8>> = kept
        .values()
        .chain(notes.values())
        .enumerate()
        .map(|(number, bytes)| [&[number as u8], bytes.as_slice()].concat())
        .collect();
    // The notes of a deploy are packed; what is in them is an input too.
    seeds.extend(notes.values().enumerate().filter_map(|(number, bytes)| {
        Some([&[(kept.len() + number) as u8], unpacked(bytes)?.as_slice()].concat())
    }));
    let check = |input: &[u8]| {
        let Some((number, bytes)) = input.split_first() else {
            return;
        };
        let name = names[usize::from(*number) % names.len()].as_str();
        let gets_checksum = Hash128::of(input).number().is_multiple_of(2);
        let bytes = if gets_checksum {
            mended(bytes)
        } else {
            bytes.to_vec()
        };
        if notes.contains_key(name) {
            for bytes in [bytes.clone(), encode::gzip(&bytes)] {
                drop(Record::of_bytes(&bytes));
                drop(Intent::of_bytes(&bytes));
                if Hash128::of(input).number().is_multiple_of(16) {
                    put(target.path(), name, &bytes);
                    let run = deploy(root, target.path());
                    let messages = String::from_utf8_lossy(&run.stderr).into_owned();
                    assert!(
                        run.status.code().is_some() && !messages.contains("panicked"),
                        "{messages}"
                    );
                }
            }
            return;
        }
        for (path, bytes) in &kept {
            put(root, path, bytes);
        }
        put(root, name, &bytes);
        let built = build(root, How::default());
        // What has a good checksum is what somebody wrote, and may be believed.
        if !gets_checksum || bytes == kept[name] {
            built.map_err(|failure| reason(&failure)).unwrap();
            assert_eq!(
                difference(&Tree::of(&root.join("public")), &whole),
                None,
                "{name}"
            );
        } else {
            let how = How {
                trust: Trust::Nothing,
                ..How::default()
            };
            build(root, how)
                .map_err(|failure| reason(&failure))
                .unwrap();
            // A believed article may have had pages that the records of the first build do not
            // name: the next input begins with the output that belongs to them.
            fs::remove_dir_all(root.join("public")).unwrap();
            for (path, bytes) in &whole {
                put(root, &format!("public/{path}"), bytes);
            }
        }
    };
    Target {
        name: "state",
        words: Vec::new(),
        seeds,
        check: &check,
    }
    .run();
}

/// Everything that a build left besides the site.
fn state_files(root: &Path) -> Tree {
    let mut found = Tree::of(root);
    found.retain(|path, _| path.starts_with(".newsgen/"));
    found
}
