//! Bounds on texts that would take a parser minutes, or a lot of memory. The time of the HTML
//! parser grows with the square of the elements inside each other, and with that of the entities in
//! a row; that of the YAML scanner with brackets inside brackets.

use std::fmt;

use pulldown_cmark::Event;

use crate::diagnostic::{Diagnostic, Location};

/// Why a text is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooMuch {
    /// Elements inside elements inside elements.
    Nesting,
    /// HTML tags.
    Tags,
    /// Characters that are written as entities.
    Entities,
}

impl fmt::Display for TooMuch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TooMuch::Nesting => "is nested too deeply",
            TooMuch::Tags => "has too many HTML tags",
            TooMuch::Entities => "has too many `&`",
        })
    }
}

/// Lists, quotations and emphasis inside each other.
const DEEPEST: usize = 100;
const MOST_TAGS: usize = 10_000;
const MOST_ENTITIES: usize = 100_000;

/// Bounds a Markdown text. The tags that Markdown makes are closed; those that it holds may be not.
pub(super) fn markdown(events: &[Event<'_>]) -> Result<(), TooMuch> {
    let (mut depth, mut tags): (usize, usize) = (0, 0);
    for event in events {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Html(html) | Event::InlineHtml(html) => tags += count_tags(html),
            _ => {}
        }
        if depth > DEEPEST {
            return Err(TooMuch::Nesting);
        }
        if tags > MOST_TAGS {
            return Err(TooMuch::Tags);
        }
    }
    Ok(())
}

/// Bounds HTML from elsewhere.
pub(super) fn tags(html: &str) -> Result<(), TooMuch> {
    if count_tags(html) > MOST_TAGS {
        Err(TooMuch::Tags)
    } else {
        entities(html)
    }
}

/// Bounds the entities of HTML.
pub(super) fn entities(html: &str) -> Result<(), TooMuch> {
    let count = html.bytes().filter(|byte| *byte == b'&').count();
    if count > MOST_ENTITIES {
        Err(TooMuch::Entities)
    } else {
        Ok(())
    }
}

/// What may be a tag: no fewer than the parser will find.
fn count_tags(html: &str) -> usize {
    html.bytes().filter(|byte| *byte == b'<').count()
}

/// The YAML scanner looks at every open bracket for every token, so that a megabyte of brackets
/// would take it minutes. There are at most as many open ones as there are brackets; a front matter
/// that people or feeds write is far below this bound.
pub(super) fn nesting(path: &str, matter: &str) -> Result<(), Diagnostic> {
    const MOST: usize = 1 << 29;
    let brackets = matter
        .bytes()
        .filter(|byte| matches!(byte, b'[' | b'{'))
        .count();
    if brackets.saturating_mul(matter.len()) > MOST {
        return Err(Diagnostic::error(
            "yaml-nesting",
            format!("the front matter has too many brackets ({brackets})"),
        )
        .at(Location::file(path))
        .help("write lists and tables with one item a line, or shorten the front matter"));
    }
    Ok(())
}

/// Aliases make a small file large. A front matter has no use for many of them; these bounds keep
/// the worst that can be written below about a million nodes.
pub(super) fn aliases(path: &str, matter: &str) -> Result<(), Diagnostic> {
    const MOST: usize = 16;
    const LARGEST: usize = 16 * 1024;
    let marks = |mark: u8| {
        let bytes = matter.as_bytes();
        bytes
            .windows(2)
            .enumerate()
            .filter(|(at, pair)| {
                let before = at.checked_sub(1).map_or(b'\n', |at| bytes[at]);
                pair[0] == mark
                    && (pair[1].is_ascii_alphanumeric() || b"_-".contains(&pair[1]))
                    && (b" \t\r\n[{,-:?".contains(&before) || !before.is_ascii())
            })
            .count()
    };
    let anchors = if matter.contains('&') { marks(b'&') } else { 0 };
    if anchors == 0 {
        return Ok(());
    }
    let aliases = marks(b'*');
    if aliases > MOST || (aliases > 0 && matter.len() > LARGEST) {
        return Err(Diagnostic::error(
            "yaml-aliases",
            format!("the front matter uses YAML aliases too much ({aliases})"),
        )
        .at(Location::file(path))
        .help(format!(
            "write the values out; at most {MOST} aliases are read, in a front matter of at most \
             {} KiB",
            LARGEST / 1024
        )));
    }
    Ok(())
}
