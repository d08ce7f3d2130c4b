"""Answers out of a saved run: for equal requests in the order in which they came."""

import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterable

from chatproof.gate import Gate
from chatproof.probe import EndKind, Exchange, Exchanger, Medium, NoExchangeError, RunEnd, RunEndedError, Sent
from chatproof.saved_run.entry import Kept, name_of

__all__ = ["Answers"]

_KEYLESS = Gate()


class Answers:
    """The answers that one process got. `ended` is how its run ended, where it did before all was judged."""

    def __init__(self, kept: Iterable[Kept], ended: RunEnd | None = None) -> None:
        self._left: defaultdict[str, deque[Kept]] = defaultdict(deque)
        for one in kept:
            self._left[one.name].append(one)
        self._known = frozenset(self._left)
        self._end = ended if ended and ended.kind is EndKind.SECONDS else None
        self.ended: RunEnd | None = None
        self._lock = threading.Lock()

    def medium(self) -> Medium:
        """These in the place of the network."""
        return Medium(exchanger=self._instead, live=False)

    def _instead(self, make: Callable[[], Exchanger]) -> Exchanger:
        del make
        return self

    def exchange(self, sent: Sent, seconds: float) -> Exchange:
        """The next answer to an equal request.

        Raises:
            NoExchangeError: there is none.
            RunEndedError: there is none, as the run that was saved was at its end by then.
        """
        del seconds
        return self._kept(sent).exchange(sent)

    def together(
        self,
        sents: Iterable[Sent],
        seconds: float,
        before: Callable[[Sent], object],
        after: Callable[[Exchange, int], object],
    ) -> None:
        """The next answers to several requests, with the connections that they took then. Raises as `exchange` does."""
        del seconds
        for sent in sents:
            before(sent)
            kept = self._kept(sent)
            made = kept.exchange(sent)
            after(made, kept.connections)
            if not made.complete:
                break

    def _kept(self, sent: Sent) -> Kept:
        name = name_of(sent, _KEYLESS)
        with self._lock:
            if left := self._left.get(name):
                return left.popleft()
            if self._end:
                self.ended = self._end
                raise RunEndedError(self._end)
        what = f"{sent.method} {sent.url}"
        if name in self._known:
            raise NoExchangeError(f"the saved run has no further answer to this request: {what}")
        raise NoExchangeError(f"the saved run has no answer to this request, which was not made then: {what}")

    def stop(self) -> None:
        """Nothing is under way."""

    def close(self) -> None:
        """Nothing is open."""
