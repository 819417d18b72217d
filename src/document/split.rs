//! A file in three parts: what stands before its front matter, the front matter, and the rest.

use std::ops::Range;

use super::{DocumentError, Format, headers};

/// Where the front matter stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parts {
    /// The format of the front matter.
    pub(crate) format: Format,
    /// Its lines without the fences. For JSON without fences, the object with its braces.
    pub(crate) matter: Range<usize>,
    /// What follows the line of the fence that ends it.
    pub(crate) body: usize,
    /// The line that begins it; empty for JSON without fences.
    pub(crate) opening: &'static str,
    /// The fence that ends it; none for JSON without fences.
    pub(crate) closing: Option<&'static str>,
}

/// Lines that begin a front matter, its format, and lines that end it.
const FENCES: [(&str, Format, &[&str]); 6] = [
    ("---", Format::Yaml, &["---", "..."]),
    ("+++", Format::Toml, &["+++"]),
    (";;;", Format::Json, &[";;;"]),
    ("---yaml", Format::Yaml, &["---", "..."]),
    ("---toml", Format::Toml, &["---"]),
    ("---json", Format::Json, &["---"]),
];

/// Finds the front matter of a text: YAML between lines `---` (or up to `...`, the end of a
/// document in YAML), TOML between lines `+++`, JSON between lines `;;;` or in braces at the start
/// of the file, as Hugo has it, or any of them between `---toml` and `---`, as Eleventy has it.
///
/// # Errors
/// When there is none, or it has no end.
pub(crate) fn split(text: &str) -> Result<Parts, DocumentError> {
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut lines = text[start..].split_inclusive('\n');
    let first = lines.next().unwrap_or_default();
    let first_line = first.trim_end();
    let known = FENCES.iter().find(|(fence, _, _)| *fence == first_line);
    let Some(&(opening, format, fences)) = known else {
        return braces(text, start);
    };
    let matter = start + first.len();
    let mut end = matter;
    for line in lines {
        let closing = fences.iter().find(|fence| line.trim_end() == **fence);
        if closing.is_some() {
            return Ok(Parts {
                format,
                matter: matter..end,
                body: end + line.len(),
                opening,
                closing: closing.copied(),
            });
        }
        end += line.len();
    }
    Err(DocumentError::NoEnd)
}

/// JSON in braces at the start of a text. A brace alone is none: templates begin with `{{` and
/// `{%`.
fn braces(text: &str, start: usize) -> Result<Parts, DocumentError> {
    let rest = &text[start..];
    let inside = rest.strip_prefix('{').map(str::trim_start);
    if !inside.is_some_and(|inside| inside.starts_with(['"', '}'])) {
        return header_lines(text, start);
    }
    let length = length_of_object(rest).ok_or(DocumentError::NoEnd)?;
    let line = rest[length..]
        .find('\n')
        .map_or(rest.len(), |at| length + at + 1);
    let is_alone = rest[length..line].trim().is_empty();
    Ok(Parts {
        format: Format::Json,
        matter: start..start + length,
        body: start + if is_alone { line } else { length },
        opening: "",
        closing: None,
    })
}

/// Lines `Name: value` up to the first blank line.
fn header_lines(text: &str, start: usize) -> Result<Parts, DocumentError> {
    let lines = headers::find(&text[start..]).ok_or(DocumentError::NoFrontMatter)?;
    let end = start + lines.end;
    Ok(Parts {
        format: Format::Headers,
        matter: start..end,
        body: end,
        opening: "",
        closing: None,
    })
}

/// Bytes up to the brace that closes the first one; quoted braces do not count.
fn length_of_object(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut is_quoted = false;
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' if is_quoted => drop(bytes.next()),
            b'"' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && !is_quoted {
            return Some(at + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Format, front matter and body.
    fn parts(text: &str) -> Result<(Format, &str, &str), DocumentError> {
        let parts = split(text)?;
        Ok((parts.format, &text[parts.matter], &text[parts.body..]))
    }

    #[test]
    fn every_format_has_its_fences() {
        let (yaml, toml, json) = (Format::Yaml, Format::Toml, Format::Json);
        for (text, format, matter, body) in [
            ("---\na: 1\n---\nT", yaml, "a: 1\n", "T"),
            ("\u{feff}---\r\na: 1\r\n---\r\nT", yaml, "a: 1\r\n", "T"),
            ("---\na: 1\n...\nT\n---\n", yaml, "a: 1\n", "T\n---\n"),
            ("---yaml\na: 1\n---\nT", yaml, "a: 1\n", "T"),
            ("+++ \na = 1\n+++\nT", toml, "a = 1\n", "T"),
            (
                "+++\na = '''\n---\n'''\n+++",
                toml,
                "a = '''\n---\n'''\n",
                "",
            ),
            ("---toml\na = 1\n---\nT", toml, "a = 1\n", "T"),
            (";;;\n\"a\": 1\n;;;\nT", json, "\"a\": 1\n", "T"),
            ("---json\n{}\n---\nT", json, "{}\n", "T"),
            ("{\"a\": \"}\\\"}\"}\nT", json, "{\"a\": \"}\\\"}\"}", "T"),
            (
                "{\n  \"a\": [{}]\n}  \n\nT",
                json,
                "{\n  \"a\": [{}]\n}",
                "\nT",
            ),
            ("{}", json, "{}", ""),
            ("{} T", json, "{}", " T"),
        ] {
            assert_eq!(parts(text), Ok((format, matter, body)), "{text}");
        }
    }

    #[test]
    fn what_is_none_is_none() {
        for text in [
            "",
            "Text",
            "{{< x >}}",
            "{% x %}",
            "{",
            "{ a",
            " ---\n---\n",
            "----\n",
        ] {
            assert_eq!(parts(text), Err(DocumentError::NoFrontMatter), "{text}");
        }
        for text in [
            "---\na: 1\n",
            "+++\na = 1\n---\n",
            "{\"a\": \"}\n",
            "{\"a\": [}\n",
            "---",
        ] {
            assert_eq!(parts(text), Err(DocumentError::NoEnd), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(
            text in "(---|[+]{3}|;;;|[.]{3}|[{}\\[\\]\"\\\\é \n\r]|toml|json){0,20}",
        ) {
            if let Ok(parts) = split(&text) {
                let matter = &text[parts.matter.clone()];
                proptest::prop_assert!(parts.matter.end <= parts.body);
                proptest::prop_assert!(matter.len() <= text.len());
                proptest::prop_assert!(text.is_char_boundary(parts.body));
            }
        }
    }
}
