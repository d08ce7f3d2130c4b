"""How far a run is, on a terminal's error stream, for those who wait."""

import time
from collections.abc import Callable
from typing import TextIO

from chatproof.report.console import flash

__all__ = ["Progress"]

#: Seconds: before the first nobody waits, and nobody reads faster than the second.
_PATIENCE = 2.0
_EVERY = 0.1

_WIDTH = 24


class Progress:
    """Counts bytes, and shows them; nothing where the stream is no terminal."""

    def __init__(self, total: int, terminal: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._total, self._terminal, self._clock = total, terminal, clock
        self._started = clock()
        self._next = self._started + _PATIENCE
        self._read = 0
        self._bodies = 0

    def advance(self, count: int) -> None:
        """So many more bytes were read."""
        self._read += count

    def judged(self) -> None:
        """One more body was judged."""
        self._bodies += 1
        now = self._clock()
        if now >= self._next:
            self._next = now + _EVERY
            flash(self._line(now - self._started), self._terminal)

    def end(self) -> None:
        """Clear the line."""
        flash("", self._terminal)

    def _line(self, seconds: float) -> str:
        bodies = "1 body" if self._bodies == 1 else f"{self._bodies:,} bodies"
        done = f"{bodies}, {_size(self._read)}"
        if not self._total:  # standard input: nobody knows how much there is
            return done
        share = min(1.0, self._read / self._total)
        left = seconds / share - seconds if share else 0.0
        bar = "#" * round(share * _WIDTH)
        return f"[{bar:.<{_WIDTH}}] {share:4.0%}  {done} of {_size(self._total)}, {_time(left)} left"


def _size(count: float) -> str:
    for unit in ("bytes", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
