// A list of any length: a box that scrolls, and rows for what is seen of it. The box keeps the
// focus; the current row is named by `aria-activedescendant`.
import { el } from "./dom.js";

/** Rows that are drawn above and below those that are seen. */
const BESIDE = 8;
/** Pixels of a row, as the style sheet has it, which may not be there yet. */
const ROW = 84;

export class List {
  /**
   * `draw(item, row)` fills a row; `item(index)` gives an item, or nothing while it is on its way;
   * `key(item)` names it; `moved(item, index)` hears which is the current one, and `marked(count)`
   * how many are selected.
   */
  constructor({ label, draw, item, key, moved, marked, open }) {
    Object.assign(this, { draw, item, key, moved, marked, length: 0, current: -1, rows: new Map(), selected: new Set() });
    this.space = el("div.space", { role: "presentation" });
    this.box = el("div.list", { tabIndex: 0, role: "listbox", "aria-label": label, "aria-multiselectable": "true" }, this.space);
    this.box.addEventListener("scroll", () => this.later(), { passive: true });
    this.space.addEventListener("click", (event) => {
      const row = event.target.closest("[data-index]");
      if (!row) return;
      const index = Number(row.dataset.index);
      this.box.focus();
      if (event.ctrlKey || event.metaKey || event.target.closest(".tick")) this.toggle(index);
      this.go(index);
    });
    this.space.addEventListener("dblclick", () => open?.());
    new ResizeObserver(() => this.measure()).observe(this.box);
  }

  measure() {
    const height = parseFloat(getComputedStyle(this.box).getPropertyValue("--row")) || ROW;
    if (height === this.height && this.box.clientHeight === this.seen) return;
    [this.height, this.seen] = [height, this.box.clientHeight];
    this.show();
  }

  later() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.show();
    });
  }

  /** Takes another number of items; the current one stays where it is seen. */
  resize(length, current = this.current) {
    const before = this.current * this.height - this.box.scrollTop;
    this.length = length;
    this.space.style.height = `${length * (this.height || ROW)}px`;
    const kept = Math.min(current, length - 1);
    if (kept !== this.current && this.current >= 0 && kept >= 0) this.box.scrollTop = kept * this.height - before;
    this.current = kept;
    this.show(true);
    this.moved?.(this.item(kept), kept);
  }

  /** Draws the rows that are seen; all of them anew with `again`. */
  show(again = false) {
    if (!this.height) return this.box.isConnected && this.measure();
    this.space.style.height = `${this.length * this.height}px`;
    const from = Math.max(0, Math.floor(this.box.scrollTop / this.height) - BESIDE);
    const to = Math.min(this.length, Math.ceil((this.box.scrollTop + this.seen) / this.height) + BESIDE);
    for (const [index, row] of this.rows) {
      if (index >= from && index < to) continue;
      row.remove();
      this.rows.delete(index);
    }
    for (let index = from; index < to; index++) {
      const item = this.item(index);
      let row = this.rows.get(index);
      if (row && !again && row.item === item) {
        this.mark(row, index, item);
        continue;
      }
      if (!row) {
        row = el("div", { role: "option", id: `row-${index}` });
        row.dataset.index = index;
        row.style.transform = `translateY(${index * this.height}px)`;
        this.rows.set(index, row);
        this.space.append(row);
      }
      row.item = item;
      row.replaceChildren();
      row.className = "item";
      if (item) this.draw(item, row);
      this.mark(row, index, item);
    }
    this.marked?.(this.selected.size);
    const current = this.rows.get(this.current);
    if (current) this.box.setAttribute("aria-activedescendant", current.id);
    else this.box.removeAttribute("aria-activedescendant");
  }

  mark(row, index, item) {
    const isSelected = Boolean(item && this.selected.has(this.key(item)));
    row.classList.toggle("current", index === this.current);
    row.classList.toggle("selected", isSelected);
    row.setAttribute("aria-selected", String(isSelected || index === this.current));
    row.setAttribute("aria-posinset", index + 1);
    row.setAttribute("aria-setsize", this.length);
  }

  /** Makes a row the current one, and brings it into sight. */
  go(index) {
    if (!this.length) return;
    this.current = Math.max(0, Math.min(index, this.length - 1));
    const top = this.current * this.height;
    const margin = this.height;
    if (top - margin < this.box.scrollTop) this.box.scrollTop = Math.max(0, top - margin);
    else if (top + this.height + margin > this.box.scrollTop + this.seen) this.box.scrollTop = top + this.height + margin - this.seen;
    this.show();
    this.moved?.(this.item(this.current), this.current);
  }

  move(step) {
    this.go(this.current + step);
  }

  page(step) {
    this.move(step * Math.max(1, Math.floor(this.seen / this.height) - 1));
  }

  toggle(index = this.current) {
    const item = this.item(index);
    if (!item) return;
    const key = this.key(item);
    if (!this.selected.delete(key)) this.selected.add(key);
    this.show();
  }

  clear() {
    this.selected.clear();
    this.show();
  }

  now() {
    return this.item(this.current);
  }
}
