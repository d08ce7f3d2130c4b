"""What LoRAX's own routes are asked and say: requests that any model can answer, and answers ready to be judged."""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from chatproof.cases.answer import Answer, dict_in, dicts_in
from chatproof.cases.endpoint import PLAIN, Endpoint
from chatproof.findings.finding import Finding, InconclusiveError, UnsupportedError, findings
from chatproof.probe import Exchange, Json
from chatschema import Judgement, check

__all__ = [
    "GENERATE",
    "ROOT",
    "STREAM",
    "Generated",
    "asked",
    "end_without_route",
    "generated",
    "judged",
    "plain",
]

GENERATE, STREAM, ROOT = "/generate", "/generate_stream", "/"

_LIMIT = 16
"""New tokens asked for: enough for a stream of several events."""


def asked(*, inputs: str = PLAIN, **parameters: Json) -> dict[str, Json]:
    """The body of a request for a short, reproducible text with its details."""
    return {"inputs": inputs, "parameters": {"max_new_tokens": _LIMIT, "details": True, **parameters}}


def plain(endpoint: Endpoint) -> "Generated":
    """The shared answer to a plain request."""
    return generated(endpoint.shared(asked(), GENERATE))


class Generated(Answer):
    """One text: the object that `/generate` answers, or the end of a stream with what came before it."""

    @property
    def text(self) -> str:
        """The text, or an empty one."""
        found = self.value.get("generated_text")
        return found if isinstance(found, str) else ""

    @property
    def details(self) -> Mapping[str, Json]:
        """The details, or empty ones."""
        return dict_in(self.value, "details")

    @property
    def counts(self) -> Mapping[str, Json]:
        """LoRAX has its counts in the details."""
        return self.details

    @property
    def tokens(self) -> list[dict[str, Json]]:
        """The tokens of the details that are objects."""
        return dicts_in(self.details, "tokens")

    def findings(self, rules: str, *, but: str = "(?!)") -> Iterator[Finding]:
        """Violations of the contract whose rules fit one pattern and not the other."""
        found = self._judgement.violations
        fitting = (v for v in found if re.fullmatch(rules, v.rule) and not re.fullmatch(but, v.rule))
        yield from findings(fitting, self.exchange)

    @cached_property
    def _judgement(self) -> Judgement:
        return check(dict(self.value), "lorax.generate")


def end_without_route(exchange: Exchange) -> None:
    """Ends a case where the server does not have the route."""
    if exchange.status in {404, 405}:
        raise UnsupportedError(f"no such route: {exchange.describe()}", exchange)


def generated(exchange: Exchange) -> Generated:
    """An answer with a text.

    Raises:
        UnsupportedError: there is no such route.
        InconclusiveError: there is no text; `lorax.generate.shape` reports that.
    """
    end_without_route(exchange)
    answer = Generated(exchange, exchange.object())
    if exchange.status != 200 or "generated_text" not in answer.value:
        raise InconclusiveError(f"no text to judge: {exchange.describe()}", exchange)
    return answer


def judged(exchange: Exchange, kind: str) -> Judgement:
    """A whole answer under status 200, judged as a kind.

    Raises:
        UnsupportedError: there is no such route.
        InconclusiveError: it was not answered.
    """
    end_without_route(exchange)
    if exchange.status != 200 or exchange.received is None:
        raise InconclusiveError(f"nothing to judge: {exchange.describe()}", exchange)
    return check(exchange.received.body, kind)
