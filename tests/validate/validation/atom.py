"""Reads an Atom feed and checks it by RFC 4287."""

from . import dates
from .feed import Entry, Feed, parse_xml, schema_problems

_NS = {"a": "http://www.w3.org/2005/Atom"}
_A = "{http://www.w3.org/2005/Atom}"


def read(data: bytes) -> Feed:
    """Read the Atom feed `data`; ValueError when it is no XML."""
    root = parse_xml(data)
    feed = Feed(problems=list(schema_problems(root, "atom.rng")))
    for element in root.iter(f"{_A}updated", f"{_A}published"):
        if dates.rfc3339(element.text or "") is None:
            feed.problems.append(f"{_name(element)} “{element.text}” is no RFC 3339 date")
    for element in root.iter(f"{_A}link"):
        feed.add_url(f"link rel={element.get('rel', 'alternate')}", element.get("href"))
    for element in root.iter(f"{_A}uri", f"{_A}icon", f"{_A}logo"):
        feed.add_url(_name(element), element.text or "")
    feed.html = [
        e.text or "" for e in root.iter(f"{_A}title", f"{_A}summary", f"{_A}content") if e.get("type") == "html"
    ]
    selves = root.xpath("a:link[@rel='self']/@href", namespaces=_NS)
    feed.self_url = selves[0] if len(selves) == 1 else ""
    feed.problems.extend(_alternates(root, "the feed"))
    has_author = root.find("a:author", _NS) is not None
    for element in root.findall("a:entry", _NS):
        feed.entries.append(_entry(element))
        feed.problems.extend(_entry_problems(element, has_author))
    return feed


def _entry(element) -> Entry:
    return Entry(
        id=(element.findtext("a:id", "", _NS)).strip(),
        url=next(iter(element.xpath("a:link[not(@rel) or @rel='alternate']/@href", namespaces=_NS)), ""),
        title=element.findtext("a:title", "", _NS).strip(),
        published=dates.rfc3339(element.findtext("a:published", "", _NS)),
    )


def _entry_problems(element, feed_has_author: bool):
    """Yield the rules of RFC 4287 that the grammar cannot hold."""
    name = f"entry “{element.findtext('a:id', '', _NS)}”"
    author = feed_has_author or element.find("a:author", _NS) is not None
    if not author and element.find("a:source/a:author", _NS) is None:
        yield f"{name} has no author, nor has the feed (4.1.2)"
    content = element.find("a:content", _NS)
    if content is None and not element.xpath("a:link[not(@rel) or @rel='alternate']", namespaces=_NS):
        yield f"{name} has neither content nor an alternate link (4.1.2)"
    if content is not None and content.get("src") and element.find("a:summary", _NS) is None:
        yield f"{name} has its content elsewhere and no summary (4.1.2)"
    published = dates.rfc3339(element.findtext("a:published", "", _NS))
    updated = dates.rfc3339(element.findtext("a:updated", "", _NS))
    if published and updated and updated < published:
        yield f"{name} was updated before it was published"
    yield from _alternates(element, name)


def _alternates(element, name: str):
    """At most one alternate link of each type and language (4.1.1, 4.1.2)."""
    links = element.xpath("a:link[not(@rel) or @rel='alternate']", namespaces=_NS)
    kinds = [(link.get("type"), link.get("hreflang")) for link in links]
    if len(kinds) != len(set(kinds)):
        yield f"{name} has two alternate links of one type and language"


def _name(element) -> str:
    return element.tag.rpartition("}")[2]
