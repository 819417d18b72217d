//! Where headlines lead: to a page of the site, or to the original.

use crate::config::{ArticlePages, Config};
use crate::content::article::Facts;
use crate::curate::Kept;

/// Whether an address is that of an original story, and no path of the site.
pub fn is_elsewhere(url: &str) -> bool {
    url.starts_with("http://") || url.starts_with("https://")
}

/// Whether an article has a page. What a later article brings must not change it, or numbered pages
/// would change that name the article; so only coverage counts that is older.
pub(super) fn has_page(facts: &Facts, kept: &Kept, config: &Config) -> bool {
    let is_own = || facts.has_body || !kept.similar.older.is_empty();
    match config.article_pages {
        ArticlePages::All => true,
        ArticlePages::Own => facts.link.is_none() || is_own(),
        ArticlePages::None => facts.link.is_none(),
    }
}
