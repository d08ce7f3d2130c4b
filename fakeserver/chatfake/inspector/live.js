// Keeps the page in step with the fake: one overview at a change, never two at once.

let whole = true; // the next overview is to be a whole one
let since = 0;
let wanted = false;
let asking = false;
/** Seconds that overviews overlap: an ending is noted shortly after its time is taken. */
const OVERLAP = 2;
const REST = 250; // milliseconds between overviews, at least

async function refresh() {
  wanted = true;
  if (asking) return;
  asking = true;
  while (wanted) {
    wanted = false;
    const began = performance.now();
    try {
      const asWhole = whole;
      const overview = await load(asWhole ? "/overview" : `/overview?since=${since}`);
      whole = overview.journals.some((one) => one.count < (journals.get(one.key)?.count ?? 0)) && !asWhole;
      learn(overview, asWhole);
      since = overview.now - OVERLAP;
      if (whole) wanted = true;
      notice("");
      await show();
    } catch (error) {
      if (error.status === 501) return notice(`${error.message} This page needs to see all requests, so it has nothing to show.`), live("off", "off");
      whole = true;
      if (!(error instanceof Unanswered)) reportError(error);
    }
    // a busy fake has better things to do than to tell about itself
    await new Promise((resolve) => setTimeout(resolve, Math.max(REST, 3 * (performance.now() - began))));
  }
  asking = false;
}

function notice(text) {
  byId("notice").textContent = text;
  byId("notice").hidden = !text;
}

// -- showing what the address says ---------------------------------------------------------------------------

let showing = 0;

async function show() {
  const turn = ++showing;
  showFilters();
  const anything = allJournals().some((one) => one.rows.size);
  byId("panes").hidden = !anything;
  byId("empty").hidden = anything;
  if (!anything) return showEmpty();
  showList();
  const looked = view();
  const found = looked.open && find(looked.open);
  const number = looked.request ?? (found && !found.talk ? looked.open.number : null);
  byId("panes").dataset.at = number !== null ? "request" : looked.open ? "thread" : "list";
  byId("panes").dataset.talk = String(Boolean(found?.talk));
  try {
    await Promise.all([showOpen(looked, found, number, turn), showOne(looked, number, turn)]);
  } catch (error) {
    // the next overview tells what became of it
    if (!(error instanceof Unanswered)) throw error;
  }
  document.title = found ? `${found.rows[0].title.slice(0, 60)} · chatfake inspector` : "chatfake inspector";
}

async function showOpen(looked, found, number, turn) {
  if (!looked.open || (found && !found.talk)) return plainThread(looked.open ? "" : "Choose a conversation.");
  if (!found) return plainThread(`Request #${looked.open.number} is not in the journal of ${keyName(looked.open.key)} any more.`);
  const signed = JSON.stringify([found.rows, found.rows.map((row) => found.journal.findings[row.number])]);
  if (threadShown === nameOf(looked.open.key, found.numbers[0]) && threadSigned === signed) return markChosen(number);
  const data = await load(`/conversations/${looked.open.number}`, looked.open.key);
  if (turn !== showing) return;
  showThread(looked.open.key, found, data, number);
  threadSigned = signed;
}

function plainThread(text) {
  threadShown = "";
  thread.replaceChildren(back({ open: null, request: null }, "Conversations"), make("p", { class: "quiet hint" }, text));
}

async function showOne(looked, number, turn) {
  byId("request").hidden = number === null;
  if (number === null) {
    requestShown = "";
    return byId("request").replaceChildren();
  }
  const key = looked.open?.key ?? "";
  if (!journals.get(key)?.rows.has(number)) {
    requestShown = "";
    const text = `There is no request #${number} in the journal of ${keyName(key)}.`;
    return byId("request").replaceChildren(back({ request: null }, "Back"), make("p", { class: "quiet hint" }, text));
  }
  const findings = journals.get(key).findings[number] ?? [];
  const signed = JSON.stringify([key, journals.get(key).rows.get(number), findings]);
  if (requestShown === signed) return;
  const data = await load(`/requests/${number}`, key);
  if (turn !== showing) return;
  showRequest(key, data, findings);
  requestShown = signed;
}

function showEmpty() {
  const place = byId("empty");
  if (place.childElementCount) return;
  const base = `${location.origin}${ROOT.slice(0, -"/_fake".length)}/v1`;
  const curl = `curl ${base}/chat/completions \\\n  -H "Authorization: Bearer any-key" -H "Content-Type: application/json" \\\n  -d '{"model": "tiny", "messages": [{"role": "user", "content": "Hello?"}]}'`;
  const environment = `export OPENAI_BASE_URL=${base}\nexport OPENAI_API_KEY=any-key`;
  const sample = (title, text) => make("section", {}, make("h3", {}, title), raw(text, title), button("Copy", () => copy(text, title)));
  place.append(
    make("h2", {}, "No request has come yet"),
    make("p", {}, "Point a client here. Its requests appear on this page as they come."),
    make("dl", { class: "facts" }, make("div", {}, make("dt", {}, "base URL"), make("dd", {}, make("code", {}, base))), make("div", {}, make("dt", {}, "API key"), make("dd", {}, "any; a test's handle has its own"))),
    sample("Environment", environment),
    sample("curl", curl),
  );
}

// -- the feed ------------------------------------------------------------------------------------------------

function live(state, text) {
  byId("live").dataset.live = state;
  if (byId("live").textContent !== text) byId("live").textContent = text;
}

let feed = null;
let wait = 1000; // milliseconds until a feed that was refused is asked for again

function listen() {
  feed?.close();
  const one = (feed = new EventSource(`${ROOT}/events`));
  one.onopen = () => {
    whole ||= byId("live").dataset.live === "lost"; // it may be another fake by now
    live("on", "live");
    wait = 1000;
    refresh();
  };
  one.onmessage = () => refresh();
  one.onerror = () => {
    if (byId("live").dataset.live === "off") return one.close();
    live("lost", "disconnected");
    if (one.readyState !== EventSource.CLOSED) return;
    setTimeout(() => one === feed && listen(), wait);
    wait = Math.min(wait * 2, 15000);
  };
}

/** A browser keeps six connections to a host: a page that nobody looks at holds none. */
function rest() {
  feed?.close();
  live("lost", "disconnected");
  feed = null;
}
addEventListener("pagehide", rest);
addEventListener("pageshow", (event) => event.persisted && listen());
document.addEventListener("visibilitychange", () => (document.hidden ? rest() : listen()));

// -- hands on the page ---------------------------------------------------------------------------------------

byId("filters").addEventListener("submit", (event) => event.preventDefault());
byId("key").addEventListener("change", (event) => refine({ key: event.target.value === "\0" ? null : event.target.value }));
byId("status").addEventListener("change", (event) => refine({ status: event.target.value }));
byId("text").addEventListener("input", (event) => refine({ text: event.target.value }));
byId("more").addEventListener("click", () => {
  shownRows += PAGE_SIZE;
  showList();
});

addEventListener("hashchange", () => show());
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const field = event.target.closest("input, select, textarea");
  if (event.key === "/" && !field) {
    event.preventDefault();
    byId("text").focus();
    byId("text").select();
  } else if (event.key === "Escape") {
    if (field === byId("text")) return field.value ? ((field.value = ""), refine({ text: "" })) : field.blur();
    const looked = view();
    if (looked.request !== null) go({ request: null });
    else if (looked.open) go({ open: null });
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && (!field || field === byId("text"))) {
    step(event, event.key === "ArrowDown" ? 1 : -1);
  }
});

/** Arrows go from row to row, from request to request and from event to event. */
function step(event, by) {
  const kind = [".row", ".marker", ".moment"].find((one) => event.target.closest(one)) ?? (event.target === byId("text") ? ".row" : null);
  if (!kind) return;
  const all = [...document.querySelectorAll(kind)].filter((one) => one.offsetParent);
  const place = all.indexOf(event.target.closest(kind));
  const next = all[place < 0 ? 0 : place + by];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

refresh();
listen();
