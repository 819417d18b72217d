// The recipes of docs/theming.md, as they stand there: a counter of visitors and comments run under
// the policy that newsgen writes with their settings, and not without them.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { after, before, test } from "node:test";
import { NOW, TYPES, launch, newsgen, project, write } from "./site.mjs";

const ORIGIN = "https://news.example";
const SETTINGS = `title = "Test"\nbase_url = "${ORIGIN}/"\nsearch.enabled = false\n`;

/** The blocks of code in a section of docs/theming.md, by language. */
function recipe(heading) {
  const text = readFileSync(join(project, "docs/theming.md"), "utf8");
  const [, section] = text.split(`### ${heading}\n`);
  const blocks = {};
  for (const [, language, code] of section.split(/^##/m)[0].matchAll(/```(\w+)\n([\s\S]*?)```/g)) blocks[language] = code;
  return blocks;
}

// What services do: a counter reports a visit, a system of comments fetches some and adds a frame
// and a style sheet.
const COUNTER = `const own = document.currentScript;
addEventListener("load", () => navigator.sendBeacon(own.dataset.endpoint + "?p=" + encodeURIComponent(location.pathname)));`;
const TALK = `const own = document.currentScript, host = new URL(own.src).origin, at = document.getElementById(own.dataset.target);
const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: host + "/talk.css" });
document.head.append(style);
fetch(host + "/thread?page=" + at.dataset.page).then((answer) => answer.json()).then((comments) => {
  at.append(...comments.map((comment) => Object.assign(document.createElement("p"), { className: "comment", textContent: comment })));
  at.append(Object.assign(document.createElement("iframe"), { src: host + "/frame", title: "Write a comment" }));
});`;
const allow = { "access-control-allow-origin": "*" };
const ANSWERS = {
  "https://counter.example/count.js": { contentType: "text/javascript", body: COUNTER },
  "https://counter.example/count": { status: 204, headers: allow, body: "" },
  "https://talk.example/embed.js": { contentType: "text/javascript", body: TALK },
  "https://talk.example/talk.css": { contentType: "text/css", body: ".comment { font-style: italic; }" },
  "https://talk.example/thread": { contentType: "application/json", headers: allow, body: '["Well said."]' },
  "https://talk.example/frame": { contentType: "text/html", body: "<p>Write here</p>" },
};

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

/** Builds a site with a hook, looks at an article, and hands over what happened. */
async function visit(hook, html, settings, look = async () => {}) {
  const site = mkdtempSync(join(tmpdir(), "newsgen-hooks-"));
  write(site, "site.toml", SETTINGS + settings);
  write(site, "content/news/2026-10-30-a.md", "---\ntitle: A\npublishedDateTime: 2026-10-30T10:00:00Z\nwebUrl: https://a.example/a\nprovider: {name: A, domain: a.example}\n---\nText.\n");
  write(site, `templates/hooks/${hook}`, html);
  execFileSync(newsgen, ["build", "--quiet", "--now", NOW, "--root", site]);
  const policy = /Content-Security-Policy: (.*)/.exec(readFileSync(join(site, "public/_headers"), "utf8"))[1];
  const context = await browser.newContext();
  const asked = [], complaints = [];
  await context.route("**/*", (route) => {
    const url = new URL(route.request().url());
    if (url.origin !== ORIGIN) {
      asked.push(url.href);
      return route.fulfill(ANSWERS[url.origin + url.pathname] ?? { status: 404, body: "" });
    }
    let file = join(site, "public", url.pathname);
    if (existsSync(file) && statSync(file).isDirectory()) file = join(file, "index.html");
    if (!existsSync(file)) return route.fulfill({ status: 404, body: "" });
    return route.fulfill({ headers: { "content-type": TYPES[extname(file)] ?? "text/plain", "content-security-policy": policy }, body: readFileSync(file) });
  });
  const page = await context.newPage();
  page.on("console", (message) => { if (["error", "warning"].includes(message.type())) complaints.push(message.text()); });
  await page.goto(`${ORIGIN}/news/2026/10/30/a/`, { waitUntil: "load" });
  await page.waitForTimeout(300);
  await look(page);
  const cookies = await context.cookies();
  await context.close();
  rmSync(site, { recursive: true });
  return { asked, complaints, cookies };
}

test("a counter counts, with the settings of the recipe and no cookie", async () => {
  const { html, toml } = recipe("A counter of visitors without cookies");
  const { asked, complaints, cookies } = await visit("head.html", html, toml);
  assert.deepEqual(complaints, []);
  assert.ok(asked.includes("https://counter.example/count?p=%2Fnews%2F2026%2F10%2F30%2Fa%2F"), asked.join());
  assert.deepEqual(cookies, []);
});

test("comments are shown, with the settings of the recipe", async () => {
  const { html, toml } = recipe("Comments");
  const { asked, complaints } = await visit("after-article.html", html, toml, async (page) => {
    assert.equal(await page.locator("#thread .comment").textContent(), "Well said.");
    assert.equal(await page.locator(".comment").evaluate((comment) => getComputedStyle(comment).fontStyle), "italic");
    assert.equal(await page.frameLocator("#thread iframe").locator("p").textContent(), "Write here");
  });
  assert.deepEqual(complaints, []);
  assert.ok(asked.includes("https://talk.example/thread?page=/news/2026/10/30/a/"), asked.join());
});

test("without the settings nothing of either is asked for", async () => {
  for (const [hook, heading] of [["head.html", "A counter of visitors without cookies"], ["after-article.html", "Comments"]]) {
    const { asked, complaints } = await visit(hook, recipe(heading).html, "");
    assert.deepEqual(asked, []);
    assert.ok(complaints.some((text) => text.includes("Content Security Policy")), complaints.join());
  }
});
