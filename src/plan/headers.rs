//! The rules of `_headers` and of the files for web servers, as Netlify and Cloudflare read them
//! (<https://docs.netlify.com/manage/routing/headers/>,
//! <https://developers.cloudflare.com/pages/configuration/headers/>).
//!
//! Where several rules match, a later one takes the place of an earlier one at Netlify; Cloudflare
//! joins their values, unless a line `! Name` takes the earlier one away, which Netlify passes
//! over. So a rule that sets a header again says both.
//!
//! Nothing here may depend on single articles: the file would change with each of them.

use serde::Serialize;

use super::Role;
use super::inputs::SiteInputs;
use super::policy::{POLICY, Policy};
use super::route::{self, fixed};
use super::shared::Shared;
use crate::config::Config;
use crate::mime::media_type;
use crate::theme::{Theme, hashed_name};

/// What to set for the files that a pattern matches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Path with that of the base URL; `*` at its end stands for the rest, `:name` for a part.
    pub path: String,
    /// Headers and their values.
    pub headers: Vec<Header>,
}

/// A header of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Header {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: String,
    /// Whether an earlier rule sets it, too.
    pub replaces: bool,
}

/// Rules that Cloudflare reads, at most.
const MOST_RULES: usize = 100;
const CACHE: &str = "Cache-Control";
/// A header that some web servers say in a way of its own.
pub const TYPE: &str = "Content-Type";

/// For files whose name changes with their content.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// For fonts, which the style sheet names without a hash, and which hardly ever change.
const FOR_A_WEEK: &str = "public, max-age=604800";
/// For pages: a hashed file that an old page asks for may be gone.
const SHORTLY: &str = "public, max-age=300";

fn first(name: &'static str, value: impl Into<String>) -> Header {
    Header {
        name,
        value: value.into(),
        replaces: false,
    }
}

fn replaces(name: &'static str, value: impl Into<String>) -> Header {
    Header {
        name,
        value: value.into(),
        replaces: true,
    }
}

/// How long browsers and caches may keep a file of the site (RFC 9111, section 5.2; RFC 8246 for
/// `immutable`), for those who give each file its headers. The rules say the same as far as
/// patterns of paths can.
pub fn cache_control(role: Role, file: &str) -> &'static str {
    let fonts = route::FONTS.trim_start_matches('/').trim_end_matches('*');
    match role {
        Role::Hashed => FOR_EVER,
        _ if file.starts_with(fonts) => FOR_A_WEEK,
        _ => SHORTLY,
    }
}

/// All rules of the host of an edition, the general ones first.
pub fn rules(config: &Config, theme: &Theme, inputs: SiteInputs<'_>) -> Vec<Rule> {
    let shared = &inputs.plan().shared;
    let rule = |path: &str, headers: Vec<Header>| Rule {
        path: shared.href(path),
        headers,
    };
    let policy = Policy::of_site(config);
    let mut rules = vec![rule(
        route::EVERYTHING,
        vec![
            first(POLICY, policy.text()),
            first("X-Content-Type-Options", "nosniff"),
            first("Referrer-Policy", "strict-origin-when-cross-origin"),
            first(
                "Permissions-Policy",
                "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
            ),
            first(CACHE, SHORTLY),
        ],
    )];
    rules.push(rule(route::FONTS, vec![replaces(CACHE, FOR_A_WEEK)]));
    for config in &config.editions() {
        let plan = &inputs.plans()[config.id];
        if plan.shared.routes.shares_host(&shared.routes) {
            of_edition(&mut rules, &policy, config, &plan.shared);
        }
    }
    // Themes may name any number of files; those for which there is no rule are asked for again, as
    // pages are.
    let named = theme
        .assets
        .iter()
        .filter(|(path, _)| theme.names_asset(path));
    let hashed = named.map(|(path, asset)| route::asset(&hashed_name(path, asset.hash)));
    let left = MOST_RULES.saturating_sub(rules.len());
    rules.extend(
        hashed
            .take(left)
            .map(|path| rule(&path, vec![replaces(CACHE, FOR_EVER)])),
    );
    rules
}

/// Adds the rules of an edition.
fn of_edition(rules: &mut Vec<Rule>, policy: &Policy, config: &Config, shared: &Shared) {
    let rule = |path: &str, headers: Vec<Header>| Rule {
        path: shared.href(&shared.routes.at(path)),
        headers,
    };
    for (page, policy) in policies_of_pages(policy, config, shared) {
        rules.push(rule(page, vec![replaces(POLICY, policy.text())]));
    }
    if shared.search.is_some() {
        rules.extend(route::SEARCH_HASHED.map(|path| rule(path, vec![replaces(CACHE, FOR_EVER)])));
    }
    if config.api {
        rules.push(rule(
            route::API,
            vec![first("Access-Control-Allow-Origin", "*")],
        ));
    }
    for format in &config.feeds.formats {
        let headers = |path: &str| {
            vec![
                first(TYPE, media_type(path)),
                first("Access-Control-Allow-Origin", "*"),
            ]
        };
        let digests = config
            .digests
            .as_ref()
            .map(|_| route::feed(fixed::DIGESTS, *format));
        let has_tags = config.tag_pages && config.tag_feeds;
        let tags = has_tags.then(|| route::tag_feed_pattern(*format));
        for list in (shared.lists.iter()).filter(|list| list.has_feed && !list.is_tag) {
            let path = route::feed(&list.url, *format);
            let headers = headers(&path);
            let path = shared.href(&path);
            rules.push(Rule { path, headers });
        }
        let is_of_events = config.feeds.formats.first() == Some(format)
            && shared.events_with_page().next().is_some();
        let events = is_of_events.then(|| route::event_feeds(*format));
        let paths = route::feed_patterns(config, *format)
            .into_iter()
            .chain(tags)
            .chain(digests)
            .chain(events);
        rules.extend(paths.map(|path| rule(&path, headers(&path))));
    }
    if shared.opml().is_some() {
        rules.push(rule(
            fixed::OPML,
            vec![first(TYPE, media_type(fixed::OPML))],
        ));
    }
    if shared.web_app.is_some() {
        rules.push(rule(
            fixed::WEB_MANIFEST,
            vec![first(TYPE, media_type(fixed::WEB_MANIFEST))],
        ));
    }
}

/// Pages that need more than the policy of the site allows, with theirs.
fn policies_of_pages(
    site: &Policy,
    config: &Config,
    shared: &Shared,
) -> Vec<(&'static str, Policy)> {
    let mut pages = Vec::new();
    if shared.search.is_some() {
        // The engine is WebAssembly, and fetches parts of its index. It runs in a worker, whose
        // policy comes with its own file.
        let mut policy = site.clone();
        policy
            .allow("script-src", "'wasm-unsafe-eval'")
            .allow("connect-src", "'self'");
        pages.push((route::SEARCH_AND_INDEX, policy));
    }
    if config.digests.is_some() {
        // Emails carry their styles, in the tags: many programs read no others.
        let mut policy = site.clone();
        policy.allow("style-src", "'unsafe-inline'");
        pages.extend([route::EMAILS, fixed::LATEST_EMAIL].map(|path| (path, policy.clone())));
    }
    pages
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::FeedFormat;

    #[test]
    fn links_and_files_of_feeds_name_the_same_type() {
        for format in [FeedFormat::Atom, FeedFormat::Rss, FeedFormat::Json] {
            let file = route::feed(fixed::HOME, format);
            assert_eq!(
                media_type(&file),
                format!("{}; charset=utf-8", format.media_type())
            );
        }
    }
}
