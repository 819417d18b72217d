// Lighthouse on a phone: what it counts (accessibility, best practices, search engines) is
// asserted; what it times is not. TIMES=1 prints the scores and times for the speed, too.
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { SAMPLE, baseOf, launch, pages, require, serve } from "./site.mjs";

const COUNTED = ["accessibility", "best-practices", "seo"];
let lighthouse, browser, server, port;

const free = () => new Promise((resolve) => {
  const probe = createServer().listen(0, "127.0.0.1", () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});

before(async () => {
  // A package that is only there for `import`, which does not look where NODE_PATH says.
  const folder = join(require.resolve("lighthouse/package.json"), "..");
  ({ default: lighthouse } = await import(pathToFileURL(join(folder, "core/index.js"))));
  port = await free();
  browser = await launch(`--remote-debugging-port=${port}`);
  // The address that the pages name as their own: a canonical link to another host is a fault.
  const { origin } = baseOf(SAMPLE);
  server = await serve(SAMPLE, { change: (_, html) => html.replaceAll(origin, server.address) });
});

after(async () => {
  await browser?.close();
  server?.close();
});

for (const kind of ["home", "topic", "article", "search"])
  test(`nothing to improve on the page of the kind ${kind}`, async () => {
    const onlyCategories = process.env.TIMES ? [...COUNTED, "performance"] : COUNTED;
    const { lhr } = await lighthouse(server.address + pages(SAMPLE)[kind][0], { port, onlyCategories, logLevel: "error" });
    const scores = Object.fromEntries(Object.values(lhr.categories).map(({ id, score }) => [id, Math.round(score * 100)]));
    if (process.env.TIMES) console.log(kind, scores, ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift", "speed-index", "total-byte-weight"].map((id) => `${id}: ${lhr.audits[id].displayValue}`).join(", "));
    const failed = COUNTED.flatMap((id) => lhr.categories[id].auditRefs)
      .filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 1)
      .map(({ id }) => `${id}: ${lhr.audits[id].title} ${JSON.stringify(lhr.audits[id].details?.items?.slice(0, 2))}`);
    assert.deepEqual(failed, []);
    for (const id of COUNTED) assert.equal(scores[id], 100, id);
  });
