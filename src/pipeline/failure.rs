//! Why a command ends before its work is done.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::Path;

use crate::diagnostic::Diagnostic;
use crate::fetch::decide::DecideError;
use crate::http::SetupError;
use crate::plan::PageSpec;
use crate::search::SearchError;
use crate::workspace::WriteError;

/// Why a command could not do its work.
#[derive(Debug)]
pub enum Failure {
    /// The site has errors: all of them.
    Site(Vec<Diagnostic>),
    /// The machine failed us.
    Machine(MachineError),
}

/// What the machine failed at. Its text is one sentence without a full stop, for a person.
#[derive(Debug)]
pub enum MachineError {
    /// A file or folder cannot be used.
    File {
        /// What was to be done with it.
        action: FileAction,
        /// Its path, as it is shown.
        path: String,
        /// What the system says.
        error: io::Error,
    },
    /// The state folder cannot be written to, and no other folder was named.
    ReadOnlyState {
        /// What was to be done.
        action: FileAction,
        /// The file or folder of the state.
        path: String,
        /// What the system says.
        error: io::Error,
    },
    /// A file of the site cannot be written.
    Write {
        /// Its path in the site.
        path: String,
        /// Why not.
        error: WriteError,
    },
    /// A page shows an article that its plan does not declare: a mistake in newsgen.
    Undeclared {
        /// The URL of the page.
        page: String,
        /// The path of the article.
        article: String,
    },
    /// Parsed articles are lost, although they were just parsed.
    Articles,
    /// The search index cannot be made.
    Search(SearchError),
    /// The thread that makes the search index panicked.
    SearchThread,
    /// The files of the search index cannot be written.
    SearchFiles(io::Error),
    /// A decision on a candidate cannot be carried out.
    Decide(DecideError),
    /// Articles cannot be read from standard input.
    Input(io::Error),
    /// Interrupts cannot be waited for.
    Interrupts(io::Error),
    /// No requests can be made.
    Client(SetupError),
    /// The system has no randomness.
    Randomness(getrandom::Error),
    /// No connections can be accepted on an address that is bound.
    Accept(io::Error),
    /// An address cannot be listened on.
    Listen {
        /// Its host, as it was given.
        host: String,
        /// Its port.
        port: u16,
        /// What the system says.
        error: io::Error,
    },
    /// All ports that are tried are in use.
    NoFreePort {
        /// The first of them.
        first: u16,
        /// The last of them.
        last: u16,
    },
    /// A target of a deploy could not do what it was asked to (`deploy::DeployError`, which belongs
    /// to a later layer than this type).
    Target(Box<dyn Error + Send + Sync>),
}

/// What was to be done with a file or folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileAction {
    /// Its bytes were to be read, or its files listed.
    Read,
    /// It was to be made.
    Create,
    /// Its bytes were to be written.
    Write,
    /// Files were to be written in it.
    WriteTo,
    /// No other program was to use it.
    Lock,
}

impl Failure {
    /// What the machine says of a file or folder.
    pub(super) fn io(action: FileAction, path: &Path, error: io::Error) -> Failure {
        Failure::Machine(MachineError::File {
            action,
            path: path.display().to_string(),
            error,
        })
    }

    /// A page shows an article that its plan does not name.
    pub(super) fn undeclared(page: &PageSpec, article: &str) -> Failure {
        Failure::Machine(MachineError::Undeclared {
            page: page.url.clone(),
            article: article.to_owned(),
        })
    }

    /// All that is wrong, as diagnostics.
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        match self {
            Failure::Site(problems) => problems,
            Failure::Machine(error) => vec![Diagnostic::error("machine", error.to_string())],
        }
    }
}

impl From<MachineError> for Failure {
    fn from(error: MachineError) -> Self {
        Failure::Machine(error)
    }
}

impl fmt::Display for FileAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            FileAction::Read => "read",
            FileAction::Create => "create",
            FileAction::Write => "write",
            FileAction::WriteTo => "write to",
            FileAction::Lock => "lock",
        })
    }
}

impl fmt::Display for MachineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MachineError::File {
                action,
                path,
                error,
            } => write!(f, "cannot {action} {path}: {error}"),
            MachineError::ReadOnlyState {
                action,
                path,
                error,
            } => write!(
                f,
                "cannot {action} {path}: {error}; a build keeps its state there: name a folder \
                 that can be written with `--state DIR` or NEWSGEN_STATE, and one for the site \
                 with `--output DIR`"
            ),
            MachineError::Write { path, error } => write!(f, "cannot write {path}: {error}"),
            MachineError::Undeclared { page, article } => write!(
                f,
                "internal error: {page} shows {article}, which its plan does not declare; please \
                 report this"
            ),
            MachineError::Articles => f.write_str("cannot keep articles in memory"),
            MachineError::Search(error) => write!(
                f,
                "cannot build the search index: {error}; `search.enabled = false` turns search off"
            ),
            MachineError::SearchThread => {
                f.write_str("cannot build the search index: its thread panicked")
            }
            MachineError::SearchFiles(error) => {
                write!(f, "cannot write the search index: {error}")
            }
            MachineError::Decide(error) => error.fmt(f),
            MachineError::Input(error) => write!(f, "cannot read the articles: {error}"),
            MachineError::Interrupts(error) => write!(f, "cannot wait for interrupts: {error}"),
            MachineError::Client(error) => error.fmt(f),
            MachineError::Randomness(error) => error.fmt(f),
            MachineError::Accept(error) => write!(f, "cannot listen: {error}"),
            MachineError::Listen { port, error, .. }
                if error.kind() == io::ErrorKind::AddrInUse =>
            {
                write!(
                    f,
                    "port {port} is in use; stop the program that uses it, choose another port, or \
                     omit --port to get a free one"
                )
            }
            MachineError::Listen { host, port, error } => {
                write!(f, "cannot listen on {host}:{port}: {error}")
            }
            MachineError::NoFreePort { first, last } => write!(
                f,
                "the ports {first} to {last} are in use; choose one with --port"
            ),
            MachineError::Target(error) => error.fmt(f),
        }
    }
}

impl Error for MachineError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            MachineError::File { error, .. }
            | MachineError::ReadOnlyState { error, .. }
            | MachineError::Listen { error, .. }
            | MachineError::SearchFiles(error)
            | MachineError::Input(error)
            | MachineError::Interrupts(error)
            | MachineError::Accept(error) => Some(error),
            MachineError::Write { error, .. } => Some(error),
            MachineError::Search(error) => Some(error),
            MachineError::Decide(error) => Some(error),
            MachineError::Client(error) => Some(error),
            MachineError::Randomness(error) => Some(error),
            MachineError::Target(error) => Some(error.as_ref()),
            MachineError::Undeclared { .. }
            | MachineError::Articles
            | MachineError::SearchThread
            | MachineError::NoFreePort { .. } => None,
        }
    }
}
