// Editions in eleven languages and nine scripts, and those of the golden sites, in a real browser:
// what axe finds, whether anything is wider than the window or runs the wrong way, and whether the
// search finds what there is. Run by scripts/test.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { EDITIONS, pathOf, writeEditions } from "./editions.mjs";
import { NOW, launch, newsgen, pages, project, require, serve } from "./site.mjs";

const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
// Of each edition of the site of this test; of those of golden sites, the first two.
const KINDS = ["home", "article", "topic", "search", "archive", "404"];
// Of each golden site: path of its base URL, and paths of its editions.
const GOLDEN = { languages: ["/ai", "", "/de", "/arabic"], scripts: ["/ai", "", "/ar", "/hi", "/de"], cjk: ["", "", "/ja"] };
const GOLDEN_NOW = "2026-11-20T20:00:00Z";

let folder, browser;
const servers = [];
/** Of each edition: its name, the address of the site, its path, and its pages by kind. */
const editions = [];

async function build(name, root, now, base, paths) {
  const output = join(folder, `${name}.public`);
  execFileSync(newsgen, ["build", "--root", root, "--output", output, "--state", join(folder, `${name}.state`), "--now", now], { stdio: ["ignore", "ignore", "inherit"] });
  const server = await serve(output, { base });
  servers.push(server);
  for (const path of paths) {
    const others = paths.filter((other) => other.length > path.length).map((other) => `${other}/`);
    const kinds = Object.entries(pages(output + path)).map(([kind, found]) => [kind, found.filter((page) => !others.some((other) => (path + page).startsWith(other)))]);
    editions.push({ name: name + path, address: server.address + path, now, kinds: Object.fromEntries(kinds) });
  }
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "newsgen-editions-"));
  writeEditions(join(folder, "site"));
  await build("site", join(folder, "site"), NOW, "", Object.keys(EDITIONS).map(pathOf));
  for (const [name, [base, ...paths]] of Object.entries(GOLDEN)) await build(name, join(project, "tests/golden", name, "site"), GOLDEN_NOW, base, paths);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  servers.forEach((server) => server.close());
  rmSync(folder, { recursive: true, force: true });
});

const edition = (language) => editions.find(({ name }) => name === `site${pathOf(language)}`);

/** Opens a page of an edition, and closes it after its use. */
async function using({ address, now }, path, use, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  try {
    const page = await context.newPage();
    await page.clock.setFixedTime(new Date(now));
    await page.goto(address + path);
    return await use(page);
  } finally {
    await context.close();
  }
}

/** What a search on an edition finds: its headlines, or nothing when there is nothing. */
const found = (language, words, use = headlines) => using(edition(language), searchFor(words), async (page) => {
  await isDone(page);
  return use(page);
});
const headlines = (page) => page.locator(".found .headline").allTextContents();
const searchFor = (words) => `/search/?q=${encodeURIComponent(words)}`;
async function isDone(page) {
  const wait = await page.locator("[data-search]").evaluate((box) => box.dataset.wait);
  await page.waitForFunction((wait) => ![wait, ""].includes(document.querySelector("[role=status]")?.textContent), wait);
}

test("there are pages of every kind in every edition", () => {
  for (const language of Object.keys(EDITIONS))
    assert.deepEqual(KINDS.filter((kind) => !edition(language).kinds[kind]?.length), [], language);
});

test("axe finds nothing, and nothing is wider than the window, on phones and desks, in light and dark", async () => {
  const wrong = [];
  for (const one of editions)
    for (const kind of KINDS.slice(0, one.name.startsWith("site") ? KINDS.length : 2).filter((kind) => one.kinds[kind]?.length))
      await using(one, one.kinds[kind][0], async (page) => {
        await page.evaluate(AXE);
        for (const width of [390, 1440]) {
          await page.setViewportSize({ width, height: 900 });
          const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          if (over > 0) wrong.push(`${one.name} ${kind}, ${width} px: ${over} px too wide`);
          for (const colorScheme of ["light", "dark"]) {
            await page.emulateMedia({ colorScheme });
            const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"], rules: { "color-contrast-enhanced": { enabled: true }, "target-size": { enabled: true } } }));
            for (const { id, nodes } of violations) wrong.push(`${one.name} ${kind}, ${width} px, ${colorScheme}: ${id}: ${nodes[0].html.slice(0, 160)} ${nodes[0].failureSummary}`);
          }
        }
      });
  assert.deepEqual(wrong, []);
});

/** On which side of its box the text of an element begins, and how it is set. */
const typeOf = (page, selector) => page.locator(selector).first().evaluate((element) => {
  const { direction, textAlign, unicodeBidi, fontStyle, letterSpacing, textEmphasisStyle } = getComputedStyle(element);
  return { direction, textAlign, unicodeBidi, fontStyle, letterSpacing, textEmphasisStyle };
});

test("code runs from left to right, whatever its article does", async () => {
  for (const language of ["ar", "he", "en"])
    await using(edition(language), "/news/2026/10/30/handwriting/", async (page) => {
      const { direction, textAlign, unicodeBidi } = await typeOf(page, ".prose pre");
      assert.deepEqual([direction, textAlign, unicodeBidi], ["ltr", "left", "isolate"], language);
    });
});

test("emphasis is what the script has for it", async () => {
  const wanted = { en: ["italic", "none"], ru: ["italic", "none"], "zh-Hans": ["normal", "filled dot"], ja: ["normal", "filled sesame"], ar: ["normal", "none"], hi: ["normal", "none"], th: ["normal", "none"] };
  for (const [language, style] of Object.entries(wanted))
    await using(edition(language), "/news/2026/10/30/handwriting/", async (page) => {
      const { fontStyle, textEmphasisStyle } = await typeOf(page, ".prose em");
      assert.deepEqual([fontStyle, textEmphasisStyle.replace(/^(dot|sesame)$/, "filled $1")], style, language);
    });
});

test("letters are not moved together where they join or fill a square", async () => {
  for (const language of ["zh-Hans", "zh-Hant", "ja", "ko", "ar", "he", "hi", "th"])
    await using(edition(language), "/", async (page) => {
      for (const selector of [".lead .headline", ".masthead .name", ".mark"]) {
        const { letterSpacing } = await typeOf(page, selector);
        assert.ok(["normal", "0px"].includes(letterSpacing), `${language} ${selector}: ${letterSpacing}`);
      }
    });
});

test("no line of Japanese begins with what ends a word", async () => {
  for (const width of [320, 390, 500])
    await using(edition("ja"), "/", async (page) => {
      const begins = await page.evaluate(() => [...document.querySelectorAll(".headline a")].flatMap((link) => {
        const text = link.firstChild, range = document.createRange(), starts = [];
        let last;
        for (let at = 0; at < text.length; at++) {
          range.setStart(text, at);
          range.setEnd(text, at + 1);
          const { top, height } = range.getBoundingClientRect();
          if (last !== undefined && top > last + height / 2) starts.push(text.data[at]);
          last = top;
        }
        return starts;
      }));
      assert.ok(begins.length > 0);
      assert.deepEqual(begins.filter((letter) => "ー、。」ッャュョっゃゅょ".includes(letter)), [], `${width} px`);
    }, { viewport: { width, height: 800 } });
});

test("dates keep the order of their parts, also where the theme has no texts in the language", () =>
  using(edition("he"), "/", async (page) => {
    const [day, year] = await page.locator(".latest time").first().evaluate((time) => {
      const text = time.firstChild, range = document.createRange();
      const at = (from, to) => { range.setStart(text, from); range.setEnd(text, to); return range.getBoundingClientRect().left; };
      return [at(0, 2), at(text.length - 4, text.length)];
    });
    assert.ok(day < year, `the day is at ${day}, the year at ${year}`);
  }));

test("names of sources stand in a list as the language has it", async () => {
  for (const [language, keys] of [["en", "next story, k"], ["ja", "次の記事、k"], ["ar", "الخبر التالي، k"]])
    await using(edition(language), "/", async (page) => assert.ok((await page.textContent(".keys")).includes(keys), language));
});

test("each edition finds its own stories by words, sources, topics and tags", async () => {
  const missed = [];
  for (const [language, { stories, query, provider, topics, tag }] of Object.entries(EDITIONS)) {
    const wanted = { [query]: [0], [provider]: [1, 2, 4, 5], [topics[1]]: [1, 4], [tag]: [0, 1, 2, 3, 4, 5, 6] };
    await using(edition(language), searchFor(query), async (page) => {
      for (const [words, at] of Object.entries(wanted)) {
        await page.goto(edition(language).address + searchFor(words));
        await isDone(page);
        const seen = await headlines(page);
        for (const [title] of at.map((at) => stories[at])) if (!seen.includes(title)) missed.push(`${language}, ${words}: ${title}`);
      }
    });
  }
  assert.deepEqual(missed, []);
});

test("no edition finds stories of another", async () => {
  for (const [language, other] of [["en", "de"], ["de", "ru"], ["zh-Hans", "ja"], ["ar", "he"], ["hi", "th"]])
    assert.deepEqual((await found(language, EDITIONS[other].stories[3][0])).filter((title) => EDITIONS[other].stories.some(([own]) => own === title)), [], `${other} in ${language}`);
});

test("what is shown of a story that was found is not its headline again", async () => {
  for (const language of ["en", "zh-Hans", "ja", "th"]) {
    const [title, excerpt] = EDITIONS[language].stories[0];
    const shown = await found(language, EDITIONS[language].query, (page) => page.locator(".found .story", { has: page.locator(".headline", { hasText: title }) }).locator(".excerpt").textContent());
    assert.ok(!shown.startsWith(title.slice(0, 8)) && shown.includes(excerpt.slice(0, 6)), `${language}: ${shown}`);
  }
});
