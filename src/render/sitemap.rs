//! Sitemaps (<https://www.sitemaps.org/protocol.html>).

use super::feeds::Xml;
use crate::plan::{Plan, route};

const NAMESPACE: (&str, &str) = ("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9");

/// The index of all sitemaps.
pub(super) fn index(plan: &Plan) -> Vec<u8> {
    let mut xml = Xml::new();
    xml.open("sitemapindex", &[NAMESPACE]);
    for number in 0..plan.sitemaps() {
        xml.open("sitemap", &[]);
        xml.text("loc", &plan.shared.absolute(&route::sitemap(number + 1)));
        let times = plan.sitemap_part(number).filter_map(|(_, modified)| modified);
        if let Some(newest) = times.max() {
            xml.text("lastmod", &newest.rfc3339_utc());
        }
        xml.close("sitemap");
    }
    xml.close("sitemapindex");
    xml.finish()
}

/// One sitemap.
pub(super) fn part(plan: &Plan, number: usize) -> Vec<u8> {
    let mut xml = Xml::new();
    xml.open("urlset", &[NAMESPACE]);
    for (url, modified) in plan.sitemap_part(number) {
        xml.open("url", &[]);
        xml.text("loc", &plan.shared.absolute(url));
        if let Some(time) = modified {
            xml.text("lastmod", &time.rfc3339_utc());
        }
        xml.close("url");
    }
    xml.close("urlset");
    xml.finish()
}
