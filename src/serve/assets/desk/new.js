// New stories: links become drafts, and drafts become articles or candidates.
import { post, write } from "./api.js";
import { button, el, out, say, submit } from "./dom.js";
import * as dialogs from "./dialogs.js";
import { site } from "./story.js";

const AT_ONCE = 4;
const FIELDS = [...dialogs.FIELDS.filter(([name]) => name !== "highlight"), ["quality", "Quality", "input"], ["url", "Link", "input"]];
const STATES = { published: "Published already", out: "On the site, and left out", queued: "In the queue", rejected: "Rejected", dropped: "Dropped by a rule", expired: "Expired", duplicate: "Known as a duplicate" };

/** Opens the desk with the address of the page that it is clicked on: there the editor reads it. */
const bookmarklet = () => `javascript:void window.open(${JSON.stringify(`${location.origin}/__newsgen/#new=`)}+encodeURIComponent(location.href),"_blank","noopener")`;

export default class New {
  constructor(desk) {
    Object.assign(this, { desk, added: new Map() });
    this.links = el("textarea", { id: "links", rows: 3, spellcheck: false, placeholder: "https://…", onkeydown: (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.read(event);
    } });
    this.drafts = el("div.drafts");
    this.parts = [el("section.page",
      el("form.field", { onsubmit: (event) => this.read(event) }, el("label", { for: "links" }, "Links to stories, one or many"), this.links,
        el("p.row", submit("Read ", { disabled: site.read_only }))),
      el("p.about", "Drag this to your bookmarks, and click it on any page to bring that here: ",
        el("a", { href: bookmarklet(), onclick: (event) => { event.preventDefault(); say("Drag it to the bookmarks of your browser."); } }, "To the desk")), this.drafts)];
  }

  /** Takes a link from a bookmark: nothing is read before the editor says so. */
  take(link) {
    if (!this.links.value.includes(link)) this.links.value = `${this.links.value.trim()}\n${link}`.trim();
  }

  refresh() {
    if (!this.drafts.contains(document.activeElement)) this.links.focus();
  }

  /** Reads the pages of all links, a few at a time. */
  async read(event) {
    event.preventDefault();
    const text = this.links.value;
    const links = [...new Set(text.match(/(?:https?:\/\/|[\w-]+(?:\.[\w-]+)+\/)[^\s<>"]+/g) ?? text.split(/\s+/).filter(Boolean))];
    if (!links.length || site.read_only) return;
    this.links.value = "";
    const cards = links.map((link) => [link, el("form.draft", { "aria-label": link }, el("p.about", { role: "status" }, `Reading ${link} …`))]);
    this.drafts.prepend(...cards.map(([, card]) => card));
    const turn = async () => {
      for (let next; (next = cards.shift()); ) await this.fill(...next);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, turn));
  }

  /** Reads a page, and makes its card a form with what it says. */
  async fill(link, card) {
    const draft = await post("draft", { url: link }).catch((error) => ({ url: link, problem: error.message }));
    let topics = draft.topics ?? [];
    const [fields, value] = dialogs.fields({ ...draft, date: draft.published }, crypto.randomUUID(), FIELDS);
    const label = () => `Topics: ${topics.join(", ") || "none"}`;
    const chooser = button(label(), async () => {
      topics = (await dialogs.topics(value("title"), topics, site.topics.map((topic) => topic.name))) ?? topics;
      chooser.textContent = label();
    });
    const save = async (event, to) => {
      event.preventDefault();
      const quality = value("quality");
      const given = { title: value("title"), url: value("url"), topics, excerpt: value("excerpt"), image: value("image"), provider: value("provider"), published: value("date"), quality: quality && Number(quality) };
      for (const name of Object.keys(given)) if (given[name] === "") delete given[name];
      try {
        const done = await write("new", { to, draft: given, suggested: draft.quality, language: draft.language });
        this.added.set(done.id, card);
        this.away(card);
        this.desk.undoable(done.undo);
        say(`${to === "queue" ? "In the queue" : "Published"}: ${given.title}`);
      } catch (error) {
        say(error.message, true);
      }
    };
    card.addEventListener("submit", (event) => save(event, "articles"));
    card.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target.tagName === "BUTTON") return;
      if (event.ctrlKey || event.metaKey) card.requestSubmit();
      else if (event.target.tagName === "INPUT") event.preventDefault();
    });
    card.setAttribute("aria-label", draft.title || link);
    card.replaceChildren(...[el("p.about", out(draft.url, draft.url)), draft.known && this.known(draft.known, link), draft.problem && el("p.wrong", `Nothing could be read: ${draft.problem}. Fill it in by hand.`),
      fields, el("p.row", chooser),
      el("p.row", submit("Publish "), button("To the queue", (event) => save(event, "queue")), button("Leave out", () => this.away(card)))].flat(Infinity).filter(Boolean));
    if ([this.links, document.body].includes(document.activeElement)) card.querySelector("textarea").focus();
  }

  /** Says that the site has a story already, and leads to it. */
  known({ state, title, url, id, time, reason }, link) {
    const words = [STATES[state] ?? state, time && ` on ${time.slice(0, 10)}`, reason && ` (${reason})`, ": "];
    const lead = url ? el("a", { href: url, target: "_blank", rel: "noopener" }, title)
      : state === "queued" ? button(title, () => this.desk.go("queue").then(() => this.desk.view.arrange(id))) : out(link, title ?? link);
    return el("p.wrong", words, lead);
  }

  /** Takes a card away; the focus goes to the next one. */
  away(card) {
    const next = card.nextElementSibling ?? card.previousElementSibling;
    card.remove();
    (next?.querySelector("button") ?? this.links).focus();
  }

  /** Brings back the card of a story that is not there any more. */
  undone({ files }) {
    for (const { id } of files) {
      const card = this.added.get(id);
      if (card) this.drafts.prepend(card);
      this.added.delete(id);
    }
  }
}
