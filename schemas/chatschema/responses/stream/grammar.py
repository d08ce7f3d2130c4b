"""What a stream of Open Responses may do as a whole. The life of its items and parts is in `piece_grammar`.

Measured on 330 streams of OpenAI's and Azure's: each of them is `created`, then `in_progress` (in three with `queued`
between), then items, then one end; none has an event after it, and none has `[DONE]`. One begins in the middle: it
was asked for with `starting_after`.
"""

from collections.abc import Mapping

from chatschema.core.violation import Level
from chatschema.judging.lifecycle import Phase, Step, stream_lifecycle
from chatschema.judging.stream_judge import Grammar
from chatschema.judging.violation_kind import ViolationKind

from .violation_kinds import EVENTS, REFERENCE, must, should

__all__ = ["ANSWER_STEPS", "GRAMMAR", "STEPS"]

#: The types of events that are steps of their own. Any other type that is known is about an item.
STEPS: Mapping[str, Step] = {
    "response.created": Step.CREATED,
    "response.queued": Step.QUEUED,
    "response.in_progress": Step.RUNNING,
    "response.completed": Step.LAST,
    "response.incomplete": Step.LAST,
    "response.failed": Step.FAILED,
    "error": Step.ERROR,
}
#: Steps of which no stream begins with one but the first, unless it begins in the middle.
ANSWER_STEPS = (Step.CREATED, Step.QUEUED, Step.RUNNING, Step.PART, Step.LAST, Step.FAILED)

_NOT_CREATED = must(
    message="The first event does not create the response.", expected="response.created as the first event"
)
_CREATED_TWICE = must(message="The response is created twice.", expected="response.created once")
_LATE = should(
    message="The response begins to run once more.",
    expected="response.in_progress once, before the first item",
)
_NOTHING = must(message="The stream brought no response.", expected="response.created to response.completed")
_NO_END = must(
    message="The stream ended and the response did not.",
    expected="response.completed, response.incomplete or response.failed",
)
_NOT_FAILED = should(message="After the error the response did not end.", expected="response.failed")
_AFTER_ERROR = must(message="The response goes on after an error.", expected="response.failed, or nothing")
_AFTER_END = must(
    message="An event came after the end of the response.", expected="nothing more of this response"
)
_SECOND_END = must(message="The response ends twice.", expected="one of completed, incomplete and failed")

_ENTRIES: Mapping[tuple[Phase, Step], ViolationKind | Phase | tuple[Phase, ViolationKind]] = {
    **{(Phase.START, step): _NOT_CREATED for step in ANSWER_STEPS if step is not Step.CREATED},
    (Phase.START, Step.RESUME): should(
        message="The stream begins in the middle, as if it had been asked for from there.",
        expected="response.created, unless the request said starting_after",
    ),
    (Phase.START, Step.ERROR): should(
        message="The request was refused inside a stream with a good status.",
        expected="a plain HTTP error with a JSON body",
    ),
    (Phase.START, Step.DONE): _NOTHING,
    (Phase.START, Step.END): _NOTHING,
    **{
        (phase, step): _NO_END
        for phase in (Phase.CREATED, Phase.RESUMED, Phase.RUNNING, Phase.OPEN)
        for step in (Step.DONE, Step.END)
    },
    (Phase.RESUMED, Step.CREATED): (Phase.CREATED, _CREATED_TWICE),
    (Phase.CREATED, Step.CREATED): _CREATED_TWICE,
    (Phase.CREATED, Step.PART): should(
        message="An item came before response.in_progress.",
        expected="response.in_progress after response.created",
    ),
    **{
        (phase, step): violates
        for phase in (Phase.RUNNING, Phase.OPEN)
        for step, violates in (
            (Step.CREATED, _CREATED_TWICE),
            (Step.QUEUED, _LATE),
            (Step.RUNNING, _LATE),
        )
    },
    # OpenAI sends response.failed after it, as Open Responses asks; the specification of OpenAI does not say
    **{(Phase.FAILED, step): _AFTER_ERROR for step in ANSWER_STEPS[:4]},
    (Phase.FAILED, Step.LAST): (Phase.LAST, _AFTER_ERROR),
    (Phase.FAILED, Step.FAILED): Phase.LAST,
    (Phase.FAILED, Step.DONE): _NOT_FAILED,
    (Phase.FAILED, Step.END): _NOT_FAILED,
    # [DONE] may come now: Open Responses asks for it; OpenAI has never sent it
    **{(Phase.LAST, step): _AFTER_END for step in ANSWER_STEPS[:4]},
    (Phase.LAST, Step.LAST): _SECOND_END,
    (Phase.LAST, Step.FAILED): _SECOND_END,
    (Phase.LAST, Step.ERROR): (Phase.LAST, _AFTER_END),
    (Phase.LAST, Step.OTHER): should(
        message="An unknown event came after the end of the response.",
        expected="nothing more of this response",
    ),
}

GRAMMAR = Grammar(
    table=stream_lifecycle(
        (*ANSWER_STEPS, Step.RESUME, Step.ERROR, Step.OTHER, Step.JUNK, Step.DONE, Step.END),
        _ENTRIES,
        done_rule=EVENTS,
        done_twice=Level.SHOULD,
    ),
    framing="responses.sse.framing",
    shape="responses.sse.shape",
    reference=REFERENCE,
    named=True,
)
