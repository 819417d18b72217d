//! Bare addresses in a text as links.

use linkify::{LinkFinder, LinkKind};
use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};

/// Elements in which an address stays text, when HTML in the Markdown opens them.
const QUIET: [&str; 6] = ["a", "code", "kbd", "pre", "samp", "var"];

/// Makes links of bare `http` and `https` addresses, but not in code and in other links.
pub(super) fn find(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let has_address =
        |event: &Event<'_>| matches!(event, Event::Text(text) if text.contains("://"));
    if !events.iter().any(has_address) {
        return events;
    }
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url]);
    let mut out = Vec::with_capacity(events.len() + 8);
    let mut quiet: usize = 0;
    let mut text: Option<CowStr<'_>> = None;
    for event in events {
        // An address may stand in several pieces: `_` and `&` begin new ones.
        let event = match event {
            Event::Text(more) if quiet == 0 => {
                text = Some(match text {
                    Some(start) => format!("{start}{more}").into(),
                    None => more,
                });
                continue;
            }
            other => other,
        };
        if let Some(text) = text.take() {
            link(&finder, text, &mut out);
        }
        match &event {
            Event::Start(Tag::Link { .. } | Tag::CodeBlock(_) | Tag::Image { .. }) => quiet += 1,
            Event::End(TagEnd::Link | TagEnd::CodeBlock | TagEnd::Image) => {
                quiet = quiet.saturating_sub(1);
            }
            Event::Html(html) | Event::InlineHtml(html) => quiet = after(html, quiet),
            _ => {}
        }
        out.push(event);
    }
    if let Some(text) = text {
        link(&finder, text, &mut out);
    }
    out
}

/// How many elements are open in which addresses stay text, after some HTML.
fn after(html: &str, mut quiet: usize) -> usize {
    for tag in html.split('<').skip(1) {
        let (name, is_end) = match tag.strip_prefix('/') {
            Some(name) => (name, true),
            None => (tag, false),
        };
        let length = name
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(name.len());
        if !QUIET
            .iter()
            .any(|quiet| quiet.eq_ignore_ascii_case(&name[..length]))
        {
            continue;
        }
        quiet = match is_end {
            true => quiet.saturating_sub(1),
            false => quiet + 1,
        };
    }
    quiet
}

fn link<'t>(finder: &LinkFinder, text: CowStr<'t>, out: &mut Vec<Event<'t>>) {
    if !text.contains("://") {
        out.push(Event::Text(text));
        return;
    }
    for span in finder.spans(&text) {
        let words: CowStr<'t> = span.as_str().to_owned().into();
        let is_web = span.kind().is_some() && is_web(span.as_str());
        if !is_web {
            out.push(Event::Text(words));
            continue;
        }
        let tag = Tag::Link {
            link_type: LinkType::Autolink,
            dest_url: words.clone(),
            title: CowStr::Borrowed(""),
            id: CowStr::Borrowed(""),
        };
        out.extend([
            Event::Start(tag),
            Event::Text(words),
            Event::End(TagEnd::Link),
        ]);
    }
}

fn is_web(address: &str) -> bool {
    let starts = |scheme: &str| {
        address
            .get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    starts("https://") || starts("http://")
}
