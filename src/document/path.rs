//! The path of a field: `title`, `provider.name`, `images.0.width`.

use std::fmt;
use std::str::FromStr;

/// Where a field stands in a front matter: names of tables' fields and numbers of lists' items,
/// from the outside in. A part made of digits is the number of an item, from 0, where there is a
/// list, and a name where there is a table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldPath(Vec<String>);

/// Why a text is no path of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmptyPart;

impl fmt::Display for EmptyPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a part of the name is empty")
    }
}

impl std::error::Error for EmptyPart {}

impl FieldPath {
    /// The parts; there is at least one.
    pub fn parts(&self) -> &[String] {
        &self.0
    }

    /// The field at the top that the path begins with.
    pub fn first(&self) -> &str {
        self.0.first().map_or("", String::as_str)
    }
}

/// Reads `provider.name`.
impl FromStr for FieldPath {
    type Err = EmptyPart;

    fn from_str(text: &str) -> Result<Self, EmptyPart> {
        let parts: Vec<String> = text.split('.').map(str::to_owned).collect();
        if parts.iter().any(String::is_empty) {
            return Err(EmptyPart);
        }
        Ok(FieldPath(parts))
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("."))
    }
}

/// The number of an item that a part names.
pub(super) fn index(part: &str) -> Option<usize> {
    let is_number = part.bytes().all(|byte| byte.is_ascii_digit());
    part.parse().ok().filter(|_| is_number)
}
