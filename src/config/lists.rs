//! `[[lists]]`: pages of the owner's making, and what `nav` has.

use crate::condition::{Condition, Field, Kind};
use crate::percent;

/// What the condition of a list can ask of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListField {
    /// Names of its topics, and of those above them.
    Topic,
    /// Name and domain of its provider.
    Provider,
    /// Its tags.
    Tag,
    /// Its type.
    Type,
    /// Its quality.
    Quality,
    /// Its heat.
    Heat,
    /// Seconds since it was published.
    Age,
    /// Its language.
    Language,
    /// Whether it is pinned now.
    Pin,
    /// A field that newsgen does not know.
    Extra,
}

/// All of them, with their names.
pub const LIST_FIELDS: [Field<ListField>; 10] = [
    field("topic", Kind::Texts, ListField::Topic),
    field("provider", Kind::Texts, ListField::Provider),
    field("tag", Kind::Texts, ListField::Tag),
    field("type", Kind::Text, ListField::Type),
    field("quality", Kind::Number, ListField::Quality),
    field("heat", Kind::Number, ListField::Heat),
    field("age", Kind::Age, ListField::Age),
    field("language", Kind::Language, ListField::Language),
    field("pin", Kind::Boolean, ListField::Pin),
    field("extra", Kind::Any, ListField::Extra),
];

const fn field(name: &'static str, kind: Kind, id: ListField) -> Field<ListField> {
    Field { name, kind, id }
}

/// Which articles of a list come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListOrder {
    /// The newest.
    Newest,
    /// Those with the highest quality.
    Quality,
    /// Those with the highest heat.
    Heat,
}

impl ListOrder {
    /// Names of all orders.
    pub const NAMES: [&'static str; 3] = ["newest", "quality", "heat"];

    /// The order with a name.
    pub fn named(name: &str) -> Option<ListOrder> {
        let orders = [ListOrder::Newest, ListOrder::Quality, ListOrder::Heat];
        let named = ListOrder::NAMES.into_iter().zip(orders);
        named
            .into_iter()
            .find_map(|(own, order)| (own == name).then_some(order))
    }
}

/// Articles of a list without older pages, if nothing else is set.
pub const LIST_LIMIT: usize = 100;

/// `[[lists]]`.
#[derive(Clone, Debug)]
pub struct ListSettings {
    /// Name.
    pub title: String,
    /// Path of its page, percent-encoded, with slashes at both ends.
    pub path: String,
    /// A sentence about it.
    pub description: Option<String>,
    /// Which articles are in it; all if there is none.
    pub condition: Option<Condition<ListField>>,
    /// Which come first.
    pub order: ListOrder,
    /// Articles, at most, where it has no older pages.
    pub limit: usize,
    /// Whether it has feeds.
    pub has_feed: bool,
}

impl ListSettings {
    /// Whether the condition asks for a field.
    pub fn asks_for(&self, wanted: ListField) -> bool {
        let condition = self.condition.as_ref();
        condition.is_some_and(|condition| condition.asks_for(wanted))
    }

    /// Whether an article that is in the list stays there whatever the clock says, and no newer one
    /// comes in before it: then the list has older pages that never change.
    pub fn is_stable(&self) -> bool {
        let has_clock = self.asks_for(ListField::Age) || self.asks_for(ListField::Pin);
        self.order == ListOrder::Newest && !has_clock
    }
}

/// An item of `nav`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NavItem {
    /// A topic, by name.
    Topic(String),
    /// A list or a standalone page, by path.
    Path(String),
    /// Any link.
    Link {
        /// What it says.
        title: String,
        /// Where it leads: a full URL, or a path of the site.
        url: String,
    },
}

impl NavItem {
    /// Reads an item as it is written.
    pub(super) fn parse(written: &str) -> NavItem {
        let link = written.strip_prefix('[').and_then(|rest| {
            let (title, url) = rest.strip_suffix(')')?.split_once("](")?;
            let is_safe = url.starts_with("https://")
                || url.starts_with("http://")
                || (url.starts_with('/') && !url.starts_with("//"));
            (is_safe && !title.trim().is_empty()).then(|| NavItem::Link {
                title: title.trim().to_owned(),
                url: url.to_owned(),
            })
        });
        match link {
            Some(link) => link,
            None if written.starts_with('/') => {
                NavItem::Path(percent::normal(&format!("/{}/", written.trim_matches('/'))))
            }
            None => NavItem::Topic(written.to_owned()),
        }
    }

    /// The name of a topic.
    pub fn topic(&self) -> Option<&str> {
        match self {
            NavItem::Topic(name) => Some(name),
            NavItem::Path(_) | NavItem::Link { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::NavItem;

    #[test]
    fn items_of_nav() {
        let link = |title: &str, url: &str| NavItem::Link {
            title: title.to_owned(),
            url: url.to_owned(),
        };
        assert_eq!(
            NavItem::parse("Open Models"),
            NavItem::Topic("Open Models".into())
        );
        assert_eq!(NavItem::parse("/about"), NavItem::Path("/about/".into()));
        let url = "https://example.org/(a)";
        assert_eq!(NavItem::parse(&format!("[Code]({url})")), link("Code", url));
        assert_eq!(
            NavItem::parse("[x](javascript:alert(1))"),
            NavItem::Topic("[x](javascript:alert(1))".into())
        );
    }
}
