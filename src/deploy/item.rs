//! What is to stand at the target: each file of the site with its headers.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::Path;

use super::encode::encode;
use super::record::Entry;
use super::{DeployError, Shape};
use crate::config::Encoding;
use crate::hash::Hash128;
use crate::mime::media_type;
use crate::output_path::{LONGEST_NAME, fold, folders_of};
use crate::plan::Role;
use crate::plan::headers::cache_control;
use crate::write::BuiltFile;

/// Text below this size is not compressed: there is nothing to win.
const WORTH_COMPRESSING: u64 = 512;

/// A file that is to stand at the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it is at the target.
    pub entry: Entry,
    /// The file of the site that it is made from.
    pub source: String,
    /// What it is to those who serve it.
    pub role: Role,
}

/// The files of a site as they are to stand at a target of that shape, in the order of their paths.
pub fn items(files: &[BuiltFile], compress: Encoding, shape: Shape) -> Vec<Item> {
    // Compressed files have their place only where nothing else of the site has it.
    let mut own: HashSet<Cow<'_, str>> = HashSet::new();
    if shape == Shape::Folder && compress != Encoding::None {
        for file in files {
            own.extend(folders_of(&file.path).map(fold));
            own.insert(fold(&file.path));
        }
    }
    let mut items = Vec::with_capacity(files.len());
    for file in files {
        let media_type = media_type(&file.path);
        let encoding = if is_worth_compressing(file, media_type) {
            compress
        } else {
            Encoding::None
        };
        match shape {
            Shape::Objects => items.push(Item {
                entry: Entry {
                    path: file.path.clone(),
                    hash: file.hash,
                    size: file.size,
                    encoding,
                    media_type: media_type.to_owned(),
                    cache_control: cache_control(file.role, &file.path).to_owned(),
                },
                source: file.path.clone(),
                role: file.role,
            }),
            Shape::Branch => items.push(in_folder(file, file.path.clone(), Encoding::None)),
            Shape::Folder => {
                items.push(in_folder(file, file.path.clone(), Encoding::None));
                let beside = format!("{}{}", file.path, encoding.ending());
                let name = beside.rsplit('/').next().unwrap_or_default();
                let is_free = !own.contains(&fold(&beside)) && name.len() <= LONGEST_NAME;
                if encoding != Encoding::None && is_free {
                    items.push(in_folder(file, beside, encoding));
                }
            }
        }
    }
    items.sort_unstable_by(|a, b| a.entry.path.cmp(&b.entry.path));
    items
}

/// A folder keeps no headers: they are for its web server to say.
fn in_folder(file: &BuiltFile, path: String, encoding: Encoding) -> Item {
    let entry = Entry {
        path,
        hash: file.hash,
        size: file.size,
        encoding,
        media_type: String::new(),
        cache_control: String::new(),
    };
    Item {
        entry,
        source: file.path.clone(),
        role: file.role,
    }
}

fn is_worth_compressing(file: &BuiltFile, media_type: &str) -> bool {
    let is_text = media_type.starts_with("text/")
        || media_type.contains("charset=")
        || media_type.ends_with("wasm");
    is_text && file.size >= WORTH_COMPRESSING
}

impl Item {
    /// The file of the site, if it has the bytes that the build wrote.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn read(&self, folder: &Path) -> Result<Option<Vec<u8>>, DeployError> {
        let path = folder.join(&self.source);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes).filter(|bytes| Hash128::of(bytes) == self.entry.hash)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(DeployError::file("read", &path, &error)),
        }
    }

    /// The bytes to send, from the folder of the site.
    ///
    /// # Errors
    /// When the file cannot be read, or is no longer what the build wrote.
    pub fn body(&self, folder: &Path) -> Result<Vec<u8>, DeployError> {
        let changed = || DeployError::Changed(folder.join(&self.source));
        let bytes = self.read(folder)?.ok_or_else(changed)?;
        Ok(encode(self.entry.encoding, bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, size: u64, role: Role) -> BuiltFile {
        BuiltFile {
            path: path.to_owned(),
            hash: Hash128::of(path.as_bytes()),
            size,
            role,
        }
    }

    #[test]
    fn objects_carry_their_headers() {
        let files = [
            file("style.0123456789ab.css", 9000, Role::Hashed),
            file("index.html", 9000, Role::Front),
            file("cover.png", 9000, Role::Asset),
            file("robots.txt", 20, Role::Index),
        ];
        let items = items(&files, Encoding::Brotli, Shape::Objects);
        let headers: Vec<_> = items
            .iter()
            .map(|item| {
                (
                    item.entry.path.as_str(),
                    item.entry.media_type.as_str(),
                    item.entry.encoding,
                )
            })
            .collect();
        assert_eq!(
            headers,
            [
                ("cover.png", "image/png", Encoding::None),
                ("index.html", "text/html; charset=utf-8", Encoding::Brotli),
                ("robots.txt", "text/plain; charset=utf-8", Encoding::None),
                (
                    "style.0123456789ab.css",
                    "text/css; charset=utf-8",
                    Encoding::Brotli
                ),
            ]
        );
        assert!(
            items[3].entry.cache_control.contains("immutable")
                && !items[1].entry.cache_control.contains("immutable")
        );
    }

    #[test]
    fn folders_get_compressed_files_beside_the_others_but_not_over_them() {
        let files = [
            file("a.js", 9000, Role::Asset),
            file("b.js", 9000, Role::Asset),
            file("b.js.gz", 9000, Role::Asset),
            file("c.js", 9000, Role::Asset),
            file("C.js.gz/index.html", 9000, Role::Page),
        ];
        let items = items(&files, Encoding::Gzip, Shape::Folder);
        let paths: Vec<_> = items
            .iter()
            .map(|item| (item.entry.path.as_str(), item.source.as_str()))
            .collect();
        assert_eq!(
            paths,
            [
                ("C.js.gz/index.html", "C.js.gz/index.html"),
                ("C.js.gz/index.html.gz", "C.js.gz/index.html"),
                ("a.js", "a.js"),
                ("a.js.gz", "a.js"),
                ("b.js", "b.js"),
                ("b.js.gz", "b.js.gz"),
                ("c.js", "c.js")
            ]
        );
    }
}
