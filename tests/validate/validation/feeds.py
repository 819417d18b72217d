"""Check `feeds`: each feed is valid in its format, and the formats of one folder say the same."""

import feedparser

from . import atom, jsonfeed, rss
from .feed import Feed
from .page import META, NAVIGATE, parse
from .report import Report
from .site import Site

_READERS = {"feed.xml": atom.read, "rss.xml": rss.read, "feed.json": jsonfeed.read}


def check(site: Site, report: Report) -> None:
    """Check every feed of the site."""
    check = report.check("feeds")
    folders: dict[str, dict[str, Feed]] = {}
    for file in site.named(*_READERS):
        folder, _, name = file.rpartition("/")
        check.count("feeds")
        try:
            feed = _READERS[name](site.read(file))
        except ValueError as error:
            check.fail(file, str(error))
            continue
        check.count("entries", len(feed.entries))
        check.fail_all(file, feed.problems)
        if feed.complete:
            check.fail_all(file, _common_problems(site, file, feed))
            folders.setdefault(folder, {})[name] = feed
        if name.endswith(".xml"):
            check.fail_all(file, _feedparser_problems(site.read(file), len(feed.entries)))
    for folder, feeds in folders.items():
        check.fail_all(folder or "/", _differences(feeds))


def _common_problems(site: Site, file: str, feed: Feed):
    """Yield what is wrong with a feed in any format."""
    if feed.self_url != site.url(file):
        yield f"the link to itself is “{feed.self_url}” instead of {site.url(file)}"
    ids = [entry.id for entry in feed.entries]
    for twice in sorted({id for id in ids if ids.count(id) > 1}):
        yield f"the id “{twice}” occurs {ids.count(twice)} times"
    for entry in feed.entries:
        if not entry.published:
            yield f"entry “{entry.id}” has no date of publication"
    times = [entry.published for entry in feed.entries if entry.published]
    if times != sorted(times, reverse=True):
        yield "the entries are not newest first"
    for where, url in feed.urls:
        yield from _url_problems(site, where, url)
    for html in feed.html:
        yield from _html_problems(site, html)


def _url_problems(site: Site, where: str, url: str):
    """A URL in a feed is full, is http(s), and leads somewhere when it leads into the site."""
    if not url.startswith(("http://", "https://")):
        yield f"{where} “{url}” is not a full http(s) URL"
    elif problem := site.locate(url, site.base + "/").problem:
        yield f"{where} “{url}”: {problem}"


def _html_problems(site: Site, html: str):
    """HTML in a feed has full URLs only, and no script."""
    if "<" not in html:
        return
    page = parse(html.encode("utf-8"))
    for link in page.links:
        if link.use in (NAVIGATE, META) and link.url.startswith("mailto:"):
            continue
        yield from _url_problems(site, f"in the content, {link.where}", link.url)
    for handler in page.handlers:
        yield f"in the content, an inline event handler: {handler}"
    if page.has_script:
        yield "in the content, a script"


def _feedparser_problems(data: bytes, entries: int):
    """A common feed reader takes the feed without complaint, and sees all of it."""
    parsed = feedparser.parse(data)
    if parsed.bozo:
        yield f"feedparser: {parsed.get('bozo_exception')}"
    elif len(parsed.entries) != entries:
        yield f"feedparser sees {len(parsed.entries)} of {entries} entries"


def _differences(feeds: dict[str, Feed]):
    """Yield how the formats of one folder differ."""
    names = sorted(feeds)
    first = feeds[names[0]]
    for name in names[1:]:
        for what in ("url", "title", "published"):
            mine = [getattr(entry, what) for entry in feeds[name].entries]
            theirs = [getattr(entry, what) for entry in first.entries]
            if mine != theirs:
                yield f"{name} and {names[0]} differ in the {what}s of their entries"
                break
