// Dialogs: keys, topics, the form of a story, conflicts. Each gives the focus back.
import { button, el, main, pre, submit } from "./dom.js";

/** Opens a dialog and resolves with what closed it. `build(close)` returns its content. */
export function ask(label, build, { className = "" } = {}) {
  return new Promise((resolve) => {
    const before = document.activeElement;
    const close = (value) => {
      dialog.close();
      dialog.remove();
      before?.focus?.();
      resolve(value);
    };
    const dialog = el("dialog", { class: className, "aria-label": label });
    dialog.append(...[build(close)].flat(Infinity).filter(Boolean));
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      close();
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

const cancel = (close) => button("Cancel", () => close(), "Esc");
const focused = { autofocus: true };
/** What a dialog is for, and about which story. */
const head = (what, title) => [el("h2", what), title && el("p.about", title)];

/** All keys. */
export const keys = (groups) => ask("Keys", (close) => [
  head("Keys"),
  el("div.keys", groups.map(([name, rows]) => el("section", el("h3", name),
    el("dl", rows.map(([key, what]) => [el("dt", key.split(" ").map((part) => el("kbd", part))), el("dd", what)]))))),
  el("p.row", button("Close", () => close(), "Esc", focused)),
], { className: "wide" });

/** The lines of a difference. */
export const hunks = (lines) => pre("lines", "Changed lines", ...lines.flatMap((hunk) => [
  ...hunk.old.map((line) => el("del", `- ${line}\n`)),
  ...hunk.new.map((line) => el("ins", `+ ${line}\n`)),
]));

/** Asks whether these lines are to be changed. */
export const confirm = (files, what) => ask("Preview of the edit", (close) => {
  const changed = files.filter((file) => file.lines.length);
  return [head(what || "These lines change", `${changed.length} of ${files.length} files change.`),
    el("div.scroll", { tabIndex: 0, role: "region", "aria-label": "Changed lines" }, changed.slice(0, 200).map((file) => [el("h3", file.path), hunks(file.lines)]),
      changed.length > 200 && el("p", `… and ${changed.length - 200} more files`)),
    el("p.row", main("Write", () => close(true), "Enter", { ...focused, disabled: !changed.length }), cancel(close))];
}, { className: "wide" });

/** Asks whether stories are to be deleted. */
export const remove = (rows) => ask("Delete", (close) => [head(rows.length === 1 ? "Delete this article?" : `Delete ${rows.length} articles?`),
  el("ul", rows.slice(0, 20).map((row) => el("li", row.title))), el("p.about", "Undo brings it back."), el("p.row", main("Delete", () => close(true), "Enter", focused), cancel(close))]);

/** What somebody else did to a file; resolves with true when ours is to be done on top of it. */
export const conflict = (conflicts, mine, done = 0) => ask("Changed meanwhile", (close) => [
  head("Changed meanwhile"),
  el("p", conflicts.length === 1 ? "Another program or another tab wrote to this file after you saw it. " : `Other programs or tabs wrote to ${conflicts.length} files after you saw them. `,
    done ? `${done === 1 ? "1 file was" : `${done} files were`} done before that; undo takes them back.` : "Nothing of yours was written."),
  conflicts.map((it) => [
    el("h3", it.path),
    it.now ? (it.lines ? hunks(it.lines) : el("p", `It is now: ${it.now.title ?? it.path}`)) : el("p", "The file is gone, or its folder is no folder of the site any more."),
  ]),
  el("p.row", main("Keep theirs", () => close(false), "Esc", focused),
    mine && conflicts.every((it) => it.now) && button(mine, () => close(true))),
], { className: "wide" });

/**
 * A field with completion. `find(words)` gives what fits, as pairs of what is shown and a value;
 * `pick` takes a value. Enter picks; if `done` is given and nothing is typed, it calls that.
 */
function completion(label, placeholder, find, pick, done) {
  const matches = el("ul.matches", { role: "listbox", "aria-label": label, id: "matches" });
  let [at, found] = [0, []];
  const field = el("input", { type: "text", autofocus: true, autocomplete: "off", spellcheck: false, role: "combobox", "aria-expanded": "true",
    "aria-controls": "matches", "aria-label": placeholder, placeholder, oninput: () => renew() });
  const take = (value) => {
    field.value = "";
    pick(value);
    renew();
  };
  const show = () => {
    matches.replaceChildren(...found.map(([text, value], index) => el("li", { role: "option", id: `match-${index}`, "aria-selected": String(index === at),
      class: index === at ? "current" : "", onclick: () => take(value) }, text)));
    field.setAttribute("aria-activedescendant", found.length ? `match-${at}` : "");
  };
  const renew = async () => {
    const words = field.value.trim();
    const fits = await find(words);
    if (words !== field.value.trim()) return;
    [found, at] = [fits, 0];
    show();
  };
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      at = (at + (event.key === "ArrowDown" ? 1 : found.length - 1)) % Math.max(1, found.length);
      show();
    } else if (event.key !== "Enter") return;
    else if (done && !field.value.trim()) done();
    else if (found[at]) take(found[at][1]);
    event.preventDefault();
  });
  renew();
  return [field, matches];
}

/** Chooses topics: resolves with the new list, or nothing. */
export const topics = (title, chosen, known) => ask("Topics", (close) => {
  const picked = new Set(chosen);
  const list = el("ul.picks");
  const show = () => list.replaceChildren(...[...picked].map((name) => el("li", button(name, () => toggle(name), "×", { "aria-label": `Take away ${name}` }))));
  const toggle = (name) => {
    if (!picked.delete(name)) picked.add(name);
    show();
    field.focus();
  };
  const find = (words) => {
    const low = words.toLowerCase();
    const found = known.filter((name) => name.toLowerCase().includes(low));
    found.sort((a, b) => b.toLowerCase().startsWith(low) - a.toLowerCase().startsWith(low));
    const more = low && !known.some((name) => name.toLowerCase() === low) ? [[`New: ${words}`, words]] : [];
    return [...found.slice(0, 12).map((name) => [[name, picked.has(name) && " ✓"], name]), ...more];
  };
  show();
  const done = () => close([...picked]);
  const [field, matches] = completion("Topics", "Type a topic; Enter adds it or takes it away", find, toggle, done);
  return [head("Topics", title), list, field, matches,
    el("p.row", main("Done", done), cancel(close))];
});

/**
 * Chooses an event for stories: resolves with its `name` and its `first` report, if that has to get
 * the name as well; with no name if none is to be given. `near(words)` gives events.
 */
export const event = (title, rows, near) => ask("Event", (close) => [head("Event", title),
  completion("Events", "Words of an event, or a name for a new one", async (words) => {
    const { name, events } = await near(words);
    const others = events.map((it) => [[it.title, el("small", `${it.date.slice(0, 10)} · ${it.reports === 1 ? "1 report" : `${it.reports} reports`}${it.first ? "" : ` · ${it.name}`}`)], it]);
    if (words) return [...others, [`New: ${words}`, { name: words }]];
    return [...(rows.length > 1 ? [[`Together: ${name}`, { name }]] : []), ...others.slice(0, 7), ["None: it stands alone", { name: "none" }],
      ...(rows.some((row) => row.event) ? [["As its words say", {}]] : [])];
  }, close),
  el("p.row", cancel(close))]);

/** Pins a story, until a day or for good: resolves with a change, or nothing. */
export const pin = (row) => ask("Pin", (close) => {
  const day = el("input", { type: "date", id: "until" });
  const pinned = () => close({ set: day.value || "true" });
  return [head("Pin to the front page", row.title),
    el("p.field", el("label", { for: "until" }, "Until the day (none: for good)"), day),
    el("p.row", row.pin ? main("Take the pin away", () => close({ unset: true }), "Enter", focused) : main("Pin", pinned, "Enter", focused),
      row.pin && button("Change", pinned), cancel(close))];
});

/** Chooses a quality: resolves with it, or nothing. */
export const quality = (title, now) => ask("Quality", (close) => [
  head("Quality", title),
  el("p.row.ten", [10, 20, 30, 40, 50, 60, 70, 80, 90, 100].map((number) =>
    button(`${number}`, () => close(number), undefined, { "aria-pressed": String(number === now), class: number === now ? "main" : "" }))),
  el("p.row", cancel(close)),
]);

/** The fields of a story: name, label and element. */
export const FIELDS = [
  ["title", "Headline", "textarea"], ["excerpt", "Excerpt", "textarea"], ["highlight", "Highlight (your own sentence)", "textarea"],
  ["image", "Picture (address)", "input"], ["date", "Date", "input"], ["provider", "Provider", "input"],
];
const NAMES = { date: "publishedDateTime", provider: "provider.name" };

/** Fields for a story, and what gives the value of one; `key` tells several stories apart. */
export function fields(row, key, list = FIELDS) {
  const made = new Map(list.map(([name, label, kind]) => {
    const field = el(kind, { id: `${key}-${name}`, value: row[name] ?? "", spellcheck: true, autocomplete: "off" });
    if (kind === "textarea") field.rows = name === "excerpt" ? 4 : 2;
    return [name, [field, el("p.field", el("label", { for: field.id }, label), field)]];
  }));
  return [[...made.values()].map(([, line]) => line), (name) => made.get(name)[0].value.replace(/\s*\n\s*/g, " ").trim()];
}

/** Edits the fields of a story: resolves with changes, or nothing. */
export const story = (row) => ask("Edit", (close) => {
  const [lines, value] = fields(row, "edit");
  const save = (event) => {
    event?.preventDefault();
    const changed = FIELDS.filter(([name]) => value(name) !== (row[name] ?? ""));
    close(changed.map(([name]) => ({ field: NAMES[name] ?? name, ...(value(name) || name === "title" ? { set: value(name) } : { unset: true }) })));
  };
  return el("form", { onsubmit: save, onkeydown: (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey || event.target.tagName === "INPUT")) save(event);
  } }, head("Edit"), lines, el("p.row", submit("Save "), cancel(close)));
}, { className: "wide" });
