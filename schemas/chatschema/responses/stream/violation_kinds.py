"""What can be wrong with a streamed output. {piece} is "item 2", or "part 0 of item 2"; `of_piece` puts it in."""

from dataclasses import replace
from functools import partial

from chatschema.core.violation import Level, Violation
from chatschema.judging.violation_kind import ViolationKind

__all__ = [
    "CHANGED",
    "DISAGREES",
    "EVENTS",
    "LOST",
    "NOT_IN_PIECES",
    "NOT_THE_SAME",
    "OTHER_ITEM",
    "OUT_OF_TURN",
    "REFERENCE",
    "SAME_ID",
    "TOO_MANY",
    "WRONG_ITEM",
    "must",
    "of_piece",
    "should",
]

REFERENCE = "ResponseStreamEvent"

#: The rule of what may follow what.
EVENTS = "responses.sse.events"

must = partial(ViolationKind, rule=EVENTS)
should = partial(ViolationKind, rule=EVENTS, level=Level.SHOULD)

OUT_OF_TURN = must(message="The event opens {piece} out of turn.", expected="indexes that count from 0")
SAME_ID = must(message="The event opens {piece} under the id of another one.", expected="an id of its own")
OTHER_ITEM = must(
    message="The event's index is that of {piece}, and its id is not.", expected="the item's id"
)
WRONG_ITEM = must(message="The event is not about what {piece} is.", expected="an event of its own kind")
CHANGED = must(message="The event changes what {piece} is.", expected="what was said before")
DISAGREES = must(
    message="The text of {piece} is not the one that came before.",
    expected="the pieces, joined",
)
NOT_IN_PIECES = must(message="A text of {piece} did not come in pieces.", expected="delta events before it")
NOT_THE_SAME = should(
    message="At the end of the response {piece} is another than in the stream.",
    expected="the item as its done event had it",
)
LOST = must(
    message="The end of the response has not the items that came.",
    expected="the items that were opened",
)
TOO_MANY = must(message="There is more to {piece} than anyone can hold.", expected="an end")


def of_piece(kind: ViolationKind, piece: str, path: str, what: str, *, expected: str = "") -> Violation:
    """A violation of an item or of a part of it: they interleave, so the path does not say which it is."""
    named = replace(kind, message=kind.message.format(piece=piece), expected=expected or kind.expected)
    return named.violation(path, what, reference=REFERENCE)
