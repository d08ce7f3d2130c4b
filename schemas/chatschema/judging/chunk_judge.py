"""What the streams of chunks share, chat's and completions': each chunk brings a piece of one or more choices."""

from abc import abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum, IntEnum, auto
from itertools import islice
from types import MappingProxyType
from typing import Generic, Protocol, TypeVar

from chatschema.core.base import MOST_PARTS
from chatschema.core.describe import seen
from chatschema.core.json_text import objects, whole
from chatschema.core.sse import SseEvent
from chatschema.core.violation import JsonObject, JsonValue, Level, Violation

from .contract import Contract
from .detect import is_error_by_address, is_flat_error
from .lifecycle import Phase, Step, Table, lifecycle, stream_lifecycle
from .stream_judge import GrammarJudge, StreamGrammar
from .violation_kind import ViolationKind

__all__ = [
    "ChoiceAssembly",
    "ChoicePhase",
    "ChoiceStep",
    "ChunkGrammar",
    "ChunkJudge",
    "choice_index",
    "choice_lifecycle",
    "chunk_lifecycle",
]

#: Members that every chunk of a stream has alike.
_HEAD = ("id", "created", "model")


class ChoicePhase(IntEnum):
    """Where a choice is."""

    NEW = auto()  #: no chunk brought anything of it
    OPEN = auto()  #: it may bring more
    FINISHED = auto()  #: its finish_reason came, or the stream is over


class ChoiceStep(Enum):
    """What a chunk does to a choice; one chunk may do several things, in this order."""

    ROLE = auto()  #: says role assistant
    PAYLOAD = auto()  #: brings text or part of a call
    EMPTY = auto()  #: brings nothing
    FINISH = auto()  #: a finish_reason, the first or another one
    AGAIN = auto()  #: the same finish_reason again
    END = auto()  #: `[DONE]`, or the end of the bytes


def chunk_lifecycle(family: str) -> Table[Phase, Step]:
    """The life of a stream of chunks. After an error the answer is over: servers send `[DONE]` or do not."""
    done, finish = f"{family}.sse.done", f"{family}.sse.finish-once"
    return stream_lifecycle(
        (Step.PART, Step.BARE, Step.ERROR, Step.JUNK, Step.DONE, Step.END),
        {
            (Phase.START, Step.ERROR): ViolationKind(
                f"{family}.sse.error-before",
                "The request was refused inside a stream with a good status.",
                "a plain HTTP error with a JSON body",
            ),
            (Phase.START, Step.DONE): ViolationKind(
                finish, "The stream is done and had no choice.", "a choice with a finish_reason"
            ),
            (Phase.START, Step.END): ViolationKind(
                done, "The stream brought no chunk.", "chunks, a finish_reason and [DONE]"
            ),
            (Phase.OPEN, Step.ERROR): ViolationKind(
                f"{family}.sse.error", "The answer failed in mid-stream.", "a chunk or [DONE]"
            ),
            (Phase.OPEN, Step.END): ViolationKind(
                done, "The stream ended without [DONE].", "[DONE] as the last event"
            ),
        },
        done_rule=done,
    )


_CHOICE_LEADS: Mapping[ChoiceStep, ChoicePhase] = {
    ChoiceStep.ROLE: ChoicePhase.OPEN,
    ChoiceStep.PAYLOAD: ChoicePhase.OPEN,
    ChoiceStep.EMPTY: ChoicePhase.NEW,
    ChoiceStep.FINISH: ChoicePhase.FINISHED,
    ChoiceStep.AGAIN: ChoicePhase.FINISHED,
    ChoiceStep.END: ChoicePhase.FINISHED,
}


def choice_lifecycle(
    family: str,
    start: ChoicePhase,
    steps: Collection[ChoiceStep],
    entries: Mapping[tuple[ChoicePhase, ChoiceStep], ViolationKind],
) -> Table[ChoicePhase, ChoiceStep]:
    """The life of a choice that has one finish_reason."""
    once = ViolationKind(
        f"{family}.sse.finish-once",
        "The choice has a second finish_reason.",
        "one finish_reason for each choice",
    )
    never = replace(once, message="The choice got no finish_reason.")
    finish = {
        (ChoicePhase.NEW, ChoiceStep.END): never,
        (ChoicePhase.OPEN, ChoiceStep.END): never,
        (ChoicePhase.FINISHED, ChoiceStep.FINISH): once,
    }
    return lifecycle(start, {step: _CHOICE_LEADS[step] for step in steps}, {**finish, **entries})


class ChoiceAssembly(Protocol):
    """One choice as far as it came."""

    finish_reason: str | None

    def feed(self, choice: JsonObject, place: str) -> Iterable[Violation]:
        """Join one choice of a chunk, which stands at `place`; what its pieces violate."""
        ...

    def whole(self, index: int) -> JsonObject:
        """The choice in JSON form."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkGrammar(StreamGrammar):
    """What a family of such streams brings."""

    chunk: Contract
    choices: Table[ChoicePhase, ChoiceStep]  #: the life of a choice
    most_choices: int
    same_head: str  #: the rule of a chunk that belongs to another answer
    extras: tuple[str, ...]  #: members that stand in every chunk and once in the answer: the last counts


ChoiceT = TypeVar("ChoiceT", bound=ChoiceAssembly)


class ChunkJudge(GrammarJudge[ChunkGrammar], Generic[ChoiceT]):
    """Chunks to one answer with choices."""

    def __init__(self, grammar: ChunkGrammar) -> None:
        super().__init__(grammar)
        self.chunks = 0  #: events that were chunks
        self.usage: JsonObject | None = None  #: the last one that came
        self._head: JsonObject = {}  # as the first chunk with choices that has it
        self._extras: JsonObject = {}
        self._choices: dict[int, ChoiceT] = {}
        self._phases: dict[int, ChoicePhase] = {}
        self._first_phase = next(iter(grammar.choices))[0]

    @property
    def finish_reasons(self) -> Mapping[int, str]:
        """The finish_reason of each choice that has one, by index."""
        found = {index: choice.finish_reason for index, choice in sorted(self._choices.items())}
        return MappingProxyType({index: reason for index, reason in found.items() if reason is not None})

    @abstractmethod
    def _new_choice(self) -> ChoiceT:
        """A choice of which nothing came."""

    @abstractmethod
    def _choice_steps(
        self, choice: JsonObject, finish_reason: str | None
    ) -> Iterator[tuple[ChoiceStep, str]]:
        """What a chunk does to a choice that has had this finish_reason, and the member that does it."""

    def _count_usage(self, usage: JsonObject, *, alone: bool) -> None:
        """The present event brought usage, `alone` where it has no choice."""
        del alone
        self.usage = usage

    def _answer(self, head: JsonObject) -> JsonObject:
        """The chunks as one answer."""
        choices: list[JsonValue] = [choice.whole(index) for index, choice in sorted(self._choices.items())]
        answer: JsonObject = {**head, "choices": choices, **self._extras}
        return answer if self.usage is None else {**answer, "usage": self.usage}

    def _object(self, value: JsonObject, event: SseEvent) -> Iterator[Violation]:
        del event
        if value.get("error"):
            self.error = self.error or value
            yield from self._step(Step.ERROR, value["error"])
            if not isinstance(value.get("choices"), list):
                return
            # OpenRouter puts the error into a chunk
        elif "choices" not in value and (is_flat_error(value) or is_error_by_address(value)):
            self.error = self.error or value
            flat = ViolationKind(self._grammar.shape, "The member error is missing.", "the member error")
            yield from self._report(flat, "$.error", seen(value))
            yield from self._step(Step.ERROR, value)
            return
        yield from self._part(self._grammar.chunk, value)
        if not isinstance(value.get("choices"), list):
            yield from self._step(Step.JUNK, value)
            return
        self.chunks += 1
        choices, usage = [*islice(objects(value, "choices"), MOST_PARTS)], value.get("usage")
        if isinstance(usage, dict):
            self._count_usage(usage, alone=not choices)
        yield from self._step(Step.PART if choices else Step.BARE, value)
        if self._phase is Phase.DONE or not choices:
            return
        yield from self._same_head(value)
        for place, choice in choices:
            yield from self._choice(place, choice)

    def _choice(self, place: str, choice: JsonObject) -> Iterator[Violation]:
        index, most = choice_index(choice), self._grammar.most_choices
        if index not in self._choices:
            if len(self._choices) >= most:
                too_many = ViolationKind(
                    self._grammar.shape,
                    f"The stream has more than {most} choices.",
                    f"at most {most} choices",
                )
                yield from self._report(too_many, place, "one more")
                return
            self._choices[index] = self._new_choice()
        assembly = self._choices[index]
        for step, name in self._choice_steps(choice, assembly.finish_reason):
            before = self._phases.get(index, self._first_phase)
            self._phases[index], kind = self._grammar.choices[before, step]
            if kind is not None:
                yield from self._report(_of_choice(kind, index), f"{place}.{name}", seen(choice.get(name)))
        yield from assembly.feed(choice, place)

    def _step(self, step: Step, what: JsonValue) -> Iterator[Violation]:
        before = self._phase
        yield from super()._step(step, what)
        if step not in (Step.DONE, Step.END) or before is Phase.DONE:
            return
        for index, phase in sorted(self._phases.items()):
            self._phases[index], kind = self._grammar.choices[phase, ChoiceStep.END]
            # an error says already that the answer is not whole
            if kind is not None and before is not Phase.FAILED:
                yield from self._report(_of_choice(kind, index), "$", "none")

    def _same_head(self, chunk: JsonObject) -> Iterator[Violation]:
        self._extras.update({name: chunk[name] for name in self._grammar.extras if name in chunk})
        for name in _HEAD:
            first = self._head.get(name)
            if first is None:  # that it is absent or null is the shape's
                self._head[name] = first = chunk.get(name)
            now = chunk.get(name, first)
            if first == now:
                continue
            message = f"The {name} changes within the stream."
            if self._is_new(self._grammar.same_head, f"$.{name}", message):
                # that of each chunk is its own time with many servers, and no client is known to mind
                level = Level.SHOULD if name == "created" and whole(now) else Level.MUST
                kind = ViolationKind(self._grammar.same_head, message, seen(first), level)
                yield kind.violation(f"$.{name}", seen(now), reference=self._grammar.reference)


def choice_index(choice: JsonObject) -> int:
    """The choice's index; 0 where it has none (the shape rule reports it)."""
    index = choice.get("index")
    return int(index) if whole(index) else 0


def _of_choice(kind: ViolationKind, index: int) -> ViolationKind:
    """A violation of one choice, which is named: choices come one a chunk, so the path does not tell them apart."""
    message = kind.message.replace("The choice", f"Choice {index}").replace("the choice", f"choice {index}")
    return replace(kind, message=message)
