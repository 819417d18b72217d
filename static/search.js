// The search page. The index (by Pagefind) is loaded when it is first needed.
const box = document.querySelector("[data-search]"), form = box.firstElementChild;
const [status, again, list, more, pattern] = document.querySelectorAll(".found :is(p[role], .again, ol, .more, template)");
const { q, topic, provider, sort } = form.elements;
const day = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeZone: "UTC" });
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
let engines = {}, tries = 0, run = 0, results, typing;

// The newest stories are in one index, older ones in more. Without weight, results keep the order of the indexes.
const [head, ...older] = box.dataset.parts.split(" ");
const engine = (indexWeight) => engines[indexWeight] ||= import(`${head}pagefind.js?${tries}`).then(async (pagefind) => {
  const options = { indexWeight, excerptEllipsis: "…" }, index = pagefind.createInstance(options);
  await Promise.all(older.map((part) => index.mergeIndex(part, options)));
  await index.filters();
  return index;
});

// Pagefind marks words in excerpts, and leaves no other tag in them.
const headline = (title) => {
  const words = plain(q.value).match(/[\p{L}\p{N}]+/gu) || [];
  return title.split(/([\p{L}\p{M}\p{N}]+)/u).map((text, i) => i % 2 && words.some((word) => plain(text).startsWith(word))
    ? `<mark>${text}</mark>` : text.replace(/[<&]/g, (c) => `&#${c.charCodeAt()};`)).join("");
};

const show = async (end) => {
  const own = run, start = list.children.length;
  const shown = await Promise.all(results.slice(start, end).map((result) => result.data()));
  if (own !== run || start !== list.children.length) return;
  for (const { url, meta, filters, excerpt } of shown) {
    const item = pattern.content.cloneNode(true);
    const [label, link, text, source, time] = item.querySelectorAll("a, .excerpt, span, time");
    const [path, date] = url.split("#");
    const known = [...topic.options].find(({ value }) => value && value === filters.topic?.[0]);
    if (known) Object.assign(label, { textContent: known.value, href: known.dataset.url }).classList.add(known.className);
    else label.remove();
    link.href = path;
    link.innerHTML = headline(meta.title);
    text.innerHTML = excerpt;
    source.textContent = filters.provider[0];
    time.dateTime = date;
    time.textContent = day.format(new Date(date));
    list.append(item);
  }
  more.hidden = !results[list.children.length];
  history.replaceState(list.children.length, "");
};

const search = async (end = 10) => {
  const own = ++run, term = q.value.trim() || null, dated = !term || sort.value;
  const asked = term || topic.value || provider.value;
  const say = (name) => { status.textContent = (box.dataset[name] || "").replace("{count}", results.length); };
  again.hidden = true;
  results = [];
  try {
    let answers = [];
    if (asked && head) {
      if (!engines[+!dated]) say("wait");
      const index = await engine(+!dated);
      // The number beside a choice is that without what is chosen in the same list.
      const chosen = { topic: topic.value || undefined, provider: provider.value || undefined };
      answers = await Promise.all(["", "topic", "provider"].map((name) =>
        index.search(term, { filters: { ...chosen, [name]: undefined }, sort: dated ? { date: "desc" } : {} })));
      if (own !== run) return;
      results = answers[0].results;
    }
    [topic, provider].forEach((select, i) => [...select.options].slice(1).forEach((option) => {
      const number = answers[i + 1]?.filters[select.name]?.[option.value];
      option.textContent = option.value + (number ? ` (${number})` : "");
      option.hidden = asked && !number && !option.selected;
    }));
    list.replaceChildren();
    await show(end);
    if (own === run) say(asked && (results[0] ? "count" : "none"));
  } catch {
    if (own !== run) return;
    engines = {};
    tries++;
    say("failed");
    again.hidden = false;
  }
};

// The address says what is searched for.
const read = () => {
  const asked = new URLSearchParams(location.search);
  for (const field of [q, topic, provider, sort]) field.value = asked.get(field.name) || "";
  search(history.state || 10);
};
const go = (change) => {
  clearTimeout(typing);
  history[change](null, "", `?${new URLSearchParams([...new FormData(form)].filter(([, value]) => value.trim()))}`);
  search();
};
form.oninput = ({ target }) => {
  clearTimeout(typing);
  if (target === q) typing = setTimeout(go, 250, "replaceState");
  else go("pushState");
};
form.onsubmit = (event) => {
  event.preventDefault();
  go("pushState");
};
more.onclick = async () => {
  const next = list.children.length;
  await show(next + 10);
  list.children[next].querySelector("h2 a").focus();
};
again.onclick = () => search();
onpopstate = read;
onkeydown = (event) => {
  const links = [...list.querySelectorAll("h2 a")], at = links.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1, Escape: 0 }[event.key];
  if (step === undefined || (at < 0 && event.target !== q)) return;
  event.preventDefault();
  (step && links[at + step] || q).focus();
  if (!step && q.value) go("replaceState", q.value = "");
};
box.hidden = false;
read();
