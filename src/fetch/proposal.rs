//! What a candidate is to say, before it is a file: what its feed, its source and the words of
//! topics make of an item. Pure.

use super::feed::{Entry, Feed};
use super::rules::{self, age};
use super::suggest::Subject;
use super::topics::{self, TopicWords};
use crate::condition::Value;
use crate::config::{CandidateField, Config, Fetch, PublishRule, language};
use crate::content::{Parser, SourceFile, link};
use crate::edit::{Draft, DraftError, Known, NewFile, compose};
use crate::time::Time;

/// What a site knows that candidates are made by.
#[derive(Clone, Copy)]
pub struct Basis<'a> {
    /// Settings.
    pub config: &'a Config,
    /// Links, topics and providers.
    pub known: &'a Known,
    /// The words of topics.
    pub topics: &'a TopicWords,
}

/// A candidate that is no file yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proposal {
    /// Headline.
    pub title: String,
    /// Address of the story.
    pub url: String,
    /// What it is about.
    pub excerpt: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// What its feed files it under.
    pub categories: Vec<String>,
    /// Topics.
    pub topics: Vec<String>,
    /// Name or domain of its provider; that of its link if there is none.
    pub provider: Option<String>,
    /// Quality that its file gets: that of its source, else none.
    pub quality: Option<i64>,
    /// Suggested quality, 0 to 100.
    pub suggested: i64,
    /// Whether the filter command gave it its quality.
    pub is_scored: bool,
    /// Address of a picture.
    pub image: Option<String>,
    /// Its language, as its source or its feed writes it.
    pub language: Option<String>,
    /// Name of its source; none for a feed that is none.
    pub source: Option<String>,
    /// When the story was published, if it says so.
    pub published: Option<Time>,
    /// Why it is a candidate, and why it says what it says, in words.
    pub reasons: Vec<String>,
}

impl Proposal {
    /// What an item that no rule drops is proposed as. `reasons` are those why it is kept.
    pub fn of(
        entry: &Entry,
        feed: &Feed,
        source: Option<&SourceFile>,
        reasons: Vec<String>,
        basis: Basis<'_>,
    ) -> Proposal {
        let config = basis.config;
        let url = entry.url().unwrap_or_default();
        let clean = link::without_tracking(&url).filter(|_| config.content.strip_tracking);
        let image = entry.image.as_deref().filter(|image| is_picture(image));
        let language = rules::language(entry, feed, source);
        let mut proposal = Proposal {
            title: entry.title.clone().unwrap_or_default(),
            url: clean.unwrap_or(url),
            excerpt: entry.excerpt.clone(),
            author: entry.author.clone(),
            categories: entry.categories.clone(),
            topics: source.map_or(Vec::new(), |source| source.topics.clone()),
            provider: None,
            quality: source.and_then(|source| source.quality),
            suggested: 0,
            is_scored: false,
            image: image.map(str::to_owned),
            language: language.map(str::to_owned),
            source: source.map(|source| source.name.clone()),
            published: entry.published,
            reasons,
        };
        proposal.take_provider(feed, source, basis.known);
        let language = language.unwrap_or(&config.locale);
        let found = basis.topics.find(entry, language, basis.known);
        let added = topics::add(&mut proposal.topics, found);
        proposal.reasons.extend(added);
        proposal
    }

    /// The provider is that of the source, unless the link leads to the site of somebody else.
    fn take_provider(&mut self, feed: &Feed, source: Option<&SourceFile>, known: &Known) {
        let given = source.and_then(|source| Some((source, source.provider.as_deref()?)));
        let Some((source, given)) = given else {
            return;
        };
        let (name, domain) = known.provider(Some(given), &source.feed);
        let host = link::host(&self.url).unwrap_or_default();
        let own = [Some(source.feed.as_str()), feed.home.as_deref()];
        let own = own.into_iter().flatten().filter_map(link::host);
        let is_own = own.chain([domain]).any(|own| is_same_site(&own, &host));
        if is_own {
            self.provider = Some(given.to_owned());
            return;
        }
        let (other, domain) = known.provider(None, &self.url);
        if other.is_some() && other == name {
            return;
        }
        let shown = other.unwrap_or(domain);
        self.reasons
            .push(format!("provider {shown}: its link leads to {host}"));
    }

    /// The file that it becomes. `since` is when its item was first seen: its date if it has none.
    ///
    /// # Errors
    /// Why no article can be made of it.
    pub fn file(&self, basis: Basis<'_>, parser: &Parser, since: Time) -> Result<NewFile, String> {
        let config = basis.config;
        let language = self.language.as_deref();
        let draft = Draft {
            title: self.title.clone(),
            url: self.url.clone(),
            excerpt: self.excerpt.clone(),
            topics: self.topics.clone(),
            quality: self.quality,
            provider: self.provider.clone(),
            image: self.image.clone(),
            draft: false,
            published: Some(self.published.unwrap_or(since).rfc3339_utc()),
            locale: language.and_then(|written| other_language(config, written)),
            // A tree may have something else in a field of this name.
            source: self
                .source
                .clone()
                .filter(|_| !config.content.fields.uses("source")),
        };
        compose(config, parser, basis.known, &draft, since).map_err(|error| match error {
            DraftError::Write(_, error) => error.to_string(),
            DraftError::Invalid(problems) => {
                let messages = problems.iter().map(|problem| problem.message.as_str());
                messages.collect::<Vec<_>>().join("; ")
            }
        })
    }

    /// The quality that the filter command gave it.
    pub fn scored(&self) -> Option<i64> {
        self.quality.filter(|_| self.is_scored)
    }

    /// What a suggestion is made by. Nobody else is known to report the same.
    pub fn subject<'a>(&'a self, source: Option<&'a SourceFile>, now: Time) -> Subject<'a> {
        Subject {
            title: &self.title,
            excerpt: self.excerpt.as_deref(),
            url: Some(&self.url),
            source: source.map(|source| source.name.as_str()),
            author: self.author.as_deref(),
            topics: &self.topics,
            coverage: 0,
            base: source.and_then(|source| source.quality),
            has_image: self.image.is_some(),
            delay: self.published.map(|date| age(date, now)),
        }
    }

    /// What the condition of its source or of the site says of it; none where there is none.
    pub fn publishing(
        &self,
        source: Option<&SourceFile>,
        site: &Fetch,
        known: &Known,
        now: Time,
    ) -> Option<Publishing> {
        let (rule, place) = publish_rule(source, site)?;
        let value_of = |field, _: &str| self.value_of(field, source, known, now);
        let tests = rule.findings(&value_of).into_iter().map(|it| Tested {
            test: it.test.to_owned(),
            holds: it.holds,
            value: it.value.to_string(),
        });
        Some(Publishing {
            rule: rule.to_string(),
            place,
            holds: rule.holds(&value_of),
            tests: tests.collect(),
        })
    }

    /// The value of a field that a condition asks for.
    pub fn value_of<'a>(
        &'a self,
        field: CandidateField,
        source: Option<&'a SourceFile>,
        known: &Known,
        now: Time,
    ) -> Value<'a> {
        match field {
            CandidateField::Quality => Value::number(Some(self.scored().unwrap_or(self.suggested))),
            CandidateField::Source => Value::text(source.map(|source| source.name.as_str())),
            CandidateField::Provider => {
                let (name, domain) = known.provider(self.provider.as_deref(), &self.url);
                Value::Texts(name.into_iter().chain([domain]).map(Into::into).collect())
            }
            CandidateField::Topic => Value::texts(self.topics.iter().map(String::as_str)),
            CandidateField::Language => Value::text(self.language.as_deref()),
            CandidateField::Age => Value::number(self.published.map(|date| age(date, now))),
        }
    }
}

/// What the condition by which candidates are published says of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publishing {
    /// The condition, as it is written.
    pub rule: String,
    /// Where it is set.
    pub place: String,
    /// Whether it holds.
    pub holds: bool,
    /// The tests that it is made of.
    pub tests: Vec<Tested>,
}

/// A test of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tested {
    /// As it is written.
    pub test: String,
    /// Whether it holds.
    pub holds: bool,
    /// The value of its field, in words.
    pub value: String,
}

/// The condition by which candidates of a source are published, and where it is set: that of the
/// source takes the place of that of the site.
pub fn publish_rule<'a>(
    source: Option<&'a SourceFile>,
    site: &'a Fetch,
) -> Option<(&'a PublishRule, String)> {
    let own = source.and_then(|source| {
        let place = source.rules.location(&source.path, "publish");
        Some((source.rules.publish.as_ref()?, format!("publish, {place}")))
    });
    own.or_else(|| {
        let rule = site.publish.as_ref()?;
        let place = format!("fetch.publish, {}", rule.location);
        Some((&rule.value, place))
    })
}

/// Whether a text is the address of a picture somewhere on the web.
pub fn is_picture(image: &str) -> bool {
    link::web_url(image).is_some() && link::image_url(image).is_some()
}

/// Whether two hosts are of one site, as far as names say: one is the other, or below it. Two hosts
/// below one domain may be of different people (`alice.substack.com` and `bob.substack.com`).
fn is_same_site(one: &str, other: &str) -> bool {
    let is_below = |host: &str, domain: &str| {
        host.strip_suffix(domain)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    is_below(one, other) || is_below(other, one)
}

/// A language as a tag, if it is not that of the site, or if the site has an edition in it.
pub fn other_language(config: &Config, written: &str) -> Option<String> {
    let tag = language::named(Some(written.trim()))?;
    let editions = config.editions();
    let locales = editions.iter().map(|edition| edition.locale.as_str());
    match language::find(&tag, locales) {
        Some(0) | None => language::foreign(Some(&tag), &config.locale),
        Some(_) => Some(tag),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Overrides;
    use crate::content;
    use crate::content::cache::Cache;
    use crate::fetch::feed::{self, Origin};
    use crate::workspace::Memory;

    /// What is proposed for an item with a link, of a source that says this.
    fn proposal(source: &str, link: &str) -> (Proposal, (Option<String>, String)) {
        let config = Config::resolve("site.toml", "", &Overrides::default()).unwrap();
        let memory = Memory::default()
            .with("content/sources/a.yaml", source)
            .with(
                "content/providers/p.yaml",
                "name: Ports Today\ndomain: ports.example\n",
            )
            .with("content/topics/t.yaml", "name: Law\nwords: statute\n");
        let (sources, problems) = content::sources(&memory, &config);
        assert_eq!(problems, []);
        let loaded = content::load(&memory, &config, &Parser::new(&config), Cache::default());
        let (known, words) = (
            Known::of(&loaded.library),
            TopicWords::of(&loaded.library.topics),
        );
        let text = format!(
            "<rss><channel><link>https://home.example/</link><item><title>Two statutes</title>\
             <link>{link}</link><category>law</category></item></channel></rss>"
        );
        let feed = feed::read(text.as_bytes(), Origin::default()).unwrap();
        let basis = Basis {
            config: &config,
            known: &known,
            topics: &words,
        };
        let entry = &feed.entries[0];
        let proposal = Proposal::of(entry, &feed, sources.first(), Vec::new(), basis);
        let provider = known.provider(proposal.provider.as_deref(), &proposal.url);
        (proposal, provider)
    }

    #[test]
    fn the_provider_is_that_of_the_source_unless_the_link_leads_elsewhere() {
        let source = "feed: https://feeds.rivers.co.uk/x\nprovider: Quiet Rivers\n";
        for own in [
            "www.rivers.co.uk",
            "live.feeds.rivers.co.uk",
            "news.home.example",
        ] {
            let (_, (name, _)) = proposal(source, &format!("https://{own}/1"));
            assert_eq!(name.as_deref(), Some("Quiet Rivers"), "{own}");
        }
        // Two hosts below one domain may be of different people.
        let alice = "feed: https://alice.substack.example/feed\nprovider: Alice\n";
        let (_, (_, domain)) = proposal(alice, "https://bob.substack.example/1");
        assert_eq!(domain, "bob.substack.example");
        let (_, (name, _)) = proposal(alice, "https://alice.substack.example/1");
        assert_eq!(name.as_deref(), Some("Alice"));
        let ports = "feed: https://feeds.ports.example/x\nprovider: Ports Today\n";
        let (_, (name, _)) = proposal(ports, "https://live.ports.example/1");
        assert_eq!(name.as_deref(), Some("Ports Today"));
        let (other, (name, domain)) = proposal(source, "https://www.ports.example/1");
        assert_eq!(
            (name.as_deref(), domain.as_str()),
            (Some("Ports Today"), "ports.example")
        );
        assert_eq!(
            other.reasons[0],
            "provider Ports Today: its link leads to ports.example"
        );
        // A part of the site of a provider that has a file.
        let (_, (name, domain)) = proposal(source, "https://live.ports.example/1");
        assert_eq!(
            (name.as_deref(), domain.as_str()),
            (Some("Ports Today"), "ports.example")
        );
        let (_, (_, domain)) = proposal(source, "https://lakes.co.uk/1");
        assert_eq!(domain, "lakes.co.uk");
        let alone = "feed: https://links.example/feed\n";
        let (quiet, (_, domain)) = proposal(alone, "https://lakes.example/1");
        assert_eq!((quiet.provider, domain.as_str()), (None, "lakes.example"));
    }

    #[test]
    fn an_item_keeps_a_language_that_is_not_that_of_the_site() {
        let of = |settings: &str, written: &str| {
            let config = Config::resolve("site.toml", settings, &Overrides::default());
            other_language(&config.unwrap(), written)
        };
        assert_eq!(of("", "en-GB"), None);
        assert_eq!(of("", "de_AT").as_deref(), Some("de-AT"));
        assert_eq!(of("", "no tag"), None);
        let chinese = "locale = \"zh-Hans\"\n";
        assert_eq!(of(chinese, "zh-CN"), None);
        assert_eq!(of(chinese, "zh-TW").as_deref(), Some("zh-TW"));
        let editions = "[languages.en-GB]\n[languages.zh-Hant]\n";
        assert_eq!(of(editions, "en-GB").as_deref(), Some("en-GB"));
        assert_eq!(of(editions, "en-US"), None);
        let both = format!("{chinese}[languages.zh-Hant]\n");
        assert_eq!(of(&both, "zh-TW").as_deref(), Some("zh-TW"));
        assert_eq!(of(&both, "zh"), None);
    }

    #[test]
    fn topics_of_the_source_come_first_and_none_comes_twice() {
        let (proposal, _) = proposal(
            "feed: https://a.example/\ntopics: Rivers\n",
            "https://b.example/",
        );
        assert_eq!(proposal.topics, ["Rivers", "Law"]);
        let reason = "topic Law: its title has `statutes` (words, content/topics/t.yaml:2)";
        assert_eq!(proposal.reasons, [reason]);
    }
}
