"""An answer as a client in the same process meets it: no socket, and time that is counted and not spent."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

import h11

from chatfake.core.http import (
    Answer,
    Cut,
    Ending,
    HalfClose,
    Headers,
    Pause,
    Repeat,
    Reset,
    Send,
    Step,
    VirtualClock,
)


class Loss(Enum):
    """Why an answer ended before its end."""

    CLOSED = "closed"
    RESET = "reset"
    TIMED_OUT = "timed out"


class ConnectionLost(Exception):  # noqa: N818  what happened, not whose error it is
    """The connection is gone; the transports raise their library's own error for it."""

    def __init__(self, loss: Loss, message: str) -> None:
        super().__init__(message)
        self.loss = loss


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Status and headers, as they arrive."""

    status: int
    headers: Headers


def play(answer: Answer, clock: VirtualClock, read_timeout: float | None) -> Iterator[Head | bytes]:
    """The head, then the body piece by piece; `ConnectionLost` where the connection is.

    `read_timeout` in seconds, None for a client that waits for ever: before a pause without end it gets its
    timeout all the same, for nothing else could end the test.
    """
    ending = Ending.LEFT
    try:
        yield from (_raw if answer.raw else _framed)(answer, clock, read_timeout)
        ending = Ending.COMPLETE
    except ConnectionLost as lost:
        ending = Ending.LEFT if lost.loss is Loss.TIMED_OUT else Ending.LOST
        raise
    finally:
        answer.on_end(ending)


def _framed(answer: Answer, clock: VirtualClock, read_timeout: float | None) -> Iterator[Head | bytes]:
    head = Head(status=answer.status, headers=answer.headers)
    begun = False
    for step in answer.steps:
        if not begun and isinstance(step, (Send, Repeat)):
            begun = True
            yield head
        while data := _perform(step, clock, read_timeout):
            yield data
            if not isinstance(step, Repeat):
                break
    if not begun:
        yield head


def _raw(answer: Answer, clock: VirtualClock, read_timeout: float | None) -> Iterator[Head | bytes]:
    connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=100_000)
    connection.send(h11.Request(method="POST", target="/", headers=[("host", "chatfake.invalid")]))
    connection.send(h11.EndOfMessage())
    try:
        for step in answer.steps:
            if isinstance(step, (Cut, HalfClose)):
                break
            if data := _perform(step, clock, read_timeout):  # no bytes would be the end of the connection
                connection.receive_data(data)
                yield from _arrived(connection)
        if connection.their_state is h11.SEND_BODY or connection.their_state is h11.SEND_RESPONSE:
            connection.receive_data(b"")
            yield from _arrived(connection)
    except h11.RemoteProtocolError as error:
        raise ConnectionLost(Loss.CLOSED, str(error)) from error


def _arrived(connection: h11.Connection) -> Iterator[Head | bytes]:
    """The head and the pieces of the body that the bytes so far hold."""
    while True:
        event = connection.next_event()
        if isinstance(event, h11.Response):
            headers = tuple(
                (name.decode("latin-1"), value.decode("latin-1")) for name, value in event.headers.raw_items()
            )
            yield Head(status=event.status_code, headers=headers)
        elif isinstance(event, h11.Data):
            yield bytes(event.data)
        elif isinstance(event, h11.ConnectionClosed):
            raise ConnectionLost(Loss.CLOSED, "Server disconnected without sending a response.")
        elif not isinstance(event, h11.InformationalResponse):
            return


def _perform(step: Step, clock: VirtualClock, read_timeout: float | None) -> bytes | None:
    """What a step sends; a pause passes, and a loss is raised."""
    match step:
        case Send(data=data) | Repeat(data=data):
            return data
        case Pause(seconds=seconds):
            limit = math.inf if read_timeout is None else read_timeout
            if seconds >= limit or math.isinf(seconds):
                clock.advance(0 if math.isinf(limit) else limit)
                raise ConnectionLost(Loss.TIMED_OUT, "The read operation timed out")
            clock.advance(seconds)
            return None
        case Reset():
            raise ConnectionLost(Loss.RESET, "[Errno 104] Connection reset by peer")
        case Cut() | HalfClose():
            raise ConnectionLost(Loss.CLOSED, "peer closed connection without sending complete message body")
