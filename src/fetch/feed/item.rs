//! An item in XML → an entry.

use std::borrow::Cow;

use url::Url;

use super::texts::{Kind, Texts};
use super::{Entry, Format, date, html, joined, relative};
use crate::content::link;
use crate::content::text;
use crate::fetch::xml::{Element, Node};
use crate::time::Time;

/// What addresses in an element are relative to.
pub(super) fn base_of<'u>(element: &Element, outer: Option<&'u Url>) -> Cow<'u, Option<Url>> {
    Cow::Owned(match element.attribute("xml:base") {
        Some(written) => relative::based(outer, written),
        None => outer.cloned(),
    })
}

/// Whether a link of Atom leads to the page of what it stands in.
pub(super) fn is_page(link: &Element) -> bool {
    let kind = link.attribute("type").unwrap_or("text/html");
    link.attribute("href").is_some()
        && link.attribute("rel").unwrap_or("alternate") == "alternate"
        && matches!(
            kind.to_ascii_lowercase().as_str(),
            "text/html" | "application/xhtml+xml" | "html" | "xhtml"
        )
}

/// A picture, and how much speaks for it.
struct Picture {
    address: String,
    /// Kind first, then width in pixels.
    rank: (u8, u32),
}

/// A value that may stand in elements of an item: those nearest to the item count.
struct Nearest<T> {
    found: Option<(usize, T)>,
}

impl<T> Nearest<T> {
    fn none() -> Nearest<T> {
        Nearest { found: None }
    }

    /// Takes a value; of several that are as near, the first counts.
    fn first(&mut self, depth: usize, value: Option<T>) {
        let is_nearer = self.found.as_ref().is_none_or(|(other, _)| depth < *other);
        if is_nearer && let Some(value) = value {
            self.found = Some((depth, value));
        }
    }

    /// Takes a value; of several that are as near, the last counts.
    fn last(&mut self, depth: usize, value: Option<T>) {
        let is_as_near = self.found.as_ref().is_none_or(|(other, _)| depth <= *other);
        if is_as_near && let Some(value) = value {
            self.found = Some((depth, value));
        }
    }

    fn value(self) -> Option<T> {
        self.found.map(|(_, value)| value)
    }
}

/// What is found in an item.
struct Draft {
    format: Format,
    title: Nearest<String>,
    media_title: Option<String>,
    id: Nearest<String>,
    /// Whether the identity is an address (`isPermaLink`).
    id_is_link: bool,
    link: Nearest<String>,
    /// An address of another kind, if there is no better one.
    other_link: Option<String>,
    origin: Option<String>,
    published: Nearest<Time>,
    updated: Nearest<Time>,
    created: Nearest<Time>,
    /// A date that cannot be read.
    unread: Option<String>,
    summary: Nearest<String>,
    body: Nearest<String>,
    media_text: Option<String>,
    author: Option<String>,
    credit: Option<String>,
    categories: Vec<String>,
    pictures: Vec<Picture>,
}

/// Categories of an entry that are kept.
const MOST_CATEGORIES: usize = 50;

/// The entry that an item stands for. A date that cannot be read is added to `unread`, if there is
/// no other. `author` is who wrote what has no author of its own.
pub(super) fn entry(
    item: &Element,
    base: Option<&Url>,
    format: Format,
    author: Option<&str>,
    unread: &mut Vec<String>,
) -> Entry {
    let mut draft = Draft {
        format,
        title: Nearest::none(),
        media_title: None,
        id: Nearest::none(),
        id_is_link: format == Format::Atom,
        link: Nearest::none(),
        other_link: None,
        origin: None,
        published: Nearest::none(),
        updated: Nearest::none(),
        created: Nearest::none(),
        unread: None,
        summary: Nearest::none(),
        body: Nearest::none(),
        media_text: None,
        author: None,
        credit: None,
        categories: Vec::new(),
        pictures: Vec::new(),
    };
    draft.take(item, base, 0, false);
    // CDF has it in an attribute.
    if let Some(written) = item.attribute("lastmod") {
        let time = draft.time(written.to_owned());
        draft.updated.first(0, time);
    }
    draft.finish(item, base, author, unread)
}

impl Draft {
    /// Takes what the elements in an element say.
    fn take(&mut self, element: &Element, base: Option<&Url>, depth: usize, in_image: bool) {
        for child in element.elements() {
            let base = base_of(child, base);
            let base = base.as_ref().as_ref();
            self.take_one(child, base, depth, in_image);
        }
    }

    fn take_one(&mut self, element: &Element, base: Option<&Url>, depth: usize, in_image: bool) {
        let kind = Kind::of(element, self.format);
        let text = || kind.text_of(element);
        match element.name.as_str() {
            "title" | "dc:title" => self.title.first(depth, text()),
            "media:title" => self.media_title = text().or(self.media_title.take()),
            "link" if !in_image => self.take_link(element, base, depth),
            "guid" | "id" if !in_image => {
                let id = element.text();
                self.id.last(depth, (!id.is_empty()).then_some(id));
                self.id_is_link = element
                    .attribute("ispermalink")
                    .is_none_or(|value| value.eq_ignore_ascii_case("true"));
            }
            "feedburner:origlink" => self.origin = Some(joined(base, &element.text())),
            "published" | "pubdate" | "issued" | "dcterms:issued" => {
                let time = self.time(element.text());
                self.published.last(depth, time);
            }
            "updated" | "modified" | "dcterms:modified" | "dc:date" | "lastbuilddate" => {
                let time = self.time(element.text());
                self.updated.last(depth, time);
            }
            "created" | "dcterms:created" | "prism:publicationdate" | "date" => {
                let time = self.time(element.text());
                self.created.last(depth, time);
            }
            "summary" | "description" | "abstract" | "dc:description" => {
                self.take_picture_in(element, base);
                self.summary.last(depth, text());
            }
            "content" | "content:encoded" | "body" | "xhtml:body" | "fullitem" => {
                self.take_picture_in(element, base);
                self.body.last(depth, text());
            }
            "media:description" | "media:text" | "itunes:summary" | "itunes:subtitle" => {
                self.media_text = self.media_text.take().or_else(text);
            }
            "author" | "dc:creator" | "itunes:author" | "dc:author" => {
                self.author = self.author.take().or_else(|| author_of(element));
            }
            "media:credit" => self.credit = self.credit.take().or_else(text),
            "category" | "dc:subject" => {
                let label = element.attribute("label").or(element.attribute("term"));
                self.take_category(label.map(str::to_owned).or_else(|| own_text(element)));
                self.take(element, base, depth + 1, in_image);
            }
            "media:keywords" => {
                for word in element.text().split(',') {
                    self.take_category(text::line(word));
                }
            }
            "enclosure" | "media:content" | "media:thumbnail" | "itunes:image" => {
                self.take_media(element, base);
                self.take(element, base, depth + 1, in_image);
            }
            "image" | "textinput" => {
                let address = element.child("url").map(Element::text);
                let address = address.or_else(|| own_text(element));
                if let Some(address) = address.filter(|_| element.name == "image") {
                    self.add_picture(joined(base, &address), 2, 0);
                }
                self.take(element, base, depth + 1, true);
            }
            // What another feed says of itself, and what is text in HTML.
            "source" => {}
            name if name.starts_with("xhtml:") => {}
            _ => self.take(element, base, depth + 1, in_image),
        }
    }

    fn time(&mut self, written: String) -> Option<Time> {
        let time = date::read(&written);
        if time.is_none() && !written.is_empty() {
            self.unread = Some(written);
        }
        time
    }

    /// The last link to a page counts; of others the first.
    fn take_link(&mut self, element: &Element, base: Option<&Url>, depth: usize) {
        let rel = element.attribute("rel").unwrap_or("alternate");
        let href = element
            .attribute("href")
            .map(str::to_owned)
            .or_else(|| Some(element.text()).filter(|text| !text.is_empty()));
        let Some(href) = href.map(|href| joined(base, &href)) else {
            return;
        };
        let kind = element.attribute("type").unwrap_or_default();
        if is_page(element) || (rel == "alternate" && element.attribute("href").is_none()) {
            self.link.last(depth, Some(href));
        } else if rel == "enclosure" && kind.starts_with("image/") {
            self.add_picture(href, 3, 0);
        } else if rel == "alternate" && !kind.contains("atom") && !kind.contains("rss") {
            self.other_link.get_or_insert(href);
        }
    }

    fn take_category(&mut self, category: Option<String>) {
        let category = category.as_deref().and_then(text::line);
        if let Some(category) = category
            && !self.categories.contains(&category)
            && self.categories.len() < MOST_CATEGORIES
        {
            self.categories.push(category);
        }
    }

    /// A file that belongs to the entry, if it is a picture.
    fn take_media(&mut self, element: &Element, base: Option<&Url>) {
        let address = ["url", "href"]
            .iter()
            .find_map(|name| element.attribute(name));
        let Some(address) = address else {
            return;
        };
        let kind = element.attribute("type").unwrap_or_default();
        let medium = element.attribute("medium").unwrap_or_default();
        let path = address.split(['?', '#']).next().unwrap_or_default();
        let ending = path.rsplit('.').next().unwrap_or_default();
        let has_ending = ["jpg", "jpeg", "png", "gif", "webp", "avif"]
            .iter()
            .any(|other| ending.eq_ignore_ascii_case(other));
        let is_picture = kind.starts_with("image/") || medium == "image";
        let is_unsaid = kind.is_empty() && medium.is_empty() && has_ending;
        let rank = match element.name.as_str() {
            "media:thumbnail" => 3,
            "itunes:image" => 2,
            _ if is_picture || is_unsaid => 4,
            _ => return,
        };
        let width = element.attribute("width");
        let width = width.and_then(|width| width.parse().ok());
        // A dot that counts readers.
        if width != Some(1) {
            self.add_picture(joined(base, address), rank, width.unwrap_or(0));
        }
    }

    /// The first picture in a text, which may be HTML as text or as elements.
    fn take_picture_in(&mut self, element: &Element, base: Option<&Url>) {
        fn first(element: &Element) -> Option<&str> {
            element.children.iter().find_map(|node| match node {
                Node::Element(inner) if inner.name.ends_with("img") => inner.attribute("src"),
                Node::Element(inner) => first(inner),
                Node::Text(_) => None,
            })
        }
        let found = match first(element) {
            Some(source) => Some(joined(base, source)),
            None if !element.has_elements() => first_picture(&element.text(), base),
            None => None,
        };
        if let Some(address) = found {
            self.add_picture(address, 1, 0);
        }
    }

    fn add_picture(&mut self, address: String, kind: u8, width: u32) {
        if link::web_url(&address).is_some() || !address.contains(':') {
            let rank = (kind, width);
            self.pictures.push(Picture { address, rank });
        }
    }

    fn finish(
        self,
        item: &Element,
        base: Option<&Url>,
        author: Option<&str>,
        unread: &mut Vec<String>,
    ) -> Entry {
        let about = item.attribute("rdf:about");
        let id = self.id.value().or_else(|| about.map(str::to_owned));
        let permalink = id.as_deref().filter(|_| self.id_is_link);
        let href = item.attribute("href");
        let link = self
            .link
            .value()
            .or_else(|| href.map(|href| joined(base, href)))
            .or(self.other_link)
            .or_else(|| permalink.map(|id| joined(base, id)))
            .or_else(|| {
                let is_address = link::web_url(about?).is_some();
                about.filter(|_| is_address).map(str::to_owned)
            });
        let published = self.published.value();
        let published = published.or(self.updated.value()).or(self.created.value());
        unread.extend(self.unread.filter(|_| published.is_none()));
        let title = self.title.value().or(self.media_title);
        let body = self.body.value();
        let texts = Texts {
            summary: self
                .summary
                .value()
                .or(self.media_text.filter(|_| body.is_none())),
            body,
        };
        // The first of the best.
        let best = self
            .pictures
            .into_iter()
            .reduce(|best, other| if other.rank > best.rank { other } else { best });
        Entry {
            id: id.unwrap_or_default(),
            link,
            origin: self.origin,
            published,
            excerpt: texts.excerpt(title.as_deref()),
            image: best.map(|picture| picture.address),
            author: self
                .author
                .or(self.credit)
                .or_else(|| author.map(str::to_owned)),
            categories: self.categories,
            language: item.attribute("xml:lang").and_then(text::line),
            title,
        }
    }
}

/// The text of an element without that of the elements in it.
fn own_text(element: &Element) -> Option<String> {
    element.children.iter().find_map(|node| match node {
        Node::Text(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Node::Element(_) => None,
    })
}

/// The first picture in HTML.
pub(super) fn first_picture(html: &str, base: Option<&Url>) -> Option<String> {
    html::picture(html).map(|source| joined(base, &source))
}

/// A name: `name` of Atom, or one beside an address of mail (`a@b.example (Name)`,
/// `Name <a@b.example>`). An address alone is nobody's name.
pub(super) fn author_of(element: &Element) -> Option<String> {
    let name = match element.child("name") {
        Some(name) => name.text(),
        None if element.has_elements() => return None,
        None => element.text(),
    };
    let name = html::text_of(&name)?;
    let Some(at) = name.find('@') else {
        return Some(name);
    };
    let in_brackets = name
        .split_once('(')
        .filter(|(before, _)| before.len() > at)
        .map(|(_, rest)| rest.trim_end_matches(')').trim());
    let before = name[..at]
        .rsplit_once([' ', '<'])
        .map_or("", |(before, _)| before.trim_end_matches(['<', ' ']));
    let name = in_brackets.unwrap_or(before);
    (!name.is_empty() && !name.contains('@')).then(|| name.to_owned())
}
