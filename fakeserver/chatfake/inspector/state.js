// What is looked at stands in the address, so that a view can be linked; what is known comes from the overview.

const ROOT = location.pathname.replace(/\/_fake\/?$/, "").replace(/\/(key|scenario|dialect)\/[^/]+|\/v1$/g, "") + "/_fake";
const journals = new Map(); // key -> {key, count, oldest, rows: Map(number -> row), groups, findings, verdict}
const allJournals = () => [...journals.values()];
let skew = 0; // seconds to add to the fake's stopwatch for the time of day

function view() {
  const members = new URLSearchParams(location.hash.slice(1));
  const open = members.get("open") ?? "";
  const slash = open.lastIndexOf("/");
  return {
    key: members.get("key"), // null: all of them
    status: members.get("status") ?? "",
    text: members.get("text") ?? "",
    open: slash < 0 ? null : { key: open.slice(0, slash), number: Number(open.slice(slash + 1)) },
    request: members.has("request") ? Number(members.get("request")) : null,
  };
}

const nameOf = (key, number) => `${key}/${number}`;

/** The address of another view; members that are null are left out. */
function hashWith(changes) {
  const members = new URLSearchParams(location.hash.slice(1));
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || (value === "" && name !== "key")) members.delete(name);
    else members.set(name, value);
  }
  return `#${members}`;
}

/** Selections are steps that "back" goes back; filters are not. */
function go(changes) {
  location.hash = hashWith(changes);
}
function refine(changes) {
  history.replaceState(null, "", hashWith(changes));
  dispatchEvent(new HashChangeEvent("hashchange"));
}

/** The fake is gone, or has forgotten what was asked for. */
class Unanswered extends Error {}

async function load(path, key) {
  const query = key === undefined ? "" : `${path.includes("?") ? "&" : "?"}key=${encodeURIComponent(key)}`;
  const response = await fetch(`${ROOT}${path}${query}`, { cache: "no-store" }).catch(() => null);
  const body = await response?.json().catch(() => null);
  if (!response?.ok || !body) throw Object.assign(new Unanswered(body?.error?.message), { status: response?.status });
  return body;
}

/** Puts an overview into the journals; a whole one takes the place of all that was known. */
function learn(overview, whole) {
  if (whole) journals.clear();
  skew = Date.now() / 1000 - overview.now;
  const there = new Set(overview.journals.map((one) => one.key));
  for (const key of journals.keys()) if (!there.has(key)) journals.delete(key);
  for (const one of overview.journals) {
    const known = journals.get(one.key) ?? { key: one.key, rows: new Map(), groups: [], findings: {}, verdict: "", leftOut: 0 };
    known.count = one.count;
    known.oldest = one.oldest;
    for (const number of known.rows.keys()) if (number < one.oldest) known.rows.delete(number);
    if (one.requests) {
      for (const row of one.requests) known.rows.set(row.number, row);
      known.groups = one.conversations;
      known.findings = one.findings;
      known.verdict = one.verdict;
      if (whole) known.leftOut = one.left_out;
    }
    journals.set(one.key, known);
  }
}

const keyName = (key) => key || "no handle";
const clock = (arrived) => new Date((arrived + skew) * 1000).toLocaleTimeString("en-GB");

// -- what a request came to ----------------------------------------------------------------------------------

const ENDINGS = {
  complete: ["read to the end", "good"],
  left: ["client left early", "bad"],
  lost: ["connection lost", "bad"],
};
const ending = (row) => (row.ending ? ENDINGS[row.ending] : ["under way", "note"]);

/** good, note or bad: the colour of its mark. */
function level(row) {
  if (row.ending === "left" || row.ending === "lost" || row.status >= 400) return "bad";
  return row.ending ? "good" : "note";
}

/** The name of a choice of the status filter -> which requests it lets through. */
const STATUSES = {
  "": ["any", () => true],
  ok: ["2xx and read to the end", (row) => row.status < 300 && row.ending === "complete"],
  failed: ["4xx and 5xx", (row) => row.status >= 400],
  left: ["client left early", (row) => row.ending === "left"],
  lost: ["connection lost", (row) => row.ending === "lost"],
  open: ["under way", (row) => !row.ending],
  found: ["with findings", (row, findings) => findings.length > 0],
};

function passes(row, findings, { status, text }) {
  const lets = STATUSES[status]?.[1] ?? ((one) => String(one.status) === status);
  if (!lets(row, findings)) return false;
  const wanted = text.toLowerCase();
  return !wanted || [row.title, row.model, row.path, row.scenario].some((one) => one.toLowerCase().includes(wanted));
}
