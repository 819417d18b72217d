//! What is wrong, where, and how to mend it.
//!
//! Every stage returns problems as values, so that one run reports all of them. This file also
//! prints them: as code frames for people ([`Diagnostic::to_text`]), as JSON
//! ([`serde::Serialize`]), and as workflow commands for a CI ([`Diagnostic::to_github`]).
//!
//! # Files
//!
//! - `kinds.rs`: gathers messages of one kind

pub mod kinds;

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
        inert(Cow::Owned(
            renderer.decor_style(DecorStyle::Ascii).render(&[group]),
        ))
        .into_owned()
    }

    /// The problem as a GitHub Actions workflow command
    /// (<https://docs.github.com/actions/reference/workflow-commands-for-github-actions>).
    pub fn to_github(&self) -> String {
        let kind = if self.is_error() { "error" } else { "warning" };
        let mut fields = String::new();
        if let Some(location) = &self.location {
            fields = format!(" file={}", github_value(&one_line(&location.path)));
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
            github_text(&visible(&format!("{}{help}", self.message)))
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

/// Text that may hold other people's words, as a terminal or the log of a CI may show it: control
/// characters, which could forge lines or colours, and the first character of what a CI would take
/// for a command are written out; line ends stay.
pub fn visible(text: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c == '\n' || !is_hidden(c);
    if text.chars().all(is_plain) {
        return inert(Cow::Borrowed(text));
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_plain(c) {
            shown.push(c);
        } else {
            shown.extend(c.escape_default());
        }
    }
    inert(Cow::Owned(shown))
}

/// Lines without commands to a CI: `::name …::` after nothing but white space, to GitHub;
/// `##[name]` and `##vso[…]` anywhere, to GitHub, Azure Pipelines and TeamCity.
fn inert(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.contains("::") && !text.contains("##") {
        return text;
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            shown.push('\n');
        }
        let command = line.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        let mut rest = line;
        if let Some(after) = command
            .strip_prefix(':')
            .filter(|after| after.starts_with(':'))
        {
            shown.push_str(&line[..line.len() - command.len()]);
            shown.extend(':'.escape_unicode());
            rest = after;
        }
        while let Some(at) = rest.find("##") {
            shown.push_str(&rest[..at]);
            match is_command(&rest[at..]) {
                true => shown.extend('#'.escape_unicode()),
                false => shown.push('#'),
            }
            rest = &rest[at + 1..];
        }
        shown.push_str(rest);
    }
    Cow::Owned(shown)
}

/// Whether a text is `##`, a word or nothing, and `[`.
fn is_command(text: &str) -> bool {
    let word = text.trim_start_matches('#');
    word.trim_start_matches(|c: char| c.is_ascii_alphanumeric())
        .starts_with('[')
}

/// JSON with the same characters written out, in its own way. They can stand only in its strings.
pub fn visible_json(json: &str) -> String {
    let mut shown = String::with_capacity(json.len());
    for (at, c) in json.char_indices() {
        let is_mark = c == '#' && json[at..].starts_with("##") && is_command(&json[at..]);
        if is_mark || (c != '\n' && is_hidden(c)) {
            shown += &format!("\\u{:04x}", u32::from(c));
        } else {
            shown.push(c);
        }
    }
    shown
}

/// The same on one line, for paths.
pub fn one_line(path: &str) -> Cow<'_, str> {
    match visible(path) {
        lines if lines.contains('\n') => Cow::Owned(lines.replace('\n', "\\n")),
        line => line,
    }
}

/// Whether a character moves what is shown around it: a control character, another line end, a
/// change of direction.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}')
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
    fn no_line_is_a_command() {
        for (text, shown) in [
            ("::error::a", "\\u{3a}:error::a"),
            (
                "a\n \u{a0}::warning file=b::c",
                "a\n \u{a0}\\u{3a}:warning file=b::c",
            ),
            ("a\r\n::set-output", "a\\r\n\\u{3a}:set-output"),
            ("a ##[error]b", "a \\u{23}#[error]b"),
            ("a\n##VSO[task.x]", "a\n\\u{23}#VSO[task.x]"),
            ("###teamcity[x]", "\\u{23}\\u{23}#teamcity[x]"),
            ("a::b :: c ## d #[e]", "a::b :: c ## d #[e]"),
        ] {
            assert_eq!(visible(text), shown);
        }
        let problem = Diagnostic::error("x", "a\n::error::b")
            .at(Location::at("::error::c\n::d", "##[error]e", 1, 1))
            .help("::f\n##vso[g]");
        for text in [problem.to_text(false), problem.to_text(true)] {
            let starts = text.lines().any(|line| line.trim_start().starts_with("::"));
            assert!(!starts && !text.contains("##"), "{text}");
        }
        assert_eq!(problem.to_github().lines().count(), 1);
    }

    #[test]
    fn json_says_the_same_with_its_own_escapes() {
        let value = serde_json::json!({ "a\u{202e}": "##[b] \u{9b}c ## d" });
        let shown = visible_json(&serde_json::to_string_pretty(&value).unwrap());
        assert!(!shown.contains("##[") && !shown.contains(['\u{202e}', '\u{9b}']));
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&shown).unwrap(),
            value
        );
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
