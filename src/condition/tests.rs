//! Tests of conditions.

use proptest::prelude::*;

use super::*;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Of {
    Quality,
    Source,
    Topic,
    Language,
    Age,
    Pin,
    Extra,
}

const FIELDS: [Field<Of>; 7] = [
    field("quality", Kind::Number, Of::Quality),
    field("source", Kind::Text, Of::Source),
    field("topic", Kind::Texts, Of::Topic),
    field("language", Kind::Language, Of::Language),
    field("age", Kind::Age, Of::Age),
    field("pin", Kind::Boolean, Of::Pin),
    field("extra", Kind::Any, Of::Extra),
];

const fn field(name: &'static str, kind: Kind, id: Of) -> Field<Of> {
    Field { name, kind, id }
}

/// Values of a story of yesterday; it has no quality if `quality` is none.
fn value(quality: Option<i64>) -> impl Fn(Of, &str) -> Value<'static> {
    move |field, path| match field {
        Of::Quality => Value::number(quality),
        Of::Source => Value::text(Some("Rivers")),
        Of::Topic => Value::texts(["Water", "Häfen"]),
        Of::Language => Value::text(Some("en_GB")),
        Of::Age => Value::number(Some(86_400)),
        Of::Pin => Value::Boolean(true),
        Of::Extra => match path {
            "score" => Value::Number(0.5),
            "kind.of" => Value::text(Some("Essay")),
            "hidden" => Value::Boolean(true),
            _ => Value::Missing,
        },
    }
}

fn holds(text: &str, quality: Option<i64>) -> bool {
    let condition = Condition::parse(text, &FIELDS);
    condition
        .unwrap_or_else(|it| panic!("{text}: {it:?}"))
        .holds(&value(quality))
}

#[test]
fn every_kind_of_field_is_compared() {
    for yes in [
        "quality >= 75",
        "quality == 75 and quality != 74 and quality < 75.5 and quality > -1 and quality <= 75",
        "quality in [1, 75]",
        "source == 'rivers' and source in [\"a\", \"RIVERS\",]",
        "source not in [\"a\"]",
        "topic == \"water\" and topic == \"HÄFEN\" and topic != \"Law\"",
        "language == \"en\" and language == \"en-gb\" and language != \"de\"",
        "age < \"2 days\" and age >= \"1 day\" and not age < \"1 day\"",
        "pin and pin == true and pin != false",
        "extra.score > 0.4 and extra.kind.of == \"essay\" and extra.hidden",
        "extra.missing != 1 and not extra.missing",
        "not not pin",
    ] {
        assert!(holds(yes, Some(75)), "{yes}");
        assert!(!holds(&format!("not ({yes})"), Some(75)), "{yes}");
    }
}

#[test]
fn and_binds_tighter_than_or_and_not_tighter_than_both() {
    assert!(holds("pin or pin and quality == 1", Some(2)));
    assert!(!holds("(pin or pin) and quality == 1", Some(2)));
    assert!(holds("not quality == 1 or quality == 1", Some(1)));
    assert!(holds("not quality == 2 and pin", Some(1)));
}

#[test]
fn what_has_no_value_is_nothing_and_equals_nothing() {
    for no in [
        "quality >= 0",
        "quality < 100",
        "quality == 0",
        "quality in [0]",
    ] {
        assert!(!holds(no, None), "{no}");
    }
    assert!(holds(
        "quality != 0 and quality not in [1] and not quality > 1",
        None
    ));
}

#[test]
fn values_of_any_kind_come_from_json() {
    let json = serde_json::json!({"a": [1, "x"], "b": null, "c": 1.5, "d": "t"});
    assert_eq!(Value::json(&json["a"]), Value::texts(["x"]));
    assert_eq!(Value::json(&json["b"]), Value::Missing);
    assert_eq!(Value::json(&json["c"]), Value::Number(1.5));
    assert_eq!(Value::json(&json["d"]), Value::text(Some("t")));
    assert_eq!(Value::json(&json), Value::Missing);
}

#[test]
fn each_test_says_what_it_found() {
    let text = "quality >= 75 and (source == \"a\" or topic in [\"Water\"])";
    let condition = Condition::parse(text, &FIELDS).unwrap();
    let value_of = value(Some(80));
    let found = condition.findings(&value_of);
    let found = found
        .iter()
        .map(|it| format!("{} {} {}", it.test, it.holds, it.value));
    let expected = [
        "quality >= 75 true 80",
        "source == \"a\" false \"Rivers\"",
        "topic in [\"Water\"] true [\"Water\", \"Häfen\"]",
    ];
    assert_eq!(found.collect::<Vec<_>>(), expected);
    assert_eq!(condition.to_string(), text);
}

/// What is wrong, with the text that it is about.
fn mistake(text: &str) -> String {
    let mistake = Condition::parse(text, &FIELDS).unwrap_err();
    format!(
        "`{}`: {}; {}",
        &text[mistake.span], mistake.message, mistake.help
    )
}

#[test]
fn mistakes_have_a_place_and_say_how_to_mend_them() {
    for (text, expected) in [
        (
            "",
            "``: a condition is missing here; fields are `quality`, `source`",
        ),
        (
            "qualty > 1",
            "`qualty`: there is no field `qualty`; did you mean `quality`?",
        ),
        (
            "pin AND pin",
            "`AND`: a condition has ended before this; join",
        ),
        ("pin and", "``: a condition is missing here"),
        (
            "zebra == 1",
            "`zebra`: there is no field `zebra`; fields are",
        ),
        ("quality = 5", "`=`: `=` has no meaning here; write `==`"),
        ("pin && pin", "`&&`: `&&` has no meaning here; write `and`"),
        ("pin || pin", "`||`: `||` has no meaning here; write `or`"),
        ("!pin", "`!`: `!` has no meaning here; write `not`"),
        (
            "source == “a”",
            "`“`: `“` has no meaning here; write texts between",
        ),
        (
            "source == a",
            "`a`: `source` is compared with a text, and this is none; write it like",
        ),
        ("source == \"a", "`\"a`: this text does not end"),
        (
            "quality > \"5\"",
            "`\"5\"`: `quality` is compared with a number, and this is none",
        ),
        ("quality > 5x", "`5x`: `5x` is not a number"),
        (
            "quality",
            "`quality`: this does not say what `quality` is compared with; write it like",
        ),
        ("source < \"a\"", "`<`: `source` cannot be compared by `<`"),
        (
            "extra.x < \"a\"",
            "`\"a\"`: `<` compares numbers, and this is none",
        ),
        (
            "age < 2",
            "`2`: `age` is compared with a length of time, and this is none; write it",
        ),
        (
            "age < \"soon\"",
            "`\"soon\"`: `age` is compared with a length of time",
        ),
        ("source in \"a\"", "`\"a\"`: a list is missing here"),
        ("source in []", "`[`: this list is empty"),
        (
            "source in [\"a\" \"b\"]",
            "`\"b\"`: this list goes on without a comma",
        ),
        ("source not == \"a\"", "`==`: `in` is missing here"),
        ("(pin or pin", "`(`: this bracket is not closed"),
        ("pin)", "`)`: this bracket was never opened"),
        ("75 < quality", "`75`: a condition begins with a field"),
        (
            "extra == 1",
            "`extra`: there is no field `extra`; write `extra.` and a name after it",
        ),
        ("quality >=", "``: a number for `quality` is missing here"),
        ("pin # x", "`#`: `#` has no meaning here"),
    ] {
        let found = mistake(text);
        assert!(found.starts_with(expected), "{text}: {found}");
    }
    let deep = format!("{}pin{}", "(".repeat(60), ")".repeat(60));
    assert!(mistake(&deep).contains("more than 50 conditions"));
    assert!(mistake(&format!("{}pin", "not ".repeat(60))).contains("more than 50 conditions"));
    assert!(mistake(&"pin or ".repeat(2_000)).contains("more than 10000 bytes"));
    // Brackets one after the other are not inside one another.
    assert!(holds(&vec!["(pin)"; 60].join(" and "), None));
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,60}") {
        drop(Condition::parse(&text, &FIELDS));
    }

    #[test]
    fn words_in_any_order_are_a_condition_or_a_mistake_in_them(
        words in prop::collection::vec(0_usize..21, 0..25),
    ) {
        const WORDS: [&str; 21] = [
            "quality", "source", "topic", "age", "pin", "extra.x", "and", "or", "not", "in", "(",
            ")", "[", "]", ",", "==", "<", "5", "\"é\"", "'2 days'", "true",
        ];
        let text = words.iter().map(|at| WORDS[*at]).collect::<Vec<_>>().join(" ");
        match Condition::parse(&text, &FIELDS) {
            Ok(condition) => {
                let value_of = value(None);
                let all = condition.findings(&value_of);
                prop_assert!(!all.is_empty());
                // A condition that holds whatever its tests say is one that `not` is in.
                let holds = condition.holds(&value_of);
                let negated = Condition::parse(&format!("not ({text})"), &FIELDS);
                prop_assert_eq!(negated.unwrap().holds(&value_of), !holds);
            }
            Err(mistake) => prop_assert!(text.get(mistake.span).is_some()),
        }
    }
}
