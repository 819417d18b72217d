//! All lines about some items, from the files of the ledger.

use rayon::prelude::*;

use super::Record;
use crate::workspace::Workspace;

/// The lines that are wanted, in the order of time. What cannot be read is left out: reading the
/// ledger reports it.
pub fn history(
    workspace: &dyn Workspace,
    folder: &str,
    is_wanted: impl Fn(&Record) -> bool + Sync,
) -> Vec<Record> {
    let mut wanted = Vec::new();
    for entry in workspace.list(folder).entries {
        if !entry.path.ends_with(".jsonl") {
            continue;
        }
        let bytes = workspace.read(&entry.path).unwrap_or_default();
        let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
        let records = lines.par_iter().with_min_len(1_024);
        let records = records.filter_map(|line| serde_json::from_slice(line).ok());
        wanted.par_extend(records.filter(|record: &Record| is_wanted(record)));
    }
    // A line that is there twice is one.
    wanted.sort();
    wanted.dedup();
    wanted
}
