"""A client in Python, as its factory gives it: which method does what, and which conversation is whose."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from typing import Any, cast

from chatproof.drivers.driver import CannotError, ClientFailedError, Saying
from chatproof.drivers.replies import (
    ASYNC_GENERATOR,
    COROUTINE,
    GENERATOR,
    Ask,
    ended,
    kind_of,
    resolved,
    resolved_async,
)
from chatproof.drivers.worker import Worker
from chatproof.history.model.endpoint import CannotBuildError, ClientFactory, Endpoint, told
from chatproof.history.model.plan import FIRST
from chatproof.history.model.seen import Ending

__all__ = ["PythonClient"]

_METHODS = {
    "again": "again",
    "clear": "clear",
    "fork": "fork",
    "stream": "stream",
    "load": "from_messages",
    "window": "window",
    "conversation": "conversation",
    "restart": "restart",
    "cancel": "cancel",
    "older": "older",
}
"""What can be done, and the method of the client that does it."""

_HANDED_MOST = 20

_SECOND_SECONDS = 0.5
"""So long the second of two waits for the first to have come to the endpoint: their order is the same each time."""

_LOOK_SECONDS = 0.002


class PythonClient:
    """Everything but `cancel` is called in the worker's thread."""

    def __init__(self, factory: ClientFactory, worker: Worker) -> None:
        self._factory = factory
        self._worker = worker
        self._endpoint: Endpoint | None = None
        self._heads: dict[str, Any] = {}
        self._replaced: list[Any] = []
        self._methods: frozenset[str] = frozenset()
        self._kinds: dict[str, str] = {}
        self._ask: Ask | None = None
        self._window: int | None = None
        self._second = threading.Event()
        self._handed: list[tuple[list[Any], list[Any]]] = []

    # -- what there is -------------------------------------------------------------------------------------------

    @property
    def can(self) -> frozenset[str]:
        """What the methods of the client allow, or of the last one."""
        persistent = self._endpoint is not None and self._endpoint.policy.persistent
        more = [
            name
            for name, is_so in (
                ("restart", persistent),
                ("cancel", self._kinds.get("say")),
                ("handed", "load" in self._methods),
            )
            if is_so
        ]
        return self._methods.union(more, ("together", "lines", "dashes"))

    def kind(self, name: str) -> str:
        """What a call of `say` or `stream` gives, as far as is known."""
        return self._kinds.get(name, "")

    def counts(self, saying: Saying) -> bool:
        """Whether the ask is ended by closing what it yields."""
        kind = self._kinds.get("stream" if saying.streamed else "say")
        return saying.stop is not None and (
            kind == GENERATOR or (kind == ASYNC_GENERATOR and saying.stop > 0)
        )

    def altered(self) -> str:
        """What has become of a list that was handed in."""
        for now, then in self._handed:
            if now != then:
                return f"the list that was handed in had {len(then)} messages: {then!r:.300}; it is now {now!r:.300}"
        return ""

    # -- its life ------------------------------------------------------------------------------------------------

    def open(self, endpoint: Endpoint) -> None:
        """Builds a client.

        Raises:
            CannotBuildError: there is none, or it has no method `say`.
        """
        self._endpoint = endpoint
        self._handed.clear()
        self._window = None
        self._begin(self._built(endpoint))

    def _begin(self, client: Any) -> None:
        self._heads = {FIRST: client}
        has = [name for name, method in _METHODS.items() if callable(getattr(client, method, None))]
        self._methods = frozenset({"say", *has})
        for name in ("say", "stream"):
            self._kinds[name] = self._kinds.get(name) or kind_of(getattr(client, name, None))

    def _built(self, endpoint: Endpoint) -> Any:
        try:
            client = self._resolved(lambda: self._factory(endpoint))
        except BaseException as error:
            raise CannotBuildError(f"the factory raised {told(error)}") from error
        if not callable(getattr(client, "say", None)):
            raise CannotBuildError(
                f"the factory gave a {type(client).__name__}, which has no method say(text)"
            )
        return client

    def restart(self) -> None:
        """By the client's own `restart`, or by closing it and building another at the same place."""
        client = self._heads[FIRST]
        restart, endpoint = getattr(client, "restart", None), self._endpoint
        if callable(restart):
            new = self._plain(restart)
            if new is not None:
                self._begin(new)
            return
        if endpoint is None or not endpoint.policy.persistent:
            raise CannotError("restart: it has no method restart(), and is not declared as persistent")
        self.close()
        try:
            self._begin(self._built(endpoint))
        except CannotBuildError as error:
            raise ClientFailedError(str(error)) from error

    def close(self) -> None:
        """Ends the client."""
        clients, self._heads, self._replaced = [*self._heads.values(), *self._replaced], {}, []
        for client in {id(one): one for one in clients}.values():
            close = getattr(client, "close", None)
            if callable(close):
                with suppress(BaseException):
                    self._resolved(close)
        self._worker.tidy()

    # -- asks ----------------------------------------------------------------------------------------------------

    def say(self, saying: Saying) -> Ending:
        """Says something."""
        name = "stream" if saying.streamed else "say"
        client = self._head(saying.to)
        method = self._method(client, name)
        return self._asked(name, client, saying.stop, lambda: method(saying.text))

    def again(self, to: str) -> Ending:
        """Asks for the last reply again."""
        client = self._head(to)
        return self._asked("again", client, None, self._method(client, "again"))

    def _asked(self, name: str, client: Any, stop: int | None, call: Callable[[], Any]) -> Ending:
        ask = self._ask = Ask(stop=stop, cancel=getattr(client, "cancel", None))
        try:
            return ended(ask, lambda: resolved(call(), ask, self._worker.complete))
        finally:
            self._ask = None
            if ask.kind:
                self._kinds[name] = ask.kind

    def together(self, first: Saying, second: Saying) -> tuple[Ending, Ending]:
        """Says two things at once: as two tasks where the client is asynchronous, else in two threads."""
        self._second.clear()
        calls = [self._call_of(first), self._call_of(second)]
        asks = [Ask(), Ask()]
        if self._kinds.get("say") in (COROUTINE, ASYNC_GENERATOR):
            tasks = [
                self._worker.task(_whole(calls[0], asks[0])),
                self._worker.task(_whole(calls[1], asks[1], self._second)),
            ]
            self._worker.complete_all(*tasks)
            endings = [ended(ask, task.result) for ask, task in zip(asks, tasks, strict=True)]
            return endings[0], endings[1]
        other: list[Ending] = []

        def work(call: Callable[[], Any], ask: Ask, after: threading.Event | None = None) -> Ending:
            if after is not None:
                after.wait(_SECOND_SECONDS)
            return ended(ask, lambda: resolved(call(), ask, lambda value, _: asyncio.run(_awaited(value))))

        thread = threading.Thread(
            target=lambda: other.append(work(calls[1], asks[1], self._second)), daemon=True
        )
        thread.start()
        ending = work(calls[0], asks[0])
        thread.join()
        return ending, other[0]

    def beside(self, saying: Saying) -> Ending:
        """Says something while something else is said: from another thread than the worker's."""
        call, ask = self._call_of(saying), Ask()
        if self._kinds.get("say") in (COROUTINE, ASYNC_GENERATOR):
            return ended(ask, self._worker.beside(_whole(call, ask)).result)
        return ended(ask, lambda: resolved(call(), ask, lambda value, _: asyncio.run(_awaited(value))))

    def _call_of(self, saying: Saying) -> Callable[[], Any]:
        method = self._method(self._head(saying.to), "stream" if saying.streamed else "say")
        return lambda: method(saying.text)

    def proceed(self) -> None:
        """Lets the second of two begin."""
        self._second.set()

    def cancel(self) -> None:
        """Cancels the ask that is under way: its task, else by the client's own `cancel` in another thread.

        What it yields ends with the next piece, where there is no other way.
        """
        ask = self._ask
        if ask is not None and ask.task is None and ask.kind == GENERATOR and not callable(ask.cancel):
            ask.stop = 0
            return
        if ask is None or not (ask.task is not None or callable(ask.cancel)) or not ask.wants_cancelling():
            return
        if ask.task is not None:
            self._worker.cancel(ask.task)
        elif ask.cancel is not None:
            threading.Thread(target=_cancelling(ask.cancel), daemon=True).start()

    # -- conversations -------------------------------------------------------------------------------------------

    def clear(self, to: str) -> None:
        """Clears a conversation."""
        self._plain(self._method(self._head(to), "clear"))

    def fork(self, to: str, at: int, new: str) -> None:
        """Begins a branch."""
        fork = self._method(self._head(to), "fork")
        branch = self._plain(lambda: fork(at))
        if not callable(getattr(branch, "say", None)):
            raise ClientFailedError(
                f"fork({at}) gave a {type(branch).__name__}, which has no method say(text)"
            )
        self._heads[new] = branch
        self._set_window(branch)

    def load(self, texts: tuple[str, ...], new: str) -> None:
        """Makes a conversation of a list."""
        roles = ("user", "assistant")
        messages = [{"role": roles[at % 2], "content": text} for at, text in enumerate(texts)]
        client = self._heads.get(new) or self._heads[FIRST]
        make = self._method(client, "from_messages")
        self._handed.append((messages, deepcopy(messages)))
        del self._handed[:-_HANDED_MOST]
        made = self._plain(lambda: make(messages))
        if made is not None:
            self._replaced += [self._heads[new]] if new in self._heads else []
            client = made
        self._heads[new] = client
        self._set_window(client)

    def older(self) -> None:
        """Has the client write its files as an older version of it did."""
        self._plain(self._method(self._heads[FIRST], "older"))

    def window(self, n: int) -> None:
        """Sets the window."""
        self._method(self._heads[FIRST], "window")
        self._window = n
        for client in {id(one): one for one in self._heads.values()}.values():
            self._set_window(client)

    def _set_window(self, client: Any) -> None:
        """What is set is set for all conversations, those that begin later too."""
        window, n = getattr(client, "window", None), self._window
        if n is not None and callable(window):
            self._plain(lambda: window(n))

    def _head(self, to: str) -> Any:
        if to not in self._heads:
            conversation = self._method(self._heads[FIRST], "conversation")
            head = self._plain(lambda: conversation(to))
            if not callable(getattr(head, "say", None)):
                raise ClientFailedError(
                    f"conversation({to!r}) gave a {type(head).__name__}, which has no method say(text)"
                )
            self._heads[to] = head
        return self._heads[to]

    def _method(self, client: Any, name: str) -> Callable[..., Any]:
        method: Any = getattr(client, name, None)
        if not callable(method):
            raise CannotError(f"a {type(client).__name__} has no method {name}()")
        return cast("Callable[..., Any]", method)

    def _plain(self, call: Callable[[], Any]) -> Any:
        try:
            return self._resolved(call)
        except BaseException as error:
            raise ClientFailedError(told(error)) from error

    def _resolved(self, call: Callable[[], Any]) -> Any:
        return resolved(call(), Ask(), self._worker.complete)


async def _awaited(value: Any) -> Any:
    return await value


async def _whole(call: Callable[[], Any], ask: Ask, after: threading.Event | None = None) -> Any:
    for _ in range(round(_SECOND_SECONDS / _LOOK_SECONDS)):
        if after is None or after.is_set():
            break
        await asyncio.sleep(_LOOK_SECONDS)
    return await resolved_async(call(), ask)


def _cancelling(cancel: Callable[[], object]) -> Callable[[], None]:
    def work() -> None:
        with suppress(BaseException):
            value = cancel()
            if asyncio.iscoroutine(value):
                asyncio.run(value)

    return work
