//! Whose articles a listing shows, and what they are about.

use crate::curate::Edition;
use crate::ids::{EventId, ListId, MonthId, ProviderId, TopicId};

/// Whose articles a listing shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ListingScope {
    /// All.
    All,
    /// Those of a topic and the topics below it.
    Topic(TopicId),
    /// Those of a provider.
    Provider(ProviderId),
    /// Those of a month.
    Month(MonthId),
    /// Those of a list of the owner's making, or with a tag.
    List(ListId),
    /// The reports of an event.
    Event(EventId),
}

impl ListingScope {
    /// What the articles are about, as an edition calls it.
    pub fn subject(self, edition: &Edition) -> Subject<'_> {
        let (kind, of) = match self {
            ListingScope::All => ("site", None),
            ListingScope::Month(_) => ("month", None),
            ListingScope::Event(event) => ("event", Some((&edition.events[event].title, &None))),
            ListingScope::Topic(topic) => {
                let topic = &edition.topics[topic];
                ("topic", Some((&topic.name, &topic.description)))
            }
            ListingScope::Provider(provider) => {
                let provider = &edition.providers[provider];
                ("provider", Some((&provider.name, &provider.description)))
            }
            ListingScope::List(list) => {
                let list = &edition.lists[list];
                ("list", Some((&list.name, &list.description)))
            }
        };
        Subject {
            kind,
            name: of.map(|(name, _)| name.as_str()),
            description: of.and_then(|(_, description)| description.as_deref()),
        }
    }
}

/// What the articles of a listing are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject<'a> {
    /// What kind of thing it is, as templates name it.
    pub kind: &'static str,
    /// Its name. All articles have none, and that of a month is a date.
    pub name: Option<&'a str>,
    /// A sentence about it.
    pub description: Option<&'a str>,
}
