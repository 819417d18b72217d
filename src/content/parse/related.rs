//! Related stories that an article names.

use super::super::article::{RelatedStory, StoryKey};
use super::super::budget::{self, Part};
use super::super::front_matter::{Related, RelatedFields, Scalar, Whole};
use super::Builder;
use crate::time::Time;

impl Builder<'_> {
    pub(super) fn all_related(&mut self, related: Option<&Related>) -> Vec<RelatedStory> {
        let Some(related) = related else {
            return Vec::new();
        };
        self.cuts
            .note(Part::Related, related.items.len(), related.of);
        related
            .items
            .iter()
            .filter_map(|fields| self.related(fields))
            .collect()
    }

    /// A related story is dropped when it has no title or leads nowhere: it is a mere quotation of
    /// this article.
    fn related(&mut self, fields: &RelatedFields) -> Option<RelatedStory> {
        let parser = self.parser;
        let url = |scalar: &Option<Scalar>| parser.web_url(scalar.as_ref());
        let link = url(&fields.original_url).or_else(|| url(&fields.web_url))?;
        Some(RelatedStory {
            title: self.text(Part::RelatedText, fields.title.as_ref(), budget::TITLE)?,
            excerpt: self.text(Part::RelatedText, fields.excerpt.as_ref(), budget::EXCERPT),
            amp_web_url: url(&fields.amp_web_url),
            cdn_amp_web_url: url(&fields.cdn_amp_web_url),
            published: fields
                .published_date_time
                .as_ref()
                .and_then(|time| Time::parse(&time.0, &self.parser.zone).ok()),
            kind: self
                .text(Part::RelatedText, fields.kind.as_ref(), budget::NAME)
                .unwrap_or_else(|| "article".to_owned()),
            provider: self.provider(Part::RelatedText, fields.provider.as_ref(), Some(&link)),
            quality: fields.quality.map(|Whole(quality)| quality),
            images: self.images(
                Part::RelatedImages,
                Part::RelatedText,
                fields.images.as_ref(),
            ),
            key: StoryKey::of(&link),
            link,
        })
    }
}
