//! Other people's HTML → HTML that is safe and valid on our page, by an allow-list (ammonia).

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use ahash::AHashSet;
use ammonia::Builder;
use url::Url;

use super::budget::{self, TooMuch};
use super::markdown::footnotes;
use super::{anchor, html_size, link, link_target, tags, text};

/// Cleans HTML for one site.
pub(super) struct Sanitizer {
    body: Builder<'static>,
    embed: Builder<'static>,
}

/// A text as sanitised HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Body {
    /// The HTML. Links and pictures that are relative to the file are in it as they are in
    /// `relative`; whoever shows it resolves them.
    pub(super) html: String,
    /// Addresses relative to the file, without repetition.
    pub(super) relative: Vec<String>,
}

/// What stays of the HTML of a body.
pub(super) struct Allowed {
    elements: HashSet<&'static str>,
    attributes: HashMap<&'static str, HashSet<&'static str>>,
    generic: HashSet<&'static str>,
}

impl Allowed {
    /// Whether an element stays.
    pub(super) fn has_element(&self, name: &str) -> bool {
        self.elements.contains(name)
    }

    /// Whether an attribute of an element stays, if its value is good.
    pub(super) fn has_attribute(&self, element: &str, name: &str) -> bool {
        let own = self.attributes.get(element);
        self.generic.contains(name) || own.is_some_and(|own| own.contains(name))
    }
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
        body.add_tags(["section"])
            .add_allowed_classes("section", [footnotes::CLASS])
            .add_generic_attributes(["id"])
            .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
            .attribute_filter(|element, attribute, value| {
                filter(
                    element,
                    attribute,
                    value,
                    link_target::link,
                    link_target::picture,
                )
            });
        for cell in ["td", "th"] {
            body.add_tag_attributes(cell, ["align", "style"]);
        }
        for titled in ["a", "abbr", "dfn", "img"] {
            body.add_tag_attributes(titled, ["title"]);
        }
        let mut embed = builder();
        let hosts: Vec<String> = embed_hosts.to_vec();
        embed
            .add_tags(["iframe"])
            .add_tag_attributes("iframe", ["src", "width", "height", "allowfullscreen"])
            .attribute_filter(
                move |element, attribute, value| match (element, attribute) {
                    ("iframe", "src") => frame(value, &hosts).map(Cow::Owned),
                    _ => filter(element, attribute, value, link::image_url, link::image_url),
                },
            );
        Sanitizer { body, embed }
    }

    /// The body of an article or a page; none when nothing is left of it.
    ///
    /// # Errors
    /// When it breaks a budget.
    pub(super) fn body(&self, html: &str) -> Result<Option<Body>, TooMuch> {
        html_size::bound(html)?;
        let clean = self.body.clean(html).to_string();
        let mended = Mended::default();
        let html = mended.mend(&clean);
        let relative = mended.relative.into_inner();
        Ok(something(&html).map(|html| Body { html, relative }))
    }

    /// What stays of the HTML of a body.
    pub(super) fn allowed(&self) -> Allowed {
        Allowed {
            elements: self.body.clone_tags(),
            attributes: self.body.clone_tag_attributes(),
            generic: self.body.clone_generic_attributes(),
        }
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
        Ok(something(&Mended::default().mend(&framed)))
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
    picture: fn(&str) -> Option<String>,
) -> Option<Cow<'v, str>> {
    match (element, attribute) {
        ("img", "src") => picture(value).map(Cow::Owned),
        (_, "href") if !value.starts_with('#') => link(value).map(Cow::Owned),
        (_, "cite") => link::web_url(value).map(Cow::Owned),
        (_, "id") => anchor::is_usable(value).then_some(Cow::Borrowed(value)),
        ("td" | "th", "align" | "style") => alignment(value).map(Cow::Borrowed),
        (_, "width" | "height" | "colspan" | "rowspan" | "span" | "start") => {
            let is_number = !value.is_empty()
                && value.len() < 6
                && value.bytes().all(|byte| byte.is_ascii_digit());
            (is_number && !value.starts_with('0')).then_some(Cow::Borrowed(value))
        }
        _ => Some(Cow::Borrowed(value)),
    }
}

/// The sides that a cell of a table may be aligned to.
const SIDES: [&str; 3] = ["left", "center", "right"];

/// To which side the text of a cell goes, by what stands in `style` or in the old `align`.
fn alignment(value: &str) -> Option<&'static str> {
    let side = match value.split_once(':') {
        Some((name, side)) if name.trim().eq_ignore_ascii_case("text-align") => side,
        Some(_) => return None,
        None => value,
    };
    let side = side.trim_end().trim_end_matches(';').trim();
    SIDES
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(side))
}

/// What the allow-list leaves to do.
#[derive(Default)]
struct Mended {
    /// Addresses relative to the file, and the same to look them up.
    relative: RefCell<Vec<String>>,
    known: RefCell<AHashSet<String>>,
}

impl Mended {
    /// Links that lead nowhere keep their `rel` otherwise, pictures their place; ids would not be
    /// unique; and cells of tables get a class in the place of a style, which a policy forbids.
    fn mend<'h>(&self, html: &'h str) -> Cow<'h, str> {
        let ids = html
            .contains(" id=\"")
            .then(RefCell::<AHashSet<String>>::default);
        tags::change(html, |name, attributes| {
            let doubled = ids.as_ref().and_then(|ids| {
                let id = tags::value(attributes, "id")?;
                (!ids.borrow_mut().insert(id.to_owned())).then(|| tags::without(attributes, "id"))
            });
            let (attributes, is_changed) = match &doubled {
                Some(attributes) => (attributes.as_str(), true),
                None => (attributes, false),
            };
            match name {
                "a" if !tags::has(attributes, "href") => {
                    let id = tags::value(attributes, "id");
                    Some(id.map_or_else(|| "<a>".to_owned(), |id| format!("<a id=\"{id}\">")))
                }
                "a" => {
                    self.note(tags::value(attributes, "href"));
                    is_changed.then(|| format!("<a{attributes}>"))
                }
                "img" if !tags::has(attributes, "src") => Some(String::new()),
                "img" => {
                    self.note(tags::value(attributes, "src"));
                    let alt = match tags::has(attributes, "alt") {
                        true => "",
                        false => " alt=\"\"",
                    };
                    Some(format!("<img{IMAGE}{attributes}{alt}>"))
                }
                "td" | "th" => aligned(name, attributes)
                    .or_else(|| is_changed.then(|| format!("<{name}{attributes}>"))),
                _ => is_changed.then(|| format!("<{name}{attributes}>")),
            }
        })
    }

    /// Remembers an address (as it stands in an attribute) that is relative to the file.
    fn note(&self, address: Option<&str>) {
        let Some(address) = address.filter(|address| link_target::is_relative(address)) else {
            return;
        };
        let address = address.replace("&amp;", "&");
        let mut relative = self.relative.borrow_mut();
        if relative.len() < budget::RELATIVE_LINKS
            && self.known.borrow_mut().insert(address.clone())
        {
            relative.push(address);
        }
    }
}

/// A cell whose alignment is a class.
fn aligned(name: &str, attributes: &str) -> Option<String> {
    let side = tags::value(attributes, "style").or_else(|| tags::value(attributes, "align"))?;
    let rest = tags::without(attributes, "style");
    let rest = tags::without(&rest, "align");
    Some(format!("<{name} class=\"{side}\"{rest}>"))
}

/// The address of a frame, if its host is allowed. YouTube is asked not to set cookies.
fn frame(src: &str, hosts: &[String]) -> Option<String> {
    const YOUTUBE: &str = "https://www.youtube.com/embed/";
    const QUIET_YOUTUBE: &str = "https://www.youtube-nocookie.com/embed/";
    let url = link::web_url(src)?;
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
        let body = sanitizer().body(html).unwrap();
        body.map(|body| body.html)
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
    fn links_to_mail_addresses_and_telephones_stay() {
        for (href, stays) in [
            ("mailto:a@b.org", true),
            ("tel:+49-123-45", true),
            ("mailto:a@b.org?attach=/etc/passwd", false),
            ("tel:*06#", false),
            ("sms:1", false),
        ] {
            let html = clean(&format!("<a href=\"{href}\">x</a>")).unwrap();
            assert_eq!(html.contains("href"), stays, "{html}");
        }
    }

    #[test]
    fn ids_are_plain_unique_and_not_those_of_the_theme() {
        let html = "<h2 id=a>1</h2><p id=a>2</p><p id=main>3</p><p id='x y'>4</p><a id=a>5</a>\
                    <a id=b>6</a><a id=b href=\"https://c.example/\">7</a>";
        assert_eq!(
            clean(html).as_deref(),
            Some(
                "<h2 id=\"a\">1</h2><p>2</p><p>3</p><p>4</p><a>5</a><a id=\"b\">6</a><a \
                 href=\"https://c.example/\" rel=\"noopener noreferrer\">7</a>"
            )
        );
    }

    #[test]
    fn cells_are_aligned_by_a_class() {
        let html = "<table><tr><td style=\"text-align: center\">a</td><td align=RIGHT \
                    colspan=2>b</td><td style=\"color: red\">c</td></tr></table>";
        assert_eq!(
            clean(html).as_deref(),
            Some(
                "<table><tbody><tr><td class=\"center\">a</td><td class=\"right\" \
                 colspan=\"2\">b</td><td>c</td></tr></tbody></table>"
            )
        );
    }

    #[test]
    fn titles_of_links_pictures_and_terms_stay() {
        let html = "<abbr title=\"a &quot;b&quot;\">A</abbr>";
        assert_eq!(clean(html).as_deref(), Some(html));
        assert_eq!(clean("<p title=a>b</p>").as_deref(), Some("<p>b</p>"));
    }

    #[test]
    fn relative_addresses_are_named_once() {
        let body = sanitizer()
            .body(
                "<a href=\"../b c.md?x&amp;y#z\">1</a><img src=d.png><a href=d.png>2</a><a \
                 href=\"?q\">3</a><a href=\"x:y\">4</a><a href=\"#e\">5</a>",
            )
            .unwrap()
            .unwrap();
        assert_eq!(body.relative, ["../b%20c.md?x&y#z", "d.png"]);
        assert!(
            body.html.contains("<a>3</a><a>4</a><a href=\"#e\""),
            "{}",
            body.html
        );
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
            let clean = clean(&html).unwrap();
            assert!(!clean.contains("evil"), "{clean}");
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
