// The list: conversations and the requests that belong to none, the latest first, some at a time.

const PAGE_SIZE = 200;
let shownRows = PAGE_SIZE;

/** Rows of the list, filtered: {key, numbers, rows, title, arrived}. */
function listed({ key, status, text }) {
  const found = [];
  for (const journal of journals.values()) {
    if (key !== null && journal.key !== key) continue;
    const talking = new Set(journal.groups.flat());
    const alone = [...journal.rows.keys()].filter((number) => !talking.has(number)).map((number) => [number]);
    for (const numbers of [...journal.groups, ...alone]) {
      const rows = numbers.map((number) => journal.rows.get(number)).filter(Boolean);
      if (!rows.some((row) => passes(row, journal.findings[row.number] ?? [], { status, text }))) continue;
      found.push({ key: journal.key, rows, talk: talking.has(rows[0].number), findings: journal.findings });
    }
  }
  const latest = (one) => one.rows.at(-1).arrived;
  return found.sort((one, other) => latest(other) - latest(one));
}

function showList() {
  const wanted = view();
  const all = listed(wanted);
  const shown = all.slice(0, shownRows);
  const list = byId("rows");
  const known = new Map([...list.children].map((item) => [item.dataset.name, item]));
  keepingPlace(byId("list"), list, () => {
    shown.forEach((one, place) => {
      const name = nameOf(one.key, one.rows[0].number);
      const written = JSON.stringify([one.rows, wanted.key === null, one.rows.map((row) => one.findings[row.number])]);
      let item = known.get(name);
      known.delete(name);
      if (!item) item = make("li", { "data-name": name });
      if (item.written !== written) {
        const held = item.contains(document.activeElement);
        item.written = written;
        item.replaceChildren(rowLink(one, wanted.key === null));
        if (held) item.firstChild.focus();
      }
      if (list.children[place] !== item) list.insertBefore(item, list.children[place] ?? null);
    });
    for (const item of known.values()) item.remove();
  });
  for (const item of list.children) {
    const link = item.firstChild;
    link.href = hashWith({ open: item.dataset.name, request: null });
    link.setAttribute("aria-current", String(isOpen(item.dataset.name, wanted)));
  }
  byId("more").hidden = all.length <= shownRows;
  byId("more").textContent = `Show ${Math.min(PAGE_SIZE, all.length - shownRows)} of ${grouped(all.length - shownRows)} older`;
  byId("summary").textContent = summary(wanted, all);
  return all;
}

function isOpen(name, wanted) {
  if (!wanted.open) return false;
  const found = find(wanted.open);
  return nameOf(wanted.open.key, found?.numbers[0] ?? wanted.open.number) === name;
}

/** The conversation, or the request alone, that a number belongs to. */
function find({ key, number }) {
  const journal = journals.get(key);
  if (!journal?.rows.has(number)) return null;
  const group = journal.groups.find((numbers) => numbers.includes(number));
  const numbers = (group ?? [number]).filter((one) => journal.rows.has(one));
  return { journal, numbers, talk: Boolean(group), rows: numbers.map((one) => journal.rows.get(one)) };
}

function summary(wanted, all) {
  const talks = all.filter((one) => one.talk).length;
  const requests = all.reduce((sum, one) => sum + one.rows.length, 0);
  const left = allJournals().reduce((sum, one) => sum + one.leftOut, 0);
  const filtered = wanted.text || wanted.status ? " that match" : "";
  const parts = [`${count(requests, "request")}${filtered}`, talks ? `in ${count(talks, "conversation")}` : "", left ? `(${count(left, "older request")} not listed)` : ""];
  return requests ? parts.filter(Boolean).join(" ") : `Nothing matches among ${count(total(), "request")}.`;
}

const total = () => allJournals().reduce((sum, one) => sum + one.rows.size, 0);

const MOST_MARKS = 16;

function rowLink(one, withKey) {
  const last = one.rows.at(-1);
  const problems = one.rows.flatMap((row) => one.findings[row.number] ?? []).filter((found) => found.level === "bad").length;
  const marks = one.rows.slice(-MOST_MARKS).map((row) => make("i", { class: `mark ${level(row)}`, title: `#${row.number} ${row.status}, ${ending(row)[0]}` }));
  const hidden = one.rows.length - marks.length;
  const bad = one.rows.filter((row) => level(row) === "bad").length;
  return make(
    "a", { class: "row" },
    make("span", { class: "title" }, one.rows[0].title),
    make("time", {}, clock(last.arrived)),
    make("span", { class: "under" },
      make("span", { class: "model" }, [one.talk ? null : last.path, last.model, withKey ? keyName(one.key) : null].filter(Boolean).join(" · ")),
      make("span", { class: "marks" }, hidden ? `+${hidden}` : null, ...marks),
      make("span", { class: "away" }, `${count(one.rows.length, "request")}, ${bad} of them failed`),
      problems ? chip(count(problems, "finding"), "bad") : null),
  );
}

function showFilters() {
  const { key, status } = view();
  const all = allJournals().reduce((sum, one) => sum + one.count, 0);
  const keys = [["\0", `all (${grouped(all)})`]];
  for (const journal of journals.values()) keys.push([journal.key, `${keyName(journal.key)} (${grouped(journal.count)})`]);
  if (key !== null && !journals.has(key)) keys.push([key, `${key} (unknown)`]);
  options(byId("key"), keys, key ?? "\0");
  const numbers = [...new Set(allJournals().flatMap((one) => [...one.rows.values()].map((row) => row.status)))].sort();
  const statuses = [...Object.entries(STATUSES).map(([name, [text]]) => [name, text]), ...numbers.map((one) => [String(one), String(one)])];
  if (!statuses.some(([name]) => name === status)) statuses.push([status, status]);
  options(byId("status"), statuses, status);
  if (document.activeElement !== byId("text")) byId("text").value = view().text;
}

/** Changes the choices only when they differ: an open menu stays open. */
function options(select, wanted, chosen) {
  const written = JSON.stringify(wanted);
  if (select.written !== written) {
    select.written = written;
    select.replaceChildren(...wanted.map(([value, text]) => make("option", { value }, text)));
  }
  select.value = chosen;
}
