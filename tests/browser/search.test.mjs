// The search as readers use it, in a real browser, on a built site and in the preview. Run by
// scripts/test.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { NOW, PATIENCE, TYPES, launch, newsgen, preview, write as writeTo } from "./site.mjs";

// All that the search asks of a strict policy besides 'self'.
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'";

let site, server, address, browser, page, held;
// Whether the index cannot be loaded now, and whether it could not at any time of the test: the
// browser may say so when it can be loaded again.
let broken, wasBroken;
const complaints = [];

const write = (path, text) => writeTo(site, path, text);

function article(name, title, excerpt, day, { provider = "one", topic = "Models", more = "" } = {}) {
  write(`content/news/${name}.md`, `---\ntitle: ${JSON.stringify(title)}\nexcerpt: ${JSON.stringify(excerpt)}\n` +
    `publishedDateTime: 2026-${day}T09:00:00Z\noriginalUrl: https://${provider}.example/${name}\n` +
    `provider: { name: ${provider}, domain: ${provider}.example }\ntopics: [${topic}]\n${more}---\n`);
}

before(async () => {
  site = mkdtempSync(join(tmpdir(), "newsgen-"));
  write("site.toml", 'title = "Small"\nbase_url = "https://example.org/below/"\nsearch.part_size = 100\n[curation]\nmin_quality = 50\n');
  write("content/topics/robots.yaml", "name: Robots\nparent: Machines\nhue: 200\n");
  article("zuerich", "Zürich baut Straßenbahnen", "Ein Satz über Trams.", "09-01");
  article("tokyo", "Tōkyō & <dialog> friends", "Markup <summary> shown as it is & safe.", "09-02", { topic: "Robots" });
  article("istanbul", "Erdoğan opens a laboratory", "Çok güzel.", "09-03", { provider: "two" });
  article("kept", "Robots fold laundry", "A robot that folds.", "09-04", { topic: "Robots", provider: "two" });
  article("signed", "A comet over the harbour", "Seen from the pier.", "09-05", { more: "authors: [Ada Łukasz, 山田太郎]\n" });
  article("dropped", "Quetzalcoatlus found", "Nobody reads this.", "09-05", { more: "quality: 3\n" });
  for (let number = 0; number < 230; number++) {
    const day = `${String(1 + (number >> 5)).padStart(2, "0")}-${String(1 + number % 28).padStart(2, "0")}`;
    article(`many-${number}`, `Common story number${number}`, `Filler of story${number}.`, day, { provider: number % 2 ? "one" : "two" });
  }
  execFileSync(newsgen, ["build", "--root", site, "--now", NOW]);
  server = createServer(async (request, answer) => {
    let path = decodeURIComponent(new URL(request.url, "http://x").pathname).replace(/^\/below/, "");
    if (path.endsWith("/")) path += "index.html";
    const file = join(site, "public", path);
    if (path.startsWith("/search/index/")) await held;
    if (!existsSync(file) || (broken && path.startsWith("/search/index/"))) return answer.writeHead(404).end();
    answer.writeHead(200, { "content-type": TYPES[extname(file)] || "application/octet-stream", "content-security-policy": POLICY });
    answer.end(readFileSync(file));
  }).listen(0);
  address = `http://localhost:${server.address().port}/below`;
  browser = await launch();
});

after(async () => {
  await browser?.close();
  server?.close();
  rmSync(site, { recursive: true, force: true });
});

beforeEach(async () => {
  await page?.close();
  broken = wasBroken = false;
  held = undefined;
  page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
  page.on("console", (message) => {
    const { url } = message.location();
    if (message.type() === "error" && !(wasBroken && url.includes("/search/index/"))) complaints.push(`${message.text()} ${url}`);
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
});

const said = () => page.textContent("[role=status]");
const titles = () => page.locator(".found .headline").allTextContents();
const results = (count) => page.waitForFunction((text) => document.querySelector("[role=status]")?.textContent === text, `${count} ${count === 1 ? "result" : "results"}`);
const nothing = () => page.waitForFunction(() => document.querySelector("[role=status]")?.textContent.startsWith("Nothing"));
const open = (query) => page.goto(`${address}/search/${query}`);

test("a story is found by the names of its authors, and shows them", async () => {
  for (const name of ["ada", "Łukasz", "lukasz", "太郎"]) {
    await open(`?q=${encodeURIComponent(name)}`);
    await results(1);
    assert.deepEqual(await titles(), ["A comet over the harbour"], name);
    assert.equal(await page.textContent(".found .by"), "By Ada Łukasz, 山田太郎");
  }
  await open("?q=laundry");
  await results(1);
  assert.equal(await page.locator(".found .by").count(), 0);
});

test("words of kept articles are found, in any script and form", async () => {
  for (const [words, title] of [
    ["Zürich", "Zürich baut Straßenbahnen"], ["zurich", "Zürich baut Straßenbahnen"], ["strassenbahnen straßenbahnen", null],
    ["Tōkyō", "Tōkyō & <dialog> friends"], ["erdogan laboratories", "Erdoğan opens a laboratory"], ["güzel", "Erdoğan opens a laboratory"],
    ["number77", "Common story number77"], ["story229", "Common story number229"], ["robot laundry", "Robots fold laundry"],
  ]) {
    await open(`?q=${encodeURIComponent(words)}`);
    await page.waitForFunction(() => /result|Nothing/.test(document.querySelector("[role=status]")?.textContent));
    if (title) assert.equal((await titles())[0], title, words);
  }
});

test("dropped articles are not found", async () => {
  for (const words of ["Quetzalcoatlus", "quetzal", "\"Nobody reads\""]) {
    await open(`?q=${encodeURIComponent(words)}`);
    await nothing();
    assert.deepEqual(await titles(), []);
  }
});

test("a result shows what it is, and text stays text", async () => {
  await open("?q=tokyo%20markup");
  await results(1);
  const story = page.locator(".found .story");
  assert.equal(await story.locator(".label").textContent(), "Robots");
  assert.equal(await story.locator(".label").getAttribute("href"), "/below/topics/robots/");
  assert.equal(await story.locator(".headline a").getAttribute("href"), "/below/news/2026/09/02/tokyo/");
  assert.equal(await story.locator(".headline").textContent(), "Tōkyō & <dialog> friends");
  assert.deepEqual(await story.locator("mark").allTextContents(), ["Tōkyō", "Markup"]);
  assert.equal(await story.locator(".excerpt").textContent(), "Markup <summary> shown as it is & safe.");
  assert.match(await story.locator(".meta").textContent(), /^\s*one\s+2 Sep 2026\s*$/);
});

test("filters and their counts, order by date, more results, back and forward", async () => {
  await open("?q=common");
  await results(230);
  assert.equal((await titles()).length, 10);
  assert.deepEqual(await page.locator("[name=provider] option").allTextContents(), ["All sources", "one (115)", "two (115)"]);
  await page.selectOption("[name=provider]", "two");
  await results(115);
  assert.match(page.url(), /\?q=common&provider=two$/);
  assert.deepEqual(await page.locator("[name=provider] option").allTextContents(), ["All sources", "one (115)", "two (115)"]);
  await page.selectOption("[name=sort]", "date");
  await page.waitForFunction(() => document.querySelector(".found .headline")?.textContent === "Common story number228");
  // The index has two parts: the newest 134, and 100 older ones. All come, in their order.
  for (let shown = 20; shown < 125; shown += 10) {
    await page.click(".found .more");
    await page.waitForFunction((count) => document.querySelectorAll(".found .headline").length === count, Math.min(shown, 115));
  }
  const dates = await page.locator(".found .meta span:last-child").allTextContents();
  const times = dates.map((date) => Date.parse(date));
  assert.deepEqual(times, [...times].sort((a, b) => b - a));
  assert.equal(new Set(await titles()).size, 115);
  assert.ok(await page.locator(".found .more").isHidden());
  await page.goBack();
  await page.goBack();
  await results(230);
  assert.equal(await page.inputValue("[name=provider]"), "");
  await page.goForward();
  await results(115);
  assert.equal(await page.inputValue("[name=provider]"), "two");
});

/** Asks for more until there is no more: the headlines in their order. */
async function toTheEnd() {
  const more = page.locator(".found .more"), shown = page.locator(".found .headline");
  for (let count = await shown.count(); await more.isVisible(); count = await shown.count()) {
    await more.click();
    await page.waitForFunction((count) => document.querySelectorAll(".found .headline").length > count, count);
  }
  return titles();
}

for (const order of ["", "date"])
  test(`a double click on more results shows each once${order && ", by date"}`, async () => {
    await open(`?q=common&provider=two&sort=${order}`);
    await results(115);
    for (let shown = 20; shown < 50; shown += 10) {
      await page.dblclick(".found .more");
      await page.waitForFunction((count) => document.querySelectorAll(".found .headline").length >= count, shown);
      await page.waitForTimeout(100);
      assert.equal((await titles()).length, shown);
    }
    const all = await toTheEnd();
    assert.deepEqual([all.length, new Set(all).size], [115, 115]);
  });

test("more results that fail are reported, and come after another try", async () => {
  await open("?q=common&provider=two&sort=date");
  await results(115);
  broken = wasBroken = true;
  await page.click(".found .more");
  await page.locator(".found .again").waitFor();
  assert.match(await said(), /could not be loaded/);
  assert.equal((await titles()).length, 10);
  broken = false;
  await page.click(".found .again");
  await results(115);
  assert.equal(new Set(await toTheEnd()).size, 115);
});

test("what is asked while more results are on their way takes their place", async () => {
  await open("?q=common&provider=one&sort=date");
  await results(115);
  let release;
  held = new Promise((resolve) => { release = resolve; });
  await page.click(".found .more");
  await page.selectOption("[name=provider]", "two");
  await page.waitForTimeout(100);
  release();
  await page.waitForFunction(() => document.querySelector(".found .headline")?.textContent === "Common story number228");
  await page.waitForTimeout(100);
  assert.equal((await titles()).length, 10);
  const all = await toTheEnd();
  assert.deepEqual([all.length, new Set(all).size, all.filter((title) => Number(title.match(/\d+/)) % 2).length], [115, 115, 0]);
});

test("a topic alone lists its stories and those of the topics below it, the newest first", async () => {
  await open("?topic=Machines");
  await results(2);
  assert.deepEqual(await titles(), ["Robots fold laundry", "Tōkyō & <dialog> friends"]);
  await open("?topic=Robots&provider=two&q=fold");
  await results(1);
});

test("with the keyboard alone", async () => {
  await page.goto(`${address}/`);
  await page.keyboard.press("/");
  await page.keyboard.type("laundry");
  await page.keyboard.press("Enter");
  await results(1);
  assert.match(page.url(), /\/below\/search\/\?q=laundry$/);
  await page.keyboard.press("/");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("common");
  await results(230);
  const focused = () => page.evaluate(() => document.activeElement.textContent);
  const shown = await titles();
  await page.keyboard.press("ArrowDown");
  assert.equal(await focused(), shown[0]);
  await page.keyboard.press("j");
  assert.equal(await focused(), shown[1]);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("k");
  assert.equal(await focused(), shown[1]);
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => document.activeElement.name), "q");
  assert.deepEqual([await page.inputValue("[name=q]"), await said(), (await titles()).length], ["", "", 0]);
  await page.keyboard.type("laundry");
  await results(1);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/news/2026/09/04/kept/");
  await page.goBack();
  await results(1);
});

test("the index is loaded when it is used, and not before", async () => {
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(`${address}/`);
  await open("");
  await page.locator("[name=q]").waitFor();
  assert.deepEqual(asked.filter((url) => url.includes("/search/index/")), []);
  await page.fill("[name=q]", "laundry");
  await results(1);
  assert.ok(asked.some((url) => url.includes("/search/index/1/")), "the older part is asked, too");
});

test("a failure is reported, and another try mends it", async () => {
  broken = wasBroken = true;
  await open("?q=laundry");
  const again = page.locator(".found .again");
  await again.waitFor();
  assert.match(await said(), /could not be loaded/);
  broken = false;
  await again.click();
  await results(1);
  assert.ok(await again.isHidden());
});

test("without script, the page says so and leads on; the box is a plain form", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const plain = await context.newPage();
  await plain.goto(`${address}/`);
  await plain.fill(".masthead input[name=q]", "laundry");
  await plain.press(".masthead input[name=q]", "Enter");
  await plain.waitForURL("**/below/search/?q=laundry");
  assert.match(await plain.locator("main").textContent(), /needs JavaScript/);
  assert.deepEqual(await plain.locator("main noscript a, main .topics a").evaluateAll((links) => links.map((link) => link.getAttribute("href"))), ["/below/topics/", "/below/archive/"]);
  assert.equal(await plain.locator("main form").isVisible(), false);
  await context.close();
});

test("the preview finds, too, and its index follows edits", async () => {
  const { server, address: origin } = await preview(site);
  try {
    const ask = (name) => fetch(`${origin}/search/index/${name}`);
    const entry = async () => (await (await ask("pagefind-entry.json?ts=1")).json()).languages.en;
    const meta = ({ hash }) => ask(`pagefind.${hash}.pf_meta`);
    const first = await entry();
    // The head.
    assert.equal(first.page_count, 3);
    assert.equal((await meta(first)).status, 200);
    for (let visit = 0; visit < 5; visit++) {
      await page.goto(`${origin}/`);
      await page.goto(`${origin}/search/?q=laundry`);
      await results(1);
      assert.deepEqual(await titles(), ["Robots fold laundry"]);
    }
    article("kept", "Robots fold laundry", "A robot that irons.", "09-04", { topic: "Robots" });
    let second = first;
    const end = Date.now() + PATIENCE;
    while (second.hash === first.hash && Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      second = await entry();
    }
    assert.notEqual(second.hash, first.hash);
    assert.equal((await meta(second)).status, 200);
    assert.equal((await ask("nothing")).status, 404);
  } finally {
    // The page is loading what the edit has changed.
    await page.close();
    server.kill();
  }
});

test("the console stays empty", () => assert.deepEqual(complaints, []));
