//! What a template reaches: everything it extends, includes or calls, and the static files and shared values it names.
//!
//! Tera does not say which templates another one uses, so this is read from the text, and errs on the safe side: a
//! component counts as called wherever its name follows a `<`. A page may be rendered once too often, never too
//! rarely.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
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
pub(super) const COSTLY: [&str; 5] = ["cover", "coverage", "days", "feeds", "json_ld"];

#[allow(clippy::expect_used, reason = "the patterns are constants, and a test compiles them")]
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a constant pattern is valid")
}

static USES: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"\{%-?\s*(?:extends|include)\b\s*(?:"([^"]*)"|'([^']*)'|`([^`]*)`)?"#));
static DEFINES: LazyLock<Regex> = LazyLock::new(|| pattern(r"\{%-?\s*component\s+([\w.\-]+)"));
static CALLS: LazyLock<Regex> = LazyLock::new(|| pattern(r"<\s*/?\s*([A-Za-z_][\w.\-]*)"));
static ASSETS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"\basset\s*\(\s*(?:path\s*=\s*["'`]([^"'`\\]+)["'`]\s*[,)])?"#));

static ALL_VARIABLES: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?s)\{#.*?#\}|\{%-?\s*raw\b.*?\{%-?\s*endraw|(__tera_context)"));

/// Where a template names the variable that holds all others, if it does: not in a comment or in raw text.
pub(super) fn all_variables(text: &str) -> Option<Range<usize>> {
    ALL_VARIABLES.captures_iter(text).find_map(|found| found.get(1)).map(|name| name.range())
}

/// The reach of each template.
pub(super) fn of_all(templates: &BTreeMap<String, String>, tera: &Tera) -> BTreeMap<String, Reach> {
    let mut defined_in: BTreeMap<&str, &str> = BTreeMap::new();
    for (name, text) in templates {
        defined_in
            .extend(DEFINES.captures_iter(text).filter_map(|found| Some((found.get(1)?.as_str(), name.as_str()))));
    }
    templates.keys().map(|name| (name.clone(), of_one(name, templates, &defined_in, tera))).collect()
}

fn of_one(start: &str, templates: &BTreeMap<String, String>, defined_in: &BTreeMap<&str, &str>, tera: &Tera) -> Reach {
    let mut reach = Reach::default();
    let mut open = vec![start];
    while let Some(name) = open.pop() {
        let Some(text) = templates.get(name) else {
            continue;
        };
        if !reach.templates.insert(name.to_owned()) {
            continue;
        }
        reach.fields.extend(COSTLY.into_iter().filter(|field| text.contains(field)));
        for found in USES.captures_iter(text) {
            let named = (1..=3).find_map(|quotes| found.get(quotes));
            match named.and_then(|named| templates.get_key_value(named.as_str())) {
                Some((used, _)) => open.push(used),
                // It has an escape, or stands in a comment: it may be any.
                None => open.extend(templates.keys().map(String::as_str)),
            }
        }
        for called in CALLS.captures_iter(text).filter_map(|found| Some(found.get(1)?.as_str())) {
            let Some(home) = defined_in.get(called) else {
                continue;
            };
            open.push(home);
            let arguments = tera.get_component_definition(called);
            let implicit = arguments.iter().flat_map(|info| info.args()).filter(|argument| argument.is_implicit());
            reach.variables.extend(implicit.map(|argument| argument.name().to_owned()));
        }
        for found in ASSETS.captures_iter(text) {
            match found.get(1) {
                Some(path) => drop(reach.assets.insert(path.as_str().to_owned())),
                None => reach.all_assets = true,
            }
        }
        #[allow(clippy::iter_over_hash_type, reason = "the names go into a sorted set")]
        for variable in tera.get_template_variables(name).unwrap_or_default() {
            reach.variables.insert(variable.to_owned());
        }
    }
    reach
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_extends_includes_and_components() {
        let files = [
            ("base.html", "<link href={{ asset(path=\"style.css\") }}>{% block main %}{% endblock %}{{ site }}"),
            (
                "parts.html",
                "{% component card(item, strings) %}{{<mark text={item} />}}{{ strings }}{% endcomponent card %}",
            ),
            ("mark.html", "{% component mark(text) %}{{ text }}{% endcomponent mark %}"),
            (
                "page.html",
                "{% extends \"base.html\" %}{% block main %}{% include \"foot.html\" %}{{<card item={page} strings={strings} />}}{% endblock %}",
            ),
            ("foot.html", "{{ nav }}"),
            ("other.html", "{{ topics }}{{ asset(path=name) }}"),
        ];
        let templates: BTreeMap<String, String> = files.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
        let mut tera = Tera::new();
        tera.register_function("asset", |_: tera::Kwargs, _: &tera::State<'_>| String::new());
        tera.add_raw_templates(files).unwrap();
        let reach = of_all(&templates, &tera);
        let page = &reach["page.html"];
        let names = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>().join(" ");
        assert_eq!(names(&page.templates), "base.html foot.html mark.html page.html parts.html");
        assert_eq!(names(&page.variables), "nav page site strings");
        assert_eq!((names(&page.assets).as_str(), page.all_assets), ("style.css", false));
        assert!(reach["other.html"].all_assets);
    }

    #[test]
    fn all_variables_at_once_are_found_where_tera_would_show_them() {
        for harmless in ["{# {{ __tera_context }} #}", "{%- raw -%}{{ __tera_context }}{% endraw %}", "{{ tera }}"] {
            assert_eq!(all_variables(harmless), None);
            assert_eq!(all_variables(&format!("{harmless}{{{{__tera_context}}}}")).map(|at| at.len()), Some(14));
        }
    }

    #[test]
    fn all_ways_to_write_a_name_are_read() {
        let files = [
            ("part.html", "{% block x %}{% endblock %}"),
            ("a.html", "{%- include `part.html` -%}{{ asset(path='a' ~ '.css') }}"),
            ("b.html", "{%extends 'part.html'%}{% block x %}{{ asset(path=`b.css` ,) }}{% endblock %}"),
            ("the \"reader's\".html", "{{ asset(path=\"css\\/c.css\") }}"),
            ("c.html", r#"{% include `the "reader's".html` %}"#),
            ("d.html", r#"{% include "the \"reader's\".html" %}"#),
            ("e.html", "{% include\n\"part.html\" %}"),
        ];
        let templates: BTreeMap<String, String> = files.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
        let mut tera = Tera::new();
        tera.register_function("asset", |_: tera::Kwargs, _: &tera::State<'_>| String::new());
        tera.add_raw_templates(files).unwrap();
        let reach = of_all(&templates, &tera);
        assert!(reach["a.html"].templates.contains("part.html") && reach["b.html"].templates.contains("part.html"));
        // What is put together from parts may be any file.
        assert!(reach["a.html"].all_assets && reach["a.html"].assets.is_empty());
        for (name, others) in [("c.html", 1), ("d.html", 6), ("e.html", 1)] {
            assert_eq!(reach[name].templates.len(), 1 + others, "{name}");
            assert_eq!(reach[name].all_assets, name != "e.html", "an escape may stand for any sign");
        }
        assert_eq!((reach["b.html"].all_assets, reach["b.html"].assets.contains("b.css")), (false, true));
    }
}
