//! Fingerprints: what a page is made of, as four numbers.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::inputs::{self, RefHashes, SiteInputs};
use super::shared::hash_of;
use crate::config::Config;
use crate::hash::{Hash128, Hasher};
use crate::ids::{EditionIndex, List};
use crate::theme::Theme;

/// What a page is made of. Two builds that give a page equal fingerprints give it equal bytes.
///
/// It is kept in parts, so that `build --explain` can say what changed. Each is half of a
/// [`Hash128`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// The template with all that it reaches; the file itself for static files.
    pub template: u64,
    /// Settings that all pages depend on, and newsgen's version.
    pub settings: u64,
    /// Values shared by pages, of those that the template reads.
    pub shared: u64,
    /// Articles and everything else that only this page shows.
    pub content: u64,
}

/// Hashes that the fingerprints of many pages are put together from.
pub(super) struct Parts {
    settings: u64,
    /// The same for templates: they and what `page` tells them show strings, and dates in them.
    settings_of_templates: u64,
    site: Hash128,
    /// For each template its own part of a fingerprint, and that of the shared values that it
    /// reads.
    templates: BTreeMap<String, (u64, u64)>,
    pub(super) refs: RefHashes,
    /// What a listing shows of each article of the edition.
    pub(super) stories: List<EditionIndex, Hash128>,
    /// What its own page shows of each article of the edition.
    pub(super) articles: List<EditionIndex, Hash128>,
}

impl Parts {
    pub(super) fn new(inputs: SiteInputs<'_>, config: &Config, theme: &Theme) -> Parts {
        let shared = &inputs.plan().shared;
        let strings = hash_of(&shared.strings);
        let settings = settings(config, inputs);
        let refs = RefHashes::new(shared);
        let values = || {
            [
                ("site", hash_of(&shared.site)),
                ("nav", hash_of(&inputs.nav_view())),
                ("topics", hash_of(&inputs.topics_view())),
                ("providers", hash_of(&inputs.providers_view())),
                ("months", hash_of(&shared.months_view())),
                ("tags", hash_of(&inputs.tags_view())),
            ]
        };
        let hashes = || -> List<EditionIndex, (Hash128, Hash128)> {
            let positions = inputs.edition().articles.par_ids().with_min_len(256);
            let of_one = |position| inputs::hashes(inputs, position, &refs);
            positions.map(of_one).collect()
        };
        let (values, hashes) = rayon::join(values, hashes);
        Parts {
            settings: settings.number(),
            settings_of_templates: Hasher::new("settings")
                .hash(settings)
                .hash(strings)
                .finish()
                .number(),
            site: values[0].1,
            templates: theme
                .template_names()
                .map(|name| {
                    let hashes = (theme.hash(name).number(), read_by(theme, name, &values));
                    (name.to_owned(), hashes)
                })
                .collect(),
            refs,
            stories: hashes.map(|(story, _)| *story),
            articles: hashes.map(|(_, article)| *article),
        }
    }

    /// The fingerprint of a page that a template makes.
    pub(super) fn of_template(&self, template: &str, content: Hash128) -> Fingerprint {
        let (template, shared) = self.templates[template];
        Fingerprint {
            template,
            settings: self.settings_of_templates,
            shared,
            content: content.number(),
        }
    }

    /// The fingerprint of a page that newsgen makes without a template. Where it shows strings,
    /// they belong to its content.
    pub(super) fn of_data(&self, content: Hash128) -> Fingerprint {
        Fingerprint {
            template: 0,
            settings: self.settings,
            shared: self.site.number(),
            content: content.number(),
        }
    }
}

/// A hash of the shared values that a template reads.
fn read_by(theme: &Theme, template: &str, values: &[(&'static str, Hash128)]) -> u64 {
    let mut hasher = Hasher::new("shared");
    for (name, hash) in values {
        if theme.reads(template, name) {
            hasher.text(name).hash(*hash);
        }
    }
    hasher.finish().number()
}

/// Settings that every page depends on and that are in no shared value.
fn settings(config: &Config, inputs: SiteInputs<'_>) -> Hash128 {
    let shared = &inputs.plan().shared;
    let mut hasher = Hasher::new("settings");
    hasher
        .text(env!("NEWSGEN_CODE"))
        // `page` shows these, whatever else a template reads: the site in the titles of feeds, its
        // description.
        .text(&config.title)
        .optional(config.description.as_deref())
        .text(&config.base_url.origin)
        .text(&config.base_url.path)
        .text(&config.prefix)
        .text(config.time_zone.iana_name().unwrap_or_default())
        .hash(hash_of(&(&config.feeds.formats, config.feeds.of_providers)))
        .hash(hash_of(&(
            &config.locale,
            &config.canonical,
            &shared.preview,
            shared.logo(),
            &shared.search,
            config.look,
            config.tag_pages,
        )));
    // Readers of each edition find the front pages of all.
    for plan in inputs.plans().iter().filter(|_| inputs.is_multilingual()) {
        let shared = &plan.shared;
        hasher
            .text(shared.locale())
            .text(&shared.language_name)
            .text(&shared.home());
    }
    hasher.finish()
}
