//! Footnotes: their texts at the end of the body, in the order in which they are referred to.
//!
//! The renderer of pulldown-cmark would leave each where it is written, under the id that the
//! author gave it.

use ahash::HashMap;
use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use crate::content::anchor;

/// Class of the part of a body that holds the texts of its footnotes.
pub(in crate::content) const CLASS: &str = "footnotes";

/// The text of a footnote, and whether it is written down by now.
struct Note<'t> {
    events: Vec<Event<'t>>,
    number: Option<usize>,
}

/// Moves the texts of footnotes to the end. One that nothing refers to is left out.
pub(super) fn collect(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let is_note = |event: &Event<'_>| matches!(event, Event::Start(Tag::FootnoteDefinition(_)));
    if !events.iter().any(is_note) {
        return events;
    }
    let (body, mut notes) = take_apart(events);
    let mut numbered: Vec<String> = Vec::new();
    let mut out = Vec::with_capacity(body.len());
    for event in body {
        out.push(refer(event, &mut notes, &mut numbered));
    }
    if numbered.is_empty() {
        return out;
    }
    out.push(html(format!("<section class=\"{CLASS}\">\n<ol>\n")));
    let mut at = 0;
    // Footnotes may refer to others.
    while at < numbered.len() {
        let note = notes.get_mut(&numbered[at]);
        at += 1;
        let text = note.map(|note| std::mem::take(&mut note.events));
        out.push(html(format!("<li id=\"{}\">\n", anchor::footnote(at))));
        let mut text = text.unwrap_or_default();
        let back = html(format!(
            " <a href=\"#{}\">\u{21a9}\u{fe0e}</a>",
            anchor::reference(at)
        ));
        // Behind the last words, if they are a paragraph.
        let end = match text.last() {
            Some(Event::End(TagEnd::Paragraph)) => text.len() - 1,
            _ => text.len(),
        };
        text.insert(end, back);
        for event in text {
            out.push(refer(event, &mut notes, &mut numbered));
        }
        out.push(html("</li>\n".to_owned()));
    }
    out.push(html("</ol>\n</section>\n".to_owned()));
    out
}

fn html(text: String) -> Event<'static> {
    Event::Html(text.into())
}

/// Labels are the same in any case.
fn key(label: &str) -> String {
    label.to_lowercase()
}

/// The text without its footnotes, and these by their labels.
fn take_apart(events: Vec<Event<'_>>) -> (Vec<Event<'_>>, HashMap<String, Note<'_>>) {
    let mut body = Vec::with_capacity(events.len());
    let mut notes: HashMap<String, Note<'_>> = HashMap::default();
    let mut open: Vec<(CowStr<'_>, Vec<Event<'_>>)> = Vec::new();
    for event in events {
        match event {
            Event::Start(Tag::FootnoteDefinition(label)) => open.push((label, Vec::new())),
            Event::End(TagEnd::FootnoteDefinition) => {
                if let Some((label, events)) = open.pop() {
                    let number = None;
                    notes.entry(key(&label)).or_insert(Note { events, number });
                }
            }
            event => match open.last_mut() {
                Some((_, events)) => events.push(event),
                None => body.push(event),
            },
        }
    }
    (body, notes)
}

/// A reference to a footnote as a link; any other event as it is.
fn refer<'t>(
    event: Event<'t>,
    notes: &mut HashMap<String, Note<'t>>,
    numbered: &mut Vec<String>,
) -> Event<'t> {
    let Event::FootnoteReference(label) = event else {
        return event;
    };
    let Some(note) = notes.get_mut(&key(&label)) else {
        return Event::Text(format!("[^{label}]").into());
    };
    let first = note.number.is_none();
    let number = *note.number.get_or_insert_with(|| {
        numbered.push(key(&label));
        numbered.len()
    });
    let id = match first {
        true => format!(" id=\"{}\"", anchor::reference(number)),
        false => String::new(),
    };
    let note = anchor::footnote(number);
    Event::InlineHtml(format!("<sup><a href=\"#{note}\"{id}>{number}</a></sup>").into())
}
