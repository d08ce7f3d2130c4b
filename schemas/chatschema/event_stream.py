"""What the judges of all streams share: events go in one by one, each breach comes out at the event that causes it."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from .shape import Shapes
from .sse import SseEvent
from .violation import MOST, JsonObject, JsonValue, Violation

if TYPE_CHECKING:  # a contract names the judges of its streams
    from .contract import Contract

__all__ = ["EventStream"]


class EventStream(ABC):
    """`feed` the events of one stream, then `close`.

    A breach is reported where it first happens: the same rule at the same place in a later event is the same
    breach. At most 100 are kept, and what is held besides is bounded by the reply itself.
    """

    def __init__(self) -> None:
        self.events: int = 0
        self.done = False  #: the stream said itself that it is at its end (`[DONE]`, or its last event)
        self._closed = False
        self._violations: list[Violation] = []
        self._met: set[tuple[str, str, str]] = set()
        self._extensions: dict[str, None] = {}
        self._shapes = Shapes()

    @property
    def violations(self) -> tuple[Violation, ...]:
        """All breaches so far."""
        return tuple(self._violations)

    @property
    def extensions(self) -> tuple[str, ...]:
        """Members that the contract does not know, as `$[*].choices[0].delta.x`."""
        return tuple(self._extensions)

    def feed(self, event: SseEvent) -> list[Violation]:
        """Take one event; the breaches that it causes. Raises ValueError after `close`."""
        if self._closed:
            raise ValueError("the stream is closed")
        number, self.events = self.events, self.events + 1
        return self._keep(self._event(event, number), number)

    def close(self) -> list[Violation]:
        """The bytes ended; what is missing."""
        if self._closed:
            return []
        self._closed = True
        return self._keep(self._end(), self.events)

    @abstractmethod
    def assembled(self) -> JsonObject | None:
        """The events as the one JSON body that they stand for; None where there is nothing to put together."""

    @abstractmethod
    def _event(self, event: SseEvent, number: int) -> Iterator[Violation]:
        """What one event breaks; paths are those inside the event."""

    @abstractmethod
    def _end(self) -> Iterator[Violation]:
        """What the end of the bytes breaks."""

    def _judge(self, contract: "Contract", value: JsonValue) -> tuple[Violation, ...]:
        """What a part of the stream breaks by itself, but for what is known; its extensions are met on the way.

        Once the lists are full, nothing is looked for that they could not take: a stream of a million wrong events
        costs no more than reading it.
        """
        if len(self._extensions) < MOST:
            self._meet(contract.extensions(value))
        return contract.news(value, self._shapes) if len(self._violations) < MOST else ()

    def _is_news(self, rule: str, path: str, message: str) -> bool:
        """Whether this breach would be kept: worth knowing before it is put into words."""
        return len(self._violations) < MOST and (rule, path, message) not in self._met

    def _meet(self, extensions: Iterable[str]) -> None:
        if len(self._extensions) < MOST:
            self._extensions.update(dict.fromkeys(f"$[*]{path[1:]}" for path in extensions))

    def _keep(self, found: Iterator[Violation], number: int) -> list[Violation]:
        fresh: list[Violation] = []
        for violation in found:
            if not self._is_news(violation.rule, violation.path, violation.message):
                continue
            self._met.add((violation.rule, violation.path, violation.message))
            fresh.append(violation.under(f"$[{number}]"))
            self._violations.append(fresh[-1])
        return fresh
