//! The rules of `_headers` and of the files for web servers, as Netlify and Cloudflare read them
//! (<https://docs.netlify.com/manage/routing/headers/>,
//! <https://developers.cloudflare.com/pages/configuration/headers/>).
//!
//! Where several rules match, a later one takes the place of an earlier one at Netlify; Cloudflare
//! joins their values, unless a line `! Name` takes the earlier one away, which Netlify passes
//! over. So a rule that sets a header again says both.
//!
//! Nothing here may depend on single articles: the file would change with each of them.

use std::collections::BTreeSet;

use serde::Serialize;

use super::route::{self, fixed};
use super::shared::Shared;
use super::{Plan, Role};
use crate::config::Config;
use crate::ids::{EditionId, List};
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
/// Characters that Cloudflare reads of a line, at most.
const LONGEST_LINE: usize = 2000;

/// Characters that the policy of a single page may have more than that of the site.
const ROOM: usize = 40;

const POLICY: &str = "Content-Security-Policy";
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

/// All rules, the general ones first.
pub fn rules(config: &Config, theme: &Theme, plans: &List<EditionId, Plan>) -> Vec<Rule> {
    let shared = &plans[EditionId::DEFAULT].shared;
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
    for (plan, config) in plans.iter().zip(&config.editions()) {
        of_edition(&mut rules, &policy, config, &plan.shared);
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
        let paths = route::feed_patterns(config, *format)
            .into_iter()
            .chain(digests);
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

/// A Content-Security-Policy (<https://www.w3.org/TR/CSP3/>): for each directive, what it allows
/// besides nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Policy {
    directives: Vec<(&'static str, BTreeSet<String>)>,
    /// Whether pages come over HTTPS, so that pictures of other hosts have to.
    is_secure: bool,
}

impl Policy {
    /// What the pages of the default theme need.
    fn of_site(config: &Config) -> Policy {
        let is_secure = config.base_url.origin.starts_with("https:");
        let own = || ["'self'".to_owned()];
        let mut policy = Policy {
            directives: Vec::new(),
            is_secure,
        };
        policy
            .add("default-src", [])
            .add("script-src", own())
            .add("style-src", own())
            .add("font-src", own());
        // Pictures of stories lie wherever their providers have them.
        policy.add("img-src", own()).allow("img-src", "https:");
        if !is_secure {
            policy.allow("img-src", "http:");
        }
        policy.add("manifest-src", own()).add("connect-src", []);
        policy.add("frame-src", frame_sources(&config.content.embed_hosts));
        policy
            .add("base-uri", [])
            .add("form-action", own())
            .add("frame-ancestors", own());
        if policy.line() + ROOM > LONGEST_LINE {
            // Frames of other hosts are taken out of articles before they get here.
            policy.directives.retain(|(name, _)| *name != "frame-src");
            policy.add("frame-src", ["https:".to_owned()]);
        }
        policy
    }

    fn add(
        &mut self,
        directive: &'static str,
        sources: impl IntoIterator<Item = String>,
    ) -> &mut Policy {
        self.directives
            .push((directive, sources.into_iter().collect()));
        self
    }

    fn allow(&mut self, directive: &'static str, source: &str) -> &mut Policy {
        for (name, sources) in &mut self.directives {
            if *name == directive {
                sources.insert(source.to_owned());
            }
        }
        self
    }

    /// The length of its line in `_headers`.
    fn line(&self) -> usize {
        format!("  {POLICY}: {}", self.text()).len()
    }

    fn text(&self) -> String {
        let directive = |(name, sources): &(&str, BTreeSet<String>)| match sources.is_empty() {
            true => format!("{name} 'none'"),
            false => format!(
                "{name} {}",
                sources
                    .iter()
                    .map(String::as_str)
                    .collect::<Vec<_>>()
                    .join(" ")
            ),
        };
        let mut parts: Vec<String> = self.directives.iter().map(directive).collect();
        if self.is_secure {
            parts.push("upgrade-insecure-requests".to_owned());
        }
        parts.join("; ")
    }
}

/// Where frames may come from: the hosts that embeds may name, and the one from which those of
/// YouTube are taken.
fn frame_sources(hosts: &[String]) -> BTreeSet<String> {
    const YOUTUBE: [&str; 2] = ["www.youtube.com", "www.youtube-nocookie.com"];
    let is_host = |host: &&str| {
        !host.is_empty()
            && host
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte))
    };
    let quiet = hosts
        .iter()
        .any(|host| host == YOUTUBE[0])
        .then_some(YOUTUBE[1]);
    let hosts = hosts.iter().map(String::as_str).chain(quiet);
    hosts
        .filter(is_host)
        .map(|host| format!("https://{host}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{FeedFormat, Overrides};

    fn policy(settings: &str) -> Policy {
        Policy::of_site(&Config::resolve("site.toml", settings, &Overrides::default()).unwrap())
    }

    #[test]
    fn nothing_inline_is_allowed() {
        let text = policy("base_url = \"https://example.org/\"").text();
        assert!(
            text.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"),
            "{text}"
        );
        assert!(!text.contains("unsafe"), "{text}");
    }

    #[test]
    fn frames_come_from_the_hosts_of_embeds() {
        let text =
            policy("content.embed_hosts = [\"www.youtube.com\", \"a.org; script-src *\"]").text();
        assert!(
            text.contains("frame-src https://www.youtube-nocookie.com https://www.youtube.com;"),
            "{text}"
        );
        assert!(!text.contains('*'), "{text}");
        assert!(
            policy("content.embed_hosts = []")
                .text()
                .contains("frame-src 'none'")
        );
    }

    #[test]
    fn a_page_may_need_more() {
        let mut policy = policy("");
        policy
            .allow("connect-src", "'self'")
            .allow("script-src", "'wasm-unsafe-eval'");
        let text = policy.text();
        assert!(
            text.contains("connect-src 'self';")
                && text.contains("script-src 'self' 'wasm-unsafe-eval';"),
            "{text}"
        );
    }

    #[test]
    fn a_line_is_never_too_long() {
        let hosts: Vec<String> = (0..300)
            .map(|number| format!("\"host-{number}.example.org\""))
            .collect();
        let text = policy(&format!("content.embed_hosts = [{}]", hosts.join(", "))).text();
        assert!(
            text.len() < 1900 && text.contains("frame-src https:"),
            "{text}"
        );
    }

    #[test]
    fn a_line_of_a_single_page_is_never_too_long() {
        let mut longest = 0;
        for length in 1600..1900 {
            let setting = format!("content.embed_hosts = [\"{}.example\"]", "h".repeat(length));
            for (directive, source) in [
                ("script-src", "'wasm-unsafe-eval'"),
                ("style-src", "'unsafe-inline'"),
            ] {
                let mut policy = policy(&setting);
                policy
                    .allow(directive, source)
                    .allow("connect-src", "'self'");
                assert!(policy.line() <= LONGEST_LINE, "{}", policy.line());
                longest = longest.max(policy.line());
            }
        }
        assert!(longest > LONGEST_LINE - ROOM, "{longest}");
    }

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
