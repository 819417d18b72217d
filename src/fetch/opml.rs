//! Lists of feeds that programs give each other (OPML 2.0, <https://opml.org/spec2.opml>).

use super::xml::{self, Element};
use crate::content::{SourceFile, text};
use crate::render::xml::Xml;

/// A feed of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// Its address, as it stands in the list.
    pub feed: String,
    /// Its name.
    pub title: Option<String>,
}

/// The feeds of a list, however deep they stand; none if the text is no OPML.
pub fn read(text: &str) -> Option<Vec<Outline>> {
    let document = xml::read(text.trim_start_matches('\u{feff}'));
    let root = document.top.child("opml")?;
    let mut outlines = Vec::new();
    collect(root, &mut outlines);
    Some(outlines)
}

fn collect(element: &Element, into: &mut Vec<Outline>) {
    for child in element.elements() {
        if child.name == "outline"
            && let Some(feed) = child.attribute("xmlurl")
        {
            let title = child.attribute("title").or(child.attribute("text"));
            into.push(Outline {
                feed: feed.to_owned(),
                title: title.and_then(text::line),
            });
        }
        collect(child, into);
    }
}

/// The list of some sources.
pub fn write(title: &str, sources: &[SourceFile]) -> String {
    let mut xml = Xml::new();
    xml.open("opml", &[("version", "2.0")]);
    xml.open("head", &[]);
    xml.text("title", title);
    xml.close("head");
    xml.open("body", &[]);
    for source in sources {
        let name = source.title.as_deref().unwrap_or(&source.name);
        let attributes = [
            ("type", "rss"),
            ("text", name),
            ("title", name),
            ("xmlUrl", source.feed.as_str()),
        ];
        xml.empty("outline", &attributes);
    }
    xml.close("body");
    xml.close("opml");
    String::from_utf8_lossy(&xml.finish()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_other_programs_are_read() {
        let list = "<?xml version='1.0'?><opml version='1.0'><body><outline text='News & more'>\
                    <outline text='A &amp;amp; B' title='A' xmlURL='https://a.example/feed'/>\
                    <outline text='B' xmlUrl='https://b.example/?x=1&y=2' type='rss'/><outline \
                    text='no feed'/></outline><outline xmlUrl='https://c.example/'>";
        let outline = |feed: &str, title: Option<&str>| Outline {
            feed: feed.to_owned(),
            title: title.map(str::to_owned),
        };
        let expected = vec![
            outline("https://a.example/feed", Some("A")),
            outline("https://b.example/?x=1&y=2", Some("B")),
            outline("https://c.example/", None),
        ];
        assert_eq!(read(list), Some(expected));
        assert_eq!(read("<html></html>"), None);
        assert_eq!(read(""), None);
    }
}
