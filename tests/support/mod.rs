//! A driver for tests of whole sites: makes a site of a few files in a folder of its own, runs the
//! real program on it, and reads what it wrote.
//!
//! ```ignore
//! let site = Site::new()
//!     .file("site.toml", "title = \"Test\"")
//!     .article("2026-11-20-a", "title: A");
//! site.build().good();
//! assert!(site.output().contains("index.html"));
//! ```
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(unreachable_pub, reason = "shared by all test files")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a broken test setup may end the test"
)]

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// What counts as now in every test that does not say otherwise.
pub const NOW: &str = "2026-11-21T12:00:00Z";

/// How long a run may take before it counts as hanging.
const PATIENCE: Duration = Duration::from_secs(20);

/// A site in a folder of its own, which goes when the test ends.
pub struct Site {
    folder: TempDir,
}

impl Site {
    /// An empty folder.
    pub fn empty() -> Site {
        Site {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// The smallest site: settings with a title and an address, and an empty folder for articles.
    pub fn new() -> Site {
        let site = Site::empty().file(
            "site.toml",
            "title = \"Test\"\nbase_url = \"https://news.example/\"\nsearch.enabled = false\n",
        );
        fs::create_dir_all(site.path("content/news")).unwrap();
        site
    }

    /// A copy of a folder.
    pub fn copy_of(folder: &Path) -> Site {
        let site = Site::empty();
        copy_tree(folder, site.root());
        site
    }

    /// Adds or replaces a file.
    pub fn file(self, path: &str, bytes: impl AsRef<[u8]>) -> Site {
        self.write(path, bytes);
        self
    }

    /// Adds or replaces a file.
    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Adds an article `content/news/NAME.md` with these lines of front matter; a link is added
    /// when there is none.
    pub fn article(self, name: &str, fields: &str) -> Site {
        self.write_article(name, fields);
        self
    }

    /// Adds an article `content/news/NAME.md` with these lines of front matter; a link is added
    /// when there is none.
    pub fn write_article(&self, name: &str, fields: &str) {
        self.write(&format!("content/news/{name}.md"), article(name, fields));
    }

    /// Adds `count` articles, one an hour, of two providers and two topics; number 0 is the oldest.
    pub fn with_articles(self, count: usize) -> Site {
        for number in 0..count {
            let (name, fields) = numbered(number);
            self.write_article(&name, &fields);
        }
        self
    }

    /// Removes a file.
    pub fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).unwrap();
    }

    /// The folder of the site.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// A path below the folder of the site.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    /// The text of a file.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// The program in this site's folder, with arguments.
    pub fn newsgen<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Newsgen {
        Newsgen::new(arguments).within(self.root())
    }

    /// Runs `newsgen build` at [`NOW`].
    pub fn build(&self) -> Run {
        self.newsgen(["build", "--now", NOW]).run()
    }

    /// Runs `newsgen check` at [`NOW`].
    pub fn check(&self) -> Run {
        self.newsgen(["check", "--now", NOW]).run()
    }

    /// Everything in `public/`.
    pub fn output(&self) -> Tree {
        Tree::of(&self.path("public"))
    }
}

/// Name and front matter of the article with that number: one an hour from 1 November 2026.
pub fn numbered(number: usize) -> (String, String) {
    let (day, hour) = (1 + number / 24, number % 24);
    let date = format!("2026-11-{day:02}");
    let provider = if number.is_multiple_of(2) {
        "even.example"
    } else {
        "odd.example"
    };
    let topic = if number.is_multiple_of(3) {
        "Third"
    } else {
        "Rest"
    };
    let fields = format!(
        "title: Story {number}\nexcerpt: What story {number} is about.\npublishedDateTime: \
         {date}T{hour:02}:00:00Z\n\
         originalUrl: https://{provider}/story-{number}\nquality: 80\nheat: {number}\n\
         provider:\n  name: {provider}\n  domain: {provider}\ntopics:\n  - {topic}\n"
    );
    (format!("{date}-story-{number}"), fields)
}

/// The text of an article file with these lines of front matter; date and link are added when they
/// are missing.
pub fn article(name: &str, fields: &str) -> String {
    let mut lines = fields.trim_end().to_owned();
    if !fields.contains("publishedDateTime:") {
        lines += "\npublishedDateTime: 2026-11-20T08:00:00Z";
    }
    if !fields.contains("originalUrl:") && !fields.contains("webUrl:") {
        lines += &format!("\noriginalUrl: https://provider.example/{}", url_safe(name));
    }
    format!("---\n{lines}\n---\n")
}

fn url_safe(name: &str) -> String {
    name.chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect()
}

/// The program, about to run.
pub struct Newsgen {
    command: Command,
}

impl Newsgen {
    /// The program with arguments, and nothing of this process's environment that could change what
    /// it does.
    pub fn new<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Newsgen {
        let mut command = Command::new(env!("CARGO_BIN_EXE_newsgen"));
        command
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for name in [
            "NEWSGEN_STATE",
            "SOURCE_DATE_EPOCH",
            "RAYON_NUM_THREADS",
            "NO_COLOR",
            "COLUMNS",
            "CLICOLOR_FORCE",
            "TZ",
        ] {
            command.env_remove(name);
        }
        Newsgen { command }
    }

    /// Runs in a folder.
    pub fn within(mut self, folder: &Path) -> Newsgen {
        self.command.current_dir(folder);
        self
    }

    /// Sets a variable of the environment.
    pub fn env(mut self, name: &str, value: &str) -> Newsgen {
        self.command.env(name, value);
        self
    }

    /// Adds an argument.
    pub fn arg(mut self, argument: impl AsRef<std::ffi::OsStr>) -> Newsgen {
        self.command.arg(argument);
        self
    }

    /// Runs it to its end.
    pub fn run(self) -> Run {
        self.run_within(PATIENCE)
    }

    /// Runs it to its end, which must come in time.
    pub fn run_within(mut self, patience: Duration) -> Run {
        let start = Instant::now();
        let mut child = self.command.spawn().expect("the program starts");
        let mut out = child.stdout.take().unwrap();
        let mut err = child.stderr.take().unwrap();
        let read_out = thread::spawn(move || read_all(&mut out));
        let read_err = thread::spawn(move || read_all(&mut err));
        let mut peak = 0;
        let status = loop {
            peak = peak.max(peak_of(child.id()));
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            if start.elapsed() > patience {
                child.kill().unwrap();
                child.wait().unwrap();
                panic!("{:?} did not end within {patience:?}", self.command);
            }
            thread::sleep(Duration::from_millis(2));
        };
        let run = Run {
            command: format!("{:?}", self.command),
            code: status.code(),
            stdout: String::from_utf8_lossy(&read_out.join().unwrap()).into_owned(),
            stderr: String::from_utf8_lossy(&read_err.join().unwrap()).into_owned(),
            peak,
        };
        for text in [
            "panicked at",
            "RUST_BACKTRACE",
            "stack overflow",
            "internal error",
        ] {
            assert!(!run.stderr.contains(text), "{run}");
        }
        run
    }
}

fn read_all(from: &mut impl Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    from.read_to_end(&mut bytes).unwrap();
    bytes
}

/// The most memory that a process had until now, in bytes; 0 where the system does not say. (What
/// `wait4` says of a process that has ended is no less than what the test had when it began it.)
fn peak_of(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap_or_default();
    line.split_whitespace()
        .next()
        .and_then(|kilobytes| kilobytes.parse::<u64>().ok())
        .unwrap_or(0)
        * 1024
}

/// A run that has ended.
pub struct Run {
    command: String,
    /// Exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// The most memory it had, in bytes, as far as it was seen.
    pub peak: u64,
}

impl Run {
    /// Demands exit code 0.
    #[track_caller]
    pub fn good(self) -> Run {
        self.exits(0)
    }

    /// Demands an exit code.
    #[track_caller]
    pub fn exits(self, code: i32) -> Run {
        assert_eq!(self.code, Some(code), "{self}");
        self
    }

    /// Demands that standard error holds a text.
    #[track_caller]
    pub fn warns(self, text: &str) -> Run {
        assert!(
            self.stderr.contains(text),
            "no `{text}` in the errors of {self}"
        );
        self
    }

    /// Demands that standard output holds a text.
    #[track_caller]
    pub fn says(self, text: &str) -> Run {
        assert!(
            self.stdout.contains(text),
            "no `{text}` in the output of {self}"
        );
        self
    }

    /// `(written, unchanged, removed)` of the summary.
    #[track_caller]
    pub fn counts(&self) -> (usize, usize, usize) {
        let line = self
            .stdout
            .lines()
            .find(|line| line.contains(" written, "))
            .unwrap_or_else(|| panic!("{self}"));
        let number = |word: &str| {
            let before = line.split(word).next().unwrap().trim_end();
            let number = before
                .rsplit([' ', ','])
                .find(|part| part.parse::<usize>().is_ok());
            number
                .unwrap_or_else(|| panic!("no number before `{word}` in {line}"))
                .parse()
                .unwrap()
        };
        (number("file"), number("unchanged"), number("removed"))
    }
}

impl std::fmt::Display for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{}\nexit code: {:?}", self.command, self.code)?;
        writeln!(
            f,
            "-- standard output\n{}\n-- standard error\n{}",
            self.stdout, self.stderr
        )
    }
}

/// The files of a folder, by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree(pub BTreeMap<String, Vec<u8>>);

impl Tree {
    /// All files below a folder; none when there is no such folder.
    pub fn of(folder: &Path) -> Tree {
        let mut tree = Tree::default();
        for path in files(folder) {
            let name = path
                .strip_prefix(folder)
                .unwrap()
                .to_string_lossy()
                .replace('\\', "/");
            tree.0.insert(name, fs::read(&path).unwrap());
        }
        tree
    }

    /// Without the static files of the default theme, plain or under a hashed name.
    pub fn without_theme(mut self) -> Tree {
        let theme = Tree::of(&repository().join("static"));
        self.0
            .retain(|_, bytes| !theme.0.values().any(|own| own == bytes));
        self
    }

    /// Whether there is a file.
    pub fn contains(&self, path: &str) -> bool {
        self.0.contains_key(path)
    }

    /// The text of a file.
    #[track_caller]
    pub fn text(&self, path: &str) -> &str {
        let bytes = self
            .0
            .get(path)
            .unwrap_or_else(|| panic!("no {path} among {:?}", self.paths()));
        std::str::from_utf8(bytes).unwrap()
    }

    /// The paths.
    pub fn paths(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }

    /// The paths of files that only one of the trees has, or that differ.
    pub fn differences(&self, other: &Tree) -> Vec<String> {
        let all: std::collections::BTreeSet<&String> =
            self.0.keys().chain(other.0.keys()).collect();
        all.into_iter()
            .filter(|path| self.0.get(*path) != other.0.get(*path))
            .cloned()
            .collect()
    }
}

/// Demands that two trees are the same.
#[track_caller]
pub fn assert_same(one: &Tree, other: &Tree, what: &str) {
    let differences = one.differences(other);
    let Some(first) = differences.first() else {
        return;
    };
    let show = |tree: &Tree| {
        tree.0
            .get(first)
            .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    };
    panic!(
        "{what}: {differences:?} differ; {first}:\n{}",
        compare(show(one).as_deref(), show(other).as_deref())
    );
}

/// The first lines in which two texts differ.
pub fn compare(one: Option<&str>, other: Option<&str>) -> String {
    let (Some(one), Some(other)) = (one, other) else {
        return format!(
            "only {} has it",
            if one.is_some() {
                "the first"
            } else {
                "the second"
            }
        );
    };
    let mut lines = one.lines().zip(other.lines()).enumerate();
    match lines.find(|(_, (a, b))| a != b) {
        Some((number, (a, b))) => format!("line {}:\n- {a}\n+ {b}", number + 1),
        None => format!("{} and {} bytes", one.len(), other.len()),
    }
}

/// All files below a folder, sorted.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(items) = fs::read_dir(&folder) else {
            continue;
        };
        for item in items.map(Result::unwrap) {
            if item.file_type().unwrap().is_dir() {
                folders.push(item.path())
            } else {
                found.push(item.path())
            }
        }
    }
    found.sort();
    found
}

/// Copies a folder with all that is in it.
pub fn copy_tree(from: &Path, to: &Path) {
    for path in files(from) {
        let target = to.join(path.strip_prefix(from).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        // Not `fs::copy`: a copy of a file that is read-only can be written.
        fs::write(target, fs::read(path).unwrap()).unwrap();
    }
}

/// The folder of this package.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Whether expected files are to be written instead of compared: `NEWSGEN_BLESS=1 cargo test`.
pub fn is_blessing() -> bool {
    std::env::var_os("NEWSGEN_BLESS").is_some_and(|value| value == "1")
}
