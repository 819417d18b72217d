//! An article on its own page, in a list, and quoted by another one.

use super::SiteInputs;
use crate::content::article::{Article, ProviderKey, Story, StoryKey};
use crate::content::{DamagedCache, Library};
use crate::curate::Rule;
use crate::hash::{Hash128, Hasher};
use crate::ids::{ArticleId, EditionIndex, List, ProviderId, TopicId};
use crate::plan::shared::{Shared, hash_of};

/// What an article says itself: its title, text, pictures and so on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Content<'a> {
    pub(super) library: &'a Library,
    pub(super) article: ArticleId,
}

impl Content<'_> {
    pub(super) fn hash(self) -> Hash128 {
        self.library.articles[self.article].hash
    }

    pub(super) fn story(self) -> Result<Story, DamagedCache> {
        self.library.story(self.article)
    }

    pub(super) fn article(self) -> Result<Article, DamagedCache> {
        self.library.article(self.article)
    }
}

/// A picture of an article that is a path of the site. Its path belongs to the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LocalPicture<'a> {
    pub(super) path: &'a str,
    /// Whether the site has the file; else the picture is not shown.
    pub(super) is_there: bool,
}

/// Whether a picture can be shown: one from elsewhere, or a file that the site has.
fn shows<'a>(url: &str, mut pictures: impl Iterator<Item = &'a LocalPicture<'a>>) -> bool {
    !url.starts_with('/') || pictures.any(|picture| picture.is_there && picture.path == url)
}

/// The hashes of what many articles name.
#[derive(Debug)]
pub(in crate::plan) struct RefHashes {
    pub(in crate::plan) topics: List<TopicId, Hash128>,
    pub(super) providers: List<ProviderId, Hash128>,
}

impl RefHashes {
    pub(in crate::plan) fn new(shared: &Shared) -> RefHashes {
        RefHashes {
            topics: shared.topic_refs.map(hash_of),
            providers: shared.provider_refs.map(hash_of),
        }
    }

    fn provider(&self, provider: Option<ProviderId>) -> Hash128 {
        provider.map_or_else(Hash128::default, |provider| self.providers[provider])
    }
}

/// An article in a list.
#[derive(Clone, Copy, Debug)]
pub struct StoryInputs<'a> {
    pub(super) content: Content<'a>,
    pub(super) url: &'a str,
    pub(super) badge: Option<Rule>,
    pub(super) provider: Option<ProviderId>,
    pub(super) topics: &'a [TopicId],
    /// Its first picture, when it is a path of the site.
    pub(super) picture: Option<LocalPicture<'a>>,
    pub(super) coverage: Coverage<'a>,
}

impl<'a> StoryInputs<'a> {
    /// What it says itself.
    ///
    /// # Errors
    /// When it lies in the cache and the cache is damaged.
    pub fn content(&self) -> Result<Story, DamagedCache> {
        self.content.story()
    }

    /// Its page, without the path of the base URL.
    pub fn url(&self) -> &'a str {
        self.url
    }

    /// Why it would be left out, when drafts are in.
    pub fn badge(&self) -> Option<Rule> {
        self.badge
    }

    /// Its provider; none for an article of the site itself.
    pub fn provider(&self) -> Option<ProviderId> {
        self.provider
    }

    /// Its own topics, the most special first.
    pub fn topics(&self) -> &'a [TopicId] {
        self.topics
    }

    /// Whether its first picture can be shown, by the URL of that.
    pub fn shows(&self, url: &str) -> bool {
        shows(url, self.picture.iter())
    }

    /// Other stories on the same event.
    pub fn coverage(&self) -> impl Iterator<Item = Quote<'a>> + use<'a> {
        self.coverage.iter()
    }

    /// The hash of everything.
    pub(in crate::plan) fn hash(&self, refs: &RefHashes) -> Hash128 {
        self.hash_with_coverage(self.hash_without_coverage(refs), refs)
    }

    fn hash_without_coverage(&self, refs: &RefHashes) -> Hash128 {
        let StoryInputs {
            content,
            url,
            badge,
            provider,
            topics,
            picture,
            coverage: _,
        } = self;
        let mut hasher = Hasher::new("story");
        hasher
            .hash(content.hash())
            .text(url)
            .optional(badge.map(Rule::name))
            .hash(refs.provider(*provider))
            .number(topics.len() as i64);
        for topic in *topics {
            hasher.hash(refs.topics[*topic]);
        }
        if let Some(picture) = picture {
            hasher.number(i64::from(picture.is_there));
        }
        hasher.finish()
    }

    fn hash_with_coverage(&self, own: Hash128, refs: &RefHashes) -> Hash128 {
        if self.coverage.positions.is_empty() {
            return own;
        }
        let mut hasher = Hasher::new("coverage");
        hasher.hash(own);
        for quote in self.coverage.iter() {
            quote.hash(&mut hasher, refs);
        }
        hasher.finish()
    }
}

/// Stories on the same event.
#[derive(Clone, Copy, Debug)]
pub(super) struct Coverage<'a> {
    pub(super) site: SiteInputs<'a>,
    pub(super) positions: &'a [EditionIndex],
}

impl<'a> Coverage<'a> {
    fn iter(self) -> impl Iterator<Item = Quote<'a>> + use<'a> {
        let site = self.site;
        self.positions.iter().map(move |position| Quote {
            content: site.content(*position),
            url: &site.plan.shared.article_urls[*position],
            provider: site.edition.articles[*position].provider,
        })
    }
}

/// A story that another one names as coverage of the same event.
#[derive(Clone, Copy, Debug)]
pub struct Quote<'a> {
    pub(super) content: Content<'a>,
    pub(super) url: &'a str,
    pub(super) provider: Option<ProviderId>,
}

impl<'a> Quote<'a> {
    /// What it says itself.
    ///
    /// # Errors
    /// When it lies in the cache and the cache is damaged.
    pub fn content(&self) -> Result<Story, DamagedCache> {
        self.content.story()
    }

    /// Its page, without the path of the base URL.
    pub fn url(&self) -> &'a str {
        self.url
    }

    /// Its provider; none for an article of the site itself.
    pub fn provider(&self) -> Option<ProviderId> {
        self.provider
    }

    fn hash(&self, hasher: &mut Hasher, refs: &RefHashes) {
        let Quote {
            content,
            url,
            provider,
        } = self;
        hasher
            .hash(content.hash())
            .text(url)
            .hash(refs.provider(*provider));
    }
}

/// An article on its own page, in feeds, in the API.
#[derive(Clone, Debug)]
pub struct ArticleInputs<'a> {
    pub(super) story: StoryInputs<'a>,
    pub(super) path: &'a str,
    /// Identity of its story, which belongs to the content.
    pub(super) key: Option<StoryKey>,
    pub(super) is_published: bool,
    /// Pictures besides the first, of the article and of its provider, that are paths of the site.
    pub(super) pictures: Vec<LocalPicture<'a>>,
    /// The stories in its own list.
    pub(super) related: Vec<RelatedInputs<'a>>,
}

impl<'a> ArticleInputs<'a> {
    /// All that it says itself.
    ///
    /// # Errors
    /// When it lies in the cache and the cache is damaged.
    pub fn content(&self) -> Result<Article, DamagedCache> {
        self.story.content.article()
    }

    /// The article as a story, with all its coverage.
    pub fn story(&self) -> &StoryInputs<'a> {
        &self.story
    }

    /// Its page, without the path of the base URL.
    pub fn url(&self) -> &'a str {
        self.story.url
    }

    /// Path of its file.
    pub fn path(&self) -> &'a str {
        self.path
    }

    /// Whether its front matter lets it be shown.
    pub fn is_published(&self) -> bool {
        self.is_published
    }

    /// Whether one of its pictures can be shown, by the URL of that.
    pub fn shows(&self, url: &str) -> bool {
        shows(url, self.story.picture.iter().chain(&self.pictures))
    }

    /// Whether a story in its list is the article itself.
    pub fn is_itself(&self, story: StoryKey) -> bool {
        self.key == Some(story)
    }

    /// Our own page of a story in its list, without the path of the base URL.
    pub fn related_url(&self, story: StoryKey) -> Option<&'a str> {
        let related = self.related.iter().find(|related| related.story == story)?;
        related.url
    }

    /// The provider of a story in its list, as far as the edition has it.
    pub fn related_provider(&self, key: ProviderKey) -> Option<ProviderId> {
        let mut providers = self.related.iter().filter_map(|related| related.provider);
        let (_, provider) = providers.find(|(known, _)| *known == key)?;
        Some(provider)
    }

    /// The hash of everything.
    fn hash(&self, own: Hash128, refs: &RefHashes) -> Hash128 {
        let ArticleInputs {
            story,
            path,
            key: _,
            is_published,
            pictures,
            related,
        } = self;
        let mut hasher = Hasher::new("article");
        hasher
            .hash(story.hash_with_coverage(own, refs))
            .text(path)
            .number(i64::from(*is_published));
        for picture in pictures {
            hasher.number(i64::from(picture.is_there));
        }
        for RelatedInputs {
            story: _,
            url,
            provider,
        } in related
        {
            let provider = provider.map(|(_, provider)| provider);
            hasher.optional(*url).hash(refs.provider(provider));
        }
        hasher.finish()
    }
}

/// What the site has of a story that an article names as related. The story itself and its
/// provider belong to the content of the article.
#[derive(Clone, Copy, Debug)]
pub(super) struct RelatedInputs<'a> {
    pub(super) story: StoryKey,
    /// Our own page of it.
    pub(super) url: Option<&'a str>,
    pub(super) provider: Option<(ProviderKey, ProviderId)>,
}

/// The hashes of an article as a story of a list and as a whole.
pub(in crate::plan) fn hashes(
    site: SiteInputs<'_>,
    position: EditionIndex,
    refs: &RefHashes,
) -> (Hash128, Hash128) {
    let story = site.story(position);
    let own = story.hash_without_coverage(refs);
    (
        story.hash_with_coverage(own, refs),
        site.article(position).hash(own, refs),
    )
}
