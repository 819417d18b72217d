//! Markdown (CommonMark with tables, strikethrough and footnotes) → HTML, not yet sanitised.
//!
//! # Files
//!
//! - `headings.rs`: headings and their ids
//! - `footnotes.rs`: footnotes
//! - `links.rs`: bare addresses
//! - `typography.rs`: quotation marks

pub(super) mod footnotes;
mod headings;
mod links;
mod typography;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use super::budget::{self, TooMuch};
pub(super) use typography::Quotes;

/// What is read besides CommonMark.
pub(super) const EXTENSIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_FOOTNOTES);

/// HTML of a Markdown text. The page's own headline is the `h1`: the highest headings of the text
/// become `h2`, and no level is skipped; each has an id. With `quotes`, quotation marks, dashes and
/// dots become those of print.
///
/// # Errors
/// When the text breaks a budget.
pub(super) fn to_html(markdown: &str, quotes: Option<Quotes>) -> Result<String, TooMuch> {
    if has_too_many_lines(markdown) {
        return Err(TooMuch::Markdown);
    }
    let mut events = match quotes {
        None => bounded(Parser::new_ext(markdown, EXTENSIONS))?,
        Some(quotes) => {
            let options = EXTENSIONS | Options::ENABLE_SMART_PUNCTUATION;
            let parser = Parser::new_ext(markdown, options).into_offset_iter();
            bounded(typography::localize(markdown, parser, quotes))?
        }
    };
    headings::arrange(&mut events);
    let events = footnotes::collect(links::find(events));
    let mut out = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut out, events.into_iter());
    Ok(out)
}

/// Whether a text has more lines than it may have pieces: each is one at least. The parser would
/// take much memory for them before it hands out the first.
fn has_too_many_lines(markdown: &str) -> bool {
    let lines = || markdown.lines().filter(|line| !line.trim().is_empty());
    markdown.len() > budget::MARKDOWN_PIECES && lines().nth(budget::MARKDOWN_PIECES).is_some()
}

/// The heading that is the title of a text, and the text without it: the first of the highest level
/// (`# Title`), or one of another level that the text begins with.
pub(super) fn take_title(markdown: &str) -> Option<(String, String)> {
    let mut depth = 0_usize;
    let mut is_first = true;
    let mut events = Parser::new(markdown).into_offset_iter();
    let range = events.find_map(|(event, range)| {
        let is_title = match event {
            Event::Start(Tag::Heading { level, .. }) if depth == 0 => {
                level == HeadingLevel::H1 || is_first
            }
            _ => false,
        };
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        is_first = false;
        is_title.then_some(range)
    })?;
    let title = heading_text(events.map(|(event, _)| event));
    let after = markdown[range.end..].trim_start_matches('\n');
    let rest = [&markdown[..range.start], after].concat();
    (!title.trim().is_empty()).then_some((title, rest))
}

/// The text up to the end of a heading that has begun.
fn heading_text<'t>(events: impl Iterator<Item = Event<'t>>) -> String {
    let mut text = String::new();
    for event in events {
        match event {
            Event::Text(part) | Event::Code(part) => text.push_str(&part),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::End(TagEnd::Heading(_)) => break,
            _ => {}
        }
    }
    text
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

#[cfg(test)]
mod tests {
    use super::{Quotes, TooMuch, take_title};

    fn to_html(markdown: &str) -> Result<String, TooMuch> {
        super::to_html(markdown, None)
    }

    fn html(markdown: &str) -> String {
        to_html(markdown).unwrap().trim_end().to_owned()
    }

    fn printed(locale: &str, markdown: &str) -> String {
        let html = super::to_html(markdown, Some(Quotes::of(locale))).unwrap();
        html.trim_end().to_owned()
    }

    #[test]
    fn headings_follow_the_headline_without_gaps() {
        let levels = |markdown: &str| {
            let html = html(markdown);
            let tags = html.split("<h").skip(1);
            tags.map(|tag| tag[..1].to_owned()).collect::<String>()
        };
        assert_eq!(levels("# A\n\n###### B"), "23");
        assert_eq!(levels("## A\n\n### B\n\n## C"), "232");
        assert_eq!(levels("### A\n\n## B"), "22");
    }

    #[test]
    fn headings_have_ids_and_links_within_the_page_lead_to_them() {
        assert_eq!(
            html("## Part *two* `x`\n\n## Part two x"),
            "<h2 id=\"part-two-x\">Part <em>two</em> <code>x</code></h2>\n<h2 \
             id=\"part-two-x-1\">Part two x</h2>"
        );
        assert_eq!(
            html("[a](#topics)\n\n# Topics"),
            "<p><a href=\"#topics-1\">a</a></p>\n<h2 id=\"topics-1\">Topics</h2>"
        );
        for (markdown, id, text) in [
            ("# A b {#Own_id}", "Own_id", "A b"),
            ("# A {#main}", "main-1", "A"),
            ("# A {#\"onclick}", "a-onclick", "A {#&quot;onclick}"),
            ("# A {x}", "a-x", "A {x}"),
        ] {
            let text = text.replace("&quot;", "\"");
            assert_eq!(html(markdown), format!("<h2 id=\"{id}\">{text}</h2>"));
        }
        // An id that an author chose is not taken by a heading before it.
        assert!(html("# B\n\n# A {#b}").contains("<h2 id=\"b\">A"));
    }

    #[test]
    fn footnotes_stand_at_the_end_in_the_order_of_their_references() {
        assert_eq!(
            html("A[^b] c[^a] d[^B].\n\n[^a]: First.\n[^b]: Second[^c].\n\n[^c]: Third.\n[^x]: -"),
            "<p>A<sup><a href=\"#fn-1\" id=\"fnref-1\">1</a></sup> c<sup><a href=\"#fn-2\" \
             id=\"fnref-2\">2</a></sup> d<sup><a href=\"#fn-1\">1</a></sup>.</p>\n<section \
             class=\"footnotes\">\n<ol>\n<li id=\"fn-1\">\n<p>Second<sup><a href=\"#fn-3\" \
             id=\"fnref-3\">3</a></sup>. <a href=\"#fnref-1\">↩\u{fe0e}</a></p>\n</li>\n<li \
             id=\"fn-2\">\n<p>First. <a href=\"#fnref-2\">↩\u{fe0e}</a></p>\n</li>\n<li \
             id=\"fn-3\">\n<p>Third. <a href=\"#fnref-3\">↩\u{fe0e}</a></p>\n</li>\n</ol>\n\
             </section>"
        );
        assert_eq!(html("A[^1]."), "<p>A[^1].</p>");
    }

    #[test]
    fn bare_addresses_are_links() {
        let link = |url: &str| format!("<a href=\"{url}\">{url}</a>");
        let url = link("https://a.example/b_c?d=1");
        assert_eq!(
            html("See https://a.example/b_c?d=1, or (http://b.example/x)."),
            format!("<p>See {url}, or ({}).</p>", link("http://b.example/x"))
        );
        for text in [
            "`https://a.example`",
            "[b https://a.example](https://c.example)",
            "<b><a href=\"x\">https://a.example</a></b>",
            "    https://a.example",
            "ftp://a.example and mailto:a@b.example",
            "<code>https://a.example</code>",
        ] {
            let html = html(text);
            assert!(
                !html.contains("href=\"https://a") && !html.contains("\"ftp"),
                "{html}"
            );
        }
        assert_eq!(
            html("<https://a.example>"),
            format!("<p>{}</p>", link("https://a.example"))
        );
    }

    #[test]
    fn punctuation_stays_as_it_is_written() {
        assert_eq!(
            html("Run --dry-run ... \"so\" it's"),
            "<p>Run --dry-run ... \"so\" it's</p>"
        );
    }

    #[test]
    fn punctuation_of_print_is_that_of_the_language() {
        for (locale, is) in [
            ("en", "“a ‘b’ c’d” – e… `--x \"y\"`"),
            ("de-AT", "„a ‚b‘ c’d“ – e… `--x \"y\"`"),
            ("de-CH", "«a ‹b› c’d» – e… `--x \"y\"`"),
            ("fr", "«\u{a0}a “b” c’d\u{a0}» – e… `--x \"y\"`"),
            ("ar", "”a ’b‘ c’d“ – e… `--x \"y\"`"),
            ("xx", "“a ‘b’ c’d” – e… `--x \"y\"`"),
        ] {
            let html = printed(locale, "\"a 'b' c'd\" -- e... `--x \"y\"`");
            let html = html.replace("<code>", "`").replace("</code>", "`");
            assert_eq!(html, format!("<p>{is}</p>"), "{locale}");
        }
        // Marks that the author wrote.
        assert_eq!(printed("de", "*a*“*b*”"), "<p><em>a</em>“<em>b</em>”</p>");
        assert_eq!(
            printed("de", "rock 'n' roll, the dogs' day"),
            "<p>rock ‚n‘ roll, the dogs’ day</p>"
        );
    }

    #[test]
    fn a_title_is_taken_out_of_its_text() {
        let taken = |text| take_title(text).map(|(title, rest)| format!("{title}|{rest}"));
        for (text, wanted) in [
            ("# A *new* `x`\n\nText.", Some("A new x|Text.")),
            ("A\nb\n===\nText.", Some("A b|Text.")),
            ("## A\n\nText.", Some("A|Text.")),
            (
                "Text.\n\n## A\n\n# B\n\nMore.",
                Some("B|Text.\n\n## A\n\nMore."),
            ),
            ("Text.\n\n## A", None),
            ("> # A", None),
            ("```\n# A\n```", None),
            ("#\n\nText.", None),
            ("", None),
        ] {
            assert_eq!(taken(text).as_deref(), wanted, "{text}");
        }
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
