//! An article on its own page, in a list, and quoted by another one.

use super::SiteInputs;
use crate::content::article::{Article, Image, ProviderKey, Story, StoryKey};
use crate::content::{ArticleEntry, DamagedCache, link_target};
use crate::curate::Rule;
use crate::hash::{Hash128, Hasher};
use crate::ids::{EditionIndex, List, ProviderId, TopicId};
use crate::plan::shared::{Shared, hash_of};

/// What an article says itself: its title, text, pictures and so on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Content<'a> {
    pub(super) site: SiteInputs<'a>,
    pub(super) position: EditionIndex,
}

impl<'a> Content<'a> {
    fn entry(self) -> &'a ArticleEntry {
        self.site.entry(self.position)
    }

    /// The hash of what stands in its file, as far as it is shown.
    pub(super) fn hash(self) -> Hash128 {
        let hash = self.entry().hash;
        if !self.is_ahead() {
            return hash;
        }
        Hasher::new("ahead").hash(hash).finish()
    }

    /// Whether its date of update has yet to come: it is a mistake, and not shown.
    fn is_ahead(self) -> bool {
        self.site.plan.ahead[self.position]
    }

    /// As it stands in its file, but for a date of update that has yet to come.
    pub(super) fn unresolved(self) -> Result<Article, DamagedCache> {
        let id = self.site.edition.articles[self.position].article;
        let mut article = self.site.library.article(id)?;
        article.story.updated = article.story.updated.filter(|_| !self.is_ahead());
        Ok(article)
    }

    /// With its picture as it can be shown.
    fn story(self) -> Result<Story, DamagedCache> {
        let id = self.site.edition.articles[self.position].article;
        let mut story: Story = self.site.library.story(id)?;
        story.image = story.image.and_then(|image| self.picture(image));
        story.updated = story.updated.filter(|_| !self.is_ahead());
        Ok(story)
    }

    /// With its pictures as they can be shown, and a body whose links and pictures lead
    /// somewhere.
    fn article(self) -> Result<Article, DamagedCache> {
        let Article {
            mut story,
            mut detail,
        } = self.unresolved()?;
        story.image = story.image.and_then(|image| self.picture(image));
        for images in [&mut detail.more_images, &mut detail.provider_images] {
            let written = std::mem::take(images).into_iter();
            *images = written.filter_map(|image| self.picture(image)).collect();
        }
        if !self.entry().facts.relative.is_empty() {
            let place = self.site.place(self.position);
            detail.body = detail.body.map(|body| self.site.resolved(place, &body));
        }
        Ok(Article { story, detail })
    }

    /// A picture with an address of the site or of the web; none for a file that is not there.
    fn picture(self, image: Image) -> Option<Image> {
        let url = self.picture_url(&image.url)?;
        Some(Image { url, ..image })
    }

    fn picture_url(self, url: &str) -> Option<String> {
        if url.starts_with('/') {
            return self.site.assets.has_url(url).then(|| url.to_owned());
        }
        if !link_target::is_relative(url) {
            return Some(url.to_owned());
        }
        let place = self.site.place(self.position);
        let (path, _) = link_target::file_of(place.file, url)?;
        self.site.copied(place, &path)
    }

    /// Adds to a hash whether pictures can be shown. Where they are follows from the content and
    /// the address of the page.
    fn hash_pictures<'s>(self, urls: impl IntoIterator<Item = &'s String>, hasher: &mut Hasher) {
        for url in urls {
            hasher.number(i64::from(self.picture_url(url).is_some()));
        }
    }
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
    pub(super) label: Option<TopicId>,
    /// The page of its event, where it is named.
    pub(super) event: Option<&'a str>,
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

    /// Where it leads: see [`SiteInputs::address`].
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

    /// The topic to label it with.
    pub fn label(&self) -> Option<TopicId> {
        self.label
    }

    /// The page of its event, without the path of the base URL. Listings and digests do not name
    /// it: their old pages would change when an event gets its page.
    pub fn event(&self) -> Option<&'a str> {
        self.event
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
            label,
            event,
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
        if let Some(label) = label {
            hasher.hash(refs.topics[*label]);
        }
        content.hash_pictures(&content.entry().facts.local_image, &mut hasher);
        if let Some(event) = event {
            hasher.text(event);
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
            url: site.address(*position),
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
    /// What it says itself, without its picture.
    ///
    /// # Errors
    /// When it lies in the cache and the cache is damaged.
    pub fn content(&self) -> Result<Story, DamagedCache> {
        let story = self.content.story()?;
        Ok(Story {
            image: None,
            ..story
        })
    }

    /// Where it leads: see [`SiteInputs::address`].
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

    /// The article as a story, with the coverage of its page.
    pub fn story(&self) -> &StoryInputs<'a> {
        &self.story
    }

    /// Where it leads: see [`SiteInputs::address`].
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

    /// The hash of everything; `own` is that of the story in a list, without its coverage.
    fn hash(&self, own: Hash128, refs: &RefHashes) -> Hash128 {
        let ArticleInputs {
            story,
            path,
            key: _,
            is_published,
            related,
        } = self;
        let mut hasher = Hasher::new("article");
        hasher
            .hash(story.hash_with_coverage(own, refs))
            .text(path)
            .number(i64::from(*is_published))
            .optional(story.event);
        let facts = &story.content.entry().facts;
        story
            .content
            .hash_pictures(&facts.other_local_images, &mut hasher);
        if !facts.relative.is_empty() {
            let Content { site, position } = story.content;
            site.hash_leads(site.place(position), &facts.relative, &mut hasher);
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
