//! What a site knows of a link and of a topic before an article with them is written.

use std::collections::BTreeMap;

use ahash::{HashMap, HashMapExt, HashSet, HashSetExt};

use crate::content::article::StoryKey;
use crate::content::link;
use crate::content::{Library, TopicFile};
use crate::curate::topic_key;
use crate::diagnostic::nearest;

/// Links, topics and providers of a site.
pub struct Known {
    links: HashMap<StoryKey, String>,
    /// Names of topics by their identity; those of files, else as the first article writes them.
    topics: BTreeMap<String, String>,
    /// Names and domains of the providers that have files.
    providers: Vec<(Option<String>, String)>,
}

impl Known {
    /// What a library knows.
    pub fn of(library: &Library) -> Known {
        let mut links = HashMap::with_capacity(library.articles.len());
        let mut topics = BTreeMap::new();
        // A feed names few topics, each many times.
        let mut named: HashSet<&str> = HashSet::new();
        for name in library.topics.iter().flat_map(TopicFile::names) {
            topics.insert(topic_key(name), name.to_owned());
        }
        for entry in &library.articles {
            if let Some(key) = entry.facts.key {
                links.entry(key).or_insert_with(|| entry.path.clone());
            }
            for topic in &entry.facts.topics {
                if named.insert(topic) {
                    topics
                        .entry(topic_key(topic))
                        .or_insert_with(|| topic.clone());
                }
            }
        }
        let providers = library
            .providers
            .iter()
            .map(|file| (file.name.clone(), file.domain.clone()))
            .collect();
        Known {
            links,
            topics,
            providers,
        }
    }

    /// The file that leads to the same story, whatever the form of the link.
    pub fn article_with(&self, link: &str) -> Option<&str> {
        self.links.get(&StoryKey::of(link)).map(String::as_str)
    }

    /// Remembers a link that was written to a file since.
    pub fn add_link(&mut self, link: &str, path: &str) {
        self.links
            .entry(StoryKey::of(link))
            .or_insert_with(|| path.to_owned());
    }

    /// A topic as the site writes it, if it has it.
    pub fn topic(&self, name: &str) -> Option<&str> {
        self.topics.get(&topic_key(name)).map(String::as_str)
    }

    /// What is worth knowing of a topic; none when the site has it, written like this.
    pub fn remark_on_topic(&self, topic: &str) -> Option<String> {
        let key = topic_key(topic);
        match self.topics.get(&key) {
            Some(name) if name == topic => None,
            Some(name) => Some(format!("the topic `{topic}` is written `{name}` elsewhere")),
            None => Some(
                match nearest(&key, self.topics.keys().map(String::as_str)) {
                    Some(meant) => format!(
                        "the topic `{topic}` is new: did you mean `{}`?",
                        self.topics.get(meant).map_or(meant, String::as_str)
                    ),
                    None => format!("the topic `{topic}` is new"),
                },
            ),
        }
    }

    /// Name and domain of a provider that is given by either, or else of the one that a link leads
    /// to. One that has no file has the domain of the link.
    pub fn provider(&self, given: Option<&str>, link: &str) -> (Option<String>, String) {
        let host = link::host(link).unwrap_or_default();
        let given_domain = given.and_then(as_domain);
        let domain_wanted = given_domain.as_ref().or(given.is_none().then_some(&host));
        let name_wanted = given.map(str::to_lowercase);
        let found = self.providers.iter().find(|(name, domain)| {
            let name = name.as_ref().map(|name| name.to_lowercase());
            Some(domain) == domain_wanted || (name.is_some() && name == name_wanted)
        });
        // The nearest domain that this one is a part of: `example.org` of `live.example.org`.
        let is_part = |domain: &str, of: &str| {
            let start = domain.strip_suffix(of);
            start.is_some_and(|start| start.ends_with('.'))
        };
        let above = || {
            let all = self.providers.iter().filter(|_| given.is_none());
            let above = all.filter(|(_, domain)| is_part(&host, domain));
            above.max_by_key(|(_, domain)| domain.len())
        };
        let found = found.or_else(above);
        match (found, given, given_domain) {
            (Some((name, domain)), _, _) => (name.clone(), domain.clone()),
            (None, _, Some(domain)) => (None, domain),
            (None, Some(given), None) => (Some(given.to_owned()), host),
            (None, None, None) => (Some(host.clone()), host),
        }
    }
}

/// The domain that is meant, if none of its labels is empty and the last one has two letters or
/// more: `U.S.` is a name.
fn as_domain(text: &str) -> Option<String> {
    let domain = link::domain(text).filter(|_| !text.trim().contains(char::is_whitespace))?;
    let (rest, last) = domain.rsplit_once('.')?;
    let has_all_labels = !last.is_empty() && rest.split('.').all(|label| !label.is_empty());
    (has_all_labels && last.chars().count() >= 2).then_some(domain)
}
