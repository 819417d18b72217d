"""Check `privacy`: a page loads nothing from other hosts but pictures of stories, and runs no inline code."""

import re
from urllib.parse import urlsplit

from .page import EMBED, IMAGE, META, NAVIGATE, Page
from .site import Site

_PLAIN_SCHEMES = frozenset(("http", "https", "mailto", "tel"))
_IGNORED_BY_BROWSERS = re.compile(r"[\x00-\x20]+")


def page_problems(site: Site, page: Page, embed_hosts: frozenset[str]):
    """Yield what `page` must not do."""
    for handler in page.handlers:
        yield f"inline event handler: {handler}"
    for link in page.links:
        url = _IGNORED_BY_BROWSERS.sub("", link.url)
        scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", url)
        name = scheme[1].lower() if scheme else ""
        if name == "data" and link.use not in (NAVIGATE, META, EMBED):
            continue
        if name and name not in _PLAIN_SCHEMES:
            yield f"{link.where}: a {name}: URL"
        elif link.use not in (NAVIGATE, META) and _is_elsewhere(site, url):
            if link.use == IMAGE and link.in_main:
                continue
            if link.use == EMBED and link.in_main and _host(url) in embed_hosts:
                continue
            yield f"{link.where} loads from another host: {link.url}"


def css_problems(site: Site, urls: list[str]):
    """Yield the URLs of a style sheet that lead to another host."""
    for url in urls:
        if not url.lower().startswith("data:") and _is_elsewhere(site, url):
            yield f"loads from another host: {url}"


def _is_elsewhere(site: Site, url: str) -> bool:
    """Whether `url` names a host, and it is not that of the site."""
    parts = urlsplit(url)
    return bool(parts.netloc) and parts.netloc.lower() != site.origin[1]


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
