"""One time limit for an exchange over the network, from the connection to the last byte.

httpx's own limits are for one read each: an endpoint that dribbles header lines, sends 1xx heads without end or holds
a TLS handshake with a byte now and then passes none of them. Here the connection itself is shut when the time is up.
The search for a host's addresses knows no limit at all, and each of them is tried for as long as one: an exchange runs
in a thread of its own, which is left behind where it has no connection in time.
In-process transports have no connection: for them the probe looks at the clock between the pieces of a body.
"""

import socket
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, Self, TypeVar

__all__ = ["CONNECT_SECONDS", "Deadline"]

_Told = TypeVar("_Told")

CONNECT_SECONDS = 10.0
"""For a connection with its TLS handshake, where the limit of the exchange leaves so much."""

_SPARE = 0.2
"""Seconds after which a connection has been refused its time by whoever makes it, and said so."""


class Deadline:
    """A context manager around one exchange; its `trace` is httpx's request extension of that name.

    `passed` says that the connection was shut, and `sentence` in words what had not come by then. Several exchanges may
    have it together: `connections` are those that were made.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.connect_seconds = min(CONNECT_SECONDS, seconds)
        self.passed = False
        self.connections = 0
        self._end = time.monotonic() + seconds
        self._phase = "answer"
        self._timer: threading.Timer | None = None
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()
        self._settled = threading.Event()  # connected, or at an end

    def __enter__(self) -> Self:
        """The deadline, running."""
        return self

    def __exit__(self, *_: object) -> None:
        """Give the connection back: nothing is shut any more."""
        with self._lock:
            self._disarm()
            if self._socket is not None:
                self._socket.close()
                self._socket = None

    def run(self, work: Callable[[], _Told]) -> _Told | None:
        """Do the work in a thread, and give what it gives; None, and `passed`, where it has no connection in time."""
        future: Future[_Told] = Future()
        if not self.passed:
            self._settled.clear()

        def done() -> None:
            try:
                future.set_result(work())
            except BaseException as error:  # noqa: BLE001  whoever waits gets it
                future.set_exception(error)
            finally:
                self._settled.set()

        self._phase = "connect"
        threading.Thread(target=done, daemon=True).start()
        if self._settled.wait(self.connect_seconds + _SPARE) and not self._left_behind(future):
            return future.result()
        self.shut()
        return None

    def _left_behind(self, future: Future[Any]) -> bool:
        """Was the exchange ended while it had no connection?"""
        return self.passed and self._socket is None and not future.done()

    @property
    def sentence(self) -> str:
        """What did not come in time."""
        if self._phase == "connect":
            return f"no connection in {self.connect_seconds:g} s"
        if self._phase == "tls":
            return (
                "the connection was made, the TLS handshake did not end in"
                f" {self.connect_seconds:g} s: is it http://?"
            )
        return f"no whole answer in {self.seconds:g} s"

    def trace(self, name: str, info: Mapping[str, Any]) -> None:
        """Follow the exchange (httpx, "Request extensions: trace")."""
        event = name.partition(".")[2]  # the part before it says who connects: a proxy does it too
        if event == "connect_tcp.started":
            self._phase = "connect"
        elif event == "connect_tcp.complete":
            # a second handle of the same connection: TLS takes the first one over
            connection: socket.socket = info["return_value"].get_extra_info("socket")
            with self._lock:
                if self.passed:  # nobody waits for it
                    connection.shutdown(socket.SHUT_RDWR)
                    return
                if self._socket is not None:  # of the exchange before
                    self._socket.close()
                self._socket = connection.dup()
                self.connections += 1
            self._enter("answer")
            self._settled.set()
        elif event == "send_request_headers.started":
            if self._phase == "connect":  # over a connection that was there
                self._enter("answer")
            self._settled.set()
        elif event == "start_tls.started":
            self._enter("tls")
        elif event == "start_tls.complete":
            self._enter("answer")

    def _enter(self, phase: str) -> None:
        left = self._end - time.monotonic()
        with self._lock:
            if self.passed:
                return
            self._phase = phase
            self._disarm()
            self._timer = threading.Timer(max(0.0, min(left, self._limit(phase))), self.shut)
            self._timer.daemon = True
            self._timer.start()

    def _limit(self, phase: str) -> float:
        return self.connect_seconds if phase == "tls" else self.seconds

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def shut(self) -> None:
        """End the exchange now, whatever has come of it."""
        with self._lock:
            self.passed = True
            self._settled.set()
            if self._socket is not None:
                with suppress(OSError):  # the other side was faster
                    self._socket.shutdown(socket.SHUT_RDWR)
