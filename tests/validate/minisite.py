"""A small sound site in a folder: what the self-test breaks, one thing at a time."""

import json
from pathlib import Path

BASE = "https://site.example/news"

_STORIES = [
    ("b", "Second story & more", "2026-10-02T08:30:00Z", "Fri, 02 Oct 2026 08:30:00 GMT"),
    ("a", "First story", "2026-10-01T08:30:00+02:00", "Thu, 01 Oct 2026 08:30:00 +0200"),
]


_EMAIL = f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>News Weekly: First story</title>
<meta name="robots" content="noindex">
<style>@media (prefers-color-scheme: dark) {{ .ink {{ color: #fff !important; }} }}</style></head>
<body><table role="presentation" width="600"><tr><td>
<img src="{BASE}/assets/p.png" alt="" width="584">
<a href="{BASE}/s/a/" style="color:#111">First story</a></td></tr></table></body></html>
"""


def files() -> dict[str, str]:
    """Path and text of every file."""
    made = {
        "index.html": _page("", _list("a", "b"), title="Front", page_next="page/1/"),
        "page/1/index.html": _page("page/1/", _list("a")),
        "topics/index.html": _page("topics/", '<p id="all"><a href="/news/topics/ai/#main">AI</a></p>'),
        "topics/ai/index.html": _page("topics/ai/", _list("a", "b")),
        "providers/index.html": _page("providers/", '<p><a href="./one/">One</a></p>'),
        "providers/one/index.html": _page("providers/one/", _list("b")),
        "digest/index.html": _page("digest/", '<p><a href="/news/digest/2026-w40/email.html">Week 40</a></p>'),
        "digest/2026-w40/email.html": _EMAIL,
        "digest/2026-w40/email.txt": f"NEWS WEEKLY\n\nFirst story\n  A & B\n  {BASE}/s/a/\n",
        "404.html": _page("404.html", '<p><a href="/news/">Home</a></p>', robots=True),
        "moved/index.html": _moved(),
        "assets/style.css": "@font-face { font-family: x; src: url('font.woff2') format('woff2') }\n",
        "assets/font.woff2": "font",
        "assets/p.png": "picture",
        "assets/app.0123456789ab.js": "// nothing",
        "assets/icon.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
        "robots.txt": f"User-agent: *\nAllow: /\n\nSitemap: {BASE}/sitemap.xml\nSitemap: {BASE}/news-sitemap.xml\n",
    }
    for slug, title, date, _ in _STORIES:
        made[f"s/{slug}/index.html"] = _article(slug, title, date)
    for folder in ("", "topics/ai/", "providers/one/"):
        made |= _feeds(folder)
    return made | _api() | _sitemaps(made) | _host() | _lists()


def write(root: Path, texts: dict[str, str]) -> None:
    """Write `texts` below `root`."""
    for name, text in texts.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    if "manifest.webmanifest" in texts:
        (root / "assets/icon.png").write_bytes(PNG)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _previews(url: str, title: str, published: str = "") -> str:
    kind, time = ("article", f'<meta property="article:published_time" content="{published}">') if published else ("website", "")
    return f"""<meta property="og:title" content="{title}">
<meta property="og:type" content="{kind}">
<meta property="og:url" content="{url}">
<meta property="og:site_name" content="News">
<meta property="og:locale" content="en_GB">
<meta property="og:image" content="{BASE}/assets/p.png">
<meta property="og:image:width" content="10">
<meta property="og:image:height" content="10">
<meta name="twitter:card" content="summary_large_image">{time}"""


def _page(
    path: str, main: str, title: str = "A page", page_next: str = "", robots: bool = False, published: str = ""
) -> str:
    url = f"{BASE}/{path}"
    canonical = f'<link rel="canonical" href="{url}">' if not robots else '<meta name="robots" content="noindex">'
    pager = f'<a rel="next" href="/news/{page_next}">Older</a>' if page_next else ""
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
{canonical}
{_previews(url, title, published)}
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
    here = f"{BASE}/s/{slug}/"
    site = {"@type": "Organization", "name": "News", "url": f"{BASE}/"}
    story = {"@type": "NewsArticle", "headline": title, "url": here, "mainEntityOfPage": here, "inLanguage": "en"}
    story |= {"datePublished": date, "author": site, "publisher": site}
    film = {"@type": "VideoObject", "name": title, "thumbnailUrl": [f"{BASE}/assets/p.png"], "uploadDate": date}
    film |= {"duration": "PT4M3S", "author": site, "publisher": site, "url": here, "inLanguage": "en"}
    item = {"@type": "ListItem", "position": 1, "name": "News", "item": f"{BASE}/"}
    trail = {"@type": "BreadcrumbList", "itemListElement": [item]}
    words = {"@type": "EntryPoint", "urlTemplate": f"{BASE}/search/?q={{words}}"}
    search = {"@type": "SearchAction", "target": words, "query-input": "required name=words"}
    data = {"@context": "https://schema.org", "@graph": [story, film, trail, search]}
    script = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    main = f"""<p style="background: url(/news/assets/p.png)"><a href="https://one.example/{slug}">The story</a></p>
<iframe title="Film" src="https://player.vimeo.com/{slug}"></iframe>
{script}"""
    return _page(f"s/{slug}/", main, _escape(title), published=date)


def _moved() -> str:
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Moved</title>
<meta name="robots" content="noindex">
{_previews(f"{BASE}/", "Moved")}
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
    news = "".join(
        f"<url><loc>{BASE}/s/{slug}/</loc><news:news><news:publication><news:name>News</news:name>"
        f"<news:language>en</news:language></news:publication><news:publication_date>{date}</news:publication_date>"
        f"<news:title>{_escape(title)}</news:title></news:news></url>\n"
        for slug, title, date, _ in _STORIES
    )
    news_space = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    index = f"<sitemap><loc>{BASE}/sitemaps/1.xml</loc><lastmod>2026-10-02T08:30:00Z</lastmod></sitemap>"
    return {
        "sitemap.xml": f"{start}<sitemapindex {space}>{index}</sitemapindex>\n",
        "news-sitemap.xml": f"{start}<urlset {space} {news_space}>{news}</urlset>\n",
        "sitemaps/1.xml": f"{start}<urlset {space}>{urls}</urlset>\n",
    }


def _host() -> dict[str, str]:
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' https:; "
        "frame-src https://player.vimeo.com"
    )
    return {
        "_headers": f"""# What all files get, then what some get.
/news/*
  Content-Security-Policy: {policy}
  X-Content-Type-Options: nosniff
  Referrer-Policy: no-referrer
  Permissions-Policy: camera=()
  Cache-Control: public, max-age=60
/news/topics/:slug/feed.xml
  Content-Type: application/atom+xml
/news/assets/app.0123456789ab.js
  ! Cache-Control
  Cache-Control: public, max-age=31536000, immutable
""",
        "_redirects": "/news/moved /news/ 301\n/news/s/old/ /news/s/a/ 301\n",
    }


def _lists() -> dict[str, str]:
    def outline(name: str, folder: str) -> str:
        return f'<outline type="rss" text="{name}" xmlUrl="{BASE}/{folder}feed.xml" htmlUrl="{BASE}/{folder}"/>'

    icon = {"src": "assets/icon.svg", "sizes": "any", "type": "image/svg+xml"}
    picture = {"src": "/news/assets/icon.png", "sizes": "3x2", "type": "image/png"}
    app = {"name": "News", "lang": "en", "start_url": "/news/", "scope": "/news/", "display": "browser"}
    app |= {"background_color": "#ffffff", "theme_color": "#000000", "icons": [icon, picture]}
    search = "http://a9.com/-/spec/opensearch/1.1/"
    return {
        "feeds.opml": f"""<?xml version="1.0" encoding="utf-8"?>
<opml version="2.0"><head><title>News</title></head><body>{outline("News", "")}
<outline text="Topics">{outline("AI", "topics/ai/")}</outline>{outline("One", "providers/one/")}</body></opml>
""",
        "manifest.webmanifest": json.dumps(app, indent=1),
        "llms.txt": "# News\n\n> All of it\n\n## Topics\n\n- [AI](https://site.example/news/topics/ai/): x\n",
        "opensearch.xml": f"""<?xml version="1.0" encoding="utf-8"?>
<OpenSearchDescription xmlns="{search}"><ShortName>News</ShortName><Description>Searches the news</Description>
<Url type="text/html" template="{BASE}/topics/?q={{searchTerms}}"/></OpenSearchDescription>
""",
    }


# A picture of no more than its head: three pixels wide, two high.
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x03\0\0\0\x02\x08\x06\0\0\0"
