//! Runs the real program.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long a run may take before it counts as hanging: much longer than any does on a busy
/// machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// The program that is tested.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_newsgen");

/// A command without what this process's environment has that could change what newsgen does.
pub fn isolated(mut command: Command) -> Command {
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
    command
}

/// The program, about to run.
pub struct Newsgen {
    command: Command,
}

impl Newsgen {
    /// The program with arguments, and nothing of this process's environment that could change what
    /// it does.
    pub fn new<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Newsgen {
        let mut command = isolated(Command::new(PROGRAM));
        command
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
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
    pub fn run_within(mut self, timeout: Duration) -> Run {
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
            if start.elapsed() > timeout {
                child.kill().unwrap();
                child.wait().unwrap();
                panic!("{:?} did not end within {timeout:?}", self.command);
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
