//! A build may be killed at any moment: every file of the output is then whole, of the old site or
//! the new one, and the next build makes the output that a clean build makes.
//!
//! The real program is started on edits that change many files and stopped with SIGKILL: half of
//! the time at a moment of the whole build, half of the time while it moves files into place.
//! `NEWSGEN_KILLS` says how often.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]
#![allow(
    clippy::print_stderr,
    reason = "how many builds were stopped, and when, is worth seeing"
)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use support::{Random, Tree, difference, folder, put};
use tempfile::TempDir;

const KILLS: usize = 200;
const ARTICLES: usize = 40;

type Files = BTreeMap<String, Vec<u8>>;

/// What a build reads: the states between which the edits lead. Each changes many files of the
/// others.
fn states(output: &str) -> Vec<Files> {
    let mut states: Vec<Files> = Vec::new();
    for number in 0..6 {
        let mut site = Files::new();
        let mut add =
            |path: &str, text: String| drop(site.insert(path.to_owned(), text.into_bytes()));
        let settings = match number {
            1 => "title = \"Another title\"\n",
            2 => "permalinks.article = \"/:year/:slug/\"\npermalinks.topic = \"/about/:slug/\"\n",
            3 => "listing.page_size = 2\napi.enabled = false\n",
            _ => "title = \"A title\"\n",
        };
        add(
            "site.toml",
            format!("{settings}output.dir = \"{output}\"\n"),
        );
        for article in 0..if number == 4 { ARTICLES / 2 } else { ARTICLES } {
            let day = 1 + article % 27;
            add(
                &format!("content/news/{article}.md"),
                format!(
                    "---\ntitle: Story {article} of {number}\npublishedDateTime: 2026-02-{day:02}\n\
                     originalUrl: https://d{}.org/{article}\ntopics: [T{}]\n---\n{}\n",
                    article % 3,
                    article % 5,
                    format!("Text {number}. ").repeat(200),
                ),
            );
        }
        // A file where another state has a folder.
        if number % 2 == 0 {
            add("static/data", "a file".to_owned());
        } else {
            add("static/data/a.txt", "in a folder".to_owned());
        }
        add("static/large.bin", number.to_string().repeat(300_000));
        for (name, text) in [
            ("home", "{{ listing | json }}{{ page | json }}"),
            ("listing", "{{ listing | json }}"),
            ("topic", "{{ topic | json }}{{ listing | json }}"),
            ("provider", "{{ provider | json }}{{ listing | json }}"),
            ("month", "{{ month | json }}{{ listing | json }}"),
            ("article", "{{ article | json }}{{ site | json }}"),
        ] {
            add(&format!("templates/{name}.html"), text.to_owned());
        }
        states.push(site);
    }
    states
}

struct Lab {
    root: TempDir,
    output: PathBuf,
    states: Vec<Files>,
    /// The output of a clean build of each state.
    clean: Vec<Files>,
    /// What lies in the content folders.
    at: usize,
    /// How long the last build took that was not stopped.
    takes: Duration,
}

impl Lab {
    /// A site whose output lies in `output`.
    fn new(root: TempDir, output: PathBuf) -> Lab {
        let states = states(output.to_str().unwrap());
        let mut lab = Lab {
            root,
            output,
            states,
            clean: Vec::new(),
            at: 0,
            takes: Duration::ZERO,
        };
        for state in 0..lab.states.len() {
            lab.forget();
            lab.edit(state);
            lab.build();
            lab.clean.push(Tree::of(&lab.output).0);
        }
        lab
    }

    /// Brings the site to another state.
    fn edit(&mut self, to: usize) {
        for path in self.states[self.at]
            .keys()
            .filter(|path| !self.states[to].contains_key(*path))
        {
            fs::remove_file(self.root.path().join(path)).unwrap();
            drop(fs::remove_dir(
                self.root.path().join(path).parent().unwrap(),
            ));
        }
        for (path, bytes) in &self.states[to] {
            put(self.root.path(), path, bytes);
        }
        self.at = to;
    }

    fn forget(&self) {
        drop(fs::remove_dir_all(&self.output));
        drop(fs::remove_dir_all(self.root.path().join(".newsgen")));
    }

    fn start(&self) -> Child {
        Command::new(env!("CARGO_BIN_EXE_newsgen"))
            .args(["build", "--now", "2026-03-02T12:00:00Z"])
            .args(["--delete-limit", "100", "--root"])
            .arg(self.root.path())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    fn build(&mut self) {
        let start = Instant::now();
        let done = self.start().wait_with_output().unwrap();
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
        self.takes = start.elapsed();
    }

    /// Whether a build has begun to move files.
    fn moves(&self) -> bool {
        let Ok(items) = fs::read_dir(self.root.path().join(".newsgen")) else {
            return false;
        };
        items.flatten().any(|item| {
            let name = item.file_name();
            let name = name.to_string_lossy();
            name.starts_with("journal-") && !name.ends_with(".new")
        })
    }

    /// Starts a build and kills it; whether it was still at work, and at moving files.
    fn kill(&self, random: &mut Random) -> (bool, bool) {
        let mut child = self.start();
        if random.chance(50) {
            std::thread::sleep(self.takes.mul_f64(random.below(1100) as f64 / 1000.0));
        } else {
            while !self.moves() && child.try_wait().unwrap().is_none() {
                std::hint::spin_loop();
            }
            std::thread::sleep(Duration::from_micros(random.below(3000) as u64));
        }
        let at_work = child.try_wait().unwrap().is_none();
        child.kill().unwrap();
        child.wait().unwrap();
        (at_work, self.moves())
    }

    /// Every file is whole: that of one of the two sites.
    fn check_whole(&self, before: Option<&Files>, after: &Files, context: &str) {
        let now = Tree::of(&self.output).0;
        if before.is_none() && !now.is_empty() && !self.crosses_disks() {
            assert_eq!(
                difference(&now, after),
                None,
                "{context}: a new site appears at once"
            );
        }
        for (path, bytes) in &now {
            // Neither copies that are not in place yet nor the mark of the folder are part of the
            // site.
            if self.crosses_disks() && (path.ends_with(".newsgen-new") || path == ".newsgen-output")
            {
                continue;
            }
            let of = |site: &Files| site.get(path) == Some(bytes);
            assert!(
                before.is_some_and(of) || of(after),
                "{context}: {path} is of neither site"
            );
        }
        if let Some(before) = before {
            // What both sites have is always there.
            for path in before.keys().filter(|path| after.contains_key(*path)) {
                assert!(now.contains_key(path), "{context}: {path} is missing");
            }
        }
    }

    fn crosses_disks(&self) -> bool {
        !self.output.starts_with(self.root.path())
    }
}

#[derive(Default)]
struct Counts {
    at_work: AtomicUsize,
    moving: AtomicUsize,
}

fn series(mut lab: Lab, seed: u64, kills: usize, counts: &Counts) {
    let mut random = Random::new(seed);
    lab.build();
    for number in 0..kills {
        let is_first = random.chance(25);
        let from = lab.at;
        let to = (from + 1 + random.below(lab.states.len() - 1)) % lab.states.len();
        let before = if is_first {
            lab.forget();
            None
        } else {
            Some(lab.clean[from].clone())
        };
        lab.edit(to);
        let (at_work, moving) = lab.kill(&mut random);
        counts
            .at_work
            .fetch_add(usize::from(at_work), Ordering::Relaxed);
        counts
            .moving
            .fetch_add(usize::from(moving), Ordering::Relaxed);
        let context = format!(
            "seed {seed}, kill {number}, {from} → {to}, first: {is_first}, moving: {moving}"
        );
        lab.check_whole(before.as_ref(), &lab.clean[to], &context);
        // The next build is of the same files, of other ones, or of those from before the edit.
        match random.below(3) {
            0 => {}
            1 => lab.edit(from),
            _ => lab.edit(random.below(lab.states.len())),
        }
        if random.chance(20) {
            // It is killed too.
            lab.kill(&mut random);
        }
        lab.build();
        let wrong = difference(&Tree::of(&lab.output), &lab.clean[lab.at]);
        assert_eq!(
            wrong,
            None,
            "{context}, then {}:\n{}",
            lab.at,
            wrong.as_deref().unwrap_or_default()
        );
    }
}

fn different_disks(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(a).unwrap().dev() != fs::metadata(b).unwrap().dev()
}

#[test]
fn a_build_that_is_killed_leaves_whole_files_and_the_next_one_repairs_the_rest() {
    let kills = std::env::var("NEWSGEN_KILLS").map_or(KILLS, |kills| kills.parse().unwrap());
    let start = Instant::now();
    let counts = Counts::default();
    let near = || {
        let root = folder();
        let output = root.path().join("public");
        Lab::new(root, output)
    };
    let elsewhere = TempDir::new().unwrap();
    std::thread::scope(|scope| {
        let counts = &counts;
        scope.spawn(move || series(near(), 1, kills - kills / 2, counts));
        let elsewhere = elsewhere.path();
        scope.spawn(move || {
            let root = folder();
            if different_disks(root.path(), elsewhere) {
                // Files are copied and then moved.
                series(
                    Lab::new(root, elsewhere.join("public")),
                    2,
                    kills / 4,
                    counts,
                );
                series(near(), 3, kills / 2 - kills / 4, counts);
            } else {
                series(near(), 3, kills / 2, counts);
            }
        });
    });
    let of = |counter: &AtomicUsize| counter.load(Ordering::Relaxed);
    eprintln!(
        "{kills} kills in {:.1} s; {} were of a build at work, {} of one that was moving files",
        start.elapsed().as_secs_f64(),
        of(&counts.at_work),
        of(&counts.moving),
    );
    assert!(
        of(&counts.at_work) * 10 > kills && of(&counts.moving) * 50 > kills,
        "nearly all kills came too late"
    );
}
