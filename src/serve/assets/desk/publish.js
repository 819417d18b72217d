// Publishing: build the site and send it to one of its targets.
import { read, write } from "./api.js";
import { button, el, say } from "./dom.js";
import { follow, output } from "./sources.js";
import { site } from "./story.js";

export class Publish {
  constructor() {
    [this.log, this.show] = output("Output");
    this.targets = el("div");
    this.parts = [el("section", { class: "page" }, this.targets, this.log)];
  }

  async refresh() {
    if (this.isRunning) return;
    const { targets } = await read("targets");
    const names = Object.entries(targets);
    const actions = (name) => !site.read_only && [button("What would change", () => this.run(name, true)), button("Publish", () => this.run(name, false), undefined, { class: "main" })];
    this.targets.replaceChildren(...(names.length
      ? names.map(([name, address]) => el("section", { class: "target" }, el("h2", {}, name), el("p", { class: "about" }, address), el("p", { class: "row" }, actions(name))))
      : [el("p", { class: "empty" }, "site.toml names no target."), el("p", {}, "Add one below [deploy.targets], and it can be published from here.")]));
  }

  async run(target, dry) {
    if (this.isRunning) return;
    this.isRunning = true;
    try {
      const { job } = await write("publish", { target, dry });
      const done = await follow(job, this.show);
      const words = dry ? "Nothing was sent" : `Published to ${target}`;
      say(done.code === 0 ? words : `The command failed with exit code ${done.code}`, done.code !== 0);
    } catch (error) {
      say(error.message, true);
    } finally {
      this.isRunning = false;
    }
  }
}
