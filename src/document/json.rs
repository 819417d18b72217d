//! JSON (RFC 8259) with the places of its values. serde_json reads texts and numbers; where they
//! stand, which it does not say, is found here. Messages quote nothing: it may be a secret.

use std::borrow::Cow;
use std::ops::Range;

use super::placed::{DEEPEST, Field, Kind, Placed, SyntaxError};

/// Values of a front matter: each takes memory that is many times its text.
const MOST_VALUES: usize = 200_000;

/// Reads an object, or its fields without the braces around them, which may be left out between
/// fences.
pub(super) fn read(text: &str) -> Result<Placed<'_>, SyntaxError> {
    let mut reader = Reader {
        text,
        at: 0,
        values: 0,
    };
    reader.skip_space();
    let start = reader.at;
    let kind = match reader.peek() {
        Some(b'"') | None => Kind::Table(reader.fields(None, 1)?),
        Some(b'{') => reader.value(0)?.kind,
        Some(_) => return Err(reader.wrong("the fields stand in braces, like {\"title\": …}")),
    };
    let range = start..reader.at;
    reader.skip_space();
    match reader.peek() {
        None => Ok(Placed { range, kind }),
        Some(_) => Err(reader.wrong("nothing may follow on the last brace")),
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    values: usize,
}

impl<'t> Reader<'t> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Goes on if this comes next, after spaces.
    fn takes(&mut self, byte: u8) -> bool {
        self.skip_space();
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    /// What is wrong with the next character.
    fn wrong(&self, message: impl Into<String>) -> SyntaxError {
        let next = self.text[self.at..]
            .chars()
            .next()
            .map_or(0, char::len_utf8);
        self.wrong_at(self.at..self.at + next, message)
    }

    fn wrong_at(&self, range: Range<usize>, message: impl Into<String>) -> SyntaxError {
        SyntaxError {
            message: message.into(),
            range,
        }
    }

    fn value(&mut self, depth: usize) -> Result<Placed<'t>, SyntaxError> {
        self.skip_space();
        self.values += 1;
        if depth > DEEPEST {
            return Err(self.wrong("the front matter is nested too deeply"));
        }
        if self.values > MOST_VALUES {
            return Err(self.wrong("the front matter has too many values"));
        }
        let start = self.at;
        let kind = match self.peek() {
            Some(b'{') => {
                self.at += 1;
                Kind::Table(self.fields(Some(start), depth + 1)?)
            }
            Some(b'[') => {
                self.at += 1;
                Kind::List(self.items(start, depth + 1)?)
            }
            Some(b'"') => Kind::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b'a'..=b'z' | b'A'..=b'Z' | b'_') => self.word()?,
            _ => return Err(self.wrong("a value is missing here")),
        };
        Ok(Placed {
            range: start..self.at,
            kind,
        })
    }

    /// Fields up to the brace that closes the one at `open`, or up to the end of the text.
    fn fields(&mut self, open: Option<usize>, depth: usize) -> Result<Vec<Field<'t>>, SyntaxError> {
        let mut fields = Vec::new();
        if self.closes(open, b'}')? {
            return Ok(fields);
        }
        loop {
            self.skip_space();
            let start = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.wrong("the name of a field is missing here: \"name\": value"));
            }
            let name = self.string()?;
            let name_range = start..self.at;
            if !self.takes(b':') {
                return Err(self.wrong("a `:` is missing after the name of this field"));
            }
            let value = self.value(depth)?;
            fields.push(Field {
                name,
                name_range,
                value,
            });
            if self.closes(open, b'}')? {
                return Ok(fields);
            }
            if !self.takes(b',') {
                return Err(self.wrong("a `,` is missing before this field"));
            }
        }
    }

    /// Items up to the bracket that closes the one at `open`.
    fn items(&mut self, open: usize, depth: usize) -> Result<Vec<Placed<'t>>, SyntaxError> {
        let mut items = Vec::new();
        if self.closes(Some(open), b']')? {
            return Ok(items);
        }
        loop {
            items.push(self.value(depth)?);
            if self.closes(Some(open), b']')? {
                return Ok(items);
            }
            if !self.takes(b',') {
                return Err(self.wrong("a `,` is missing before this value"));
            }
        }
    }

    /// Whether what was opened ends here; without an opening sign, the text ends it.
    fn closes(&mut self, open: Option<usize>, sign: u8) -> Result<bool, SyntaxError> {
        self.skip_space();
        match (self.peek(), open) {
            (None, None) => Ok(true),
            (None, Some(open)) => {
                let message = format!("this is not closed: a `{}` is missing", char::from(sign));
                Err(self.wrong_at(open..open + 1, message))
            }
            (Some(_), None) => Ok(false),
            (Some(next), Some(_)) => {
                self.at += usize::from(next == sign);
                Ok(next == sign)
            }
        }
    }

    fn string(&mut self) -> Result<Cow<'t, str>, SyntaxError> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut end = start + 1;
        let mut is_plain = true;
        loop {
            match bytes.get(end) {
                Some(b'"') => break,
                Some(b'\\') => {
                    is_plain = false;
                    end += 2;
                }
                Some(b'\n') | None => {
                    let line = self.text[start..]
                        .find('\n')
                        .map_or(bytes.len(), |at| start + at);
                    let message = "this text has no closing quote on its line; a line break in a \
                                   text is written `\\n`";
                    return Err(self.wrong_at(start..line, message));
                }
                Some(byte) => {
                    is_plain &= *byte >= b' ';
                    end += 1;
                }
            }
        }
        self.at = end + 1;
        if is_plain {
            return Ok(Cow::Borrowed(&self.text[start + 1..end]));
        }
        let read: Result<String, _> = serde_json::from_str(&self.text[start..=end]);
        read.map(Cow::Owned).map_err(|_| {
            let message = "this text has a `\\` that is followed by nothing known, or an invisible \
                           character; a `\\` itself is written `\\\\`";
            self.wrong_at(start..end + 1, message)
        })
    }

    fn number(&mut self) -> Result<Kind<'t>, SyntaxError> {
        let start = self.at;
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-._".contains(byte);
        let length = self.text.as_bytes()[start..]
            .iter()
            .take_while(|byte| is_part(byte))
            .count();
        self.at += length;
        let written = &self.text[start..self.at];
        let number: serde_json::Number = serde_json::from_str(written).map_err(|_| {
            self.wrong_at(
                start..start + length,
                "this is no number of JSON; text stands in double quotes",
            )
        })?;
        Ok(match (number.as_i64(), number.as_u64()) {
            (Some(number), _) => Kind::Integer(number),
            (None, Some(number)) => Kind::Natural(number),
            (None, None) => Kind::Float(number.as_f64().unwrap_or(f64::NAN)),
        })
    }

    /// `true`, `false` or `null`.
    fn word(&mut self) -> Result<Kind<'t>, SyntaxError> {
        let start = self.at;
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let length = self.text.as_bytes()[start..]
            .iter()
            .take_while(|byte| is_part(byte))
            .count();
        self.at += length;
        match &self.text[start..self.at] {
            "true" => Ok(Kind::Bool(true)),
            "false" => Ok(Kind::Bool(false)),
            "null" => Ok(Kind::Null),
            _ => Err(self.wrong_at(
                start..self.at,
                "this is no value of JSON; text stands in double quotes",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn wrong(text: &str) -> (String, &str) {
        let error = read(text).unwrap_err();
        (error.message, &text[error.range])
    }

    #[test]
    fn values_have_their_places() {
        let text = "{\n  \"a\": [1, \"x\\n\"],\n  \"é\": {\"b\": -1.5}, \"c\": null\n}";
        let root = read(text).unwrap();
        let at = |range: &Range<usize>| &text[range.clone()];
        let fields = root.fields();
        assert_eq!(at(&root.range), text);
        assert_eq!(at(&fields[0].name_range), "\"a\"");
        assert_eq!(at(&fields[0].value.range), "[1, \"x\\n\"]");
        assert_eq!(at(&fields[1].value.fields()[0].value.range), "-1.5");
        assert_eq!(root.value(), serde_json::from_str::<Value>(text).unwrap());
        assert_eq!(
            read("\n\"a\": 1,\n\"b\": 2\n").unwrap().value(),
            serde_json::json!({"a": 1, "b": 2})
        );
        assert_eq!(read(" \n").unwrap().fields(), []);
    }

    #[test]
    fn what_is_wrong_has_its_place() {
        for (text, message, place) in [
            ("{\"a\": 1 \"b\": 2}", "a `,` is missing", "\""),
            ("{\"a\": x}", "no value of JSON", "x"),
            ("{\"a\": True}", "no value of JSON", "True"),
            ("{\"a\": 01}", "no number of JSON", "01"),
            ("{\"a\": 2020-05-01}", "no number of JSON", "2020-05-01"),
            ("{\"a\": \"x\n\"}", "no closing quote", "\"x"),
            ("{\"a\": \"\\x\"}", "a `\\`", "\"\\x\""),
            ("{\"a\": \"\\", "no closing quote", "\"\\"),
            ("{\"a\": [1, 2}", "a `,` is missing", "}"),
            ("{\"a\": [1, 2", "a `]` is missing", "["),
            ("{\"a\" 1}", "a `:` is missing", "1"),
            ("{\"a\": 1,}", "name of a field", "}"),
            ("{\"a\": [1,]}", "a value is missing", "]"),
            ("{a: 1}", "name of a field", "a"),
            ("{\"a\": 1} x", "nothing may follow", "x"),
            ("[1]", "stand in braces", "["),
        ] {
            let (written, at) = wrong(text);
            assert!(
                written.contains(message) && at == place,
                "{text}: {written} at {at}"
            );
        }
        let deep = format!("{{\"a\": {}", "[".repeat(100_000));
        assert!(wrong(&deep).0.contains("too deeply"));
        let many = format!("{{\"a\": [{}1]}}", "1,".repeat(300_000));
        assert!(wrong(&many).0.contains("too many values"));
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            (-1e9..1e9).prop_map(Value::from),
            ".{0,6}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 12, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((".{0,3}", inner), 0..4)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_serde_json_reads(value in value(), pretty in any::<bool>()) {
            let value = serde_json::json!({"a": value});
            let text = match pretty {
                true => serde_json::to_string_pretty(&value).unwrap(),
                false => value.to_string(),
            };
            let value: Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(read(&text).unwrap().value(), value);
        }

        #[test]
        fn no_text_panics(text in "([{}\\[\\]\",:\\\\ \n0-9a-eé.+-]|\"a\":|true|\\\\u){0,30}") {
            let complete = serde_json::from_str::<Value>(&text);
            match read(&text) {
                Ok(read) if text.trim_start().starts_with('{') => {
                    // serde_json keeps the last of two fields of one name.
                    prop_assert!(complete.is_ok(), "{} {:?}", text, read);
                }
                Ok(_) => {}
                Err(error) => {
                    prop_assert!(text.get(error.range.clone()).is_some(), "{:?}", error);
                    prop_assert!(!complete.is_ok_and(|value| value.is_object()), "{}", text);
                }
            }
        }
    }
}
