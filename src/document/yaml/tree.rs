//! Where the values of a YAML block stand in its text.
//!
//! saphyr-parser reports the tokens with their positions; what it does not report (colons, dashes,
//! the header of a block of text) is found between them. Nothing here is trusted: whatever is
//! changed with the help of these positions is read again by the parser that a build uses.

use std::ops::Range;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span};

/// Tables and lists inside each other.
const DEEPEST: usize = 64;

/// A value, and where it stands.
#[derive(Debug)]
pub(super) struct Node {
    /// The value without its anchor and tag. For an empty value, the place after its colon or dash.
    pub(super) range: Range<usize>,
    /// What it is.
    pub(super) kind: Kind,
}

/// What a value is.
#[derive(Debug)]
pub(super) enum Kind {
    /// Text, a number, a boolean; its style, and whether there is nothing at all.
    Scalar(Style),
    /// A reference to an anchor: `*name`.
    Alias,
    /// A list.
    List {
        /// Whether it stands in brackets.
        is_flow: bool,
        /// Its items.
        items: Vec<Item>,
    },
    /// A table.
    Table {
        /// Whether it stands in braces.
        is_flow: bool,
        /// Its fields.
        entries: Vec<Entry>,
    },
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// Nothing is written.
    Empty,
    /// Without quotes.
    Plain,
    /// `'…'`
    Single,
    /// `"…"`
    Double,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

/// An item of a list.
#[derive(Debug)]
pub(super) struct Item {
    /// Where it starts: its dash, or in brackets the value with its anchor and tag.
    pub(super) start: usize,
    /// The value.
    pub(super) node: Node,
}

/// A field of a table.
#[derive(Debug)]
pub(super) struct Entry {
    /// Its name.
    pub(super) name: String,
    /// Where the name stands, with quotes.
    pub(super) key: Range<usize>,
    /// Where its colon is.
    pub(super) colon: usize,
    /// The value.
    pub(super) node: Node,
}

/// Why a text has no tree.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NoTree {
    /// The parser refuses it.
    Syntax {
        /// What it says.
        message: String,
        /// Line in the block, from 1.
        line: usize,
    },
    /// It has a form that cannot be edited.
    Unsupported(&'static str),
}

/// Reads a block; none when there is no value in it.
pub(super) fn read(text: &str) -> Result<Option<Node>, NoTree> {
    let mut reader = Reader::new(text)?;
    let mut root = None;
    while let Some((event, span)) = reader.next() {
        match event {
            Event::DocumentStart(_) if root.is_none() => {
                root = Some(reader.node(0, Context::default())?);
            }
            Event::DocumentStart(_) => {
                return Err(NoTree::Unsupported("it has more than one YAML document"));
            }
            Event::StreamStart | Event::DocumentEnd | Event::StreamEnd | Event::Nothing => {}
            _ => {
                let line = span.start.line();
                let message = "a value is out of place".to_owned();
                return Err(NoTree::Syntax { message, line });
            }
        }
    }
    Ok(root.filter(|node| !matches!(node.kind, Kind::Scalar(Style::Empty))))
}

/// What a value lies in.
#[derive(Clone, Copy, Debug, Default)]
struct Context {
    /// After the colon or dash before it.
    start: usize,
}

struct Reader<'a> {
    text: &'a str,
    /// The byte that each character starts at; empty if each character is one byte.
    bytes: Vec<usize>,
    events: std::vec::IntoIter<(Event<'a>, Span)>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Result<Reader<'a>, NoTree> {
        let bytes = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().map(|(at, _)| at).collect()
        };
        let events: Result<Vec<_>, _> = Parser::new_from_str(text).collect();
        let events = events.map_err(|error| NoTree::Syntax {
            message: error.info().to_owned(),
            line: error.marker().line(),
        })?;
        Ok(Reader {
            text,
            bytes,
            events: events.into_iter(),
        })
    }

    fn next(&mut self) -> Option<(Event<'a>, Span)> {
        self.events.next()
    }

    fn peek(&self) -> Option<&(Event<'a>, Span)> {
        self.events.as_slice().first()
    }

    fn at(&self, marker: &Marker) -> usize {
        let at = if self.bytes.is_empty() {
            marker.index()
        } else {
            let end = self.text.len();
            self.bytes.get(marker.index()).copied().unwrap_or(end)
        };
        at.min(self.text.len())
    }

    fn range(&self, span: &Span) -> (usize, usize) {
        let start = self.at(&span.start);
        (start, self.at(&span.end).max(start))
    }

    /// Reads the value that comes next.
    fn node(&mut self, depth: usize, context: Context) -> Result<Node, NoTree> {
        if depth > DEEPEST {
            return Err(NoTree::Unsupported("it is nested too deeply"));
        }
        let Some((event, span)) = self.next() else {
            return Err(NoTree::Unsupported("it ends too early"));
        };
        let (start, end) = self.range(&span);
        match event {
            Event::Scalar(_, style, anchor, tag) => {
                let has_properties = anchor > 0 || tag.is_some();
                Ok(self.scalar(style, start..end, has_properties, context))
            }
            Event::Alias(_) => Ok(Node {
                range: start..end,
                kind: Kind::Alias,
            }),
            Event::SequenceStart(..) => self.list(depth, context),
            Event::MappingStart(..) => self.table(depth, context),
            _ => Err(NoTree::Unsupported("a value is out of place")),
        }
    }

    fn scalar(
        &self,
        style: ScalarStyle,
        reported: Range<usize>,
        has_properties: bool,
        context: Context,
    ) -> Node {
        let text = self.text;
        let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        // The header of a block of text stands before what is reported as its range.
        let from = if is_block || has_properties {
            skip_properties(text, skip_blank(text, context.start))
        } else {
            reported.start
        };
        let end = match style {
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => quoted_end(text, from),
            _ => from + text[from..reported.end.max(from)].trim_end().len(),
        };
        let style = match style {
            ScalarStyle::Plain if end == from => Style::Empty,
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted => Style::Single,
            ScalarStyle::DoubleQuoted => Style::Double,
            ScalarStyle::Literal => Style::Literal,
            ScalarStyle::Folded => Style::Folded,
        };
        let range = match style {
            Style::Empty if has_properties => {
                let end = reported.start + text[reported.clone()].trim_end().len();
                end..end
            }
            Style::Empty => context.start..context.start,
            _ => from..end,
        };
        Node {
            range,
            kind: Kind::Scalar(style),
        }
    }

    fn list(&mut self, depth: usize, context: Context) -> Result<Node, NoTree> {
        let opening = self.opening(context, b'[');
        let mut items = Vec::new();
        let mut cursor = opening.map_or(context.start, |at| at + 1);
        loop {
            if let Some((Event::SequenceEnd, _)) = self.peek() {
                self.next();
                let range = match opening {
                    Some(open) => open..self.closing(cursor, b']')?,
                    None => around(
                        items.first().map(|item: &Item| item.start),
                        items.last().map(|item| item.node.range.end),
                        cursor,
                    ),
                };
                return Ok(Node {
                    range,
                    kind: Kind::List {
                        is_flow: opening.is_some(),
                        items,
                    },
                });
            }
            let start = if opening.is_some() {
                skip_commas(self.text, cursor)
            } else {
                let dash = skip_properties(self.text, skip_blank(self.text, cursor));
                if self.text.as_bytes().get(dash) != Some(&b'-') {
                    return Err(NoTree::Unsupported("a list has a form that is not known"));
                }
                dash
            };
            let node = self.node(
                depth + 1,
                Context {
                    start: start + usize::from(opening.is_none()),
                },
            )?;
            cursor = node.range.end.max(start);
            items.push(Item { start, node });
        }
    }

    fn table(&mut self, depth: usize, context: Context) -> Result<Node, NoTree> {
        let opening = self.opening(context, b'{');
        let mut entries: Vec<Entry> = Vec::new();
        let fallback = opening.map_or(context.start, |at| at + 1);
        loop {
            let Some((event, span)) = self.next() else {
                return Err(NoTree::Unsupported("it ends too early"));
            };
            let (start, end) = self.range(&span);
            match event {
                Event::MappingEnd => {
                    let range = match opening {
                        Some(open) => {
                            let last = entries.last().map(|entry| entry.node.range.end);
                            open..self.closing(last.unwrap_or(open + 1), b'}')?
                        }
                        None => around(
                            entries.first().map(|entry| entry.key.start),
                            entries.last().map(|entry| entry.node.range.end),
                            fallback,
                        ),
                    };
                    return Ok(Node {
                        range,
                        kind: Kind::Table {
                            is_flow: opening.is_some(),
                            entries,
                        },
                    });
                }
                Event::Scalar(name, _, 0, None) => {
                    let key = start..match self.text.as_bytes().get(start) {
                        Some(b'"' | b'\'') => quoted_end(self.text, start),
                        _ => start + self.text[start..end].trim_end().len(),
                    };
                    let colon = self.colon(key.end)?;
                    let node = self.node(depth + 1, Context { start: colon + 1 })?;
                    entries.push(Entry {
                        name: name.into_owned(),
                        key,
                        colon,
                        node,
                    });
                }
                _ => {
                    return Err(NoTree::Unsupported(
                        "the name of a field is not a plain text",
                    ));
                }
            }
        }
    }

    /// Where the bracket is that opens a list or table; none when there is none.
    fn opening(&self, context: Context, bracket: u8) -> Option<usize> {
        let at = skip_properties(self.text, skip_blank(self.text, context.start));
        let is_bracket = self.text.as_bytes().get(at) == Some(&bracket);
        is_bracket.then_some(at)
    }

    /// The place after the bracket that closes a list or table: what is reported as its end may lie
    /// behind the comment that follows.
    fn closing(&self, from: usize, bracket: u8) -> Result<usize, NoTree> {
        let at = skip_commas(self.text, from);
        if self.text.as_bytes().get(at) == Some(&bracket) {
            Ok(at + 1)
        } else {
            Err(NoTree::Unsupported(
                "a list or table has no end that is known",
            ))
        }
    }

    fn colon(&self, from: usize) -> Result<usize, NoTree> {
        let blank = self.text[from..].len() - self.text[from..].trim_start_matches(' ').len();
        let at = from + blank;
        if self.text.as_bytes().get(at) == Some(&b':') {
            Ok(at)
        } else {
            Err(NoTree::Unsupported("the name of a field has no colon"))
        }
    }
}

fn around(first: Option<usize>, last: Option<usize>, fallback: usize) -> Range<usize> {
    first.unwrap_or(fallback)..last.unwrap_or(fallback)
}

/// The place after a text in quotes that starts at a place: what is reported as its end lies behind
/// the comment that follows.
fn quoted_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let quote = bytes.get(start).copied();
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at).copied() {
        let is_pair = match quote {
            Some(b'"') => byte == b'\\',
            _ => byte == b'\'' && bytes.get(at + 1) == Some(&b'\''),
        };
        match is_pair {
            true => at += 2,
            false if Some(byte) == quote => return at + 1,
            false => at += 1,
        }
    }
    text.len()
}

/// The place after white space, line breaks and comments.
pub(super) fn skip_blank(text: &str, from: usize) -> usize {
    let mut at = from;
    loop {
        at += text[at..].len() - text[at..].trim_start().len();
        let after_blank = at == 0 || text[..at].ends_with(char::is_whitespace);
        if !(after_blank && text[at..].starts_with('#')) {
            return at;
        }
        at = line_end(text, at);
    }
}

/// The place after commas, white space, line breaks and comments.
fn skip_commas(text: &str, from: usize) -> usize {
    let mut at = skip_blank(text, from);
    while text[at..].starts_with(',') {
        at = skip_blank(text, at + 1);
    }
    at
}

/// The place after an anchor and a tag, and the blank that follows.
fn skip_properties(text: &str, from: usize) -> usize {
    let mut at = from;
    while text[at..].starts_with(['&', '!']) {
        let length = text[at..]
            .find(char::is_whitespace)
            .unwrap_or(text.len() - at);
        at = skip_blank(text, at + length);
    }
    at
}

/// Where the line of a place begins.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// Where the line of a place ends, before its line break.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    let end = text[at..].find('\n').map_or(text.len(), |n| at + n);
    if text[at..end].ends_with('\r') {
        end - 1
    } else {
        end
    }
}

/// Where the line after that of a place begins.
pub(super) fn next_line(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |n| at + n + 1)
}

/// The column of a place in its line, in characters from 0.
pub(super) fn column(text: &str, at: usize) -> usize {
    text[line_start(text, at)..at].chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of scalars with their paths, as they stand in the text.
    fn scalars(text: &str) -> Vec<String> {
        fn walk(text: &str, node: &Node, path: &str, found: &mut Vec<String>) {
            match &node.kind {
                Kind::Scalar(_) | Kind::Alias => {
                    found.push(format!("{path} {}", &text[node.range.clone()]));
                }
                Kind::List { items, .. } => {
                    for (at, item) in items.iter().enumerate() {
                        walk(text, &item.node, &format!("{path}.{at}"), found);
                    }
                }
                Kind::Table { entries, .. } => {
                    for entry in entries {
                        assert_eq!(&text[entry.colon..=entry.colon], ":");
                        walk(text, &entry.node, &format!("{path}.{}", entry.name), found);
                    }
                }
            }
        }
        let mut found = Vec::new();
        walk(text, &read(text).unwrap().unwrap(), "", &mut found);
        found
    }

    #[test]
    fn values_are_found_where_they_stand() {
        let text = concat!(
            "é: “x” # c\r\nb: 'it''s'   \r\n\"q k\" : v\r\nq: \"a \\\" #\" # c\r\n",
            "list: # c\r\n  - a # c\r\n  - \"b\"\r\n\r\n# end\r\nk: |\r\n  text\r\n  more\r\n\r\n",
            "n:\r\nz: &z !!str >-  # c\r\n  a\r\n  b\r\n# c\r\n",
            "m: {a: 1, b: [x, 'y', ], c: , d}\r\n",
        );
        let error = read(text).err();
        assert!(error.is_some(), "a name without a colon");
        let text = text.replace(", d}", "}");
        assert_eq!(
            scalars(&text),
            [
                ".é “x”",
                ".b 'it''s'",
                ".q k v",
                ".q \"a \\\" #\"",
                ".list.0 a",
                ".list.1 \"b\"",
                ".k |\r\n  text\r\n  more",
                ".n ",
                ".z >-  # c\r\n  a\r\n  b",
                ".m.a 1",
                ".m.b.0 x",
                ".m.b.1 'y'",
                ".m.c ",
            ]
        );
    }

    #[test]
    fn lists_of_all_forms_are_found() {
        let text = concat!(
            "a: &x foo\nb: *x\nc: !!str 5\nimages:\n- url: x\n  w: 3\n- # c\n  url: y\n",
            "- - p\n  - q\n-\nplain: one\n  two\nd: &z\n  - 1\nlast:",
        );
        assert_eq!(
            scalars(text),
            [
                ".a foo",
                ".b *x",
                ".c 5",
                ".images.0.url x",
                ".images.0.w 3",
                ".images.1.url y",
                ".images.2.0 p",
                ".images.2.1 q",
                ".images.3 ",
                ".plain one\n  two",
                ".d.0 1",
                ".last ",
            ]
        );
    }

    #[test]
    fn an_empty_block_has_no_tree() {
        for text in ["", "\n", "# a comment\n", "~\n"] {
            let node = read(text).unwrap();
            assert_eq!(node.is_none(), text != "~\n", "{text:?}");
        }
        assert!(read("a: [1\n").is_err());
        assert!(read("a: 1\n---\nb: 2\n").is_err());
    }
}
