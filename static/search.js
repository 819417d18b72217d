// The search page. The index (by Pagefind) is loaded when it is first needed.
const box = document.querySelector("[data-search]"), form = box.firstElementChild;
const { q, topic, provider, sort } = form.elements;
const [status, again, list, more, row] = document.querySelectorAll(".found :is([role], .again, ol, .more, template)");
let index, tries = 0, run = 0, found = {}, typing;

const parts = box.dataset.parts.match(/\S+/g) || [];
const load = async () => {
  const { createInstance } = await import(`${parts[0]}pagefind.js?${tries}`);
  const options = parts.map((_, part) => ({ excerptEllipsis: "…", mergeFilter: { part: `${part}` } }));
  const made = createInstance(options[0]);
  await Promise.all(parts.map((path, part) => part && made.mergeIndex(path, options[part])));
  await made.filters();
  return made;
};

// A number, and a text with the form for it: "{count, plural, one {# result} other {# results}}".
const { lang } = document.documentElement, shown = (number) => number.toLocaleString(`${lang}-u-nu-latn`);
const count = (text, number) => text.replace(/\{count, plural,([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}/, (_, forms) => {
  const form = (name) => forms.match(`\\b${name}\\s*{([^}]*)}`)?.[1];
  return form(new Intl.PluralRules(lang).select(number)) ?? form("other") ?? "";
}).replace(/\{count\}|#/g, shown(number));
const say = (name) => { status.textContent = name === "count" ? count(box.dataset.count, found.total) : box.dataset[name] || ""; };

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
  const start = list.children.length, end = start + 10, words = q.value.match(/[\p{L}\p{M}\p{N}]+/gu) || [];
  const is = (word) => words.some((part) => !word.slice(0, part.length).localeCompare(part, [], { sensitivity: "base" }));
  while (hits.length < end && from.part < parts.length) {
    const { results } = await look({ part: `${from.part}` });
    if (own !== run) return;
    from.part++;
    hits.push(...results);
  }
  const shown = await Promise.all(hits.slice(start, end).map((hit) => hit.data()));
  if (own !== run) return;
  for (const { url, meta, filters, excerpt } of shown) {
    const item = row.content.cloneNode(true), [label, link, text, source, date] = item.querySelectorAll("a, .excerpt, span");
    const known = [...topic].find(({ value }) => value === filters.topic?.[0]);
    if (known) Object.assign(label, { textContent: known.value, href: known.dataset.url }).classList.add(known.className);
    else label.remove();
    [, link.href, date.textContent] = url.match(/(.*)#(.*)/);
    link.textContent = meta.title;
    link.innerHTML = link.innerHTML.replace(/&\w+;|[\p{L}\p{M}\p{N}]+/gu, (word) => is(word) ? `<mark>${word}</mark>` : word);
    text.innerHTML = excerpt; // Escaped but for its marks.
    source.textContent = filters.provider[0];
    list.append(item);
  }
  more.hidden = list.children.length >= total;
  if (start) list.children[start].querySelector("h2 a").focus();
};

const search = () => attempt(async (own) => {
  const term = q.value.trim() || null, dated = !term || sort.value;
  const asked = parts[0] && (term || topic.value || provider.value);
  const chosen = { topic: topic.value || undefined, provider: provider.value || undefined };
  let all = [], look;
  more.hidden = true;
  if (asked) {
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
    option.hidden = asked && !hits && !option.selected;
  }));
  list.replaceChildren();
  if (total) await show(own);
  if (own === run) say(asked && (total ? "count" : "none"));
});

const read = () => {
  const asked = new URLSearchParams(location.search);
  for (const field of form) field.value = asked.get(field.name) || "";
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
