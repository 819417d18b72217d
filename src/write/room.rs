//! Whether there is room for a build: what somebody else put into the output folder may stand where
//! a file or a folder of the site has to be. It is looked for before anything is touched.

use std::fs;
use std::io;

use ahash::HashSet;

use super::{Output, Todo};
use crate::plan::SitePlan;

impl Output {
    /// A file that no build wrote and that stands in the way of this one, by its path in the output
    /// folder.
    pub fn foreign_file_in_the_way(&self, plan: &SitePlan, todo: &Todo) -> Option<String> {
        let files = todo
            .render
            .iter()
            .map(|number| todo.files[*number].as_str());
        let bundles = plan.bundles.iter();
        // The files of a bundle have names that are known only later.
        let inside: Vec<String> = bundles
            .map(|bundle| format!("{}x", bundle.url.trim_start_matches('/')))
            .collect();
        let blocked: Vec<&str> = files
            .chain(inside.iter().map(String::as_str))
            .filter(|file| self.is_blocked(file))
            .collect();
        if blocked.is_empty() {
            return None;
        }
        let recorded = self.manifest.files.iter().map(|written| &written.file);
        let ours: HashSet<&str> = recorded.chain(&self.journal).map(String::as_str).collect();
        blocked
            .into_iter()
            .find_map(|file| self.foreign(file, &ours))
    }

    /// Whether a folder stands where a file has to be, or a file where one of its folders has to
    /// be.
    fn is_blocked(&self, file: &str) -> bool {
        match fs::metadata(self.at.folder.join(file)) {
            Ok(found) => found.is_dir(),
            Err(error) => error.kind() == io::ErrorKind::NotADirectory,
        }
    }

    /// What somebody else put in the way of a file.
    fn foreign(&self, file: &str, ours: &HashSet<&str>) -> Option<String> {
        let above = file.match_indices('/').map(|(at, _)| &file[..at]);
        let mut above = above.filter(|folder| self.at.folder.join(folder).is_file());
        match above.next() {
            Some(file) => (!ours.contains(file)).then(|| file.to_owned()),
            None => self.foreign_below(file, ours),
        }
    }

    fn foreign_below(&self, folder: &str, ours: &HashSet<&str>) -> Option<String> {
        let items = fs::read_dir(self.at.folder.join(folder))
            .into_iter()
            .flatten();
        let mut items: Vec<(String, bool)> = items
            .flatten()
            .map(|item| {
                let is_folder = item.file_type().is_ok_and(|kind| kind.is_dir());
                let name = item.file_name();
                (format!("{folder}/{}", name.to_string_lossy()), is_folder)
            })
            .collect();
        items.sort_unstable();
        items.into_iter().find_map(|(path, is_folder)| {
            if is_folder {
                self.foreign_below(&path, ours)
            } else {
                (!ours.contains(path.as_str())).then_some(path)
            }
        })
    }
}
