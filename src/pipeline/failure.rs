//! Why a command ends before its work is done.

use std::io;
use std::path::Path;

use crate::diagnostic::Diagnostic;
use crate::plan::PageSpec;

/// Why a command could not do its work.
#[derive(Debug)]
pub enum Failure {
    /// The site has errors: all of them.
    Site(Vec<Diagnostic>),
    /// The machine failed us.
    Machine(String),
}

impl Failure {
    /// What the machine says of a file or folder.
    pub(super) fn io(what: &str, path: &Path, error: &io::Error) -> Failure {
        Failure::Machine(format!("{what} {}: {error}", path.display()))
    }

    /// A page shows an article that its plan does not name.
    pub(super) fn undeclared(page: &PageSpec, article: &str) -> Failure {
        Failure::Machine(format!(
            "internal error: {} shows {article}, which its plan does not declare; please report \
             this",
            page.url
        ))
    }
}
