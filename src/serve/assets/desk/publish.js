// Publishing: build the site, look at what a target would get, and send it.
import { read, write } from "./api.js";
import { button, el, main, pre, say } from "./dom.js";
import { follow, output } from "./sources.js";
import { site } from "./story.js";

const KINDS = { hashed: "assets", asset: "other assets", story: "stories", digest: "digests", page: "pages", listing: "listings", feed: "feeds and API", index: "sitemaps and settings of the host", front: "front page" };
const WHYS = { new: "new", changed: "changed", headers: "other headers", again: "sent again" };
const STAGES = { pages: "building pages", comparing: "comparing with the target", reading: "reading", files: "sending files" };
/** Files that are fetched for the list at a time. */
const PART = 200;

const counted = (count, one, many) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
const size = (bytes) => (bytes < 1024 ? `${bytes} B` : bytes < 1 << 20 ? `${(bytes / 1024).toFixed(0)} KiB` : `${(bytes / (1 << 20)).toFixed(1)} MiB`);

/** What a target gets, in one line: "3 new, 1 changed, 29 files". */
function summary(plan) {
  const { new: fresh = 0, changed = 0 } = plan.kinds.story ?? {};
  const parts = [`${fresh} new`, `${changed} changed`, counted(plan.files, "file", "files")];
  if (plan.deleted) parts.push(`${plan.deleted.toLocaleString("en")} deleted`);
  return parts.join(", ");
}

/** The kinds of files, with how many of each are sent and why. */
function kinds(plan) {
  const rows = Object.entries(plan.kinds).map(([kind, whys]) => el("tr", el("th", { scope: "row" }, KINDS[kind] ?? kind),
    el("td", Object.entries(whys).map(([why, count]) => `${count.toLocaleString("en")} ${WHYS[why] ?? why}`).join(", "))));
  return rows.length > 0 && el("table.kinds", el("tbody", rows));
}

/** The files of a job, fetched when they are looked at. */
function files(job, plan) {
  const total = plan.files + plan.deleted;
  if (!total) return undefined;
  const list = el("ul.files");
  const more = button("Show more", () => add());
  const add = async () => {
    const { files } = await read(`jobs/${job}/files?offset=${list.children.length}&limit=${PART}`);
    list.append(...files.map(({ path, why, size: bytes }) => el("li", el("b", WHYS[why] ?? why), " ", el("code", path), bytes !== undefined && el("small", ` ${size(bytes)}`))));
    more.hidden = list.children.length >= total;
  };
  const opened = (event) => event.target.open && !list.children.length && add();
  return el("details", { ontoggle: opened }, el("summary", counted(total, "file", "files")),
    el("div.scroll", { tabIndex: 0, role: "region", "aria-label": "Files" }, list, more));
}

/** What came of a commit, or would. */
function committed(commit) {
  if (!commit) return [];
  if (commit.error) return [el("h3", "Nothing was committed"), pre("wrong", "Problem", commit.error)];
  const { left_out: left } = commit;
  return [
    commit.commit && el("h3", `Commit ${commit.commit} on ${commit.branch}`),
    commit.message && pre("lines", "Message", commit.message),
    left.length > 0 && el("h3", "Left out"),
    left.length > 0 && el("ul.files", left.map(({ path, why }) => el("li", el("code", path), `: ${why}`))),
  ];
}

export default class Publish {
  constructor() {
    [this.log, this.show] = output("Output");
    this.bar = el("progress", { hidden: true, "aria-label": "Progress" });
    this.stage = el("p.about", { role: "status" });
    this.plan = el("section.plan", { "aria-label": "What is sent", hidden: true });
    this.targets = el("div");
    this.parts = [el("section.page", this.targets, this.bar, this.stage, this.plan, this.log)];
  }

  async refresh() {
    const { targets } = await read("targets");
    // What has the focus keeps it as long as nothing is another.
    const now = JSON.stringify([targets, site.read_only, site.commits]);
    if (now === this.drawn) return;
    this.drawn = now;
    const names = Object.entries(targets);
    const action = (name) => !site.read_only && main("Publish …", () => this.look(name), "", { "aria-label": `Publish to ${name} …` });
    this.targets.replaceChildren(...(names.length
      ? names.map(([name, address]) => el("section.target", el("h2", name), el("p.about", address), el("p.row", action(name))))
      : [el("p.empty", "site.toml names no target."), el("p", "Add one below [deploy.targets], and it can be published from here.")]),
      ...(site.commits && !site.read_only ? [el("section.target", el("h2", "git"), el("p.about", "What the desk changed, and nothing else, as a commit of your own."),
        el("p.row", button("Commit …", () => this.lookAtCommit())))] : []));
  }

  /** Shows what is about to be done, or was done; the first button gets the focus. */
  present(buttons, ...parts) {
    this.plan.hidden = false;
    this.plan.replaceChildren(...[parts, el("p.row", buttons)].flat(Infinity).filter(Boolean));
    buttons.find(Boolean).focus();
  }

  /** Shows what would be sent to a target, and asks. */
  look(target) {
    return this.run({ target, dry: true }, (done) => {
      const { plan } = done;
      if (!plan.files && !plan.deleted) return this.close(`${target} has all of it already`);
      const limit = plan.needed_delete_limit;
      const send = (more) => () => this.send(target, more);
      const may = plan.refused
        ? limit !== null && button(`Delete ${counted(plan.deleted, "file", "files")} and publish`, send({ delete_limit: limit }), undefined, { class: "danger" })
        : main(`Publish to ${target}`, send());
      const buttons = [may, this.cancel()];
      if (plan.refused) buttons.reverse();
      this.present(buttons, el("h2", summary(plan)),
        el("p.about", `${size(plan.size)} to send to ${target}; ${counted(plan.unchanged, "file", "files")} there already. Nothing was sent yet.`),
        plan.refused && el("p.wrong", plan.refused), this.said(plan), kinds(plan), files(done.id, plan));
    });
  }

  /** Sends it, and says what was sent. */
  send(target, more) {
    return this.run({ target, ...more }, (done) => {
      const { plan } = done;
      this.present([this.done()], el("h2", `Published to ${target}: ${summary(plan)}`), el("p.about", `${size(plan.bytes ?? 0)} sent.`),
        this.said(plan), kinds(plan), files(done.id, plan), committed(done.commit));
      say(`Published to ${target}`);
    });
  }

  /** Shows what would be committed, and asks. */
  lookAtCommit() {
    return this.run({ dry: true }, ({ commit }) => {
      if (!commit.files.length && !commit.left_out.length) return this.close("There is nothing to commit");
      this.present([commit.files.length > 0 && main("Commit", () => this.commit()), this.cancel()],
        el("h2", counted(commit.files.length, "file", "files"), " to commit"), committed(commit));
    }, "commit");
  }

  commit() {
    return this.run({}, ({ commit }) => {
      this.present([this.done()], committed(commit));
      say(commit.commit ? `Committed as ${commit.commit}` : "There was nothing to commit");
    }, "commit");
  }

  said(plan) {
    return [...plan.notes.map((note) => el("p.about", note)), ...plan.problems.map((problem) => pre("wrong", "Problem", problem))];
  }

  cancel(word = "Cancel") {
    return button(word, () => this.close(), "Esc");
  }

  done() {
    return main("Done", () => this.close());
  }

  close(why = "") {
    this.plan.hidden = true;
    this.plan.replaceChildren();
    this.targets.querySelector("button")?.focus();
    if (why) say(why);
  }

  /** Follows a job to its end, and passes on what it came to. */
  async run(request, then, call = "publish") {
    if (this.isRunning) return;
    this.isRunning = true;
    this.log.hidden = true;
    this.plan.hidden = true;
    try {
      const { job } = await write(call, request);
      const done = await follow(job, (now) => this.progress(now));
      if (done.lines.length) this.show(done);
      if (done.code === 0 && (done.plan || done.commit)) return await then(done);
      const words = call === "commit" ? "Nothing was committed" : "It was not published";
      this.present([this.cancel("Close")], el("h2", words), done.plan ? this.said(done.plan) : committed(done.commit).slice(1));
      say(words, true);
    } catch (error) {
      say(error.message, true);
    } finally {
      this.isRunning = false;
      this.progress();
    }
  }

  /** Shows how far it is. */
  progress(now) {
    const step = now?.progress;
    this.bar.hidden = !now;
    if (step?.of) Object.assign(this.bar, { max: step.of, value: step.done });
    else this.bar.removeAttribute("value");
    const words = step ? `${STAGES[step.stage] ?? step.stage}${step.of ? ` ${step.done} of ${step.of}` : ""}` : now ? "starting" : "";
    if (this.stage.textContent !== words) this.stage.textContent = words;
  }

  keys() {
    return { Escape: () => !this.isRunning && !this.plan.hidden && this.close() };
  }
}
