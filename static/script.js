// Everything here is a comfort: each page works without it.
const root = document.documentElement;
const all = (selector) => [...document.querySelectorAll(selector)];
const store = {
  get: (key) => { try { return localStorage.getItem(key); } catch {} },
  set: (key, value) => { try { localStorage.setItem(key, value); } catch {} },
};

// A picture that fails leaves the cover under it.
for (const img of all(".media img, .mark img")) {
  if (img.currentSrc && img.complete && !img.naturalWidth) img.remove();
  else img.addEventListener("error", () => img.remove());
}

// Times of the last week in words; the full date stays as a tooltip.
const words = new Intl.RelativeTimeFormat(root.lang, { numeric: "auto" });
const ago = () => {
  for (const time of all("time[data-ago]")) {
    const minutes = Math.round((new Date(time.dateTime) - Date.now()) / 6e4);
    if (minutes > 0 || minutes < -7 * 1440) continue;
    time.title ||= time.textContent;
    const [length, unit] = minutes > -60 ? [1, "minute"] : minutes > -1440 ? [60, "hour"] : [1440, "day"];
    time.textContent = words.format(Math.round(minutes / length), unit);
  }
};
ago();
setInterval(ago, 6e4);
addEventListener("beforeprint", () => all("time[data-ago][title]").forEach((time) => { time.textContent = time.title; }));
addEventListener("afterprint", ago);

// Colours: as the system, light, dark.
const button = document.querySelector("[data-theme-switch]");
if (button) {
  const next = { auto: "light", light: "dark", dark: "auto" };
  const show = () => { button.title = button.ariaLabel = button.dataset[root.dataset.theme]; };
  button.addEventListener("click", () => {
    root.dataset.theme = next[root.dataset.theme];
    store.set("theme", root.dataset.theme);
    show();
  });
  root.dataset.theme ||= "auto";
  show();
  button.hidden = false;
}

// Narrow this page to the stories that hold all the words.
const box = document.querySelector("[data-filter]");
const rows = all("main .story, main .index:not(.months) > li");
const field = document.querySelector("[data-filter] input, [data-search] input");
if (box && rows.length > 3) {
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const texts = rows.map((row) => plain(row.textContent));
  const narrow = () => {
    const wanted = plain(field.value).split(/\s+/).filter(Boolean), narrowed = wanted.length > 0;
    const hits = new Set(rows.filter((row, i) => wanted.every((word) => texts[i].includes(word))));
    for (const row of rows) (row.closest("li") || row).hidden = !hits.has(row);
    for (const part of all("main :is(.day, .strip, .block, .front)")) part.hidden = narrowed && !rows.some((row) => hits.has(row) && part.contains(row));
    box.querySelector("output").textContent = narrowed ? box.dataset.count.replace("{count}", hits.size).replace("{total}", rows.length) : "";
  };
  field.addEventListener("input", narrow);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    field.value = "";
    narrow();
    field.blur();
  });
  box.hidden = false;
}

// Keys: j and k walk the headlines, o opens the original, / goes to the field (or to the search,
// where no field is shown).
const keys = document.querySelector("[data-keys]");
const off = () => store.get("keys") === "off";
const links = () => all("main .headline a").filter((link) => link.offsetParent);
const here = () => document.activeElement?.closest(".story, .refs > li");
const walk = (step) => {
  const list = links(), next = list[list.indexOf(here()?.querySelector(".headline a")) + step];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "center" });
};
const open = () => (here() || document.querySelector(".article"))?.querySelector("a[rel~=external]")?.click();
const actions = { j: () => walk(1), k: () => walk(-1), o: open };
if (field?.form || field && rows.length > 3) actions["/"] = () => field.offsetParent ? field.focus() : location.assign(field.form.action);
addEventListener("keydown", (event) => {
  if (off() || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable]") || !Object.hasOwn(actions, event.key)) return;
  event.preventDefault();
  actions[event.key]();
});
if (keys && (links().length || !box)) {
  const toggle = keys.querySelector("button");
  const show = () => {
    toggle.textContent = toggle.dataset[off() ? "on" : "off"];
    keys.firstElementChild.hidden = off();
  };
  toggle.addEventListener("click", () => {
    store.set("keys", off() ? "on" : "off");
    show();
  });
  show();
  all("[data-keys] span span").forEach((hint) => { hint.hidden = !actions["/"]; });
  keys.hidden = false;
}
