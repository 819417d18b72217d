// Requests. Those that write go out one by one, in the order in which they were made.
import { say } from "./dom.js";

let token = document.querySelector("meta[name=newsgen-token]").content;
const API = "/__newsgen/api/";

/** What the server refused: its status and what it says. */
export class Refused extends Error {
  constructor(status, answer) {
    super(answer.message ?? `The server answered ${status}.`);
    Object.assign(this, { status, answer });
  }
}

async function call(path, options) {
  let answer;
  try {
    answer = await fetch(API + path, options);
  } catch {
    throw new Refused(0, { message: "newsgen does not answer. Is `newsgen serve` still running?" });
  }
  const json = await answer.json().catch(() => ({}));
  if (answer.ok) return json;
  // A page that another site led to has no token, whoever is logged in.
  if (json.error === "session" || (json.error === "token" && !token)) return logIn().then(() => call(path, withToken(options)));
  if (json.error === "token") say(json.message, true);
  throw new Refused(answer.status, json);
}

const withToken = (options) => options && { ...options, headers: { ...options.headers, "X-Newsgen-Token": token } };

/** Reads something: never kept by the browser. */
export const read = (path) => call(path, { cache: "no-store" });

/** Writes without waiting for what was written before. */
export const post = (path, body) => call(path, withToken({
  method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
}));

let last = Promise.resolve();
let waiting = 0;
/**
 * Writes after all that was written before: at once, if all of that is answered. `body` may be a
 * function, called in its turn.
 */
export function write(path, body) {
  const send = async () => post(path, typeof body === "function" ? body() : body);
  const turn = waiting++ ? last.then(send) : send();
  last = turn.catch(() => {}).then(() => { waiting--; });
  return turn;
}

/** Resolves when everything written so far is answered. */
export const settled = () => last;

let asking;
/** Asks for the password, once for all requests that wait for it. */
async function logIn() {
  asking ??= import("./login.js").then(async ({ ask }) => {
    token = await ask((password) => call("session", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ password }) }));
    asking = undefined;
  });
  return asking;
}

/** Calls `changed` when site, queue or ledger are others, and `broken` with what is wrong. */
export function listen(changed, broken) {
  const events = new EventSource("/__newsgen/events?page=/__newsgen/");
  events.addEventListener("reload", changed);
  events.addEventListener("problems", (event) => broken(JSON.parse(event.data)));
  events.addEventListener("error", () => document.body.classList.add("offline"));
  events.addEventListener("open", () => document.body.classList.remove("offline"));
  addEventListener("pagehide", () => events.close());
  addEventListener("pageshow", (event) => event.persisted && location.reload());
}

