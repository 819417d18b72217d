//! The git checkout that a site is in: what is committed, what is staged, and a commit of some
//! files that leaves everything else as it is.
//!
//! The commit is made from an index of its own, which begins as that of the last commit; so what
//! somebody has staged stays staged. Hooks, signing and identity are those of `git commit`. In the
//! index of the repository the files of the commit are staged before, so that whoever is stopped
//! in between leaves them staged, and nothing that would take the commit back.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::git::{Git, GitError, OwnIndex, fed, said};

/// Paths that one command of git gets: no system takes more than it has room for.
const AT_ONCE: usize = 500;
/// Files in the folder of a repository that tell what somebody has begun there.
const BEGUN: [(&str, &str); 6] = [
    ("MERGE_HEAD", "a merge"),
    ("CHERRY_PICK_HEAD", "a cherry-pick"),
    ("REVERT_HEAD", "a revert"),
    ("rebase-merge", "a rebase"),
    ("rebase-apply", "a rebase"),
    ("sequencer", "a cherry-pick or a revert"),
];
/// Name of the index that a commit is made from.
const INDEX: &str = "newsgen-desk-index";

/// A file as git has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Blob {
    pub(super) mode: String,
    pub(super) id: String,
}

/// A file of a commit: by its path from the top of the repository, and none for one that goes.
pub(super) type Entries = BTreeMap<String, Option<Blob>>;

/// The checkout.
#[derive(Debug)]
pub(super) struct Checkout {
    git: Git,
    top: PathBuf,
    /// Path of the site in it: empty, or with a slash at its end.
    prefix: String,
    /// The commit that is checked out.
    head: String,
}

/// A commit that was made.
#[derive(Debug)]
pub(super) struct Commit {
    /// The start of its name.
    pub(super) short: String,
    /// The branch that it is on.
    pub(super) branch: String,
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_end().to_owned()
}

/// Items between NUL bytes.
fn items(bytes: &[u8]) -> impl Iterator<Item = String> {
    let items = bytes
        .split(|byte| *byte == 0)
        .filter(|item| !item.is_empty());
    items.map(|item| String::from_utf8_lossy(item).into_owned())
}

impl Checkout {
    /// The checkout that a site is in, if a commit can be made there.
    ///
    /// # Errors
    /// Why not.
    pub(super) fn open(site: &Path) -> Result<Checkout, String> {
        let git = Git::from_folder(site);
        let place = [
            "rev-parse",
            "--is-inside-work-tree",
            "--show-toplevel",
            "--show-prefix",
        ];
        let inside = git.run(&["rev-parse", "--is-inside-work-tree"]);
        let inside = inside.map_err(|error| format!("{}.", error.text()))?;
        if !inside.status.success() {
            return Err(match said(&inside) {
                said if said.contains("not a git repository") => {
                    "The site is not in a git checkout.".to_owned()
                }
                said => format!("git does not open the repository: {said}"),
            });
        }
        if text(&inside.stdout) != "true" {
            return Err("The site is in a git repository without a work tree.".to_owned());
        }
        let ask = |arguments: &[&str]| git.ask(arguments).map_err(|error| error.text());
        let place = text(&ask(&place)?);
        let mut place = place.split('\n').skip(1);
        let top = PathBuf::from(place.next().unwrap_or_default());
        let prefix = place.next().unwrap_or_default().to_owned();
        let Ok(head) = git.ask(&["rev-parse", "--quiet", "--verify", "HEAD^{commit}"]) else {
            let text = "The repository has no commit yet. Make the first one yourself.";
            return Err(text.to_owned());
        };
        let checkout = Checkout {
            git: Git::from_folder(&top),
            head: text(&head),
            top,
            prefix,
        };
        checkout.is_ready()?;
        Ok(checkout)
    }

    /// Whether somebody is in the middle of something.
    fn is_ready(&self) -> Result<(), String> {
        if self.branch().is_err() {
            return Err(
                "No branch is checked out (detached HEAD), so a commit would be on none. Check \
                 one out with `git switch`."
                    .to_owned(),
            );
        }
        for (name, what) in BEGUN {
            if self.path(name)?.exists() {
                return Err(format!(
                    "{} is in progress in this repository. Finish or abort it first.",
                    what[..1].to_uppercase() + &what[1..]
                ));
            }
        }
        if !self.ask(&["ls-files", "--unmerged", "-z"])?.is_empty() {
            return Err("The repository has conflicts that are not resolved.".to_owned());
        }
        for name in ["GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"] {
            if self.git.ask(&["var", name]).is_err() {
                return Err(
                    "git does not know who commits. Tell it with `git config user.name` and `git \
                     config user.email`."
                        .to_owned(),
                );
            }
        }
        Ok(())
    }

    fn branch(&self) -> Result<String, GitError> {
        let name = self
            .git
            .ask(&["symbolic-ref", "--quiet", "--short", "HEAD"])?;
        Ok(text(&name))
    }

    fn ask(&self, arguments: &[&str]) -> Result<Vec<u8>, String> {
        let arguments: Vec<&str> = ["--literal-pathspecs"]
            .iter()
            .chain(arguments)
            .copied()
            .collect();
        self.git.ask(&arguments).map_err(|error| error.text())
    }

    /// What git prints for some paths, one NUL after each item.
    fn ask_of(&self, arguments: &[&str], paths: &[String]) -> Result<Vec<String>, String> {
        let mut all = Vec::new();
        for paths in paths.chunks(AT_ONCE) {
            let paths = paths.iter().map(String::as_str);
            let arguments: Vec<&str> = arguments
                .iter()
                .copied()
                .chain(["--"])
                .chain(paths)
                .collect();
            all.extend(items(&self.ask(&arguments)?));
        }
        Ok(all)
    }

    /// A file in the folder of the repository.
    fn path(&self, name: &str) -> Result<PathBuf, String> {
        Ok(self
            .top
            .join(text(&self.ask(&["rev-parse", "--git-path", name])?)))
    }

    /// The path from the top of the repository of a file of the site.
    pub(super) fn full(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }

    /// Where a file is.
    pub(super) fn file(&self, full: &str) -> PathBuf {
        self.top.join(full)
    }

    /// Why a file is none of this repository, or no plain file.
    pub(super) fn is_elsewhere(&self, full: &str) -> Option<&'static str> {
        let mut path = self.top.clone();
        let mut parts = full.split('/').peekable();
        while let Some(part) = parts.next() {
            path.push(part);
            if path.is_symlink() {
                return Some("it is behind a symbolic link");
            }
            if parts.peek().is_some() && path.join(".git").exists() {
                return Some("it is in a repository of its own");
            }
        }
        full.contains('\n').then_some("its name has a line break")
    }

    /// The files of the last commit among some.
    pub(super) fn committed(&self, paths: &[String]) -> Result<BTreeMap<String, Blob>, String> {
        self.tree(&self.head, paths)
    }

    fn tree(&self, commit: &str, paths: &[String]) -> Result<BTreeMap<String, Blob>, String> {
        // "mode type id<tab>path"; `--` would be a path here.
        let mut files = BTreeMap::new();
        for paths in paths.chunks(AT_ONCE) {
            let paths = paths.iter().map(String::as_str);
            let fixed = ["ls-tree", "-z", "--full-tree", commit];
            let arguments: Vec<&str> = fixed.into_iter().chain(paths).collect();
            for item in items(&self.ask(&arguments)?) {
                let Some((what, path)) = item.split_once('\t') else {
                    continue;
                };
                let mut what = what.split(' ');
                if let (Some(mode), Some("blob"), Some(id)) =
                    (what.next(), what.next(), what.next())
                {
                    files.insert(path.to_owned(), blob(mode, id));
                }
            }
        }
        Ok(files)
    }

    /// The files of the index among some.
    pub(super) fn staged(&self, paths: &[String]) -> Result<BTreeMap<String, Blob>, String> {
        // "mode id stage<tab>path"
        let listed = self.ask_of(&["ls-files", "--stage", "-z", "--full-name"], paths)?;
        let files = listed.iter().filter_map(|item| {
            let (what, path) = item.split_once('\t')?;
            let (mode, id) = what.split_once(' ')?;
            Some((path.to_owned(), blob(mode, id.split(' ').next()?)))
        });
        Ok(files.collect())
    }

    /// Those of some paths that git is to leave out (`.gitignore`).
    pub(super) fn ignored(&self, paths: &[String]) -> Result<Vec<String>, String> {
        let input: String = paths.iter().map(|path| format!("{path}\0")).collect();
        let mut command = self.git.command(&["check-ignore", "-z", "--stdin"]);
        command.env("LC_ALL", "C");
        let output = fed(command, input.as_bytes()).map_err(|error| error.text())?;
        match output.status.code() {
            // 1 says that it is none of them.
            Some(0 | 1) => Ok(items(&output.stdout).collect()),
            _ => Err(said(&output)),
        }
    }

    /// Files of a folder, by their paths from the top, that may be others than in the last commit.
    pub(super) fn changed_in(&self, folder: &str) -> Result<Vec<String>, String> {
        let fixed = [
            "--no-optional-locks",
            "status",
            "--porcelain",
            "-z",
            "--no-renames",
        ];
        let more = ["--untracked-files=all", "--", folder];
        let arguments: Vec<&str> = fixed.into_iter().chain(more).collect();
        let listed = self.ask(&arguments)?;
        Ok(items(&listed)
            .filter_map(|item| item.get(3..).map(str::to_owned))
            .collect())
    }

    /// Whether a path was ever in a commit of this branch.
    pub(super) fn was_committed(&self, path: &str) -> Result<bool, String> {
        let found = self.ask(&["rev-list", "--max-count=1", &self.head, "--", path])?;
        Ok(!found.is_empty())
    }

    /// The bytes of a file of git.
    pub(super) fn bytes(&self, blob: &Blob) -> Result<Vec<u8>, String> {
        self.ask(&["cat-file", "blob", &blob.id])
    }

    /// The bytes that a file of the last commit has when it is checked out.
    pub(super) fn checked_out(&self, path: &str) -> Result<Vec<u8>, String> {
        self.ask(&["cat-file", "--filters", &format!("{}:{path}", self.head)])
    }

    /// Keeps files of the work tree, and returns their names by path.
    pub(super) fn keep_files(&self, paths: &[String]) -> Result<BTreeMap<String, String>, String> {
        let input: String = paths.iter().map(|path| format!("{path}\n")).collect();
        let named = ["hash-object", "-w", "--stdin-paths"];
        let named = self.hash(&named, input.as_bytes())?;
        Ok(paths
            .iter()
            .cloned()
            .zip(named.lines().map(str::to_owned))
            .collect())
    }

    /// Keeps bytes as git would keep those of a file at a path, and returns their name.
    pub(super) fn keep(&self, path: &str, bytes: &[u8]) -> Result<String, String> {
        self.hash(&["hash-object", "-w", "--stdin", "--path", path], bytes)
    }

    /// The name that git would give the bytes of a file at a path.
    pub(super) fn name(&self, path: &str, bytes: &[u8]) -> Result<String, String> {
        self.hash(&["hash-object", "--stdin", "--path", path], bytes)
    }

    fn hash(&self, arguments: &[&str], bytes: &[u8]) -> Result<String, String> {
        let named = self.git.feed(arguments, bytes);
        named.map(|id| text(&id)).map_err(|error| error.text())
    }

    /// Commits files, and nothing else. `staged` is what the index is to have of them; what it has
    /// of other files stays.
    ///
    /// # Errors
    /// Why nothing was committed; then the index is as it was.
    pub(super) fn commit(
        &self,
        files: &Entries,
        staged: &Entries,
        message: &str,
    ) -> Result<Commit, String> {
        // From that of the repository git takes what it knows of files, so that it need not read
        // them all.
        let index = OwnIndex::of(&self.path("index")?, self.path(INDEX)?);
        let index = index
            .map_err(|error| format!("The index of the repository cannot be copied: {error}"))?;
        let own = self.git.with_index(&index);
        own.ask(&["read-tree", "--reset", &self.head])
            .and_then(|_| own.feed(&["update-index", "-z", "--index-info"], &self.lines(files)))
            .map_err(|error| error.text())?;
        self.commit_index(&own, files, staged, message)
    }

    fn commit_index(
        &self,
        own: &Git,
        files: &Entries,
        staged: &Entries,
        message: &str,
    ) -> Result<Commit, String> {
        let paths: Vec<String> = staged.keys().cloned().collect();
        let there = self.staged(&paths)?;
        let before = paths
            .iter()
            .map(|path| (path.clone(), there.get(path).cloned()));
        let before: Entries = before.collect();
        self.stage(staged)?;
        let commit = match self.run_commit(own, message) {
            Ok(commit) => commit,
            Err(error) => {
                // What was staged before is staged again.
                self.stage(&before)?;
                return Err(error);
            }
        };
        self.follow_hooks(files, staged)?;
        Ok(commit)
    }

    /// Takes into the index what hooks made of the commit, where it has nothing of somebody else.
    fn follow_hooks(&self, files: &Entries, staged: &Entries) -> Result<(), String> {
        let changed = ["diff-tree", "-r", "-z", "--name-only", &self.head, "HEAD"];
        let changed: Vec<String> = items(&self.ask(&changed)?).collect();
        let (old, new) = (
            self.tree(&self.head, &changed)?,
            self.tree("HEAD", &changed)?,
        );
        let index = self.staged(&changed)?;
        let is_ours = |path: &String| match (files.get(path), staged.get(path)) {
            (Some(file), Some(staged)) => file == staged,
            _ => index.get(path) == old.get(path),
        };
        let others = changed
            .iter()
            .filter(|path| is_ours(path) && index.get(*path) != new.get(*path));
        let others = others.map(|path| (path.clone(), new.get(path).cloned()));
        self.stage(&others.collect())
    }

    /// Runs `git commit`, with its hooks. It sees the language of the machine, not ours.
    fn run_commit(&self, own: &Git, message: &str) -> Result<Commit, String> {
        let arguments = ["commit", "--quiet", "--cleanup=whitespace", "--file=-"];
        let mut command = own.command(&arguments);
        command.env("GIT_EDITOR", ":");
        let output = fed(command, message.as_bytes()).map_err(|error| error.text())?;
        if !output.status.success() {
            return Err(format!(
                "Nothing was committed; git or a hook of the repository says: {}",
                said(&output)
            ));
        }
        let commit = text(&self.ask(&["rev-parse", "HEAD"])?);
        let parent = text(&self.ask(&["rev-parse", "HEAD^"])?);
        if parent != self.head {
            // Our files are on top of an older commit than that of somebody else.
            self.ask(&["update-ref", "HEAD", &parent, &commit])?;
            return Err("Somebody committed at the same moment. Try again.".to_owned());
        }
        Ok(Commit {
            short: text(&self.ask(&["rev-parse", "--short", &commit])?),
            branch: self.branch().map_err(|error| error.text())?,
        })
    }

    /// Puts files into the index of the repository.
    fn stage(&self, files: &Entries) -> Result<(), String> {
        if files.is_empty() {
            return Ok(());
        }
        let lines = self.lines(files);
        let staged = self
            .git
            .feed(&["update-index", "-z", "--index-info"], &lines);
        staged.map(drop).map_err(|error| match error.text() {
            said if said.contains("index.lock") => {
                format!("Another git command is at work in this repository, or was stopped: {said}")
            }
            said => said,
        })
    }

    /// Files as `git update-index --index-info` reads them.
    fn lines(&self, files: &Entries) -> Vec<u8> {
        let none = "0".repeat(self.head.len());
        let lines = files.iter().map(|(path, blob)| match blob {
            Some(Blob { mode, id }) => format!("{mode} {id}\t{path}\0"),
            None => format!("0 {none}\t{path}\0"),
        });
        lines.collect::<String>().into_bytes()
    }
}

pub(super) fn blob(mode: &str, id: &str) -> Blob {
    Blob {
        mode: mode.to_owned(),
        id: id.to_owned(),
    }
}
