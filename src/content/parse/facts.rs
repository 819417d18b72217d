//! What curation needs of an article, most of it from what its pages show.

use super::publication::Publication;
use super::{Builder, link_target};
use crate::content::article::{
    Detail, Facts, Image, ProviderKey, RelatedKey, RelatedStory, Story, StoryKey,
};
use crate::ids::EditionId;
use crate::words::{self, Words};

impl Builder<'_> {
    /// The facts of an article whose body has these relative addresses. They are made last: what
    /// was cut of it is known only then.
    pub(super) fn facts(
        self,
        story: &Story,
        detail: &Detail,
        publication: Publication,
        relative: Vec<String>,
    ) -> Facts {
        let other_images = detail.more_images.iter().chain(&detail.provider_images);
        Facts {
            title: story.title.clone(),
            published: story.published,
            updated: story.updated,
            is_published: publication.is_published,
            is_deleted: publication.is_deleted,
            quality: story.quality,
            heat: story.heat,
            category: detail.category.clone(),
            kind: story.kind.clone(),
            provider: story.provider.clone(),
            provider_logo: detail
                .provider_images
                .first()
                .map(|image| image.url.clone()),
            topics: story.topics.clone(),
            has_categories: self.file.has_categories(),
            link: story.link.clone(),
            key: story.link.as_deref().map(StoryKey::of),
            excerpt_length: length(story.excerpt.as_deref().unwrap_or_default()),
            has_image: story.image.is_some(),
            has_body: detail.body.is_some(),
            local_image: story.image.as_ref().and_then(local),
            other_local_images: other_images.filter_map(local).collect(),
            relative,
            related: detail.related.iter().map(related_key).collect(),
            words: self.words(story, publication.edition),
            event: publication.event,
            slug: publication.slug,
            permalink: publication.permalink,
            tags: story.tags.clone(),
            locale: story.locale.clone(),
            extra: match self.parser.keeps_extra {
                true => story.extra.clone(),
                false => String::new(),
            },
            source: publication.source,
            expires: publication.expires,
            pin: publication.pin,
            aliases: publication.aliases,
            edition: publication.edition,
            translation: publication.translation,
            cuts: self.cuts.into_sorted(),
        }
    }

    /// The words by which stories are compared; none where the site does not compare them.
    fn words(&self, story: &Story, edition: EditionId) -> Words {
        let Some(locales) = &self.parser.compares else {
            return Words::default();
        };
        let texts = words::Texts {
            title: &story.title,
            excerpt: story.excerpt.as_deref().unwrap_or_default(),
            link: story.link.as_deref(),
            locale: story.locale.as_deref(),
        };
        words::of(&texts, &locales[edition])
    }
}

/// Characters of a text.
fn length(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

/// The URL of a picture that is a file of the site: of its static files, or beside the article.
fn local(image: &Image) -> Option<String> {
    let is_local = image.url.starts_with('/') || link_target::is_relative(&image.url);
    is_local.then(|| image.url.clone())
}

fn related_key(related: &RelatedStory) -> RelatedKey {
    let provider = related.provider.as_ref();
    RelatedKey {
        story: related.key,
        provider: provider.map(|provider| ProviderKey::of(&provider.domain)),
    }
}
