// A conversation as a transcript: what the client said, each request where it happened, and what came back.

const thread = byId("thread");
let threadShown = ""; // which conversation stands there
let threadSigned = ""; // what was known of it then

function showThread(key, found, data, chosen) {
  const name = nameOf(key, found.numbers[0]);
  const fresh = threadShown !== name;
  const models = withResults(data.rounds);
  if (fresh) {
    threadShown = name;
    thread.replaceChildren(
      back({ open: null, request: null }, "Conversations"),
      make("h2", {}, found.rows[0].title),
      make("p", { class: "quiet", id: "about" }),
      make("ol", { id: "rounds", class: "rounds" }),
    );
    thread.scrollTop = 0;
  }
  const left = data.left_out ? `, the last ${data.rounds.length} of them here` : "";
  byId("about").textContent = `${count(data.rounds.length + data.left_out, "request")}${left} · ${keyName(key)}`;
  const atEnd = !fresh && thread.scrollTop + thread.clientHeight > thread.scrollHeight - 40;
  const list = byId("rounds");
  keepingPlace(thread, list, () => replaceRounds(list, models));
  if (atEnd) thread.scrollTop = thread.scrollHeight;
  markChosen(chosen);
}

/** Only what changed is made anew: folds and selections elsewhere stay. */
function replaceRounds(list, models) {
  models.forEach((model, place) => {
    const written = JSON.stringify(model);
    const old = list.children[place];
    if (old?.written === written) return;
    const held = old?.contains(document.activeElement);
    const item = make("li", { "data-number": model.number }, roundParts(model));
    item.written = written;
    if (old) old.replaceWith(item);
    else list.append(item);
    if (held) item.querySelector(".marker").focus();
  });
  while (list.children.length > models.length) list.lastChild.remove();
}

function markChosen(number) {
  for (const item of byId("rounds")?.children ?? []) {
    const chosen = Number(item.dataset.number) === number;
    const marker = item.querySelector(".marker");
    if (chosen && marker.ariaCurrent !== "true") marker.scrollIntoView({ block: "nearest" });
    marker.setAttribute("aria-current", String(chosen));
    marker.href = hashWith({ request: item.dataset.number });
  }
}

/** Results that later requests brought stand at the calls that they answer. */
function withResults(rounds) {
  const calls = new Map();
  return rounds.map((round) => {
    const model = { ...round, new: [] };
    for (const message of round.new) {
      const call = message.role === "tool" ? calls.get(message.tool_call_id) : undefined;
      if (call && !("result" in call)) Object.assign(call, { result: textOf(message.content), by: round.number });
      else if (Array.isArray(message.tool_calls)) {
        const made = message.tool_calls.map(callIn);
        for (const one of made) calls.set(one.id, one);
        model.new.push({ ...message, made });
      } else model.new.push(message);
    }
    model.said = { ...round.said, choices: round.said.choices.map((one) => ({ ...one, calls: one.calls.map((call) => ({ ...call })) })) };
    for (const choice of model.said.choices) for (const call of choice.calls) calls.set(call.id, call);
    return model;
  });
}

function callIn(call) {
  const made = call?.function ?? {};
  return { id: String(call?.id ?? ""), name: String(made.name ?? "?"), arguments: typeof made.arguments === "string" ? made.arguments : JSON.stringify(made.arguments ?? null) };
}

function textOf(content) {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return content === null || content === undefined ? "" : JSON.stringify(content);
  return content.map((part) => (typeof part?.text === "string" ? part.text : `[${part?.type ?? "part"}]`)).join("\n");
}

// -- one round -----------------------------------------------------------------------------------------------

function roundParts(model) {
  return [
    MEMORIES[model.memory] && make("p", { class: `memory ${MEMORIES[model.memory][0]}` }, MEMORIES[model.memory][1]),
    model.gone.length > 0 && goneNote(model.gone),
    ...model.new.map((message) => turn(message)),
    marker(model),
    cameBack(model),
  ];
}

const MEMORIES = {
  same: ["good", "The client sent this answer back, unchanged."],
  changed: ["bad", "The client sent back another answer than the one it got:"],
  "left out": ["note", "The client did not send this answer back."],
};

function goneNote(messages) {
  return make(
    "details", { class: "gone" },
    make("summary", {}, `${count(messages.length, "message")} of the request before ${messages.length === 1 ? "is" : "are"} no longer sent`),
    ...messages.map((message) => turn(message)),
  );
}

const ROLES = ["system", "developer", "user", "assistant", "tool", "function"];

function turn(message) {
  const role = ROLES.includes(message.role) ? message.role : "unknown";
  const calls = message.made ?? (Array.isArray(message.tool_calls) ? message.tool_calls.map(callIn) : []);
  const text = textOf(message.content) || (typeof message.refusal === "string" ? message.refusal : "");
  return make(
    "div", { class: `turn ${role}` },
    make("h3", {}, String(message.role ?? "?"), message.name ? quiet("span", ` ${message.name}`) : null,
      role === "tool" ? quiet("span", ` for ${message.tool_call_id ?? "no call"}`) : null),
    make("div", { class: "body" }, text || !calls.length ? (text ? longText(text) : quiet("p", "(nothing)")) : null, ...calls.map(callCard)),
  );
}

function callCard(call) {
  const value = parsedOr(call.arguments, undefined);
  return make(
    "div", { class: "call" },
    make("p", { class: "calls" }, make("strong", {}, call.name || "(no name)"), quiet("span", ` ${call.id || "no id"}`)),
    value === undefined
      ? [raw(call.arguments || "(no arguments)", "arguments"), call.arguments && quiet("p", "The arguments are no JSON.")]
      : jsonTree(value),
    "result" in call
      ? make("div", { class: "result" }, quiet("p", `result, sent with #${call.by}`), longText(call.result || "(nothing)"))
      : null,
  );
}

function marker(model) {
  const [end, endLevel] = ending(model);
  const took = model.finished === null ? "" : ` after ${duration(model.finished - model.arrived)}`;
  return make(
    "div", { class: "asked" },
    make(
      "a", { class: "marker" },
      make("span", { class: "number" }, `#${model.number}`),
      chip(model.status, model.status < 400 ? "good" : "bad"),
      make("span", { class: "plan" }, model.scenario || "refused"),
      model.stream ? quiet("span", "stream") : null,
      make("span", { class: `end ${endLevel}` }, `${end}${took}`),
      make("time", { class: "quiet" }, clock(model.arrived)),
    ),
    findingList(model.findings),
  );
}

function cameBack(model) {
  const { choices, error, note, usage } = model.said;
  const parts = choices.map((choice) => choiceParts(choice, choices.length > 1));
  if (error) parts.push(make("p", { class: "error" }, error));
  if (note) parts.push(make("p", {}, note));
  if (!parts.length) parts.push(quiet("p", model.ending ? `Nothing that can be read came back${model.ending === "lost" ? ": the connection was lost" : ""}.` : "Nothing yet."));
  const finish = choices.map((one) => one.finish).filter(Boolean).join(", ");
  const foot = [finish && `finish: ${finish}`, usage].filter(Boolean).join(" · ");
  return make(
    "div", { class: `turn back ${level(model)}` },
    make("h3", {}, "came back"),
    make("div", { class: "body" }, ...parts, foot ? make("p", { class: "quiet foot" }, foot) : null),
  );
}

function choiceParts(choice, several) {
  return make(
    "div", { class: several ? "choice" : "" },
    several ? quiet("p", `choice ${choice.index}`) : null,
    choice.reasoning ? make("details", { class: "reasoning" }, make("summary", {}, "reasoning"), longText(choice.reasoning)) : null,
    choice.text ? longText(choice.text) : null,
    choice.refusal ? make("p", { class: "error" }, `refusal: ${choice.refusal}`) : null,
    ...choice.calls.map(callCard),
    !choice.text && !choice.refusal && !choice.calls.length ? quiet("p", "(no text)") : null,
  );
}

function back(changes, to) {
  return make("a", { class: "back", href: hashWith(changes) }, `‹ ${to}`);
}
