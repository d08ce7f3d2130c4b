"""What LoRAX's own routes are asked and say: requests that any model can answer, and answers ready to be judged."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from chatproof.cases.endpoint import PLAIN, Endpoint
from chatproof.findings.finding import Finding, InconclusiveError, Level, UnsupportedError
from chatproof.probe import Exchange, Json
from chatschema import Judgement, Violation, check

__all__ = [
    "GENERATE",
    "ROOT",
    "STREAM",
    "Generated",
    "asked",
    "findings",
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


class Generated:
    """One text: the object that `/generate` answers, or the end of a stream with what came before it."""

    def __init__(self, exchange: Exchange, value: Mapping[str, Json]) -> None:
        self.exchange = exchange
        self.value = value

    @property
    def text(self) -> str:
        """The text, or an empty one."""
        found = self.value.get("generated_text")
        return found if isinstance(found, str) else ""

    @property
    def details(self) -> Mapping[str, Json]:
        """The details, or empty ones."""
        found = self.value.get("details")
        return found if isinstance(found, dict) else {}

    @property
    def tokens(self) -> list[dict[str, Json]]:
        """The tokens of the details that are objects."""
        found = self.details.get("tokens")
        return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []

    def count(self, name: str) -> int | None:
        """A count of the details, where it is an integer."""
        found = self.details.get(name)
        return found if isinstance(found, int) and not isinstance(found, bool) else None

    def findings(self, rules: str, *, but: str = "(?!)") -> Iterator[Finding]:
        """Violations of the contract whose rules fit one pattern and not the other."""
        for violation in self._judgement.violations:
            if re.fullmatch(rules, violation.rule) and not re.fullmatch(but, violation.rule):
                yield Finding.of(violation, self.exchange)

    def finding(self, *, expected: str, seen: str, path: str = "", level: Level | None = None) -> Finding:
        """A deviation in this answer."""
        return Finding(expected=expected, seen=seen, path=path, level=level, exchange=self.exchange)

    @cached_property
    def _judgement(self) -> Judgement:
        return check(dict(self.value), "lorax.generate")


def generated(exchange: Exchange) -> Generated:
    """An answer with a text.

    Raises:
        UnsupportedError: there is no such route.
        InconclusiveError: there is no text; `lorax.generate.shape` reports that.
    """
    if exchange.status in {404, 405}:
        raise UnsupportedError(f"no such route: {exchange.describe()}", exchange)
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
    if exchange.status in {404, 405}:
        raise UnsupportedError(f"no such route: {exchange.describe()}", exchange)
    if exchange.status != 200 or exchange.received is None:
        raise InconclusiveError(f"nothing to judge: {exchange.describe()}", exchange)
    return check(exchange.received.body, kind)


def findings(violations: tuple[Violation, ...], exchange: Exchange, *, level: Level) -> Iterator[Finding]:
    """Violations as findings of one level, where no client of LoRAX breaks on what the contract calls a must."""
    for violation in violations:
        yield replace(Finding.of(violation, exchange), level=level)
