//! Errors of serde and of the YAML parser → a diagnostic in the words of somebody who writes
//! articles.

use saphyr_parser::{Event, Parser};

use super::split;
use crate::diagnostic::{Diagnostic, Location, one_line};

/// What is said of a mistake.
struct Explanation {
    message: String,
    help: Option<&'static str>,
    /// Line and column in the block, from 1.
    place: Option<(usize, usize)>,
}

/// The diagnostic for an error in a front matter.
pub(super) fn explain(
    path: &str,
    matter: &str,
    lines_before: usize,
    error: &serde_yaml::Error,
) -> Diagnostic {
    let raw = without_places(&error.to_string());
    let place = error
        .location()
        .map(|location| (location.line(), location.column()));
    diagnostic(path, matter, lines_before, explained(&raw, matter, place))
}

/// The diagnostic for a value of TOML or JSON that does not fit, without its place.
pub(super) fn type_mismatch(raw: &str) -> Diagnostic {
    let twice = || {
        let (_, field) = raw.split_once("duplicate field `")?;
        let field = one_line(field.trim_end_matches('`'));
        Some((
            format!("the field `{field}` is set twice"),
            Some("remove one of the two"),
        ))
    };
    let explained = wrong_type(raw, false).or_else(twice);
    let (message, help) =
        explained.unwrap_or_else(|| (format!("the front matter cannot be read: {raw}"), None));
    let diagnostic = Diagnostic::error("front-matter", message);
    match help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

fn diagnostic(path: &str, matter: &str, lines_before: usize, explained: Explanation) -> Diagnostic {
    let location = match explained.place {
        Some((line, column)) => {
            let location = Location::at(path, matter, line, column);
            Location {
                line: location.line + lines_before,
                ..location
            }
        }
        None => Location::file(path),
    };
    let diagnostic = Diagnostic::error("yaml", explained.message).at(location);
    match explained.help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

/// A message without ` at line 1 column 8` and ` at position 25`: its lines are those of the block,
/// and the diagnostic shows those of the file.
fn without_places(message: &str) -> String {
    let mut plain = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(at) = rest.find(" at ") {
        let (before, after) = rest.split_at(at);
        plain.push_str(before);
        let end = [" at line ", " at position "]
            .iter()
            .find_map(|start| place_end(after.strip_prefix(start)?, after.len()));
        let end = end.unwrap_or(" at ".len());
        if end == " at ".len() {
            plain.push_str(" at ");
        }
        rest = &after[end..];
    }
    plain + rest
}

/// Where a place ends of which `rest` are the last bytes, from a number on.
fn place_end(rest: &str, whole: usize) -> Option<usize> {
    let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    if after.len() == rest.len() {
        return None;
    }
    let after = match after.strip_prefix(" column ") {
        Some(column) => column.trim_start_matches(|c: char| c.is_ascii_digit()),
        None => after,
    };
    Some(whole - after.len())
}

const IN_QUOTES: &str = "quote the value";

/// What the parser says, in the words of somebody who writes articles, with advice.
fn explained(raw: &str, matter: &str, place: Option<(usize, usize)>) -> Explanation {
    if let Some(explained) = duplicate(raw, matter, place) {
        return explained;
    }
    if raw.contains("recursion limit") {
        return Explanation {
            message: "the front matter is nested too deeply".to_owned(),
            help: None,
            place,
        };
    }
    if let Some((message, help)) = wrong_type(raw, true) {
        return Explanation {
            message,
            help,
            place,
        };
    }
    let (line, _) = place.unwrap_or((1, 1));
    let found = if raw.contains("control characters") {
        control(matter)
    } else {
        None
    };
    let found = found
        .or_else(|| indented_with_tab(matter, line))
        .or_else(|| strange_space(matter, line))
        .or_else(|| bad_character(raw, matter, place));
    found.unwrap_or_else(|| Explanation {
        message: format!("invalid YAML: {raw}"),
        help: Some(
            "quote text that contains a colon, a quote or a #, and indent the fields of a table \
             equally",
        ),
        place,
    })
}

/// The first character that YAML does not allow
/// (<https://yaml.org/spec/1.2.2/#51-character-set>).
fn control(matter: &str) -> Option<Explanation> {
    let is_wrong = |c: char| {
        (c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{85}'))
            || matches!(c, '\u{fffe}' | '\u{ffff}')
    };
    let (at, c) = matter.char_indices().find(|(_, c)| is_wrong(*c))?;
    Some(Explanation {
        message: format!(
            "the control character U+{:04X} may not stand here",
            c as u32
        ),
        help: Some("delete it; most editors do not show it"),
        place: Some(place_of(matter, at)),
    })
}

/// Line and column of a byte.
fn place_of(matter: &str, at: usize) -> (usize, usize) {
    let before = &matter[..at];
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    (
        before.matches('\n').count() + 1,
        before[line_start..].chars().count() + 1,
    )
}

/// A tab among the spaces before a line, or a line next to it.
fn indented_with_tab(matter: &str, line: usize) -> Option<Explanation> {
    let lines = matter.lines().enumerate().skip(line.saturating_sub(2));
    let (at, before) = lines.take(2).find_map(|(at, text)| {
        let indent = &text[..text.len() - text.trim_start_matches([' ', '\t']).len()];
        Some((at, indent.find('\t')?))
    })?;
    Some(Explanation {
        message: "a line is indented with a tab".to_owned(),
        help: Some("YAML allows only spaces there"),
        place: Some((at + 1, before + 1)),
    })
}

/// A space that YAML does not take for one: before a line, or after a colon or a dash. The parser
/// notices it up to some lines further down.
fn strange_space(matter: &str, line: usize) -> Option<Explanation> {
    /// Lines that are looked at.
    const NEAR: usize = 3;
    let is_strange = |c: char| !c.is_ascii() && (c.is_whitespace() || c == '\u{feff}');
    let lines = matter.lines().enumerate().take(line);
    let mut near: Vec<(usize, &str)> = lines.skip(line.saturating_sub(NEAR)).collect();
    near.reverse();
    near.into_iter().find_map(|(at, text)| {
        let mut before = ' ';
        let mut only_spaces = true;
        let (column, c) = text.chars().enumerate().find(|(_, c)| {
            let found = is_strange(*c) && (only_spaces || matches!(before, ':' | '-'));
            only_spaces &= c.is_whitespace();
            if !is_strange(*c) {
                before = *c;
            }
            found
        })?;
        let name = match c {
            '\u{a0}' | '\u{202f}' => "a no-break space",
            _ => "a space of another kind",
        };
        Some(Explanation {
            message: format!(
                "{name} (U+{:04X}) stands where YAML needs an ordinary one",
                c as u32
            ),
            help: Some("type a space in its place"),
            place: Some((at + 1, column + 1)),
        })
    })
}

/// A character that means something else to YAML than to the author.
fn bad_character(raw: &str, matter: &str, place: Option<(usize, usize)>) -> Option<Explanation> {
    if raw.contains("escape character") || raw.contains("hexdecimal number") {
        return Some(Explanation {
            message: "a backslash in double quotes begins an escape, and there is none like this"
                .to_owned(),
            help: Some("write `\\\\` for a backslash, or put the text in single quotes"),
            place,
        });
    }
    let (line, column) = place?;
    let text = matter.lines().nth(line - 1)?;
    if raw.contains("anchor") || raw.contains("scanning an alias") {
        let before = text.chars().take(column).collect::<String>();
        let star = before.find('*').map(|at| before[..at].chars().count() + 1);
        return Some(Explanation {
            message: "a value that begins with `*` refers to an anchor, and there is none of this \
                      name"
                .to_owned(),
            help: Some(IN_QUOTES),
            place: Some((line, star.unwrap_or(column))),
        });
    }
    let c = text.chars().nth(column - 1);
    let c = c.filter(|_| raw.contains("cannot start any token"))?;
    Some(match c {
        '\t' => Explanation {
            message: "a tab stands where YAML allows only spaces".to_owned(),
            help: Some("type spaces in its place"),
            place,
        },
        c => Explanation {
            message: format!("a value without quotes cannot begin with `{c}`"),
            help: Some(IN_QUOTES),
            place,
        },
    })
}

/// A field that stands twice, at the top or in a table, at its second place.
fn duplicate(raw: &str, matter: &str, place: Option<(usize, usize)>) -> Option<Explanation> {
    let (before, field, quote) = [
        ("duplicate field `", '`'),
        ("duplicate entry with key \"", '"'),
    ]
    .into_iter()
    .find_map(|(start, quote)| {
        let (before, field) = raw.split_once(start)?;
        Some((before, field, quote))
    })?;
    let field = field.trim_end_matches(quote);
    let start = match before.is_empty() {
        true => Some((1, split::indentation(matter).len() + 1)),
        false => place,
    };
    let second = start.and_then(|(line, column)| second_place(matter, line, column, field));
    Some(Explanation {
        message: format!("the field `{}` is set twice", one_line(field)),
        help: Some("remove one of the two"),
        place: second.or(place),
    })
}

/// Where a field stands for the second time in the table that begins at a place.
fn second_place(matter: &str, line: usize, column: usize, field: &str) -> Option<(usize, usize)> {
    let first = matter.lines().nth(line - 1)?;
    if first.chars().nth(column - 1) == Some('{') {
        let start: usize = first.chars().take(column - 1).map(char::len_utf8).sum();
        let mut places = first[start..].match_indices(field).filter(|(at, _)| {
            let after = first[start + at + field.len()..].trim_start_matches(['"', '\'']);
            let before = first[..start + at].trim_end_matches(['"', '\'']).trim_end();
            after.starts_with(':') && before.ends_with(['{', ','])
        });
        let (at, _) = places.nth(1)?;
        return Some((line, first[..start + at].chars().count() + 1));
    }
    let indent = column - 1;
    let names = |text: &str| {
        let text = text.trim_start_matches(['"', '\'']);
        let after = text.strip_prefix(field)?;
        let after = after.trim_start_matches(['"', '\'']).trim_start();
        after.starts_with(':').then_some(())
    };
    let mut found = matter
        .lines()
        .enumerate()
        .skip(line - 1)
        .take_while(|(at, text)| {
            let spaces = text.len() - text.trim_start().len();
            *at + 1 == line || text.trim().is_empty() || spaces >= indent
        })
        .filter(|(at, text)| {
            // The first line may have a dash before the field.
            let starts = text.len() - text.trim_start().len() == indent || *at + 1 == line;
            starts && text.get(indent..).is_some_and(|text| names(text).is_some())
        });
    found.nth(1).map(|(at, _)| (at + 1, indent + 1))
}

/// A value of another kind than its field has.
fn wrong_type(raw: &str, is_yaml: bool) -> Option<(String, Option<&'static str>)> {
    let (before, wrong) = raw
        .split_once("invalid type: ")
        .or_else(|| raw.split_once("invalid value: "))?;
    let (found, wanted) = wrong.rsplit_once(", expected ")?;
    let field = match before.trim_end_matches(": ") {
        "" => "the front matter".to_owned(),
        field => format!("`{field}`"),
    };
    let found = match found.split_once(' ').map_or(found, |(kind, _)| kind) {
        "sequence" => "a list",
        "map" => "a table",
        "unit" | "Option" => "nothing",
        "enum" => "a YAML tag",
        // What it is, and the value in quotes of one kind or another.
        _ => found
            .split_once(['`', '"'])
            .and_then(|(_, value)| value.rsplit_once(['`', '"']))
            .map_or(found, |(value, _)| value),
    };
    let (wanted, help) = match wanted {
        "a boolean" => ("true or false", None),
        "a sequence" | "a list of text" | "a list of images" => (
            "a list",
            Some(match is_yaml {
                true => "put each item on its own line, after `- `",
                false => "write the items in brackets, with commas between them",
            }),
        ),
        "text" => ("text", Some(IN_QUOTES)),
        "a whole number" => ("a whole number", None),
        table if table.starts_with("struct ") => (
            "a table",
            is_yaml.then_some("put its fields on separate, indented lines"),
        ),
        other => (other, None),
    };
    Some((format!("{field} must be {wanted}, but is {found}"), help))
}

/// The first value with a tag of its own (`!important change`) in a field that newsgen knows: the
/// parser would read what follows the tag, and drop the tag.
pub(super) fn tagged(
    path: &str,
    matter: &str,
    lines_before: usize,
    is_known: impl Fn(&str) -> bool,
) -> Option<Diagnostic> {
    let mut depth = 0_usize;
    let mut in_known = false;
    let mut is_key = true;
    for step in Parser::new_from_str(matter) {
        let (event, span) = step.ok()?;
        match event {
            Event::Scalar(text, _, _, tag) => {
                if depth == 1 && is_key {
                    in_known = is_known(&text);
                }
                is_key = !is_key || depth != 1;
                let tag = tag.filter(|tag| in_known && tag.handle == "!");
                if let Some(tag) = tag {
                    let tag = format!("!{}", tag.suffix);
                    let line = span.start.line();
                    let text = matter
                        .lines()
                        .nth(line.saturating_sub(1))
                        .unwrap_or_default();
                    let at = text.find(&tag).map_or(0, |at| text[..at].chars().count());
                    let explained = Explanation {
                        message: format!("`{}` is a tag to YAML, and no text", one_line(&tag)),
                        help: Some(IN_QUOTES),
                        place: Some((line, at + 1)),
                    };
                    return Some(diagnostic(path, matter, lines_before, explained));
                }
            }
            Event::MappingStart(..) | Event::SequenceStart(..) => depth += 1,
            Event::MappingEnd | Event::SequenceEnd => {
                depth = depth.saturating_sub(1);
                if depth == 1 {
                    is_key = true;
                }
            }
            Event::Alias(_) if depth == 1 => is_key = true,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_messages_go() {
        assert_eq!(
            without_places("found it at line 1 column 8, while at home at position 25"),
            "found it, while at home"
        );
        assert_eq!(without_places("at line x"), "at line x");
    }

    #[test]
    fn a_field_is_found_at_its_second_place() {
        let block = "a: 1\nb:\n  - c: 1\n    d: 2\n    c: 3\nc: 5\ne: {f: 1, ff: 2, f: 3}\n";
        assert_eq!(second_place(block, 3, 5, "c"), Some((5, 5)));
        assert_eq!(second_place(block, 7, 4, "f"), Some((7, 18)));
        assert_eq!(second_place(block, 1, 1, "c"), None);
    }
}
