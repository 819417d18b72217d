//! What rules for items are made of: the answers of the filter command, conditions, and the words
//! of topics.

use newsgen::condition::{Condition, Field, Mistake, Value};
use newsgen::config::{CANDIDATE_FIELDS, Config, LIST_FIELDS, Overrides};
use newsgen::content::{Library, Parser, TopicFile};
use newsgen::edit::Known;
use newsgen::fetch::external_filter::{Answer, answers, shown};
use newsgen::fetch::feed::Entry;
use newsgen::fetch::proposal::{Basis, Proposal};
use newsgen::fetch::topics::TopicWords;
use newsgen::time::Time;
use unicode_normalization::UnicodeNormalization;

use crate::runner::Target;

fn owned<const N: usize>(words: [&str; N]) -> Vec<String> {
    words.map(str::to_owned).to_vec()
}

#[test]
fn filter() {
    let config = Config::resolve("site.toml", "", &Overrides::default()).unwrap();
    let (parser, known) = (Parser::new(&config), Known::of(&Library::default()));
    let topics = TopicWords::of(&[]);
    let basis = Basis {
        config: &config,
        known: &known,
        topics: &topics,
    };
    let proposal = |id: &str| Proposal {
        title: format!("Story {id}"),
        url: format!("https://a.example/{id}"),
        language: Some("en".to_owned()),
        quality: Some(50),
        ..Proposal::default()
    };
    let sent = ["one", "two", "three"].map(|id| (id, proposal(id)));
    let items: Vec<(&str, &Proposal)> = sent.iter().map(|(id, it)| (*id, it)).collect();
    let lines: Vec<_> = items
        .iter()
        .map(|(id, it)| shown(id, Some("s"), it))
        .collect();
    let is_line =
        |text: &str| !text.is_empty() && text.trim() == text && !text.chars().any(char::is_control);
    let check = |bytes: &[u8]| {
        let (found, remarks) = answers(bytes, &lines, &items);
        assert_eq!(found.len(), items.len());
        assert!(remarks.len() <= 21, "{} remarks", remarks.len());
        let remarks = remarks.iter();
        assert!(remarks.clone().all(|it| is_line(it)), "{remarks:?}");
        for (answer, (_, before)) in found.into_iter().flatten().zip(&items) {
            match answer {
                Answer::Unusable => {}
                Answer::Dropped(reason) => assert!(is_line(&reason), "{reason:?}"),
                Answer::Changed(after) => {
                    assert!(is_line(&after.title), "{after:?}");
                    assert!(after.quality.is_none_or(|it| (0..=100).contains(&it)));
                    assert!(after.reasons.len() <= 20);
                    assert!(after.url.starts_with("https://a.example/"), "{after:?}");
                    assert_eq!(after.suggested, before.suggested);
                    if let Ok(file) = after.file(basis, &parser, Time::default()) {
                        let path = format!("content/news/{}.md", file.name);
                        parser.article(&path, file.text.as_bytes()).unwrap();
                    }
                }
            }
        }
    };
    Target {
        name: "filter",
        words: owned([
            "{\"id\": \"one\", ",
            "\"two\"",
            "\"quality\": ",
            "\"drop\": ",
            "\"topics\": [",
            "\"reasons\": [\"",
            "\"language\": \"",
            "\"image\": \"https://",
            "\"secured\": ",
            "\"excerpt\": \"",
            "null",
            "true",
            "1e2",
            "\\ud800",
            "\\u0000",
            "\\n---\\n",
            "}\n",
        ]),
        seeds: Vec::new(),
        check: &check,
    }
    .run();
}

/// Reads a condition and tries it on values of every kind.
fn try_condition<F: Copy>(text: &str, fields: &[Field<F>]) {
    let condition = match Condition::parse(text, fields) {
        Ok(condition) => condition,
        Err(Mistake { span, message, .. }) => {
            assert!(text.get(span.clone()).is_some(), "{span:?} of {text:?}");
            assert!(!message.is_empty());
            return;
        }
    };
    assert_eq!(condition.to_string(), text);
    let opposite = Condition::parse(&format!("not ({text}\n)"), fields);
    for value in [
        Value::Missing,
        Value::Number(-1.5),
        Value::Boolean(true),
        Value::text(Some("rivers")),
        Value::texts(["en", "Straße"]),
    ] {
        let value_of = |_: F, _: &str| value.clone();
        let holds = condition.holds(&value_of);
        if let Ok(opposite) = &opposite {
            assert_ne!(opposite.holds(&value_of), holds, "{text:?} of {value}");
        }
        for finding in condition.findings(&value_of) {
            assert!(text.contains(finding.test), "{:?}", finding.test);
        }
    }
}

#[test]
fn condition() {
    let check = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        try_condition(&text, &CANDIDATE_FIELDS);
        try_condition(&text, &LIST_FIELDS);
    };
    let names = CANDIDATE_FIELDS.iter().map(|it| it.name);
    let names = names.chain(LIST_FIELDS.iter().map(|it| it.name));
    let mut words: Vec<String> = names.map(|name| format!("{name} ")).collect();
    words.extend(owned([
        " and ",
        " or ",
        "not ",
        "not (",
        ")",
        " in [",
        "]",
        "\"",
        "'",
        ",",
        "==",
        "!=",
        "<",
        ">=",
        "true",
        "\"2 weeks\"",
        "extra.a.b",
        "1e400",
        "0.5",
    ]));
    Target {
        name: "condition",
        words,
        seeds: Vec::new(),
        check: &check,
    }
    .run();
}

#[test]
fn words() {
    let known = Known::of(&Library::default());
    let check = |bytes: &[u8]| {
        let input = String::from_utf8_lossy(bytes);
        let (language, rest) = input.split_once('\n').unwrap_or(("", &input));
        let of = |sign: char| {
            let lines = rest.lines().filter_map(move |line| line.strip_prefix(sign));
            lines.map(str::to_owned).collect::<Vec<_>>()
        };
        let text = rest.lines().filter(|line| !line.starts_with(['+', '-']));
        let text = text.collect::<Vec<_>>().join(" ");
        let topic = |name: &str, words: Vec<String>, not_words: Vec<String>| TopicFile {
            path: format!("content/topics/{name}.yaml"),
            name: name.to_owned(),
            words_line: Some(2),
            words,
            not_words,
            short_name: None,
            slug: None,
            parent: None,
            description: None,
            hue: None,
            translations: Default::default(),
        };
        let entry = Entry {
            title: Some(text.clone()),
            ..Entry::default()
        };
        let found = |not_words: Vec<String>| {
            let words = TopicWords::of(&[topic("A", of('+'), not_words)]);
            let found = words.find(&entry, language, &known);
            assert_eq!(found, words.find(&entry, language, &known));
            found
        };
        let all = found(Vec::new());
        assert!(all.len() <= 1);
        let text: String = text.nfc().collect();
        for it in &all {
            let seen = it.reason.strip_prefix("topic A: its title has `").unwrap();
            let seen = seen.strip_suffix("` (words, content/topics/A.yaml:2)");
            assert!(text.contains(seen.unwrap()), "{} of {text:?}", it.reason);
        }
        // Words against a topic only take it away, and the same words for and against it always do.
        assert!(found(of('-')).len() <= all.len());
        assert_eq!(found(of('+')), []);
    };
    Target {
        name: "words",
        words: owned([
            "en",
            "de",
            "tr",
            "ar",
            "ja",
            "\n+",
            "\n-",
            "*",
            "'s",
            "’S",
            "++",
            "#",
            "river",
            "İSTANBUL",
            "ﬁ",
            "가",
            "半导体",
            "ไทย",
            "e\u{301}",
            "EU",
        ]),
        seeds: Vec::new(),
        check: &check,
    }
    .run();
}
