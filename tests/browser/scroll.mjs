// Scrolls the queue of a desk from its first to its last row, and prints as JSON how long frames
// took and how much of that time the page itself was at work. Run by `scripts/bench --serve`.
//
//     node scroll.mjs http://127.0.0.1:4000
import { launch } from "./site.mjs";

/** Frames that the way through the queue takes. */
const FRAMES = 600;

const browser = await launch();
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
const opening = Date.now();
await page.goto(`${process.argv[2]}/__newsgen/`);
await page.waitForSelector(".item");
const opened = Date.now() - opening;
const session = await page.context().newCDPSession(page);
await session.send("Performance.enable", { timeDomain: "threadTicks" });
const work = async () => {
  const { metrics } = await session.send("Performance.getMetrics");
  return Object.fromEntries(metrics.map(({ name, value }) => [name, 1000 * value]));
};
const before = await work();
const times = await page.evaluate(async (frames) => {
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
times.sort((a, b) => a - b);
const at = (share) => times[Math.min(times.length - 1, Math.floor(share * times.length))];
const each = (name) => (after[name] - before[name]) / FRAMES;
console.log(JSON.stringify({
  opened, median: at(0.5), p95: at(0.95), longest: at(1), late: times.filter((time) => time > 25).length, frames: FRAMES,
  work: each("TaskDuration"), script: each("ScriptDuration"), layout: each("LayoutDuration"), style: each("RecalcStyleDuration"),
}));
