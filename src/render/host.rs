//! Files for Netlify and Cloudflare: `_headers` and `_redirects`.

use crate::plan::Plan;
use crate::plan::headers::Rule;
use crate::plan::inputs::SiteInputs;

/// The text of `_headers`.
pub(super) fn headers(rules: &[Rule]) -> String {
    let mut text = String::new();
    for rule in rules {
        text += &format!("{}\n", rule.path);
        for header in &rule.headers {
            if header.replaces {
                text += &format!("  ! {}\n", header.name);
            }
            text += &format!("  {}: {}\n", header.name, header.value);
        }
    }
    text
}

/// The text of `_redirects`: old addresses, then the pages for what is not there in the language of
/// its folder. Netlify wants these to be named
/// (<https://docs.netlify.com/manage/routing/redirects/redirect-options/>); Cloudflare finds them
/// by itself, and passes the lines over.
pub(super) fn redirects(site: SiteInputs<'_>) -> String {
    let moved = site.of_host().flat_map(Plan::redirects);
    let moved: String = moved
        .map(|(from, to)| format!("{from} {to} 301\n"))
        .collect();
    let missing = site.of_host().filter_map(Plan::own_404);
    let missing: String = missing
        .map(|(folder, page)| format!("{folder}* {page} 404\n"))
        .collect();
    moved + &missing
}
