//! A file in two parts: the block between its fences, and what follows.
//!
//! gray_matter splits a file; an engine of ours hands the raw block on. Files in the form that
//! machines write take a shorter way to the same result.

use std::ops::Range;
use std::sync::LazyLock;

use gray_matter::{Matter, ParsedEntity, Pod, engine::Engine};
use serde::de::IgnoredAny;

use crate::diagnostic::{Diagnostic, Location};
use crate::document::{self, DocumentError, Format};

/// A file in two parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Split {
    /// The format of the block; none when the file has none.
    pub(super) format: Option<Format>,
    /// The line that begins the block; empty for JSON without fences and for no block.
    pub(super) opening: &'static str,
    /// The block, without its fences.
    pub(super) matter: String,
    /// Lines of the file before the block.
    pub(super) lines_before: usize,
    /// What follows the block.
    pub(super) body: String,
}

impl Split {
    /// The place of a field's value, which may lie in tables (`extra.link`); the first line of the
    /// file when it is not there.
    pub(super) fn location(&self, path: &str, field: &str) -> Location {
        let found = match self.format {
            Some(Format::Yaml) => self.place_in_yaml(path, field),
            Some(format) => self.place_of(path, format, field),
            None => return Location::file(path),
        };
        found.unwrap_or_else(|| match self.opening {
            "" => Location::at(path, &self.matter, 1, 1),
            opening => Location::in_line(path, 1, 1, opening.len(), opening),
        })
    }

    /// The place of a range of the block in the file.
    pub(super) fn span(&self, path: &str, range: Range<usize>) -> Location {
        let location = Location::of_span(path, &self.matter, range);
        Location {
            line: location.line + self.lines_before,
            ..location
        }
    }

    fn place_of(&self, path: &str, format: Format, field: &str) -> Option<Location> {
        let root = document::read_placed(format, &self.matter).ok()?;
        let mut value = &root;
        for name in field.split('.') {
            value = &value.field(name)?.value;
        }
        Some(self.span(path, value.range.clone()))
    }

    fn place_in_yaml(&self, path: &str, field: &str) -> Option<Location> {
        let mut names = field.split('.');
        let mut field = names.next().unwrap_or(field);
        let mut indent = indentation(&self.matter);
        let (mut at, mut line, mut value) =
            self.matter.lines().enumerate().find_map(|(at, line)| {
                let value = line.strip_prefix(indent)?;
                let value = value.strip_prefix(field)?.strip_prefix(':')?;
                Some((at, line, value))
            })?;
        // Of a table in block style, the lines of its fields are known, too.
        for inner in names {
            let lines = self.matter.lines().enumerate().skip(at + 1);
            let mut block = lines
                .map(|(at, line)| (at, line, line.trim_start()))
                .take_while(|(_, line, text)| {
                    text.is_empty() || line.len() - text.len() > indent.len()
                });
            let found = block.find_map(|(at, line, text)| {
                let value = text.strip_prefix(inner)?.strip_prefix(':')?;
                Some((at, line, value))
            });
            let Some(found) = found else { break };
            field = inner;
            indent = indentation(found.1);
            (at, line, value) = found;
        }
        // A value on the lines below: the field itself is meant.
        let (start, meant) = match value.trim() {
            "" => (indent.len(), field),
            value_text => (line.len() - value.trim_start().len(), value_text),
        };
        Some(Location::in_line(
            path,
            at + 1 + self.lines_before,
            line[..start].chars().count() + 1,
            meant.chars().count(),
            line,
        ))
    }
}

/// The spaces before the first field; a block may be indented as a whole.
pub(super) fn indentation(matter: &str) -> &str {
    let first = matter.lines().find(|line| !line.trim().is_empty());
    let line = first.unwrap_or_default();
    &line[..line.len() - line.trim_start().len()]
}

/// Hands the block on as it is.
struct Raw;

impl Engine for Raw {
    fn parse(_: &str) -> gray_matter::Result<Pod> {
        Ok(Pod::Null)
    }
}

static MATTER: LazyLock<Matter<Raw>> = LazyLock::new(Matter::new);

/// Splits a file. One that does not start with a front matter is all text.
///
/// # Errors
/// When the front matter has no end.
pub(super) fn split(path: &str, text: &str) -> Result<Split, Diagnostic> {
    split_plain(text).map_or_else(|| split_any(path, text), Ok)
}

/// Splits a file in the form that nearly all have, as gray_matter does, without taking it apart
/// line by line.
fn split_plain(text: &str) -> Option<Split> {
    let rest = text
        .strip_prefix("---\n")
        .filter(|rest| !rest.starts_with("---") && !rest.contains('\r'))?;
    let (end, after) = rest.match_indices("\n---").find_map(|(at, fence)| {
        let line = &rest[at + fence.len()..];
        let (line, after) = line.split_once('\n').unwrap_or((line, ""));
        line.trim_end().is_empty().then_some((at, after))
    })?;
    let block = rest[..end].trim_end();
    let matter = block.trim_start();
    let before = &block[..block.len() - matter.len()];
    // An empty block could have ended before; one with `...` may have; one that is indented is
    // read with its spaces.
    let is_plain = !matter.is_empty()
        && !before.ends_with([' ', '\t'])
        && !matter.starts_with("...")
        && !block.contains("\n...");
    is_plain.then(|| Split {
        format: Some(Format::Yaml),
        opening: "---",
        matter: matter.to_owned(),
        lines_before: 1 + before.matches('\n').count(),
        body: after
            .strip_suffix('\n')
            .unwrap_or(after)
            .trim_start_matches('\n')
            .to_owned(),
    })
}

fn split_any(path: &str, text: &str) -> Result<Split, Diagnostic> {
    let parts = match document::split(text) {
        Ok(parts) => parts,
        Err(DocumentError::NoEnd) => return Err(no_end(path, text)),
        Err(_) => {
            if let Some(line) = misplaced(text) {
                return Err(misplaced_matter(path, text, line));
            }
            return Ok(Split {
                format: None,
                opening: "",
                matter: String::new(),
                lines_before: 0,
                body: body(text),
            });
        }
    };
    let block = &text[parts.matter.clone()];
    let blank: usize = block
        .split_inclusive('\n')
        .take_while(|line| line.trim().is_empty())
        .map(str::len)
        .sum();
    let fence_line = usize::from(!parts.opening.is_empty());
    let lines_before = fence_line + block[..blank].matches('\n').count();
    let is_usual = parts.opening == "---"
        && parts.closing == Some("---")
        && !block[blank..].starts_with([' ', '\t']);
    let (matter, body) = if is_usual {
        let parsed: ParsedEntity<IgnoredAny> = MATTER.parse(text).map_err(|error| {
            Diagnostic::error("front-matter", error.to_string()).at(Location::file(path))
        })?;
        (parsed.matter, parsed.content)
    } else {
        (
            with_line_feeds(block[blank..].trim_end()),
            body(&text[parts.body..]),
        )
    };
    Ok(Split {
        format: Some(parts.format),
        opening: parts.opening,
        matter,
        lines_before,
        body,
    })
}

/// The number of a line that looks like the front matter of a file which has none: a fence that is
/// not alone on the first line, or a field that would hide the file or its secrets. What is in them
/// must not become text.
fn misplaced(text: &str) -> Option<usize> {
    const FENCES: [&str; 3] = ["---", "+++", ";;;"];
    const FIELDS: [&str; 5] = [
        "title",
        "draft",
        "published",
        "publishedDateTime",
        "secured",
    ];
    let is_space = |c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200d}');
    let lines = text
        .split(['\n', '\r'])
        .map(|line| line.trim_matches(is_space));
    let mut block = lines
        .enumerate()
        .skip_while(|(_, line)| line.is_empty())
        .take_while(|(_, line)| !line.is_empty());
    let is_field = |line: &str| {
        let end = line.find([':', '='])?;
        let name = line[..end].trim().trim_matches(['"', '\'']);
        FIELDS.iter().find(|field| field.eq_ignore_ascii_case(name))
    };
    let (at, first) = block.next()?;
    let is_object = first.starts_with('{') && !first.starts_with("{{") && !first.starts_with("{%");
    if is_object || FENCES.iter().any(|fence| first.starts_with(fence)) {
        return Some(at + 1);
    }
    let mut all = std::iter::once((at, first)).chain(block);
    all.find(|(_, line)| is_field(line).is_some())
        .map(|(at, _)| at + 1)
}

fn misplaced_matter(path: &str, text: &str, line: usize) -> Diagnostic {
    let message = "this looks like a front matter, but the file does not begin with one";
    Diagnostic::error("front-matter", message)
        .at(Location::at(path, text, line, 1))
        .help("the fence `---` stands alone on the first line of the file, before all fields")
}

/// What is wrong with a front matter that does not end.
fn no_end(path: &str, text: &str) -> Diagnostic {
    let help = match text.lines().next().unwrap_or_default().trim_end() {
        "+++" => "put a line `+++` after the last field",
        ";;;" => "put a line `;;;` after the last field",
        line if line.starts_with('{') => "put a `}` after the last field",
        _ => "add a line `---` after the last field",
    };
    Diagnostic::error("front-matter", "the front matter is not closed")
        .at(Location::at(path, text, 1, 1))
        .help(help)
}

/// The text below a front matter.
fn body(text: &str) -> String {
    with_line_feeds(text).trim_start_matches('\n').to_owned()
}

/// Lines with LF alone between them, and none after the last.
fn with_line_feeds(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines.join("\n")
}

/// A file as text, without a byte order mark.
///
/// # Errors
/// When the bytes are not UTF-8, with the place.
pub(super) fn decode<'a>(path: &str, bytes: &'a [u8]) -> Result<&'a str, Diagnostic> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let good = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
        let line = good.matches('\n').count() + 1;
        let column = good.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let text = String::from_utf8_lossy(bytes);
        let text = text
            .lines()
            .nth(line - 1)
            .unwrap_or_default()
            .replace('\0', "␀");
        Diagnostic::error("encoding", "the file is not valid UTF-8")
            .at(Location::in_line(path, line, column, 1, &text))
            .help("save it as UTF-8")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn the_short_way_splits_like_the_long_one(
            lines in proptest::collection::vec(
                proptest::sample::select(vec!["---", "--- ", "----", "---x", "...", "... ", "", " \
                    ", "\u{a0}", "a: b", "  c: d", "text\r", "é"]),
                0..12,
            ),
            start in proptest::sample::select(vec!["---\n", "---\na: b\n", "--- \
                \n", "---\r\n", ""]),
            end in proptest::sample::select(vec!["", "\n", "\n\n"]),
        ) {
            let text = format!("{start}{}{end}", lines.join("\n"));
            if let Some(split) = split_plain(&text) {
                proptest::prop_assert_eq!(Ok(split), split_any("a.md", &text));
            }
            // What is edited is what is read.
            if let Ok(document) = crate::document::Document::parse(text.as_bytes())
                && !document.matter().trim().is_empty()
            {
                let lines: Vec<&str> = document.matter().lines().collect();
                let first = lines.iter().position(|line| !line.trim().is_empty());
                let lines = lines[first.unwrap_or_default()..].join("\n");
                let read = split("a.md", &text).map(|split| split.matter);
                proptest::prop_assert_eq!(read, Ok(lines.trim_end().to_owned()));
            }
        }
    }

    #[test]
    fn what_machines_write_goes_the_short_way() {
        assert!(
            split_plain("---\na: b\n---\n").is_some() && split_plain("---\na: b\n---").is_some()
        );
        assert!(split_plain("---\n\n\na: b\n---\nText.\n").is_some());
    }

    #[test]
    fn line_ends_and_blank_lines_do_not_matter() {
        let lf = split("a.md", "---\n\ntitle: x\n---\nbody\n\nmore\n").unwrap();
        let crlf = split("a.md", "---\r\n\r\ntitle: x\r\n---\r\nbody\r\n\r\nmore\r\n").unwrap();
        assert_eq!(lf, crlf);
        assert_eq!(
            (lf.matter.as_str(), lf.lines_before, lf.body.as_str()),
            ("title: x", 2, "body\n\nmore")
        );
    }

    #[test]
    fn a_block_may_be_indented_and_end_with_dots() {
        let indented = split("a.md", "---\n\n  title: x\n  heat: 1\n---\nbody\n").unwrap();
        let parts = |split: &Split| (split.matter.clone(), split.lines_before, split.body.clone());
        let whole = |matter: &str| (matter.to_owned(), 2, "body".to_owned());
        assert_eq!(parts(&indented), whole("  title: x\n  heat: 1"));
        let place = indented.location("a.md", "heat");
        assert_eq!((place.line, place.column, place.width), (4, 9, 1));
        for (text, matter) in [
            ("---\n\ntitle: x\n...\nbody\n", "title: x"),
            ("---\r\n\r\ntitle: x\r\n... \r\n\r\nbody", "title: x"),
            ("---yaml\n\ntitle: x\n---\nbody\n", "title: x"),
        ] {
            assert_eq!(
                parts(&split("a.md", text).unwrap()),
                whole(matter),
                "{text}"
            );
        }
        let two = split("a.md", "---\ntitle: x\n...\n\na\n---\nb\n").unwrap();
        assert_eq!(two.body, "a\n---\nb");
    }

    #[test]
    fn every_format_is_split() {
        for (text, format, line, matter) in [
            ("+++\n\na = 1\n+++\n\nbody\n", Format::Toml, 3, "a = 1"),
            (
                ";;;\r\n\"a\": 1\r\n;;;\r\nbody\r\n",
                Format::Json,
                2,
                "\"a\": 1",
            ),
            ("{ \"a\": 1 }\n\nbody", Format::Json, 1, "{ \"a\": 1 }"),
            ("{\n\"a\": 1\n}\nbody", Format::Json, 2, "{\n\"a\": 1\n}"),
        ] {
            let split = split("a.md", text).unwrap();
            assert_eq!(split.format, Some(format), "{text}");
            assert_eq!(
                (split.matter.as_str(), split.body.as_str()),
                (matter, "body"),
                "{text}"
            );
            let place = split.location("a.md", "a");
            assert_eq!((place.line, place.width), (line, 1), "{text}");
            assert_eq!(split.location("a.md", "b").line, 1);
        }
        let text = "+++\n[extra]\nlink = \"x\"\n+++\n";
        assert_eq!(
            split("a.md", text)
                .unwrap()
                .location("a.md", "extra.link")
                .line,
            3
        );
    }

    #[test]
    fn a_file_without_front_matter_is_all_text() {
        for (text, body) in [
            ("", ""),
            ("\r\n# T\r\n\r\nx\r\n", "# T\n\nx"),
            ("{{ x }}", "{{ x }}"),
        ] {
            let split = split("a.md", text).unwrap();
            assert_eq!((split.format, split.body.as_str()), (None, body));
        }
    }

    #[test]
    fn a_missing_fence_is_reported() {
        for (text, fence) in [
            ("---\ntitle: x\n", "`---`"),
            ("+++\ntitle = 'x'\n---\n", "`+++`"),
            (";;;\n{}\n", "`;;;`"),
            ("{\"title\": \"x\n", "`}`"),
        ] {
            let error = split("a.md", text).unwrap_err();
            assert!(error.message.contains("not closed"), "{text}");
            assert!(error.help.unwrap().contains(fence), "{text}");
        }
    }
}
