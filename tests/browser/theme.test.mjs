// The default theme in a real browser: the sample site, and a site made of hard cases. Run by
// scripts/test.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { NOW, SAMPLE, launch, newsgen, pages, project, require, serve, write } from "./site.mjs";

const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const DESKTOP = { width: 1280, height: 800 };
const NARROW = { width: 900, height: 700 };

let browser;
const folders = [];
const servers = {};
const complaints = [];

/** Builds a site of these files, and serves it. */
async function build(name, files) {
  const root = mkdtempSync(join(tmpdir(), "newsgen-theme-"));
  folders.push(root);
  for (const [path, text] of Object.entries(files)) write(root, path, text);
  if (process.env.THEME) for (const part of ["templates", "static"]) cpSync(join(project, part), join(root, part), { recursive: true });
  execFileSync(newsgen, ["build", "--root", root, "--output", join(root, "public"), "--now", NOW]);
  return open(name, join(root, "public"));
}

async function open(name, folder) {
  servers[name] = { ...(await serve(folder)), kinds: pages(folder), folder };
}

const article = ({ title, day = 1, excerpt = "An excerpt of some length that says what the story says.", topic = "Alpha", provider = "News", more = "", body = "" }) =>
  `---\ntitle: ${JSON.stringify(title)}\nexcerpt: ${JSON.stringify(excerpt)}\npublishedDateTime: 2026-10-${String(day).padStart(2, "0")}T09:00:00Z\n` +
  `originalUrl: https://news.example/${day}/${title.length}\nprovider:\n  name: ${JSON.stringify(provider)}\n  domain: ${provider.toLowerCase().replace(/\W/g, "") || "x"}.example\n` +
  `topics: [${topic}]\n${more}---\n${body}`;

const LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft".repeat(3);
const WORDY = "A headline that goes on and on because its author could not stop, and so ".repeat(5).slice(0, 300);
const IMAGE = "images:\n  - url: https://pictures.example/gone.jpg\n    width: 1600\n    height: 900\n    attribution: Somebody\n";

function hardSite(settings) {
  const files = { "site.toml": `title = "Hard"\nbase_url = "https://example.org/"\ndescription = "A site of hard cases."\nsources.page = true\n${settings}` };
  const add = (name, options) => { files[`content/news/${name}.md`] = article(options); };
  add("long", { title: LONG, day: 30, excerpt: LONG, provider: LONG.slice(0, 80) });
  add("wordy", { title: WORDY, day: 29, excerpt: WORDY.repeat(3) });
  add("picture", { title: "A picture that is gone", day: 28, more: IMAGE });
  add("hebrew", { title: "מודל שפה חדש נחשף היום בתל אביב", day: 27, excerpt: "החברה אומרת שהמודל מהיר יותר." });
  add("arabic", { title: "نموذج لغوي جديد يُعلن عنه اليوم", day: 27, topic: "أخبار", excerpt: "تقول الشركة إن النموذج أسرع." });
  add("body", {
    title: "A body with everything", day: 26, topic: "Beta",
    body: `A paragraph with a [link](https://x.example/${LONG}).\n\n\`\`\`\n${LONG}\n\`\`\`\n\n| a | b | c | d | e | f |\n|---|---|---|---|---|---|\n| ${LONG} | two | three | four | five | six |\n\n> ${WORDY}\n`,
  });
  for (let day = 1; day <= 25; day++) add(`story-${day}`, { title: `Story number ${day}`, day, topic: day % 3 ? "Alpha" : "Gamma", more: `event: none\n${day % 2 ? IMAGE : ""}` });
  for (const [name, title] of [["long", LONG], ["wordy", WORDY], ["hebrew", "מודל שפה חדש"]])
    files[`content/sources/${name}.yaml`] = `feed: https://${name}.example/\ntitle: ${JSON.stringify(title)}\nlanguage: he\ntopics: [Alpha, Beta]\n`;
  files["content/sources/news.yaml"] = "feed: https://news.example/feed\ntitle: News\nprovider: News\n";
  return files;
}

before(async () => {
  browser = await launch();
  await open("sample", SAMPLE);
  await build("hard", hardSite(""));
  // An accent that has no contrast of its own.
  await build("arabic", hardSite('locale = "ar"\n[theme]\naccent = "#ffee00"\n'));
  await build("german", { ...hardSite('locale = "de"\n[theme]\naccent = "#0b5c3f"\nsans = "Verdana, sans-serif"\ncolors.paper = "#ffffff #102030"\n') });
  await build("unsearched", hardSite('search.enabled = false\ntheme.colors.paper = "#ffffff #102030"\n'));
  await build("small", {
    "site.toml": 'title = "Small"\nbase_url = "https://example.org/"\nsearch.enabled = false\n',
    ...Object.fromEntries([1, 2, 3].map((day) => [`content/news/${day}.md`, article({ title: `Story ${day}`, day, topic: `Topic ${day}` })])),
  });
});

after(async () => {
  await browser?.close();
  for (const server of Object.values(servers)) server.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Opens a page of a site; the network beyond it is not there. */
async function visit(site, path, options = {}) {
  const context = await browser.newContext({ viewport: DESKTOP, ...options });
  const page = await context.newPage();
  const home = servers[site].address;
  const asked = [];
  await context.route((url) => !url.href.startsWith(home), (route) => {
    asked.push(route.request().url());
    return route.fulfill({ contentType: "text/html", body: "another site" });
  });
  page.on("console", (message) => {
    if (message.type() === "error" && message.location().url.startsWith(home)) complaints.push(`${path}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`${path}: ${error}`));
  await page.goto(home + path);
  return Object.assign(page, { asked, [Symbol.asyncDispose]: () => context.close() });
}

/** Every kind of page of some sites, once: site, kind, path. */
function* every(...sites) {
  for (const site of sites)
    for (const [kind, [path]] of Object.entries(servers[site].kinds)) yield [site, kind, path];
}

/** Uses a page, and closes it. */
const using = async (opening, use) => {
  const page = await opening;
  try { return await use(page); } finally { await page.context().close(); }
};

test("there is a page of every kind to look at", () => {
  const wanted = ["404", "archive", "article", "digest", "digests", "home", "listing", "month", "page", "provider", "providers", "search", "topic", "topics"];
  assert.deepEqual(wanted.filter((kind) => !servers.sample.kinds[kind]), []);
});

describe("accessibility", () => {
  test("axe finds nothing, in light and in dark pages", async () => {
    const found = [];
    for (const [site, kind, path] of every("sample", "hard", "arabic"))
      await using(visit(site, path), async (page) => {
        if (kind === "search") {
          await page.locator("main [name=q]").fill(site === "sample" ? "model" : "story");
          await page.locator(".found mark").first().waitFor();
        }
        await page.evaluate(AXE);
        for (const colorScheme of ["light", "dark"]) {
          await page.emulateMedia({ colorScheme });
          // With the contrast of level AAA, and the size of what can be hit.
          const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"], rules: { "color-contrast-enhanced": { enabled: true }, "target-size": { enabled: true } } }));
          for (const { id, nodes } of violations) found.push(`${site} ${kind}, ${colorScheme}: ${id}: ${nodes[0].html.slice(0, 160)} ${nodes[0].failureSummary}`);
        }
      });
    assert.deepEqual(found, []);
  });

  test("every stop of the keyboard is in order, in view, and marked", async () => {
    for (const [site, kind, path] of every("sample"))
      await using(visit(site, path), async (page) => {
        const stops = await page.evaluate(() => {
          const shown = [...document.querySelectorAll("a[href], button, input, iframe")].filter((one) => one.tabIndex >= 0 && one.checkVisibility());
          return shown.length;
        });
        const seen = [];
        for (let stop = 0; stop < Math.min(stops, 60); stop++) {
          await page.keyboard.press("Tab");
          const now = await page.evaluate(() => {
            const here = document.activeElement;
            const box = here.getBoundingClientRect();
            const style = getComputedStyle(here);
            const last = window.last;
            window.last = here;
            return {
              name: here.outerHTML.slice(0, 100),
              follows: !last || Boolean(last.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_FOLLOWING),
              inView: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
              marked: style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 2 && style.outlineColor !== "rgba(0, 0, 0, 0)",
            };
          });
          if (!now.follows || !now.inView || (!now.marked && !now.name.startsWith("<iframe"))) seen.push({ kind, stop, ...now });
        }
        assert.deepEqual(seen, []);
      });
  });

  test("the first stop leads to the content", () => using(visit("sample", "/"), async (page) => {
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.hash), "#main");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    assert.ok(await page.evaluate(() => document.activeElement.closest("main .lead") !== null));
  }));

  test("j, k, o and / work, and can be turned off", () => using(visit("sample", "/"), async (page) => {
    const headline = (number) => page.locator("main .headline a").nth(number);
    const focused = () => page.evaluate(() => document.activeElement.textContent.trim());
    await page.keyboard.press("j");
    assert.equal(await focused(), await headline(0).textContent());
    await page.keyboard.press("j");
    assert.equal(await focused(), await headline(1).textContent());
    await page.keyboard.press("k");
    assert.equal(await focused(), await headline(0).textContent());
    await page.keyboard.press("/");
    assert.equal(await page.evaluate(() => document.activeElement.type), "search");
    await page.keyboard.type("gpt-6");
    const shown = await page.locator("main .story:visible").count();
    assert.ok(shown > 0 && shown < 8, `${shown} stories`);
    await page.keyboard.press("Escape");
    assert.ok((await page.locator("main .story:visible").count()) > 20);
    await page.locator(".keys button").click();
    await page.keyboard.press("j");
    assert.notEqual(await focused(), await headline(0).textContent());
    await page.locator(".keys button").click();
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press("j");
    const link = await page.locator(".lead .source a").getAttribute("href");
    await page.keyboard.press("o");
    await page.waitForURL(link);
    assert.ok(page.asked.includes(link));
  }));

  const hint = (page) => page.locator(".keys", { hasText: "/" }).locator("span span");

  test("in a narrow window, / leads to the search", () => using(visit("sample", "/", { viewport: NARROW }), async (page) => {
    assert.ok(await hint(page).isVisible());
    await page.keyboard.press("/");
    await page.waitForURL("**/search/");
    await page.keyboard.press("/");
    assert.equal(await page.evaluate(() => document.activeElement.name), "q");
  }));

  test("without a search, the filter is there in any window", async () => {
    for (const viewport of [DESKTOP, NARROW, { width: 320, height: 600 }])
      await using(visit("unsearched", "/", { viewport }), async (page) => {
        assert.ok(await hint(page).isVisible());
        await page.keyboard.press("/");
        await page.keyboard.type("number 25");
        assert.equal(await page.locator("main .story:visible").count(), 1);
        assert.match(await page.textContent("search output"), /^1 of \d+$/);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
      });
  });

  test("where there is too little to filter, / is left to the browser, and nothing tells of it", () => using(visit("small", "/"), async (page) => {
    assert.ok(await page.locator(".keys").isVisible());
    assert.ok(!(await hint(page).isVisible()));
    const prevented = await page.evaluate(() => !document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "/", bubbles: true, cancelable: true })));
    assert.equal(prevented, false);
  }));

  test("there is enough to hit", async () => {
    const small = [];
    for (const options of [{}, { viewport: { width: 375, height: 800 }, hasTouch: true, isMobile: true }])
      for (const [site, kind, path] of every("sample", "arabic"))
        await using(visit(site, path, options), async (page) => {
          const found = await page.evaluate(() => {
            const primary = ".button, .theme, .topline a, .pager a, .masthead .name a, .colophon ul a, .masthead input, .skip";
            return [...document.querySelectorAll("a[href], button, input")]
              // Links in running text need no more than their line (WCAG 2.5.8).
              .filter((one) => one.tabIndex >= 0 && one.checkVisibility() && !one.closest(".prose, .embed"))
              .map((one) => ({ name: `${one.className} ${one.textContent.trim().slice(0, 30)}`, box: one.getBoundingClientRect(), least: one.matches(primary) ? 44 : 24 }))
              .filter(({ box, least }) => box.height < least - 0.01 || box.width < Math.min(least, 24) - 0.01)
              .map(({ name, box, least }) => `${name}: ${box.width.toFixed(1)} × ${box.height.toFixed(1)} < ${least}`);
          });
          small.push(...found.map((text) => `${site} ${kind}: ${text}`));
        });
    assert.deepEqual([...new Set(small)], []);
  });

  test("nothing moves", async () => {
    for (const [site, , path] of every("sample"))
      await using(visit(site, path, { reducedMotion: "reduce" }), async (page) => {
        const moving = await page.evaluate(() => [...document.querySelectorAll("*")].filter((one) => {
          const style = getComputedStyle(one);
          return style.animationName !== "none" || style.transitionDuration !== "0s" || style.scrollBehavior !== "auto";
        }).length + document.getAnimations().length);
        assert.equal(moving, 0, path);
      });
  });
});

describe("layout", () => {
  test("no page is wider than its window, from 320 px to a wall", async () => {
    const wide = [];
    for (const [site, kind, path] of every("sample", "hard", "arabic", "small"))
      await using(visit(site, path), async (page) => {
        for (const width of [320, 768, 1024, 2560]) {
          await page.setViewportSize({ width, height: 800 });
          const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          // Nor may any text leave the window on either side, hidden or not.
          const out = await page.evaluate(() => [...document.querySelectorAll("main *, header *, footer *")].filter((one) => {
            const box = one.getBoundingClientRect();
            return box.width > 1 && !one.closest(".topline, .media, .mark, .hidden") && one.checkVisibility() && (box.right > innerWidth + 1 || box.left < -1);
          }).map((one) => one.outerHTML.slice(0, 100)));
          if (over > 0 || out.length) wide.push(`${site} ${kind} at ${width}: ${over} ${out[0]}`);
        }
      });
    assert.deepEqual(wide, []);
  });

  test("text of 200 % fits", () => using(visit("hard", "/", { viewport: { width: 640, height: 800 } }), async (page) => {
    await page.evaluate(() => { document.documentElement.style.fontSize = "200%"; });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  }));

  // But for the font: until it has loaded, the theme's fallback has its measures, on machines that
  // have one of the fonts that are adjusted. This one may have none, so here the fallback stays.
  test("nothing shifts while a page loads, whatever comes late", async () => {
    for (const viewport of [DESKTOP, { width: 375, height: 800 }])
      for (const [site, kind, path] of every("sample", "hard"))
        await using(visit(site, "/favicon.svg", { viewport }), async (page) => {
          await page.context().route(/\.(jpg|png|webp)$|images\//, async (route) => {
            await new Promise((resolve) => setTimeout(resolve, 150));
            return route.fallback();
          });
          await page.context().route(/\/style\.\w+\.css$/, async (route) => {
            const response = await route.fetch();
            return route.fulfill({ response, body: (await response.text()).replaceAll(/font-display:\s*swap/g, "font-display:optional") });
          });
          await page.addInitScript(() => {
            window.shifts = [];
            new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map((entry) =>
              `${entry.value} ${entry.sources.map(({ node }) => node?.outerHTML?.slice(0, 80)).join(" ")}`))).observe({ type: "layout-shift", buffered: true });
          });
          await page.goto(servers[site].address + path);
          await page.waitForTimeout(300);
          assert.deepEqual(await page.evaluate(() => window.shifts), [], `${site} ${kind} at ${viewport.width}`);
        });
  });

  test("from right to left, everything turns", () => using(visit("arabic", "/"), async (page) => {
    const place = (selector) => page.locator(selector).first().boundingBox();
    assert.equal(await page.getAttribute("html", "dir"), "rtl");
    const [lead, tops, name] = [await place(".lead"), await place(".tops"), await place(".colophon .name")];
    assert.ok(tops.x + tops.width <= lead.x, "the top stories stand left of the lead");
    assert.ok(name.x > DESKTOP.width / 2, "the rail is at the right");
    assert.match(await page.textContent(".edition"), /أكتوبر/);
    assert.equal(await page.textContent("#latest"), "آخر الأخبار");
  }));

  test("one article in a topic and three on a site leave no hole", async () => {
    await using(visit("small", "/"), async (page) => {
      const lead = await page.locator(".lead").boundingBox();
      const tops = await page.locator(".tops").boundingBox();
      assert.ok(lead.height > 200 && Math.abs(lead.y - tops.y) < 2);
      assert.equal(await page.locator(".latest, .strip").count(), 0);
    });
    for (const path of servers.small.kinds.topic)
      await using(visit("small", path), async (page) => assert.equal(await page.locator(".story").count(), 1));
  });

  test("paper shows the story and its address, not the furniture", () => {
    const path = servers.sample.kinds.article[0];
    return using(visit("sample", path), async (page) => {
      await page.emulateMedia({ media: "print" });
      for (const selector of [".topline", ".tools", ".colophon ul", ".keys"]) assert.ok(!(await page.locator(selector).isVisible()), selector);
      const link = page.locator(".button");
      const shown = await link.evaluate((one) => getComputedStyle(one, "::after").content);
      assert.ok(shown.includes(await link.getAttribute("href")), shown);
    });
  });
});

describe("pictures", () => {
  // Without the rim, where a browser may draw a frame around what is broken.
  async function look(page, selector) {
    const { x, y, width, height } = await page.locator(selector).first().boundingBox();
    return page.screenshot({ clip: { x: x + 20, y: y + 20, width: width - 40, height: height - 40 }, fullPage: true });
  }

  for (const javaScriptEnabled of [true, false])
    test(`a broken picture gives way to its cover ${javaScriptEnabled ? "with" : "without"} scripts`, async () => {
      const [path] = servers.hard.kinds.article.filter((path) => path.includes("picture"));
      await using(visit("hard", path, { javaScriptEnabled }), async (page) => {
        await page.waitForLoadState("load");
        const broken = await look(page, "figure .media");
        assert.ok(page.asked.some((url) => url.endsWith("gone.jpg")), "the picture was asked for");
        await page.evaluate(() => document.querySelector("figure .media img")?.remove());
        assert.ok(broken.equals(await look(page, "figure .media")), "it does not look like the cover");
        assert.ok(await page.locator("figure .media svg").isVisible());
      });
    });

  test("a story looks the same in every build, and others look otherwise", async () => {
    const covers = await using(visit("hard", "/"), (page) =>
      page.evaluate(() => [...document.querySelectorAll(".line .cover")].map((cover) => cover.parentElement.className + cover.innerHTML)));
    assert.ok(new Set(covers).size > covers.length / 2);
  });

  test("pictures tell their size and nothing of the reader", () => using(visit("sample", "/"), async (page) => {
    const images = await page.evaluate(() => [...document.querySelectorAll("main img")].map((one) => ({ ...Object.fromEntries([...one.attributes].map(({ name, value }) => [name, value])) })));
    const pictures = images.filter(({ src }) => !src.includes("/providers/"));
    assert.deepEqual(images.filter((one) => one.referrerpolicy !== "no-referrer" || one.decoding !== "async" || one.alt === undefined), []);
    assert.deepEqual(pictures.map(({ loading }) => loading), ["eager", ...Array(pictures.length - 1).fill("lazy")]);
    assert.equal(pictures[0].fetchpriority, "high");
    assert.deepEqual(pictures.filter(({ width, height }) => !width || !height), []);
  }));

  test("pages are whole with images off", () => using(visit("sample", "/"), async (page) => {
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.context().route(/images\//, (route) => route.fulfill({ body: "" }));
    await page.reload();
    assert.equal(await page.evaluate(() => document.documentElement.scrollHeight), height);
  }));
});

describe("without scripts", () => {
  test("every page is there, and offers nothing that needs one", async () => {
    for (const [site, kind, path] of every("sample"))
      await using(visit(site, path, { javaScriptEnabled: false }), async (page) => {
        assert.ok(await page.locator("h1").first().isVisible(), kind);
        assert.equal(await page.locator("header button:visible, search > input:visible, .keys:visible").count(), 0, kind);
      });
  });

  test("colours and fonts of the settings are there", () => using(visit("german", servers.german.kinds.article[0], { javaScriptEnabled: false, colorScheme: "dark" }), async (page) => {
    const style = (name) => page.evaluate((name) => getComputedStyle(document.body)[name], name);
    assert.equal(await style("backgroundColor"), "rgb(16, 32, 48)");
    assert.match(await style("fontFamily"), /^Verdana/);
    const accent = await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--accent").trim());
    assert.equal(accent, "#0b5c3f");
    assert.match(await page.textContent("time"), /Oktober/);
  }));
});

test("browsers know the ground of the page", async () => {
  for (const site of ["sample", "unsearched"])
    for (const colorScheme of ["light", "dark"])
      await using(visit(site, "/", { colorScheme }), async (page) => {
        const [said, ground] = await page.evaluate(() => {
          const canvas = document.createElement("canvas").getContext("2d");
          const painted = (colour) => {
            canvas.fillStyle = colour;
            canvas.fillRect(0, 0, 1, 1);
            return canvas.getImageData(0, 0, 1, 1).data.join();
          };
          const metas = [...document.querySelectorAll("meta[name=theme-color]")];
          return [metas.find(({ media }) => matchMedia(media).matches).content, getComputedStyle(document.body).backgroundColor].map(painted);
        });
        assert.equal(said, ground, `${site} in ${colorScheme}`);
      });
});

describe("colours of the reader's choice", () => {
  test("they stay, and are there before the first paint", () => using(visit("sample", "/", { colorScheme: "light" }), async (page) => {
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const button = page.locator("[data-theme-switch]");
    const light = await ground();
    await button.click();
    assert.equal(await ground(), light);
    await button.focus();
    await page.keyboard.press("Enter");
    const dark = await ground();
    assert.notEqual(dark, light);
    assert.match(await button.getAttribute("aria-label"), /dark/);
    await page.addInitScript(() => {
      // The first frame that has a body.
      const look = () => document.body ? (window.first = getComputedStyle(document.body).backgroundColor) : requestAnimationFrame(look);
      requestAnimationFrame(look);
    });
    await page.reload();
    assert.equal(await page.evaluate(() => window.first), dark);
    await button.click();
    assert.equal(await ground(), light);
  }));
});

test("no page says a word to the console, under a strict content security policy", () => assert.deepEqual([...new Set(complaints)], []));
