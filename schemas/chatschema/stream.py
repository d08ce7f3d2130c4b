"""Events to chunks to one completion, with every breach of the grammar at the event that causes it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from .assembly import ChoiceAssembly, Head, choice_index, speaks
from .grammar import CHOICE, STREAM, Breach, ChoicePhase, ChoiceStep, StreamPhase, StreamStep
from .json_text import NotJsonError, load
from .json_walk import objects
from .judge import Kind, inspect
from .sse import SseEvent
from .violation import MOST, JsonObject, JsonValue, Level, Violation
from .words import ABSENT, seen

__all__ = ["ChatStream", "UsagePosition"]

#: OpenAI's limit for `n`.
MOST_CHOICES = 128

_DONE = "[DONE]"
_STREAM = "CreateChatCompletionStreamResponse"


@dataclass(frozen=True, slots=True, kw_only=True)
class UsagePosition:
    """Where usage came. Asked for, it is one chunk alone and last; not asked for, it is nowhere."""

    first: int  #: event number of the first chunk with usage
    last: int
    count: int  #: chunks with usage
    alone: int  #: those of them without choices


class ChatStream:
    """`feed` the events of one stream, then `close`.

    A breach is reported where it first happens: the same rule at the same place in a later chunk is the same
    breach. At most 100 are kept, and what is held besides is bounded by the reply itself.
    """

    def __init__(self) -> None:
        self.done = False  #: `[DONE]` came
        self.chunks = 0  #: events that were chunks
        self.events = 0
        self.head: Head | None = None  #: as the first chunk with choices said it
        self.usage: JsonObject | None = None  #: the last one that came
        self.usage_position: UsagePosition | None = None
        self.error: JsonObject | None = None  #: the first event that was an error object
        self._phase = StreamPhase.START
        self._choices: dict[int, ChoiceAssembly] = {}
        self._phases: dict[int, ChoicePhase] = {}
        self._extras: JsonObject = {}
        self._violations: list[Violation] = []
        self._met: set[tuple[str, str, str]] = set()
        self._extensions: dict[str, None] = {}

    @property
    def violations(self) -> tuple[Violation, ...]:
        """All breaches so far."""
        return tuple(self._violations)

    @property
    def extensions(self) -> tuple[str, ...]:
        """Members that the contract does not know, as `$[*].choices[0].delta.x`."""
        return tuple(self._extensions)

    @property
    def finish_reasons(self) -> Mapping[int, str]:
        """The finish_reason of each choice that has one, by index."""
        found = {index: choice.finish_reason for index, choice in sorted(self._choices.items())}
        return MappingProxyType({index: reason for index, reason in found.items() if reason is not None})

    def feed(self, event: SseEvent) -> list[Violation]:
        """Take one event; the breaches that it causes."""
        number, self.events = self.events, self.events + 1
        return self._keep(self._event(event, number), number)

    def close(self) -> list[Violation]:
        """The bytes ended; what is missing."""
        return self._keep(self._step(StreamStep.END, "nothing more"), self.events)

    def completion(self) -> dict[str, JsonValue] | None:
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

    def _event(self, event: SseEvent, number: int) -> Iterator[Violation]:
        yield from _framing(event)
        if event.data == _DONE:
            self.done = True
            yield from self._step(StreamStep.DONE, seen(event.data))
            return
        try:
            text = load(event.data)
        except NotJsonError as error:
            yield _not_json(event, str(error))
            yield from self._step(StreamStep.JUNK, seen(event.data))
            return
        yield from text.remarks()
        if not isinstance(text.value, dict):
            yield _not_json(event, "JSON, but no object")
            yield from self._step(StreamStep.JUNK, seen(text.value))
            return
        yield from self._object(text.value, number)

    def _object(self, value: JsonObject, number: int) -> Iterator[Violation]:
        if value.get("error"):
            self.error = self.error or value
            yield from self._step(StreamStep.ERROR, seen(value["error"]))
            if not isinstance(value.get("choices"), list):
                return
            # OpenRouter puts the error into a chunk
        yield from self._chunk(value, number)

    def _chunk(self, chunk: JsonObject, number: int) -> Iterator[Violation]:
        judgement = inspect(chunk, Kind.CHUNK)
        yield from (_in_stream(violation) for violation in judgement.violations)
        if len(self._extensions) < MOST:
            self._extensions.update(dict.fromkeys(f"$[*]{path[1:]}" for path in judgement.extensions))
        if not isinstance(chunk.get("choices"), list):
            yield from self._step(StreamStep.JUNK, seen(chunk))
            return
        self.chunks += 1
        choices = list(objects(chunk, "choices"))
        self._count_usage(chunk, number, alone=not choices)
        yield from self._step(StreamStep.CHUNK if choices else StreamStep.BARE, seen(chunk))
        if self._phase is StreamPhase.DONE or not choices:
            return
        yield from self._same_head(chunk)
        for place, choice in choices:
            yield from self._choice(place, choice)

    def _choice(self, place: str, choice: JsonObject) -> Iterator[Violation]:
        index = choice_index(choice)
        if index not in self._choices and len(self._choices) >= MOST_CHOICES:
            yield _too_many(place)
            return
        member = choice.get("delta")
        delta: JsonObject = member if isinstance(member, dict) else {}
        for step in _steps(choice, delta):
            before = self._phases.get(index, ChoicePhase.NEW)
            self._phases[index], breach = CHOICE[before, step]
            if breach is not None:
                where = f"{place}.finish_reason" if step is ChoiceStep.FINISH else f"{place}.delta"
                yield _breach(
                    breach, where, seen(choice.get("finish_reason") if step is ChoiceStep.FINISH else delta)
                )
        yield from self._choices.setdefault(index, ChoiceAssembly()).feed(choice, delta, f"{place}.delta")

    def _step(self, step: StreamStep, what: str) -> Iterator[Violation]:
        failed = self._phase is StreamPhase.FAILED
        self._phase, breach = STREAM[self._phase, step]
        if breach is not None:
            yield _breach(breach, "$", what)
        if step not in (StreamStep.DONE, StreamStep.END):
            return
        for index, phase in sorted(self._phases.items()):
            self._phases[index], breach = CHOICE[phase, ChoiceStep.END]
            if breach is not None and not failed:  # an error says already that the answer is not whole
                yield _breach(breach, "$", f"choice {index} without one")

    def _same_head(self, chunk: JsonObject) -> Iterator[Violation]:
        head = Head.of(chunk)
        if self.head is None:
            self.head = head
        for name in ("service_tier", "system_fingerprint"):
            if name in chunk:
                self._extras[name] = chunk[name]
        for name in ("id", "created", "model"):
            first, now = getattr(self.head, name), getattr(head, name)
            if first != now:
                yield Violation(
                    rule="chat.sse.same-head",
                    level=Level.MUST,
                    path=f"$.{name}",
                    message=f"The {name} changes within the stream.",
                    expected=seen(first),
                    seen=seen(now) if name in chunk else ABSENT,
                    reference=_STREAM,
                )

    def _count_usage(self, chunk: JsonObject, number: int, *, alone: bool) -> None:
        usage = chunk.get("usage")
        if not isinstance(usage, dict):
            return
        self.usage = usage
        old = self.usage_position or UsagePosition(first=number, last=number, count=0, alone=0)
        self.usage_position = replace(old, last=number, count=old.count + 1, alone=old.alone + alone)

    def _keep(self, found: Iterator[Violation], number: int) -> list[Violation]:
        fresh: list[Violation] = []
        for violation in found:
            same = (violation.rule, violation.path, violation.message)
            if same in self._met or len(self._violations) >= MOST:
                continue
            self._met.add(same)
            fresh.append(violation.under(f"$[{number}]"))
            self._violations.append(fresh[-1])
        return fresh


def _steps(choice: JsonObject, delta: JsonObject) -> Iterator[ChoiceStep]:
    if isinstance(delta.get("role"), str):
        yield ChoiceStep.ROLE
    if speaks(delta):
        yield ChoiceStep.PAYLOAD
    if not delta:
        yield ChoiceStep.EMPTY
    if choice.get("finish_reason"):
        yield ChoiceStep.FINISH


def _framing(event: SseEvent) -> Iterator[Violation]:
    if not event.complete:
        yield _frame(Level.SHOULD, "The last event has no blank line after it.", "a blank line", "the end")
    if event.event:
        message = "The event has a name, which hides it from a browser's onmessage."
        yield _frame(Level.SHOULD, message, "no event field", seen(event.event))


def _not_json(event: SseEvent, why: str) -> Violation:
    return _frame(
        Level.MUST, f"The event's data is no chunk: {why}.", "a JSON object or [DONE]", seen(event.data)
    )


def _frame(level: Level, message: str, expected: str, what: str) -> Violation:
    return Violation(
        rule="chat.sse.framing",
        level=level,
        path="$",
        message=message,
        expected=expected,
        seen=what,
        reference="https://html.spec.whatwg.org/multipage/server-sent-events.html",
    )


def _breach(breach: Breach, path: str, what: str) -> Violation:
    return Violation(
        rule=breach.rule,
        level=breach.level,
        path=path,
        message=breach.message,
        expected=breach.expected,
        seen=what,
        reference=_STREAM,
    )


def _too_many(place: str) -> Violation:
    return Violation(
        rule="chat.sse.shape",
        level=Level.MUST,
        path=place,
        message=f"The stream has more than {MOST_CHOICES} choices.",
        expected=f"at most {MOST_CHOICES} choices",
        seen="one more",
        reference=_STREAM,
    )


def _in_stream(violation: Violation) -> Violation:
    """A chunk's shape rules under the names that the catalogue has for streams."""
    if not violation.rule.startswith("shape."):
        return violation
    if violation.rule == "shape.forbidden":
        return replace(violation, rule="chat.sse.delta-not-message")
    if ".delta.tool_calls" in violation.path:
        return replace(violation, rule="chat.tools.sse-fragments")
    if violation.path.endswith(".delta.role"):
        return replace(violation, rule="chat.sse.role-first")
    return replace(violation, rule="chat.sse.shape")
