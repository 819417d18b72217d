//! Sitemaps (<https://www.sitemaps.org/protocol.html>).

use super::alternates::{Alternate, alternates};
use super::xml::Xml;
use crate::plan::Plan;
use crate::plan::inputs::SiteInputs;

const NAMESPACE: (&str, &str) = ("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9");

/// The index of all sitemaps.
pub(super) fn index(plan: &Plan) -> Vec<u8> {
    let mut xml = Xml::new();
    xml.open("sitemapindex", &[NAMESPACE]);
    for number in 0..plan.sitemaps() {
        xml.open("sitemap", &[]);
        xml.text(
            "loc",
            &plan
                .shared
                .absolute(&plan.shared.routes.sitemap(number + 1)),
        );
        let times = plan
            .sitemap_part(number)
            .filter_map(|(_, modified, _)| modified);
        if let Some(newest) = times.max() {
            xml.text("lastmod", &newest.rfc3339_utc());
        }
        xml.close("sitemap");
    }
    xml.close("sitemapindex");
    xml.finish()
}

/// One sitemap. Pages that are the same in several languages name each other
/// (<https://developers.google.com/search/docs/specialty/international/localized-versions>).
pub(super) fn part(site: SiteInputs<'_>, number: usize) -> Vec<u8> {
    const LINKS: (&str, &str) = ("xmlns:xhtml", "http://www.w3.org/1999/xhtml");
    let plan = site.plan();
    let mut xml = Xml::new();
    match site.is_multilingual() {
        true => xml.open("urlset", &[NAMESPACE, LINKS]),
        false => xml.open("urlset", &[NAMESPACE]),
    }
    for (url, modified, kind) in plan.sitemap_part(number) {
        xml.open("url", &[]);
        xml.text("loc", &plan.shared.absolute(url));
        if let Some(time) = modified {
            xml.text("lastmod", &time.rfc3339_utc());
        }
        for Alternate { lang, url } in alternates(site, &kind) {
            let attributes = [("rel", "alternate"), ("hreflang", &*lang), ("href", &*url)];
            xml.empty("xhtml:link", &attributes);
        }
        xml.close("url");
    }
    xml.close("urlset");
    xml.finish()
}

/// The sitemap of the newest articles, for Google News
/// (<https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap>).
pub(super) fn news(site: SiteInputs<'_>, title: &str, locale: &str) -> Vec<u8> {
    let mut xml = Xml::new();
    xml.open(
        "urlset",
        &[
            NAMESPACE,
            (
                "xmlns:news",
                "http://www.google.com/schemas/sitemap-news/0.9",
            ),
        ],
    );
    let plan = site.plan();
    for position in &plan.news {
        let headline = site.headline(*position);
        xml.open("url", &[]);
        xml.text("loc", &plan.shared.absolute(headline.url()));
        xml.open("news:news", &[]);
        xml.open("news:publication", &[]);
        xml.text("news:name", title);
        xml.text("news:language", &news_language(locale));
        xml.close("news:publication");
        xml.text("news:publication_date", &headline.published().rfc3339_utc());
        xml.text("news:title", headline.title());
        xml.close("news:news");
        xml.close("url");
    }
    xml.close("urlset");
    xml.finish()
}

/// A language as Google News wants it: an ISO 639 code, but for Chinese, whose two scripts it tells
/// apart.
fn news_language(locale: &str) -> String {
    let locale = locale.to_lowercase();
    let mut parts = locale.split('-');
    let language = parts.next().unwrap_or_default();
    let is_traditional = parts.any(|part| matches!(part, "hant" | "tw" | "hk" | "mo"));
    match (language, is_traditional) {
        ("zh", true) => "zh-tw".to_owned(),
        ("zh", false) => "zh-cn".to_owned(),
        _ => language.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::news_language;

    #[test]
    fn chinese_has_two_codes() {
        let codes = ["en-GB", "de", "zh-Hans-CN", "zh-TW", "zh"].map(news_language);
        assert_eq!(codes, ["en", "de", "zh-cn", "zh-tw", "zh-cn"]);
    }
}
