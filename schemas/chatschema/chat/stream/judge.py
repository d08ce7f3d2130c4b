"""Events to chunks to one completion, with every violation of the grammar at the event that causes it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import final

from chatschema.chat.completion_rules import ASSEMBLED_RULES
from chatschema.chat.contract import COMPLETION
from chatschema.core.json_text import JsonText
from chatschema.core.kind import Kind
from chatschema.core.sse import SseEvent
from chatschema.core.violation import JsonObject, JsonValue, Violation
from chatschema.judging.chunk_judge import ChoicePhase, ChoiceStep, ChunkGrammar, ChunkJudge, choice_index
from chatschema.judging.contract import Contract
from chatschema.judging.lifecycle import Phase
from chatschema.judging.stream_judge import StreamContract

from .assembly import EXTRAS, ChatChoiceAssembly, Head, speaks
from .chunk import CHUNK
from .grammar import CHOICE, STREAM
from .shortcut import Shortcuts

__all__ = ["CHAT_STREAM", "ChatStream", "UsagePosition"]

_GRAMMAR = ChunkGrammar(
    table=STREAM,
    framing="chat.sse.framing",
    shape="chat.sse.shape",
    reference="CreateChatCompletionStreamResponse",
    chunk=CHUNK,
    choices=CHOICE,
    most_choices=128,  # OpenAI's limit for `n`
    same_head="chat.sse.same-head",
    extras=EXTRAS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsagePosition:
    """Where usage came. Asked for, it is one chunk alone and last; not asked for, it is nowhere."""

    first: int  #: event number of the first chunk with usage
    last: int
    count: int  #: chunks with usage
    alone: int  #: those of them without choices


@final  # the shortcut is proven for the way that an event goes here, and for no other
class ChatStream(ChunkJudge[ChatChoiceAssembly]):
    """Chunks to one `chat.completion`."""

    def __init__(self) -> None:
        super().__init__(_GRAMMAR)
        self.usage_position: UsagePosition | None = None
        self._shortcuts = Shortcuts()

    @property
    def head(self) -> Head | None:
        """As the first chunk with choices had it."""
        return Head.of(self._head) if self._head else None

    def feed(self, event: SseEvent) -> list[Violation]:
        """Take one event; the violations that it causes. Raises ValueError after `close`."""
        return [] if self._repeats(event) else super().feed(event)

    def assembled(self) -> JsonObject | None:
        """The chunks as one `chat.completion`; None where no chunk had a choice."""
        head = self._head
        if not head:
            return None
        return self._answer(
            {
                "id": head["id"],
                "object": "chat.completion",
                "created": head["created"],
                "model": head["model"],
            }
        )

    def _end(self) -> Iterator[Violation]:
        yield from super()._end()
        for _, choice in sorted(self._choices.items()):
            yield from choice.end()
        answer = self.assembled() or {}
        yield from (replace(violation, path="$") for rule in ASSEMBLED_RULES for violation in rule(answer))

    def _json(self, text: JsonText, event: SseEvent) -> Iterator[Violation]:
        yield from super()._json(text, event)
        if isinstance(text.value, dict) and not text.duplicates:
            self._learn(event.data, text.value)

    def _repeats(self, event: SseEvent) -> bool:
        """Take an event by the shortcut, where it may; nothing is done where it may not."""
        if self._phase is not Phase.OPEN or event.event or not event.complete:
            return False
        found = self._shortcuts.find(event.data)
        if found is None:
            return False
        shortcut, values = found
        if self._phases[shortcut.index] is not ChoicePhase.OPEN:
            return False
        self.events += 1
        self.chunks += 1
        shortcut.take(values)
        self._extras.update(shortcut.extras)
        return True

    def _learn(self, text: str, chunk: JsonObject) -> None:
        choices = chunk.get("choices")
        # nothing can have repeated the first chunk, which is an unusual one: it says the role
        if self._phase is not Phase.OPEN or self.chunks < 2:
            return
        match choices:
            case [dict() as choice]:
                index = choice_index(choice)
                if self._phases.get(index) is ChoicePhase.OPEN:
                    self._shortcuts.learn(text, chunk, self._choices[index], index, self._count_usage)
            case _:
                pass

    def _part(self, contract: Contract, value: JsonObject, rule: str = "") -> Iterator[Violation]:
        for violation in self._judge(contract, value):
            yield replace(violation, rule=rule or _rule(violation))

    def _new_choice(self) -> ChatChoiceAssembly:
        return ChatChoiceAssembly()

    def _choice_steps(
        self, choice: JsonObject, finish_reason: str | None
    ) -> Iterator[tuple[ChoiceStep, str]]:
        del finish_reason
        delta = choice.get("delta")
        if not delta or not isinstance(delta, dict):
            yield ChoiceStep.EMPTY, "delta"
        else:
            if isinstance(delta.get("role"), str):
                yield ChoiceStep.ROLE, "delta"
            if speaks(delta):
                yield ChoiceStep.PAYLOAD, "delta"
        if choice.get("finish_reason"):
            yield ChoiceStep.FINISH, "finish_reason"

    def _count_usage(self, usage: JsonValue, *, alone: bool = False) -> None:
        if not isinstance(usage, dict):
            return
        self.usage, number = usage, self.events - 1
        old = self.usage_position or UsagePosition(first=number, last=number, count=0, alone=0)
        self.usage_position = replace(old, last=number, count=old.count + 1, alone=old.alone + alone)


def _rule(violation: Violation) -> str:
    """A chunk's rules of shape have names of their own in the catalogue."""
    if not violation.rule.startswith("shape."):
        return violation.rule
    if violation.rule == "shape.forbidden":
        return "chat.sse.delta-not-message"
    if ".delta.tool_calls" in violation.path:
        return "chat.tools.sse-fragments"
    if violation.path.endswith(".delta.role"):
        return "chat.sse.role-first"
    return _GRAMMAR.shape


CHAT_STREAM = StreamContract(
    kind=Kind.STREAM,
    open=ChatStream,
    whole=COMPLETION,
    framing=_GRAMMAR.framing,
    summary="The events of a streamed chat completion.",
    reference=_GRAMMAR.reference,
)
