//! What newsgen knows of an article.
//!
//! An article is kept in three parts, by how often each is needed: [`Facts`], which curation reads
//! for every article in every build; [`Story`], which a listing shows; and [`Detail`], which only
//! the article's own page and the API show. All text in them is clean (see [`super::text`]), all
//! HTML is sanitised, all URLs are `http`, `https` or paths of the site, but that links of the body
//! may lead to mail addresses and telephones, and that those of the body and the article's own
//! pictures may be relative to its file: the plan knows where they lead. The front matter's
//! `secured` field is in none of them: it is skipped as it is read.

use serde::{Deserialize, Serialize};

use super::budget::Cut;
use super::language::TranslationKey;
use crate::hash::Hash128;
use crate::ids::EditionId;
use crate::time::Time;
use crate::words::Words;

/// An article as its own page needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// What listings show.
    pub story: Story,
    /// The rest.
    pub detail: Detail,
}

/// What a listing shows of an article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Story {
    /// Headline.
    pub title: String,
    /// A few sentences.
    pub excerpt: Option<String>,
    /// The original story: `originalUrl`, else `webUrl`.
    pub link: Option<String>,
    /// `publishedDateTime`.
    pub published: Time,
    /// `updatedDateTime`.
    pub updated: Option<Time>,
    /// `locale`.
    pub locale: Option<String>,
    /// `type`: `article`, `video`, ….
    pub kind: String,
    /// Seconds that a video takes, from `length` (ISO 8601).
    pub duration: Option<u32>,
    /// Who published the story.
    pub provider: Option<ArticleProvider>,
    /// Who wrote the story.
    pub authors: Vec<Author>,
    /// Names of topics as the article writes them, without repetition.
    pub topics: Vec<String>,
    /// The first picture.
    pub image: Option<Image>,
    /// Editorial score.
    pub quality: Option<i64>,
    /// Attention score; none when it is not known (missing, or -1).
    pub heat: Option<i64>,
    /// A remark of the editors.
    pub highlight: Option<String>,
    /// `tags`.
    pub tags: Vec<String>,
    /// Unknown fields, as a JSON object.
    pub extra: String,
}

/// What only the article's own page and the API show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// `originalUrl`.
    pub original_url: Option<String>,
    /// `webUrl`.
    pub web_url: Option<String>,
    /// The link as it is written, where it has lost tracking parameters: the entry in a feed is
    /// identified by it.
    pub written_link: Option<String>,
    /// `ampWebUrl`.
    pub amp_web_url: Option<String>,
    /// `cdnAmpWebUrl`.
    pub cdn_amp_web_url: Option<String>,
    /// The Markdown body as sanitised HTML, with relative addresses as they are written.
    pub body: Option<String>,
    /// `featuredContent`, sanitised.
    pub embed: Option<String>,
    /// Pictures after the first.
    pub more_images: Vec<Image>,
    /// Pictures of the provider.
    pub provider_images: Vec<Image>,
    /// The article's own list of related stories.
    pub related: Vec<RelatedStory>,
    /// `category`.
    pub category: String,
}

/// The provider as an article names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleProvider {
    /// Name; the domain when there is none.
    pub name: String,
    /// Domain in lower case without `www.`: the provider's identity.
    pub domain: String,
}

/// Who wrote a story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// Name.
    pub name: String,
    /// Web address of a page about the author.
    pub url: Option<String>,
}

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// URL, path on the site, or address relative to the article's file.
    pub url: String,
    /// Pixels.
    pub width: Option<u32>,
    /// Pixels.
    pub height: Option<u32>,
    /// What it shows.
    pub title: Option<String>,
    /// Whom it comes from.
    pub attribution: Option<String>,
    /// `isCached`.
    pub is_cached: Option<bool>,
}

/// A story that an article names as related.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelatedStory {
    /// Headline.
    pub title: String,
    /// A few sentences.
    pub excerpt: Option<String>,
    /// `originalUrl`, else `webUrl`.
    pub link: String,
    /// `ampWebUrl`.
    pub amp_web_url: Option<String>,
    /// `cdnAmpWebUrl`.
    pub cdn_amp_web_url: Option<String>,
    /// When it was published.
    pub published: Option<Time>,
    /// `type`.
    pub kind: String,
    /// Who published it.
    pub provider: Option<ArticleProvider>,
    /// Editorial score.
    pub quality: Option<i64>,
    /// Pictures.
    pub images: Vec<Image>,
    /// Identity of the story.
    pub key: StoryKey,
}

/// The identity of a story: a hash of its canonical URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StoryKey(pub Hash128);

impl StoryKey {
    /// The identity of the story at a URL.
    pub fn of(url: &str) -> StoryKey {
        StoryKey(Hash128::of(super::link::canonical(url).as_bytes()))
    }
}

/// What curation needs of an article.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Headline.
    pub title: String,
    /// `publishedDateTime`.
    pub published: Time,
    /// `updatedDateTime`.
    pub updated: Option<Time>,
    /// Whether `published` says that it may be shown.
    pub is_published: bool,
    /// Whether it is marked as deleted or removed.
    pub is_deleted: bool,
    /// Editorial score.
    pub quality: Option<i64>,
    /// Attention score, if known.
    pub heat: Option<i64>,
    /// `category`.
    pub category: String,
    /// `type`.
    pub kind: String,
    /// Who published the story.
    pub provider: Option<ArticleProvider>,
    /// The first picture that the article has of its provider.
    pub provider_logo: Option<String>,
    /// Topics as the article writes them.
    pub topics: Vec<String>,
    /// Whether it has them in a field of categories, by which Jekyll makes addresses.
    pub has_categories: bool,
    /// URL of the original story.
    pub link: Option<String>,
    /// Identity of the story; articles without a link have none.
    pub key: Option<StoryKey>,
    /// Length of the excerpt in characters; 0 without one.
    pub excerpt_length: u32,
    /// Whether it has a picture.
    pub has_image: bool,
    /// Whether it has a body.
    pub has_body: bool,
    /// The first picture, when it is a path of the site or relative to the file.
    pub local_image: Option<String>,
    /// The other pictures, of the article and of its provider, for which the same holds.
    pub other_local_images: Vec<String>,
    /// Addresses in the body that are relative to the file, without repetition.
    pub relative: Vec<String>,
    /// The stories in its own list.
    pub related: Vec<RelatedKey>,
    /// The words that say what the story is about.
    pub words: Words,
    /// The event that it names.
    pub event: Option<EventMark>,
    /// Slug that the front matter sets.
    pub slug: Option<String>,
    /// Address that the front matter sets.
    pub permalink: Option<String>,
    /// `tags`.
    pub tags: Vec<String>,
    /// `locale`.
    pub locale: Option<String>,
    /// Unknown fields as a JSON object, where a list asks for some; else empty.
    pub extra: String,
    /// Name of the source that it came in by: the field `source`, which is kept with the unknown
    /// ones, too.
    pub source: Option<String>,
    /// When it is no longer to be shown.
    pub expires: Option<Time>,
    /// Whether it is to lead the front page.
    pub pin: Pin,
    /// Paths of the site that the article once had.
    pub aliases: Vec<String>,
    /// The edition that it belongs to.
    pub edition: EditionId,
    /// What it has in common with the same story in other editions, if the site has any.
    pub translation: Option<TranslationKey>,
    /// What its budgets cut of it.
    pub cuts: Vec<Cut>,
}

/// Whether an article is to lead the front page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pin {
    /// As its rank has it.
    #[default]
    No,
    /// As long as nobody changes it.
    Always,
    /// Before this moment.
    Until(Time),
}

impl Pin {
    /// Whether it holds at a moment.
    pub fn holds(self, now: Time) -> bool {
        match self {
            Pin::No => false,
            Pin::Always => true,
            Pin::Until(end) => now < end,
        }
    }
}

/// What curation needs of a related story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelatedKey {
    /// Identity of the story.
    pub story: StoryKey,
    /// Identity of its provider.
    pub provider: Option<ProviderKey>,
}

/// The identity of a provider: a hash of its domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ProviderKey(u64);

impl ProviderKey {
    /// The identity of the provider with a domain (in lower case without `www.`).
    pub fn of(domain: &str) -> ProviderKey {
        ProviderKey(Hash128::of(domain.as_bytes()).number())
    }
}

/// The event that an article names (`event`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EventMark {
    /// The one with this name, as a slug.
    Named(String),
    /// `none`: the article stands alone.
    Apart,
}
