"""Reads one HTML page and lists what the checks ask of it. The page is parsed once."""

import re
from dataclasses import dataclass, field

from lxml import etree

from . import css, srcset

# What a URL is for. A browser follows NAVIGATE only when asked to, LOAD, IMAGE and EMBED at
# once; META is read by other programs.
NAVIGATE, LOAD, IMAGE, EMBED, META = "navigate", "load", "image", "embed", "meta"

_LOADING_RELS = frozenset(
    "stylesheet preload modulepreload icon apple-touch-icon mask-icon manifest preconnect "
    "dns-prefetch prefetch prerender".split()
)
_LOADING_TAGS = frozenset("script audio video track embed input source image use".split())
_URL_METAS = frozenset(
    "og:url og:image og:image:url og:image:secure_url og:video og:audio twitter:image twitter:player".split()
)
# Types of scripts that run; all others are data.
_SCRIPTS = ("", "module", "importmap", "speculationrules")
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
_REFRESH = re.compile(r"\s*[\d.]+\s*[;,]\s*(?:url\s*=\s*)?[\"']?([^\"']*)", re.I)


@dataclass(frozen=True)
class Link:
    """A URL on a page: `where` names element and attribute, `use` what it is for."""

    url: str
    where: str
    use: str
    in_main: bool = False


@dataclass
class Page:
    """What the checks need to know of a page."""

    links: list[Link] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    json_ld: list[str] = field(default_factory=list)
    handlers: list[str] = field(default_factory=list)
    canonical: list[str] = field(default_factory=list)
    # Names or properties of meta elements, with their contents.
    metas: list[tuple[str, str]] = field(default_factory=list)
    # What runs or styles without a file of its own, and the directive of a policy that is for it.
    inline: list[tuple[str, str]] = field(default_factory=list)
    noindex: bool = False
    has_base: bool = False
    has_script: bool = False


def parse(html: bytes) -> Page:
    """Read the page `html`."""
    page = Page()
    root = etree.fromstring(html, etree.HTMLParser(encoding="utf-8", huge_tree=True))
    if root is not None:
        _visit(root, page, False)
    return page


def _visit(root, page: Page, in_main: bool) -> None:
    """Read `root` and all below it, in document order, without recursion."""
    stack = [(root, in_main)]
    while stack:
        element, inside = stack.pop()
        if not isinstance(element.tag, str):
            continue
        inside = inside or element.tag == "main"
        _read(element, page, inside)
        stack.extend((child, inside) for child in reversed(element))


def _read(element, page: Page, in_main: bool) -> None:
    """Read one element."""
    tag = element.tag
    for name, value in element.attrib.items():
        _read_attribute(element, tag, name, value, page, in_main)
    if tag == "meta":
        _read_meta(element, page)
    elif tag == "base":
        page.has_base = True
    elif tag == "script":
        page.has_script = True
        kind = element.get("type", "").strip().lower()
        if kind == "application/ld+json":
            page.json_ld.append(element.text or "")
        elif not element.get("src") and (kind in _SCRIPTS or "javascript" in kind):
            page.inline.append(("an inline script", "script-src"))
    elif tag == "style":
        _add_css(page, element.text or "", "style", in_main)
        page.inline.append(("a style element", "style-src"))


def _read_attribute(element, tag: str, name: str, value: str, page: Page, in_main: bool) -> None:
    """Read one attribute."""
    where = f"{tag} {name}"
    if name == "href" or name == _XLINK_HREF or name == "xlink:href":
        page.links.append(Link(value, f"{tag} href", _href_use(element, tag), in_main))
        if tag == "link" and "canonical" in _rels(element):
            page.canonical.append(value)
    elif name == "id":
        page.ids.add(value)
    elif name in ("src", "poster", "data", "background"):
        if name != "data" or tag == "object":
            page.links.append(Link(value, where, _src_use(tag), in_main))
    elif name in ("srcset", "imagesrcset"):
        use = LOAD if tag == "link" else IMAGE
        page.links.extend(Link(url, where, use, in_main) for url in srcset.urls(value))
    elif name in ("action", "formaction"):
        page.links.append(Link(value, where, NAVIGATE, in_main))
    elif name == "style":
        _add_css(page, value, where, in_main)
        page.inline.append((f"a style on {tag}", "style-src"))
    elif name == "name" and tag == "a":
        page.ids.add(value)
    elif name.startswith("on"):
        page.handlers.append(where)


def _read_meta(element, page: Page) -> None:
    """Read a meta element: robots, a redirect, and the URLs of previews."""
    content = element.get("content", "")
    name = (element.get("name") or element.get("property") or "").lower()
    if name:
        page.metas.append((name, content))
    if name == "robots" and "noindex" in content.lower():
        page.noindex = True
    elif name in _URL_METAS:
        page.links.append(Link(content, f"meta {name}", META))
    elif element.get("http-equiv", "").lower() == "refresh" and (match := _REFRESH.match(content)):
        page.links.append(Link(match[1], "meta refresh", NAVIGATE))


def _add_css(page: Page, text: str, where: str, in_main: bool) -> None:
    """Add the URLs in the CSS `text`."""
    if "(" in text or "@import" in text:
        page.links.extend(Link(url, f"{where} url()", LOAD, in_main) for url in css.urls(text))


def _rels(element) -> list[str]:
    return element.get("rel", "").lower().split()


def _href_use(element, tag: str) -> str:
    """What the href of `element` is for."""
    if tag == "link":
        return META if _LOADING_RELS.isdisjoint(_rels(element)) else LOAD
    return LOAD if tag in _LOADING_TAGS else NAVIGATE


def _src_use(tag: str) -> str:
    """What the src of an element `tag` is for."""
    if tag == "img":
        return IMAGE
    return EMBED if tag in ("iframe", "frame", "object") else LOAD
