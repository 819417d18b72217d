//! Markdown (CommonMark with tables and strikethrough) → HTML, not yet sanitised.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use super::budget::{self, TooMuch};

/// HTML of a Markdown text. The page's own headline is the `h1`: the highest headings of the text
/// become `h2`, and no level is skipped.
///
/// # Errors
/// When the text breaks a budget.
pub(super) fn to_html(markdown: &str) -> Result<String, TooMuch> {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_SMART_PUNCTUATION;
    let events = bounded(Parser::new_ext(markdown, options))?;
    let mut out = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut out, with_levels(events).into_iter());
    Ok(out)
}

/// The text of the first heading.
pub(super) fn first_heading(markdown: &str) -> Option<String> {
    let mut events = Parser::new(markdown);
    events.find(|event| matches!(event, Event::Start(Tag::Heading { .. })))?;
    let mut text = String::new();
    for event in events {
        match event {
            Event::Text(part) | Event::Code(part) => text.push_str(&part),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::End(TagEnd::Heading(_)) => break,
            _ => {}
        }
    }
    (!text.trim().is_empty()).then_some(text)
}

/// The events of a text, as long as they are within their budgets. The tags that Markdown makes are
/// closed; those that it holds may be not.
fn bounded<'t>(parser: impl Iterator<Item = Event<'t>>) -> Result<Vec<Event<'t>>, TooMuch> {
    let mut events = Vec::new();
    let (mut depth, mut tags): (usize, usize) = (0, 0);
    for event in parser {
        match &event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Html(html) | Event::InlineHtml(html) => {
                tags += html.bytes().filter(|byte| *byte == b'<').count();
            }
            _ => {}
        }
        if depth > budget::MARKDOWN_DEPTH {
            return Err(TooMuch::Nesting);
        }
        if tags > budget::HTML_TAGS {
            return Err(TooMuch::Tags);
        }
        if events.len() == budget::MARKDOWN_PIECES {
            return Err(TooMuch::Markdown);
        }
        events.push(event);
    }
    Ok(events)
}

fn with_levels(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let level_of = |event: &Event<'_>| match event {
        Event::Start(Tag::Heading { level, .. }) => Some(*level),
        _ => None,
    };
    let mut used: Vec<HeadingLevel> = events.iter().filter_map(level_of).collect();
    used.sort_unstable();
    used.dedup();
    let mut last = 1;
    let mut current = HeadingLevel::H2;
    events
        .into_iter()
        .map(|event| match event {
            Event::Start(Tag::Heading { level, .. }) => {
                let rank = used.iter().position(|other| *other == level).unwrap_or(0);
                last = (rank + 2).min(last + 1).min(6);
                current = HeadingLevel::try_from(last).unwrap_or(HeadingLevel::H6);
                Event::Start(Tag::Heading {
                    level: current,
                    id: None,
                    classes: Vec::new(),
                    attrs: Vec::new(),
                })
            }
            Event::End(TagEnd::Heading(_)) => Event::End(TagEnd::Heading(current)),
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{TooMuch, to_html};

    #[test]
    fn headings_follow_the_headline_without_gaps() {
        assert_eq!(
            to_html("# A\n\n###### B").as_deref(),
            Ok("<h2>A</h2>\n<h3>B</h3>\n")
        );
        assert_eq!(
            to_html("## A\n\n### B\n\n## C").as_deref(),
            Ok("<h2>A</h2>\n<h3>B</h3>\n<h2>C</h2>\n")
        );
        assert_eq!(
            to_html("### A\n\n## B").as_deref(),
            Ok("<h2>A</h2>\n<h2>B</h2>\n")
        );
    }

    #[test]
    fn what_would_take_minutes_is_refused() {
        for text in ["> ", "- ", "1. "] {
            assert_eq!(
                to_html(&(text.repeat(60_000) + "x")),
                Err(TooMuch::Nesting),
                "{text}"
            );
        }
        for text in ["<div>", "<b></p>"] {
            assert_eq!(to_html(&text.repeat(60_000)), Err(TooMuch::Tags), "{text}");
        }
        assert_eq!(to_html(&"a\n".repeat(200_000)), Err(TooMuch::Markdown));
        assert!(to_html(&"> - ".repeat(20)).is_ok());
        assert!(to_html(&"*a* <b>b</b> &amp;\n\n".repeat(2_000)).is_ok());
    }
}
