// The sources: their health, and fetching now.
import { read, write } from "./api.js";
import { ago, button, el, main, out, pre, say, table } from "./dom.js";
import { site } from "./story.js";

/** Follows a command until it is done; `show` gets what it printed so far. */
export async function follow(id, show) {
  for (;;) {
    const job = await read(`jobs/${id}`);
    show(job);
    if (job.code !== null) return job;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

/** A place for what a command prints. */
export function output(label) {
  const box = el("pre.lines", { tabIndex: 0, hidden: true, role: "log", "aria-label": label });
  const show = (job) => {
    box.hidden = false;
    const state = job.code === null ? "…" : job.code === 0 ? "done" : `failed with exit code ${job.code}`;
    box.textContent = [`newsgen ${job.command}`, ...job.lines, state].join("\n");
    box.scrollTop = box.scrollHeight;
  };
  return [box, show];
}

const HEADS = ["Source", "State", "Last answer", "Due", "Items", "Queued", "Published", "Rejected", "Actions"];

export default class Sources {
  constructor() {
    [this.log, this.show] = output("Output");
    this.problems = el("div");
    this.table = el("div.scroll-x", { tabIndex: 0, role: "region", "aria-label": "Sources" });
    this.parts = [el("section.page",
      el("p.row", main("Fetch what is due", () => this.run({ do: "fetch" }), "", { disabled: site.read_only })), this.log, this.problems, this.table)];
  }

  async refresh() {
    const { sources, problems } = await read("sources");
    this.problems.replaceChildren(...problems.map((problem) => pre("wrong", "Problem", problem)));
    const rows = sources.map((row) => el("tr",
      el("th", { scope: "row" }, out(row.feed, row.title ?? row.name), el("small", row.path)),
      el("td", { class: row.state === "failing" ? "wrong" : "" }, row.state, row.problem && el("small.wrong", row.problem)),
      [ago(row.answered, site.now), ago(row.next, site.now)].map((time, at) => el("td", { "data-head": HEADS[2 + at] }, time)),
      [row.seen, row.queued, row.published, row.rejected].map((count, at) => el("td.number", { "data-head": HEADS[4 + at] }, count)),
      el("td", !site.read_only && [button("Fetch", () => this.run({ id: row.id, do: "fetch" })), button("Test", () => this.run({ id: row.id, do: "test" })),
        button(row.state === "paused" ? "Resume" : "Pause", () => this.pause(row))])));
    const none = el("tr", el("td", { colSpan: 9 }, "There are no sources. `newsgen sources add` makes one."));
    const buttons = () => [...this.table.querySelectorAll("button")];
    const focused = buttons().indexOf(document.activeElement);
    this.table.replaceChildren(table(HEADS, rows.length ? rows : none));
    buttons()[focused]?.focus();
  }

  async run(request) {
    try {
      const { job } = await write("sources", request);
      const done = await follow(job, this.show);
      say(done.code === 0 ? "Done" : `The command failed with exit code ${done.code}`, done.code !== 0);
      await this.refresh();
    } catch (error) {
      say(error.message, true);
    }
  }

  async pause(row) {
    try {
      await write("sources", { id: row.id, do: row.state === "paused" ? "resume" : "pause" });
      await this.refresh();
    } catch (error) {
      say(error.message, true);
    }
  }
}
