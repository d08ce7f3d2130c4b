"""What the answers of a run break, gathered by cause while the run goes on; several processes' ledgers add up."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from chatproof.cases.answer import ChatAnswer
from chatproof.cases.contract.counts import prompt_count
from chatproof.cases.contract.exchange import broken_in
from chatproof.cases.registry import EVERY, cases_of
from chatproof.cases.stream_answer import ChatStreamAnswer
from chatproof.findings.finding import Finding, InconclusiveError
from chatproof.judging.everywhere.breach import Breach, Cause, Count, Place, cause
from chatproof.probe import Exchange
from chatproof.report.document import Evidence

__all__ = ["Ledger"]

_MOST_CAUSES = 200
"""Causes that are told apart: a hostile endpoint could have one for each answer."""

_MOST_COUNTS = 400

Tell = Callable[[str, Finding], Evidence]
"""A finding of a case as evidence."""


class Ledger:
    """What is wrong in all answers until now."""

    def __init__(self) -> None:
        self.breaches: dict[tuple[str, Cause], Breach] = {}
        self.counts: dict[tuple[str, str, int], Count] = {}
        self._cases = {id_: place for place, id_ in enumerate(cases_of(EVERY))}
        self._at_work = -1
        self._number = 0

    def at_work(self, case: str) -> None:
        """The answers that come now are asked for by this case."""
        self._at_work, self._number = self._cases.get(case, -1), 0

    def take(self, exchanges: Iterable[Exchange], tell: Tell, profile: str = "openai") -> None:
        """Judge answers of an endpoint of that profile."""
        for exchange in exchanges:
            place, self._number = (self._at_work, self._number), self._number + 1
            request = _name(exchange)
            for id_, finding in broken_in(exchange, profile):
                if id_ in self._cases:
                    self._add_finding(id_, finding, place, request, tell)
            if profile != "lorax":
                self._take_count(exchange, place, tell)

    def _add_finding(self, id_: str, finding: Finding, place: Place, request: str, tell: Tell) -> None:
        bare = Evidence(level="", expected=finding.expected, seen="", path=finding.path, rule=finding.rule)
        known = self.breaches.get((id_, cause(bare)))
        if known is None and len(self.breaches) >= _MOST_CAUSES:
            return
        evidence = known.evidence if known else tell(id_, finding)
        self._add(
            Breach(
                case=id_, breaks=finding.breaks, evidence=evidence, first=place, requests=frozenset({request})
            ),
            cause(bare),
        )

    def _add(self, breach: Breach, of: Cause) -> None:
        key = breach.case, of
        known = self.breaches.get(key)
        self.breaches[key] = known + breach if known else breach

    def _take_count(self, exchange: Exchange, place: Place, tell: Tell) -> None:
        if exchange.status != 200 or b'"usage"' not in _body(exchange):
            return
        answer = _answer(exchange)
        found = prompt_count(exchange, answer) if answer and answer.choices else None
        if found is None:
            return
        key = found.prompt, found.request, found.tokens
        if key in self.counts or len(self.counts) >= _MOST_COUNTS:
            return
        evidence = tell("", Finding(expected="", seen="", exchange=exchange))
        self.counts[key] = Count(
            prompt=found.prompt,
            request=found.request,
            tokens=found.tokens,
            again=evidence.again,
            response=evidence.response,
            first=place,
        )

    def to_json(self) -> dict[str, Any]:
        """The JSON form: what a worker tells of it."""
        return {
            "breaches": [[list(of), one.to_json()] for (_, of), one in self.breaches.items()],
            "counts": [one.to_json() for one in self.counts.values()],
        }

    def add_json(self, value: Mapping[str, Any]) -> None:
        """Add what another process found."""
        for of, one in value["breaches"]:
            self._add(Breach.from_json(one), (of[0], of[1], of[2]))
        for one in map(Count.from_json, value["counts"]):
            key = one.prompt, one.request, one.tokens
            known = self.counts.get(key)
            self.counts[key] = one if known is None or one.first < known.first else known


def _answer(exchange: Exchange) -> ChatAnswer | None:
    value = exchange.object()
    if value:
        return ChatAnswer(exchange, value)
    try:
        return ChatStreamAnswer(exchange).answer
    except InconclusiveError:
        return None


def _body(exchange: Exchange) -> bytes:
    return exchange.received.body if exchange.received else b""


def _name(exchange: Exchange) -> str:
    """The same for the same request."""
    sent = exchange.sent
    text = f"{sent.method} {sent.url}\n".encode() + sent.body
    return hashlib.blake2b(text, digest_size=8).hexdigest()
