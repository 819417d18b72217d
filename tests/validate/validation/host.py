"""Check `host`: `_headers` and `_redirects` as Netlify and Cloudflare read them, and pages that keep to the policy.

Limits and syntax: https://developers.cloudflare.com/pages/configuration/headers/ and …/redirects/,
https://docs.netlify.com/manage/routing/headers/.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from .page import EMBED, IMAGE, Page
from .report import Check, Report
from .site import Site

_MOST_RULES, _LONGEST_LINE = 100, 2000
_MOST_REDIRECTS, _LONGEST_REDIRECT = 2000, 1000
_NAME = re.compile(r"[A-Za-z0-9-]+")
_HASHED = re.compile(r"\.[0-9a-f]{12}\.[a-z0-9]+$")
_NEEDED = ("content-security-policy", "x-content-type-options", "referrer-policy", "permissions-policy", "cache-control")


@dataclass
class Rule:
    """A path of `_headers` with what is set for it, and which earlier headers it takes away."""

    path: str
    headers: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def matches(self, path: str) -> bool:
        """Whether the rule is for a path."""
        parts = re.split(r"(\*|:[A-Za-z]\w*)", self.path)
        pattern = "".join(".*" if part == "*" else "[^/]+" if part[:1] == ":" else re.escape(part) for part in parts)
        return re.fullmatch(pattern, path) is not None


def read_headers(text: str) -> tuple[list[Rule], list[str]]:
    """The rules of a `_headers` file, and what is wrong with its lines."""
    rules: list[Rule] = []
    problems: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, colon, value = (part.strip() for part in line.partition(":"))
        if len(line) > _LONGEST_LINE:
            problems.append(f"line {number} has {len(line):,} characters, the most is {_LONGEST_LINE:,}")
        if line.startswith("/"):
            rules.append(Rule(line.rstrip()))
        elif not line[0].isspace() or not rules:
            problems.append(f"line {number} is neither a path nor a header below one: “{line}”")
        elif line.strip().startswith("! "):
            rules[-1].taken.add(line.strip()[2:].strip().lower())
        elif not colon or not _NAME.fullmatch(name) or not value:
            problems.append(f"line {number} is no header: “{line.strip()}”")
        elif name.lower() in rules[-1].headers:
            problems.append(f"line {number} sets {name} twice for {rules[-1].path}")
        else:
            rules[-1].headers[name.lower()] = value
    return rules, problems


def read_policy(value: str) -> dict[str, list[str]]:
    """The directives of a Content-Security-Policy with their sources."""
    directives = (part.split() for part in value.split(";"))
    return {words[0]: words[1:] for words in directives if words}


def policy_of(site: Site) -> dict[str, list[str]]:
    """The policy of most pages; empty when there is none."""
    if "_headers" not in site.files:
        return {}
    rules, _ = read_headers(site.read("_headers").decode("utf-8", "replace"))
    general = next((rule for rule in rules if rule.path == f"{site.base_path}/*"), None)
    return read_policy(general.headers.get("content-security-policy", "")) if general else {}


def page_problems(site: Site, page: Page, policy: dict[str, list[str]]):
    """Yield what the policy forbids of what `page` does."""
    if not policy:
        return
    for what, directive in page.inline:
        if "'unsafe-inline'" not in policy.get(directive, policy.get("default-src", [])):
            yield f"{what}: the policy allows nothing inline"
    for link in page.links:
        directive = {EMBED: "frame-src", IMAGE: "img-src"}.get(link.use)
        parts = urlsplit(link.url.strip())
        if directive and parts.netloc and parts.netloc.lower() != site.origin[1]:
            scheme = "https" if "upgrade-insecure-requests" in policy else parts.scheme or "https"
            if not {f"{scheme}:", f"{scheme}://{parts.hostname}"} & set(policy.get(directive, [])):
                yield f"{link.where}: the policy does not allow {link.url} ({directive})"


def check(site: Site, report: Report) -> None:
    """Check both files."""
    check = report.check("host")
    if "_headers" in site.files:
        _check_headers(site, check)
    if "_redirects" in site.files:
        _check_redirects(site, check)


def _check_headers(site: Site, check: Check) -> None:
    rules, problems = read_headers(site.read("_headers").decode("utf-8"))
    check.count("rules", len(rules))
    check.fail_all("_headers", problems)
    if len(rules) > _MOST_RULES:
        check.fail("_headers", f"has {len(rules)} rules, the most is {_MOST_RULES}")
    paths = [rule.path for rule in rules]
    check.fail_all("_headers", (f"{path} occurs twice" for path in sorted({p for p in paths if paths.count(p) > 1})))
    for at, rule in enumerate(rules):
        if "*" in rule.path[:-1]:
            check.fail("_headers", f"{rule.path}: a * is for the end of a path")
        earlier = {name for other in rules[:at] if _overlap(other.path, rule.path) for name in other.headers}
        for name in sorted(earlier & rule.headers.keys() - rule.taken):
            check.fail("_headers", f"{rule.path} sets {name} a second time, and hosts would join the values")
    general = next((rule for rule in rules if rule.path == f"{site.base_path}/*"), Rule(""))
    check.fail_all("_headers", (f"sets no {name} for all files" for name in _NEEDED if name not in general.headers))
    policy = read_policy(general.headers.get("content-security-policy", ""))
    scripts = policy.get("script-src", policy.get("default-src", ["*"]))
    for source in {"'unsafe-inline'", "'unsafe-eval'", "*", "https:", "data:"} & set(scripts):
        check.fail("_headers", f"the policy allows scripts of {source}")
    for file in sorted(site.files):
        path = f"{site.base_path}/{file}"
        if _HASHED.search(file):
            cache = [rule.headers["cache-control"] for rule in rules if rule.matches(path) and "cache-control" in rule.headers]
            if not cache or "immutable" not in cache[-1]:
                check.fail("_headers", f"{file} may not be kept for ever")


def _overlap(general: str, special: str) -> bool:
    """Whether a file of the pattern `special` also has the pattern `general`."""
    return Rule(general).matches(special.replace("*", "x").replace(":", "")) or general == special


def _check_redirects(site: Site, check: Check) -> None:
    seen: set[str] = set()
    lines = site.read("_redirects").decode("utf-8").splitlines()
    check.count("redirects", len(lines))
    if len(lines) > _MOST_REDIRECTS:
        check.fail("_redirects", f"has {len(lines):,} lines, the most is {_MOST_REDIRECTS:,}")
    for line in lines:
        words = line.split()
        if len(line) > _LONGEST_REDIRECT:
            check.fail("_redirects", f"a line has {len(line):,} characters")
        if len(words) == 3 and words[2] == "404" and words[0].endswith("/*"):
            # The page for what is not there, in the language of its folder.
            if site.locate(words[1], site.base + "/").file != words[0][len(site.base_path) + 1 : -1] + "404.html":
                check.fail("_redirects", f"not the 404 page of its folder: “{line}”")
            continue
        if len(words) != 3 or words[2] != "301" or not words[0].startswith("/") or "*" in line or "/:" in line:
            check.fail("_redirects", f"not a permanent redirect of one path: “{line}”")
            continue
        if words[0] in seen:
            check.fail("_redirects", f"{words[0]} occurs twice")
        seen.add(words[0])
        if problem := site.locate(words[1], site.base + "/").problem:
            check.fail("_redirects", f"“{words[1]}”: {problem}")
        if words[0] == words[1]:
            check.fail("_redirects", f"{words[0]} leads to itself")
