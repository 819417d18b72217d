//! A file in three parts: what stands before its front matter, the front matter, and the rest.

use std::ops::Range;

use super::{DocumentError, Format};

/// Where the front matter stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parts {
    /// The format of the front matter.
    pub(super) format: Format,
    /// Its lines, without the fences.
    pub(super) matter: Range<usize>,
    /// What follows the line of the fence that ends it.
    pub(super) body: usize,
}

/// Finds the front matter of a text.
///
/// # Errors
/// When there is none, or it has no end.
pub(super) fn split(text: &str) -> Result<Parts, DocumentError> {
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut lines = text[start..].split_inclusive('\n');
    let first = lines.next().unwrap_or_default();
    let (format, fence) = match first.trim_end() {
        "---" => (Format::Yaml, "---"),
        "+++" => (Format::Toml, "+++"),
        ";;;" => (Format::Json, ";;;"),
        line if line.starts_with('{') => return Err(DocumentError::Unsupported(Format::Json)),
        _ => return Err(DocumentError::NoFrontMatter),
    };
    let matter = start + first.len();
    let mut end = matter;
    for line in lines {
        if line.trim_end() == fence {
            return Ok(Parts {
                format,
                matter: matter..end,
                body: end + line.len(),
            });
        }
        end += line.len();
    }
    Err(DocumentError::NoEnd)
}
