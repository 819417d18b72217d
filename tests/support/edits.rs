//! Edits of documents, as tests write them.

use newsgen::document::{Edit, FieldPath};

/// The path of a field.
pub fn path(text: &str) -> FieldPath {
    text.parse().unwrap()
}

/// An edit that is written as on the command line, but with JSON as value.
pub fn edit_of(written: &str) -> Edit {
    let (field, value) = written.split_once('=').unwrap_or((written, ""));
    let value = || serde_json::from_str(value).unwrap_or_else(|error| panic!("{written}: {error}"));
    match field.chars().last() {
        Some('+') => Edit::Add(path(&field[..field.len() - 1]), value()),
        Some('-') => Edit::Remove(path(&field[..field.len() - 1]), value()),
        Some('!') => Edit::Unset(path(&field[..field.len() - 1])),
        _ => Edit::Set(path(field), value()),
    }
}
