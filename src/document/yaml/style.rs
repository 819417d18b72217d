//! How values are written: plain where that is unambiguous, in the quotes that were there, or in
//! quotes that hold everything.

use serde_json::Value;

use super::tree::Style;

/// The forms in which a scalar may be written, the best one first. `old` is how the value was
/// written that it replaces. Only the last is sure to be read as meant, so that the caller tries
/// one after the other. A block of text stands `indent` columns from the left.
pub(super) fn scalar(value: &Value, old: Option<Style>, in_flow: bool, indent: usize) -> Vec<Form> {
    let Value::String(text) = value else {
        return vec![Form::Inline(value.to_string())];
    };
    let mut forms = Vec::new();
    let is_plain = is_plain(text, in_flow);
    match old {
        Some(Style::Single) => forms.extend(single(text).map(Form::Inline)),
        Some(Style::Literal | Style::Folded) => forms.extend(block(text, old, indent)),
        Some(Style::Double) => {}
        Some(Style::Plain | Style::Empty) | None => {
            forms.extend(is_plain.then(|| Form::Inline(text.clone())));
        }
    }
    forms.push(Form::Inline(double(text)));
    forms
}

/// A scalar as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// On the line of its field.
    Inline(String),
    /// A header on the line of its field, and lines below.
    Block(String, Vec<String>),
}

/// A scalar on one line.
pub(super) fn inline(value: &Value, in_flow: bool) -> String {
    match value {
        Value::String(text) if is_plain(text, in_flow) => text.clone(),
        Value::String(text) => double(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| inline(item, true)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .map(|(name, value)| format!("{}: {}", key(name), inline(value, true)))
                .collect();
            format!("{{{}}}", fields.join(", "))
        }
        other => other.to_string(),
    }
}

/// The lines of a value below the line of its field or after its dash, each `indent` columns from
/// the left.
pub(super) fn lines(value: &Value, indent: usize, step: Step) -> Vec<String> {
    let margin = " ".repeat(indent);
    match value {
        Value::Array(items) if !items.is_empty() => items
            .iter()
            .flat_map(|item| dashed(item, indent, step))
            .collect(),
        Value::Object(fields) if !fields.is_empty() => fields
            .iter()
            .flat_map(|(name, value)| field(name, value, indent, step))
            .collect(),
        other => vec![format!("{margin}{}", inline(other, false))],
    }
}

/// How far lists and tables stand from the field that has them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    /// Columns between a field and the dashes of its list.
    pub(super) list: usize,
    /// Columns between a field and the fields of its table.
    pub(super) table: usize,
}

/// The lines of a field.
pub(super) fn field(name: &str, value: &Value, indent: usize, step: Step) -> Vec<String> {
    let margin = " ".repeat(indent);
    let below = match value {
        Value::Array(items) if !items.is_empty() => step.list,
        Value::Object(fields) if !fields.is_empty() => step.table,
        other => return vec![format!("{margin}{}: {}", key(name), inline(other, false))],
    };
    let mut lines_of_field = vec![format!("{margin}{}:", key(name))];
    lines_of_field.extend(lines(value, indent + below, step));
    lines_of_field
}

/// The lines of an item of a list, with its dash.
pub(super) fn dashed(item: &Value, indent: usize, step: Step) -> Vec<String> {
    let mut found = lines(item, indent + 2, step);
    if let Some(first) = found.first_mut() {
        *first = format!("{}- {}", " ".repeat(indent), first.trim_start_matches(' '));
    }
    found
}

/// The name of a field.
pub(super) fn key(name: &str) -> String {
    if is_plain(name, true) {
        name.to_owned()
    } else {
        double(name)
    }
}

/// `"…"`, which holds any text (YAML 1.2.2, section 7.3.1).
fn double(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if is_printable(c) => quoted.push(c),
            c if u32::from(c) > 0xffff => quoted.push_str(&format!("\\U{:08X}", u32::from(c))),
            c => quoted.push_str(&format!("\\u{:04X}", u32::from(c))),
        }
    }
    quoted.push('"');
    quoted
}

/// `'…'`, if it can hold the text.
fn single(text: &str) -> Option<String> {
    let fits = text.chars().all(|c| c != '\n' && is_printable(c));
    fits.then(|| format!("'{}'", text.replace('\'', "''")))
}

/// A block of text, if it can hold the text.
fn block(text: &str, old: Option<Style>, indent: usize) -> Option<Form> {
    let content = text.trim_end_matches('\n');
    let breaks = text.len() - content.len();
    let fits = content.chars().all(|c| c == '\n' || is_printable(c));
    // Space at the end of a line is easily lost in a text editor, at the start it needs a number.
    let has_edge_space = |line: &str| line.starts_with([' ', '\t']) || line.ends_with([' ', '\t']);
    if !fits || content.is_empty() || content.lines().any(has_edge_space) || breaks > 1 {
        return None;
    }
    let is_folded = old == Some(Style::Folded) && !content.contains('\n');
    let header = format!(
        "{}{}",
        if is_folded { '>' } else { '|' },
        if breaks == 0 { "-" } else { "" }
    );
    let margin = " ".repeat(indent);
    let lines = content.split('\n').map(|line| match line {
        "" => String::new(),
        line => format!("{margin}{line}"),
    });
    Some(Form::Block(header, lines.collect()))
}

/// Characters that YAML lets stand for themselves (YAML 1.2.2, section 5.1), but for those that an
/// editor does not show.
fn is_printable(c: char) -> bool {
    match c {
        '\u{85}' | '\u{feff}' | '\u{2028}' | '\u{2029}' => false,
        ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' => true,
        c => c >= '\u{10000}',
    }
}

/// Whether a text can stand without quotes and is read as that text by YAML 1.1 and 1.2. Points in
/// time are what YAML 1.1 has a type for; those of front matters are written without quotes, and
/// whoever reads them wants a point in time.
pub(super) fn is_plain(text: &str, in_flow: bool) -> bool {
    /// What YAML 1.1 (<https://yaml.org/type/>) or 1.2 takes for something else than text.
    const WORDS: [&str; 15] = [
        "true",
        "false",
        "yes",
        "no",
        "on",
        "off",
        "y",
        "n",
        "null",
        "nan",
        "inf",
        "infinity",
        "undefined",
        "none",
        "nil",
    ];
    if is_time(text) {
        return true;
    }
    let is_word = WORDS.iter().any(|word| word.eq_ignore_ascii_case(text));
    let first_fits = text.chars().next().is_some_and(char::is_alphabetic);
    let last_fits = !text.ends_with([' ', ':']);
    let flow_signs: &[char] = if in_flow {
        &['[', ']', '{', '}', ',', ':']
    } else {
        &[]
    };
    let is_cut = text.contains(": ") || text.contains(" #") || text.contains(flow_signs);
    let middle_fits = text.chars().all(is_printable) && !is_cut;
    first_fits && last_fits && middle_fits && !is_word
}

/// Whether a text is a date, or a date and time as RFC 3339 writes it.
fn is_time(text: &str) -> bool {
    let shape: String = text
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    let Some(rest) = shape.strip_prefix("0000-00-00") else {
        return false;
    };
    let Some(rest) = rest.strip_prefix(['T', ' ']) else {
        return rest.is_empty();
    };
    let Some(rest) = rest.strip_prefix("00:00:00") else {
        return false;
    };
    let fraction = rest.strip_prefix('.').unwrap_or(rest);
    let zone = fraction.trim_start_matches('0');
    matches!(zone, "Z" | "+00:00" | "-00:00")
        && (zone.len() == fraction.len()) == (rest == fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_unambiguous_is_plain() {
        for text in [
            "A title",
            "Chips & more",
            "é",
            "https://example.org/a#b?c=d",
            "don't",
            "2026-11-25",
            "2026-11-25T10:00:00Z",
            "2026-11-25 10:00:00.5+01:00",
            "a, b [c]",
            "theverge.com",
        ] {
            assert!(is_plain(text, false), "{text}");
        }
        for text in [
            "",
            " a",
            "a ",
            "a: b",
            "a #b",
            "a:",
            "yes",
            "No",
            "~",
            "null",
            "80",
            "-1",
            "1e3",
            "0x1F",
            "1:30",
            ".inf",
            "NaN",
            "- a",
            "[a]",
            "{a",
            "*a",
            "&a",
            "!a",
            "|",
            ">",
            "%",
            "@a",
            "`a",
            "\"a\"",
            "'a'",
            "#a",
            "a\nb",
            "a\u{feff}",
            "2026-11-25T10:00",
            "2026-11-25T10:00:00.Z",
            "=",
            "<<",
            "a\tb",
            "?",
            "10 reasons",
        ] {
            assert!(!is_plain(text, false), "{text}");
        }
        assert!(!is_plain("a, b", true) && is_plain("a b", true));
    }

    #[test]
    fn quotes_hold_everything() {
        assert_eq!(double("a\"b\\\n—\u{feff}😀"), "\"a\\\"b\\\\\\n—\\uFEFF😀\"");
        assert_eq!(single("it's").as_deref(), Some("'it''s'"));
        assert_eq!(single("a\nb"), None);
    }
}
