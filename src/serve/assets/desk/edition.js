// The edition: what is published or dropped, and why. The list is the server's; a part of it is
// here.
import { read, write } from "./api.js";
import { choice, el, say, table } from "./dom.js";
import * as dialogs from "./dialogs.js";
import { Stories, detail, edit, failed, named, site } from "./story.js";

const PART = 100;
const ORDERS = { newest: "Newest first", oldest: "Oldest first", best: "Best first", worst: "Worst first", title: "By headline", provider: "By provider" };

export default class Edition extends Stories {
  constructor(desk) {
    super(desk, { label: "Articles", item: (index) => this.at(index), open: () => this.openPage() });
    Object.assign(this, { pieces: new Map(), chosenRows: new Map(), query: "" });
    this.filter = this.field("search", "Filter articles", "Filter: words, file, provider, topic, rule", "q");
    this.fields = {
      q: this.filter, topic: this.field("text", "Topic", "Topic", "topic", "topics"), provider: this.field("text", "Provider", "Provider", "provider"),
      from: this.field("number", "Quality from", "from", "from"), to: this.field("number", "Quality to", "to", "to"),
      since: this.field("date", "Since", "", "since"), until: this.field("date", "Before", "", "until"),
      state: choice("State", {}, () => this.look()), order: choice("Order", ORDERS, () => this.look()),
    };
    this.topicNames = el("datalist", { id: "topics" });
    const { q, order, state, topic, provider, from, to, since, until } = this.fields;
    this.layout(q, state, order, this.count, this.topicNames,
      el("details.more", el("summary", "More"), el("p.bar", topic, provider, el("span.pair", "Quality", from, "to", to), el("span.pair", since, "to", until))));
  }

  field(type, label, placeholder, name, list) {
    return el("input", { type, "aria-label": label, placeholder, autocomplete: "off", list, oninput: () => this.look() });
  }

  /** Asks for the list anew. */
  look() {
    const given = Object.entries(this.fields).map(([name, field]) => [name, field.value.trim()]).filter(([, value]) => value);
    const query = new URLSearchParams(given).toString();
    if (query === this.query) return;
    this.query = query;
    this.list.box.scrollTop = 0;
    this.list.current = 0;
    return this.refresh();
  }

  async refresh() {
    this.showStates();
    this.pieces = new Map();
    const start = Math.max(0, Math.floor(this.list.current / PART));
    await this.part(start, true);
  }

  showStates() {
    const { state } = this.fields;
    const { value } = state;
    const options = [["", "All"], ["kept", `In (${site.kept})`], ["dropped", `Out (${site.dropped})`], ...Object.entries(site.reasons).map(([name, count]) => [name, `${name} (${count})`])];
    state.replaceChildren(...options.map(([name, text]) => el("option", { value: name, selected: name === value }, text)));
    this.topicNames.replaceChildren(...site.topics.map(({ name }) => el("option", { value: name })));
  }

  /** Fetches a part of the list, unless it is here or on its way. */
  async part(number, isAsked = false) {
    const parts = this.pieces;
    if (parts.has(number)) return;
    parts.set(number, []);
    const answer = await read(`articles?${this.query}&offset=${number * PART}&limit=${PART}`);
    if (parts !== this.pieces) return;
    parts.set(number, answer.rows);
    this.count.textContent = `${answer.total}`;
    if (isAsked || answer.total !== this.list.length) this.list.resize(answer.total, Math.min(Math.max(0, this.list.current), answer.total - 1));
    else this.list.show();
    const [from, to] = [number * PART, number * PART + answer.rows.length];
    if (!isAsked && this.list.current >= from && this.list.current < to) this.moved(this.list.now());
  }

  at(index) {
    if (index < 0) return undefined;
    const part = this.pieces.get(Math.floor(index / PART));
    if (!part) this.part(Math.floor(index / PART)).catch((error) => say(error.message, true));
    return part?.[index % PART];
  }

  /** Takes in new versions of rows that are here. */
  apply(rows, undo) {
    for (const row of rows) {
      for (const part of this.pieces.values()) {
        const at = part.findIndex((it) => it.id === row.id);
        if (at >= 0) part[at] = { ...part[at], ...row };
      }
      if (this.chosenRows.has(row.id)) this.chosenRows.set(row.id, row);
    }
    this.desk.undoable(undo);
    this.list.show(true);
    this.moved(this.list.now());
  }

  async moved(row) {
    this.desk.current(row);
    this.panel.replaceChildren(detail(row, this.actions(row)));
    if (!row || row === this.explained) return;
    this.explained = row;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.explain(row), 120);
  }

  async explain(row) {
    if (row !== this.list.now()) return;
    const why = await read(`explain/${row.id}`).catch(() => undefined);
    if (!why || row !== this.list.now()) return;
    this.panel.append(el("section.why", el("h3", why.reason ? `Out: ${why.reason}` : "In"),
      why.winner && el("p", `The copy that won: ${why.winner}`),
      why.rank && el("p", `It is number ${why.rank} of those that may lead the front page.`),
      table(["Rule", "It has", "Wanted", "Set in"], why.rules.map(({ passed, rule, value, limit, setting }) =>
        el("tr", { class: passed ? "" : "wrong" }, el("th", { scope: "row" }, rule), [value, limit, setting].map((it) => el("td", it))))),
      el("h3", why.pages.length === 1 ? "1 page shows it" : `${why.pages.length} pages show it`),
      el("ul.pages", why.pages.slice(0, 50).map((page) => el("li", el("a", { href: page, target: "_blank", rel: "noopener" }, page))))));
  }

  actions(row) {
    return [["Page", "Enter", () => this.openPage(), { disabled: !row?.url }], ...this.common(), [row?.hidden ? "Show" : "Hide", "h", () => this.hide()], ["Delete", "d", () => this.remove()]];
  }

  openPage() {
    const { url } = this.list.now() ?? {};
    if (url) open(url, "_blank", "noopener");
  }

  /** The rows that a key is meant for. Selected ones may have been scrolled out of memory. */
  chosen() {
    for (const part of this.pieces.values()) {
      for (const row of part) if (this.list.selected.has(row.id)) this.chosenRows.set(row.id, row);
    }
    for (const id of this.chosenRows.keys()) if (!this.list.selected.has(id)) this.chosenRows.delete(id);
    const row = this.list.now();
    return this.chosenRows.size ? [...this.chosenRows.values()] : row ? [row] : [];
  }

  /** Edits; what is done to several is shown before. */
  change(changes, what, rows = this.chosen()) {
    return edit(rows, changes, (now, undo) => this.apply(now, undo), { look: rows.length > 1, what });
  }

  async pin() {
    const rows = this.chosen();
    const change = rows.length && (await dialogs.pin(rows[0]));
    if (change) await this.change([{ field: "pin", ...change }], "Pin", rows);
  }

  hide() {
    const rows = this.chosen();
    if (!rows.length) return;
    const isHidden = rows[0].hidden;
    return this.change([{ field: "published", set: String(Boolean(isHidden)) }], isHidden ? "Show" : "Hide", rows);
  }

  async remove() {
    const rows = this.chosen();
    if (!rows.length) return;
    const names = rows.map(named);
    if (!(await dialogs.remove(rows))) return;
    try {
      const done = await write("delete", () => ({ items: names.map((name) => name()) }));
      this.list.selected.clear();
      this.desk.undoable(done.undo);
      say(rows.length === 1 ? `Deleted: ${rows[0].title}` : `Deleted: ${rows.length} articles`);
    } catch (error) {
      await failed(error, undefined, undefined, (now) => this.apply(now));
    }
  }
}
