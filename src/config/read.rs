//! `site.toml` as text → the values of its keys, with the place of each; every mistake in it at
//! once.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{KEYS, Key, LANGUAGE_KEYS, ValueKind, is_by_language};
use super::language::is_tag;
use super::string_location;
use crate::condition::{Condition, Field};
use crate::diagnostic::{Diagnostic, Location, nearest};
use crate::time;

/// The value of a key, of its [`ValueKind`].
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Text(String),
    Integer(i64),
    Boolean(bool),
    Texts(Vec<String>),
    /// Seconds.
    Duration(i64),
    TextTable(BTreeMap<String, Text>),
    FreeTable(serde_json::Map<String, serde_json::Value>),
    Tables(Vec<Values>),
    FieldTable(Vec<FieldSources>),
    Languages(Vec<LanguageTable>),
}

/// A table of `[languages]`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LanguageTable {
    pub(super) tag: String,
    /// Where the tag stands.
    pub(super) name: Range<usize>,
    pub(super) values: Values,
}

/// An entry of a table of fields.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FieldSources {
    /// The name of the field, with dots.
    pub(super) field: String,
    /// Where that name stands.
    pub(super) name: Range<usize>,
    /// The names that it has in this tree, and where each stands.
    pub(super) sources: Vec<(String, Range<usize>)>,
}

/// An entry of a table of strings.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Text {
    pub(super) text: String,
    /// Where its name stands.
    pub(super) name: Range<usize>,
}

/// The values that one table sets (or `site.toml` as a whole), by full name.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Values {
    values: BTreeMap<&'static str, (Value, Option<Range<usize>>)>,
    /// The bytes of each item of a list.
    items: BTreeMap<&'static str, Vec<Range<usize>>>,
}

impl Values {
    /// The value and its bytes in the file; the default, without a place, when it is not set.
    pub(super) fn get(&self, name: &str) -> Option<(&Value, Option<Range<usize>>)> {
        self.values
            .get(name)
            .map(|(value, span)| (value, span.clone()))
    }

    /// The defaults of all keys.
    pub(super) fn defaults() -> Values {
        let lines: String = KEYS
            .iter()
            .filter(|key| !key.default.is_empty())
            .map(|key| format!("{} = {}\n", key.name, key.default))
            .collect();
        let mut values = Reader::new("defaults", &lines).set();
        for (_, span) in values.values.values_mut() {
            *span = None;
        }
        values.items.clear();
        values
    }

    /// The values of an edition in another language: those of its table over those of the site.
    /// The base URL stays that of the site unless the edition `has_own_url`.
    pub(super) fn of_language(&self, table: &LanguageTable, has_own_url: bool) -> Values {
        let mut values = self.clone();
        for name in super::keys::TEXTS_OF_LANGUAGE {
            values.values.remove(name);
        }
        let locale = (Value::Text(table.tag.clone()), Some(table.name.clone()));
        values.values.insert("locale", locale);
        let mut own = table.values.clone();
        own.values
            .retain(|name, _| has_own_url || *name != "base_url");
        values.values.extend(own.values);
        values.items.extend(own.items);
        values
    }

    /// Names of lists that the file sets, with the bytes of each item.
    pub(super) fn items(&self) -> impl Iterator<Item = (&'static str, &[Range<usize>])> {
        self.items
            .iter()
            .map(|(name, spans)| (*name, spans.as_slice()))
    }

    /// Names that the file sets, with their bytes.
    pub(super) fn spans(&self) -> impl Iterator<Item = (&'static str, &Range<usize>)> {
        self.values
            .iter()
            .filter_map(|(name, (_, span))| Some((*name, span.as_ref()?)))
    }
}

/// Reads text against lists of keys, and collects what is wrong.
pub(super) struct Reader<'a> {
    pub(super) path: &'a str,
    pub(super) text: &'a str,
    pub(super) problems: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(path: &'a str, text: &'a str) -> Reader<'a> {
        Reader {
            path,
            text,
            problems: Vec::new(),
        }
    }

    /// Adds a problem at some bytes of the file.
    pub(super) fn problem(
        &mut self,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let location = Location::of_span(self.path, self.text, span);
        self.problems
            .push(Diagnostic::error("config", message).at(location).help(help));
    }

    /// Reads the condition that the string at some bytes of the file holds. What is wrong with it
    /// is a problem at its place in the string.
    pub(super) fn condition<F: Copy>(
        &mut self,
        key: &str,
        written: &str,
        span: Range<usize>,
        fields: &[Field<F>],
    ) -> Option<Condition<F>> {
        match Condition::parse(written, fields) {
            Ok(condition) => Some(condition),
            Err(mistake) => {
                let span = string_location::within(self.text, span, mistake.span);
                let message = format!("`{key}` is no condition: {}", mistake.message);
                self.problem(span, message, mistake.help);
                None
            }
        }
    }

    /// The values that the file sets, over the defaults.
    pub(super) fn read(&mut self) -> Values {
        let mut values = Values::defaults();
        let set = self.set();
        values.values.extend(set.values);
        values.items.extend(set.items);
        values
    }

    /// The values that the file sets.
    fn set(&mut self) -> Values {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            let span = error.span().unwrap_or(0..0);
            self.problem(
                span,
                format!("invalid TOML: {}", error.message()),
                "see https://toml.io for the syntax of TOML",
            );
        }
        let mut values = Values::default();
        let keys: Vec<&'static Key> = KEYS.iter().collect();
        self.table("", table.get_ref(), &keys, &mut values);
        values
    }

    fn table(
        &mut self,
        prefix: &str,
        table: &DeTable<'_>,
        keys: &[&'static Key],
        into: &mut Values,
    ) {
        for (name, value) in table {
            let full = format!("{prefix}{}", name.get_ref());
            let inside = format!("{full}.");
            if let Some(key) = keys.iter().find(|key| key.name == full) {
                if let (ValueKind::Texts, DeValue::Array(items)) = (key.kind, value.get_ref()) {
                    let spans = items.iter().map(Spanned::span).collect();
                    into.items.insert(key.name, spans);
                }
                if let Some(read) = self.value(key, value) {
                    into.values.insert(key.name, (read, Some(value.span())));
                }
            } else if keys.iter().any(|key| key.name.starts_with(&inside)) {
                match value.get_ref() {
                    DeValue::Table(inner) => self.table(&inside, inner, keys, into),
                    _ => self.problem(
                        value.span(),
                        format!("`{full}` is a table of settings, not a single value"),
                        format!("put its keys under [{full}]"),
                    ),
                }
            } else {
                self.unknown(&full, name.span(), keys);
            }
        }
    }

    fn unknown(&mut self, name: &str, span: Range<usize>, keys: &[&'static Key]) {
        let sections = keys
            .iter()
            .filter_map(|key| key.name.split_once('.').map(|(section, _)| section));
        let known = keys.iter().map(|key| key.name).chain(sections);
        // In the table of a language.
        let is_of_site = KEYS.iter().any(|key| key.name == name);
        let help = match nearest(name, known) {
            _ if is_of_site => format!("`{name}` is the same for all languages: set it above"),
            Some(right) => format!("did you mean `{right}`?"),
            None => match keys.iter().find(|key| name_end(key.name) == name_end(name)) {
                Some(key) => format!("did you mean `{}`?", key.name),
                None => concat!(
                    manual!("site-toml"),
                    " lists all keys; your own values for templates belong under [extra]"
                )
                .to_owned(),
            },
        };
        self.problem_of(name, span, format!("unknown setting `{name}`"), help);
    }

    /// Adds a problem of a key whose name is at some bytes of the file.
    fn problem_of(&mut self, name: &str, span: Range<usize>, message: String, help: String) {
        self.problem(span, message, help);
        // Somebody may have written a key or a password here: it is not shown.
        let location = self
            .problems
            .last_mut()
            .and_then(|problem| problem.location.as_mut());
        if let Some(location) = location.filter(|_| name.starts_with("deploy.")) {
            location.text = location
                .text
                .chars()
                .take(location.column - 1 + location.width)
                .collect();
        }
    }

    fn value(&mut self, key: &Key, value: &Spanned<DeValue<'_>>) -> Option<Value> {
        let read = match (key.kind, value.get_ref()) {
            (
                ValueKind::Text | ValueKind::OptionalText | ValueKind::TextByLanguage,
                DeValue::String(text),
            ) => {
                if let Some(control) = control_in(text) {
                    self.problem(
                        value.span(),
                        format!(
                            "`{}` holds {control}, which no page or feed can show",
                            key.name
                        ),
                        "remove it",
                    );
                }
                Some(Value::Text(text.to_string()))
            }
            (ValueKind::Integer(low, high), DeValue::Integer(number)) => integer(number)
                .filter(|number| (low..=high).contains(number))
                .map(Value::Integer),
            (ValueKind::OptionalInteger, DeValue::Integer(number)) => {
                integer(number).map(Value::Integer)
            }
            (ValueKind::Boolean, DeValue::Boolean(yes)) => Some(Value::Boolean(*yes)),
            (ValueKind::Texts, DeValue::Array(_)) => texts(value).map(Value::Texts),
            (ValueKind::Duration | ValueKind::OptionalDuration, DeValue::String(text)) => {
                time::duration(text).map(Value::Duration)
            }
            (ValueKind::Choice(words), DeValue::String(text)) => words
                .contains(&text.as_ref())
                .then(|| Value::Text(text.to_string())),
            (ValueKind::Choices(words), DeValue::Array(_)) => texts(value)
                .filter(|texts| texts.iter().all(|text| words.contains(&text.as_str())))
                .map(Value::Texts),
            (ValueKind::TextTable, DeValue::Table(table)) => {
                return Some(self.text_table(key, table));
            }
            (ValueKind::TextByLanguage, DeValue::Table(table)) => {
                for (tag, _) in table.iter().filter(|(tag, _)| !is_tag(tag.get_ref())) {
                    let message = format!("`{}.{}` names no language", key.name, tag.get_ref());
                    let help = format!("write the tag of the language, like {}.de", key.name);
                    self.problem(tag.span(), message, help);
                }
                return Some(self.text_table(key, table));
            }
            (ValueKind::FreeTable, DeValue::Table(table)) => {
                Some(Value::FreeTable(self.free_table(table)))
            }
            (ValueKind::Tables, DeValue::Array(items)) => return self.tables(key, items.iter()),
            (ValueKind::Languages, DeValue::Table(table)) => return self.languages(table),
            (ValueKind::FieldTable, DeValue::Table(table)) => {
                let mut fields = Vec::new();
                self.field_table(key, "", table, &mut fields);
                return Some(Value::FieldTable(fields));
            }
            _ => None,
        };
        if read.is_none() {
            let shown = self.text.get(value.span()).unwrap_or_default().to_owned();
            self.problem(
                value.span(),
                format!("`{}` must be {}", key.name, key.kind.describe()),
                choice_help(key.kind, &shown).unwrap_or_else(|| meaning(key.doc)),
            );
        }
        read
    }

    fn text_table(&mut self, key: &Key, table: &DeTable<'_>) -> Value {
        let mut texts = BTreeMap::new();
        for (name, value) in table {
            match value.get_ref().as_str() {
                Some(text) => {
                    if let Some(control) = control_in(text) {
                        self.problem(
                            value.span(),
                            format!(
                                "`{}.{}` holds {control}, which no page or feed can show",
                                key.name,
                                name.get_ref()
                            ),
                            "remove it",
                        );
                    }
                    let text = Text {
                        text: text.to_owned(),
                        name: name.span(),
                    };
                    texts.insert(name.get_ref().to_string(), text);
                }
                None => {
                    let full = format!("{}.{}", key.name, name.get_ref());
                    self.problem_of(
                        &full,
                        name.span(),
                        format!("`{full}` must be a string"),
                        meaning(key.doc),
                    );
                }
            }
        }
        Value::TextTable(texts)
    }

    /// Reads a table of fields; a table in it holds the fields of a table (`provider.name`).
    fn field_table(
        &mut self,
        key: &Key,
        prefix: &str,
        table: &DeTable<'_>,
        into: &mut Vec<FieldSources>,
    ) {
        for (name, value) in table {
            let field = format!("{prefix}{}", name.get_ref());
            let sources = match value.get_ref() {
                DeValue::String(text) => Some(vec![(text.to_string(), value.span())]),
                DeValue::Array(items) => items
                    .iter()
                    .map(|item| Some((item.get_ref().as_str()?.to_owned(), item.span())))
                    .collect(),
                DeValue::Table(inner) if prefix.is_empty() => {
                    self.field_table(key, &format!("{field}."), inner, into);
                    continue;
                }
                _ => None,
            };
            match sources {
                Some(sources) => into.push(FieldSources {
                    field,
                    name: name.span(),
                    sources,
                }),
                None => self.problem(
                    value.span(),
                    format!("`{}.{field}` must be a name or a list of names", key.name),
                    "write it like publishedDateTime = [\"date\", \"pubDate\"]",
                ),
            }
        }
    }

    /// Reads the tables of languages.
    fn languages(&mut self, table: &DeTable<'_>) -> Option<Value> {
        let by_language = KEYS.iter().filter(|key| is_by_language(key.name));
        let keys: Vec<&'static Key> = LANGUAGE_KEYS.iter().chain(by_language).collect();
        let mut languages = Vec::new();
        for (name, value) in table {
            let tag = name.get_ref().to_string();
            let DeValue::Table(inner) = value.get_ref() else {
                let message = format!("`languages.{tag}` must be a table of settings");
                self.problem(value.span(), message, format!("write [languages.{tag}]"));
                continue;
            };
            let mut values = Values::default();
            self.table("", inner, &keys, &mut values);
            languages.push(LanguageTable {
                tag,
                name: name.span(),
                values,
            });
        }
        // The table is sorted by name; editions are in the order of the file.
        languages.sort_by_key(|language| language.name.start);
        Some(Value::Languages(languages))
    }

    fn tables<'v, 'i: 'v>(
        &mut self,
        key: &Key,
        items: impl Iterator<Item = &'v Spanned<DeValue<'i>>>,
    ) -> Option<Value> {
        let keys: Vec<&'static Key> = super::keys::nested(key.name).iter().collect();
        let mut tables = Vec::new();
        for item in items {
            match item.get_ref() {
                DeValue::Table(table) => {
                    let mut values = Values::default();
                    self.table("", table, &keys, &mut values);
                    tables.push(values);
                }
                _ => self.problem(
                    item.span(),
                    format!("`{}` must be {}", key.name, key.kind.describe()),
                    key.doc,
                ),
            }
        }
        Some(Value::Tables(tables))
    }

    fn free_table(&mut self, table: &DeTable<'_>) -> serde_json::Map<String, serde_json::Value> {
        table
            .iter()
            .map(|(name, value)| (name.get_ref().to_string(), self.free(value)))
            .collect()
    }

    fn free(&mut self, value: &Spanned<DeValue<'_>>) -> serde_json::Value {
        let number = match value.get_ref() {
            DeValue::String(text) => return serde_json::Value::from(text.as_ref()),
            DeValue::Boolean(yes) => return serde_json::Value::from(*yes),
            DeValue::Datetime(time) => return serde_json::Value::from(time.to_string()),
            DeValue::Array(items) => return items.iter().map(|item| self.free(item)).collect(),
            DeValue::Table(table) => return serde_json::Value::Object(self.free_table(table)),
            DeValue::Integer(number) => integer(number).map(serde_json::Number::from),
            DeValue::Float(number) => number
                .as_str()
                .parse()
                .ok()
                .and_then(serde_json::Number::from_f64),
        };
        match number {
            Some(number) => serde_json::Value::Number(number),
            None => {
                self.problem(
                    value.span(),
                    "templates cannot be given this number".to_owned(),
                    "write it as a string; whole numbers go from -2^63 to 2^63 - 1",
                );
                serde_json::Value::Null
            }
        }
    }
}

/// The first character of a text that XML cannot hold (XML 1.0, section 2.2) and no page shows.
fn control_in(text: &str) -> Option<String> {
    let control = text
        .chars()
        .find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))?;
    Some(format!(
        "the control character U+{:04X}",
        u32::from(control)
    ))
}

/// What a key is for, as advice.
fn meaning(doc: &str) -> String {
    let mut chars = doc.chars();
    let first = chars
        .next()
        .map(|first| first.to_lowercase().to_string())
        .unwrap_or_default();
    format!("its purpose: {first}{}", chars.as_str())
}

fn name_end(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

fn choice_help(kind: ValueKind, shown: &str) -> Option<String> {
    let (ValueKind::Choice(words) | ValueKind::Choices(words)) = kind else {
        return None;
    };
    nearest(
        shown.trim_matches(['"', '\'', '[', ']']),
        words.iter().copied(),
    )
    .map(|word| format!("did you mean \"{word}\"?"))
}

fn integer(number: &toml::de::DeInteger<'_>) -> Option<i64> {
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

fn texts(value: &Spanned<DeValue<'_>>) -> Option<Vec<String>> {
    value
        .get_ref()
        .as_array()?
        .iter()
        .map(|item| item.get_ref().as_str().map(str::to_owned))
        .collect()
}
