// The site beside the desk: a page of it without its scripts, loaded again when it has changed.
import { $, el, say } from "./dom.js";
import { site } from "./story.js";

/** What is shown: nothing, the page of a story, or the front page with it. */
let mode;
let path, tag;
const frame = el("iframe.preview", { title: "Preview", sandbox: "allow-same-origin" });

/** Shows the next of the three; `row` is the current story. */
export function toggle(row) {
  mode = { undefined: "page", page: "front" }[mode];
  document.body.classList.toggle("previews", Boolean(mode));
  $("pane").setAttribute("aria-pressed", Boolean(mode));
  path = undefined;
  if (!mode) return frame.remove();
  say(mode === "page" ? "Preview of the story" : "Preview of the front page");
  document.body.append(frame);
  show(row);
}

export function show(row) {
  if (!mode) return;
  const isFront = mode === "front";
  // A candidate is shown as it would be; other hashes are other versions of it.
  const wanted = row && !("url" in row) && !row.problem ? `/__newsgen/candidate/${row.id}?${isFront ? "front&" : ""}${row.hash}`
    : (!isFront && row?.url) || site.home || "/";
  if (wanted === path) return;
  [path, tag] = [wanted, undefined];
  frame.src = path;
  again();
}

/** Loads the page again if it is another by now. */
export async function again() {
  if (!mode || !path) return;
  const asked = path;
  const answer = await fetch(asked, { method: "HEAD", cache: "no-store" }).catch(() => undefined);
  const now = answer?.headers.get("ETag");
  if (!now || asked !== path || now === tag) return;
  const isFirst = tag === undefined;
  tag = now;
  if (isFirst) return;
  const inside = frame.contentWindow;
  const place = inside.scrollY;
  frame.addEventListener("load", () => frame.contentWindow.scrollTo(0, place), { once: true });
  inside.location.reload();
}
