"""What requests go through: the network as it is, or with somebody who keeps what comes, or a run that was kept."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from chatproof.probe.exchange import Exchange, Sent

__all__ = ["NETWORK", "Exchanger", "Medium"]


class Exchanger(Protocol):
    """Makes exchanges. Safe across threads."""

    def exchange(self, sent: Sent, seconds: float) -> Exchange:
        """Send a request, and give what comes of it within so many seconds."""
        ...

    def together(
        self,
        sents: Iterable[Sent],
        seconds: float,
        before: Callable[[Sent], object],
        after: Callable[[Exchange, int], object],
    ) -> None:
        """The same over a connection that is kept, until one is not answered whole.

        `before` is called with each request, `after` with what came of it and the connections that all took so far:
        what was asked until `before` raised is known all the same.
        """
        ...

    def stop(self) -> None:
        """End all exchanges that are under way."""
        ...

    def close(self) -> None:
        """Give the connections back."""
        ...


def _as_it_is(make: Callable[[], Exchanger]) -> Exchanger:
    return make()


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """`exchanger` gets what makes the client of the network, and gives what is asked in its place.

    Where it is not `live`, nobody has to be waited for.
    """

    exchanger: Callable[[Callable[[], Exchanger]], Exchanger] = _as_it_is
    live: bool = True


NETWORK = Medium()
