// JSON that can be folded. Insides are made when they are opened, so that a large document costs little.

const MOST_MEMBERS = 100;
const OPEN_DEPTH = 2;

function jsonTree(value, name = null, depth = 0) {
  if (value === null || typeof value !== "object") return make("div", { class: "leaf" }, label(name), leaf(value));
  const entries = Array.isArray(value) ? value.map((one, place) => [place, one]) : Object.entries(value);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  if (!entries.length) return make("div", { class: "leaf" }, label(name), make("span", { class: "mark" }, open + close));
  const size = Array.isArray(value) ? count(entries.length, "item") : count(entries.length, "member");
  const inside = make("div", { class: "inside" });
  const tree = make(
    "details", { class: "tree" },
    make("summary", {}, label(name), make("span", { class: "mark" }, open), make("span", { class: "size" }, ` ${preview(value, entries) || size} `), make("span", { class: "mark" }, close)),
    inside,
  );
  const fill = () => {
    if (!inside.childElementCount) addMembers(inside, entries, Array.isArray(value), depth);
  };
  tree.addEventListener("toggle", () => tree.open && fill());
  if (depth < OPEN_DEPTH || entries.length === 1) {
    fill();
    tree.open = true;
  }
  return tree;
}

/** The short members of a folded object, so that a message can be told from the next. */
function preview(value, entries) {
  if (Array.isArray(value)) return "";
  const short = entries.filter(([, one]) => one === null || typeof one !== "object").slice(0, 3);
  return short.map(([name, one]) => `${name}: ${typeof one === "string" ? one.slice(0, 40) + (one.length > 40 ? "…" : "") : one}`).join(", ");
}

function addMembers(inside, entries, listed, depth) {
  const shown = entries.slice(0, MOST_MEMBERS);
  inside.append(...shown.map(([name, value]) => jsonTree(value, listed ? Number(name) : name, depth + 1)));
  const rest = entries.slice(MOST_MEMBERS);
  if (!rest.length) return;
  const more = button(`${grouped(rest.length)} more`, () => {
    more.remove();
    addMembers(inside, rest, listed, depth);
  }, { class: "link" });
  inside.append(more);
}

function label(name) {
  return name === null ? null : make("span", { class: "name" }, `${typeof name === "number" ? name : JSON.stringify(name)}: `);
}

function leaf(value) {
  if (typeof value !== "string") return make("span", { class: value === null ? "null" : typeof value }, String(value));
  const text = JSON.stringify(value);
  if (text.length <= SHOWN) return make("span", { class: "string" }, text);
  const place = make("span", { class: "string" }, `${text.slice(0, SHOWN)}… `);
  place.append(button(`all ${count(value.length, "character")}`, () => place.replaceChildren(text), { class: "link" }));
  return place;
}

/** A text that may be JSON: the tree, and the text as it is behind a switch. */
function jsonView(text, value, title) {
  const parsed = value === undefined ? parsedOr(text, undefined) : value;
  const sent = () => raw(text, `${title}, as it was sent`);
  if (parsed === undefined) return sent();
  const place = make("div", {}, jsonTree(parsed));
  const toggle = (chosen, show) => () => {
    for (const one of [pretty, plain]) one.setAttribute("aria-pressed", String(one === chosen()));
    place.replaceChildren(show());
  };
  const pretty = button("Pretty", toggle(() => pretty, () => jsonTree(parsed)), { "aria-pressed": "true" });
  const plain = button("Raw", toggle(() => plain, sent), { "aria-pressed": "false" });
  return make("div", {}, make("div", { class: "switch", role: "group", "aria-label": `${title}: how to show it` }, pretty, plain), place);
}

function parsedOr(text, otherwise) {
  try {
    return JSON.parse(text);
  } catch {
    return otherwise;
  }
}
