"""The process of a driver: requests go in, and their answers come out, in any order."""

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from chatproof.drivers.driver import HungError, ProtocolError
from chatproof.drivers.jsonl.answers import (
    Answer,
    Cannot,
    Done,
    Failed,
    InvalidAnswerError,
    Piece,
    Replied,
    answer_of,
)
from chatproof.drivers.jsonl.reading import read_line
from chatproof.drivers.last_lines import MOST_KEPT
from chatproof.drivers.pipes import Child, ChildEndedError
from chatproof.gate import Gate

__all__ = ["Asked", "Line"]

_MOST_TEXT = 64 * 1024 * 1024
"""Letters of all pieces of a reply."""

_ASKS = frozenset({"say", "again"})

_REST_SECONDS = 1.0

_CANCEL_SECONDS = 1.0
"""Nobody waits for a request to be taken that ends another one."""


@dataclass(slots=True)
class Asked:
    """A request that was made, and what has come of it so far."""

    id: int
    op: str
    pieces: list[str] = field(default_factory=list[str])
    letters: int = 0
    cancelled: bool = False
    answer: Answer | None = None  #: the last one

    @property
    def is_ask(self) -> bool:
        """Whether a reply is waited for."""
        return self.op in _ASKS


class Line:
    """What was asked of one process. `cancel` alone may come from another thread."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self._made = 0
        self._open: dict[int, Asked] = {}
        self._lock = Lock()

    def ask(self, op: str, members: Mapping[str, Any], seconds: float) -> Asked:
        """Makes a request.

        Raises:
            ChildEndedError, HungError: nobody listens.
        """
        with self._lock:
            self._made += 1
            asked = self._open[self._made] = Asked(self._made, op)
        try:
            self.child.send({"id": asked.id, "op": op, **members}, seconds)
        except ChildEndedError:
            self._read_rest()
            raise
        return asked

    def _read_rest(self) -> None:
        """What a process has said before it ended may be why."""
        with suppress(ChildEndedError):
            for line in self.child.lines(time.monotonic() + _REST_SECONDS):
                self._read(line)

    def cancel(self) -> None:
        """Asks for the end of the asks that are under way."""
        with self._lock:
            under_way = [one for one in self._open.values() if one.is_ask]
            for one in under_way:
                one.cancelled = True
        for one in under_way:
            with suppress(ChildEndedError, HungError):
                self.ask("cancel", {"of": one.id}, _CANCEL_SECONDS)

    def wait(self, asked: tuple[Asked, ...], seconds: float) -> None:
        """Reads until these are answered.

        Raises:
            ChildEndedError: the process has ended before.
            HungError: they are not answered in time.
            ProtocolError: something came that is no answer to what was asked.
        """
        end = time.monotonic() + seconds
        while any(one.answer is None for one in asked):
            lines = self.child.lines(end)
            if not lines:
                raise HungError(seconds)
            for line in lines:
                self._read(line)

    def _read(self, line: bytes) -> None:
        try:
            for one in read_line(line):
                if isinstance(one, bytes):
                    self.child.printed.append(one[-MOST_KEPT:] + b"\n")
                else:
                    self._take(answer_of(one))
        except InvalidAnswerError as error:
            shown = Gate().line(line[:400].decode("utf-8", "replace"))
            raise ProtocolError(f"the driver's answer {error}. It was {shown:.200}") from None

    def _take(self, answer: Answer) -> None:
        with self._lock:
            asked = self._open.get(answer.id)
            if asked is None:
                raise InvalidAnswerError(self._unasked(answer))
            asked.answer = None if isinstance(answer, Piece) else answer
            if asked.answer is not None:
                del self._open[answer.id]
        match answer:
            case Piece() if asked.is_ask:
                asked.pieces.append(answer.piece)
                asked.letters += len(answer.piece)
                if asked.letters > _MOST_TEXT:
                    raise InvalidAnswerError(
                        f"brings the pieces of one reply over {_MOST_TEXT // 1024 // 1024} MiB"
                    )
            case Replied() | Piece() if not asked.is_ask:
                raise InvalidAnswerError(
                    f"is a reply to {asked.op}, which is answered with ok, error or cannot"
                )
            case Done() if asked.is_ask and not asked.pieces:
                raise InvalidAnswerError(
                    f"is ok to {asked.op}, without a piece of a reply before: an ask is answered with reply or error"
                )
            case Done() | Replied() | Failed() | Cannot() | Piece():
                pass

    def _unasked(self, answer: Answer) -> str:
        if answer.id <= self._made:
            return f"comes after request {answer.id} was answered: each is answered once"
        return f"has id {answer.id}, and the last request had {self._made}"
