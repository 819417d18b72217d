//! The pages of digests: each a page, an email and a text; all of them in an index and in feeds;
//! the newest at fixed addresses, from where a mailing is sent.

use super::pages::Planner;
use super::route::{self, fixed};
use super::shared::hash_of;
use super::{EmailFormat, PageKind, Plan};
use crate::curate::{Digest, Edition};
use crate::hash::{Hash128, Hasher};
use crate::ids::DigestId;

/// Digests in their feed, at most.
const IN_FEED: usize = 12;

impl Plan {
    /// The digests that their feeds carry, newest first.
    pub fn digests_in_feed<'e>(&self, edition: &'e Edition) -> &'e [Digest] {
        let digests = edition.digests.as_slice();
        &digests[..digests.len().min(IN_FEED)]
    }
}

impl Planner<'_> {
    /// The pages of all digests. What each is made of does not tell of newer ones, so it stays as
    /// it is.
    pub(super) fn digests(&mut self) {
        let Some(rules) = &self.config.digests else {
            return;
        };
        let own = {
            let mut hasher = Hasher::new("digests");
            hasher.hash(hash_of(&self.plan.shared.strings));
            hasher
                .optional(rules.title.as_deref())
                .optional(rules.unsubscribe.as_deref());
            hasher
                .optional(rules.address.as_deref())
                .optional(self.config.theme.accent.as_deref());
            hasher
                .number(i64::from(rules.cadence == crate::config::Cadence::Day))
                .finish()
        };
        let mut index = Hasher::new("digest index");
        let mut feed = Hasher::new("digest feed");
        index.hash(own);
        feed.hash(own);
        for (number, id) in self.edition.digests.ids().enumerate() {
            let content = self.digest(id, own);
            let url = self.plan.shared.digest_urls[id].clone();
            self.emails([&route::email(&url), &route::email_text(&url)], id, content);
            if number == 0 {
                let latest = [fixed::LATEST_EMAIL, fixed::LATEST_TEXT].map(|page| self.at(page));
                self.emails([&latest[0], &latest[1]], id, content);
                self.add(self.at(fixed::LATEST), PageKind::LatestDigest, content);
            }
            if number < IN_FEED {
                feed.hash(content);
            }
            index.hash(self.line_of(id));
            self.add(url, PageKind::Digest(id), content);
        }
        self.add(self.at(fixed::DIGESTS), PageKind::Digests, index.finish());
        let content = feed.finish();
        for format in &self.plan.feed_formats {
            self.add(
                route::feed(&self.at(fixed::DIGESTS), *format),
                PageKind::DigestFeed(*format),
                content,
            );
        }
    }

    fn emails(&mut self, [html, text]: [&str; 2], id: DigestId, content: Hash128) {
        self.add(
            html.to_owned(),
            PageKind::Email(id, EmailFormat::Html),
            content,
        );
        self.add(
            text.to_owned(),
            PageKind::Email(id, EmailFormat::Text),
            content,
        );
    }

    /// What the page, the email and the text of a digest show.
    fn digest(&self, id: DigestId, own: Hash128) -> Hash128 {
        let digest = &self.edition.digests[id];
        let urls = &self.plan.shared.digest_urls;
        let mut hasher = self.digest_head(id);
        hasher
            .hash(own)
            .optional(urls.get(id.older()).map(String::as_str));
        hasher.number(digest.sections.len() as i64);
        for section in &digest.sections {
            hasher.hash(
                section
                    .topic
                    .map(|topic| self.parts.refs.topics[topic])
                    .unwrap_or_default(),
            );
            hasher.number(section.stories.len() as i64);
        }
        for pick in digest.picks() {
            hasher.hash(self.inputs.pick(pick).hash(&self.parts.refs));
        }
        hasher.finish()
    }

    /// What the index shows of a digest.
    fn line_of(&self, id: DigestId) -> Hash128 {
        let digest = &self.edition.digests[id];
        let mut hasher = self.digest_head(id);
        hasher
            .hash(self.parts.stories[digest.lead.position])
            .number(digest.picks().count() as i64);
        hasher.finish()
    }

    fn digest_head(&self, id: DigestId) -> Hasher {
        let period = &self.edition.digests[id].period;
        let mut hasher = Hasher::new("digest");
        hasher.text(&self.plan.shared.digest_urls[id]);
        hasher
            .hash(hash_of(&period.first))
            .hash(hash_of(&period.last))
            .number(period.end.seconds());
        hasher
    }
}
