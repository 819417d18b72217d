//! Other commands of newsgen that the desk runs: each is a program of its own, as in a terminal,
//! and meets the desk in the files of the site only.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use serde_json::{Value, json};

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

/// What a job came to.
#[derive(Debug)]
struct Job {
    command: String,
    lines: Vec<String>,
    /// Its exit code; none while it runs, and -1 for a job that something else ended.
    code: Option<i32>,
}

/// The jobs of a desk. One runs at a time.
#[derive(Default)]
pub(super) struct Jobs {
    jobs: Mutex<BTreeMap<u64, Arc<Mutex<Job>>>>,
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
    /// Starts a command, and returns the number of its job. Pages hear when it is done.
    ///
    /// # Errors
    /// Why it was not started.
    pub(super) fn start(
        &self,
        program: &Program,
        arguments: &[&str],
        hub: &Arc<Hub>,
    ) -> Result<u64, Refused> {
        let mut jobs = lock(&self.jobs);
        let runs = jobs.values().find(|job| lock(job).code.is_none());
        if let Some(runs) = runs {
            return Err(Refused::Busy(lock(runs).command.clone()));
        }
        let mut child = Command::new(&program.path)
            .args(arguments)
            .args(&program.options)
            .args(["--color", "never"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(Refused::Machine)?;
        let id = jobs.keys().next_back().map_or(1, |last| last + 1);
        let job = Arc::new(Mutex::new(Job {
            command: arguments.join(" "),
            lines: Vec::new(),
            code: None,
        }));
        jobs.insert(id, Arc::clone(&job));
        while jobs.len() > MOST_JOBS {
            jobs.pop_first();
        }
        let outputs: Vec<Box<dyn Read + Send>> = [
            child.stdout.take().map(|output| Box::new(output) as _),
            child.stderr.take().map(|output| Box::new(output) as _),
        ]
        .into_iter()
        .flatten()
        .collect();
        let hub = Arc::clone(hub);
        let spawned = thread::Builder::new()
            .name("job".to_owned())
            .spawn(move || follow(child, outputs, &job, &hub));
        spawned.map(|_| id).map_err(Refused::Machine)
    }

    /// What a job came to so far.
    pub(super) fn shown(&self, id: u64) -> Option<Value> {
        let jobs = lock(&self.jobs);
        let job = lock(jobs.get(&id)?);
        Some(json!({
            "id": id,
            "command": job.command,
            "lines": job.lines,
            "code": job.code,
        }))
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

/// Reads what a command prints, and waits for its end.
fn follow(mut child: Child, outputs: Vec<Box<dyn Read + Send>>, job: &Arc<Mutex<Job>>, hub: &Hub) {
    thread::scope(|scope| {
        for output in outputs {
            scope.spawn(move || {
                each_line(output, |line| {
                    let mut job = lock(job);
                    if job.lines.len() >= MOST_LINES {
                        job.lines.remove(0);
                    }
                    job.lines.push(line);
                });
            });
        }
    });
    let code = child.wait().ok().and_then(|status| status.code());
    lock(job).code = Some(code.unwrap_or(-1));
    hub.touch();
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
}
