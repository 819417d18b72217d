//! Front matter of lines `Name: value`, without fences, up to the first blank line: the metadata
//! of MultiMarkdown and of Pelican
//! (<https://docs.getpelican.com/en/latest/content.html#file-metadata>).
//!
//! Every value is text. Names are read in any case, as Pelican reads them.

use std::borrow::Cow;
use std::ops::Range;

use super::placed::{Field, Kind, Placed};

/// Lines that are looked at, at most.
const MOST_LINES: usize = 500;

/// Longest name of a field, in bytes.
const LONGEST_NAME: usize = 40;

/// The bytes of the lines at the start of a text; none when they are no front matter. There are at
/// least two of them, and one is the title: a sentence with a colon is none.
pub(super) fn find(text: &str) -> Option<Range<usize>> {
    let (mut end, mut fields, mut has_title) = (0, 0, false);
    for (at, line) in text.split_inclusive('\n').enumerate() {
        if at == MOST_LINES {
            return None;
        }
        if line.trim().is_empty() {
            break;
        }
        let is_continued = fields > 0 && line.starts_with([' ', '\t']);
        match field(line.trim_end()) {
            Some((name, _)) => {
                fields += 1;
                has_title |= name.eq_ignore_ascii_case("title");
            }
            None if is_continued => {}
            None => return None,
        }
        end += line.len();
    }
    (fields >= 2 && has_title).then_some(0..end)
}

/// The name on a line, and where its value begins.
fn field(line: &str) -> Option<(&str, usize)> {
    let (name, rest) = line.split_once(':')?;
    let is_name = name.len() <= LONGEST_NAME
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    let value = name.len() + 1 + rest.len() - rest.trim_start().len();
    (is_name && (rest.is_empty() || rest.starts_with(' '))).then_some((name, value))
}

/// Reads the lines. Of a name that stands twice, the last counts; a line that is indented goes on
/// with the value before it.
pub(super) fn read(text: &str) -> Placed<'_> {
    let mut fields: Vec<Field<'_>> = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let shown = line.trim_end();
        match field(shown) {
            Some((name, value)) => {
                let name_range = start..start + name.len();
                let name = Cow::Owned(name.to_ascii_lowercase());
                fields.retain(|other| other.name != name);
                fields.push(Field {
                    name,
                    name_range,
                    value: Placed {
                        range: start + value..start + shown.len().max(value),
                        kind: Kind::Text(Cow::Borrowed(&shown[value.min(shown.len())..])),
                    },
                });
            }
            None => {
                if let Some(last) = fields.last_mut()
                    && let Kind::Text(text) = &mut last.value.kind
                {
                    text.to_mut().push(' ');
                    text.to_mut().push_str(shown.trim());
                }
            }
        }
        start += line.len();
    }
    Placed {
        range: 0..text.len(),
        kind: Kind::Table(fields),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Option<String> {
        let root = read(&text[find(text)?]).value();
        Some(root.to_string())
    }

    #[test]
    fn lines_with_a_title_are_a_front_matter() {
        assert_eq!(
            values("Title: This: that\nDATE: 2024-01-31\nTags: a, b\n  c\n\nText: x\n").as_deref(),
            Some(r#"{"title":"This: that","date":"2024-01-31","tags":"a, b c"}"#)
        );
        assert_eq!(
            values("Title: A\r\nEmpty:\r\n\r\nText").as_deref(),
            Some(r#"{"title":"A","empty":""}"#)
        );
    }

    #[test]
    fn text_is_none() {
        for text in [
            "",
            "Title: alone\n",
            "Note: this\nand that\n",
            "Title: a\nsome text\n",
            "Date: 2024\nNote: x\n",
            "\nTitle: a\nDate: b\n",
            "https://example.org/\nTitle: x",
        ] {
            assert_eq!(values(text), None, "{text}");
        }
    }
}
