//! Which bytes of a YAML block an edit changes: several ways for some edits, the best one first.
//! The caller takes the first one after which the block means what it must.

use std::ops::Range;

use serde_json::Value;

use super::super::plan::Plan;
use super::style::{self, Form, Step};
use super::tree::{Entry, Item, Kind, Node, Style, column, line_end, line_start, next_line};
use crate::document::path::{FieldPath, index};

/// A block that is to be edited.
pub(super) struct Block<'a> {
    /// Its text.
    pub(super) text: &'a str,
    /// Its values; none when there are none.
    pub(super) root: Option<&'a Node>,
    /// How its lines end.
    pub(super) line_break: &'a str,
}

/// The values that a path leads through.
struct Found<'a> {
    /// The deepest value that there is.
    node: &'a Node,
    /// What it lies in.
    parent: Option<Parent<'a>>,
    /// Whether it lies in brackets or braces.
    in_flow: bool,
    /// The parts of the path that lead further.
    rest: &'a [String],
}

/// What a value lies in.
#[derive(Clone, Copy)]
struct Parent<'a> {
    node: &'a Node,
    parent: Option<&'a Found<'a>>,
    /// Which of its fields or items the value is.
    number: usize,
}

impl<'a> Block<'a> {
    /// Ways to set a field to a value. `old` is the value that it has.
    pub(super) fn set(&self, path: &FieldPath, old: Option<&Value>, value: &Value) -> Vec<Plan> {
        let Some(root) = self.root else {
            let (first, rest) = match path.parts().split_first() {
                Some(parts) => parts,
                None => return Vec::new(),
            };
            let lines = style::field(first, &wrap(value, rest), 0, self.step());
            return vec![vec![(self.text.len()..self.text.len(), self.ended(&lines))]];
        };
        self.walk(root, path, |found| match found.rest.split_first() {
            None => self.replace(found, old, value),
            Some((part, rest)) => match &found.node.kind {
                Kind::Table { .. } => self.insert_field(found, part, &wrap(value, rest)),
                Kind::List { .. } => self.insert_item(found, &wrap(value, rest)),
                Kind::Scalar(_) => self.replace(found, None, &wrap(value, found.rest)),
                Kind::Alias => Vec::new(),
            },
        })
    }

    /// Ways to add an item to a list. `old` is the value that the field has.
    pub(super) fn add(&self, path: &FieldPath, old: Option<&Value>, value: &Value) -> Vec<Plan> {
        let list_of_one = Value::Array(vec![value.clone()]);
        match old {
            None | Some(Value::Null) => self.set(path, old, &list_of_one),
            Some(Value::Array(_)) => self.with(path, |found| match found.node.kind {
                Kind::List { .. } => self.insert_item(found, value),
                _ => Vec::new(),
            }),
            Some(old) => self.with(path, |found| {
                let range = found.node.range.clone();
                let item = style::inline(value, true);
                // The text that is there stays as it is, if it can stand in brackets.
                let kept = format!("[{}, {item}]", &self.text[range.clone()]);
                let new = style::inline(&Value::Array(vec![old.clone(), value.clone()]), true);
                let new = format!("{new}{}", self.header_comment(found.node));
                vec![vec![(range.clone(), kept)], vec![(range, new)]]
            }),
        }
    }

    /// Ways to take items out of a list. `old` is the value that the field has.
    pub(super) fn remove(&self, path: &FieldPath, old: &Value, value: &Value) -> Vec<Plan> {
        let left = match old {
            Value::Array(items) => items
                .iter()
                .filter(|item| *item != value)
                .cloned()
                .collect(),
            _ => Vec::new(),
        };
        self.with(path, |found| {
            self.replace(found, Some(old), &Value::Array(left))
        })
    }

    /// Ways to take a field or an item out.
    pub(super) fn unset(&self, path: &FieldPath) -> Vec<Plan> {
        self.with(path, |found| {
            let Some(parent) = found.parent else {
                return Vec::new();
            };
            let cut = self.cut(parent.node, &[parent.number]);
            let holder = parent.parent.filter(|holder| holder.parent.is_some());
            match (cut, holder) {
                (Some(plan), _) => vec![plan],
                // Nothing would be left of what it lies in.
                (None, Some(holder)) => {
                    let is_list = matches!(parent.node.kind, Kind::List { .. });
                    let empty = if is_list { "[]" } else { "{}" };
                    self.inline(holder, empty).into_iter().collect()
                }
                (None, None) => {
                    let all = 0..self.text.len();
                    let range = match &parent.node.kind {
                        Kind::Table { entries, .. } => entries.first().map(|entry| {
                            line_start(self.text, entry.key.start)
                                ..next_line(self.text, entry.node.range.end)
                        }),
                        _ => None,
                    };
                    vec![vec![(range.unwrap_or(all), String::new())]]
                }
            }
        })
    }

    /// Finds the deepest value on the way of a path.
    fn walk<T>(&self, root: &Node, path: &FieldPath, then: impl FnOnce(&Found<'_>) -> T) -> T {
        let top = Found {
            node: root,
            parent: None,
            in_flow: false,
            rest: path.parts(),
        };
        descend(&top, then)
    }

    /// Works on the value at a path; no way when there is none.
    fn with(&self, path: &FieldPath, then: impl FnOnce(&Found<'_>) -> Vec<Plan>) -> Vec<Plan> {
        let Some(root) = self.root else {
            return Vec::new();
        };
        self.walk(root, path, |found| {
            if found.rest.is_empty() {
                then(found)
            } else {
                Vec::new()
            }
        })
    }

    /// Ways to put a value in the place of another.
    fn replace(&self, found: &Found<'_>, old: Option<&Value>, new: &Value) -> Vec<Plan> {
        let node = found.node;
        let is_filled = match new {
            Value::Array(items) => !items.is_empty(),
            Value::Object(fields) => !fields.is_empty(),
            _ => return self.replace_by_scalar(found, new),
        };
        let mut plans = Vec::new();
        if let (Some(Value::Array(old)), Value::Array(new)) = (old, new) {
            plans.extend(self.change_list(found, old, new));
        }
        if is_filled && !found.in_flow {
            plans.extend(self.replace_by_lines(found, new));
        }
        let is_flow_list = matches!(node.kind, Kind::List { is_flow: true, .. });
        let text = style::inline(new, found.in_flow);
        let inline = self.inline(found, &text);
        // What stands in brackets stays in brackets; the rest of the lists has a line for each
        // item.
        if is_flow_list {
            plans.truncate(1);
        }
        plans.extend(inline);
        plans
    }

    fn replace_by_scalar(&self, found: &Found<'_>, new: &Value) -> Vec<Plan> {
        let node = found.node;
        let old = match node.kind {
            Kind::Scalar(style) => Some(style),
            _ => None,
        };
        let indent = self.text[node.range.clone()]
            .lines()
            .skip(1)
            .find(|line| !line.trim().is_empty())
            .map_or(2, |line| line.len() - line.trim_start_matches(' ').len());
        let comment = self.header_comment(node);
        let forms = style::scalar(new, old, found.in_flow, indent);
        let plans = forms.iter().filter_map(|form| match form {
            Form::Inline(text) => self.inline(found, &format!("{text}{comment}")),
            Form::Block(header, lines) => {
                let text = [&[format!("{header}{comment}")], lines.as_slice()].concat();
                Some(vec![(node.range.clone(), text.join(self.line_break))])
            }
        });
        plans.collect()
    }

    /// The comment behind the header of a block of text, with the blank before it.
    fn header_comment(&self, node: &Node) -> &str {
        let header = self.text[node.range.clone()].lines().next();
        let is_block = matches!(node.kind, Kind::Scalar(Style::Literal | Style::Folded));
        let header = header.filter(|_| is_block).unwrap_or_default();
        header.find(" #").map_or("", |at| &header[at..])
    }

    /// Puts a text on one line in the place of a value.
    fn inline(&self, found: &Found<'_>, text: &str) -> Option<Plan> {
        let node = found.node;
        let is_block = match &node.kind {
            Kind::Scalar(Style::Empty) => {
                let at = node.range.start;
                return Some(vec![(at..at, format!(" {text}"))]);
            }
            Kind::List { is_flow, .. } | Kind::Table { is_flow, .. } => !is_flow,
            Kind::Scalar(_) | Kind::Alias => false,
        };
        if !is_block {
            return Some(vec![(node.range.clone(), text.to_owned())]);
        }
        let after = after_mark(found)?;
        let end = line_end(self.text, node.range.end);
        let line = line_end(self.text, after);
        if node.range.start < line {
            return Some(vec![(after..end, format!(" {text}"))]);
        }
        // A comment on the line of the field stays.
        Some(vec![
            (after..after, format!(" {text}")),
            (line..end, String::new()),
        ])
    }

    /// Puts lines in the place of a value that has lines of its own, or of nothing.
    fn replace_by_lines(&self, found: &Found<'_>, new: &Value) -> Option<Plan> {
        let node = found.node;
        match (&node.kind, new) {
            (Kind::List { is_flow: false, .. }, Value::Array(_))
            | (Kind::Table { is_flow: false, .. }, Value::Object(_)) => {
                let lines = style::lines(new, column(self.text, node.range.start), self.step());
                let lines = lines.join(self.line_break);
                let end = line_end(self.text, node.range.end);
                let text = lines.trim_start_matches(' ').to_owned();
                Some(vec![(node.range.start..end, text)])
            }
            (Kind::Scalar(Style::Empty), _) => {
                let parent = found.parent?;
                let Kind::Table { entries, .. } = &parent.node.kind else {
                    return None;
                };
                let step = self.step();
                let below = if new.is_array() {
                    step.list
                } else {
                    step.table
                };
                let indent = column(self.text, entries.get(parent.number)?.key.start) + below;
                let at = line_end(self.text, node.range.end);
                Some(vec![(at..at, self.begun(&style::lines(new, indent, step)))])
            }
            _ => None,
        }
    }

    /// Brings a list from one value to another by taking items out and adding others at its end.
    fn change_list(&self, found: &Found<'_>, old: &[Value], new: &[Value]) -> Option<Plan> {
        let Kind::List { items, is_flow } = &found.node.kind else {
            return None;
        };
        let gone: Vec<usize> = (0..old.len())
            .filter(|at| !new.contains(&old[*at]))
            .collect();
        let kept: Vec<usize> = (0..old.len()).filter(|at| !gone.contains(at)).collect();
        let added = new.get(kept.len()..)?;
        let stays = kept.iter().zip(new).all(|(at, value)| old[*at] == *value);
        let last = items.get(*kept.last()?)?;
        if !stays || items.len() != old.len() {
            return None;
        }
        let mut plan = self.cut(found.node, &gone)?;
        if added.is_empty() {
            return Some(plan);
        }
        if *is_flow {
            let texts = added.iter().map(|value| style::inline(value, true));
            let text: String = texts.map(|text| format!(", {text}")).collect();
            plan.push((last.node.range.end..last.node.range.end, text));
        } else {
            let indent = column(self.text, items.first()?.start);
            let lines: Vec<String> = added
                .iter()
                .flat_map(|value| style::dashed(value, indent, self.step()))
                .collect();
            let at = line_end(self.text, last.node.range.end);
            plan.push((at..at, self.begun(&lines)));
        }
        Some(plan)
    }

    /// Takes fields or items out; none when nothing would be left.
    fn cut(&self, node: &Node, gone: &[usize]) -> Option<Plan> {
        let parts: Vec<(usize, usize)> = match &node.kind {
            Kind::List { items, .. } => items
                .iter()
                .map(|item| (item.start, item.node.range.end.max(item.start)))
                .collect(),
            Kind::Table { entries, .. } => entries
                .iter()
                .map(|entry| (entry.key.start, entry.node.range.end))
                .collect(),
            _ => return None,
        };
        let is_flow = matches!(
            node.kind,
            Kind::List { is_flow: true, .. } | Kind::Table { is_flow: true, .. }
        );
        let first_kept = (0..parts.len()).find(|at| !gone.contains(at))?;
        let cut = gone.iter().map(|&at| {
            let (start, end) = parts[at];
            let line = line_start(self.text, start);
            let range = if is_flow && at > first_kept {
                parts[at - 1].1..end
            } else if is_flow || !self.text[line..start].trim().is_empty() {
                // The first one of a list or table that begins after a dash.
                start..parts.get(at + 1)?.0
            } else {
                line..next_line(self.text, end)
            };
            Some((range, String::new()))
        });
        cut.collect()
    }

    /// Ways to add a field to a table.
    fn insert_field(&self, found: &Found<'_>, name: &str, value: &Value) -> Vec<Plan> {
        let Kind::Table { is_flow, entries } = &found.node.kind else {
            return Vec::new();
        };
        let text = format!("{}: {}", style::key(name), style::inline(value, true));
        let Some(last) = entries.last() else {
            return vec![vec![(found.node.range.clone(), format!("{{{text}}}"))]];
        };
        let end = last.node.range.end;
        if *is_flow || found.in_flow {
            return vec![self.insert_in_flow(entries.iter().map(entry_range), &text)];
        }
        let indent = column(
            self.text,
            entries.first().map_or(0, |entry| entry.key.start),
        );
        self.insert_lines(end, &style::field(name, value, indent, self.step()))
    }

    /// Ways to add an item to a list.
    fn insert_item(&self, found: &Found<'_>, value: &Value) -> Vec<Plan> {
        let Kind::List { is_flow, items } = &found.node.kind else {
            return Vec::new();
        };
        let text = style::inline(value, true);
        let Some((first, last)) = items.first().zip(items.last()) else {
            return vec![vec![(found.node.range.clone(), format!("[{text}]"))]];
        };
        if *is_flow || found.in_flow {
            return vec![self.insert_in_flow(items.iter().map(item_range), &text)];
        }
        let indent = column(self.text, first.start);
        let end = last.node.range.end.max(last.start + 1);
        self.insert_lines(end, &style::dashed(value, indent, self.step()))
    }

    /// Adds a part behind the last one in brackets or braces: on a line of its own if that one has
    /// a line of its own.
    fn insert_in_flow(&self, parts: impl Iterator<Item = Range<usize>>, text: &str) -> Plan {
        let parts: Vec<Range<usize>> = parts.collect();
        let Some(last) = parts.last() else {
            return Vec::new();
        };
        let line = line_start(self.text, last.start);
        let end = line_end(self.text, last.end);
        let margin = &self.text[line..last.start];
        let rest = self.text[last.end..end].trim_start();
        let comma = rest.strip_prefix(',');
        let after = comma.unwrap_or(rest).trim_start();
        if margin.trim().is_empty() && (after.is_empty() || after.starts_with('#')) {
            let comma = if comma.is_some() { "," } else { "" };
            let text = format!("{}{margin}{text}{comma}", self.line_break);
            let mut plan = vec![(end..end, text)];
            if comma.is_empty() {
                plan.push((last.end..last.end, ",".to_owned()));
            }
            return plan;
        }
        vec![(last.end..last.end, format!(", {text}"))]
    }

    /// Adds lines after what ends at a place: at once, or after the blank lines that follow, which
    /// may be part of it.
    fn insert_lines(&self, end: usize, lines: &[String]) -> Vec<Plan> {
        let near = line_end(self.text, end);
        let after_blank = skip_blank_lines(self.text, next_line(self.text, end));
        vec![
            vec![(near..near, self.begun(lines))],
            vec![(after_blank..after_blank, self.ended(lines))],
        ]
    }

    /// Lines, with a line break before each.
    fn begun(&self, lines: &[String]) -> String {
        lines
            .iter()
            .flat_map(|line| [self.line_break, line.as_str()])
            .collect()
    }

    /// Lines, with a line break after each.
    fn ended(&self, lines: &[String]) -> String {
        lines
            .iter()
            .flat_map(|line| [line.as_str(), self.line_break])
            .collect()
    }

    /// How the block indents: as its first list and its first table do, else by two columns.
    fn step(&self) -> Step {
        let mut step = (None, None);
        if let Some(root) = self.root {
            self.find_step(root, &mut step);
        }
        Step {
            list: step.0.unwrap_or(2),
            table: step.1.filter(|columns| *columns > 0).unwrap_or(2),
        }
    }

    fn find_step(&self, node: &Node, step: &mut (Option<usize>, Option<usize>)) {
        match &node.kind {
            Kind::Table {
                entries,
                is_flow: false,
            } => {
                for entry in entries {
                    let below = || {
                        let start = column(self.text, entry.node.range.start);
                        start.checked_sub(column(self.text, entry.key.start))
                    };
                    match entry.node.kind {
                        Kind::List { is_flow: false, .. } => step.0 = step.0.or_else(below),
                        Kind::Table { is_flow: false, .. } => step.1 = step.1.or_else(below),
                        _ => {}
                    }
                    self.find_step(&entry.node, step);
                }
            }
            Kind::List {
                items,
                is_flow: false,
            } => {
                items
                    .iter()
                    .for_each(|item| self.find_step(&item.node, step));
            }
            _ => {}
        }
    }
}

fn descend<T>(found: &Found<'_>, then: impl FnOnce(&Found<'_>) -> T) -> T {
    let next = found.rest.split_first().and_then(|(part, rest)| {
        let (number, node, is_flow) = match &found.node.kind {
            Kind::Table { entries, is_flow } => {
                let number = entries.iter().position(|entry| entry.name == *part)?;
                (number, &entries[number].node, *is_flow)
            }
            Kind::List { items, is_flow } => {
                let number = index(part)?;
                (number, &items.get(number)?.node, *is_flow)
            }
            Kind::Scalar(_) | Kind::Alias => return None,
        };
        Some((number, node, found.in_flow || is_flow, rest))
    });
    match next {
        None => then(found),
        Some((number, node, in_flow, rest)) => descend(
            &Found {
                node,
                parent: Some(Parent {
                    node: found.node,
                    parent: Some(found),
                    number,
                }),
                in_flow,
                rest,
            },
            then,
        ),
    }
}

/// The place after the colon or dash before a value.
fn after_mark(found: &Found<'_>) -> Option<usize> {
    let parent = found.parent?;
    match &parent.node.kind {
        Kind::Table { entries, .. } => Some(entries.get(parent.number)?.colon + 1),
        Kind::List { items, is_flow } => {
            Some(items.get(parent.number)?.start + usize::from(!is_flow))
        }
        Kind::Scalar(_) | Kind::Alias => None,
    }
}

fn entry_range(entry: &Entry) -> Range<usize> {
    entry.key.start..entry.node.range.end
}

fn item_range(item: &Item) -> Range<usize> {
    item.start..item.node.range.end.max(item.start)
}

/// The place where the next line begins that is not blank.
fn skip_blank_lines(text: &str, from: usize) -> usize {
    let mut at = from;
    while at < text.len() && text[at..line_end(text, at)].trim().is_empty() {
        at = next_line(text, at);
    }
    at
}

/// A value within the tables and lists that a path leads through.
fn wrap(value: &Value, parts: &[String]) -> Value {
    parts.iter().rev().fold(value.clone(), |value, part| {
        if index(part).is_some() {
            Value::Array(vec![value])
        } else {
            Value::Object([(part.clone(), value)].into_iter().collect())
        }
    })
}
