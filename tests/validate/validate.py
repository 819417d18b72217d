#!/usr/bin/env python3
"""Checks a finished site in a folder. Prints one line per check and every failure; exit code 1 on any.

Where the folder will be served comes from --base-url, or from the site.toml that --config names.
"""

import argparse
import sys
from pathlib import Path

from validation import api, feeds, forbid, host, letters, lists, nu, pages, presence, settings, sitemaps
from validation.report import Report
from validation.site import Site

_ROOT = Path(__file__).resolve().parents[2]
VNU = _ROOT / "target/test-node/node_modules/vnu-jar/build/dist/vnu.jar"


def main(arguments: list[str] | None = None) -> int:
    """Run all checks and print the report."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if not options.base_url and not options.config:
        parser.error("--base-url or --config must say where the site will be served")
    report = run(options)
    report.print(options.show)
    return 1 if report.failed else 0


def run(options: argparse.Namespace) -> Report:
    """Run the checks that `options` ask for."""
    config = settings.read(options.config)
    site = Site(options.public, options.base_url or config.base_url, config.editions)
    report = Report()
    presence.check(site, report)
    if options.no_html:
        report.check("html").skipped = "left out, as asked"
    else:
        nu.check(site, report, options.vnu, options.sample, options.processes)
    noindex = pages.check(site, report, config.embed_hosts, options.processes, config.canonical_original)
    letters.check(site, report)
    host.check(site, report)
    lists.check(site, report)
    feeds.check(site, report)
    sitemaps.check(site, report, noindex)
    api.check(site, report)
    if options.forbid:
        forbid.check(site, report, options.forbid)
    return report


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    add = parser.add_argument
    add("public", type=Path, help="the folder of the finished site")
    add("--base-url", metavar="URL", help="where the folder will be served")
    add("--config", type=Path, metavar="FILE", help="the site.toml that names base URL and embed hosts")
    add("--sample", type=int, default=0, metavar="N", help="pages of each kind for the HTML checker (default: all)")
    add("--no-html", action="store_true", help="leave the HTML checker out")
    add("--vnu", type=Path, default=VNU, metavar="JAR", help="vnu.jar of the Nu HTML checker")
    add("--forbid", type=Path, action="append", metavar="FILE", help="lines of text that no output file may have")
    add("--processes", type=int, default=2, metavar="N", help="how many processes read pages (default: 2)")
    add("--show", type=int, default=40, metavar="N", help="failures to list per check, 0 for all (default: 40)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
