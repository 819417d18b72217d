"""What the three feed formats have in common once they are read."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

from lxml import etree

SCHEMAS = Path(__file__).resolve().parent.parent / "schemas"


@dataclass(frozen=True)
class Entry:
    """One story of a feed."""

    id: str
    url: str
    title: str
    published: datetime | None


@dataclass
class Feed:
    """A feed as far as the common checks need it, with the problems found while it was read.

    One that is not `complete` was too wrong to be read to its end.
    """

    entries: list[Entry] = field(default_factory=list)
    self_url: str = ""
    urls: list[tuple[str, str]] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    complete: bool = True

    def add_url(self, where: str, url: str | None) -> None:
        """Note a URL that must be full, and lead somewhere when it is one of the site."""
        if url is not None:
            self.urls.append((where, url.strip()))


def parse_xml(data: bytes) -> etree._Element:
    """The root of an XML file; ValueError when it is not well-formed or has a DOCTYPE."""
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    except etree.XMLSyntaxError as error:
        raise ValueError(f"not well-formed XML: {error}") from None
    if root.getroottree().docinfo.doctype:
        raise ValueError("has a DOCTYPE")
    return root


def schema_problems(root: etree._Element, name: str):
    """Yield where the XML under `root` breaks the schema file `name`."""
    schema = _schema(name)
    if not schema.validate(root):
        seen = [f"line {error.line}: {error.message}" for error in schema.error_log]
        yield from dict.fromkeys(seen[:10]) or ["does not match the schema"]


@cache
def _schema(name: str):
    tree = etree.parse(SCHEMAS / name)
    return etree.RelaxNG(tree) if name.endswith(".rng") else etree.XMLSchema(tree)
