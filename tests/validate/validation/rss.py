"""Reads an RSS feed and checks it by the RSS 2.0 specification."""

from . import dates
from .feed import Entry, Feed, parse_xml, schema_problems

_ATOM_LINK = "{http://www.w3.org/2005/Atom}link"
_DC_DATE = "{http://purl.org/dc/elements/1.1/}date"
_ENCODED = "{http://purl.org/rss/1.0/modules/content/}encoded"
_MEDIA = "{http://search.yahoo.com/mrss/}"
_URL_TEXTS = ("link", "comments", "docs", "url")


def read(data: bytes) -> Feed:
    """Read the RSS feed `data`; ValueError when it is no XML."""
    root = parse_xml(data)
    feed = Feed(problems=list(schema_problems(root, "rss.rng")))
    for element in root.iter("pubDate", "lastBuildDate"):
        if dates.rfc822((element.text or "").strip()) is None:
            feed.problems.append(f"{element.tag} “{element.text}” is no RFC 822 date with four digits of year")
    for element in root.iter(_DC_DATE):
        if not dates.w3c((element.text or "").strip()):
            feed.problems.append(f"dc:date “{element.text}” is no W3C datetime")
    _collect_urls(root, feed)
    selves = root.xpath("channel/*[local-name()='link'][@rel='self']/@href")
    feed.self_url = selves[0] if len(selves) == 1 else ""
    for item in root.iterfind("channel/item"):
        feed.entries.append(_entry(item))
        feed.problems.extend(_item_problems(item))
    return feed


def _collect_urls(root, feed: Feed) -> None:
    for element in root.iter(*_URL_TEXTS):
        feed.add_url(element.tag, element.text or "")
    for element in root.iter("source", "enclosure", f"{_MEDIA}content", f"{_MEDIA}thumbnail"):
        feed.add_url(f"{element.tag.rpartition('}')[2]} url", element.get("url"))
    for element in root.iter(_ATOM_LINK):
        feed.add_url(f"atom:link rel={element.get('rel')}", element.get("href"))
    # The description of a channel is plain text, that of an item is HTML.
    feed.html = [element.text or "" for element in root.iterfind("channel/item/description")]
    feed.html += [element.text or "" for element in root.iter(_ENCODED)]


def _entry(item) -> Entry:
    return Entry(
        id=item.findtext("guid", "").strip(),
        url=item.findtext("link", "").strip(),
        title=item.findtext("title", "").strip(),
        published=dates.rfc822(item.findtext("pubDate", "").strip()),
    )


def _item_problems(item):
    """Yield the rules of the specification that the grammar cannot hold."""
    if not item.findtext("title", "").strip() and not item.findtext("description", "").strip():
        yield "an item has neither title nor description"
    guid = item.find("guid")
    if guid is None:
        yield f"item “{item.findtext('title', '')}” has no guid"
    elif guid.get("isPermaLink", "true") == "true" and not (guid.text or "").startswith(("http://", "https://")):
        yield f"guid “{guid.text}” is called a permalink and is no URL"
