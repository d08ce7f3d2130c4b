"""How much a run may ask of an endpoint, and what it has spent.

Endpoints cost money and may be in use: a run is bounded in requests and tokens before it starts.
"""

import threading
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Budget", "BudgetSpentError", "Spent"]


class BudgetSpentError(Exception):
    """The run's limit is reached: what is left of it was not run."""


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
    """Counts requests and tokens, and refuses what would pass the limits. Safe across threads.

    With a `tally`, a folder, several processes count together: each request is a byte in one file of it and
    each token a byte in another. Appending is atomic, and the place that one's byte got is its number.
    """

    def __init__(self, *, max_requests: int, max_tokens: int, tally: Path | None = None) -> None:
        self.max_requests = max_requests
        self.max_tokens = max_tokens
        self._tally = tally
        self._spent = Spent()
        self._lock = threading.Lock()

    @property
    def spent(self) -> Spent:
        """What was spent until now, by this process."""
        return self._spent

    def take(self) -> None:
        """Count one request before it is sent.

        Raises:
            BudgetSpentError: it would be one too many.
        """
        with self._lock:
            if self._count("tokens", 0, self._spent.tokens) >= self.max_tokens:
                raise BudgetSpentError(f"the limit of {self.max_tokens} tokens is reached (--max-tokens)")
            if self._spent.requests >= self.max_requests or (
                self._count("requests", 1, self._spent.requests + 1) > self.max_requests
            ):
                raise BudgetSpentError(
                    f"the limit of {self.max_requests} requests is reached (--max-requests)"
                )
            self._spent += Spent(requests=1)

    def add(self, *, prompt_tokens: int = 0, completion_tokens: int = 0, seconds: float = 0.0) -> None:
        """Add what a request turned out to cost. An endpoint may claim anything: past the limit is past it."""
        with self._lock:
            self._spent += Spent(
                prompt_tokens=prompt_tokens, completion_tokens=completion_tokens, seconds=seconds
            )
            self._count("tokens", min(prompt_tokens + completion_tokens, self.max_tokens), 0)

    def _count(self, name: str, more: int, own: int) -> int:
        """How many there are with so many more: of all processes, or `own` where there is but one."""
        if self._tally is None:
            return own
        with (self._tally / name).open("ab") as file:
            file.write(bytes(more))
            file.flush()
            return file.tell()
