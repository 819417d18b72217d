// An editor at the desk, in a real browser and by keyboard alone. Run by scripts/test.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { launch, preview, require, tap, write as writeTo } from "./site.mjs";

const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const COUNT = 200;

let site, target, server, address, browser, page;
const complaints = [];
// As editors save: beside, and then into its place. What is half written would be shown as such.
const write = (path, text) => {
  writeTo(site, "content/.being-written~", text);
  mkdirSync(dirname(join(site, path)), { recursive: true });
  renameSync(join(site, "content/.being-written~"), join(site, path));
};

const date = (number) => new Date(Date.UTC(2026, 9, 30) - number * 3600e3).toISOString().replace(".000", "");
// Files as people and programs write them.
const FORMS = [
  (n) => `---\ntitle: "Story ${n}"\nexcerpt: "Said ${n}"\npublishedDateTime: ${date(n)}\noriginalUrl: https://news.example/${n}\nquality: 61\nprovider:\n  name: News\n  domain: news.example\n---\n`,
  (n) => `---\n# A comment\ntitle:   'It''s ${n}'   # odd\npublishedDateTime: ${date(n)}\nquality: 55 # low\noriginalUrl: https://news.example/${n}\ntopics: [ AI , "Chips" ]\n---\nText.\n`,
  (n) => `---\ntitle: "Story ${n}"\npublishedDateTime: ${date(n)}\noriginalUrl: https://news.example/${n}\nexcerpt: >-\n  Two\n  lines\n---\n`.replaceAll("\n", "\r\n"),
  (n) => `---\nscore: 51\nheadline: Mapped ${n}\npublishedDateTime: ${date(n)}\noriginalUrl: https://news.example/${n}\n---\n`,
];
const path = (n) => `content/queue/c${String(n).padStart(3, "0")}.md`;

/** The bytes of all content files but the ledger. */
function files() {
  const found = {};
  for (const file of readdirSync(join(site, "content"), { recursive: true, encoding: "utf8" })) {
    const whole = join(site, "content", file);
    if (!file.startsWith("ledger") && statSync(whole).isFile()) found[file] = readFileSync(whole, "latin1");
  }
  return found;
}

const ledger = () => readdirSync(join(site, "content/ledger")).flatMap((file) =>
  readFileSync(join(site, "content/ledger", file), "utf8").trim().split("\n").map((line) => JSON.parse(line)));

before(async () => {
  site = mkdtempSync(join(tmpdir(), "newsgen-"));
  target = join(mkdtempSync(join(tmpdir(), "newsgen-target-")), "live");
  write("site.toml", 'title = "Small"\nbase_url = "https://example.org/"\n[fetch]\nreject_reasons = ["Old news", "Advertising"]\n[desk]\ncommit = true\n[curation]\nmin_quality = 50\n[deploy.targets]\nlive = "file://' + target + '"\n[content.fields]\ntitle = ["title", "headline"]\nquality = ["quality", "score"]\n');
  for (let n = 0; n < COUNT; n++) write(path(n), FORMS[n % FORMS.length](n));
  for (let n = 0; n < 30; n++) write(`content/news/a${n}.md`, FORMS[0](1000 + n));
  write("content/sources/news.yaml", "feed: https://news.example/feed.xml\ntitle: The News\n");
  mkdirSync(join(site, "content/ledger"));
  ({ server, address } = await preview(site));
  browser = await launch();
});

after(async () => {
  await browser?.close();
  server?.kill();
  rmSync(site, { recursive: true, force: true });
  rmSync(dirname(target), { recursive: true, force: true });
});

async function open(view = "", options = {}) {
  await page?.context().close();
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  page = await context.newPage();
  // What the server refuses on purpose is shown by the browser as well.
  // The pane runs no script of the page that it shows: that is meant, and the browser says so.
  const meant = /status of (409|422|500)|^Blocked script execution in '[^']*\/__newsgen\/candidate\//;
  page.on("console", (message) => meant.test(message.text()) || complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("dialog", (dialog) => { complaints.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  await page.goto(`${address}/__newsgen/${view}`);
  await page.waitForSelector("body.ready");
}

/** Waits until everything that was asked for is answered. */
const settled = () => page.evaluate(async () => (await import("/__newsgen/api.js")).settled());

test("two hundred candidates are decided with four hundred keys, and undone byte for byte", async () => {
  const start = files();
  await open();
  let keys = 0;
  const press = async (key) => { keys++; await page.keyboard.press(key); };
  const decided = new Map();
  for (let n = 0; n < COUNT; n++) {
    const current = await page.locator(".item.current .headline").textContent();
    assert.ok(!decided.has(current), `${current} came again`);
    if (n % 3 === 2) {
      await press("x");
      await press("1");
      decided.set(current, "rejected");
    } else {
      await press(String(1 + (n % 9)));
      await press("p");
      decided.set(current, "published");
    }
  }
  await settled();
  assert.ok(keys <= 400, `${keys} keys`);
  const rejected = ledger().filter((line) => line.decision === "rejected");
  assert.ok(rejected.length > 60 && rejected.every((line) => line.reason === "Old news"));
  assert.equal(decided.size, COUNT);
  assert.match(await page.locator(".panel").textContent(), /queue is empty/);

  const now = files();
  assert.deepEqual(Object.keys(now).filter((file) => file.startsWith("queue")), []);
  let published = 0;
  for (let n = 0; n < COUNT; n++) {
    const before = start[path(n).replace("content/", "")].split("\n");
    const article = now[`news/c${String(n).padStart(3, "0")}.md`];
    if (article === undefined) continue;
    published++;
    const after = article.split("\n");
    const gone = before.filter((line) => !after.includes(line));
    const come = after.filter((line) => !before.includes(line));
    assert.ok(gone.length <= 1 && come.length === 1, `${gone} became ${come}`);
    assert.match(come[0], n % 4 === 3 ? /^score: \d+$/ : /^quality: \d+/);
    if (n % 4 === 1) assert.match(come[0], /# low$/);
    assert.equal(article.includes("\r\n"), n % 4 === 2);
  }
  assert.equal(published, [...decided.values()].filter((what) => what === "published").length);

  for (let n = 0; n < 400; n++) {
    if (await page.locator("#undo").isDisabled()) break;
    await page.keyboard.press("u");
    await settled();
    await page.waitForTimeout(5);
  }
  await page.waitForFunction((count) => document.getElementById("waiting").textContent === String(count), COUNT);
  assert.deepEqual(files(), start);
  const lines = ledger();
  assert.equal(lines.filter((line) => line.by === "undo").length, COUNT);
  assert.equal(lines.filter((line) => line.by === "editor").length, COUNT);
});

test("keys that come faster than their answers are meant for what the last one made", async () => {
  await open();
  const file = path(0);
  const start = readFileSync(join(site, file), "utf8");
  const quality = () => /quality: (\d+)/.exec(readFileSync(join(site, file), "utf8"))[1];
  const type = async (keys) => {
    for (const key of keys) await page.keyboard.press(key);
    await settled();
    await page.waitForTimeout(50);
    assert.equal(await page.locator("dialog").count(), 0, keys);
  };
  for (const [keys, wanted] of [["9897", "70"], ["9u8", "80"], ["uuuuu", "61"], ["98989", "90"], ["u", "80"], ["6", "60"]]) {
    await type(keys);
    assert.equal(quality(), wanted, keys);
  }
  // As slowly as a person types, too: each key after the answer to the one before.
  for (const key of "9897u8") await type(key);
  assert.equal(quality(), "80");
  while (!(await page.locator("#undo").isDisabled())) await type("u");
  assert.equal(readFileSync(join(site, file), "utf8"), start);
});

test("a quality that is refused is not shown", async () => {
  await open();
  await page.route("**/api/edit", (route) => route.fulfill({ status: 500, json: { error: "machine", message: "The disk is full." } }), { times: 1 });
  const score = page.locator(".item.current .score");
  const before = await score.textContent();
  await page.keyboard.press("9");
  await page.waitForFunction(() => document.getElementById("said").textContent === "The disk is full.");
  assert.equal(await score.textContent(), before);
});

test("a conflict is shown, and the editor chooses", async () => {
  await open();
  const file = path(0);
  const mine = readFileSync(join(site, file), "utf8");
  // Written right before the key, so that the page has not heard of it.
  write(file, mine.replace("Said 0", "They said"));
  await page.keyboard.press("9");
  const dialog = page.locator("dialog");
  await dialog.waitFor();
  assert.match(await dialog.textContent(), /They said/);
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  assert.equal(readFileSync(join(site, file), "utf8"), mine.replace("Said 0", "They said"));
  await page.waitForFunction(() => document.querySelector(".item.current .excerpt").textContent === "They said");
  await page.keyboard.press("9");
  await settled();
  assert.equal(readFileSync(join(site, file), "utf8"), mine.replace("Said 0", "They said").replace("quality: 61", "quality: 90"));
  write(file, mine);
});

test("what others do shows by itself, and the cursor stays where it is", async () => {
  await open();
  for (let n = 0; n < 5; n++) await page.keyboard.press("j");
  const current = page.locator(".item.current .headline");
  const title = await current.textContent();
  const place = await page.locator(".item.current").boundingBox();
  write("content/queue/new.md", FORMS[0](-20));
  // The count at the top comes before the list.
  await page.waitForFunction((count) => document.querySelector(".item.current").getAttribute("aria-setsize") === String(count), COUNT + 1);
  assert.equal(await current.textContent(), title);
  const now = await page.locator(".item.current").boundingBox();
  assert.ok(Math.abs(now.y - place.y) < 2, `${place.y} became ${now.y}`);
  rmSync(join(site, "content/queue/new.md"));
  await page.waitForFunction((count) => document.getElementById("waiting").textContent === String(count), COUNT);
  assert.equal(await current.textContent(), title);
});

test("topics, edits and filters work by keyboard", async () => {
  await open();
  await page.keyboard.press("t");
  // The first dialog is loaded when it is opened.
  await page.locator("dialog").waitFor();
  await page.keyboard.type("Law");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await settled();
  assert.match(readFileSync(join(site, path(0)), "utf8"), /topics:\n {2}- Law\n/);
  await page.keyboard.press("e");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("Another headline");
  await page.keyboard.press("Control+Enter");
  await settled();
  assert.match(readFileSync(join(site, path(0)), "utf8"), /title: "Another headline"\n/);
  await page.keyboard.press("u");
  await page.keyboard.press("u");
  await settled();
  await page.waitForTimeout(50);
  assert.equal(readFileSync(join(site, path(0)), "utf8"), FORMS[0](0));
  await page.keyboard.press("/");
  await page.keyboard.type("mapped");
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("output").textContent(), `50 of ${COUNT}`);
  await page.keyboard.press("?");
  await page.locator("dialog").waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("role")), "listbox");
});

test("a dialog is there before the next key", async () => {
  await open();
  await page.keyboard.press("?");
  await page.locator("dialog").waitFor();
  await page.keyboard.press("Escape");
  // Keys are tasks of their own: what is done before the next one is done in this task.
  const isOpen = await page.evaluate(() => new Promise((resolve) => {
    const next = new MessageChannel();
    next.port1.onmessage = () => resolve(document.querySelector("dialog") !== null);
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "e", bubbles: true, cancelable: true }));
    next.port2.postMessage("");
  }));
  assert.equal(isOpen, true);
  await page.keyboard.press("Escape");
});

test("articles are edited together after a look at the lines", async () => {
  await open("#edition");
  const start = files();
  await page.keyboard.press("Space");
  await page.keyboard.press("Space");
  await page.keyboard.press("9");
  const dialog = page.locator("dialog");
  await dialog.waitFor();
  assert.match(await dialog.textContent(), /2 of 2 files change.*- quality: 61.*\+ quality: 90/s);
  assert.deepEqual(files(), start);
  await page.keyboard.press("Enter");
  await settled();
  await page.waitForTimeout(50);
  await settled();
  const now = files();
  assert.equal(Object.keys(now).filter((file) => now[file] !== start[file]).length, 2);
  await page.keyboard.press("u");
  await settled();
  await page.waitForTimeout(50);
  assert.deepEqual(files(), start);
});

test("nothing of a feed becomes markup or runs", async () => {
  const payload = `</script><img src=x onerror="window.hit=1"><svg onload=window.hit=1>'"{{7*7}}`;
  const text = JSON.stringify(payload);
  const fields = ["title", "excerpt", "highlight", "topics", "locale", "type", "category"].map((name) => `${name}: ${name === "topics" ? `[${text}]` : text}`);
  write("content/queue/evil.md", `---\n${fields.join("\n")}\npublishedDateTime: 2026-10-31\noriginalUrl: https://evil.example/\nprovider:\n  name: ${text}\n  domain: evil.example\nimages:\n  - url: "javascript:window.hit=1"\n---\n`);
  // Fields that are addresses, dates and numbers, each in a candidate that is broken by it or not.
  for (const [n, line] of [`originalUrl: "javascript:window.hit=1//${payload.replaceAll('"', "")}"`, `publishedDateTime: ${text}`, `quality: ${text}`, `provider:\n  name: News\n  domain: ${text}`,
    `images:\n  - url: ${text}`, `event: ${text}`, `${text}: ${text}`].entries()) {
    const name = line.split(":")[0];
    const rest = FORMS[0](-1 - n).split("\n").filter((other) => !other.startsWith(name) && !(name === "provider" && /^ {2}/.test(other)));
    write(`content/queue/evil-${n}.md`, rest.toSpliced(1, 0, line).join("\n"));
  }
  write("content/queue/worse.md", `---\ntitle: [${text}\n---\n${payload}`);
  await open();
  await page.keyboard.press("Home");
  assert.match(await page.locator(".panel h2").textContent(), /onload/);
  for (const key of ["t", "e"]) {
    await page.keyboard.press(key);
    await page.locator("dialog").waitFor();
    await page.keyboard.press("Escape");
  }
  for (let n = 0; n < 10; n++) await page.keyboard.press("j");
  const links = await page.locator("main a").evaluateAll((all) => all.map((link) => link.protocol));
  assert.ok(links.every((protocol) => /^https?:$/.test(protocol)), links.join(" "));
  await page.keyboard.press("End");
  await page.keyboard.press("8");
  await page.waitForTimeout(200);
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => window.hit), undefined);
  assert.equal(await page.locator("img[src=x], svg").count(), 0);
  for (const file of readdirSync(join(site, "content/queue"))) if (file.startsWith("evil")) rmSync(join(site, "content/queue", file));
  rmSync(join(site, "content/queue/worse.md"));
});

test("publishing shows what is sent, and sends it after a second key", async () => {
  await open("#publish");
  const { keyboard } = page;
  const heading = page.locator(".plan h2");
  // From the top of the page to the first button of the view.
  const look = page.getByRole("button", { name: "Publish to live …" });
  await look.focus();
  await keyboard.press("Enter");
  await heading.waitFor();
  assert.match(await heading.textContent(), /^\d+ new, 0 changed, [\d,]+ files$/);
  assert.equal(existsSync(target), false);
  assert.match(await page.locator(".plan").textContent(), /Nothing was sent yet/);
  await page.locator(".plan summary").click();
  await page.locator(".files li").first().waitFor();
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"] }));
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), []);
  assert.match(await page.locator(".files").textContent(), /new index\.html/);
  await keyboard.press("Escape");
  await heading.waitFor({ state: "hidden" });
  assert.equal(existsSync(target), false);

  await keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement.textContent.startsWith("Publish to live"));
  await keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector(".plan h2")?.textContent.startsWith("Published to live"));
  assert.ok(existsSync(join(target, "index.html")));
  await keyboard.press("Enter");
  await keyboard.press("Enter");
  await page.waitForFunction(() => document.getElementById("said").textContent === "live has all of it already");
});

test("what was decided is committed after a look at the message", async () => {
  const git = (...words) => execFileSync("git", words, { cwd: site, encoding: "utf8" });
  write(".gitignore", "/.newsgen\n/public\n");
  git("init", "--quiet");
  for (const [key, value] of [["user.name", "An Editor"], ["user.email", "editor@example.org"], ["commit.gpgSign", "false"]]) git("config", key, value);
  git("add", "--all");
  git("commit", "--quiet", "--message", "Start");
  const start = files();
  await open();
  const title = await page.locator(".item.current .headline").textContent();
  await page.keyboard.press("p");
  await settled();
  await page.keyboard.press("g");
  await page.keyboard.press("p");
  await page.getByRole("button", { name: "Commit …" }).click();
  await page.waitForFunction(() => document.activeElement.textContent.startsWith("Commit"));
  assert.match(await page.locator(".plan pre").textContent(), new RegExp(`^Publish “${title}”`));
  assert.equal(git("rev-list", "--count", "HEAD").trim(), "1");
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"] }));
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), []);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => /^Committed as [0-9a-f]+$/.test(document.getElementById("said").textContent));
  assert.equal(git("rev-list", "--count", "HEAD").trim(), "2");
  assert.equal(git("status", "--porcelain"), "");
  await page.keyboard.press("u");
  await settled();
  await page.waitForTimeout(50);
  assert.deepEqual(files(), start);
  rmSync(join(site, ".git"), { recursive: true });
});

test("another site can neither read nor write", async () => {
  await open();
  const start = files();
  const { createServer } = await import("node:http");
  const other = createServer((request, response) => response.writeHead(200, { "Content-Type": "text/html" }).end("<p>other"));
  await new Promise((resolve) => other.listen(0, "127.0.0.1", resolve));
  const context = await browser.newContext();
  const stranger = await context.newPage();
  await stranger.goto(`http://127.0.0.1:${other.address().port}/`);
  const results = await stranger.evaluate(async (address) => {
    const api = `${address}/__newsgen/api/`;
    const outcome = (promise) => promise.then((answer) => `${answer.type} ${answer.status}`, () => "refused");
    const events = (make) => new Promise((resolve) => {
      try {
        const source = make();
        source.onmessage = source.onopen = () => resolve("open");
        source.onerror = () => resolve("refused");
      } catch { resolve("refused"); }
    });
    const image = () => new Promise((resolve) => {
      const made = new Image();
      made.onload = () => resolve("loaded");
      made.onerror = () => resolve("refused");
      made.src = `${api}queue`;
    });
    const script = () => new Promise((resolve) => {
      const made = document.createElement("script");
      made.onload = () => resolve("loaded");
      made.onerror = () => resolve("refused");
      made.src = `${address}/__newsgen/api/state`;
      document.body.append(made);
    });
    const frame = () => new Promise((resolve) => {
      const made = document.createElement("iframe");
      made.onload = () => { try { resolve(made.contentDocument ? "own" : "closed"); } catch { resolve("closed"); } };
      made.src = `${address}/__newsgen/`;
      document.body.append(made);
    });
    const form = () => new Promise((resolve) => {
      const target = document.createElement("iframe");
      target.name = "t";
      document.body.append(target);
      const made = document.createElement("form");
      Object.assign(made, { method: "post", action: `${api}undo`, target: "t", enctype: "text/plain" });
      document.body.append(made);
      target.onload = () => resolve("sent");
      made.submit();
      setTimeout(() => resolve("sent"), 1000);
    });
    return {
      read: await outcome(fetch(`${api}queue`)),
      opaque: await outcome(fetch(`${api}queue`, { mode: "no-cors" })),
      json: await outcome(fetch(`${api}undo`, { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" })),
      plain: await outcome(fetch(`${api}undo`, { method: "POST", mode: "no-cors", body: "{}" })),
      image: await image(), script: await script(), frame: await frame(), form: await form(),
      events: await events(() => new EventSource(`${address}/__newsgen/events?page=/__newsgen/`)),
      socket: await events(() => new WebSocket(`${api.replace("http", "ws")}queue`)),
    };
  }, address);
  for (const [way, result] of Object.entries(results)) assert.ok(["refused", "opaque 0", "closed", "sent"].includes(result), `${way}: ${result}`);
  await context.close();
  other.close();
  assert.deepEqual(files(), start);
});

test("axe finds nothing in any view, light and dark, wide and narrow", async () => {
  const found = [];
  for (const view of ["#queue", "#edition", "#sources", "#publish"]) {
    for (const [width, colorScheme] of [[1440, "light"], [1440, "dark"], [390, "light"], [390, "dark"]]) {
      await open(view, { viewport: { width, height: 844 }, colorScheme });
      await page.waitForTimeout(250);
      // Run from the test: the policy of the page lets no other script in.
      await page.evaluate(AXE);
      for (const key of view === "#queue" || view === "#edition" ? ["", "e", "t", "?"] : ["", "?"]) {
        if (key) await page.keyboard.press(key);
        const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"], rules: { "target-size": { enabled: true } } }));
        for (const { id, nodes } of violations) found.push(`${view} ${width} ${colorScheme} ${key}: ${id}: ${nodes[0].html.slice(0, 160)} ${nodes[0].failureSummary}`);
        if (key) await page.keyboard.press("Escape");
      }
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      if (wide) found.push(`${view} ${width}: it scrolls sideways`);
    }
  }
  assert.deepEqual(found, []);
});

test("a phone decides by touch", async () => {
  await open("", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const start = files();
  const title = await page.locator(".item .headline").nth(1).textContent();
  await tap(page.locator(".item").nth(1));
  await tap(page.getByRole("button", { name: "Quality" }));
  await tap(page.getByRole("button", { name: "80", exact: true }));
  await tap(page.getByRole("button", { name: "Publish" }));
  await settled();
  assert.match(await page.locator("#said").textContent(), new RegExp(`Published: ${title}`));
  assert.notDeepEqual(files(), start);
  await tap(page.getByRole("button", { name: "Undo" }));
  await settled();
  await tap(page.getByRole("button", { name: "Undo" }));
  await settled();
  await page.waitForTimeout(50);
  assert.deepEqual(files(), start);
});

test("a phone rejects with a reason, selects nothing again, and shows the site", async () => {
  await open("", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const start = files();
  const tapButton = (name) => tap(page.getByRole("button", { name, exact: true }));
  const waiting = (count) => page.waitForFunction((count) => document.getElementById("waiting").textContent === String(count), count);
  for (const at of [1, 3]) await tap(page.locator(".item .tick").nth(at));
  await tapButton("Reject");
  await tapButton("Advertising");
  await settled();
  await waiting(COUNT - 2);
  assert.equal(ledger().filter((line) => line.reason === "Advertising").length, 2);
  await tapButton("Undo");
  await waiting(COUNT);
  await settled();
  assert.deepEqual(files(), start);
  await tap(page.locator(".item .tick").first());
  await tapButton("1 selected ×");
  assert.equal(await page.locator(".item.selected").count(), 0);
  await tapButton("Preview");
  await page.waitForFunction(() => document.querySelector("iframe")?.contentDocument?.readyState === "complete");
  for (let n = 0; n < 2; n++) await tapButton("Preview");
  assert.equal(await page.locator("iframe").count(), 0);
  // A view without a list has all of the height.
  await tap(page.locator("nav a", { hasText: "Sources" }));
  const place = await page.locator(".page").boundingBox();
  assert.ok(place.height > 600, JSON.stringify(place));
  assert.equal(new URL(await page.locator("h1 a").evaluate((link) => link.href)).pathname, "/");
});

test("keys in the dialog of topics are meant for its field, whatever is chosen", async () => {
  await open();
  await page.keyboard.press("j");
  const story = await page.locator(".item.current .headline").textContent();
  await page.keyboard.press("t");
  const field = page.locator("dialog input");
  await field.waitFor();
  // It has topics already; one is taken away by its button, and what is typed then is a topic.
  await page.locator("dialog .picks button").first().click();
  await page.keyboard.type("Xylophones");
  assert.equal(await field.inputValue(), "Xylophones");
  // Without the focus anywhere, no key goes past the dialog.
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("x");
  await page.keyboard.press("Escape");
  await settled();
  assert.equal(await page.locator(".item.current .headline").textContent(), story);
  assert.equal(await page.locator("#said").textContent(), "");
});

test("the console stays empty", () => assert.deepEqual(complaints, []));
