// Elements, made without ever reading markup: every text goes in as text.

export const $ = (id) => document.getElementById(id);

/**
 * An element, named with its classes (`p.row`), with properties (`class`, `data-…`, `aria-…` and
 * events included), if an object says so, and children.
 */
export function el(name, ...children) {
  const [tag, ...classes] = name.split(".");
  const made = document.createElement(tag);
  if (classes.length) made.className = classes.join(" ");
  const properties = children[0]?.constructor === Object ? children.shift() : {};
  for (const [key, value] of Object.entries(properties)) {
    if (value == null || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key === "class") made.className = value;
    else if (/^(aria|data)-|^(role|for|list)$/.test(key)) made.setAttribute(key, value);
    else made[key] = value;
  }
  made.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
  return made;
}

/** A link that leads out: only to the web, in a tab of its own that learns nothing of this one. */
export function out(url, text, properties = {}) {
  if (!/^https?:\/\//.test(url ?? "")) return el("span", properties, text);
  return el("a", { ...properties, href: url, target: "_blank", rel: "noopener noreferrer" }, text);
}

/** A button; with a key that does the same where the button is. */
export const button = (text, onclick, key, properties) =>
  el("button", { type: "button", onclick, ...properties }, text, key && el("kbd", { "aria-hidden": "true" }, key));

/** The button that is meant most often. */
export const main = (text, onclick, key = "Enter", properties) => button(text, onclick, key, { class: "main", ...properties });

/** A button that sends a form. */
export const submit = (text, properties) => el("button.main", { ...properties }, text, el("kbd", { "aria-hidden": "true" }, "Ctrl Enter"));

/** A text as a machine has it, which may be long: it scrolls. */
export const pre = (kind, label, ...text) => el(`pre.${kind}`, { tabIndex: 0, "aria-label": label }, ...text);

/** Chooses one of some values, each with its text. */
export const choice = (label, texts, onchange) =>
  el("select", { "aria-label": label, onchange }, Object.entries(texts).map(([value, text]) => el("option", { value }, text)));

/** A table: the heads of its columns, and its rows. */
export const table = (heads, rows) => el("table", el("thead", el("tr", heads.map((name) => el("th", { scope: "col" }, name)))), el("tbody", rows));

const UNITS = [["y", 31557600], ["mo", 2629800], ["w", 604800], ["d", 86400], ["h", 3600], ["min", 60]];

/** How long ago a time was, in its largest unit. */
export function ago(time, now) {
  const seconds = (new Date(now) - new Date(time)) / 1000;
  if (!time || Number.isNaN(seconds)) return "";
  const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? ["min", 60];
  const count = Math.max(1, Math.floor(Math.abs(seconds) / size));
  return seconds < 0 ? `in ${count} ${unit}` : `${count} ${unit} ago`;
}

let quiet;
/** Says something at the foot of the page, and to screen readers: a text, or a list of parts. */
export function say(what, isWrong = false) {
  const said = $("said");
  said.replaceChildren(...[what].flat());
  said.classList.toggle("wrong", isWrong);
  clearTimeout(quiet);
  if (!isWrong && !Array.isArray(what)) quiet = setTimeout(() => (said.textContent = ""), 6000);
}
