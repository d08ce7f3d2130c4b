"""Answers of routes beside chat. A group asks the plain request of its route first: that tells whether it is there."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from chatproof.cases.answer import Answer, Seen, Sentence, shown
from chatproof.cases.endpoint import Endpoint
from chatproof.cases.stream_answer import MOST_EVENTS, events_of
from chatproof.findings.finding import Finding, InconclusiveError, Level, UnsupportedError, findings
from chatproof.probe import Exchange, Json, NoEvidenceError
from chatschema import JsonObject, StreamJudge, Violation, check

__all__ = ["Streamed", "answered", "contract_findings", "lost_text", "not_in", "of_the_case", "readable"]


def answered(endpoint: Endpoint, path: str, body: Json) -> Exchange:
    """The shared answer to the plain request of a route; all cases of its group look at that one first.

    Raises:
        UnsupportedError: the route is not there, or not for this model or key.
    """
    try:
        exchange = endpoint.shared(body, path)
    except NoEvidenceError as told:
        reason = f"the key may not ask {path}: {told.exchange.describe()}"
        endpoint.probe.leave_out(path, reason, told.exchange)
        raise UnsupportedError(reason, told.exchange) from None
    page = exchange.received is not None and exchange.received.media_type == "text/html"
    if page or 400 <= exchange.status < 500 or exchange.status == 501:
        raise UnsupportedError(f"{path} is not there for this model: {exchange.describe()}", exchange)
    return exchange


def readable(endpoint: Endpoint, path: str, body: Json, *, told_by: str) -> Exchange:
    """The same answer, where it is one that other cases can build on.

    Raises:
        UnsupportedError: the route is not there.
        InconclusiveError: it answers with something else; the case `told_by`, about its shape, reports that.
    """
    exchange = answered(endpoint, path, body)
    if exchange.status != 200 or not exchange.object():
        raise InconclusiveError(
            f"nothing that could be judged (see {told_by}): {exchange.describe()}", exchange
        )
    return exchange


def sentence_of_should(violation: Violation) -> str:
    """What a should of the contract breaks; a must breaks what its case says."""
    if violation.level == "must":
        return ""
    if violation.rule.endswith(".spec-complete"):
        return "Code generated from the specification refuses it; SDKs read it."
    return "Clients that hold it to the specification stumble; SDKs read it."


def contract_findings(
    exchange: Exchange,
    kind: str,
    what: str,
    wanted: Callable[[Violation], bool] = lambda _: True,
    sentence: Sentence = sentence_of_should,
) -> Iterator[Finding]:
    """What breaks the contract in the plain JSON answer of a route, by the rules that are wanted.

    5xx is a should: a server that was started without this (llama-cpp-python) says so with 500.
    """
    if exchange.status >= 500:
        breaks = "What is not there, or broken, looks like a moment's fault: SDKs ask again."
        expected = f"{what}, or 4xx where there is none"
        yield Finding.instead(expected, exchange, level=Level.SHOULD, breaks=breaks)
        return
    try:
        value = exchange.json()
    except ValueError as error:
        seen = f"{exchange.describe()}: {error}" if exchange.complete else exchange.describe()
        breaks = f"Programs get nothing that they can read instead of {what}."
        yield Finding(expected=f"{what} in JSON", seen=seen, breaks=breaks, exchange=exchange)
        return
    if exchange.status != 200:
        yield Finding.instead(
            f"200 with {what}", exchange, breaks=f"Programs get no {what.split(' ', 1)[-1]}."
        )
        return
    yield from findings(filter(wanted, check(value, kind).violations), exchange, sentence)


def of_the_case(_: Violation) -> str:
    """What its case says is broken, whatever the level."""
    return ""


def not_in(earlier: Iterable[Violation]) -> Callable[[Violation], bool]:
    """What was not seen before: one cause is told by one case."""
    known = {_place(violation) for violation in earlier}
    return lambda violation: _place(violation) not in known


def _place(violation: Violation) -> tuple[str, str, str]:
    """What is wrong, wherever in a list or a stream."""
    return violation.rule, violation.message, violation.path.rpartition("]")[2]


class Streamed(Seen):
    """A stream of a route beside chat: what breaks its grammar, and what it adds up to."""

    def __init__(self, exchange: Exchange, judge_: StreamJudge) -> None:
        super().__init__(exchange)
        events, self.bad_bytes = events_of(exchange)
        self.events = events[:MOST_EVENTS]
        self.left_out = len(events) - len(self.events)
        self.judge = judge_
        if not self.left_out:
            for event in self.events:
                judge_.feed(event)
            judge_.close()
        self.value: JsonObject = judge_.assembled() or {}

    @property
    def answer(self) -> Answer:
        """What the events add up to, as an answer."""
        return Answer(self.exchange, self.value)

    def readable(self) -> "Streamed":
        """Itself, where there is anything to judge.

        Raises:
            InconclusiveError: it is no stream; the case about its grammar reports that.
        """
        if self.exchange.status != 200 or not self.value:
            raise InconclusiveError(f"no stream to judge: {self.exchange.describe()}", self.exchange)
        return self

    def findings(
        self,
        what: str,
        wanted: Callable[[Violation], bool] = lambda _: True,
        sentence: Sentence = sentence_of_should,
    ) -> Iterator[Finding]:
        """What is wrong with the stream: no stream at all, an end before its end, what breaks the grammar."""
        if self.exchange.status != 200 or not self.events:
            breaks = "Clients that stream get no reply."
            yield Finding.instead(f"200 with {what}", self.exchange, breaks=breaks)
        elif self.left_out:
            seen = f"{len(self.events) + self.left_out} events"
            breaks = "Clients work on a stream without an end that they can wait for."
            yield self.finding("about one event a token", seen, breaks=breaks)
        elif failure := self.exchange.failure:
            breaks = "The reply ends in the middle, and SDKs raise an error that says nothing of why."
            yield self.finding(
                "a stream to its end", f"{len(self.events)} events; then {failure.text}", breaks=breaks
            )
        else:
            for text in self.bad_bytes:
                breaks = "Letters of the reply come out broken."
                yield self.finding("an event stream in UTF-8", text, breaks=breaks)
            yield from findings(filter(wanted, self.judge.violations), self.exchange, sentence)


def lost_text(streamed: Streamed, joined: str, text: str, path: str, *, sure: bool) -> Iterator[Finding]:
    """Text that a stream loses, doubles or damages, beside the JSON answer to the same request.

    `sure` says that both replies are known to be the same: equal counts of tokens, for example.
    """
    if joined == text or not text:
        return
    damaged = "\ufffd" in joined and "\ufffd" not in text
    lost = sure and text.startswith(joined)
    doubled = sure and len(joined) > len(text) and text in joined
    if not (damaged or lost or doubled):
        return
    what = "is lost" if lost else "comes twice" if doubled else "comes out broken"
    found = streamed.finding(
        f"{shown(text)}, as in JSON", shown(joined), path, breaks=f"Text of the reply {what} in a stream."
    )
    yield replace(found, level=Level.MUST)
