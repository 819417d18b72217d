//! Which bytes of TOML or JSON an edit changes: several ways for some edits, the best one first.
//! The caller takes the first one after which the text means what it must.

use std::ops::Range;

use serde_json::Value;
use toml::value::Datetime;

use super::path::index;
use super::placed::{Field, Kind, Placed};
use super::plan::Plan;
use super::{Edit, Format};

/// A front matter that is to be edited.
pub(super) struct Block<'a> {
    pub(super) format: Format,
    pub(super) text: &'a str,
    pub(super) root: &'a Placed<'a>,
    pub(super) line_break: &'a str,
}

/// The deepest value that a path leads to.
struct Found<'a> {
    value: &'a Placed<'a>,
    /// What it lies in, and which of its fields or items it is.
    inside: Option<(&'a Placed<'a>, usize)>,
    /// Whether it stands after a name and a sign, or in a list that does.
    is_inline: bool,
}

impl<'a> Block<'a> {
    /// Ways to make an edit.
    pub(super) fn plans(&self, edit: &Edit) -> Vec<Plan> {
        let path = edit.path().parts();
        let (found, rest) = self.find(path);
        match edit {
            Edit::Set(_, value) => self.set(&found, rest, value),
            Edit::Add(_, value) => self.add(&found, rest, value),
            Edit::Remove(_, value) if rest.is_empty() => self.remove(&found, value),
            Edit::Unset(_) if rest.is_empty() => self.unset(&found),
            Edit::Remove(..) | Edit::Unset(_) => Vec::new(),
        }
    }

    /// Follows a path as far as there are values, and returns the rest of it.
    fn find<'p>(&self, path: &'p [String]) -> (Found<'a>, &'p [String]) {
        let mut found = Found {
            value: self.root,
            inside: None,
            is_inline: self.format == Format::Json,
        };
        for (at, part) in path.iter().enumerate() {
            let next = match &found.value.kind {
                Kind::Table(fields) => {
                    fields
                        .iter()
                        .position(|field| field.name == *part)
                        .map(|number| {
                            (
                                number,
                                &fields[number].value,
                                self.is_inline(&fields[number]),
                            )
                        })
                }
                Kind::List(items) => index(part)
                    .filter(|number| *number < items.len())
                    .map(|number| (number, &items[number], found.is_inline)),
                _ => None,
            };
            let Some((number, value, is_inline)) = next else {
                return (found, &path[at..]);
            };
            found = Found {
                inside: Some((found.value, number)),
                value,
                is_inline,
            };
        }
        (found, &[])
    }

    /// Whether the value of a field stands after its name, and not below a header.
    fn is_inline(&self, field: &Field<'_>) -> bool {
        let between = self.text.get(field.name_range.end..field.value.range.start);
        between.is_some_and(|between| matches!(between.trim(), "=" | ":"))
    }

    fn set(&self, found: &Found<'a>, rest: &[String], value: &Value) -> Vec<Plan> {
        let Some((part, deeper)) = rest.split_first() else {
            return self.replace(found, value);
        };
        match &found.value.kind {
            Kind::Table(_) => self.insert_field(found, part, deeper, value),
            Kind::List(items) if found.is_inline => {
                let written = self.written(&wrapped(deeper, value), None);
                let ranges: Vec<Range<usize>> =
                    items.iter().map(|item| item.range.clone()).collect();
                let plan = |written: String| self.append(&found.value.range, &ranges, &written);
                written.map(plan).into_iter().collect()
            }
            Kind::Null => self.replace(found, &wrapped(rest, value)),
            _ => Vec::new(),
        }
    }

    fn replace(&self, found: &Found<'a>, value: &Value) -> Vec<Plan> {
        let written = self.written(value, Some(found.value));
        match written.filter(|_| found.is_inline && found.inside.is_some()) {
            Some(written) => vec![vec![(found.value.range.clone(), written)]],
            None => Vec::new(),
        }
    }

    fn add(&self, found: &Found<'a>, rest: &[String], value: &Value) -> Vec<Plan> {
        let list_of_one = Value::Array(vec![value.clone()]);
        match &found.value.kind {
            _ if !rest.is_empty() => self.set(found, rest, &list_of_one),
            Kind::Null => self.replace(found, &list_of_one),
            Kind::List(items) => {
                let number = items.len().to_string();
                self.set(found, &[number], value)
            }
            _ => {
                let raw = &self.text[found.value.range.clone()];
                let list = self
                    .written(value, Some(found.value))
                    .filter(|_| found.is_inline)
                    .map(|item| vec![(found.value.range.clone(), format!("[{raw}, {item}]"))]);
                list.into_iter().collect()
            }
        }
    }

    fn remove(&self, found: &Found<'a>, value: &Value) -> Vec<Plan> {
        let Kind::List(items) = &found.value.kind else {
            return self.replace(found, &Value::Array(Vec::new()));
        };
        let values: Vec<Value> = items.iter().map(Placed::value).collect();
        let mut matching = values.iter().enumerate().filter(|(_, item)| *item == value);
        let mut plans = Vec::new();
        if let (Some((number, _)), None) = (matching.next(), matching.next())
            && found.is_inline
        {
            let ranges: Vec<Range<usize>> = items.iter().map(|item| item.range.clone()).collect();
            plans.push(self.cut(&ranges, number));
        }
        let left = values.into_iter().filter(|item| item != value).collect();
        plans.extend(self.replace(found, &Value::Array(left)));
        plans
    }

    fn unset(&self, found: &Found<'a>) -> Vec<Plan> {
        let Some((parent, number)) = found.inside else {
            return Vec::new();
        };
        let in_brackets = self.format == Format::Json
            || self.text[parent.range.clone()].starts_with(['{', '['])
                && found.is_inline
                && !self.is_header(parent);
        match &parent.kind {
            Kind::Table(fields) if in_brackets => {
                let ranges: Vec<Range<usize>> = fields.iter().map(range_of_field).collect();
                vec![self.cut(&ranges, number)]
            }
            Kind::List(items) if in_brackets => {
                let ranges: Vec<Range<usize>> =
                    items.iter().map(|item| item.range.clone()).collect();
                vec![self.cut(&ranges, number)]
            }
            Kind::Table(fields) => self.lines_of_field(&fields[number]).into_iter().collect(),
            Kind::List(items) => self.lines_of_table(&items[number]).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// Whether a table of TOML has a header of its own.
    fn is_header(&self, table: &Placed<'_>) -> bool {
        let start = self.line_start(table.range.start);
        self.text[start..table.range.end]
            .trim_start()
            .starts_with('[')
            && self.text[start..table.range.start].trim().is_empty()
    }

    /// The lines of a field of TOML that lies in no braces, with those of all fields in it.
    fn lines_of_field(&self, field: &Field<'_>) -> Option<Plan> {
        if self.is_inline(field) {
            let start = self.line_start(field.name_range.start);
            let end = self.next_line(field.value.range.end);
            return Some(vec![(start..end, String::new())]);
        }
        match &field.value.kind {
            Kind::List(items) => {
                let plans: Option<Vec<Plan>> =
                    items.iter().map(|item| self.lines_of_table(item)).collect();
                Some(plans?.concat())
            }
            _ => self.lines_of_table(&field.value),
        }
    }

    fn lines_of_table(&self, table: &Placed<'_>) -> Option<Plan> {
        let mut plan = Plan::new();
        if self.is_header(table) {
            let start = self.line_start(table.range.start);
            plan.push((start..self.next_line(table.range.end), String::new()));
        }
        for field in table.fields() {
            plan.extend(self.lines_of_field(field)?);
        }
        // Dotted names may stand on one line for several tables.
        plan.dedup();
        Some(plan)
    }

    fn insert_field(
        &self,
        found: &Found<'a>,
        part: &str,
        deeper: &[String],
        value: &Value,
    ) -> Vec<Plan> {
        let table = found.value;
        let fields = table.fields();
        let is_root = found.inside.is_none();
        if self.format == Format::Json || found.is_inline {
            let Some(written) = self.written(&wrapped(deeper, value), None) else {
                return Vec::new();
            };
            let sign = if self.format == Format::Json {
                ": "
            } else {
                " = "
            };
            let new = format!("{}{sign}{written}", self.name(part));
            let ranges: Vec<Range<usize>> = fields.iter().map(range_of_field).collect();
            return vec![self.append(&table.range, &ranges, &new)];
        }
        // Names with dots make tables; numbers make lists.
        let names: Vec<&String> = deeper
            .iter()
            .take_while(|part| index(part).is_none())
            .collect();
        let Some(written) = self.written(&wrapped(&deeper[names.len()..], value), None) else {
            return Vec::new();
        };
        let name: String = names
            .iter()
            .map(|name| format!(".{}", self.name(name)))
            .collect();
        let line = format!("{}{name} = {written}{}", self.name(part), self.line_break);
        let inline = fields.iter().filter(|field| self.is_inline(field));
        if let Some(last) = inline.max_by_key(|field| field.value.range.end) {
            let start = self.line_start(last.name_range.start);
            let prefix = &self.text[start..last.name_range.start];
            let at = self.next_line(last.value.range.end);
            return vec![vec![(at..at, format!("{prefix}{line}"))]];
        }
        let at = match is_root {
            true => 0,
            false if self.is_header(table) => self.next_line(table.range.end),
            false => return Vec::new(),
        };
        vec![vec![(at..at, line)]]
    }

    /// Appends an item, with its name if it has one, to what stands in brackets or braces.
    fn append(&self, list: &Range<usize>, items: &[Range<usize>], new: &str) -> Plan {
        let has_sign = self.text[list.clone()].starts_with(['{', '[']);
        let close = match has_sign {
            true => list.end - 1,
            false => list.end,
        };
        let Some(last) = items.last() else {
            return vec![(close..close, new.to_owned())];
        };
        let Some(indent) = self.indent(last.start) else {
            return vec![(last.end..last.end, format!(", {new}"))];
        };
        let next_line = self.next_line(last.end);
        let line_break = self.line_break;
        if next_line > close {
            return vec![(last.end..last.end, format!(",{line_break}{indent}{new}"))];
        }
        // What follows on the last item in its line, such as a comment, belongs to it.
        let has_comma = self.text[last.end..].trim_start().starts_with(',');
        let (comma, end) = if has_comma { ("", ",") } else { (",", "") };
        vec![
            (last.end..last.end, comma.to_owned()),
            (
                next_line..next_line,
                format!("{indent}{new}{end}{line_break}"),
            ),
        ]
    }

    /// Takes an item out of what stands in brackets or braces.
    fn cut(&self, items: &[Range<usize>], number: usize) -> Plan {
        let item = &items[number];
        let before = number.checked_sub(1).map(|before| &items[before]);
        let after = items.get(number + 1);
        let comma = self.comma_after(item.end);
        let next_line = self.next_line(item.end);
        let is_alone = self.indent(item.start).is_some()
            && after.is_none_or(|after| after.start >= next_line)
            && self.text[item.end..next_line].trim_end().len() < next_line - item.end;
        match (before, after) {
            _ if is_alone => {
                let mut plan = vec![(self.line_start(item.start)..next_line, String::new())];
                // The item before is the last one now.
                if let (Some(before), None, None) = (before, after, comma) {
                    plan.extend(
                        self.comma_after(before.end)
                            .map(|comma| (comma, String::new())),
                    );
                }
                plan
            }
            (_, Some(after)) => vec![(item.start..after.start, String::new())],
            (Some(before), None) => vec![(before.end..item.end, String::new())],
            (None, None) => {
                let end = comma.map_or(item.end, |comma| comma.end);
                vec![(item.start..end, String::new())]
            }
        }
    }

    fn comma_after(&self, at: usize) -> Option<Range<usize>> {
        let rest = &self.text[at..];
        let space = rest.len() - rest.trim_start().len();
        rest[space..]
            .starts_with(',')
            .then_some(at + space..at + space + 1)
    }

    fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |end| end + 1)
    }

    fn next_line(&self, at: usize) -> usize {
        let rest = &self.text[at..];
        at + rest.find('\n').map_or(rest.len(), |end| end + 1)
    }

    /// The spaces before what begins its line; none if something else stands before it.
    fn indent(&self, at: usize) -> Option<&'a str> {
        let start = self.line_start(at);
        let before = &self.text[start..at];
        (before.trim().is_empty() && start > 0).then_some(before)
    }

    /// The name of a field as it is written.
    fn name(&self, name: &str) -> String {
        let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
        let bare = self.format == Format::Toml && !name.is_empty() && name.bytes().all(is_bare);
        if bare { name.to_owned() } else { quoted(name) }
    }

    /// A value as it is written; none when the format has no such value. `old` is what it replaces.
    fn written(&self, value: &Value, old: Option<&Placed<'_>>) -> Option<String> {
        let is_toml = self.format == Format::Toml;
        Some(match value {
            Value::Null if is_toml => return None,
            Value::String(text) => {
                let raw = old.map_or("", |old| &self.text[old.range.clone()]);
                let is_date = matches!(old.map(|old| &old.kind), Some(Kind::Date(_)));
                let is_literal = raw.starts_with('\'') && !raw.starts_with("'''");
                if is_date && text.parse::<Datetime>().is_ok() {
                    text.clone()
                } else if is_literal && !text.contains(|c: char| c == '\'' || c.is_control()) {
                    format!("'{text}'")
                } else {
                    quoted(text)
                }
            }
            Value::Array(items) => {
                let items: Option<Vec<String>> =
                    items.iter().map(|item| self.written(item, None)).collect();
                format!("[{}]", items?.join(", "))
            }
            Value::Object(fields) => {
                let sign = if is_toml { " =" } else { ":" };
                let fields: Option<Vec<String>> = fields
                    .iter()
                    .map(|(name, value)| {
                        let value = self.written(value, None)?;
                        Some(format!("{}{sign} {value}", self.name(name)))
                    })
                    .collect();
                format!("{{{}}}", fields?.join(", "))
            }
            other => other.to_string(),
        })
    }
}

fn range_of_field(field: &Field<'_>) -> Range<usize> {
    field.name_range.start..field.value.range.end
}

/// A text in double quotes, as JSON and TOML both read it.
fn quoted(text: &str) -> String {
    Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

/// A value inside the tables and lists that a path names.
fn wrapped(path: &[String], value: &Value) -> Value {
    path.iter().rev().fold(value.clone(), |value, part| {
        if index(part).is_some() {
            Value::Array(vec![value])
        } else {
            Value::Object([(part.clone(), value)].into_iter().collect())
        }
    })
}
