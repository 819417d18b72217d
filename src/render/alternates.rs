//! What a page says of the same page in other editions.

use serde_json::{Value as Json, json};
use tera::Value;

use super::view::Fields;
use crate::plan::PageKind;
use crate::plan::inputs::SiteInputs;
use crate::plan::translations::fallback;

/// A page in a language, for search engines.
pub(super) struct Alternate {
    /// Language tag, or `x-default`.
    pub(super) lang: String,
    /// Full URL.
    pub(super) url: String,
}

/// The page in all its languages, with itself among them, and the one for readers of none of them;
/// nothing when it is in one.
pub(super) fn alternates(site: SiteInputs<'_>, kind: &PageKind) -> Vec<Alternate> {
    let found = site.alternates(kind);
    let url = |id, url: &str| site.plans()[id].shared.absolute(url);
    let in_one = |(id, path): &(_, &str)| Alternate {
        lang: site.plans()[*id].shared.locale().to_owned(),
        url: url(*id, path),
    };
    let mut alternates: Vec<Alternate> = found.iter().map(in_one).collect();
    alternates.extend(fallback(&found).map(|(id, path)| Alternate {
        lang: "x-default".to_owned(),
        url: url(id, path),
    }));
    alternates
}

/// `page.alternates`.
pub(super) fn alternate_values(site: SiteInputs<'_>, kind: &PageKind) -> Vec<Value> {
    let value = |alternate: Alternate| {
        let mut fields = Fields::new();
        fields.set("lang", alternate.lang).set("url", alternate.url);
        fields.into_value()
    };
    alternates(site, kind).into_iter().map(value).collect()
}

/// `page.translations`: for each edition where a reader gets to who chooses it; nothing on a site
/// with one.
pub(super) fn switch(site: SiteInputs<'_>, kind: &PageKind) -> Vec<Value> {
    if !site.is_multilingual() {
        return Vec::new();
    }
    let own = &site.plan().shared;
    let to = |(id, plan): (_, &crate::plan::Plan)| {
        let shared = &plan.shared;
        let same = site.page_in(id, kind);
        let path = same.unwrap_or(shared.routes.home());
        let url = match shared.origin == own.origin {
            true => shared.href(path),
            false => shared.absolute(path),
        };
        let mut fields = Fields::new();
        fields
            .set("lang", shared.locale())
            .set("dir", shared.dir())
            .set("name", shared.language_name.as_str())
            .set("url", url)
            .set("same", same.is_some())
            .set("current", id == site.id());
        fields.into_value()
    };
    site.plans().enumerate().map(to).collect()
}

/// The translations of an article, as schema.org knows them
/// (<https://schema.org/workTranslation>).
pub(super) fn work_translations(site: SiteInputs<'_>, kind: &PageKind) -> Option<Json> {
    let found = site.translations(kind);
    let others = found.iter().filter(|(id, _)| *id != site.id());
    let translation = |(id, path): &(_, &str)| {
        let shared = &site.plans()[*id].shared;
        json!({
            // What an article must say stands on its own page.
            "@type": "CreativeWork",
            "url": shared.absolute(path),
            "inLanguage": shared.locale(),
        })
    };
    let translations: Vec<Json> = others.map(translation).collect();
    (!translations.is_empty()).then(|| translations.into())
}
