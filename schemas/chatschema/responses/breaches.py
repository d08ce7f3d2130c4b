"""Breaches inside an output, by the name of the piece that they are about."""

from chatschema.breach import Breach
from chatschema.violation import Level, Violation

__all__ = [
    "CHANGED",
    "DISAGREES",
    "LOST",
    "NOT_IN_PIECES",
    "NOT_THE_SAME",
    "OTHER_ITEM",
    "OUT_OF_TURN",
    "REFERENCE",
    "SAME_ID",
    "TOO_MANY",
    "WRONG_ITEM",
    "of_piece",
]

REFERENCE = "ResponseStreamEvent"

_EVENTS = "responses.sse.events"

OUT_OF_TURN = Breach(
    rule=_EVENTS, message="The event opens {piece} out of turn.", expected="indexes that count from 0"
)
SAME_ID = Breach(
    rule=_EVENTS, message="The event opens {piece} under the id of another one.", expected="an id of its own"
)
OTHER_ITEM = Breach(
    rule=_EVENTS, message="The event's index is that of {piece}, and its id is not.", expected="the item's id"
)
WRONG_ITEM = Breach(
    rule=_EVENTS, message="The event is not about what {piece} is.", expected="an event of its own kind"
)
CHANGED = Breach(rule=_EVENTS, message="The event changes what {piece} is.", expected="what was said before")
DISAGREES = Breach(
    rule=_EVENTS,
    message="The text of {piece} is not the one that came before.",
    expected="the pieces, joined",
)
NOT_IN_PIECES = Breach(
    rule=_EVENTS, message="A text of {piece} did not come in pieces.", expected="delta events before it"
)
NOT_THE_SAME = Breach(
    rule=_EVENTS,
    message="At the end of the response {piece} is another than in the stream.",
    expected="the item as its done event had it",
    level=Level.SHOULD,
)
LOST = Breach(
    rule=_EVENTS,
    message="The end of the response has not the items that came.",
    expected="the items that were opened",
)
TOO_MANY = Breach(rule=_EVENTS, message="There is more to {piece} than anyone can hold.", expected="an end")


def of_piece(breach: Breach, piece: str, path: str, what: str, *, expected: str = "") -> Violation:
    """A breach of an item or of a part of it: they interleave, so the path does not say which it is."""
    named = Breach(
        rule=breach.rule,
        level=breach.level,
        message=breach.message.format(piece=piece),
        expected=expected or breach.expected,
    )
    return named.violation(path, what, reference=REFERENCE)
