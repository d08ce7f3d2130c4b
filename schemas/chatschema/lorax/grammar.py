"""The grammar of LoRAX's streams, as two tables: one for the native routes, one for the OpenAI routes.

Rule 1: what may follow what is decided here and nowhere else; an entry is the next phase, and a `Breach` where the
step is none that the router takes. Rule 2: the tables are total.

Both streams are one event a token, the last of which says how it ended. The native one closes there; the OpenAI ones
send `[DONE]`. An error is an event as well, under HTTP 200, and nothing comes after it. That a stream has an error is
no breach: it is the only way in which these routes can say one.
"""

from collections.abc import Mapping
from enum import Enum, auto
from typing import TypeAlias

from chatschema.breach import Breach
from chatschema.violation import Level

__all__ = ["FRAMING", "NATIVE", "OPENAI", "Phase", "Step", "Table"]


class Phase(Enum):
    """Where a stream is."""

    START = auto()  #: no token yet
    OPEN = auto()  #: tokens came
    LAST = auto()  #: the token that says how it ended came
    FAILED = auto()  #: an error came
    DONE = auto()  #: `[DONE]` came; never in a native stream
    ENDED = auto()  #: the bytes ended


class Step(Enum):
    """What an event is to the stream."""

    TOKEN = auto()  #: a token
    LAST = auto()  #: a token, and how it ended
    ERROR = auto()  #: an error
    JUNK = auto()  #: none of these; its own breach is reported where it is read
    DONE = auto()  #: `[DONE]`
    END = auto()  #: the end of the bytes


Table: TypeAlias = Mapping[tuple[Phase, Step], tuple[Phase, Breach | None]]

FRAMING = "lorax.stream.framing"
_LAST_EVENT, _ERRORS = "lorax.stream.last-event", "lorax.errors.stream"

_NOTHING = Breach(
    rule=_LAST_EVENT, message="The stream brought no token.", expected="a token or an error in each event"
)
_CUT = Breach(
    rule=_LAST_EVENT,
    message="The stream ended before its last event.",
    expected="an event that says how it ended",
)
_AFTER_LAST = Breach(rule=_LAST_EVENT, message="An event came after the last one.", expected="no more tokens")
_LATE_ERROR = Breach(rule=_ERRORS, message="An error came after the last event.", expected="no error")
_AFTER_ERROR = Breach(
    rule=_ERRORS, message="An event came after an error.", expected="nothing after an error"
)
# a model that cannot generate gets its own error and "Incomplete generation" behind it
_SECOND_ERROR = Breach(
    rule=_ERRORS, message="A second error came.", expected="one error, last", level=Level.SHOULD
)
_NATIVE_DONE = Breach(
    rule=FRAMING,
    message="A native stream said [DONE], which its clients take for JSON.",
    expected="no [DONE]",
)
_EARLY_DONE = Breach(
    rule=_LAST_EVENT,
    message="[DONE] came before the last token.",
    expected="a chunk with a finish_reason first",
)
_NO_DONE = Breach(
    rule=_LAST_EVENT, message="The stream ended without [DONE].", expected="[DONE] as the last event"
)
_DONE_TWICE = Breach(rule=_LAST_EVENT, message="[DONE] came twice.", expected="[DONE] once")
_AFTER_DONE = Breach(rule=_LAST_EVENT, message="An event came after [DONE].", expected="nothing after [DONE]")

_P, _S = Phase, Step
#: `/generate_stream`, and `POST /` with `stream`.
NATIVE: Table = {
    (_P.START, _S.TOKEN): (_P.OPEN, None),
    (_P.START, _S.LAST): (_P.LAST, None),
    (_P.START, _S.ERROR): (_P.FAILED, None),
    (_P.START, _S.JUNK): (_P.START, None),
    (_P.START, _S.DONE): (_P.START, _NATIVE_DONE),
    (_P.START, _S.END): (_P.ENDED, _NOTHING),
    (_P.OPEN, _S.TOKEN): (_P.OPEN, None),
    (_P.OPEN, _S.LAST): (_P.LAST, None),
    (_P.OPEN, _S.ERROR): (_P.FAILED, None),
    (_P.OPEN, _S.JUNK): (_P.OPEN, None),
    (_P.OPEN, _S.DONE): (_P.OPEN, _NATIVE_DONE),
    (_P.OPEN, _S.END): (_P.ENDED, _CUT),
    (_P.LAST, _S.TOKEN): (_P.LAST, _AFTER_LAST),
    (_P.LAST, _S.LAST): (_P.LAST, _AFTER_LAST),
    (_P.LAST, _S.ERROR): (_P.FAILED, _LATE_ERROR),
    (_P.LAST, _S.JUNK): (_P.LAST, None),
    (_P.LAST, _S.DONE): (_P.LAST, _NATIVE_DONE),
    (_P.LAST, _S.END): (_P.ENDED, None),
    (_P.FAILED, _S.TOKEN): (_P.FAILED, _AFTER_ERROR),
    (_P.FAILED, _S.LAST): (_P.FAILED, _AFTER_ERROR),
    (_P.FAILED, _S.ERROR): (_P.FAILED, _SECOND_ERROR),
    (_P.FAILED, _S.JUNK): (_P.FAILED, None),
    (_P.FAILED, _S.DONE): (_P.FAILED, _NATIVE_DONE),
    (_P.FAILED, _S.END): (_P.ENDED, None),
}

#: `/v1/completions` and `/v1/chat/completions` with `stream`.
OPENAI: Table = {
    (_P.START, _S.TOKEN): (_P.OPEN, None),
    (_P.START, _S.LAST): (_P.LAST, None),
    (_P.START, _S.ERROR): (_P.FAILED, None),
    (_P.START, _S.JUNK): (_P.START, None),
    (_P.START, _S.DONE): (_P.DONE, _EARLY_DONE),
    (_P.START, _S.END): (_P.ENDED, _NOTHING),
    (_P.OPEN, _S.TOKEN): (_P.OPEN, None),
    (_P.OPEN, _S.LAST): (_P.LAST, None),
    (_P.OPEN, _S.ERROR): (_P.FAILED, None),
    (_P.OPEN, _S.JUNK): (_P.OPEN, None),
    (_P.OPEN, _S.DONE): (_P.DONE, _EARLY_DONE),
    (_P.OPEN, _S.END): (_P.ENDED, _CUT),
    (_P.LAST, _S.TOKEN): (_P.LAST, _AFTER_LAST),
    (_P.LAST, _S.LAST): (_P.LAST, _AFTER_LAST),
    (_P.LAST, _S.ERROR): (_P.FAILED, _LATE_ERROR),
    (_P.LAST, _S.JUNK): (_P.LAST, None),
    (_P.LAST, _S.DONE): (_P.DONE, None),
    # 0.12 was the first to send it; what waits for it does not know an end without it from a lost connection
    (_P.LAST, _S.END): (_P.ENDED, _NO_DONE),
    (_P.FAILED, _S.TOKEN): (_P.FAILED, _AFTER_ERROR),
    (_P.FAILED, _S.LAST): (_P.FAILED, _AFTER_ERROR),
    (_P.FAILED, _S.ERROR): (_P.FAILED, _SECOND_ERROR),
    (_P.FAILED, _S.JUNK): (_P.FAILED, None),
    (_P.FAILED, _S.DONE): (_P.DONE, _AFTER_ERROR),
    (_P.FAILED, _S.END): (_P.ENDED, None),
    (_P.DONE, _S.TOKEN): (_P.DONE, _AFTER_DONE),
    (_P.DONE, _S.LAST): (_P.DONE, _AFTER_DONE),
    (_P.DONE, _S.ERROR): (_P.DONE, _AFTER_DONE),
    (_P.DONE, _S.JUNK): (_P.DONE, _AFTER_DONE),
    (_P.DONE, _S.DONE): (_P.DONE, _DONE_TWICE),
    (_P.DONE, _S.END): (_P.ENDED, None),
}
