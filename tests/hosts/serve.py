"""Serves the sample site by nginx or Caddy with the configuration that docs/deploying.md shows, and asks for every file of it.

    python3 tests/hosts/serve.py NEWSGEN nginx|caddy FOLDER

NEWSGEN is the program; FOLDER, which is emptied first, takes the site, its deployed copy and the server's files.
"""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote, unquote

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests/validate"))

from validation.host import read_headers  # noqa: E402

NOW = "2026-11-01T00:00:00Z"
DOCUMENTED_ROOT, DOCUMENTED_HOST = "/srv/www/news", "news.example.org"
# How each server is set to serve compressed files, and how the file is called that newsgen writes
# for it.
COMPRESS = {"nginx": "gzip", "caddy": "br"}
RULES = {"nginx": "_nginx.conf", "caddy": "_Caddyfile"}
ENDING = {"gzip": ".gz", "br": ".br"}
FENCE = {"nginx": "nginx", "caddy": "caddyfile"}
ALIASES = ("/old/", "/older", "/2020/old.html", "/ü b/", "/what's $new (1)/")
# What a file is whose type `_headers` does not say.
TYPES = {
    ".html": {"text/html"}, ".css": {"text/css"}, ".js": {"text/javascript", "application/javascript"},
    ".json": {"application/json"}, ".xml": {"text/xml", "application/xml"}, ".txt": {"text/plain"},
    ".svg": {"image/svg+xml"}, ".png": {"image/png"}, ".woff2": {"font/woff2"},
}

problems: list[str] = []
asked = 0


def fail(what: str) -> None:
    problems.append(what)


def build(newsgen: str, server: str, folder: Path) -> tuple[Path, Path]:
    """Builds the sample site with some old addresses and deploys it to a folder; both folders."""
    site, target = folder / "site", folder / "www"
    site.mkdir(parents=True)
    for name in ("content", "static"):
        shutil.copytree(PROJECT / name, site / name)
    aliases = "".join(f'  - "{alias}"\n' for alias in ALIASES)
    moved = f"---\ntitle: Moved\naliases:\n{aliases}---\nIt was elsewhere.\n"
    (site / "content/pages/moved.md").write_text(moved, encoding="utf-8")
    # Enough for a second part of the search index, which has rules of its own.
    for number in range(150):
        text = f"---\ntitle: Filler {number}\npublishedDateTime: 2026-10-0{number % 9 + 1}\noriginalUrl: https://example.org/{number}\n---\n"
        (site / f"content/news/filler-{number}.md").write_text(text, encoding="utf-8")
    settings = (PROJECT / "site.toml").read_text(encoding="utf-8")
    settings += f'\n[search]\npart_size = 100\n\n[host]\nserver = "{server}"\n\n[deploy]\ncompress = "{COMPRESS[server]}"\n'
    (site / "site.toml").write_text(settings, encoding="utf-8")
    command = [newsgen, "deploy", "--build", target.as_uri(), "--root", str(site), "--now", NOW]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return site / "public", target


def documented(server: str) -> str:
    """The configuration that the page shows."""
    page = (PROJECT / "docs/deploying.md").read_text(encoding="utf-8")
    blocks = re.findall(rf"^```{FENCE[server]}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    if len(blocks) != 1:
        sys.exit(f"docs/deploying.md shows {len(blocks)} configurations of {server}, not one")
    return blocks[0]


def replaced(text: str, old: str, new: str) -> str:
    if old not in text:
        sys.exit(f"the documented configuration has no `{old}`:\n{text}")
    return text.replace(old, new)


def start(server: str, folder: Path, target: Path, port: int) -> subprocess.Popen:
    """Starts a server of the folder with the documented configuration."""
    text = replaced(documented(server), DOCUMENTED_ROOT, str(target))
    own = folder / "server"
    own.mkdir()
    config = own / "config"
    environment = dict(os.environ, XDG_DATA_HOME=str(own), XDG_CONFIG_HOME=str(own))
    if server == "nginx":
        text = replaced(text, "listen 80;", f"listen 127.0.0.1:{port};")
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = "".join(f"{kind}_temp_path {own}/{kind};\n" for kind in kinds)
        user = "user root;\n" if os.geteuid() == 0 else ""
        main = f"{user}daemon off;\npid {own}/pid;\nerror_log {own}/error.log;\nevents {{ }}\nhttp {{\naccess_log off;\n"
        config.write_text(f"{main}{temporary}include /etc/nginx/mime.types;\n{text}}}\n", encoding="utf-8")
        command = [shutil.which("nginx") or "/usr/sbin/nginx", "-p", str(own), "-e", f"{own}/error.log", "-c", str(config)]
    else:
        text = replaced(text, f"{DOCUMENTED_HOST} {{", f"http://127.0.0.1:{port} {{")
        config.write_text("{\n\tadmin off\n\tauto_https off\n}\n" + text, encoding="utf-8")
        command = ["caddy", "run", "--adapter", "caddyfile", "--config", str(config)]
    with (own / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
    for _ in range(100):
        if process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return process
            except OSError:
                time.sleep(0.1)
    process.kill()
    sys.exit(f"{server} does not start:\n{(own / 'log').read_text()}")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Asker:
    """Asks a server, over one connection."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self.origin = f"http://127.0.0.1:{port}"

    def get(self, path: str, accept: str = "identity") -> tuple[int, dict[str, str], bytes]:
        global asked
        asked += 1
        self.connection.request("GET", path, headers={"Accept-Encoding": accept})
        answer = self.connection.getresponse()
        headers: dict[str, str] = {}
        for name, value in answer.getheaders():
            name = name.lower()
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        return answer.status, headers, answer.read()

    def leads_to(self, path: str, codes: set[int], to: str) -> None:
        code, headers, _ = self.get(path)
        location = headers.get("location", "").removeprefix(self.origin)
        if code not in codes or location != to:
            fail(f"{path} answers {code} {location}, not {sorted(codes)} {to}")


def address(file: str) -> str:
    return quote("/" + re.sub(r"(^|/)index\.html$", r"\1", file))


def check_file(ask: Asker, file: str, target: Path, rules: list, encoding: str) -> None:
    """One file: its bytes, its headers, its compressed form."""
    path = address(file)
    wanted: dict[str, str] = {}
    for rule in rules:
        if rule.matches(path):
            wanted.update(rule.headers)
    beside = target / (file + ENDING[encoding])
    for accept in ("identity", encoding):
        is_compressed = accept == encoding and beside.exists()
        code, headers, body = ask.get(path, accept)
        if code != 200 or body != (beside if is_compressed else target / file).read_bytes():
            fail(f"{path} ({accept}) answers {code} with {len(body)} other bytes")
        if headers.get("content-encoding", "identity") != (encoding if is_compressed else "identity"):
            fail(f"{path} ({accept}) has Content-Encoding {headers.get('content-encoding')}")
        for name, value in wanted.items():
            if headers.get(name) != value:
                fail(f"{path} ({accept}): {name} is {headers.get(name)!r}, not {value!r}")
        if "access-control-allow-origin" in headers and "access-control-allow-origin" not in wanted:
            fail(f"{path} may be read by pages elsewhere, which no rule says")
        types = TYPES.get(Path(file).suffix)
        if types and "content-type" not in wanted and headers.get("content-type", "").split(";")[0] not in types:
            fail(f"{path} ({accept}) has the type {headers.get('content-type')!r}")
        if headers.get("content-type", "").startswith("text/html") and "charset=utf-8" not in headers["content-type"].lower():
            fail(f"{path} does not say its charset")


def check_absent(ask: Asker, path: str, target: Path, policy: str) -> None:
    """The site's own page, with the status that says that nothing is there."""
    code, headers, body = ask.get(path)
    if code != 404 or body != (target / "404.html").read_bytes():
        fail(f"{path} answers {code} with {len(body)} bytes, not the page of the site with 404")
    if not headers.get("content-type", "").startswith("text/html"):
        fail(f"{path}: the page of the site has the type {headers.get('content-type')!r}")
    if headers.get("content-security-policy") != policy:
        fail(f"{path}: the page of the site has the policy {headers.get('content-security-policy')!r}")
    if "immutable" in headers.get("cache-control", ""):
        fail(f"{path}: that nothing is there may not be kept")


def main() -> int:
    newsgen, server, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3]).resolve()
    shutil.rmtree(folder, ignore_errors=True)
    public, target = build(newsgen, server, folder)
    rules, wrong = read_headers((public / "_headers").read_text(encoding="utf-8"))
    assert not wrong and rules, wrong
    port = free_port()
    process = start(server, folder, target, port)
    try:
        check_all(Asker(port), server, public, target, rules)
    finally:
        process.terminate()
        process.wait()
    for problem in problems[:40]:
        print(problem)
    print(f"{server}: {asked} requests, {len(problems)} problems")
    return 1 if problems else 0


def check_all(ask: Asker, server: str, public: Path, target: Path, rules: list) -> None:
    policy = rules[0].headers["content-security-policy"]
    encoding = COMPRESS[server]
    lines = [line.split() for line in (public / "_redirects").read_text(encoding="utf-8").splitlines()]
    assert len(lines) >= len(ALIASES) and all(code == "301" for _, _, code in lines), lines
    old = {unquote(start) for start, _, _ in lines}

    hidden = {"_headers", "_redirects", RULES[server]}
    files = sorted(file.relative_to(public).as_posix() for file in public.rglob("*") if file.is_file())
    assert hidden <= set(files), files
    for rule in rules:
        if not any(rule.matches(address(file)) for file in files):
            fail(f"no file tries the rule {rule.path}")
    compressed = 0
    for file in files:
        if file not in hidden and not file.startswith(".") and unquote(address(file)) not in old:
            check_file(ask, file, target, rules, encoding)
            compressed += (target / (file + ENDING[encoding])).exists()
    if not compressed:
        fail(f"{target} has no compressed files")

    for start, to, _ in lines:
        ask.leads_to(start, {301}, to)
    # An old address without a slash at its end also has a page, which leads on by itself.
    code, _, body = ask.get("/older/")
    if code != 200 or b'http-equiv="refresh"' not in body:
        fail(f"/older/ answers {code} without leading on")

    for folder in sorted({Path(file).parent.as_posix() for file in files if file.endswith("/index.html")}):
        if not {f"/{folder}/", f"/{folder}"} & old:
            ask.leads_to(quote(f"/{folder}"), {301, 308}, quote(f"/{folder}/"))

    absent = ["/nothing", "/nothing/here/", "/nothing.0123456789ab.css", "/fonts/", "/topics/nothing/feed.xml", "/feed.xml/x"]
    absent += [f"/{name}{ending}" for name in hidden for ending in ("", ENDING[encoding])]
    kept = sorted(file.relative_to(target).as_posix() for file in (target / ".newsgen-deploy").rglob("*"))
    assert any(file.endswith("/record") for file in kept), kept
    absent += [quote(f"/{file}") for file in kept] + ["/.newsgen-deploy/", "/.newsgen-deploy", "/.newsgen-output"]
    absent += ["/%2Enewsgen-deploy/record", "/x/../_headers", "//_headers"]
    (target / ".newsgen-output").write_text("a mark\n", encoding="utf-8")
    for path in absent:
        check_absent(ask, path, target, policy)


if __name__ == "__main__":
    sys.exit(main())
