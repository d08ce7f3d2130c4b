"""Events to chunks to one completion, with every breach of the grammar at the event that causes it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from chatschema.breach import Breach, named, not_json, unfinished
from chatschema.contract import StreamContract
from chatschema.event_stream import EventStream
from chatschema.json_text import NotJsonError, load
from chatschema.json_walk import objects
from chatschema.kind import Kind
from chatschema.sse import SseEvent
from chatschema.violation import JsonObject, JsonValue, Violation
from chatschema.words import ABSENT, seen

from .assembly import HEAD, TextAssembly, choice_index
from .completion import MOST_TEXTS
from .contracts import TEXT, TEXT_CHUNK
from .grammar import CHOICE, STREAM, ChoicePhase, ChoiceStep, StreamPhase, StreamStep

__all__ = ["TEXT_STREAM", "CompletionStream"]

_DONE = "[DONE]"
_FRAMING, _SHAPE = "completions.sse.framing", "completions.sse.shape"
_REFERENCE = "CreateCompletionResponse"
_TOO_MANY = Breach(
    rule=_SHAPE,
    message=f"The stream has more than {MOST_TEXTS} choices.",
    expected=f"at most {MOST_TEXTS} choices",
)


class CompletionStream(EventStream):
    """Chunks to one `text_completion`."""

    def __init__(self) -> None:
        super().__init__()
        self.chunks = 0  #: events that were chunks
        self.usage: JsonObject | None = None  #: the last one that came
        self.error: JsonObject | None = None  #: the first event that was an error object
        self._phase = StreamPhase.START
        self._head: JsonObject = {}  # as the first chunk with choices said it
        self._fingerprint: JsonObject = {}
        self._choices: dict[int, TextAssembly] = {}
        self._phases: dict[int, ChoicePhase] = {}

    @property
    def finish_reasons(self) -> Mapping[int, str]:
        """The finish_reason of each choice that has one, by index."""
        found = {index: choice.finish_reason for index, choice in sorted(self._choices.items())}
        return MappingProxyType({index: reason for index, reason in found.items() if reason is not None})

    def assembled(self) -> JsonObject | None:
        """The chunks as one `text_completion`; None where no chunk had a choice."""
        if not self._choices:
            return None
        answer: JsonObject = {
            **self._head,
            "object": "text_completion",
            "choices": [choice.whole(index) for index, choice in sorted(self._choices.items())],
            **self._fingerprint,
        }
        return answer if self.usage is None else {**answer, "usage": self.usage}

    def _end(self) -> Iterator[Violation]:
        yield from self._step(StreamStep.END, None)

    def _event(self, event: SseEvent, number: int) -> Iterator[Violation]:  # noqa: ARG002 - the number says nothing here
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
        yield from text.remarks()
        if not isinstance(text.value, dict):
            yield not_json(event, "JSON, but no object", rule=_FRAMING)
            yield from self._step(StreamStep.JUNK, text.value)
            return
        yield from self._object(text.value)

    def _object(self, value: JsonObject) -> Iterator[Violation]:
        if value.get("error"):
            self.error = self.error or value
            yield from self._step(StreamStep.ERROR, value["error"])
            if not isinstance(value.get("choices"), list):
                return
        yield from self._chunk(value)

    def _chunk(self, chunk: JsonObject) -> Iterator[Violation]:
        for violation in self._judge(TEXT_CHUNK, chunk):
            yield replace(violation, rule=_SHAPE) if violation.rule.startswith("shape.") else violation
        if not isinstance(chunk.get("choices"), list):
            yield from self._step(StreamStep.JUNK, chunk)
            return
        self.chunks += 1
        usage = chunk.get("usage")
        self.usage = usage if isinstance(usage, dict) else self.usage
        choices = list(objects(chunk, "choices"))
        yield from self._step(StreamStep.CHUNK if choices else StreamStep.BARE, chunk)
        if self._phase is StreamPhase.DONE or not choices:
            return
        yield from self._same_head(chunk)
        for place, choice in choices:
            yield from self._choice(place, choice)

    def _choice(self, place: str, choice: JsonObject) -> Iterator[Violation]:
        index = choice_index(choice)
        if index not in self._choices and len(self._choices) >= MOST_TEXTS:
            yield from self._told(_TOO_MANY, place, "one more")
            return
        joined = self._choices.setdefault(index, TextAssembly())
        for step, name in _steps(choice, joined.finish_reason):
            yield from self._choice_step(index, step, f"{place}.{name}", choice.get(name))
        joined.feed(choice)

    def _choice_step(self, index: int, step: ChoiceStep, path: str, what: JsonValue) -> Iterator[Violation]:
        before = self._phases.get(index, ChoicePhase.OPEN)
        self._phases[index], breach = CHOICE[before, step]
        if breach is not None:
            # the path does not tell choices apart, which come one a chunk
            message = breach.message.replace("The choice", f"Choice {index}")
            words = "none" if step is ChoiceStep.END else seen(what)
            yield from self._told(replace(breach, message=message), path, words)

    def _step(self, step: StreamStep, what: JsonValue) -> Iterator[Violation]:
        before = self._phase
        self._phase, breach = STREAM[before, step]
        if breach is not None:
            words = f"the end after {self.events} events" if step is StreamStep.END else seen(what)
            yield from self._told(breach, "$", words)
        if step not in (StreamStep.DONE, StreamStep.END) or before is StreamPhase.DONE:
            return
        for index in sorted(self._phases):
            missing = list(self._choice_step(index, ChoiceStep.END, "$", None))
            if before is not StreamPhase.FAILED:  # an error says already that the answer is not whole
                yield from missing

    def _same_head(self, chunk: JsonObject) -> Iterator[Violation]:
        if not self._head:
            self._head = {name: chunk.get(name) for name in HEAD}
        if "system_fingerprint" in chunk:
            self._fingerprint = {"system_fingerprint": chunk["system_fingerprint"]}
        for name, first in self._head.items():
            if first != chunk.get(name):
                breach = Breach(
                    rule="completions.sse.same-head",
                    message=f"The {name} changes within the stream.",
                    expected=seen(first),
                )
                what = seen(chunk[name]) if name in chunk else ABSENT
                yield from self._told(breach, f"$.{name}", what)

    def _told(self, breach: Breach, path: str, what: str) -> Iterator[Violation]:
        if self._is_news(breach.rule, path, breach.message):
            yield breach.violation(path, what, reference=_REFERENCE)


def _steps(choice: JsonObject, finished: str | None) -> Iterator[tuple[ChoiceStep, str]]:
    yield (ChoiceStep.TEXT if choice.get("text") else ChoiceStep.EMPTY), "text"
    reason = choice.get("finish_reason")
    if reason:
        yield (ChoiceStep.AGAIN if reason == finished else ChoiceStep.FINISH), "finish_reason"


TEXT_STREAM = StreamContract(
    kind=Kind.TEXT_STREAM,
    open=CompletionStream,
    whole=TEXT,
    framing=_FRAMING,
    summary="The events of a streamed completion.",
    reference=_REFERENCE,
)
