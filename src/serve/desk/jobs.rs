//! Long work that the desk starts: other commands of newsgen, each a program of its own, as in a
//! terminal, which meets the desk in the files of the site only; and commits (`commit.rs`).

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::publish::Sending;
use crate::serve::reload::Hub;

/// Lines of output that are kept of a job: the last ones.
const MOST_LINES: usize = 500;
/// Jobs that are remembered when they are done.
const MOST_JOBS: usize = 20;

/// A command of newsgen for this site: the program, and the options that name the site.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// The program.
    pub path: OsString,
    /// Options after the name of the command.
    pub options: Vec<OsString>,
}

/// How far a command is, as it writes it with `--progress`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Progress {
    /// What it is at.
    stage: String,
    done: usize,
    of: usize,
}

/// What a job came to.
#[derive(Debug, Default)]
struct State {
    lines: Vec<String>,
    progress: Option<Progress>,
    /// What is sent to a target, or was.
    sending: Option<Sending>,
    /// What came of the commit.
    commit: Option<Value>,
    /// Its exit code; none while it runs, and -1 for a job that something else ended.
    code: Option<i32>,
}

/// A job, as the work that it does sees it.
#[derive(Debug)]
pub(super) struct Job {
    name: String,
    state: Mutex<State>,
}

/// The jobs of a desk. One runs at a time.
#[derive(Default)]
pub(super) struct Jobs {
    jobs: Mutex<BTreeMap<u64, Arc<Job>>>,
}

/// Why a job was not started.
#[derive(Debug)]
pub(super) enum Refused {
    /// Another one runs.
    Busy(String),
    /// The system has no room for it.
    Machine(io::Error),
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Lines are put in whole.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Jobs {
    /// Starts a job in a thread of its own, and returns its number. `work` returns the exit code.
    /// Pages hear when it is done.
    ///
    /// # Errors
    /// Why it was not started.
    pub(super) fn start(
        &self,
        name: String,
        hub: &Arc<Hub>,
        work: impl FnOnce(&Job) -> i32 + Send + 'static,
    ) -> Result<u64, Refused> {
        let mut jobs = lock(&self.jobs);
        let runs = |job: &&Arc<Job>| lock(&job.state).code.is_none();
        if let Some(job) = jobs.values().find(runs) {
            return Err(Refused::Busy(job.name.clone()));
        }
        let id = jobs.keys().next_back().map_or(1, |last| last + 1);
        let job = Arc::new(Job {
            name,
            state: Mutex::default(),
        });
        let (ours, hub) = (Arc::clone(&job), Arc::clone(hub));
        let run = move || {
            let code = work(&ours);
            lock(&ours.state).code = Some(code);
            hub.touch();
        };
        let thread = thread::Builder::new().name("job".to_owned());
        thread.spawn(run).map_err(Refused::Machine)?;
        jobs.insert(id, job);
        while jobs.len() > MOST_JOBS {
            jobs.pop_first();
        }
        Ok(id)
    }

    /// What a job came to so far. `is_story` tells which files are pages of articles.
    pub(super) fn shown(&self, id: u64, is_story: impl Fn(&str) -> bool) -> Option<Value> {
        let job = self.job(id)?;
        let state = lock(&job.state);
        Some(json!({
            "id": id,
            "command": job.name,
            "lines": state.lines,
            "progress": state.progress,
            "plan": state.sending.as_ref().map(|sending| sending.summary(is_story)),
            "commit": state.commit,
            "code": state.code,
        }))
    }

    /// Some of the files that a job sends to a target, or sent.
    pub(super) fn files(&self, id: u64, offset: usize, limit: usize) -> Option<Value> {
        let job = self.job(id)?;
        let state = lock(&job.state);
        state
            .sending
            .as_ref()
            .map(|sending| sending.files(offset, limit))
    }

    fn job(&self, id: u64) -> Option<Arc<Job>> {
        lock(&self.jobs).get(&id).cloned()
    }
}

impl Job {
    /// Adds a line to what the job says.
    pub(super) fn say(&self, line: String) {
        let mut state = lock(&self.state);
        if state.lines.len() >= MOST_LINES {
            state.lines.remove(0);
        }
        state.lines.push(line);
    }

    /// Notes what came of the commit.
    pub(super) fn committed(&self, commit: Value) {
        lock(&self.state).commit = Some(commit);
    }

    /// Runs a command to its end, and takes what it prints as lines. Returned is its exit code.
    pub(super) fn run(&self, program: &Program, arguments: &[String]) -> i32 {
        self.follow(program, arguments, |output| {
            each_line(output, |line| self.say(line));
        })
    }

    /// Runs a deploy that prints JSON, and takes what it says of what it sends.
    pub(super) fn deploy(&self, program: &Program, arguments: &[String]) -> i32 {
        self.follow(program, arguments, |mut output| {
            let mut printed = Vec::new();
            // What could be read so far is no JSON, and shown as it is.
            let _ = output.read_to_end(&mut printed);
            match serde_json::from_slice(&printed) {
                Ok(sending) => lock(&self.state).sending = Some(sending),
                Err(_) => each_line(&printed[..], |line| self.say(line)),
            }
        })
    }

    fn follow(
        &self,
        program: &Program,
        arguments: &[String],
        take: impl FnOnce(Box<dyn Read + Send>) + Send,
    ) -> i32 {
        let child = Command::new(&program.path)
            .args(arguments)
            .args(&program.options)
            .args(["--color", "never"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let mut child: Child = match child {
            Ok(child) => child,
            Err(error) => {
                self.say(format!("newsgen cannot be started: {error}"));
                return -1;
            }
        };
        let (output, errors) = (child.stdout.take(), child.stderr.take());
        thread::scope(|scope| {
            if let Some(output) = output {
                scope.spawn(move || take(Box::new(output)));
            }
            if let Some(errors) = errors {
                each_line(errors, |line| self.take_note(line));
            }
        });
        lock(&self.state).progress = None;
        let code = child.wait().ok().and_then(|status| status.code());
        code.unwrap_or(-1)
    }

    /// Takes a line of standard error: how far the command is, or a note.
    fn take_note(&self, line: String) {
        match serde_json::from_str(&line) {
            Ok(progress) => lock(&self.state).progress = Some(progress),
            Err(_) => self.say(line),
        }
    }
}

/// Reads lines to the end. Bytes that are no UTF-8 are replaced.
fn each_line(output: impl Read, mut take: impl FnMut(String)) {
    let mut output = BufReader::new(output);
    let mut line = Vec::new();
    while output
        .read_until(b'\n', &mut line)
        .is_ok_and(|count| count > 0)
    {
        let text = String::from_utf8_lossy(&line);
        take(text.trim_end_matches(['\r', '\n']).to_owned());
        line.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_text_end_nothing() {
        let mut lines = Vec::new();
        each_line(&b"one\r\n\xff two\n\nlast"[..], |line| lines.push(line));
        assert_eq!(lines, ["one", "\u{fffd} two", "", "last"]);
    }

    #[test]
    fn how_far_a_command_is_is_no_line() {
        let job = Job {
            name: "deploy".to_owned(),
            state: Mutex::default(),
        };
        job.take_note(r#"{"stage":"files","done":3,"of":29}"#.to_owned());
        job.take_note(r#"{"note": 1}"#.to_owned());
        let state = lock(&job.state);
        assert_eq!(state.progress.as_ref().unwrap().done, 3);
        assert_eq!(state.lines, [r#"{"note": 1}"#]);
    }
}
