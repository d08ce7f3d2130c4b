"""What the streams of LoRAX may do: one table for the native routes, one for the OpenAI routes.

Both streams are one event a token, the last of which says how it ended. The native one closes there; the OpenAI ones
send `[DONE]`. An error is an event as well, under HTTP 200, and nothing comes after it. That a stream has an error is
no violation: it is the only way in which these routes can say one.
"""

from collections.abc import Mapping
from dataclasses import replace

from chatschema.core.violation import Level
from chatschema.judging.lifecycle import Phase, Step, stream_lifecycle
from chatschema.judging.stream_judge import Grammar
from chatschema.judging.violation_kind import ViolationKind

__all__ = ["NATIVE", "OPENAI"]

_FRAMING, _LAST_EVENT, _ERRORS = "lorax.stream.framing", "lorax.stream.last-event", "lorax.errors.stream"
_STEPS = (Step.PART, Step.LAST, Step.ERROR, Step.JUNK, Step.DONE, Step.END)

_AFTER_LAST = ViolationKind(
    rule=_LAST_EVENT, message="An event came after the last one.", expected="no more tokens"
)
_AFTER_ERROR = ViolationKind(
    rule=_ERRORS, message="An event came after an error.", expected="nothing after an error"
)
_NATIVE_DONE = ViolationKind(
    rule=_FRAMING,
    message="A native stream said [DONE], which its clients take for JSON.",
    expected="no [DONE]",
)
_EARLY_DONE = ViolationKind(
    rule=_LAST_EVENT,
    message="[DONE] came before the last token.",
    expected="a chunk with a finish_reason first",
)

_BOTH: Mapping[tuple[Phase, Step], ViolationKind] = {
    (Phase.START, Step.END): ViolationKind(
        rule=_LAST_EVENT,
        message="The stream brought no token.",
        expected="a token or an error in each event",
    ),
    (Phase.OPEN, Step.END): ViolationKind(
        rule=_LAST_EVENT,
        message="The stream ended before its last event.",
        expected="an event that says how it ended",
    ),
    (Phase.LAST, Step.PART): _AFTER_LAST,
    (Phase.LAST, Step.LAST): _AFTER_LAST,
    (Phase.LAST, Step.ERROR): ViolationKind(
        rule=_ERRORS, message="An error came after the last event.", expected="no error"
    ),
    (Phase.FAILED, Step.PART): _AFTER_ERROR,
    (Phase.FAILED, Step.LAST): _AFTER_ERROR,
    # a model that cannot generate gets its own error and "Incomplete generation" behind it
    (Phase.FAILED, Step.ERROR): ViolationKind(
        rule=_ERRORS, message="A second error came.", expected="one error, last", level=Level.SHOULD
    ),
}

#: `/v1/completions` and `/v1/chat/completions` with `stream`.
OPENAI = Grammar(
    table=stream_lifecycle(
        _STEPS,
        {
            **_BOTH,
            (Phase.START, Step.DONE): _EARLY_DONE,
            (Phase.OPEN, Step.DONE): _EARLY_DONE,
            # 0.12 was the first to send it; what waits for it does not know an end without it from a lost connection
            (Phase.LAST, Step.END): ViolationKind(
                rule=_LAST_EVENT,
                message="The stream ended without [DONE].",
                expected="[DONE] as the last event",
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
