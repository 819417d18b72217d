//! `[content]`.

use super::fields::FieldMap;
use crate::workspace::is_below;

/// `[content]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Folders of articles.
    pub articles: Vec<String>,
    /// Folder of topic files.
    pub topics: String,
    /// Folder of provider files.
    pub providers: String,
    /// Folder of standalone pages.
    pub pages: String,
    /// Names of folders whose files are not read.
    pub skip: Vec<String>,
    /// Which fields of the tree are read as which of ours.
    pub fields: FieldMap,
    /// Folder of source files.
    pub sources: String,
    /// Folder of candidates.
    pub queue: String,
    /// Folder of the record of items.
    pub ledger: String,
    /// Those of the three folders above that hold nothing that a build reads. Their files are no
    /// content wherever they lie.
    pub aside: Vec<String>,
    /// Hosts that frames may come from.
    pub embed_hosts: Vec<String>,
    /// Whether bodies get the quotation marks and dashes of print.
    pub typography: bool,
    /// Whether links lose parameters that only say where a reader came from.
    pub strip_tracking: bool,
}

impl Content {
    /// Whether a file belongs to the way in: sources, queue and ledger.
    pub fn is_aside(&self, path: &str) -> bool {
        let path = path.strip_prefix("./").unwrap_or(path);
        self.aside.iter().any(|folder| is_below(path, folder))
    }

    /// Whether a file lies in a folder that is not read.
    pub fn skips(&self, path: &str) -> bool {
        if self.is_aside(path) {
            return true;
        }
        let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
        folders
            .split('/')
            .any(|folder| self.skip.iter().any(|name| name == folder))
    }
}
