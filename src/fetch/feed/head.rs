//! What a feed says of itself.

use url::Url;

use super::item::{author_of, base_of, is_page};
use super::texts::Kind;
use super::{Format, joined};
use crate::content::text;
use crate::fetch::xml::Element;

/// What a feed says of itself.
#[derive(Default)]
pub(super) struct Head {
    pub(super) title: Option<String>,
    pub(super) address: Option<String>,
    pub(super) home: Option<String>,
    pub(super) language: Option<String>,
    pub(super) ttl: Option<u32>,
    /// Who wrote what has no author of its own.
    pub(super) author: Option<String>,
}

impl Head {
    pub(super) fn of(root: &Element, address: Option<&Url>) -> Head {
        let channel = root.child("channel").unwrap_or(root);
        let base = base_of(root, address);
        let base = base_of(channel, base.as_ref().as_ref());
        let base = base.as_ref().as_ref();
        let line = |name: &str| text::line(&channel.child(name)?.text());
        let number = |name: &str| channel.child(name)?.text().parse::<u32>().ok();
        // An address in the text is that of RSS.
        let is_text = |link: &&Element| link.attribute("href").is_none() && !link.text().is_empty();
        let links = || channel.elements().filter(|child| child.name == "link");
        let home = links().find(|link| is_page(link)).or(links().find(is_text));
        let address = links()
            .filter(|link| link.attribute("rel") == Some("self"))
            .find_map(|link| link.attribute("href"));
        let period = line("sy:updateperiod").and_then(|period| {
            Some(match period.to_ascii_lowercase().as_str() {
                "hourly" => 60,
                "daily" => 24 * 60,
                "weekly" => 7 * 24 * 60,
                "monthly" => 30 * 24 * 60,
                "yearly" => 365 * 24 * 60,
                _ => return None,
            })
        });
        let frequency = number("sy:updatefrequency").unwrap_or(1).max(1);
        let language = channel
            .attribute("xml:lang")
            .or_else(|| root.attribute("xml:lang"));
        Head {
            title: channel
                .child("title")
                .and_then(|title| Kind::of(title, Format::Rss).text_of(title)),
            address: address.map(|address| joined(base, address)),
            home: home.map(|link| match link.attribute("href") {
                Some(href) => joined(base, href),
                None => joined(base, &link.text()),
            }),
            language: line("language")
                .or_else(|| line("dc:language"))
                .or_else(|| language.and_then(text::line)),
            ttl: number("ttl").or(period.map(|period| period / frequency)),
            author: channel.child("author").and_then(author_of),
        }
    }
}
