//! Conditions as settings write them: `quality >= 75 and source in ["a", "b"]`.
//!
//! The caller names the fields, each with its [`Kind`], and gives their values when a
//! condition is tried. What a kind does not allow is a [`Mistake`] when the condition is read, so
//! trying one cannot fail.
//!
//! ```text
//! condition  = all { "or" all }
//! all        = single { "and" single }
//! single     = "not" single | "(" condition ")" | test
//! test       = FIELD comparison VALUE | FIELD ["not"] "in" "[" VALUE { "," VALUE } "]" | FIELD
//! comparison = "==" | "!=" | "<" | "<=" | ">" | ">="
//! VALUE      = number | "text" | 'text' | true | false
//! ```
//!
//! A field without a value passes no test but `!=` and `not in`.
//!
//! # Files
//!
//! - `read.rs`: the text of a condition → its tests

mod read;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

/// What a field holds, and so what it can be compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A number.
    Number,
    /// Seconds since something happened; conditions write it as `"2 days"`.
    Age,
    /// A text. Capital and small letters are the same.
    Text,
    /// Several texts: one of them passing a test is enough.
    Texts,
    /// A language tag: `"en"` is the language of `en-GB`, too.
    Language,
    /// True or false.
    Boolean,
    /// What the owner of a site puts there. The name of the field is followed by a path: a field
    /// `extra` is written `extra.score`.
    Any,
}

/// A field that conditions can name. `F` is what its user calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field<F> {
    /// Its name in conditions.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// What its user calls it.
    pub id: F,
}

/// The value of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// It has none.
    Missing,
    /// A number, or the seconds of an age.
    Number(f64),
    /// True or false.
    Boolean(bool),
    /// A text or a language tag.
    Text(Cow<'a, str>),
    /// Several texts.
    Texts(Vec<Cow<'a, str>>),
}

impl<'a> Value<'a> {
    /// A text that may be missing.
    pub fn text(text: Option<&'a str>) -> Value<'a> {
        text.map_or(Value::Missing, |text| Value::Text(text.into()))
    }

    /// A whole number that may be missing. Beyond 2^53 it is the nearest that a float can hold.
    pub fn number(number: Option<i64>) -> Value<'a> {
        #[allow(clippy::cast_precision_loss, reason = "documented")]
        number.map_or(Value::Missing, |number| Value::Number(number as f64))
    }

    /// Several texts.
    pub fn texts(texts: impl IntoIterator<Item = &'a str>) -> Value<'a> {
        Value::Texts(texts.into_iter().map(Cow::from).collect())
    }

    /// What a field of the kind [`Kind::Any`] holds. Of a list, its texts count; a table is none.
    pub fn json(value: &'a serde_json::Value) -> Value<'a> {
        use serde_json::Value as Json;
        match value {
            Json::Bool(value) => Value::Boolean(*value),
            Json::Number(number) => number.as_f64().map_or(Value::Missing, Value::Number),
            Json::String(text) => Value::Text(text.into()),
            Json::Array(items) => Value::texts(items.iter().filter_map(Json::as_str)),
            Json::Null | Json::Object(_) => Value::Missing,
        }
    }
}

impl fmt::Display for Value<'_> {
    /// As conditions write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Missing => f.write_str("missing"),
            Value::Number(number) => number.fmt(f),
            Value::Boolean(value) => value.fmt(f),
            Value::Text(text) => write!(f, "\"{text}\""),
            Value::Texts(texts) => write!(f, "[\"{}\"]", texts.join("\", \"")),
        }
    }
}

/// What is wrong with a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Bytes of the condition that it is about.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub help: String,
}

/// A condition over fields of a type.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition<F> {
    text: String,
    root: Node<F>,
}

#[derive(Clone, Debug, PartialEq)]
enum Node<F> {
    All(Vec<Node<F>>),
    Any(Vec<Node<F>>),
    Not(Box<Node<F>>),
    Test(Test<F>),
}

/// The value of one field is compared.
#[derive(Clone, Debug, PartialEq)]
struct Test<F> {
    field: F,
    /// What follows the name of a field of the kind [`Kind::Any`], without the dot.
    path: String,
    kind: Kind,
    operator: Operator,
    values: Vec<Literal>,
    span: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    In,
    NotIn,
    Less,
    AtMost,
    More,
    AtLeast,
}

#[derive(Clone, Debug, PartialEq)]
enum Literal {
    Number(f64),
    Boolean(bool),
    /// In small letters.
    Text(String),
}

/// What a test of a condition says, for messages on why it holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding<'c, 'v> {
    /// The test as it is written.
    pub test: &'c str,
    /// Whether it holds.
    pub holds: bool,
    /// The value of its field.
    pub value: Value<'v>,
}

impl<F: Copy> Condition<F> {
    /// Reads a condition.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn parse(text: &str, fields: &[Field<F>]) -> Result<Condition<F>, Mistake> {
        let root = read::read(text, fields)?;
        Ok(Condition {
            text: text.to_owned(),
            root,
        })
    }

    /// Whether it holds for these values. `value_of` is given a field and, if it is of the kind
    /// [`Kind::Any`], the path that follows its name.
    pub fn holds<'v>(&self, value_of: &impl Fn(F, &str) -> Value<'v>) -> bool {
        self.root.holds(value_of)
    }

    /// Whether a test of it asks for a field.
    pub fn asks_for(&self, wanted: F) -> bool
    where
        F: PartialEq,
    {
        let asked = std::cell::Cell::new(false);
        self.findings(&|field, _: &str| {
            asked.set(asked.get() || field == wanted);
            Value::Missing
        });
        asked.get()
    }

    /// What each of its tests says, in the order in which they are written.
    pub fn findings<'c, 'v>(
        &'c self,
        value_of: &impl Fn(F, &str) -> Value<'v>,
    ) -> Vec<Finding<'c, 'v>> {
        let mut tests = Vec::new();
        self.root.tests(&mut tests);
        let finding = |test: &Test<F>| {
            let value = value_of(test.field, &test.path);
            Finding {
                test: self.text.get(test.span.clone()).unwrap_or_default(),
                holds: test.holds(&value),
                value,
            }
        };
        tests.into_iter().map(finding).collect()
    }
}

impl<F> fmt::Display for Condition<F> {
    /// As it is written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl<F: Copy> Node<F> {
    fn holds<'v>(&self, value_of: &impl Fn(F, &str) -> Value<'v>) -> bool {
        match self {
            Node::All(nodes) => nodes.iter().all(|node| node.holds(value_of)),
            Node::Any(nodes) => nodes.iter().any(|node| node.holds(value_of)),
            Node::Not(node) => !node.holds(value_of),
            Node::Test(test) => test.holds(&value_of(test.field, &test.path)),
        }
    }

    fn tests<'n>(&'n self, into: &mut Vec<&'n Test<F>>) {
        match self {
            Node::All(nodes) | Node::Any(nodes) => nodes.iter().for_each(|node| node.tests(into)),
            Node::Not(node) => node.tests(into),
            Node::Test(test) => into.push(test),
        }
    }
}

impl<F> Test<F> {
    fn holds(&self, value: &Value<'_>) -> bool {
        let is_in = || self.values.iter().any(|literal| self.is(value, literal));
        let compares = |fits: fn(&f64, &f64) -> bool| match (value, self.values.first()) {
            (Value::Number(number), Some(Literal::Number(limit))) => fits(number, limit),
            _ => false,
        };
        match self.operator {
            Operator::In => is_in(),
            Operator::NotIn => !is_in(),
            Operator::Less => compares(f64::lt),
            Operator::AtMost => compares(f64::le),
            Operator::More => compares(f64::gt),
            Operator::AtLeast => compares(f64::ge),
        }
    }

    fn is(&self, value: &Value<'_>, literal: &Literal) -> bool {
        let is_text = |text: &str, wanted: &str| match self.kind {
            Kind::Language => is_language_of(text, wanted),
            _ => is_same_text(text, wanted),
        };
        match (value, literal) {
            #[allow(clippy::float_cmp, reason = "that is what `==` asks for")]
            (Value::Number(number), Literal::Number(wanted)) => number == wanted,
            (Value::Boolean(value), Literal::Boolean(wanted)) => value == wanted,
            (Value::Text(text), Literal::Text(wanted)) => is_text(text, wanted),
            (Value::Texts(texts), Literal::Text(wanted)) => {
                texts.iter().any(|text| is_text(text, wanted))
            }
            _ => false,
        }
    }
}

/// Whether a text is another one, which is in small letters.
fn is_same_text(text: &str, small: &str) -> bool {
    match text.is_ascii() {
        true => text.eq_ignore_ascii_case(small),
        false => text.to_lowercase() == small,
    }
}

/// Whether a language tag is that of a language or of a region of it: `en` is the language of
/// `en-GB`, and of `en_GB`, which feeds write. Capital and small letters are the same.
pub fn is_language_of(tag: &str, language: &str) -> bool {
    let plain = |tag: &str| tag.trim().replace('_', "-").to_ascii_lowercase();
    let rest = plain(tag);
    let rest = rest.strip_prefix(&plain(language));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

#[cfg(test)]
mod tests;
