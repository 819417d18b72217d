//! The masthead, and pages of lists.

use serde::Serialize;

use super::{Shared, last_part};
use crate::config::{Config, NavItem};
use crate::content::Library;
use crate::curate::{Edition, Listed, topic_named};
use crate::ids::{ListId, TopicId};
use crate::plan::route::Routes;

/// The page of a list, or of the articles with a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListPage {
    /// Path, without the path of the base URL.
    pub url: String,
    /// Whether it has older pages.
    pub is_stable: bool,
    /// Whether it has feeds.
    pub has_feed: bool,
    /// Whether it is that of a tag.
    pub is_tag: bool,
}

impl ListPage {
    pub(super) fn new(list: &Listed, routes: &Routes) -> ListPage {
        ListPage {
            url: match &list.path {
                Some(path) => routes.at(path).into_owned(),
                None => routes.tag(&list.name).unwrap_or_default(),
            },
            is_stable: list.is_stable,
            has_feed: list.has_feed,
            is_tag: list.path.is_none(),
        }
    }
}

/// An item of `tags`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TagView {
    name: String,
    url: String,
    count: usize,
}

/// `list`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ListView {
    name: String,
    description: Option<String>,
    url: String,
    is_tag: bool,
}

/// An item of `nav`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NavView {
    name: String,
    url: String,
    slug: String,
    hue: Option<u16>,
}

impl Shared {
    /// `list` on the pages of a list.
    pub fn list_view(&self, edition: &Edition, id: ListId) -> ListView {
        let list = &edition.lists[id];
        ListView {
            name: list.name.clone(),
            description: list.description.clone(),
            url: self.href(&self.lists[id].url),
            is_tag: list.path.is_none(),
        }
    }

    /// `tags`, by the slugs of their names.
    pub(in crate::plan) fn tags_view(&self, edition: &Edition) -> Vec<TagView> {
        let tags = self.lists.enumerate().filter(|(_, list)| list.is_tag);
        tags.map(|(id, list)| TagView {
            name: edition.lists[id].name.clone(),
            url: self.href(&list.url),
            count: edition.lists[id].articles.len(),
        })
        .collect()
    }

    /// Fills the masthead.
    pub(super) fn with_nav(
        mut self,
        library: &Library,
        edition: &Edition,
        config: &Config,
    ) -> Shared {
        let topic = |id: TopicId| NavView {
            name: edition.topics[id].short_name.clone(),
            url: self.topic_refs[id].url.clone(),
            slug: self.topic_refs[id].slug.clone(),
            hue: Some(self.topic_refs[id].hue),
        };
        let other = |name: &str, url: String| NavView {
            name: name.to_owned(),
            slug: last_part(&url),
            url,
            hue: None,
        };
        let at = |path: &str| {
            let url = self.routes.at(path);
            let list = self.lists.enumerate().find(|(_, list)| list.url == *url);
            if let Some((id, list)) = list {
                return Some(other(&edition.lists[id].name, self.href(&list.url)));
            }
            let pages = edition.pages.iter();
            let page = pages.copied().find(|id| self.page_urls[*id] == *url);
            page.map(|id| other(&library.pages[id].title, self.href(&self.page_urls[id])))
        };
        let (mut items, mut lost) = (Vec::new(), Vec::new());
        if config.nav.is_empty() {
            items.extend(self.nav.iter().map(|id| topic(*id)));
        }
        for (number, item) in config.nav.iter().enumerate() {
            match item {
                NavItem::Topic(name) => {
                    items.extend(topic_named(&edition.topics, name).map(topic));
                }
                NavItem::Path(path) => match at(path) {
                    Some(item) => items.push(item),
                    None => lost.push(number),
                },
                NavItem::Link { title, url } => {
                    let url = match url.starts_with('/') {
                        true => self.href(url),
                        false => url.clone(),
                    };
                    items.push(other(title, url));
                }
            }
        }
        (self.nav_items, self.lost_nav) = (items, lost);
        self
    }
}
