//! What serde and the YAML parser complain of → a diagnostic in the words of somebody who writes
//! articles.

use super::split;
use crate::diagnostic::{Diagnostic, Location, one_line};

/// The diagnostic for an error in a front matter.
pub(super) fn explain(
    path: &str,
    matter: &str,
    lines_before: usize,
    error: &serde_yaml::Error,
) -> Diagnostic {
    let text = error.to_string();
    let raw = match error.location() {
        Some(location) => text.replace(
            &format!(" at line {} column {}", location.line(), location.column()),
            "",
        ),
        None => text,
    };
    let diagnostic = told("yaml", in_words(&raw, true).unwrap_or_else(|| {
        let help = "text with a colon, a quote or a # in it must stand in quotes; the fields of a \
                    table are indented alike";
        (format!("this is not YAML: {raw}"), Some(help))
    }));
    let twice = raw
        .split_once("duplicate field `")
        .and_then(|(_, rest)| second_line(matter, rest.trim_end_matches('`')));
    match (twice, error.location()) {
        (Some(line), _) => {
            let location = Location::at(path, matter, line, 1);
            diagnostic.at(Location {
                line: location.line + lines_before,
                ..location
            })
        }
        (None, Some(location)) => {
            let location = Location::at(path, matter, location.line(), location.column());
            diagnostic.at(Location {
                line: location.line + lines_before,
                ..location
            })
        }
        (None, None) => diagnostic.at(Location::file(path)),
    }
}

/// The diagnostic for a value of TOML or JSON that does not fit, without its place.
pub(super) fn misfit(raw: &str) -> Diagnostic {
    let unknown = || (format!("the front matter cannot be read: {raw}"), None);
    told("front-matter", in_words(raw, false).unwrap_or_else(unknown))
}

fn told(code: &'static str, (message, help): (String, Option<&'static str>)) -> Diagnostic {
    let diagnostic = Diagnostic::error(code, message);
    match help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

/// The number of the line where a field at the top stands for the second time.
fn second_line(matter: &str, field: &str) -> Option<usize> {
    let indent = split::indentation(matter);
    let is_field = |line: &str| {
        line.strip_prefix(indent)
            .and_then(|line| line.strip_prefix(field))
            .is_some_and(|rest| rest.starts_with(':'))
    };
    matter
        .lines()
        .enumerate()
        .filter(|(_, line)| is_field(line))
        .nth(1)
        .map(|(at, _)| at + 1)
}

/// What serde says of a value that does not fit, in the words of somebody who writes articles, and
/// advice.
fn in_words(raw: &str, is_yaml: bool) -> Option<(String, Option<&'static str>)> {
    if raw.contains("recursion limit") {
        return Some(("the front matter is nested too deeply".to_owned(), None));
    }
    if let Some((_, field)) = raw.split_once("duplicate field `") {
        return Some((
            format!("the field `{} stands twice", one_line(field)),
            Some("keep one of the two"),
        ));
    }
    if let Some((before, wrong)) = raw
        .split_once("invalid type: ")
        .or_else(|| raw.split_once("invalid value: "))
        && let Some((found, wanted)) = wrong.split_once(", expected ")
    {
        let field = match before.trim_end_matches(": ") {
            "" => "the front matter".to_owned(),
            field => format!("`{field}`"),
        };
        let found = match found.split_once(' ').map_or(found, |(kind, _)| kind) {
            "sequence" => "a list",
            "map" => "a table",
            "unit" | "Option" => "nothing",
            _ => found
                .split_once(['`', '"'])
                .map_or(found, |(_, value)| value.trim_end_matches(['`', '"'])),
        };
        let (wanted, help) = match wanted {
            "a boolean" => ("true or false", None),
            "a sequence" => (
                "a list",
                Some(match is_yaml {
                    true => "write each item on a line of its own, after `- `",
                    false => "write the items in brackets, with commas between them",
                }),
            ),
            "text" => ("text", Some("put the value in quotes")),
            "i64" | "u16" | "u32" => ("a whole number", None),
            table if table.starts_with("struct ") => (
                "a table",
                is_yaml.then_some("write its fields on lines of their own, indented"),
            ),
            other => (other, None),
        };
        return Some((format!("{field} must be {wanted}, and is {found}"), help));
    }
    None
}
