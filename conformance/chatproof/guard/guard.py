"""What is judged, as what, and who is told: everything about the guard but the transport."""

from collections.abc import Coroutine, Iterable
from dataclasses import dataclass

from chatproof.gate.escaping import without_query
from chatproof.guard.body_judge import judge_for
from chatproof.guard.content_coding import CodingError, decoder_of
from chatproof.guard.keys import gate_of, keys_of
from chatproof.guard.observation import ANSWERS, Observation, Side
from chatproof.guard.on_violation import Reaction, raise_must
from chatproof.guard.routes import request_kind
from chatproof.guard.stream_observer import StreamObserver
from chatproof.probe.route import Route, route_of
from chatschema import Violation, check

__all__ = ["LIMIT", "Guard", "GuardedExchange"]

#: Bytes of a body, unpacked; far more than any answer in text has.
LIMIT = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """The settings of a transport.

    `routes` are looked through before those that `chatproof validate` knows. A body of more than `limit` bytes
    is not judged.
    """

    on_violation: Reaction = raise_must
    judged: frozenset[Side] = ANSWERS
    routes: tuple[Route, ...] = ()
    limit: int = LIMIT

    def exchange(self, method: str, url: str, headers: Iterable[tuple[str, str]]) -> "GuardedExchange | None":
        """A request that is about to be sent; None where its route is none of ours."""
        route = route_of(method, url, self.routes) or route_of(method, url)
        if route is None:
            return None
        return GuardedExchange(
            guard=self, route=route, method=method, url=without_query(url), keys=keys_of(headers)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardedExchange:
    """One request and its answer."""

    guard: Guard
    route: Route
    method: str
    url: str
    keys: tuple[str, ...]

    def asked(self, body: bytes | None) -> None:
        """Judge the request, before it is sent; None is a body that nobody has read yet."""
        kind = request_kind(self.route)
        if Side.REQUEST not in self.guard.judged or kind is None or self.method == "GET":
            return
        if body is None:
            self._tell(Side.REQUEST, None, kind, unjudged="it is sent as a stream")
        elif len(body) > self.guard.limit:
            self._tell(Side.REQUEST, None, kind, unjudged=f"it is larger than {self.guard.limit:,} bytes")
        else:
            self._tell(Side.REQUEST, None, kind, check(body, kind).violations)

    def answered(self, status: int, content_type: str, coding: str) -> StreamObserver | None:
        """The watch for an answer's body; None where it is handed on without one."""
        if Side.ANSWER not in self.guard.judged or status < 200 or 300 <= status < 400:
            return None
        judge = judge_for(self.route, status, content_type, self.guard.limit)

        def tell(kind: str, violations: tuple[Violation, ...], why: str) -> None:
            self._tell(Side.ANSWER, status, kind, violations, why)

        try:
            decoder = decoder_of(coding)
        except CodingError as error:
            tell(judge.kind, (), str(error))
            return None
        return StreamObserver(judge, decoder, self.guard.limit, tell)

    def _tell(
        self,
        side: Side,
        status: int | None,
        kind: str,
        violations: tuple[Violation, ...] = (),
        unjudged: str = "",
    ) -> None:
        if not violations and not unjudged:
            return
        gate = gate_of(self.keys)
        observation = Observation(
            side=side,
            kind=kind,
            method=gate.line(self.method),
            url=gate.line(self.url),
            status=status,
            violations=tuple(map(gate.violation, violations)),
            unjudged=gate.line(unjudged),
        )
        outcome: object = self.guard.on_violation(observation)
        if isinstance(outcome, Coroutine):  # which would be thrown away, and what it was to tell with it
            outcome.close()
            raise TypeError("on_violation is a coroutine function; it has to be a plain one")
