//! What a template reaches: everything it extends, includes or calls, and the static files and
//! shared values it names.
//!
//! Tera does not say which templates another one uses, so this is read from the text, and errs on
//! the safe side: a component counts as called wherever its name follows a `<`. A page may be
//! rendered once too often, never too rarely.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::{Captures, Regex};
use tera::Tera;

/// What one template reaches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reach {
    /// Templates, itself included.
    pub(super) templates: BTreeSet<String>,
    /// Top-level variables.
    pub(super) variables: BTreeSet<String>,
    /// Static files that `asset()` names.
    pub(super) assets: BTreeSet<String>,
    /// Of [`COSTLY`], the fields whose names occur.
    pub(super) fields: BTreeSet<&'static str>,
    /// Whether some call of `asset()` names its file in a way that cannot be read from the text.
    pub(super) all_assets: bool,
}

/// Fields that cost time to make: they are made for templates in which their names occur.
pub(super) const COSTLY: [&str; 7] = [
    "cover",
    "coverage",
    "days",
    "extra",
    "feeds",
    "json_ld",
    "tag_links",
];

#[allow(
    clippy::expect_used,
    reason = "the patterns are constants, and a test compiles them"
)]
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a constant pattern is valid")
}

static USES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r#"\{%-?\s*(?:extends|include)\b\s*(?:"([^"]*)"|'([^']*)'|`([^`]*)`)?"#)
});
static DEFINES: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\{%-?\s*component\s+(\w+(?:\s*\.\s*\w+)*)"));
static CALLS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"<\s*/?\s*([A-Za-z_]\w*(?:\s*\.\s*\w+)*)"));
static ASSETS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r#"\basset\s*\(\s*(?:path\s*=\s*(?:"([^"\\]*)"|'([^'\\]*)'|`([^`\\]*)`)\s*[,)])?"#)
});
static SETS: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bset(?:_global)?\s+(\w+)"));

/// The reach of each template.
pub(super) fn of_all(templates: &BTreeMap<String, String>, tera: &Tera) -> BTreeMap<String, Reach> {
    // A comment may hold an old copy of a component: all that look like its home count.
    let mut defined_in: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (name, text) in templates {
        for component in DEFINES
            .captures_iter(text)
            .map(|found| without_space(&found[1]))
        {
            defined_in.entry(component).or_default().push(name);
        }
    }
    templates
        .keys()
        .map(|name| (name.clone(), of_one(name, templates, &defined_in, tera)))
        .collect()
}

/// `a . b` is the component `a.b`.
fn without_space(name: &str) -> String {
    name.split_whitespace().collect()
}

/// What stands in the quotes, of whatever kind; none when there are no quotes.
fn quoted<'t>(found: &Captures<'t>) -> Option<&'t str> {
    found
        .iter()
        .skip(1)
        .flatten()
        .next()
        .map(|text| text.as_str())
}

fn of_one(
    start: &str,
    templates: &BTreeMap<String, String>,
    defined_in: &BTreeMap<String, Vec<&str>>,
    tera: &Tera,
) -> Reach {
    let mut reach = Reach::default();
    let mut open = vec![start];
    while let Some(name) = open.pop() {
        let Some(text) = templates.get(name) else {
            continue;
        };
        if !reach.templates.insert(name.to_owned()) {
            continue;
        }
        reach
            .fields
            .extend(COSTLY.into_iter().filter(|field| text.contains(field)));
        for found in USES.captures_iter(text) {
            match quoted(&found).and_then(|named| templates.get_key_value(named)) {
                Some((used, _)) => open.push(used),
                // It has an escape, or stands in a comment: it may be any.
                None => open.extend(templates.keys().map(String::as_str)),
            }
        }
        for called in CALLS
            .captures_iter(text)
            .map(|found| without_space(&found[1]))
        {
            let Some(homes) = defined_in.get(&called) else {
                continue;
            };
            open.extend(homes);
            let arguments = tera.get_component_definition(&called);
            let implicit = arguments
                .iter()
                .flat_map(|info| info.args())
                .filter(|argument| argument.is_implicit());
            reach
                .variables
                .extend(implicit.map(|argument| argument.name().to_owned()));
        }
        for found in ASSETS.captures_iter(text) {
            match quoted(&found) {
                Some(path) => drop(reach.assets.insert(path.to_owned())),
                None => reach.all_assets = true,
            }
        }
        #[allow(clippy::iter_over_hash_type, reason = "the names go into a sorted set")]
        for variable in tera.get_template_variables(name).unwrap_or_default() {
            reach.variables.insert(variable.to_owned());
        }
        // Tera takes a variable for the template's own once a `set` stands above it, whether it is
        // carried out or not.
        reach
            .variables
            .extend(SETS.captures_iter(text).map(|found| found[1].to_owned()));
    }
    reach
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(files: &[(&str, &str)]) -> BTreeMap<String, Reach> {
        let templates = files
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect();
        let mut tera = Tera::new();
        tera.register_function("asset", |_: tera::Kwargs, _: &tera::State<'_>| {
            String::new()
        });
        tera.add_raw_templates(files.iter().copied()).unwrap();
        of_all(&templates, &tera)
    }

    #[test]
    fn follows_extends_includes_and_components() {
        let files = [
            (
                "base.html",
                "<link href={{ asset(path=\"style.css\") }}>{% block main %}{% endblock %}{{ site \
                 }}",
            ),
            (
                "parts.html",
                "{% component card(item, strings) %}{{<mark text={item} />}}{{ strings }}{% \
                 endcomponent card %}",
            ),
            (
                "mark.html",
                "{% component mark(text) %}{{ text }}{% endcomponent mark %}",
            ),
            (
                "page.html",
                "{% extends \"base.html\" %}{% block main %}{% include \"foot.html\" %}{{<card \
                 item={page} strings={strings} />}}{% endblock %}",
            ),
            ("foot.html", "{{ nav }}"),
            ("other.html", "{{ topics }}{{ asset(path=name) }}"),
        ];
        let reach = reach(&files);
        let page = &reach["page.html"];
        let names = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>().join(" ");
        assert_eq!(
            names(&page.templates),
            "base.html foot.html mark.html page.html parts.html"
        );
        assert_eq!(names(&page.variables), "nav page site strings");
        assert_eq!(
            (names(&page.assets).as_str(), page.all_assets),
            ("style.css", false)
        );
        assert!(reach["other.html"].all_assets);
    }

    /// The reach of the first of some templates.
    fn first<const N: usize>(files: [(&str, &str); N]) -> Reach {
        let templates: BTreeMap<String, String> = files
            .map(|(name, text)| (name.to_owned(), text.to_owned()))
            .into();
        let mut tera = Tera::new();
        tera.register_function("asset", |_: tera::Kwargs, _: &tera::State<'_>| {
            String::new()
        });
        tera.add_raw_templates(files).unwrap();
        of_all(&templates, &tera).remove(files[0].0).unwrap()
    }

    #[test]
    fn what_may_have_been_set_is_read() {
        for setting in [
            "{% if page.kind == \"home\" %}{% set topics = [] %}{% endif %}",
            "{% if site.x %}{%- set topics -%}x{% endset %}{% endif %}",
            "{% for x in [] %}{% set_global topics = [] %}{% endfor %}",
            "{% block foot %}{% set topics = [] %}{% endblock %}",
        ] {
            let reach = first([("a.html", &format!("{setting}{{{{ topics }}}}"))]);
            assert!(reach.variables.contains("topics"), "{setting}");
        }
    }

    #[test]
    fn every_home_that_a_component_may_have_is_reached() {
        let card = "{% component ui . card(x) %}A{% endcomponent ui.card %}";
        let reach = first([
            ("a.html", "{{ <ui\n.card x=\"1\"/> }}"),
            ("c.html", card),
            (
                "old.html",
                &format!("{{# {card} #}}{{% raw %}}{card}{{% endraw %}}"),
            ),
        ]);
        assert_eq!(reach.templates.len(), 3);
    }

    #[test]
    fn the_quotes_around_a_file_may_be_in_other_names() {
        let asset = |path: &str| first([("a.html", &format!("{{{{ asset(path={path}) }}}}"))]);
        for (written, name) in [
            ("\"dogs', cats.css\"", "dogs', cats.css"),
            ("`dogs\", cats.css`", "dogs\", cats.css"),
        ] {
            let reach = asset(written);
            assert!(reach.all_assets || reach.assets.contains(name), "{written}");
        }
    }

    #[test]
    fn all_ways_to_write_a_name_are_read() {
        let files = [
            ("part.html", "{% block x %}{% endblock %}"),
            (
                "a.html",
                "{%- include `part.html` -%}{{ asset(path='a' ~ '.css') }}",
            ),
            (
                "b.html",
                "{%extends 'part.html'%}{% block x %}{{ asset(path=`b.css` ,) }}{% endblock %}",
            ),
            ("the \"reader's\".html", "{{ asset(path=\"css\\/c.css\") }}"),
            ("c.html", r#"{% include `the "reader's".html` %}"#),
            ("d.html", r#"{% include "the \"reader's\".html" %}"#),
            ("e.html", "{% include\n\"part.html\" %}"),
        ];
        let reach = reach(&files);
        assert!(
            reach["a.html"].templates.contains("part.html")
                && reach["b.html"].templates.contains("part.html")
        );
        // What is put together from parts may be any file.
        assert!(reach["a.html"].all_assets && reach["a.html"].assets.is_empty());
        for (name, others) in [("c.html", 1), ("d.html", 6), ("e.html", 1)] {
            assert_eq!(reach[name].templates.len(), 1 + others, "{name}");
            assert_eq!(
                reach[name].all_assets,
                name != "e.html",
                "an escape may stand for any sign"
            );
        }
        assert_eq!(
            (
                reach["b.html"].all_assets,
                reach["b.html"].assets.contains("b.css")
            ),
            (false, true)
        );
    }
}
