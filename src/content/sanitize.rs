//! Other people's HTML → HTML that is safe and valid on our page, by an allow-list (ammonia).

use std::borrow::Cow;
use std::collections::HashSet;

use ammonia::Builder;
use url::Url;

use super::text;

/// Cleans bodies and embeds for one site.
pub(super) struct Sanitizer {
    body: Builder<'static>,
    embed: Builder<'static>,
}

/// Why a text is not read: it would take the HTML parser minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooMuch {
    /// Elements inside elements inside elements.
    Nesting,
    /// HTML tags.
    Tags,
    /// Characters that are written as entities.
    Entities,
}

impl std::fmt::Display for TooMuch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            TooMuch::Nesting => "is nested too deeply",
            TooMuch::Tags => "has too many HTML tags",
            TooMuch::Entities => "has too many `&`",
        })
    }
}

/// HTML tags in a text.
pub(super) const MOST_TAGS: usize = 10_000;
const MOST_ENTITIES: usize = 100_000;

/// What may be a tag: no fewer than the parser will find.
pub(super) fn count_tags(html: &str) -> usize {
    html.bytes().filter(|byte| *byte == b'<').count()
}

/// Elements that ammonia would keep although HTML has given them up, or that break a page's outline.
const UNWANTED: [&str; 9] = ["acronym", "article", "center", "footer", "header", "hgroup", "strike", "tt", "nav"];

impl Sanitizer {
    /// Frames may come from `embed_hosts` (in lower case), over `https`, in embeds only.
    pub(super) fn new(embed_hosts: &[String]) -> Sanitizer {
        let mut body = Builder::default();
        body.rm_tags(UNWANTED)
            .rm_tags(["h1", "map", "area", "bdi", "bdo"])
            .url_schemes(HashSet::from(["http", "https"]))
            .link_rel(Some("noopener noreferrer"))
            .rm_tag_attributes("table", ["align", "char", "charoff", "summary"])
            .rm_tag_attributes("img", ["align"])
            .rm_tag_attributes("hr", ["align", "size", "width"])
            .rm_tag_attributes("col", ["align", "char", "charoff"])
            .rm_tag_attributes("colgroup", ["align", "char", "charoff"])
            .rm_tag_attributes("tbody", ["align", "char", "charoff"])
            .rm_tag_attributes("td", ["align", "char", "charoff"])
            .rm_tag_attributes("tfoot", ["align", "char", "charoff"])
            .rm_tag_attributes("th", ["align", "char", "charoff"])
            .rm_tag_attributes("thead", ["align", "char", "charoff"])
            .rm_tag_attributes("tr", ["align", "char", "charoff"])
            .set_tag_attribute_value("img", "loading", "lazy")
            .set_tag_attribute_value("img", "referrerpolicy", "no-referrer")
            .attribute_filter(|element, attribute, value| match (element, attribute) {
                ("img", "src") => text::image_url(value).map(Cow::Owned),
                (_, "href") if !value.starts_with('#') => text::image_url(value).map(Cow::Owned),
                (_, "cite") => text::web_url(value).map(Cow::Owned),
                ("img", "width" | "height") | (_, "colspan" | "rowspan" | "start") => {
                    value.chars().all(|c| c.is_ascii_digit()).then_some(Cow::Borrowed(value))
                }
                _ => Some(Cow::Borrowed(value)),
            });
        let mut embed = Builder::default();
        let hosts: Vec<String> = embed_hosts.to_vec();
        embed
            .rm_tags(UNWANTED)
            .add_tags(["iframe"])
            .add_tag_attributes("iframe", ["src", "width", "height", "allowfullscreen"])
            .url_schemes(HashSet::from(["http", "https"]))
            .link_rel(Some("noopener noreferrer"))
            .set_tag_attribute_value("iframe", "loading", "lazy")
            .set_tag_attribute_value("iframe", "referrerpolicy", "strict-origin-when-cross-origin")
            .attribute_filter(move |element, attribute, value| match (element, attribute) {
                ("iframe", "src") => frame(value, &hosts).map(Cow::Owned),
                ("iframe" | "img", "width" | "height") => {
                    value.chars().all(|c| c.is_ascii_digit()).then_some(Cow::Borrowed(value))
                }
                ("img", "src") => text::image_url(value).map(Cow::Owned),
                (_, "href") => text::web_url(value).map(Cow::Owned),
                _ => Some(Cow::Borrowed(value)),
            });
        Sanitizer { body, embed }
    }

    /// A body; none when nothing is left of it. Its tags are those that [`super::markdown`] let through.
    pub(super) fn body(&self, html: &str) -> Result<Option<String>, TooMuch> {
        bound_entities(html)?;
        Ok(something(self.body.clean(html).to_string()))
    }

    /// `featuredContent`; none when nothing is left of it. `title` names the frame for those who do not see it.
    pub(super) fn embed(&self, html: &str, title: &str) -> Result<Option<String>, TooMuch> {
        bound_entities(html)?;
        if count_tags(html) > MOST_TAGS {
            return Err(TooMuch::Tags);
        }
        let clean = self.embed.clean(html).to_string();
        let title = html_escape::encode_double_quoted_attribute(title);
        let mut kept = String::with_capacity(clean.len());
        let mut rest = clean.as_str();
        while let Some(start) = rest.find("<iframe") {
            let end = rest[start..].find("</iframe>").map_or(rest.len(), |at| start + at + "</iframe>".len());
            kept.push_str(&rest[..start]);
            let frame = &rest[start..end];
            // A frame of a host that is not allowed has lost its `src`.
            if frame.contains(" src=\"") {
                kept.push_str(&format!("<iframe title=\"{title}\"{}", &frame["<iframe".len()..]));
            }
            rest = &rest[end..];
        }
        kept.push_str(rest);
        Ok(something(kept))
    }
}

fn bound_entities(html: &str) -> Result<(), TooMuch> {
    let entities = html.bytes().filter(|byte| *byte == b'&').count();
    if entities > MOST_ENTITIES { Err(TooMuch::Entities) } else { Ok(()) }
}

fn frame(src: &str, hosts: &[String]) -> Option<String> {
    let url = text::web_url(src)?;
    let parsed = Url::parse(&url).ok()?;
    let host = parsed.host_str()?;
    hosts.iter().any(|allowed| allowed == host).then(|| url.replacen("http://", "https://", 1))
}

fn something(html: String) -> Option<String> {
    let html = text::without_controls(html);
    (!html.trim().is_empty()).then(|| html.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sanitizer() -> Sanitizer {
        Sanitizer::new(&["www.youtube.com".to_owned()])
    }

    #[test]
    fn scripts_handlers_and_foreign_schemes_go() {
        let html = sanitizer().body(
            "<p onclick=x()>a<script>alert(1)</script><a href=\"javascript:x\">b</a><img src=\"data:x\" alt=c onerror=y></p>",
        );
        let html = html.unwrap().unwrap();
        for bad in ["script", "onclick", "onerror", "javascript", "data:"] {
            assert!(!html.contains(bad), "{html}");
        }
    }

    #[test]
    fn frames_of_named_hosts_stay_and_others_go() {
        let embed = |html: &str| sanitizer().embed(html, "A \"video\"").unwrap();
        let kept =
            embed("<iframe width=\"8\" frameborder=\"0\" src=\"http://www.youtube.com/embed/x\" onload=y></iframe>")
                .unwrap();
        assert!(
            kept.contains("src=\"https://www.youtube.com/embed/x\"") && kept.contains("title=\"A &quot;video&quot;\""),
            "{kept}"
        );
        assert!(!kept.contains("frameborder") && !kept.contains("onload"), "{kept}");
        assert_eq!(embed("<iframe src=\"https://evil.example/www.youtube.com\"></iframe>"), None);
        assert_eq!(embed("<iframe src=\"javascript:alert(1)\"></iframe>"), None);
    }

    #[test]
    fn nothing_left_is_none() {
        assert_eq!(sanitizer().body("<script>x</script>  "), Ok(None));
    }
}
