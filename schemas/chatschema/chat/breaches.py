"""Breaches of the stream grammar as violations. Paths are those inside the event; `ChatStream` adds its number."""

from dataclasses import replace

from chatschema.breach import Breach
from chatschema.violation import Level, Violation

__all__ = ["STREAM_REFERENCE", "in_stream", "of_choice", "too_many"]

STREAM_REFERENCE = "CreateChatCompletionStreamResponse"


def of_choice(breach: Breach, index: int) -> Breach:
    """A breach of one choice, which is named: choices come one a chunk, so the path does not tell them apart."""
    return replace(
        breach,
        message=breach.message.replace("The choice", f"Choice {index}").replace(
            "the choice", f"choice {index}"
        ),
    )


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
