"""Reads a JSON Feed and checks it by version 1.1 of its specification."""

import json
from functools import cache
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator, FormatChecker

from . import dates, strict_json
from .feed import SCHEMAS, Entry, Feed

_FEED_URLS = ("home_page_url", "feed_url", "next_url", "icon", "favicon")
_ITEM_URLS = ("url", "external_url", "image", "banner_image")

_formats = FormatChecker(formats=())


@_formats.checks("http-url")
def _is_http_url(value) -> bool:
    if not isinstance(value, str):
        return True
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(c.isspace() for c in value)


@_formats.checks("date-time")
def _is_date_time(value) -> bool:
    return not isinstance(value, str) or dates.rfc3339(value) is not None


@cache
def _validator() -> Draft202012Validator:
    schema = json.loads((SCHEMAS / "jsonfeed.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=_formats)


def read(data: bytes) -> Feed:
    """Read the JSON feed `data`; ValueError when it is no JSON."""
    root = strict_json.loads(data)
    feed = Feed(problems=[f"{error.json_path}: {error.message[:200]}" for error in _validator().iter_errors(root)])
    if feed.problems:
        feed.complete = False
        return feed
    feed.self_url = root.get("feed_url", "")
    for key in _FEED_URLS:
        feed.add_url(key, root.get(key))
    for item in root["items"]:
        for key in _ITEM_URLS:
            feed.add_url(f"item {key}", item.get(key))
        for attachment in item.get("attachments", []):
            feed.add_url("attachment url", attachment["url"])
        if "content_html" in item:
            feed.html.append(item["content_html"])
        feed.entries.append(_entry(item))
    return feed


def _entry(item: dict) -> Entry:
    published = dates.rfc3339(item.get("date_published", ""))
    return Entry(item["id"], item.get("url", ""), item.get("title", "").strip(), published)
