//! Markdown (CommonMark with tables, strikethrough and footnotes) → HTML, not yet sanitised.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use super::sanitize::{MOST_TAGS, TooMuch, count_tags};

/// Levels of lists, quotations and emphasis inside each other.
const DEEPEST: usize = 100;

/// HTML of a Markdown text. Headings move one level down, since the page's own headline is the `h1`.
///
/// # Errors
/// When the text would take the HTML parser minutes: its time grows with the square of the elements inside each other.
pub fn to_html(markdown: &str) -> Result<String, TooMuch> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_SMART_PUNCTUATION;
    let events = Parser::new_ext(markdown, options).map(|event| match event {
        Event::Start(Tag::Heading { level, id, classes, attrs }) => {
            Event::Start(Tag::Heading { level: lower(level), id, classes, attrs })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lower(level))),
        other => other,
    });
    let (mut depth, mut tags, mut too_much) = (0, 0, None);
    let bounded = events.take_while(|event| {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            Event::Html(html) | Event::InlineHtml(html) => tags += count_tags(html),
            _ => {}
        }
        if depth > DEEPEST {
            too_much = Some(TooMuch::Nesting);
        } else if tags > MOST_TAGS {
            too_much = Some(TooMuch::Tags);
        }
        too_much.is_none()
    });
    let mut out = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut out, bounded);
    too_much.map_or(Ok(out), Err)
}

fn lower(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H2,
        HeadingLevel::H2 => HeadingLevel::H3,
        HeadingLevel::H3 => HeadingLevel::H4,
        HeadingLevel::H4 => HeadingLevel::H5,
        HeadingLevel::H5 | HeadingLevel::H6 => HeadingLevel::H6,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn headings_move_down() {
        assert_eq!(super::to_html("# A\n\n###### B").unwrap(), "<h2>A</h2>\n<h6>B</h6>\n");
    }

    #[test]
    fn what_would_take_minutes_is_refused() {
        for text in ["> ", "- ", "1. ", "*a _b ", "<div>", "<b></p>"] {
            assert!(super::to_html(&text.repeat(60_000)).is_err() || text.contains('*'), "{text}");
        }
        assert!(super::to_html(&"> - ".repeat(20)).is_ok());
        assert!(super::to_html(&"*a* <b>b</b>\n\n".repeat(2_000)).is_ok());
    }
}
