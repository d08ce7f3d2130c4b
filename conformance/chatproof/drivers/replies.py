"""From what `say` gives back to a text: awaited, consumed, and read."""

import inspect
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeGuard

from chatproof.gate import Gate
from chatproof.history.model.endpoint import told
from chatproof.history.model.seen import Cancelled, Ending, Raised, Returned

if TYPE_CHECKING:
    import asyncio

__all__ = [
    "ASYNC_GENERATOR",
    "COROUTINE",
    "GENERATOR",
    "Ask",
    "ended",
    "kind_of",
    "resolved",
    "resolved_async",
    "shown",
    "text_of",
]

COROUTINE = "coroutine"
ASYNC_GENERATOR = "async generator"
GENERATOR = "generator"

_SHOWN = 300
_DEEP = 4
"""A coroutine may give a generator; nothing real goes on beyond that."""


@dataclass(eq=False)
class Ask:
    """One call of the client under way. `stop` closes what it yields after so many pieces."""

    stop: int | None = None
    cancel: Callable[[], object] | None = None  #: the client's own way
    texts: list[str] = field(default_factory=list[str])
    pieces: int = 0
    kind: str = ""  #: what it is made of: coroutine, async generator, generator; empty: nothing to wait for
    closed: bool = False
    cancelled: bool = False
    over: bool = False
    task: "asyncio.Task[Any] | None" = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def heard(self, piece: Any) -> bool:
        """Takes a piece; whether that was the last that is wanted."""
        self.pieces += 1
        text = text_of(piece)
        if text is not None:
            self.texts.append(text)
        self.closed = self.closed or (self.stop is not None and self.pieces >= max(self.stop, 1))
        return self.closed

    def wants_cancelling(self) -> bool:
        """Whether it was still under way when this was asked; it is marked as cancelled then."""
        with self.lock:
            self.cancelled = self.cancelled or not self.over
            return not self.over

    def is_over(self) -> bool:
        """It has come back; whether it was cancelled before."""
        with self.lock:
            self.over = True
            return self.cancelled


@dataclass(frozen=True, slots=True)
class _Stream:
    """What a client yielded."""

    ask: Ask
    kind: str


def _yields(value: Any) -> TypeGuard[Iterator[Any]]:
    return isinstance(value, Iterator)


def _yields_later(value: Any) -> TypeGuard[AsyncIterator[Any]]:
    return isinstance(value, AsyncIterator)


def resolved(value: Any, ask: Ask, complete: Callable[[Awaitable[Any], Ask], Any]) -> Any:
    """A value with nothing left to wait for: coroutines are awaited, generators consumed."""
    for _ in range(_DEEP):
        if inspect.isawaitable(value):
            ask.kind = ask.kind or COROUTINE
            value = complete(value, ask)
        elif _yields_later(value):
            ask.kind = ASYNC_GENERATOR
            value = complete(_consumed_async(value, ask), ask)
        elif _yields(value):
            ask.kind = GENERATOR
            return _consumed(value, ask)
        else:
            break
    return value


async def resolved_async(value: Any, ask: Ask) -> Any:
    """The same in a task."""
    for _ in range(_DEEP):
        if inspect.isawaitable(value):
            value = await value
        elif _yields_later(value):
            value = await _consumed_async(value, ask)
        else:
            break
    return value


def kind_of(method: Any) -> str:
    """What a call of a method gives, as far as that can be told without one."""
    if inspect.isasyncgenfunction(method):
        return ASYNC_GENERATOR
    if inspect.iscoroutinefunction(method):
        return COROUTINE
    return GENERATOR if inspect.isgeneratorfunction(method) else ""


def _consumed(pieces: Iterator[Any], ask: Ask) -> _Stream:
    kind = type(pieces).__name__
    for piece in pieces:
        if ask.heard(piece):
            break
    if ask.closed and isinstance(pieces, Generator):
        pieces.close()
    elif ask.closed:
        _quietly(getattr(pieces, "close", None))
    return _Stream(ask, kind)


async def _consumed_async(pieces: AsyncIterator[Any], ask: Ask) -> _Stream:
    kind = type(pieces).__name__
    try:
        async for piece in pieces:
            if ask.heard(piece):
                break
    finally:
        close: Callable[[], Awaitable[object]] | None = getattr(pieces, "aclose", None)
        if close is not None:
            await close()
    return _Stream(ask, kind)


def _quietly(close: Any) -> None:
    if callable(close):
        close()


def ended(ask: Ask, work: Callable[[], Any]) -> Ending:
    """How an ask ends: what it gives back or raises, and whether it was cancelled or closed before."""
    try:
        value = work()
    except BaseException as error:  # noqa: BLE001  whatever a client raises, a SystemExit too, is its own
        if ask.is_over():
            return Cancelled(pieces=ask.stop or 0, text="".join(ask.texts))
        return Raised(error=told(error))
    if ask.is_over():
        known = "".join(ask.texts) or _text(value) or ""
        return Cancelled(pieces=ask.pieces or ask.stop or 0, text=known)
    if ask.closed:
        return Cancelled(pieces=ask.pieces, text="".join(ask.texts))
    text = _text(value)
    return Returned(text=text, shown="" if text is not None or value is None else shown(value))


def _text(value: Any) -> str | None:
    if isinstance(value, _Stream):
        return "".join(value.ask.texts) if value.ask.texts else None
    return text_of(value)


def text_of(value: Any) -> str | None:
    """The text that a reply or a piece of one is: itself, its `content` or its `text`; None for all else."""
    if isinstance(value, str):
        return str(value)
    for name in ("content", "text"):
        text = None
        with suppress(Exception):  # a property of the client's own
            text = getattr(value, name, None)
        if isinstance(text, str):
            return str(text)
    return None


def shown(value: Any) -> str:
    """What is no text, for people: cut, and with nothing in it that a terminal obeys."""
    if isinstance(value, _Stream):
        return f"a {value.kind} of {value.ask.pieces} pieces without text" if value.ask.pieces else ""
    try:
        text = repr(value)
    except BaseException as error:  # noqa: BLE001  the client's own text, and its own fault
        text = f"<{type(value).__name__} whose __repr__ raised {type(error).__name__}>"
    text = Gate().line(text[: _SHOWN * 4])
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
