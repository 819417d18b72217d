//! The site's own filter command: candidates go out as lines of JSON, one each, and come back with
//! other fields, with reasons, or dropped.
//!
//! Whatever the command does, no candidate is lost: what it does not answer in a way that can be
//! used goes on as it was, and that is reported.
//!
//! # Files
//!
//! - `command.rs`: runs a program

mod command;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::proposal::{Proposal, is_picture};
use crate::config;
use crate::content::text;
use crate::diagnostic::{nearest, one_line};
use crate::time::Time;
use command::{Ended, Ran};

/// Fields of a candidate that the command sees and cannot change.
const FIXED: [&str; 6] = [
    "source",
    "url",
    "author",
    "categories",
    "published",
    "suggested",
];

/// Fields that it can set.
const FREE: [&str; 9] = [
    "title", "excerpt", "topics", "provider", "quality", "image", "language", "reasons", "drop",
];

/// Lines that are no answers, and lines of standard error, that are reported of one call.
const MOST_REPORTED: usize = 20;

/// Characters of a reason, and of a line that is shown.
const LONGEST_SHOWN: usize = 300;

/// Reasons that a candidate gets.
const MOST_REASONS: usize = 20;

/// The command of a site.
pub struct Filter {
    command: Vec<String>,
    /// Where it runs.
    folder: PathBuf,
    /// How long it may run, in all its calls together.
    allowed: Duration,
    /// How much of that is left.
    left: Duration,
    /// Whether it is not called any more in this run, which has been reported.
    is_over: bool,
}

/// What the command answers for a candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The candidate is to be this.
    Changed(Box<Proposal>),
    /// It is to be dropped, and why.
    Dropped(String),
    /// The line about it cannot be used, which is reported: what the command wanted is unknown.
    Unusable,
}

/// What came of asking for some candidates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filtered {
    /// The answer for each of them, if there is one.
    pub answers: Vec<Option<Answer>>,
    /// Whether the command came to a good end: then it has nothing to say of those without one.
    pub is_whole: bool,
    /// What is worth knowing, in words.
    pub remarks: Vec<String>,
}

impl Filter {
    /// A command that runs in a folder, for as long as this in all its calls together.
    pub fn new(command: Vec<String>, folder: PathBuf, timeout: Duration) -> Filter {
        Filter {
            command,
            folder,
            allowed: timeout,
            left: timeout,
            is_over: false,
        }
    }

    /// Asks for candidates of a source. Each has an identity that no other one has.
    pub fn ask(&mut self, source: Option<&str>, items: &[(&str, &Proposal)]) -> Filtered {
        let nothing = Filtered {
            answers: vec![None; items.len()],
            ..Filtered::default()
        };
        if items.is_empty() {
            return Filtered {
                is_whole: true,
                ..nothing
            };
        }
        if self.is_over {
            return nothing;
        }
        let sent: Vec<Value> = items
            .iter()
            .map(|(id, proposal)| shown(id, source, proposal))
            .collect();
        let mut input = String::new();
        for line in &sent {
            input.push_str(&line.to_string());
            input.push('\n');
        }
        let ran = command::run(&self.command, &self.folder, input.into_bytes(), self.left);
        self.left = self.left.saturating_sub(ran.took);
        self.is_over = match ran.ended {
            Ended::NotStarted(_) => true,
            _ => self.left.is_zero(),
        };
        let what = ran.ended.in_words(self.allowed);
        let mut filtered = read(&ran, what, &sent, items);
        if self.is_over {
            let remark = "fetch.filter: it is not called any more in this run";
            filtered.remarks.push(remark.to_owned());
        }
        filtered
    }
}

/// A candidate as the command sees it.
pub fn shown(id: &str, source: Option<&str>, proposal: &Proposal) -> Value {
    json!({
        "id": id,
        "source": source,
        "url": proposal.url,
        "title": proposal.title,
        "excerpt": proposal.excerpt,
        "author": proposal.author,
        "categories": proposal.categories,
        "published": proposal.published.map(Time::rfc3339_utc),
        "topics": proposal.topics,
        "provider": proposal.provider,
        "quality": proposal.quality,
        "suggested": proposal.suggested,
        "image": proposal.image,
        "language": proposal.language,
        "reasons": proposal.reasons,
    })
}

/// What a call brought, for candidates that were sent like this. `what` went wrong, in words.
fn read(ran: &Ran, what: Option<String>, sent: &[Value], items: &[(&str, &Proposal)]) -> Filtered {
    let (answers, mut remarks) = answers(&ran.output, sent, items);
    let is_whole = ran.ended == Ended::Good;
    if let Some(what) = what {
        let is_missing = |answer: &&Option<Answer>| matches!(answer, None | Some(Answer::Unusable));
        let missing = answers.iter().filter(is_missing).count();
        let all = items.len();
        remarks.insert(
            0,
            format!("fetch.filter: {what}; {missing} of {all} candidates go on as they were"),
        );
    }
    let errors: Vec<&str> = ran
        .errors
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let lines = errors.iter().take(MOST_REPORTED);
    remarks.extend(lines.map(|line| format!("fetch.filter: {}", cut(line))));
    if errors.len() > MOST_REPORTED {
        let more = errors.len() - MOST_REPORTED;
        remarks.push(format!(
            "fetch.filter: … and {more} more lines of standard error"
        ));
    }
    Filtered {
        answers,
        is_whole,
        remarks,
    }
}

/// The answers in the output of the command for candidates that were sent like this, and what is
/// wrong with its lines. Pure.
pub fn answers(
    output: &[u8],
    sent: &[Value],
    items: &[(&str, &Proposal)],
) -> (Vec<Option<Answer>>, Vec<String>) {
    let ids: BTreeMap<&str, usize> = items
        .iter()
        .enumerate()
        .map(|(at, (id, _))| (*id, at))
        .collect();
    let mut answers: Vec<Option<Answer>> = vec![None; items.len()];
    let (mut remarks, mut more) = (Vec::new(), 0_usize);
    let lines = output.split(|byte| *byte == b'\n');
    let is_blank = |line: &[u8]| String::from_utf8_lossy(line).trim().is_empty();
    for line in lines.filter(|line| !is_blank(line)) {
        let read = identified(line, &ids).and_then(|(at, fields)| {
            if matches!(answers[at], Some(Answer::Changed(_) | Answer::Dropped(_))) {
                return Err("an earlier line is the answer for this `id`".to_owned());
            }
            let (_, proposal) = items[at];
            let read = answer(&fields, &sent[at], proposal);
            answers[at] = Some(read.clone().unwrap_or(Answer::Unusable));
            read.map(drop)
        });
        match read {
            Ok(()) => {}
            Err(_) if remarks.len() == MOST_REPORTED => more += 1,
            Err(reason) => {
                let line = String::from_utf8_lossy(line);
                let line = cut(&line);
                remarks.push(format!(
                    "fetch.filter: a line is not used: {reason}: {line}"
                ));
            }
        }
    }
    if more > 0 {
        remarks.push(format!("fetch.filter: {more} more lines are not used"));
    }
    (answers, remarks)
}

/// The candidate that a line is about, and the fields of the line.
fn identified(
    line: &[u8],
    ids: &BTreeMap<&str, usize>,
) -> Result<(usize, Map<String, Value>), String> {
    let fields: Map<String, Value> =
        serde_json::from_slice(line).map_err(|_| "it is no object of JSON".to_owned())?;
    let id = fields.get("id").and_then(Value::as_str);
    let id = id.ok_or("it has no text `id`")?;
    match ids.get(id) {
        Some(at) => Ok((*at, fields)),
        None => Err("no candidate of this call has its `id`".to_owned()),
    }
}

/// What a line says of a candidate that was sent like this.
fn answer(
    fields: &Map<String, Value>,
    sent: &Value,
    proposal: &Proposal,
) -> Result<Answer, String> {
    let mut changed = proposal.clone();
    let mut dropped = None;
    for (name, value) in fields {
        match name.as_str() {
            "id" => {}
            "title" => changed.title = line_of(name, value)?.ok_or("`title` is empty")?,
            "excerpt" => changed.excerpt = line_of(name, value)?,
            "provider" => changed.provider = line_of(name, value)?,
            "topics" => changed.topics = lines_of(name, value)?,
            "reasons" => {
                let reasons = lines_of(name, value)?.into_iter().take(MOST_REASONS);
                changed.reasons = reasons.map(|reason| cut(&reason)).collect();
            }
            "quality" => {
                changed.quality = quality(value)?;
                // A score may happen to be the quality of the source.
                changed.is_scored = changed.quality.is_some();
            }
            "image" => {
                changed.image = line_of(name, value)?;
                if changed
                    .image
                    .as_deref()
                    .is_some_and(|image| !is_picture(image))
                {
                    return Err("`image` is not the address of a picture on the web".to_owned());
                }
            }
            "language" => {
                changed.language = line_of(name, value)?;
                let is_sent = value == &sent["language"];
                let tag = changed.language.as_deref().filter(|_| !is_sent);
                if tag.is_some_and(|tag| !config::is_language(tag)) {
                    return Err("`language` is no tag such as `en` or `pt-BR`".to_owned());
                }
            }
            "drop" => {
                dropped = match value {
                    Value::Null | Value::Bool(false) => None,
                    Value::Bool(true) => Some(String::new()),
                    other => Some(line_of(name, other)?.unwrap_or_default()),
                }
            }
            fixed if FIXED.contains(&fixed) => {
                if value != &sent[fixed] {
                    return Err(format!("`{fixed}` cannot be changed"));
                }
            }
            unknown => {
                let help = nearest(unknown, FREE).map(|right| format!("; did you mean `{right}`?"));
                let help = help.unwrap_or_default();
                return Err(format!("there is no field `{}`{help}", cut(unknown)));
            }
        }
    }
    Ok(match dropped {
        Some(reason) if reason.is_empty() => {
            Answer::Dropped("the filter command dropped it (fetch.filter)".to_owned())
        }
        Some(reason) => Answer::Dropped(format!("{} (fetch.filter)", cut(&reason))),
        None => Answer::Changed(Box::new(changed)),
    })
}

/// A text on one line, or nothing.
fn line_of(name: &str, value: &Value) -> Result<Option<String>, String> {
    match value {
        Value::Null => Ok(None),
        Value::String(written) => Ok(text::line(written)),
        _ => Err(format!("`{name}` is no text")),
    }
}

fn lines_of(name: &str, value: &Value) -> Result<Vec<String>, String> {
    let wrong = || format!("`{name}` is no list of texts");
    let items = value.as_array().ok_or_else(wrong)?;
    let texts = items.iter().map(|item| item.as_str().ok_or_else(wrong));
    let texts: Vec<&str> = texts.collect::<Result<_, String>>()?;
    Ok(texts.into_iter().filter_map(text::line).collect())
}

fn quality(value: &Value) -> Result<Option<i64>, String> {
    if value.is_null() {
        return Ok(None);
    }
    let whole = value.as_f64().filter(|number| number.fract() == 0.0);
    match whole.filter(|number| (0.0..=100.0).contains(number)) {
        #[allow(clippy::cast_possible_truncation, reason = "from 0 to 100, and whole")]
        Some(number) => Ok(Some(number as i64)),
        None => Err("`quality` is no whole number from 0 to 100".to_owned()),
    }
}

/// The start of a text, on one line.
fn cut(text: &str) -> String {
    let line = one_line(text.trim());
    match line.char_indices().nth(LONGEST_SHOWN) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn proposal(title: &str) -> Proposal {
        Proposal {
            title: title.to_owned(),
            url: format!("https://a.example/{title}"),
            quality: Some(50),
            reasons: vec!["its title fits".to_owned()],
            ..Proposal::default()
        }
    }

    fn answers_to(output: &str) -> (Vec<Option<Answer>>, Vec<String>) {
        let (one, two) = (proposal("one"), proposal("two"));
        let items = [("1", &one), ("2", &two)];
        let sent: Vec<Value> = items
            .iter()
            .map(|(id, it)| shown(id, Some("s"), it))
            .collect();
        answers(output.as_bytes(), &sent, &items)
    }

    #[test]
    fn answers_come_in_any_order_and_set_what_they_name() {
        let (answers, remarks) = answers_to(
            "{\"id\": \"2\", \"drop\": \"too far away\"}\n\n  {\"id\": \"1\", \"quality\": 80.0, \
             \"topics\": [\"Law \"], \"reasons\": [\"a\\nb\"], \"image\": \"https://a.example/i\"}",
        );
        assert_eq!(remarks, Vec::<String>::new());
        let expected = Proposal {
            quality: Some(80),
            is_scored: true,
            topics: vec!["Law".to_owned()],
            reasons: vec!["a b".to_owned()],
            image: Some("https://a.example/i".to_owned()),
            ..proposal("one")
        };
        assert_eq!(answers[0], Some(Answer::Changed(Box::new(expected))));
        let reason = "too far away (fetch.filter)".to_owned();
        assert_eq!(answers[1], Some(Answer::Dropped(reason)));
    }

    #[test]
    fn a_candidate_that_comes_back_as_it_was_is_the_same() {
        let one = proposal("one");
        let line = shown("1", Some("s"), &one).to_string();
        let (answers, remarks) = answers_to(&line);
        // But for its quality, which is a score now.
        let scored = Proposal {
            is_scored: true,
            ..one
        };
        assert_eq!(
            (answers[0].clone(), remarks),
            (Some(Answer::Changed(Box::new(scored))), Vec::new())
        );
        let (answers, _) = answers_to("{\"id\": \"1\", \"quality\": null}");
        assert!(matches!(&answers[0], Some(Answer::Changed(it)) if it.scored().is_none()));
    }

    #[test]
    fn a_line_that_is_no_answer_changes_nothing_and_is_reported() {
        for (line, expected) in [
            ("hello", "it is no object of JSON: hello"),
            ("[1]", "it is no object of JSON"),
            ("{\"quality\": 5}", "it has no text `id`"),
            ("{\"id\": 1}", "it has no text `id`"),
            ("{\"id\": \"3\"}", "no candidate of this call has its `id`"),
            (
                "{\"id\": \"1\", \"quality\": 101}",
                "`quality` is no whole number from 0 to 100",
            ),
            (
                "{\"id\": \"1\", \"quality\": \"80\"}",
                "`quality` is no whole number",
            ),
            (
                "{\"id\": \"1\", \"qualty\": 8}",
                "there is no field `qualty`; did you mean `quality`?",
            ),
            (
                "{\"id\": \"1\", \"url\": \"https://b.example/\"}",
                "`url` cannot be changed",
            ),
            ("{\"id\": \"1\", \"title\": \" \"}", "`title` is empty"),
            (
                "{\"id\": \"1\", \"topics\": \"Law\"}",
                "`topics` is no list of texts",
            ),
            (
                "{\"id\": \"1\", \"image\": \"x.jpg\"}",
                "`image` is not the address of a picture",
            ),
            (
                "{\"id\": \"1\", \"language\": \"English!\"}",
                "`language` is no tag",
            ),
            ("{\"id\": \"1\", \"drop\": 5}", "`drop` is no text"),
        ] {
            let (answers, remarks) = answers_to(line);
            let is_identified = line.starts_with("{\"id\": \"1\"");
            let first = is_identified.then_some(Answer::Unusable);
            assert_eq!(answers, [first, None], "{line}");
            let [remark] = remarks.as_slice() else {
                panic!("{line}: {remarks:?}");
            };
            let start = format!("fetch.filter: a line is not used: {expected}");
            assert!(remark.starts_with(&start), "{remark}");
        }
        let twice = "{\"id\": \"1\", \"quality\": 1}\n{\"id\": \"1\", \"quality\": 2}";
        let (answers, remarks) = answers_to(twice);
        assert!(matches!(&answers[0], Some(Answer::Changed(it)) if it.quality == Some(1)));
        assert_eq!(remarks.len(), 1);
        // A line that can be used counts, whatever line came before it.
        let mended = "{\"id\": \"1\", \"quality\": 101}\n{\"id\": \"1\", \"quality\": 2}";
        let (answers, _) = answers_to(mended);
        assert!(matches!(&answers[0], Some(Answer::Changed(it)) if it.quality == Some(2)));
        assert_eq!(answers_to(&"x\n".repeat(100)).1.len(), MOST_REPORTED + 1);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            answers_to(&String::from_utf8_lossy(&bytes));
        }
    }
}
