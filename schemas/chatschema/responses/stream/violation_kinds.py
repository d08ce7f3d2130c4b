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

must = partial(ViolationKind, EVENTS)
should = partial(ViolationKind, EVENTS, level=Level.SHOULD)

OUT_OF_TURN = must("The event opens {piece} out of turn.", "indexes that count from 0")
SAME_ID = must("The event opens {piece} under the id of another one.", "an id of its own")
OTHER_ITEM = must("The event's index is that of {piece}, and its id is not.", "the item's id")
WRONG_ITEM = must("The event is not about what {piece} is.", "an event of its own kind")
CHANGED = must("The event changes what {piece} is.", "what was said before")
DISAGREES = must("The text of {piece} is not the one that came before.", "the pieces, joined")
NOT_IN_PIECES = must("A text of {piece} did not come in pieces.", "delta events before it")
NOT_THE_SAME = should(
    "At the end of the response {piece} is another than in the stream.", "the item as its done event had it"
)
LOST = must("The end of the response has not the items that came.", "the items that were opened")
TOO_MANY = must("There is more to {piece} than anyone can hold.", "an end")


def of_piece(kind: ViolationKind, piece: str, path: str, what: str, *, expected: str = "") -> Violation:
    """A violation of an item or of a part of it: they interleave, so the path does not say which it is."""
    named = replace(kind, message=kind.message.format(piece=piece), expected=expected or kind.expected)
    return named.violation(path, what, reference=REFERENCE)
