"""The life of a choice of a chat stream. That of the stream is one with completions': `chunk_lifecycle`."""

from chatschema.core.violation import Level
from chatschema.judging.chunk_judge import ChoicePhase, ChoiceStep, choice_lifecycle, chunk_lifecycle
from chatschema.judging.violation_kind import ViolationKind

__all__ = ["CHOICE", "STREAM"]

STREAM = chunk_lifecycle("chat")

_NO_ROLE = ViolationKind(
    "chat.sse.role-first",
    "The first delta of the choice has no role.",
    'role "assistant" in the first delta',
    Level.SHOULD,
)
_AFTER_FINISH = ViolationKind(
    "chat.sse.finish-once", "A delta came after the finish_reason.", "nothing more of this choice"
)

#: That the role comes again is right: OpenRouter says it in every chunk.
CHOICE = choice_lifecycle(
    "chat",
    ChoicePhase.NEW,
    (ChoiceStep.ROLE, ChoiceStep.PAYLOAD, ChoiceStep.EMPTY, ChoiceStep.FINISH, ChoiceStep.END),
    {
        (ChoicePhase.NEW, ChoiceStep.PAYLOAD): _NO_ROLE,
        (ChoicePhase.NEW, ChoiceStep.FINISH): _NO_ROLE,
        (ChoicePhase.FINISHED, ChoiceStep.PAYLOAD): _AFTER_FINISH,
    },
)
