//! The door to the files of a site: the same contract on the disk and in memory, and what only a
//! disk has: links, permissions, other programs.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use newsgen::hash::Hash128;
use newsgen::workspace::{Disk, Memory, NewBytes, Workspace, WritableWorkspace, WriteError};
use tempfile::TempDir;

/// Runs a test against both.
fn both(test: impl Fn(&dyn WritableWorkspace)) {
    test(&Memory::default());
    let root = TempDir::new().unwrap();
    test(&Disk::new(root.path()));
    let left: Vec<_> = walk(root.path())
        .into_iter()
        .filter(|name| name.contains("newsgen-new"))
        .collect();
    assert!(left.is_empty(), "{left:?} is left");
}

fn walk(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for item in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if item.file_type().unwrap().is_dir() {
            names.extend(walk(&item.path()));
        } else {
            names.push(item.path().to_string_lossy().into_owned());
        }
    }
    names
}

fn hash(bytes: &[u8]) -> Hash128 {
    Hash128::of(bytes)
}

fn paths(files: &dyn WritableWorkspace) -> Vec<String> {
    let entries = files.list("content").entries;
    entries.into_iter().map(|entry| entry.path).collect()
}

#[test]
fn a_file_is_made_once() {
    both(|files| {
        files.create("content/news/a.md", b"one").unwrap();
        assert_eq!(files.read("content/news/a.md").unwrap(), b"one");
        let again = files.create("content/news/a.md", b"two");
        assert!(matches!(again, Err(WriteError::Exists)), "{again:?}");
        let folder = files.create("content/news", b"two");
        assert!(matches!(folder, Err(WriteError::Exists)), "{folder:?}");
        let below = files.create("content/news/a.md/b.md", b"two");
        assert!(
            matches!(&below, Err(WriteError::Io(e)) if e.kind() == io::ErrorKind::NotADirectory),
            "{below:?}"
        );
        assert_eq!(files.read("content/news/a.md").unwrap(), b"one");
        assert_eq!(paths(files), ["content/news/a.md"]);
    });
}

#[test]
fn a_file_is_replaced_if_nobody_changed_it() {
    both(|files| {
        let missing = files.replace("content/a.md", hash(b"one"), b"two");
        assert!(matches!(missing, Err(WriteError::Missing)), "{missing:?}");
        files.create("content/a.md", b"one").unwrap();
        files.replace("content/a.md", hash(b"one"), b"two").unwrap();
        let stale = files.replace("content/a.md", hash(b"one"), b"three");
        assert!(matches!(stale, Err(WriteError::Changed)), "{stale:?}");
        assert_eq!(files.read("content/a.md").unwrap(), b"two");
        files.replace("content/a.md", hash(b"two"), b"").unwrap();
        assert_eq!(files.read("content/a.md").unwrap(), b"");
        let folder = files.replace("content", hash(b"one"), b"two");
        assert!(matches!(folder, Err(WriteError::NotAFile)), "{folder:?}");
        assert_eq!(paths(files), ["content/a.md"]);
    });
}

#[test]
fn many_files_are_written_as_each_would_be() {
    both(|files| {
        files.create("a/old.md", b"old").unwrap();
        files.create("a/other.md", b"other").unwrap();
        let names: Vec<String> = (0..100).map(|number| format!("b/{number}.md")).collect();
        let write = |path, expected: Option<&[u8]>, bytes| NewBytes {
            path,
            expected: expected.map(hash),
            bytes,
        };
        let mut all: Vec<NewBytes<'_>> = names
            .iter()
            .map(|name| write(name, None, name.as_bytes()))
            .collect();
        all.extend([
            write("a/old.md", Some(b"old"), b"new"),
            write("a/other.md", Some(b"what was there before"), b"new"),
            write("a/other.md", None, b"new"),
            write("a/none.md", Some(b"x"), b"new"),
            write("b/0.md", None, b"twice"),
            write("../c.md", None, b"outside"),
        ]);
        let results = files.write_all(&all).unwrap();
        assert_eq!(results.len(), all.len());
        assert!(results[..101].iter().all(Result::is_ok));
        assert!(matches!(
            results[101..],
            [
                Err(WriteError::Changed),
                Err(WriteError::Exists),
                Err(WriteError::Missing),
                Err(WriteError::Exists),
                Err(WriteError::BadPath),
            ]
        ));
        for name in &names {
            assert_eq!(files.read(name).unwrap(), name.as_bytes());
        }
        assert_eq!(files.read("a/old.md").unwrap(), b"new");
        assert_eq!(files.read("a/other.md").unwrap(), b"other");
        assert!(files.write_all(&[]).unwrap().is_empty());
    });
}

#[test]
fn a_file_is_renamed_to_a_free_name() {
    both(|files| {
        files.create("content/queue/a.md", b"one").unwrap();
        files.create("content/news/b.md", b"two").unwrap();
        let (from, one) = ("content/queue/a.md", hash(b"one"));
        let taken = files.rename(from, one, "content/news/b.md");
        assert!(matches!(taken, Err(WriteError::Exists)), "{taken:?}");
        let stale = files.rename(from, hash(b"two"), "content/news/a.md");
        assert!(matches!(stale, Err(WriteError::Changed)), "{stale:?}");
        files.rename(from, one, "content/news/2026/a.md").unwrap();
        let gone = files.rename(from, one, "content/news/c.md");
        assert!(matches!(gone, Err(WriteError::Missing)), "{gone:?}");
        assert_eq!(
            paths(files),
            ["content/news/2026/a.md", "content/news/b.md"]
        );
        assert_eq!(files.read("content/news/2026/a.md").unwrap(), b"one");
    });
}

#[test]
fn a_file_is_removed_if_nobody_changed_it() {
    both(|files| {
        files.create("content/a.md", b"one").unwrap();
        let stale = files.remove("content/a.md", hash(b"two"));
        assert!(matches!(stale, Err(WriteError::Changed)), "{stale:?}");
        files.remove("content/a.md", hash(b"one")).unwrap();
        let gone = files.remove("content/a.md", hash(b"one"));
        assert!(matches!(gone, Err(WriteError::Missing)), "{gone:?}");
        assert!(paths(files).is_empty());
    });
}

#[test]
fn no_path_leads_out_of_the_site() {
    both(|files| {
        for path in [
            "",
            "/a",
            "../a",
            "a/../../b",
            "a//b",
            "a/./b",
            "a/",
            "a\0b",
            "a\\b",
        ] {
            let nothing = hash(b"");
            for error in [
                files.create(path, b"x"),
                files.replace(path, nothing, b"x"),
                files.remove(path, nothing),
                files.rename(path, nothing, "b"),
            ] {
                assert!(
                    matches!(error, Err(WriteError::BadPath)),
                    "{path:?}: {error:?}"
                );
            }
        }
    });
}

#[test]
fn writers_of_newsgen_lose_nothing_of_each_other() {
    both(|files| {
        files.create("content/count.md", b"0").unwrap();
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..25 {
                        loop {
                            let old = files.read("content/count.md").unwrap();
                            let count: usize = String::from_utf8_lossy(&old).parse().unwrap();
                            let new = (count + 1).to_string();
                            let done =
                                files.replace("content/count.md", hash(&old), new.as_bytes());
                            match done {
                                Ok(()) => break,
                                Err(WriteError::Changed) => {}
                                Err(error) => panic!("{error}"),
                            }
                        }
                    }
                });
            }
        });
        assert_eq!(files.read("content/count.md").unwrap(), b"100");
    });
}

#[test]
fn lines_that_are_added_at_once_are_all_there() {
    both(|files| {
        thread::scope(|scope| {
            for writer in 0..4 {
                scope.spawn(move || {
                    for number in 0..25 {
                        let line = format!("{writer} {number}\n");
                        files.append("content/l.jsonl", line.as_bytes()).unwrap();
                    }
                });
            }
        });
        let text = String::from_utf8(files.read("content/l.jsonl").unwrap()).unwrap();
        for writer in 0..4 {
            let start = format!("{writer} ");
            let own = text.lines().filter_map(|line| line.strip_prefix(&start));
            let expected: Vec<String> = (0..25).map(|number| number.to_string()).collect();
            assert_eq!(own.collect::<Vec<_>>(), expected);
        }
    });
}

#[test]
fn a_line_without_an_end_gets_one_before_others_are_added() {
    both(|files| {
        files.create("content/l.jsonl", b"{\"cut").unwrap();
        files.append("content/l.jsonl", b"one\n").unwrap();
        files.append("content/l.jsonl", b"two\n").unwrap();
        let text = files.read("content/l.jsonl").unwrap();
        assert_eq!(text, b"{\"cut\none\ntwo\n");
        let folder = files.append("content", b"x\n");
        assert!(folder.is_err());
        let outside = files.append("../l.jsonl", b"x\n");
        assert!(matches!(outside, Err(WriteError::BadPath)), "{outside:?}");
    });
}

#[cfg(unix)]
#[test]
fn permissions_stay_and_read_only_files_are_not_written() {
    use std::os::unix::fs::PermissionsExt;
    let root = TempDir::new().unwrap();
    let disk = Disk::new(root.path());
    disk.create("a.md", b"one").unwrap();
    let file = root.path().join("a.md");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    disk.replace("a.md", hash(b"one"), b"two").unwrap();
    assert_eq!(
        fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o640
    );
    fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).unwrap();
    let refused = disk.replace("a.md", hash(b"two"), b"three");
    assert!(matches!(refused, Err(WriteError::ReadOnly)), "{refused:?}");
    assert_eq!(fs::read(&file).unwrap(), b"two");
}

#[cfg(unix)]
#[test]
fn links_stay_links_and_lead_nowhere_else() {
    use std::os::unix::fs::symlink;
    let root = TempDir::new().unwrap();
    let elsewhere = TempDir::new().unwrap();
    fs::write(elsewhere.path().join("out.md"), "one").unwrap();
    let disk = Disk::new(root.path());
    disk.create("content/a.md", b"one").unwrap();
    let link =
        |target: &std::path::Path, name: &str| symlink(target, root.path().join(name)).unwrap();
    link("a.md".as_ref(), "content/near.md");
    link(&elsewhere.path().join("out.md"), "content/far.md");
    link("nothing.md".as_ref(), "content/nowhere.md");
    link(elsewhere.path(), "linked");

    disk.replace("content/near.md", hash(b"one"), b"two")
        .unwrap();
    assert_eq!(disk.read("content/a.md").unwrap(), b"two");
    assert!(
        fs::symlink_metadata(root.path().join("content/near.md"))
            .unwrap()
            .is_symlink()
    );

    let far = disk.replace("content/far.md", hash(b"one"), b"two");
    assert!(matches!(far, Err(WriteError::Link)), "{far:?}");
    let nowhere = disk.replace("content/nowhere.md", hash(b"one"), b"two");
    assert!(matches!(nowhere, Err(WriteError::Missing)), "{nowhere:?}");
    for error in [
        disk.remove("content/near.md", hash(b"two")),
        disk.rename("content/near.md", hash(b"two"), "content/b.md"),
    ] {
        assert!(matches!(error, Err(WriteError::Link)), "{error:?}");
    }
    let exists = disk.create("content/nowhere.md", b"two");
    assert!(matches!(exists, Err(WriteError::Exists)), "{exists:?}");

    // A folder of content may itself be a link.
    disk.replace("linked/out.md", hash(b"one"), b"two").unwrap();
    disk.create("linked/new.md", b"new").unwrap();
    assert_eq!(fs::read(elsewhere.path().join("out.md")).unwrap(), b"two");
    assert_eq!(fs::read(elsewhere.path().join("new.md")).unwrap(), b"new");
}

#[test]
fn a_name_of_any_length_is_written() {
    let root = TempDir::new().unwrap();
    let disk = Disk::new(root.path());
    let name = "x".repeat(255);
    disk.create(&name, b"one").unwrap();
    disk.replace(&name, hash(b"one"), b"two").unwrap();
    disk.remove(&name, hash(b"two")).unwrap();
}

#[test]
fn the_next_write_clears_away_what_a_stopped_one_left() {
    let root = TempDir::new().unwrap();
    let disk = Disk::new(root.path());
    disk.create("a.md", b"one").unwrap();
    let temporary = root.path().join(".b.md.newsgen-new");
    let note = |target: serde_json::Value| {
        let note = serde_json::json!([{"temporary": temporary, "target": target}]).to_string();
        fs::write(root.path().join(".newsgen/workspace.lock"), note).unwrap();
    };
    // Half written.
    fs::write(&temporary, "ha").unwrap();
    note(serde_json::Value::Null);
    disk.create("c.md", b"").unwrap();
    assert!(!temporary.exists());
    // Stopped while it made the next note.
    fs::write(&temporary, "whole").unwrap();
    note(serde_json::Value::Null);
    let lock = root.path().join(".newsgen/workspace.lock");
    let first = fs::read_to_string(&lock).unwrap();
    fs::write(&lock, format!("{first}\n[{{\"tempor")).unwrap();
    disk.create("c2.md", b"").unwrap();
    assert!(!temporary.exists());
    // Exchanged: the temporary file holds the old version.
    let known = [hash(b"old").to_string(), hash(b"new").to_string()];
    fs::write(root.path().join("b.md"), "new").unwrap();
    fs::write(&temporary, "old").unwrap();
    note(serde_json::json!([root.path().join("b.md"), known]));
    disk.create("d.md", b"").unwrap();
    assert!(!temporary.exists());
    assert_eq!(disk.read("b.md").unwrap(), b"new");
    // Exchanged for what somebody else had just saved: that comes back.
    fs::write(&temporary, "theirs").unwrap();
    note(serde_json::json!([root.path().join("b.md"), known]));
    disk.create("e.md", b"").unwrap();
    assert!(!temporary.exists());
    assert_eq!(disk.read("b.md").unwrap(), b"theirs");
    // Taken out of the way to be removed, and not what was to be removed.
    fs::remove_file(root.path().join("b.md")).unwrap();
    fs::write(&temporary, "theirs").unwrap();
    note(serde_json::json!([root.path().join("b.md"), known]));
    disk.create("f.md", b"").unwrap();
    assert_eq!(disk.read("b.md").unwrap(), b"theirs");
    // A note that cannot be read is passed over, and names no other file.
    fs::write(root.path().join(".newsgen/workspace.lock"), "{").unwrap();
    disk.create("g.md", b"").unwrap();
    let victim = serde_json::json!([{"temporary": root.path().join("a.md"), "target": null}]);
    fs::write(
        root.path().join(".newsgen/workspace.lock"),
        victim.to_string(),
    )
    .unwrap();
    disk.create("h.md", b"").unwrap();
    assert_eq!(disk.read("a.md").unwrap(), b"one");
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn exchange(one: &Path, other: &Path) -> rustix::io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)
}

/// Another program that saves a file by renaming, as text editors do, knows no lock. None of its
/// versions is lost: each is what newsgen read before it wrote, or stands in the file at the end,
/// or is kept beside it, unless the other program itself saved its next version over it.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
#[test]
fn a_version_of_another_program_is_not_lost() {
    let root = TempDir::new().unwrap();
    let disk = Disk::new(root.path());
    let file = root.path().join("a.md");
    fs::write(&file, "start").unwrap();
    let is_done = AtomicBool::new(false);
    let (seen, saved) = thread::scope(|scope| {
        let editor = scope.spawn(|| {
            let (mut saved, mut replaced) = (Vec::new(), std::collections::BTreeSet::new());
            for number in 0..300 {
                let version = format!("theirs {number}");
                let temporary = root.path().join("a.md~");
                fs::write(&temporary, &version).unwrap();
                // Exchanged and not just renamed, so that it is known what was replaced.
                exchange(&temporary, &file).unwrap();
                replaced.insert(fs::read_to_string(&temporary).unwrap());
                saved.push(version);
                // Its versions may follow each other: only the last one before a write counts.
                while fs::read_to_string(&file).is_ok_and(|text| text.starts_with("theirs")) {
                    thread::yield_now();
                }
            }
            is_done.store(true, Ordering::Release);
            saved.retain(|version| !replaced.contains(version));
            saved
        });
        let mut seen = std::collections::BTreeSet::new();
        let mut number = 0;
        while !is_done.load(Ordering::Acquire) {
            let Ok(old) = disk.read("a.md") else { continue };
            number += 1;
            let new = format!("ours {number}");
            if disk.replace("a.md", hash(&old), new.as_bytes()).is_ok() {
                seen.insert(String::from_utf8(old).unwrap());
            }
        }
        (seen, editor.join().unwrap())
    });
    let last = fs::read_to_string(&file).unwrap();
    let kept: Vec<String> = walk(root.path())
        .into_iter()
        .filter(|name| name.contains("newsgen-kept"))
        .map(|name| fs::read_to_string(name).unwrap())
        .collect();
    for version in saved {
        if kept.contains(&version) {
            continue;
        }
        assert!(
            seen.contains(&version) || last == version,
            "{version} is lost"
        );
    }
}
