"""Steps that a stream's grammar does not have, and frames that no event should come in.

Paths are those inside the event; `EventStream` adds the event's number.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from .sse import SseEvent
from .violation import Level, Violation
from .words import seen

__all__ = ["Breach", "named", "not_json", "unfinished"]

_SSE = "https://html.spec.whatwg.org/multipage/server-sent-events.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A step that a grammar does not have."""

    rule: str
    message: str
    expected: str
    level: Level = Level.MUST

    def violation(self, path: str, what: str, *, reference: str) -> Violation:
        """The breach at one place, with what was seen there."""
        return Violation(
            rule=self.rule,
            level=self.level,
            path=path,
            message=self.message,
            expected=self.expected,
            seen=what,
            reference=reference,
        )


def unfinished(event: SseEvent, *, rule: str) -> Iterator[Violation]:
    """A browser drops an event that the end of the bytes cut off."""
    if not event.complete:
        breach = Breach(
            rule=rule,
            level=Level.SHOULD,
            message="The last event has no blank line after it.",
            expected="a blank line",
        )
        yield breach.violation("$", "the end", reference=_SSE)


def named(event: SseEvent, *, rule: str) -> Iterator[Violation]:
    """An event with a name never reaches a browser's onmessage."""
    if event.event:
        breach = Breach(
            rule=rule,
            level=Level.SHOULD,
            message="The event has a name, which hides it from a browser's onmessage.",
            expected="no event field",
        )
        yield breach.violation("$", seen(event.event), reference=_SSE)


def not_json(event: SseEvent, why: str, *, rule: str, expected: str = "a JSON object or [DONE]") -> Violation:
    """The data of an event is not what the stream is made of."""
    breach = Breach(rule=rule, message=f"The event's data is no chunk: {why}.", expected=expected)
    return breach.violation("$", seen(event.data), reference=_SSE)
