//! A branch of a git repository as a target: a deploy is one commit on top of what is there, made
//! and pushed by the installed `git`.
//!
//! A copy of the branch is kept in a bare repository of ours, so that only what changed travels.
//! Files go into one `git fast-import` (<https://git-scm.com/docs/git-fast-import>); the branch
//! moves with the push at the end, or not at all. So a deploy needs no intent, and a lock only for
//! the copy: when somebody else has moved the branch, git refuses the push.
//!
//! # Files
//!
//! - `notation.rs`: formats of git

mod notation;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use notation::{blob_hash, quoted};

use super::address::Branch;
use super::file_lock::FileLock;
use super::plan::Found;
use super::record::Entry;
use super::{Body, DeployError, KEPT, Lock, Shape, Stored, Target};
use crate::git::{self, GitError, said};
use crate::hash::Hash128;

/// The branch as it is at the target.
const BASE: &str = "refs/newsgen/base";
/// The commit of this deploy.
const NEXT: &str = "refs/newsgen/next";

/// What the message of the commit of a deploy begins with.
const TITLE: &str = "Deploy the site";
/// The line of that message that names the tree of the commit. While the newest commit of a branch
/// names its own tree, nobody has changed the branch since.
const TREE: &str = "Newsgen-Tree: ";

/// The branch.
pub(super) struct Git {
    branch: Branch,
    /// Our copy.
    copy: PathBuf,
    git: git::Git,
    /// Whether this deploy holds the copy.
    is_held: AtomicBool,
    /// Whether there is such a branch, once it was fetched.
    exists: OnceLock<bool>,
    /// All files of the branch with mode and hash as git names them, once they were listed.
    tree: OnceLock<BTreeMap<String, String>>,
    import: Mutex<Option<Import>>,
}

/// A commit in the making.
struct Import {
    child: Child,
    input: BufWriter<ChildStdin>,
}

impl Git {
    /// A branch, with its copy below the folder of what is kept between builds.
    pub(super) fn new(branch: Branch, state: &Path) -> Git {
        let name = Hash128::of(branch.to_string().as_bytes()).short(16);
        let copy = state.join("git").join(name);
        Git {
            branch,
            git: git::Git::of_repository(&copy),
            copy,
            is_held: AtomicBool::new(false),
            exists: OnceLock::new(),
            tree: OnceLock::new(),
            import: Mutex::new(None),
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.git.command(arguments);
        // What git says is read by this program.
        command.env("LC_ALL", "C");
        command
    }

    fn run(&self, arguments: &[&str]) -> Result<Output, DeployError> {
        self.git.run(arguments).map_err(not_run)
    }

    /// What git prints when all goes well.
    fn ask(&self, what: &str, arguments: &[&str]) -> Result<Vec<u8>, DeployError> {
        let output = self.run(arguments)?;
        if output.status.success() {
            Ok(output.stdout)
        } else {
            Err(self.failure(what, &output))
        }
    }

    fn failure(&self, what: &str, output: &Output) -> DeployError {
        DeployError::Git {
            action: what.to_owned(),
            target: self.branch.to_string(),
            said: said(output),
        }
    }

    fn reference(&self) -> String {
        format!("refs/heads/{}", self.branch.name)
    }

    fn lock_path(&self) -> PathBuf {
        self.copy.with_extension("lock")
    }

    /// Keeps other deploys away from the copy.
    fn hold(&self) -> Result<FileLock, DeployError> {
        let path = self.lock_path();
        let cannot = |error: &io::Error| DeployError::file("lock", &path, error);
        fs::create_dir_all(path.parent().unwrap_or(&path)).map_err(|error| cannot(&error))?;
        let lock = FileLock::take(&path, &self.branch.to_string())?;
        clear_locks(&self.copy).map_err(|error| cannot(&error))?;
        Ok(lock)
    }

    /// Whether there is such a branch; if so, the copy has it.
    fn exists(&self) -> Result<bool, DeployError> {
        if let Some(exists) = self.exists.get() {
            return Ok(*exists);
        }
        // A dry run holds the copy only while it changes it.
        let held = if self.is_held.load(Ordering::Relaxed) {
            None
        } else {
            Some(self.hold()?)
        };
        let exists = self.fetch()?;
        drop(held);
        Ok(*self.exists.get_or_init(|| exists))
    }

    /// Brings the branch into the copy. Tells whether there is one.
    fn fetch(&self) -> Result<bool, DeployError> {
        if !self.run(&["rev-parse", "--git-dir"])?.status.success() {
            self.make_copy()?;
        }
        let reference = self.reference();
        let listed = self.run(&[
            "ls-remote",
            "--exit-code",
            &self.branch.repository,
            &reference,
        ])?;
        match listed.status.code() {
            Some(0) => {
                if self.fetch_branch(&reference).is_err() {
                    // The repository answers, so the copy may be damaged. It has nothing that
                    // cannot be fetched again.
                    self.make_copy()?;
                    self.fetch_branch(&reference)?;
                }
                Ok(true)
            }
            // The repository answers, and has no such branch.
            Some(2) => {
                self.ask("forget", &["update-ref", "-d", BASE])?;
                Ok(false)
            }
            _ => Err(self.failure("reach", &listed)),
        }
    }

    /// Makes an empty copy, in the place of one that cannot be used.
    fn make_copy(&self) -> Result<(), DeployError> {
        let cannot = |error: io::Error| DeployError::file("make", &self.copy, &error);
        match fs::remove_dir_all(&self.copy) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(cannot(error)),
            _ => fs::create_dir_all(&self.copy).map_err(cannot)?,
        }
        self.ask("prepare a copy of", &["init", "--quiet", "--bare"])
            .map(drop)
    }

    /// Fetches the branch, and looks whether what a deploy reads of it is whole: its tree, and what
    /// deploys left.
    fn fetch_branch(&self, reference: &str) -> Result<(), DeployError> {
        let update = format!("+{reference}:{BASE}");
        let options = [
            "fetch",
            "--quiet",
            "--depth=1",
            "--no-tags",
            "--no-write-fetch-head",
        ];
        self.ask(
            "fetch",
            &[&options[..], &[&self.branch.repository, &update]].concat(),
        )?;
        let kept = self.ask("read", &["ls-tree", "-r", BASE, "--", KEPT])?;
        for blob in String::from_utf8_lossy(&kept)
            .lines()
            .filter_map(|line| line.split_whitespace().nth(2))
        {
            self.ask("read", &["cat-file", "blob", blob])?;
        }
        self.ask("read", &["ls-tree", "-r", "-z", "--name-only", BASE])
            .map(drop)
    }

    /// The name of an object, if it exists.
    fn revision(&self, revision: &str) -> Result<Option<String>, DeployError> {
        let output = self.run(&["rev-parse", "--quiet", "--verify", revision])?;
        let id = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        Ok(output.status.success().then_some(id))
    }

    /// All files of the branch, with mode and hash.
    fn tree(&self) -> Result<&BTreeMap<String, String>, DeployError> {
        if let Some(tree) = self.tree.get() {
            return Ok(tree);
        }
        let listed = match self.exists()? {
            true => self.ask("list", &["ls-tree", "-r", "-z", BASE])?,
            false => Vec::new(),
        };
        // "mode type hash<tab>path"
        let listed = String::from_utf8_lossy(&listed);
        let files = listed.split('\0').filter_map(|line| {
            let (what, path) = line.split_once('\t')?;
            Some((path.to_owned(), what.to_owned()))
        });
        Ok(self.tree.get_or_init(|| files.collect()))
    }

    /// The hash of the tree of a commit.
    fn tree_of(&self, commit: &str) -> Result<Option<String>, DeployError> {
        self.revision(&format!("{commit}^{{tree}}"))
    }

    /// Whom git would name as the committer.
    fn committer(&self) -> Result<String, DeployError> {
        let output = self.run(&["var", "GIT_COMMITTER_IDENT"])?;
        let said = String::from_utf8_lossy(&output.stdout);
        // "Name <address> seconds zone"
        let person = said
            .rsplit_once('>')
            .map(|(person, _)| format!("{person}>"));
        Ok(person
            .filter(|_| output.status.success())
            .unwrap_or_else(|| "newsgen <newsgen@localhost>".to_owned()))
    }

    /// Starts a commit on top of the branch.
    fn begin(&self) -> Result<Import, DeployError> {
        let mut child = self
            .command(&[
                "fast-import",
                "--quiet",
                "--done",
                "--force",
                "--date-format=now",
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(no_git)?;
        let Some(input) = child.stdin.take() else {
            return Err(DeployError::NotStarted {
                what: "git fast-import",
                reason: "it takes no input".to_owned(),
            });
        };
        let mut import = Import {
            child,
            input: BufWriter::with_capacity(1 << 16, input),
        };
        let message = TITLE;
        let from = self
            .revision(BASE)?
            .map(|parent| format!("from {parent}\n"))
            .unwrap_or_default();
        let committer = self.committer()?;
        let head = format!(
            "reset {NEXT}\ncommit {NEXT}\ncommitter {committer} now\ndata {}\n{message}\n{from}",
            message.len()
        );
        match import.input.write_all(head.as_bytes()) {
            Ok(()) => Ok(import),
            Err(_) => Err(self.stopped(import)),
        }
    }

    /// Why git reads no more of a commit.
    fn stopped(&self, Import { child, input }: Import) -> DeployError {
        // What was not written yet has nowhere to go.
        drop(input.into_parts());
        match child.wait_with_output() {
            Ok(output) => self.failure("create a commit for", &output),
            Err(error) => no_git(error),
        }
    }

    /// Adds a command to the commit.
    fn change(
        &self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), DeployError> {
        let mut open = self.import.lock().unwrap_or_else(PoisonError::into_inner);
        let mut import = match open.take() {
            Some(import) => import,
            None => self.begin()?,
        };
        match write(&mut import.input) {
            Ok(()) => {
                *open = Some(import);
                Ok(())
            }
            Err(_) => Err(self.stopped(import)),
        }
    }

    fn modify(&self, path: &str, bytes: &[u8]) -> Result<(), DeployError> {
        self.change(|input| {
            write!(
                input,
                "M 100644 inline {}\ndata {}\n",
                quoted(path),
                bytes.len()
            )?;
            input.write_all(bytes)?;
            input.write_all(b"\n")
        })
    }

    /// Makes the commit of this deploy anew, with the name of its tree in its message.
    fn sign(&self, tree: &str) -> Result<(), DeployError> {
        let message = format!("{TITLE}\n\n{TREE}{tree}");
        let committer = self.committer()?;
        let (name, address) = committer.split_once(" <").unwrap_or((&committer, ""));
        let address = address.trim_end_matches('>');
        let base = self.revision(BASE)?;
        let mut command = self.command(&["commit-tree", tree, "-m", &message]);
        command.args(base.iter().flat_map(|base| ["-p", base]));
        for role in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{role}_NAME"), name)
                .env(format!("GIT_{role}_EMAIL"), address);
        }
        let output = command.output().map_err(no_git)?;
        if !output.status.success() {
            return Err(self.failure("create a commit for", &output));
        }
        let commit = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        self.ask("create a commit for", &["update-ref", NEXT, &commit])
            .map(drop)
    }

    /// Whether the branch at the target is no longer the one that was fetched.
    fn has_moved(&self) -> Result<bool, DeployError> {
        let reference = self.reference();
        let listed = self.run(&["ls-remote", &self.branch.repository, &reference])?;
        // "hash<tab>reference"; nothing when there is no such branch.
        let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
        let there = listed.split_whitespace().next().map(str::to_owned);
        Ok(there.is_some() && there != self.revision(BASE)?)
    }

    fn push(&self) -> Result<(), DeployError> {
        let update = format!("{NEXT}:{}", self.reference());
        let output = self.run(&[
            "push",
            "--quiet",
            "--porcelain",
            &self.branch.repository,
            &update,
        ])?;
        if output.status.success() {
            self.ask("remember", &["update-ref", BASE, NEXT])?;
            return Ok(());
        }
        if self.has_moved()? {
            return Err(DeployError::Moved(self.branch.to_string()));
        }
        Err(self.failure("push to", &output))
    }
}

impl Target for Git {
    fn shape(&self) -> Shape {
        Shape::Branch
    }

    fn lock(&self) -> Result<Box<dyn Lock>, DeployError> {
        let held = self.hold()?;
        self.is_held.store(true, Ordering::Relaxed);
        Ok(Box::new(held))
    }

    fn is_locked(&self) -> Result<bool, DeployError> {
        FileLock::is_taken(&self.lock_path())
    }

    /// The record travels with the branch.
    fn load(&self, name: &str) -> Result<Option<Stored>, DeployError> {
        if !self.exists()? {
            return Ok(None);
        }
        let path = format!("{KEPT}/{name}");
        // In the tree of an older newsgen, pages may lie in a folder of that name.
        if !self.tree()?.contains_key(&path) {
            return Ok(None);
        }
        let Some(blob) = self.revision(&format!("{BASE}:{path}"))? else {
            return Ok(None);
        };
        Ok(Some(Stored {
            bytes: self.ask("read", &["cat-file", "blob", &blob])?,
            version: None,
        }))
    }

    fn store(&self, name: &str, bytes: Vec<u8>, _: Option<&Stored>) -> Result<(), DeployError> {
        self.modify(&format!("{KEPT}/{name}"), &bytes)
    }

    fn needs_intent(&self) -> bool {
        false
    }

    fn forget(&self, _: &str) -> Result<(), DeployError> {
        Ok(())
    }

    fn put(&self, entry: &Entry, body: Vec<u8>) -> Result<(), DeployError> {
        self.modify(&entry.path, &body)
    }

    fn find(&self, entry: &Entry, body: &Body<'_>) -> Result<Found, DeployError> {
        let Some(found) = self.tree()?.get(&entry.path) else {
            return Ok(Found::Absent);
        };
        // In a repository of another object format no hash is the same: then the file is sent
        // again, and git, which knows equal files, sends it nowhere.
        let is_same = *found == format!("100644 blob {}", blob_hash(&body()?));
        Ok(if is_same { Found::Same } else { Found::Other })
    }

    /// All files, when the newest commit is not that of a deploy.
    fn suspects(
        &self,
        recorded: &BTreeMap<String, Entry>,
    ) -> Result<BTreeSet<String>, DeployError> {
        if !self.exists()? {
            return Ok(BTreeSet::new());
        }
        let message = self.ask("read", &["log", "-1", "--format=%B", BASE])?;
        let message = String::from_utf8_lossy(&message);
        let named = message.lines().find_map(|line| line.strip_prefix(TREE));
        let is_ours = named.is_some() && named == self.tree_of(BASE)?.as_deref();
        Ok(if is_ours {
            BTreeSet::new()
        } else {
            recorded.keys().cloned().collect()
        })
    }

    fn list(&self) -> Result<BTreeSet<String>, DeployError> {
        let kept = format!("{KEPT}/");
        Ok(self
            .tree()?
            .keys()
            .filter(|path| !path.starts_with(&kept))
            .cloned()
            .collect())
    }

    fn delete(&self, paths: &[String]) -> Result<(), DeployError> {
        paths
            .iter()
            .try_for_each(|path| self.change(|input| writeln!(input, "D {}", quoted(path))))
    }

    fn finish(&self) -> Result<(), DeployError> {
        let import = self
            .import
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let Some(mut import) = import else {
            return Ok(());
        };
        if import
            .input
            .write_all(b"done\n")
            .and_then(|()| import.input.flush())
            .is_err()
        {
            return Err(self.stopped(import));
        }
        let Import { child, input } = import;
        drop(input);
        let output = child.wait_with_output().map_err(no_git)?;
        if !output.status.success() {
            return Err(self.failure("create a commit for", &output));
        }
        let tree = self.tree_of(NEXT)?;
        match tree {
            Some(tree) if self.tree_of(BASE)?.as_ref() != Some(&tree) => {
                self.sign(&tree)?;
                self.push()
            }
            _ => Ok(()),
        }
    }
}

/// Deletes the locks that a git which was killed left in our copy: nobody works there but the
/// deploy that holds ours.
fn clear_locks(folder: &Path) -> io::Result<()> {
    let items = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        items => items?,
    };
    for item in items {
        let item = item?;
        let name = item.file_name();
        if item.file_type()?.is_dir() {
            if name != "objects" {
                clear_locks(&item.path())?;
            }
        } else if name.to_string_lossy().ends_with(".lock") {
            fs::remove_file(item.path())?;
        }
    }
    Ok(())
}

fn no_git(error: io::Error) -> DeployError {
    not_run(error.into())
}

fn not_run(error: GitError) -> DeployError {
    match error {
        GitError::Missing => DeployError::NoGit,
        GitError::NotStarted(error) => DeployError::NotStarted {
            what: "git",
            reason: error.to_string(),
        },
        GitError::Refused(reason) => DeployError::NotStarted {
            what: "git",
            reason,
        },
    }
}
