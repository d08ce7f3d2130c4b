"""The fake as a stage: one server for all plays, in which a token in the URL's path tells them apart."""

import asyncio
import itertools
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from types import TracebackType
from typing import Self

from chatfake import Fake, LiveServer
from chatfake.core.api_error import BODY_TOO_LARGE, ApiError
from chatfake.core.asgi_connection import (
    ClientLeft,
    Receive,
    Scope,
    Sender,
    body_of,
    request_of,
)
from chatfake.core.http import Answer as Sent
from chatfake.core.http import Ending, Request, Send, refusal_answer
from chatfake.handling.request_context import address_of
from chatfake.scripting.plan import Plan
from chatfake.serving.asgi import send_answer
from chatproof.history.model.plan import Answer
from chatproof.history.model.seen import Exchange
from chatproof.stage.asked import ROUTES, asked
from chatproof.stage.casting import cast_answer
from chatproof.stage.fragments import interleaved
from chatproof.stage.performing import Performance
from chatproof.stage.room import Hold, Room, Taken
from chatproof.stage.source import Performed, Source
from chatproof.stage.stage import Script, Visit, Words

__all__ = ["COOKIE", "FakeStage"]

COOKIE = "chatproof-stage=seen"
"""What each answer sets: a client that keeps its state at the endpoint sends it back."""

_CONTEXT = 10_000_000
"""Tokens. The fake must never refuse a prompt for its length: a client's own window is what is judged."""

_MOST_BODY = 32 * 1024 * 1024

_FULL = ApiError(message="The stage has had more requests than anybody makes.", code="full", status=503)

_MOST_WRITES = 200

_AGAIN_SOON = (("retry-after", "0"), ("retry-after-ms", "1"))


class FakeStage:
    """A `Stage` on a port of this machine. Use it as a context manager. `models` are those that are listed."""

    def __init__(self, models: Sequence[str] = ("tiny",)) -> None:
        self._fake = Fake(models=models, context_length=_CONTEXT, clock=time.time, lenient=True)
        self._server = LiveServer(self._fake, app=self._app)
        self._rooms: dict[str, Room] = {}
        self._lost = Room(lambda side: side)  # requests without a token
        self._numbers = itertools.count(1)
        self._changed = threading.Condition()
        self._loop: asyncio.AbstractEventLoop | None = None

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for token in tuple(self._rooms):
            self.end(token)
        self._server.stop()

    # -- for a play -------------------------------------------------------------------------------------------

    def begin(self, words: Words) -> str:
        """A new token."""
        token = f"play-{next(self._numbers)}"
        with self._changed:
            self._rooms[token] = Room(words)
        return token

    def base_url(self, token: str) -> str:
        """Where its requests go."""
        return self._server.base_url.removesuffix("/v1") + f"/key/{token}/v1"

    def arm(self, token: str, *scripts: Script) -> None:
        """From now on requests of the token are answered by these."""
        with self._changed:
            self._rooms[token].arm(scripts)

    def hold(self, token: str, *, after: int, seconds: float, held: Callable[[], None]) -> None:
        """The next request's answer stops after so many pieces."""
        with self._changed:
            self._rooms[token].hold = Hold(after=after, seconds=seconds, held=held)

    def hold_together(self, token: str, *, seconds: float, held: Callable[[], None]) -> None:
        """No answer begins before each script has been asked."""
        with self._changed:
            self._rooms[token].hold = Hold(seconds=seconds, together=True, held=held)

    def release(self, token: str) -> None:
        """Nothing is held any more."""
        with self._changed:
            hold, self._rooms[token].hold = self._rooms[token].hold, None
        if hold is not None:
            self._call(hold.opened.set)

    def exchanges(self, token: str) -> tuple[Exchange, ...]:
        """All that asked for a reply."""
        with self._changed:
            return tuple(one.exchange() for one in self._rooms[token].taken)

    def visits(self, token: str) -> tuple[Visit, ...]:
        """The last of the other requests."""
        with self._changed:
            return tuple((self._rooms[token] if token else self._lost).visits)

    def idle(self, token: str, *, seconds: float) -> bool:
        """Waits until no request of the token is open."""
        room = self._rooms[token]
        with self._changed:
            return self._changed.wait_for(lambda: room.is_idle, timeout=seconds)

    @property
    def note(self) -> str:
        """The fake does what it is told."""
        return ""

    def trouble(self, token: str) -> str:
        """The fake is always there."""
        del self, token
        return ""

    def _open(self, token: str) -> tuple[Taken, ...]:
        """Requests whose answers are under way."""
        with self._changed:
            return tuple(one for one in self._rooms[token].taken if one.ending is None)

    def end(self, token: str) -> None:
        """Ends what is open, and forgets the token."""
        with self._changed:
            room = self._rooms.pop(token)
            open_ = [one.gone for one in room.taken if one.gone is not None and one.ending is None]
            hold = room.hold
        if hold is not None:
            self._call(hold.opened.set)
        for gone in open_:
            self._call(gone.cancel)

    # -- for requests: all of it in the server's one thread -------------------------------------------------------

    def _call(self, what: Callable[[], object]) -> None:
        if self._loop is not None:
            with suppress(RuntimeError):  # the server has ended
                self._loop.call_soon_threadsafe(what)

    async def _app(self, scope: Scope, receive: Receive, send: Sender) -> None:
        if scope["type"] != "http":
            return
        self._loop = asyncio.get_running_loop()
        try:
            body = await body_of(receive, _MOST_BODY)
        except ClientLeft:
            return
        request = request_of(scope, body or b"")
        # the path alone says where it goes: no header chooses an answer, and no key is looked at
        address = address_of(replace(request, headers=()))
        route = ROUTES.get(address.path, "") if request.method == "POST" and body is not None else ""
        with self._changed:
            room = self._rooms.get(address.key, self._lost)
            taken = (
                self._taken(room, route, address.path, request) if route and room is not self._lost else None
            )
        if taken is not None:
            await Performance(room, taken, self.ended).play(scope, receive, send)
            return
        answer = (
            refusal_answer(BODY_TOO_LARGE)
            if body is None
            else self._other(room, route, address.path, request)
        )
        with self._changed:
            room.visits.append(Visit(method=request.method, path=request.path[:200], status=answer.status))
        await send_answer(answer, scope, receive, send)

    def _taken(self, room: Room, route: str, path: str, request: Request) -> Taken | None:
        if room.is_full:
            return None
        script, answer, turn = room.next_answer(request.body)
        wanted, streamed = asked(path, request.body)
        source = self._passed_on(answer, route, path, request) or self._performed(
            cast_answer(answer, route, streamed=streamed, words=script.words, turn=turn), route, wanted
        )
        return room.take(route, request.body, request.headers, source, streamed=streamed)

    def _passed_on(self, answer: Answer, route: str, path: str, request: Request) -> Source | None:
        """For a stage that has an endpoint behind it: where that is to answer."""
        del self, answer, route, path, request
        return None

    def _performed(self, cast: tuple[Answer, Plan], route: str, wanted: Request) -> Source:
        given, plan = cast
        sending = _dressed(interleaved(self._fake.answer_by(plan, wanted)))
        if not plan.faults:
            sending = _in_fewer_writes(sending)
        return Performed(planned=given, route=route, sending=sending)

    def _other(self, room: Room, route: str, path: str, request: Request) -> Sent:
        if route and room.is_full:
            return refusal_answer(_FULL)
        return self._fake.answer(replace(request, path=f"/v1{path}", headers=()))

    def ended(self, taken: Taken, ending: Ending) -> None:
        """An answer has ended."""
        with self._changed:
            taken.ending = taken.ending or ending
            taken.exchange()
            self._changed.notify_all()


def _in_fewer_writes(answer: Sent) -> Sent:
    """A long stream in as many writes as a long wait needs: nobody tells them apart, and each costs."""
    writes = [step.data for step in answer.steps if isinstance(step, Send)]
    if len(writes) <= _MOST_WRITES or len(writes) < len(answer.steps):
        return answer
    size = -(-len(writes) // _MOST_WRITES)
    groups = (writes[at : at + size] for at in range(0, len(writes), size))
    return replace(answer, steps=tuple(Send(b"".join(group)) for group in groups))


def _dressed(answer: Sent) -> Sent:
    """With a cookie, and where it is worth another attempt, with word that it may come at once."""
    if answer.raw:
        return answer
    own = ("retry-after", "retry-after-ms", "set-cookie")
    kept = tuple(header for header in answer.headers if header[0].lower() not in own)
    soon = _AGAIN_SOON if answer.status in (408, 409, 429) or answer.status >= 500 else ()
    return replace(answer, headers=(*kept, ("set-cookie", f"{COOKIE}; Path=/"), *soon))
