// One article in each language that the theme has texts for, searched on a site in English, one in
// Chinese and one in Turkish. Run by scripts/test.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { NOW, launch, newsgen, serve, write } from "./site.mjs";

// Language, title, excerpt, and words that find the article: from the start, the middle and the end
// of longer words, with other capitals, and as they are written without signs of their own.
const ARTICLES = [
  ["ar", "الحكومة تعلن خطة للذكاء الاصطناعي", "تشمل الخطة مراكز بيانات جديدة.", ["الحكومة", "بيانات"]],
  ["de", "Straßenbahnen in Zürich fahren autonom", "Die Behörde prüft Sicherheitsfragen.", ["zürich", "zurich", "Zuerich", "ZÜRICH", "Straßenbahnen", "strassenbahnen", "behoerde"]],
  ["en", "Robots fold laundry", "A machine that irons.", ["robots", "IRONS", "laundry machine"]],
  ["es", "El año de las pequeñas baterías", "Una fábrica en Málaga.", ["año", "ano", "baterías", "MALAGA"]],
  ["fr", "L’œuvre d’un écrivain traduite par une machine", "À Besançon, un éditeur s’interroge.", ["écrivain", "oeuvre", "besancon"]],
  ["hi", "दिल्ली में कृत्रिम बुद्धिमत्ता सम्मेलन", "सरकार ने नई नीति की घोषणा की।", ["दिल्ली", "बुद्धिमत्ता", "नीति"]],
  ["it", "La città più connessa d’Italia", "Perché Milano è già avanti.", ["città", "citta", "milano"]],
  ["ja", "東京大学が新しい人工知能チップを開発", "スーパーコンピューターより省電力だという。", ["人工知能", "チップ", "コンピューター", "大学", "省電力", "東京 チップ"]],
  ["ko", "삼성전자가 차세대반도체를 공개했다", "인공지능연산을 크게 줄인다.", ["반도체", "전자", "인공지능", "삼성 반도체"]],
  ["nl", "Waterschappen meten coördinaten opnieuw", "Eén algoritme volstaat.", ["waterschappen", "coordinaten", "een algoritme"]],
  ["pl", "Łódź buduje żółte tramwaje", "Spółka zamówiła sto wagonów.", ["łódź", "ŁÓDŹ", "Lodz", "zolte", "spolka"]],
  ["pt", "São Paulo adota ônibus elétricos", "A cidade comprará dois mil veículos.", ["são paulo", "onibus", "VEÍCULOS"]],
  ["ru", "Учёные создали энергоэффективный чип", "Разработка снижает расход энергии.", ["учёные", "ученые", "ЧИП", "расход"]],
  ["tr", "İstanbul’da IŞIK hızında internet", "Ilgaz’da kış başladı.", ["İstanbul", "istanbul", "ISTANBUL", "ışık", "isik", "IŞIK", "ılgaz", "kış", "kis"]],
  ["uk", "Її їжак потрапив у Київ", "Ґрунт замерз ще у жовтні.", ["їжак", "КИЇВ", "ґрунт"]],
  ["zh-Hans", "中国宣布扩大芯片出口管制范围", "新规定将影响半导体设备制造商。", ["芯片", "出口管制", "半导体", "制造商", "芯"]],
  ["zh-Hant", "台積電在高雄興建先進晶圓廠", "預計二〇二八年量產。", ["晶圓", "高雄", "量產", "台積電"]],
];

const site = {}, served = {};
let browser, page;

before(async () => {
  browser = await launch();
  page = await browser.newPage({ locale: "tr-TR" });
  for (const locale of ["en", "zh-Hans", "tr"]) {
    const root = site[locale] = mkdtempSync(join(tmpdir(), "newsgen-"));
    write(root, "site.toml", `title = "Small"\nlocale = "${locale}"\nbase_url = "https://example.org/"\n`);
    for (const [language, title, excerpt] of ARTICLES)
      write(root, `content/news/${language}.md`, `---\ntitle: ${JSON.stringify(title)}\nexcerpt: ${JSON.stringify(excerpt)}\nlocale: ${language}\n` +
        `publishedDateTime: 2026-10-01T09:00:00Z\noriginalUrl: https://p-${language}.example/story\n` +
        `provider: { name: "Anbieter${language}", domain: p-${language}.example }\ntopics: ["主题研究${language}"]\ntags: [étiquette-${language}]\n---\n`);
    execFileSync(newsgen, ["build", "--root", root, "--now", NOW]);
    served[locale] = await serve(join(root, "public"));
  }
});

after(async () => {
  await browser?.close();
  Object.values(served).forEach((server) => server.close());
  Object.values(site).forEach((root) => rmSync(root, { recursive: true, force: true }));
});

/** The headlines that are found on a site. */
async function found(locale, words) {
  await page.goto(`${served[locale].address}/search/?q=${encodeURIComponent(words)}`);
  await page.waitForFunction(({ wait }) => ![wait, ""].includes(document.querySelector("[role=status]")?.textContent),
    await page.locator("[data-search]").evaluate((box) => ({ wait: box.dataset.wait })));
  return page.locator(".found .headline").allTextContents();
}

for (const locale of ["en", "zh-Hans", "tr"])
  test(`words of every language are found on a site in ${locale}`, async () => {
    const missed = [];
    for (const [language, title, , queries] of ARTICLES)
      for (const words of queries)
        if (!(await found(locale, words)).includes(title)) missed.push(`${language}: ${words}`);
    assert.deepEqual(missed, []);
  });

test("what only looks alike is not found", async () => {
  for (const words of ["芯半", "口片", "도반", "Quetzalcoatlus"]) assert.deepEqual(await found("en", words), [], words);
});

test("sources, topics and tags are found, too", async () => {
  for (const locale of ["en", "zh-Hans"])
    for (const words of ["Anbieterja", "étiquette-ja", "主题研究ja", "主题研究 ja 東京"])
      assert.deepEqual(await found(locale, words), [ARTICLES.find(([language]) => language === "ja")[1]], `${locale}: ${words}`);
});

test("a result has the language of its article, and shows what was asked for", async () => {
  await found("en", "芯片");
  const result = page.locator(".found .story");
  assert.equal(await result.locator(".headline").getAttribute("lang"), "zh-Hans");
  assert.deepEqual(await result.locator(".headline mark").allTextContents(), ["芯片"]);
  await found("en", "半导体");
  assert.deepEqual(await page.locator(".found .excerpt mark").allTextContents(), ["半导体"]);
  await found("en", "laundry");
  assert.equal(await page.locator(".found .headline").getAttribute("lang"), "en");
});

test("numbers are in the plural of the language", async () => {
  await found("zh-Hans", "芯片");
  assert.equal(await page.textContent("[role=status]"), "1 条结果");
});
