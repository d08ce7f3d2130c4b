"""The life of a choice of a stream of completions. That of the stream is one with a chat's: `chunk_lifecycle`."""

from chatschema.core.violation import Level
from chatschema.judging.chunk_judge import ChoicePhase, ChoiceStep, choice_lifecycle, chunk_lifecycle
from chatschema.judging.violation_kind import ViolationKind

__all__ = ["CHOICE", "STREAM"]

STREAM = chunk_lifecycle("completions")

CHOICE = choice_lifecycle(
    "completions",
    ChoicePhase.OPEN,
    (ChoiceStep.PAYLOAD, ChoiceStep.EMPTY, ChoiceStep.FINISH, ChoiceStep.AGAIN, ChoiceStep.END),
    {
        (ChoicePhase.FINISHED, ChoiceStep.PAYLOAD): ViolationKind(
            "completions.sse.finish-once", "Text came after the finish_reason.", "nothing more of this choice"
        ),
        # OpenAI: 2 of 20 streams, with an empty text
        (ChoicePhase.FINISHED, ChoiceStep.AGAIN): ViolationKind(
            "completions.sse.finish-once",
            "The choice says its finish_reason twice.",
            "one finish_reason for each choice",
            Level.SHOULD,
        ),
    },
)
