//! What is wrong, where, and how to mend it.
//!
//! Every stage returns problems as values, so that one run reports all of them. This file also
//! prints them: as code frames for people ([`Diagnostic::to_text`]), as JSON
//! ([`serde::Serialize`]), and as workflow commands for a CI ([`Diagnostic::to_github`]).

use std::borrow::Cow;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde::Serialize;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth a look; the site is still right.
    Warning,
    /// The site cannot be built with this.
    Error,
}

/// A place in a file, with the text that stands there.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Location {
    /// The file, relative to the site's root, with `/` between folders.
    pub path: String,
    /// Line, from 1; 0 means the file as a whole.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// How many characters from `column` on are meant; at least 1.
    pub width: usize,
    /// The line itself, without its end; of a very long one, the part around the place.
    pub text: String,
    /// Column of the first character of `text`; 1 but for very long lines.
    #[serde(skip_serializing_if = "is_one")]
    pub text_from: usize,
}

/// Longest line that is shown whole, in bytes: machines write a megabyte on one line.
const LONGEST_LINE: usize = 4_000;

/// Longest message, in bytes: it may quote what is wrong.
const LONGEST_MESSAGE: usize = 4_000;

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_one(column: &usize) -> bool {
    *column == 1
}

impl Location {
    /// `width` characters from `column` on of a line, which is given as a whole.
    pub fn in_line(
        path: impl Into<String>,
        line: usize,
        column: usize,
        width: usize,
        text: &str,
    ) -> Self {
        let column = column.max(1);
        let location = Location {
            path: path.into(),
            line,
            column,
            width: width.max(1),
            text: String::new(),
            text_from: 1,
        };
        if text.len() <= LONGEST_LINE {
            return Location {
                text: text.to_owned(),
                ..location
            };
        }
        let text_from = column.saturating_sub(Shown::BEFORE).max(1);
        Location {
            width: location.width.min(LONGEST_LINE),
            text: text
                .chars()
                .skip(text_from - 1)
                .take(Shown::BEFORE + LONGEST_LINE / 4)
                .collect(),
            text_from,
            ..location
        }
    }

    /// The file as a whole.
    pub fn file(path: impl Into<String>) -> Self {
        Location {
            path: path.into(),
            line: 0,
            column: 0,
            width: 1,
            text: String::new(),
            text_from: 1,
        }
    }

    /// The characters at the byte range `span` of `source`; a span that runs over lines ends with
    /// its first line.
    pub fn of_span(path: impl Into<String>, source: &str, span: std::ops::Range<usize>) -> Self {
        let start = source.floor_char_boundary(span.start);
        let end = source.floor_char_boundary(span.end).max(start);
        let line_start = source[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = source[start..]
            .find('\n')
            .map_or(source.len(), |at| start + at);
        Location::in_line(
            path,
            source[..start].matches('\n').count() + 1,
            source[line_start..start].chars().count() + 1,
            source[start..end.min(line_end).max(start)].chars().count(),
            source[line_start..line_end].trim_end_matches('\r'),
        )
    }

    /// Line and column (both from 1) of `source`; the word that starts there is meant.
    pub fn at(path: impl Into<String>, source: &str, line: usize, column: usize) -> Self {
        let text = source
            .lines()
            .nth(line.saturating_sub(1))
            .unwrap_or_default();
        let word = text
            .chars()
            .skip(column.saturating_sub(1))
            .take_while(|c| !c.is_whitespace())
            .count();
        Location::in_line(path, line, column, word, text)
    }
}

impl std::fmt::Display for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            0 => f.write_str(&self.path),
            line => write!(f, "{}:{line}:{}", self.path, self.column),
        }
    }
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// Stable short name of the kind of problem, for machines.
    pub code: &'static str,
    /// What is wrong, in one sentence.
    pub message: String,
    /// Where, if it has a place.
    #[serde(rename = "place")]
    pub location: Option<Location>,
    /// How to mend it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error with neither place nor help yet.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        let mut message = message.into();
        if message.len() > LONGEST_MESSAGE {
            message.truncate(message.floor_char_boundary(LONGEST_MESSAGE));
            message.push('…');
        }
        Diagnostic {
            severity: Severity::Error,
            code,
            message,
            location: None,
            help: None,
        }
    }

    /// A warning with neither place nor help yet.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Diagnostic {
            severity: Severity::Warning,
            ..Diagnostic::error(code, message)
        }
    }

    /// The same, at a place.
    #[must_use]
    pub fn at(self, location: Location) -> Self {
        Diagnostic {
            location: Some(location),
            ..self
        }
    }

    /// The same, with advice.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Diagnostic {
            help: Some(help.into()),
            ..self
        }
    }

    /// Whether this is an error.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The problem as a person reads it at a terminal: message, place, the line shown, advice.
    pub fn to_text(&self, color: bool) -> String {
        let level = match self.severity {
            Severity::Warning => Level::WARNING,
            Severity::Error => Level::ERROR,
        };
        let message = visible(&self.message);
        let title = level.clone().primary_title(message.as_ref());
        let path = self
            .location
            .as_ref()
            .map(|location| one_line(&location.path))
            .unwrap_or_default();
        let mut group = match &self.location {
            None => Group::with_title(title),
            Some(location) if location.line == 0 => title.element(Origin::path(path.as_ref())),
            Some(location) => {
                let shown = Shown::of(location);
                title.element(
                    Snippet::source(shown.text)
                        .line_start(location.line)
                        .path(path.as_ref())
                        .annotation(AnnotationKind::Primary.span(shown.span)),
                )
            }
        };
        let help = self.help.as_deref().map(visible);
        if let Some(help) = &help {
            group = group.element(Level::HELP.message(help.as_ref()));
        }
        let renderer = if color {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        renderer.decor_style(DecorStyle::Ascii).render(&[group])
    }

    /// The problem as a GitHub Actions workflow command
    /// (<https://docs.github.com/actions/reference/workflow-commands-for-github-actions>).
    pub fn to_github(&self) -> String {
        let kind = if self.is_error() { "error" } else { "warning" };
        let mut fields = String::new();
        if let Some(location) = &self.location {
            fields = format!(" file={}", github_value(&location.path));
            if location.line > 0 {
                fields += &format!(",line={},col={}", location.line, location.column);
            }
        }
        let help = self
            .help
            .as_ref()
            .map(|help| format!("\n{help}"))
            .unwrap_or_default();
        format!(
            "::{kind}{fields}::{}",
            github_text(&format!("{}{help}", self.message))
        )
    }
}

/// A line as it is shown: very long ones (a machine's one-line YAML) are cut around the place.
struct Shown {
    text: String,
    span: std::ops::Range<usize>,
}

impl Shown {
    const BEFORE: usize = 60;
    const AFTER: usize = 80;

    fn of(location: &Location) -> Shown {
        let first = location.column.saturating_sub(location.text_from);
        let is_long = location.text_from > 1 || location.text.chars().count() > 160;
        let (cut, take) = match is_long {
            true => (
                first.saturating_sub(Self::BEFORE),
                Self::BEFORE + Self::AFTER,
            ),
            false => (0, usize::MAX),
        };
        let text: String = location.text.chars().skip(cut).take(take).collect();
        let byte = |chars: usize| {
            text.char_indices()
                .nth(chars)
                .map_or(text.len(), |(at, _)| at)
        };
        let span = byte(first - cut)..byte(first - cut + location.width);
        Shown { text, span }
    }
}

fn github_text(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn github_value(text: &str) -> String {
    github_text(text).replace(':', "%3A").replace(',', "%2C")
}

/// Text that may hold other people's words, as a terminal may show it: control characters, which
/// could forge lines or colours, are written out; line ends stay.
pub fn visible(text: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c == '\n' || !(c.is_control() || is_override(c));
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    text.chars()
        .map(|c| {
            if is_plain(c) {
                c.to_string()
            } else {
                c.escape_default().to_string()
            }
        })
        .collect()
}

/// The same on one line, for paths.
pub fn one_line(path: &str) -> Cow<'_, str> {
    match visible(path) {
        lines if lines.contains('\n') => Cow::Owned(lines.replace('\n', "\\n")),
        line => line,
    }
}

/// Whether a character changes the direction of the text after it.
fn is_override(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The name in `known` that `name` was probably meant to be.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = name.to_lowercase();
    let length = folded.chars().count();
    let far = |length: usize| (length / 3).max(1);
    known
        .into_iter()
        .filter_map(|candidate| {
            let other = candidate.to_lowercase();
            // So many insertions are needed at least, and comparing is slow.
            if other.chars().count().abs_diff(length) > far(candidate.chars().count()) {
                return None;
            }
            let distance = strsim::damerau_levenshtein(&folded, &other);
            (distance <= far(candidate.chars().count())).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_becomes_line_column_and_width() {
        let source = "a = 1\r\nüb = oops\n";
        let start = source.find("oops").unwrap();
        let location = Location::of_span("site.toml", source, start..start + 4);
        assert_eq!(
            (
                location.line,
                location.column,
                location.width,
                location.text.as_str()
            ),
            (2, 6, 4, "üb = oops")
        );
    }

    #[test]
    fn text_shows_the_line_and_the_advice() {
        let text = Diagnostic::error("x", "wrong")
            .at(Location::of_span("f.md", "one\ntwo words\n", 8..13))
            .help("write it right")
            .to_text(false);
        assert!(text.contains("f.md:2:5"), "{text}");
        assert!(
            text.contains("two words") && text.contains("^^^^^") && text.contains("write it right"),
            "{text}"
        );
    }

    #[test]
    fn a_span_past_the_end_does_not_panic() {
        let location = Location::of_span("f", "é", 1..99);
        assert_eq!(location.line, 1);
        assert!(
            !Diagnostic::error("x", "m")
                .at(location)
                .to_text(false)
                .is_empty()
        );
    }

    #[test]
    fn very_long_lines_and_messages_are_cut_around_the_place() {
        let line = format!("{}wrong{}", "é".repeat(500_000), "x".repeat(500_000));
        let location = Location::of_span("f.md", &line, 1_000_000..1_000_005);
        assert_eq!((location.column, location.width), (500_001, 5));
        assert!(location.text.len() < 10_000, "{}", location.text.len());
        let text = Diagnostic::error("x", "m".repeat(1_000_000))
            .at(location)
            .to_text(false);
        assert!(text.contains("éwrong") && text.contains("^^^^^"), "{text}");
        assert!(text.len() < 10_000, "{}", text.len());
        let line = Location::at("f.md", &line, 1, 1);
        assert_eq!((line.text_from, line.width), (1, LONGEST_LINE));
    }

    #[test]
    fn control_characters_are_written_out() {
        assert_eq!(
            visible("a\u{1b}[31m\nb\u{202e}"),
            "a\\u{1b}[31m\nb\\u{202e}"
        );
        assert_eq!(one_line("a\nb\tc"), "a\\nb\\tc");
        let text = Diagnostic::error("x", "\u{1b}[2J")
            .at(Location::at("\u{1b}a\nb", "\u{1b}c", 1, 1))
            .to_text(false);
        assert!(!text.contains('\u{1b}'), "{text}");
    }

    #[test]
    fn github_commands_escape_their_separators() {
        let line = Diagnostic::warning("x", "100 %\nsure")
            .at(Location::at("a,b.md", "text", 1, 1))
            .to_github();
        assert_eq!(line, "::warning file=a%2Cb.md,line=1,col=1::100 %25%0Asure");
    }

    #[test]
    fn nearest_names_a_likely_typo_only() {
        assert_eq!(
            nearest("publishd", ["published", "provider"]),
            Some("published")
        );
        assert_eq!(nearest("colour", ["published", "provider"]), None);
    }
}
