"""What the judges of all streams share: events go in, each violation comes out at the event that causes it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from chatschema.core.describe import seen
from chatschema.core.json_text import JsonText, NotJsonError, Size, load, size_of
from chatschema.core.kind import Kind
from chatschema.core.sse import SseEvent
from chatschema.core.violation import MOST, JsonObject, JsonValue, Level, Violation

from .bounds import Budget
from .contract import Contract
from .framing import Misframed, misframed
from .lifecycle import Phase, Step, Table
from .shape import Shapes
from .violation_kind import ViolationKind

__all__ = ["GrammarJudge", "StreamContract", "StreamGrammar", "StreamJudge"]

_DONE = "[DONE]"

#: Events of a wrong shape whose shape is looked at.
MOST_REFUSED = 1_000
_BOUNDS = "http.bounds"
_REFUSED = ViolationKind(
    _BOUNDS,
    f"More than {MOST_REFUSED:,} events have a wrong shape: those after them are not judged by it.",
    f"at most {MOST_REFUSED:,}",
    Level.SHOULD,
)
_SPENT = ViolationKind(
    _BOUNDS,
    "The stream has more events and elements than its bytes can bring: this event and those after it are not judged.",
    "events that bring an answer",
)
_SSE = "https://html.spec.whatwg.org/multipage/server-sent-events.html"


class StreamJudge(ABC):
    """`feed` the events of one stream, then `close`.

    A violation is reported where it first happens: the same rule at the same place in a later event is the same
    violation. At most 100 are kept, and a must is among them where there was one; what is held besides is bounded by
    the reply itself, and what is looked at by its bytes (`given_up`).
    """

    def __init__(self) -> None:
        self.events: int = 0
        self.done: bool = False  #: the stream said itself that it is at its end (`[DONE]`, or its last event)
        self._closed = False
        self._number = 0  # of the event that is judged
        self._violations: list[Violation] = []
        self._broken = False  # a must is among them
        self._seen: set[tuple[str, str, str]] = set()
        self._extensions: dict[str, None] = {}
        self._shapes = Shapes()
        self._budget = Budget()

    @property
    def violations(self) -> tuple[Violation, ...]:
        """All violations so far."""
        return tuple(self._violations)

    @property
    def given_up(self) -> bool:
        """The stream has more in it than is judged, which is among the violations; nothing after that is looked at."""
        return self._budget.spent

    @property
    def extensions(self) -> tuple[str, ...]:
        """Members that the contract does not know, as `$[*].choices[0].delta.x`."""
        return tuple(self._extensions)

    def feed(self, event: SseEvent) -> list[Violation]:
        """Take one event; the violations that it causes. Raises ValueError after `close`."""
        if self._closed:
            raise ValueError("the stream is closed")
        if self.given_up:
            return []
        self._number, self.events = self.events, self.events + 1
        fresh = self._keep(self._event(event))
        if self.given_up:
            fresh.append(_SPENT.violation(f"$[{self._number}]", seen(event.data), reference=""))
            self._violations.append(fresh[-1])
        return fresh

    def close(self) -> list[Violation]:
        """The bytes ended; what is missing."""
        if self._closed:
            return []
        self._closed = True
        self._number = self.events
        return [] if self.given_up else self._keep(self._end())

    @abstractmethod
    def assembled(self) -> JsonObject | None:
        """The events as the one JSON body that they stand for; None where there is nothing to put together."""

    @abstractmethod
    def _event(self, event: SseEvent) -> Iterator[Violation]:
        """What one event violates; paths are those inside the event."""

    @abstractmethod
    def _end(self) -> Iterator[Violation]:
        """What the end of the bytes violates."""

    def _judge(self, contract: Contract, value: JsonValue) -> tuple[Violation, ...]:
        """What a part of the stream violates by itself, but for what is known; its extensions are noted on the way.

        Once the lists are full, nothing is looked for that they could not take: a stream of a million wrong events
        costs no more than reading it.
        """
        if self._shapes.refused > MOST_REFUSED:
            return ()
        size = size_of(value)
        if len(self._extensions) < MOST and size < Size.HUGE:
            self._add_extensions(contract.extensions(value))
        if self._full:
            return ()
        found = contract.new_violations(value, self._shapes, size)
        if self._shapes.refused > MOST_REFUSED:
            return (*found, _REFUSED.violation("$", f"{MOST_REFUSED + 1:,}", reference=contract.reference))
        return found

    def _is_new(self, rule: str, path: str, message: str) -> bool:
        """Whether this violation would be kept: worth knowing before it is put into words."""
        return not self._full and (rule, path, message) not in self._seen

    @property
    def _full(self) -> bool:
        """Whether nothing more would change the verdict."""
        return self._broken and len(self._violations) >= MOST

    def _add_extensions(self, extensions: Iterable[str]) -> None:
        if len(self._extensions) < MOST:
            self._extensions.update(dict.fromkeys(f"$[*]{path[1:]}" for path in extensions))

    def _keep(self, found: Iterator[Violation]) -> list[Violation]:
        fresh: list[Violation] = []
        for violation in found:
            self._budget.pay_violation()
            is_must = violation.level is Level.MUST
            if not self._is_new(violation.rule, violation.path, violation.message) or (
                len(self._violations) >= MOST and not is_must
            ):
                continue
            self._broken |= is_must
            self._seen.add((violation.rule, violation.path, violation.message))
            fresh.append(violation.under(f"$[{self._number}]"))
            self._violations.append(fresh[-1])
        return fresh


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamGrammar:
    """What a family of streams brings."""

    table: Table[Phase, Step]  #: the life of the stream
    framing: str  #: the rule of an event that is not framed as it should be
    shape: str  #: the rule of an event that has not the shape of one
    reference: str
    data: str = "a JSON object or [DONE]"  #: what an event's data has to be
    named: bool = False  #: whether events have names


GrammarT = TypeVar("GrammarT", bound=StreamGrammar)


class GrammarJudge(StreamJudge, Generic[GrammarT]):
    """Reads events, and follows the stream through its life.

    A family says what each JSON object is to its stream (`_object`), and takes it there with `_step`.
    """

    def __init__(self, grammar: GrammarT) -> None:
        super().__init__()
        self.error: JsonObject | None = None  #: the first event that was an error
        self._grammar = grammar
        self._phase = Phase.START

    @abstractmethod
    def _object(self, value: JsonObject, event: SseEvent) -> Iterator[Violation]:
        """What an event violates whose data is a JSON object."""

    def _event(self, event: SseEvent) -> Iterator[Violation]:
        if self.given_up:
            return
        self._budget.pay_event(event.data)
        if event.field == "error":
            yield from self._error_field(event)
            return
        text: JsonText | None = None
        why = ""
        try:
            text = None if event.data == _DONE else load(event.data)
        except NotJsonError as error:
            flaw = misframed(
                event.data, first=self._number == 0 and not event.comments and not self._grammar.named
            )
            if flaw is not None:
                yield from self._apart(event, flaw)
                return
            why = str(error)
        if event.event or not event.complete:
            yield from self._framed(event)
        if text is not None:
            self._budget.pay_holders(event.data)
            if not self.given_up:
                yield from self._json(text, event)
        elif why:
            yield from self._junk(event, why, event.data)
        else:
            yield from self._step(Step.DONE, event.data)
            self.done |= self._phase is Phase.DONE

    def _apart(self, event: SseEvent, flaw: Misframed) -> Iterator[Violation]:
        """Events that nothing parts: one violation says it, and each is judged."""
        yield self._framing(flaw.message, flaw.expected, seen(event.data))
        for index, data in enumerate(flaw.parts):
            if index:
                self._number, self.events = self.events, self.events + 1
            name = _type_of(data) if self._grammar.named else event.event
            yield from self._event(replace(event, data=data, event=name, comments=(), complete=True))

    def _error_field(self, event: SseEvent) -> Iterator[Violation]:
        message = "The error stands in a field of the name error, which readers of event streams drop."
        if self._is_new(self._grammar.framing, "$", message):
            yield self._framing(message, 'data: {"error": …}', seen(event.data))
        self._phase, _ = self._grammar.table[self._phase, Step.ERROR]
        if self.error is None:
            with suppress(NotJsonError):
                value = load(event.data).value
                self.error = value if isinstance(value, dict) else None

    def _json(self, text: JsonText, event: SseEvent) -> Iterator[Violation]:
        if text.duplicates:
            yield from text.remarks()
        if isinstance(text.value, dict):
            yield from self._object(text.value, event)
        else:
            yield from self._junk(event, "JSON, but no object", text.value)

    def _end(self) -> Iterator[Violation]:
        yield from self._step(Step.END, None)

    def _step(self, step: Step, what: JsonValue) -> Iterator[Violation]:
        self._phase, kind = self._grammar.table[self._phase, step]
        if kind is not None and self._is_new(kind.rule, "$", kind.message):
            there = f"the end after {self.events} events" if step is Step.END else seen(what)
            yield from self._report(kind, "$", there)

    def _report(self, kind: ViolationKind, path: str, what: str) -> Iterator[Violation]:
        if self._is_new(kind.rule, path, kind.message):
            yield kind.violation(path, what, reference=self._grammar.reference)

    def _part(self, contract: Contract, value: JsonObject, rule: str = "") -> Iterator[Violation]:
        """What a part violates by itself, its shape under the name that the catalogue has for streams."""
        for violation in self._judge(contract, value):
            if violation.rule.startswith("shape."):
                yield replace(violation, rule=rule or self._grammar.shape)
            else:
                yield violation

    def _framed(self, event: SseEvent) -> Iterator[Violation]:
        """A browser drops an event that the end of the bytes cut off, and gives onmessage none with a name."""
        if not event.complete:
            yield self._framing(
                "The last event has no blank line after it.", "a blank line", "the end", Level.SHOULD
            )
        if event.event and not self._grammar.named:
            message = "The event has a name, which hides it from a browser's onmessage."
            yield self._framing(message, "no event field", seen(event.event), Level.SHOULD)

    def _junk(self, event: SseEvent, why: str, what: JsonValue) -> Iterator[Violation]:
        message = f"The event's data is no chunk: {why}."
        if self._is_new(self._grammar.framing, "$", message):
            yield self._framing(message, self._grammar.data, seen(event.data))
        yield from self._step(Step.JUNK, what)

    def _framing(self, message: str, expected: str, what: str, level: Level = Level.MUST) -> Violation:
        kind = ViolationKind(self._grammar.framing, message, expected, level)
        return kind.violation("$", what, reference=_SSE)


def _type_of(data: str) -> str:
    """The name that an event should have; its own was lost where the next one's came."""
    with suppress(NotJsonError):
        value = load(data).value
        name = value.get("type") if isinstance(value, dict) else None
        return name if isinstance(name, str) else ""
    return ""


@dataclass(frozen=True, kw_only=True)
class StreamContract:
    """One stream of events."""

    kind: Kind
    open: Callable[[], StreamJudge]  #: a judge for one stream
    whole: Contract  #: what the events add up to
    framing: str  #: the rule that an event violates that is not framed as it should be
    summary: str
    reference: str
