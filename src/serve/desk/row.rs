//! What the desk shows of an article file: the same for candidates and for articles.

use serde_json::{Value, json};

use crate::content::Parser;
use crate::content::article::{EventMark, Facts, Pin, Story};
use crate::hash::{Hash128, Hasher};

/// What requests call a file by: paths stay in the server.
pub(super) fn id(path: &str) -> String {
    Hasher::new("desk").text(path).finish().short(20)
}

/// A file as pages get it: its fields, as a build would read them, or why it could not.
pub(super) fn shown(parser: &Parser, path: &str, bytes: &[u8]) -> Value {
    let mut shown = match parser.article(path, bytes) {
        Ok(parsed) => fields(&parsed.article.story, &parsed.facts),
        Err(problems) => {
            let problems: Vec<&str> = problems.iter().map(|it| it.message.as_str()).collect();
            return broken(path, Hash128::of(bytes), &problems.join("\n"));
        }
    };
    name(&mut shown, path, Hash128::of(bytes));
    shown
}

/// A file that is no article, as pages get it.
pub(super) fn broken(path: &str, hash: Hash128, problem: &str) -> Value {
    let mut shown = json!({ "title": path.rsplit('/').next(), "problem": problem });
    name(&mut shown, path, hash);
    shown
}

fn name(shown: &mut Value, path: &str, hash: Hash128) {
    shown["id"] = json!(id(path));
    shown["hash"] = json!(hash.to_string());
    shown["path"] = json!(path);
}

fn fields(story: &Story, facts: &Facts) -> Value {
    let provider = story.provider.as_ref();
    json!({
        "title": story.title,
        "excerpt": story.excerpt,
        "highlight": story.highlight,
        "link": story.link,
        "date": story.published.rfc3339_utc(),
        "provider": provider.map(|provider| &provider.name),
        "domain": provider.map(|provider| &provider.domain),
        "image": story.image.as_ref().map(|image| &image.url),
        "topics": story.topics,
        "quality": story.quality,
        "heat": story.heat,
        "language": facts.locale,
        "hidden": !facts.is_published,
        "event": match &facts.event {
            None => Value::Null,
            Some(EventMark::Apart) => json!("none"),
            Some(EventMark::Named(name)) => json!(name),
        },
        "pin": match facts.pin {
            Pin::No => json!(false),
            Pin::Always => json!(true),
            Pin::Until(end) => json!(end.rfc3339_utc()),
        },
    })
}
