//! What a body loses on its way to a page: HTML that is not allowed, links and pictures that lead
//! nowhere, footnotes that nothing refers to.
//!
//! A build takes these away without a message, since feeds are full of them; `check` names the
//! first of each kind in a file.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use html5ever::buffer_queue::BufferQueue;
use html5ever::tokenizer::states::{RawKind, State};
use html5ever::tokenizer::{
    Tag as HtmlTag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use pulldown_cmark::{BrokenLink, Event, LinkType, Parser, Tag, TagEnd};

use super::markdown::EXTENSIONS;
use super::sanitize::Allowed;
use super::{anchor, budget, html_size, link_target, tags};
use crate::diagnostic::{Diagnostic, Location};
use crate::percent::decode;

/// What kind of thing is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A frame, a film, a sound or the like.
    Embed,
    /// An element with all that is in it.
    Code,
    /// The tags of an element; what is in it stays.
    Element,
    /// An attribute.
    Attribute,
    /// A link that is not allowed.
    Link,
    /// A link relative to the file that leads nowhere.
    Relative,
    /// A link within the page.
    Anchor,
    /// A picture.
    Picture,
    /// A footnote that nothing refers to.
    Footnote,
    /// A link by a name, or a footnote, that the text does not define.
    Reference,
    /// Code of another tool's templates.
    Template,
}

/// Something that a body loses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Loss {
    kind: Kind,
    /// What it is called.
    name: String,
    /// Where it stands in the Markdown, in bytes.
    place: Range<usize>,
    /// How many more of the kind there are.
    more: usize,
}

/// The first loss of each kind in a text. `html` is what became of it, `lost` are the addresses
/// relative to its file that lead nowhere.
pub(super) fn find(markdown: &str, html: &str, lost: &[String], allowed: &Allowed) -> Vec<Loss> {
    let mut search = Search {
        markdown,
        lost,
        allowed,
        ids: tags::ids(html),
        found: BTreeMap::new(),
        notes: BTreeMap::new(),
        referred: BTreeSet::new(),
    };
    search.events();
    let mut losses: Vec<Loss> = search.found.into_values().collect();
    losses.sort_by_key(|loss| loss.place.start);
    losses
}

struct Search<'a> {
    markdown: &'a str,
    lost: &'a [String],
    allowed: &'a Allowed,
    ids: BTreeSet<String>,
    found: BTreeMap<Kind, Loss>,
    notes: BTreeMap<String, Range<usize>>,
    referred: BTreeSet<String>,
}

impl Search<'_> {
    fn events(&mut self) {
        let undefined = RefCell::new(Vec::new());
        let note = |link: BrokenLink<'_>| {
            let is_note = link.reference.starts_with('^');
            // One name in brackets is text more often than a link.
            if link.link_type != LinkType::ShortcutUnknown || is_note {
                undefined
                    .borrow_mut()
                    .push((link.reference.to_string(), link.span));
            }
            None
        };
        let parser = Parser::new_with_broken_link_callback(self.markdown, EXTENSIONS, Some(note));
        // HTML of a block comes in lines.
        let mut block: Option<(String, Range<usize>)> = None;
        let mut in_code = false;
        for (event, place) in parser.into_offset_iter().take(budget::MARKDOWN_PIECES) {
            match event {
                Event::Start(Tag::CodeBlock(_)) => in_code = true,
                Event::End(TagEnd::CodeBlock) => in_code = false,
                Event::Text(_) if !in_code => self.template(place),
                Event::Start(Tag::HtmlBlock) => block = Some((String::new(), place)),
                Event::End(TagEnd::HtmlBlock) => {
                    if let Some((html, place)) = block.take() {
                        self.html(&html, place);
                    }
                }
                Event::Html(html) => {
                    if let Some((all, _)) = &mut block {
                        all.push_str(&html);
                    }
                }
                Event::InlineHtml(html) => self.html(&html, place),
                Event::Start(Tag::Link {
                    link_type,
                    dest_url,
                    ..
                }) if link_type != LinkType::Email => self.link(&dest_url, place),
                Event::Start(Tag::Image { dest_url, .. }) => self.picture(&dest_url, place),
                Event::Start(Tag::FootnoteDefinition(label)) => {
                    self.notes.entry(label.to_lowercase()).or_insert(place);
                }
                Event::FootnoteReference(label) => {
                    self.referred.insert(label.to_lowercase());
                }
                _ => {}
            }
        }
        for (name, place) in undefined.take() {
            self.add(Kind::Reference, format!("[{name}]"), place);
        }
        for (label, place) in std::mem::take(&mut self.notes) {
            if !self.referred.contains(&label) {
                self.add(Kind::Footnote, format!("[^{label}]"), place);
            }
        }
    }

    fn add(&mut self, kind: Kind, name: String, place: Range<usize>) {
        match self.found.get_mut(&kind) {
            Some(loss) => loss.more += 1,
            None => {
                let loss = Loss {
                    kind,
                    name,
                    place,
                    more: 0,
                };
                self.found.insert(kind, loss);
            }
        }
    }

    /// Code of a template in text: `{% include x %}`, `{{ site.url }}`, `{{< figure >}}`.
    fn template(&mut self, place: Range<usize>) {
        /// Characters of it that are shown.
        const SHOWN: usize = 60;
        let text = self.markdown.get(place.clone()).unwrap_or_default();
        let found = [("{{", "}}"), ("{%", "%}")]
            .into_iter()
            .find_map(|(open, close)| {
                let start = place.start + text.find(open)?;
                let rest = self.markdown.get(start..)?.lines().next()?;
                let end = rest.find(close)? + close.len();
                Some((start, rest.get(..end)?))
            });
        if let Some((start, code)) = found {
            let name: String = code.chars().take(SHOWN).collect();
            self.add(Kind::Template, name, start..start + code.len());
        }
    }

    fn is_lost(&self, address: &str) -> bool {
        link_target::relative(address).is_some_and(|address| self.lost.contains(&address))
    }

    fn link(&mut self, address: &str, place: Range<usize>) {
        if let Some(id) = address.strip_prefix('#') {
            let id = decode(id);
            if !id.is_empty() && !self.ids.contains(&*id) && !anchor::is_of_theme(&id) {
                self.add(Kind::Anchor, address.to_owned(), place);
            }
        } else if self.is_lost(address) {
            self.add(Kind::Relative, address.to_owned(), place);
        } else if link_target::link(address).is_none() {
            self.add(Kind::Link, address.to_owned(), place);
        }
    }

    fn picture(&mut self, address: &str, place: Range<usize>) {
        if self.is_lost(address) || link_target::picture(address).is_none() {
            self.add(Kind::Picture, address.to_owned(), place);
        }
    }

    /// HTML in the Markdown.
    fn html(&mut self, html: &str, place: Range<usize>) {
        if html_size::bound(html).is_err() {
            return;
        }
        for tag in start_tags(html) {
            let name = &*tag.name;
            let place = self.place_of(name, &place);
            if !self.allowed.has_element(name) {
                let kind = match name {
                    "iframe" | "embed" | "object" | "video" | "audio" => Kind::Embed,
                    // They come with one of those.
                    "source" | "track" | "param" => continue,
                    "script" | "style" => Kind::Code,
                    _ => Kind::Element,
                };
                self.add(kind, format!("<{name}>"), place);
                continue;
            }
            for attribute in &tag.attrs {
                let key = &*attribute.name.local;
                match (name, key) {
                    ("a", "href") => self.link(&attribute.value, place.clone()),
                    ("img", "src") => self.picture(&attribute.value, place.clone()),
                    _ if self.allowed.has_attribute(name, key) => {}
                    _ => self.add(Kind::Attribute, key.to_owned(), place.clone()),
                }
            }
        }
    }

    /// Where an element begins in HTML that stands at `place`.
    fn place_of(&self, name: &str, place: &Range<usize>) -> Range<usize> {
        let source = self.markdown.get(place.clone()).unwrap_or_default();
        let start = source.match_indices('<').map(|(at, _)| at).find(|at| {
            let start = source.get(at + 1..at + 1 + name.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(name))
        });
        let start = place.start + start.unwrap_or(0);
        start..start + name.len() + 1
    }
}

/// Collects start tags.
#[derive(Default)]
struct StartTags(RefCell<Vec<HtmlTag>>);

impl TokenSink for StartTags {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let Token::TagToken(tag) = token else {
            return TokenSinkResult::Continue;
        };
        if tag.kind != TagKind::StartTag {
            return TokenSinkResult::Continue;
        }
        let raw = match &*tag.name {
            "script" => Some(RawKind::ScriptData),
            "style" | "iframe" | "noembed" | "noframes" | "xmp" => Some(RawKind::Rawtext),
            "textarea" | "title" => Some(RawKind::Rcdata),
            _ => None,
        };
        self.0.borrow_mut().push(tag);
        raw.map_or(TokenSinkResult::Continue, TokenSinkResult::RawData)
    }
}

fn start_tags(html: &str) -> Vec<HtmlTag> {
    let opts = TokenizerOpts {
        initial_state: Some(State::Data),
        ..TokenizerOpts::default()
    };
    let tokenizer = Tokenizer::new(StartTags::default(), opts);
    let queue = BufferQueue::default();
    queue.push_back(html.into());
    drop(tokenizer.feed(&queue));
    tokenizer.end();
    tokenizer.sink.0.into_inner()
}

/// The start of an address: pictures may hold all their bytes in it.
fn short(address: &str) -> String {
    /// Characters of an address that are shown.
    const SHOWN: usize = 80;
    match address.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &address[..end]),
        None => address.to_owned(),
    }
}

impl Loss {
    /// The warning about it. `before` is the text of the file up to the Markdown, if that is what
    /// the file ends with.
    pub(super) fn warning(&self, path: &str, before: Option<&str>, markdown: &str) -> Diagnostic {
        let name = &self.name;
        let (message, help) = match self.kind {
            Kind::Embed => (
                format!("`{name}` is not shown in a text, and is left out"),
                "put a frame into `featuredContent`; its host has to be in `content.embed_hosts`",
            ),
            Kind::Code => (
                format!("`{name}` is left out, with all that is in it"),
                "texts have no scripts and no styles of their own",
            ),
            Kind::Element => (
                format!("the tags of `{name}` are left out; what is in it stays"),
                "write it in Markdown, or with elements that only say what the text is",
            ),
            Kind::Attribute => (
                format!("the attribute `{name}` is left out"),
                "the theme decides how texts look",
            ),
            Kind::Link => (
                format!("the link to `{}` is not kept; its text stays", short(name)),
                "links lead to the web, to files of the site, to mail addresses and telephones",
            ),
            Kind::Relative => (
                format!(
                    "the link to `{name}` leads to no article that is published and to no file, \
                     and stays as text"
                ),
                "it is read from the folder of this file: correct the path, or write the full \
                 address",
            ),
            Kind::Anchor => (
                format!("no heading or element on the page has the id `{name}`"),
                "the id of a heading is its text in lower case, with hyphens for spaces; one of \
                 your own stands after it, like {#name}",
            ),
            Kind::Picture => (
                format!(
                    "the picture `{}` cannot be shown, and is left out",
                    short(name)
                ),
                "put the file beside this one or into static/, or write its full address",
            ),
            Kind::Footnote => (
                format!("nothing refers to the footnote `{name}`, and it is left out"),
                "refer to it in the text, or take it out",
            ),
            Kind::Reference => (
                format!("`{name}` is defined nowhere in the text, and is shown as it stands"),
                "add a line like `[name]: https://…`, or write the address into the link",
            ),
            Kind::Template => (
                format!("`{name}` is code of a template, and is shown as it stands"),
                "newsgen reads Markdown alone: write what the template would have made of it",
            ),
        };
        let message = match self.more {
            0 => message,
            1 => format!("{message}; so is one more of the kind"),
            more => format!(
                "{message}; so are {} more of the kind",
                budget::grouped(more)
            ),
        };
        Diagnostic::warning("body-loss", message)
            .at(match before {
                Some(before) => self.location(path, before, markdown),
                None => Location::file(path),
            })
            .help(help)
    }

    fn location(&self, path: &str, before: &str, markdown: &str) -> Location {
        let start = markdown.floor_char_boundary(self.place.start);
        let above = format!("{before}{}", &markdown[..start]);
        let line_start = above.rfind('\n').map_or(0, |at| at + 1);
        let column = above[line_start..].chars().count() + 1;
        let rest = markdown[start..].lines().next().unwrap_or_default();
        let end = markdown.floor_char_boundary(self.place.end).max(start);
        let width = markdown[start..end]
            .lines()
            .next()
            .unwrap_or_default()
            .chars()
            .count();
        let text = format!("{}{rest}", &above[line_start..]);
        let line = above.matches('\n').count() + 1;
        Location::in_line(path, line, column, width, &text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::sanitize::Sanitizer;

    fn losses(markdown: &str, lost: &[&str]) -> Vec<(Kind, String, usize, usize)> {
        let sanitizer = Sanitizer::new(&[]);
        let html = crate::content::markdown::to_html(markdown, None).unwrap();
        let body = sanitizer.body(&html).unwrap().unwrap_or_default();
        let lost: Vec<String> = lost.iter().map(|address| (*address).to_owned()).collect();
        find(markdown, &body.html, &lost, &sanitizer.allowed())
            .into_iter()
            .map(|loss| (loss.kind, loss.name, loss.place.start, loss.more))
            .collect()
    }

    #[test]
    fn what_is_harmless_is_no_loss() {
        for markdown in [
            "# A {#b}\n\n[a](#b) [c](https://d.example) <e@f.example> https://g.example\n\n\
             | a |\n|:-:|\n| b |\n\nh[^1]\n\n[^1]: i",
            "<p>b<br><a id=\"c\" href=\"/d\">e</a><img src=\"/f.png\" alt=\"\"></p>",
            "`<script>` [top](#main)",
        ] {
            assert_eq!(losses(markdown, &[]), [], "{markdown}");
        }
    }

    #[test]
    fn the_first_of_each_kind_is_named() {
        let markdown = "<div class=\"x\" onclick=\"y\">a</div>\n\n[b](javascript:c) [d](e.md) \
                        [f](g.md)\n\n<script>if (a<b) {}</script>\n\n![h](data:x)<b \
                        onclick=i>j</b>\n\n<IFRAME src=k></IFRAME>\n\n<h1>l</h1> [m](#n)\n\n\
                        [^o]: p";
        let found = losses(markdown, &["e.md"]);
        let at = |text: &str| markdown.find(text).unwrap();
        let expected = [
            (Kind::Attribute, "class", at("<div"), 2),
            (Kind::Link, "javascript:c", at("[b]"), 0),
            (Kind::Relative, "e.md", at("[d]"), 0),
            (Kind::Code, "<script>", at("<script>"), 0),
            (Kind::Picture, "data:x", at("![h]"), 0),
            (Kind::Embed, "<iframe>", at("<IFRAME"), 0),
            (Kind::Element, "<h1>", at("<h1>"), 0),
            (Kind::Footnote, "[^o]", at("[^o]"), 0),
        ];
        let expected = expected.map(|(kind, name, at, more)| (kind, name.to_owned(), at, more));
        assert_eq!(found, expected);
    }

    #[test]
    fn places_are_those_of_the_file() {
        let loss = Loss {
            kind: Kind::Link,
            name: "x:".to_owned(),
            place: 9..16,
            more: 1,
        };
        let warning = loss.warning("a.md", Some("---\n---\n\n"), "Line\n\n– [a](x:) b");
        assert!(
            warning.message.ends_with("so is one more of the kind"),
            "{}",
            warning.message
        );
        let at = warning.location.unwrap();
        assert_eq!((at.line, at.column, at.width), (6, 2, 7));
        assert_eq!(at.text, "– [a](x:) b");
    }
}
