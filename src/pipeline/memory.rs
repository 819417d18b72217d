//! What curation found, between builds: a file beside the parsed articles. Losing it costs the time
//! to compare all articles again.

use std::io;
use std::path::Path;

use super::Site;
use crate::curate::{Found, Memory};
use crate::ids::{EditionId, List};
use crate::table;

const FILE: &str = "events.dat";
const MAGIC: &str = "newsgen events 1\n";

/// The code that wrote the file, since another one may find other events, and how many of the
/// values each edition has.
type Head = (String, Vec<u32>);

/// What the last build found in each edition; nothing when the file is missing, damaged, or of
/// another version.
pub(super) fn read(folder: &Path) -> List<EditionId, Memory> {
    let Ok(((code, counts), found)) = table::read::<Head, Found>(&folder.join(FILE), MAGIC) else {
        return List::new();
    };
    if code != env!("NEWSGEN_CODE") {
        return List::new();
    }
    let mut found = found.into_iter();
    let of_edition = |count: u32| Memory::of(found.by_ref().take(count as usize).collect());
    counts.into_iter().map(of_edition).collect()
}

/// Writes what was found, if it is not in the file. The folder is there.
///
/// # Errors
/// What the system says. The next build then compares more than it must.
pub(super) fn write(folder: &Path, site: &Site) -> io::Result<()> {
    let memories = || site.editions.iter().map(|edition| edition.memory());
    if !memories().any(Memory::is_new) {
        return Ok(());
    }
    let counts = memories().map(|memory| u32::try_from(memory.periods().len()).unwrap_or(u32::MAX));
    let head: Head = (env!("NEWSGEN_CODE").to_owned(), counts.collect());
    let found: Vec<&Found> = memories().flat_map(Memory::periods).collect();
    table::write(&folder.join(FILE), MAGIC, &head, &found)
}
