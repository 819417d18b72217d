//! Front matter of all kinds: TOML and JSON are edited without another byte changed, and trees with
//! files in the forms of other tools are built.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use newsgen::document::{Document, Edit, Outcome};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use support::edits::{edit_of, path};
use support::{Tree, folder, put};

/// The file after an edit that is written as on the command line, but with JSON as value.
fn edited(file: &str, edit: &str) -> Result<String, String> {
    let mut document = Document::parse(file.as_bytes()).unwrap_or_else(|e| panic!("{file}: {e}"));
    document
        .apply(&edit_of(edit))
        .map_err(|error| error.to_string())?;
    Ok(String::from_utf8(document.bytes().to_owned()).unwrap())
}

#[track_caller]
fn toml(matter: &str, edit: &str, wanted: &str) {
    let file = |matter: &str| format!("+++\n{matter}+++\nText.\n");
    assert_eq!(
        edited(&file(matter), edit),
        Ok(file(wanted)),
        "{matter} after {edit}"
    );
    let crlf = |matter: &str| file(matter).replace('\n', "\r\n");
    assert_eq!(
        edited(&crlf(matter), edit),
        Ok(crlf(wanted)),
        "{matter} after {edit}"
    );
}

#[track_caller]
fn json_file(matter: &str, edit: &str, wanted: &str) {
    for (start, end) in [("", "\n\nText.\n"), (";;;\n", "\n;;;\nText.\n")] {
        let file = |matter: &str| format!("{start}{matter}{end}");
        assert_eq!(
            edited(&file(matter), edit),
            Ok(file(wanted)),
            "{matter} after {edit}"
        );
    }
}

const TOML: &str = "# c\ntitle = 'Old' # d\ndate = 2020-05-01\n\n[extra]\nlink = \"l\"\n\
                    # e\n[[images]]\nurl = \"u\"\n";

#[test]
fn values_of_toml_are_set() {
    let with = |old: &str, new: &str| TOML.replacen(old, new, 1);
    toml(TOML, r#"title="New""#, &with("'Old'", "'New'"));
    toml(TOML, r#"title="It's""#, &with("'Old'", "\"It's\""));
    toml(
        TOML,
        r#"date="2026-11-25T10:00:00Z""#,
        &with("2020-05-01", "2026-11-25T10:00:00Z"),
    );
    toml(TOML, r#"date="soon""#, &with("2020-05-01", "\"soon\""));
    toml(TOML, r#"extra.link="m""#, &with("\"l\"", "\"m\""));
    toml(
        TOML,
        "images.0.width=3",
        &with("url = \"u\"\n", "url = \"u\"\nwidth = 3\n"),
    );
    toml(
        TOML,
        "quality=80",
        &with("2020-05-01\n", "2020-05-01\nquality = 80\n"),
    );
    toml(
        TOML,
        r#"extra.a="x\ny""#,
        &with("\"l\"\n", "\"l\"\na = \"x\\ny\"\n"),
    );
    toml(
        TOML,
        r#"provider.name="P""#,
        &with("05-01\n", "05-01\nprovider.name = \"P\"\n"),
    );
    toml("[extra]\na = 1\n", "b=2", "b = 2\n[extra]\na = 1\n");
    toml("[extra]\n[more]\n", "extra.b=2", "[extra]\nb = 2\n[more]\n");
    toml("a.b = 1\nc = 2\n", "a.d=3", "a.b = 1\na.d = 3\nc = 2\n");
    toml("a = { b = 1 }\n", "a.c=true", "a = { b = 1, c = true }\n");
    toml(
        "a = {}\n",
        r#"a."b c"=[1]"#.replace('"', "").as_str(),
        "a = {\"b c\" = [1]}\n",
    );
    toml("", "a=1", "a = 1\n");
}

#[test]
fn lists_of_toml_keep_their_form() {
    toml(
        "t = ['a', 'b'] # c\n",
        r#"t+="d""#,
        "t = ['a', 'b', \"d\"] # c\n",
    );
    toml("t = ['a', 'b'] # c\n", r#"t-="a""#, "t = ['b'] # c\n");
    toml("t = ['a', 'b'] # c\n", r#"t-="b""#, "t = ['a'] # c\n");
    toml("t = ['a']\n", r#"t-="a""#, "t = []\n");
    toml("t = []\n", r#"t+="a""#, "t = [\"a\"]\n");
    toml("t = 'a'\n", r#"t+="b""#, "t = ['a', 'b']\n");
    toml("a = 1\n", r#"t+="b""#, "a = 1\nt = [\"b\"]\n");
    let list = "t = [\n  'a', # one\n  'b', # two\n]\n";
    toml(
        list,
        r#"t+="c""#,
        "t = [\n  'a', # one\n  'b', # two\n  \"c\",\n]\n",
    );
    toml(list, r#"t-="a""#, "t = [\n  'b', # two\n]\n");
    toml(list, r#"t-="b""#, "t = [\n  'a', # one\n]\n");
    toml(
        "t = [\n  'a'\n]\n",
        r#"t+="c""#,
        "t = [\n  'a',\n  \"c\"\n]\n",
    );
}

#[test]
fn fields_of_toml_are_taken_out() {
    toml("a = 1 # c\nb = 2\n", "a!", "b = 2\n");
    toml("a = { b = 1, c = 2 }\n", "a.b!", "a = { c = 2 }\n");
    toml("a.b = 1\na.c = 2\nd = 3\n", "a!", "d = 3\n");
    toml(
        "d = 3\n[a]\nb = 1\n# e\n[c]\nf = 1\n",
        "a!",
        "d = 3\n# e\n[c]\nf = 1\n",
    );
    toml("[[i]]\nu = 1\n[[i]]\nu = 2\n", "i.0!", "[[i]]\nu = 2\n");
    let refused = |edit| edited(&format!("+++\n{TOML}+++\n"), edit).unwrap_err();
    assert!(refused("title=null").contains("TOML has no empty value"));
    assert!(refused("title.a=1").contains("no table"));
    assert!(refused("extra=[1]").contains("cannot be edited"));
}

#[test]
fn values_of_json_are_edited() {
    let small = r#"{"a": "x", "b": [1, 2], "c": {}}"#;
    json_file(
        small,
        r#"a="It's \"é\"""#,
        r#"{"a": "It's \"é\"", "b": [1, 2], "c": {}}"#,
    );
    json_file(small, "b+=3", r#"{"a": "x", "b": [1, 2, 3], "c": {}}"#);
    json_file(small, "b-=1", r#"{"a": "x", "b": [2], "c": {}}"#);
    json_file(
        small,
        "c.d=null",
        r#"{"a": "x", "b": [1, 2], "c": {"d": null}}"#,
    );
    json_file(small, "d=1", r#"{"a": "x", "b": [1, 2], "c": {}, "d": 1}"#);
    json_file(small, "c!", r#"{"a": "x", "b": [1, 2]}"#);
    json_file(small, "a!", r#"{"b": [1, 2], "c": {}}"#);
    json_file("{}", "a=1", "{\"a\": 1}");
    let lines = "{\n  \"a\": 1,\n  \"t\": [\n    \"x\"\n  ]\n}";
    json_file(
        lines,
        "p.n=2",
        "{\n  \"a\": 1,\n  \"t\": [\n    \"x\"\n  ],\n  \"p\": {\"n\": 2}\n}",
    );
    json_file(
        lines,
        r#"t+="y""#,
        "{\n  \"a\": 1,\n  \"t\": [\n    \"x\",\n    \"y\"\n  ]\n}",
    );
    json_file(lines, "t!", "{\n  \"a\": 1\n}");
    json_file(lines, "a!", "{\n  \"t\": [\n    \"x\"\n  ]\n}");
    let bare = |fields: &str| format!(";;;\n{fields}\n;;;\nText.\n");
    assert_eq!(
        edited(&bare("\"a\": 1"), "b=2"),
        Ok(bare("\"a\": 1, \"b\": 2"))
    );
}

#[test]
fn an_indented_block_is_edited_in_its_own_way() {
    let file = |fields: &str| format!("---\n  title: x\n{fields}...\nText.\n");
    let becomes = |edit: &str, wanted: &str| {
        assert_eq!(edited(&file("  a: 1\n"), edit), Ok(wanted.to_owned()))
    };
    becomes("a=2", &file("  a: 2\n"));
    becomes("b=2", &file("  a: 1\n  b: 2\n"));
    becomes("a!", &file(""));
}

/// The text of a value, in one of the two formats, with comments and line breaks where they may be.
fn written(value: &Value, is_toml: bool, spread: bool, depth: usize) -> String {
    let indent = "  ".repeat(depth + 1);
    let join = |items: Vec<String>, open: &str, close: &str, may_spread: bool| match spread
        && may_spread
        && !items.is_empty()
    {
        true => {
            let comment = if is_toml { " # c" } else { "" };
            let last = items.len() - 1;
            let lines: String = items
                .iter()
                .enumerate()
                .map(|(at, item)| {
                    let comma = if at == last { "" } else { "," };
                    format!("{indent}{item}{comma}{comment}\n")
                })
                .collect();
            format!("{open}\n{lines}{}{close}", "  ".repeat(depth))
        }
        false => format!("{open}{}{close}", items.join(", ")),
    };
    match value {
        Value::Array(items) => {
            let items = items
                .iter()
                .map(|item| written(item, is_toml, spread, depth + 1));
            join(items.collect(), "[", "]", true)
        }
        Value::Object(fields) => {
            let sign = if is_toml { " = " } else { ": " };
            let fields = fields.iter().map(|(name, value)| {
                let value = written(value, is_toml, spread && !is_toml, depth + 1);
                format!("{}{sign}{value}", Value::from(name.as_str()))
            });
            join(fields.collect(), "{", "}", !is_toml)
        }
        Value::String(text) => Value::from(text.as_str())
            .to_string()
            .replace('\u{7f}', "?"),
        other => other.to_string(),
    }
}

fn new_value(is_toml: bool) -> BoxedStrategy<Value> {
    let null = if is_toml { json!(1) } else { Value::Null };
    let leaf = prop_oneof![
        3 => "[ -~é—\n\t+;]{0,10}".prop_map(Value::from),
        1 => select(vec!["+++", ";;;", "a\n+++\nb", "\\", "}", "2020-01-01"]).prop_map(Value::from),
        1 => any::<i32>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(null),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        let name = select(vec!["a", "name", "x y", "é", "0"]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..3).prop_map(|fields| {
                let fields = fields
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value));
                Value::Object(fields.collect())
            }),
        ]
    })
    .boxed()
}

/// A file, and all that it says.
fn document(is_toml: bool) -> BoxedStrategy<String> {
    let name = select(vec!["title", "topics", "provider", "a b", "é", "f", "q"]);
    let field = (name, new_value(is_toml), any::<bool>());
    let fields = prop::collection::btree_map(name_of_field(), field, 0..6);
    let header = select(vec![
        "",
        "[extra]\nlink = 'l' # c\n",
        "[[images]]\nurl = 'u'\n[[images]]\n",
    ]);
    (fields, header, any::<bool>(), any::<bool>())
        .prop_map(move |(fields, header, braces, crlf)| {
            let lines = fields.into_iter().map(|(name, (_, value, spread))| {
                let value = written(&value, is_toml, spread, 0);
                let sign = if is_toml { " = " } else { ": " };
                format!("{}{sign}{value}", Value::from(name))
            });
            let lines: Vec<String> = lines.collect();
            let text = match (is_toml, braces) {
                (true, _) => format!("+++\n{}\n{header}+++\nText.\n", lines.join("\n# c\n")),
                (false, true) => format!("{{\n{}\n}}\nText.\n", lines.join(",\n")),
                (false, false) => format!(";;;\n{{{}}}\n;;;\nText.\n", lines.join(", ")),
            };
            if crlf {
                text.replace('\n', "\r\n")
            } else {
                text
            }
        })
        .boxed()
}

fn name_of_field() -> impl Strategy<Value = &'static str> {
    select(vec!["title", "topics", "provider", "a b", "é", "f", "q"])
}

fn edit(is_toml: bool) -> impl Strategy<Value = Edit> {
    let part = select(vec![
        "title", "topics", "provider", "a b", "é", "f", "q", "a", "name", "0", "1", "2", "new",
        "extra", "link", "images", "url",
    ]);
    let field = prop::collection::vec(part, 1..4).prop_map(|parts| path(&parts.join(".")));
    (field, new_value(is_toml), 0..8).prop_map(|(field, value, kind)| match kind {
        0 => Edit::Add(field, value),
        1 => Edit::Remove(field, value),
        2 => Edit::Unset(field),
        _ => Edit::Set(field, value),
    })
}

/// The bytes that a text lost, or has new, between the longest common start and end.
fn changed<'t>(old: &'t str, new: &str) -> &'t str {
    let start = old
        .bytes()
        .zip(new.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    let (old_rest, new_rest) = (&old.as_bytes()[start..], &new.as_bytes()[start..]);
    let pairs = old_rest.iter().rev().zip(new_rest.iter().rev());
    let end = pairs.take_while(|(a, b)| a == b).count();
    let (start, end) = (
        old.floor_char_boundary(start),
        old.ceil_char_boundary(old.len() - end),
    );
    &old[start..end]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1_500,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn an_edit_changes_what_it_names_and_no_other_byte(
        (file, edits) in any::<bool>().prop_flat_map(|is_toml| {
            (document(is_toml), prop::collection::vec(edit(is_toml), 1..4))
        }),
    ) {
        let Ok(mut document) = Document::parse(file.as_bytes()) else {
            return Ok(());
        };
        for edit in edits {
            let before = document.clone();
            let text = String::from_utf8(before.bytes().to_owned()).unwrap();
            match document.apply(&edit) {
                Err(_) | Ok(Outcome::Unchanged) => prop_assert_eq!(&document, &before),
                Ok(Outcome::Changed) => {
                    let after = String::from_utf8(document.bytes().to_owned()).unwrap();
                    prop_assert_eq!(document.body(), before.body());
                    if let Edit::Set(field, value) = &edit {
                        let read = document.get(field);
                        prop_assert_eq!(read.as_ref(), Some(value), "{}", after);
                    }
                    // A new scalar in the place of an old one costs the old one and nothing else.
                    let is_scalar = |value: &Value| !value.is_array() && !value.is_object();
                    if let Edit::Set(field, value) = &edit
                        && let Some(old) = before.get(field)
                        && is_scalar(&old)
                        && is_scalar(value)
                    {
                        prop_assert!(!changed(&text, &after).contains('\n'), "{text}\n{after}");
                    }
                    let same_ends = |file: &str| {
                        file.matches('\n').count() == file.matches("\r\n").count()
                    };
                    prop_assert_eq!(same_ends(&text), same_ends(&after), "{:?}", after);
                    let again = Document::parse(after.as_bytes()).unwrap();
                    prop_assert_eq!(again.matter(), document.matter());
                }
            }
        }
    }

    #[test]
    fn scalars_are_always_set(
        value in "[ -~é—\n]{0,30}",
        number in any::<i32>(),
        is_toml in any::<bool>(),
    ) {
        let file = match is_toml {
            true => {
                "+++\ntitle = \"Old\" # c\nquality = 80\ntopics = ['AI']\n[extra]\n\
                 link = 'l'\n+++\n"
            }
            false => {
                "{\"title\": \"Old\", \"quality\": 80, \"topics\": [\"AI\"], \
                 \"extra\": {\"link\": 1}}\n"
            }
        };
        let mut document = Document::parse(file.as_bytes()).unwrap();
        for (field, value) in [
            ("title", Value::from(value.as_str())),
            ("quality", number.into()),
            ("topics.0", value.as_str().into()),
            ("topics.1", value.as_str().into()),
            ("extra.link", value.as_str().into()),
            ("excerpt", value.into()),
        ] {
            let set = document.set(&path(field), value.clone());
            prop_assert!(set.is_ok(), "{set:?}");
            prop_assert_eq!(document.get(&path(field)), Some(value));
        }
    }
}

/// Runs newsgen in a folder.
fn newsgen(root: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_newsgen"));
    command.args(arguments).current_dir(root);
    command.output().unwrap()
}

const NOW: [&str; 2] = ["--now", "2026-11-25T12:00:00Z"];

/// Builds a site, and returns what it says on both channels; it must succeed.
fn build(root: &Path, more: &[&str]) -> String {
    let output = newsgen(root, &[&["build"], more, &NOW].concat());
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8(said).unwrap();
    assert!(output.status.success(), "{said}");
    said
}

fn site(settings: &str) -> tempfile::TempDir {
    let root = folder();
    let head = "title = \"T\"\nbase_url = \"https://t.example/\"\nsearch.enabled = false\n";
    put(root.path(), "site.toml", format!("{head}{settings}"));
    root
}

fn has_page(root: &Path, url: &str) -> bool {
    root.join(format!("public{url}index.html")).is_file()
}

const FIELDS: &str = "publishedDateTime: 2026-11-24\noriginalUrl: https://a.example/";

#[test]
fn every_ending_and_every_format_is_read() {
    let site = site("");
    let root = site.path();
    for (name, link) in [("a.markdown", "1"), ("b.MD", "2"), ("c.mdx", "3")] {
        let text = format!("---\ntitle: In {name}\n{FIELDS}{link}\n---\n");
        put(root, &format!("content/news/{name}"), text);
    }
    put(
        root,
        "content/news/d.md",
        "+++\ntitle = 'In TOML'\npublishedDateTime = 2026-11-24T10:00:00Z\n\
         originalUrl = 'https://a.example/4'\n[extra]\nsecured = 'SECRET'\n+++\n",
    );
    put(
        root,
        "content/news/e.md",
        "{\"title\": \"In JSON\", \"publishedDateTime\": \"2026-11-24\",\n\
         \"originalUrl\": \"https://a.example/5\", \"secured\": \"SECRET\"}\nText of e.\n",
    );
    put(
        root,
        "content/news/f.md",
        format!(
            "---\n  title: Indented\n  {}6\n...\nText.\n",
            FIELDS.replace('\n', "\n  ")
        ),
    );
    build(root, &[]);
    for name in ["a", "b", "c", "d", "e", "f"] {
        assert!(
            has_page(root, &format!("/news/2026/11/24/{name}/")),
            "{name}"
        );
    }
    for (path, bytes) in Tree::of(&root.join("public")) {
        assert!(
            !String::from_utf8_lossy(&bytes).contains("SECRET"),
            "{path}"
        );
    }
}

#[test]
fn a_bundle_has_the_name_of_its_folder() {
    let site = site("");
    let root = site.path();
    for (file, link) in [
        ("budget/index.md", "1"),
        ("flood/index.md", "2"),
        ("flood/index.de.md", "3"),
        ("2026-11-24-vote/index.md", "4"),
        ("storm.en.md", "5"),
        ("_index.md", "6"),
        ("flood/_index.md", "7"),
    ] {
        let text = format!("---\ntitle: Title of {file}\n{FIELDS}{link}\n---\n");
        put(root, &format!("content/news/{file}"), text);
    }
    let said = build(root, &["--verbose"]);
    assert!(said.contains("2 _index.md"), "{said}");
    for slug in ["budget", "flood", "flood-de", "vote", "storm"] {
        assert!(
            has_page(root, &format!("/news/2026/11/24/{slug}/")),
            "{slug}"
        );
    }
    assert_eq!(Tree::of(&root.join("public/news/2026/11/24")).len(), 5);
}

#[test]
fn a_file_without_front_matter_has_a_title_and_a_date() {
    let site = site("[content.fields]\npublishedDateTime = \":filename\"\n");
    let root = site.path();
    put(
        root,
        "content/news/2026-11-24-flood.md",
        "# The *flood*\n\nThe river rose.\n",
    );
    build(root, &[]);
    let page = root.join("public/news/2026/11/24/flood/index.html");
    let page = fs::read_to_string(page).unwrap();
    assert!(page.contains("<title>The flood"), "{page}");
    assert_eq!(page.matches("The flood</h").count(), 1, "{page}");
    assert!(page.contains("<p>The river rose.</p>"), "{page}");
    put(
        root,
        "content/news/flood.md",
        "# The flood\n\nThe river rose.\n",
    );
    let output = newsgen(root, &["check", "--now", "2026-11-25T12:00:00Z"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("content/news/flood.md") && said.contains("has no front matter, and so no"),
        "{said}"
    );
}

#[test]
fn no_articles_are_a_warning_that_says_what_is_there() {
    let site = site("");
    let root = site.path();
    for name in ["a.txt", "b.org", "c.TXT", "_index.md"] {
        put(root, &format!("content/news/{name}"), "x");
    }
    let output = newsgen(root, &[&["check"], &NOW[..]].concat());
    let said = String::from_utf8(output.stderr).unwrap();
    let wanted = "0 articles in content/news; there are 3 files (2 .txt, 1 .org) and 1 _index.md";
    assert!(said.contains(wanted), "{said}");
    assert!(output.status.success());
    let strict = newsgen(root, &[&["check", "--strict"], &NOW[..]].concat());
    assert!(!strict.status.success());
}

#[test]
fn aliases_may_lack_a_slash() {
    let site = site("");
    let root = site.path();
    let article = |name: &str, alias: &str| {
        let text = format!("---\ntitle: {name}\n{FIELDS}{name}\naliases: [{alias}]\n---\n");
        put(root, &format!("content/news/{name}.md"), text);
    };
    article("a", "releases/1.94.1");
    article("b", "\"/releases/1.95\", /releases/1.95/");
    build(root, &[]);
    assert!(has_page(root, "/releases/1.94.1/") && has_page(root, "/releases/1.95/"));
    article("c", "old.php");
    let output = newsgen(root, &[&["check"], &NOW[..]].concat());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("add a slash at its end"), "{said}");
}

#[test]
fn what_is_no_markdown_in_mdx_is_left_out_and_reported() {
    let site = site("");
    let root = site.path();
    let text = format!(
        "---\ntitle: In MDX\n{FIELDS}1\n---\nimport {{Chart}} from './chart.js'\n\n\
         # Part\n\n<Chart data={{[1, 2]}}>\n\n*Text* inside.\n\n</Chart>\n"
    );
    put(root, "content/news/a.mdx", text);
    build(root, &[]);
    let page = fs::read_to_string(root.join("public/news/2026/11/24/a/index.html")).unwrap();
    assert!(page.contains("<em>Text</em> inside."), "{page}");
    assert!(
        !page.contains("chart.js") && !page.contains("data="),
        "{page}"
    );
    let output = newsgen(root, &[&["check"], &NOW[..]].concat());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("content/news/a.mdx:6:1"), "{said}");
    assert!(said.contains("`<Chart>` is a component"), "{said}");
}

#[test]
fn set_edits_toml_and_json() {
    let site = site("[content.fields]\noriginalUrl = \"extra.link\"\n");
    let root = site.path();
    let toml = "+++\ntitle = 'A' # c\npublishedDateTime = 2026-11-24\n[extra]\n\
      link = 'https://a.example/1'\n+++\n";
    let json = "{\n  \"title\": \"B\",\n  \"publishedDateTime\": \"2026-11-24\",\n  \
                \"extra\": {\"link\": \"https://a.example/2\"}\n}\nText.\n";
    put(root, "content/news/a.md", toml);
    put(root, "content/news/b.md", json);
    let files = ["content/news/a.md", "content/news/b.md"];
    let changes = [
        "title=New",
        "quality=80",
        "originalUrl=https://b.example/",
        "topics+=AI",
    ];
    let output = newsgen(root, &[&["set"], &files[..], &changes].concat());
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let read = |file: &str| fs::read_to_string(root.join(file)).unwrap();
    assert_eq!(
        read(files[0]),
        "+++\ntitle = 'New' # c\npublishedDateTime = 2026-11-24\nquality = 80\ntopics = [\"AI\"]\n\
         [extra]\nlink = 'https://b.example/'\n+++\n"
    );
    assert_eq!(
        read(files[1]),
        "{\n  \"title\": \"New\",\n  \"publishedDateTime\": \"2026-11-24\",\n  \"extra\": \
         {\"link\": \"https://b.example/\"},\n  \"quality\": 80,\n  \"topics\": [\"AI\"]\n}\n\
           Text.\n"
    );
    build(root, &[]);
}
