//! A content file: front matter that can be edited without losing a byte, and a body.
//!
//! An edit changes the value that it names and nothing else: comments, the order of fields, quotes,
//! indentation, line ends and a byte order mark stay. After each edit the front matter is read
//! again, by the parser that a build uses; unless it means what was meant, with every other value
//! as it was, the edit is refused and the document stays as it is. Why this is not left to a
//! library: `docs/decisions/0001-editing-front-matter.md`.
//!
//! ```
//! use newsgen::document::Document;
//!
//! let file = b"---\ntitle: 'Old' # a comment\ntopics: [AI]\n---\nText.\n";
//! let mut document = Document::parse(file).unwrap();
//! document.set(&"title".parse().unwrap(), "New".into()).unwrap();
//! document.add(&"topics".parse().unwrap(), "Chips".into()).unwrap();
//! assert_eq!(
//!     document.bytes(),
//!     b"---\ntitle: 'New' # a comment\ntopics: [AI, Chips]\n---\nText.\n"
//! );
//! ```
//!
//! # Files
//!
//! - `split.rs`: finds the front matter
//! - `headers.rs`: reads that of Pelican
//! - `path.rs`: paths of fields
//! - `edit.rs`: makes an edit, whatever the format
//! - `plan.rs`: an edit as changes of the text
//! - `model.rs`: says what the result must mean
//! - `yaml/`: edits YAML
//! - `json.rs`: reads JSON with the places of its values
//! - `toml.rs`: reads TOML with the places of its values
//! - `placed.rs`: what both read
//! - `values.rs`: which bytes of JSON and TOML an edit changes

mod edit;
mod headers;
mod json;
mod model;
mod path;
pub(crate) mod placed;
mod plan;
mod split;
mod toml;
mod values;
mod yaml;

use std::fmt;
use std::ops::Range;

pub use path::{EmptyPart, FieldPath};
/// A value of a field: of JSON, whose kinds all formats of front matter have.
pub use serde_json::Value;
pub(crate) use split::split;

/// A format of front matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// YAML between lines `---`.
    Yaml,
    /// TOML between lines `+++`.
    Toml,
    /// JSON between lines `;;;`, or in braces.
    Json,
    /// Lines `Name: value` up to the first blank line, as Pelican and MultiMarkdown have them. They
    /// are recognised, and refused.
    Headers,
}

/// Reads a front matter that is TOML or JSON.
///
/// # Errors
/// The first thing that is wrong with it.
pub(crate) fn read_placed(
    format: Format,
    text: &str,
) -> Result<placed::Placed<'_>, placed::SyntaxError> {
    match format {
        Format::Toml => toml::read(text),
        Format::Headers => Ok(headers::read(text)),
        Format::Json | Format::Yaml => json::read(text),
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Format::Yaml => "YAML",
            Format::Toml => "TOML",
            Format::Json => "JSON",
            Format::Headers => "header lines",
        })
    }
}

/// A content file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    text: String,
    format: Format,
    matter: Range<usize>,
    body: usize,
    /// How most of its lines end.
    line_break: &'static str,
    /// Whether fences stand around the front matter.
    has_fences: bool,
}

/// A change of one field.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// The field has this value; it is made, with all that it lies in, when it is not there.
    Set(FieldPath, Value),
    /// The list has this item. A single value stands for a list of one.
    Add(FieldPath, Value),
    /// The list does not have this item.
    Remove(FieldPath, Value),
    /// There is no such field.
    Unset(FieldPath),
}

impl Edit {
    /// The field that is changed.
    pub fn path(&self) -> &FieldPath {
        match self {
            Edit::Set(path, _) | Edit::Add(path, _) | Edit::Remove(path, _) | Edit::Unset(path) => {
                path
            }
        }
    }
}

/// What became of an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The document is another now.
    Changed,
    /// The document said so already.
    Unchanged,
}

/// Why a file is no document that can be edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentError {
    /// The bytes are not UTF-8.
    NotUtf8,
    /// The file does not start with a front matter.
    NoFrontMatter,
    /// The front matter has no end.
    NoEnd,
    /// It is not of its format.
    Syntax {
        /// The format.
        format: Format,
        /// What the parser says.
        message: String,
        /// Line of the front matter, from 1.
        line: usize,
    },
    /// It is made of lines `Name: value` without fences.
    HeaderLines,
    /// It has no fields but a list, or a text.
    NoTable,
    /// It has so many brackets or aliases that reading it would take minutes.
    TooComplex,
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DocumentError::NotUtf8 => f.write_str("the file is not UTF-8"),
            DocumentError::NoFrontMatter => {
                f.write_str("the file does not start with front matter")
            }
            DocumentError::NoEnd => f.write_str("the front matter has no end"),
            DocumentError::Syntax {
                format, message, ..
            } => write!(f, "the front matter is not {format}: {message}"),
            DocumentError::HeaderLines => f.write_str(
                "front matter of lines `Name: value` cannot be edited: put it between lines `---`",
            ),
            DocumentError::NoTable => f.write_str("the front matter has no fields"),
            DocumentError::TooComplex => {
                f.write_str("the front matter has too many brackets or aliases to be edited")
            }
        }
    }
}

impl std::error::Error for DocumentError {}

/// Why an edit is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditError {
    /// The front matter cannot be read.
    Document(DocumentError),
    /// A part of a path leads into something that is no table.
    NotATable {
        /// The field that is none.
        field: String,
        /// The part that leads into it.
        part: String,
    },
    /// A list has no such item, and it is not the next one either.
    NoItem {
        /// The list.
        list: String,
        /// The part of the path.
        part: String,
        /// Items that it has.
        length: usize,
    },
    /// Something is to be added to or taken out of what is no list.
    NotAList(String),
    /// The edit cannot be made without changing something else.
    Refused {
        /// The field.
        field: String,
        /// Why.
        reason: String,
    },
}

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EditError::Document(error) => error.fmt(f),
            EditError::NotATable { field, part } => {
                write!(f, "`{field}` is no table, so it has no field `{part}`")
            }
            EditError::NoItem { list, part, length } => match index_of(part) {
                Some(_) => write!(
                    f,
                    "`{list}` has no item {part}, and the next one is item {length}"
                ),
                None => write!(f, "`{list}` is a list, so it has no field `{part}`"),
            },
            EditError::NotAList(field) => write!(f, "`{field}` is a table and no list"),
            EditError::Refused { field, reason } => {
                write!(f, "`{field}` cannot be edited: {reason}")
            }
        }
    }
}

impl std::error::Error for EditError {}

fn index_of(part: &str) -> Option<usize> {
    path::index(part)
}

/// How most lines of a text end.
fn line_break(text: &str) -> &'static str {
    let newlines = text.matches('\n').count();
    if text.matches("\r\n").count() * 2 > newlines {
        "\r\n"
    } else {
        "\n"
    }
}

impl Document {
    /// Reads a content file.
    ///
    /// # Errors
    /// When it has no front matter, or one that cannot be edited.
    pub fn parse(bytes: &[u8]) -> Result<Document, DocumentError> {
        let text = std::str::from_utf8(bytes).map_err(|_| DocumentError::NotUtf8)?;
        let parts = split(text)?;
        edit::check(parts.format, &text[parts.matter.clone()])?;
        Ok(Document {
            text: text.to_owned(),
            format: parts.format,
            matter: parts.matter,
            body: parts.body,
            line_break: line_break(text),
            has_fences: true,
        })
    }

    /// Reads a file that is YAML as a whole, as those of topics, providers and sources are.
    ///
    /// # Errors
    /// When it cannot be edited.
    pub fn parse_yaml(bytes: &[u8]) -> Result<Document, DocumentError> {
        let text = std::str::from_utf8(bytes).map_err(|_| DocumentError::NotUtf8)?;
        let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
        yaml::check(&text[start..])?;
        Ok(Document {
            text: text.to_owned(),
            format: Format::Yaml,
            matter: start..text.len(),
            body: text.len(),
            line_break: line_break(text),
            has_fences: false,
        })
    }

    /// The file as it is now.
    pub fn bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// The front matter without its fences.
    pub fn matter(&self) -> &str {
        &self.text[self.matter.clone()]
    }

    /// What follows the front matter.
    pub fn body(&self) -> &str {
        &self.text[self.body..]
    }

    /// The value of a field; none when there is no such field.
    pub fn get(&self, path: &FieldPath) -> Option<Value> {
        edit::get(self.format, self.matter(), path)
    }

    /// Gives a field a value, and makes it when it is not there.
    ///
    /// # Errors
    /// When that cannot be done without changing something else; the document stays as it was.
    pub fn set(&mut self, path: &FieldPath, value: Value) -> Result<Outcome, EditError> {
        self.apply(&Edit::Set(path.clone(), value))
    }

    /// Adds an item to a list, unless the list has it.
    ///
    /// # Errors
    /// As for [`Document::set`].
    pub fn add(&mut self, path: &FieldPath, item: Value) -> Result<Outcome, EditError> {
        self.apply(&Edit::Add(path.clone(), item))
    }

    /// Takes an item out of a list, as often as the list has it.
    ///
    /// # Errors
    /// As for [`Document::set`].
    pub fn remove(&mut self, path: &FieldPath, item: Value) -> Result<Outcome, EditError> {
        self.apply(&Edit::Remove(path.clone(), item))
    }

    /// Takes a field out.
    ///
    /// # Errors
    /// As for [`Document::set`].
    pub fn unset(&mut self, path: &FieldPath) -> Result<Outcome, EditError> {
        self.apply(&Edit::Unset(path.clone()))
    }

    /// Makes an edit.
    ///
    /// # Errors
    /// As for [`Document::set`].
    pub fn apply(&mut self, edit: &Edit) -> Result<Outcome, EditError> {
        let is_whole = |matter: &str| {
            !self.has_fences
                || split(&self.around(matter)).is_ok_and(|parts| {
                    parts.matter == (self.matter.start..self.matter.start + matter.len())
                })
        };
        let edited = edit::edit(self.format, self.matter(), edit, self.line_break, is_whole)?;
        let Some(matter) = edited else {
            return Ok(Outcome::Unchanged);
        };
        let text = self.around(&matter);
        self.body = self.body - self.matter.len() + matter.len();
        self.matter.end = self.matter.start + matter.len();
        self.text = text;
        Ok(Outcome::Changed)
    }

    /// The text with another front matter.
    fn around(&self, matter: &str) -> String {
        let (before, after) = (
            &self.text[..self.matter.start],
            &self.text[self.matter.end..],
        );
        [before, matter, after].concat()
    }
}
