//! `newsgen new`.

use std::io;

use super::args::{Common, NewArgs};
use super::terminal::Terminal;
use super::{Exit, init, now, root};
use crate::config::Overrides;
use crate::content::text;
use crate::diagnostic::Diagnostic;
use crate::pipeline::Failure;
use crate::plan::route;

pub(super) fn run(common: &Common, args: &NewArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let root = root(common);
    let config = root.config(&Overrides::default())?;
    let now = now(common, Some(&config))?;
    let wrong = |message: String, help: &str| {
        Failure::Site(vec![Diagnostic::error("new", message).help(help)])
    };
    let title = text::line(&args.title).ok_or_else(|| {
        wrong(
            "the title is empty".to_owned(),
            "give the headline of the article",
        )
    })?;
    let url = text::web_url(&args.url).ok_or_else(|| {
        wrong(
            format!("`{}` is not a web address", args.url),
            "give the http:// or https:// URL of the story",
        )
    })?;
    let text = article(&title, &url, &args.topic, &now.rfc3339_utc());
    let folder = config
        .content
        .articles
        .first()
        .map_or("content/news", String::as_str);
    let name = format!(
        "{}-{}",
        route::day(now, &config.time_zone),
        route::slugify(&title)
    );
    // A second story of the day with the same title gets a number.
    for number in 1..100 {
        let suffix = if number == 1 {
            String::new()
        } else {
            format!("-{number}")
        };
        let path = format!("{folder}/{name}{suffix}.md");
        match init::make(&root.folder.join(&path), &text) {
            Ok(()) => {
                terminal.result(&path);
                return Ok(Exit::Good);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(Failure::Machine(format!("cannot write {path}: {error}"))),
        }
    }
    Err(wrong(
        format!("there are a hundred files named {name} already"),
        "give another title",
    ))
}

/// The text of an article file. JSON strings are YAML strings (YAML 1.2, section 1.3).
fn article(title: &str, url: &str, topics: &[String], now: &str) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let host = text::host(url).unwrap_or_default();
    let mut lines = vec![
        "---".to_owned(),
        format!("title: {}", quoted(title)),
        "excerpt: \"\"".to_owned(),
        format!("publishedDateTime: {now}"),
        format!("originalUrl: {}", quoted(url)),
        "type: article".to_owned(),
        "provider:".to_owned(),
        format!("  name: {}", quoted(&host)),
        format!("  domain: {}", quoted(&host)),
    ];
    if !topics.is_empty() {
        lines.push("topics:".to_owned());
        lines.extend(topics.iter().map(|topic| format!("  - {}", quoted(topic))));
    }
    lines.push("---\n".to_owned());
    lines.join("\n")
}
