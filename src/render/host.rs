//! Files for Netlify and Cloudflare: `_headers` and `_redirects`.

use crate::ids::{EditionId, List};
use crate::plan::Plan;
use crate::plan::headers::Rule;

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

/// The text of `_redirects`.
pub(super) fn redirects(plans: &List<EditionId, Plan>) -> String {
    let lines = plans.iter().flat_map(Plan::redirects);
    lines
        .map(|(from, to)| format!("{from} {to} 301\n"))
        .collect()
}
