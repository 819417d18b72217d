//! Which folders a build reads: it may write to none of them.

use std::path::{Component, Path, PathBuf};

use super::{Failure, Root, STATE};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::theme::{STATIC, TEMPLATES};

/// A path from the root of the disk, without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).components() {
        match part {
            Component::ParentDir => drop(plain.pop()),
            part => plain.push(part),
        }
    }
    plain
}

impl Root {
    /// The folder among those that a build reads in which a path lies.
    pub fn source_of<'c>(&self, path: &Path, config: &'c Config) -> Option<&'c str> {
        let content = &config.content;
        let read = content.articles.iter().chain([&content.topics, &content.providers, &content.pages]);
        let mut read = read.map(String::as_str).chain([TEMPLATES, STATIC, STATE]);
        let path = plain(path);
        read.find(|folder| path.starts_with(plain(&self.folder.join(folder))))
    }
}

/// The output may not be a folder that is read.
pub(super) fn check_output(root: &Root, config: &Config) -> Result<(), Failure> {
    let Some(folder) = root.source_of(&root.folder.join(&config.output), config) else { return Ok(()) };
    let message = format!("the output folder `{}` lies in `{folder}`, which the build reads", config.output);
    let help = "name another folder with `--output` or `output.dir`";
    Err(Failure::Site(vec![Diagnostic::error("output", message).help(help)]))
}
