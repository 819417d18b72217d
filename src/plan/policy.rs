//! The Content-Security-Policy of the site: what the default theme needs, and what the settings
//! add.

use std::collections::BTreeSet;

use url::Url;

use crate::config::Config;

/// Name of the header.
pub(super) const POLICY: &str = "Content-Security-Policy";

/// Characters that Cloudflare reads of a line, at most.
const LONGEST_LINE: usize = 2000;

/// Characters that the policy of a single page may have more than that of the site.
const ROOM: usize = 40;

/// A Content-Security-Policy (<https://www.w3.org/TR/CSP3/>): for each directive, what it allows
/// besides nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Policy {
    directives: Vec<(&'static str, BTreeSet<String>)>,
    /// Scheme and host of the site.
    origin: String,
    /// Whether pages come over HTTPS, so that pictures of other hosts have to.
    is_secure: bool,
}

impl Policy {
    /// What the pages of the default theme need.
    pub(super) fn of_site(config: &Config) -> Policy {
        let is_secure = config.base_url.origin.starts_with("https:");
        let own = || ["'self'".to_owned()];
        let mut policy = Policy {
            directives: Vec::new(),
            origin: config.base_url.origin.clone(),
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
        for (directive, sources) in &config.host.csp {
            policy.extend(directive, sources);
        }
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

    pub(super) fn allow(&mut self, directive: &'static str, source: &str) -> &mut Policy {
        for (name, sources) in &mut self.directives {
            if *name == directive {
                sources.insert(source.to_owned());
            }
        }
        self
    }

    /// Adds sources to a directive, which may not be there yet.
    fn extend(&mut self, directive: &'static str, sources: &BTreeSet<String>) {
        if !self.directives.iter().any(|(name, _)| *name == directive) {
            self.add(directive, []);
        }
        for source in sources {
            self.allow(directive, source);
        }
    }

    /// Whether it allows something.
    pub(super) fn allows(&self, directive: &str, need: &Need) -> bool {
        let sources_of = |wanted: &str| {
            let mut directives = self.directives.iter();
            let (_, sources) = directives.find(|(name, _)| *name == wanted)?;
            Some(sources)
        };
        let Some(sources) = sources_of(directive).or_else(|| sources_of("default-src")) else {
            return true;
        };
        sources.iter().any(|source| match need {
            // A hash may be that of another script; whoever writes one knows which.
            Need::Inline => source == "'unsafe-inline'" || source.starts_with("'sha"),
            Need::Url(url) => self.is_of(url, source),
        })
    }

    /// Whether a source stands for an address
    /// (<https://www.w3.org/TR/CSP3/#match-url-to-source-expression>); paths aside.
    fn is_of(&self, url: &Url, source: &str) -> bool {
        let (scheme, rest) = match source.split_once("://") {
            Some((scheme, rest)) => (Some(scheme), rest),
            None => (None, source),
        };
        if let Some(scheme) = rest.strip_suffix(':') {
            return scheme == url.scheme() || (scheme == "http" && url.scheme() == "https");
        }
        let Some(host) = url.host_str() else {
            return false;
        };
        if source == "'self'" {
            return url.origin().ascii_serialization() == self.origin;
        }
        let is_same_scheme = scheme.is_none_or(|scheme| {
            let upgraded = |scheme: &str| scheme.trim_end_matches('s').to_owned();
            upgraded(scheme) == upgraded(url.scheme())
        });
        let allowed = rest.split(['/', ':']).next().unwrap_or_default();
        let is_host = match allowed.strip_prefix('*') {
            Some(end) => host.ends_with(end),
            None => host.eq_ignore_ascii_case(allowed),
        };
        is_same_scheme && is_host
    }

    /// The length of its line in `_headers`.
    fn line(&self) -> usize {
        format!("  {POLICY}: {}", self.text()).len()
    }

    pub(super) fn text(&self) -> String {
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

/// What a page asks a browser to do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Need {
    /// To use what stands in the page itself.
    Inline,
    /// To ask for an address.
    Url(Url),
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
    use crate::config::Overrides;

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
    fn settings_add_sources_to_single_directives() {
        let settings = "base_url = \"https://example.org/\"\n[host.csp]\n\
             script-src = \"https://c.example\"\nmedia-src = \"*.m.example data:\"\n\
             connect-src = \"https://c.example/count\"\n";
        let policy = policy(settings);
        let text = policy.text();
        for part in [
            "script-src 'self' https://c.example;",
            "connect-src https://c.example/count;",
            "media-src *.m.example data:;",
        ] {
            assert!(text.contains(part), "{text}");
        }
        let allows =
            |directive, url: &str| policy.allows(directive, &Need::Url(Url::parse(url).unwrap()));
        assert!(allows("script-src", "https://c.example/x.js"));
        assert!(allows("script-src", "https://example.org/x.js"));
        assert!(!allows("script-src", "https://d.example/x.js"));
        assert!(allows("media-src", "http://a.m.example/x.mp3"));
        assert!(allows("media-src", "data:audio/mp3,x"));
        assert!(!allows("media-src", "https://m.example/x.mp3"));
        assert!(allows("img-src", "https://anywhere.example/x.png"));
        assert!(!allows("worker-src", "https://c.example/x.js"));
        assert!(!policy.allows("script-src", &Need::Inline));
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
}
