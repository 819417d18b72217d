"""Check `html`: every page passes the Nu HTML checker."""

import hashlib
import json
import re
import subprocess
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import unquote, urlsplit

from .letters import is_letter
from .report import Report
from .site import Site

_BATCH = 400
# Valid CSS that the checker does not know yet.
_NEW_CSS = re.compile(r"CSS: .*(container-type|container-name|@container|text-wrap|light-dark|@starting-style)")


def check(site: Site, report: Report, jar: Path, sample: int = 0, processes: int = 2) -> None:
    """Check all pages, or with `sample` that many of each kind."""
    check = report.check("html")
    # Emails are written for mail programs, with attributes that HTML has given up.
    files = pick([file for file in site.ending(".html") if not is_letter(file)], sample)
    check.count("pages checked", len(files))
    batches = [files[start : start + _BATCH] for start in range(0, len(files), _BATCH)]
    with ThreadPoolExecutor(processes) as pool:
        for batch, messages in zip(batches, pool.map(lambda batch: _run(site, jar, batch), batches), strict=True):
            if isinstance(messages, str):
                check.fail(batch[0], f"the checker failed: {messages}")
                continue
            for file, reason in messages:
                check.fail(file, reason)


def pick(files: list[str], sample: int) -> list[str]:
    """All of `files`, or up to `sample` of each kind, always the same ones."""
    if not sample:
        return files
    kinds = defaultdict(list)
    for file in files:
        kinds[kind(file)].append(file)
    picked = (sorted(group, key=_shuffled)[:sample] for group in kinds.values())
    return sorted(file for group in picked for file in group)


def kind(file: str) -> str:
    """What sort of page a file is, by its path: its first folder, its depth, and whether it is numbered."""
    folders = file.split("/")[:-1]
    numbered = len(folders) > 1 and folders[-2] == "page"
    if not folders:
        return file
    return f"{folders[0]}/{'*' if len(folders) > 1 else ''}{'/page' if numbered else ''}"


def _shuffled(file: str) -> str:
    return hashlib.sha256(file.encode()).hexdigest()


def _run(site: Site, jar: Path, files: list[str]) -> list[tuple[str, str]] | str:
    """The checker's errors as (file, reason); a text when it did not work at all."""
    command = [
        "java",
        "-Xss8m",
        "-jar",
        str(jar),
        "--errors-only",
        "--format",
        "json",
        "--exit-zero-always",
        "--stdout",
    ]
    try:
        paths = [str((site.root / file).resolve()) for file in files]
        done = subprocess.run(command + paths, capture_output=True, text=True, encoding="utf-8", check=False)
        messages = json.loads(done.stdout)["messages"]
    except (OSError, ValueError, KeyError) as error:
        return f"{type(error).__name__}: {error}"
    if done.returncode:
        return f"exit code {done.returncode}: {done.stderr[:300]}"
    return [_failure(site, m) for m in messages if m["type"] != "info" and not _NEW_CSS.match(m.get("message", ""))]


def _failure(site: Site, message: dict) -> tuple[str, str]:
    """The file and reason in a message of the checker."""
    path = Path(unquote(urlsplit(message.get("url", "")).path))
    root = site.root.resolve()
    file = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
    place = f"line {message['lastLine']}: " if "lastLine" in message else ""
    extract = " ".join(message.get("extract", "").split())
    return file, f"{place}{message.get('message')} [{extract}]"
