//! Which folders a build reads: it may write to none of them.

use std::path::{Component, Path, PathBuf};

use super::{Failure, Root};
use crate::config::Config;
use crate::diagnostic::Diagnostic;

/// Whether a path is that of a folder or lies in it, by whatever way they are named, and whether
/// they are there or not.
pub fn is_inside(inner: &Path, outer: &Path) -> bool {
    real(inner).starts_with(real(outer))
}

/// A path without symbolic links.
pub(super) fn real(path: &Path) -> PathBuf {
    let path = plain(path);
    let there = path
        .ancestors()
        .find_map(|above| Some((above, above.canonicalize().ok()?)));
    match there {
        Some((above, real)) => path
            .strip_prefix(above)
            .map_or(real.clone(), |rest| real.join(rest)),
        None => path,
    }
}

/// A path from the root of the disk, without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in std::path::absolute(path)
        .unwrap_or_else(|_| path.to_owned())
        .components()
    {
        match part {
            Component::ParentDir => drop(plain.pop()),
            part => plain.push(part),
        }
    }
    plain
}

impl Root {
    /// The folder among those that a build reads in which a path lies, as messages name it.
    pub fn source_of(&self, path: &Path, config: &Config) -> Option<String> {
        // A state folder elsewhere may well hold the output beside its own files.
        let is_state = match &self.state {
            Some(state) => real(path) == real(state),
            None => is_inside(path, &self.state()),
        };
        if is_state {
            return Some(format!("the state folder `{}`", self.state().display()));
        }
        let content = &config.content;
        let read =
            content
                .articles
                .iter()
                .chain([&content.topics, &content.providers, &content.pages]);
        let mut read = read.map(String::as_str).chain(config.theme.folders());
        read.find(|folder| is_inside(path, &self.folder.join(folder)))
            .map(|folder| format!("`{folder}`"))
    }
}

/// The output may not be a folder that is read.
pub(super) fn check_output(root: &Root, config: &Config) -> Result<(), Failure> {
    let Some(folder) = root.source_of(&root.folder.join(&config.output), config) else {
        return Ok(());
    };
    let message = format!(
        "the output folder `{}` lies in {folder}, which the build reads",
        config.output
    );
    let help = "name another folder with `--output` or `output.dir`";
    Err(Failure::Site(vec![
        Diagnostic::error("output", message).help(help),
    ]))
}
