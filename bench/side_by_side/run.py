"""All tools on all endpoints: the rows, kept as they come, so that a run that is broken off goes on."""

import json
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.side_by_side.served import served
from bench.side_by_side.tools import TOOLS

from chatfake import Request

__all__ = ["Rows", "installed", "run"]


def installed(folder: Path) -> dict[str, str]:
    """The versions of all tools, each installed in a folder of its own, unless it is already."""
    for name, tool in TOOLS.items():
        own, done = folder / name, folder / name / "installed"
        own.mkdir(parents=True, exist_ok=True)
        if not done.exists():
            print(f"installs {name}", flush=True)
            tool.install(own)
            done.touch()
    return {name: tool.version(folder / name) for name, tool in TOOLS.items()}


@dataclass(frozen=True, slots=True)
class Rows:
    """A file with what each tool said of each endpoint, a JSON object a line."""

    file: Path

    def read(self) -> dict[str, dict[str, Any]]:
        """By endpoint and tool."""
        found: dict[str, dict[str, Any]] = {}
        for line in self.file.read_text().splitlines() if self.file.exists() else ():
            one = json.loads(line)
            found.setdefault(one["endpoint"], {})[one["tool"]] = one
        return found

    def add(self, row: dict[str, Any]) -> None:
        """One more."""
        with self.file.open("a") as file:
            file.write(json.dumps(row) + "\n")


def _asked(name: str, folder: Path, known: Iterable[str]) -> Iterator[dict[str, Any]]:
    for tool in TOOLS.values():
        if tool.name in known:
            continue
        seen: list[Request] = []
        begun = time.monotonic()
        with served(name, seen) as server:
            said = tool.ask(folder / tool.name, server.base_url)
        yield {
            "endpoint": name,
            "tool": tool.name,
            "found": said.found,
            "code": said.code,
            "requests": len(seen),
            "seconds": round(time.monotonic() - begun, 1),
        }


def run(names: Iterable[str], folder: Path, jobs: int) -> dict[str, dict[str, Any]]:
    """What each tool said of each endpoint that is named: the row by endpoint and tool."""
    rows = Rows(folder / "rows.jsonl")
    known = rows.read()

    def one(name: str) -> None:
        for row in _asked(name, folder, known.get(name, ())):
            rows.add(row)
            print(
                f"{row['seconds']:6.1f} s  {name:<34} {row['tool']:<13} {row['code']}  {', '.join(row['found'])}",
                flush=True,
            )

    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(one, names))
    found = rows.read()
    return {name: found[name] for name in names}
