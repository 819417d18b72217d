"""A small sound site in a folder: what the self-test breaks, one thing at a time."""

import json
from pathlib import Path

BASE = "https://site.example/news"

_STORIES = [
    ("b", "Second story & more", "2026-10-02T08:30:00Z", "Fri, 02 Oct 2026 08:30:00 GMT"),
    ("a", "First story", "2026-10-01T08:30:00+02:00", "Thu, 01 Oct 2026 08:30:00 +0200"),
]


def files() -> dict[str, str]:
    """Path and text of every file."""
    made = {
        "index.html": _page("", _list("a", "b"), title="Front", page_next="page/1/"),
        "page/1/index.html": _page("page/1/", _list("a")),
        "topics/index.html": _page("topics/", '<p id="all"><a href="/news/topics/ai/#main">AI</a></p>'),
        "topics/ai/index.html": _page("topics/ai/", _list("a", "b")),
        "providers/index.html": _page("providers/", '<p><a href="./one/">One</a></p>'),
        "providers/one/index.html": _page("providers/one/", _list("b")),
        "404.html": _page("404.html", '<p><a href="/news/">Home</a></p>', robots=True),
        "moved/index.html": _moved(),
        "assets/style.css": "@font-face { font-family: x; src: url('font.woff2') format('woff2') }\n",
        "assets/font.woff2": "font",
        "assets/p.png": "picture",
        "robots.txt": f"User-agent: *\nAllow: /\n\nSitemap: {BASE}/sitemap.xml\n",
    }
    for slug, title, date, _ in _STORIES:
        made[f"s/{slug}/index.html"] = _article(slug, title, date)
    for folder in ("", "topics/ai/", "providers/one/"):
        made |= _feeds(folder)
    return made | _api() | _sitemaps(made)


def write(root: Path, texts: dict[str, str]) -> None:
    """Write `texts` below `root`."""
    for name, text in texts.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _page(path: str, main: str, title: str = "A page", page_next: str = "", robots: bool = False) -> str:
    url = f"{BASE}/{path}"
    canonical = f'<link rel="canonical" href="{url}">' if not robots else '<meta name="robots" content="noindex">'
    pager = f'<a rel="next" href="/news/{page_next}">Older</a>' if page_next else ""
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
{canonical}
<link rel="stylesheet" href="/news/assets/style.css">
<link rel="alternate" type="application/atom+xml" title="News" href="/news/feed.xml">
</head>
<body>
<a href="#main">Skip</a>
<main id="main">
<h1>{title}</h1>
{main}
</main>
{pager}
</body>
</html>
"""


def _list(*slugs: str) -> str:
    return "\n".join(
        f'<article><h2><a href="/news/s/{slug}/">Story {slug}</a></h2>'
        f'<img src="https://pictures.example/{slug}.jpg" srcset="/news/assets/p.png 1x, /news/assets/p.png?w=2,3 2x"'
        ' width="10" height="10" alt=""></article>'
        for slug in slugs
    )


def _article(slug: str, title: str, date: str) -> str:
    data = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": title, "url": f"{BASE}/s/{slug}/"}
    script = f'<script type="application/ld+json">{json.dumps(data | {"datePublished": date})}</script>'
    main = f"""<p><a href="https://one.example/{slug}">The story</a></p>
<iframe title="Film" src="https://player.vimeo.com/{slug}"></iframe>
{script}"""
    return _page(f"s/{slug}/", main, _escape(title))


def _moved() -> str:
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Moved</title>
<meta name="robots" content="noindex">
<link rel="canonical" href="{BASE}/">
<meta http-equiv="refresh" content="0; url=/news/"></head>
<body><p><a href="/news/">Here</a></p></body></html>
"""


def _feeds(folder: str) -> dict[str, str]:
    here = f"{BASE}/{folder}"
    entries = "".join(
        f"<entry><id>{BASE}/s/{slug}/</id><title>{_escape(title)}</title>"
        f'<link href="{BASE}/s/{slug}/"/><published>{date}</published><updated>{date}</updated>'
        f'<content type="html">&lt;p&gt;&lt;a href="{BASE}/s/{slug}/"&gt;x&lt;/a&gt;&lt;/p&gt;</content></entry>\n'
        for slug, title, date, _ in _STORIES
    )
    items = "".join(
        f"<item><title>{_escape(title)}</title><link>{BASE}/s/{slug}/</link><guid>{BASE}/s/{slug}/</guid>"
        f"<pubDate>{date}</pubDate><dc:creator>One</dc:creator>"
        "<category>AI</category><category>Robots</category><description>x</description></item>\n"
        for slug, title, _, date in _STORIES
    )
    stories = [
        {
            "id": f"{BASE}/s/{slug}/",
            "url": f"{BASE}/s/{slug}/",
            "title": title,
            "content_text": "x",
            "date_published": date,
        }
        for slug, title, date, _ in _STORIES
    ]
    return {
        f"{folder}feed.xml": f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
<id>{here}</id><title>News</title><updated>2026-10-02T08:30:00Z</updated>
<author><name>Desk</name></author>
<link rel="self" type="application/atom+xml" href="{here}feed.xml"/>
<link rel="alternate" type="text/html" href="{here}"/>
{entries}</feed>
""",
        f"{folder}rss.xml": f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>News</title><link>{here}</link><description>All of it</description><language>en</language>
<atom:link rel="self" type="application/rss+xml" href="{here}rss.xml"/>
{items}</channel></rss>
""",
        f"{folder}feed.json": json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": "News",
                "home_page_url": here,
                "feed_url": f"{here}feed.json",
                "items": stories,
            },
            indent=1,
        ),
    }


def _api() -> dict[str, str]:
    stories = [{"title": t, "url": f"{BASE}/s/{s}/", "publishedDateTime": d} for s, t, d, _ in _STORIES]
    head = {"page": 2, "value": stories[:1], "nextPage": 1}
    last = {"page": 1, "value": stories[1:], "nextPage": None}
    return {"api/news/index.json": json.dumps(head), "api/news/page/1/index.json": json.dumps(last)}


def _sitemaps(made: dict[str, str]) -> dict[str, str]:
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    start = '<?xml version="1.0" encoding="utf-8"?>\n'
    pages = [
        name.removesuffix("index.html")
        for name, text in made.items()
        if name.endswith(".html") and "noindex" not in text
    ]
    urls = "".join(f"<url><loc>{BASE}/{page}</loc><lastmod>2026-10-02</lastmod></url>\n" for page in pages)
    index = f"<sitemap><loc>{BASE}/sitemaps/1.xml</loc><lastmod>2026-10-02T08:30:00Z</lastmod></sitemap>"
    return {
        "sitemap.xml": f"{start}<sitemapindex {space}>{index}</sitemapindex>\n",
        "sitemaps/1.xml": f"{start}<urlset {space}>{urls}</urlset>\n",
    }
