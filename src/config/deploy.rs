//! `[deploy]`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How text is compressed for those who serve it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Encoding {
    /// Not at all.
    #[default]
    None,
    /// Brotli (RFC 7932).
    Brotli,
    /// gzip (RFC 1952).
    Gzip,
}

impl Encoding {
    /// As `Content-Encoding` calls it; empty for none.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::None => "",
            Encoding::Brotli => "br",
            Encoding::Gzip => "gzip",
        }
    }

    /// What web servers expect at the end of the name of a file that is compressed beforehand.
    pub fn ending(self) -> &'static str {
        match self {
            Encoding::None => "",
            Encoding::Brotli => ".br",
            Encoding::Gzip => ".gz",
        }
    }
}

/// `[deploy]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deploy {
    /// Addresses by name.
    pub targets: BTreeMap<String, String>,
    /// Name of the target that is taken when none is given.
    pub default: Option<String>,
    /// Compression of text.
    pub compress: Encoding,
    /// How much may be deleted without being asked about, in percent.
    pub delete_limit: usize,
    /// Requests at once.
    pub jobs: usize,
}
