// Everything shown was written by strangers: elements are made one by one, and texts are only ever texts.

const byId = (id) => document.getElementById(id);

/** make("p", {class: "quiet", onclick: f}, "text", element, …): null and false children are left out. */
function make(tag, members = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(members)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== false && child !== undefined));
  return element;
}

const button = (text, onclick, members = {}) => make("button", { type: "button", onclick, ...members }, text);

const quiet = (tag, ...children) => make(tag, { class: "quiet" }, ...children);

const chip = (text, level = "plain") => make("span", { class: `chip ${level}` }, text);

/** Bytes as they were sent; it can be scrolled by keys. */
const raw = (text, title) => make("pre", { class: "raw", tabindex: "0", "aria-label": title }, text);

/** A text as it is, with the rest of a long one behind a button. */
const SHOWN = 2000;
function longText(text, members = {}) {
  const place = make("div", { class: "text", ...members });
  if (text.length <= SHOWN * 1.2) return place.append(text), place;
  const rest = button(`Show all ${count(text.length, "character")}`, () => place.replaceChildren(text), { class: "link" });
  place.append(`${text.slice(0, SHOWN)}… `, rest);
  return place;
}

const grouped = (number) => number.toLocaleString("en");
const count = (number, noun) => `${grouped(number)} ${noun}${number === 1 ? "" : "s"}`;

function duration(seconds) {
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  return `${seconds < 10 ? seconds.toFixed(2) : seconds.toFixed(1)} s`;
}

/** Tells a screen reader, and whoever looks at the corner. */
let toastTimer = 0;
function say(text) {
  byId("said").textContent = text;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (byId("said").textContent = ""), 2500);
}

async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // not a secure context, or not allowed
    const area = make("textarea", { class: "away", "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  say(`${what} copied`);
}

/** Runs a change of what stands in a pane, and keeps the place that was looked at. */
function keepingPlace(pane, anchors, change) {
  const top = pane.getBoundingClientRect().top;
  const anchor = [...anchors.children].find((one) => one.getBoundingClientRect().bottom > top);
  const before = anchor?.getBoundingClientRect().top;
  const follows = pane.scrollTop > 0 ? anchor : undefined;
  change();
  if (follows?.isConnected) pane.scrollTop += follows.getBoundingClientRect().top - before;
}
