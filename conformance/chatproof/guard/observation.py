"""What the guard has to say about one body."""

from dataclasses import dataclass
from enum import StrEnum

from chatschema import Level, Violation

__all__ = ["ANSWERS", "EXCHANGES", "REQUESTS", "Observation", "Side"]


class Side(StrEnum):
    """Whose body it is."""

    REQUEST = "request"
    ANSWER = "answer"


ANSWERS = frozenset({Side.ANSWER})
REQUESTS = frozenset({Side.REQUEST})
EXCHANGES = ANSWERS | REQUESTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """Violations that have just become known, or why a body is passed on without a judgement.

    Of a stream there is an observation for each event that breaks something. Nothing in it is a key.
    """

    side: Side
    kind: str  #: what the body is judged as: a `chatschema.Kind`
    method: str
    url: str  #: without query and user
    status: int | None = None  #: of the answer
    violations: tuple[Violation, ...] = ()  #: paths of a stream's begin with the event's number
    unjudged: str = ""  #: why it is not judged, or not further; empty where it is

    @property
    def musts(self) -> tuple[Violation, ...]:
        """The violations that break a client."""
        return tuple(violation for violation in self.violations if violation.level is Level.MUST)
