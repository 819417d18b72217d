//! MDX (<https://mdxjs.com/docs/what-is-mdx/>) without what is no Markdown in it: modules
//! (`import`, `export`), tags of components, and expressions in braces. What stands between the
//! tags of a component is Markdown, and stays.

use std::ops::Range;

use super::split;
use crate::diagnostic::{Diagnostic, Location};
use crate::document;

/// Bytes of an expression, of a tag, or of code within a line.
const LONGEST: usize = 4 << 10;

/// Bytes of a statement of a module that has blank lines in it.
const LONGEST_MODULE: usize = 16 << 10;

/// Signs that begin something without an end. After so many, none is looked for any more.
const MOST_UNENDED: usize = 64;

/// What is no Markdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Import,
    Export,
    Component,
    Expression,
}

/// The Markdown of a text.
#[derive(Debug)]
pub(super) struct Markdown {
    /// The text without the rest.
    pub(super) text: String,
    /// What was left out.
    removed: Vec<(Kind, Range<usize>)>,
}

/// Leaves out of a text what is no Markdown.
pub(super) fn markdown(text: &str) -> Markdown {
    let mut scanner = Scanner {
        source: text,
        at: 0,
        unended: 0,
        out: Markdown {
            text: String::with_capacity(text.len()),
            removed: Vec::new(),
        },
    };
    scanner.scan();
    scanner.out
}

/// What is left out of an article, once for each kind.
pub(super) fn lint(path: &str, bytes: &[u8]) -> Vec<Diagnostic> {
    let Ok(text) = split::decode(path, bytes) else {
        return Vec::new();
    };
    let start = document::split(text).map_or(0, |parts| parts.body);
    let removed = markdown(&text[start..]).removed;
    [
        Kind::Import,
        Kind::Export,
        Kind::Component,
        Kind::Expression,
    ]
    .into_iter()
    .filter_map(|kind| {
        let mut ranges = removed.iter().filter(|(other, _)| *other == kind);
        let (_, first) = ranges.next()?;
        let more = ranges.count();
        let place = Location::of_span(path, text, first.start + start..first.end + start);
        Some(kind.warning(&text[start..][first.clone()], more).at(place))
    })
    .collect()
}

impl Kind {
    fn warning(self, written: &str, more: usize) -> Diagnostic {
        let what = match self {
            Kind::Import => "`import` is JavaScript, and is left out".to_owned(),
            Kind::Export => "`export` is JavaScript, and is left out".to_owned(),
            Kind::Component => {
                let tag = name_of(written);
                format!("`{tag}` is a component and no Markdown: its tags are left out")
            }
            Kind::Expression => "`{…}` is JavaScript, and is left out".to_owned(),
        };
        let message = match more {
            0 => what,
            more => format!("{what}; there are {more} more of this kind in the file"),
        };
        Diagnostic::warning("mdx", message).help(match self {
            Kind::Component => {
                "what stands between its tags stays; write a picture, a link or an embed as \
                 Markdown or HTML"
            }
            _ => "write the text itself, or take it out",
        })
    }
}

/// `<Name>` of a tag.
fn name_of(tag: &str) -> String {
    let name = tag.trim_start_matches(['<', '/']);
    let end = name
        .find(|c: char| !c.is_alphanumeric() && !"._".contains(c))
        .unwrap_or(name.len());
    format!("<{}>", &name[..end])
}

struct Scanner<'t> {
    source: &'t str,
    at: usize,
    unended: usize,
    out: Markdown,
}

impl<'t> Scanner<'t> {
    fn rest(&self) -> &'t str {
        &self.source[self.at..]
    }

    fn copy(&mut self, length: usize) {
        self.out.text.push_str(&self.rest()[..length]);
        self.at += length;
    }

    fn remove(&mut self, kind: Kind, length: usize) {
        self.out.removed.push((kind, self.at..self.at + length));
        self.at += length;
    }

    fn scan(&mut self) {
        let mut after_blank = true;
        while self.at < self.source.len() {
            let line = self.line();
            if let Some(fence) = fence(line) {
                self.copy_block(fence);
            } else if let Some(kind) = module(line).filter(|_| after_blank) {
                let length = self.module_length();
                self.remove(kind, length);
                after_blank = true;
                continue;
            } else {
                self.scan_line();
            }
            after_blank = line.trim().is_empty();
        }
    }

    /// The line that begins here, with its end.
    fn line(&self) -> &'t str {
        let rest = self.rest();
        &rest[..rest.find('\n').map_or(rest.len(), |at| at + 1)]
    }

    /// Bytes of a statement: up to a blank line outside of braces, or to the first blank line if
    /// the braces never close.
    fn module_length(&mut self) -> usize {
        let (mut open, mut length) = (0_i64, 0);
        let mut first_blank = None;
        for line in self.rest().split_inclusive('\n') {
            if line.trim().is_empty() {
                first_blank.get_or_insert(length);
                if open <= 0 || length > LONGEST_MODULE || self.unended > MOST_UNENDED {
                    break;
                }
            }
            let count = |signs: &[char]| line.matches(signs).count();
            let opened = count(&['{', '(', '[']) as i64;
            open += opened - count(&['}', ')', ']']) as i64;
            length += line.len();
        }
        match (open > 0, first_blank) {
            (true, Some(first_blank)) => {
                self.unended += 1;
                first_blank
            }
            _ => length,
        }
    }

    /// Copies a block of code.
    fn copy_block(&mut self, fence: &str) {
        self.copy(self.line().len());
        while self.at < self.source.len() {
            let line = self.line();
            self.copy(line.len());
            let end = line.trim();
            let sign = &fence[..1];
            if end.starts_with(fence) && end.trim_start_matches(sign).is_empty() {
                return;
            }
        }
    }

    /// Goes to the end of a line, or of what begins in it.
    fn scan_line(&mut self) {
        while let Some(special) = self.rest().find(['\n', '\\', '`', '{', '<']) {
            self.copy(special);
            let rest = self.rest();
            let length = match rest.as_bytes()[0] {
                b'\n' => {
                    self.copy(1);
                    return;
                }
                b'\\' => {
                    let escaped = rest[1..].chars().next().filter(|c| *c != '\n');
                    self.copy(1 + escaped.map_or(0, char::len_utf8));
                    continue;
                }
                _ if self.unended > MOST_UNENDED => None,
                b'`' => {
                    let ticks = rest.len() - rest.trim_start_matches('`').len();
                    let code = self.ended(code_length(rest, ticks));
                    self.copy(code.unwrap_or(ticks));
                    continue;
                }
                b'{' => self
                    .ended(braces(rest))
                    .map(|length| (Kind::Expression, length)),
                _ if begins_component(rest) => self
                    .ended(tag_length(rest))
                    .map(|length| (Kind::Component, length)),
                _ => None,
            };
            match length {
                Some((Kind::Expression, length)) => self.remove_expression(length),
                Some((kind, length)) => self.remove(kind, length),
                None => self.copy(1),
            }
        }
        self.copy(self.rest().len());
    }

    /// Counts what has no end.
    fn ended(&mut self, length: Option<usize>) -> Option<usize> {
        self.unended += usize::from(length.is_none());
        length
    }

    /// Removes an expression. A text in quotes stands for itself, and a comment for nothing.
    fn remove_expression(&mut self, length: usize) {
        let inside = self.rest()[1..length - 1].trim();
        let quote = inside.chars().next().filter(|c| "\"'`".contains(*c));
        let text = quote.and_then(|quote| inside.strip_prefix(quote)?.strip_suffix(quote));
        match text.filter(|text| !text.contains(['\\', '"', '\'', '`', '$'])) {
            Some(text) => {
                self.out.text.push_str(text);
                self.at += length;
            }
            None if inside.starts_with("/*") && inside.ends_with("*/") => self.at += length,
            None => self.remove(Kind::Expression, length),
        }
    }
}

/// The signs that a block of code begins with.
fn fence(line: &str) -> Option<&str> {
    let text = line.trim_start();
    let sign = text.chars().next().filter(|c| "`~".contains(*c))?;
    let length = text.len() - text.trim_start_matches(sign).len();
    // What follows on backticks has none, or it would be code within a line.
    let is_fence = length >= 3 && (sign == '~' || !text[length..].contains('`'));
    is_fence.then(|| &text[..length])
}

/// Whether a line is a statement of a module, and not a sentence that begins with the word.
fn module(line: &str) -> Option<Kind> {
    let (kind, rest) = match (line.strip_prefix("import"), line.strip_prefix("export")) {
        (Some(rest), _) => (Kind::Import, rest),
        (_, Some(rest)) => (Kind::Export, rest),
        _ => return None,
    };
    let statement = rest.trim();
    let word = statement.split_whitespace().next().unwrap_or_default();
    let is_statement = match kind {
        Kind::Import => {
            statement.starts_with(['"', '\'', '{', '*']) || {
                let ends = statement.trim_end_matches(';').ends_with(['"', '\'']);
                ends && statement.contains(" from ")
            }
        }
        _ => {
            statement.starts_with(['{', '*'])
                || [
                    "default", "const", "let", "var", "function", "class", "async",
                ]
                .contains(&word)
        }
    };
    let is_word = rest.starts_with([' ', '\t', '{', '*', '"', '\'']);
    (is_word && is_statement).then_some(kind)
}

/// Bytes of code between backticks, within a paragraph.
fn code_length(text: &str, ticks: usize) -> Option<usize> {
    let near = &text[..text.floor_char_boundary(LONGEST)];
    let mut at = ticks;
    loop {
        let start = at + near.get(at..)?.find('`')?;
        if near[at..start].contains("\n\n") {
            return None;
        }
        let length = near.len() - start - near[start..].trim_start_matches('`').len();
        at = start + length;
        if length == ticks {
            return Some(at);
        }
    }
}

/// Bytes from a brace to the one that closes it; quoted ones do not count.
fn braces(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    let mut quote = None;
    let mut bytes = text.bytes().enumerate().take(LONGEST);
    while let Some((at, byte)) = bytes.next() {
        match (quote, byte) {
            (Some(_), b'\\') => drop(bytes.next()),
            (Some(sign), _) => quote = (sign != byte).then_some(sign),
            (None, b'"' | b'\'' | b'`') => quote = Some(byte),
            (None, b'{') => open += 1,
            (None, b'}') => open -= 1,
            _ => {}
        }
        if open == 0 {
            return Some(at + 1);
        }
    }
    None
}

/// Whether a `<` begins a tag of a component: its name has a capital letter or a dot, or there is
/// none.
fn begins_component(text: &str) -> bool {
    let tag = &text[1..];
    let tag = tag.strip_prefix('/').unwrap_or(tag);
    let end = tag
        .find(|c: char| !c.is_alphanumeric() && !"._$-".contains(c))
        .unwrap_or(tag.len());
    let (name, rest) = tag.split_at(end);
    match name.chars().next() {
        None => rest.starts_with('>'),
        Some(first) => {
            (first.is_uppercase() || (first.is_alphabetic() && name.contains('.')))
                && rest.starts_with([' ', '\t', '\r', '\n', '/', '>'])
        }
    }
}

/// Bytes of a tag; a `>` in quotes or braces does not end it.
fn tag_length(text: &str) -> Option<usize> {
    let mut at = 0;
    while at < LONGEST {
        let rest = text.get(at..)?;
        match *rest.as_bytes().first()? {
            b'>' => return Some(at + 1),
            b'{' => at += braces(rest)?,
            quote @ (b'"' | b'\'') => at += 2 + rest[1..].find(char::from(quote))?,
            _ => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn becomes(text: &str, wanted: &str) {
        assert_eq!(markdown(text).text, wanted, "{text}");
    }

    #[test]
    fn modules_and_components_go() {
        becomes(
            "import A from './a.js'\nimport {B} from \"b\";\n\n# T\n",
            "\n# T\n",
        );
        becomes(
            "export const meta = {\n  a: 1,\n\n  b: 2\n}\n\nText\n",
            "\nText\n",
        );
        becomes(
            "export default ({children}) => <Layout>{children}</Layout>\n\nText",
            "\nText",
        );
        becomes("<YouTube id=\"x > y\" />\n\nText", "\n\nText");
        becomes(
            "<Callout type={a > b ? '}' : 'c'}>\n\n*Text*\n\n</Callout>\n",
            "\n\n*Text*\n\n\n",
        );
        becomes("<>a</> <motion.div\n  x={1}\n>b</motion.div>", "a b");
        becomes("a{/* c */}b {props.x}c{\" \"}d {'e'}", "ab c d e");
    }

    #[test]
    fn markdown_stays() {
        for text in [
            "import duties rise.\n\nexport of chips falls.\n",
            "Text\nimport x from 'y'\n",
            "`<A>` and ``{`b`}``\n",
            "```js\nimport A from 'a'\n<B/> {c}\n```\n",
            "~~~~\n<B/>\n~~~\n{c}\n~~~~\n",
            "\\{a} \\<B>\n",
            "<div class=\"a\">b</div> <https://a.b> <A@b.c> a < B\n",
            "an { open brace, an <Open tag\n",
            "",
        ] {
            becomes(text, text);
        }
    }

    #[test]
    fn each_kind_is_reported_once() {
        let text =
            "---\r\ntitle: a\r\n---\r\n\r\nimport A from 'a'\r\n\r\n# T\r\n\r\n<A/> <B/>\r\n";
        let reported = lint("a.mdx", text.as_bytes());
        let reported: Vec<(usize, usize, &str)> = reported
            .iter()
            .map(|problem| {
                let place = problem.location.as_ref().unwrap();
                (place.line, place.column, problem.message.as_str())
            })
            .collect();
        assert_eq!(
            reported,
            [
                (5, 1, "`import` is JavaScript, and is left out"),
                (
                    9,
                    1,
                    "`<A>` is a component and no Markdown: its tags are left out; there are 1 \
                     more of this kind in the file"
                ),
            ]
        );
    }

    #[test]
    fn what_never_ends_takes_no_time() {
        for sign in ["{", "<A ", "` `` ", "{\"", "<A b={", "import {\n\n"] {
            let text = sign.repeat((1 << 20) / sign.len());
            assert!(markdown(&text).text.len() <= text.len());
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(
            text in "(import|export| |[{}<>/`~\\\\\"'A-Ba.é\r\n]|```|</|/>|from){0,40}",
        ) {
            let markdown = markdown(&text);
            let removed: usize = markdown.removed.iter().map(|(_, range)| range.len()).sum();
            proptest::prop_assert!(markdown.text.len() + removed <= text.len());
            lint("a.mdx", text.as_bytes());
        }
    }
}
