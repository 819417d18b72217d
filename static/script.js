// Everything here is a comfort: each page works without it.
(() => {
  const root = document.documentElement;
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const store = {
    get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, value); } catch {} },
  };

  // A picture that fails leaves the cover under it.
  const failed = (img) => img.complete && !img.naturalWidth;
  for (const img of all(".media img, .mark img")) {
    if (img.currentSrc && failed(img)) img.remove();
    else img.addEventListener("error", () => img.remove());
  }

  // Times of the last week in words; the full date stays as a tooltip.
  const words = new Intl.RelativeTimeFormat(root.lang, { numeric: "auto" });
  const ago = () => {
    for (const time of all("time[data-ago]")) {
      const minutes = Math.round((new Date(time.dateTime) - Date.now()) / 6e4);
      if (minutes > 0 || minutes < -7 * 1440) continue;
      time.title ||= time.textContent;
      time.textContent = minutes > -60 ? words.format(minutes, "minute")
        : minutes > -1440 ? words.format(Math.round(minutes / 60), "hour")
        : words.format(Math.round(minutes / 1440), "day");
    }
  };
  ago();
  setInterval(ago, 6e4);
  addEventListener("beforeprint", () => all("time[data-ago][title]").forEach((time) => { time.textContent = time.title; }));
  addEventListener("afterprint", ago);

  // Colours: as the system, light, dark.
  const button = document.querySelector("[data-theme-switch]");
  if (button) {
    const themes = ["auto", "light", "dark"];
    const show = (theme) => { button.title = button.ariaLabel = button.dataset[theme]; };
    button.addEventListener("click", () => {
      const theme = root.dataset.theme = themes[(themes.indexOf(root.dataset.theme || "auto") + 1) % 3];
      store.set("theme", theme);
      show(theme);
    });
    show(root.dataset.theme || "auto");
    button.hidden = false;
  }

  // Narrow this page to the stories that hold all the words.
  const box = document.querySelector("[data-filter]");
  const rows = all("main .story, main .index:not(.months) > li");
  const field = document.querySelector("[data-filter] input, [data-search] input");
  if (box && rows.length > 3) {
    const result = box.querySelector("output");
    const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    const texts = rows.map((row) => plain(row.textContent));
    const narrow = () => {
      const wanted = plain(field.value).split(/\s+/).filter(Boolean), narrowed = wanted.length > 0;
      const hits = rows.filter((row, i) => wanted.every((word) => texts[i].includes(word)));
      for (const row of rows) (row.closest("li") || row).hidden = !hits.includes(row);
      for (const part of all("main :is(.day, .strip, .block, .front)")) part.hidden = narrowed && !hits.some((row) => part.contains(row));
      result.textContent = narrowed ? box.dataset.count.replace("{count}", hits.length).replace("{total}", rows.length) : "";
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

  // Keys: j and k walk the headlines, o opens the original, / goes to the field of the search or the filter.
  const keys = document.querySelector("[data-keys]");
  const off = () => store.get("keys") === "off";
  const links = () => all("main .headline a").filter((link) => link.checkVisibility?.() ?? true);
  const here = () => document.activeElement?.closest(".story, .refs > li");
  const walk = (step) => {
    const list = links();
    const at = list.indexOf(here()?.querySelector(".headline a"));
    const next = list[at < 0 ? (step > 0 ? 0 : -1) : at + step];
    next?.focus({ preventScroll: true });
    next?.scrollIntoView({ block: "center" });
  };
  const open = () => (here() || document.querySelector(".article"))?.querySelector("a[rel~=external]")?.click();
  const actions = { j: () => walk(1), k: () => walk(-1), o: open, "/": () => field?.focus() };
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
    keys.hidden = false;
  }
})();
