"""Check `sitemaps`: valid by the protocol, complete, and naming only pages that exist."""

import re
from datetime import timedelta

from . import dates
from .feed import parse_xml, schema_problems
from .report import Check, Report
from .site import Site

_NS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
# Older pages of a listing: found by their links, and better left to them.
_NUMBERED = re.compile(r"(^|/)page/\d+/index\.html$")
_NEWS = "news-sitemap.xml"
_NEWS_NS = "{http://www.google.com/schemas/sitemap-news/0.9}"
_MOST_NEWS = 1000
_MOST_URLS = 50_000
_MOST_BYTES = 50 * 1024 * 1024
# Nothing is there until somebody searches.
_SEARCH = "search/index.html"


def check(site: Site, report: Report, noindex: set[str]) -> None:
    """Check the index, every sitemap in it, and robots.txt."""
    check = report.check("sitemaps")
    for folder in site.editions:
        _check_edition(site, check, noindex, folder)
    _check_robots(site, check)


def _check_edition(site: Site, check: Check, noindex: set[str], folder: str) -> None:
    """Check the index of the edition in `folder`, and every sitemap in it."""
    index = folder + "sitemap.xml"
    listed: dict[str, str] = {}
    sitemaps = _read_index(site, check, index)
    for file in sitemaps:
        for page in _read_sitemap(site, check, file):
            if page in listed:
                check.fail(file, f"{page} is in {listed[page]} too")
            elif page in noindex:
                check.fail(file, f"{page} asks not to be indexed")
            elif site.edition(page) != folder:
                check.fail(file, f"{page} is of another edition")
            listed[page] = file
    _check_news(site, check, set(listed), folder + _NEWS)
    stray = {file for file in site.files if file.startswith(folder + "sitemaps/")} - set(sitemaps)
    check.fail_all(index, (f"does not name {file}" for file in sorted(stray)))
    pages = (page for page in site.ending(".html") if site.edition(page) == folder)
    missing = {page for page in pages if not _NUMBERED.search(page)} - noindex - {folder + _SEARCH} - set(listed)
    check.fail_all(index, (f"no sitemap lists {file}" for file in sorted(missing)))


def _read_index(site: Site, check: Check, index: str) -> list[str]:
    """The sitemap files that an index names."""
    if index not in site.files:
        check.fail(index, "is missing")
        return []
    root = _read_xml(site, check, index, "siteindex.xsd")
    return _locations(site, check, index, root) if root is not None else []


def _read_sitemap(site: Site, check: Check, file: str) -> list[str]:
    """The page files that a sitemap lists."""
    check.count("sitemaps")
    root = _read_xml(site, check, file, "sitemap.xsd")
    pages = _locations(site, check, file, root) if root is not None else []
    check.count("URLs", len(pages))
    return pages


def _read_xml(site: Site, check: Check, file: str, schema: str):
    """The root of an XML file that matches `schema`; None when it cannot be read."""
    data = site.read(file)
    if len(data) > _MOST_BYTES:
        check.fail(file, f"is larger than {_MOST_BYTES:,} bytes")
    try:
        root = parse_xml(data)
    except ValueError as error:
        check.fail(file, str(error))
        return None
    if len(root) > _MOST_URLS:
        check.fail(file, f"has {len(root):,} URLs, the most is {_MOST_URLS:,}")
        return root
    check.fail_all(file, schema_problems(root, schema))
    return root


def _locations(site: Site, check: Check, file: str, root) -> list[str]:
    """The files that the locations in `root` lead to."""
    found = []
    for location in root.iterfind("*/s:loc", _NS):
        url = (location.text or "").strip()
        target = site.locate(url, site.base + "/")
        if not site.owns(url):
            check.fail(file, f"“{url}” is not under {site.base}/")
        elif target.problem or target.fragment:
            check.fail(file, f"“{url}”: {target.problem or 'has a fragment'}")
        elif site.url(target.file) != url:
            check.fail(file, f"“{url}” is not how the page is called: {site.url(target.file)}")
        else:
            found.append(target.file)
    for moment in root.iterfind("*/s:lastmod", _NS):
        if not dates.w3c((moment.text or "").strip()):
            check.fail(file, f"lastmod “{moment.text}” is no W3C datetime")
    return found


def _check_news(site: Site, check: Check, listed: set[str], file: str) -> None:
    """The news sitemap names articles of two days at most, newest first, each with what Google News requires."""
    if file not in site.files:
        return
    root = _read_xml(site, check, file, "sitemap.xsd")
    if root is None:
        return
    check.fail_all(file, (reason for part in root.iter(f"{_NEWS_NS}news") for reason in schema_problems(part, "news.xsd")))
    pages = _locations(site, check, file, root)
    check.count("news", len(pages))
    check.fail_all(file, (f"{page} is in no other sitemap" for page in pages if page not in listed))
    if len(root) > _MOST_NEWS:
        check.fail(file, f"has {len(root):,} articles, the most is {_MOST_NEWS:,}")
    times = []
    for url in root:
        if len(url.findall(f"{_NEWS_NS}news")) != 1:
            check.fail(file, "a URL has not one element news")
        date = url.findtext(f"{_NEWS_NS}news/{_NEWS_NS}publication_date", "").strip()
        moment = dates.rfc3339(date)
        if moment is None:
            check.fail(file, f"publication_date “{date}” is no full W3C datetime")
        else:
            times.append(moment)
    if times and (times != sorted(times, reverse=True) or times[0] - times[-1] > timedelta(hours=48)):
        check.fail(file, "the articles are not those of two days, newest first")


def _check_robots(site: Site, check: Check) -> None:
    """robots.txt names the sitemaps by their full URLs."""
    if "robots.txt" not in site.files:
        check.fail("robots.txt", "is missing")
        return
    lines = site.read("robots.txt").decode("utf-8", "replace").splitlines()
    fields = [line.split("#")[0].partition(":") for line in lines if line.split("#")[0].strip()]
    for name, colon, _ in fields:
        if not colon or not name.strip().replace("-", "").isalpha():
            check.fail("robots.txt", f"not a line of robots.txt: “{name}”")
    named = [value.strip() for name, _, value in fields if name.strip().lower() == "sitemap"]
    files = (folder + file for folder in site.editions for file in ("sitemap.xml", _NEWS))
    expected = [site.url(file) for file in files if file in site.files or not file.endswith(_NEWS)]
    if named != expected:
        check.fail("robots.txt", f"names the sitemaps {named} instead of {expected}")
