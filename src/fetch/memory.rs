//! What is remembered of sources between runs: validators, due times, failures. Losing it costs
//! bandwidth and nothing else; what was decided is in the ledger.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::hash::Hash128;
use crate::http::Validators;
use crate::workspace::{Workspace, WritableWorkspace, WriteError};

/// What is remembered of a source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SourceMemory {
    /// Address of the feed. That of another one means that the rest is worth nothing.
    pub feed: String,
    /// `ETag`, a character for each byte.
    pub etag: Option<String>,
    /// `Last-Modified`, a character for each byte.
    pub last_modified: Option<String>,
    /// Minutes that the feed asks to be left alone.
    pub ttl: Option<u32>,
    /// When it is due, in seconds since 1970.
    pub next: i64,
    /// Failures in a row.
    pub failures: u32,
    /// When it last answered, in seconds since 1970.
    pub answered: Option<i64>,
    /// When its whole feed was last read, in seconds since 1970.
    pub read: Option<i64>,
    /// What is wrong.
    pub problem: Option<String>,
}

impl SourceMemory {
    /// What tells the server which version is known.
    pub fn validators(&self) -> Validators {
        let bytes = |text: &Option<String>| {
            let text = text.as_deref()?;
            text.chars().map(|c| u8::try_from(c).ok()).collect()
        };
        Validators {
            etag: bytes(&self.etag),
            last_modified: bytes(&self.last_modified),
        }
    }

    /// Remembers the validators of a version.
    pub fn set_validators(&mut self, validators: &Validators) {
        let text = |bytes: &Option<Vec<u8>>| {
            let bytes = bytes.as_ref()?;
            Some(bytes.iter().map(|byte| char::from(*byte)).collect())
        };
        self.etag = text(&validators.etag);
        self.last_modified = text(&validators.last_modified);
    }
}

/// What is remembered of all sources.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// By the names of sources.
    pub sources: BTreeMap<String, SourceMemory>,
    /// Hosts that asked to be left alone, with the time until then, in seconds since 1970.
    pub hosts: BTreeMap<String, i64>,
}

impl Memory {
    /// Reads the file; nothing is remembered when it is not there or cannot be used.
    pub fn read(workspace: &dyn Workspace, path: &str) -> Memory {
        let bytes = workspace.read(path).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    /// Writes the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, workspace: &dyn WritableWorkspace, path: &str) -> Result<(), WriteError> {
        let bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        match workspace.read(path) {
            Ok(old) if old == bytes => Ok(()),
            Ok(old) => workspace.replace(path, Hash128::of(&old), &bytes),
            Err(_) => workspace.create(path, &bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn validators_come_back_byte_for_byte() {
        let validators = Validators {
            etag: Some(b"W/\"\xff\x80\\\"".to_vec()),
            last_modified: None,
        };
        let mut memory = Memory::default();
        let source = memory.sources.entry("a".to_owned()).or_default();
        source.set_validators(&validators);
        let files = crate::workspace::Memory::default();
        memory.write(&files, "m.json").unwrap();
        let read = Memory::read(&files, "m.json");
        assert_eq!(read, memory);
        assert_eq!(read.sources["a"].validators(), validators);
        let damaged = files.with("m.json", "{\"sources\": {\"a\": {\"next\": \"x");
        assert_eq!(Memory::read(&damaged, "m.json"), Memory::default());
    }
}
