"""Writes docs/side-by-side.md from the results of a run."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path

from bench.side_by_side.results import Entry, Results
from bench.side_by_side.tools import TOOLS

__all__ = ["PAGE", "page"]

PAGE = Path(__file__).parents[2] / "docs" / "side-by-side.md"

_OWN = "chatproof"

_HEAD = """\
# Side by side on the same broken endpoints

Written by `python -m bench.side_by_side`, which installs the other tools into environments of their own, serves each
endpoint of [the self-test](selftest.md) over HTTP, asks it with each tool, and writes this page. It takes three
quarters of an hour on two processors. `--only NAME` tries one endpoint and writes nothing.
"""

_COUNTED = """\
## What is counted

**Caught**: a check of the tool fails on the broken endpoint, or warns, and does not on the right fake as it is.
**Stops the run**: a check fails so that the exit code is 1. **False alarm**: what would be caught, on an endpoint
that is right and unusual. What a tool says of the right fake itself is held against it in no other row.

What these numbers are not:

- The endpoints were written for chatproof's cases, one for each thing that a case looks at. That chatproof catches
  them is what its own tests demand; it is no estimate of how much chatproof finds of what is wrong elsewhere. What the
  table shows is how much of that the other tools look at.
- So were the right endpoints: chatproof is changed until it blames none of them. Which readings of the specification
  make them right, the self-test says, and others may read it otherwise.
- The others have other purposes. llm-comply holds Anthropic's and Google's formats to their specifications, too, and
  says in 20 requests whether the ordinary answers have the form of the schema. CompatCanary asks seven questions and
  gives a score and a badge. The `openai` package is a client, whose strict mode is off by default and not documented;
  it is here for what types alone can see.
- LoRAX's own routes are left out, for none of the others speaks them.
"""


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
    return f"{first}.{rest[0]}" if first == "chat" and len(rest) > 1 else first


def _caught(entries: Iterable[Entry], tool: str) -> int:
    return sum(bool(one.verdicts[tool].found) for one in entries)


def _compared(results: Results) -> Iterator[str]:
    yield "## What is compared\n"
    rows = (
        (name, results.versions[name], TOOLS[name].about, results.requests[name]) for name in results.versions
    )
    yield from _table(("tool", "version", "run as", "requests"), rows)
    for name, said in results.plain.items():
        if said:
            told = ", ".join(f"{check} ({how})" for check, how in said.items())
            yield f"Of the right fake as it is, {name} says: {told}."
    yield ""


def _by_kind(results: Results, broken: list[Entry]) -> Iterator[str]:
    yield f"## Caught, of {len(broken)} broken endpoints\n"
    kinds = [(kind, [*of]) for kind, of in groupby(sorted(broken, key=_kind), key=_kind)]
    rows = [(kind, len(of), *(_caught(of, tool) for tool in results.versions)) for kind, of in kinds]
    total = ("**all**", len(broken), *(f"**{_caught(broken, tool)}**" for tool in results.versions))
    yield from _table(("kind", "endpoints", *results.versions), [*rows, total])


def _sums(results: Results, broken: list[Entry], right: list[Entry]) -> Iterator[str]:
    def counted(holds: Callable[[Entry, str], bool], of: list[Entry]) -> list[int]:
        return [sum(holds(one, tool) for one in of) for tool in results.versions]

    def only(entry: Entry, tool: str) -> bool:
        return [name for name, one in entry.verdicts.items() if one.found] == [tool]

    rows: list[tuple[object, ...]] = [
        ("broken endpoints caught", *counted(lambda one, tool: bool(one.verdicts[tool].found), broken)),
        ("of these, the run is stopped", *counted(lambda one, tool: one.verdicts[tool].stops, broken)),
        ("caught by no other", *counted(only, broken)),
        (
            f"false alarms, on {len(right)} right endpoints",
            *counted(lambda one, tool: bool(one.verdicts[tool].found), right),
        ),
        ("of these, the run is stopped", *counted(lambda one, tool: one.verdicts[tool].stops, right)),
    ]
    yield "## In sum\n"
    yield from _table(("", *results.versions), rows)


def _named(results: Results, entries: Iterable[Entry]) -> Iterator[tuple[str, str, str]]:
    for entry in entries:
        for tool in results.versions:
            if found := entry.verdicts[tool].found:
                told = ", ".join(
                    check if how == "failed" else f"{check} (warned)" for check, how in found.items()
                )
                yield entry.name.removeprefix("right/"), tool, told


def _missed(broken: list[Entry]) -> Iterator[str]:
    missed = [one for one in broken if not one.verdicts[_OWN].found]
    yield f"## What {_OWN} misses over HTTP\n"
    if missed:
        yield from _table(
            ("endpoint", "breaks", "caught by"),
            (
                (
                    one.name,
                    one.breaks,
                    ", ".join(tool for tool, v in one.verdicts.items() if v.found) or "none",
                )
                for one in missed
            ),
        )
    else:
        yield "Nothing.\n"


def page(results: Results) -> str:
    """The whole page."""
    broken = [one for one in results if one.breaks]
    right = [one for one in results if not one.breaks]
    lines = [_HEAD, *_compared(results), _COUNTED, *_by_kind(results, broken), *_sums(results, broken, right)]
    lines += [
        "## False alarms, by name\n",
        *_table(("right endpoint", "tool", "checks"), _named(results, right)),
    ]
    lines += _missed(broken)
    return "\n".join(lines).rstrip("\n") + "\n"
