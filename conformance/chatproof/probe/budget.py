"""How much a run may ask of an endpoint, and what it has spent.

Endpoints cost money and may be in use: a run is bounded in requests, tokens and time before it starts.
"""

import threading
import time
from dataclasses import dataclass
from pathlib import Path

from chatproof.probe.run_end import EndKind

__all__ = ["Budget", "BudgetSpentError", "Spent"]


_MOST_TALLIED = 1_000_000
"""Tokens of one answer that other processes are told of: a byte each, and an endpoint may claim any number."""


class BudgetSpentError(Exception):
    """The run's limit is reached: what is left of it was not run."""

    def __init__(self, kind: EndKind, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What requests cost. Tokens are the endpoint's own counts; seconds are wall time."""

    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0

    def __add__(self, other: "Spent") -> "Spent":
        """Costs add up."""
        return Spent(
            requests=self.requests + other.requests,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            seconds=self.seconds + other.seconds,
        )

    def __sub__(self, other: "Spent") -> "Spent":
        """What came on top of an earlier reading."""
        return Spent(
            requests=self.requests - other.requests,
            prompt_tokens=self.prompt_tokens - other.prompt_tokens,
            completion_tokens=self.completion_tokens - other.completion_tokens,
            seconds=self.seconds - other.seconds,
        )

    @property
    def tokens(self) -> int:
        """Prompt and completion together."""
        return self.prompt_tokens + self.completion_tokens


class Budget:
    """Counts requests, tokens and seconds, and refuses what would pass the limits. Safe across threads.

    A limit that is None has its default, which is for the suite's own cases; `chosen` are the kinds of the others.

    With a `tally`, a folder, several processes count together: each request is a byte in one file of it and
    each token a byte in another. Appending is atomic, and the place that one's byte got is its number. Each of these
    `workers` asks for itself what cases share, so a default is for each of them.
    """

    MAX_REQUESTS = 175
    """150 for a whole run, and 25 for what is asked again: after a server's fault, and to make a failure short."""
    MAX_TOKENS = 30_000
    MAX_SECONDS = 1800.0

    def __init__(
        self,
        *,
        max_requests: int | None = None,
        max_tokens: int | None = None,
        max_seconds: float | None = None,
        tally: Path | None = None,
        workers: int = 1,
    ) -> None:
        self.max_requests = self.MAX_REQUESTS * workers if max_requests is None else max_requests
        self.max_tokens = self.MAX_TOKENS * workers if max_tokens is None else max_tokens
        self.max_seconds = self.MAX_SECONDS if max_seconds is None else max_seconds
        given = {EndKind.REQUESTS: max_requests, EndKind.TOKENS: max_tokens, EndKind.SECONDS: max_seconds}
        self.chosen = frozenset(kind for kind, limit in given.items() if limit is not None)
        self._tally = tally
        self._start = time.monotonic()
        self._spent = Spent()
        self._lock = threading.Lock()

    @property
    def spent(self) -> Spent:
        """What was spent until now, by this process."""
        return self._spent

    @property
    def seconds_left(self) -> float:
        """Until the run's time is up; negative after that."""
        return self._start + self.max_seconds - time.monotonic()

    def take(self) -> int:
        """Count one request before it is sent, and say which it is; the first one is 1.

        Raises:
            BudgetSpentError: it would be one too many, or the time is up.
        """
        with self._lock:
            self.check_time()
            if max(self._count("tokens", 0, 0), self._spent.tokens) >= self.max_tokens:
                raise self._spent_error(EndKind.TOKENS, _counted(self.max_tokens, "token"))
            if self._spent.requests >= self.max_requests:
                raise self._spent_error(EndKind.REQUESTS, _counted(self.max_requests, "request"))
            number = self._count("requests", 1, self._spent.requests + 1)
            if number > self.max_requests:
                raise self._spent_error(EndKind.REQUESTS, _counted(self.max_requests, "request"))
            self._spent += Spent(requests=1)
            return number

    def check_time(self) -> None:
        """Look at the clock.

        Raises:
            BudgetSpentError: the time is up.
        """
        if self.seconds_left <= 0:
            raise self._spent_error(EndKind.SECONDS, f"{self.max_seconds:g} s")

    @staticmethod
    def _spent_error(kind: EndKind, limit: str) -> BudgetSpentError:
        return BudgetSpentError(kind, f"the limit of {limit} is reached (--max-{kind})")

    def add(self, *, prompt_tokens: int = 0, completion_tokens: int = 0, seconds: float = 0.0) -> None:
        """Add what a request turned out to cost. An endpoint may claim anything: past the limit is past it."""
        with self._lock:
            self._spent += Spent(
                prompt_tokens=prompt_tokens, completion_tokens=completion_tokens, seconds=seconds
            )
            self._count("tokens", min(prompt_tokens + completion_tokens, self.max_tokens, _MOST_TALLIED), 0)

    def _count(self, name: str, more: int, own: int) -> int:
        """How many there are with so many more: of all processes, or `own` where there is but one."""
        if self._tally is None:
            return own
        with (self._tally / name).open("ab") as file:
            file.write(bytes(more))
            file.flush()
            return file.tell()


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
