"""From a judgement to the table.

The table is indexed by sign when it is first asked. Rows keep its order, in which what was recorded most often
stands first.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from chatschema.core.violation import Violation

from .deviation import Deviation

__all__ = ["known_deviations", "known_extension", "place"]

_INDEX = re.compile(r"\[\d+\]")


def known_deviations(violation: Violation, kind: str | None = None) -> tuple[Deviation, ...]:
    """Where a violation is likely to come from, the likeliest first; empty where nobody is known for it.

    `kind` is the judgement's, and leaves out what other bodies are known for.
    """
    sign = f"{violation.rule} {place(violation.path)}"
    return tuple(
        row
        for row in _of(sign, kind)
        if re.search(row.seen, violation.seen) and re.search(row.says, violation.message)
    )


def known_extension(path: str, kind: str | None = None) -> tuple[Deviation, ...]:
    """Who is known for a member that the contract does not know, by a path of `Judgement.extensions`."""
    return tuple(_of(place(path), kind))


def place(path: str) -> str:
    """A path as the table has it: `$[3].choices[0].delta` is `$.choices[*].delta`."""
    anywhere = _INDEX.sub("[*]", path)
    return "$" + anywhere.removeprefix("$").removeprefix("[*]")


def _of(sign: str, kind: str | None) -> Iterator[Deviation]:
    yield from (row for row in _by_sign().get(sign, ()) if kind is None or kind in row.kinds)


@cache
def _by_sign() -> Mapping[str, tuple[Deviation, ...]]:
    from .table import DEVIATIONS  # noqa: PLC0415 - most programs never ask, and should not load 160 rows

    found: dict[str, list[Deviation]] = {}
    for row in DEVIATIONS:
        for sign in row.signs:
            found.setdefault(sign, []).append(row)
    return {sign: tuple(rows) for sign, rows in found.items()}
