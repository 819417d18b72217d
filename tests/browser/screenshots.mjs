// Pictures of a finished site. See scripts/screenshots.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { baseOf, launch, newsgen, pages, preview, project, serve, write } from "./site.mjs";

const list = (name, standard) => (process.env[name] ?? standard).split(",");
const HEIGHTS = { 375: 812, 768: 1024, 1440: 900 };

// The pictures of README.md: name, kind of page, width, height, colours.
const README = [
  ["home-light", "home", 1280, 900, "light"], ["article-dark", "article", 1280, 900, "dark"],
  ["topic", "topic", 1280, 900, "light"], ["phone", "home", 390, 844, "light"],
];

// The pictures of docs/desk.md: name, width, height, colours.
const DESK = [["desk", 1440, 900, "light"], ["desk-dark", 1440, 900, "dark"], ["desk-phone", 390, 844, "light"]];

// The pictures of docs/shaping.md: name, settings over those of the sample site, address.
const SHAPES = [
  ["front-newspaper", "", "/"],
  ["front-headlines", 'front.style = "headlines"', "/"],
  ["front-river", 'front.style = "river"', "/"],
  ["list-dense", 'listing.density = "dense"\ntheme.covers = "off"', "/topics/models/"],
  ["covers-small", 'theme.covers = "small"', "/"],
  ["page-list", "", "/reading-list/"],
];
// A page that names the stories which it shows.
const READING_LIST = `---
title: Reading list
list:
  where: 'quality >= 85'
  order: quality
  limit: 12
---
What to read when you are new here: the stories that mattered, the best first.
`;

const readme = process.argv[2] === "--readme";
const folder = resolve((!readme && process.argv[2]) || join(project, "target/sample"));
const into = resolve(readme ? join(project, "docs/images") : process.argv[3] ?? join(project, "target/screenshots"));
const now = new Date(process.env.NOW ?? "2026-11-01T00:00:00Z");
mkdirSync(into, { recursive: true });

const found = pages(folder);
// The page of the search as it is when it has found something.
if (found.search) found.results = [`${found.search[0]}?q=${encodeURIComponent(process.env.QUERY ?? "model")}`];
const { base } = baseOf(folder);
const server = await serve(folder, { base });
const browser = await launch();

async function take(file, kind, width, height, colorScheme, fullPage) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme, deviceScaleFactor: Number(process.env.SCALE ?? 1) });
  await page.clock.setFixedTime(now);
  await page.goto(server.address + found[kind][0], { waitUntil: "load" });
  if (kind === "results") await page.waitForSelector(".found .story");
  await page.waitForTimeout(250);
  await page.screenshot({ path: join(into, `${file}.png`), fullPage });
  await page.close();
}

/** The desk, over the sample site with its newest articles as candidates. */
async function takeDesk() {
  const site = mkdtempSync(join(tmpdir(), "newsgen-"));
  for (const part of ["content", "static", "site.toml"]) cpSync(join(project, part), join(site, part), { recursive: true });
  const news = join(site, "content/news");
  const articles = readdirSync(news, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".md"));
  const day = (file) => /publishedDateTime: *"?([\dT:-]+)/.exec(readFileSync(join(news, file), "utf8"))?.[1] ?? "";
  const newest = articles.map((file) => [day(file), file]).sort().reverse().slice(0, 40);
  mkdirSync(join(site, "content/queue"), { recursive: true });
  for (const [, file] of newest) renameSync(join(news, file), join(site, "content/queue", basename(file)));
  const { server: desk, address } = await preview(site);
  for (const [name, width, height, colorScheme] of DESK) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme, hasTouch: width < 500, isMobile: width < 500 });
    await page.goto(`${address}/__newsgen/`);
    await page.waitForSelector("body.ready");
    await page.keyboard.press("j");
    await page.waitForTimeout(400);
    await page.screenshot({ path: join(into, `${name}.png`) });
    await page.close();
  }
  desk.kill();
  rmSync(site, { recursive: true, force: true });
}

/** A picture of a page of a site, which is built in a folder of its own. */
async function takeSite(name, site, path, at) {
  execFileSync(newsgen, ["build", "--root", site, "--now", at], { stdio: ["ignore", "ignore", "inherit"] });
  const output = join(site, "public");
  const own = await serve(output, { base: baseOf(output).base });
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme: "light" });
  await page.clock.setFixedTime(new Date(at));
  await page.goto(own.address + path, { waitUntil: "load" });
  await page.waitForTimeout(250);
  await page.screenshot({ path: join(into, `${name}.png`) });
  await page.close();
  own.close();
}

/** The pictures of docs/shaping.md: the sample site with other settings, and the examples. */
async function takeShapes() {
  for (const [name, settings, path] of SHAPES) {
    const site = mkdtempSync(join(tmpdir(), "newsgen-"));
    for (const part of ["content", "static"]) cpSync(join(project, part), join(site, part), { recursive: true });
    write(site, "site.toml", `${settings}\n${readFileSync(join(project, "site.toml"), "utf8")}`);
    write(site, "content/pages/reading-list.md", READING_LIST);
    await takeSite(name, site, path, now.toISOString());
    rmSync(site, { recursive: true, force: true });
  }
  for (const example of ["headlines", "linkblog", "magazine"]) {
    const site = mkdtempSync(join(tmpdir(), "newsgen-"));
    cpSync(join(project, "examples", example), site, { recursive: true });
    await takeSite(`example-${example}`, site, "/", "2026-11-20T20:00:00Z");
    rmSync(site, { recursive: true, force: true });
  }
}

if (readme) await takeDesk();
if (readme) await takeShapes();
if (readme) for (const [name, kind, width, height, colours] of README) await take(name, kind, width, height, colours, false);
else
  for (const kind of list("KINDS", Object.keys(found).join()))
    for (const width of list("WIDTHS", "375,768,1440").map(Number))
      for (const colours of list("THEMES", "light,dark"))
        await take(`${kind}-${width}-${colours}`, kind, width, HEIGHTS[width] ?? 900, colours, Boolean(process.env.FULL));
await browser.close();
server.close();
