//! Bounds on texts that would take the HTML parser minutes: its time grows with the square of the elements inside each
//! other, and with that of the entities in a row.

use std::fmt;

use pulldown_cmark::Event;

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
    if count_tags(html) > MOST_TAGS { Err(TooMuch::Tags) } else { entities(html) }
}

/// Bounds the entities of HTML.
pub(super) fn entities(html: &str) -> Result<(), TooMuch> {
    let count = html.bytes().filter(|byte| *byte == b'&').count();
    if count > MOST_ENTITIES { Err(TooMuch::Entities) } else { Ok(()) }
}

/// What may be a tag: no fewer than the parser will find.
fn count_tags(html: &str) -> usize {
    html.bytes().filter(|byte| *byte == b'<').count()
}
