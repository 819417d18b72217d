//! What the site has, for machines: a list of all feeds (OPML 2.0, <https://opml.org/spec2.opml>),
//! a table of contents for language models (<https://llmstxt.org>), how browsers search it
//! (<https://github.com/dewitt/opensearch>).

use super::xml::Xml;
use crate::config::FeedFormat;
use crate::plan::inputs::SiteInputs;
use crate::plan::route::{self, fixed};
use crate::plan::{ListingScope, Plan};

/// What the lists are made of.
pub(super) struct Lists<'a> {
    pub(super) site: SiteInputs<'a>,
    pub(super) plan: &'a Plan,
    pub(super) title: &'a str,
    pub(super) description: Option<&'a str>,
    /// Name and description of the digests, if there are any.
    pub(super) digest: Option<(String, &'a str)>,
    pub(super) has_api: bool,
}

impl Lists<'_> {
    /// The feed of a listing in the first of the site's formats: a reader needs one of them.
    fn feed(&self, head: &str) -> Option<String> {
        let format = self.plan.feed_formats.first()?;
        Some(self.plan.shared.absolute(&route::feed(head, *format)))
    }

    fn name_and_description(&self, scope: ListingScope) -> (&str, Option<&str>) {
        let subject = self.site.subject(scope);
        match subject.name {
            Some(name) => (name, subject.description),
            None => (self.title, self.description),
        }
    }

    /// The list of all feeds: one for each listing, and that of the digests.
    pub(super) fn opml(&self) -> Vec<u8> {
        let mut xml = Xml::new();
        xml.open("opml", &[("version", "2.0")]);
        xml.open("head", &[]);
        xml.text("title", self.title);
        xml.close("head");
        xml.open("body", &[]);
        self.listing(&mut xml, ListingScope::All);
        if let Some((name, description)) = &self.digest {
            let digests = self.plan.shared.routes.at(fixed::DIGESTS);
            self.outline(&mut xml, &digests, name, Some(description));
        }
        let is_tag = |scope: &ListingScope| match scope {
            ListingScope::List(list) => self.plan.shared.lists[*list].is_tag,
            _ => false,
        };
        let is_list =
            |scope: &ListingScope| matches!(scope, ListingScope::List(_)) && !is_tag(scope);
        for list in self.plan.followed().filter(is_list) {
            self.listing(&mut xml, list);
        }
        let is_topic = |scope: &ListingScope| matches!(scope, ListingScope::Topic(_));
        let is_provider = |scope: &ListingScope| matches!(scope, ListingScope::Provider(_));
        self.group(
            &mut xml,
            "topics",
            self.plan.followed().filter(is_topic).collect(),
        );
        self.group(
            &mut xml,
            "providers",
            self.plan.followed().filter(is_provider).collect(),
        );
        self.group(
            &mut xml,
            "tags",
            self.plan.followed().filter(is_tag).collect(),
        );
        xml.close("body");
        xml.close("opml");
        xml.finish()
    }

    fn group(&self, xml: &mut Xml, name: &str, listings: Vec<ListingScope>) {
        if listings.is_empty() {
            return;
        }
        let name = self.plan.shared.string(name);
        xml.open("outline", &[("text", name), ("title", name)]);
        for scope in listings {
            self.listing(xml, scope);
        }
        xml.close("outline");
    }

    fn listing(&self, xml: &mut Xml, scope: ListingScope) {
        let (name, description) = self.name_and_description(scope);
        self.outline(xml, self.plan.head(scope), name, description);
    }

    fn outline(&self, xml: &mut Xml, head: &str, name: &str, description: Option<&str>) {
        let (Some(feed), home) = (self.feed(head), self.plan.shared.absolute(head)) else {
            return;
        };
        // `rss` is the type of every feed, whatever its format.
        let mut attributes = vec![
            ("type", "rss"),
            ("text", name),
            ("title", name),
            ("xmlUrl", feed.as_str()),
            ("htmlUrl", home.as_str()),
        ];
        attributes.extend(description.map(|description| ("description", description)));
        xml.empty("outline", &attributes);
    }

    /// `llms.txt`: Markdown of a fixed form.
    pub(super) fn llms(&self) -> String {
        let shared = &self.plan.shared;
        let mut text = format!("# {}\n", plain(self.title));
        if let Some(description) = self.description {
            text += &format!("\n> {}\n", plain(description));
        }
        let listings = |wanted: fn(&ListingScope) -> bool| {
            let line = |scope: ListingScope| {
                let (name, description) = self.name_and_description(scope);
                (
                    name.to_owned(),
                    shared.absolute(self.plan.head(scope)),
                    description.map(str::to_owned),
                )
            };
            self.plan
                .listings()
                .filter(wanted)
                .map(line)
                .collect::<Vec<_>>()
        };
        section(
            &mut text,
            self.plan.shared.string("topics"),
            &listings(|scope| matches!(scope, ListingScope::Topic(_))),
        );
        section(&mut text, "Feeds", &self.feeds());
        if self.has_api {
            let api = [
                ("JSON", fixed::API_NEWS),
                (self.plan.shared.string("topics"), fixed::API_TOPICS),
            ];
            let links = api.map(|(name, url)| {
                (
                    name.to_owned(),
                    shared.absolute(&shared.routes.at(url)),
                    None,
                )
            });
            section(&mut text, "API", &links);
        }
        let mut optional = listings(|scope| matches!(scope, ListingScope::Provider(_)));
        optional.extend(self.site.pages_of_edition().map(|(page, url)| {
            (
                page.title.clone(),
                shared.absolute(url),
                page.description.clone(),
            )
        }));
        // The one heading with a meaning in the format: what may be left out.
        section(&mut text, "Optional", &optional);
        text
    }

    fn feeds(&self) -> Vec<(String, String, Option<String>)> {
        let shared = &self.plan.shared;
        let mut links: Vec<_> = self
            .plan
            .feed_formats
            .iter()
            .map(|format| {
                let url = shared.absolute(&route::feed(shared.routes.home(), *format));
                (format_name(*format).to_owned(), url, None)
            })
            .collect();
        if shared.opml().is_some() {
            links.push((
                self.plan.shared.string("all_feeds").to_owned(),
                shared.absolute(&shared.routes.at(fixed::OPML)),
                None,
            ));
        }
        links
    }

    /// How browsers search the site; `page` is the page that does it.
    pub(super) fn open_search(&self, page: &str) -> Vec<u8> {
        /// Characters of a name, and of a description, at most.
        const LONGEST: (usize, usize) = (16, 1024);
        let cut = |text: &str, most: usize| text.chars().take(most).collect::<String>();
        let shared = &self.plan.shared;
        let template = shared.absolute(&route::search_pattern(page, "searchTerms"));
        let mut xml = Xml::new();
        xml.open(
            "OpenSearchDescription",
            &[("xmlns", "http://a9.com/-/spec/opensearch/1.1/")],
        );
        xml.text("ShortName", cut(self.title, LONGEST.0).trim_end());
        xml.text(
            "Description",
            &cut(self.description.unwrap_or(self.title), LONGEST.1),
        );
        xml.text("InputEncoding", "UTF-8");
        xml.empty("Url", &[("type", "text/html"), ("template", &template)]);
        xml.close("OpenSearchDescription");
        xml.finish()
    }
}

/// The name of a feed format, for people.
pub(super) fn format_name(format: FeedFormat) -> &'static str {
    match format {
        FeedFormat::Atom => "Atom",
        FeedFormat::Rss => "RSS",
        FeedFormat::Json => "JSON Feed",
    }
}

fn section(text: &mut String, name: &str, links: &[(String, String, Option<String>)]) {
    if links.is_empty() {
        return;
    }
    *text += &format!("\n## {}\n\n", plain(name));
    for (name, url, description) in links {
        let description = description
            .as_ref()
            .map(|text| format!(": {}", plain(text)))
            .unwrap_or_default();
        *text += &format!("- [{}]({url}){description}\n", plain(name));
    }
}

/// Text on one line that means nothing in Markdown.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>') {
            plain.push('\\');
        }
        plain.push(if c.is_control() { ' ' } else { c });
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn names_cannot_become_links() {
        assert_eq!(plain("a [b](c) <d> *e*"), "a \\[b\\](c) \\<d\\> \\*e\\*");
        assert_eq!(plain("a\n## b"), "a ## b");
    }
}
