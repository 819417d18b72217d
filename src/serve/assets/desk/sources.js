// The sources: their health, and fetching now.
import { read, write } from "./api.js";
import { ago, button, el, out, say } from "./dom.js";
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
  const box = el("pre", { class: "lines", tabIndex: 0, hidden: true, role: "log", "aria-label": label });
  const show = (job) => {
    box.hidden = false;
    const state = job.code === null ? "…" : job.code === 0 ? "done" : `failed with exit code ${job.code}`;
    box.textContent = [`newsgen ${job.command}`, ...job.lines, state].join("\n");
    box.scrollTop = box.scrollHeight;
  };
  return [box, show];
}

export default class Sources {
  constructor() {
    [this.log, this.show] = output("Output");
    this.body = el("tbody");
    this.problems = el("div");
    const heads = ["Source", "State", "Last answer", "Due", "Items", "Queued", "Published", "Rejected", "Actions"];
    this.parts = [el("section", { class: "page" },
      el("p", { class: "row" }, button("Fetch what is due", () => this.run({ do: "fetch" }), undefined, { class: "main", disabled: site.read_only })), this.log, this.problems,
      el("div", { class: "scroll-x", tabIndex: 0, role: "region", "aria-label": "Sources" }, el("table", {}, el("thead", {}, el("tr", {}, heads.map((name) => el("th", { scope: "col" }, name)))), this.body)))];
  }

  async refresh() {
    const { sources, problems } = await read("sources");
    this.problems.replaceChildren(...problems.map((problem) => el("pre", { class: "wrong", tabIndex: 0 }, problem)));
    const rows = sources.map((row) => el("tr", {},
      el("th", { scope: "row" }, out(row.feed, row.title ?? row.name), el("small", {}, row.path)),
      el("td", { class: row.state === "failing" ? "wrong" : "" }, row.state, row.problem && el("small", { class: "wrong" }, row.problem)),
      el("td", {}, ago(row.answered, site.now)), el("td", {}, ago(row.next, site.now)),
      [row.seen, row.queued, row.published, row.rejected].map((count) => el("td", { class: "number" }, count)),
      el("td", {}, !site.read_only && [button("Fetch", () => this.run({ id: row.id, do: "fetch" })), button("Test", () => this.run({ id: row.id, do: "test" })),
        button(row.state === "paused" ? "Resume" : "Pause", () => this.pause(row))])));
    const none = el("tr", {}, el("td", { colSpan: 9 }, "There are no sources. `newsgen sources add` makes one."));
    this.body.replaceChildren(...(rows.length ? rows : [none]));
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
