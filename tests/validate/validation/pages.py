"""Reads every HTML page and style sheet once, in two processes, and runs the page checks over it."""

import multiprocessing
from collections import Counter
from dataclasses import dataclass, field

from lxml import etree

from . import css, host, jsonld, links, previews, privacy
from .letters import is_letter
from .page import Page, parse
from .report import Report
from .site import Site


@dataclass
class Result:
    """What one file gave: failures as (check, reason), counts, and links into other pages."""

    file: str
    failures: list[tuple[str, str]] = field(default_factory=list)
    counts: Counter = field(default_factory=Counter)
    fragments: set[tuple[str, str]] = field(default_factory=set)
    noindex: bool = False

    def add(self, check: str, reasons) -> None:
        """Note each of `reasons` for the check named `check`."""
        self.failures += [(check, reason) for reason in reasons]


class _Worker:
    """What a process needs to read a file. Set before the processes fork, so that they share it."""

    site: Site
    embed_hosts: frozenset[str]
    canonical_original: bool
    policy: dict[str, list[str]]


def check(
    site: Site, report: Report, embed_hosts=(), processes: int = 2, canonical_original: bool = False
) -> set[str]:
    """Run the checks of single pages; return those that ask not to be indexed, or name another site's page as canonical."""
    _Worker.site = site
    _Worker.embed_hosts = frozenset(embed_hosts)
    _Worker.canonical_original = canonical_original
    _Worker.policy = host.policy_of(site)
    files = site.ending(".html") + site.ending(".css")
    counts: Counter = Counter()
    fragments: dict[tuple[str, str], str] = {}
    noindex = set()
    for result in _map(_read, files, processes):
        for name, reason in result.failures:
            report.check(name).fail(result.file, reason)
        for target in result.fragments:
            fragments[target] = min(result.file, fragments.get(target, result.file))
        counts += result.counts
        if result.noindex:
            noindex.add(result.file)
    for name, what in (
        ("links", "links"),
        ("json-ld", "blocks"),
        ("privacy", "files"),
        ("previews", "pages"),
        ("host", "pages"),
    ):
        report.check(name).count(what, counts[what])
    _check_fragments(site, report, fragments)
    return noindex


def _map(work, files: list[str], processes: int):
    """Results of `work` over `files`, in no set order."""
    if processes < 2 or len(files) < 100:
        yield from map(work, files)
        return
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        yield from pool.imap_unordered(work, files, chunksize=32)


def _read(file: str) -> Result:
    """Read one page or style sheet."""
    return _read_css(file) if file.endswith(".css") else _read_page(file)


def _read_page(file: str) -> Result:
    site = _Worker.site
    try:
        page = parse(site.read(file))
    except etree.XMLSyntaxError as error:
        return Result(file, [("links", f"cannot be read as HTML: {error}")])
    result = Result(file, noindex=page.noindex or not links.is_canonical(site, page))
    result.add("links", links.page_problems(site, file, page, _Worker.canonical_original))
    if not is_letter(file):
        result.add("json-ld", jsonld.page_problems(site, page))
        result.add("privacy", privacy.page_problems(site, page, _Worker.embed_hosts))
        result.add("previews", previews.page_problems(page))
        result.add("host", host.page_problems(site, page, _Worker.policy))
    result.fragments = links.distant_fragments(site, file, page)
    result.counts.update(links=len(page.links), blocks=len(page.json_ld), files=1, pages=1)
    return result


def _read_css(file: str) -> Result:
    site = _Worker.site
    urls = css.urls(site.read(file).decode("utf-8", "replace"))
    result = Result(file)
    result.add("links", links.css_problems(site, file, urls))
    result.add("privacy", privacy.css_problems(site, urls))
    result.counts.update(links=len(urls), files=1)
    return result


def _check_fragments(site: Site, report: Report, fragments: dict[tuple[str, str], str]) -> None:
    """Look up the fragments that pages name in other pages."""
    known: dict[str, Page] = {}
    for (file, fragment), source in sorted(fragments.items()):
        if file not in known:
            known[file] = parse(site.read(file))
        if not links.has_element(known[file], fragment):
            report.check("links").fail(source, f"there is no element “{fragment}” in {file}")
