// Windows over the page: keys, topics, the form of a story, conflicts. Each gives the focus back.
import { button, el } from "./dom.js";

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

/** All keys. */
export const keys = (groups) => ask("Keys", (close) => [
  el("h2", {}, "Keys"),
  el("div", { class: "keys" }, groups.map(([name, rows]) => el("section", {}, el("h3", {}, name),
    el("dl", {}, rows.map(([key, what]) => [el("dt", {}, key.split(" ").map((part) => el("kbd", {}, part))), el("dd", {}, what)]))))),
  el("p", { class: "row" }, button("Close", () => close(), "Esc", { autofocus: true })),
], { className: "wide" });

/** The lines of a difference. */
export const hunks = (lines) => el("pre", { class: "lines", tabIndex: 0, "aria-label": "Changed lines" }, lines.flatMap((hunk) => [
  ...hunk.old.map((line) => el("del", {}, `- ${line}\n`)),
  ...hunk.new.map((line) => el("ins", {}, `+ ${line}\n`)),
]));

/** What somebody else did to a file; resolves with true when ours is to be done on top of it. */
export const conflict = (conflicts, mine, done = 0) => ask("Changed meanwhile", (close) => [
  el("h2", {}, "Changed meanwhile"),
  el("p", {}, conflicts.length === 1 ? "Another program or another tab wrote to this file after you saw it. " : `Other programs or tabs wrote to ${conflicts.length} files after you saw them. `,
    done ? `${done === 1 ? "1 file was" : `${done} files were`} done before that; undo takes them back.` : "Nothing of yours was written."),
  conflicts.map((it) => [
    el("h3", {}, it.path),
    it.now ? (it.lines ? hunks(it.lines) : el("p", {}, `It is now: ${it.now.title ?? it.path}`)) : el("p", {}, "The file is gone, or its folder is no folder of the site any more."),
  ]),
  el("p", { class: "row" }, button("Keep theirs", () => close(false), "Esc", { class: "main", autofocus: true }),
    mine && conflicts.every((it) => it.now) && button(mine, () => close(true))),
], { className: "wide" });

/** Chooses topics: resolves with the new list, or nothing. */
export const topics = (title, chosen, known) => ask("Topics", (close) => {
  const picked = new Set(chosen);
  const list = el("ul", { class: "picks" });
  const matches = el("ul", { class: "matches", role: "listbox", "aria-label": "Topics", id: "matches" });
  let at = 0;
  let found = [];
  const field = el("input", { type: "text", autocomplete: "off", spellcheck: false, role: "combobox", "aria-expanded": "true",
    "aria-controls": "matches", "aria-label": "Add or take away a topic", placeholder: "Type a topic; Enter adds it or takes it away" });
  const toggle = (name) => {
    if (!picked.delete(name)) picked.add(name);
    field.value = "";
    find();
  };
  const find = () => {
    const words = field.value.trim().toLowerCase();
    found = known.filter((name) => name.toLowerCase().includes(words));
    found.sort((a, b) => b.toLowerCase().startsWith(words) - a.toLowerCase().startsWith(words));
    found = found.slice(0, 12);
    if (words && !known.some((name) => name.toLowerCase() === words)) found.push(field.value.trim());
    at = 0;
    show();
  };
  const show = () => {
    list.replaceChildren(...[...picked].map((name) => el("li", {}, button(name, () => toggle(name), "×", { "aria-label": `Take away ${name}` }))));
    matches.replaceChildren(...found.map((name, index) => el("li", { role: "option", id: `match-${index}`, "aria-selected": String(index === at),
      class: index === at ? "current" : "", onclick: () => toggle(name) }, known.includes(name) ? name : `New: ${name}`, picked.has(name) && " ✓")));
    if (found[at] !== undefined) field.setAttribute("aria-activedescendant", `match-${at}`);
    else field.removeAttribute("aria-activedescendant");
  };
  field.addEventListener("input", find);
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      at = (at + (event.key === "ArrowDown" ? 1 : found.length - 1)) % Math.max(1, found.length);
      show();
      event.preventDefault();
    } else if (event.key === "Enter") {
      if (field.value.trim() && found[at] !== undefined) toggle(found[at]);
      else close([...picked]);
      event.preventDefault();
    }
  });
  find();
  return [el("h2", {}, "Topics"), el("p", { class: "about" }, title), list, field, matches,
    el("p", { class: "row" }, button("Done", () => close([...picked]), "Enter", { class: "main" }), button("Cancel", () => close(), "Esc"))];
});

/** Chooses a quality: resolves with it, or nothing. */
export const quality = (title, now) => ask("Quality", (close) => [
  el("h2", {}, "Quality"), el("p", { class: "about" }, title),
  el("p", { class: "row ten" }, [10, 20, 30, 40, 50, 60, 70, 80, 90, 100].map((number) =>
    button(`${number}`, () => close(number), undefined, { "aria-pressed": String(number === now), class: number === now ? "main" : "" }))),
  el("p", { class: "row" }, button("Cancel", () => close(), "Esc")),
]);

const FIELDS = [
  ["title", "Headline", "textarea"], ["excerpt", "Excerpt", "textarea"], ["highlight", "Highlight (your own sentence)", "textarea"],
  ["image", "Picture (address)", "input"], ["date", "Date", "input"], ["provider", "Provider", "input"],
];
const NAMES = { date: "publishedDateTime", provider: "provider.name" };

/** Edits the fields of a story: resolves with changes, or nothing. */
export const story = (row) => ask("Edit", (close) => {
  const fields = FIELDS.map(([name, label, kind]) => {
    const field = el(kind, { id: `edit-${name}`, value: row[name] ?? "", spellcheck: true, autocomplete: "off" });
    if (kind === "textarea") field.rows = name === "excerpt" ? 4 : 2;
    return [name, label, field];
  });
  const save = (event) => {
    event?.preventDefault();
    const changed = fields.filter(([name, , field]) => field.value.trim() !== (row[name] ?? ""));
    close(changed.map(([name, , field]) => {
      const value = field.value.replace(/\s*\n\s*/g, " ").trim();
      const key = NAMES[name] ?? name;
      return value || name === "title" ? { field: key, set: value } : { field: key, unset: true };
    }));
  };
  return el("form", { onsubmit: save, onkeydown: (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey || event.target.tagName === "INPUT")) save(event);
  } }, el("h2", {}, "Edit"), fields.map(([name, label, field]) => el("p", { class: "field" }, el("label", { for: `edit-${name}` }, label), field)),
  el("p", { class: "row" }, el("button", { class: "main" }, "Save ", el("kbd", { "aria-hidden": "true" }, "Ctrl Enter")), button("Cancel", () => close(), "Esc")));
}, { className: "wide" });
