"""A thread in which the client under test lives, so that one that hangs can be left behind.

A thread of our own and not an executor: an executor's threads are joined when Python ends, and one hung
client would then hang the whole run.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, TypeVar

__all__ = ["HungError", "Worker"]

T = TypeVar("T")


class HungError(Exception):
    """The work was not done in time. It goes on in its thread, which nobody waits for any more."""


class Worker:
    """Does one thing after the other, always in the same thread: some clients are bound to theirs."""

    def __init__(self) -> None:
        self._work: SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None] = SimpleQueue()
        threading.Thread(target=self._run, name="chatproof client", daemon=True).start()

    def call(self, work: Callable[[], T], seconds: float) -> T:
        """The result of `work`.

        Raises:
            HungError: it was not there in time.
            BaseException: whatever the work raised.
        """
        done: Future[T] = Future()
        self._work.put((work, done))
        try:
            return done.result(seconds)
        except TimeoutError:
            if done.done():  # the work's own
                raise
            raise HungError from None

    def close(self) -> None:
        """Let the thread end after what it is at."""
        self._work.put(None)

    def _run(self) -> None:
        while (item := self._work.get()) is not None:
            work, done = item
            try:
                done.set_result(work())
            except BaseException as error:  # noqa: BLE001  the caller's to judge, a SystemExit too
                done.set_exception(error)
            del item, work, done  # a client is not kept alive by an idle thread
