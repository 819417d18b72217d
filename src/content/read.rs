//! Files of content are read, within the limit of their size.

use rayon::prelude::*;

use super::{LARGEST_FILE, secured};
use crate::diagnostic::{Diagnostic, Location};
use crate::workspace::{self, Entry, ListError, Listing, Workspace};

/// Reads a file.
///
/// # Errors
/// When it is too large, or the system refuses.
pub(super) fn read_file(source: &dyn Workspace, entry: &Entry) -> Result<Vec<u8>, Diagnostic> {
    let path = entry.path.as_str();
    if entry.stamp.size > LARGEST_FILE {
        let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
        let message = format!(
            "the file has {:.1} MiB; at most {:.0} MiB are read",
            mib(entry.stamp.size),
            mib(LARGEST_FILE)
        );
        return Err(Diagnostic::error("too-large", message)
            .at(Location::file(path))
            .help("is it really a file of this site?"));
    }
    source.read(path).map_err(|error| {
        Diagnostic::error(
            workspace::UNREADABLE,
            format!("cannot read the file: {error}"),
        )
        .at(Location::file(path))
    })
}

/// Reads all files of a folder, by its listing, that have one of the endings.
pub(super) fn read_all<T: Send>(
    source: &dyn Workspace,
    folder: &str,
    listing: Listing,
    endings: &[&str],
    problems: &mut Vec<Diagnostic>,
    read: impl Fn(&str, &str, &[u8]) -> Result<T, Diagnostic> + Sync,
) -> Vec<T> {
    let Listing {
        entries, errors, ..
    } = listing;
    problems.extend(errors.iter().map(ListError::diagnostic));
    let results: Vec<Option<Result<T, Diagnostic>>> = entries
        .par_iter()
        .map(|entry| {
            let (stem, ending) = entry.path.rsplit_once('.')?;
            if !endings
                .iter()
                .any(|other| other.eq_ignore_ascii_case(ending))
            {
                return None;
            }
            let stem = stem
                .strip_prefix(folder)
                .unwrap_or(stem)
                .trim_start_matches('/');
            Some(read_file(source, entry).and_then(|bytes| {
                read(&entry.path, stem, &bytes).map_err(|mut problem| {
                    secured::hide(&bytes, std::slice::from_mut(&mut problem));
                    problem
                })
            }))
        })
        .collect();
    let mut items = Vec::with_capacity(results.len());
    for result in results.into_iter().flatten() {
        match result {
            Ok(item) => items.push(item),
            Err(problem) => problems.push(problem),
        }
    }
    items
}
