#!/usr/bin/env python3
"""Puts a site together from a folder of real articles, and lists the secret texts in them.

    real_site.py REAL_DIR SITE_DIR --secrets FILE FOLDER...

Each FOLDER of REAL_DIR (news, videos, …) becomes a folder of articles.
"""

import argparse
import re
import shutil
import sys
from pathlib import Path

import yaml

_CONFIG = """title = "Real"
description = "Real articles, to test with"
base_url = "https://real.example/news-site"

[content]
articles = [{articles}]
topics = "content/topics"
providers = "content/providers"
pages = "content/pages"

[curation]
min_quality = 70
"""
_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*\r?$", re.S | re.M)
_SECURED = re.compile(r"^[ \t-]*secured:[ \t]*[\"']?([^\r\n\"']+)", re.M)
# Letters and digits look the same however a page escapes the rest.
_RUN = re.compile(r"[A-Za-z0-9]{16,}")
_SHORTEST = 8


def make(real: Path, site: Path, folders: list[str]) -> Path:
    """Write a site with the articles of `folders` to `site`, in place of what was there."""
    shutil.rmtree(site, ignore_errors=True)
    for folder in [*folders, "topics", "providers"]:
        if (real / folder).is_dir():
            shutil.copytree(real / folder, site / "content" / folder)
    articles = ", ".join(f'"content/{folder}"' for folder in folders)
    (site / "site.toml").write_text(_CONFIG.format(articles=articles), "utf-8")
    return site


def secrets(real: Path) -> list[str]:
    """Every `secured` text in the files of `real`, and every long run of letters and digits in one."""
    found: set[str] = set()
    for path in real.rglob("*.md"):
        text = path.read_bytes().decode("utf-8", "replace")
        for secured in {*_secured_values(text), *_SECURED.findall(text)}:
            found.update({secured.strip(), *_RUN.findall(secured)})
    return sorted(text for text in found if len(text) >= _SHORTEST and "\n" not in text)


def _secured_values(text: str):
    """The `secured` values in the front matter of an article, at any depth."""
    match = _FRONT_MATTER.match(text)
    try:
        stack = [yaml.load(match[1], Loader=yaml.BaseLoader)] if match else []
    except yaml.YAMLError:
        return
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            if isinstance(value.get("secured"), str):
                yield value["secured"]
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("real", type=Path)
    parser.add_argument("site", type=Path)
    # By name: the list is what must never be published, and no folder's name may be taken for its
    # file.
    parser.add_argument("--secrets", type=Path, required=True)
    parser.add_argument("folders", nargs="+")
    args = parser.parse_args()
    make(args.real, args.site, args.folders)
    args.secrets.write_text("\n".join(secrets(args.real)) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
