//! The installed `git`, run without a terminal: for branches that sites are deployed
//! to, and for the commits of the desk.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;

/// Variables that name another repository than the one that is meant: git sets them for its hooks
/// (`git rev-parse --local-env-vars`).
const OF_A_REPOSITORY: [&str; 12] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

/// A repository.
#[derive(Clone, Debug)]
pub struct Git {
    place: [OsString; 2],
    /// The index that is used, if it is another than that of the repository.
    index: Option<PathBuf>,
}

/// An index beside that of a repository. It goes when it is dropped.
#[derive(Debug)]
pub struct OwnIndex(PathBuf);

impl OwnIndex {
    /// A copy of an index, in the same folder; an empty one if there is none.
    ///
    /// # Errors
    /// When it cannot be copied.
    pub fn of(index: &Path, copy: PathBuf) -> io::Result<OwnIndex> {
        let own = OwnIndex(copy);
        // One may be left by somebody who was stopped.
        own.clear();
        match fs::copy(index, &own.0) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(own),
        }
    }

    fn clear(&self) {
        // What is not there need not go.
        drop(fs::remove_file(&self.0));
        drop(fs::remove_file(self.0.with_added_extension("lock")));
    }
}

impl Drop for OwnIndex {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Why git did not do it.
#[derive(Debug)]
pub enum GitError {
    /// It is not installed.
    Missing,
    /// It could not be started, or not be heard to its end.
    NotStarted(io::Error),
    /// This is what it said.
    Refused(String),
}

impl GitError {
    /// What is said of it.
    pub fn text(&self) -> String {
        match self {
            GitError::Missing => "git is not installed".to_owned(),
            GitError::NotStarted(error) => format!("git cannot be started: {error}"),
            GitError::Refused(said) => said.clone(),
        }
    }
}

impl From<io::Error> for GitError {
    fn from(error: io::Error) -> GitError {
        match error.kind() {
            io::ErrorKind::NotFound => GitError::Missing,
            _ => GitError::NotStarted(error),
        }
    }
}

/// The error message of git; its exit code, if there is none.
pub fn said(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    match said.trim() {
        "" => output.status.to_string(),
        _ => said.trim_end().to_owned(),
    }
}

impl Git {
    /// The repository in a folder that is one: a bare one, or a `.git`.
    pub fn of_repository(folder: &Path) -> Git {
        Git {
            place: ["--git-dir".into(), folder.into()],
            index: None,
        }
    }

    /// The repository that git finds from a folder.
    pub fn from_folder(folder: &Path) -> Git {
        Git {
            place: ["-C".into(), folder.into()],
            index: None,
        }
    }

    /// The same with an index of its own.
    #[must_use]
    pub fn with_index(&self, index: &OwnIndex) -> Git {
        Git {
            place: self.place.clone(),
            index: Some(index.0.clone()),
        }
    }

    /// Git, about to be run. It must not wait for an answer that nobody gives.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        for name in OF_A_REPOSITORY {
            command.env_remove(name);
        }
        if let Some(index) = &self.index {
            command.env("GIT_INDEX_FILE", index);
        }
        command
            .env("GIT_TERMINAL_PROMPT", "0")
            .stdin(Stdio::null())
            .args(&self.place)
            .args(arguments);
        command
    }

    /// Runs git to its end. What it says is read by this program, and so it is in English.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn run(&self, arguments: &[&str]) -> Result<Output, GitError> {
        let mut command = self.command(arguments);
        Ok(command.env("LC_ALL", "C").output()?)
    }

    /// What git prints when all goes well.
    ///
    /// # Errors
    /// What it says else.
    pub fn ask(&self, arguments: &[&str]) -> Result<Vec<u8>, GitError> {
        printed(self.run(arguments)?)
    }

    /// What git prints for some input.
    ///
    /// # Errors
    /// What it says else.
    pub fn feed(&self, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, GitError> {
        let mut command = self.command(arguments);
        command.env("LC_ALL", "C");
        printed(fed(command, input)?)
    }
}

/// Runs a command of git with some input.
///
/// # Errors
/// When it cannot be started.
pub fn fed(mut command: Command, input: &[u8]) -> Result<Output, GitError> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let stdin = child.stdin.take();
    // Git may print before it has read everything.
    let output = thread::scope(|scope| {
        scope.spawn(move || {
            // Whoever ends before it has read all says so in its exit code.
            stdin.map(|mut stdin| stdin.write_all(input))
        });
        child.wait_with_output()
    });
    Ok(output?)
}

fn printed(output: Output) -> Result<Vec<u8>, GitError> {
    match output.status.success() {
        true => Ok(output.stdout),
        false => Err(GitError::Refused(said(&output))),
    }
}
