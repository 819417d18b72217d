// Elements, made without ever reading markup: every text goes in as text.

export const $ = (id) => document.getElementById(id);

/** An element with properties (`class`, `data-…`, `aria-…` and events included) and children. */
export function el(name, properties = {}, ...children) {
  const made = document.createElement(name);
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

export const button = (text, onclick, key, properties = {}) =>
  el("button", { type: "button", onclick, ...properties }, text, key && el("kbd", { "aria-hidden": "true" }, key));

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
/** Says something at the foot of the page, and to screen readers. */
export function say(text, isWrong = false) {
  const said = $("said");
  said.textContent = text;
  said.classList.toggle("wrong", isWrong);
  clearTimeout(quiet);
  if (!isWrong) quiet = setTimeout(() => (said.textContent = ""), 6000);
}
