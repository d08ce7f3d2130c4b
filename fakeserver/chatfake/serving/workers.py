"""Several processes behind one port. The fake keeps nothing, so it does not matter which of them answers.

What belongs to a key (queues, journals, the page) lives in one process: with several it is refused.
"""

import contextlib
import os
import signal
import socket
import threading
from collections.abc import Callable, Sequence
from types import FrameType

from chatfake.fake import Fake
from chatfake.serving.live import LiveServer, ServerError, bound
from chatfake.serving.tls import Tls


def serve_workers(
    fake: Fake, host: str, port: int, count: int, *, tls: Tls | None = None, ready: Callable[[str], None]
) -> None:
    """Serves from `count` processes until SIGTERM or SIGINT, then returns. From the main thread only.

    Raises `ServerError` when it cannot start, and when a worker ends by itself.
    """
    if not hasattr(os, "fork"):
        raise ServerError("several workers need a system that can fork; use one")
    listener = bound(host, port)
    asked = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        asked.set()

    with contextlib.ExitStack() as stack:
        stack.callback(listener.close)
        for number in (signal.SIGTERM, signal.SIGINT):
            stack.callback(signal.signal, number, signal.signal(number, end))
        reading, writing = os.pipe()
        children = [_fork(fake, host, listener, tls, (reading, writing)) for _ in range(count)]
        stack.callback(_end, children)
        os.close(writing)
        with os.fdopen(reading, "rb") as readiness:
            if len(readiness.read(count)) < count:
                raise ServerError("a worker did not start")
        name = LiveServer(fake, host, tls=tls, listener=listener).base_url
        ready(f"chatfake is ready at {name} ({count} workers)")
        while not asked.wait(0.2):
            for child in children:
                if os.waitpid(child, os.WNOHANG)[0]:
                    children.remove(child)
                    raise ServerError("a worker ended by itself")


def _fork(fake: Fake, host: str, listener: socket.socket, tls: Tls | None, pipe: tuple[int, int]) -> int:
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        os.close(pipe[0])
        ended = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _, __: ended.set())
        with LiveServer(fake, host, tls=tls, listener=listener):
            os.write(pipe[1], b"!")
            os.close(pipe[1])
            ended.wait()
        status = 0
    finally:
        os._exit(status)


def _end(children: Sequence[int]) -> None:
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGTERM)
    for child in children:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(child, 0)
