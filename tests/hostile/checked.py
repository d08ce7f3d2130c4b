"""`chatproof check` of a hostile endpoint, as a program and in this process, and what must be true of it."""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.hostile.clean import KEY, flaws
from tests.hostile.endpoint import endpoint
from tests.hostile.kind import Kind
from tests.hostile.program import Ran, run

__all__ = ["MOST_MEGABYTES", "arguments", "checked", "complaints"]

MORE_SECONDS = 30
"""For a run beyond its --max-seconds: its start, its last exchange and judgement, its reports."""

MOST_MEGABYTES = 200

VARIABLES = {"OPENAI_API_KEY": KEY, "PYTHONFAULTHANDLER": "1", "COLUMNS": "80"}


def arguments(url: str, kind: Kind, folder: Path) -> tuple[list[str], dict[str, Path]]:
    """Those of `chatproof`, and the reports that it will write."""
    files = {name: folder / name for name in ("report.json", "report.xml")}
    limits = ["--timeout", str(kind.timeout), "--max-seconds", str(kind.most_seconds)]
    reports = ["--json", str(files["report.json"]), "--junit", str(files["report.xml"])]
    return ["check", url, *limits, *reports], files


async def checked(kind: Kind, *, inside: bool = False, more: Sequence[str] = ()) -> Ran:
    """A run over such an endpoint."""
    with tempfile.TemporaryDirectory() as folder:
        async with endpoint(kind, inside=inside) as url:
            words, files = arguments(url, kind, Path(folder))
            command = [sys.executable, "-m", "chatproof", *words, *more]
            return await run(command, files, variables=VARIABLES, limit=kind.most_seconds + MORE_SECONDS)


def complaints(ran: Ran, code: int | None) -> list[str]:
    """What is not as it must be, where the exit code was to be this one."""
    found = flaws(ran.artefacts)
    if ran.code is None:
        found.append("it did not end in time")
    elif ran.code != code:
        found.append(f"exit code {ran.code}, not {code}")
    if ran.megabytes > MOST_MEGABYTES:
        found.append(f"{ran.megabytes:.0f} MB")
    return found
