"""The one thread in which a client lives, with an event loop that goes on between the asks."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any, TypeAlias, TypeVar

from chatproof.drivers.driver import HungError
from chatproof.drivers.replies import Ask

__all__ = ["Worker"]

T = TypeVar("T")

_Job: TypeAlias = tuple[Callable[[], Any], "Future[Any]"]

_TURNS = 50
"""Turns of the loop before a task is cancelled, in which it reads what has been sent to it."""

_TIDY_SECONDS = 1.0


class Worker:
    """Does one thing after the other, always in the same thread: some clients are bound to theirs.

    Once something was awaited, the loop also runs while there is nothing to do, as it would in a program. A thread of
    our own and not an executor: an executor's are joined when Python ends, and one hung client would hang it all.
    """

    def __init__(self) -> None:
        self._work: SimpleQueue[_Job | None] = SimpleQueue()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._called = asyncio.Event()

    def start(self) -> None:
        """Live in a new thread. Without it, `run` lives in the caller's."""
        threading.Thread(target=self.run, name="chatproof client", daemon=True).start()

    def call(self, work: Callable[[], T], seconds: float) -> T:
        """The result of `work`.

        Raises:
            HungError: it was not there in time; it goes on in its thread, which nobody waits for any more.
            BaseException: whatever the work raised.
        """
        done = self.submit(work)
        try:
            return done.result(seconds)
        except TimeoutError:
            if done.done():  # the work's own
                raise
            raise HungError(seconds) from None

    def submit(self, work: Callable[[], T]) -> "Future[T]":
        """Have something done after what is under way."""
        done: Future[T] = Future()
        self._put((work, done))
        return done

    def close(self) -> None:
        """Let the thread end after what it is at."""
        self._put(None)

    def _put(self, job: _Job | None) -> None:
        self._work.put(job)
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # it has just been closed
                loop.call_soon_threadsafe(self._called.set)

    # -- in the thread -------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Work until `close`."""
        while (job := self._next()) is not None:
            work, done = job
            try:
                done.set_result(work())
            except BaseException as error:  # noqa: BLE001  the caller's to judge, a SystemExit too
                done.set_exception(error)
            del job, work, done  # a client is not kept alive by an idle thread
        self.tidy()

    def _next(self) -> _Job | None:
        while self._loop is not None:
            with suppress(BaseException):  # a task of the client's that asks for the end of the process
                self._loop.run_until_complete(self._arrived())
            with suppress(Empty):
                return self._work.get_nowait()
        return self._work.get()

    async def _arrived(self) -> None:
        while self._work.empty():
            self._called.clear()
            if self._work.empty():
                await self._called.wait()

    def complete(self, value: Awaitable[Any], ask: Ask | None = None) -> Any:
        """The result of something to be awaited."""
        return self._running().run_until_complete(self.task(value, ask))

    def task(self, value: Awaitable[Any], ask: Ask | None = None) -> "asyncio.Task[Any]":
        """A task of it; an ask can be cancelled by that."""
        task = self._running().create_task(_awaited(value))
        if ask is not None:
            ask.task = task
        return task

    def complete_all(self, *tasks: "asyncio.Task[Any]") -> None:
        """Runs until all of these are done."""
        self._running().run_until_complete(asyncio.wait(tasks))

    def _running(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._called = asyncio.Event()
            self._loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self._loop)
        return self._loop

    def tidy(self) -> None:
        """Ends the loop and what is left in it."""
        loop, self._loop = self._loop, None
        if loop is None:
            return
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        with suppress(Exception):
            if left:
                loop.run_until_complete(asyncio.wait(left, timeout=_TIDY_SECONDS))
            loop.run_until_complete(asyncio.wait_for(loop.shutdown_asyncgens(), _TIDY_SECONDS))
        asyncio.set_event_loop(None)
        loop.close()

    # -- from any thread -----------------------------------------------------------------------------------------

    def beside(self, work: Coroutine[Any, Any, T]) -> "Future[T]":
        """A task beside those that run already.

        Raises:
            RuntimeError: nothing was awaited yet, so there is no loop.
        """
        loop = self._loop
        if loop is None:
            work.close()
            raise RuntimeError("no loop runs in the client's thread")
        return asyncio.run_coroutine_threadsafe(work, loop)

    def cancel(self, task: "asyncio.Task[Any]") -> None:
        """Cancels a task once it has read what has been sent to it."""
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(_cancel_later, loop, task, _TURNS)


def _cancel_later(loop: asyncio.AbstractEventLoop, task: "asyncio.Task[Any]", turns: int) -> None:
    if turns and not task.done():
        loop.call_soon(_cancel_later, loop, task, turns - 1)
    else:
        task.cancel()


async def _awaited(value: Awaitable[Any]) -> Any:
    return await value
