"""The sequence numbers of a stream: with them a client sees that an event was lost, and asks again from there.

312 of 319 streams of OpenAI's count from 0 by one, and one that was asked for from the middle counts from 1. The six
others, of the API's first weeks, have no number at all, and neither have llama.cpp's.
"""

from collections.abc import Iterator
from enum import Enum, IntEnum, auto

from chatschema.core.describe import ABSENT, seen
from chatschema.core.json_text import whole
from chatschema.core.violation import JsonObject, Level, Violation
from chatschema.judging.lifecycle import lifecycle
from chatschema.judging.violation_kind import ViolationKind

__all__ = ["SEQUENCE", "Sequence", "SequencePhase", "SequenceStep"]

_RULE = "responses.sequence-numbers"


class SequencePhase(IntEnum):
    """What is known of the numbers."""

    START = auto()
    SILENT = auto()  #: the events have none
    COUNTING = auto()


class SequenceStep(Enum):
    """What an event says of its number."""

    NEXT = auto()  #: it is the one that has to come
    OTHER = auto()
    NONE = auto()


_SUDDEN = ViolationKind(
    _RULE, "The event has a sequence number, and others have none.", "a number on every event"
)

#: That there are no numbers at all is said of each event by itself, as a should.
SEQUENCE = lifecycle(
    SequencePhase.START,
    {
        SequenceStep.NEXT: SequencePhase.COUNTING,
        SequenceStep.OTHER: SequencePhase.COUNTING,
        SequenceStep.NONE: SequencePhase.SILENT,
    },
    {
        (SequencePhase.START, SequenceStep.OTHER): ViolationKind(
            _RULE, "The first sequence number is not 0.", "0", Level.SHOULD
        ),
        (SequencePhase.COUNTING, SequenceStep.OTHER): ViolationKind(
            _RULE, "The sequence number is not the next one.", "one more than before"
        ),
        (SequencePhase.COUNTING, SequenceStep.NONE): ViolationKind(
            _RULE, "The event has no sequence number, and others have.", "a number on every event"
        ),
        (SequencePhase.SILENT, SequenceStep.NEXT): _SUDDEN,
        (SequencePhase.SILENT, SequenceStep.OTHER): _SUDDEN,
    },
)


class Sequence:
    """Counts. After a gap it goes on from the number that came."""

    def __init__(self) -> None:
        self._phase = SequencePhase.START
        self._next: int | None = 0  # None: whatever comes is right

    def feed(self, event: JsonObject, *, reference: str) -> Iterator[Violation]:
        """What the number of one event violates; a number of the wrong shape is its shape's business."""
        value = event.get("sequence_number")
        if value is None:
            step = SequenceStep.NONE
            self._next = None if self._phase is SequencePhase.COUNTING else self._next
        elif not whole(value):
            self._next = None
            return
        else:
            step = SequenceStep.NEXT if self._next in (None, int(value)) else SequenceStep.OTHER
            self._next = int(value) + 1
        self._phase, kind = SEQUENCE[self._phase, step]
        if kind is not None:
            what = ABSENT if value is None else seen(value)
            yield kind.violation("$.sequence_number", what, reference=reference)
