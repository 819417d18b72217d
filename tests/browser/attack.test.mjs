// The hostile site of tests/attack in a browser, without a policy: nothing of it runs. `cargo test
// --test attack` writes the site; ATTACK names the folder.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { after, before, test } from "node:test";
import { TYPES, launch, project } from "./site.mjs";

const site = process.env.ATTACK || join(project, "target/tmp/attack/public");
/// Hosts of frames that articles may have.
const FRAMES = ["https://player.vimeo.com/", "https://www.youtube-nocookie.com/"];
/// Pages that are open at once.
const AT_ONCE = 4;

const read = (file) => readFileSync(join(site, file), "utf8");
const files = existsSync(site) ? readdirSync(site, { recursive: true, encoding: "utf8" }).sort() : [];
const pages = files.filter((file) => file.endsWith(".html"));
/// Pages that are no files: HTML that is passed on elsewhere.
const others = new Map();
/// What sends readers of an old address on at once.
const REFRESH = /<meta http-equiv="refresh" content="([^"]*)">/;

let browser, server, base;
before(async () => {
  assert.ok(pages.length > 500, `the hostile site is in ${site}: \`cargo test --test attack\` writes it`);
  server = createServer((request, response) => {
    let name = decodeURIComponent(new URL(request.url, "http://x").pathname.slice(1));
    if (name === "" || name.endsWith("/")) name += "index.html";
    const body = others.get(name) ?? (existsSync(join(site, name)) && readFileSync(join(site, name)));
    if (body === false) return response.writeHead(404).end();
    const headers = { "content-type": TYPES[extname(name)] ?? "application/octet-stream" };
    // Pages are looked at once; what they share is kept.
    if (extname(name) !== ".html") headers["cache-control"] = "public, max-age=600";
    // What would lead on at once is a page to look at first.
    response.writeHead(200, headers).end(extname(name) === ".html" ? body.toString().replace(REFRESH, "") : body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${server.address().port}`;
  // Nobody else can be reached: pictures of others fail, which is an event too.
  browser = await launch("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1");
});
after(async () => {
  await browser?.close();
  server?.close();
});

/// Runs in every frame, before anything of the page. What payloads call is there, and tells of it.
function tripwire() {
  window.__ran = [];
  window.ran = (mark) => window.__ran.push(String(mark));
  for (const name of ["alert", "confirm", "prompt", "print", "open"]) window[name] = (...values) => { window.__ran.push(`${name}: ${values}`); };
}

/// Does in the page what a reader might do by accident, and says what is not as it should be.
function provoke() {
  const found = [];
  for (const element of document.querySelectorAll("*")) {
    for (const name of element.getAttributeNames()) if (/^on/i.test(name)) found.push(`a handler: ${name} of ${element.localName}`);
    for (const address of [element.href, element.action, element.formAction, element.src, element.data]) {
      const text = typeof address === "string" ? address : address?.baseVal;
      if (text && !/^(https?:|mailto:|about:blank$)/i.test(text)) found.push(`${element.localName} leads to ${text}`);
    }
    if (/^(object|embed|base|math|foreignobject)$/i.test(element.localName)) found.push(`an element ${element.localName}`);
    for (const type of ["mouseover", "mouseenter", "pointerover", "focus", "focusin", "toggle", "error", "animationend"]) element.dispatchEvent(new Event(type));
  }
  return found.concat(window.__ran);
}

/// What happens on a page.
async function happenings(page, file) {
  const found = [];
  const url = `${base}/${file.split("/").map(encodeURIComponent).join("/")}`;
  const hear = {
    dialog: async (dialog) => { found.push(`a dialog: ${dialog.message()}`); await dialog.dismiss(); },
    pageerror: (error) => found.push(`an error: ${error}`),
    popup: () => found.push("a new window"),
    download: () => found.push("a download"),
    request: (request) => {
      const asked = request.url();
      const isOwn = asked.startsWith(`${base}/`) && !(request.isNavigationRequest() && asked !== url);
      const isFrame = request.isNavigationRequest() && request.frame() !== page.mainFrame() && FRAMES.some((host) => asked.startsWith(host));
      if (!isOwn && !isFrame && request.resourceType() !== "image") found.push(`a request for ${asked} (${request.resourceType()})`);
    },
  };
  for (const [event, heard] of Object.entries(hear)) page.on(event, heard);
  await page.goto(url, { waitUntil: "load" });
  found.push(...await page.evaluate(provoke));
  // What the events have started, such as a navigation.
  found.push(...await page.evaluate(() => new Promise((resolve) => setTimeout(() => resolve(window.__ran), 0))));
  if (page.url() !== url) found.push(`it leads to ${page.url()}`);
  for (const [event, heard] of Object.entries(hear)) page.off(event, heard);
  return found.map((what) => `${file}: ${what}`);
}

/// What happens on many pages, some at once.
async function all(items) {
  const found = [];
  let next = 0;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    const context = await browser.newContext();
    await context.addInitScript(tripwire);
    const page = await context.newPage();
    for (let at = next++; at < items.length; at = next++) found.push(...await happenings(page, items[at]));
    await context.close();
  }));
  return found;
}

test("nothing runs on any page or email", async () => {
  assert.deepEqual(await all(pages), []);
  // Old addresses lead to other pages of the site.
  const leads = pages.map((file) => REFRESH.exec(read(file))?.[1]).filter(Boolean);
  assert.ok(leads.length > 100, `${leads.length} old addresses`);
  assert.deepEqual(leads.filter((lead) => !/^0; url=\/([^\s<>"\/]+\/)*$/.test(lead)), []);
});

test("nothing runs of what feeds and the API pass on as HTML", async () => {
  const parts = new Set();
  const collect = (value, name) => {
    if (typeof value === "string" && ["content_html", "body", "featuredContent"].includes(name)) parts.add(value);
    else if (value && typeof value === "object") for (const [key, inner] of Object.entries(value)) collect(inner, Array.isArray(value) ? name : key);
  };
  for (const file of files.filter((file) => file === "feed.json" || /^api\/news\/(page\/\d+\/)?index\.json$/.test(file))) collect(JSON.parse(read(file)), "");
  assert.ok(parts.size > 50, `${parts.size} parts`);
  // Some on a page, since all of them are harmless.
  const TOGETHER = 10;
  const texts = [...parts];
  for (let at = 0; at < texts.length; at += TOGETHER) {
    const html = texts.slice(at, at + TOGETHER).map((text) => `<div>${text}</div>`).join("\n");
    others.set(`part-${at}.html`, `<!DOCTYPE html><title>x</title>${html}`);
  }
  assert.deepEqual(await all([...others.keys()]), []);
});

test("what runs is found", async () => {
  const bad = [
    "<script>ran('x')</script>", "<img src=x onerror=\"ran('x')\">", "<a href=\"javascript:ran('x')\">x</a>", "<p onmouseover=ran('x')>x</p>",
    "<iframe src='https://evil.example/'></iframe>", "<iframe src='javascript:parent.ran(1)'></iframe>", "<script>alert(1)</script>",
    "<link rel=stylesheet href=https://evil.example/x.css>", "<script>throw 1</script>", "<base href='//evil.example/'>",
    "<details open ontoggle=ran('x')>x</details>", "<script src=https://evil.example/x.js></script>", "<object data='https://evil.example/'></object>",
  ];
  for (const html of bad) {
    others.set("bad.html", `<!DOCTYPE html><title>x</title>${html}`);
    const found = await all(["bad.html"]);
    assert.notDeepEqual(found, [], html);
  }
});
