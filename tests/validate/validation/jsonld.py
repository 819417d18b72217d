"""Check `json-ld`: every block parses, says what it is, has what search engines require, and names only URLs that exist.

Required properties: https://developers.google.com/search/docs/appearance/structured-data/search-gallery.
"""

import re

from . import dates, strict_json
from .page import Page
from .site import Site

# For each type, what it must have. What Google only recommends of an article is always there, too.
_REQUIRED = {
    "NewsArticle": ("headline", "datePublished", "author", "publisher", "url", "mainEntityOfPage", "inLanguage"),
    "VideoObject": ("name", "thumbnailUrl", "uploadDate", "author", "publisher", "url", "inLanguage"),
    "BreadcrumbList": ("itemListElement",),
    "ItemList": ("itemListElement",),
    "CollectionPage": ("name", "url", "isPartOf"),
    "WebPage": ("name", "url", "isPartOf"),
    "WebSite": ("name", "url"),
    "SearchAction": ("target", "query-input"),
    "EntryPoint": ("urlTemplate",),
    "CreativeWork": ("inLanguage", "url"),
    "Organization": ("name", "url"),
    "Person": ("name",),
    "ImageObject": ("url",),
    "ListItem": ("position",),
}
_TIMES = ("datePublished", "dateModified", "uploadDate")
_DURATION = re.compile(r"PT(?=\d)(\d+H)?(\d+M)?(\d+S)?")


def page_problems(site: Site, page: Page):
    """Yield what is wrong with the JSON-LD of `page`."""
    for text in page.json_ld:
        try:
            data = strict_json.loads(text)
        except ValueError as error:
            yield f"not JSON: {error}"
            continue
        blocks = data if isinstance(data, list) else [data]
        if not all(isinstance(block, dict) and "schema.org" in str(block.get("@context")) for block in blocks):
            yield "a block without the @context of schema.org"
        for thing in _things(data):
            yield from _thing_problems(thing)
        for key, value in strict_json.strings(data):
            # An @id names a thing, which need not be a page.
            if key not in ("@id", "urlTemplate") and site.owns(value) and (problem := site.locate(value, site.base + "/").problem):
                yield f"{key} “{value}”: {problem}"


def _things(data):
    """Yield every object in `data` that says its type."""
    if isinstance(data, dict):
        if "@type" in data:
            yield data
        for value in data.values():
            yield from _things(value)
    elif isinstance(data, list):
        for value in data:
            yield from _things(value)


def _thing_problems(thing: dict):
    """Yield what is missing or wrong in one object."""
    kind = thing["@type"]
    if kind not in _REQUIRED:
        yield f"the type “{kind}” is not one that the check knows"
        return
    # The page of an event, which an article only refers to, says the rest itself.
    required = ("url",) if kind == "CollectionPage" and set(thing) == {"@type", "url"} else _REQUIRED[kind]
    yield from (f"a {kind} has no {name}" for name in required if not thing.get(name))
    for name in _TIMES:
        if name in thing and dates.rfc3339(thing[name]) is None:
            yield f"{name} “{thing[name]}” is no RFC 3339 date"
    if "duration" in thing and not _DURATION.fullmatch(thing["duration"]):
        yield f"duration “{thing['duration']}” is no ISO 8601 duration"
    if kind in ("BreadcrumbList", "ItemList"):
        items = thing.get("itemListElement", [])
        if [item.get("position") for item in items] != list(range(1, len(items) + 1)):
            yield f"the items of a {kind} are not numbered from 1"
        needed = ("name", "item") if kind == "BreadcrumbList" else ("url",)
        yield from (f"an item of a {kind} has no {name}" for item in items for name in needed if not item.get(name))
    if kind == "SearchAction":
        pattern = thing.get("target", {}).get("urlTemplate", "")
        named = re.findall(r"\{(\w+)\}", pattern)
        if len(named) != 1 or thing.get("query-input") != f"required name={named[0]}":
            yield f"the words of the search are not named in “{pattern}”"
