// What a reader of the preview sees, in a real browser. Run by scripts/test.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, preview, project, write as writeTo } from "./site.mjs";

const STORY = "/news/2026/10/01/story-1/";

let site, server, address, browser, page;
const complaints = [];

const article = (title, day, quality = 80) =>
  `---\ntitle: "${title}"\nexcerpt: "An excerpt"\npublishedDateTime: 2026-10-${String(day).padStart(2, "0")}T09:00:00Z\n` +
  `originalUrl: https://news.example/${day}\nquality: ${quality}\nprovider:\n  name: News\n  domain: news.example\n---\n`;

const write = (path, text) => writeTo(site, path, text);

before(async () => {
  site = mkdtempSync(join(tmpdir(), "newsgen-"));
  cpSync(join(project, "static/style.css"), join(site, "static/style.css"), { recursive: true });
  write("site.toml", 'title = "Small"\nbase_url = "https://example.org/"\n[curation]\nmin_quality = 50\n');
  for (let number = 1; number <= 30; number++) write(`content/news/story-${number}.md`, article(`Story ${number}`, number));
  write("content/news/poor.md", article("Poor story", 31, 9));
  ({ server, address } = await preview(site, "--drafts"));
  browser = await launch();
  page = await browser.newPage({ viewport: { width: 900, height: 500 } });
  page.on("console", (message) => { if (message.type() === "error") complaints.push(`${message.text()} ${message.location().url}`); });
  page.on("pageerror", (error) => complaints.push(String(error)));
});

after(async () => {
  await browser?.close();
  server?.kill();
  rmSync(site, { recursive: true, force: true });
});

const marked = () => page.evaluate(() => window.marked === true);
const mark = () => page.evaluate(() => { window.marked = true; });
// Only then an edit is an edit of what the browser has.
const listening = () => page.waitForFunction(() => performance.getEntriesByType("resource").some((entry) => entry.name.includes("reload.js")));

async function open(path) {
  await page.goto(address + path);
  await listening();
  await page.waitForTimeout(200);
  await mark();
}

test("an edit appears by itself", async () => {
  await open(STORY);
  write("content/news/story-1.md", article("Edited by hand", 1));
  await page.waitForFunction(() => document.querySelector("h1")?.textContent === "Edited by hand");
});

test("the page keeps its place", async () => {
  await open("/");
  await page.evaluate(() => scrollTo(0, 300));
  write("content/news/story-30.md", article("The newest, edited", 30));
  await page.waitForFunction(() => document.body?.textContent.includes("The newest, edited"));
  await page.waitForFunction(() => scrollY === 300);
});

test("a page that does not change is not loaded again", async () => {
  await open(STORY);
  write("content/news/story-9.md", article("Another story", 9));
  await page.waitForTimeout(500);
  assert.ok(await marked());
});

test("a style sheet is swapped in place", async () => {
  await open(STORY);
  const css = readFileSync(join(site, "static/style.css"), "utf-8");
  for (const [color, expected] of [["#102030", "rgb(16, 32, 48)"], ["#302010", "rgb(48, 32, 16)"]]) {
    write("static/style.css", `${css}\nbody { background: ${color} }`);
    await page.waitForFunction((expected) => getComputedStyle(document.body).backgroundColor === expected, expected);
  }
  assert.ok(await marked(), "the page was loaded again");
  assert.equal(await page.locator("link[rel=stylesheet]").count(), 1);
  // The next load shows the same without a change.
  await page.reload();
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(48, 32, 16)");
});

test("mistakes are shown over the last good page, and go when they are mended", async () => {
  const overlay = page.locator("newsgen-problems");
  await open(STORY);
  for (const [path, broken, mended, words] of [
    ["content/news/story-1.md", "---\ntitle: [\n---\n", article("Mended", 1), "content/news/story-1.md:"],
    ["templates/404.html", "{% if %}", "Lost", "templates/404.html:1"],
    ["site.toml", "title = ", 'title = "Small"\nbase_url = "https://example.org/"\n[curation]\nmin_quality = 50\n', "site.toml:1"],
  ]) {
    write(path, broken);
    await overlay.locator("pre").filter({ hasText: words }).waitFor();
    assert.match(await page.textContent("h1"), /\S/);
    write(path, mended);
    await overlay.waitFor({ state: "detached" });
  }
  await page.waitForFunction(() => document.querySelector("h1")?.textContent === "Mended");
});

test("the overlay can be closed", async () => {
  await open(STORY);
  write("templates/404.html", "{% if %}");
  await page.locator("newsgen-problems button").click();
  await page.locator("newsgen-problems").waitFor({ state: "detached" });
  write("templates/404.html", "Lost");
});

test("drafts have a badge with the reason", async () => {
  await open("/news/2026/10/31/poor/");
  assert.match(await page.locator(".badge").first().textContent(), /low quality/);
});

test("the console stays empty", () => assert.deepEqual(complaints, []));
