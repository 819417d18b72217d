"""Check `json-ld`: every block parses, says what it is, and names only URLs that exist."""

from . import strict_json
from .page import Page
from .site import Site


def page_problems(site: Site, page: Page):
    """Yield what is wrong with the JSON-LD of `page`."""
    for text in page.json_ld:
        try:
            data = strict_json.loads(text)
        except ValueError as error:
            yield f"not JSON: {error}"
            continue
        blocks = data if isinstance(data, list) else [data]
        if not all(isinstance(block, dict) and "schema.org" in str(block.get("@context")) for block in blocks):
            yield "a block without the @context of schema.org"
        for key, value in strict_json.strings(data):
            # An @id names a thing, which need not be a page.
            if key != "@id" and site.owns(value) and (problem := site.locate(value, site.base + "/").problem):
                yield f"{key} “{value}”: {problem}"
