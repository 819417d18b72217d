"""What an editor waits for in `newsgen serve`, on a generated site: the first page after a start with a warm cache, and
how long after a save the browser is told. With candidates, the desk instead: how long it takes to open, until a decision
is answered and until the front page shows it, and a page of the list of articles; and, where Chromium is ($CHROMIUM) and
Node.js finds playwright-core ($NODE_PATH), the same in the page itself: until it shows its rows, from a key to the next
row, to the answer and to the front page in the pane, and how long frames take while the queue is scrolled. Printed are
medians and the distribution, and how busy the machine was. The site itself is left alone: a copy is measured.
"""

import atexit
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

PAGE = re.compile(rb'data-look="([0-9a-f]+)"')


def ask(port, path):
    with socket.create_connection(("127.0.0.1", port)) as sock:
        sock.sendall(("GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" % path).encode())
        return b"".join(iter(lambda: sock.recv(1 << 16), b""))


def stream(port, page):
    look = PAGE.search(ask(port, page))[1].decode()
    sock = socket.create_connection(("127.0.0.1", port))
    sock.settimeout(10)
    sock.sendall(("GET /__newsgen/events?page=%s&look=%s HTTP/1.1\r\nHost: localhost\r\n\r\n" % (page, look)).encode())
    lines = sock.makefile("rb")
    while not lines.readline().startswith(b"retry"):
        pass
    return lines


def event(lines):
    while True:
        line = lines.readline()
        if line.startswith(b"event:"):
            return line.split()[1].decode()


def start(newsgen, site):
    begin = time.monotonic()
    server = subprocess.Popen([newsgen, "serve", "--port", "0", "--root", site], stdout=subprocess.PIPE, text=True)
    for line in server.stdout:
        if "serving at" in line:
            port = int(re.search(r":(\d+)/", line)[1])
            break
    ask(port, "/")
    took = time.monotonic() - begin
    threading.Thread(target=lambda: list(server.stdout), daemon=True).start()
    return server, port, took


def stop(server):
    server.kill()
    server.wait()


def report(name, times):
    times = sorted(1000 * each for each in times)
    at = lambda share: times[min(len(times) - 1, int(share * len(times)))]
    print("%-22s median %6.1f ms   min %6.1f   p90 %6.1f   p95 %6.1f   max %6.1f" % (name, statistics.median(times), times[0], at(0.9), at(0.95), times[-1]))


def measure_edits(port, page, path, change, count):
    lines = stream(port, page)
    original = path.read_text(encoding="utf-8") if path.exists() else None
    times = []
    for number in range(count):
        text = change(original, number)
        time.sleep(0.7)
        begin = time.monotonic()
        path.write_text(text, encoding="utf-8")
        name = event(lines)
        times.append(time.monotonic() - begin)
        if name != "reload":
            sys.exit("expected a reload, got %s" % name)
    if original is not None:
        path.write_text(original, encoding="utf-8")
    time.sleep(1)
    return times


def resident(server):
    status = Path("/proc/%d/status" % server.pid).read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


def candidate(number):
    return ('---\ntitle: "Candidate %d on wafers of plant %d"\nexcerpt: "%s"\npublishedDateTime: 2026-11-%02dT%02d:00:00Z\n'
            'originalUrl: "https://bench.example/%d"\ntype: article\nquality: 80\nprovider:\n  name: "Bench"\n  domain: bench.example\n'
            'topics:\n  - "AI"\n---\n') % (number, number % 700, "What it says. " * 12, 1 + number % 20, number % 24, number)


def write_queue(site, count):
    """A queue of so many candidates, with their lines in the ledger."""
    (site / "content/queue").mkdir(parents=True, exist_ok=True)
    (site / "content/ledger").mkdir(parents=True, exist_ok=True)
    lines = []
    for number in range(count):
        path = "content/queue/bench-%d.md" % number
        (site / path).write_text(candidate(number), encoding="utf-8")
        lines.append(json.dumps({"time": "2026-11-20T00:00:00Z", "n": number, "source": "bench", "id": "b%d" % number, "decision": "queued",
                                 "by": "rules", "url": "https://bench.example/%d" % number, "path": path}))
    (site / "content/ledger/2026-11.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


class Desk:
    """A page of the desk: its token, and a connection that stays open."""

    def __init__(self, port):
        self.host = "localhost:%d" % port
        self.sock = socket.create_connection(("127.0.0.1", port))
        self.lines = self.sock.makefile("rb")
        page = self.ask("GET", "/__newsgen/")
        self.token = re.search(rb'newsgen-token" content="(\w+)"', page)[1].decode()

    def ask(self, method, path, body=None):
        body = b"" if body is None else json.dumps(body).encode()
        head = "%s %s HTTP/1.1\r\nHost: %s\r\nOrigin: http://%s\r\n" % (method, path, self.host, self.host)
        if body:
            head += "Content-Type: application/json\r\nX-Newsgen-Token: %s\r\nContent-Length: %d\r\n" % (self.token, len(body))
        self.sock.sendall(head.encode() + b"\r\n" + body)
        status, length = self.lines.readline(), 0
        while (line := self.lines.readline()) != b"\r\n":
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        answer = self.lines.read(length)
        if b" 200 " not in status:
            sys.exit("%s %s: %s %s" % (method, path, status, answer[:500]))
        return answer


def measure_desk(args, site):
    """What an editor waits for at the desk."""
    write_queue(site, args.candidates)
    busy = lambda: print("load %.1f %.1f %.1f on %d cores" % (*os.getloadavg(), os.cpu_count()))
    busy()
    server, port, _ = start(args.newsgen, site)
    atexit.register(server.kill)
    begin = time.monotonic()
    desk = Desk(port)
    json.loads(desk.ask("GET", "/__newsgen/api/state"))
    queue = json.loads(desk.ask("GET", "/__newsgen/api/queue"))
    report("desk opens (cold)", [time.monotonic() - begin])
    opens = []
    for _ in range(5):
        begin = time.monotonic()
        page = Desk(port)
        page.ask("GET", "/__newsgen/api/state")
        json.loads(page.ask("GET", "/__newsgen/api/queue"))
        opens.append(time.monotonic() - begin)
    report("desk opens", opens)
    rows = sorted(queue["candidates"], key=lambda row: row["date"], reverse=True)[:args.edits]
    answers, shown, lists = [], [], []
    for row in rows:
        title = ">%s<" % row["title"]
        begin = time.monotonic()
        desk.ask("POST", "/__newsgen/api/decide", {"items": [{"id": row["id"], "hash": row["hash"]}], "decision": "publish"})
        answers.append(time.monotonic() - begin)
        while title.encode() not in ask(port, "/latest.json") and row["title"].encode() not in ask(port, "/feed.xml"):
            if time.monotonic() - begin > 20:
                sys.exit("%s is not shown" % title)
            time.sleep(0.005)
        shown.append(time.monotonic() - begin)
        time.sleep(0.3)
    report("decision answered", answers)
    report("decision in the feed", shown)
    for number in range(10):
        begin = time.monotonic()
        desk.ask("GET", "/__newsgen/api/articles?q=%d&limit=100" % number)
        lists.append(time.monotonic() - begin)
    report("articles filtered", lists)
    undone = []
    for _ in rows:
        begin = time.monotonic()
        desk.ask("POST", "/__newsgen/api/undo", {})
        undone.append(time.monotonic() - begin)
        time.sleep(0.3)
    report("undone", undone)
    if os.environ.get("CHROMIUM"):
        measure_page(port)
    busy()
    print("resident %.0f MiB" % resident(server))
    server.kill()


def measure_page(port):
    """What an editor waits for in a browser, and the processor time that the page takes of each frame."""
    script = Path(__file__).resolve().parent.parent / "tests/browser/scroll.mjs"
    done = json.loads(subprocess.run(["node", script, "http://127.0.0.1:%d" % port], check=True, capture_output=True, text=True).stdout)
    for name, times in [("page shows its rows", "openings"), ("key to the next row", "drawn"), ("key to the answer", "answered"),
                        ("key to the pane", "looked"), ("frame while scrolling", "frames")]:
        report(name, [each / 1000 for each in done[times]])
    print("frames over 25 ms: %d of %d" % (sum(each > 25 for each in done["frames"]), len(done["frames"])))
    print("  work in each: %(work).2f ms (scripts %(script).2f, style %(style).2f, layout %(layout).2f)" % done)


def page_of(article):
    """The path of the page of an article of the corpus."""
    day = re.search(r"^publishedDateTime: (\d+)-(\d+)-(\d+)", article.read_text(encoding="utf-8"), re.M)
    return "/news/%s/%s/%s/%s/" % (*day.groups(), re.sub(r"^\d+-\d+-\d+-", "", article.stem))


def retitle(text, number):
    """The same article with another title and heat."""
    text = re.sub(r'(?m)^title: "', 'title: "%d ' % number, text)
    return re.sub(r"(?m)^heat: .*$", "heat: %d" % (1000 + number), text)


def measure(args):
    """Measures the preview, or the desk, of a copy of the site in the folder `args.serve`."""
    with tempfile.TemporaryDirectory(prefix="newsgen-bench-", ignore_cleanup_errors=True) as work:
        site = Path(work) / "site"
        shutil.copytree(args.serve, site, ignore=shutil.ignore_patterns("public"))
        (measure_desk if args.candidates else measure_preview)(args, site)


def measure_preview(args, site):
    """What an editor waits for after a save."""
    article = next(path for path in sorted((site / "content/news").rglob("*.md"))[1000:]
                   if "\npublished: true\n" in (text := path.read_text()) and int(re.search(r"^quality: (\d+)", text, re.M)[1]) >= 60)
    page = page_of(article)
    template = site / "templates/article.html"
    if not template.exists():
        subprocess.run([args.newsgen, "theme", "copy", "article.html", "--root", site], check=True, capture_output=True)

    starts = []
    for _ in range(3):
        server, _, took = start(args.newsgen, site)
        starts.append(took)
        stop(server)
    report("first page", starts)
    server, port, _ = start(args.newsgen, site)
    atexit.register(server.kill)
    print("resident %.0f MiB" % resident(server))
    report("article edit", measure_edits(port, page, article, retitle, args.edits))
    report("template edit", measure_edits(port, page, template, lambda text, number: text.replace("{% endblock main %}", "<!-- " + str(number) + " -->{% endblock main %}"), args.edits))
    print("resident %.0f MiB" % resident(server))

    streams = [stream(port, page) for _ in range(args.streams)]
    heard = []
    readers = [threading.Thread(target=lambda lines=lines: heard.extend([(event(lines), time.monotonic()) for _ in range(3)])) for lines in streams]
    for reader in readers:
        reader.start()
    original, begins = article.read_text(), []
    for number in range(3):
        begins.append(time.monotonic())
        article.write_text(retitle(original, 500 + number))
        time.sleep(2)
    for reader in readers:
        reader.join(20)
    article.write_text(original)
    latest = [max(when for _, when in heard if when < begin + 2 and when >= begin) - begin for begin in begins]
    print("%d streams: %d of %d events; the last one after %s ms" % (args.streams, len(heard), 3 * args.streams, ", ".join("%.0f" % (1000 * each) for each in latest)))
    server.kill()
