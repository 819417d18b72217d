//! The files of the last build + the record at the target → only what changed there, never half of
//! it.
//!
//! [`items`](item::items) says what is to stand at the target, [`plan`](plan::plan) what to do for
//! that, in which order; both are pure. [`Deploy::run`] carries it out:
//!
//! 1. It takes the lock of the target, and reads the record of the last deploy. Only where that
//!    does not say enough is the target listed. What was found out is reported, and what needs
//!    confirmation is asked.
//! 2. It leaves an intent: the paths that it is about to touch. If it dies, the next deploy knows
//!    where the record may be wrong.
//! 3. It sends what is new, then what changed, then the record, and deletes what the site no longer
//!    has.
//! 4. It takes away intent and lock.
//!
//! A [`Target`] is a place to deploy to. Its calls wait; they come from as many threads as there
//! are jobs.
//!
//! A kind of target is a variant of `Address`, an implementation of [`Target`], and a line in
//! `open`.
//!
//! # What to do
//!
//! - `item.rs`: what belongs at the target, with its headers
//! - `plan.rs`: what to do, in which order
//! - `survey.rs`: what is at the target, and what needs confirmation
//! - `run.rs`: carries the plan out
//! - `record.rs`: formats of record and intent
//! - `encode.rs`: compresses
//!
//! # Targets
//!
//! - `address.rs`: addresses of targets
//! - `folder.rs`: folders
//! - `object.rs`: buckets
//! - `git.rs`: branches
//! - `file_lock.rs`: a lock made of a file
//! - `lease.rs`: a lock made of an object
//! - `profile.rs`: AWS profiles
//! - `error.rs`: why a deploy does not go on
//! - `store_error.rs`: why a store refuses

pub mod address;
pub mod encode;
mod error;
mod file_lock;
mod folder;
mod git;
pub mod item;
mod lease;
mod object;
pub mod plan;
mod profile;
pub mod record;
mod run;
mod store_error;
mod survey;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use object_store::UpdateVersion;

pub use address::Address;
pub use error::{DeployError, Refusal};
pub use profile::ProfileError;
pub use run::{Done, Stopped};
pub use survey::{Question, Survey};

use item::Item;
use plan::{Found, Send};
use record::Entry;

/// How to deploy.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// What to send.
    pub send: Send,
    /// How much of the files at the target may be deleted without being asked about, in percent.
    pub delete_limit: usize,
    /// Whether to compare every file at the target, whatever is recorded of it.
    pub read_all: bool,
    /// Requests at once.
    pub jobs: usize,
}

/// A site on its way to a target.
pub struct Deploy<'a> {
    /// The folder of the site.
    pub folder: &'a Path,
    /// Address of the site.
    pub site: &'a str,
    /// What is to stand at the target.
    pub items: &'a [Item],
    /// Where it goes.
    pub target: &'a dyn Target,
    /// The target as a person would name it.
    pub shown: &'a str,
    /// How.
    pub options: Options,
}

/// Folder at the target for what deploys leave to each other.
const KEPT: &str = ".newsgen-deploy";

/// What a target keeps of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Objects with headers of their own.
    Objects,
    /// Files in folders; headers are for the web server to say.
    Folder,
    /// Files in folders, and nothing beside them.
    Branch,
}

/// How long to wait for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Time between two signs of life of a deploy; all other waiting is measured by it.
    pub pulse: Duration,
    /// Longest time for one request.
    pub request: Duration,
}

impl Default for Timeouts {
    fn default() -> Timeouts {
        Timeouts {
            pulse: Duration::from_secs(5),
            request: Duration::from_secs(300),
        }
    }
}

/// What deploys leave to each other, as it was read.
#[derive(Clone, Debug)]
pub struct Stored {
    bytes: Vec<u8>,
    /// To replace it only if it is still the same.
    version: Option<UpdateVersion>,
}

/// Makes the bytes of a file as they would be sent.
type Body<'a> = dyn Fn() -> Result<Vec<u8>, DeployError> + 'a;

/// A place to deploy to.
pub trait Target: Sync {
    /// What it keeps of a file.
    fn shape(&self) -> Shape;
    /// Whether a deploy that dies may leave a part of its work.
    fn needs_intent(&self) -> bool {
        true
    }
    /// Keeps other deploys away.
    ///
    /// # Errors
    /// When another one is under way, or the target refuses.
    fn lock(&self) -> Result<Box<dyn Lock>, DeployError>;
    /// Whether a deploy holds the lock, or died with it.
    ///
    /// # Errors
    /// When the target refuses.
    fn is_locked(&self) -> Result<bool, DeployError>;
    /// What is worth telling about the target.
    fn notes(&self) -> Vec<String> {
        Vec::new()
    }
    /// Reads what deploys leave to each other.
    ///
    /// # Errors
    /// When the target refuses.
    fn load(&self, name: &str) -> Result<Option<Stored>, DeployError>;
    /// Leaves something to other deploys, in the place of `old` and of nothing else.
    ///
    /// # Errors
    /// When another deploy was faster, or the target refuses.
    fn store(&self, name: &str, bytes: Vec<u8>, old: Option<&Stored>) -> Result<(), DeployError>;
    /// Deletes what deploys left to each other.
    ///
    /// # Errors
    /// When the target refuses.
    fn forget(&self, name: &str) -> Result<(), DeployError>;
    /// Sends a file; readers see the old one or the new one.
    ///
    /// # Errors
    /// When the target refuses.
    fn put(&self, entry: &Entry, body: Vec<u8>) -> Result<(), DeployError>;
    /// Compares what stands at a path with what is to stand there. `body` is asked for only if
    /// nothing else tells.
    ///
    /// # Errors
    /// When the target refuses, or `body` fails.
    fn find(&self, entry: &Entry, body: &Body<'_>) -> Result<Found, DeployError>;
    /// The paths among `recorded` of which it is known, without reading or asking for each, that
    /// they may not be as the last deploy left them.
    ///
    /// # Errors
    /// When the target refuses.
    fn suspects(
        &self,
        _recorded: &BTreeMap<String, Entry>,
    ) -> Result<BTreeSet<String>, DeployError> {
        Ok(BTreeSet::new())
    }
    /// Whether a sample of what is recorded is looked up, since nothing else tells when somebody
    /// else has changed files.
    fn is_sampled(&self) -> bool {
        false
    }
    /// All paths but those of [`Target::store`].
    ///
    /// # Errors
    /// When the target refuses.
    fn list(&self) -> Result<BTreeSet<String>, DeployError>;
    /// Deletes files; those that are not there are no error.
    ///
    /// # Errors
    /// When the target refuses.
    fn delete(&self, paths: &[String]) -> Result<(), DeployError>;
    /// Publishes what was gathered, where files do not appear one by one.
    ///
    /// # Errors
    /// When another deploy was faster, or the target refuses.
    fn finish(&self) -> Result<(), DeployError> {
        Ok(())
    }
}

/// How it stands with a lock that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockState {
    /// It is held.
    Held,
    /// It could not be renewed for so long that another deploy may take it.
    Doubtful,
    /// Another deploy has taken it.
    Taken,
}

/// A lock that was taken. It goes with [`Lock::release`], or when it is dropped.
pub trait Lock: Sync {
    /// How it stands. Only while it is held, something may be written.
    fn hold(&self) -> LockState;
    /// Lets other deploys in.
    fn release(self: Box<Self>);
}

/// Opens a target; nothing is written there yet. `state` is the folder of what is kept between
/// builds.
///
/// # Errors
/// When there are no credentials, or what the environment says is wrong.
pub fn open(
    address: &Address,
    timeouts: Timeouts,
    state: &Path,
) -> Result<Box<dyn Target>, DeployError> {
    Ok(match address {
        Address::Folder(path) => Box::new(folder::Folder::new(path.clone())),
        Address::Git(branch) => Box::new(git::Git::new(branch.clone(), state)),
        Address::Bucket(place, store) => Box::new(object::Objects::open(
            place,
            store,
            address.to_string(),
            timeouts,
        )?),
    })
}
