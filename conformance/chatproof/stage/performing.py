"""An answer on its way, held where that was asked for, and counted."""

import asyncio
from collections.abc import Callable
from typing import Any

from chatfake.core.asgi_connection import Message, Receive, Scope, Sender, left
from chatfake.core.http import Ending
from chatproof.stage.room import Room, Taken

__all__ = ["Performance"]

_DRIP_SECONDS = 0.01
_MOST_DRIPS = 30
"""After a hold the rest comes so slowly that a client which reads on is seen leaving in the middle of it."""


class Performance:
    """One answer on its way: held where that was asked for, and counted."""

    def __init__(self, room: Room, taken: Taken, ended: Callable[[Taken, Ending], None]) -> None:
        self._ended = ended
        self._room = room
        self._taken = taken
        self._hold = room.hold
        self._drips = 0

    async def play(self, scope: Scope, receive: Receive, send: Sender) -> None:
        """To its end, or until the client is gone."""
        taken = self._taken
        gone = asyncio.ensure_future(left(receive))
        taken.gone = gone

        async def is_gone() -> Message:
            await asyncio.wait({gone})
            return {"type": "http.disconnect"}

        async def sent(message: Message) -> None:
            data = message.get("body", b"")
            if data and self._drips and self._drips < _MOST_DRIPS:
                self._drips += 1
                await asyncio.wait({gone}, timeout=_DRIP_SECONDS)
            if gone.done():
                return
            if data:  # noted before it is sent: whoever has read it may ask at once what arrived
                taken.sent.append(data)
                taken.pieces += 1
            await send(message)
            if data:
                await self._stop_at(taken.pieces, gone)

        def ended(ending: Ending) -> None:
            self._ended(taken, ending)

        try:
            await self._stop_at(0, gone)
            await taken.source.play(scope, is_gone, sent, ended)
        finally:
            self._ended(taken, Ending.LEFT)  # where nothing else has been said
            gone.cancel()

    async def _stop_at(self, pieces: int, gone: "asyncio.Future[None]") -> None:
        hold = self._hold
        if hold is None or hold.opened.is_set() or pieces != hold.after:
            return
        if hold.together:
            hold.held()
            if self._room.all_asked:
                hold.opened.set()
        elif pieces and not self._taken.source.has_more(b"".join(self._taken.sent), pieces):
            return
        else:
            self._drips = 1
            hold.held()
        opened = asyncio.ensure_future(hold.opened.wait())
        either: set[asyncio.Future[Any]] = {gone, opened}
        await asyncio.wait(either, timeout=hold.seconds, return_when=asyncio.FIRST_COMPLETED)
        hold.opened.set()
        opened.cancel()
