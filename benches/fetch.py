"""What `newsgen fetch` costs: many sources on a server with latency, and a site with a long past.

300 sources of 50 items each, on loopback, where each answer takes 50 ms: all new, nothing changed, all changed. Then a
site of 100,000 articles, whose ledger has a million lines, where one source has nothing new: the first run reads all
lines and keeps what they say, the second one is as all others will be.
"""
import datetime
import json
import os
import random
import resource  # noqa: F401  (Unix only, as is wait4)
import shutil
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SOURCES, ITEMS, LATENCY = 300, 50, 0.05
START = datetime.datetime(2026, 11, 1, 12, tzinfo=datetime.timezone.utc)
SITE = 'title = "Fetched"\nbase_url = "https://fetched.example"\n[fetch]\nallow_hosts = ["%s"]\n'


class Feeds:
    """The feeds of all sources. `version` is in the texts, so that another one changes every item."""

    def __init__(self):
        self.version = 0
        feeds = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                time.sleep(LATENCY)
                tag = '"%d"' % feeds.version
                same = self.headers.get("If-None-Match") == tag
                body = b"" if same else feeds.feed(int(self.path[1:]))
                self.send_response(304 if same else 200)
                self.send_header("ETag", tag)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        # A host has two connections at most; 127.0.0.0/8 is full of hosts.
        self.server = ThreadingHTTPServer(("0.0.0.0", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def hosts(self):
        return ["127.0.1.%d:%d" % (number % 250 + 1, self.port) for number in range(SOURCES)]

    def feed(self, source):
        items = []
        for number in range(ITEMS):
            written = START - datetime.timedelta(minutes=number)
            items.append(
                "<item><title>Story %d of source %d, version %d</title><link>https://news%d.example/%d/story</link>"
                "<guid>story-%d</guid><pubDate>%s</pubDate><description>%s</description></item>"
                % (number, source, self.version, source, number, number, written.strftime("%a, %d %b %Y %H:%M:%S GMT"),
                   "What happened, in a sentence or two, so that the excerpt has its usual length. " * 3))
        return ("<rss version='2.0'><channel><title>Source %d</title>%s</channel></rss>" % (source, "".join(items))).encode()


def run(newsgen, site, now):
    """Runs `fetch`: wall time, CPU time, peak memory in MB, what it says last."""
    clock = time.monotonic()
    command = [newsgen, "fetch", "--now", now.strftime("%Y-%m-%dT%H:%M:%SZ")]
    with subprocess.Popen(command, cwd=site, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        said = process.stdout.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - clock
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit("newsgen fetch failed:\n" + said[-2000:])
    rss = usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    return wall, usage.ru_utime + usage.ru_stime, rss, said.strip().splitlines()[-1]


def add_sources(site, feeds, count):
    folder = site / "content" / "sources"
    folder.mkdir(parents=True)
    hosts = feeds.hosts()
    for number in range(count):
        (folder / ("source-%d.yaml" % number)).write_text("feed: http://%s/%d\nevery: 30 minutes\n" % (hosts[number], number))
    allowed = '", "'.join(sorted(set(hosts)))
    (site / "site.toml").write_text(SITE % allowed)


def write_ledger(folder, lines):
    """A year of lines: most items are dropped, some become candidates and are decided on."""
    folder.mkdir(parents=True)
    chance = random.Random(1)
    per_month = lines // 12
    number = 0
    for month in range(12):
        first = (START - datetime.timedelta(days=30 * (11 - month))).replace(day=1)
        with open(folder / first.strftime("%Y-%m.jsonl"), "w") as file:
            for at in range(per_month):
                moment = first + datetime.timedelta(seconds=at * 20)
                url = "https://www.past%d.example/%s/a-story-with-a-long-address-%d.html" % (number % 500, first.strftime("%Y/%m"), number)
                decision, by, reason = chance.choices(
                    [("dropped", "rules", "skip `sponsored`, site.toml:12"), ("duplicate", "fetch", "source-7 had it: queued"),
                     ("rejected", "editor", None), ("published", "editor", None)], [70, 10, 12, 8])[0]
                line = {"time": moment.strftime("%Y-%m-%dT%H:%M:%SZ"), "n": number, "source": "source-%d" % (number % 300),
                        "id": url, "url": url, "hash": "%016x" % chance.getrandbits(64), "decision": decision, "by": by}
                if reason:
                    line["reason"] = reason
                if decision in ("rejected", "published"):
                    name = "2026-01-01-a-story-%d.md" % number
                    line["path"] = ("content/news/" if decision == "published" else ".newsgen/fetch/removed/") + name
                    line["from"] = "content/queue/" + name
                    line["file"] = "%032x" % chance.getrandbits(128)
                file.write(json.dumps(line, separators=(",", ":")) + "\n")
                number += 1


def measure(newsgen, work, articles, lines, corpus):
    """All rows of the table: name, and what `run` returns."""
    rows = []
    feeds = Feeds()
    site = work / "sources"
    shutil.rmtree(work, ignore_errors=True)
    add_sources(site, feeds, SOURCES)
    hour = datetime.timedelta(hours=1)
    for step, (name, change) in enumerate([("all new", 0), ("nothing changed", 0), ("all changed", 1)]):
        feeds.version += change
        rows.append(("%d sources of %d items, %s" % (SOURCES, ITEMS, name),) + run(newsgen, site, START + hour * step))
    queued = len(list((site / "content" / "queue").iterdir()))
    if queued != SOURCES * ITEMS:
        sys.exit("%d candidates, not %d" % (queued, SOURCES * ITEMS))
    site = work / "past"
    add_sources(site, feeds, 1)
    corpus(site, articles)
    write_ledger(site / "content" / "ledger", lines)
    for step, name in enumerate(["first run", "second run", "third run"]):
        rows.append(("%d articles, %d lines, %s" % (articles, lines, name),) + run(newsgen, site, START + hour * step))
    return rows
