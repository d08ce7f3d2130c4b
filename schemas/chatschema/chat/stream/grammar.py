"""The life of a choice of a chat stream. That of the stream is one with completions': `chunk_lifecycle`."""

from chatschema.core.violation import Level
from chatschema.judging.chunk_judge import ChoicePhase, ChoiceStep, choice_lifecycle, chunk_lifecycle
from chatschema.judging.violation_kind import ViolationKind

__all__ = ["CHOICE", "STREAM"]

STREAM = chunk_lifecycle("chat")

_NO_ROLE = ViolationKind(
    rule="chat.sse.role-first",
    message="The first delta of the choice has no role.",
    expected='role "assistant" in the first delta',
    level=Level.SHOULD,
)
_AFTER_FINISH = ViolationKind(
    rule="chat.sse.finish-once",
    message="A delta came after the finish_reason.",
    expected="nothing more of this choice",
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
