"""A real endpoint as a stage: plain answers are its own, and what is unusual is laid over them by the fake."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType

import httpx

from chatfake.core.http import Request
from chatproof.history.model.plan import ORDINARY, Answer
from chatproof.stage.fake_stage import FakeStage
from chatproof.stage.relayed import Relayed, Tally
from chatproof.stage.source import Source
from chatproof.stage.upstream import Upstream

__all__ = ["Relay"]

_CLOSING_SECONDS = 2.0


class Relay(FakeStage):
    """A `Stage` before an endpoint. Where a plan has a plain answer, that gives it, and its bytes pass as they come.

    It is asked with the client's own body, byte for byte, and with its own key, which no client sees.
    """

    def __init__(self, upstream: Upstream, models: Sequence[str] = ("tiny",)) -> None:
        super().__init__(models)
        self._upstream = upstream
        self._http: httpx.AsyncClient | None = None
        self._tally = Tally()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        http, loop = self._http, self._loop
        if http is not None and loop is not None:
            with suppress(RuntimeError, TimeoutError):  # the server has ended
                asyncio.run_coroutine_threadsafe(http.aclose(), loop).result(_CLOSING_SECONDS)
        super().__exit__(kind, error, trace)

    @property
    def note(self) -> str:
        """What the endpoint refused."""
        return str(self._tally)

    def trouble(self, token: str) -> str:
        """The endpoint is gone, or has an answer under way that it does not give."""
        waiting = any(isinstance(one.source, Relayed) and one.ending is None for one in self._open(token))
        late = f"{self._upstream.base_url} did not answer in time (--timeout)" if waiting else ""
        return self._tally.trouble or late

    def _passed_on(self, answer: Answer, route: str, path: str, request: Request) -> Source | None:
        if answer != ORDINARY:
            return None
        if self._http is None:
            self._http = self._upstream.client()
        return Relayed(
            upstream=self._upstream,
            http=self._http,
            tally=self._tally,
            route=route,
            request=self._upstream.request(self._http, path, request.body, request.headers),
            offers_tools=b'"tools"' in request.body,
        )
