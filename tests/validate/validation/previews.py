"""Check `previews`: each page says what is shown where somebody links to it (Open Graph, Twitter cards)."""

import re

from . import dates
from .page import Page

_ALWAYS = ("og:title", "og:type", "og:url", "og:site_name", "twitter:card")
_ONCE = (*_ALWAYS, "og:description", "og:locale", "og:image", "og:image:width", "og:image:height", "og:image:alt")
_LOCALE = re.compile(r"[a-z]{2,3}_([A-Z]{2}|\d{3})")


def page_problems(page: Page):
    """Yield what is wrong with the previews of `page`."""
    of: dict[str, list[str]] = {}
    for name, content in page.metas:
        of.setdefault(name, []).append(content)
    yield from (f"has no {name}" for name in _ALWAYS if not of.get(name, [""])[0])
    yield from (f"has {name} {len(of[name])} times" for name in _ONCE if len(of.get(name, [])) > 1)
    yield from (f"{name} is empty" for name, contents in of.items() if name.startswith(("og:", "article:")) and "" in contents)
    for locale in of.get("og:locale", []):
        if not _LOCALE.fullmatch(locale):
            yield f"og:locale “{locale}” is not of the form en_GB"
    sizes = [of.get(f"og:image:{side}", []) for side in ("width", "height")]
    if any(sizes) and not (all(sizes) and all(size[0].isdecimal() for size in sizes)):
        yield "og:image:width and og:image:height must be two whole numbers"
    if any(name.startswith("og:image:") for name in of) and "og:image" not in of:
        yield "tells of a picture that it does not name"
    large = of.get("twitter:card", [""])[0] == "summary_large_image"
    if large != ("og:image" in of):
        yield "twitter:card is large with a picture, and only then"
    for name in ("article:published_time", "article:modified_time"):
        for time in of.get(name, []):
            if dates.rfc3339(time) is None:
                yield f"{name} “{time}” is no RFC 3339 date"
    is_article = of.get("og:type") == ["article"]
    if is_article != ("article:published_time" in of):
        yield "an article has article:published_time, and nothing else has"
