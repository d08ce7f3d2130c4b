"""The grammar of a stream of completions, as two tables.

A stream has a phase and each of its choices has one of its own, as in a chat. The tables are total: what cannot
happen is in them too, and an entry with a `Breach` still says where to go on.
"""

from collections.abc import Mapping
from enum import Enum, auto

from chatschema.breach import Breach
from chatschema.violation import Level

__all__ = ["CHOICE", "STREAM", "ChoicePhase", "ChoiceStep", "StreamPhase", "StreamStep"]


class StreamPhase(Enum):
    """Where a stream is."""

    START = auto()  #: no chunk with choices yet
    OPEN = auto()  #: chunks with choices came
    FAILED = auto()  #: an error object came
    DONE = auto()  #: `[DONE]` came
    ENDED = auto()  #: the bytes ended


class StreamStep(Enum):
    """What an event is to the stream."""

    CHUNK = auto()  #: a chunk with choices
    BARE = auto()  #: a chunk without: usage alone
    ERROR = auto()  #: an error object
    JUNK = auto()  #: no chunk at all; its own breach is reported where it is read
    DONE = auto()  #: `[DONE]`
    END = auto()  #: the end of the bytes


class ChoicePhase(Enum):
    """Where a choice is."""

    OPEN = auto()  #: it may say more
    FINISHED = auto()  #: its finish_reason came, or the stream is over


class ChoiceStep(Enum):
    """What a chunk does to a choice; one chunk may do both of the first and one of the next two, in this order."""

    TEXT = auto()  #: brings text
    EMPTY = auto()  #: brings an empty text, or none
    FINISH = auto()  #: a finish_reason, the first or another one
    AGAIN = auto()  #: the same finish_reason again
    END = auto()  #: `[DONE]`, or the end of the bytes


_NOTHING = Breach(
    rule="completions.sse.done",
    message="The stream brought no chunk.",
    expected="chunks, a finish_reason and [DONE]",
)
_NO_CHOICE = Breach(
    rule="completions.sse.finish-once",
    message="The stream is done and had no choice.",
    expected="a choice with a finish_reason",
)
_NO_DONE = Breach(
    rule="completions.sse.done",
    message="The stream ended without [DONE].",
    expected="[DONE] as the last event",
)
_AFTER_DONE = Breach(
    rule="completions.sse.done", message="An event came after [DONE].", expected="nothing after [DONE]"
)
_DONE_TWICE = Breach(rule="completions.sse.done", message="[DONE] came twice.", expected="[DONE] once")
_ERROR_FIRST = Breach(
    rule="completions.sse.error-before",
    message="The request was refused inside a stream with a good status.",
    expected="a plain HTTP error with a JSON body",
)
_ERROR_LATER = Breach(
    rule="completions.sse.error", message="The answer failed in mid-stream.", expected="a chunk or [DONE]"
)
_AFTER_FINISH = Breach(
    rule="completions.sse.finish-once",
    message="Text came after the finish_reason.",
    expected="nothing more of this choice",
)
_FINISH_TWICE = Breach(
    rule="completions.sse.finish-once",
    message="The choice has a second finish_reason.",
    expected="one finish_reason for each choice",
)
_FINISH_AGAIN = Breach(
    rule="completions.sse.finish-once",
    message="The choice says its finish_reason twice.",
    expected="one finish_reason for each choice",
    level=Level.SHOULD,
)
_NO_FINISH = Breach(
    rule="completions.sse.finish-once",
    message="The choice got no finish_reason.",
    expected="one finish_reason for each choice",
)

_S, _T = StreamPhase, StreamStep
#: The whole life of a stream: (phase, step) -> phase, with what the step breaks.
STREAM: Mapping[tuple[StreamPhase, StreamStep], tuple[StreamPhase, Breach | None]] = {
    (_S.START, _T.CHUNK): (_S.OPEN, None),
    (_S.START, _T.BARE): (_S.START, None),
    (_S.START, _T.ERROR): (_S.FAILED, _ERROR_FIRST),
    (_S.START, _T.JUNK): (_S.START, None),
    (_S.START, _T.DONE): (_S.DONE, _NO_CHOICE),
    (_S.START, _T.END): (_S.ENDED, _NOTHING),
    (_S.OPEN, _T.CHUNK): (_S.OPEN, None),
    (_S.OPEN, _T.BARE): (_S.OPEN, None),
    (_S.OPEN, _T.ERROR): (_S.FAILED, _ERROR_LATER),
    (_S.OPEN, _T.JUNK): (_S.OPEN, None),
    (_S.OPEN, _T.DONE): (_S.DONE, None),
    (_S.OPEN, _T.END): (_S.ENDED, _NO_DONE),
    # an error is the end of the answer: servers send [DONE] after it or do not, and clients have stopped reading
    (_S.FAILED, _T.CHUNK): (_S.FAILED, None),
    (_S.FAILED, _T.BARE): (_S.FAILED, None),
    (_S.FAILED, _T.ERROR): (_S.FAILED, None),
    (_S.FAILED, _T.JUNK): (_S.FAILED, None),
    (_S.FAILED, _T.DONE): (_S.DONE, None),
    (_S.FAILED, _T.END): (_S.ENDED, None),
    (_S.DONE, _T.CHUNK): (_S.DONE, _AFTER_DONE),
    (_S.DONE, _T.BARE): (_S.DONE, _AFTER_DONE),
    (_S.DONE, _T.ERROR): (_S.DONE, _AFTER_DONE),
    (_S.DONE, _T.JUNK): (_S.DONE, _AFTER_DONE),
    (_S.DONE, _T.DONE): (_S.DONE, _DONE_TWICE),
    (_S.DONE, _T.END): (_S.ENDED, None),
}

_C, _D = ChoicePhase, ChoiceStep
#: The life of one choice.
CHOICE: Mapping[tuple[ChoicePhase, ChoiceStep], tuple[ChoicePhase, Breach | None]] = {
    (_C.OPEN, _D.TEXT): (_C.OPEN, None),
    (_C.OPEN, _D.EMPTY): (_C.OPEN, None),
    (_C.OPEN, _D.FINISH): (_C.FINISHED, None),
    (_C.OPEN, _D.AGAIN): (_C.FINISHED, None),  # cannot happen
    (_C.OPEN, _D.END): (_C.FINISHED, _NO_FINISH),
    (_C.FINISHED, _D.TEXT): (_C.FINISHED, _AFTER_FINISH),
    (_C.FINISHED, _D.EMPTY): (_C.FINISHED, None),
    (_C.FINISHED, _D.FINISH): (_C.FINISHED, _FINISH_TWICE),
    (_C.FINISHED, _D.AGAIN): (_C.FINISHED, _FINISH_AGAIN),  # OpenAI: 2 of 20 streams, with an empty text
    (_C.FINISHED, _D.END): (_C.FINISHED, None),
}
