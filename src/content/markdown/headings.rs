//! Headings of a text: their levels below the headline of the page, and their ids.

use std::collections::BTreeMap;

use pulldown_cmark::{CowStr, Event, HeadingLevel, Tag, TagEnd};

use crate::content::anchor::Anchors;

/// A heading of a text.
struct Heading {
    /// Where its start stands among the events, and where its end.
    start: usize,
    end: usize,
    level: HeadingLevel,
    text: String,
}

/// Gives the headings of a text their levels and ids. The page's own headline is the `h1`: the
/// highest headings of the text become `h2`, and no level is skipped.
pub(super) fn arrange(events: &mut Vec<Event<'_>>) {
    let headings = find(events);
    if headings.is_empty() {
        return;
    }
    let written: Vec<Option<String>> = headings
        .iter()
        .map(|heading| written_id(&heading.text).map(str::to_owned))
        .collect();
    let mut anchors = Anchors::default();
    let kept: Vec<bool> = written
        .iter()
        .map(|id| id.as_deref().is_some_and(|id| anchors.take(id)))
        .collect();
    let mut used: Vec<HeadingLevel> = headings.iter().map(|heading| heading.level).collect();
    used.sort_unstable();
    used.dedup();
    let mut last = 1;
    let mut renamed: BTreeMap<String, String> = BTreeMap::new();
    for (heading, (id, is_kept)) in headings.iter().zip(written.iter().zip(kept)) {
        let rank = used.iter().position(|level| *level == heading.level);
        last = (rank.unwrap_or(0) + 2).min(last + 1).min(6);
        let level = HeadingLevel::try_from(last).unwrap_or(HeadingLevel::H6);
        let id = match id {
            Some(id) if is_kept => id.clone(),
            written => {
                let text = written.as_deref().unwrap_or(&heading.text);
                let (id, wanted) = anchors.of_heading(text);
                if id != wanted {
                    renamed.entry(wanted).or_insert_with(|| id.clone());
                }
                id
            }
        };
        if written_id(&heading.text).is_some() {
            cut_written_id(&mut events[heading.start + 1..heading.end]);
        }
        events[heading.start] = Event::Start(Tag::Heading {
            level,
            id: Some(id.into()),
            classes: Vec::new(),
            attrs: Vec::new(),
        });
        events[heading.end] = Event::End(TagEnd::Heading(level));
    }
    renamed.retain(|wanted, _| crate::content::anchor::is_of_theme(wanted));
    if !renamed.is_empty() {
        follow(events, &renamed);
    }
}

fn find(events: &[Event<'_>]) -> Vec<Heading> {
    let mut headings: Vec<Heading> = Vec::new();
    let mut is_open = false;
    for (at, event) in events.iter().enumerate() {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                is_open = true;
                headings.push(Heading {
                    start: at,
                    end: at,
                    level: *level,
                    text: String::new(),
                });
            }
            _ if !is_open => {}
            Event::End(TagEnd::Heading(_)) => {
                is_open = false;
                if let Some(heading) = headings.last_mut() {
                    heading.end = at;
                }
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = headings.last_mut() {
                    heading.text.push_str(text);
                }
            }
            Event::SoftBreak | Event::HardBreak => {
                if let Some(heading) = headings.last_mut() {
                    heading.text.push(' ');
                }
            }
            _ => {}
        }
    }
    headings
}

/// The id in a heading that ends with `{#id}`.
fn written_id(text: &str) -> Option<&str> {
    let (_, id) = text.trim_end().strip_suffix('}')?.rsplit_once("{#")?;
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
    (!id.is_empty() && id.chars().all(is_plain)).then_some(id)
}

/// Takes `{#id}` from the end of a heading, which may stand in several pieces.
fn cut_written_id(events: &mut [Event<'_>]) {
    let mut pieces: Vec<&mut CowStr<'_>> = Vec::new();
    for event in events.iter_mut().rev() {
        let Event::Text(text) = event else { break };
        let is_start = text.contains("{#");
        pieces.push(text);
        if is_start {
            break;
        }
    }
    let Some(start) = pieces.pop() else { return };
    if let Some((before, _)) = start.rsplit_once("{#") {
        *start = before.trim_end().to_owned().into();
        for rest in pieces {
            *rest = CowStr::Borrowed("");
        }
    }
}

/// Links within the page lead to where the headings are now.
fn follow(events: &mut [Event<'_>], renamed: &BTreeMap<String, String>) {
    for event in events {
        if let Event::Start(Tag::Link { dest_url, .. }) = event
            && let Some(id) = dest_url
                .strip_prefix('#')
                .and_then(|wanted| renamed.get(wanted))
        {
            *dest_url = format!("#{id}").into();
        }
    }
}
