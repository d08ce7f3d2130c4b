"""Cases about HTTP itself: content types, encodings, requests that are no requests, many at once."""

from codecs import getincrementaldecoder
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from chatproof.cases.answer import completion, shown
from chatproof.cases.endpoint import Endpoint
from chatproof.cases.openai.history.asked import at_once, strangers_at_once, with_one_id
from chatproof.cases.refusal import refusal
from chatproof.cases.registry import case
from chatproof.cases.stream_answer import stream
from chatproof.cases.twins import ODD
from chatproof.findings.finding import Finding, Level
from chatproof.probe import Exchange
from chatschema import Violation, check

__all__: list[str] = []


@case(
    "http.json-content-type",
    Level.MUST,
    breaks="SDKs hand back the body as a plain string instead of a completion, and the program fails on the"
    " first member it reads.",
    reference="openai-python parses a body only under application/json (_response.py)",
)
def json_content_type(endpoint: Endpoint) -> Iterator[Finding]:
    """A JSON answer says application/json."""
    exchange = endpoint.plain()
    completion(exchange)
    yield from _content_type(exchange, "application/json")


@case(
    "http.sse-content-type",
    Level.MUST,
    breaks="Clients and proxies that go by the content type buffer the stream or refuse it.",
    reference="WHATWG HTML, server-sent events: the MIME type is text/event-stream",
)
def sse_content_type(endpoint: Endpoint) -> Iterator[Finding]:
    """A stream says text/event-stream."""
    exchange = endpoint.plain_stream()
    stream(exchange)
    yield from _content_type(exchange, "text/event-stream")


def _content_type(exchange: Exchange, expected: str) -> Iterator[Finding]:
    received = exchange.received
    if received and received.media_type != expected:
        seen = received.header("content-type") or "no content type"
        yield Finding(expected=f"content-type: {expected}", seen=seen, exchange=exchange)


@case(
    "http.utf8",
    Level.MUST,
    breaks="Text outside ASCII comes back broken, or the request fails although it is valid.",
    reference="RFC 8259, 8.1: JSON between systems is UTF-8",
)
def utf8(endpoint: Endpoint) -> Iterator[Finding]:
    """Emoji, CJK and combining marks in a request do not break it, and answers are UTF-8."""
    for members in ({}, {"stream": True}):
        exchange = endpoint.shared_as_text(endpoint.body(ODD, **members))
        if exchange.status != 200 or exchange.received is None or not exchange.complete:
            _ = stream(endpoint.plain_stream()) if members else completion(endpoint.plain())
            seen = exchange.describe()
            breaks = "A request with text outside ASCII fails although it is valid."
            expected = "200: the request is valid UTF-8"
            yield Finding(expected=expected, seen=seen, breaks=breaks, exchange=exchange)
            continue
        try:
            getincrementaldecoder("utf-8")().decode(
                exchange.received.body
            )  # where it is cut is chat.sse.framing's
        except UnicodeDecodeError as error:
            seen = f"byte {error.object[error.start]:#04x} at offset {error.start} is no UTF-8"
            breaks = "Text outside ASCII comes back broken."
            yield Finding(expected="a body in UTF-8", seen=seen, breaks=breaks, exchange=exchange)


@case(
    "http.malformed-json",
    Level.MUST,
    breaks="A client's mistake looks like the server's: SDKs retry a 5xx, and the user never learns what was"
    " wrong.",
    reference="OpenAI: 400 invalid_request_error, 'We could not parse the JSON body of your request.'",
)
def malformed_json(endpoint: Endpoint) -> Iterator[Finding]:
    """A request body that is no JSON gets 4xx with an error object."""
    exchange = endpoint.probe.send("POST", "/chat/completions", b'{"model": "x", "messages": [')
    silent = "A request that was cut on its way is answered, and nobody learns what it was taken for."
    yield from refusal(exchange, silent=silent)


@case(
    "http.unknown-route",
    Level.SHOULD,
    breaks="A wrong base URL shows up as a parse error instead of 'not found'.",
    reference="RFC 9110, 15.5.5; OpenAI answers unknown routes with 404 and an error object",
)
def unknown_route(endpoint: Endpoint) -> Iterator[Finding]:
    """An unknown route gets 404 with a JSON body."""
    yield from _refused_as(endpoint.probe.get("/chatproof/no-such-route"), (404,))


@case(
    "http.wrong-method",
    Level.SHOULD,
    breaks="A client that uses the wrong method gets an answer that it cannot make sense of.",
    reference="RFC 9110, 15.5.6",
)
def wrong_method(endpoint: Endpoint) -> Iterator[Finding]:
    """GET on the chat route gets 405 or 404 with a JSON body."""
    yield from _refused_as(endpoint.probe.get("/chat/completions"), (404, 405))


def _refused_as(exchange: Exchange, statuses: tuple[int, ...]) -> Iterator[Finding]:
    expected = f"{' or '.join(map(str, statuses))} with a JSON body"
    if exchange.status not in statuses:
        good = 200 <= exchange.status < 300
        breaks = "The mistake looks like a good answer." if good else "The mistake looks like another one."
        yield Finding.instead(expected, exchange, breaks=breaks)
        return
    try:
        exchange.json()
    except ValueError:
        breaks = "Clients show a parse error in place of what was wrong."
        yield Finding.instead(expected, exchange, breaks=breaks)


@case(
    "http.no-junk",
    Level.SHOULD,
    breaks="Parsers differ on such bodies: some refuse them, some silently keep the first or the last value.",
    reference="RFC 8259, 4 (unique names), 6 (no NaN or Infinity), 8.1 (no byte-order mark)",
)
def no_junk(endpoint: Endpoint) -> Iterator[Finding]:
    """No byte-order mark before the JSON, no duplicate members, no NaN or Infinity."""
    exchange = endpoint.plain()
    completion(exchange)
    body = exchange.received.body if exchange.received else b""
    for violation in check(body, "chat.completion").violations:
        if violation.rule in ("http.no-junk", "shape.json"):
            # Python's own parser lets NaN pass, so the other cases go on: here it is what this case is about
            finding = Finding.of(violation, exchange, breaks=_junk_sentence(violation))
            seen = f"{violation.message} {violation.seen}"
            yield replace(finding, seen=seen, level=Level.SHOULD)


def _junk_sentence(violation: Violation) -> str:
    if violation.rule == "shape.json":
        return "Parsers that keep to the rules refuse the body."
    if "twice" in violation.seen:
        return (
            "Some parsers keep the first value of the member, some the last: clients read different answers."
        )
    return "Parsers that keep to the rules refuse the mark."


@case(
    "http.concurrent",
    Level.MUST,
    breaks="Under load a user gets somebody else's answer.",
    reference="each request is answered on its own: ids are unique, usage is the request's",
)
def concurrent(endpoint: Endpoint) -> Iterator[Finding]:
    """Eight requests at once each get their own answer."""
    strangers = [completion(exchange) for exchange in strangers_at_once(endpoint)]
    answers = [*strangers, *with_one_id(at_once(endpoint))]  # whose counts are history.interleaved's
    ids = [shown(answer.value.get("id")) for answer in answers]
    if twice := next((i for i in ids if ids.count(i) > 1), None):
        last = max(n for n, i in enumerate(ids) if i == twice)
        breaks = "Logs, caches and tracing mix up answers, if they are not mixed up already."
        seen = f"{twice} {ids.count(twice)} times"
        yield answers[last].finding(
            "eight different ids", seen, "$.id", breaks=breaks, compared=answers[ids.index(twice)].exchange
        )
    counts = [answer.required_prompt_tokens() for answer in strangers]
    for n, (shorter, longer) in enumerate(pairwise(counts)):
        if longer <= shorter:
            expected = f"more than {shorter} prompt tokens: the message is longer than its neighbour's"
            seen = f"{longer}; the counts, shortest message first: {counts}"
            yield strangers[n + 1].finding(
                expected, seen, "$.usage.prompt_tokens", compared=strangers[n].exchange
            )
            return
