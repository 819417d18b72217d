"""Check `lists`: what the site tells machines of itself: OPML, web app manifest, llms.txt, OpenSearch."""

import re
import struct
from urllib.parse import urlsplit

from . import strict_json
from .feed import parse_xml
from .report import Check, Report
from .site import Site

_FEEDS = ("feed.xml", "rss.xml", "feed.json")
_EVENT = re.compile(r"(^|/)events/[^/]+$")
_SIZES = re.compile(r"(\d+)x(\d+)")
_LLMS_LINK = re.compile(r"- \[(?:[^\]\\]|\\.)+\]\((\S+)\)(: .+)?")
_OPEN_SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
_DISPLAYS = ("fullscreen", "standalone", "minimal-ui", "browser")


def check(site: Site, report: Report) -> None:
    """Check each of the files that is there."""
    check = report.check("lists")
    for file, read in (
        ("feeds.opml", _opml),
        ("manifest.webmanifest", _manifest),
        ("llms.txt", _llms),
        ("opensearch.xml", _open_search),
    ):
        for found in (folder + file for folder in site.editions if folder + file in site.files):
            check.count("files")
            try:
                check.fail_all(found, read(site, check, found))
            except ValueError as error:
                check.fail(found, str(error))


def _opml(site: Site, check: Check, file: str):
    """OPML 2.0, section by section of its specification; each listing with feeds is in it, and once."""
    root = parse_xml(site.read(file))
    if root.tag != "opml" or root.get("version") != "2.0" or [part.tag for part in root] != ["head", "body"]:
        yield "is not <opml version=2.0> with a head and a body"
        return
    if not root.findtext("head/title", "").strip():
        yield "has no title"
    if root.find("body/outline") is None:
        yield "has no outline"
    folders = []
    for outline in root.iter("outline"):
        name = outline.get("text", "")
        if not name:
            yield "an outline has no text"
        if outline.get("type") != "rss":
            if outline.get("xmlUrl") or len(outline) == 0:
                yield f"outline “{name}” is neither a feed (type=rss) nor a group"
            continue
        url = outline.get("xmlUrl", "")
        target = site.locate(url, site.base + "/")
        if not site.owns(url) or target.problem or target.file.rpartition("/")[2] not in _FEEDS:
            yield f"xmlUrl “{url}” of “{name}” is no feed of the site"
        folders.append(target.file.rpartition("/")[0])
        home = outline.get("htmlUrl", "")
        if not site.owns(home) or site.locate(home, site.base + "/").problem:
            yield f"htmlUrl “{home}” of “{name}” is no page of the site"
    feeds = (feed for feed in site.named(*_FEEDS) if site.edition(feed) == site.edition(file))
    # Events come to an end: nobody follows them from a list of feeds.
    known = {folder for feed in feeds if not _EVENT.search(folder := feed.rpartition("/")[0])}
    yield from (f"the feed of /{folder} is missing" for folder in sorted(known - set(folders)))
    yield from (f"the feed of /{folder} occurs twice" for folder in sorted({f for f in folders if folders.count(f) > 1}))
    check.count("feeds in OPML", len(folders))


def _manifest(site: Site, check: Check, file: str):
    """The members that browsers ask for, and icons that are what they say."""
    data = strict_json.loads(site.read(file))
    for name in ("name", "start_url", "scope", "display", "icons", "lang", "background_color", "theme_color"):
        if not data.get(name):
            yield f"has no {name}"
    if data.get("display") not in _DISPLAYS:
        yield f"display “{data.get('display')}” is unknown"
    here = site.url(file)
    for name in ("start_url", "scope", "id"):
        if name in data and (problem := site.locate(data[name], here).problem):
            yield f"{name} “{data[name]}”: {problem}"
    if not data.get("start_url", "").startswith(data.get("scope", "")):
        yield "start_url is out of scope"
    for colour in ("background_color", "theme_color"):
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", data.get(colour, "")):
            yield f"{colour} “{data.get(colour)}” is no colour"
    for icon in data.get("icons", []):
        check.count("icons")
        yield from _icon_problems(site, icon, here)


def _icon_problems(site: Site, icon: dict, here: str):
    target = site.locate(icon.get("src", ""), here)
    if target.problem or not target.file:
        yield f"icon “{icon.get('src')}”: {target.problem or 'is not of this site'}"
        return
    data, sizes = site.read(target.file), icon.get("sizes", "")
    if icon.get("type") == "image/png":
        if data[:8] != b"\x89PNG\r\n\x1a\n":
            yield f"icon {target.file} is no PNG"
            return
        size = "x".join(str(pixels) for pixels in struct.unpack(">II", data[16:24]))
        if sizes != size:
            yield f"icon {target.file} has the size {size}, not {sizes}"
    elif icon.get("type") != "image/svg+xml" or b"<svg" not in data or sizes != "any":
        yield f"icon {target.file} is neither a PNG of a size nor an SVG of any"


def _llms(site: Site, check: Check, file: str):
    """The form of https://llmstxt.org: a title, a summary, then lists of links below headings."""
    lines = [line for line in site.read(file).decode("utf-8").splitlines() if line.strip()]
    if not lines or not lines[0].startswith("# "):
        yield "does not start with a title"
    inside = False
    for at, line in enumerate(lines[1:], 1):
        if line.startswith("## "):
            inside = True
        elif line.startswith("> "):
            if at != 1:
                yield "the summary is not below the title"
        elif not inside or not (found := _LLMS_LINK.fullmatch(line)):
            yield f"neither a heading nor a link in a list: “{line}”"
        else:
            check.count("links in llms.txt")
            if not site.owns(found[1]) or (problem := site.locate(found[1], site.base + "/").problem):
                yield f"“{found[1]}”: {'is not of this site' if not site.owns(found[1]) else problem}"
    if not inside:
        yield "has no list of links"


def _open_search(site: Site, check: Check, file: str):
    """OpenSearch 1.1: a short name, a description, and the page that searches."""
    root = parse_xml(site.read(file))
    if root.tag != f"{_OPEN_SEARCH}OpenSearchDescription":
        yield "is no OpenSearchDescription"
    name = root.findtext(f"{_OPEN_SEARCH}ShortName", "")
    if not name or len(name) > 16 or "<" in name:
        yield f"ShortName “{name}” must have 1 to 16 characters"
    if not 0 < len(root.findtext(f"{_OPEN_SEARCH}Description", "")) <= 1024:
        yield "has no Description of up to 1,024 characters"
    templates = [url.get("template", "") for url in root.iter(f"{_OPEN_SEARCH}Url") if url.get("type") == "text/html"]
    if len(templates) != 1 or "{searchTerms}" not in templates[0]:
        yield f"must have one Url of type text/html with {{searchTerms}}, and has {templates}"
    for template in templates:
        url = urlsplit(template)
        page = f"{url.scheme}://{url.netloc}{url.path}"
        if not site.owns(page) or site.locate(page, site.base + "/").problem:
            yield f"“{page}” is no page of the site"
