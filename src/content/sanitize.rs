//! Other people's HTML → HTML that is safe and valid on our page, by an allow-list (ammonia).

use std::borrow::Cow;
use std::collections::HashSet;

use ammonia::Builder;
use url::Url;

use super::budget::{self, TooMuch};
use super::{html_size, tags, text};

/// Cleans HTML for one site.
pub(super) struct Sanitizer {
    body: Builder<'static>,
    page: Builder<'static>,
    embed: Builder<'static>,
}

/// Elements that ammonia would keep although HTML has given them up, that break a page's outline,
/// or whose content has a form of its own that other people get wrong.
const UNWANTED: [&str; 15] = [
    "acronym", "area", "article", "aside", "bdo", "center", "footer", "h1", "header", "hgroup",
    "map", "nav", "strike", "time", "tt",
];

const REL: &str = "noopener noreferrer";

impl Sanitizer {
    /// Frames may come from `embed_hosts` (in lower case), over `https`, in embeds only.
    pub(super) fn new(embed_hosts: &[String]) -> Sanitizer {
        let mut body = builder();
        body.attribute_filter(|element, attribute, value| {
            filter(element, attribute, value, text::image_url)
        });
        let mut page = builder();
        page.url_schemes(HashSet::from(["http", "https", "mailto"]))
            .attribute_filter(|element, attribute, value| {
                filter(element, attribute, value, own_link)
            });
        let mut embed = builder();
        let hosts: Vec<String> = embed_hosts.to_vec();
        embed
            .add_tags(["iframe"])
            .add_tag_attributes("iframe", ["src", "width", "height", "allowfullscreen"])
            .attribute_filter(
                move |element, attribute, value| match (element, attribute) {
                    ("iframe", "src") => frame(value, &hosts).map(Cow::Owned),
                    _ => filter(element, attribute, value, text::image_url),
                },
            );
        Sanitizer { body, page, embed }
    }

    /// The body of an article; none when nothing is left of it.
    ///
    /// # Errors
    /// When it breaks a budget.
    pub(super) fn body(&self, html: &str) -> Result<Option<String>, TooMuch> {
        html_size::bound(html)?;
        Ok(something(&mend(&self.body.clean(html).to_string())))
    }

    /// The body of one of the site's own pages, which may link to its other pages and to mail
    /// addresses.
    ///
    /// # Errors
    /// When it breaks a budget.
    pub(super) fn page(&self, html: &str) -> Result<Option<String>, TooMuch> {
        html_size::bound(html)?;
        Ok(something(&mend(&self.page.clean(html).to_string())))
    }

    /// `featuredContent`; none when nothing is left of it. `title` names the frame for those who do
    /// not see it.
    ///
    /// # Errors
    /// When it breaks a budget.
    pub(super) fn embed(&self, html: &str, title: &str) -> Result<Option<String>, TooMuch> {
        if html.bytes().filter(|byte| *byte == b'<').count() > budget::HTML_TAGS {
            return Err(TooMuch::Tags);
        }
        html_size::bound(html)?;
        let clean = self.embed.clean(html).to_string();
        let title = html_escape::encode_double_quoted_attribute(title);
        // A frame of a host that is not allowed has lost its `src`.
        let framed = tags::change_raw(&clean, "iframe", |attributes| {
            match tags::has(attributes, "src") {
                true => format!("<iframe title=\"{title}\"{FRAME}{attributes}></iframe>"),
                false => String::new(),
            }
        });
        Ok(something(&mend(&framed)))
    }
}

/// What every picture and every frame gets. (Ammonia would add attributes in another order in every
/// run.)
const IMAGE: &str = " loading=\"lazy\" referrerpolicy=\"no-referrer\"";
const FRAME: &str = " loading=\"lazy\" referrerpolicy=\"strict-origin-when-cross-origin\"";

fn builder() -> Builder<'static> {
    let mut builder = Builder::default();
    builder
        .rm_tags(UNWANTED)
        .url_schemes(HashSet::from(["http", "https"]))
        .link_rel(Some(REL))
        .rm_generic_attributes(["lang", "title"])
        .rm_tag_attributes("a", ["hreflang"])
        .rm_tag_attributes("del", ["datetime"])
        .rm_tag_attributes("ins", ["datetime"])
        .rm_tag_attributes("table", ["align", "char", "charoff", "summary"])
        .rm_tag_attributes("img", ["align"])
        .rm_tag_attributes("hr", ["align", "size", "width"]);
    for part in [
        "col", "colgroup", "tbody", "td", "tfoot", "th", "thead", "tr",
    ] {
        builder.rm_tag_attributes(part, ["align", "char", "charoff", "axis", "scope"]);
    }
    builder
}

fn filter<'v>(
    element: &str,
    attribute: &str,
    value: &'v str,
    link: fn(&str) -> Option<String>,
) -> Option<Cow<'v, str>> {
    match (element, attribute) {
        ("img", "src") => text::image_url(value).map(Cow::Owned),
        (_, "href") if !value.starts_with('#') => link(value).map(Cow::Owned),
        (_, "cite") => text::web_url(value).map(Cow::Owned),
        (_, "width" | "height" | "colspan" | "rowspan" | "span" | "start") => {
            let is_number = !value.is_empty()
                && value.len() < 6
                && value.bytes().all(|byte| byte.is_ascii_digit());
            (is_number && !value.starts_with('0')).then_some(Cow::Borrowed(value))
        }
        _ => Some(Cow::Borrowed(value)),
    }
}

/// A link of one of the site's own pages: to the web, to a path of the site, or to a mail address.
fn own_link(value: &str) -> Option<String> {
    if let Some(address) = value.strip_prefix("mailto:") {
        return (!address.contains(char::is_whitespace)).then(|| value.to_owned());
    }
    text::image_url(value)
}

/// What the allow-list leaves to do: links that lead nowhere keep their `rel`, pictures their
/// place.
fn mend(html: &str) -> Cow<'_, str> {
    tags::change(html, |name, attributes| match name {
        "a" if !tags::has(attributes, "href") => Some("<a>".to_owned()),
        "img" if !tags::has(attributes, "src") => Some(String::new()),
        "img" if !tags::has(attributes, "alt") => {
            Some(format!("<img{IMAGE}{attributes} alt=\"\">"))
        }
        "img" => Some(format!("<img{IMAGE}{attributes}>")),
        _ => None,
    })
}

/// The address of a frame, if its host is allowed. YouTube is asked not to set cookies.
fn frame(src: &str, hosts: &[String]) -> Option<String> {
    const YOUTUBE: &str = "https://www.youtube.com/embed/";
    const QUIET_YOUTUBE: &str = "https://www.youtube-nocookie.com/embed/";
    let url = text::web_url(src)?;
    let parsed = Url::parse(&url).ok()?;
    let host = parsed.host_str()?;
    hosts.iter().any(|allowed| allowed == host).then(|| {
        let url = match url.strip_prefix("http://") {
            Some(rest) => format!("https://{rest}"),
            None => url,
        };
        match url.strip_prefix(YOUTUBE) {
            Some(video) => format!("{QUIET_YOUTUBE}{video}"),
            None => url,
        }
    })
}

fn something(html: &str) -> Option<String> {
    let html = text::without_controls(html.trim_end().to_owned());
    (!html.trim().is_empty()).then_some(html)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sanitizer() -> Sanitizer {
        Sanitizer::new(&["www.youtube.com".to_owned()])
    }

    fn clean(html: &str) -> Option<String> {
        sanitizer().body(html).unwrap()
    }

    #[test]
    fn scripts_handlers_and_foreign_schemes_go() {
        let html = clean(
            "<p onclick=x()>a<script>alert(1)</script><a href=\"javascript:x\">b</a><img \
             src=\"data:x\" alt=c onerror=y></p>",
        );
        assert_eq!(html.as_deref(), Some("<p>a<a>b</a></p>"));
    }

    #[test]
    fn pictures_have_a_text_and_sizes_are_numbers() {
        let html = clean(
            "<img src=https://a.org/x.png width=8 height=\"\"><table><td colspan=-1>x</table>",
        )
        .unwrap();
        assert!(
            html.contains("alt=\"\"") && html.contains("width=\"8\""),
            "{html}"
        );
        assert!(
            !html.contains("height") && !html.contains("colspan"),
            "{html}"
        );
    }

    #[test]
    fn own_pages_may_link_to_mail_addresses() {
        let link = "<a href=\"mailto:a@b.org\">x</a>";
        assert!(sanitizer().page(link).unwrap().unwrap().contains("mailto:"));
        assert!(!clean(link).unwrap().contains("mailto:"));
    }

    #[test]
    fn frames_of_named_hosts_stay_and_others_go() {
        let embed = |html: &str| sanitizer().embed(html, "A \"video\"").unwrap();
        let kept = embed(
            "<iframe title=old width=\"8\" height=\"\" frameborder=\"0\" \
             src=\"http://www.youtube.com/embed/x\" onload=y></iframe>",
        )
        .unwrap();
        assert!(
            kept.contains("src=\"https://www.youtube-nocookie.com/embed/x\""),
            "{kept}"
        );
        assert!(kept.contains("title=\"A &quot;video&quot;\""), "{kept}");
        for gone in ["frameborder", "onload", "height", "old"] {
            assert!(!kept.contains(gone), "{kept}");
        }
        assert_eq!(
            embed("<iframe src=\"https://evil.example/www.youtube.com\"></iframe>"),
            None
        );
        assert_eq!(embed("<iframe src=\"javascript:alert(1)\"></iframe>"), None);
    }

    #[test]
    fn only_the_scheme_of_a_frame_changes() {
        let embed = |src: &str| {
            let html = format!("<iframe src=\"{src}\"></iframe>");
            let clean = sanitizer().embed(&html, "t").unwrap().unwrap();
            tags::frame(&clean).unwrap()
        };
        let query = "v/1?origin=http://site.example/&to=https://www.youtube.com/embed/#http://x";
        let good = format!("https://www.youtube.com/{query}");
        for scheme in ["https://", "http://", "HTTP://", "//"] {
            assert_eq!(embed(&format!("{scheme}www.youtube.com/{query}")), good);
        }
    }

    #[test]
    fn no_path_becomes_a_host() {
        for path in [
            "/.//evil.example/x",
            "/..//evil.example",
            "/%2e//evil.example",
            "/.\\\\evil",
        ] {
            let html =
                format!("<a href=\"{path}\">a</a><img src=\"{path}\"><q cite=\"{path}\">b</q>");
            for clean in [sanitizer().body(&html), sanitizer().page(&html)] {
                let clean = clean.unwrap().unwrap();
                assert!(!clean.contains("evil"), "{clean}");
            }
        }
    }

    #[test]
    fn attributes_of_our_own_stand_in_one_order() {
        for _ in 0..20 {
            let body = clean("<p><img src=\"/a.svg\"> &lt;img</p>").unwrap();
            let img =
                "<img loading=\"lazy\" referrerpolicy=\"no-referrer\" src=\"/a.svg\" alt=\"\">";
            assert_eq!(body, format!("<p>{img} &lt;img</p>"));
            let embed = sanitizer()
                .embed(
                    "<iframe src=\"https://www.youtube.com/embed/x\"></iframe>",
                    "t",
                )
                .unwrap()
                .unwrap();
            let own = "loading=\"lazy\" referrerpolicy=\"strict-origin-when-cross-origin\"";
            assert_eq!(
                embed,
                format!(
                    "<iframe title=\"t\" {own} \
                     src=\"https://www.youtube-nocookie.com/embed/x\"></iframe>"
                )
            );
        }
    }

    #[test]
    fn the_raw_content_of_a_frame_does_not_become_html() {
        for src in ["https://evil.example/", "https://www.youtube.com/embed/x"] {
            let html = format!("<iframe src=\"{src}\">\"><script>alert(1)</script></iframe>after");
            let clean = sanitizer().embed(&html, "t").unwrap().unwrap();
            assert!(
                !clean.contains("script") && clean.ends_with("after"),
                "{clean}"
            );
        }
    }

    #[test]
    fn nothing_left_is_none() {
        assert_eq!(clean("<script>x</script>  "), None);
    }
}
