//! What a site's own templates need of the browser that the content security policy forbids.
//!
//! Templates are read as text, before they become pages: what they take from values is not known,
//! and not reported.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use url::Url;

use super::policy::{Need, Policy};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Location};
use crate::theme::Theme;

/// Templates whose files are no pages of the site.
const EMAILS: [&str; 2] = ["digest-email.html", "digest.txt"];

#[allow(
    clippy::expect_used,
    reason = "the patterns are constants, and a test compiles them"
)]
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a constant pattern is valid")
}

static TERA: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?s)\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->"));
static TAG: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"<([a-zA-Z][a-zA-Z0-9-]*)((?:[^>"']|"[^"]*"|'[^']*')*)>"#));
static ATTRIBUTE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"([^\s"'>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?"#));

/// Warnings of what the site's own templates need and the policy forbids, where a policy is
/// written at all.
pub fn lint(config: &Config, theme: &Theme) -> Vec<Diagnostic> {
    if !config.host.headers && config.host.server.is_none() {
        return Vec::new();
    }
    let policy = Policy::of_site(config);
    let own = theme.own_texts();
    let pages = own.filter(|(name, _)| !EMAILS.contains(name));
    let forbidden = pages.flat_map(|(name, text)| {
        let path = theme.path(name);
        let needs = needs_of(text);
        let mut known = BTreeSet::new();
        let policy = &policy;
        needs
            .into_iter()
            .filter_map(move |(directive, need, span)| {
                let is_new =
                    !policy.allows(directive, &need) && known.insert((directive, need.clone()));
                is_new.then(|| warning(directive, &need, Location::of_span(&path, text, span)))
            })
    });
    forbidden.collect()
}

fn warning(directive: &'static str, need: &Need, location: Location) -> Diagnostic {
    let (message, help) = match need {
        Need::Inline => (
            format!(
                "the content security policy forbids inline {}",
                if directive == "style-src" {
                    "styles"
                } else {
                    "scripts"
                }
            ),
            "put it into a file below static/".to_owned(),
        ),
        Need::Url(url) => {
            let source = match url.host_str() {
                Some(_) => url.origin().ascii_serialization(),
                None => format!("{}:", url.scheme()),
            };
            (
                format!("the content security policy forbids {source} in `{directive}`"),
                format!("add `{directive} = \"{source}\"` to `[host.csp]`"),
            )
        }
    };
    Diagnostic::warning("policy", message)
        .at(location)
        .help(help)
}

/// What a template needs: directive, need, and where it stands.
fn needs_of(text: &str) -> Vec<(&'static str, Need, Range<usize>)> {
    // Blanked out, so that all else stays where it is.
    let blank = |found: &regex::Captures<'_>| " ".repeat(found[0].len());
    let html = TERA.replace_all(text, blank);
    let mut needs = Vec::new();
    for tag in TAG.captures_iter(&html) {
        let (Some(whole), Some(rest)) = (tag.get(0), tag.get(2)) else {
            continue;
        };
        let name = tag[1].to_ascii_lowercase();
        let attributes: Vec<(String, String)> = ATTRIBUTE
            .captures_iter(rest.as_str())
            .map(|found| {
                let value = (2..=4).find_map(|group| found.get(group));
                let value = value.map_or("", |value| value.as_str());
                (found[1].to_ascii_lowercase(), value.trim().to_owned())
            })
            .collect();
        let of_tag = needs_of_tag(&name, &attributes);
        needs.extend(
            of_tag
                .into_iter()
                .map(|(directive, need)| (directive, need, whole.range())),
        );
    }
    needs
}

fn needs_of_tag(name: &str, attributes: &[(String, String)]) -> Vec<(&'static str, Need)> {
    let value = |wanted: &str| {
        let mut attributes = attributes.iter();
        let (_, value) = attributes.find(|(name, _)| name == wanted)?;
        Some(value.as_str())
    };
    let mut needs = Vec::new();
    let mut url = |directive: &'static str, value: Option<&str>| {
        let url = value.and_then(absolute);
        needs.extend(url.map(|url| (directive, Need::Url(url))));
    };
    match name {
        "script" => {
            url("script-src", value("src"));
            // Counters name the place that they report to.
            let data = attributes
                .iter()
                .filter(|(name, _)| name.starts_with("data-"));
            data.for_each(|(_, value)| url("connect-src", Some(value)));
            let kind = value("type").unwrap_or_default().to_ascii_lowercase();
            let runs = kind.is_empty() || kind == "module" || kind.ends_with("javascript");
            if value("src").is_none() && runs {
                needs.push(("script-src", Need::Inline));
            }
        }
        "style" => needs.push(("style-src", Need::Inline)),
        "link" => {
            let rel = value("rel").unwrap_or_default().to_ascii_lowercase();
            let of = |word: &str| rel.split_whitespace().any(|own| own == word);
            if of("stylesheet") {
                url("style-src", value("href"));
            } else if of("icon") || of("apple-touch-icon") {
                url("img-src", value("href"));
            } else if of("manifest") {
                url("manifest-src", value("href"));
            } else if of("modulepreload") {
                url("script-src", value("href"));
            }
        }
        "img" => url("img-src", value("src")),
        "iframe" | "frame" => url("frame-src", value("src")),
        "video" | "audio" | "source" | "track" => url("media-src", value("src")),
        "object" => url("object-src", value("data")),
        "embed" => url("object-src", value("src")),
        "form" => url("form-action", value("action")),
        _ => {}
    }
    if value("style").is_some() {
        needs.push(("style-src", Need::Inline));
    }
    let is_handler = |name: &str| {
        name.len() > 3 && name.starts_with("on") && name.bytes().all(|b| b.is_ascii_lowercase())
    };
    if attributes.iter().any(|(name, _)| is_handler(name)) {
        needs.push(("script-src", Need::Inline));
    }
    needs
}

/// An address that leads away from the page; none for one of the site itself.
fn absolute(written: &str) -> Option<Url> {
    let full = match written.strip_prefix("//") {
        Some(rest) => format!("https://{rest}"),
        None => written.to_owned(),
    };
    let url = Url::parse(&full).ok()?;
    matches!(
        url.scheme(),
        "http" | "https" | "ws" | "wss" | "data" | "blob"
    )
    .then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs(text: &str) -> Vec<String> {
        let shown = |(directive, need, _): (&str, Need, Range<usize>)| match need {
            Need::Inline => format!("{directive} inline"),
            Need::Url(url) => format!("{directive} {url}"),
        };
        needs_of(text).into_iter().map(shown).collect()
    }

    #[test]
    fn what_tags_need() {
        let cases: [(&str, &[&str]); 9] = [
            ("<script src=\"{{ asset(path=\"x.js\") }}\"></script>", &[]),
            (
                "<script async src='//c.example/a.js' data-to=\"https://d.example/count\"></script>",
                &[
                    "script-src https://c.example/a.js",
                    "connect-src https://d.example/count",
                ],
            ),
            ("<script>let a = 1 > 0;</script>", &["script-src inline"]),
            ("<script type=\"application/ld+json\">{}</script>", &[]),
            (
                "<p style=\"color: red\" onclick='x()'>",
                &["style-src inline", "script-src inline"],
            ),
            ("<link rel=\"alternate\" href=\"https://a.example/\">", &[]),
            (
                "<LINK REL=stylesheet HREF=https://a.example/x.css>",
                &["style-src https://a.example/x.css"],
            ),
            ("<!-- <script>x</script> -->{# <style> #}", &[]),
            (
                "<iframe src=\"https://talk.example/?p={{ page.url }}\"></iframe>",
                &["frame-src https://talk.example/?p="],
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(needs(text), expected, "{text}");
        }
    }
}
