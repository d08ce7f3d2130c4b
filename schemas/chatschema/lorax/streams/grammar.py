"""What the streams of LoRAX may do: one table for the native routes, one for the OpenAI routes.

Both streams are one event a token, the last of which says how it ended. The native one closes there; the OpenAI ones
send `[DONE]`. An error is an event as well, under HTTP 200, and nothing comes after it. That a stream has an error is
no violation: it is the only way in which these routes can say one.
"""

from collections.abc import Mapping
from dataclasses import replace

from chatschema.core.violation import Level
from chatschema.judging.lifecycle import Phase, Step, stream_lifecycle
from chatschema.judging.stream_judge import StreamGrammar
from chatschema.judging.violation_kind import ViolationKind

__all__ = ["NATIVE", "OPENAI"]

_FRAMING, _LAST_EVENT, _ERRORS = "lorax.stream.framing", "lorax.stream.last-event", "lorax.errors.stream"
_STEPS = (Step.PART, Step.LAST, Step.ERROR, Step.JUNK, Step.DONE, Step.END)

_AFTER_LAST = ViolationKind(_LAST_EVENT, "An event came after the last one.", "no more tokens")
_AFTER_ERROR = ViolationKind(_ERRORS, "An event came after an error.", "nothing after an error")
_NATIVE_DONE = ViolationKind(
    _FRAMING, "A native stream said [DONE], which its clients take for JSON.", "no [DONE]"
)
_EARLY_DONE = ViolationKind(
    _LAST_EVENT, "[DONE] came before the last token.", "a chunk with a finish_reason first"
)

_BOTH: Mapping[tuple[Phase, Step], ViolationKind] = {
    (Phase.START, Step.END): ViolationKind(
        _LAST_EVENT, "The stream brought no token.", "a token or an error in each event"
    ),
    (Phase.OPEN, Step.END): ViolationKind(
        _LAST_EVENT, "The stream ended before its last event.", "an event that says how it ended"
    ),
    (Phase.LAST, Step.PART): _AFTER_LAST,
    (Phase.LAST, Step.LAST): _AFTER_LAST,
    (Phase.LAST, Step.ERROR): ViolationKind(_ERRORS, "An error came after the last event.", "no error"),
    (Phase.FAILED, Step.PART): _AFTER_ERROR,
    (Phase.FAILED, Step.LAST): _AFTER_ERROR,
    # a model that cannot generate gets its own error and "Incomplete generation" behind it
    (Phase.FAILED, Step.ERROR): ViolationKind(
        _ERRORS, "A second error came.", "one error, last", Level.SHOULD
    ),
}

#: `/v1/completions` and `/v1/chat/completions` with `stream`.
OPENAI = StreamGrammar(
    table=stream_lifecycle(
        _STEPS,
        {
            **_BOTH,
            (Phase.START, Step.DONE): _EARLY_DONE,
            (Phase.OPEN, Step.DONE): _EARLY_DONE,
            # 0.12 was the first to send it; what waits for it does not know an end without it from a lost connection
            (Phase.LAST, Step.END): ViolationKind(
                _LAST_EVENT, "The stream ended without [DONE].", "[DONE] as the last event"
            ),
            (Phase.FAILED, Step.DONE): _AFTER_ERROR,
        },
        done_rule=_LAST_EVENT,
    ),
    framing=_FRAMING,
    shape="lorax.stream.shape",
    reference="router/src/server.rs, generate_stream_with_callback",
    data="a JSON object",
)

#: `/generate_stream`, and `POST /` with `stream`: `[DONE]` is nothing to them.
NATIVE = replace(
    OPENAI,
    table=stream_lifecycle(
        _STEPS,
        {**_BOTH, **{(phase, Step.DONE): (phase, _NATIVE_DONE) for phase in Phase}},
        done_rule=_LAST_EVENT,
    ),
)
