//! Pictures in SVG: whether one is nothing but a picture. They come from anywhere, and an SVG file
//! can hold scripts, which run with the rights of the site when a browser shows the file by itself.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// Whether a picture in SVG is nothing but a picture, also for a browser that shows it by itself:
/// no scripts, no handlers of events, nothing of HTML, no animation of links, no style sheets or
/// files from elsewhere, no entities.
pub(super) fn is_inert(svg: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(svg) else {
        return false;
    };
    // Browsers read the file in the encoding that it names, and some have signs in the place of
    // others.
    let is_control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if text.contains(is_control) {
        return false;
    }
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event() {
            Ok(Event::Decl(declaration)) => {
                let encoding = declaration.encoding();
                let is_utf8 = encoding.is_none_or(|encoding| {
                    encoding.is_ok_and(|name| name.eq_ignore_ascii_case(b"utf-8"))
                });
                if !is_utf8 {
                    return false;
                }
            }
            Ok(Event::Start(element) | Event::Empty(element)) => {
                if !is_harmless(&element) {
                    return false;
                }
            }
            // Of a style sheet, most likely.
            Ok(Event::Text(text)) if !is_own_style(&text) => return false,
            Ok(Event::CData(text)) if !is_own_style(&text) => return false,
            Ok(Event::DocType(doctype)) => {
                // One without declarations of its own, as editors write it.
                if doctype.contains(&b'[') {
                    return false;
                }
            }
            Ok(Event::PI(_)) => return false,
            Ok(Event::GeneralRef(entity)) => {
                // Those that the picture declares itself could hold anything.
                let is_known = entity.is_char_ref()
                    || matches!(&*entity, b"amp" | b"lt" | b"gt" | b"quot" | b"apos");
                if !is_known {
                    return false;
                }
            }
            Ok(Event::Eof) => return true,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}

/// Whether a style, if a text is one, asks for nothing from elsewhere: `url(#gradient)` is a part
/// of the picture.
fn is_own_style(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let text = text.to_ascii_lowercase();
    let mut links = text.split("url(").skip(1);
    let is_inside = |link: &str| link.trim_start_matches(['"', '\'']).starts_with('#');
    !text.contains("@import") && !text.contains('\\') && links.all(is_inside)
}

/// Whether an element of a picture in SVG, with its attributes, runs nothing.
fn is_harmless(element: &BytesStart<'_>) -> bool {
    /// Elements, without their prefixes, of vector graphics and what editors say of them.
    const REFUSED: [&str; 12] = [
        "script",
        "foreignobject",
        "iframe",
        "object",
        "embed",
        "handler",
        "listener",
        "set",
        "animate",
        "audio",
        "video",
        "link",
    ];
    let name = lower_case(element.local_name().as_ref());
    if REFUSED.contains(&name.as_str()) {
        return false;
    }
    element.attributes().all(|attribute| {
        let Ok(attribute) = attribute else {
            return false;
        };
        let key = lower_case(attribute.key.local_name().as_ref());
        let Ok(value) = attribute.normalized_value(XmlVersion::Implicit1_0) else {
            return false;
        };
        let value: String = value.chars().filter(|c| *c > ' ').collect();
        let value = value.to_ascii_lowercase();
        let is_inside = value.is_empty() || value.starts_with('#');
        // The elements of other languages run, and lead elsewhere.
        let full = lower_case(attribute.key.as_ref());
        let is_namespace = full == "xmlns" || full.starts_with("xmlns:");
        if is_namespace && (value.contains("xhtml") || value.contains("mathml"))
            || full == "xmlns" && value != "http://www.w3.org/2000/svg"
        {
            return false;
        }
        if !is_namespace && key != "d" && !is_own_style(value.as_bytes()) {
            return false;
        }
        match key.as_str() {
            "href" => {
                is_inside
                    || name == "image"
                        && value.starts_with("data:image/")
                        && !value.starts_with("data:image/svg")
                    || name == "a" && (value.starts_with("https:") || value.starts_with("http:"))
            }
            _ => !key.starts_with("on") && !value.contains("javascript:"),
        }
    })
}

/// A name in small letters. Names come as bytes, of a text in UTF-8.
fn lower_case(name: &[u8]) -> String {
    String::from_utf8_lossy(name).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_that_are_more_than_pictures_are_refused() {
        let svg =
            |inside: &str| format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{inside}</svg>");
        for good in [
            svg("<style>a{fill:url(#b)}</style><path d=\"M0 0\" style=\"fill:url('#c')\"/>"),
            format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>{}", svg("<g/>")),
        ] {
            assert!(is_inert(good.as_bytes()), "{good}");
        }
        let html = "xmlns:h=\"http://www.w3.org/1999/xhtml\"";
        for bad in [
            format!(
                "<?xml version=\"1.0\" encoding=\"ISO-2022-JP\"?>{}",
                svg("<g/>")
            ),
            svg("\u{1b}"),
            svg(&format!("<g {html}><h:meta http-equiv=\"refresh\"/></g>")),
            svg("<style>@import 'https://evil.example/x.css'</style>"),
            svg("<style>a{fill:u\\72l(https://evil.example/)}</style>"),
            svg("<style><![CDATA[a{fill:url(https://evil.example/)}]]></style>"),
            svg("<path style=\"fill: url(https://evil.example/)\"/>"),
            "<html xmlns=\"http://www.w3.org/1999/xhtml\"/>".to_owned(),
        ] {
            assert!(!is_inert(bad.as_bytes()), "{bad}");
        }
    }

    #[test]
    fn pictures_that_can_run_something_are_found() {
        let svg = |inner: &str| {
            let text = format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" \
                 xmlns:xlink=\"http://www.w3.org/1999/xlink\">{inner}</svg>"
            );
            is_inert(text.as_bytes())
        };
        for inner in [
            "<path d=\"M0 0\"/><title>a &amp; b</title>",
            "<use xlink:href=\"#a\"/><image href=\"data:image/png;base64,x\"/>",
            "<a href=\"https://a.example/\"><text>x</text></a>",
            "<style>path { fill: red }</style>",
        ] {
            assert!(svg(inner), "{inner}");
        }
        for inner in [
            "<script>alert(1)</script>",
            "<x:script xmlns:x=\"http://www.w3.org/2000/svg\">alert(1)</x:script>",
            "<path onload=\"alert(1)\"/>",
            "<path ONLOAD='alert(1)'/>",
            "<a href=\"javascript:alert(1)\"><path/></a>",
            "<a href=\"java&#10;script:alert(1)\"><path/></a>",
            "<a xlink:href=\"data:text/html,x\"><path/></a>",
            "<foreignObject><p/></foreignObject>",
            "<a><set attributeName=\"href\" to=\"x\"/></a>",
            "<use href=\"https://evil.example/x.svg#a\"/>",
            "<image href=\"data:image/svg+xml,x\"/>",
            "<path a='1",
            "&x;",
        ] {
            assert!(!svg(inner), "{inner}");
        }
        assert!(!is_inert(b"<!DOCTYPE svg [<!ENTITY x 'y'>]><svg/>"));
        assert!(!is_inert(b"<?xml-stylesheet href='x'?><svg/>"));
        assert!(!is_inert(b"\xff\xfe<\0s\0"));
        assert!(is_inert(b"<?xml version='1.0'?>\n<!-- x --><svg/>"));
    }
}
