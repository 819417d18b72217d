//! `secured`: the field that is never read, and of which nothing is shown.

use std::borrow::Cow;
use std::ops::Range;

use super::text;
use crate::diagnostic::Diagnostic;
use crate::document::placed::{Kind, Placed};
use crate::document::{self, Format};

const NAME: &str = "secured";

/// Whether a field of this name is `secured`, in whatever case, and whatever cannot be seen in it.
pub(super) fn is_secured(name: &str) -> bool {
    name.eq_ignore_ascii_case(NAME)
        || (name.len() > NAME.len()
            && text::without_controls(name.to_owned())
                .trim()
                .eq_ignore_ascii_case(NAME))
}

/// Takes the lines that may belong to `secured` out of what is said about a file. What cannot be
/// read has no fields, so this goes by lines there, and would rather take one too many.
pub(super) fn hide(bytes: &[u8], problems: &mut [Diagnostic]) {
    let located = |problem: &Diagnostic| {
        let location = problem.location.as_ref();
        location.is_some_and(|location| location.line > 0)
    };
    if !problems.iter().any(located) {
        return;
    }
    let hidden = hidden_lines(&String::from_utf8_lossy(bytes));
    for location in problems
        .iter_mut()
        .filter_map(|problem| problem.location.as_mut())
    {
        let line = location.line.checked_sub(1);
        if line.is_some_and(|line| hidden.get(line) == Some(&true)) || names(&location.text) {
            location.text = "…".to_owned();
        }
    }
}

/// The lines of a file that may belong to a field `secured`.
pub fn secured_lines(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let hidden = hidden_lines(&text);
    let lines = text.lines().zip(hidden);
    let lines = lines.filter(|(line, is_hidden)| *is_hidden || names(line));
    lines.map(|(line, _)| line.trim_end().to_owned()).collect()
}

/// For each line whether it may belong to `secured`.
fn hidden_lines(text: &str) -> Vec<bool> {
    match document::split(text) {
        Ok(parts) if parts.format != Format::Yaml => {
            let matter = &text[parts.matter.clone()];
            let hidden = match document::read_placed(parts.format, matter) {
                Ok(root) => ranges(&root),
                // Nobody knows where a value ends.
                Err(_) => from_name(matter).into_iter().collect(),
            };
            let start = parts.matter.start;
            let moved = |range: &Range<usize>| range.start + start..range.end + start;
            touched_lines(text, hidden.iter().map(moved).collect())
        }
        _ => hidden_lines_of_yaml(text),
    }
}

/// For each line whether one of the ranges has a part of it.
fn touched_lines(text: &str, mut ranges: Vec<Range<usize>>) -> Vec<bool> {
    ranges.sort_unstable_by_key(|range| range.start);
    let mut ranges = ranges.into_iter().peekable();
    let (mut start, mut hidden_to) = (0, 0);
    text.split_inclusive('\n')
        .map(|line| {
            let end = start + line.len();
            while let Some(range) = ranges.next_if(|range| range.start < end) {
                hidden_to = hidden_to.max(range.end);
            }
            let is_touched = hidden_to > start;
            start = end;
            is_touched
        })
        .collect()
}

/// Where the fields of that name stand in TOML or JSON, with their values.
fn ranges(value: &Placed<'_>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for field in value.fields() {
        if is_secured(&field.name) {
            found.push(field.name_range.start..end(&field.value).max(field.name_range.end));
        } else {
            found.extend(ranges(&field.value));
        }
    }
    if let Kind::List(items) = &value.kind {
        found.extend(items.iter().flat_map(ranges));
    }
    found
}

/// Where a value ends; a table of TOML goes on below its header.
fn end(value: &Placed<'_>) -> usize {
    let fields = value.fields().iter().map(|field| end(&field.value));
    let items = match &value.kind {
        Kind::List(items) => items.as_slice(),
        _ => &[],
    };
    let inside = fields.chain(items.iter().map(end)).max();
    value.range.end.max(inside.unwrap_or_default())
}

/// All from the first line on that names the field.
fn from_name(matter: &str) -> Option<Range<usize>> {
    let mut start = 0;
    for line in matter.split_inclusive('\n') {
        if names(line) {
            return Some(start..matter.len());
        }
        start += line.len();
    }
    None
}

/// For each line whether it may belong to `secured`: from one that names the field up to the next
/// field at the top of the file, but for what stands in open quotes and brackets.
fn hidden_lines_of_yaml(text: &str) -> Vec<bool> {
    let indent = indentation(text);
    let mut value: Option<Open> = None;
    let mut hidden = Vec::new();
    for line in text.lines() {
        if value.as_ref().is_some_and(Open::is_closed) && begins_field(line, indent) {
            value = None;
        }
        let named = names(line);
        match &mut value {
            Some(open) => open.read(line),
            None if named => {
                let open = value.insert(Open::default());
                let key = line.to_ascii_lowercase().find(NAME).unwrap_or(0);
                let colon = line[key..].find(':').map_or(line.len(), |at| key + at + 1);
                open.read(&line[colon..]);
            }
            None => {}
        }
        hidden.push(value.is_some());
    }
    hidden
}

/// The fewest spaces that a line of a front matter begins with.
fn indentation(text: &str) -> usize {
    let is_fence = |line: &&str| line.starts_with("---") || line.starts_with("...");
    let rest = text.strip_prefix("---").unwrap_or(text);
    let lines = rest.lines().take_while(|line| !is_fence(line));
    let lines = lines.filter(|line| !line.trim().is_empty());
    let spaces = lines.map(|line| line.len() - line.trim_start().len());
    spaces.min().unwrap_or_default()
}

/// What of a value is open at the end of a line.
#[derive(Default)]
struct Open {
    quote: Option<char>,
    brackets: usize,
}

impl Open {
    fn is_closed(&self) -> bool {
        self.quote.is_none() && self.brackets == 0
    }

    fn read(&mut self, line: &str) {
        let mut before = ' ';
        let mut chars = line.chars();
        while let Some(c) = chars.next() {
            match (self.quote, c) {
                (Some('"'), '\\') => drop(chars.next()),
                (Some(quote), _) if c == quote => self.quote = None,
                (Some(_), _) => {}
                // A quote inside a word is no quote to YAML.
                (None, '"' | '\'') if before.is_whitespace() || "[{,:".contains(before) => {
                    self.quote = Some(c);
                }
                (None, '[' | '{') => self.brackets += 1,
                (None, ']' | '}') => self.brackets = self.brackets.saturating_sub(1),
                _ => {}
            }
            before = c;
        }
    }
}

/// Whether a line begins a field at the top of a front matter that is indented by so many spaces,
/// or ends the front matter.
fn begins_field(line: &str, indent: usize) -> bool {
    let field = line.get(indent..).unwrap_or_default();
    let name = field.trim_start_matches(['"', '\'']);
    let starts_well = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let has_colon = name.match_indices(':').any(|(at, _)| {
        matches!(
            name[at + 1..].chars().next(),
            None | Some(' ' | '\t' | '\r')
        )
    });
    line.starts_with("---") || (starts_well && has_colon)
}

/// Whether the word stands in a line, however it is written.
fn names(line: &str) -> bool {
    let line = text::without_controls(unescape(line).into_owned());
    line.to_ascii_lowercase().contains(NAME)
}

/// A line without the escapes of YAML that name a character by its number (section 5.7).
fn unescape(line: &str) -> Cow<'_, str> {
    if !line.contains('\\') {
        return Cow::Borrowed(line);
    }
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find('\\') {
        plain.push_str(&rest[..at]);
        let escape = &rest[at + 1..];
        let digits = match escape.chars().next() {
            Some('x') => 2,
            Some('u') => 4,
            Some('U') => 8,
            _ => 0,
        };
        let number = escape.get(1..=digits).filter(|_| digits > 0);
        let number = number.and_then(|number| u32::from_str_radix(number, 16).ok());
        match number.and_then(char::from_u32) {
            Some(c) => {
                plain.push(c);
                rest = &escape[digits + 1..];
            }
            None => {
                plain.push('\\');
                rest = escape;
            }
        }
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::diagnostic::Location;

    /// The lines that are shown.
    fn shown(text: &str) -> Vec<&str> {
        let lines = text.lines().zip(hidden_lines(text));
        lines
            .filter(|(_, hidden)| !hidden)
            .map(|(line, _)| line)
            .collect()
    }

    #[test]
    fn a_field_is_hidden_with_all_its_lines() {
        for secured in [
            "secured: SECRET",
            "Secured : SECRET",
            "\"secured\": SECRET",
            "'SECURED': 'SECRET\n\n  title: SECRET'",
            "secured: \"SECRET\n  title: SECRET\ntitle: SECRET \\\" \"",
            "secured:\n  SECRET\n  more: SECRET",
            "secured:\n- SECRET\n- a: SECRET",
            "secured: |\n  SECRET\n\n  a: SECRET",
            "secured: [\nSECRET: 1,\n{ a: SECRET }\n]",
            "a: { b: 1, secured: SECRET }",
            "a: { b: 1,\n  secured: SECRET,\nc: \"SECRET\" }".trim_end_matches("c: \"SECRET\" }"),
            "? secured\n: SECRET",
            "!!str secured: SECRET",
            "&a secured: SECRET",
            "\"\\x73ecured\": SECRET",
            "\"\\u0073\\U00000065cured\": SECRET",
            "\"sec\\u0007ured\": SECRET",
        ] {
            let text = format!("---\ntitle: a\n{secured}\nheat: 1\n---\n");
            assert!(!shown(&text).concat().contains("SECRET"), "{text}");
            assert!(shown(&text).contains(&"title: a"), "{text}");
        }
    }

    #[test]
    fn the_next_field_is_shown() {
        for secured in [
            "secured: x",
            "secured: it's \"x\"",
            "a:\n  secured: 'x'",
            "secured: [x]",
        ] {
            let text = format!("---\ntitle: a\n{secured}\nheat: 1\n---\n");
            assert!(shown(&text).ends_with(&["heat: 1", "---"]), "{text}");
        }
        let indented = "---\n  title: a\n  secured: |\n    a: SECRET\n  heat: 1\n---\n";
        assert_eq!(shown(indented), ["---", "  title: a", "  heat: 1", "---"]);
        for start in ["---\n  # a\na: b", "a:\n  b: c", "---\n  a: b\nc: d"] {
            let text = format!("{start}\nsecured: |\n  b: SECRET\n");
            assert!(!shown(&text).concat().contains("SECRET"), "{text}");
        }
        assert!(
            !shown("secured: \"SECRET\na: SECRET\n---\n")
                .concat()
                .contains("SECRET")
        );
    }

    #[test]
    fn a_field_is_hidden_in_every_format() {
        for secured in [
            "secured = \"SECRET\"",
            "'Secured' = [\n  'SECRET',\n  'SECRET',\n]",
            "secured = \"\"\"\nSECRET\ntitle = 'SECRET'\n\"\"\"",
            "\"\\u0073ecured\" = '''\nSECRET'''",
            "a = { secured = 'SECRET' }",
        ] {
            let text = format!("+++\ntitle = 'a'\n{secured}\nheat = 1\n+++\n");
            assert_eq!(
                shown(&text),
                ["+++", "title = 'a'", "heat = 1", "+++"],
                "{text}"
            );
            let broken = format!("+++\ntitle = 'a'\n{secured}\nheat = x\n+++\n");
            assert_eq!(shown(&broken), ["+++", "title = 'a'", "+++"], "{text}");
        }
        let table = "+++\na = 1\n[secured]\n# SECRET\nb = 'SECRET'\n[c]\nd = 1\n+++\n";
        assert_eq!(shown(table), ["+++", "a = 1", "[c]", "d = 1", "+++"]);
        for secured in [
            "\"secured\": \"SECRET\"",
            "\"\\u0073ecured\":\n [\n\"SECRET\"\n ]",
        ] {
            let text = format!("{{\n\"title\": 1,\n{secured},\n\"heat\": 1\n}}\nText\n");
            let rest = ["{", "\"title\": 1,", "\"heat\": 1", "}", "Text"];
            assert_eq!(shown(&text), rest, "{text}");
            let broken = format!("{{\n\"title\": 1,\n{secured},\n\"heat\": x\n}}\nText\n");
            assert_eq!(shown(&broken), ["{", "\"title\": 1,", "Text"], "{text}");
        }
    }

    #[test]
    fn what_is_said_has_no_line_of_it() {
        let text = "a: 1\r\nsecured: \"SECRET\r\n";
        let at = |line| Diagnostic::error("x", "m").at(Location::at("a.md", text, line, 1));
        let mut problems = vec![at(1), at(2), Diagnostic::error("x", "m")];
        hide(text.as_bytes(), &mut problems);
        let shown = |number: usize| problems[number].to_text(false);
        assert!(shown(0).contains("a: 1"));
        assert!(
            shown(1).contains("a.md:2:1") && !shown(1).contains("SECRET"),
            "{}",
            shown(1)
        );
    }

    #[test]
    fn names_of_the_field() {
        for name in [
            "secured",
            "SECURED",
            " secured",
            "sec\u{7}ured",
            "\u{202e}secured",
        ] {
            assert!(is_secured(name), "{name:?}");
        }
        for name in ["secure", "securedness", "un-secured", ""] {
            assert!(!is_secured(name), "{name:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(
            text in "(---\n|[+]{3}\n|[{]\")?\
                     (secured|[+]{3}|=|[\\\\xuU\"'\\[{:,é \n]|[0-9]{1,4}){0,30}",
        ) {
            prop_assert_eq!(hidden_lines(&text).len(), text.lines().count());
        }
    }
}
