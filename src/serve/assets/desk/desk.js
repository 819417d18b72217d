// The desk: its views, its keys, and what the server tells.
import { listen, read, settled, write } from "./api.js";
import { $, el, say } from "./dom.js";
import * as dialogs from "./dialogs.js";
import Queue from "./queue.js";
import { failed, site, wrote } from "./story.js";

/** The links to the views: each is reached by its first letter, too. */
const links = () => [...document.querySelectorAll("nav a")];

/** All keys: those to move with, those of the view, and the others. */
const help = () => [
  ["Move", [["j ↓", "next"], ["k ↑", "previous"], ["Home End", "first, last"], ["space", "select, and on to the next"], ["Esc", "select nothing"], ["/", "filter"]]],
  ["Change", [...(desk.view.actions?.() ?? []).map(([what, key]) => [key, what]), ["u", "Undo, step by step"]]],
  ["Look", [["o", "open the original"], ["v", "preview of the story, then of the front page"], ...links().map((link) => [`g ${link.dataset.view[0]}`, link.firstChild.textContent]), ["g h", "front page"], ["?", "these keys"]]],
];

const desk = {
  views: {},
  view: undefined,
  /** Takes the next key instead of the view; says whether the key was meant for it. */
  second: undefined,

  waiting(count) {
    $("waiting").textContent = count ? count : "";
    $("waiting").setAttribute("aria-label", `${count} waiting`);
  },

  undoable(count) {
    if (count !== undefined) site.undo = count;
    $("undo").disabled = !site.undo || site.read_only;
  },

  current(row) {
    preview.show(row);
  },

  async undo(skip = false) {
    try {
      const answer = await write("undo", skip ? { skip } : {});
      for (const { id, hash } of answer.files) if (hash) wrote(id, hash);
      this.undoable(answer.undo);
      const deeds = { publish: "published", reject: "rejected", edit: "edited", delete: "deleted", new: "new" };
      say(answer.what === "kept" ? `Skipped: ${answer.about}` : `Undone: ${answer.about} (it was ${deeds[answer.deed]})`);
      for (const view of Object.values(this.views)) await view.undone?.(answer);
    } catch (error) {
      await failed(error, "Skip this step and undo the one before", () => this.undo(true));
    }
  },

  /** Shows a view; its module is loaded when it is asked for the first time. */
  async go(name, isNew = true) {
    const wanted = links().some((link) => link.dataset.view === name) ? name : "queue";
    this.wanted = wanted;
    this.views[wanted] ??= new (await import(`./${wanted}.js`)).default(this);
    const view = this.views[wanted];
    if (wanted !== this.wanted) return;
    if (view === this.view) return view.list?.box.focus();
    this.view = view;
    for (const link of links()) {
      if (link.dataset.view === wanted) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    $("view").replaceChildren(...view.parts);
    $("view").className = wanted;
    if (isNew) history.replaceState(null, "", `#${wanted}`);
    view.list?.box.focus();
    await view.refresh();
  },
};

/** The site beside the desk: a page of it without its scripts, loaded again when it has changed. */
const preview = {
  /** What is shown: nothing, the page of a story, or the front page with it. */
  mode: undefined,
  frame: el("iframe", { title: "Preview", sandbox: "allow-same-origin", class: "preview" }),

  toggle() {
    this.mode = { undefined: "page", page: "front" }[this.mode];
    document.body.classList.toggle("previews", Boolean(this.mode));
    $("pane").setAttribute("aria-pressed", Boolean(this.mode));
    if (this.mode) {
      say(this.mode === "page" ? "Preview of the story" : "Preview of the front page");
      document.body.append(this.frame);
      this.path = undefined;
      this.show(desk.view?.list?.now());
    } else this.frame.remove();
  },

  show(row) {
    if (!this.mode) return;
    const isFront = this.mode === "front";
    // A candidate is shown as it would be; other hashes are other versions of it.
    const path = row && "suggested" in row && !row.problem ? `/__newsgen/candidate/${row.id}?${isFront ? "front&" : ""}${row.hash}`
      : (!isFront && row?.url) || site.home || "/";
    if (path === this.path) return;
    [this.path, this.tag] = [path, undefined];
    this.frame.src = path;
    this.again();
  },

  async again() {
    if (!this.mode || !this.path || this.path.startsWith("/__newsgen/")) return;
    const path = this.path;
    const answer = await fetch(path, { method: "HEAD", cache: "no-store" }).catch(() => undefined);
    const tag = answer?.headers.get("ETag");
    if (!tag || path !== this.path || tag === this.tag) return;
    const inside = this.frame.contentWindow;
    const isFirst = this.tag === undefined;
    this.tag = tag;
    if (isFirst) return;
    const place = inside.scrollY;
    this.frame.addEventListener("load", () => this.frame.contentWindow.scrollTo(0, place), { once: true });
    inside.location.reload();
  },
};

async function refreshState() {
  Object.assign(site, await read("state"));
  site.base = site.home.replace(/\/$/, "");
  $("site").textContent = site.title;
  document.title = `Desk · ${site.title}`;
  document.body.classList.toggle("read-only", site.read_only);
  showProblems(site.problems);
  desk.undoable(site.undo);
  desk.waiting(site.candidates);
}

function showProblems(problems) {
  $("problems").hidden = !problems.length;
  const count = problems.reduce((sum, problem) => sum + problem.count, 0);
  $("problems").replaceChildren(el("details", {}, el("summary", {}, count === 1 ? "1 problem of the site" : `${count} problems of the site`),
    problems.map((problem) => el("pre", { tabIndex: 0 }, problem.text))));
}

let refreshing;
let isAskedAgain = false;
/** Brings everything up to date; what is asked for meanwhile is done once, after it. */
function refresh() {
  if (refreshing) return void (isAskedAgain = true);
  refreshing = (async () => {
    do {
      isAskedAgain = false;
      try {
        await settled();
        await refreshState();
        await desk.view?.refresh();
        await preview.again();
      } catch (error) {
        say(error.message, true);
      }
    } while (isAskedAgain);
    refreshing = undefined;
  })();
}

const isTyping = (target) => target.closest?.("input:not([type=checkbox]), textarea, select, dialog");

let goes = false;
function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { target, key } = event;
  const view = desk.view;
  const list = view?.list;
  if (isTyping(target)) {
    if ((key === "Escape" || key === "Enter" || key === "ArrowDown") && target.type === "search") {
      if (key === "Escape" && target.value) {
        target.value = "";
        target.dispatchEvent(new Event("input"));
      }
      list?.box.focus();
      event.preventDefault();
    }
    return;
  }
  if (desk.second) {
    const second = desk.second;
    desk.second = undefined;
    if (key === "Escape") return say("");
    if (key !== "Shift" && second(key)) return event.preventDefault();
  }
  if (goes) {
    goes = false;
    const place = links().find((link) => link.dataset.view[0] === key);
    if (place) desk.go(place.dataset.view);
    if (key === "h") location.href = site.home;
    return event.preventDefault();
  }
  const isOnControl = target.closest?.("button, a, summary") && (key === "Enter" || key === " ");
  if (isOnControl) return;
  const [next, back] = [() => list.move(1), () => list.move(-1)];
  // A view without a list scrolls by itself.
  const moves = {
    ...(list && { j: next, ArrowDown: next, k: back, ArrowUp: back, Home: () => list.go(0), End: () => list.go(list.length - 1), PageDown: () => list.page(1), PageUp: () => list.page(-1),
      " ": () => { list.toggle(); next(); }, Escape: () => { list.selected.clear(); list.show(); }, "/": () => view.filter.focus() }),
    "?": () => dialogs.keys(help()), g: () => { goes = true; }, v: () => preview.toggle(),
  };
  const writes = { ...view.keys?.(), u: () => desk.undo() };
  if (/^[0-9]$/.test(key) && view.quality) writes[key] = () => view.quality(key === "0" ? 100 : Number(key) * 10);
  const act = moves[key] ?? (site.read_only && key !== "o" && key !== "Enter" ? undefined : writes[key]);
  if (!act) return;
  event.preventDefault();
  act();
}

/** Goes where the address says; a bookmark brings a link. */
async function follow() {
  const [view, link] = [...new URLSearchParams(location.hash.slice(1))][0] ?? ["queue"];
  await desk.go(view, Boolean(link));
  if (link) desk.view.take?.(link);
}

addEventListener("keydown", onKey);
$("undo").addEventListener("click", () => desk.undo());
$("pane").addEventListener("click", () => preview.toggle());
$("help").addEventListener("click", () => dialogs.keys(help()));
addEventListener("hashchange", follow);
addEventListener("unhandledrejection", (event) => say(event.reason?.message ?? String(event.reason), true));

desk.views.queue = new Queue(desk);
await refreshState();
await follow();
listen(refresh, showProblems);
document.body.classList.add("ready");
