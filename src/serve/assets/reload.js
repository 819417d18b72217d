// Added by `newsgen serve` to the pages it shows, never to files: loads the page again when it has
// changed, swaps style sheets and pictures in place, and shows what is wrong with the site.
(() => {
  "use strict";
  const own = "/__newsgen/";
  let look = document.currentScript.dataset.look;
  let events;

  // A page keeps its place when it is loaded again.
  const PLACE = "newsgen-place";
  const storage = { get: () => sessionStorage.getItem(PLACE), set: (text) => sessionStorage.setItem(PLACE, text) };
  const attempt = (work) => { try { return work(); } catch { return null; } };
  const place = attempt(() => JSON.parse(storage.get()));
  attempt(() => sessionStorage.removeItem(PLACE));
  if (place && place.url === location.href) addEventListener("load", () => scrollTo(place.x, place.y));

  function reload() {
    if (events) events.close();
    attempt(() => storage.set(JSON.stringify({ url: location.href, x: scrollX, y: scrollY })));
    location.reload();
  }

  const pathOf = (url) => attempt(() => new URL(url, location.href).pathname);
  const isOneOf = (url, swap) => swap.old.includes(pathOf(url)) || pathOf(url) === swap.new || pathOf(url) === swap.plain;
  // Under its own name the browser would show what it has.
  const fresh = (swap) => (swap.new === swap.plain ? `${swap.new}?${Date.now()}` : swap.new);

  function swapSheet(link, swap) {
    const next = link.cloneNode();
    next.href = fresh(swap);
    next.addEventListener("load", () => link.remove());
    next.addEventListener("error", () => link.remove());
    link.after(next);
  }

  // Returns whether everything on the page that comes from the file could be swapped.
  function swapAll(swap) {
    let found = false;
    for (const link of document.querySelectorAll("link[href]")) {
      if (!isOneOf(link.href, swap)) continue;
      if (link.rel.split(/\s+/).includes("stylesheet")) swapSheet(link, swap);
      else link.href = fresh(swap);
      found = true;
    }
    for (const image of document.querySelectorAll("img[src]")) {
      if (!isOneOf(image.currentSrc || image.src, swap)) continue;
      image.removeAttribute("srcset");
      image.src = fresh(swap);
      found = true;
    }
    const loaded = performance.getEntriesByType("resource").some((entry) => isOneOf(entry.name, swap));
    return found || !loaded;
  }

  function swapFiles(message) {
    look = message.look;
    const loaded = () => performance.getEntriesByType("resource");
    for (const swap of message.swaps) {
      if (!swap.swapped && loaded().some((entry) => isOneOf(entry.name, swap))) return reload();
      if (swap.swapped && !swapAll(swap)) return reload();
    }
    dispatchEvent(new Event("newsgen:swapped"));
  }

  const STYLE = `
    :host { all: initial; }
    section { position: fixed; inset: auto 0 0 0; z-index: 2147483647; max-height: 70vh; overflow: auto;
      box-sizing: border-box; padding: 1rem 1.25rem; background: #1c1714; color: #f4efe6;
      border-top: 4px solid #e5484d; font: 14px/1.45 system-ui, sans-serif; }
    header { display: flex; justify-content: space-between; align-items: start; gap: 1rem; }
    h2 { margin: 0; font-size: 1rem; color: #ff9592; }
    pre { margin: 0.75rem 0 0; font: 13px/1.45 ui-monospace, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
    button { all: unset; cursor: pointer; padding: 0.1rem 0.6rem; border: 1px solid currentColor; }
    button:focus-visible { outline: 2px solid #f4efe6; outline-offset: 2px; }`;

  function element(name, text, ...children) {
    const made = document.createElement(name);
    made.textContent = text;
    made.append(...children);
    return made;
  }

  let overlay = null;
  function close() {
    if (overlay) overlay.remove();
    overlay = null;
  }

  function showProblems(problems) {
    close();
    if (!problems.length) return;
    overlay = document.createElement("newsgen-problems");
    const shadow = overlay.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    shadow.adoptedStyleSheets = [sheet];
    const button = element("button", "Close");
    button.addEventListener("click", close);
    const count = problems.reduce((sum, problem) => sum + problem.count, 0);
    const title = count === 1 ? "A problem: this is the last good version" : `${count} problems: this is the last good version`;
    const section = element("section", "", element("header", "", element("h2", title), button));
    section.setAttribute("role", "alert");
    for (const problem of problems.slice(0, 20)) section.append(element("pre", problem.text));
    if (problems.length > 20) section.append(element("p", `and ${problems.length - 20} more: see ${own}`));
    shadow.append(section);
    document.documentElement.append(overlay);
  }
  addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });

  // A browser keeps six connections to a host: hidden tabs give theirs up, and ask what they missed
  // when they show again.
  function listen() {
    if (document.hidden || events) return;
    events = new EventSource(`${own}events?page=${encodeURIComponent(location.pathname)}&look=${look}`);
    events.addEventListener("problems", (event) => showProblems(JSON.parse(event.data)));
    events.addEventListener("assets", (event) => swapFiles(JSON.parse(event.data)));
    events.addEventListener("reload", reload);
  }
  function hang() {
    if (events) events.close();
    events = null;
  }
  document.addEventListener("visibilitychange", () => (document.hidden ? hang() : listen()));
  addEventListener("pagehide", hang);
  addEventListener("pageshow", listen);
  listen();
})();
