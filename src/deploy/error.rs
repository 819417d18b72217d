//! Why a deploy does not go on: the facts as values, and the words for a person.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::profile::ProfileError;

/// Why a target could not do what it was asked to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeployError {
    /// Another deploy to this target is under way.
    Busy(String),
    /// The lock of this target could not be renewed in time.
    Doubtful(String),
    /// Another deploy has taken over this target.
    Lost(String),
    /// Somebody else has changed this branch since it was fetched.
    Moved(String),
    /// A file of the output is no longer what the build wrote.
    Changed(PathBuf),
    /// The machine refuses.
    File {
        /// What was to be done: "read".
        action: &'static str,
        /// With which file or folder.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// git is not installed.
    NoGit,
    /// A part of the program, or git, does not start.
    NotStarted {
        /// What: "git".
        what: &'static str,
        /// What the system says.
        reason: String,
    },
    /// git refuses.
    Git {
        /// What was to be done: "push to".
        action: String,
        /// The branch.
        target: String,
        /// What git says.
        said: String,
    },
    /// No object can have this path.
    Unnameable(String),
    /// A profile of AWS cannot be used.
    Profile(ProfileError),
    /// The store refuses.
    Store {
        /// The bucket.
        target: String,
        /// What was to be done: "write to".
        action: String,
        /// Why it refuses.
        refusal: Refusal,
    },
    /// The site has so many files that no record can hold them.
    TooLarge(String),
}

/// Why a store refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There are no credentials.
    NoCredentials,
    /// The credentials do not allow it; with the code that the store gives.
    NotAllowed(Option<String>),
    /// There is no such bucket; with the code that the store gives.
    NoBucket(Option<String>),
    /// Another reason, which the store gives.
    Answered {
        /// Its code: "SlowDown".
        code: String,
        /// What it says about that.
        message: Option<String>,
    },
    /// No client can be made of what the environment says; why, in the words of the client.
    Environment(String),
    /// The client gave up; why, in its words: it found no server, waited too long, or got what is
    /// no answer of a store.
    GaveUp(String),
}

impl DeployError {
    /// What the machine says of a file or folder.
    pub(super) fn file(action: &'static str, path: &Path, error: &io::Error) -> DeployError {
        DeployError::File {
            action,
            path: path.to_owned(),
            reason: error.to_string(),
        }
    }
}

impl fmt::Display for DeployError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DeployError::Busy(target) => write!(
                f,
                "another deploy to {target} is in progress, so nothing was sent; try again when it \
                 has finished"
            ),
            DeployError::Doubtful(target) => write!(
                f,
                "the lock of {target} could not be renewed in time, so this deploy stopped; deploy \
                 again"
            ),
            DeployError::Lost(target) => write!(
                f,
                "another deploy has taken over {target}, so this one stopped; deploy again when \
                 that one has finished"
            ),
            DeployError::Moved(target) => write!(
                f,
                "somebody else has changed {target} meanwhile, so nothing was published; deploy \
                 again"
            ),
            DeployError::Changed(path) => write!(
                f,
                "{} was changed after this deploy began; deploy again when whatever changed it is \
                 done",
                path.display()
            ),
            DeployError::File {
                action,
                path,
                reason,
            } => write!(f, "cannot {action} {}: {reason}", path.display()),
            DeployError::NoGit => {
                f.write_str("git is not installed, but is needed to deploy to a branch")
            }
            DeployError::NotStarted { what, reason } => write!(f, "cannot start {what}: {reason}"),
            DeployError::Git {
                action,
                target,
                said,
            } => write!(f, "git cannot {action} {target}:\n{said}"),
            DeployError::Unnameable(path) => {
                write!(f, "{path} is not a valid object name")
            }
            DeployError::Profile(error) => error.fmt(f),
            DeployError::Store {
                target,
                action,
                refusal,
            } => refusal.write(f, target, action),
            DeployError::TooLarge(reason) => {
                write!(f, "the site is too large for a record: {reason}")
            }
        }
    }
}

impl std::error::Error for DeployError {}

impl Refusal {
    fn write(&self, f: &mut fmt::Formatter<'_>, target: &str, action: &str) -> fmt::Result {
        let in_brackets = |code: &Option<String>| {
            let code = code.as_ref();
            code.map(|code| format!(" ({code})")).unwrap_or_default()
        };
        match self {
            Refusal::NoCredentials => write!(
                f,
                "there are no credentials for {target}: neither the environment nor this machine \
                 has any; {} names the variables",
                manual!("deploying")
            ),
            Refusal::NotAllowed(code) => write!(
                f,
                "{target} does not let these credentials {action} it{}; {} lists the rights that a \
                 deploy needs",
                in_brackets(code),
                manual!("deploying")
            ),
            Refusal::NoBucket(code) => write!(
                f,
                "there is no place for {target}{}: make the bucket or container first",
                in_brackets(code)
            ),
            Refusal::Environment(reason) => write!(
                f,
                "cannot {action} {target}: {reason}; {} names the variables that say more",
                manual!("deploying")
            ),
            Refusal::Answered { code, message } => {
                write!(f, "cannot {action} {target}: {code}")?;
                match message {
                    Some(message) => write!(f, ": {message}"),
                    None => Ok(()),
                }
            }
            Refusal::GaveUp(reason) => write!(f, "cannot {action} {target}: {reason}"),
        }
    }
}
