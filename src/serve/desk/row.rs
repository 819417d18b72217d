//! What the desk shows of an article file: the same for candidates and for articles.

use serde_json::{Value, json};

use crate::content::Parser;
use crate::content::article::Story;
use crate::hash::{Hash128, Hasher};

/// What requests call a file by: paths stay in the server.
pub(super) fn id(path: &str) -> String {
    Hasher::new("desk").text(path).finish().short(20)
}

/// A file as pages get it: its fields, as a build would read them, or why it could not.
pub(super) fn shown(parser: &Parser, path: &str, bytes: &[u8]) -> Value {
    let mut shown = match parser.article(path, bytes) {
        Ok(parsed) => fields(&parsed.article.story, parsed.facts.is_published),
        Err(problems) => {
            let problems = problems.iter().map(|it| it.message.clone());
            json!({
                "title": path.rsplit('/').next(),
                "problem": problems.collect::<Vec<_>>().join("\n"),
            })
        }
    };
    shown["id"] = json!(id(path));
    shown["hash"] = json!(Hash128::of(bytes).to_string());
    shown["path"] = json!(path);
    shown
}

fn fields(story: &Story, is_published: bool) -> Value {
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
        "hidden": !is_published,
    })
}
