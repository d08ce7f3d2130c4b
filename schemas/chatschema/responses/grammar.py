"""The grammar of a stream as a whole, as a table. That of its items and parts is in `piece_grammar`.

Rule 1: what may follow what is decided here and nowhere else. An entry is the next phase, and a `Breach` that names
the rule where the step is none: a judge that stops at the first mistake hides the others.

Rule 2: the table is total. What cannot happen is in it too, so that no input falls through.

Measured on 330 streams of OpenAI's and Azure's: each of them is `created`, then `in_progress` (in three with `queued`
between), then items, then one end; none has an event after it, and none has `[DONE]`. One begins in the middle: it
was asked for with `starting_after`.
"""

from collections.abc import Mapping
from enum import Enum, auto

from chatschema.breach import Breach
from chatschema.violation import Level

__all__ = ["STEPS", "STREAM", "StreamPhase", "StreamStep"]

_EVENTS = "responses.sse.events"


class StreamPhase(Enum):
    """Where a stream is."""

    START = auto()  #: nothing came
    RESUMED = auto()  #: the first event has a sequence number above 0 and does not create the response
    CREATED = auto()  #: `response.created` came
    RUNNING = auto()  #: `response.in_progress` came
    WORKING = auto()  #: items came
    FAILED = auto()  #: an error came
    OVER = auto()  #: the end of the response came
    DONE = auto()  #: `[DONE]` came
    ENDED = auto()  #: the bytes ended


class StreamStep(Enum):
    """What an event is to the stream."""

    RESUME = auto()  #: it is the first and says itself that it is not; its own step follows
    CREATED = auto()
    QUEUED = auto()
    IN_PROGRESS = auto()
    WORK = auto()  #: about an item
    COMPLETED = auto()  #: the end, and something came of it: completed or incomplete
    FAILED = auto()  #: the end, and nothing came of it
    ERROR = auto()  #: an error event, or an error object
    OTHER = auto()  #: an event that the contract does not know
    JUNK = auto()  #: no event at all; its own breach is reported where it is read
    DONE = auto()  #: `[DONE]`
    END = auto()  #: the end of the bytes


#: The types of events that are steps of their own. Any other type that is known is WORK.
STEPS: Mapping[str, StreamStep] = {
    "response.created": StreamStep.CREATED,
    "response.queued": StreamStep.QUEUED,
    "response.in_progress": StreamStep.IN_PROGRESS,
    "response.completed": StreamStep.COMPLETED,
    "response.incomplete": StreamStep.COMPLETED,
    "response.failed": StreamStep.FAILED,
    "error": StreamStep.ERROR,
}

_MIDDLE = Breach(
    rule=_EVENTS,
    message="The stream begins in the middle, as if it had been asked for from there.",
    expected="response.created, unless the request said starting_after",
    level=Level.SHOULD,
)
_NOT_CREATED = Breach(
    rule=_EVENTS,
    message="The first event does not create the response.",
    expected="response.created as the first event",
)
_CREATED_TWICE = Breach(
    rule=_EVENTS, message="The response is created twice.", expected="response.created once"
)
_NOT_RUNNING = Breach(
    rule=_EVENTS,
    message="An item came before response.in_progress.",
    expected="response.in_progress after response.created",
    level=Level.SHOULD,
)
_LATE = Breach(
    rule=_EVENTS,
    message="The response begins to run once more.",
    expected="response.in_progress once, before the first item",
    level=Level.SHOULD,
)
_NOTHING = Breach(
    rule=_EVENTS, message="The stream brought no response.", expected="response.created to response.completed"
)
_NO_END = Breach(
    rule=_EVENTS,
    message="The stream ended and the response did not.",
    expected="response.completed, response.incomplete or response.failed",
)
_REFUSED = Breach(
    rule=_EVENTS,
    message="The request was refused inside a stream with a good status.",
    expected="a plain HTTP error with a JSON body",
    level=Level.SHOULD,
)
_NOT_FAILED = Breach(
    rule=_EVENTS,
    message="After the error the response did not end.",
    expected="response.failed",
    level=Level.SHOULD,
)
_AFTER_ERROR = Breach(
    rule=_EVENTS, message="The response goes on after an error.", expected="response.failed, or nothing"
)
_AFTER_END = Breach(
    rule=_EVENTS,
    message="An event came after the end of the response.",
    expected="nothing more of this response",
)
_VENDOR_AFTER_END = Breach(
    rule=_EVENTS,
    message="An unknown event came after the end of the response.",
    expected="nothing more of this response",
    level=Level.SHOULD,
)
_SECOND_END = Breach(
    rule=_EVENTS, message="The response ends twice.", expected="one of completed, incomplete and failed"
)
_AFTER_DONE = Breach(rule=_EVENTS, message="An event came after [DONE].", expected="nothing after [DONE]")
_DONE_TWICE = Breach(rule=_EVENTS, message="[DONE] came twice.", expected="[DONE] once", level=Level.SHOULD)

_S, _T = StreamPhase, StreamStep
#: The life of a stream.
STREAM: Mapping[tuple[StreamPhase, StreamStep], tuple[StreamPhase, Breach | None]] = {
    (_S.START, _T.RESUME): (_S.RESUMED, _MIDDLE),
    (_S.START, _T.CREATED): (_S.CREATED, None),
    (_S.START, _T.QUEUED): (_S.CREATED, _NOT_CREATED),
    (_S.START, _T.IN_PROGRESS): (_S.RUNNING, _NOT_CREATED),
    (_S.START, _T.WORK): (_S.WORKING, _NOT_CREATED),
    (_S.START, _T.COMPLETED): (_S.OVER, _NOT_CREATED),
    (_S.START, _T.FAILED): (_S.OVER, _NOT_CREATED),
    (_S.START, _T.ERROR): (_S.FAILED, _REFUSED),
    (_S.START, _T.OTHER): (_S.START, None),
    (_S.START, _T.JUNK): (_S.START, None),
    (_S.START, _T.DONE): (_S.DONE, _NOTHING),
    (_S.START, _T.END): (_S.ENDED, _NOTHING),
    (_S.RESUMED, _T.RESUME): (_S.RESUMED, None),
    (_S.RESUMED, _T.CREATED): (_S.CREATED, _CREATED_TWICE),
    (_S.RESUMED, _T.QUEUED): (_S.RESUMED, None),
    (_S.RESUMED, _T.IN_PROGRESS): (_S.RUNNING, None),
    (_S.RESUMED, _T.WORK): (_S.WORKING, None),
    (_S.RESUMED, _T.COMPLETED): (_S.OVER, None),
    (_S.RESUMED, _T.FAILED): (_S.OVER, None),
    (_S.RESUMED, _T.ERROR): (_S.FAILED, None),
    (_S.RESUMED, _T.OTHER): (_S.RESUMED, None),
    (_S.RESUMED, _T.JUNK): (_S.RESUMED, None),
    (_S.RESUMED, _T.DONE): (_S.DONE, _NO_END),
    (_S.RESUMED, _T.END): (_S.ENDED, _NO_END),
    (_S.CREATED, _T.RESUME): (_S.CREATED, None),
    (_S.CREATED, _T.CREATED): (_S.CREATED, _CREATED_TWICE),
    (_S.CREATED, _T.QUEUED): (_S.CREATED, None),
    (_S.CREATED, _T.IN_PROGRESS): (_S.RUNNING, None),
    (_S.CREATED, _T.WORK): (_S.WORKING, _NOT_RUNNING),
    (_S.CREATED, _T.COMPLETED): (_S.OVER, None),
    (_S.CREATED, _T.FAILED): (_S.OVER, None),
    (_S.CREATED, _T.ERROR): (_S.FAILED, None),
    (_S.CREATED, _T.OTHER): (_S.CREATED, None),
    (_S.CREATED, _T.JUNK): (_S.CREATED, None),
    (_S.CREATED, _T.DONE): (_S.DONE, _NO_END),
    (_S.CREATED, _T.END): (_S.ENDED, _NO_END),
    (_S.RUNNING, _T.RESUME): (_S.RUNNING, None),
    (_S.RUNNING, _T.CREATED): (_S.RUNNING, _CREATED_TWICE),
    (_S.RUNNING, _T.QUEUED): (_S.RUNNING, _LATE),
    (_S.RUNNING, _T.IN_PROGRESS): (_S.RUNNING, _LATE),
    (_S.RUNNING, _T.WORK): (_S.WORKING, None),
    (_S.RUNNING, _T.COMPLETED): (_S.OVER, None),
    (_S.RUNNING, _T.FAILED): (_S.OVER, None),
    (_S.RUNNING, _T.ERROR): (_S.FAILED, None),
    (_S.RUNNING, _T.OTHER): (_S.RUNNING, None),
    (_S.RUNNING, _T.JUNK): (_S.RUNNING, None),
    (_S.RUNNING, _T.DONE): (_S.DONE, _NO_END),
    (_S.RUNNING, _T.END): (_S.ENDED, _NO_END),
    (_S.WORKING, _T.RESUME): (_S.WORKING, None),
    (_S.WORKING, _T.CREATED): (_S.WORKING, _CREATED_TWICE),
    (_S.WORKING, _T.QUEUED): (_S.WORKING, _LATE),
    (_S.WORKING, _T.IN_PROGRESS): (_S.WORKING, _LATE),
    (_S.WORKING, _T.WORK): (_S.WORKING, None),
    (_S.WORKING, _T.COMPLETED): (_S.OVER, None),
    (_S.WORKING, _T.FAILED): (_S.OVER, None),
    (_S.WORKING, _T.ERROR): (_S.FAILED, None),
    (_S.WORKING, _T.OTHER): (_S.WORKING, None),
    (_S.WORKING, _T.JUNK): (_S.WORKING, None),
    (_S.WORKING, _T.DONE): (_S.DONE, _NO_END),
    (_S.WORKING, _T.END): (_S.ENDED, _NO_END),
    # OpenAI sends response.failed after it, as Open Responses asks; the specification of OpenAI does not say
    (_S.FAILED, _T.RESUME): (_S.FAILED, None),
    (_S.FAILED, _T.CREATED): (_S.FAILED, _AFTER_ERROR),
    (_S.FAILED, _T.QUEUED): (_S.FAILED, _AFTER_ERROR),
    (_S.FAILED, _T.IN_PROGRESS): (_S.FAILED, _AFTER_ERROR),
    (_S.FAILED, _T.WORK): (_S.FAILED, _AFTER_ERROR),
    (_S.FAILED, _T.COMPLETED): (_S.OVER, _AFTER_ERROR),
    (_S.FAILED, _T.FAILED): (_S.OVER, None),
    (_S.FAILED, _T.ERROR): (_S.FAILED, None),
    (_S.FAILED, _T.OTHER): (_S.FAILED, None),
    (_S.FAILED, _T.JUNK): (_S.FAILED, None),
    (_S.FAILED, _T.DONE): (_S.DONE, _NOT_FAILED),
    (_S.FAILED, _T.END): (_S.ENDED, _NOT_FAILED),
    (_S.OVER, _T.RESUME): (_S.OVER, None),
    (_S.OVER, _T.CREATED): (_S.OVER, _AFTER_END),
    (_S.OVER, _T.QUEUED): (_S.OVER, _AFTER_END),
    (_S.OVER, _T.IN_PROGRESS): (_S.OVER, _AFTER_END),
    (_S.OVER, _T.WORK): (_S.OVER, _AFTER_END),
    (_S.OVER, _T.COMPLETED): (_S.OVER, _SECOND_END),
    (_S.OVER, _T.FAILED): (_S.OVER, _SECOND_END),
    (_S.OVER, _T.ERROR): (_S.OVER, _AFTER_END),
    (_S.OVER, _T.OTHER): (_S.OVER, _VENDOR_AFTER_END),
    (_S.OVER, _T.JUNK): (_S.OVER, None),
    (_S.OVER, _T.DONE): (_S.DONE, None),  # Open Responses asks for it; OpenAI has never sent it
    (_S.OVER, _T.END): (_S.ENDED, None),
    (_S.DONE, _T.RESUME): (_S.DONE, None),
    (_S.DONE, _T.CREATED): (_S.DONE, _AFTER_DONE),
    (_S.DONE, _T.QUEUED): (_S.DONE, _AFTER_DONE),
    (_S.DONE, _T.IN_PROGRESS): (_S.DONE, _AFTER_DONE),
    (_S.DONE, _T.WORK): (_S.DONE, _AFTER_DONE),
    (_S.DONE, _T.COMPLETED): (_S.DONE, _AFTER_DONE),
    (_S.DONE, _T.FAILED): (_S.DONE, _AFTER_DONE),
    (_S.DONE, _T.ERROR): (_S.DONE, _AFTER_DONE),
    (_S.DONE, _T.OTHER): (_S.DONE, _AFTER_DONE),
    (_S.DONE, _T.JUNK): (_S.DONE, _AFTER_DONE),
    (_S.DONE, _T.DONE): (_S.DONE, _DONE_TWICE),
    (_S.DONE, _T.END): (_S.ENDED, None),
}
