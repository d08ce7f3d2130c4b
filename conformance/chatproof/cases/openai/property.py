"""Cases that ask for anything: random valid requests, random near misses of them, random streams.

Whatever it is, an endpoint answers it in the right form or refuses it with 4xx; many do neither with what nobody
thought of. What the plain answers break too is told by their own cases, and not again here.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from chatproof.cases.answer import body_findings, completion
from chatproof.cases.endpoint import PLAIN, Endpoint
from chatproof.cases.registry import case
from chatproof.cases.stream_answer import ChatStreamAnswer, stream
from chatproof.findings.finding import Finding, InconclusiveError, Level
from chatproof.probe import Exchange, Json
from chatschema import Violation
from chatschema.judging import judge_completion, judge_error

if TYPE_CHECKING:
    from chatproof.cases.drawing import Hunt
    from chatproof.strategies import Miss

__all__: list[str] = []

_VALID, _INVALID, _STREAMS = 3, 4, 2
"""Requests of each case: so many that the default limits of a run pay for them."""

_CUT = "chat.tools.arguments"
"""A call that its limit cuts, as all of these are."""

_RANDOM = "property-based: hypothesis draws requests that the contract describes"


@case(
    "property.valid-requests",
    Level.MUST,
    breaks="Programs that ask for what nobody tried get an answer that they cannot read, or what looks like a fault"
    " of the server.",
    reference=f"{_RANDOM}; openai-openapi CreateChatCompletionRequest",
)
def valid(endpoint: Endpoint) -> Iterator[Finding]:
    """Any valid request gets a valid answer, or 4xx with an error object; never 5xx, a hang, or another shape."""
    from chatproof.cases.drawing import Hunt, valid_requests  # noqa: PLC0415  hypothesis is slow to import

    flaws = _judge_of_answers(endpoint)
    hunt = Hunt(lambda body: _sent(endpoint, body), flaws)
    yield from _told(
        hunt,
        hunt.run(valid_requests(endpoint.profile), lambda body: body, examples=_VALID, seed=endpoint.seed),
        endpoint.seed,
    )
    _refuse_refusals(hunt)


@case(
    "property.invalid-requests",
    Level.MUST,
    breaks="A mistake of the caller's looks like a fault of the server, or gets what nobody can read.",
    reference=f"{_RANDOM}, and one thing is wrong with each; 5 of 11 real servers answered one with 5xx",
)
def invalid(endpoint: Endpoint) -> Iterator[Finding]:
    """Any request one step away from a valid one is answered in the right form, or gets 4xx with an error object."""
    from chatproof.cases.drawing import Hunt, invalid_requests  # noqa: PLC0415  hypothesis is slow to import

    both = (_judge_of_answers(endpoint), _judge_of_streams(endpoint))

    def flaws(exchange: Exchange) -> list[Finding]:
        streamed = exchange.received and exchange.received.media_type == "text/event-stream"
        return both[bool(streamed)](exchange)

    hunt = Hunt(lambda body: _sent(endpoint, body), flaws)
    strategy = invalid_requests(endpoint.profile, endpoint.seed)
    yield from _told(hunt, hunt.run(strategy, _data, examples=_INVALID, seed=endpoint.seed), endpoint.seed)


@case(
    "property.streams",
    Level.MUST,
    breaks="Programs that stream break on replies that nobody tried: chunks are lost, doubled, or of another shape.",
    reference=f"{_RANDOM}; each stream keeps the grammar and adds up to a completion",
)
def streams(endpoint: Endpoint) -> Iterator[Finding]:
    """Any stream of a valid request keeps the grammar and adds up to a valid completion, or the request gets 4xx."""
    from chatproof.cases.drawing import Hunt, valid_requests  # noqa: PLC0415  hypothesis is slow to import

    stream(endpoint.plain_stream())
    hunt = Hunt(lambda body: _sent(endpoint, body), _judge_of_streams(endpoint))

    counted: dict[str, Json] = {}
    if endpoint.usage_stream().status == 200:  # what is counted can be held within limits
        counted["stream_options"] = {"include_usage": True}

    def streamed(body: dict[str, Json]) -> Json:
        return body | {"stream": True} | counted

    found = hunt.run(valid_requests(endpoint.profile), streamed, examples=_STREAMS, seed=endpoint.seed + 1)
    yield from _told(hunt, found, endpoint.seed)
    _refuse_refusals(hunt)


def _data(miss: "Miss") -> Json | bytes:
    return miss.data


def _sent(endpoint: Endpoint, body: Json | bytes) -> Exchange:
    if isinstance(body, bytes):
        headers = {"content-type": "application/json"}
        return endpoint.probe.send("POST", endpoint.profile.chat_path, body, headers)
    return endpoint.post(body)


def _told(hunt: "Hunt", found: Iterator[Finding], seed: int) -> Iterator[Finding]:
    for finding in found:
        yield replace(finding, seen=f"{finding.seen} (the shortest of {hunt.tried} requests, seed {seed})")


def _refuse_refusals(hunt: "Hunt") -> None:
    """Say where nothing was seen. Raises InconclusiveError: not one request was answered."""
    if hunt.tried and not hunt.answered:
        raise InconclusiveError(f"each of the {hunt.tried} requests was refused: no answer was seen")


_OR_REFUSED = "or 4xx with an error object"

_Judge = Callable[[Exchange], list[Finding]]


def _judge_of_answers(endpoint: Endpoint) -> _Judge:
    """What is wrong with a JSON answer, but for what is wrong with the plain one."""
    plain = completion(endpoint.plain())
    known = {violation.rule for violation in judge_completion(dict(plain.value)).violations} | {_CUT}
    refusals = _judge_of_refusals(endpoint)

    def flaws(exchange: Exchange) -> list[Finding]:
        if exchange.status != 200 or not exchange.complete:
            return refusals(exchange)
        found = body_findings(exchange, f"a chat completion, {_OR_REFUSED}", judge_completion)
        return [one for one in found if one.level in (Level.MUST, None) and one.rule not in known]

    return flaws


def _judge_of_streams(endpoint: Endpoint) -> _Judge:
    """What is wrong with a stream, but for what is wrong with the plain one."""
    plain = ChatStreamAnswer(endpoint.plain_stream())
    known = {violation.rule for violation in plain.grammar.violations} | {_CUT}
    known |= {violation.rule for violation in judge_completion(dict(plain.answer.value)).violations}
    refusals = _judge_of_refusals(endpoint)

    def is_new(violation: Violation) -> bool:
        return violation.level == "must" and violation.rule not in known

    def flaws(exchange: Exchange) -> list[Finding]:
        if exchange.status != 200 or not exchange.complete:
            return refusals(exchange)
        streamed = ChatStreamAnswer(exchange)
        if not streamed.answer.choices and not streamed.grammar.violations:
            return [Finding.instead(f"a stream of chunks, {_OR_REFUSED}", exchange)]
        found = [*filter(is_new, streamed.grammar.violations)]
        if not found and streamed.answer.choices:
            found = [*filter(is_new, judge_completion(dict(streamed.answer.value)).violations)]
        return [Finding.of(violation, exchange) for violation in found]

    return flaws


def _judge_of_refusals(endpoint: Endpoint) -> _Judge:
    """What is wrong with an answer that is no good one; that errors have no right shape is another case's."""
    error = endpoint.shared(endpoint.body() | {"messages": PLAIN})
    shapeless = error.status >= 400 and not _is_error(error)

    def flaws(exchange: Exchange) -> list[Finding]:
        expected = f"a valid answer, {_OR_REFUSED}"
        if not exchange.complete:
            breaks = "Programs wait for an answer that never comes whole, and SDKs ask again."
            return [Finding.instead(expected, exchange, breaks=breaks)]
        if not 400 <= exchange.status < 500:
            breaks = (
                "What is asked for looks like a fault of the server: SDKs ask again, and nobody learns why."
            )
            return [Finding.instead(expected, exchange, breaks=breaks)]
        if not shapeless and not _is_error(exchange):
            breaks = "SDKs raise an error, and have no message to show."
            return [Finding.instead(expected, exchange, breaks=breaks)]
        return []

    return flaws


def _is_error(exchange: Exchange) -> bool:
    try:
        return judge_error(exchange.json()).valid
    except ValueError:
        return False
