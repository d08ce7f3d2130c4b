// One request and its answer, with every header and every byte; a stream stands on a time line.

const pane = byId("request");
let requestShown = ""; // what was known of it then
const MOST_MOMENTS = 200;

function showRequest(key, data, findings) {
  const scrolled = pane.dataset.name === nameOf(key, data.number) ? pane.scrollTop : 0;
  pane.dataset.name = nameOf(key, data.number);
  pane.replaceChildren(
    back({ request: null, ...(inConversation() ? {} : { open: null }) }, inConversation() ? "Conversation" : "List"),
    make("h2", {}, `#${data.number} ${data.method} ${data.path}${data.query ? `?${data.query}` : ""}`),
    facts(key, data),
    findingList(findings),
    copies(data),
    section("Request", headerTable(data.headers), data.body ? jsonView(data.body, data.json ?? undefined, "Request body") : quiet("p", "No body.")),
    answerSection(data),
  );
  pane.scrollTop = scrolled;
}

const findingList = (findings) => make("ul", { class: "findings" }, ...findings.map((one) => make("li", { class: one.level }, one.text)));

const inConversation = () => Boolean(byId("rounds"));

function facts(key, data) {
  const [end, endLevel] = ending(data);
  const rows = [
    ["status", chip(data.status, data.status < 400 ? "good" : "bad")],
    ["plan", data.scenario || "none: it was refused"],
    ["client", make("span", { class: `end ${endLevel}` }, data.finished === null ? end : `${end} after ${duration(data.finished - data.arrived)}`)],
    ["model", data.model],
    ["key", keyName(key)],
    ["time", clock(data.arrived)],
  ];
  return make("dl", { class: "facts" }, ...rows.filter(([, value]) => value).map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value))));
}

function copies(data) {
  const curl = data.curl?.replace(`http://${location.host}`, location.origin);
  const offered = [
    [curl, "Copy as curl", "The command", "this body fits no command line"],
    [data.rule, "Copy as script rule", "The rule", "no short script gives this answer"],
    [location.href, "Copy link", "The link", ""],
  ];
  return make(
    "p", { class: "copies" },
    ...offered.map(([text, name, what, why]) => button(name, () => copy(text, what), { disabled: !text, title: text ? null : why })),
  );
}

function section(title, ...children) {
  return make("section", { "aria-label": title }, make("h3", {}, title), ...children);
}

function headerTable(headers) {
  if (!headers.length) return quiet("p", "No headers.");
  return make(
    "details", { class: "headers" },
    make("summary", {}, count(headers.length, "header")),
    make("table", {}, make("tbody", {}, ...headers.map(([name, value]) => make("tr", {}, make("th", { scope: "row" }, name), make("td", {}, value))))),
  );
}

function answerSection(data) {
  const answer = data.answer;
  if (!answer) return section("Answer", quiet("p", "None was kept."));
  const status = answer.status === null ? "the connection was lost before the head" : `status ${answer.status}`;
  const about = `${status} · ${count(answer.bytes, "byte")}${answer.seconds > 0 ? ` · ${duration(answer.seconds)} of planned pauses` : ""}`;
  const marks = answer.timeline.filter((one) => one.kind in LOSSES);
  return section(
    "Answer",
    quiet("p", about),
    headerTable(answer.headers),
    answer.streamed ? timeLine(withClient(answer.timeline, data), answer) : [
      answer.body ? jsonView(answer.body, undefined, "Answer body") : quiet("p", "No body."),
      ...marks.map((one) => make("p", { class: "loss" }, LOSSES[one.kind])),
    ],
  );
}

// -- the time line -------------------------------------------------------------------------------------------

const LOSSES = {
  cut: "cut: the connection was closed here, unfinished",
  reset: "reset: the connection was reset here",
  "half-close": "half-closed: the server's side was closed here",
  stall: "stalled: nothing more comes, for as long as the client waits",
  repeat: "endless: the same goes on until the client leaves",
  broken: "broken: the HTTP framing ends here",
  gone: "the client left",
};

/** Says where the client left, as far as the planned pauses tell. */
function withClient(moments, data) {
  if (data.ending !== "left" || data.finished === null) return moments;
  const at = data.finished - data.arrived;
  const before = moments.filter((one) => one.at <= at);
  const after = moments.filter((one) => one.at > at).map((one) => ({ ...one, unsent: true }));
  return [...before, { at, kind: "gone", rest: after.length }, ...after];
}

function timeLine(moments, answer) {
  const list = make("ol", { class: answer.seconds > 0 ? "moments" : "moments flat" });
  const add = (from) => {
    list.append(...moments.slice(from, from + MOST_MOMENTS).flatMap((one, place) => momentRows(one, moments[from + place - 1])));
    const left = moments.length - from - MOST_MOMENTS;
    if (left <= 0) return;
    const more = button(`Show ${Math.min(left, MOST_MOMENTS)} of ${grouped(left)} more`, () => {
      more.parentElement.remove();
      add(from + MOST_MOMENTS);
    }, { class: "link" });
    list.append(make("li", {}, more));
  };
  add(0);
  const title = "The stream as it was sent";
  return [strip(moments), list, make("details", {}, make("summary", {}, title), raw(answer.body, title))];
}

/** The whole stream at a glance: a tick an event, a mark a loss. */
function strip(moments) {
  const end = Math.max(...moments.map((one) => one.at), 0);
  const events = moments.filter((one) => !(one.kind in LOSSES)).length;
  if (!(end > 0)) return quiet("p", `${count(events, "event")}, without a pause`);
  const every = Math.ceil(moments.length / 400);
  const shown = moments.filter((one, place) => place % every === 0 || one.kind in LOSSES);
  const ticks = shown.map((one) => {
    const tick = make("span", { class: one.kind in LOSSES ? "tick loss" : `tick ${one.kind}` });
    tick.style.left = `${(one.at / end) * 100}%`;
    return tick;
  });
  return make("div", { class: "strip" }, make("div", { class: "ticks", role: "img", "aria-label": `${count(events, "event")} within ${duration(end)}` }, ...ticks),
    make("p", { class: "scale quiet" }, make("span", {}, "0"), make("span", {}, duration(end))));
}

const LONG_PAUSE = 0.5; // seconds; a longer one has a row of its own

function momentRows(moment, before) {
  const gap = before ? moment.at - before.at : moment.at;
  const paused = gap >= LONG_PAUSE && moment.kind !== "gone";
  return [...(paused ? [make("li", { class: "pause" }, `pause of ${duration(gap)}`)] : []), momentRow(moment, paused ? 0 : gap)];
}

function momentRow(moment, gap) {
  const at = make("span", { class: "at" }, make("span", { class: "gap" }, gap >= 0.0005 ? `+${duration(gap)} ` : ""), duration(moment.at));
  if (moment.kind in LOSSES) return make("li", { class: "loss" }, at, make("span", {}, LOSSES[moment.kind], moment.rest ? ": the rest was planned and not sent" : null));
  const opened = make("div", { class: "opened", hidden: true });
  const row = button([at, ...momentText(moment)], () => {
    const open = opened.hidden;
    if (open && !opened.childElementCount) opened.append(jsonView(moment.data || moment.text, moment.garbled ? undefined : parsedOr(moment.data, undefined), "Event"));
    opened.hidden = !open;
    row.setAttribute("aria-expanded", String(open));
  }, { class: "moment", "aria-expanded": "false" });
  return make("li", { class: moment.unsent ? "unsent" : null }, row, opened);
}

const MOMENTS = {
  done: () => [chip("[DONE]", "good")],
  comment: (one) => [chip("comment"), quiet("span", one.text.trim())],
  blank: () => [chip("blank line")],
  unfinished: (one) => [chip("unfinished", "bad"), make("code", {}, one.text.slice(0, 200))],
};

function momentText(moment) {
  if (moment.kind in MOMENTS) return MOMENTS[moment.kind](moment);
  const parts = moment.name ? [chip(moment.name, "note")] : [];
  if (moment.garbled) return [...parts, chip("no JSON", "bad"), make("code", {}, moment.data.slice(0, 200))];
  for (const piece of moment.pieces) {
    if (piece.choice > 0) parts.push(quiet("span", `choice ${piece.choice}`));
    parts.push(...(PIECES[piece.kind] ?? PIECES.note)(piece));
  }
  return parts.length ? parts : [quiet("span", "(says nothing)")];
}

const shortened = (text) => (text.length > 300 ? `${text.slice(0, 300)}…` : text).replaceAll("\n", "↵");
const quoted = (text, kind) => make("q", { class: `delta ${kind}` }, shortened(text));

const PIECES = {
  text: (one) => [quoted(one.text, "said")],
  reasoning: (one) => [chip("reasoning"), quoted(one.text, "thought")],
  refusal: (one) => [chip("refusal", "bad"), quoted(one.text, "said")],
  call: (one) => [chip(`→ ${one.text}`, "tool")],
  id: () => [],
  arguments: (one) => [make("code", { class: "delta" }, shortened(one.text))],
  role: (one) => [quiet("span", one.text)],
  finish: (one) => [chip(`finish: ${one.text}`)],
  usage: (one) => [quiet("span", one.text)],
  error: (one) => [chip("error", "bad"), make("span", {}, one.text.slice(0, 300))],
  note: (one) => [quiet("span", one.text)],
};
