// The desk: its views, its keys, and what the server tells.
import { listen, read, settled, write } from "./api.js";
import { $, el, pre, say } from "./dom.js";
import Queue from "./queue.js";
import { dialogs, failed, isOpening, site, wrote } from "./story.js";

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
    pane?.show(row);
  },

  async undo(skip = false) {
    try {
      const answer = await write("undo", skip ? { skip } : {});
      for (const { id, hash } of answer.files) if (hash) wrote(id, hash);
      this.undoable(answer.undo);
      const deeds = { publish: "published", reject: "rejected", edit: "edited", delete: "deleted", new: "new" };
      say(answer.what === "kept" ? `Skipped: ${answer.about}` : `Undone: ${answer.about} (${deeds[answer.deed]})`);
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

/** The pane beside the desk: its module is loaded when it is shown for the first time. */
let pane;
async function preview() {
  pane ??= await import("./preview.js");
  pane.toggle(desk.view?.list?.now());
}

const showKeys = async () => (await dialogs()).keys(help());

async function refreshState() {
  Object.assign(site, await read("state"));
  site.base = site.home.replace(/\/$/, "");
  $("site").textContent = site.title;
  $("site").href = site.home;
  document.title = `Desk · ${site.title}`;
  document.body.classList.toggle("read-only", site.read_only);
  showProblems(site.problems);
  desk.undoable(site.undo);
  desk.waiting(site.candidates);
}

function showProblems(problems) {
  $("problems").hidden = !problems.length;
  const count = problems.reduce((sum, problem) => sum + problem.count, 0);
  $("problems").replaceChildren(el("details", el("summary", count === 1 ? "1 problem of the site" : `${count} problems of the site`),
    problems.map(({ text }) => pre("lines", "Problem", text))));
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
        await Promise.all([refreshState().then(() => desk.view?.refresh()), pane?.again()]);
      } catch (error) {
        say(error.message, true);
      }
    } while (isAskedAgain);
    refreshing = undefined;
  })();
}

const isTyping = (target) => target.closest?.("input:not([type=checkbox]), textarea, select");

let goes = false;
function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (isOpening) return event.preventDefault();
  if (document.querySelector("dialog")) return;
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
      " ": () => { list.toggle(); next(); }, Escape: () => list.clear(), "/": () => view.filter.focus() }),
    "?": showKeys, g: () => { goes = true; }, v: preview,
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
$("pane").addEventListener("click", preview);
$("help").addEventListener("click", showKeys);
addEventListener("hashchange", follow);
addEventListener("unhandledrejection", (event) => say(event.reason?.message ?? String(event.reason), true));

// The queue is on its way while the state is.
desk.views.queue = new Queue(desk, /^#?(queue)?$/.test(location.hash) ? read("queue") : undefined);
await refreshState();
await follow();
listen(refresh, showProblems);
document.body.classList.add("ready");
