"""Check `files`: what every site must have is there, and nothing that must not be published."""

from .report import Report
from .site import Site

# Hidden files that belong into the output: for GitHub Pages, and newsgen's mark of a folder that it
# writes.
_MARKS = (".nojekyll", ".newsgen-output")
_FEEDS = ("feed.xml", "rss.xml", "feed.json")
_MACHINES = ("_headers", "feeds.opml", "llms.txt", "manifest.webmanifest")
_ALWAYS = ("index.html", "404.html", "topics/index.html", "providers/index.html", "sitemap.xml", "robots.txt", *_MACHINES)


def check(site: Site, report: Report) -> None:
    """Look for the fixed files, the feeds of each topic and provider, and left-over files."""
    check = report.check("files")
    check.count("files", len(site.files))
    check.fail_all("/", (f"there is no {file}" for file in _ALWAYS if file not in site.files))
    if not any(file.startswith("api/") for file in site.files):
        check.fail("/", "there is no api/")
    # Settings choose the formats, and with `articles.pages = "none"` whether providers have feeds.
    named = {file.rpartition("/")[2] for file in site.named(*_FEEDS)}
    feeds = [feed for feed in _FEEDS if feed in named] or [_FEEDS[0]]
    check.fail_all("/", (f"there is no {feed}" for feed in feeds if feed not in site.files))
    followed = {file.split("/")[0] for file in site.named(*feeds)} & {"topics", "providers"} | {"topics"}
    for file in site.named("index.html"):
        folders = file.split("/")
        if len(folders) == 3 and folders[0] in followed and folders[1] != "page":
            folder = file.removesuffix("index.html")
            check.fail_all(folder, (f"there is no {feed}" for feed in feeds if folder + feed not in site.files))
    for file in sorted(site.files):
        name = file.rpartition("/")[2]
        hidden = name.startswith(".") and not file.startswith(".well-known/") and name not in _MARKS
        if hidden or name.endswith((".tmp", ".bak", "~", ".orig")):
            check.fail(file, "looks like a left-over, which is not for publication")
        elif not (site.root / file).stat().st_size and name not in _MARKS:
            check.fail(file, "is empty")
