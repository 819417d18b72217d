//! Markdown (CommonMark with tables and strikethrough) → HTML, not yet sanitised.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use super::bounds::{self, TooMuch};

/// HTML of a Markdown text. The page's own headline is the `h1`: the highest headings of the text
/// become `h2`, and no level is skipped.
///
/// # Errors
/// When the HTML would take minutes to sanitise.
pub(super) fn to_html(markdown: &str) -> Result<String, TooMuch> {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_SMART_PUNCTUATION;
    let events: Vec<Event<'_>> = Parser::new_ext(markdown, options).collect();
    bounds::markdown(&events)?;
    let mut out = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut out, with_levels(events).into_iter());
    bounds::entities(&out)?;
    Ok(out)
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
        assert_eq!(to_html(&"&".repeat(200_000)), Err(TooMuch::Entities));
        assert!(to_html(&"> - ".repeat(20)).is_ok());
        assert!(to_html(&"*a* <b>b</b> &amp;\n\n".repeat(2_000)).is_ok());
    }
}
