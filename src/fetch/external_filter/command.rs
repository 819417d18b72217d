//! Runs a program with some input, for a limited time.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

/// Bytes of standard output that are read.
const MOST_OUTPUT: usize = 16 << 20;

/// Bytes of standard error that are kept.
const MOST_ERRORS: usize = 64 << 10;

/// How a program ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// By itself, and well.
    Good,
    /// By itself, in words: an exit code, or a signal.
    Badly(String),
    /// It was stopped, since its time was over.
    TooLate,
    /// It was stopped, since it wrote too much.
    TooMuch,
    /// It was never started.
    NotStarted(String),
}

impl Ended {
    /// What is wrong, in words; nothing if it ended well. `allowed` is how long all runs of the
    /// command together may take.
    pub(super) fn in_words(&self, allowed: Duration) -> Option<String> {
        Some(match self {
            Ended::Good => return None,
            Ended::Badly(how) => format!("the command failed ({how})"),
            Ended::TooLate => {
                let seconds = allowed.as_secs();
                let unit = if seconds == 1 { "second" } else { "seconds" };
                format!(
                    "the command did not end within {seconds} {unit} (fetch.filter_timeout, for \
                     all feeds of a run together), and was stopped"
                )
            }
            Ended::TooMuch => format!(
                "the command wrote more than {} MiB, and was stopped",
                MOST_OUTPUT >> 20
            ),
            Ended::NotStarted(reason) => format!("the command cannot be started: {reason}"),
        })
    }
}

/// A program that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ran {
    /// What it wrote to standard output.
    pub(super) output: Vec<u8>,
    /// The beginning of what it wrote to standard error.
    pub(super) errors: String,
    pub(super) ended: Ended,
    pub(super) took: Duration,
}

/// What a pipe of the program brings; nothing at its end.
type Part = (Pipe, Option<Vec<u8>>);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Pipe {
    Output,
    Errors,
}

/// Runs a command in a folder, without a shell, for as long as `timeout`.
pub(super) fn run(command: &[String], folder: &Path, input: Vec<u8>, timeout: Duration) -> Ran {
    let start = Instant::now();
    let mut ran = Ran {
        output: Vec::new(),
        errors: String::new(),
        ended: Ended::Good,
        took: Duration::ZERO,
    };
    let mut child = match spawn(command, folder) {
        Ok(child) => child,
        Err(reason) => {
            ran.ended = Ended::NotStarted(reason);
            return ran;
        }
    };
    let parts = connect(&mut child, input);
    let deadline = start + timeout;
    ran.ended = listen(&parts, deadline, &mut ran.output, &mut ran.errors)
        .unwrap_or_else(|| wait(&mut child, deadline));
    if matches!(ran.ended, Ended::TooLate | Ended::TooMuch) {
        // It may just have ended by itself.
        drop(child.kill());
        drop(child.wait());
    }
    ran.took = match ran.ended {
        Ended::TooLate => timeout,
        _ => start.elapsed().min(timeout),
    };
    ran
}

fn spawn(command: &[String], folder: &Path) -> Result<Child, String> {
    let (program, arguments) = command.split_first().ok_or("it is empty")?;
    let shown = |error: std::io::Error| format!("`{program}`: {error}");
    // A path is one in the folder of the site, wherever newsgen was started.
    let is_path = program.contains(std::path::is_separator);
    let path = match is_path {
        true => std::path::absolute(folder.join(program)).map_err(shown)?,
        false => program.into(),
    };
    Command::new(path)
        .args(arguments)
        .current_dir(if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        })
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(shown)
}

/// Writes the input and reads what comes, each in a thread of its own: a program may write before
/// it has read everything. The threads end when the program does, or when nobody listens.
fn connect(child: &mut Child, input: Vec<u8>) -> Receiver<Part> {
    // A few parts at most wait to be looked at.
    let (sender, parts) = sync_channel(4);
    if let Some(mut stdin) = child.stdin.take() {
        // One that does not want to read all of it may still have answers.
        thread::spawn(move || drop(stdin.write_all(&input)));
    }
    if let Some(stdout) = child.stdout.take() {
        let sender = sender.clone();
        thread::spawn(move || forward(stdout, Pipe::Output, &sender));
    }
    if let Some(stderr) = child.stderr.take() {
        thread::spawn(move || forward(stderr, Pipe::Errors, &sender));
    }
    parts
}

fn forward(mut pipe: impl Read, name: Pipe, sender: &SyncSender<Part>) {
    let mut part = vec![0; 64 << 10];
    while let Ok(length @ 1..) = pipe.read(&mut part) {
        if sender.send((name, Some(part[..length].to_vec()))).is_err() {
            return;
        }
    }
    drop(sender.send((name, None)));
}

/// Takes in what the program writes, until both pipes have ended. Returned is why that was given
/// up.
fn listen(
    parts: &Receiver<Part>,
    deadline: Instant,
    output: &mut Vec<u8>,
    errors: &mut String,
) -> Option<Ended> {
    let mut open = 2;
    let mut bytes_of_errors = Vec::new();
    let mut given_up = None;
    while open > 0 && given_up.is_none() {
        let left = deadline.saturating_duration_since(Instant::now());
        match parts.recv_timeout(left) {
            Ok((_, None)) => open -= 1,
            Ok((Pipe::Output, Some(part))) => {
                output.extend(part);
                if output.len() > MOST_OUTPUT {
                    output.truncate(MOST_OUTPUT);
                    given_up = Some(Ended::TooMuch);
                }
            }
            Ok((Pipe::Errors, Some(part))) => {
                let room = MOST_ERRORS - bytes_of_errors.len();
                bytes_of_errors.extend(part.into_iter().take(room));
            }
            Err(_) => given_up = Some(Ended::TooLate),
        }
        // One that writes without an end leaves no time to wait.
        if given_up.is_none() && open > 0 && Instant::now() >= deadline {
            given_up = Some(Ended::TooLate);
        }
    }
    if given_up.is_some() {
        // The last line may be cut off.
        let end = output.iter().rposition(|byte| *byte == b'\n');
        output.truncate(end.map_or(0, |end| end + 1));
    }
    *errors = String::from_utf8_lossy(&bytes_of_errors).into_owned();
    given_up
}

/// Waits for a program that has closed its pipes.
fn wait(child: &mut Child, deadline: Instant) -> Ended {
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ended::Good,
            Ok(Some(status)) => return Ended::Badly(status.to_string()),
            Ok(None) if Instant::now() < deadline => thread::sleep(Duration::from_millis(2)),
            Ok(None) => return Ended::TooLate,
            Err(error) => return Ended::Badly(error.to_string()),
        }
    }
}
