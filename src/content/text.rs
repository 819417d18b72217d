//! Other people's text and URLs, made fit to print.

use std::borrow::Cow;

use url::Url;

/// One line of plain text: HTML entities decoded, control characters removed, white space folded. None when
/// nothing is left.
///
/// Removing control characters (but for tab and line ends, which fold into spaces) leaves only what XML 1.0 allows
/// (<https://www.w3.org/TR/xml/#charsets>), so that feeds are well-formed by construction.
pub fn line(text: &str) -> Option<String> {
    let decoded = if text.contains('&') { html_escape::decode_html_entities(text) } else { Cow::Borrowed(text) };
    let mut clean = String::with_capacity(decoded.len());
    for c in decoded.chars() {
        if c.is_whitespace() {
            if !clean.is_empty() && !clean.ends_with(' ') {
                clean.push(' ');
            }
        } else if is_printable(c) {
            clean.push(c);
        }
    }
    clean.truncate(clean.trim_end().len());
    (!clean.is_empty()).then_some(clean)
}

/// Text of several lines without control characters.
pub fn without_controls(text: String) -> String {
    if text.chars().all(|c| c == '\n' || c == '\t' || is_printable(c)) {
        return text;
    }
    text.chars().filter(|c| *c == '\n' || *c == '\t' || is_printable(*c)).collect()
}

fn is_printable(c: char) -> bool {
    // Bidirectional overrides would let a headline reorder the text around it.
    !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// An absolute `http` or `https` URL in a form that is valid in HTML, XML and JSON feeds; none for anything else.
///
/// `//host/…` becomes `https`. Characters that RFC 3986 forbids are percent-encoded.
pub fn web_url(text: &str) -> Option<String> {
    let text = text.trim();
    let text = if text.starts_with("//") { Cow::Owned(format!("https:{text}")) } else { Cow::Borrowed(text) };
    let url = Url::parse(&text).ok()?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return None;
    }
    Some(encode(url.as_str()))
}

/// A URL of an image: [`web_url`], or a path below the site (`/images/x.svg`).
pub fn image_url(text: &str) -> Option<String> {
    let text = text.trim();
    if text.starts_with('/') && !text.starts_with("//") {
        let path = Url::parse("http://site").and_then(|site| site.join(text)).ok()?;
        return (path.host_str() == Some("site")).then(|| encode(&path.as_str()["http://site".len()..]));
    }
    web_url(text)
}

/// Percent-encodes what the URL standard lets pass and RFC 3986 does not.
fn encode(url: &str) -> String {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte);
    let host_end = url.find("//").map_or(0, |at| at + 2);
    let path_start = url[host_end..].find('/').map_or(url.len(), |at| host_end + at);
    let bytes = url.as_bytes();
    let mut encoded = String::with_capacity(url.len());
    for (at, &byte) in bytes.iter().enumerate() {
        let escape_ok = byte != b'%'
            || matches!(bytes.get(at + 1..at + 3), Some([a, b]) if a.is_ascii_hexdigit() && b.is_ascii_hexdigit());
        let bracket = matches!(byte, b'[' | b']') && at >= path_start;
        if allowed(byte) && escape_ok && !bracket {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// What makes two URLs the same story: host without `www.` and AMP forms, path, and the query without tracking
/// parameters, in order; neither scheme nor fragment.
pub fn canonical(url: &str) -> String {
    let Ok(parsed) = Url::parse(url) else {
        return url.to_owned();
    };
    let parsed = unwrap_amp_cache(&parsed).unwrap_or(parsed);
    let host = parsed.host_str().unwrap_or_default();
    let host = host.strip_prefix("www.").or_else(|| host.strip_prefix("amp.")).unwrap_or(host);
    let mut path = parsed.path().trim_end_matches('/');
    for amp in ["/amp", "/index.amp.html", ".amp"] {
        path = path.strip_suffix(amp).unwrap_or(path);
    }
    let path = path.strip_prefix("/amp/").map_or_else(|| path.to_owned(), |rest| format!("/{rest}"));
    let mut pairs: Vec<(Cow<'_, str>, Cow<'_, str>)> =
        parsed.query_pairs().filter(|(name, value)| !is_tracking(name, value)).collect();
    pairs.sort();
    let mut canonical = format!("{host}{}", path.trim_end_matches('/'));
    for (at, (name, value)) in pairs.iter().enumerate() {
        canonical.push(if at == 0 { '?' } else { '&' });
        canonical.push_str(name);
        canonical.push('=');
        canonical.push_str(value);
    }
    canonical
}

/// `https://example-com.cdn.ampproject.org/c/s/example.com/story/amp/` holds the story's own URL in its path
/// (<https://developers.google.com/amp/cache/overview#amp-cache-url-format>).
fn unwrap_amp_cache(url: &Url) -> Option<Url> {
    if !url.host_str()?.ends_with(".cdn.ampproject.org") {
        return None;
    }
    let rest = url.path().trim_start_matches('/');
    let rest = rest.split_once('/').filter(|(kind, _)| kind.len() == 1).map_or(rest, |(_, rest)| rest);
    let rest = rest.strip_prefix("s/").unwrap_or(rest);
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    Url::parse(&format!("https://{rest}{query}")).ok()
}

fn is_tracking(name: &str, value: &str) -> bool {
    const NAMES: &[&str] = &[
        "fbclid",
        "gclid",
        "dclid",
        "gbraid",
        "wbraid",
        "msclkid",
        "yclid",
        "twclid",
        "igshid",
        "mc_cid",
        "mc_eid",
        "ocid",
        "cmpid",
        "cmp",
        "ncid",
        "smid",
        "sr_share",
        "ref_src",
        "ref_url",
        "guccounter",
        "guce_referrer",
        "guce_referrer_sig",
        "_ga",
        "_gl",
        "outputtype",
    ];
    let name = name.to_lowercase();
    name.starts_with("utm_")
        || name.starts_with("mtm_")
        || name.starts_with("pk_")
        || NAMES.contains(&name.as_str())
        || (name == "amp" && matches!(value, "" | "1" | "true"))
}

/// The host of a URL without `www.`.
pub fn host(url: &str) -> Option<String> {
    let parsed = Url::parse(url).ok()?;
    let host = parsed.host_str()?;
    Some(host.strip_prefix("www.").unwrap_or(host).to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_decoded_and_folded() {
        assert_eq!(line(" Nov&#8217;19 &amp;\n\u{0}now\u{202e} ").as_deref(), Some("Nov’19 & now"));
        assert_eq!(line(" \u{7} "), None);
    }

    #[test]
    fn only_web_urls_pass() {
        assert_eq!(web_url(" https://a.org/x y|z ").as_deref(), Some("https://a.org/x%20y%7Cz"));
        assert_eq!(web_url("//a.org/x").as_deref(), Some("https://a.org/x"));
        assert_eq!(web_url("HTTPS://A.org/50%").as_deref(), Some("https://a.org/50%25"));
        for wrong in
            ["javascript:alert(1)", "data:text/html,x", "java\nscript:x", "/path", "mailto:a@b.c", "http://", ""]
        {
            assert_eq!(web_url(wrong), None, "{wrong}");
        }
        assert_eq!(image_url("/images/a b.svg").as_deref(), Some("/images/a%20b.svg"));
        assert_eq!(image_url("data:image/png;base64,x"), None);
        assert_eq!(image_url("/\\evil.org/x"), None);
    }

    #[test]
    fn copies_of_a_story_have_one_canonical_url() {
        let one = canonical("https://www.example.com/2021/story/?id=7&b=1");
        for copy in [
            "http://example.com/2021/story?b=1&id=7&utm_source=x#top",
            "https://amp.example.com/2021/story/amp/?id=7&b=1&fbclid=9",
            "https://example-com.cdn.ampproject.org/c/s/www.example.com/2021/story/amp/?b=1&id=7",
        ] {
            assert_eq!(canonical(copy), one, "{copy}");
        }
        assert_ne!(canonical("https://example.com/2021/story/?id=8&b=1"), one);
    }
}
