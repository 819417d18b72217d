// What queue and edition have in common: how a story is drawn, and how it is edited.
import { Refused, read, write } from "./api.js";
import { ago, button, el, out, pre, say } from "./dom.js";
import { List } from "./list.js";

/** Whether a dialog is about to open: keys are meant for it. */
export let isOpening = false;
let loaded;
/** The dialogs: their module is loaded when the first is opened; later ones open at once. */
export async function dialogs() {
  if (loaded) return loaded;
  isOpening = true;
  try {
    return (loaded = await import("./dialogs.js"));
  } finally {
    isOpening = false;
  }
}
const ask = async (name, ...about) => (await dialogs())[name](...about);

/** The state of the site as the server last told it. */
export const site = { topics: [], reasons: {}, now: new Date().toISOString(), read_only: true, reject_reasons: [] };

// Versions of files that this page itself made or replaced, by id, with the last one: a key that is
// pressed before an edit is answered is meant for the version that the edit makes.
const ours = new Map();
/** Notes that a file has a new version through this page; `before` is the one that it replaced. */
export function wrote(id, hash, before = hash) {
  const versions = ours.get(id)?.versions ?? new Set();
  ours.set(id, { versions: versions.add(before).add(hash), hash });
}
/** A story as requests name it: as the page shows it now. */
export const named = (row) => {
  const { id, hash } = row;
  return () => {
    const known = ours.get(id);
    return { id, hash: known?.versions.has(hash) ? known.hash : hash };
  };
};

const titleOf = (rows) => (rows.length === 1 ? rows[0].title : `${rows.length} stories`);

/** The language of a text of a story, and that its direction is that of its letters. */
const spoken = (item) => ({ lang: item.language ?? "", dir: "auto" });

/** Draws a story as a row of a list. */
function draw(item, row) {
  row.classList.toggle("hidden-story", Boolean(item.hidden || item.reason));
  row.classList.toggle("gone", Boolean(item.gone));
  row.classList.toggle("follows", Boolean(item.follows));
  const number = item.quality ?? item.suggested;
  row.append(
    el("span.tick", { "aria-hidden": "true" }),
    el("span", { class: item.quality == null ? "score guess" : "score", title: "Quality" }, number ?? "–"),
    el("span.text",
      el("span.headline", spoken(item), item.title),
      item.problem ? el("span.excerpt.wrong", item.problem) : el("span.excerpt", spoken(item), item.highlight || item.excerpt || ""),
      el("span.meta", item.gone && el("b.wrong", "decided elsewhere"), item.newer && el("b.wrong", "changed elsewhere"),
        item.reason && el("b.wrong", item.reason), el("b", item.provider ?? ""), item.source && el("span", item.source),
        el("time", { dateTime: item.date ?? "" }, ago(item.date, site.now)), item.providers?.length > 1 && el("span", `${item.providers.length} report it`),
        item.site?.length > 0 && el("span", "on the site"), item.pin && el("span", "pinned"), item.language && el("span", item.language), item.topics?.length > 0 && el("span", item.topics.join(", ")))),
    ...(item.image ? [thumb(item)] : []),
  );
}

function thumb(item, properties = {}) {
  const picture = el("img", { alt: "", loading: "lazy", decoding: "async", referrerPolicy: "no-referrer", ...properties });
  picture.addEventListener("error", () => picture.remove());
  picture.src = /^https?:\/\//.test(item.image) ? item.image : item.image.startsWith("/") ? site.base + item.image : "data:,";
  return picture;
}

const fact = (name, ...value) => value.some((part) => part) && [el("dt", name), el("dd", ...value)];

/** Draws all that is known of a story, with what can be done to it. */
export function detail(item, actions) {
  if (!item) return el("p.empty", "Nothing is selected.");
  return el("article",
    el("p.actions", { role: "toolbar", "aria-label": "Actions" }, actions.map(([text, key, act, properties]) => button(text, act, key, { disabled: site.read_only && key !== "o", ...properties }))),
    item.image && thumb(item, { class: "picture" }),
    el("h2", spoken(item), item.title),
    el("p.meta", out(item.link, item.provider ?? item.domain ?? "the original"), el("time", { dateTime: item.date ?? "" }, (item.date ?? "").slice(0, 16).replace("T", " ")), item.source && el("span", `by ${item.source}`)),
    item.highlight && el("p.standfirst", spoken(item), item.highlight),
    item.excerpt && el("p.standfirst", spoken(item), item.excerpt),
    item.problem && pre("wrong", "Problem", item.problem),
    el("dl.facts",
      fact("Quality", item.quality == null ? "not set" : String(item.quality),
        item.suggested != null && ` (suggested: ${item.suggested})`),
      fact("Why", item.reasons?.length > 0 && el("ul", item.reasons.map((reason) => el("li", reason)))),
      fact("Topics", item.topics?.join(", ") || "none"), fact("Reported by", item.providers?.length > 1 && item.providers.join(", ")),
      fact("On the site", item.site?.length > 0 && el("ul", item.site.map((it) => el("li", `${it.date.slice(0, 10)} ${it.title}`)))),
      fact("Language", item.language), fact("Event", item.event), fact("Pinned", item.pin === true ? "for good" : item.pin && `until ${item.pin.slice(0, 10)}`),
      fact("In the queue", item.queued && ago(item.queued, site.now)), fact("File", el("code", item.path))));
}

/**
 * Edits stories, and says what became of it. `apply` takes the new rows; with `look`, the lines are
 * shown first. A conflict is shown, and the editor chooses.
 */
export async function edit(rows, changes, apply, { look = false, what = "" } = {}) {
  if (!rows.length || !changes.length) return false;
  const names = rows.map(named);
  try {
    if (look) {
      const planned = await write("edit", () => ({ items: names.map((name) => name()), changes, preview: true }));
      if (!(await ask("confirm", planned.files, what))) return false;
    }
    const done = await write("edit", () => ({ items: names.map((name) => name()), changes }));
    done.files.forEach(({ row }, at) => wrote(row.id, row.hash, names[at]().hash));
    apply(done.files.map(({ row }) => row), done.undo);
    if (what) say(`${what}: ${titleOf(rows)}`);
    return true;
  } catch (error) {
    const done = error.answer?.done ?? [];
    for (const { row } of done) wrote(row.id, row.hash, names[rows.findIndex((it) => it.id === row.id)]().hash);
    if (done.length) apply(done.map(({ row }) => row));
    return failed(error, "Apply mine to theirs", async (now) => {
      apply(now);
      return edit(rows.map((row) => now.find((it) => it.id === row.id) ?? row), changes, apply);
    }, apply);
  }
}

/**
 * Shows what was refused. On a conflict, `again` is called with what the files are now if the
 * editor wants so; else `apply` is.
 */
export async function failed(error, mine, again, apply) {
  if (!(error instanceof Refused)) throw error;
  if (error.status !== 409) {
    say(error.message, true);
    return false;
  }
  const conflicts = error.answer.conflicts;
  // The last version is that of somebody else.
  for (const { id } of conflicts) ours.delete(id);
  const now = conflicts.filter((it) => it.now).map((it) => it.now);
  if (await ask("conflict", conflicts, mine, error.answer.done?.length)) return again(now);
  apply?.(now);
  return false;
}

/** A list of stories, and what can be done to them: what queue and edition have in common. */
export class Stories {
  constructor(desk, list) {
    this.desk = desk;
    this.none = button("", () => this.list.clear(), "Esc", { hidden: true });
    const marked = (count) => {
      this.none.hidden = !count;
      this.none.firstChild.data = `${count} selected ×`;
    };
    this.list = new List({ draw, key: (row) => row.id, moved: (row) => this.moved(row), marked, ...list });
    this.count = el("output.soft", { "aria-live": "off" });
    this.panel = el("section.panel", { "aria-label": "Story" });
  }

  /** The parts of the view: the list below a bar, and the current story. */
  layout(...bar) {
    this.parts = [el("div.side", el("form.bar", { role: "search", onsubmit: (event) => { event.preventDefault(); this.list.box.focus(); } }, bar, this.none), this.list.box), this.panel];
  }

  /** What can be done here and there: words, key and deed. */
  common() {
    return [["Quality", "1–0", () => this.askQuality()], ["Topics", "t", () => this.topics()], ["Event", "m", () => this.event()], ["Pin", "s", () => this.pin()],
      ["Edit", "e", () => this.editStory()], ["Open", "o", () => this.openOriginal()]];
  }

  keys() {
    return Object.fromEntries(this.actions(this.list.now()).map(([, key, act]) => [key, act]));
  }

  quality(number) {
    return this.change([{ field: "quality", set: String(number) }], `Quality ${number}`);
  }

  async askQuality() {
    const row = this.list.now();
    const number = row && (await ask("quality", row.title, row.quality));
    if (number) await this.quality(number);
  }

  async topics() {
    const rows = this.chosen();
    if (!rows.length) return;
    const before = rows[0].topics ?? [];
    const after = await ask("topics", titleOf(rows), before, site.topics.map((topic) => topic.name));
    const only = (some, others, how) => some.filter((name) => !others.includes(name)).map((name) => ({ field: "topics", [how]: name }));
    if (after) await this.change([...only(before, after, "remove"), ...only(after, before, "add")], "Topics", rows);
  }

  /** Joins stories to an event, or parts them from theirs. */
  async event() {
    const rows = this.chosen();
    if (!rows.length) return;
    const oldest = rows.reduce((a, b) => (b.date < a.date ? b : a));
    const picked = await ask("event", titleOf(rows), rows, (words) => read(`events/${oldest.id}?q=${encodeURIComponent(words)}`));
    if (!picked) return;
    const more = picked.first && rows.every((row) => row.id !== picked.first.id) ? [picked.first] : [];
    await this.change([{ field: "event", ...(picked.name ? { set: picked.name } : { unset: true }) }], "Event", [...rows, ...more]);
  }

  async editStory() {
    const row = this.list.now();
    const changes = row && (await ask("story", row));
    if (changes?.length) await this.change(changes, "Edited", [row]);
  }

  openOriginal() {
    const { link } = this.list.now() ?? {};
    if (/^https?:\/\//.test(link ?? "")) open(link, "_blank", "noopener,noreferrer");
    else say("This story has no link.", true);
  }
}
