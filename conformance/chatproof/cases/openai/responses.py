"""Cases about Open Responses, asked as a client without a server's memory does: `store: false`, all input resent."""

from collections.abc import Iterator

from chatproof.cases.answer import Answer, shown
from chatproof.cases.endpoint import Endpoint
from chatproof.cases.registry import case
from chatproof.cases.response_answer import (
    PLAIN_INPUT,
    RESPONSES,
    ResponseAnswer,
    exactly,
    resent,
    response,
    response_body,
    response_stream,
    said,
)
from chatproof.cases.route_answer import answered, contract_findings, lost_text, not_in, of_the_case
from chatproof.findings.finding import Finding, InconclusiveError, Level
from chatproof.probe import Exchange, Json
from chatschema import check

__all__ = ["news"]

_NUMBERS = "responses.sequence-numbers"
_WHAT = "a response"


def _next(input_: list[Json], answer: ResponseAnswer) -> list[Json]:
    """The input after that answer, with another question."""
    return [*input_, *resent(answer), said("And once more, please.")]


def _round(endpoint: Endpoint, input_: list[Json]) -> ResponseAnswer:
    """The shared answer to that input."""
    return ResponseAnswer(endpoint.shared(response_body(endpoint, input_), RESPONSES))


@case(
    "responses.json.shape",
    Level.MUST,
    breaks="SDKs and agents that read the response by its documented members fail, or read something else.",
    reference="openai-openapi Response, which 1,494 recorded answers of OpenAI do not keep to as written: held to what"
    " they have in common",
)
def json_shape(endpoint: Endpoint) -> Iterator[Finding]:
    """POST /responses gives a `response` with items, a status that fits, and counts that add up."""
    exchange = answered(endpoint, RESPONSES, response_body(endpoint))
    if exchange.received and exchange.received.media_type == "text/event-stream":
        breaks = "SDKs, which did not ask for a stream, find no response in the answer."
        yield Finding.instead("JSON, as no stream was asked for", exchange, breaks=breaks)
        return
    yield from contract_findings(exchange, "response", _WHAT)


@case(
    "responses.sse.events",
    Level.MUST,
    breaks="Clients that follow a stream by its events show nothing, or a part of the reply.",
    reference="openai-openapi ResponseStreamEvent; 330 recorded streams of OpenAI and Azure",
)
def sse_events(endpoint: Endpoint) -> Iterator[Finding]:
    """A stream opens, fills and closes a response by its events, and adds up to what it says at its end."""
    plain = _comparable(endpoint)
    streamed = response_stream(endpoint)
    yield from streamed.findings("a stream of events", lambda one: not _of_numbers(one.path, one.rule))
    if plain is None or not streamed.value:
        return
    whole = ResponseAnswer(streamed.exchange, streamed.value)
    used, there = whole.count("output_tokens"), plain.count("output_tokens")
    again = whole.value.get("status") == plain.value.get("status") and used is not None and used == there
    yield from lost_text(streamed, whole.text, plain.text, "$[*].delta", sure=again)


@case(
    _NUMBERS,
    Level.SHOULD,
    breaks="A client cannot tell that an event was lost, nor ask again from there.",
    reference="openai-openapi: sequence_number is required of all 58 events; 313 of 319 streams of OpenAI count by one",
)
def sequence_numbers(endpoint: Endpoint) -> Iterator[Finding]:
    """The events of a stream count from 0 by one."""
    response(endpoint)
    streamed = response_stream(endpoint).readable()
    yield from streamed.findings(
        "a stream of events", lambda one: _of_numbers(one.path, one.rule), of_the_case
    )


def _of_numbers(path: str, rule: str) -> bool:
    return rule == _NUMBERS or path.endswith(".sequence_number")


def _comparable(endpoint: Endpoint) -> ResponseAnswer | None:
    """The plain JSON answer, where there is one: a server that always streams is judged by its stream."""
    exchange = answered(endpoint, RESPONSES, response_body(endpoint))
    answer = ResponseAnswer(exchange)
    return answer if exchange.status == 200 and answer.text else None


@case(
    "responses.multi-turn",
    Level.MUST,
    breaks="A conversation ends after its first answer: what came cannot be sent back.",
    reference="OpenAI's guide to conversation state: the output's items are appended to the input and sent again",
)
def multi_turn(endpoint: Endpoint) -> Iterator[Finding]:
    """The items of an answer are accepted back as input, with the next message."""
    plain = response(endpoint)
    exchange = _round(endpoint, _next([said(PLAIN_INPUT)], plain)).exchange
    if exchange.status == 200:
        yield from news(endpoint, exchange)
        return
    expected = "200: the items are those that came"
    yield Answer(exchange).finding(expected, exchange.describe(), compared=plain.exchange)


def news(endpoint: Endpoint, exchange: Exchange) -> Iterator[Finding]:
    """What is wrong with the shape of a response, and not with that of the plain one."""
    plain = check(dict(response(endpoint).value), "response").violations
    wanted = not_in(plain)
    yield from contract_findings(
        exchange, "response", _WHAT, lambda one: one.rule.startswith("shape.") and wanted(one)
    )


@case(
    "responses.history-grows",
    Level.MUST,
    breaks="A part of the conversation does not reach the model.",
    reference="the whole input is resent: more of it is more tokens",
)
def history_grows(endpoint: Endpoint) -> Iterator[Finding]:
    """Each round that is added to the input raises input_tokens."""
    before = response(endpoint)
    asked: list[Json] = [said(PLAIN_INPUT)]
    for _ in range(2):
        asked = _next(asked, before)
        after = _round(endpoint, asked)
        if after.exchange.status != 200:
            where = "refused (see responses.multi-turn)"
            raise InconclusiveError(f"{where}: {after.exchange.describe()}", after.exchange)
        if exactly(after) <= exactly(before):
            expected = f"more than {exactly(before)}, for a round more"
            path = "$.usage.input_tokens"
            yield after.finding(expected, shown(exactly(after)), path, compared=before.exchange)
        before = after


@case(
    "responses.store-false-is-not-stored",
    Level.MUST,
    breaks="What a program asked not to be kept is kept, and can be read again.",
    reference="openai-openapi CreateResponse, store: whether to store the response for later retrieval; OpenAI: 404",
)
def not_stored(endpoint: Endpoint) -> Iterator[Finding]:
    """A response that was asked for with `store: false` cannot be fetched by its id."""
    plain = response(endpoint)
    id_ = plain.value.get("id")
    if not isinstance(id_, str) or not id_.isascii() or not id_.replace("_", "").replace("-", "").isalnum():
        raise InconclusiveError(f"no id to fetch it by: {shown(id_)}", plain.exchange)
    exchange = endpoint.probe.get(f"{RESPONSES}/{id_}")
    if exchange.status == 200 and exchange.object().get("id") == id_:
        yield Answer(exchange).finding("404: it is not kept", exchange.describe(), compared=plain.exchange)
    elif exchange.status >= 500 and exchange.status != 501:
        breaks = "That there is nothing looks like a fault of the server: SDKs ask again."
        yield Finding.instead("404", exchange, level=Level.SHOULD, breaks=breaks)
