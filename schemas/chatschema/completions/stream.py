"""Events to chunks to one completion, with every violation of the grammar at the event that causes it."""

from collections.abc import Iterator

from chatschema.core.kind import Kind
from chatschema.core.violation import JsonObject
from chatschema.judging.chunk_judge import ChoiceStep, ChunkGrammar, ChunkJudge
from chatschema.judging.stream_judge import StreamContract

from .assembly import TextAssembly
from .completion import MOST_TEXTS
from .contracts import TEXT, TEXT_CHUNK
from .grammar import CHOICE, STREAM

__all__ = ["TEXT_STREAM", "CompletionStream"]

_GRAMMAR = ChunkGrammar(
    table=STREAM,
    framing="completions.sse.framing",
    shape="completions.sse.shape",
    reference="CreateCompletionResponse",
    chunk=TEXT_CHUNK,
    choices=CHOICE,
    most_choices=MOST_TEXTS,
    same_head="completions.sse.same-head",
    extras=("system_fingerprint",),
)


class CompletionStream(ChunkJudge[TextAssembly]):
    """Chunks to one `text_completion`."""

    def __init__(self) -> None:
        super().__init__(_GRAMMAR)

    def assembled(self) -> JsonObject | None:
        """The chunks as one `text_completion`; None where no chunk had a choice."""
        return self._answer({**self._head, "object": "text_completion"}) if self._head else None

    def _new_choice(self) -> TextAssembly:
        return TextAssembly()

    def _choice_steps(
        self, choice: JsonObject, finish_reason: str | None
    ) -> Iterator[tuple[ChoiceStep, str]]:
        yield (ChoiceStep.PAYLOAD if choice.get("text") else ChoiceStep.EMPTY), "text"
        reason = choice.get("finish_reason")
        if reason:
            yield (ChoiceStep.AGAIN if reason == finish_reason else ChoiceStep.FINISH), "finish_reason"


TEXT_STREAM = StreamContract(
    kind=Kind.TEXT_STREAM,
    open=CompletionStream,
    whole=TEXT,
    framing=_GRAMMAR.framing,
    summary="The events of a streamed completion.",
    reference=_GRAMMAR.reference,
)
