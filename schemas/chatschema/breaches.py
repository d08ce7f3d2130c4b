"""Breaches of the stream grammar as violations. Paths are those inside the event; `ChatStream` adds its number."""

from collections.abc import Iterator
from dataclasses import replace

from .grammar import Breach
from .sse import SseEvent
from .violation import Level, Violation
from .words import seen

__all__ = ["STREAM_REFERENCE", "framing", "in_stream", "not_json", "of_choice", "of_stream", "too_many"]

STREAM_REFERENCE = "CreateChatCompletionStreamResponse"


def framing(event: SseEvent) -> Iterator[Violation]:
    """What is wrong with the event's frame."""
    if not event.complete:
        yield _frame(Level.SHOULD, "The last event has no blank line after it.", "a blank line", "the end")
    if event.event:
        message = "The event has a name, which hides it from a browser's onmessage."
        yield _frame(Level.SHOULD, message, "no event field", seen(event.event))


def not_json(event: SseEvent, why: str) -> Violation:
    """An event that is neither chunk nor [DONE]."""
    return _frame(
        Level.MUST, f"The event's data is no chunk: {why}.", "a JSON object or [DONE]", seen(event.data)
    )


def _frame(level: Level, message: str, expected: str, what: str) -> Violation:
    return Violation(
        rule="chat.sse.framing",
        level=level,
        path="$",
        message=message,
        expected=expected,
        seen=what,
        reference="https://html.spec.whatwg.org/multipage/server-sent-events.html",
    )


def of_stream(breach: Breach, path: str, what: str) -> Violation:
    """A breach of the whole stream."""
    return Violation(
        rule=breach.rule,
        level=breach.level,
        path=path,
        message=breach.message,
        expected=breach.expected,
        seen=what,
        reference=STREAM_REFERENCE,
    )


def of_choice(breach: Breach, index: int, path: str, what: str) -> Violation:
    """A breach of one choice, which is named: choices come one a chunk, so the path does not tell them apart."""
    found = of_stream(breach, path, what)
    named = found.message.replace("The choice", f"Choice {index}").replace("the choice", f"choice {index}")
    return replace(found, message=named)


def too_many(place: str, limit: int) -> Violation:
    """A choice more than anyone can ask for."""
    return Violation(
        rule="chat.sse.shape",
        level=Level.MUST,
        path=place,
        message=f"The stream has more than {limit} choices.",
        expected=f"at most {limit} choices",
        seen="one more",
        reference=STREAM_REFERENCE,
    )


def in_stream(violation: Violation) -> Violation:
    """A chunk's shape rules under the names that the catalogue has for streams."""
    if not violation.rule.startswith("shape."):
        return violation
    if violation.rule == "shape.forbidden":
        return replace(violation, rule="chat.sse.delta-not-message")
    if ".delta.tool_calls" in violation.path:
        return replace(violation, rule="chat.tools.sse-fragments")
    if violation.path.endswith(".delta.role"):
        return replace(violation, rule="chat.sse.role-first")
    return replace(violation, rule="chat.sse.shape")
