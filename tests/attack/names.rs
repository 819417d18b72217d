//! Fields of articles that have the names of fields of the output.
//!
//! An unknown field of an article is in the API under its own name, and in `article.extra` of
//! templates. It takes the place of nothing, whatever its name.

use std::collections::BTreeSet;

use newsgen::content::front_matter::{ArticleFields, PageFields, ProviderFileFields, TopicFields};
use serde_json::Value;

use crate::fields::quoted;
use crate::html::Shape;
use crate::payloads::{Kind, Mark, TEXTS};
use crate::support::{folder, put};
use crate::{Built, HARMLESS, build, data, json, settings, with_ending};

/// Names of all fields of the output: of JSON, of XML, and of what templates see.
fn names() -> BTreeSet<String> {
    let mut paths = Shape::new();
    for path in with_ending(&HARMLESS, &["json", "webmanifest"]) {
        data::keys(&json(&HARMLESS, path), "", &mut paths);
    }
    for path in with_ending(&HARMLESS, &["xml", "opml"]) {
        paths.extend(data::shape(HARMLESS.text(path)));
    }
    for path in with_ending(&HARMLESS, &["html"]) {
        let words = HARMLESS.text(path).split("application/ld+json\">").skip(1);
        for graph in words.filter_map(|words| words.split("</script>").next()) {
            data::keys(&serde_json::from_str(graph).unwrap(), "", &mut paths);
        }
    }
    let mut names: BTreeSet<String> = paths
        .iter()
        .flat_map(|path| path.split('.'))
        .map(str::to_owned)
        .collect();
    // The words in code spans of the page on templates are the names of what templates see.
    let page = include_str!("../../docs/templates.md");
    let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let spans = page.split('`').skip(1).step_by(2);
    let words = spans.flat_map(|span| span.split(|c| !is_letter(c)));
    names.extend(words.map(str::to_owned));
    names.extend(["__proto__", "constructor", "toString", "<<", "extra"].map(str::to_owned));
    names.remove("");
    names
}

/// Fields with these names, but for those that mean something.
fn foreign(names: &BTreeSet<String>, known: &[&str], value: usize) -> String {
    let is_foreign =
        |name: &&String| !known.contains(&name.as_str()) && !name.eq_ignore_ascii_case("secured");
    let mut lines = String::new();
    for (at, name) in names
        .iter()
        .filter(is_foreign)
        .filter(|name| *name != "<<")
        .enumerate()
    {
        let payload = (at + value) % TEXTS.len();
        let mark = Mark {
            kind: Kind::Rich,
            payload,
            field: 1,
        };
        let text = quoted(&TEXTS[payload].text(&mark.word()));
        let value = match value {
            0 => text,
            1 => format!("[{text}]"),
            2 => format!("{{ {}: {text} }}", quoted(name)),
            _ => "null".to_owned(),
        };
        lines += &format!("{}: {value}\n", quoted(name));
    }
    lines
}

/// A site whose files have as few fields as they may, and some others.
fn site(value: Option<usize>) -> Built {
    let names = names();
    let more = |known: &[&str]| value.map_or(String::new(), |value| foreign(&names, known, value));
    let site = folder();
    let root = site.path();
    put(root, "site.toml", settings("nginx"));
    let article = more(ArticleFields::FIELDS);
    let needed = "title: A\npublishedDateTime: 2026-11-20T08:00:00Z\n";
    for (name, own) in [
        ("link", "originalUrl: https://web.example/a\n---\n"),
        ("text", "---\nA text.\n"),
        (
            "both",
            "topics: [Plain]\noriginalUrl: https://p.example/b\n---\nA text.\n",
        ),
    ] {
        let text = format!("---\n{needed}{article}{own}");
        put(root, &format!("content/news/{name}.md"), text);
    }
    let topic = more(TopicFields::FIELDS);
    put(
        root,
        "content/topics/t.yaml",
        format!("name: Plain\n{topic}"),
    );
    let provider = more(ProviderFileFields::FIELDS);
    put(
        root,
        "content/providers/p.yaml",
        format!("domain: p.example\n{provider}"),
    );
    let page = more(PageFields::FIELDS);
    put(
        root,
        "content/pages/p.md",
        format!("---\ntitle: P\n{page}---\nA page.\n"),
    );
    let built = build(root);
    assert_eq!(built.report.site.problems, []);
    assert_eq!(built.report.site.edition().articles.len(), 3);
    built
}

#[test]
fn a_field_with_the_name_of_one_of_ours_takes_the_place_of_nothing() {
    let names = names();
    for name in [
        "body",
        "url",
        "json_ld",
        "content_html",
        "embed",
        "@type",
        "webUrl",
        "coverage",
    ] {
        assert!(names.contains(name), "{name} among {names:?}");
    }
    let without = site(None);
    // What the API says of an article that has everything.
    let mut ours = BTreeSet::new();
    for path in with_ending(&HARMLESS, &["json"]).filter(|path| path.starts_with("api/news/")) {
        let articles = json(&HARMLESS, path)["value"].as_array().unwrap().clone();
        let names = articles
            .iter()
            .flat_map(|article| article.as_object().unwrap().keys());
        ours.extend(names.cloned());
    }
    let known: BTreeSet<&str> = ArticleFields::FIELDS.iter().copied().collect();
    let unknown = ["custom", "nested", "number", "nothing"];
    ours.retain(|name| !unknown.contains(&name.as_str()));
    for value in 0..4 {
        let with = site(Some(value));
        let paths: BTreeSet<&String> = without.files.keys().chain(with.files.keys()).collect();
        for path in paths {
            if path.starts_with("api/news/") {
                let [plain, attacked] = [&without, &with].map(|built| json(built, path));
                compare(path, &plain, &attacked, &ours, &known);
            } else {
                let [plain, attacked] = [&without, &with].map(|built| built.files.get(path));
                assert!(plain == attacked, "{path} differs");
            }
        }
    }
}

/// The API's own fields are those of the article without foreign ones.
fn compare(
    path: &str,
    plain: &Value,
    attacked: &Value,
    ours: &BTreeSet<String>,
    known: &BTreeSet<&str>,
) {
    let [plain, attacked] = [plain, attacked].map(|page| page["value"].as_array().unwrap());
    assert_eq!(plain.len(), attacked.len(), "{path}");
    for (plain, attacked) in plain.iter().zip(attacked) {
        for name in ours {
            assert_eq!(plain.get(name), attacked.get(name), "{path}: {name}");
        }
        // Fields that mean something are never passed on as unknown ones.
        for name in known.iter().filter(|name| !ours.contains(**name)) {
            assert_eq!(attacked.get(name), None, "{path}: {name}");
        }
    }
}
