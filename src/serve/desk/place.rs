//! The site that a request works on.

use std::sync::Arc;

use crate::config::Config;
use crate::content::{Library, Parser};
use crate::serve::snapshot::Snapshot;
use crate::time::Time;
use crate::workspace::Disk;

/// The site that a request works on.
pub(super) struct Place<'a> {
    pub(super) disk: &'a Disk,
    pub(super) snapshot: &'a Arc<Snapshot>,
    pub(super) config: &'a Config,
    pub(super) library: &'a Library,
    pub(super) parser: Parser,
    pub(super) now: Time,
}
