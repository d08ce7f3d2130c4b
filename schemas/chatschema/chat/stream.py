"""Events to chunks to one completion, with every breach of the grammar at the event that causes it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import final

from chatschema.breach import Breach, named, not_json, unfinished
from chatschema.contract import StreamContract
from chatschema.event_stream import EventStream
from chatschema.json_text import NotJsonError, load
from chatschema.json_walk import objects
from chatschema.kind import Kind
from chatschema.sse import SseEvent
from chatschema.violation import JsonObject, JsonValue, Level, Violation
from chatschema.words import ABSENT, seen

from .assembly import EXTRAS, ChoiceAssembly, Head, choice_index, speaks
from .breaches import STREAM_REFERENCE, in_stream, of_choice, too_many
from .completion_rules import ASSEMBLED_RULES
from .contracts import CHUNK, COMPLETION
from .grammar import CHOICE, STREAM, ChoicePhase, ChoiceStep, StreamPhase, StreamStep
from .shortcut import Shortcuts

__all__ = ["CHAT_STREAM", "ChatStream", "UsagePosition"]

#: OpenAI's limit for `n`.
MOST_CHOICES = 128

_DONE = "[DONE]"
_FRAMING = "chat.sse.framing"


@dataclass(frozen=True, slots=True, kw_only=True)
class UsagePosition:
    """Where usage came. Asked for, it is one chunk alone and last; not asked for, it is nowhere."""

    first: int  #: event number of the first chunk with usage
    last: int
    count: int  #: chunks with usage
    alone: int  #: those of them without choices


@final  # the shortcut is proven for the way that an event goes here, and for no other
class ChatStream(EventStream):
    """Chunks to one `chat.completion`."""

    def __init__(self) -> None:
        super().__init__()
        self.chunks = 0  #: events that were chunks
        self.head: Head | None = None  #: as the first chunk with choices said it
        self.usage: JsonObject | None = None  #: the last one that came
        self.usage_position: UsagePosition | None = None
        self.error: JsonObject | None = None  #: the first event that was an error object
        self._phase = StreamPhase.START
        self._choices: dict[int, ChoiceAssembly] = {}
        self._phases: dict[int, ChoicePhase] = {}
        self._extras: JsonObject = {}
        self._shortcuts = Shortcuts()

    @property
    def finish_reasons(self) -> Mapping[int, str]:
        """The finish_reason of each choice that has one, by index."""
        found = {index: choice.finish_reason for index, choice in sorted(self._choices.items())}
        return MappingProxyType({index: reason for index, reason in found.items() if reason is not None})

    def feed(self, event: SseEvent) -> list[Violation]:
        """Take one event; the breaches that it causes. Raises ValueError after `close`."""
        return [] if self._repeats(event) else super().feed(event)

    def assembled(self) -> JsonObject | None:
        """The chunks as one `chat.completion`; None where no chunk had a choice."""
        if self.head is None:
            return None
        answer: JsonObject = {
            "id": self.head.id,
            "object": "chat.completion",
            "created": self.head.created,
            "model": self.head.model,
            "choices": [choice.whole(index) for index, choice in sorted(self._choices.items())],
            **self._extras,
        }
        return answer if self.usage is None else {**answer, "usage": self.usage}

    def _end(self) -> Iterator[Violation]:
        yield from self._step(StreamStep.END, None)
        answer = self.assembled() or {}
        yield from (replace(violation, path="$") for rule in ASSEMBLED_RULES for violation in rule(answer))

    def _event(self, event: SseEvent, number: int) -> Iterator[Violation]:
        if event.event or not event.complete:
            yield from unfinished(event, rule=_FRAMING)
            yield from named(event, rule=_FRAMING)
        if event.data == _DONE:
            self.done = True
            yield from self._step(StreamStep.DONE, event.data)
            return
        try:
            text = load(event.data)
        except NotJsonError as error:
            yield not_json(event, str(error), rule=_FRAMING)
            yield from self._step(StreamStep.JUNK, event.data)
            return
        if text.duplicates:
            yield from text.remarks()
        if not isinstance(text.value, dict):
            yield not_json(event, "JSON, but no object", rule=_FRAMING)
            yield from self._step(StreamStep.JUNK, text.value)
            return
        yield from self._object(text.value, number)
        if not text.duplicates:
            self._learn(event.data, text.value)

    def _repeats(self, event: SseEvent) -> bool:
        """Take an event by the shortcut, where it may; nothing is done where it may not."""
        if self._phase is not StreamPhase.OPEN or event.event or not event.complete:
            return False
        found = self._shortcuts.find(event.data)
        if found is None:
            return False
        shortcut, values = found
        if self._phases[shortcut.index] is not ChoicePhase.OPEN:
            return False
        shortcut.take(values)
        self._extras.update(shortcut.extras)
        self.events += 1
        self.chunks += 1
        return True

    def _learn(self, text: str, chunk: JsonObject) -> None:
        choices = chunk.get("choices")
        # nothing can have repeated the first chunk, which is an unusual one: it says the role
        if self._phase is not StreamPhase.OPEN or self.chunks < 2:
            return
        match choices:
            case [dict() as choice]:
                index = choice_index(choice)
                if self._phases.get(index) is ChoicePhase.OPEN:
                    self._shortcuts.learn(text, chunk, self._choices[index], index, self._use_again)
            case _:
                pass

    def _use_again(self, usage: JsonValue) -> None:
        self._count_usage(usage, self.events, alone=False)

    def _object(self, value: JsonObject, number: int) -> Iterator[Violation]:
        if value.get("error"):
            self.error = self.error or value
            yield from self._step(StreamStep.ERROR, value["error"])
            if not isinstance(value.get("choices"), list):
                return
            # OpenRouter puts the error into a chunk
        yield from self._chunk(value, number)

    def _chunk(self, chunk: JsonObject, number: int) -> Iterator[Violation]:
        for violation in self._judge(CHUNK, chunk):
            yield in_stream(violation)
        if not isinstance(chunk.get("choices"), list):
            yield from self._step(StreamStep.JUNK, chunk)
            return
        self.chunks += 1
        choices = list(objects(chunk, "choices"))
        self._count_usage(chunk.get("usage"), number, alone=not choices)
        yield from self._step(StreamStep.CHUNK if choices else StreamStep.BARE, chunk)
        if self._phase is StreamPhase.DONE or not choices:
            return
        yield from self._same_head(chunk)
        for place, choice in choices:
            yield from self._choice(place, choice)

    def _choice(self, place: str, choice: JsonObject) -> Iterator[Violation]:
        index = choice_index(choice)
        if index not in self._choices and len(self._choices) >= MOST_CHOICES:
            yield too_many(place, MOST_CHOICES)
            return
        member = choice.get("delta")
        delta: JsonObject = member if isinstance(member, dict) else {}
        for step in _steps(choice, delta):
            self._phases[index], breach = CHOICE[self._phases.get(index, ChoicePhase.NEW), step]
            if breach is not None:
                name = "finish_reason" if step is ChoiceStep.FINISH else "delta"
                yield from self._of_choice(breach, index, f"{place}.{name}", choice.get(name))
        yield from self._choices.setdefault(index, ChoiceAssembly()).feed(choice, delta, f"{place}.delta")

    def _of_choice(self, breach: Breach, index: int, path: str, what: JsonValue) -> Iterator[Violation]:
        breach = of_choice(breach, index)
        if self._is_news(breach.rule, path, breach.message):
            yield breach.violation(path, seen(what), reference=STREAM_REFERENCE)

    def _step(self, step: StreamStep, what: JsonValue) -> Iterator[Violation]:
        before = self._phase
        self._phase, breach = STREAM[before, step]
        if breach is not None and self._is_news(breach.rule, "$", breach.message):
            words = f"the end after {self.events} events" if step is StreamStep.END else seen(what)
            yield breach.violation("$", words, reference=STREAM_REFERENCE)
        if step not in (StreamStep.DONE, StreamStep.END) or before is StreamPhase.DONE:
            return
        for index, phase in sorted(self._phases.items()):
            self._phases[index], breach = CHOICE[phase, ChoiceStep.END]
            # an error says already that the answer is not whole
            if breach is not None and before is not StreamPhase.FAILED:
                yield of_choice(breach, index).violation("$", "none", reference=STREAM_REFERENCE)

    def _same_head(self, chunk: JsonObject) -> Iterator[Violation]:
        if self.head is None:
            self.head = Head.of(chunk)
        for name in EXTRAS:
            if name in chunk:
                self._extras[name] = chunk[name]
        head = self.head
        for name, first in (("id", head.id), ("created", head.created), ("model", head.model)):
            now = chunk.get(name)
            if first != now:
                yield Violation(
                    rule="chat.sse.same-head",
                    level=Level.MUST,
                    path=f"$.{name}",
                    message=f"The {name} changes within the stream.",
                    expected=seen(first),
                    seen=seen(now) if name in chunk else ABSENT,
                    reference=STREAM_REFERENCE,
                )

    def _count_usage(self, usage: JsonValue, number: int, *, alone: bool) -> None:
        if not isinstance(usage, dict):
            return
        self.usage = usage
        old = self.usage_position or UsagePosition(first=number, last=number, count=0, alone=0)
        self.usage_position = replace(old, last=number, count=old.count + 1, alone=old.alone + alone)


def _steps(choice: JsonObject, delta: JsonObject) -> list[ChoiceStep]:
    steps: list[ChoiceStep] = []
    if isinstance(delta.get("role"), str):
        steps.append(ChoiceStep.ROLE)
    if speaks(delta):
        steps.append(ChoiceStep.PAYLOAD)
    if not delta:
        steps.append(ChoiceStep.EMPTY)
    if choice.get("finish_reason"):
        steps.append(ChoiceStep.FINISH)
    return steps


CHAT_STREAM = StreamContract(
    kind=Kind.STREAM,
    open=ChatStream,
    whole=COMPLETION,
    framing=_FRAMING,
    summary="The events of a streamed chat completion.",
    reference=STREAM_REFERENCE,
)
