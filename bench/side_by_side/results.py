"""What is kept of a run: what each tool says of each endpoint and does not say of the right fake as it is."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.side_by_side.served import PLAIN

__all__ = ["RESULTS", "Entry", "Results", "Verdict", "read", "results_of", "write"]

RESULTS = Path(__file__).with_name("results.json")

_RANK = {"": 0, "warned": 1, "failed": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The checks that end worse than on the plain fake: `failed` or `warned` by check. `stops`: and the run fails."""

    found: Mapping[str, str]
    stops: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An endpoint, the id of the case that it breaks (nothing for a right one), and the verdicts by tool."""

    name: str
    breaks: str
    verdicts: Mapping[str, Verdict]


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """A run: versions, requests and what is said of the plain fake, by tool; then the endpoints.

    `every`: each so many of the broken ones was taken.
    """

    versions: Mapping[str, str]
    requests: Mapping[str, int]
    plain: Mapping[str, Mapping[str, str]]
    every: int
    entries: tuple[Entry, ...]

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)


def verdict(found: Mapping[str, str], code: int, plain: Mapping[str, str]) -> Verdict:
    """What a tool says of an endpoint, beyond what it says of the plain fake."""
    worse = {check: how for check, how in found.items() if _RANK[how] > _RANK[plain.get(check, "")]}
    return Verdict(found=worse, stops=code != 0 and "failed" in worse.values())


def results_of(
    versions: Mapping[str, str],
    asked: Mapping[str, str],
    rows: Mapping[str, Mapping[str, Any]],
    every: int = 1,
) -> Results:
    """The results of rows by endpoint and tool; `asked` is what each endpoint breaks."""
    plain = rows[PLAIN]
    entries = [
        Entry(
            name=name,
            breaks=breaks,
            verdicts={
                tool: verdict(row["found"], row["code"], plain[tool]["found"])
                for tool, row in rows[name].items()
            },
        )
        for name, breaks in asked.items()
    ]
    return Results(
        versions=versions,
        requests={tool: plain[tool]["requests"] for tool in versions},
        plain={tool: plain[tool]["found"] for tool in versions},
        every=every,
        entries=tuple(entries),
    )


def _told(entry: Entry, tools: Iterable[str]) -> dict[str, Any]:
    told = {
        tool: {"found": dict(one.found)} | ({"stops": True} if one.stops else {})
        for tool in tools
        if (one := entry.verdicts[tool]).found
    }
    return {"name": entry.name, "breaks": entry.breaks, **told}


def write(results: Results, file: Path) -> None:
    """As JSON, an endpoint a line; a tool that finds nothing is left out there."""
    head = {
        "versions": results.versions,
        "requests": results.requests,
        "plain": results.plain,
        "every": results.every,
    }
    lines = ",\n".join(json.dumps(_told(entry, results.versions)) for entry in results)
    file.write_text(f'{json.dumps(head)[:-1]},\n"endpoints": [\n{lines}\n]}}\n')


def read(file: Path) -> Results:
    """What `write` wrote."""
    value = json.loads(file.read_bytes())
    entries = [
        Entry(
            name=one["name"],
            breaks=one["breaks"],
            verdicts={
                tool: Verdict(
                    found=one.get(tool, {}).get("found", {}), stops=one.get(tool, {}).get("stops", False)
                )
                for tool in value["versions"]
            },
        )
        for one in value["endpoints"]
    ]
    return Results(
        versions=value["versions"],
        requests=value["requests"],
        plain=value["plain"],
        every=value["every"],
        entries=tuple(entries),
    )
