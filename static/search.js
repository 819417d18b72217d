// The search page. The index (by Pagefind) is loaded when it is first needed.
const box = document.querySelector("[data-search]"), form = box.firstElementChild;
const { q, topic, provider, sort } = form.elements;
const [status, again, list, more, row] = document.querySelectorAll(".found :is([role], .again, ol, .more, template)");
let index, tries = 0, run = 0, found = {}, typing;

// A number, and a text with the form for it: "{count, plural, one {# result} other {# results}}".
const { lang } = document.documentElement, shown = (number) => number.toLocaleString(`${lang}-u-nu-latn`);
const counted = (text, number) => text.replace(/\{count, plural,([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}/, (_, forms) => {
  const form = (name) => forms.match(`\\b${name}\\s*{([^}]*)}`)?.[1];
  return form(new Intl.PluralRules(lang).select(number)) ?? form("other") ?? "";
}).replace(/\{count\}|#/g, shown(number));
const say = (name) => { status.textContent = name === "count" ? counted(box.dataset.count, found.total) : box.dataset[name] || ""; };

// Scripts whose words run together: there, a word is found anywhere. The index has them in pairs of
// letters (src/search/words.rs), but for those that Pagefind cuts itself.
const unspaced = /^(zh|ja|th)\b/.test(lang), hangul = "가-힣", joined = `\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff々\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff㐀-鿿\uf900-\ufaff\u{20000}-\u{323af}${hangul}`;
const runs = new RegExp(`[${unspaced ? hangul : joined}]+`, "gu"), any = new RegExp(`[${joined}]`, "u"), letter = "[\\p{L}\\p{M}\\p{N}]";
const pairs = (run) => [...run].map((one, i, all) => i && all[i - 1] + one).slice(1).join(" ") || run;
// Small letters as in English: those of the reader's system may be others (in Turkish, for I).
const asked = () => q.value.trim().normalize("NFC").toLowerCase();
const terms = (text) => {
  const words = text.replace(runs, (run) => ` ${pairs(run)} `);
  return words === text ? text : words.replace(/"/g, " ");
};

// Puts a text into an element, with the words that are asked for marked; if it is long, from the
// first of them on.
const put = (element, text, most = Infinity) => {
  const words = asked().match(new RegExp(`[${joined}]+|(?:(?![${joined}])${letter})+`, "gu")) || [], inner = words.filter((word) => any.test(word));
  const is = (piece) => inner.includes(piece.toLowerCase()) || words.some((word) => !inner.includes(word) && !piece.slice(0, word.length).localeCompare(word, [], { sensitivity: "base" }));
  const pieces = text.split(new RegExp(`(${[...inner, `[${joined}]`, `(?:(?![${joined}])${letter})+`].join("|")})`, "iu"));
  const first = pieces.findIndex((piece, i) => i % 2 && is(piece)), from = first < 40 || most > pieces.length ? 0 : first - 20, all = pieces.slice(from, from + most);
  element.replaceChildren(from ? "…" : "", ...all.map((piece, i) => (from + i) % 2 && is(piece) ? Object.assign(document.createElement("mark"), { textContent: piece }) : piece), all.length + from < pieces.length ? "…" : "");
  element.normalize();
};

const parts = box.dataset.parts.match(/\S+/g) || [];
const load = async () => {
  const { createInstance } = await import(`${parts[0]}pagefind.js?${tries}`);
  const options = parts.map((_, part) => ({ excerptEllipsis: "…", mergeFilter: { part: `${part}` }, ranking: { metaWeights: { title: 5, words: .5 } } }));
  const made = createInstance(options[0]);
  await Promise.all(parts.map((path, part) => part && made.mergeIndex(path, options[part])));
  await made.filters();
  return made;
};

// What is asked last wins: earlier work ends at its next `own !== run`.
const attempt = async (work) => {
  const own = ++run;
  again.hidden = true;
  try {
    await work(own);
  } catch {
    if (own !== run) return;
    index = null;
    tries++;
    say("failed");
    more.hidden = true;
    again.hidden = false;
  }
};

const show = async (own) => {
  const from = found, { hits, look, total } = from;
  const start = list.children.length, end = start + 10;
  while (hits.length < end && from.part < parts.length) {
    const { results } = await look({ part: `${from.part}` });
    if (own !== run) return;
    from.part++;
    hits.push(...results);
  }
  const results = await Promise.all(hits.slice(start, end).map((hit) => hit.data()));
  if (own !== run) return;
  for (const { url, meta, filters, excerpt, content } of results) {
    const item = row.content.cloneNode(true), [label, link, text, source, date, by] = item.querySelectorAll("a, .excerpt, span");
    const known = [...topic].find(({ value }) => value === filters.topic?.[0]);
    if (known) Object.assign(label, { textContent: known.value, href: known.dataset.url }).classList.add(known.className);
    else label.remove();
    [, link.href, date.textContent] = url.match(/(.*)#(.*)/);
    put(link, meta.title);
    // Where words run together the headline is part of the content, to be found in it.
    const body = unspaced && content.startsWith(meta.title) ? content.slice(meta.title.length).trim() : content;
    if (!unspaced && excerpt.includes("<mark>")) text.innerHTML = excerpt; // Escaped but for its marks.
    else put(text, body, 120);
    link.parentNode.lang = text.lang = filters.lang?.[0] || lang;
    source.textContent = filters.provider[0];
    if (meta.authors && by) put(by, `${box.dataset.by} ${meta.authors}`);
    else by?.remove();
    list.append(item);
  }
  more.hidden = list.children.length >= total;
  if (start) list.children[start].querySelector("h2 a").focus();
};

const search = () => attempt(async (own) => {
  const term = terms(asked()) || null, dated = !term || sort.value;
  const given = parts[0] && (term || topic.value || provider.value);
  const chosen = { topic: topic.value || undefined, provider: provider.value || undefined };
  let all = [], look;
  more.hidden = true;
  if (given) {
    if (!index) say("wait");
    const engine = await (index ||= load());
    look = (other) => engine.search(term, { filters: { ...chosen, ...other }, sort: dated ? { date: "desc" } : {} });
    all = await Promise.all([look({ topic: undefined }), look({ provider: undefined }), look()]);
  }
  if (own !== run) return;
  const hits = all[2]?.results || [], total = hits.length;
  found = { hits: dated ? [] : hits, part: dated ? 0 : parts.length, look, total };
  [topic, provider].forEach((select, i) => [...select].slice(1).forEach((option) => {
    const hits = all[i]?.filters[select.name]?.[option.value];
    option.textContent = option.value + (hits ? ` (${shown(hits)})` : "");
    option.hidden = given && !hits && !option.selected;
  }));
  list.replaceChildren();
  if (total) await show(own);
  if (own === run) say(given && (total ? "count" : "none"));
});

const read = () => {
  const query = new URLSearchParams(location.search);
  for (const field of form) field.value = query.get(field.name) || "";
  search();
};
const go = (change) => {
  clearTimeout(typing);
  history[change]("", "", `?${new URLSearchParams([...new FormData(form)].filter(([, value]) => value.trim()))}`);
  search();
};
form.oninput = ({ target }) => {
  clearTimeout(typing);
  typing = target === q ? setTimeout(go, 250, "replaceState") : go("pushState");
};
form.onsubmit = (event) => {
  event.preventDefault();
  go("pushState");
};
more.onclick = () => attempt(show);
again.onclick = search;
onpopstate = read;
onkeydown = (event) => {
  const stops = [q, ...list.querySelectorAll("h2 a")], at = stops.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1, Escape: -at }[event.key];
  if (at < 0 || step === undefined) return;
  event.preventDefault();
  stops[at + step]?.focus();
  if (event.key !== "Escape" || !q.value) return;
  q.value = "";
  go("replaceState");
};
read();
