"""Check `letters`: the emails of digests are what mail programs take, their texts are plain and narrow."""

import re
import unicodedata
from pathlib import PurePosixPath

from lxml import etree

from .report import Report
from .site import Site

# Gmail cuts what is longer than 102 KB.
_MOST_BYTES = 100_000
_MOST_COLUMNS = 78
_NEVER = ("script", "link", "iframe", "form", "input", "svg", "video", "audio", "object", "embed", "base")
_NEVER_IN_STYLE = re.compile(r"flex|grid|position\s*:|url\(|@import|@font-face", re.I)
_ENTITY = re.compile(r"&(?:[a-z]{2,8}|#\d+|#x[0-9a-f]+);", re.I)
_DARK = re.compile(r"\s*@media \(prefers-color-scheme: dark\) \{(?:[^{}]*\{[^{}]*\})*[^{}]*\}\s*")


def is_letter(file: str) -> bool:
    """Whether `file` is an email, by its place."""
    path = PurePosixPath(file)
    return "digest" in path.parts[-3:-1] and path.name in ("email.html", "latest.html")


def check(site: Site, report: Report) -> None:
    """Check every email and every text."""
    check = report.check("letters")
    if "digest/index.html" not in site.files:
        check.skipped = "the site has no digests"
        return
    for file in filter(is_letter, site.ending(".html")):
        check.count("emails")
        check.fail_all(file, _email_problems(site.read(file)))
        if file.endswith("email.html") and file.removesuffix("html") + "txt" not in site.files:
            check.fail(file, "has no text beside it")
    for file in (file for file in site.ending(".txt") if "digest" in PurePosixPath(file).parts[-3:-1]):
        check.count("texts")
        check.fail_all(file, _text_problems(site.read(file).decode("utf-8")))


def _email_problems(data: bytes):
    """Yield what is wrong with an email."""
    if len(data) > _MOST_BYTES:
        yield f"has {len(data):,} bytes, the most is {_MOST_BYTES:,}"
    root = etree.fromstring(data, etree.HTMLParser(encoding="utf-8", huge_tree=True))
    for element in root.iter(etree.Element):
        yield from _element_problems(element)
    if not root.xpath("//meta[@name='robots' and contains(@content, 'noindex')]"):
        yield "may be indexed"
    if not "".join(root.xpath("//title//text()")).strip():
        yield "has no title, which is the subject"


def _element_problems(element):
    """Yield what is wrong with one element of an email."""
    tag = element.tag
    if tag in _NEVER:
        yield f"a <{tag}>"
    elif tag == "style" and not _DARK.fullmatch(element.text or ""):
        yield "a <style> with more than the colours of dark mode"
    elif tag == "table" and (element.get("role") != "presentation" or not element.get("width")):
        yield "a <table> without role=presentation or width"
    elif tag == "img" and (element.get("alt") is None or not (element.get("width") or "").isdigit()):
        yield "an <img> without alt or width"
    for name in ("href", "src"):
        url = element.get(name)
        if url is not None and not url.startswith(("https://", "http://")):
            yield f"{tag} {name}=“{url}” is not a full http(s) URL"
    if any(name.startswith("on") for name in element.attrib):
        yield f"an event handler on <{tag}>"
    if _NEVER_IN_STYLE.search(element.get("style", "")):
        yield f"<{tag}> has a style that mail programs do not know: {element.get('style')}"


def _text_problems(text: str):
    """Yield what is wrong with the plain text of a digest."""
    for number, line in enumerate(text.splitlines(), 1):
        if _columns(line) > _MOST_COLUMNS and not line.lstrip().startswith(("https://", "http://")):
            yield f"line {number} has {_columns(line)} columns"
        if match := _ENTITY.search(line):
            yield f"line {number}: the entity {match[0]}"


def _columns(line: str) -> int:
    """Columns that `line` takes: signs of East Asia take two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else not unicodedata.combining(sign) for sign in line)
