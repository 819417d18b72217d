"""Check `links`: every URL into the site leads to a file, every fragment to an element."""

from .page import META, Page
from .site import Site

# A page that is served in place of any other cannot know where it stands.
_SERVED_ANYWHERE = "404.html"


def page_problems(site: Site, file: str, page: Page, canonical_original: bool = False):
    """Yield what is wrong with the links of `page`."""
    here = site.url(file)
    for link in page.links:
        target = site.locate(link.url, here)
        relative = not link.url.startswith(("/", "#")) and ":" not in link.url[:12]
        if target.problem:
            yield f"{link.where}=“{link.url}”: {target.problem}"
        elif link.use == META and link.where.startswith("meta") and not link.url.startswith(("http:", "https:")):
            yield f"{link.where}=“{link.url}”: must be a full URL"
        elif file == _SERVED_ANYWHERE and relative and target.file:
            yield f"{link.where}=“{link.url}”: a relative path, on a page that is served at any depth"
        elif target.file == file and target.fragment and not has_element(page, target.fragment):
            yield f"{link.where}=“{link.url}”: there is no element “{target.fragment}” on this page"
    if page.has_base:
        yield "has a <base> element, which changes what every link means"
    yield from _canonical_problems(site, file, page, canonical_original)


def distant_fragments(site: Site, file: str, page: Page) -> set[tuple[str, str]]:
    """The `(file, fragment)` pairs that `page` names in other pages; they are looked up once all are known."""
    here = site.url(file)
    targets = (site.locate(link.url, here) for link in page.links if "#" in link.url)
    return {(t.file, t.fragment) for t in targets if t.fragment and t.file.endswith(".html") and t.file != file}


def has_element(page: Page, fragment: str) -> bool:
    """Whether `#fragment` leads somewhere on `page`."""
    return fragment in page.ids or fragment.lower() == "top"


def css_problems(site: Site, file: str, urls: list[str]):
    """Yield what is wrong with the URLs of the style sheet `file`."""
    for url in urls:
        if problem := site.locate(url, site.url(file)).problem:
            yield f"url({url}): {problem}"


def is_canonical(site: Site, page: Page) -> bool:
    """Whether search engines are to show `page`, and no page of another site in its place."""
    return not page.canonical or site.owns(page.canonical[0])


def _canonical_problems(site: Site, file: str, page: Page, canonical_original: bool):
    """A page for search engines names itself as canonical, once and in full; a story may name its original."""
    if len(page.canonical) > 1:
        yield "more than one canonical link"
    for url in page.canonical:
        if canonical_original and ("og:type", "article") in page.metas and url.startswith(("http://", "https://")):
            continue
        if not site.owns(url):
            yield f"canonical “{url}” is not a full URL under {site.base}/"
        elif not page.noindex and url != site.url(file):
            yield f"canonical is “{url}” instead of {site.url(file)}"
    if not page.canonical and not page.noindex:
        yield "no canonical link"
