//! Topics and providers of an edition: what articles name, joined with what files describe.

use std::collections::BTreeMap;

use ahash::{HashMap, HashSet};
use rayon::prelude::*;

use super::{Kept, topic_key};
use crate::config::{Config, NavItem};
use crate::content::article::Image;
use crate::content::{Library, ProviderFile, TopicFile, Translations, texts_for};
use crate::diagnostic::{Diagnostic, Location};
use crate::hash::Hash128;
use crate::ids::{EditionId, EditionIndex, List, ProviderId, TopicId};

/// A topic of the edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// Identity: see [`topic_key`].
    pub key: String,
    /// Identities of its names in other languages.
    pub other_keys: Vec<String>,
    /// Full name.
    pub name: String,
    /// Name for narrow places; the full name when there is none.
    pub short_name: String,
    /// Slug that its file sets.
    pub slug: Option<String>,
    /// A sentence or two.
    pub description: Option<String>,
    /// Hue of its colour, 0 to 359.
    pub hue: u16,
    /// The file that describes it.
    pub path: Option<String>,
    /// The topic above it.
    pub parent: Option<TopicId>,
    /// The topics right below it.
    pub children: Vec<TopicId>,
    /// Its articles and those of the topics below it, newest first.
    pub articles: Vec<EditionIndex>,
}

/// A provider of the edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// Identity: domain in lower case without `www.`.
    pub domain: String,
    /// Name: that of its file, else the one that most articles use.
    pub name: String,
    /// Slug that its file sets.
    pub slug: Option<String>,
    /// A sentence or two.
    pub description: Option<String>,
    /// The provider's own site.
    pub home: String,
    /// Marks and logos, of its file.
    pub images: Vec<Image>,
    /// The picture that most of its articles have of it.
    pub logo: Option<String>,
    /// Hue of its monogram, 0 to 359.
    pub hue: u16,
    /// The file that describes it.
    pub path: Option<String>,
    /// Its articles, newest first.
    pub articles: Vec<EditionIndex>,
}

/// The hue of a topic of which nothing else is known, from its name in lower case without white
/// space.
fn hue_of_topic(name: &str) -> u16 {
    let letters = name.chars().filter(|c| !c.is_whitespace());
    hue_of(&letters.flat_map(char::to_lowercase).collect::<String>())
}

/// The hue of the topic with a file that comes at a place: by the golden angle, so that topics
/// beside each other, and the first ones among themselves, are far apart.
fn hue_at(place: usize) -> u16 {
    // 360° / φ² = 137.508°, counted in thousandths.
    let angle = (10_000 + place as u64 * 137_508) / 1000 % 360;
    u16::try_from(angle).unwrap_or(0)
}

fn hue_of(text: &str) -> u16 {
    u16::try_from(Hash128::of(text.as_bytes()).number() % 360).unwrap_or(0)
}

/// Topics, those with a file first in the order of their files, then the others by name; and for
/// each article of the edition its own topics.
pub(super) fn topics(
    library: &Library,
    kept: &List<EditionIndex, Kept>,
    config: &Config,
    problems: &mut Vec<Diagnostic>,
) -> (List<TopicId, Topic>, List<EditionIndex, Vec<TopicId>>) {
    let mut topics: List<TopicId, Topic> = library
        .topics
        .iter()
        .enumerate()
        .map(|(place, file)| described(file, place, config))
        .collect();
    let mut by_key: BTreeMap<String, TopicId> = BTreeMap::new();
    for (id, topic) in topics.enumerate() {
        if let Some(first) = by_key.insert(topic.key.clone(), id) {
            problems.push(twice(&topics[first], topic));
        }
    }
    for (id, topic) in topics.enumerate() {
        for key in &topic.other_keys {
            by_key.entry(key.clone()).or_insert(id);
        }
    }
    let by_name = by_name(library, kept, &mut topics, by_key);

    // Those with a file come first, in the order of the files.
    for (topic, file) in topics.iter_mut().zip(&library.topics) {
        topic.parent = file
            .parent
            .as_deref()
            .and_then(|name| by_name.get(name).copied());
    }
    break_cycles(&mut topics, problems);
    cut_deep(&mut topics, problems);
    for id in topics.ids() {
        if let Some(parent) = topics[id].parent {
            topics[parent].children.push(id);
        }
    }

    let own = own_topics(library, kept, &by_name);
    file_articles(&mut topics, &own);
    (topics, own)
}

/// The topic of each name that articles and files write. A name that none of the topics has makes a
/// new one.
fn by_name<'l>(
    library: &'l Library,
    kept: &List<EditionIndex, Kept>,
    topics: &mut List<TopicId, Topic>,
    mut by_key: BTreeMap<String, TopicId>,
) -> HashMap<&'l str, TopicId> {
    let files = library.topics.iter();
    let parents = files.filter_map(|file| file.parent.as_deref());
    let used = kept.iter().flat_map(|kept| {
        let facts = &library.articles[kept.article].facts;
        facts.topics.iter().map(String::as_str)
    });
    // A feed names few topics, each many times: the identity of a name is worked out once.
    let written: HashSet<&str> = used.chain(parents).collect();
    let mut written: Vec<(String, &str)> = written
        .into_iter()
        .map(|name| (topic_key(name), name))
        .collect();
    written.sort_unstable();
    let mut by_name: HashMap<&str, TopicId> = HashMap::default();
    for (key, name) in written {
        // Of several ways to write a name the first in alphabetical order is shown.
        let id = *by_key
            .entry(key)
            .or_insert_with_key(|key| topics.push(named(key.clone(), name)));
        by_name.insert(name, id);
    }
    by_name
}

/// The topics that each article names, each once.
fn own_topics(
    library: &Library,
    kept: &List<EditionIndex, Kept>,
    by_name: &HashMap<&str, TopicId>,
) -> List<EditionIndex, Vec<TopicId>> {
    let own_of = |kept: &Kept| {
        let names = library.articles[kept.article].facts.topics.iter();
        let mut own: Vec<TopicId> = Vec::with_capacity(names.len());
        for topic in names.filter_map(|name| by_name.get(name.as_str())) {
            // Several names may be of one topic. An article has few.
            if !own.contains(topic) {
                own.push(*topic);
            }
        }
        own
    };
    let articles = kept.as_slice().par_iter().with_min_len(1024);
    articles.map(own_of).collect()
}

/// Files each article under its own topics and those above them.
fn file_articles(topics: &mut List<TopicId, Topic>, own: &List<EditionIndex, Vec<TopicId>>) {
    let lineages: List<TopicId, Vec<TopicId>> =
        topics.ids().map(|topic| lineage(topics, topic)).collect();
    let mut with_parents: Vec<TopicId> = Vec::new();
    for (position, own) in own.enumerate() {
        with_parents.clear();
        with_parents.extend(own.iter().flat_map(|topic| &lineages[*topic]));
        with_parents.sort_unstable();
        with_parents.dedup();
        for topic in &with_parents {
            topics[*topic].articles.push(position);
        }
    }
}

/// A topic and the ones above it.
fn lineage(topics: &List<TopicId, Topic>, topic: TopicId) -> Vec<TopicId> {
    std::iter::successors(Some(topic), |topic| topics[*topic].parent).collect()
}

/// The topic of the file at a place among all files.
fn described(file: &TopicFile, place: usize, config: &Config) -> Topic {
    let texts = Localized::of(
        &file.translations,
        config,
        file.short_name.as_deref(),
        file.description.as_deref(),
    );
    let name = texts.name.unwrap_or(&file.name);
    let names = file.translations.values();
    let names = names.filter_map(|texts| texts.name.as_deref());
    Topic {
        key: topic_key(&file.name),
        other_keys: names.map(topic_key).collect(),
        name: name.to_owned(),
        short_name: texts.short_name.unwrap_or(name).to_owned(),
        slug: file.slug.clone(),
        description: texts.description.map(str::to_owned),
        hue: file.hue.unwrap_or_else(|| hue_at(place)),
        path: Some(file.path.clone()),
        parent: None,
        children: Vec::new(),
        articles: Vec::new(),
    }
}

/// The texts of a file in the language of an edition.
struct Localized<'a> {
    name: Option<&'a str>,
    short_name: Option<&'a str>,
    description: Option<&'a str>,
}

impl<'a> Localized<'a> {
    /// Those of the language; the default edition has those without a language where there are
    /// none. Other editions have no description in another language than theirs, and their names
    /// are not shortened to one of another language.
    fn of(
        translations: &'a Translations,
        config: &Config,
        short_name: Option<&'a str>,
        description: Option<&'a str>,
    ) -> Localized<'a> {
        let texts = texts_for(translations, &config.locale);
        let name = texts.and_then(|texts| texts.name.as_deref());
        let is_default = config.id == EditionId::DEFAULT;
        Localized {
            name,
            short_name: texts
                .and_then(|texts| texts.short_name.as_deref())
                .or(short_name.filter(|_| name.is_none())),
            description: texts
                .and_then(|texts| texts.description.as_deref())
                .or(description.filter(|_| is_default)),
        }
    }
}

fn named(key: String, name: &str) -> Topic {
    Topic {
        hue: hue_of_topic(name),
        key,
        other_keys: Vec::new(),
        name: name.to_owned(),
        short_name: name.to_owned(),
        slug: None,
        description: None,
        path: None,
        parent: None,
        children: Vec::new(),
        articles: Vec::new(),
    }
}

fn twice(first: &Topic, second: &Topic) -> Diagnostic {
    let path = |topic: &Topic| topic.path.clone().unwrap_or_default();
    Diagnostic::error(
        "taxonomy",
        format!("the topic `{}` is defined twice", second.name),
    )
    .at(Location::file(path(second)))
    .help(format!(
        "{} describes it too; case, accents, spaces and hyphens do not tell topics apart",
        path(first)
    ))
}

/// A topic that is its own ancestor loses its parent, and is reported: of each circle the first.
/// Every topic is looked at once.
fn break_cycles(topics: &mut List<TopicId, Topic>, problems: &mut Vec<Diagnostic>) {
    // The walk that came by a topic first; a walk that meets itself has gone in a circle.
    let mut walks: List<TopicId, Option<TopicId>> = topics.map(|_| None);
    let mut broken = Vec::new();
    for walk in topics.ids() {
        let mut at = Some(walk);
        while let Some(topic) = at.filter(|topic| walks[*topic].is_none()) {
            walks[topic] = Some(walk);
            at = topics[topic].parent;
        }
        if let Some(start) = at.filter(|topic| walks[*topic] == Some(walk)) {
            let mut first = start;
            let mut next = topics[start].parent;
            while let Some(topic) = next.filter(|topic| *topic != start) {
                first = first.min(topic);
                next = topics[topic].parent;
            }
            topics[first].parent = None;
            broken.push(first);
        }
    }
    broken.sort_unstable();
    problems.extend(broken.into_iter().map(|topic| {
        let topic = &topics[topic];
        Diagnostic::error(
            "taxonomy",
            format!("the topic `{}` is its own ancestor", topic.name),
        )
        .at(Location::file(topic.path.clone().unwrap_or_default()))
        .help("change its `parent`, or that of one of its ancestors")
    }));
}

/// Topics above a topic, at most. An article is listed under each of them, so this bounds what a
/// topic costs; a tree of subjects that people use has three to six levels.
const MOST_ABOVE: usize = 20;

/// Topics that have too many above them lose their parent. That is one error, however many they
/// are. There must be no circles.
fn cut_deep(topics: &mut List<TopicId, Topic>, problems: &mut Vec<Diagnostic>) {
    let above = count_above(topics);
    let is_cut =
        |topic: TopicId| above[topic] > MOST_ABOVE && above[topic].is_multiple_of(MOST_ABOVE + 1);
    let cut: Vec<TopicId> = topics.ids().filter(|topic| is_cut(*topic)).collect();
    for topic in &cut {
        topics[*topic].parent = None;
    }
    let Some(first) = cut
        .iter()
        .min_by_key(|topic| above[**topic])
        .map(|topic| &topics[*topic])
    else {
        return;
    };
    let below = above.iter().filter(|above| **above > MOST_ABOVE).count();
    let message = match below {
        1 => format!(
            "the topic `{}` has more than {MOST_ABOVE} topics above it",
            first.name
        ),
        _ => format!(
            "{below} topics have more than {MOST_ABOVE} topics above them; the topic `{}` is the \
             first",
            first.name
        ),
    };
    problems.push(
        Diagnostic::error("taxonomy", message)
            .at(Location::file(first.path.clone().unwrap_or_default()))
            .help("take its `parent` out, or name one that is further up"),
    );
}

/// How many topics are above each; every parent is followed once.
fn count_above(topics: &List<TopicId, Topic>) -> List<TopicId, usize> {
    let mut above: List<TopicId, Option<usize>> = topics.map(|_| None);
    let mut path = Vec::new();
    for start in topics.ids() {
        let mut at = Some(start);
        while let Some(topic) = at.filter(|topic| above[*topic].is_none()) {
            path.push(topic);
            at = topics[topic].parent;
        }
        let mut count = at
            .and_then(|topic| above[topic])
            .map_or(0, |count| count + 1);
        while let Some(topic) = path.pop() {
            above[topic] = Some(count);
            count += 1;
        }
    }
    above.into_iter().map(Option::unwrap_or_default).collect()
}

/// The topics of the masthead.
pub(super) struct MainTopics {
    /// In their order.
    pub(super) topics: Vec<TopicId>,
    /// Whether they are the largest ones, and may be others when an article comes in.
    pub(super) by_count: bool,
}

/// The topic that has a name, in any of its languages.
pub fn topic_named(topics: &List<TopicId, Topic>, name: &str) -> Option<TopicId> {
    let key = topic_key(name);
    topics.find(|topic| topic.key == key || topic.other_keys.contains(&key))
}

/// The topics of the masthead: those of `nav`; else the top-level ones that have a file, else the
/// largest.
///
/// The masthead is on every page. Which topics are the largest is therefore counted without the
/// articles of the newest month, those before `settled`: an article that comes in would otherwise
/// change every page whenever two topics of about one size pass each other. Topics that all began
/// in that month are counted as they are.
pub(super) fn main_topics(
    topics: &List<TopicId, Topic>,
    settled: Option<EditionIndex>,
    config: &Config,
) -> MainTopics {
    const MOST: usize = 8;
    if !config.nav.is_empty() {
        let names = config.nav.iter().filter_map(NavItem::topic);
        let named = names.filter_map(|name| topic_named(topics, name)).collect();
        return MainTopics {
            topics: named,
            by_count: false,
        };
    }
    let described = |topic: &TopicId| topics[*topic].path.is_some();
    let mut tops: Vec<TopicId> = topics
        .ids()
        .filter(|topic| topics[*topic].parent.is_none())
        .filter(described)
        .collect();
    if let [only] = tops[..] {
        // A single root says nothing about the site; its children do.
        tops.extend(topics[only].children.iter().copied().filter(described));
    }
    let by_count = tops.is_empty();
    if by_count {
        tops = topics
            .ids()
            .filter(|topic| !topics[*topic].articles.is_empty())
            .collect();
        tops.sort_by_key(|topic| {
            let articles = &topics[*topic].articles;
            let newest = |settled| articles.partition_point(|position| *position < settled);
            match settled.map_or(0, |settled| articles.len() - newest(settled)) {
                0 => std::cmp::Reverse((0, articles.len())),
                older => std::cmp::Reverse((older, 0)),
            }
        });
        tops.truncate(MOST);
        tops.sort_by(|a, b| topics[*a].name.cmp(&topics[*b].name));
    }
    tops.truncate(MOST);
    MainTopics {
        topics: tops,
        by_count,
    }
}

/// How articles name a provider, each way with the number of articles.
#[derive(Default)]
struct Named<'a> {
    names: HashMap<&'a str, usize>,
    logos: HashMap<&'a str, usize>,
}

/// The commonest; of several the first in alphabetical order.
fn commonest<'a>(counts: &HashMap<&'a str, usize>) -> Option<&'a str> {
    counts
        .iter()
        .max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)))
        .map(|(text, _)| *text)
}

/// A provider, before it has articles: what its file says, else what articles call it.
fn provider(
    domain: &str,
    named: &Named<'_>,
    file: Option<&ProviderFile>,
    config: &Config,
) -> Provider {
    let texts = file.map(|file| {
        let description = file.description.as_deref();
        Localized::of(&file.translations, config, None, description)
    });
    let name = texts
        .as_ref()
        .and_then(|texts| texts.name)
        .or_else(|| file?.name.as_deref())
        .or_else(|| commonest(&named.names))
        .unwrap_or(domain);
    Provider {
        domain: domain.to_owned(),
        name: name.to_owned(),
        slug: file.and_then(|file| file.slug.clone()),
        description: texts.and_then(|texts| texts.description.map(str::to_owned)),
        home: file
            .and_then(|file| file.home.clone())
            .unwrap_or_else(|| format!("https://{domain}/")),
        images: file.map(|file| file.images.clone()).unwrap_or_default(),
        logo: commonest(&named.logos).map(str::to_owned),
        hue: hue_of(domain),
        path: file.map(|file| file.path.clone()),
        articles: Vec::new(),
    }
}

/// Providers that have articles, by domain; and for each article of the edition its provider.
pub(super) fn providers(
    library: &Library,
    kept: &List<EditionIndex, Kept>,
    config: &Config,
) -> (
    List<ProviderId, Provider>,
    List<EditionIndex, Option<ProviderId>>,
) {
    let facts = |kept: &Kept| &library.articles[kept.article].facts;
    let mut found: HashMap<&str, Named<'_>> = HashMap::default();
    for facts in kept.iter().map(facts) {
        let Some(provider) = &facts.provider else {
            continue;
        };
        let named = found.entry(&provider.domain).or_default();
        *named.names.entry(&provider.name).or_default() += 1;
        if let Some(logo) = &facts.provider_logo {
            *named.logos.entry(logo).or_default() += 1;
        }
    }

    let files = library.providers.iter();
    let files: BTreeMap<&str, &ProviderFile> =
        files.map(|file| (file.domain.as_str(), file)).collect();
    let found: BTreeMap<&str, Named<'_>> = found.into_iter().collect();
    let mut providers: List<ProviderId, Provider> = found
        .iter()
        .map(|(domain, named)| provider(domain, named, files.get(domain).copied(), config))
        .collect();

    let by_domain: HashMap<&str, ProviderId> = providers
        .ids()
        .zip(found.keys())
        .map(|(id, domain)| (*domain, id))
        .collect();
    let of_article: List<EditionIndex, Option<ProviderId>> = kept
        .iter()
        .map(|kept| {
            facts(kept)
                .provider
                .as_ref()
                .and_then(|provider| by_domain.get(provider.domain.as_str()).copied())
        })
        .collect();
    for (position, provider) in of_article.enumerate() {
        if let Some(provider) = provider {
            providers[*provider].articles.push(position);
        }
    }
    (providers, of_article)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ids::Id;

    /// Topics with these parents.
    fn tree(parents: &[Option<usize>]) -> List<TopicId, Topic> {
        let topic = |(number, parent): (usize, &Option<usize>)| Topic {
            parent: parent.map(TopicId::new),
            ..named(format!("t{number}"), "T")
        };
        parents.iter().enumerate().map(topic).collect()
    }

    fn parents(topics: &List<TopicId, Topic>) -> Vec<Option<usize>> {
        let parents = topics.iter().map(|topic| topic.parent);
        parents.map(|parent| parent.map(Id::number)).collect()
    }

    /// The first topic of each circle loses its parent, topic by topic.
    fn broken_by_definition(mut parents: Vec<Option<usize>>) -> Vec<Option<usize>> {
        for topic in 0..parents.len() {
            let above = std::iter::successors(parents[topic], |above| parents[*above]);
            let is_circle = above.take(parents.len()).any(|above| above == topic);
            if is_circle {
                parents[topic] = None;
            }
        }
        parents
    }

    proptest! {
        #[test]
        fn every_circle_is_broken_at_its_first_topic(
            drafts in prop::collection::vec(prop::option::of(0..12usize), 0..12),
        ) {
            let count = drafts.len();
            let drafts: Vec<_> = drafts
                .into_iter()
                .map(|parent| parent.filter(|parent| *parent < count))
                .collect();
            let mut topics = tree(&drafts);
            let mut problems = Vec::new();
            break_cycles(&mut topics, &mut problems);
            let right = broken_by_definition(drafts.clone());
            let broken = drafts.iter().zip(&right).filter(|(was, is)| was != is).count();
            prop_assert_eq!(parents(&topics), right);
            prop_assert_eq!(problems.len(), broken);
        }
    }

    #[test]
    fn a_chain_of_parents_is_cut_and_reported_once() {
        let chain = |length: usize| {
            let parents: Vec<_> = (0..length).map(|topic| topic.checked_sub(1)).collect();
            tree(&parents)
        };
        let mut problems = Vec::new();
        let mut allowed = chain(MOST_ABOVE + 1);
        cut_deep(&mut allowed, &mut problems);
        assert_eq!(parents(&allowed), parents(&chain(MOST_ABOVE + 1)));
        assert!(problems.is_empty());

        let mut long = chain(1000);
        cut_deep(&mut long, &mut problems);
        assert_eq!(count_above(&long).into_iter().max(), Some(MOST_ABOVE));
        assert_eq!(
            long.iter().filter(|topic| topic.parent.is_none()).count(),
            48
        );
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].message.contains("979 topics"), "{problems:?}");
    }
}
