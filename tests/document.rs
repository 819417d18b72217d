//! Edits of front matter: each one changes the value that it names, and no other byte.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use newsgen::document::{Document, DocumentError, Edit, EditError, Format, Outcome};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use support::edits::{edit_of, path};

/// The front matter after an edit that is written as on the command line, but with JSON as value.
fn edited(matter: &str, edit: &str) -> Result<String, String> {
    let file = format!("---\n{matter}---\nText.\n");
    let mut document = Document::parse(file.as_bytes()).unwrap_or_else(|e| panic!("{matter}: {e}"));
    document
        .apply(&edit_of(edit))
        .map_err(|error| error.to_string())?;
    assert!(document.bytes().ends_with(b"---\nText.\n") && document.body() == "Text.\n");
    Ok(document.matter().to_owned())
}

#[track_caller]
fn becomes(matter: &str, edit: &str, wanted: &str) {
    assert_eq!(
        edited(matter, edit).as_deref(),
        Ok(wanted),
        "{matter} after {edit}"
    );
}

#[test]
fn a_value_keeps_its_quotes_where_it_can() {
    becomes(
        "a: x # c\nb: 1\n",
        r#"a="New one""#,
        "a: New one # c\nb: 1\n",
    );
    becomes("a: x\n", r#"a="New: one""#, "a: \"New: one\"\n");
    becomes("a: 'x'\n", r#"a="It's""#, "a: 'It''s'\n");
    becomes("a: 'x'\n", r#"a="two\nlines""#, "a: \"two\\nlines\"\n");
    becomes("a: \"x\"\n", r#"a="New — “one”""#, "a: \"New — “one”\"\n");
    becomes("a: \"80\"\n", r#"a="90""#, "a: \"90\"\n");
    becomes("a: \"80\"\n", "a=90", "a: 90\n");
    becomes("a: x\n", r#"a="yes""#, "a: \"yes\"\n");
    becomes(
        "a: 2021-03-12T17:01:00Z\n",
        r#"a="2026-11-25T10:00:00Z""#,
        "a: 2026-11-25T10:00:00Z\n",
    );
    becomes("a: one\n  two\nb: 1\n", r#"a="x""#, "a: x\nb: 1\n");
}

#[test]
fn a_block_of_text_stays_one() {
    becomes(
        "a: |\n    one\n    two\n\nb: 1\n",
        r#"a="three\n\nfour\n""#,
        "a: |\n    three\n\n    four\n\nb: 1\n",
    );
    becomes(
        "a: >-\n  one\n  two\n\n# c\nb: 1\n",
        r#"a="three""#,
        "a: >-\n  three\n\n# c\nb: 1\n",
    );
    becomes(
        "a: | # c\n  one\nb: 1\n",
        r#"a="two""#,
        "a: |- # c\n  two\nb: 1\n",
    );
    becomes(
        "a: | # c\n  one\nb: 1\n",
        r#"a=" x""#,
        "a: \" x\" # c\nb: 1\n",
    );
    becomes(
        "a: |+\n  one\n\nb: 1\n",
        "c=1",
        "a: |+\n  one\n\nb: 1\nc: 1\n",
    );
    becomes("a: |+\n  one\n\n", "c=1", "a: |+\n  one\n\nc: 1\n");
    becomes("a: |\n  one\n", r#"a=" x""#, "a: \" x\"\n");
}

#[test]
fn fields_at_any_depth_are_set() {
    let tree = "provider:\n    name: X # c\nimages:\n- url: a\n  width: 3\n- {url: b}\n";
    becomes(
        tree,
        r#"provider.name="Z""#,
        "provider:\n    name: Z # c\nimages:\n- url: a\n  width: 3\n- {url: b}\n",
    );
    becomes(
        tree,
        r#"provider.domain="y.org""#,
        concat!(
            "provider:\n    name: X # c\n    domain: y.org\n",
            "images:\n- url: a\n  width: 3\n- {url: b}\n",
        ),
    );
    becomes(
        tree,
        "images.0.height=4",
        "provider:\n    name: X # c\nimages:\n- url: a\n  width: 3\n  height: 4\n- {url: b}\n",
    );
    becomes(
        tree,
        "images.1.width=7",
        "provider:\n    name: X # c\nimages:\n- url: a\n  width: 3\n- {url: b, width: 7}\n",
    );
    becomes(
        tree,
        r#"images.2.url="c""#,
        "provider:\n    name: X # c\nimages:\n- url: a\n  width: 3\n- {url: b}\n- url: c\n",
    );
    becomes("a: 1\n", r#"b.c.0.d="x""#, "a: 1\nb:\n  c:\n    - d: x\n");
    becomes("a:\nb: 1\n", r#"a.c="x""#, "a:\n  c: x\nb: 1\n");
    becomes("", r#"a.c="x""#, "a:\n  c: x\n");
    becomes("# only\n", "a=1", "# only\na: 1\n");
    becomes("a: {}\n", "a.b=1", "a: {b: 1}\n");
}

#[test]
fn lists_keep_their_form() {
    becomes(
        "t:\n- a # c\n- b\n\n# k\nb: 1\n",
        r#"t+="c""#,
        "t:\n- a # c\n- b\n- c\n\n# k\nb: 1\n",
    );
    becomes("t: [a, b]\n", r#"t+="c: d""#, "t: [a, b, \"c: d\"]\n");
    becomes("t: [a, b,]\n", r#"t+="c""#, "t: [a, b, c,]\n");
    becomes(
        "t: [\n  a,\n  b # c\n]\n",
        r#"t+="c""#,
        "t: [\n  a,\n  b, # c\n  c\n]\n",
    );
    becomes(
        "t: [\n  a,\n  b, # c\n]\n",
        r#"t+="c""#,
        "t: [\n  a,\n  b, # c\n  c,\n]\n",
    );
    becomes("t: [a] # c\n", r#"t=["b"]"#, "t: [b] # c\n");
    becomes("t: {a: 1} # c\n", "t=1", "t: 1 # c\n");
    becomes("t: # c\n- [a] # d\nb: 1\n", "t=1", "t: 1 # c\nb: 1\n");
    becomes("t: []\n", r#"t+="c""#, "t: [c]\n");
    becomes("t:\nb: 1\n", r#"t+="c""#, "t:\n  - c\nb: 1\n");
    becomes("b:\n- x\n", r#"t+="c""#, "b:\n- x\nt:\n- c\n");
    becomes("t: AI\n", r#"t+="c""#, "t: [AI, c]\n");
    becomes("t: 'A, I'\n", r#"t+="c""#, "t: ['A, I', c]\n");
    becomes("t: A, I\n", r#"t+="c""#, "t: [\"A, I\", c]\n");
    becomes("t: [a]\n", r#"t+="a""#, "t: [a]\n");

    becomes("t:\n  - a # c\n  - b\n", r#"t-="a""#, "t:\n  - b\n");
    becomes(
        "t:\n  - a # c\n  - b\nb: 1\n",
        r#"t-="b""#,
        "t:\n  - a # c\nb: 1\n",
    );
    becomes(
        "t: # k\n  - a # c\nb: 1\n",
        r#"t-="a""#,
        "t: [] # k\nb: 1\n",
    );
    becomes("t: [a, b, a, c]\n", r#"t-="a""#, "t: [b, c]\n");
    becomes("t: [a, b, c]\n", r#"t-="c""#, "t: [a, b]\n");
    becomes("t: [a]\n", r#"t-="b""#, "t: [a]\n");
    becomes("b: 1\n", r#"t-="b""#, "b: 1\n");
    becomes("t: AI\n", r#"t-="AI""#, "t: []\n");

    becomes(
        "t:\n  - a # c\n  - b\n",
        r#"t=["a","c"]"#,
        "t:\n  - a # c\n  - c\n",
    );
    becomes(
        "t:\n  - a\n  - b\nb: 1\n",
        r#"t=["c","a"]"#,
        "t:\n  - c\n  - a\nb: 1\n",
    );
    becomes("t: [a, b]\n", r#"t=["c","a"]"#, "t: [c, a]\n");
    becomes("t: [a, b]\n", r#"t=["a","c"]"#, "t: [a, c]\n");
    becomes("t:\n  - a\nb: 1\n", r#"t="x""#, "t: x\nb: 1\n");
    becomes("t: x\nb: 1\n", r#"t=["a","b"]"#, "t: [a, b]\nb: 1\n");
    becomes(
        "- - p\n".replace("- - p", "t:\n- - p\n  - q").as_str(),
        r#"t.0+="r""#,
        "t:\n- - p\n  - q\n  - r\n",
    );
}

#[test]
fn fields_are_taken_out() {
    becomes("a: 1\nt: # c\n  - x # d\nb: 1\n", "t!", "a: 1\nb: 1\n");
    becomes("p:\n  n: 1\n  d: 2\n", "p.n!", "p:\n  d: 2\n");
    becomes("p:\n  n: 1\nb: 1\n", "p.n!", "p: {}\nb: 1\n");
    becomes("i:\n  - u: x\n    w: 3\n", "i.0.u!", "i:\n  - w: 3\n");
    becomes(
        "i:\n  - u: x\n    w: 3\n  - u: y\n",
        "i.0!",
        "i:\n  - u: y\n",
    );
    becomes("i: {u: x, w: 3, h: 4}\n", "i.w!", "i: {u: x, h: 4}\n");
    becomes("i: {u: x, w: 3}\n", "i.u!", "i: {w: 3}\n");
    becomes("a: 1\n", "a!", "");
    becomes("a: 1\n", "b!", "a: 1\n");
    becomes("a: |\n  x\n\n  y\nb: 1\n", "a!", "b: 1\n");
}

#[test]
fn what_cannot_be_done_alone_is_refused() {
    let refused = |matter: &str, edit: &str| edited(matter, edit).unwrap_err();
    assert_eq!(
        refused("a: &x foo\nb: *x\n", r#"a="y""#),
        "`a` cannot be edited: it would change `b` too"
    );
    becomes("a: &x foo\nb: *x\n", r#"b="z""#, "a: &x foo\nb: z\n");
    assert_eq!(
        refused("a: !!str 5\n", "a=6"),
        "`a` cannot be edited: it would not be read as it is meant"
    );
    assert_eq!(
        refused("a: x\n", "a.b=1"),
        "`a` is no table, so it has no field `b`"
    );
    assert_eq!(
        refused("a: [x]\n", "a.b=1"),
        "`a` is a list, so it has no field `b`"
    );
    assert_eq!(
        refused("a: [x]\n", "a.2=1"),
        "`a` has no item 2, and the next one is item 1"
    );
    assert_eq!(
        refused("a: {b: 1}\n", r#"a+="x""#),
        "`a` is a table and no list"
    );
    assert_eq!(
        refused("? a\n: 1\n", "a=2"),
        "`a` cannot be edited: the name of a field has no colon"
    );
}

#[test]
fn files_that_cannot_be_edited_are_refused() {
    let error = |file: &str| Document::parse(file.as_bytes()).unwrap_err();
    assert_eq!(error("title: x\n"), DocumentError::NoFrontMatter);
    assert_eq!(error("---\ntitle: x\n"), DocumentError::NoEnd);
    for (text, broken) in [
        ("+++\na = x\n+++\n", Format::Toml),
        ("{\n\"a\": x\n}\n", Format::Json),
        ("{\n\"a\": 1, \"a\": 2\n}\n", Format::Json),
    ] {
        let found = error(text);
        assert!(matches!(found, DocumentError::Syntax { format, .. } if format == broken));
    }
    assert_eq!(error("---\n- a\n---\n"), DocumentError::NoTable);
    assert!(matches!(
        error("---\na: 1\na: 2\n---\n"),
        DocumentError::Syntax { .. }
    ));
    assert_eq!(
        error(&format!("---\na: {}\n---\n", "[".repeat(20_000))),
        DocumentError::TooComplex
    );
    assert_eq!(
        Document::parse(b"---\na: \xff\n---\n").unwrap_err(),
        DocumentError::NotUtf8
    );
}

#[test]
fn line_ends_and_the_byte_order_mark_stay() {
    let file = "\u{feff}---\r\ntitle: \"Old\"\r\ntopics:\r\n  - AI\r\n\r\n---\r\nText.\r\n";
    let mut document = Document::parse(file.as_bytes()).unwrap();
    document.set(&path("title"), "New".into()).unwrap();
    document.add(&path("topics"), "Chips".into()).unwrap();
    document.set(&path("heat"), 7.into()).unwrap();
    assert_eq!(
        std::str::from_utf8(document.bytes()).unwrap(),
        "\u{feff}---\r\ntitle: \"New\"\r\ntopics:\r\n  - AI\r\n  - Chips\r\nheat: 7\r\n\r\n---\r\n\
         Text.\r\n"
    );
}

#[test]
fn values_are_read() {
    let file = b"---\na: 1\nb: {c: [x, 1.5, true, null]}\nd: 2026-11-25\n---\n";
    let document = Document::parse(file).unwrap();
    assert_eq!(document.get(&path("b.c.1")), Some(json!(1.5)));
    assert_eq!(
        document.get(&path("b")),
        Some(json!({"c": ["x", 1.5, true, null]}))
    );
    assert_eq!(document.get(&path("d")), Some(json!("2026-11-25")));
    assert_eq!(document.get(&path("b.d")), None);
}

/// A scalar as people write it; what it means is not of interest here.
fn scalar() -> impl Strategy<Value = String> {
    prop_oneof![
        select(vec![
            "plain",
            "two words",
            "80",
            "-1",
            "true",
            "null",
            "~",
            "",
            "2026-11-25T10:00:00Z",
            "'it''s'",
            "'a: b # c'",
            "\"q \\\" — \\u2014\"",
            "\"#\"",
            "https://example.org/a#b",
            "é – ü",
            "0x1F",
            "1.50",
            "*one",
            "!!str 5",
            "&two v",
        ])
        .prop_map(str::to_owned),
        "[a-z ,:#'\"\\[\\]{}&*!|>%@`é—-]{0,12}",
    ]
}

/// A value in brackets or braces.
fn flow() -> impl Strategy<Value = String> {
    let item = select(vec!["a", "'b, c'", "1", "\"x\"", "[p, q]", "{k: v}", "é"]);
    prop_oneof![
        prop::collection::vec(item.clone(), 0..4)
            .prop_map(|items| format!("[{}]", items.join(", "))),
        prop::collection::vec(item.clone(), 1..4)
            .prop_map(|items| format!("[\n    {},\n  ]", items.join(", # c\n    "))),
        prop::collection::vec(item, 0..3).prop_map(|items| {
            let fields = items
                .iter()
                .enumerate()
                .map(|(at, item)| format!("f{at}: {item}"));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }),
    ]
}

/// The lines of a value, the first one behind a colon or dash, the others to be indented.
fn value(depth: u32) -> BoxedStrategy<Vec<String>> {
    let comment = select(vec!["", "", "", " # c", "   # 'd: e'"]);
    let one_line = (prop_oneof![3 => scalar(), 1 => flow()], comment.clone())
        .prop_map(|(value, comment)| vec![format!(" {value}{comment}")]);
    let block = (
        select(vec!["|", "|-", "|+", ">", ">-", "| # c"]),
        prop::collection::vec(select(vec!["text", "more: # text", "", "- x", "é"]), 1..4),
    )
        .prop_map(|(header, lines)| {
            let mut all = vec![format!(" {header}"), "  first".to_owned()];
            all.extend(lines.iter().map(|line| {
                if line.is_empty() {
                    String::new()
                } else {
                    format!("  {line}")
                }
            }));
            all
        });
    if depth == 0 {
        return prop_oneof![4 => one_line, 1 => block].boxed();
    }
    let list = (
        prop::collection::vec(value(depth - 1), 1..4),
        select(vec!["", "  ", "    "]),
        comment.clone(),
    )
        .prop_map(|(items, margin, comment)| {
            let mut lines = vec![comment.to_owned()];
            for item in items {
                for (at, line) in item.iter().enumerate() {
                    lines.push(match (at, line.is_empty()) {
                        (0, _) => format!("{margin}-{line}"),
                        (_, true) => String::new(),
                        _ => format!("{margin}  {line}"),
                    });
                }
            }
            lines
        });
    let table = (table(depth - 1), comment).prop_map(|(fields, comment)| {
        let mut lines = vec![comment.to_owned()];
        lines.extend(fields.iter().map(|line| match line.as_str() {
            "" => String::new(),
            line => format!("  {line}"),
        }));
        lines
    });
    prop_oneof![4 => one_line, 1 => block, 2 => list, 2 => table].boxed()
}

/// The lines of a table.
fn table(depth: u32) -> BoxedStrategy<Vec<String>> {
    let name = select(vec![
        "title", "quality", "topics", "provider", "images", "a b", "'q'", "é",
    ]);
    let between = select(vec![
        vec![],
        vec![],
        vec![],
        vec!["# a comment"],
        vec![""],
        vec!["", "# - x: y"],
    ]);
    prop::collection::vec((name, value(depth), between), 1..5)
        .prop_map(|fields| {
            let mut lines: Vec<String> = Vec::new();
            for (name, value, between) in fields {
                lines.push(format!("{name}:{}", value[0]));
                lines.extend(value[1..].iter().cloned());
                lines.extend(between.into_iter().map(str::to_owned));
            }
            lines
        })
        .boxed()
}

fn document() -> impl Strategy<Value = String> {
    let anchor = select(vec!["", "", "base: &one x\n"]);
    (
        table(3),
        anchor,
        any::<bool>(),
        any::<bool>(),
        select(vec!["", "Text.\n---\nMore", "\n"]),
    )
        .prop_map(|(lines, anchor, has_crlf, has_mark, body)| {
            let text = format!("---\n{anchor}{}\n---\n{body}", lines.join("\n"));
            let text = if has_crlf {
                text.replace('\n', "\r\n")
            } else {
                text
            };
            format!("{}{text}", if has_mark { "\u{feff}" } else { "" })
        })
}

fn new_value() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        "[a-zA-Z0-9 ,:#'\"\\\\\\[\\]{}&*!|>%@`é—\n\t\u{feff}😀=~-]{0,16}".prop_map(Value::from),
        select(vec![
            "yes",
            "80",
            "New title",
            "It's: a #",
            "2026-11-25T10:00:00Z",
            "---",
            "a\n---\nb"
        ])
        .prop_map(Value::from),
    ];
    let scalar = prop_oneof![
        4 => text,
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
        1 => any::<f64>().prop_map(Value::from),
    ];
    let list = prop::collection::vec(scalar.clone(), 0..3).prop_map(Value::from);
    let table = prop::collection::vec((select(vec!["a", "name", "x: y"]), scalar.clone()), 0..3)
        .prop_map(|fields| {
            Value::Object(
                fields
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect(),
            )
        });
    prop_oneof![5 => scalar, 2 => list, 1 => table]
}

fn edit() -> impl Strategy<Value = Edit> {
    let part = select(vec![
        "title", "quality", "topics", "provider", "images", "a b", "q", "é", "f0", "base", "0",
        "1", "2", "new",
    ]);
    let field = prop::collection::vec(part, 1..4).prop_map(|parts| path(&parts.join(".")));
    (field, new_value(), 0..8).prop_map(|(field, value, kind)| match kind {
        0 => Edit::Add(field, value),
        1 => Edit::Remove(field, value),
        2 => Edit::Unset(field),
        _ => Edit::Set(field, value),
    })
}

/// All values at the ends of a front matter, with their paths.
fn leaves(file: &str) -> std::collections::BTreeMap<String, String> {
    fn walk(
        value: &serde_yaml::Value,
        path: String,
        found: &mut std::collections::BTreeMap<String, String>,
    ) {
        match value {
            serde_yaml::Value::Mapping(fields) if !fields.is_empty() => {
                for (name, value) in fields {
                    walk(
                        value,
                        format!("{path}.{}", name.as_str().unwrap_or("?")),
                        found,
                    );
                }
            }
            serde_yaml::Value::Sequence(items) if !items.is_empty() => {
                for (at, value) in items.iter().enumerate() {
                    walk(value, format!("{path}.{at}"), found);
                }
            }
            other => drop(found.insert(path, format!("{other:?}"))),
        }
    }
    let text = file.trim_start_matches('\u{feff}');
    let mut lines = text.lines().skip(1);
    let matter: Vec<&str> = lines
        .by_ref()
        .take_while(|line| line.trim_end() != "---")
        .collect();
    let mut found = std::collections::BTreeMap::new();
    walk(
        &serde_yaml::from_str(&(matter.join("\n") + "\n")).unwrap(),
        String::new(),
        &mut found,
    );
    found
}

/// How many of the comments that documents are made with are in a text.
fn comments(text: &str) -> usize {
    [" # c", "# 'd: e'", "# a comment", "# - x: y"]
        .iter()
        .map(|comment| text.lines().filter(|line| line.ends_with(comment)).count())
        .sum()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn an_edit_changes_what_it_names_and_no_other_byte(
        file in document(),
        edits in prop::collection::vec(edit(), 1..4),
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
                    prop_assert_eq!(after.starts_with('\u{feff}'), text.starts_with('\u{feff}'));
                    let is_scalar = |value: Option<Value>| {
                        !value.is_some_and(|value| value.is_array() || value.is_object())
                    };
                    let is_small = match &edit {
                        Edit::Set(field, value) => {
                            is_scalar(before.get(field)) && is_scalar(Some(value.clone()))
                        }
                        Edit::Add(..) => true,
                        Edit::Remove(..) | Edit::Unset(_) => false,
                    };
                    if is_small {
                        prop_assert_eq!(comments(&text), comments(&after), "{}", after);
                    }
                    if let Edit::Set(field, value) = &edit {
                        let read = document.get(field);
                        prop_assert_eq!(read.as_ref(), Some(value), "{}", after);
                    }
                    // What does not lie at, in, above or (in a list) beside the field is as it was.
                    let field = format!(".{}", edit.path());
                    let above = field.rsplit_once('.').map_or("", |(above, _)| above);
                    let is_list = matches!(edit, Edit::Unset(_)) && !above.is_empty();
                    let scope = if is_list { above } else { &field };
                    let concerns = |path: &String| {
                        path.starts_with(scope) || field.starts_with(&format!("{path}."))
                    };
                    let others = |file: &str| {
                        let mut leaves = leaves(file);
                        leaves.retain(|path, _| !concerns(path) && !path.is_empty());
                        leaves
                    };
                    prop_assert_eq!(others(&text), others(&after), "{}", after);
                    let same_ends = |file: &str| {
                        file.matches('\n').count() == file.matches("\r\n").count()
                    };
                    prop_assert_eq!(same_ends(&text), same_ends(&after), "{:?}", after);
                    // The parser of a build finds the same front matter.
                    let again = Document::parse(after.as_bytes()).unwrap();
                    prop_assert_eq!(again.matter(), document.matter());
                }
            }
        }
    }

    #[test]
    fn scalars_of_a_plain_front_matter_are_always_set(
        value in "[ -~é—\n]{0,30}",
        number in any::<i32>(),
        has_crlf in any::<bool>(),
    ) {
        let plain =
            "title: \"Old\" # c\nquality: 80\nprovider:\n  name: 'X'\ntopics:\n  - AI\n";
        let end = if has_crlf { "\r\n" } else { "\n" };
        let file = format!("---\n{plain}---\nText.\n").replace('\n', end);
        let mut document = Document::parse(file.as_bytes()).unwrap();
        let edits: [(&str, Value); 5] = [
            ("title", value.clone().into()),
            ("quality", number.into()),
            ("provider.name", value.clone().into()),
            ("topics.0", value.clone().into()),
            ("excerpt", value.into()),
        ];
        for (field, value) in edits {
            document
                .set(&path(field), value.clone())
                .map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert_eq!(document.get(&path(field)), Some(value));
        }
        let after = std::str::from_utf8(document.bytes()).unwrap();
        let before: Vec<&str> = file.split_inclusive('\n').collect();
        let after: Vec<&str> = after.split_inclusive('\n').collect();
        prop_assert_eq!(after.len(), before.len() + 1);
        let comment = format!(" # c{end}");
        prop_assert!(after[1].ends_with(&comment), "{:?}", after);
        for (at, line) in [(0, 0), (3, 3), (5, 5), (7, 8), (8, 9)] {
            prop_assert_eq!(before[at], after[line]);
        }
    }
}

#[test]
fn errors_are_values() {
    let mut document = Document::parse(b"---\na: x\n---\n").unwrap();
    let error = document.set(&path("a.b"), 1.into()).unwrap_err();
    assert_eq!(
        error,
        EditError::NotATable {
            field: "a".into(),
            part: "b".into()
        }
    );
}
