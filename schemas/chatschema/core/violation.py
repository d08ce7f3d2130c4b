"""What a judge hands back: breaches as values, never as exceptions."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

from pydantic import BaseModel

__all__ = ["MOST", "JsonObject", "JsonValue", "Judgement", "Level", "Violation", "bounded"]

#: A parsed JSON value. pydantic's own JsonValue says the same, but is opaque to a type checker's narrowing.
JsonValue: TypeAlias = dict[str, "JsonValue"] | list["JsonValue"] | str | int | float | bool | None
JsonObject: TypeAlias = dict[str, JsonValue]

#: More than this of one kind tells a reader nothing new, and a hostile body could hold a million.
MOST = 100


class Level(StrEnum):
    """How much a breach matters."""

    #: A client breaks, text is lost or invented, or nearly every recorded OpenAI exchange has it otherwise.
    MUST = "must"
    #: The specification asks for it and careful clients rely on it; many servers are known to miss it.
    SHOULD = "should"


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One breach of one rule at one place."""

    rule: str  #: stable id, as in the catalogue of cases
    level: Level
    path: str  #: JSON path, `$.choices[0].message`; in a stream `$[3].choices[0].delta` (events count from 0)
    message: str  #: one plain sentence
    expected: str
    seen: str  #: what stood there, in JSON terms, short
    reference: str = ""

    def under(self, prefix: str) -> "Violation":
        """The same breach where the judged value is itself a part, found at `prefix`."""
        return replace(self, path=prefix + self.path.removeprefix("$"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """All that was found in one value."""

    kind: str | None  #: what it was judged as; None where that could not be told
    violations: tuple[Violation, ...]
    extensions: tuple[str, ...]  #: JSON paths of the members that the contract does not know
    value: BaseModel | None  #: the parsed model; None where its shape was refused

    @property
    def valid(self) -> bool:
        """No must was broken; a should does not count."""
        return all(violation.level is not Level.MUST for violation in self.violations)


def bounded(violations: Iterable[Violation], more: int = 0) -> tuple[Violation, ...]:
    """The first `MOST` violations; the last of them says how many were left out, with `more` that nobody made."""
    found = tuple(violations)
    left = len(found) + more - MOST
    if left <= 0:
        return found
    last = replace(found[MOST - 1], message=f"{found[MOST - 1].message} ({left} more violations not listed)")
    return (*found[: MOST - 1], last)
