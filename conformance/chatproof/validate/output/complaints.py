"""What could not be judged, and why: on the error stream, whatever the report is."""

from collections import Counter
from collections.abc import Callable

from chatproof.gate.escaping import line as plain
from chatproof.validate.files.body import Place, where
from chatproof.validate.judging.verdict import Counts, Outcome, Verdict

__all__ = ["Complaints"]


class Complaints:
    """Says each thing once for a file."""

    _MOST = 20

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._first: dict[tuple[str, str], Place] = {}
        self._times: Counter[tuple[str, str]] = Counter()
        self._left_out = 0

    def take(self, verdict: Verdict) -> None:
        """One more verdict."""
        if verdict.outcome is not Outcome.UNREADABLE:
            return
        key = verdict.place.file, verdict.why
        if key in self._first or len(self._first) < self._MOST:
            self._first.setdefault(key, verdict.place)
            self._times[key] += 1
        else:
            self._left_out += 1

    def end(self, counts: Counts) -> None:
        """Write them."""
        del counts
        for key, place in self._first.items():
            more = f" (and {self._times[key] - 1:,} more here)" if self._times[key] > 1 else ""
            self._write(f"chatproof: {plain(where(place))}: {plain(key[1])}{more}")
        if self._left_out:
            self._write(f"chatproof: and {self._left_out:,} more that cannot be judged")
