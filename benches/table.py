"""The table of docs/benchmark.md: what README and docs promise, measured at one size of the synthetic feed with the
built-in theme, beside the table that was committed last.
"""
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import serve

# Worse by more than this is marked.
NOISE = 0.10
START, END = "<!-- table -->", "<!-- end of table -->"
# How often the preview is asked whether a saved article is there, as a person's reload would.
POLL = 0.02
UNITS = {"s": "%.3f", "ms": "%.0f", "MiB": "%.0f", "MB": "%.1f", "files": "%d"}


class Table:
    """Rows of a name, a unit, the value, and Hugo's where there is one."""

    def __init__(self):
        self.rows = []

    def add(self, name, unit, value, hugo=None):
        self.rows.append((name, unit, value, hugo))
        print("%s: %s %s" % (name, UNITS[unit] % value, unit), file=sys.stderr)

    def as_markdown(self, before):
        """The table; `before` has the values of the last one by name. Returned is whether nothing got worse, too."""
        has_hugo = any(hugo is not None for *_, hugo in self.rows)
        head = ["", "", "value", "before", "change"] + ["Hugo"] * has_hugo
        lines = ["| %s |" % " | ".join(head), "|---|---|" + "---:|" * (len(head) - 2)]
        worse = []
        for name, unit, value, hugo in self.rows:
            shown, old = UNITS[unit] % value, before.get((name, unit))
            change = ""
            if old:
                share = float(shown) / old - 1
                change = "%+.0f %%" % (100 * share)
                if share > NOISE:
                    worse.append(name)
                    change = "**%s**" % change
            row = [name, unit, shown, UNITS[unit] % old if old is not None else "", change]
            if has_hugo:
                row.append("" if hugo is None else UNITS[unit] % hugo)
            lines.append("| %s |" % " | ".join(row))
        return "\n".join(lines), worse


def committed(root):
    """The values of the table that is committed, by name and unit, and for how many articles it is."""
    show = ["git", "show", "HEAD:docs/benchmark.md"]
    text = subprocess.run(show, cwd=root, capture_output=True, text=True).stdout
    part = text.partition(START)[2].partition(END)[0]
    size = re.search(r"([\d,]+) articles", part)
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line.startswith("| ")]
    values = {(row[0], row[1]): float(row[2]) for row in cells if row[1] in UNITS}
    return values, int(size[1].replace(",", "")) if size else None


def median(runs):
    return statistics.median(runs)


def timed(command, cwd, **more):
    """Runs a command to its end: wall time, CPU time with that of its children, and what it said."""
    clock = time.monotonic()
    before = os.times()
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, **more)
    after = os.times()
    if done.returncode != 0:
        sys.exit("%s failed:\n%s" % (" ".join(map(str, command)), done.stderr[-2000:]))
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return time.monotonic() - clock, cpu, done.stdout


def round_of(generator, relative, original, run, new):
    """A first build and the builds after it."""
    (generator.site / "content" / new[0]).unlink(missing_ok=True)
    generator.clean()
    generator.build("first build")
    generator.build("nothing changed")
    generator.put(relative, serve.retitle(original, run))
    generator.build("one article edited")
    generator.put(*new)
    generator.build("one article added")


def builds(table, args, ours, article, new):
    """A first build with all that is on by default, and the builds after it."""
    original = article.read_text(encoding="utf-8")
    timed([args.newsgen, "theme", "copy", "article.html"], ours.site)
    template = ours.site / "templates" / "article.html"
    plain = template.read_text(encoding="utf-8")
    for run in range(args.runs):
        round_of(ours, article.relative_to(ours.site / "content"), original, run, new)
        edited = plain.replace("{% endblock main %}", "<!-- " + str(run) + " -->{% endblock main %}")
        template.write_text(edited, encoding="utf-8")
        ours.build("article template edited")
        template.write_text(plain, encoding="utf-8")
        ours.build("")
    for step in [step for step in ours.runs if step]:
        wall, cpu, rss, files, megabytes = ours.median(step)
        table.add(step, "s", wall)
        if step in ("first build", "one article edited"):
            table.add(step + ", CPU", "s", cpu)
            table.add(step + ", peak memory", "MiB", rss)
        if step != "nothing changed":
            table.add(step + ", written", "files", files)
            table.add(step + ", written", "MB", megabytes)
    article.write_text(original, encoding="utf-8")


def beside_hugo(table, args, small, hugo, article, new):
    """The same pages by both, with small templates; they take turns."""
    original = (small.site / "content" / article).read_text(encoding="utf-8")
    for run in range(args.runs):
        for generator in (small, hugo):
            round_of(generator, article, original, run, new)
    for step in small.runs:
        ours, other = small.median(step), hugo.median(step)
        table.add("small templates: " + step, "s", ours[0], other[0])
    table.add("small templates: first build, peak memory", "MiB", *(it.median("first build")[2] for it in (small, hugo)))


def search(table, ours):
    """What the search index adds to a first build and to one with a new article."""
    settings = ours.site / "site.toml"
    plain = settings.read_text(encoding="utf-8")
    settings.write_text(plain.replace("enabled = false", "enabled = true"), encoding="utf-8")
    ours.clean()
    ours.build("with search")
    table.add("first build with search", "s", ours.median("with search")[0])
    index = [path.stat().st_size for path in (ours.site / "public" / "search").rglob("*") if path.is_file()]
    table.add("search index", "files", len(index))
    table.add("search index", "MB", sum(index) / 1e6)
    settings.write_text(plain, encoding="utf-8")
    ours.clean()
    ours.build("")


def deploys(table, args, ours, article, work):
    """A deploy into a folder: the whole site, nothing, and after an edit."""
    target = work / "deployed"
    command = [args.newsgen, "deploy", "file://%s" % target]
    original = article.read_text(encoding="utf-8")
    table.add("first deploy to a folder", "s", timed(command, ours.site)[0])
    table.add("deploy of nothing", "s", median([timed(command, ours.site)[0] for _ in range(args.runs)]))
    times = []
    for run in range(args.runs):
        article.write_text(serve.retitle(original, 100 + run), encoding="utf-8")
        ours.build("")
        times.append(timed(command, ours.site)[0])
    article.write_text(original, encoding="utf-8")
    ours.build("")
    table.add("deploy after an edit", "s", median(times))
    shutil.rmtree(target)


def preview(table, args, ours, article):
    """From the start to the first page, and from a save to the page."""
    starts = []
    for _ in range(args.runs):
        server, port, took = serve.start(args.newsgen, ours.site)
        starts.append(took)
        serve.stop(server)
    table.add("preview starts", "ms", 1000 * median(starts))
    server, port, _ = serve.start(args.newsgen, ours.site)
    page, original, times = serve.page_of(article), article.read_text(encoding="utf-8"), []
    serve.ask(port, page)
    for number in range(20):
        time.sleep(0.5)
        begin = time.monotonic()
        article.write_text(serve.retitle(original, 5000 + number), encoding="utf-8")
        while (">%d " % (5000 + number)).encode() not in serve.ask(port, page):
            if time.monotonic() - begin > 60:
                sys.exit("a saved article does not come to its page")
            time.sleep(POLL)
        times.append(time.monotonic() - begin)
    table.add("save to page", "ms", 1000 * median(times))
    table.add("preview, memory", "MiB", serve.resident(server))
    serve.stop(server)
    article.write_text(original, encoding="utf-8")


def clone(table, root, work):
    """From a fresh clone, with an empty target folder, to the first page."""
    site = work / "clone"
    begin = time.monotonic()
    timed(["git", "clone", "--quiet", root, site], work)
    environment = {name: value for name, value in os.environ.items() if name != "CARGO_TARGET_DIR"}
    _, cpu, _ = timed(["cargo", "build", "--release", "--quiet"], site, env=environment)
    server, _, _ = serve.start(site / "target" / "release" / "newsgen", site)
    wall = time.monotonic() - begin
    serve.stop(server)
    table.add("clone to first page", "s", wall)
    table.add("clone to first page, CPU", "s", cpu)
    shutil.rmtree(site)


def measure(args, ours, hugo, article, new, work, root):
    """Measures everything; returns the table. `hugo` has two generators of the same pages, or is none."""
    table = Table()
    builds(table, args, ours, ours.site / "content" / article, new)
    search(table, ours)
    deploys(table, args, ours, ours.site / "content" / article, work)
    preview(table, args, ours, ours.site / "content" / article)
    if hugo:
        beside_hugo(table, args, *hugo, article, new)
    if not args.without_clone:
        clone(table, root, work)
    return table
