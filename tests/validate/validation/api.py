"""Check `api`: the shape of every page of the JSON API, its chains, their order, and that no secret key is in it."""

import re
from datetime import datetime

from . import dates, strict_json
from .report import Check, Report
from .site import Site

_SECRET = "secured"
_KEYS = {"page", "value", "nextPage"}
_DATE = "publishedDateTime"
_NUMBERED = re.compile(r"(.*/)page/(\d+)/index\.json")


def check(site: Site, report: Report) -> None:
    """Check every page of the API, then every chain of pages, and every other JSON file for secrets."""
    check = report.check("api")
    pages: dict[str, dict] = {}
    for file in site.ending(".json"):
        try:
            data = strict_json.loads(site.read(file))
        except ValueError as error:
            check.fail(file, f"not JSON: {error}")
            continue
        for key in sorted({key for key in strict_json.keys(data) if key.lower() == _SECRET}):
            check.fail(file, f"has a key “{key}”")
        if file.startswith("api/") and file.endswith("/index.json"):
            check.count("pages")
            problems = list(_shape_problems(file, data))
            check.fail_all(file, problems)
            if not problems:
                pages[file] = data
                check.fail_all(file, _content_problems(site, data))
    _check_chains(check, pages)


def _shape_problems(file: str, data):
    """Yield how one page differs from what a page of the API is."""
    if not isinstance(data, dict) or set(data) != _KEYS:
        yield f"must be an object with the keys {', '.join(sorted(_KEYS))}"
        return
    if not isinstance(data["value"], list) or not all(isinstance(item, dict) for item in data["value"]):
        yield "value must be a list of objects"
        return
    number, older = data["page"], data["nextPage"]
    if type(number) is not int or number < 1 or type(older) not in (int, type(None)):
        yield "page must be a number, nextPage a number or null"
    elif older != (number - 1 or None):
        yield f"nextPage is {older} on page {number}"
    if (match := _NUMBERED.fullmatch(file)) and str(number) != match[2]:
        yield f"calls itself page {number}"


def _content_problems(site: Site, data: dict):
    """Yield wrong URLs and dates on a page."""
    for key, text in strict_json.strings(data):
        is_path = text.startswith("/") and key.lower().endswith(("url", "page"))
        if (is_path or site.owns(text)) and (problem := site.locate(text, site.base + "/").problem):
            yield f"{key} “{text}”: {problem}"
    for item in data["value"]:
        if _DATE in item and dates.rfc3339(str(item[_DATE])) is None:
            yield f"{_DATE} “{item[_DATE]}” is no RFC 3339 date"


def _check_chains(check: Check, pages: dict[str, dict]) -> None:
    """Follow every chain from its head: it ends, comes by no story twice, and goes from new to old."""
    walked = set()
    for head in sorted(file for file in pages if not _NUMBERED.fullmatch(file)):
        check.count("chains")
        chain = list(_walk(check, head, pages))
        walked.update(chain)
        stories = [item for file in chain for item in pages[file]["value"]]
        check.count("items", len(stories))
        check.fail_all(head, _order_problems(stories))
    for file in sorted(set(pages) - walked):
        check.fail(file, "no chain leads to this page")


def _walk(check: Check, head: str, pages: dict[str, dict]):
    """The files of the chain that begins at `head`; page numbers fall, so it ends."""
    file = head
    while True:
        yield file
        older = pages[file]["nextPage"]
        if older is None:
            return
        following = f"{head.removesuffix('index.json')}page/{older}/index.json"
        if following not in pages:
            check.fail(file, f"nextPage leads to {following}, which is no sound page of the API")
            return
        file = following


def _order_problems(stories: list[dict]):
    """Yield what is wrong with the stories of a whole chain."""
    times: list[datetime] = [time for story in stories if (time := dates.rfc3339(str(story.get(_DATE))))]
    if times != sorted(times, reverse=True):
        yield "the stories of the chain are not newest first"
    # An event with few reports has no page.
    urls = [story["url"] for story in stories if story.get("url")]
    if len(urls) != len(set(urls)):
        yield "the chain has a story twice"
