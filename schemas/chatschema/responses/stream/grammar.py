"""What a stream of Open Responses may do as a whole. The life of its items and parts is in `piece_grammar`.

Measured on 330 streams of OpenAI's and Azure's: each of them is `created`, then `in_progress` (in three with `queued`
between), then items, then one end; none has an event after it, and none has `[DONE]`. One begins in the middle: it
was asked for with `starting_after`.
"""

from collections.abc import Mapping

from chatschema.core.violation import Level
from chatschema.judging.lifecycle import Phase, Step, stream_lifecycle
from chatschema.judging.stream_judge import StreamGrammar
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
#: Steps about the response and its items; a stream begins with the first of them, unless it begins in the middle.
ANSWER_STEPS = (Step.CREATED, Step.QUEUED, Step.RUNNING, Step.PART, Step.LAST, Step.FAILED)

_NOT_CREATED = must("The first event does not create the response.", "response.created as the first event")
_CREATED_TWICE = must("The response is created twice.", "response.created once")
_LATE = should("The response begins to run once more.", "response.in_progress once, before the first item")
_NOTHING = must("The stream brought no response.", "response.created to response.completed")
_NO_END = must(
    "The stream ended and the response did not.", "response.completed, response.incomplete or response.failed"
)
_NOT_FAILED = should("After the error the response did not end.", "response.failed")
_AFTER_ERROR = must("The response goes on after an error.", "response.failed, or nothing")
_AFTER_END = must("An event came after the end of the response.", "nothing more of this response")
_SECOND_END = must("The response ends twice.", "one of completed, incomplete and failed")

_ENTRIES: Mapping[tuple[Phase, Step], ViolationKind | Phase | tuple[Phase, ViolationKind]] = {
    **{(Phase.START, step): _NOT_CREATED for step in ANSWER_STEPS if step is not Step.CREATED},
    (Phase.START, Step.RESUME): should(
        "The stream begins in the middle, as if it had been asked for from there.",
        "response.created, unless the request said starting_after",
    ),
    (Phase.START, Step.ERROR): should(
        "The request was refused inside a stream with a good status.", "a plain HTTP error with a JSON body"
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
        "An item came before response.in_progress.", "response.in_progress after response.created"
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
        "An unknown event came after the end of the response.", "nothing more of this response"
    ),
}

GRAMMAR = StreamGrammar(
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
