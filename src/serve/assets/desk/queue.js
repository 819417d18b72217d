// The queue: candidates that wait for a decision.
import { read, write } from "./api.js";
import { button, choice, el, say } from "./dom.js";
import { Stories, detail, edit, failed, named, site } from "./story.js";

const ORDERS = { newest: "Newest first", oldest: "Oldest first", best: "Best first" };

/** Orders dates and ids, which need no rules of any language: a queue is sorted after every key. */
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** Puts those on one event below the first of them. */
function together(rows) {
  const events = Map.groupBy(rows, (row) => row.group ?? row.id);
  return [...events.values()].flatMap((group) => group.map((row, at) => Object.assign(row, { follows: at > 0 })));
}

export default class Queue extends Stories {
  /** `first` is what the first request for the queue will bring, if it was made. */
  constructor(desk, first) {
    super(desk, { label: "Candidates", item: (index) => this.shown[index], open: () => this.openOriginal() });
    Object.assign(this, { first, rows: new Map(), shown: [], version: undefined, leaving: new Set(), words: "", order: "newest" });
    this.filter = el("input", { type: "search", id: "filter", "aria-label": "Filter candidates", placeholder: "Filter: words, provider, topic, source", autocomplete: "off",
      oninput: () => { this.words = this.filter.value.toLowerCase(); this.arrange(); } });
    const order = choice("Order", ORDERS, () => { this.order = order.value; this.arrange(); });
    this.layout(this.filter, order, this.count);
  }

  /** Takes in what changed since the last time. */
  async refresh() {
    const news = await (this.first ?? read(`queue${this.version === undefined ? "" : `?since=${this.version}`}`));
    this.first = undefined;
    this.version = news.version;
    const current = this.list.now();
    if (news.whole) {
      const ids = new Set(news.candidates.map((row) => row.id));
      news.gone = [...this.rows.keys()].filter((id) => !ids.has(id));
    }
    for (const id of news.gone) {
      const row = this.rows.get(id);
      if (row && row === current && !this.leaving.has(id)) row.gone = true;
      else this.rows.delete(id);
      this.leaving.delete(id);
    }
    for (const row of news.candidates) {
      if (this.leaving.has(row.id)) continue;
      const before = this.rows.get(row.id);
      // What is under the cursor stays as it is read until the cursor moves on.
      if (before === current && before && !before.gone && before.hash !== row.hash && this.mine !== row.hash) before.newer = row;
      else this.rows.set(row.id, row);
    }
    if (news.whole || news.gone.length || news.candidates.length) this.arrange();
    this.desk.waiting(this.rows.size);
  }

  /** Puts the rows that fit the filter into their order; the current one stays the current one. */
  arrange(current = this.list.now()?.id) {
    const words = this.words.split(/\s+/).filter(Boolean);
    const fits = (row) => {
      if (!words.length) return true;
      const text = [row.title, row.provider, row.domain, row.source, ...(row.topics ?? []), row.excerpt].join(" ").toLowerCase();
      return words.every((word) => text.includes(word));
    };
    const score = (row) => row.suggested ?? row.quality ?? -1;
    const by = {
      newest: (a, b) => compare(b.date ?? "", a.date ?? ""),
      oldest: (a, b) => compare(a.date ?? "", b.date ?? ""),
      best: (a, b) => score(b) - score(a) || by.newest(a, b),
    };
    const before = this.list.current;
    this.shown = together([...this.rows.values()].filter(fits).sort((a, b) => by[this.order](a, b) || compare(a.id, b.id)));
    const at = this.shown.findIndex((row) => row.id === current);
    this.count.textContent = this.shown.length === this.rows.size ? `${this.rows.size}` : `${this.shown.length} of ${this.rows.size}`;
    this.list.resize(this.shown.length, at >= 0 ? at : Math.max(0, before));
  }

  moved(row) {
    const before = this.before;
    this.before = row;
    if (before && before !== row) {
      if (before.gone) {
        this.rows.delete(before.id);
        return this.arrange(row?.id);
      }
      if (before.newer) {
        this.rows.set(before.id, before.newer);
        return this.arrange(row?.id);
      }
    }
    const empty = this.rows.size ? "No candidate fits the filter." : "The queue is empty. Well done.";
    this.panel.replaceChildren(row ? detail(row, this.actions()) : el("p.empty", empty));
    this.desk.current(row);
  }

  actions() {
    return [["Publish", "p", () => this.publish(), { class: "main" }], ["Reject", "x", () => this.reject()], ...this.common()];
  }

  /** The rows that a key is meant for: the selected ones, else the current one. */
  chosen() {
    const { selected } = this.list;
    const rows = this.shown.filter((row) => selected.has(row.id));
    const row = this.list.now();
    return rows.length ? rows : row ? [row] : [];
  }

  /** Decides: it is shown at once and goes on to the next; what is refused comes back. */
  async decide(decision, reason, rows = this.chosen()) {
    rows = rows.filter((row) => !row.gone);
    if (!rows.length || site.read_only) return;
    const names = rows.map(named);
    // On its way while the list is drawn without these rows.
    const answer = write("decide", () => ({ items: names.map((name) => name()), decision, ...(reason && { reason }) }));
    const next = this.shown.slice(this.list.current).find((row) => !rows.includes(row)) ?? this.shown.findLast((row) => !rows.includes(row));
    for (const row of rows) {
      this.leaving.add(row.id);
      this.rows.delete(row.id);
      this.list.selected.delete(row.id);
    }
    this.arrange(next?.id);
    this.desk.waiting(this.rows.size);
    const about = rows.length === 1 ? rows[0].title : `${rows.length} stories`;
    say(`${decision === "publish" ? "Published" : "Rejected"}: ${about}`);
    try {
      this.desk.undoable((await answer).undo);
    } catch (error) {
      const back = (now) => {
        for (const row of rows) {
          this.leaving.delete(row.id);
          if (!this.rows.has(row.id)) this.rows.set(row.id, now.find((it) => it.id === row.id) ?? row);
        }
        this.version = undefined;
        this.arrange(rows[0].id);
        return this.refresh();
      };
      const mine = decision === "publish" ? "Publish it as it is now" : "Reject it as it is now";
      await failed(error, mine, async (now) => {
        await back(now);
        return this.decide(decision, reason, rows.map((row) => this.rows.get(row.id)).filter(Boolean));
      }, back);
      if (error.status !== 409) await back([]);
    }
  }

  publish() {
    return this.decide("publish");
  }

  /** Rejects at once; where the owner has named reasons, a second key gives one. */
  async reject() {
    const rows = this.chosen();
    if (!rows.length || !site.reject_reasons.length) return this.decide("reject");
    const reasons = site.reject_reasons.slice(0, 9);
    this.desk.second = (key) => {
      const reason = reasons[Number(key) - 1];
      this.decide("reject", reason, rows);
      return reason !== undefined || key === "x" || key === "Enter";
    };
    const give = (reason) => () => {
      this.desk.second = undefined;
      this.list.box.focus();
      this.decide("reject", reason, rows);
    };
    say([button("Reject", give(), "x"), ...reasons.map((reason, at) => button(reason, give(reason), at + 1))]);
  }

  /** Edits rows in place. */
  change(changes, what, rows = this.chosen()) {
    return edit(rows, changes, (now, undo) => {
      for (const row of now) {
        this.mine = row.hash;
        const before = this.rows.get(row.id);
        if (before) this.rows.set(row.id, { ...before, newer: undefined, ...row });
      }
      this.desk.undoable(undo);
      this.arrange();
    }, { what });
  }

  /** Sets a quality: shown before it is written, and taken back if it is refused. */
  async quality(number) {
    const rows = this.chosen();
    const before = rows.map((row) => row.quality);
    const show = (value) => {
      rows.forEach((row, at) => { row.quality = value(at); });
      this.list.show(true);
      this.moved(this.list.now());
    };
    show(() => number);
    if (!(await super.quality(number))) show((at) => before[at]);
  }

  pin() {
    const rows = this.chosen();
    if (rows.length) return this.change([{ field: "pin", ...(rows[0].pin ? { unset: true } : { set: "true" }) }], "Pin", rows);
  }

  /** Brings back what was undone, and goes there. */
  async undone(answer) {
    for (const { id, candidate } of answer.files) {
      this.leaving.delete(id);
      if (candidate) this.rows.set(id, candidate);
    }
    if (answer.files.some((file) => file.candidate)) this.arrange(answer.files.find((file) => file.candidate).id);
    this.desk.waiting(this.rows.size);
  }
}
