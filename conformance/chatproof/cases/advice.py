"""How servers usually fail a case, and what the one who runs them can do about it."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from chatproof.findings.ids import group_of

__all__ = ["Advice", "advice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """Two sentences on one case."""

    usually: str
    do: str


def advice(id_: str) -> Advice:
    """What is known about failures of one case: its own entry, or its group's.

    Raises:
        KeyError: neither has one.
    """
    found = _entries()
    return Advice(**(found["cases"].get(id_) or found["groups"][group_of(id_)]))


@cache
def _entries() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads((files("chatproof.cases") / "advice.toml").read_text(encoding="utf-8"))
