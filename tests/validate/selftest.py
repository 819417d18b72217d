#!/usr/bin/env python3
"""Proves that every check of the validator can fail: breaks a sound site in one place, and asks for the complaint."""

import contextlib
import gzip
import io
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

import minisite
import real_site
import validate
from cases import CASES, FEED, MAP, NEWS, PAGE, STORY
from minisite import BASE
from validation import api, css, dates, feeds, forbid, host, letters, lists, nu, pages, presence, sitemaps, srcset
from validation.report import Report
from validation.settings import Settings
from validation.site import Site


class Folder(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self):
        self.root = Path(tempfile.mkdtemp(prefix="validate-"))
        self.addCleanup(shutil.rmtree, self.root)

    def report(self, texts: dict[str, str]) -> Report:
        """What all checks but the HTML checker say to a site of these files."""
        public, secrets = self.root / "public", self.root / "secrets.txt"
        shutil.rmtree(public, ignore_errors=True)
        minisite.write(public, texts)
        secrets.write_text("secret+text/one\nÜber secret\n\n", "utf-8")
        site, report = Site(public, BASE + "/"), Report()
        presence.check(site, report)
        noindex = pages.check(site, report, Settings().embed_hosts, processes=1)
        letters.check(site, report)
        host.check(site, report)
        lists.check(site, report)
        feeds.check(site, report)
        sitemaps.check(site, report, noindex)
        api.check(site, report)
        forbid.check(site, report, [secrets])
        return report


class TheChecks(Folder):
    def test_a_sound_site_passes(self):
        report = self.report(minisite.files())
        self.assertEqual([failure for check in report.checks.values() for failure in check.failures], [])
        for check in report.checks.values():
            self.assertTrue(check.counts and all(check.counts.values()), f"{check.name} looked at nothing")

    def test_each_check_can_fail(self):
        for name, complaint, file, old, new in CASES:
            with self.subTest(check=name, complaint=complaint, file=file, new=new):
                texts = minisite.files()
                if new is None:
                    del texts[file]
                elif old is None:
                    texts[file] = new
                else:
                    self.assertIn(old, texts[file], "the case breaks nothing")
                    texts[file] = texts[file].replace(old, new)
                reasons = [reason for _, reason in self.report(texts).check(name).failures]
                self.assertTrue(any(complaint in reason for reason in reasons), f"{complaint!r} is not in {reasons}")

    def test_every_check_has_a_case(self):
        checks = set(self.report(minisite.files()).checks)
        self.assertEqual(checks, {name for name, *_ in CASES})

    def test_too_many_urls_in_a_sitemap(self):
        texts = minisite.files()
        texts[MAP] = texts[MAP].replace("</urlset>", f"<url><loc>{BASE}/</loc></url>" * 50_001 + "</urlset>")
        self.assertIn("the most is 50,000", str(self.report(texts).check("sitemaps").failures))

    def test_too_many_articles_in_a_news_sitemap(self):
        texts = minisite.files()
        texts[NEWS] = texts[NEWS].replace("</urlset>", f"<url><loc>{BASE}/s/a/</loc></url>" * 1001 + "</urlset>")
        self.assertIn("the most is 1,000", str(self.report(texts).check("sitemaps").failures))

    def test_a_story_may_name_its_original_as_canonical(self):
        texts = minisite.files()
        own, original = f'canonical" href="{BASE}/s/a/', 'canonical" href="https://one.example/a'
        texts[STORY] = texts[STORY].replace(own, original)
        minisite.write(self.root, texts)
        for allowed in (False, True):
            report = Report()
            noindex = pages.check(Site(self.root, BASE), report, Settings().embed_hosts, 1, allowed)
            self.assertEqual(bool(report.check("links").failures), not allowed)
            self.assertIn(STORY, noindex)

    def test_packed_files_are_unpacked_for_secrets(self):
        minisite.write(self.root / "p", {"index.html": "x"})
        (self.root / "p/index.gz").write_bytes(gzip.compress(b"abc hidden words def"))
        (self.root / "list").write_text("hidden words", "utf-8")
        report = Report()
        forbid.check(Site(self.root / "p", BASE), report, [self.root / "list"])
        self.assertEqual([file for file, _ in report.check("forbid").failures], ["index.gz"])

    def test_secrets_are_found_at_every_place(self):
        for text in ("abcd", "abcde", "a longer text with many characters", "aaaaaaaaaaaaaaaaaaaaaaaaaaa"):
            needles = forbid._Needles([text, "another text, of which there is nothing"])
            for place in range(20):
                self.assertEqual(needles.found_in(b"x" * place + text.encode()), {text}, place)
                self.assertEqual(needles.found_in(b"x" * place + text.encode()[1:]), set(), place)

    def test_two_processes_find_what_one_finds(self):
        texts = minisite.files()
        page = texts["404.html"]
        texts |= {f"x/{n}/index.html": page.replace('/news/"', f'/news/{n}/"') for n in range(150)}
        minisite.write(self.root, texts)
        found = []
        for processes in (1, 2):
            report = Report()
            pages.check(Site(self.root, BASE), report, (), processes)
            found.append({check.name: (check.counts, check.failures) for check in report.checks.values()})
        self.assertEqual(found[0], found[1])
        self.assertEqual(len(report.check("links").failures), 150)


class TheHtmlChecker(Folder):
    def setUp(self):
        super().setUp()
        if not validate.VNU.exists() or not shutil.which("java"):
            self.skipTest("vnu.jar or java is not here")

    def failures(self, texts: dict[str, str]) -> set[tuple[str, str]]:
        minisite.write(self.root, texts)
        report = Report()
        nu.check(Site(self.root, BASE), report, validate.VNU)
        return report.check("html").failures

    def test_a_sound_site_passes(self):
        self.assertEqual(self.failures(minisite.files()), set())

    def test_bad_html_fails(self):
        page = minisite.files()[PAGE]
        found = self.failures({"index.html": page, "bad page/index.html": page.replace(' alt=""', "")})
        self.assertTrue(found and all(file == "bad page/index.html" for file, _ in found), found)
        self.assertIn("“alt”", str(found))

    def test_a_checker_that_does_not_run_fails(self):
        minisite.write(self.root, {"index.html": "x"})
        report = Report()
        nu.check(Site(self.root, BASE), report, self.root / "no.jar")
        self.assertIn("the checker failed", str(report.check("html").failures))


class TheParts(unittest.TestCase):
    def test_dates(self):
        for text in ("2024-02-29T00:00:00Z", "2026-12-31T23:59:60+00:00", "2026-01-01T00:00:00.5-08:30"):
            self.assertIsNotNone(dates.rfc3339(text), text)
        for text in (
            "2023-02-29T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00:00:00",
            "2026-01-01T00:00:00+0100",
            "2026-01-01t00:00:00z",
        ):
            self.assertIsNone(dates.rfc3339(text), text)
        for text in ("Sun, 01 Nov 2026 00:00:00 GMT", "1 Nov 2026 00:00 +0100"):
            self.assertIsNotNone(dates.rfc822(text), text)
        for text in (
            "Mon, 01 Nov 2026 00:00:00 GMT",
            "Sun, 01 Nov 26 00:00:00 GMT",
            "Sun, 01 Nov 2026 00:00:00 CET",
            "2026-11-01",
        ):
            self.assertIsNone(dates.rfc822(text), text)
        for text in ("2026", "2026-11", "2026-11-01", "2026-11-01T10:00Z", "2026-11-01T10:00:00.1+01:00"):
            self.assertTrue(dates.w3c(text), text)
        for text in ("26", "2026-13", "2026-02-30", "2026-11-01T10:00", "2026-11-01T10", "1 Nov 2026"):
            self.assertFalse(dates.w3c(text), text)

    def test_srcset(self):
        self.assertEqual(
            srcset.urls(" a.png 1x,b.png, c,d.png 2w ,\n/e?f=(1,2) 3x"), ["a.png", "b.png", "c,d.png", "/e?f=(1,2)"]
        )
        self.assertEqual(srcset.urls(" , "), [])

    def test_css(self):
        sheet = """@import "a.css"; @import url(b.css) screen; @namespace x url(http://n/); /* url(no) */
            a { background: url( "c.png" ), image-set("d.png" type("image/png") 1x, url(e.png) 2x); content: "url(no)" }
            @media print { b { src: url(f.woff2) format("woff2") } }"""
        self.assertEqual(css.urls(sheet), ["a.css", "b.css", "c.png", "d.png", "e.png", "f.woff2"])

    def test_feedparser(self):
        self.assertEqual(list(feeds._feedparser_problems(minisite.files()[FEED].encode(), 2)), [])
        self.assertIn("feedparser: ", next(feeds._feedparser_problems(b"<feed><title>x</feed>", 0)))

    def test_sampling_is_fair_and_always_the_same(self):
        files = (
            ["index.html", "404.html"]
            + [f"news/2026/{n}/index.html" for n in range(50)]
            + [f"topics/ai/page/{n}/index.html" for n in range(50)]
        )
        picked = nu.pick(files, 5)
        self.assertEqual(picked, nu.pick(list(reversed(files)), 5))
        self.assertEqual({nu.kind(file) for file in picked}, {nu.kind(file) for file in files})
        self.assertEqual(len(picked), 12)

    def test_urls(self):
        with tempfile.TemporaryDirectory() as root:
            minisite.write(Path(root), {"ü b/index.html": "x"})
            site = Site(Path(root), "https://h.example")
            self.assertEqual(site.url("ü b/index.html"), "https://h.example/%C3%BC%20b/")
            self.assertEqual(site.locate("/%C3%BC%20b/#x", "https://h.example/").file, "ü b/index.html")
            self.assertEqual(site.locate("../../%C3%BC%20b/", "https://h.example/a/b/").file, "ü b/index.html")
            self.assertEqual(site.locate("mailto:x@y.example", "https://h.example/").scheme, "mailto")
            for url in ("http://[x", "a b", "https:///x", "/%C3%BC%20b//"):
                self.assertTrue(site.locate(url, "https://h.example/").problem, url)


class TheCommand(Folder):
    def run_it(self, *arguments: str) -> tuple[int, str]:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            code = validate.main([str(self.root / "p"), "--no-html", "--processes", "1", *arguments])
        return code, out.getvalue()

    def test_exit_code_and_summary(self):
        texts = minisite.files()
        minisite.write(self.root, {"site.toml": f'base_url = "{BASE}"\n', "list": "zzzz zzzz"})
        minisite.write(self.root / "p", texts)
        code, out = self.run_it("--config", str(self.root / "site.toml"), "--forbid", str(self.root / "list"))
        self.assertEqual(code, 0, out)
        self.assertIn("ok    feeds     9 feeds, 18 entries", out)
        self.assertIn("skip  html", out)
        minisite.write(self.root / "p", {PAGE: texts[PAGE].replace("/news/s/a/", "/news/x/")})
        code, out = self.run_it("--base-url", BASE)
        self.assertEqual(code, 1, out)
        self.assertIn("index.html: a href=“/news/x/”: there is no file x/index.html", out)


class TheRealSite(Folder):
    def test_it_is_put_together_and_its_secrets_are_listed(self):
        article = '---\r\ntitle: "A"\r\nsecured: "abcDEF0123456789abcDEF/+xyz;q=="\r\nrelated:\r\n  - secured: plain words\r\n---\r\n'
        broken = "\ufeff---\ntitle: [\nsecured: 'zzzzyyyyxxxxwwww1234'\n---\n"
        real = self.root / "real"
        minisite.write(
            real, {"news/a.md": article, "seed/s.md": broken, "topics/t.md": "---\nname: T\n---\n", "README.md": "x"}
        )
        made = real_site.make(real, self.root / "site", ["news", "seed"])
        self.assertIn('articles = ["content/news", "content/seed"]', (made / "site.toml").read_text("utf-8"))
        self.assertTrue((made / "content/topics/t.md").exists() and not (made / "README.md").exists())
        secrets = real_site.secrets(real)
        for text in (
            "abcDEF0123456789abcDEF/+xyz;q==",
            "abcDEF0123456789abcDEF",
            "plain words",
            "zzzzyyyyxxxxwwww1234",
        ):
            self.assertIn(text, secrets)


if __name__ == "__main__":
    sys.exit(0 if unittest.main(exit=False, verbosity=1).result.wasSuccessful() else 1)
