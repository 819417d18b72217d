// A site whose addresses keep their script, in the preview and behind a server: every link leads to
// a page, and so does every address as readers type it. Run by scripts/test.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { NOW, launch, newsgen, preview, project, serve } from "./site.mjs";

let root, desk, served, browser, page;

before(async () => {
  root = mkdtempSync(join(tmpdir(), "newsgen-"));
  cpSync(join(project, "tests/golden/scripts/site"), root, { recursive: true });
  // The clock of these tests is a month before that of the golden site.
  for (const name of readdirSync(join(root, "content/news"))) {
    const file = join(root, "content/news", name);
    writeFileSync(file, readFileSync(file, "utf8").replace("DateTime: 2026-11", "DateTime: 2026-10"));
  }
  execFileSync(newsgen, ["build", "--root", root, "--now", NOW]);
  served = await serve(join(root, "public"), { base: "/ai" });
  desk = await preview(root);
  browser = await launch();
  page = await browser.newPage();
});

after(async () => {
  await browser?.close();
  served?.close();
  desk?.server.kill();
  rmSync(root, { recursive: true, force: true });
});

/** The addresses of pages that a page links to, on its own host. */
const linked = (html, at) => [...html.matchAll(/<a [^>]*href="([^"#]+)/g)]
  .map(([, href]) => new URL(href.replaceAll("&amp;", "&"), at)).filter((url) => url.origin === new URL(at).origin).map((url) => url.href);

for (const name of ["preview", "server"])
  test(`every link of the ${name} leads to a page`, async () => {
    const start = `${name === "preview" ? desk.address : served.address}/`;
    const seen = new Set([start]), broken = [];
    for (const url of seen) {
      const answer = await fetch(url);
      if (!answer.ok) broken.push(`${answer.status} ${url}`);
      else if (answer.headers.get("content-type").startsWith("text/html")) linked(await answer.text(), url).forEach((other) => seen.add(other));
    }
    assert.deepEqual(broken, []);
    const paths = [...seen].map((url) => decodeURIComponent(new URL(url).pathname));
    for (const path of ["/ai/topics/芯片/", "/ai/ar/topics/الرقائق/", "/ai/de/tags/rechenzentren-für-künstliches/", "/ai/长文/"])
      assert.ok(paths.includes(path), `${path} in ${paths.join("\n")}`);
    assert.ok(paths.some((path) => path.includes("/हिन्दी-चिप/")), paths.join("\n"));
  });

test("a browser follows them, and opens what is typed", async () => {
  await page.goto(`${desk.address}/`);
  await page.locator(".headline a", { hasText: "新型芯片" }).first().click();
  await page.waitForURL(/%E6%96%B0%E5%9E%8B%E8%8A%AF%E7%89%87/);
  assert.equal(await page.textContent("h1"), "新型芯片：耗电量减半");
  await page.locator("[hreflang=hi]").last().click();
  assert.match(await page.textContent("h1"), /नई चिप/);
  for (const [path, title] of [
    ["/ai/de/topics/für-größen-and-maße/", "Für Größen"],
    ["/ai/ar/topics/الرقائق/", "الرقائق"],
    ["/ai/长文", "长文"],
    ["/ai/旧地址/", "新型芯片"],
  ]) {
    await page.goto(desk.address + path.slice(3));
    await page.waitForFunction((title) => document.querySelector("h1")?.textContent.includes(title), title);
  }
});

test("results of a search lead to their pages", async () => {
  await page.goto(`${served.address}/search/?q=${encodeURIComponent("芯片")}`);
  await page.locator(".found .headline a").first().click();
  await page.waitForURL(/\/ai\/news\/2026\/10\//);
  assert.match(await page.textContent("h1"), /芯片|数据中心/);
});

test("names of files have one letter for each letter", () => {
  const folder = join(root, "public/de/topics");
  const names = readdirSync(folder).filter((name) => statSync(join(folder, name)).isDirectory());
  assert.deepEqual(names, ["für-größen-and-maße".normalize("NFC")]);
});
