"""The least time between two requests of a run."""

import threading
import time
from collections.abc import Callable

__all__ = ["Pace"]


class Pace:
    """Gives each request its turn, so many seconds after the one before at the earliest. Safe across threads."""

    def __init__(self, seconds: float = 0.0, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = max(0.0, seconds)
        self._clock = clock
        self._next = 0.0
        self._lock = threading.Lock()

    def turn(self) -> float:
        """Take the next turn; the seconds until then."""
        if not self._seconds:
            return 0.0
        with self._lock:
            now = self._clock()
            turn = max(now, self._next)
            self._next = turn + self._seconds
        return turn - now
