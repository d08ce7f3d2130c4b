"""What a stage keeps for one token: what is armed, what is held, and every request with what became of it."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from chatfake.core.http import Answer as Sent
from chatfake.core.http import Ending, Headers
from chatproof.history.model.plan import ORDINARY, Answer
from chatproof.history.model.seen import Exchange
from chatproof.stage.arrived import text_in
from chatproof.stage.source import Performed, Source
from chatproof.stage.stage import Script, Visit, Words

__all__ = ["Hold", "Room", "Taken"]

_MOST_REQUESTS = 2_000
"""Of one play. The widest turn that was measured in a client took 27."""

_MOST_BYTES = 256 * 1024 * 1024
"""Of the requests of one play."""

_MOST_VISITS = 50

_SECRET = ("auth", "key", "secret", "token")
"""A header with one of these in its name is not kept."""


_FORGOTTEN = Performed(planned=ORDINARY, route="chat", sending=Sent(status=0))


@dataclass(slots=True)
class Hold:
    """Where answers stop. With `together` until each script has been asked; else once, after so many pieces."""

    seconds: float
    after: int = 0
    together: bool = False
    held: Callable[[], None] = lambda: None
    opened: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True, eq=False)
class Taken:
    """A request under way, and what of its answer was sent."""

    number: int
    route: str
    body: bytes
    headers: dict[str, str]
    streamed: bool
    source: Source
    pieces: int = 0
    sent: list[bytes] = field(default_factory=list[bytes])
    ending: Ending | None = None
    gone: "asyncio.Future[None] | None" = None
    seen: Exchange | None = None

    def exchange(self) -> Exchange:
        """What is known of it; once it has ended, that stays."""
        if self.seen is not None:
            return self.seen
        data, ending = b"".join(self.sent), self.ending
        known = Exchange(
            number=self.number,
            route=self.route,
            body=self.body,
            answer=self.source.answer(data, ending),
            arrived=text_in(data, self.route, self.source.content_type),
            status=self.source.status,
            streamed=self.streamed,
            left=self.source.is_left(data, self.pieces, ending),
            headers=self.headers,
        )
        if self.ending is not None:
            self.seen = known
            self.sent, self.source = [], _FORGOTTEN
        return known


class Room:
    """Not safe by itself: its stage has the lock."""

    def __init__(self, words: Words) -> None:
        self.taken: list[Taken] = []
        self.visits: deque[Visit] = deque(maxlen=_MOST_VISITS)
        self.hold: Hold | None = None
        self._size = 0
        self._scripts: tuple[Script, ...] = (Script(words=words),)
        self._given = [0]

    def arm(self, scripts: tuple[Script, ...]) -> None:
        """From now on these answer."""
        self._scripts = scripts
        self._given = [0] * len(scripts)

    @property
    def is_full(self) -> bool:
        """Whether nobody can need another request."""
        return len(self.taken) >= _MOST_REQUESTS or self._size >= _MOST_BYTES

    @property
    def is_idle(self) -> bool:
        """Whether no answer is under way."""
        return all(one.ending is not None for one in self.taken)

    @property
    def all_asked(self) -> bool:
        """Whether something has come for each script."""
        return all(self._given)

    def next_answer(self, body: bytes) -> tuple[Script, Answer, int]:
        """The script that a request is given, its answer to this one, and how many it gave before."""
        at = 0
        if len(self._scripts) > 1:
            places = [body.rfind(script.said.encode()) for script in self._scripts]
            at = max(range(len(places)), key=lambda one: (places[one], -self._given[one]))
        script, turn = self._scripts[at], self._given[at]
        self._given[at] += 1
        return script, script.answers[min(turn, len(script.answers) - 1)], turn

    def take(self, route: str, body: bytes, headers: Headers, source: Source, *, streamed: bool) -> Taken:
        """Remember a request."""
        self._size += len(body)
        taken = Taken(
            number=len(self.taken) + 1,
            route=route,
            body=body,
            headers={name: value for name, value in headers if not any(word in name for word in _SECRET)},
            streamed=streamed,
            source=source,
        )
        self.taken.append(taken)
        return taken
