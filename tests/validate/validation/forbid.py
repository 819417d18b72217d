"""Check `forbid`: given texts, which must stay secret, occur in no byte of the output."""

import gzip
import html
import json
import zlib
from pathlib import Path
from urllib.parse import quote

from .report import Report
from .site import Site

_SHORTEST = 4


def check(site: Site, report: Report, lists: list[Path]) -> None:
    """Look for every line of the files `lists` in the names and contents of all files."""
    check = report.check("forbid")
    texts = sorted({line.strip() for path in lists for line in path.read_text("utf-8").splitlines()} - {""})
    check.count("texts", len(texts))
    if short := [text for text in texts if len(text) < _SHORTEST]:
        raise ValueError(f"a forbidden text needs {_SHORTEST} characters or more: {short[0]!r}")
    needles = _Needles(texts)
    for file in sorted(site.files):
        check.count("files")
        data = _plain(site.read(file)) + b"\n" + file.encode()
        for text in sorted(needles.found_in(data)):
            check.fail(file, f"has the forbidden text “{text[:24]}{'…' if len(text) > 24 else ''}”")


class _Needles:
    """Texts in every way that a page may spell them, to be found in one pass over some bytes.

    Only every `step`-th place of the bytes is looked at. Wherever a text begins, such a place comes within its first
    `step` bytes, so its pieces from each of these bytes on are what is looked for.
    """

    def __init__(self, texts: list[str]) -> None:
        spelled = {spelling: text for text in texts for spelling in _spellings(text)}
        shortest = min(map(len, spelled), default=_SHORTEST)
        self.step = min(8, shortest - _SHORTEST + 1)
        self.width = shortest - self.step + 1
        self.pieces: dict[bytes, list[tuple[int, bytes, str]]] = {}
        for spelling, text in spelled.items():
            for offset in range(self.step):
                piece = spelling[offset : offset + self.width]
                self.pieces.setdefault(piece, []).append((offset, spelling, text))

    def found_in(self, data: bytes) -> set[str]:
        """Those of the texts that occur in `data`."""
        width, pieces = self.width, self.pieces
        return {
            text
            for place in range(0, len(data), self.step)
            if (piece := data[place : place + width]) in pieces
            for offset, spelling, text in pieces[piece]
            if place >= offset and data.startswith(spelling, place - offset)
        }


def _spellings(text: str) -> set[bytes]:
    """`text` as it is, and escaped for HTML, JSON and URLs."""
    escaped = html.escape(text)
    ways = {
        text,
        escaped,
        html.escape(text, quote=False),
        escaped.replace("/", "&#x2F;"),
        quote(text),
        quote(text, safe=""),
    }
    ways |= {
        json.dumps(text)[1:-1],
        json.dumps(text, ensure_ascii=False)[1:-1],
        json.dumps(text)[1:-1].replace("/", "\\/"),
    }
    return {way.encode("utf-8") for way in ways}


def _plain(data: bytes) -> bytes:
    """`data`, unpacked when it is a gzip file, such as a part of a search index."""
    if data.startswith(b"\x1f\x8b"):
        try:
            return gzip.decompress(data)
        except (OSError, EOFError, zlib.error):
            pass
    return data
