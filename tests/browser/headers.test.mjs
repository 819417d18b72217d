// Holds the pages of a finished site to the headers of its `_headers`: every kind of page, in light
// and dark, with script, in a real browser whose console must stay empty. SITE names the folder;
// nothing is asked of the network.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { after, before, test } from "node:test";
import { SAMPLE as site, TYPES, launch } from "./site.mjs";

const read = (file) => readFileSync(join(site, file), "utf-8");
// The URL of the folder, from the one file that names it in any theme.
const base = read("robots.txt").match(/^Sitemap: (.*)\/sitemap\.xml$/m)[1];

/// The rules as Cloudflare reads them: all that match, in their order; `! Name` takes away what
/// came before.
const rules = [];
for (const line of read("_headers").split("\n").filter(Boolean)) {
  if (line.startsWith("/")) rules.push({ path: line, lines: [] });
  else rules.at(-1).lines.push(line.trim());
}
const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const pattern = (path) => new RegExp(`^${path.split(/(\*|:\w+)/).map((part, at) => (at % 2 ? (part === "*" ? ".*" : "[^/]+") : escape(part))).join("")}$`);

function headersOf(path) {
  const headers = {};
  for (const rule of rules.filter((rule) => pattern(rule.path).test(path))) {
    for (const line of rule.lines) {
      if (line.startsWith("! ")) { delete headers[line.slice(2).toLowerCase()]; continue; }
      const [, name, value] = line.match(/^([^:]+): (.*)$/);
      const key = name.toLowerCase();
      headers[key] = headers[key] ? `${headers[key]}, ${value}` : value;
    }
  }
  return headers;
}

/// Pages to look at: some of each kind, and of those with frames and pictures.
function pages() {
  const found = new Map();
  const add = (kind, file) => { const list = found.get(kind) || []; if (list.length < 2) found.set(kind, [...list, file]); };
  for (const file of readdirSync(site, { recursive: true }).map(String).filter((file) => file.endsWith(".html")).sort()) {
    const html = read(file);
    const kind = html.match(/<body class="on-([\w-]+?)[ "]/)?.[1] ?? "none";
    add(kind, file);
    for (const [name, mark] of [["a frame", "<iframe"], ["a picture elsewhere", 'src="https://'], ["no excerpt", 'class="highlight"']]) {
      if (html.includes(mark)) add(name, file);
    }
  }
  return found;
}

const url = (file) => `${base}/${file.replace(/(^|\/)index\.html$/, "$1")}`;
const kinds = pages();
let browser;

before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/// What a browser complains of on a page. `change` may change its HTML first.
async function complaints(file, colorScheme, change = (html) => html) {
  const context = await browser.newContext({ colorScheme });
  const page = await context.newPage();
  const found = [];
  page.on("console", (message) => { if (["error", "warning"].includes(message.type())) found.push(message.text()); });
  page.on("pageerror", (error) => found.push(String(error)));
  await context.route("**/*", (route) => {
    const asked = new URL(route.request().url());
    if (!asked.href.startsWith(`${base}/`)) {
      // Somebody else's picture or frame: what matters is whether it was asked for.
      const isPicture = route.request().resourceType() === "image";
      return route.fulfill(isPicture ? { contentType: "image/svg+xml", body: '<svg xmlns="http://www.w3.org/2000/svg"/>' } : { contentType: "text/html", body: "" });
    }
    let name = decodeURIComponent(asked.pathname.slice(new URL(base).pathname.replace(/\/$/, "").length + 1));
    if (name === "" || name.endsWith("/")) name += "index.html";
    if (!existsSync(join(site, name)) || !statSync(join(site, name)).isFile()) return route.fulfill({ status: 404, body: "" });
    const bytes = readFileSync(join(site, name));
    const contentType = TYPES[extname(name)] || "application/octet-stream";
    const body = name === file ? change(bytes.toString("utf-8")) : bytes;
    return route.fulfill({ headers: { "content-type": contentType, ...headersOf(asked.pathname) }, body });
  });
  await page.goto(url(file), { waitUntil: "load" });
  // A page at an old address sends browsers on at once: what follows happens where it leads.
  if (/http-equiv="refresh"/.test(readFileSync(join(site, file), "utf-8"))) {
    await page.waitForURL((now) => now.href !== url(file), { waitUntil: "load" });
  }
  const button = page.locator("[data-theme-switch]");
  if (await button.isVisible().catch(() => false)) for (let press = 0; press < 3; press++) await button.click();
  const field = page.locator("[data-filter] input");
  if (await field.isVisible().catch(() => false)) await field.fill("a");
  if (await page.locator("[data-search]").count()) {
    await page.fill("[data-search] [name=q]", "model");
    // The engine, its worker and the pieces of the index.
    await page.locator(".found .story").first().waitFor().catch(() => found.push("the search finds nothing"));
  }
  await page.evaluate(() => scrollTo(0, 1e6));
  await page.waitForTimeout(100);
  await context.close();
  return found;
}

test("every kind of page that the theme has is here", () => {
  const needed = ["home", "listing", "article", "topics", "topic", "providers", "provider", "archive", "month", "page", "search", "alias", "404", "a frame"];
  assert.deepEqual(needed.filter((kind) => !kinds.has(kind)), []);
});

for (const [kind, files] of kinds) {
  for (const colorScheme of ["light", "dark"]) {
    test(`${kind} in ${colorScheme}`, async () => {
      for (const file of files) assert.deepEqual(await complaints(file, colorScheme), [], file);
    });
  }
}

test("what the policy forbids is complained of", async () => {
  for (const [what, html] of [
    ["script", "<script>window.x = 1</script>"],
    ["style", "<p style=\"color: red\">x</p>"],
    ["frame", "<iframe src=\"https://elsewhere.example/\"></iframe>"],
    ["script of others", "<script src=\"https://elsewhere.example/x.js\"></script>"],
  ]) {
    const found = await complaints("index.html", "light", (page) => page.replace("</main>", `${html}</main>`));
    assert.ok(found.some((text) => text.includes("Content Security Policy")), `${what}: ${found}`);
  }
});

/// Files named by their content: those of templates, and those of the search index in the folders
/// that hold nothing else.
const HASHED = /\.[0-9a-f]{12}\.\w+$|^search\/index\/(.*\/)?(filter|fragment|index)\/\w+_[0-9a-f]+\.pf_\w+$/;

test("hashed files are kept for ever, and nothing else", () => {
  const files = readdirSync(site, { recursive: true }).map(String).filter((file) => statSync(join(site, file)).isFile());
  for (const file of files) {
    const cache = headersOf(new URL(`${base}/${file}`).pathname)["cache-control"];
    assert.equal(cache.includes("immutable"), HASHED.test(file), `${file}: ${cache}`);
    assert.equal(cache.match(/max-age/g).length, 1, `${file}: ${cache}`);
  }
});
