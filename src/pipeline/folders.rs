//! Which folders a build reads: it may write to none of them; and where a run of `fetch` keeps what
//! it remembers.

use std::path::{Component, Path, PathBuf};

use super::{Failure, Root};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::workspace::{Disk, STATE, portable};

impl Root {
    /// The file of what is remembered of sources between runs of `fetch`, and the folder that its
    /// path starts from.
    pub fn fetch_memory(&self) -> (Disk, String) {
        let state = self.state();
        // The same name as that of the site's cache, where a state folder has several sites.
        let cache = self.cache();
        let name = cache.strip_prefix(&state).unwrap_or(Path::new(""));
        let name = match name.to_string_lossy() {
            name if name.is_empty() => "sources".to_owned(),
            name => name.into_owned(),
        };
        match &self.state {
            None => (
                Disk::new(&self.folder),
                format!("{STATE}/fetch/{name}.json"),
            ),
            Some(state) => (Disk::new(state), format!("fetch/{name}.json")),
        }
    }
}

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
        let relative = path.strip_prefix(&self.folder).unwrap_or(path);
        let is_skipped = content.skips(&format!("{}/", portable(relative)));
        let articles = content.articles.iter().filter(|_| !is_skipped);
        let others = [&content.topics, &content.providers, &content.pages];
        let read = articles.chain(others).map(String::as_str);
        let mut read = read.chain(config.theme.folders());
        read.find(|folder| is_inside(path, &self.folder.join(folder)))
            .map(|folder| format!("`{folder}`"))
    }
}

/// No folder that is copied to the site may hold the content or the state: both have what is not
/// published.
fn check_static(root: &Root, config: &Config) -> Result<(), Failure> {
    let content = &config.content;
    let content = content
        .articles
        .iter()
        .chain([
            &content.topics,
            &content.providers,
            &content.pages,
            &content.sources,
            &content.queue,
            &content.ledger,
        ])
        .map(|name| root.folder.join(name));
    let kept: Vec<PathBuf> = content.chain([root.state()]).collect();
    for (_, folder) in &config.theme.statics {
        let path = root.folder.join(folder);
        if path.exists() && kept.iter().any(|kept| is_inside(kept, &path)) {
            let message = format!(
                "the folder `{folder}` is copied to the site, and holds what is not published"
            );
            let help = "name a folder of pictures, styles and the like under [static]";
            let problem = Diagnostic::error("static", message);
            return Err(Failure::Site(vec![
                problem.at(config.location_of("static")).help(help),
            ]));
        }
    }
    Ok(())
}

/// The output may not be a folder that is read.
pub(super) fn check_output(root: &Root, config: &Config) -> Result<(), Failure> {
    check_static(root, config)?;
    let Some(folder) = root.source_of(&root.folder.join(&config.output), config) else {
        return Ok(());
    };
    let message = format!(
        "the output folder `{}` lies in {folder}, which the build reads",
        config.output
    );
    let help = "choose another folder with `--output` or `output.dir`";
    Err(Failure::Site(vec![
        Diagnostic::error("output", message).help(help),
    ]))
}
