"""chatproof's client protocol (docs/client-protocol.md) before a client in Python, with nothing but the standard library.

A program hands `serve` a function that makes a chat for a conversation. A chat has `say(text)`, and `stream(text)` where it
streams: functions, coroutines or generators of pieces, as the client's own documentation has them. What is a coroutine
runs beside others, and can be cancelled.
"""

import asyncio
import inspect
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any

Setup = dict[str, Any]
Make = Callable[[Setup, str], Any]


def serve(make: Make) -> None:
    """Answers standard input until it ends. `make` is called with the request `open` and a conversation's name."""
    asyncio.run(_Driver(make).serve())


class _Driver:
    def __init__(self, make: Make) -> None:
        self._make = make
        self._setup: Setup = {}
        self._chats: dict[str, Any] = {}
        self._asks: dict[int, asyncio.Task[None]] = {}

    async def serve(self) -> None:
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            request = json.loads(line)
            task = asyncio.create_task(self._answer(request))
            self._asks[request["id"]] = task
            await asyncio.sleep(0)

    async def _answer(self, request: dict[str, Any]) -> None:
        number = request["id"]
        try:
            await getattr(self, f"_{request['op']}")(request)
        except asyncio.CancelledError:
            _write(number, error="cancelled")
        except Exception as error:  # noqa: BLE001  however the client fails
            _write(number, error=f"{type(error).__name__}: {error}")

    async def _open(self, request: dict[str, Any]) -> None:
        self._setup, self._chats = request, {}
        chat = self._chat("a")
        can = ["conversation"]
        can += [name for name in ("stream", "clear") if hasattr(chat, name)]
        can += ["cancel"] if _is_async(chat.say) else []
        _write(request["id"], ok=True, can=can)

    async def _say(self, request: dict[str, Any]) -> None:
        chat = self._chat(request["conversation"])
        said = (chat.stream if request["stream"] and hasattr(chat, "stream") else chat.say)(request["text"])
        await _told(request["id"], said)

    async def _cancel(self, request: dict[str, Any]) -> None:
        self._asks[request["of"]].cancel()
        _write(request["id"], ok=True)

    async def _close(self, request: dict[str, Any]) -> None:
        _write(request["id"], ok=True)

    async def _clear(self, request: dict[str, Any]) -> None:
        self._chat(request["conversation"]).clear()
        _write(request["id"], ok=True)

    def _chat(self, name: str) -> Any:
        if name not in self._chats:
            self._chats[name] = self._make(self._setup, name)
        return self._chats[name]


def _is_async(function: Any) -> bool:
    return inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)


async def _told(number: int, said: Any) -> None:
    if not inspect.isasyncgen(said) and not inspect.isgenerator(said):
        _write(number, reply=await said if isinstance(said, Awaitable) else said)
        return
    pieces: list[Any] = []
    if inspect.isasyncgen(said):
        async for piece in said:
            _write(number, piece=piece)
            pieces.append(piece)
    else:
        for piece in said:
            _write(number, piece=piece)
            pieces.append(piece)
    _write(number, reply="".join(pieces))


def _write(number: int, **answer: Any) -> None:
    sys.stdout.write(json.dumps({"id": number, **answer}) + "\n")
    sys.stdout.flush()
