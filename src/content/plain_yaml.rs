//! A reader for the plain part of YAML 1.2 (<https://yaml.org/spec/1.2.2/>) that a front matter is
//! nearly always written in: block mappings and sequences, one line for each scalar. It takes a
//! tenth of the time of the complete parser, which is half of all the work on an article.
//!
//! It only ever says "this is what it means" or "I do not know": anything else than the forms
//! below, and any mistake, goes to the complete parser. What it does read means the same to both,
//! and tests hold the two against each other.

use std::borrow::Cow;
use std::fmt;
use std::vec::IntoIter;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::front_matter::Shape;

/// Blocks inside blocks that it follows.
const DEEPEST: usize = 16;

/// Reads a front matter, if it is plain and fits the type.
pub(super) fn read<S: Shape>(matter: &str, shape: &S) -> Option<S::Value> {
    let mut reader = EventReader {
        events: scan(matter)?.into_iter(),
    };
    shape.read(&mut reader).ok()
}

/// A step of the way through a document. A mapping is followed by key, value, key, value, …, `End`.
#[derive(Clone, Debug, PartialEq)]
enum Event<'a> {
    Mapping,
    Sequence,
    End,
    Null,
    Bool(bool),
    Natural(u64),
    Negative(i64),
    Text(Cow<'a, str>),
}

fn scan(matter: &str) -> Option<Vec<Event<'_>>> {
    if has_special_characters(matter) {
        return None;
    }
    let mut scanner = Scanner {
        rest: matter,
        line: None,
        events: Vec::with_capacity(128),
    };
    scanner.advance();
    let first = scanner.line?;
    scanner.mapping(first.indent, 0)?;
    scanner.line.is_none().then_some(scanner.events)
}

/// Whether there are control characters, line ends other than LF, or others that YAML treats in its
/// own way (§ 5.1, § 5.4).
fn has_special_characters(text: &str) -> bool {
    let suspicious =
        |byte: u8| (byte < b' ' && byte != b'\n') || matches!(byte, 0x7f | 0xc2 | 0xe2 | 0xef);
    text.bytes().any(suspicious)
        && text.chars().any(|c| {
            (c.is_control() && c != '\n')
                || matches!(
                    c,
                    '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
                )
        })
}

#[derive(Clone, Copy)]
struct Line<'a> {
    indent: usize,
    /// Without spaces around it; never empty.
    text: &'a str,
}

struct Scanner<'a> {
    rest: &'a str,
    line: Option<Line<'a>>,
    events: Vec<Event<'a>>,
}

impl<'a> Scanner<'a> {
    /// Goes to the next line that is not blank.
    fn advance(&mut self) {
        self.line = None;
        while self.line.is_none() && !self.rest.is_empty() {
            let (line, rest) = self.rest.split_once('\n').unwrap_or((self.rest, ""));
            self.rest = rest;
            let text = line.trim_start_matches(' ');
            let indent = line.len() - text.len();
            let text = text.trim_end_matches(' ');
            self.line = (!text.is_empty()).then_some(Line { indent, text });
        }
    }

    /// A mapping whose keys stand in this column. A line that belongs to an outer block ends it;
    /// one that is further in continues a scalar, which is not plain.
    fn mapping(&mut self, indent: usize, depth: usize) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        self.events.push(Event::Mapping);
        while let Some(line) = self.line.filter(|line| line.indent >= indent) {
            if line.indent > indent {
                return None;
            }
            let (key, value) = entry(line.text)?;
            self.events.push(Event::Text(Cow::Borrowed(key)));
            self.advance();
            match value {
                "" => self.block_value(indent, depth)?,
                _ => self.scalar(value)?,
            }
        }
        self.events.push(Event::End);
        Some(())
    }

    /// What follows a key without a value on its line.
    fn block_value(&mut self, indent: usize, depth: usize) -> Option<()> {
        match self.line {
            Some(line) if line.indent >= indent && line.text.starts_with("- ") => {
                self.sequence(line.indent, depth + 1)
            }
            Some(line) if line.indent > indent => self.mapping(line.indent, depth + 1),
            _ => {
                self.events.push(Event::Null);
                Some(())
            }
        }
    }

    fn sequence(&mut self, indent: usize, depth: usize) -> Option<()> {
        self.events.push(Event::Sequence);
        while let Some(line) = self.line.filter(|line| line.indent == indent) {
            let Some(rest) = line.text.strip_prefix("- ") else {
                break;
            };
            let item = rest.trim_start_matches(' ');
            if entry(item).is_some() {
                let indent = indent + line.text.len() - item.len();
                self.line = Some(Line { indent, text: item });
                self.mapping(indent, depth + 1)?;
            } else {
                self.advance();
                self.scalar(item)?;
            }
        }
        self.events.push(Event::End);
        Some(())
    }

    fn scalar(&mut self, value: &'a str) -> Option<()> {
        let event = match value.as_bytes()[0] {
            b'"' => Event::Text(double_quoted(&value[1..])?),
            b'\'' => Event::Text(single_quoted(&value[1..])?),
            b'[' => return self.flow_sequence(value),
            _ => plain(value)?,
        };
        self.events.push(event);
        Some(())
    }

    /// `[a, "b", 3]` on one line.
    fn flow_sequence(&mut self, value: &'a str) -> Option<()> {
        let inner = value
            .strip_prefix('[')?
            .strip_suffix(']')?
            .trim_matches(' ');
        self.events.push(Event::Sequence);
        for item in inner.split(',').filter(|_| !inner.is_empty()) {
            let item = item.trim_matches(' ');
            let event = match item.strip_prefix('"') {
                Some(rest) => Event::Text(double_quoted(rest)?),
                None if item
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b" .-_".contains(&byte)) =>
                {
                    plain(item)?
                }
                None => return None,
            };
            self.events.push(event);
        }
        self.events.push(Event::End);
        Some(())
    }
}

/// `key: value` or `key:`.
fn entry(line: &str) -> Option<(&str, &str)> {
    let end = line
        .bytes()
        .position(|byte| !byte.is_ascii_alphanumeric() && byte != b'_')?;
    let (key, rest) = line.split_at(end);
    let value = rest.strip_prefix(':')?;
    let starts_well =
        key.len() < 100 && key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let separated = value.is_empty() || value.starts_with(' ');
    (starts_well && separated && !is_reserved(key)).then(|| (key, value.trim_start_matches(' ')))
}

/// Words that mean something else than text, in this version of YAML or another.
fn is_reserved(word: &str) -> bool {
    const RESERVED: &[&str] = &[
        "y", "n", "no", "on", "inf", "nan", "off", "yes", "null", "true", "false", "infinity",
    ];
    word.len() <= 8
        && RESERVED
            .iter()
            .any(|reserved| reserved.eq_ignore_ascii_case(word))
}

/// A scalar without quotes.
fn plain(value: &str) -> Option<Event<'_>> {
    let first = value.bytes().next()?;
    if value == "true" || value == "false" {
        return Some(Event::Bool(value == "true"));
    }
    if first.is_ascii_digit() || first == b'-' {
        return number(value)
            .or_else(|| is_date(value).then_some(Event::Text(Cow::Borrowed(value))));
    }
    let is_text = (first.is_ascii_alphabetic() || !first.is_ascii())
        && !value.ends_with(':')
        && !value.contains(": ")
        && !value.contains(" #")
        && !is_reserved(value);
    is_text.then_some(Event::Text(Cow::Borrowed(value)))
}

/// Decimal digits without a leading zero.
fn number(value: &str) -> Option<Event<'_>> {
    let digits = value.strip_prefix('-').unwrap_or(value);
    let is_decimal = (1..=18).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && (digits == value || digits != "0")
        && (digits == "0" || !digits.starts_with('0'));
    match is_decimal {
        true if digits == value => value.parse().ok().map(Event::Natural),
        true => value.parse().ok().map(Event::Negative),
        false => None,
    }
}

/// `2026-11-21`, with or without a time: text, to YAML.
fn is_date(value: &str) -> bool {
    let bytes = value.as_bytes();
    bytes.len() >= 10
        && bytes[..10].iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
        && bytes[10..]
            .iter()
            .all(|byte| byte.is_ascii_digit() || b"TZ.+-".contains(byte) || *byte == b':')
        && !value.ends_with(':')
}

/// What follows an opening `"`, up to a closing one that ends the line (§ 7.3.1).
fn double_quoted(rest: &str) -> Option<Cow<'_, str>> {
    let end = rest.find(['"', '\\'])?;
    if rest.as_bytes()[end] == b'"' {
        return (end + 1 == rest.len()).then(|| Cow::Borrowed(&rest[..end]));
    }
    let mut text = String::with_capacity(rest.len());
    let mut left = rest;
    loop {
        let at = left.find(['"', '\\'])?;
        text.push_str(&left[..at]);
        left = &left[at..];
        let Some(escaped) = left.strip_prefix('\\') else {
            return (left.len() == 1).then_some(Cow::Owned(text));
        };
        let (c, length) = escape(escaped)?;
        text.push(c);
        left = &escaped[length..];
    }
}

/// The character that an escape stands for, and the length of the escape without the backslash.
fn escape(escaped: &str) -> Option<(char, usize)> {
    Some(match escaped.as_bytes().first()? {
        b'n' => ('\n', 1),
        b't' => ('\t', 1),
        b'r' => ('\r', 1),
        b'"' => ('"', 1),
        b'\\' => ('\\', 1),
        b'/' => ('/', 1),
        b'u' => {
            let digits = escaped
                .get(1..5)
                .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
            (char::from_u32(u32::from_str_radix(digits, 16).ok()?)?, 5)
        }
        _ => return None,
    })
}

/// What follows an opening `'`, up to a closing one that ends the line; `''` stands for one (§
/// 7.3.2).
fn single_quoted(rest: &str) -> Option<Cow<'_, str>> {
    let inner = rest.strip_suffix('\'')?;
    if !inner.contains('\'') {
        return Some(Cow::Borrowed(inner));
    }
    (!inner.replace("''", "").contains('\'')).then(|| Cow::Owned(inner.replace("''", "'")))
}

/// Hands the events on to serde.
struct EventReader<'a> {
    events: IntoIter<Event<'a>>,
}

/// The complete parser will say what is wrong.
#[derive(Debug)]
struct NotPlain;

impl fmt::Display for NotPlain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not plain")
    }
}

impl std::error::Error for NotPlain {}

impl de::Error for NotPlain {
    fn custom<T: fmt::Display>(_: T) -> Self {
        NotPlain
    }
}

impl<'a> EventReader<'a> {
    fn peek(&self) -> Option<&Event<'a>> {
        self.events.as_slice().first()
    }

    /// Drops the `End` of the block that is open, if that is what comes.
    fn at_end(&mut self) -> bool {
        self.peek() == Some(&Event::End) && self.events.next().is_some()
    }

    fn skip_value(&mut self) {
        let mut open = 0_usize;
        for event in self.events.by_ref() {
            match event {
                Event::Mapping | Event::Sequence => open += 1,
                Event::End => open -= 1,
                _ => {}
            }
            if open == 0 {
                return;
            }
        }
    }
}

impl<'de> Deserializer<'de> for &mut EventReader<'de> {
    type Error = NotPlain;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotPlain> {
        match self.events.next().ok_or(NotPlain)? {
            Event::Mapping => visitor.visit_map(self),
            Event::Sequence => visitor.visit_seq(self),
            Event::End => Err(NotPlain),
            Event::Null => visitor.visit_unit(),
            Event::Bool(yes) => visitor.visit_bool(yes),
            Event::Natural(number) => visitor.visit_u64(number),
            Event::Negative(number) => visitor.visit_i64(number),
            Event::Text(Cow::Borrowed(text)) => visitor.visit_borrowed_str(text),
            Event::Text(Cow::Owned(text)) => visitor.visit_string(text),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotPlain> {
        if self.peek() == Some(&Event::Null) {
            self.events.next();
            return visitor.visit_none();
        }
        visitor.visit_some(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, NotPlain> {
        // A derived struct would take a sequence as well; the complete parser does not let it.
        match self.peek() {
            Some(Event::Mapping) => self.deserialize_any(visitor),
            _ => Err(NotPlain),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotPlain> {
        self.skip_value();
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct newtype_struct seq tuple tuple_struct map enum identifier
    }
}

impl<'a> MapAccess<'a> for EventReader<'a> {
    type Error = NotPlain;

    fn next_key_seed<K: DeserializeSeed<'a>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, NotPlain> {
        if self.at_end() {
            Ok(None)
        } else {
            seed.deserialize(self).map(Some)
        }
    }

    fn next_value_seed<V: DeserializeSeed<'a>>(&mut self, seed: V) -> Result<V::Value, NotPlain> {
        seed.deserialize(self)
    }
}

impl<'a> SeqAccess<'a> for EventReader<'a> {
    type Error = NotPlain;

    fn next_element_seed<T: DeserializeSeed<'a>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, NotPlain> {
        if self.at_end() {
            Ok(None)
        } else {
            seed.deserialize(self).map(Some)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_yaml::Value;

    use std::marker::PhantomData;

    use super::*;
    use crate::content::front_matter::ArticleFields;

    /// What is read must be what the complete parser reads. Tells whether it was read.
    fn agrees(matter: &str) -> bool {
        let value = read(matter, &PhantomData::<Value>);
        if let Some(value) = &value {
            let complete: Value =
                serde_yaml::from_str(matter).unwrap_or_else(|error| panic!("{error}\n{matter}"));
            assert_eq!(*value, complete, "\n{matter}");
        }
        let fields = read(matter, &PhantomData::<ArticleFields>);
        if let Some(fields) = &fields {
            let complete: ArticleFields =
                serde_yaml::from_str(matter).unwrap_or_else(|error| panic!("{error}\n{matter}"));
            assert_eq!(format!("{fields:?}"), format!("{complete:?}"), "\n{matter}");
        }
        value.is_some()
    }

    #[test]
    fn the_usual_forms_are_read() {
        for matter in [
            "title: \"A \\\"quoted\\\" \\u2019 title\"\nquality: 76\nheat: -1\npublished: true",
            "publishedDateTime: 2026-11-21T09:30:00Z\nupdatedDateTime: 2026-11-21\nexcerpt: Plain \
             – text, with:colons:x",
            "topics:\n  - AI\n  - \"Machine Learning\"\ntags:\n- a\n- 'it''s'\nkind:",
            "topics: [AI, \"Machine Learning\", 3]\ntags: []",
            concat!(
                "provider:\n  name: X\n  images:\n",
                "    - url: \"https://a.b/c?d&e\"\n      width: 50\n    -   url: x\n",
            ),
            "related:\n\n  - title: a\n    provider:\n      name: b\n\n  - title: c",
            "images:\n  - url: a\n    width: 1\ntitle: b\nextra:\n  - c: [1, d]\nquality: 2",
        ] {
            assert!(agrees(matter), "{matter}");
            assert!(
                read(matter, &PhantomData::<ArticleFields>).is_some(),
                "{matter}"
            );
        }
    }

    #[test]
    fn lists_beyond_their_budget_are_read_to_their_end() {
        for count in [49, 50, 51, 300] {
            let list = "  - url: a\n".repeat(count);
            let matter = format!("images:\n{list}related:\n{list}title: b");
            assert!(agrees(&matter));
            let fields = read(&matter, &PhantomData::<ArticleFields>).unwrap();
            let (images, related) = (fields.images.unwrap(), fields.related.unwrap());
            assert_eq!((images.of, images.items.len()), (count, count.min(50)));
            assert_eq!((related.of, related.items.len()), (count, count.min(50)));
            assert!(fields.title.is_some());
        }
    }

    #[test]
    fn other_forms_are_left_to_the_complete_parser() {
        for matter in [
            "",
            "title: a\n  continued",
            "title: \"a\n  b\"",
            "title: |\n  a",
            "title: &a b\nexcerpt: *a",
            "title: a # comment",
            "# comment\ntitle: a",
            "title: a: b",
            "title: a:",
            "title:\tb",
            "a:\r\n  b: c",
            "a: \"b\" c",
            "a: 'b' 'c'",
            "a: [b, [c]]",
            "a: {b: c}",
            "a:\n  - - b",
            "a:\n  -\n    b: c",
            "a:\n    b: c\n  d: e",
            "\"a\": b",
            "? a\n: b",
            "a: \u{85}b",
            "a: \"\\ud83d\\ude00\"",
        ] {
            assert!(!agrees(matter), "{matter}");
        }
        for scalar in "yes NULL ~ 0x10 007 1.5 .inf -0 99999999999999999999 12:30".split(' ') {
            assert!(!agrees(&format!("a: {scalar}")), "{scalar}");
        }
        assert!(read("title: a\ntitle: b", &PhantomData::<ArticleFields>).is_none());
        assert!(read("quality: high", &PhantomData::<ArticleFields>).is_none());
        assert!(read("provider:\n  - a\n  - b", &PhantomData::<ArticleFields>).is_none());
    }

    fn line() -> impl Strategy<Value = String> {
        let indent = prop_oneof![4 => Just(0_usize), 4 => Just(2), 2 => Just(4), 1 => 0..7_usize];
        let dash = prop_oneof![5 => Just(""), 3 => Just("- "), 1 => Just("-"), 1 => Just("-   ")];
        let key = prop_oneof![
            4 => "",
            8 => "(title|topics|provider|images|related|quality|published|name|url|width|a|b_c)",
            1 => r#"(y|null|True|0|3a|-|_x|"q"|secured)"#,
        ];
        let value = prop_oneof![
            2 => "",
            4 => "[A-Za-z]{1,5}( [a-z0-9.,:-]{1,5}){0,2}",
            3 => "\"[a-z \\\\\"u0n/#:-]{0,9}\"",
            2 => "'[a-z '#:]{0,6}'",
            2 => "-?[0-9]{1,20}",
            2 => "[0-9]{4}-[0-9]{2}-[0-9]{2}[T0-9:Z.+-]{0,9}",
            2 => "(true|false|True|yes|NO|null|~|.inf|nan|1e3|0x1f|0o7|1_000|[+]1|-)",
            2 => "\\[[a-z0-9, \"'.-]{0,12}\\]",
            2 => "[ -~]{0,8}",
            1 => "[a-zé–’\u{85}\u{2028}\u{feff}\t\r]{1,5}",
        ];
        (indent, dash, key, "(:|: |:  | :)", value, "( |  |)").prop_map(
            |(indent, dash, key, colon, value, end)| {
                let colon = if key.is_empty() { "" } else { colon.as_str() };
                format!("{}{dash}{key}{colon}{value}{end}", " ".repeat(indent))
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn what_is_read_is_what_the_complete_parser_reads(
            lines in prop::collection::vec(line(), 1..7)
        ) {
            agrees(&lines.join("\n"));
        }
    }
}
