// The desk: what the rules of curation did to every article. Filtering is done by the server, so it
// is as quick with a hundred thousand articles as with ten.
(() => {
  "use strict";
  const $ = (id) => document.getElementById(id);
  const saved = new URLSearchParams(location.hash.slice(1));
  $("words").value = saved.get("q") || "";
  $("show").value = saved.get("show") || "";
  let asked = 0;

  function element(name, text, attributes) {
    const made = document.createElement(name);
    made.textContent = text ?? "";
    Object.assign(made, attributes);
    return made;
  }
  const link = (url, text, attributes) => (url ? element("a", text, { href: url, ...attributes }) : element("span", text, attributes));

  function row(item) {
    const line = element("tr", "", { className: item.reason ? "dropped" : "kept" });
    const story = element("td");
    story.append(link(item.url, item.title, { className: "title" }), element("small", item.path));
    const provider = element("td");
    provider.append(link(item.link, item.provider));
    const status = element("td");
    if (item.reason) {
      status.append(element("span", item.reason, { className: "reason" }), element("small", item.setting));
      if (item.winner) status.append(element("small", `kept instead: ${item.winner}`));
    } else status.textContent = "kept";
    line.append(
      element("td", item.published.slice(0, 16).replace("T", " ")), story, provider, element("td", item.topics.join(", ")),
      element("td", item.quality, { className: "number" }), element("td", item.heat, { className: "number" }), status,
    );
    return line;
  }

  function reason(item) {
    const button = element("button", `${item.name} ${item.count}`, { type: "button" });
    button.addEventListener("click", () => { $("words").value = item.name; $("show").value = "dropped"; update(); });
    return button;
  }

  function topic(item) {
    const line = element("li");
    line.append(link(item.url, item.name), ` ${item.count}`);
    return line;
  }

  function show(desk) {
    $("site").replaceChildren(link(desk.home, desk.title));
    $("summary").textContent = `${desk.found} articles read, ${desk.kept} kept, ${desk.dropped} dropped, ${desk.pages} pages; as of ${desk.now}`;
    $("problems").hidden = !desk.problems.length;
    $("problems").replaceChildren(element("h2", "Problems"), ...desk.problems.map((problem) => element("pre", problem.text)));
    $("reasons").replaceChildren(...desk.reasons.map(reason));
    $("count").textContent = desk.matches > desk.rows.length ? `the first ${desk.rows.length} of ${desk.matches}` : `${desk.matches}`;
    $("rows").replaceChildren(...desk.rows.map(row));
    $("topics").replaceChildren(...desk.topics.map(topic));
    $("timings").replaceChildren(...desk.timings.map((item) => element("li", `${item.stage}: ${item.milliseconds.toFixed(1)} ms`)));
  }

  async function update() {
    const turn = ++asked;
    const query = new URLSearchParams({ q: $("words").value, show: $("show").value });
    history.replaceState(null, "", `#${query}`);
    const answer = await fetch(`/__newsgen/desk.json?${query}`);
    const desk = await answer.json();
    if (turn === asked) show(desk);
  }

  $("filter").addEventListener("submit", (event) => event.preventDefault());
  $("words").addEventListener("input", update);
  $("show").addEventListener("change", update);

  // The desk brings itself up to date; it is not loaded again.
  const events = new EventSource("/__newsgen/events?page=/__newsgen/");
  events.addEventListener("reload", update);
  events.addEventListener("problems", update);
  update();
})();
