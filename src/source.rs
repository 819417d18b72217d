//! The former name of [`crate::workspace`].

pub use crate::workspace::Workspace as Source;
pub use crate::workspace::{
    Disk, Entry, ListError, ListErrorKind, Listing, Memory, Stamp, UNREADABLE, UNREADABLE_FOLDER,
    distinct,
};
