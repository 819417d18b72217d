//! Mistakes in templates, each with its place, the line shown, and what was probably meant.
//!
//! Tera reports some of them with a place as a value, others as a finished text for a terminal: of
//! these, place and name are read back from the text, whose form a test holds.

use std::collections::{BTreeMap, BTreeSet};

use tera::{Error, ErrorKind, ReportError, Tera};

use super::fields;
use super::names::{self, Parameters, Seen};
use super::reach::Reach;
use super::{Own, embedded, tokens};
use crate::diagnostic::{Diagnostic, Location, nearest};

/// Filters: Tera's (<https://keats.github.io/tera/>), and those of [`super::filters`].
const FILTERS: [&str; 44] = [
    "abs",
    "absolute",
    "capitalize",
    "columns",
    "date",
    "default",
    "escape",
    "escape_html",
    "escape_xml",
    "fill",
    "first",
    "float",
    "get",
    "group_by",
    "host",
    "indent",
    "int",
    "join",
    "json",
    "keys",
    "last",
    "length",
    "lower",
    "newlines_to_br",
    "nth",
    "number",
    "pairs",
    "pluralize",
    "replace",
    "reverse",
    "round",
    "safe",
    "shorten",
    "slugify",
    "sort",
    "split",
    "str",
    "title",
    "trim",
    "trim_end",
    "trim_start",
    "truncate",
    "unique",
    "upper",
];
/// Functions.
const FUNCTIONS: [&str; 5] = ["asset", "range", "super", "throw", "url"];
/// Tests: what may follow on `is`.
const TESTS: [&str; 17] = [
    "array",
    "bool",
    "containing",
    "defined",
    "divisible_by",
    "ending_with",
    "even",
    "float",
    "integer",
    "iterable",
    "map",
    "none",
    "number",
    "odd",
    "starting_with",
    "string",
    "undefined",
];
/// The first words of statements.
const STATEMENTS: [&str; 20] = [
    "block",
    "break",
    "component",
    "continue",
    "elif",
    "else",
    "endblock",
    "endcomponent",
    "endfilter",
    "endfor",
    "endif",
    "endraw",
    "endset",
    "extends",
    "filter",
    "for",
    "if",
    "include",
    "raw",
    "set",
];

/// The templates that a site wrote itself, by name: a mistake is in one of them, or comes to light
/// in one that is built in.
#[derive(Clone, Copy)]
pub(super) struct Written<'a>(pub(super) &'a Own);

/// A mistake that Tera reports as a text for a terminal.
#[derive(Debug, PartialEq, Eq)]
struct Report<'t> {
    message: &'t str,
    template: &'t str,
    line: usize,
    column: usize,
}

impl<'a> Written<'a> {
    /// Compiles all templates. Tera stops at the first that is not well-formed; that one is emptied
    /// and the others are tried again, so that all are reported.
    pub(super) fn compile(
        self,
        tera: &mut Tera,
        templates: &BTreeMap<String, String>,
    ) -> Vec<Diagnostic> {
        let mut sources = templates.clone();
        let mut problems = self.doubly_defined();
        if !problems.is_empty() {
            return problems;
        }
        loop {
            let Err(error) = tera.add_raw_templates(&sources) else {
                return problems;
            };
            let broken = match error.kind() {
                ErrorKind::SyntaxError(report) => sources
                    .get_mut(report.filename())
                    .filter(|text| !text.is_empty()),
                _ => None,
            };
            match broken {
                Some(text) => {
                    text.clear();
                    problems.push(self.explain(&error));
                }
                // Once a file is emptied, what others miss in it is not worth a message.
                None if problems.is_empty() => return self.explain_all(&error, templates),
                None => return problems,
            }
        }
    }

    /// Names that no value has, and what would make two builds differ.
    pub(super) fn misnamed(
        self,
        templates: &BTreeMap<String, String>,
        reach: &BTreeMap<String, Reach>,
    ) -> Vec<Diagnostic> {
        if self.0.texts.is_empty() {
            return Vec::new();
        }
        let parameters = Parameters::of(templates.values().map(String::as_str));
        let own = names::own_names(templates.values().map(String::as_str));
        let mut problems = Vec::new();
        for (name, text) in &self.0.texts {
            problems.extend(unsteady(&self.0.path(name), text));
            let seen = Seen {
                parameters: &parameters,
                own: &own,
                on_pages: on_pages(name, reach),
            };
            problems.extend(names::unknown(text, &seen).into_iter().map(|unknown| {
                let help = match unknown.meant {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => format!("{} lists what each template may read", manual!("templates")),
                };
                Diagnostic::error("template", unknown.message)
                    .at(Location::of_span(self.0.path(name), text, unknown.span))
                    .help(help)
            }));
        }
        problems
    }

    /// Components of a site that are defined twice: Tera takes neither.
    fn doubly_defined(self) -> Vec<Diagnostic> {
        let mut defined: BTreeMap<&str, &str> = BTreeMap::new();
        for (name, text) in embedded::TEMPLATES {
            if !self.0.texts.contains_key(*name) {
                let components = tokens::components(text).into_iter();
                defined.extend(components.map(|(component, _)| (component, *name)));
            }
        }
        let mut problems = Vec::new();
        for (name, text) in &self.0.texts {
            for (component, span) in tokens::components(text) {
                let Some(other) = defined.insert(component, name) else {
                    continue;
                };
                let message = format!(
                    "the component `{component}` is defined in {} too",
                    self.path(other)
                );
                let help = if self.0.texts.contains_key(other) {
                    "give one of them another name".to_owned()
                } else {
                    format!(
                        "give it another name, or put a changed copy of the built-in `{other}` \
                         into {}/",
                        self.0.folder
                    )
                };
                problems.push(
                    Diagnostic::error("template", message)
                        .at(Location::of_span(self.0.path(name), text, span))
                        .help(help),
                );
            }
        }
        problems
    }

    /// Everything in an error of the compilation.
    fn explain_all(self, error: &Error, templates: &BTreeMap<String, String>) -> Vec<Diagnostic> {
        let ErrorKind::Msg(text) = error.kind() else {
            return vec![self.explain(error)];
        };
        let reports: Option<Vec<Report<'_>>> = text.split("\n\n").map(report).collect();
        let Some(reports) = reports else {
            return vec![self.explain(error)];
        };
        let mut problems: Vec<Diagnostic> = Vec::new();
        for report in reports {
            let problem = self.unknown(&report, templates);
            // What is missing in a site's own file is missing in many built-in ones.
            let is_own = self.0.texts.contains_key(report.template);
            if is_own
                || problems
                    .iter()
                    .all(|known| known.message != problem.message)
            {
                problems.push(problem);
            }
        }
        problems
    }

    /// A name that Tera does not know.
    fn unknown(self, report: &Report<'_>, templates: &BTreeMap<String, String>) -> Diagnostic {
        let text = self.text(report.template);
        let name = report.message.split('`').nth(1).unwrap_or_default();
        let line = text
            .lines()
            .nth(report.line.saturating_sub(1))
            .unwrap_or_default();
        let rest: String = line.chars().skip(report.column.saturating_sub(1)).collect();
        // Of a call the whole is meant, of a name that alone.
        let before = rest.find(name).map_or(0, |at| rest[..at].chars().count());
        let location = Location::in_line(
            self.path(report.template),
            report.line,
            report.column + before,
            name.chars().count(),
            line,
        );
        let what = report.message.split_whitespace().nth(1).unwrap_or_default();
        let components = || templates.values().flat_map(|text| tokens::components(text));
        let meant = match what {
            "filter" => nearest(name, FILTERS),
            "function" => nearest(name, FUNCTIONS),
            "test" => nearest(name, TESTS),
            "component" => nearest(name, components().map(|(component, _)| component)),
            "template" => nearest(name, templates.keys().map(String::as_str)),
            _ => nearest(name, self.blocks_above(report.template, templates)),
        };
        let is_own = self.0.texts.contains_key(report.template);
        let help = match (what, meant) {
            _ if !is_own => format!(
                "a file in {}/ is without it, and this built-in template needs it: add it, or put \
                 a changed copy of `{}` beside that file",
                self.0.folder, report.template
            ),
            ("function", None) if FILTERS.contains(&name) => {
                format!("`{name}` is a filter: write it behind a value, `{{{{ x | {name} }}}}`")
            }
            ("filter", None) if FUNCTIONS.contains(&name) => {
                format!("`{name}` is a function: write `{name}(…)`")
            }
            (_, Some(meant)) => format!("did you mean `{meant}`?"),
            ("filter" | "function", None) => {
                format!("{} lists the filters and functions", manual!("templates"))
            }
            ("test", None) => format!("after `is` may stand {}", TESTS.join(", ")),
            ("component", None) => {
                format!("components are defined in the files of {}/", self.0.folder)
            }
            ("template", None) => format!("templates lie in {}/", self.0.folder),
            _ => {
                let blocks = self.blocks_above(report.template, templates);
                let blocks: Vec<String> = blocks.map(|block| format!("`{block}`")).collect();
                format!("what it extends has the blocks {}", blocks.join(", "))
            }
        };
        let message = match what {
            "filter" | "function" | "test" | "component" | "template" => {
                format!("there is no {what} `{name}`")
            }
            _ => format!("there is no block `{name}` in what this template extends"),
        };
        Diagnostic::error("template", message)
            .at(location)
            .help(help)
    }

    /// The blocks of all templates that one extends.
    fn blocks_above<'t>(
        self,
        template: &str,
        templates: &'t BTreeMap<String, String>,
    ) -> impl Iterator<Item = &'t str> {
        let above = |name: &str| {
            let parent = tokens::parent(templates.get(name)?)?;
            templates.get_key_value(parent)
        };
        // Tera has refused a circle by now, but it costs nothing to be sure.
        let mut left = templates.len();
        let chain = std::iter::successors(above(template), move |(name, _)| {
            left = left.checked_sub(1)?;
            above(name)
        });
        chain.flat_map(|(_, text)| tokens::blocks(text))
    }

    /// An error of the compilation.
    fn explain(self, error: &Error) -> Diagnostic {
        let diagnostic = |message: String| Diagnostic::error("template", message);
        match error.kind() {
            ErrorKind::SyntaxError(report) => {
                let location = self.location(report);
                let word = self
                    .text(report.filename())
                    .get(report.span().range.clone());
                let word = word.filter(|word| !STATEMENTS.contains(word));
                let help = match word.and_then(|word| nearest(word, STATEMENTS)) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => {
                        format!(
                            "{} describes how templates are written",
                            manual!("templates")
                        )
                    }
                };
                diagnostic(sentence(report.message()))
                    .at(location)
                    .help(help)
            }
            ErrorKind::MissingParent { current, parent } => {
                let message = format!("it extends `{parent}`, which does not exist");
                let known = embedded::TEMPLATES.iter().map(|(name, _)| *name);
                let help =
                    match nearest(parent, known.chain(self.0.texts.keys().map(String::as_str))) {
                        Some(meant) => format!("did you mean `{meant}`?"),
                        None => format!("templates lie in {}/", self.0.folder),
                    };
                diagnostic(message)
                    .at(self.location_of_text(current, parent))
                    .help(help)
            }
            ErrorKind::CircularExtend {
                tpl,
                inheritance_chain: chain,
            } => self.circle(tpl, chain, "extends"),
            ErrorKind::CircularInclude {
                tpl,
                include_chain: chain,
            } => self.circle(tpl, chain, "includes"),
            _ => diagnostic(error.to_string().trim().to_owned()),
        }
    }

    /// A template that comes back to itself.
    fn circle(self, template: &str, chain: &[String], what: &str) -> Diagnostic {
        let own = chain
            .iter()
            .position(|name| self.0.texts.contains_key(name));
        let at = own.map_or(template, |at| &chain[at]);
        let next = own
            .and_then(|at| chain.get(at + 1))
            .map_or(template, String::as_str);
        let mut shown = chain.to_vec();
        if shown.last().map(String::as_str) != Some(template) {
            shown.push(template.to_owned());
        }
        let message = format!("the template {what} itself: {}", shown.join(" → "));
        let help = "a template in templates/ takes the place of the built-in one of its name, \
                    which is then no longer there: give one of them another name";
        Diagnostic::error("template", message)
            .at(self.location_of_text(at, next))
            .help(help)
    }

    /// An error of a template while the page at an address was rendered.
    pub(super) fn explain_rendering(self, error: &Error, template: &str, page: &str) -> Diagnostic {
        let rendering = format!("while the page {page} was rendered");
        let ErrorKind::RenderingError(report) = error.kind() else {
            let message = format!("{} {rendering}", error.to_string().trim());
            let location = Location::file(self.path(template));
            return Diagnostic::error("template", message).at(location);
        };
        let help = if report.message().contains("is not defined") {
            format!(
                "{} lists what each template may read; write `{{{{ x or \"\" }}}}` where a value \
                 may be missing",
                manual!("templates")
            )
        } else {
            format!(
                "{} describes how templates are written",
                manual!("templates")
            )
        };
        Diagnostic::error(
            "template",
            format!("{} {rendering}", sentence(report.message())),
        )
        .at(self.location(report))
        .help(help)
    }

    /// Where a template has a text in quotes.
    fn location_of_text(self, name: &str, quoted: &str) -> Location {
        let (path, text) = (self.path(name), self.text(name));
        let start = ['"', '\'', '`']
            .iter()
            .find_map(|quote| text.find(&format!("{quote}{quoted}{quote}")));
        match start {
            Some(start) => Location::of_span(path, text, start + 1..start + 1 + quoted.len()),
            None => Location::file(path),
        }
    }

    fn location(self, report: &ReportError) -> Location {
        let name = report.filename();
        Location::of_span(
            self.path(name),
            self.text(name),
            report.span().range.clone(),
        )
    }

    /// The text of a template; empty when there is none.
    fn text(self, name: &str) -> &'a str {
        let built_in = embedded::TEMPLATES.iter().find(|(known, _)| *known == name);
        let own = self.0.texts.get(name).map(String::as_str);
        own.or(built_in.map(|(_, text)| *text)).unwrap_or_default()
    }

    /// The path of a template as a message names it.
    fn path(self, name: &str) -> String {
        if self.0.texts.contains_key(name) {
            self.0.path(name)
        } else {
            format!("{} (built in)", self.0.path(name))
        }
    }
}

/// Messages of Tera end with a full stop or without.
fn sentence(message: &str) -> String {
    message.trim().trim_end_matches('.').to_owned()
}

/// Reads a report back: `error: MESSAGE`, then `--> TEMPLATE:LINE:COLUMN`.
fn report(text: &str) -> Option<Report<'_>> {
    let mut lines = text.lines();
    let message = lines.next()?.strip_prefix("error: ")?;
    let place = lines.next()?.trim_start().strip_prefix("--> ")?;
    let mut parts = place.rsplitn(3, ':');
    let column = parts.next()?.parse().ok()?;
    let line = parts.next()?.parse().ok()?;
    Some(Report {
        message,
        template: parts.next()?,
        line,
        column,
    })
}

/// Tera shows all variables at once from a hash map: in another order in each run.
fn unsteady(path: &str, text: &str) -> Option<Diagnostic> {
    const ALL_VARIABLES: &str = "__tera_context";
    let start = text.find(ALL_VARIABLES)?;
    let span = start..start + ALL_VARIABLES.len();
    let message = format!(
        "`{ALL_VARIABLES}` is not supported: the order of its variables differs from build to build"
    );
    Some(
        Diagnostic::error("template", message)
            .at(Location::of_span(path, text, span))
            .help("show a single variable instead: `{{ article | json }}`"),
    )
}

/// The variables of single pages that some page has which a template makes or is a part of; none if
/// it is part of no page that newsgen makes of itself.
fn on_pages(template: &str, reach: &BTreeMap<String, Reach>) -> Option<BTreeSet<&'static str>> {
    let is_part = |page: &str| {
        let reach = reach.get(page);
        reach.is_some_and(|reach| reach.templates.contains(template))
    };
    let pages = fields::PAGES.iter().filter(|(page, _)| is_part(page));
    let names: Vec<&[&str]> = pages.map(|(_, names)| *names).collect();
    (!names.is_empty()).then(|| names.into_iter().flatten().copied().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_that_is_suggested_exists() {
        let mut tera = Tera::new();
        let config = crate::config::Config::resolve("site.toml", "", &Default::default());
        let config = config.expect("all settings have defaults");
        let assets = std::sync::Arc::default();
        super::super::filters::register(
            &mut tera,
            &config,
            &super::super::Dates::new(&config),
            &assets,
        );
        for filter in FILTERS {
            let text = format!("{{{{ 0 | {filter} }}}}");
            tera.add_raw_template("a", &text).expect(filter);
        }
        for function in FUNCTIONS {
            let text = format!("{{{{ {function}() }}}}");
            let text = match function {
                "super" => format!("{{% extends \"b\" %}}{{% block x %}}{text}{{% endblock %}}"),
                _ => text,
            };
            tera.add_raw_template("b", "{% block x %}{% endblock %}")
                .expect("well-formed");
            tera.add_raw_template("a", &text).expect(function);
        }
        for test in TESTS {
            let text = format!("{{% if 0 is {test} %}}{{% endif %}}");
            tera.add_raw_template("a", &text).expect(test);
        }
    }

    #[test]
    fn a_report_of_tera_is_read_back() {
        let mut tera = Tera::new();
        let error = tera
            .add_raw_template("a:b.html", "x\n{{ 1 | nothing }}{{ <none /> }}")
            .expect_err("neither exists");
        let ErrorKind::Msg(text) = error.kind() else {
            panic!("{error:?}");
        };
        let reports: Vec<Option<Report<'_>>> = text.split("\n\n").map(report).collect();
        let at = |message, column| {
            Some(Report {
                message,
                template: "a:b.html",
                line: 2,
                column,
            })
        };
        assert_eq!(
            reports,
            [
                at("Unknown filter `nothing`", 8),
                at("Unknown component `none`", 21)
            ]
        );
    }
}
