"""Waiting for a server that is still loading, before the run and its limits begin."""

from collections.abc import Callable
from dataclasses import dataclass

from chatproof.judging.obstacles import CannotJudgeError
from chatproof.probe import Exchange, FailureKind, Sent
from chatproof.probe.client import Client

__all__ = ["Patience"]

_STARTING = frozenset({502, 503, 504})

_NOT_LISTENING = ("connection refused", "closed without an answer", "connection reset by peer")
"""Behind a port that a container publishes, somebody takes the connection before the server listens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a server may load, how often it is asked, and who is told meanwhile. `sleep` waits so many seconds."""

    seconds: float
    every: float
    told: Callable[[str], None]
    sleep: Callable[[float], object]

    def wait(self, client: Client, url: str, path: str, seconds: float) -> None:
        """Ask the path until the server answers, each time for so many seconds at most.

        Raises:
            CannotJudgeError: it is still loading when the patience is at its end.
        """
        sent = Sent(method="GET", url=url + path, headers=(), body=b"")
        passed, asked = 0.0, False
        while _is_loading(exchange := client.exchange(sent, seconds)):
            asked = True
            passed += exchange.seconds
            why = f"HTTP {exchange.status}" if exchange.received else exchange.describe()
            if passed >= self.seconds:
                raise CannotJudgeError(
                    f"{url} was waited for {self.seconds:g} s (--wait), and is not ready: {exchange.describe()}."
                    " Nothing was judged."
                )
            self.told(f"waiting for {url}: {why}, {passed:.0f} of {self.seconds:g} s")
            pause = min(self.every, self.seconds - passed)
            self.sleep(pause)
            passed += pause
        if asked:
            self.told("")


def _is_loading(exchange: Exchange) -> bool:
    failure = exchange.failure
    if exchange.received is not None or failure is None:
        return exchange.status in _STARTING
    lost = failure.kind in {FailureKind.UNREACHABLE, FailureKind.BROKEN}
    return lost and any(words in failure.text.lower() for words in _NOT_LISTENING)
