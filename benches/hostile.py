"""Articles and sites that somebody could write to make newsgen slow: families that grow with a number.

Each family is a function that writes a site of size `n` into a folder. `scripts/bench --hostile` builds it at n, 2n
and 4n; sizes are such that one article of a family stays below 1 MiB, the most that newsgen reads, at 4n.
"""
import random

WEEK_AGO = "2026-11-12T08:00:00Z"
NOW = "2026-11-21T00:00:00Z"
FAMILIES = {}


def family(n):
    """Adds a family, with the size at which it is measured first."""
    def add(function):
        FAMILIES[function.__name__.replace("_", " ")] = (n, function)
        return function
    return add


def settings(site, more=""):
    (site / "site.toml").write_text('title = "T"\nbase_url = "https://news.example/"\n' + more, encoding="utf-8")


def article(site, name="evil", title="Evil", fields="", body="", date="2026-11-20T08:00:00Z"):
    path = site / "content" / "news" / (name + ".md")
    path.parent.mkdir(parents=True, exist_ok=True)
    head = "---\ntitle: %s\npublishedDateTime: %s\noriginalUrl: https://a.example/%s\n" % (title, date, name)
    path.write_text(head + fields + "---\n" + body + "\n", encoding="utf-8")


def topic(site, name, fields):
    path = site / "content" / "topics" / (name + ".yaml")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(fields, encoding="utf-8")


def items(name, values):
    return "%s:\n%s" % (name, "".join("- %s\n" % value for value in values))


def words(n, letters=6):
    source = random.Random(n)
    return " ".join("".join(source.choices("abcdefghijklmnopqrstuvwxyz", k=letters)) for _ in range(n))


@family(25_000)
def tags(site, n):
    article(site, fields=items("tags", ("t%d" % k for k in range(n))))


@family(25_000)
def topics(site, n):
    article(site, fields=items("topics", ("t%d" % k for k in range(n))))


@family(5_000)
def bad_aliases(site, n):
    article(site, fields=items("aliases", ("b%d" % k for k in range(n))))


@family(10_000)
def aliases(site, n):
    article(site, fields=items("aliases", ("/old/%d/" % k for k in range(n))))


@family(100_000)
def deep_alias(site, n):
    article(site, fields=items("aliases", ["/" + "a/" * n, "/a/b/"]))


@family(1_500)
def related_stories(site, n):
    story = "- title: Story %d\n  webUrl: https://b.example/%d\n  provider: {name: B, domain: b%d.example}\n"
    article(site, fields="related:\n" + "".join(story % (k, k, k) for k in range(n)))


@family(5_000)
def images(site, n):
    article(site, fields="images:\n" + "".join("- url: https://b.example/%d.jpg\n" % k for k in range(n)))


@family(10_000)
def unknown_fields(site, n):
    article(site, fields="".join("field%d: value\n" % k for k in range(n)))


@family(200_000)
def long_link(site, n):
    article(site, fields="webUrl: https://a.example/%s\n" % ("x" * n) + items("topics", map(str, range(50))))


@family(200_000)
def long_title_in_a_digest(site, n):
    article(site, "good", "Good", date=WEEK_AGO)
    article(site, title="'%s'" % ('"' * n), fields="quality: 999\n", date=WEEK_AGO)


@family(100_000)
def combining_marks(site, n):
    article(site, fields="quality: 999\nexcerpt: a%s\n" % ("\u0301" * n), date=WEEK_AGO)


@family(500)
def yaml_aliases(site, n):
    article(site, fields="one: &one [%s]\ntwo: [%s]\n" % (", ".join("x" * n), ", ".join(["*one"] * n)))


@family(10_000)
def formatting_elements(site, n):
    article(site, body="<b>" * n + "<p>" * n)


@family(40_000)
def nested_elements(site, n):
    article(site, body="<div>" * n)


@family(40_000)
def attributes(site, n):
    article(site, body="<a %s>" % " ".join("a%d" % k for k in range(n)))


@family(100_000)
def nested_quotations(site, n):
    article(site, body=">" * n + " text")


@family(50_000)
def emphasis(site, n):
    article(site, body="*a **b " * (n // 2))


@family(100_000)
def brackets(site, n):
    article(site, body="[" * n + "](x)")


@family(35_000)
def words_of_a_body(site, n):
    article(site, body=words(n))


@family(80_000)
def body_in_Chinese(site, n):
    settings(site, 'locale = "zh"\n')
    source = random.Random(n)
    article(site, body="".join(chr(source.randrange(0x4E00, 0x9FA5)) for _ in range(n)))


@family(200_000)
def body_in_many_topics(site, n):
    article(site, fields=items("topics", ("topic %d" % k for k in range(50))), body="lorem ipsum " * (n // 12))


@family(200_000)
def markup_in_many_topics(site, n):
    article(site, fields=items("topics", ("topic %d" % k for k in range(50))), body="a & b\n\n" * (n // 7))


@family(1_500)
def topics_of_one_slug(site, n):
    for k in range(n):
        signs = "".join("!?.,;"[k // 5**place % 5] for place in range(7))
        topic(site, str(k), 'name: "x%s"\n' % signs)
    article(site)


@family(1_500)
def chain_of_parents(site, n):
    for k in range(n):
        topic(site, "%05d" % k, "name: t%d\n%s" % (k, "parent: t%d\n" % (k + 1) if k + 1 < n else ""))
    article(site, fields=items("topics", ["t0", "t1"]))


@family(1_500)
def circle_of_parents(site, n):
    for k in range(n):
        topic(site, "%05d" % k, "name: t%d\nparent: t%d\n" % (k, (k + 1) % n))
    article(site, fields=items("topics", ["t0", "t1"]))


@family(1_250)
def similar_titles(site, n):
    for k in range(n):
        title = "Chip maker doubles output of wafers in new plant %d" % (k % 50)
        article(site, "a%d" % k, title, "provider: {domain: p%d.example}\n" % k)


@family(1_250)
def similar_titles_of_a_past_week(site, n):
    for k in range(n):
        fields = "provider: {domain: p%d.example}\n" % k
        article(site, "a%d" % k, "Chip maker doubles output of wafers", fields, date=WEEK_AGO)


@family(250)
def months(site, n):
    for k in range(n):
        article(site, "a%d" % k, "Story %d" % k, date="%d-%02d-01" % (1930 + k // 12, 1 + k % 12))
