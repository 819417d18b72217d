//! Why the desk does not do what it is asked for.

use std::fmt;
use std::io;

use serde_json::{Value, json};

use crate::diagnostic::Diagnostic;
use crate::edit::{ChangeError, Hunk};
use crate::fetch::decide::DecideError;
use crate::fetch::register;
use crate::pipeline::{Failure, MachineError};
use crate::serve::http::{Answer, Body};
use crate::workspace::WriteError;

/// Why something was not done. Unless it says otherwise, nothing was.
#[derive(Debug)]
pub(super) enum DeskError {
    /// There is no such thing.
    Unknown(&'static str),
    /// The request makes no sense.
    Request(RequestError),
    /// The files are others than the request was made for: what each of them is now, and the lines
    /// in which it differs.
    Changed(Vec<Conflict>),
    /// The result could not be built.
    Invalid(Vec<Diagnostic>),
    /// There is nothing to be undone.
    Nothing,
    /// The machine failed.
    Machine(SystemError),
    /// It cannot be done at this moment.
    NotNow(NotNow),
    /// Another program came in between, or the machine failed, when some of it was done: what was,
    /// and why the rest was not.
    Partly(Value, Box<DeskError>),
}

/// What is wrong with a request.
#[derive(Debug)]
pub(super) enum RequestError {
    /// Its body is not the JSON that is expected.
    Body(serde_json::Error),
    /// A parameter of its address cannot be read.
    Parameter {
        /// Its name.
        name: &'static str,
        /// What it is.
        value: String,
        /// What it could be.
        wanted: &'static str,
    },
    /// It names nothing that it is about: "article".
    NothingNamed(&'static str),
    /// It names a file twice.
    NamedTwice(String),
    /// A change of a field cannot be made.
    Field {
        /// The field.
        field: String,
        /// Why not.
        why: FieldError,
    },
    /// A link is no address of a page.
    Link(String),
    /// All names for files are taken that a title gives.
    TitleTaken,
    /// The story that it is about cannot be read.
    UnreadableStory,
    /// The settings do not let the desk commit.
    CommitsAreOff,
}

/// Why a field is not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FieldError {
    /// It is none that the desk edits.
    NotEdited,
    /// It has a name that no field has.
    NoName,
    /// A picture is neither set nor unset.
    NoAddress,
    /// Several things are to be done to it, or none.
    NotOneChange,
}

/// Why something cannot be done at this moment.
#[derive(Debug)]
pub(super) enum NotNow {
    /// The site has errors, so there is none.
    NoSite,
    /// The clock that the settings ask for cannot be read.
    Clock(Failure),
    /// Another command of newsgen runs.
    Busy(String),
    /// As many pages of links are being read as may be at a time.
    ManyPages,
    /// Another program is writing to a file.
    BeingChanged(String),
    /// The site is being read again, since what was kept of it is damaged.
    BeingRead,
    /// The site cannot be made with a candidate in it.
    Trial(MachineError),
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RequestError::Body(error) => error.fmt(f),
            RequestError::Parameter {
                name,
                value,
                wanted,
            } => write!(f, "`{name}` is `{value}`; it must be {wanted}."),
            RequestError::NothingNamed(what) => write!(f, "No {what} is named."),
            RequestError::NamedTwice(path) => write!(f, "{path} is named twice."),
            RequestError::Field { field, why } => {
                let why = match why {
                    FieldError::NotEdited => "the desk does not edit this field",
                    FieldError::NoName => "this is no name of a field",
                    FieldError::NoAddress => "give an address",
                    FieldError::NotOneChange => "give one of `set`, `add`, `remove` and `unset`",
                };
                write!(f, "`{field}`: {why}")
            }
            RequestError::Link(link) => write!(f, "`{link}` is no address of a page."),
            RequestError::TitleTaken => f.write_str("Give it another title."),
            RequestError::UnreadableStory => f.write_str("This story cannot be read."),
            RequestError::CommitsAreOff => {
                f.write_str("The desk commits if `site.toml` has `desk.commit = true`.")
            }
        }
    }
}

impl fmt::Display for NotNow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotNow::NoSite => f.write_str("The site has errors that must be mended first."),
            NotNow::Clock(Failure::Machine(error)) => {
                write!(f, "The clock cannot be read: {error}.")
            }
            NotNow::Clock(Failure::Site(problems)) => {
                let why: Vec<&str> = problems.iter().map(|it| it.message.as_str()).collect();
                write!(f, "The clock cannot be read: {}.", why.join("; "))
            }
            NotNow::Busy(command) => write!(f, "`newsgen {command}` is still running."),
            NotNow::ManyPages => f.write_str("Many pages are being read. Try again."),
            NotNow::BeingChanged(path) => write!(f, "{path} is being changed. Try again."),
            NotNow::BeingRead => f.write_str("The site is being read again."),
            NotNow::Trial(error) => error.fmt(f),
        }
    }
}

/// What the machine failed at.
#[derive(Debug)]
pub(super) enum SystemError {
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

impl fmt::Display for SystemError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SystemError::Read(path, error) => write!(f, "{path} cannot be read: {error}"),
            SystemError::Write(path, error) => write!(f, "{path} cannot be written: {error}"),
            SystemError::Source(path, error) => write!(f, "{path}: {error}"),
            SystemError::Decide(error) => error.fmt(f),
            SystemError::Job(error) => error.fmt(f),
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

impl DeskError {
    /// The same, with what was done before.
    pub(super) fn after(self, done: Vec<Value>) -> DeskError {
        match done.is_empty() {
            true => self,
            false => DeskError::Partly(Value::from(done), Box::new(self)),
        }
    }

    /// Status, a word for programs, and what a person reads.
    fn words(&self) -> (u16, &'static str, String) {
        match self {
            DeskError::Unknown(what) => (404, "unknown", format!("There is no such {what}.")),
            DeskError::Request(why) => (400, "request", why.to_string()),
            DeskError::Changed(files) => {
                let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
                let files = paths.join(", ");
                (409, "changed", format!("{files} was changed meanwhile."))
            }
            DeskError::Invalid(problems) => {
                let texts: Vec<&str> = problems.iter().map(|it| it.message.as_str()).collect();
                (422, "invalid", texts.join("\n"))
            }
            DeskError::Nothing => (404, "nothing", "There is nothing to undo.".to_owned()),
            DeskError::Machine(why) => (500, "machine", why.to_string()),
            DeskError::NotNow(why) => (503, "not-now", why.to_string()),
            DeskError::Partly(_, rest) => rest.words(),
        }
    }

    /// As pages get it.
    pub(super) fn json(&self) -> Value {
        let (_, error, message) = self.words();
        let mut answer = json!({ "error": error, "message": message });
        match self {
            DeskError::Changed(files) => {
                answer["conflicts"] = files.iter().map(Conflict::json).collect();
            }
            DeskError::Invalid(problems) => {
                let text = |problem: &Diagnostic| Value::from(problem.to_text(false));
                answer["problems"] = problems.iter().map(text).collect();
            }
            DeskError::Partly(done, rest) => {
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
    written_answer(status, value.to_string())
}

/// The same of JSON that is written already.
pub(super) fn written_answer(status: u16, json: String) -> Answer {
    let body = Body::Bytes(json.into_bytes().into());
    let mut answer = Answer::of(status, "application/json; charset=utf-8", body);
    answer.headers.retain(|(name, _)| *name != "Cache-Control");
    answer
        .with("Cache-Control", "no-store".to_owned())
        .with("Cross-Origin-Resource-Policy", "same-origin".to_owned())
}

impl From<RequestError> for DeskError {
    fn from(error: RequestError) -> Self {
        DeskError::Request(error)
    }
}

impl From<NotNow> for DeskError {
    fn from(error: NotNow) -> Self {
        DeskError::NotNow(error)
    }
}

impl From<SystemError> for DeskError {
    fn from(error: SystemError) -> Self {
        DeskError::Machine(error)
    }
}

impl From<(String, WriteError)> for DeskError {
    fn from((path, error): (String, WriteError)) -> Self {
        DeskError::Machine(SystemError::Write(path, error))
    }
}

impl From<(&str, ChangeError)> for DeskError {
    fn from((path, error): (&str, ChangeError)) -> Self {
        match error {
            ChangeError::Unreadable(error) if error.kind() != std::io::ErrorKind::NotFound => {
                DeskError::Machine(SystemError::Read(path.to_owned(), error))
            }
            ChangeError::Unreadable(_) => DeskError::Unknown("file"),
            error => DeskError::Invalid(error.diagnostics(path)),
        }
    }
}

impl From<(&str, DecideError)> for DeskError {
    fn from((path, error): (&str, DecideError)) -> Self {
        match error {
            DecideError::Broken(problems) => DeskError::Invalid(problems),
            DecideError::Quality(error) => DeskError::from((path, error)),
            DecideError::Unreadable(_) => DeskError::Unknown("file"),
            error => DeskError::Machine(SystemError::Decide(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_before_is_said_beside_why_the_rest_was_not() {
        let error = || {
            let error = io::Error::other("the disk is full");
            DeskError::Machine(SystemError::Read("a".to_owned(), error))
        };
        assert_eq!(error().after(Vec::new()).json(), error().json());
        let partly = error().after(vec![json!("a")]);
        assert_eq!(partly.words().0, 500);
        let message = "a cannot be read: the disk is full";
        let wanted = json!({ "error": "machine", "message": message, "done": ["a"] });
        assert_eq!(partly.json(), wanted);
    }
}
