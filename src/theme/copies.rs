//! Built-in files that a site takes a copy of, and how it is known later what such a copy was taken
//! from: by a mark, a comment in its first line with the version of newsgen and a hash of the
//! built-in file. That file itself is kept beside the site's templates, in a hidden folder that no
//! build reads, so that it can be said what changed in it since.

use std::borrow::Cow;

use super::embedded;
use crate::config;
use crate::hash::Hash128;
use crate::workspace::Workspace;

/// Folder, below that of the site's templates, of the built-in files that copies were taken from.
pub const ORIGINALS: &str = ".built-in";

/// A file of the default theme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuiltIn {
    /// `templates/home.html` or `static/style.css`.
    pub path: String,
    /// What is in it.
    pub bytes: &'static [u8],
}

/// What the first line of a copy says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Version of newsgen.
    pub version: String,
    /// The first twelve digits of the hash of the built-in file.
    pub hash: String,
}

/// What a site has at the place of a built-in file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing: the built-in file is used.
    BuiltIn,
    /// A file that is no marked copy.
    Own,
    /// A copy of this version's file, as it was taken.
    Copy,
    /// A copy of this version's file, with changes.
    Edited,
    /// A copy of a file that has changed since.
    Outdated,
}

/// A site's file in the place of a built-in one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnFile {
    /// What is in it, without the mark.
    pub text: Vec<u8>,
    /// Its mark.
    pub mark: Option<Mark>,
}

/// All built-in files, templates first.
pub fn all() -> impl Iterator<Item = BuiltIn> {
    let templates = embedded::TEMPLATES.iter();
    let templates = templates.map(|(name, text)| BuiltIn {
        path: format!("templates/{name}"),
        bytes: text.as_bytes(),
    });
    let statics = embedded::STATIC.iter().map(|(name, bytes)| BuiltIn {
        path: format!("static/{name}"),
        bytes,
    });
    templates.chain(statics)
}

/// The built-in file with a path, or a name without its first folder.
pub fn find(name: &str) -> Option<BuiltIn> {
    let name = name.trim_start_matches("./");
    all().find(|file| file.path == name).or_else(|| {
        all().find(|file| {
            let (_, below) = file.path.split_once('/').unwrap_or_default();
            below == name
        })
    })
}

impl BuiltIn {
    /// Whether it is a template.
    fn is_template(&self) -> bool {
        self.path.starts_with("templates/")
    }

    /// Where the site's own file is, or would be; none when no folder of static files is served at
    /// the root.
    pub fn place(&self, theme: &config::Theme) -> Option<String> {
        let (_, below) = self.path.split_once('/')?;
        if self.is_template() {
            return Some(format!("{}/{below}", theme.templates));
        }
        let mut roots = theme.statics.iter().filter(|(url, _)| url.is_empty());
        let (_, folder) = roots.next_back()?;
        Some(format!("{folder}/{below}"))
    }

    /// Where the file that a copy was taken from is kept.
    pub fn original(&self, theme: &config::Theme) -> String {
        format!("{}/{ORIGINALS}/{}", theme.templates, self.path)
    }

    /// The first twelve digits of its hash.
    pub fn hash(&self) -> String {
        Hash128::of(self.bytes).short(12)
    }

    /// What stands before and after a comment that fills the first line; none in files that can
    /// have no comment.
    fn comment(&self) -> Option<(&'static str, &'static str)> {
        if self.is_template() {
            // The hyphens take the end of the line with them: a copy renders as the original does.
            return Some(("{#- ", " -#}"));
        }
        match self.path.rsplit_once('.')?.1 {
            "css" => Some(("/* ", " */")),
            "js" => Some(("// ", "")),
            "svg" => Some(("<!-- ", " -->")),
            _ => None,
        }
    }

    /// The first line of a copy of this version.
    fn mark(&self) -> String {
        let Some((before, after)) = self.comment() else {
            return String::new();
        };
        let version = env!("CARGO_PKG_VERSION");
        format!(
            "{before}newsgen {version} {} {}{after}\n",
            self.path,
            self.hash()
        )
    }

    /// The file as a site takes it, with a mark.
    pub fn copy(&self) -> Vec<u8> {
        self.marked(self.bytes)
    }

    /// A text with the mark of this version.
    pub fn marked(&self, text: &[u8]) -> Vec<u8> {
        [self.mark().as_bytes(), text].concat()
    }

    /// Takes the mark off a site's file.
    pub fn read(&self, bytes: Vec<u8>) -> OwnFile {
        let Some((first, mark)) = self.mark_of(&bytes) else {
            return OwnFile {
                text: bytes,
                mark: None,
            };
        };
        OwnFile {
            text: bytes[first..].to_vec(),
            mark: Some(mark),
        }
    }

    /// The mark of a copy, and the length of its line.
    fn mark_of(&self, bytes: &[u8]) -> Option<(usize, Mark)> {
        let (before, after) = self.comment()?;
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let line = std::str::from_utf8(&bytes[..end]).ok()?.trim_end();
        let words = line.strip_prefix(before)?.strip_suffix(after)?;
        let mut words = words.strip_prefix("newsgen ")?.split(' ');
        let [version, path, hash] = [words.next()?, words.next()?, words.next()?];
        let mark = Mark {
            version: version.to_owned(),
            hash: hash.to_owned(),
        };
        (path == self.path && words.next().is_none()).then_some((end + 1, mark))
    }

    /// What a site's file is to this one; none stands for no file.
    pub fn standing(&self, own: Option<&OwnFile>) -> Standing {
        let Some(own) = own else {
            return Standing::BuiltIn;
        };
        match &own.mark {
            Some(mark) if mark.hash != self.hash() => Standing::Outdated,
            Some(_) if unix(&own.text) == self.bytes => Standing::Copy,
            Some(_) => Standing::Edited,
            None if own.text == self.bytes => Standing::Copy,
            None => Standing::Own,
        }
    }

    /// The file that a marked copy was taken from, as far as it is still known.
    pub fn taken_from<'b>(
        &self,
        mark: &Mark,
        source: &dyn Workspace,
        theme: &config::Theme,
    ) -> Option<Cow<'b, [u8]>> {
        if mark.hash == self.hash() {
            return Some(Cow::Borrowed(self.bytes));
        }
        let kept = source.read(&self.original(theme)).ok()?;
        let kept = unix(&kept).into_owned();
        (Hash128::of(&kept).short(12) == mark.hash).then_some(Cow::Owned(kept))
    }
}

/// A text without carriage returns before the ends of its lines, which an editor or git may have
/// put there.
fn unix(bytes: &[u8]) -> Cow<'_, [u8]> {
    if !bytes.contains(&b'\r') {
        return Cow::Borrowed(bytes);
    }
    let mut lines = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_suffix(b"\r\n") {
            Some(text) => lines.extend(text.iter().chain(b"\n")),
            None => lines.extend(line),
        }
    }
    Cow::Owned(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_known_by_its_mark() {
        for file in all() {
            let copy = file.read(file.copy());
            assert_eq!(copy.text, file.bytes, "{}", file.path);
            assert_eq!(file.standing(Some(&copy)), Standing::Copy, "{}", file.path);
            let Some(mark) = &copy.mark else {
                assert!(file.comment().is_none());
                continue;
            };
            assert_eq!(mark.hash, file.hash());
            let edited = file.read([&file.copy(), &b"x"[..]].concat());
            assert_eq!(file.standing(Some(&edited)), Standing::Edited);
            let text = String::from_utf8(file.copy()).unwrap_or_default();
            let other = text.replacen(&file.hash(), "000000000000", 1);
            let older = file.read(other.into_bytes());
            assert_eq!(file.standing(Some(&older)), Standing::Outdated);
            let windows = file.read(text.replace('\n', "\r\n").into_bytes());
            assert_eq!(file.standing(Some(&windows)), Standing::Copy);
        }
    }

    #[test]
    fn other_first_lines_are_no_marks() {
        let file = find("home.html").unwrap_or_else(|| unreachable!("it is built in"));
        assert_eq!(file.path, "templates/home.html");
        for text in [
            "{#- newsgen 0.1.0 templates/base.html 0123456789ab -#}\nx",
            "{#- newsgen 0.1.0 templates/home.html -#}\nx",
            "{# a remark #}\n",
            "",
        ] {
            let own = file.read(text.as_bytes().to_vec());
            assert_eq!((own.mark, own.text.len()), (None, text.len()), "{text}");
        }
        assert_eq!(find("style.css"), find("static/style.css"));
        assert_eq!(find("nothing.html"), None);
    }
}
