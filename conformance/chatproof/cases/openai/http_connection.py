"""Cases about a connection: kept, packed, left too early, large; and about the key that goes over it."""

import json
from collections.abc import Iterator
from dataclasses import replace

from chatproof.cases.answer import completion
from chatproof.cases.combined import session
from chatproof.cases.endpoint import Endpoint
from chatproof.cases.refusal import is_accepted, refusal
from chatproof.cases.registry import case
from chatproof.cases.stream_answer import ChatStreamAnswer, stream
from chatproof.findings.finding import Finding, InconclusiveError, Level, UnsupportedError
from chatproof.probe import EndKind, Exchange, FailureKind, RunEndedError
from chatschema.judging import judge_error

__all__: list[str] = []

_WRONG_KEY = "sk-chatproof-no-such-key-0000000000000000000000"


@case(
    "http.bad-key",
    Level.SHOULD,
    breaks="Whoever is not let in is told something else than that: SDKs raise another error, or none.",
    reference="RFC 9110, 15.5.2; OpenAI: 401 invalid_request_error, code invalid_api_key",
)
def bad_key(endpoint: Endpoint) -> Iterator[Finding]:
    """Where a key is needed, a wrong one and none get 401 with an error object, which does not repeat the key."""
    if not endpoint.probe.has_key:
        raise UnsupportedError("it is asked without a key, so none is needed")
    body = json.dumps(endpoint.body(limit=1)).encode()
    request = endpoint.probe.request("POST", endpoint.profile.chat_path, body)
    none = endpoint.probe.exchange(replace(request, keyless=True))
    if 200 <= none.status < 300:
        raise UnsupportedError("a request without a key is answered: none is needed", none)
    header = endpoint.probe.key_header
    wrong = _WRONG_KEY if header == "api-key" else f"Bearer {_WRONG_KEY}"
    bad = endpoint.probe.exchange(replace(request, headers=(*request.headers, (header, wrong))))
    yield from _not_let_in(none, "Whoever forgets the key")
    if is_accepted(bad):
        breaks = "Any key lets in: what is wanted is a key, and nobody looks which."
        yield Finding.instead(_UNAUTHORIZED, bad, breaks=breaks)
        return
    yield from _not_let_in(bad, "Whoever has a wrong key")
    if bad.received and _WRONG_KEY in bad.received.text:
        breaks = "Keys that are mistyped end up in logs and on screens, in clear."
        yield Finding.instead("an answer that does not repeat the key", bad, breaks=breaks)


_UNAUTHORIZED = '401 with {"error": {"message": …}}'


def _not_let_in(exchange: Exchange, who: str) -> Iterator[Finding]:
    """What is wrong with the answer to somebody who is not let in."""
    if exchange.status != 401:
        seen_as = "a fault of the server, and SDKs ask again" if exchange.status >= 500 else "another error"
        yield Finding.instead(_UNAUTHORIZED, exchange, breaks=f"{who} is told of {seen_as}.")
        return
    try:
        valid = judge_error(exchange.json()).valid
    except ValueError:
        valid = False
    if not valid:
        breaks = f"{who} is told nothing that SDKs can show: there is no error object."
        yield Finding.instead(_UNAUTHORIZED, exchange, breaks=breaks)


@case(
    "http.encoding",
    Level.SHOULD,
    breaks="Clients that take no packed bodies cannot read what comes, and those behind some proxies neither.",
    reference="RFC 9110, 12.5.3 and 8.4: no other coding than those that were accepted; the one named is the one used",
)
def encoding(endpoint: Endpoint) -> Iterator[Finding]:
    """No content-encoding where identity was asked for; where packing is accepted, the one that is named was used."""
    for exchange in (endpoint.plain(), endpoint.plain_stream()):
        named = exchange.received.header("content-encoding") if exchange.received else ""
        if exchange.status == 200 and named.lower() not in {"", "identity"}:
            expected = "no content-encoding: accept-encoding is identity"
            seen = f"content-encoding: {named}"
            yield Finding(expected=expected, seen=seen, exchange=exchange)
    for exchange in session(endpoint).exchanges:
        if exchange.failure and exchange.failure.kind is FailureKind.ENCODED:
            breaks = "SDKs, all of which accept packed bodies, cannot read any answer."
            expected = "a body that is packed as content-encoding says, or not at all"
            seen = exchange.failure.text
            yield Finding(expected=expected, seen=seen, level=Level.MUST, breaks=breaks, exchange=exchange)


@case(
    "http.keep-alive",
    Level.SHOULD,
    breaks="Clients that keep their connection, as SDKs do, fail now and then for no reason that they can see.",
    reference="RFC 9112, 9.3: connections persist unless close is said",
)
def keep_alive(endpoint: Endpoint) -> Iterator[Finding]:
    """One connection serves a JSON call, a stream and another JSON call."""
    kept = session(endpoint)
    exchanges, connections = kept.exchanges, kept.connections
    first, last = exchanges[0], exchanges[-1]
    if first.failure and first.failure.kind is FailureKind.ENCODED:
        raise InconclusiveError(f"no answer to read (see http.encoding): {first.describe()}", first)
    for number, exchange in enumerate(exchanges):
        if exchange.status == 429:
            raise InconclusiveError(f"the endpoint limits the rate: {exchange.describe()}", exchange)
        streamed = number == 1
        right = (
            bool(ChatStreamAnswer(exchange).answer.choices)
            if streamed
            else bool(exchange.object().get("choices"))
        )
        if exchange.status != 200 or not exchange.complete or not right:
            _ = stream(endpoint.plain_stream()) if streamed else completion(endpoint.plain())
            what = "a stream" if streamed else "a completion"
            after = " over a connection that was used before" if number else ""
            yield Finding.instead(f"200 with {what}{after}, as over a new one", exchange)
            return
    if connections > 1:
        closing = [one for one in exchanges if one.received and _closes(one.received.header("connection"))]
        if closing:
            told = "every connection is closed after an answer, as connection: close says"
            raise UnsupportedError(told, closing[0])
        breaks = (
            "Clients send the next request into a connection that is being closed, and it fails now and then."
        )
        expected = "one connection for three requests, or connection: close"
        yield Finding(expected=expected, seen=f"{connections} connections", breaks=breaks, exchange=last)


def _closes(connection: str) -> bool:
    return "close" in connection.lower()


_LEFT_LIMIT = 128
"""Tokens of the stream that is left: so many at the most are paid for in vain."""


@case(
    "http.disconnect",
    Level.MUST,
    breaks="One user who closes a page in the middle of a reply takes the endpoint from all others.",
    reference="clients leave streams at any moment: a tab is closed, a generation is stopped",
)
def disconnect(endpoint: Endpoint) -> Iterator[Finding]:
    """After a client has left in the middle of a stream, the endpoint still answers."""
    body = json.dumps(endpoint.body(limit=_LEFT_LIMIT, stream=True)).encode()
    request = endpoint.probe.request("POST", endpoint.profile.chat_path, body)
    left = endpoint.probe.exchange(replace(request, events=1))
    if left.failure is None or left.failure.kind is not FailureKind.LEFT:
        raise InconclusiveError(f"no stream to leave: {left.describe()}", left)
    expected = "the plain request is answered as it was before a stream was left"
    try:
        after = endpoint.post(endpoint.body())
    except RunEndedError as ended:
        if ended.end.kind is EndKind.GONE:
            yield Finding(expected=expected, seen=ended.end.reason, exchange=left)
            return
        raise
    if after.status != 200 or not after.object().get("choices"):
        completion(endpoint.plain())
        yield Finding(expected=expected, seen=after.describe(), exchange=left, compared=after)


_LARGE = 1_000_000


@case(
    "http.large-body",
    Level.MUST,
    breaks="A long conversation, or one with an image in it, gets an error that SDKs cannot read, or none at all.",
    reference="OpenAI takes bodies of many megabytes; RFC 9110, 15.5.14: 413 where one is too large",
)
def large_body(endpoint: Endpoint) -> Iterator[Finding]:
    """A body of 1 MB gets an answer, or 4xx with an error object.

    Its size is that of blanks, which are no part of what it says (RFC 8259, 2): so many words would be a quarter of a
    million tokens, which an endpoint with a long context answers and sends the bill for.
    """
    head, comma, rest = json.dumps(endpoint.body(limit=1)).partition(",")
    exchange = endpoint.probe.send(
        "POST", endpoint.profile.chat_path, f"{head}{comma}{' ' * _LARGE}{rest}".encode()
    )
    if is_accepted(exchange) and exchange.object().get("choices"):
        return
    completion(endpoint.plain())
    if is_accepted(exchange):
        yield Finding.instead("an answer as to the same request without blanks, or 4xx", exchange)
    else:
        yield from refusal(exchange)
