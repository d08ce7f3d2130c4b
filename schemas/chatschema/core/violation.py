"""What a judge hands back: violations as values, never as exceptions."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from pydantic import BaseModel

__all__ = ["MOST", "JsonObject", "JsonValue", "Judgement", "Level", "Violation"]

#: A parsed JSON value. pydantic's own JsonValue says the same, but is opaque to a type checker's narrowing.
JsonValue: TypeAlias = dict[str, "JsonValue"] | list["JsonValue"] | str | int | float | bool | None
JsonObject: TypeAlias = dict[str, JsonValue]

#: More than this of one kind tells a reader nothing new, and a hostile body could hold a million.
MOST = 100


class Level(StrEnum):
    """How much a violation matters."""

    #: A client breaks, text is lost or invented, or nearly every recorded OpenAI exchange has it otherwise.
    MUST = "must"
    #: The specification asks for it and careful clients rely on it; many servers are known to miss it.
    SHOULD = "should"


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One rule, broken at one place."""

    rule: str  #: stable id, as in the catalogue of cases
    level: Level
    path: str  #: JSON path, `$.choices[0].message`; in a stream `$[3].choices[0].delta` (events count from 0)
    message: str  #: one plain sentence
    expected: str
    seen: str  #: what stood there, in JSON terms, short
    reference: str = ""

    def under(self, prefix: str) -> "Violation":
        """The same violation where the judged value is itself a part, found at `prefix`."""
        # `replace` takes five times as long
        return Violation(
            rule=self.rule,
            level=self.level,
            path=prefix + self.path.removeprefix("$"),
            message=self.message,
            expected=self.expected,
            seen=self.seen,
            reference=self.reference,
        )


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
