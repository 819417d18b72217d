// A finished site in a browser: a static server as a good host is (compression, caching), and a
// look at which pages there are.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

// `import` does not look where NODE_PATH says.
export const require = createRequire(import.meta.url);
export const project = join(dirname(fileURLToPath(import.meta.url)), "../..");
export const newsgen = process.env.NEWSGEN || ["release", "debug"].map((profile) => join(project, "target", profile, "newsgen")).find(existsSync);
/** The finished sample site. */
export const SAMPLE = process.env.SITE || join(project, "target/sample");
/** The clock of all builds. */
export const NOW = "2026-11-01T00:00:00Z";

export const TYPES = {
  ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp", ".woff2": "font/woff2",
  ".json": "application/json", ".xml": "application/xml", ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
};
const COMPRESSED = /^(text|application)\/|svg/;
const HASHED = /\.[0-9a-f]{12}\.\w+$/;

// As strict as it can be: no inline style, no inline script, nothing evaluated, pictures and frames
// from anywhere.
export const STRICT = "default-src 'none'; style-src 'self'; script-src 'self'; img-src * data:; font-src 'self'; " +
  "connect-src 'self'; manifest-src 'self'; frame-src *; base-uri 'none'; form-action 'self'";
// What the page of the search needs on top.
const COMPILES = STRICT.replace("script-src 'self'", "$& 'wasm-unsafe-eval'");

/** Writes a file of a site, with the folders that it lies in. */
export function write(site, path, text) {
  mkdirSync(dirname(join(site, path)), { recursive: true });
  writeFileSync(join(site, path), text);
}

/** Starts the preview of a site: its process and its address. */
export function preview(site, ...options) {
  const server = spawn(newsgen, ["serve", "--port", "0", "--now", NOW, "--root", site, ...options]);
  return new Promise((resolve, reject) => {
    let said = "";
    server.stdout.on("data", (data) => {
      said += data;
      const found = said.match(/serving at (http:\S+)\//);
      if (found) resolve({ server, address: found[1] });
    });
    server.on("exit", () => reject(new Error(`the server ended: ${said}`)));
  });
}

/** Serves `folder` on a free port below `base`; `change(path, text)` may alter pages. */
export async function serve(folder, { base = "", csp = STRICT, change } = {}) {
  const server = createServer((request, response) => {
    const url = decodeURIComponent(new URL(request.url, "http://x").pathname);
    let path = join(folder, normalize(url.slice(base.length)));
    let status = 200;
    try {
      if (!url.startsWith(base)) throw new Error("below another path");
      if (statSync(path).isDirectory()) path = join(path, "index.html");
      statSync(path);
    } catch {
      [status, path] = [404, join(folder, "404.html")];
    }
    const type = TYPES[extname(path)] ?? "application/octet-stream";
    let body = readFileSync(path);
    if (change && type.startsWith("text/html")) body = Buffer.from(change(url, body.toString()));
    const headers = {
      "content-type": type,
      "cache-control": HASHED.test(path) ? "public, max-age=31536000, immutable" : "public, max-age=600",
      "x-content-type-options": "nosniff",
    };
    if (csp && type.startsWith("text/html")) headers["content-security-policy"] = csp === STRICT && body.includes("data-search") ? COMPILES : csp;
    const accepted = request.headers["accept-encoding"] ?? "";
    if (COMPRESSED.test(type) && accepted.includes("br")) [body, headers["content-encoding"]] = [brotliCompressSync(body), "br"];
    else if (COMPRESSED.test(type) && accepted.includes("gzip")) [body, headers["content-encoding"]] = [gzipSync(body), "gzip"];
    headers["content-length"] = body.length;
    response.writeHead(status, headers).end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { address: `http://127.0.0.1:${server.address().port}${base}`, close: () => server.close() };
}

/**
 * The pages of a built site by kind (`home`, `article`, …), as paths, the fullest page first.
 * Redirect pages are left out.
 */
export function pages(folder) {
  const kinds = {};
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    if (!file.endsWith(".html")) continue;
    const text = readFileSync(join(folder, file), "utf8");
    const kind = /<body class="on-(\w+)[ "]/.exec(text)?.[1];
    if (kind && !text.includes('http-equiv="refresh"')) (kinds[kind] ??= []).push({ path: "/" + file.replace(/index\.html$/, ""), length: text.length });
  }
  for (const kind in kinds) kinds[kind] = kinds[kind].sort((a, b) => b.length - a.length).map(({ path }) => path);
  return kinds;
}

/** Scheme, host and path that a finished site says to be at. */
export function baseOf(folder) {
  const [, origin, base] = /<link rel="canonical" href="(https?:\/\/[^/"]+)([^"]*)\/"/.exec(readFileSync(join(folder, "index.html"), "utf8"));
  return { origin, base };
}

/** How long anything may take, in milliseconds: it only ends a test that fails. */
export const PATIENCE = 120_000;

/** Taps, and waits for the click that a browser makes of it when it sees fit. */
export async function tap(locator) {
  const clicked = locator.page().evaluate((patience) => new Promise((resolve, reject) => {
    addEventListener("click", () => resolve(), { capture: true, once: true });
    setTimeout(() => reject(new Error("the tap was no click")), patience);
  }), PATIENCE);
  await Promise.all([clicked, locator.tap()]);
}

/**
 * Starts the browser. With `NEWSGEN_SLOW=20` pages run 20 times slower, which finds the tests that
 * are only fast enough by luck.
 */
export async function launch(...args) {
  const browser = await require("playwright-core").chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: ["--no-sandbox", ...args],
  });
  const rate = Number(process.env.NEWSGEN_SLOW ?? 1);
  browser.on("context", (context) => {
    context.setDefaultTimeout(PATIENCE);
    if (rate > 1) context.on("page", (page) => slow(page, rate).catch(() => {}));
  });
  return browser;
}

/** Fails when the page is closed already. */
async function slow(page, rate) {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate });
}
