"""A gateway and its backend, asked alike: each request twice, so that chance is not taken for the gateway's doing."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from chatproof.cases.endpoint import Endpoint
from chatproof.findings.finding import InconclusiveError
from chatproof.probe import Exchange, Json, NoExchangeError, RunEndedError

__all__ = ["Behind", "Both", "behind", "is_good"]

Body = Mapping[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """The answers of a gateway and of its backend to one request."""

    gateway: tuple[Exchange, ...]
    backend: tuple[Exchange, ...]

    @property
    def judged(self) -> tuple[Exchange, Exchange]:
        """The gateway's first answer, and the backend's, for comparison."""
        return self.gateway[0], self.backend[0]


class Behind:
    """Asks a gateway and its backend. What was asked once is not asked again."""

    def __init__(self, gateway: Endpoint, backend: Endpoint) -> None:
        self.gateway = gateway
        self.backend = backend
        self._made: dict[str, Both] = {}
        self._lock = threading.RLock()

    def twice(self, body: Body) -> Both:
        """The answers to a chat request that each of them gets two times."""
        return self._asked(body, 2)

    def once(self, body: Body) -> Both:
        """The answers to a chat request; to one that is wrong they do not depend on chance."""
        return self._asked(body, 1)

    def backend_again(self, body: Body) -> Exchange:
        """Another answer of the backend, where the others are not enough to be sure."""
        return self._of_backend(body)

    def _asked(self, body: Body, times: int) -> Both:
        key = f"{times}{json.dumps(body, sort_keys=True)}"
        with self._lock:
            if key not in self._made:
                backend = tuple(self._of_backend(body) for _ in range(times))
                first = self.gateway.shared(dict(body))
                rest = (self.gateway.post(dict(body)) for _ in range(times - 1))
                self._made[key] = Both(gateway=(first, *rest), backend=backend)
            return self._made[key]

    def _of_backend(self, body: Body) -> Exchange:
        named = {"model": self.backend.profile.model} if "model" in body else {}
        try:
            return self.backend.post({**body, **named})
        except (RunEndedError, NoExchangeError) as told:
            raise NoExchangeError(f"the backend could not be asked: {told}") from None


def behind(endpoint: Endpoint) -> Behind:
    """The gateway under test, with its backend.

    Raises:
        InconclusiveError: none is named.
    """
    if not isinstance(endpoint.behind, Behind):
        raise InconclusiveError("no backend is named (--behind)")
    return endpoint.behind


def is_good(*exchanges: Exchange) -> bool:
    """Were all of them answered, whole and with 200?"""
    return all(exchange.complete and exchange.status == 200 for exchange in exchanges)
