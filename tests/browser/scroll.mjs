// Opens the desk some times, decides on candidates by key, moves with the pane of the front page
// beside it, and scrolls the queue from its first to its last row. Prints as JSON how long that
// took by the clock of the page, in milliseconds. Run by `scripts/bench --serve`.
//
//     node scroll.mjs http://127.0.0.1:4000
import { launch } from "./site.mjs";

/** How often the desk is opened, and how many candidates are decided and looked at. */
const [OPENED, DECIDED, LOOKED] = [7, 20, 20];
/** Frames that the way through the queue takes. */
const FRAMES = 600;

const address = process.argv[2];
const browser = await launch();

/** A page of the desk that notes when its rows are drawn with another one under the cursor. */
async function open() {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(() => {
    window.painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()))));
    window.until = async (is) => {
      while (!is()) await new Promise((next) => requestAnimationFrame(next));
      return window.painted();
    };
    window.current = () => document.querySelector(".item.current .headline")?.textContent;
    window.opened = until(() => window.current());
  });
  await page.goto(`${address}/__newsgen/`);
  return [page, await page.evaluate(() => window.opened)];
}

/** Presses a key: the time until another row is the current one, or the pane has loaded. */
async function press(page, key, isPane = false) {
  await page.evaluate((isPane) => {
    const before = window.current();
    // Its pictures may be on servers that cannot be reached: they are not waited for.
    const shown = () => document.querySelector("iframe").contentDocument;
    const page = isPane && shown();
    const isLoaded = () => shown() && shown() !== page && shown().readyState !== "loading";
    window.done = new Promise((resolve) => addEventListener("keydown", async () => {
      const start = performance.now();
      resolve((await window.until(() => (isPane ? isLoaded() : window.current() !== before))) - start);
    }, { once: true, capture: true }));
  }, isPane);
  await page.keyboard.press(key);
  return page.evaluate(() => window.done);
}

const openings = [];
let page;
for (let n = 0; n < OPENED; n++) {
  await page?.context().close();
  let took;
  [page, took] = await open();
  openings.push(took);
  await page.waitForSelector("body.ready");
}

const drawn = [];
for (let n = 0; n < DECIDED; n++) {
  drawn.push(await press(page, "p"));
  await page.waitForTimeout(500);
}
const answered = await page.evaluate(() => performance.getEntriesByType("resource").filter((it) => it.name.endsWith("/decide")).map((it) => it.duration));

const looked = [];
await page.keyboard.press("v");
await page.waitForTimeout(1000);
await page.keyboard.press("v");
await page.waitForTimeout(2000);
for (let n = 0; n < LOOKED; n++) {
  looked.push(await press(page, "j", true));
  await page.waitForTimeout(200);
}
await page.keyboard.press("v");

const session = await page.context().newCDPSession(page);
await session.send("Performance.enable", { timeDomain: "threadTicks" });
const work = async () => {
  const { metrics } = await session.send("Performance.getMetrics");
  return Object.fromEntries(metrics.map(({ name, value }) => [name, 1000 * value]));
};
const before = await work();
const frames = await page.evaluate(async (frames) => {
  const list = document.querySelector(".list");
  const way = list.scrollHeight - list.clientHeight;
  const next = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const times = [];
  let last = await next();
  for (let frame = 1; frame <= frames; frame++) {
    list.scrollTop = (way * frame) / frames;
    const now = await next();
    times.push(now - last);
    last = now;
  }
  return times;
}, FRAMES);
const after = await work();
await browser.close();
const each = (name) => (after[name] - before[name]) / FRAMES;
console.log(JSON.stringify({
  openings, drawn, answered, looked, frames,
  work: each("TaskDuration"), script: each("ScriptDuration"), layout: each("LayoutDuration"), style: each("RecalcStyleDuration"),
}));
