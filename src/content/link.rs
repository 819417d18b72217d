//! Other people's links, made fit to print and to compare: which are web addresses, when two are
//! the same story, and the parameters that only say where a reader came from.

use std::borrow::Cow;

use url::Url;

use super::budget;

/// An absolute `http` or `https` URL in a form that is valid in HTML, XML and JSON feeds; none for
/// anything else.
///
/// `//host/…` becomes `https`. Characters that RFC 3986 forbids are percent-encoded. A URL or a
/// host beyond its budget is none.
pub fn web_url(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() > budget::URL {
        return None;
    }
    if is_normal(text) {
        return Some(text.to_owned());
    }
    let text = if text.starts_with("//") {
        Cow::Owned(format!("https:{text}"))
    } else {
        Cow::Borrowed(text)
    };
    let url = Url::parse(&text).ok()?;
    // A name before the host makes a reader believe in another host.
    let has_user = !url.username().is_empty() || url.password().is_some();
    if !matches!(url.scheme(), "http" | "https")
        || url
            .host_str()
            .is_none_or(|host| host.is_empty() || host.len() > budget::HOST)
        || has_user
    {
        return None;
    }
    Some(encode(url.as_str())).filter(|url| url.len() <= budget::URL)
}

/// Whether a URL is an `http` or `https` URL that parsing and printing would leave as it is; no for
/// some that they would. Most URLs of a feed are, and this is ten times faster.
fn is_normal(url: &str) -> bool {
    let Some(rest) = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))
    else {
        return false;
    };
    let Some((host, path)) = rest.split_once('/') else {
        return false;
    };
    let host_ok = host.split('.').count() > 1
        && host.split('.').all(|label| {
            label
                .bytes()
                .next_back()
                .is_some_and(|byte| byte.is_ascii_lowercase())
        })
        && host.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte)
        })
        && !host.contains("xn--")
        && host.len() <= budget::HOST;
    host_ok
        && path
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~/?&=+,:;@$!*()#".contains(&byte))
        && !path.contains("/.")
        && !path.starts_with('.')
}

/// A URL of an image: [`web_url`], or a path below the site (`/images/x.svg`).
pub fn image_url(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() > budget::URL {
        return None;
    }
    if text.starts_with('/') && !text.starts_with("//") {
        let joined = Url::parse("http://site")
            .and_then(|site| site.join(text))
            .ok()?;
        let path = joined.as_str().strip_prefix("http://site")?;
        // `/.//host/` is a path until its dots are gone; then it leads to another host.
        return (path.starts_with('/') && !path.starts_with("//"))
            .then(|| encode(path))
            .filter(|path| path.len() <= budget::URL);
    }
    web_url(text)
}

/// Percent-encodes what the URL standard lets pass and RFC 3986 does not.
fn encode(url: &str) -> String {
    let allowed =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte);
    let host_start = match url.starts_with('/') {
        true => 0,
        false => url.find("//").map_or(0, |at| at + 2),
    };
    let path_start = url[host_start..]
        .find('/')
        .map_or(url.len(), |at| host_start + at);
    let bytes = url.as_bytes();
    let mut encoded = String::with_capacity(url.len());
    for (at, &byte) in bytes.iter().enumerate() {
        let hexadecimal = bytes.get(at + 1..at + 3);
        let escape_ok =
            byte != b'%' || hexadecimal.is_some_and(|pair| pair.iter().all(u8::is_ascii_hexdigit));
        let bracket = matches!(byte, b'[' | b']') && at >= path_start;
        if allowed(byte) && escape_ok && !bracket {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// Percent-encodes a path that does not begin at the root of a site.
pub(super) fn encode_path(path: &str) -> String {
    let encoded = encode(&format!("/{path}"));
    encoded.strip_prefix('/').unwrap_or_default().to_owned()
}

/// What makes two URLs (as [`web_url`] gives them) the same story: the `main_host`, the path
/// without AMP forms, the query without tracking parameters, in order, and a fragment that is a
/// route of the page; neither scheme nor any other fragment.
pub fn canonical(url: &str) -> String {
    let Some((_, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (host, path) = amp_cache(rest)
        .unwrap_or(rest)
        .split_once('/')
        .unwrap_or((rest, ""));
    let host = main_host(host);
    let mut path = path.trim_end_matches('/');
    for amp in ["/amp", "/index.amp.html", ".amp"] {
        path = path.strip_suffix(amp).unwrap_or(path);
    }
    let path = path
        .strip_prefix("amp/")
        .unwrap_or(path)
        .trim_end_matches('/');
    let mut canonical = format!("{host}/{path}");
    let mut pairs: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.is_empty() && !is_tracking(pair) && !is_form(pair))
        .collect();
    pairs.sort_unstable();
    for (at, pair) in pairs.iter().enumerate() {
        canonical.push(if at == 0 { '?' } else { '&' });
        canonical.push_str(pair);
    }
    // Pages that are one program show what follows `#/` or `#!`.
    if fragment.starts_with(['/', '!']) {
        canonical.push('#');
        canonical.push_str(fragment.trim_end_matches('/'));
    }
    canonical
}

/// A URL without the parameters that only say where a reader came from; none when it has none.
pub fn without_tracking(url: &str) -> Option<String> {
    let (start, query) = url.split_once('?')?;
    let (query, fragment) = match query.split_once('#') {
        Some((query, fragment)) => (query, Some(fragment)),
        None => (query, None),
    };
    if start.contains('#') || !query.split('&').any(is_tracking) {
        return None;
    }
    let kept = query.split('&').filter(|pair| !is_tracking(pair));
    let kept = kept.collect::<Vec<&str>>().join("&");
    let mut clean = start.to_owned();
    if !kept.is_empty() {
        clean.push('?');
        clean.push_str(&kept);
    }
    if let Some(fragment) = fragment {
        clean.push('#');
        clean.push_str(fragment);
    }
    Some(clean)
}

/// The host of a site without that of its form for telephones or AMP: `www.`, `m.`, `mobile.` and
/// `amp.` go where a domain is left.
fn main_host(host: &str) -> &str {
    if let Some(host) = host.strip_prefix("www.") {
        return host;
    }
    let rest = ["m.", "mobile.", "amp."]
        .iter()
        .find_map(|form| host.strip_prefix(form));
    rest.filter(|rest| is_domain(rest)).unwrap_or(host)
}

/// Whether a name can belong to somebody: not `de`, and not `co.uk`.
fn is_domain(name: &str) -> bool {
    /// What comes before the country in names under which others are registered.
    const SECOND: [&str; 12] = [
        "ac", "co", "com", "edu", "go", "gob", "gov", "ne", "net", "nom", "or", "org",
    ];
    match name.rsplit_once('.') {
        Some((second, country)) if country.len() == 2 => !SECOND.contains(&second),
        Some(_) => true,
        None => false,
    }
}

/// `example-com.cdn.ampproject.org/c/s/example.com/story/amp/` holds the story's own address in its
/// path (<https://developers.google.com/amp/cache/overview#amp-cache-url-format>).
fn amp_cache(address: &str) -> Option<&str> {
    let (host, path) = address.split_once('/')?;
    if !host.ends_with(".cdn.ampproject.org") {
        return None;
    }
    let inside = path
        .split_once('/')
        .filter(|(kind, _)| kind.len() == 1)
        .map_or(path, |(_, rest)| rest);
    Some(inside.strip_prefix("s/").unwrap_or(inside))
}

/// Whether a parameter only says where a reader came from.
fn is_tracking(pair: &str) -> bool {
    let name = pair.split_once('=').map_or(pair, |(name, _)| name);
    const NAMES: &[&str] = &[
        "_ga",
        "_gl",
        "_hsenc",
        "_hsmi",
        "cmpid",
        "dclid",
        "fbclid",
        "gad_source",
        "gbraid",
        "gclid",
        "guccounter",
        "guce_referrer",
        "guce_referrer_sig",
        "igshid",
        "mc_cid",
        "mc_eid",
        "mkt_tok",
        "msclkid",
        "ncid",
        "ocid",
        "oly_anon_id",
        "oly_enc_id",
        "ref_src",
        "ref_url",
        "smid",
        "sr_share",
        "srsltid",
        "ttclid",
        "twclid",
        "vero_id",
        "wbraid",
        "yclid",
    ];
    let name = name.to_lowercase();
    ["utm_", "mtm_", "pk_", "piwik_"]
        .iter()
        .any(|start| name.starts_with(start))
        || NAMES.binary_search(&name.as_str()).is_ok()
}

/// Whether a parameter asks for another form of a story, or names a campaign in a word that means
/// other things elsewhere.
fn is_form(pair: &str) -> bool {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    let name = name.to_lowercase();
    matches!(name.as_str(), "cmp" | "outputtype")
        || (name == "amp" && matches!(value, "" | "1" | "true"))
}

/// The host of a URL, as `main_host` gives it.
pub fn host(url: &str) -> Option<String> {
    let parsed = Url::parse(url).ok()?;
    Some(main_host(&parsed.host_str()?.to_lowercase()).to_owned())
}

/// A domain as an identity: lower case, without scheme, `www.`, `m.`, `amp.`, port or path.
pub fn domain(written: &str) -> Option<String> {
    let written = written.trim();
    if written.len() > budget::URL {
        return None;
    }
    let url = if written.contains("://") {
        written.to_owned()
    } else {
        format!("https://{written}")
    };
    host(&url).filter(|host| host.len() <= budget::HOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_urls_pass() {
        assert_eq!(
            web_url(" https://a.org/x y|z ").as_deref(),
            Some("https://a.org/x%20y%7Cz")
        );
        assert_eq!(web_url("//a.org/x").as_deref(), Some("https://a.org/x"));
        assert_eq!(
            web_url("HTTPS://A.org/50%").as_deref(),
            Some("https://a.org/50%25")
        );
        for wrong in [
            "javascript:alert(1)",
            "data:text/html,x",
            "java\nscript:x",
            "/path",
            "mailto:a@b.c",
            "http://",
            "https://a.org@evil.example/",
            "",
        ] {
            assert_eq!(web_url(wrong), None, "{wrong}");
        }
        assert_eq!(
            image_url("/images/a b.svg").as_deref(),
            Some("/images/a%20b.svg")
        );
        assert_eq!(image_url("data:image/png;base64,x"), None);
        assert_eq!(image_url("/\\evil.org/x"), None);
        for elsewhere in [
            "/.//evil.org/x",
            "/..//evil.org/x",
            "/%2e//evil.org/x",
            "/%2E%2e//evil.org/x",
            "/a/..//evil.org/x",
            "/./\\evil.org/x",
            "/.\\\\evil.org/x",
            "/.\t/\n/evil.org/x",
            "/\t/evil.org/x",
            "/.//",
            "/\\site:81//evil.org",
            "/\\user@site/x",
        ] {
            assert_eq!(image_url(elsewhere), None, "{elsewhere:?}");
        }
        assert_eq!(image_url("/a//b?c=//d").as_deref(), Some("/a//b?c=//d"));
        let brackets = image_url("/a?b=http://[[c]]{{d}}*|e|*");
        assert_eq!(
            brackets.as_deref(),
            Some("/a?b=http://%5B%5Bc%5D%5D%7B%7Bd%7D%7D*%7Ce%7C*")
        );
    }

    #[test]
    fn urls_and_hosts_have_a_length() {
        let path = |length: usize, unit: &str| format!("/{}", unit.repeat(length));
        for (path, is_good) in [
            (path(budget::URL - 20, "a"), true),
            (path(budget::URL, "a"), false),
            // Each of these is six bytes long when it is encoded.
            (path(budget::URL / 7, "é"), true),
            (path(budget::URL / 3, "é"), false),
        ] {
            assert_eq!(image_url(&path).is_some(), is_good, "{}", path.len());
            let url = format!("https://a.org{path}");
            assert_eq!(web_url(&url).is_some(), is_good, "{}", url.len());
        }
        let host = |labels: usize| format!("https://{}example/", "abc.".repeat(labels));
        assert!(web_url(&host(50)).is_some());
        assert!(web_url(&host(70)).is_none() && web_url(&format!("{}ü", host(70))).is_none());
    }

    #[test]
    fn the_fast_way_agrees_with_the_parser() {
        for url in [
            "https://www.example.com/2021/story-1/?id=7&b=a+c#top",
            "http://a.example/x.html",
            "https://a.b/",
            "https://cdn.example/img/x.jpg?w=1200&strip=all",
        ] {
            assert!(is_normal(url), "{url}");
            assert_eq!(Url::parse(url).unwrap().as_str(), url);
        }
        for url in [
            "https://a.b",
            "https://A.b/",
            "https://a.b/../c",
            "https://1.2.3.4/",
            "https://0x7f.1/",
            "https://a.b:443/",
            "https://u@a.b/",
            "https://a.b/ü",
            "https://xn--a.b/",
        ] {
            assert!(!is_normal(url), "{url}");
        }
    }

    #[test]
    fn copies_of_a_story_have_one_canonical_url() {
        let one = canonical("https://www.example.com/2021/story/?id=7&b=1");
        for copy in [
            "http://example.com/2021/story?b=1&id=7&utm_source=x#top",
            "https://amp.example.com/2021/story/amp/?id=7&b=1&fbclid=9",
            "https://m.example.com/2021/story?id=7&b=1",
            "https://example-com.cdn.ampproject.org/c/s/www.example.com/2021/story/amp/?b=1&id=7",
        ] {
            assert_eq!(canonical(copy), one, "{copy}");
        }
        assert_ne!(canonical("https://example.com/2021/story/?id=8&b=1"), one);
    }

    #[test]
    fn fragments_that_are_routes_tell_stories_apart() {
        let at = |fragment: &str| canonical(&format!("https://tv.example/video/{fragment}"));
        assert_eq!(at("#top"), at(""));
        for (one, other) in [("#/a", "#/b"), ("#!a", "#!b"), ("#/a", "")] {
            assert_ne!(at(one), at(other));
        }
        assert_eq!(at("#/a/"), at("#/a"));
    }

    #[test]
    fn links_lose_what_only_says_where_a_reader_came_from() {
        let clean = |url: &str| without_tracking(url).unwrap_or_else(|| "as it was".to_owned());
        assert_eq!(
            clean("https://a.example/x?utm_source=y&id=7&UTM_Medium=z#top"),
            "https://a.example/x?id=7#top"
        );
        assert_eq!(clean("https://a.example/?fbclid=1"), "https://a.example/");
        for url in [
            "https://a.example/x?id=7&cmp=2&amp=1",
            "https://a.example/x",
            "https://a.example/#/x?utm_source=y",
        ] {
            assert_eq!(clean(url), "as it was");
        }
    }

    #[test]
    fn forms_of_a_site_belong_to_its_domain() {
        for (url, domain) in [
            ("https://www.example.com/", "example.com"),
            ("https://m.example.com/", "example.com"),
            ("https://AMP.example.co.uk/", "example.co.uk"),
            ("https://mobile.example.com/", "example.com"),
            ("https://m.de/", "m.de"),
            ("https://m.co.uk/", "m.co.uk"),
            ("https://mm.example.com/", "mm.example.com"),
        ] {
            assert_eq!(host(url).as_deref(), Some(domain));
        }
        assert_eq!(domain("m.example.com").as_deref(), Some("example.com"));
    }
}
