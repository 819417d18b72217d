//! Why the desk does not do what it is asked for.

use std::fmt;
use std::io;

use serde_json::{Value, json};

use crate::diagnostic::Diagnostic;
use crate::edit::{ChangeError, Hunk};
use crate::fetch::decide::DecideError;
use crate::fetch::register;
use crate::serve::http::{Answer, Body};
use crate::workspace::WriteError;

/// Why something was not done. Unless it says otherwise, nothing was.
#[derive(Debug)]
pub(super) enum Trouble {
    /// There is no such thing.
    Unknown(&'static str),
    /// The request makes no sense.
    Request(String),
    /// The files are others than the request was made for: what each of them is now, and the lines
    /// in which it differs.
    Changed(Vec<Conflict>),
    /// The result could not be built.
    Invalid(Vec<Diagnostic>),
    /// There is nothing to be undone.
    Nothing,
    /// The machine failed.
    Machine(MachineTrouble),
    /// The site has no state in which that could be done.
    NotNow(String),
    /// Another program came in between, or the machine failed, when some of it was done: what was,
    /// and why the rest was not.
    Partly(Value, Box<Trouble>),
}

/// What the machine failed at.
#[derive(Debug)]
pub(super) enum MachineTrouble {
    /// A file cannot be read.
    Read(String, io::Error),
    /// A file cannot be written.
    Write(String, WriteError),
    /// A source file cannot be changed.
    Source(String, register::ChangeError),
    /// A decision cannot be carried out.
    Decide(DecideError),
    /// A command does not start.
    Job(io::Error),
}

impl fmt::Display for MachineTrouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MachineTrouble::Read(path, error) => write!(f, "{path} cannot be read: {error}"),
            MachineTrouble::Write(path, error) => write!(f, "{path} cannot be written: {error}"),
            MachineTrouble::Source(path, error) => write!(f, "{path}: {error}"),
            MachineTrouble::Decide(error) => error.fmt(f),
            MachineTrouble::Job(error) => error.fmt(f),
        }
    }
}

/// A file that is another than a request was made for.
#[derive(Debug)]
pub(super) struct Conflict {
    pub(super) id: String,
    pub(super) path: String,
    /// What pages get to see of it now; none if it is gone.
    pub(super) now: Option<Value>,
    /// The lines that changed meanwhile; none if the version that the request was made for is not
    /// known any more.
    pub(super) lines: Option<Vec<Hunk>>,
}

/// Hunks as pages get them.
pub(super) fn lines(hunks: &[Hunk]) -> Value {
    let hunk = |hunk: &Hunk| json!({ "line": hunk.line, "old": hunk.old, "new": hunk.new });
    hunks.iter().map(hunk).collect()
}

impl Conflict {
    pub(super) fn json(&self) -> Value {
        json!({
            "id": self.id,
            "path": self.path,
            "now": self.now,
            "lines": self.lines.as_deref().map(lines),
        })
    }
}

impl Trouble {
    /// The same, with what was done before.
    pub(super) fn after(self, done: Vec<Value>) -> Trouble {
        match done.is_empty() {
            true => self,
            false => Trouble::Partly(Value::from(done), Box::new(self)),
        }
    }

    /// Status, a word for programs, and what a person reads.
    fn words(&self) -> (u16, &'static str, String) {
        match self {
            Trouble::Unknown(what) => (404, "unknown", format!("There is no such {what}.")),
            Trouble::Request(why) => (400, "request", why.clone()),
            Trouble::Changed(files) => {
                let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
                let files = paths.join(", ");
                (409, "changed", format!("{files} was changed meanwhile."))
            }
            Trouble::Invalid(problems) => {
                let texts: Vec<&str> = problems.iter().map(|it| it.message.as_str()).collect();
                (422, "invalid", texts.join("\n"))
            }
            Trouble::Nothing => (404, "nothing", "There is nothing to undo.".to_owned()),
            Trouble::Machine(why) => (500, "machine", why.to_string()),
            Trouble::NotNow(why) => (503, "not-now", why.clone()),
            Trouble::Partly(_, rest) => rest.words(),
        }
    }

    /// As pages get it.
    pub(super) fn json(&self) -> Value {
        let (_, error, message) = self.words();
        let mut answer = json!({ "error": error, "message": message });
        match self {
            Trouble::Changed(files) => {
                answer["conflicts"] = files.iter().map(Conflict::json).collect();
            }
            Trouble::Invalid(problems) => {
                let text = |problem: &Diagnostic| Value::from(problem.to_text(false));
                answer["problems"] = problems.iter().map(text).collect();
            }
            Trouble::Partly(done, rest) => {
                answer = rest.json();
                answer["done"] = done.clone();
            }
            _ => {}
        }
        answer
    }

    pub(super) fn answer(&self) -> Answer {
        json_answer(self.words().0, &self.json())
    }
}

/// An answer of JSON, which nobody keeps.
pub(super) fn json_answer(status: u16, value: &Value) -> Answer {
    let body = Body::Bytes(value.to_string().into_bytes().into());
    let mut answer = Answer::of(status, "application/json; charset=utf-8", body);
    answer.headers.retain(|(name, _)| *name != "Cache-Control");
    answer
        .with("Cache-Control", "no-store".to_owned())
        .with("Cross-Origin-Resource-Policy", "same-origin".to_owned())
}

impl From<(String, WriteError)> for Trouble {
    fn from((path, error): (String, WriteError)) -> Self {
        Trouble::Machine(MachineTrouble::Write(path, error))
    }
}

impl From<(&str, ChangeError)> for Trouble {
    fn from((path, error): (&str, ChangeError)) -> Self {
        match error {
            ChangeError::Unreadable(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Trouble::Machine(MachineTrouble::Read(path.to_owned(), error))
            }
            ChangeError::Unreadable(_) => Trouble::Unknown("file"),
            error => Trouble::Invalid(error.diagnostics(path)),
        }
    }
}

impl From<(&str, DecideError)> for Trouble {
    fn from((path, error): (&str, DecideError)) -> Self {
        match error {
            DecideError::Broken(problems) => Trouble::Invalid(problems),
            DecideError::Quality(error) => Trouble::from((path, error)),
            DecideError::Unreadable(_) => Trouble::Unknown("file"),
            error => Trouble::Machine(MachineTrouble::Decide(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_before_is_said_beside_why_the_rest_was_not() {
        let trouble = || {
            let error = io::Error::other("the disk is full");
            Trouble::Machine(MachineTrouble::Read("a".to_owned(), error))
        };
        assert_eq!(trouble().after(Vec::new()).json(), trouble().json());
        let partly = trouble().after(vec![json!("a")]);
        assert_eq!(partly.words().0, 500);
        let message = "a cannot be read: the disk is full";
        let wanted = json!({ "error": "machine", "message": message, "done": ["a"] });
        assert_eq!(partly.json(), wanted);
    }
}
