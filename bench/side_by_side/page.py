"""Writes docs/side-by-side.md from the results of a run."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

from bench.side_by_side.results import Entry, Results
from bench.side_by_side.served import rest
from bench.side_by_side.theirs import THEIRS
from bench.side_by_side.tools import TOOLS

__all__ = ["PAGE", "page"]

PAGE = Path(__file__).parents[2] / "docs" / "side-by-side.md"

_OWN = "chatproof"

_HEAD = """\
# Side by side on the same broken endpoints

Written by `python -m bench.side_by_side`, which installs the other tools into environments of their own, serves each
endpoint over HTTP, asks it with each tool, and writes this page and what it is made of:
`bench/side_by_side/results.json`.
Where the machine has nothing else to do it takes about 7 s an endpoint, two of them at a time. `--only NAME` tries one
and writes nothing, `--keep DIR` goes on where a run was broken off.
"""

_COUNTED = """\
## What is counted

**Caught**: a check of the tool fails on the broken endpoint, or warns, and does not on the right fake as it is.
**Stops the run**: a check fails, and the exit code is not 0. **False alarm**: the same on an endpoint that is right
and unusual.

What these numbers are not:

- The endpoints of the first table are those of [the self-test](selftest.md), which were written for chatproof's cases,
  one for each thing that a case looks at. That chatproof catches them is what its own tests demand. What the table
  shows is how much of that the other tools look at; it is no estimate of how much any of them finds of what is wrong
  elsewhere. The second table is the other way round: endpoints that are broken in what the others look at.
- The right endpoints are those of the self-test, too: chatproof is changed until it blames none of them.
- The others have other purposes. llm-comply also holds Anthropic's and Google's formats to their specifications, and
  asks here in 20 requests whether ordinary answers have the form of the schema. CompatCanary asks seven questions, for
  a score and a badge. The `openai` package is a client, whose strict mode is off by default and not documented; it is
  here for what types alone can see.
- The other tools were run as their help says, with no option that makes them stricter or milder.
- LoRAX's own routes are left out, for none of the others speaks them.
"""

_UNUSUAL = {
    "id-and-retry": "a block that has `retry` alone, then `id` with each event. Right by the standard; but this package"
    " takes a block without data for an event, strict or not, and raises",
    "null-fingerprint": "`system_fingerprint` is null: a text by the specification, and null in hundreds of recorded"
    " answers of OpenAI's own",
}
"""What is unusual in the right endpoints that a tool blames."""


_WHY = {
    "theirs/response-without-call": "told as a missing capability; with `--expect responses-tools` it fails",
    "theirs/developer-refused-in-responses": "no case asks `/responses` for that role",
}
"""Why chatproof misses what it misses."""


def _row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    names = [*head]
    yield _row(*names)
    yield _row(*["---"] * len(names))
    for cells in rows:
        yield _row(*cells)
    yield ""


def _kind(entry: Entry) -> str:
    """`chat.sse` of `chat.sse.framing`, `http` of `http.utf8`."""
    first, *rest = entry.breaks.split(".")
    return f"{first}.{rest[0]}" if first == "chat" else first


def _caught(entries: Iterable[Entry], tool: str) -> int:
    return sum(bool(one.verdicts[tool].found) for one in entries)


def _checks(found: Mapping[str, str]) -> str:
    return ", ".join(f"`{check}`" + ("" if how == "failed" else f" ({how})") for check, how in found.items())


def _compared(results: Results) -> Iterator[str]:
    yield "## What is compared\n"
    rows = (
        (name, results.versions[name], TOOLS[name].about, results.requests[name]) for name in results.versions
    )
    yield from _table(("tool", "version", "run as", "requests"), rows)
    for name, said in results.plain.items():
        if said:
            yield f"On the right fake as it is, {name} has {_checks(said)}. That is held against it in no table.\n"
    yield ""


def _by_kind(results: Results, broken: list[Entry]) -> Iterator[str]:
    taken = "all" if results.every == 1 else f"every {results.every}th, in the order of the self-test"
    if rest(results.every) > 1:
        taken += f"; of the other endpoints on this page one in {rest(results.every)}"
    yield f"## Broken for chatproof's cases: caught, of {len(broken)} endpoints\n"
    yield f"These are {taken}. A kind is what the case is about.\n"
    yield from _split(results, broken, _kind, "kind")


def _by_tool(results: Results, theirs: list[Entry]) -> Iterator[str]:
    yield f"## Broken for the others' checks: caught, of {len(theirs)} endpoints\n"
    yield "Each is broken in one thing that the tool looks at, by its sources (`bench/side_by_side/theirs.py`)."
    yield "The first run showed that chatproof passed over a stream of `/responses` under `application/json`. That was"
    yield "mended, and this table is of the run after it.\n"
    yield from _split(results, theirs, lambda entry: entry.breaks, "whose check it is")


def _split(results: Results, entries: list[Entry], key: Callable[[Entry], str], head: str) -> Iterator[str]:
    kinds = [(kind, [*of]) for kind, of in groupby(sorted(entries, key=key), key=key)]
    rows = [(kind, len(of), *(_caught(of, tool) for tool in results.versions)) for kind, of in kinds]
    total = ("**all**", len(entries), *(f"**{_caught(entries, tool)}**" for tool in results.versions))
    yield from _table((head, "endpoints", *results.versions), [*rows, total])


def _sums(results: Results, broken: list[Entry], theirs: list[Entry], right: list[Entry]) -> Iterator[str]:
    def counted(holds: Callable[[Entry, str], bool], of: list[Entry]) -> list[int]:
        return [sum(holds(one, tool) for one in of) for tool in results.versions]

    def only(entry: Entry, tool: str) -> bool:
        return [name for name, one in entry.verdicts.items() if one.found] == [tool]

    def caught(entry: Entry, tool: str) -> bool:
        return bool(entry.verdicts[tool].found)

    def stops(entry: Entry, tool: str) -> bool:
        return entry.verdicts[tool].stops

    rows: list[tuple[object, ...]] = []
    for what, of in (("for chatproof's cases", broken), ("for the others' checks", theirs)):
        rows.append((f"{len(of)} broken {what}: caught", *counted(caught, of)))
        rows.append(("of these, the run is stopped", *counted(stops, of)))
        rows.append(("caught by no other", *counted(only, of)))
    rows.append((f"{len(right)} right: false alarms", *counted(caught, right)))
    rows.append(("of these, the run is stopped", *counted(stops, right)))
    yield "## In sum\n"
    yield from _table(("", *results.versions), rows)


def _named(results: Results, entries: Iterable[Entry]) -> Iterator[tuple[str, str, str, str]]:
    for entry in entries:
        for tool in results.versions:
            if found := entry.verdicts[tool].found:
                name = entry.name.removeprefix("right/")
                yield name, _UNUSUAL.get(name, ""), tool, _checks(found)


def _missed(broken: list[Entry]) -> Iterator[str]:
    missed = [one for one in broken if not one.verdicts[_OWN].found]
    yield f"## What {_OWN} misses\n"
    if not missed:
        yield "Nothing of these.\n"
        return
    rows = (
        (
            one.name,
            one.breaks,
            ", ".join(tool for tool, said in one.verdicts.items() if said.found) or "none",
            _WHY.get(one.name, ""),
        )
        for one in missed
    )
    yield from _table(("endpoint", "broken for", "caught by", "why"), rows)


def page(results: Results) -> str:
    """The whole page."""
    theirs = [one for one in results if one.name in THEIRS]
    broken = [one for one in results if one.breaks and one not in theirs]
    right = [one for one in results if not one.breaks]
    lines = [_HEAD, *_compared(results), _COUNTED]
    lines += [*_by_kind(results, broken), *_by_tool(results, theirs), *_sums(results, broken, theirs, right)]
    lines += ["## False alarms, by name\n"]
    lines += _table(("right endpoint", "what is unusual", "tool", "checks"), _named(results, right))
    lines += _missed([*broken, *theirs])
    return "\n".join(lines).rstrip("\n") + "\n"
