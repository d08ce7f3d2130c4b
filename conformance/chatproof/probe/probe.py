"""How the suite asks an endpoint: again where it is busy, never past the run's limits, and not when it is gone.

Some answers are evidence of nothing but themselves: a refused connection, 401, 403 and 429 say nothing about the case
that met them. The probe finds out whether the endpoint still answers the plain request that worked at the start (the
*liveness* request), and ends the run where it does not.
"""

import json
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NoReturn

import httpx

from chatproof.probe.access import Access
from chatproof.probe.budget import Budget, BudgetSpentError
from chatproof.probe.client import Client, Limits
from chatproof.probe.exchange import Exchange, FailureKind, Json, Sent
from chatproof.probe.medium import NETWORK, Exchanger, Medium
from chatproof.probe.pace import Pace
from chatproof.probe.run_end import (
    EndKind,
    NoEvidenceError,
    NoExchangeError,
    NoRouteError,
    RunEnd,
    RunEndedError,
)
from chatproof.probe.usage import tokens_of

__all__ = ["Limits", "Probe"]

_BUSY = frozenset({429, 502, 503, 504})
"""An endpoint that has no time now, or a gateway without a server behind it: asked again, for neither is an
answer to what was asked."""

_WAITS = (1.0, 4.0)
"""Seconds before the second and the third try, where the endpoint names none."""

_LONGEST_WAIT = 20.0

_MOST_WAITING = 120.0
"""Seconds of waiting in a run as a whole: an endpoint that is busy now and then must not make it endless."""

_MOST_KEPT = 256
"""Exchanges that wait for being judged: no case makes so many."""

_LOST = frozenset({FailureKind.UNREACHABLE, FailureKind.TIMEOUT, FailureKind.BROKEN})
"""Failures that a dead endpoint shows too."""


class Probe:
    """Sends requests to one base URL. Safe across threads; close it when done.

    A `transport` takes the place of the network, in process.
    """

    def __init__(
        self,
        base_url: str,
        *,
        api_key: str | None,
        budget: Budget,
        limits: Limits | None = None,
        transport: httpx.BaseTransport | None = None,
        wait: Callable[[float], object] | None = None,
        access: Access | None = None,
        pace: Pace | None = None,
        medium: Medium = NETWORK,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.budget = budget
        self.limits = limits or Limits()
        self.ended: RunEnd | None = None
        self.key_header = access.key_header.lower() if access and access.key_header else "authorization"
        self.has_key = bool(api_key or (access and access.key_header))
        self._stopped = threading.Event()
        self._wait = wait or (self._stopped.wait if medium.live else _at_once)
        self._waited = 0.0
        self.pace = pace or Pace()

        def client() -> Exchanger:
            return Client(
                self.base_url, api_key=api_key, limits=self.limits, transport=transport, access=access
            )

        self._client = medium.exchanger(client)
        self._alive: Sent | None = None
        self._missing: dict[str, tuple[str, Exchange | None]] = {}
        self._made: deque[Exchange] = deque(maxlen=_MOST_KEPT)
        self._answered = (0, "")
        self._last = (0, "")
        self._throttled = 0
        self._lock = threading.Lock()
        self._in_turn = threading.RLock()

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def stop(self) -> None:
        """Let go of the endpoint at once: the user has ended the run."""
        self._stopped.set()
        self._client.stop()

    def remember_liveness(self, exchange: Exchange) -> None:
        """Take a request that worked for the one that tells whether the endpoint is still there.

        From here on what is evidence of nothing but itself ends a case or the run; before, it is an exchange.
        """
        self._alive = exchange.sent

    def leave_out(self, path: str, reason: str, exchange: Exchange | None = None) -> None:
        """Ask a path no more, for it is missing here, as that exchange shows: what needs it is unsupported."""
        self._missing[path] = (reason, exchange)

    def taken(self) -> list[Exchange]:
        """All exchanges since this was asked last."""
        found: list[Exchange] = []
        while self._made:
            found.append(self._made.popleft())
        return found

    def hand_in(self, exchanges: Iterable[Exchange]) -> None:
        """Have answers judged everywhere that came by `together`, where they are such as any other."""
        self._made.extend(exchanges)

    def get(self, path: str) -> Exchange:
        """GET a path below the base URL."""
        return self.send("GET", path)

    def post(self, path: str, value: Json) -> Exchange:
        """POST a JSON value to a path below the base URL."""
        # ASCII escapes: any string a hypothesis strategy or a user thinks of has a form on the wire
        return self.send("POST", path, json.dumps(value, separators=(",", ":")).encode())

    def send(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Exchange:
        """Send anything, and give back what came, whatever it is.

        An endpoint that is busy (429, 502, 503, 504) is asked up to three times, after the wait that it asks for.

        Raises:
            RunEndedError: a limit of the run is reached, or the endpoint is gone, or refuses the key or the rate.
            NoExchangeError: the connection was refused twice, and the endpoint lives.
            NoRouteError: the path is left out.
            NoEvidenceError: 401 or 403 twice, and the endpoint takes the key elsewhere.
        """
        return self.exchange(self.request(method, path, body, headers))

    def request(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Sent:
        """What `send` sends. Raises NoRouteError: the path is left out."""
        if missing := self._missing.get(path):
            raise NoRouteError(*missing)
        head = {"content-type": "application/json"} if body else {}
        head.update(headers or {})
        return Sent(method=method, url=self.base_url + path, headers=tuple(head.items()), body=body)

    def exchange(self, sent: Sent) -> Exchange:
        """Send a request; as `send`, where something in it is not as usual."""
        exchange = self._asked(sent)
        if self._alive is None:
            return exchange
        if exchange.status in {401, 403} and not sent.is_about_the_key:
            self._doubt(exchange)
            exchange = self._asked(sent)  # one that refuses now and then is judged all the same
            if exchange.status in {401, 403}:
                raise NoEvidenceError(
                    f"refused as if the key were wrong, which it is not: {exchange.describe()}", exchange
                )
        if _kind(exchange) is FailureKind.UNREACHABLE:
            self._doubt(exchange)
            exchange = self._asked(sent)
            if _kind(exchange) is FailureKind.UNREACHABLE:
                raise NoExchangeError(f"the request could not be made twice: {exchange.describe()}")
        # an endpoint that is dead, or a gateway whose server is, must fail no case
        if exchange.status >= 500 or _kind(exchange) in _LOST:
            self._doubt(exchange)
        return exchange

    def together(self, sents: Sequence[Sent]) -> tuple[list[Exchange], int]:
        """Exchanges one after the other over one connection, as clients have them, and the connections it took.

        It ends early where one is not answered whole. In process there are no connections: 0.

        Raises:
            RunEndedError: a limit of the run is reached.
        """
        seconds = min(self.limits.seconds * len(sents), max(0.001, self.budget.seconds_left))
        made: list[Exchange] = []
        connections = 0

        def after(exchange: Exchange, so_far: int) -> None:
            nonlocal connections
            made.append(exchange)
            connections = so_far
            self.budget.add(seconds=exchange.seconds, **tokens_of(exchange))

        self._client.together(sents, seconds, self._numbered, after)
        return made, connections

    def _asked(self, sent: Sent) -> Exchange:
        """An exchange, after some patience with an endpoint that is busy."""
        exchange = self._once(sent)
        if exchange.status not in _BUSY:
            return exchange
        with self._in_turn:  # many that were sent at once are asked again one by one
            for seconds in _WAITS:
                self._pause(_retry_after(exchange, seconds))
                exchange = self._once(sent)
                if exchange.status not in _BUSY:
                    return exchange
        if exchange.status == 429:
            number, _ = self._answered
            self._end(
                EndKind.THROTTLED,
                f"the endpoint limits the rate: HTTP 429 three times in a row after request {number};"
                f" {self._throttled} of {self._last[0]} requests were refused so",
            )
        return exchange

    def _pause(self, seconds: float) -> None:
        """Wait, but in a whole run no longer than is bearable, and not past its end."""
        with self._lock:
            seconds = max(0.0, min(seconds, _MOST_WAITING - self._waited, self.budget.seconds_left))
            self._waited += seconds
        self._wait(seconds)

    def _numbered(self, sent: Sent) -> tuple[int, str]:
        """The number of a request whose turn has come, and what it is."""
        self._refuse_after_the_end()
        if pause := min(self.pace.turn(), max(0.0, self.budget.seconds_left)):
            self._wait(pause)
        self._refuse_after_the_end()
        if self._stopped.is_set():
            raise NoExchangeError("interrupted")
        return self._taken(sent)

    def _once(self, sent: Sent) -> Exchange:
        number, what = self._numbered(sent)
        exchange = self._client.exchange(sent, min(self.limits.seconds, max(0.001, self.budget.seconds_left)))
        with self._lock:
            self._made.append(exchange)
            self._last = max(self._last, (number, what))
            self._throttled += exchange.status == 429
            well = exchange.complete and exchange.status < 500 and exchange.status not in {401, 403, 429}
            if well:
                self._answered = max(self._answered, (number, what))
        self.budget.add(seconds=exchange.seconds, **tokens_of(exchange))
        if _kind(exchange) is FailureKind.TIMEOUT:
            self._within_time()  # the run's own end came first
        return exchange

    def _refuse_after_the_end(self) -> None:
        if self.ended:
            raise RunEndedError(self.ended)

    def _taken(self, sent: Sent) -> tuple[int, str]:
        """The number of a request, and what it is."""
        try:
            return self.budget.take(), f"{sent.method} {sent.url.removeprefix(self.base_url)}"
        except BudgetSpentError as spent:
            self._end(spent.kind, str(spent), after=self._last)

    def _within_time(self) -> None:
        try:
            self.budget.check_time()
        except BudgetSpentError as spent:
            self._end(spent.kind, str(spent), after=self._last)

    def _doubt(self, exchange: Exchange) -> None:
        """Ask the plain request that worked at the start; end the run unless it is answered."""
        if self._alive is None:
            return
        alive = self._asked(self._alive)
        if alive.status >= 500:  # once may be chance
            alive = self._asked(self._alive)
        number, what = self._answered
        if exchange.status in {401, 403} and alive.status in {401, 403}:
            who = "the key was refused" if self.has_key else "a key is wanted"
            self._end(EndKind.KEY, f"{who} from request {number + 1} on (HTTP {alive.status})")
        if _kind(alive) in _LOST or alive.status in _BUSY or alive.status >= 500:
            seen, again = _seen(exchange), _seen(alive)
            then = alive.describe() if seen == again else f"{seen}, then {alive.describe()}"
            self._end(
                EndKind.GONE,
                f"the endpoint {_end_of(alive)} after request {number}, which was {what}: {then},"
                f" for the plain request that had worked at the start too{_option_for(alive)}",
            )

    def _end(self, kind: EndKind, reason: str, after: tuple[int, str] | None = None) -> NoReturn:
        """End the run, once: whoever asks later gets the same end."""
        with self._lock:
            number, what = after or self._answered
            self.ended = self.ended or RunEnd(
                kind=kind,
                reason=reason,
                after_request=number,
                request=what,
                chosen=kind in self.budget.chosen,
            )
        raise RunEndedError(self.ended)


def _at_once(_: float) -> None:
    """Waits for nobody."""


def _end_of(alive: Exchange) -> str:
    """What became of an endpoint that answers its plain request so: it may be there, and slow or broken."""
    if _kind(alive) is FailureKind.TIMEOUT:
        return "stopped answering in time"
    return "went away" if alive.received is None else "broke down"


def _seen(exchange: Exchange) -> str:
    return exchange.failure.text if exchange.failure else f"HTTP {exchange.status}"


def _option_for(alive: Exchange) -> str:
    return " (--timeout)" if _kind(alive) is FailureKind.TIMEOUT else ""


def _kind(exchange: Exchange) -> FailureKind | None:
    return exchange.failure.kind if exchange.failure else None


def _retry_after(exchange: Exchange, otherwise: float) -> float:
    """The seconds of Retry-After, within reason. A date is not worth its parsing here."""
    asked = exchange.received.header("retry-after") if exchange.received else ""
    return min(float(asked), _LONGEST_WAIT) if asked.isascii() and asked.isdigit() else otherwise
