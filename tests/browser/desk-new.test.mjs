// New stories, events, pins and the pane of the desk, in a real browser. Run by scripts/test.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, preview, require, tap, write as writeTo } from "./site.mjs";

const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const EVIL = `</script><img src=x onerror="window.hit=1"><svg onload=window.hit=1>'"{{7*7}}`;

let site, server, address, web, there, browser, page;
/** What newsgen asked the other server for. */
const asked = [];
const complaints = [];
/** Scripts that were stopped in the pane. */
const stopped = [];

const story = (n, more = "") => `---\ntitle: "${["Fire at the old mill", "Mill of Holm burns", "Prices of bread rise", "A quiet day", "Rain again"][n] ?? `Story ${n}`}"\nexcerpt: "Said ${n}"\npublishedDateTime: 2026-10-2${n}T09:00:00Z\noriginalUrl: https://news.example/${n}\nquality: 61\n${more}provider:\n  name: News\n  domain: news.example\n---\n`;
const read = (path) => readFileSync(join(site, path), "utf8");

/** The bytes of all content files but the ledger. */
function files() {
  const found = {};
  for (const file of readdirSync(join(site, "content"), { recursive: true, encoding: "utf8" })) {
    const whole = join(site, "content", file);
    if (!file.startsWith("ledger") && statSync(whole).isFile()) found[file] = readFileSync(whole, "latin1");
  }
  return found;
}

const attribute = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
const meta = (fields) => Object.entries(fields).map(([name, value]) => `<meta property="${name}" content="${attribute(value)}">`).join("");
const PAGES = {
  "/weir": `<title>No</title>${meta({ "og:title": "Old weir burns | The News", "og:description": "A fire.", "og:site_name": "The News", "article:published_time": "2026-10-20T08:00:00Z" })}`,
  "/bread": `<title>Bread is dear</title><article><time datetime="2026-10-21">then</time>`,
  "/evil": `<title>Evil</title>${meta({ "og:title": `Evil ${EVIL}`, "og:description": EVIL, "og:site_name": EVIL, "og:image": "javascript:window.hit=1" })}`,
};

before(async () => {
  web = createServer((request, response) => {
    if (/newsgen/.test(request.headers["user-agent"])) asked.push(request.url);
    const body = PAGES[request.url];
    response.writeHead(body ? 200 : 404, { "Content-Type": "text/html" }).end(body ?? "none");
  });
  await new Promise((resolve) => web.listen(0, "127.0.0.1", resolve));
  there = `http://127.0.0.1:${web.address().port}`;
  site = mkdtempSync(join(tmpdir(), "newsgen-"));
  writeTo(site, "site.toml", `title = "Small"\nbase_url = "https://example.org/"\n[fetch]\nallow_hosts = ["${there.slice(7)}"]\n`);
  for (let n = 0; n < 3; n++) writeTo(site, `content/queue/c${n}.md`, story(n));
  for (let n = 3; n < 5; n++) writeTo(site, `content/news/a${n}.md`, story(n));
  writeTo(site, "content/topics/fires.yaml", "name: Fires\nwords: weir\n");
  ({ server, address } = await preview(site));
  browser = await launch();
});

after(async () => {
  await browser?.close();
  server?.kill();
  web?.close();
  rmSync(site, { recursive: true, force: true });
});

function watch(page) {
  // What the server refuses on purpose is shown by the browser as well.
  page.on("console", (message) => {
    const text = message.text();
    if (/^Blocked script execution in '[^']*\/__newsgen\/candidate\//.test(text)) stopped.push(text);
    else if (!/status of (400|401|403|404)|Password forms/.test(text)) complaints.push(`${message.type()}: ${text}`);
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("dialog", (dialog) => { complaints.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  return page;
}

async function open(view = "", options = {}) {
  await page?.context().close();
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  page = watch(await context.newPage());
  await page.goto(`${address}/__newsgen/${view}`);
  await page.waitForSelector("body.ready");
}

const settled = () => page.evaluate(async () => (await import("/__newsgen/api.js")).settled());
const said = (words) => page.waitForFunction((words) => document.getElementById("said").textContent.includes(words), words);

test("links become drafts, and drafts an article and a candidate, by keyboard", async () => {
  const start = files();
  await open();
  await page.keyboard.press("g");
  await page.keyboard.press("n");
  await page.locator("#links:focus").waitFor();
  await page.keyboard.insertText(`Look: ${there}/weir\nand ${there}/bread and ${there}/weir`);
  await page.keyboard.press("Control+Enter");
  await page.locator(".draft .main").nth(1).waitFor();
  assert.equal(await page.locator(".draft").count(), 2);
  assert.deepEqual(files(), start);
  const first = page.locator(".draft").first();
  assert.equal(await first.getByLabel("Headline").inputValue(), "Old weir burns");
  assert.equal(await first.getByLabel("Provider").inputValue(), "The News");
  assert.equal(await first.getByRole("button", { name: "Topics" }).textContent(), "Topics: Fires");
  await first.getByLabel("Headline").fill("The weir burns");
  await page.keyboard.press("Control+Enter");
  await said("Published: The weir burns");
  assert.match(read("content/news/2026-10-20-the-weir-burns.md"), /title: "The weir burns"\nexcerpt: "A fire\."\n/);
  await page.getByRole("button", { name: "To the queue" }).click();
  await said("In the queue: Bread is dear");
  assert.match(read("content/queue/2026-10-21-bread-is-dear.md"), /publishedDateTime: 2026-10-21T/);
  assert.equal(await page.locator(".draft").count(), 0);

  // A link that is known says so, and leads to the story.
  await page.locator("#links").fill(`${there}/bread`);
  await page.getByRole("button", { name: "Read" }).click();
  assert.match(await page.locator(".draft .wrong").textContent(), /In the queue: Bread is dear/);
  await page.locator(".draft .wrong button").click();
  await page.locator(".item.current", { hasText: "Bread is dear" }).waitFor();
  // Undo takes both back, with their forms.
  for (const what of ["Bread is dear", "The weir burns"]) {
    await page.keyboard.press("u");
    await said(`Undone: ${what}`);
  }
  assert.deepEqual(files(), start);
  await page.keyboard.press("g");
  await page.keyboard.press("n");
  assert.equal(await page.locator(".draft").count(), 3);
});

test("a page that cannot be read says why and leaves a form", async () => {
  await open("#new");
  await page.locator("#links").fill(`${there}/missing`);
  await page.keyboard.press("Control+Enter");
  assert.match(await page.locator(".draft .wrong").textContent(), /no such document \(404\)/);
  assert.equal(await page.locator(".draft").getByLabel("Link").inputValue(), `${there}/missing`);
});

test("nothing of a page that is read becomes markup or runs", async () => {
  await open("#new");
  await page.locator("#links").fill(`${there}/evil javascript:window.hit=1`);
  await page.keyboard.press("Control+Enter");
  assert.match(await page.locator(".draft").getByLabel("Excerpt").inputValue(), /7\*7/);
  const start = files();
  await page.locator(".draft").getByLabel("Headline").fill(`Evil ${EVIL}`);
  await page.locator(".draft").getByLabel("Provider").fill(EVIL);
  await page.keyboard.press("Control+Enter");
  await said("Published: Evil");
  await page.locator("#links").fill(`${there}/evil`);
  await page.keyboard.press("Control+Enter");
  assert.match(await page.locator(".draft .wrong").textContent(), /Published already|left out/);
  assert.equal(await page.evaluate(() => window.hit), undefined);
  assert.equal(await page.locator("main img, main svg").count(), 0);
  await page.getByRole("button", { name: "Undo" }).click();
  await said("Undone");
  assert.deepEqual(files(), start);
});

test("the bookmark sends a page to the desk, and the editor says what happens", async () => {
  await open("#new");
  const mark = page.getByRole("link", { name: "To the desk" });
  assert.equal(await mark.evaluate((link) => link.draggable), true);
  const href = await mark.getAttribute("href");
  assert.match(href, /^javascript:/);
  const start = files();
  const before = asked.length;
  const other = watch(await page.context().newPage());
  await other.goto(`${there}/weir?a=1&b=ü#part`);
  const [desk] = await Promise.all([page.context().waitForEvent("page"), other.evaluate(href.slice("javascript:".length))]);
  watch(desk);
  await desk.waitForSelector("body.ready");
  assert.equal(new URL(desk.url()).hash, "#new");
  assert.equal(await desk.locator("#links").inputValue(), `${there}/weir?a=1&b=%C3%BC#part`);
  assert.equal(await desk.evaluate(() => window.opener), null);
  await desk.waitForTimeout(200);
  assert.equal(asked.length, before, "nothing is read before the editor says so");
  await desk.locator("#links").fill(`${there}/weir`);
  await desk.getByRole("button", { name: "Read" }).click();
  await desk.locator(".draft .main").waitFor();
  assert.equal(await desk.locator(".draft").getByLabel("Headline").inputValue(), "Old weir burns");
  assert.deepEqual(files(), start);
  // What others may put behind the # is a text in a field and no more.
  for (const hash of ["#new=javascript:window.hit=1", "#new=%", "#new=%3Cimg%20src=x%20onerror=window.hit=1%3E", "#__proto__=x", "#constructor", '#"]x']) {
    await desk.goto("about:blank");
    await desk.goto(`${address}/__newsgen/${hash}`);
    await desk.waitForSelector("body.ready");
    assert.equal(await desk.evaluate(() => window.hit), undefined, hash);
  }
  assert.deepEqual(files(), start);
});

test("with a password, a tab that another site opened asks for it before it reads", async () => {
  process.env.NEWSGEN_DESK_PASSWORD = "right";
  const guarded = await preview(site);
  delete process.env.NEWSGEN_DESK_PASSWORD;
  const context = await browser.newContext();
  const desk = watch(await context.newPage());
  await desk.goto(`${guarded.address}/__newsgen/`);
  const logIn = async (page) => {
    await page.locator("#password").fill("right");
    await page.getByRole("button", { name: "Log in" }).click();
  };
  await logIn(desk);
  await desk.waitForSelector("body.ready");
  const other = watch(await context.newPage());
  // Another site: ports make no difference to cookies, names do.
  await other.goto(`${there.replace("127.0.0.1", "localhost")}/weir`);
  const [tab] = await Promise.all([context.waitForEvent("page"),
    other.evaluate((url) => { window.open(url, "_blank", "noopener"); }, `${guarded.address}/__newsgen/#new=${encodeURIComponent(`${there}/weir`)}`)]);
  watch(tab);
  await tab.waitForSelector("body.ready");
  const before = asked.length;
  await tab.getByRole("button", { name: "Read" }).click();
  await tab.locator("#password").waitFor();
  assert.equal(asked.length, before);
  await logIn(tab);
  await tab.locator(".draft .main").waitFor();
  await context.close();
  guarded.server.kill();
});

test("m joins what is selected, joins to what is near, and parts", async () => {
  const start = files();
  await open();
  for (const key of ["End", "Space", "k", "Space", "m"]) await page.keyboard.press(key);
  const choice = page.locator(".matches .current");
  await choice.filter({ hasText: "Together: fire-at-the-old-mill" }).waitFor();
  await page.keyboard.press("Enter");
  await settled();
  for (const n of [0, 1]) assert.match(read(`content/queue/c${n}.md`), /\nevent: fire-at-the-old-mill\n/);
  assert.equal(read("content/queue/c2.md"), story(2));
  await page.keyboard.press("Escape");
  await page.keyboard.press("Home");
  await page.keyboard.press("m");
  await page.locator(".matches li").first().waitFor();
  await page.keyboard.type("mill");
  await choice.filter({ hasText: "Fire at the old mill" }).waitFor();
  await page.keyboard.press("Enter");
  await settled();
  assert.match(read("content/queue/c2.md"), /\nevent: fire-at-the-old-mill\n/);
  await page.locator(".panel", { hasText: "fire-at-the-old-mill" }).waitFor();
  await page.keyboard.press("m");
  await page.locator(".matches li", { hasText: "None: it stands alone" }).click();
  await settled();
  assert.match(read("content/queue/c2.md"), /\nevent: "?none"?\n/);
  for (let n = 0; n < 3; n++) {
    await page.keyboard.press("u");
    await settled();
    await page.waitForTimeout(50);
  }
  assert.deepEqual(files(), start);
});

test("s pins: in the queue at once, in the edition also until a day", async () => {
  const start = files();
  await open();
  await page.keyboard.press("End");
  await page.keyboard.press("s");
  await settled();
  assert.equal(read("content/queue/c0.md"), story(0).replace("---\n", "").replace(/---\n$/, "pin: true\n---\n").replace(/^/, "---\n"));
  await page.locator(".item.current", { hasText: "pinned" }).waitFor();
  await page.keyboard.press("s");
  await settled();
  await page.waitForTimeout(50);
  assert.deepEqual(files(), start);
  await page.keyboard.press("g");
  await page.keyboard.press("e");
  await page.locator(".item.current", { hasText: "Rain again" }).waitFor();
  await page.keyboard.press("s");
  await page.locator("dialog").waitFor();
  await page.keyboard.press("Enter");
  await settled();
  assert.match(read("content/news/a4.md"), /\npin: true\n/);
  await page.getByRole("button", { name: "Pin" }).click();
  await page.getByLabel("Until the day").fill("2026-11-30");
  await page.getByRole("button", { name: "Change" }).click();
  await settled();
  assert.match(read("content/news/a4.md"), /\npin: "?2026-11-30"?\n/);
  await page.locator(".panel", { hasText: "until 2026-11-30" }).waitFor();
  while (!(await page.locator("#undo").isDisabled())) {
    await page.keyboard.press("u");
    await settled();
    await page.waitForTimeout(50);
  }
  assert.deepEqual(files(), start);
});

test("the pane shows a candidate as it would be, without scripts", async () => {
  await open();
  const start = files();
  await page.keyboard.press("End");
  const inside = (words) => page.waitForFunction((words) => document.querySelector("iframe.preview")?.contentDocument?.body?.textContent.includes(words), words);
  await page.keyboard.press("v");
  await inside("Fire at the old mill");
  await page.keyboard.press("k");
  await inside("Mill of Holm burns");
  await page.keyboard.press("v");
  await inside("A quiet day");
  await inside("Mill of Holm burns");
  // The page comes with the scripts of the theme, and none of them has run.
  assert.equal(await page.evaluate(() => {
    const frame = document.querySelector("iframe.preview");
    return frame.contentDocument.scripts.length > 0 && frame.sandbox.value === "allow-same-origin";
  }), true);
  assert.ok(stopped.length > 0);
  await page.keyboard.press("v");
  assert.equal(await page.locator("iframe.preview").count(), 0);
  assert.deepEqual(files(), start);
});

test("a phone joins, pins and adds by touch", async () => {
  const start = files();
  await open("", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await tap(page.locator(".item").first());
  await tap(page.getByRole("button", { name: "Event" }));
  await tap(page.locator(".matches li", { hasText: "None" }));
  await settled();
  await tap(page.getByRole("button", { name: "Pin" }));
  await settled();
  assert.match(read("content/queue/c2.md"), /\nevent: "?none"?\npin: true\n/);
  await tap(page.getByRole("link", { name: "New", exact: true }));
  await page.locator("#links").fill(`${there}/weir`);
  await tap(page.getByRole("button", { name: "Read" }));
  await tap(page.getByRole("button", { name: "To the queue" }));
  await said("In the queue");
  for (let n = 0; n < 3; n++) {
    await tap(page.getByRole("button", { name: "Undo" }));
    await settled();
    await page.waitForTimeout(50);
  }
  assert.deepEqual(files(), start);
});

test("axe finds nothing in the new view and dialogs, light and dark, wide and narrow", async () => {
  const found = [];
  const check = async (where) => {
    const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"], rules: { "target-size": { enabled: true } } }));
    for (const { id, nodes } of violations) found.push(`${where}: ${id}: ${nodes[0].html.slice(0, 160)} ${nodes[0].failureSummary}`);
    if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) found.push(`${where}: it scrolls sideways`);
  };
  for (const [width, colorScheme] of [[1440, "light"], [1440, "dark"], [390, "light"], [390, "dark"]]) {
    await open("#new", { viewport: { width, height: 844 }, colorScheme });
    await page.evaluate(AXE);
    await check(`empty ${width} ${colorScheme}`);
    await page.locator("#links").fill(`${there}/weir ${there}/missing https://news.example/3`);
    await page.keyboard.press("Control+Enter");
    await page.locator(".draft .main").nth(2).waitFor();
    await check(`drafts ${width} ${colorScheme}`);
    for (const view of ["#queue", "#edition"]) {
      await open(view, { viewport: { width, height: 844 }, colorScheme });
      await page.evaluate(AXE);
      await page.locator(".item.current").waitFor();
      for (const key of view === "#queue" ? ["m", "v"] : ["m", "s"]) {
        await page.keyboard.press(key);
        await page.waitForTimeout(200);
        await check(`${view} ${key} ${width} ${colorScheme}`);
        await page.keyboard.press("Escape");
      }
    }
  }
  assert.deepEqual(found, []);
});

test("the page that opens is small, as it is written", async () => {
  await page.context().close();
  const context = await browser.newContext();
  page = watch(await context.newPage());
  const sizes = {};
  page.on("response", async (response) => {
    const path = new URL(response.url()).pathname;
    if (/^\/__newsgen\/(\w+\.(js|css))?$/.test(path)) sizes[path] = (await response.body()).length;
  });
  await page.goto(`${address}/__newsgen/`);
  await page.waitForSelector("body.ready");
  await page.waitForTimeout(100);
  const sum = Object.values(sizes).reduce((a, b) => a + b, 0);
  assert.ok(Object.keys(sizes).length >= 8 && sum < 55_000, `${sum} bytes: ${JSON.stringify(sizes)}`);
});

test("the console stays empty", () => assert.deepEqual(complaints, []));
