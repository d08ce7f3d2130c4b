"""Cases about streams that pass through a gateway, and about the headers of answers."""

from collections.abc import Iterator

from chatproof.cases.answer import ChatAnswer
from chatproof.cases.endpoint import Endpoint
from chatproof.cases.gateway.answers import plain, told_alike, usage_stream
from chatproof.cases.gateway.behind import Behind, Both, behind, is_good
from chatproof.cases.gateway.members import is_relied_on, lost, members
from chatproof.cases.registry import case
from chatproof.cases.stream_answer import ChatStreamAnswer
from chatproof.findings.finding import Finding, InconclusiveError, Level
from chatproof.probe import Exchange, Json

__all__: list[str] = []

_LONG = 256
"""Tokens of the stream whose pieces are timed."""

_SHORTEST_SECONDS = 0.2
"""A stream that is over sooner shows nothing of when its pieces are passed on."""

_AT_ONCE = 0.2
"""Of the time that the backend's stream takes: one that comes in less was held back."""

_REQUEST_IDS = ("x-request-id", "request-id", "x-correlation-id", "x-amzn-requestid", "apim-request-id")


def _is_stream(exchange: Exchange) -> bool:
    return is_good(exchange) and exchange.received is not None and b"data:" in exchange.received.body


@case(
    "gateway.same-stream",
    Level.MUST,
    breaks="A client that streams gets another reply than the model gave, or one that it cannot read.",
    reference="a gateway must not change what its backend says (gateway-api-inference-extension#513)",
)
def same_stream(endpoint: Endpoint) -> Iterator[Finding]:
    """However the chunks are cut: the same text, end and members, and no broken rule of the gateway's own."""
    both = behind(endpoint)
    pair = usage_stream(both)
    gateway, backend = pair.judged
    if not all(map(_is_stream, pair.backend)):
        raise InconclusiveError(f"the backend gives no stream to compare: {backend.describe()}", backend)
    if not any(map(_is_stream, pair.gateway)):
        breaks = "A client that streams gets nothing that it can read."
        yield Finding(
            expected="a stream, as from the backend",
            seen=gateway.describe(),
            breaks=breaks,
            exchange=gateway,
            compared=backend,
        )
        return
    found = False
    for finding in (*_broken(pair), *_lost(pair)):
        found = True
        yield finding
    try:
        yield from told_alike(both, _body(both), pair, _assembled)
    except InconclusiveError:
        if not found:
            raise


def _body(both: Behind) -> dict[str, Json]:
    return both.gateway.body(stream=True, stream_options={"include_usage": True})


def _assembled(exchange: Exchange) -> ChatAnswer:
    return ChatStreamAnswer(exchange).answer


def _broken(pair: Both) -> Iterator[Finding]:
    """Rules of streams that the gateway breaks each time, and the backend never."""
    theirs = {v.rule for one in pair.backend for v in ChatStreamAnswer(one).grammar.violations}
    ours = [{v.rule: v for v in reversed(ChatStreamAnswer(one).grammar.violations)} for one in pair.gateway]
    for rule, violation in ours[0].items():
        if rule not in theirs and all(rule in one for one in ours):
            yield Finding(
                rule=rule,
                level=Level(violation.level),
                path=violation.path,
                expected=f"{violation.expected}, as from the backend",
                seen=violation.seen,
                exchange=pair.gateway[0],
                compared=pair.backend[0],
            )


def _lost(pair: Both) -> Iterator[Finding]:
    kinds = [frozenset(_members(one)) for one in pair.backend]
    there = [frozenset(_members(one)) for one in pair.gateway]
    for path, kind, seen in lost(there, kinds):
        if not path.startswith("$[*].usage"):
            yield Finding(
                path=path,
                expected=f"{kind} in some chunk, as from the backend",
                seen=seen,
                level=None if is_relied_on(path) else Level.SHOULD,
                exchange=pair.gateway[0],
                compared=pair.backend[0],
            )


def _members(exchange: Exchange) -> Iterator[tuple[str, str]]:
    for _, chunk in ChatStreamAnswer(exchange).chunks:
        yield from members(chunk, "$[*]")


@case(
    "gateway.streams-through",
    Level.MUST,
    breaks="Users wait for the whole reply before they see its first word.",
    reference="proxies buffer unless they are told not to (nginx: proxy_buffering off)",
)
def streams_through(endpoint: Endpoint) -> Iterator[Finding]:
    """The pieces of a stream are passed on as they come, and not held back until the last."""
    both = behind(endpoint)
    body = both.gateway.body(limit=_LONG, stream=True)
    pair = both.twice(body)
    if not is_good(*pair.backend, *pair.gateway):
        bad = next(one for one in (*pair.backend, *pair.gateway) if not is_good(one))
        raise InconclusiveError(f"no two streams to compare: {bad.describe()}", bad)
    backend, gateway = min(map(_span, pair.backend)), max(map(_span, pair.gateway))
    if backend < _SHORTEST_SECONDS:
        raise InconclusiveError(
            f"the backend's stream takes {backend * 1000:.0f} ms: too little to see whether it is held back",
            pair.backend[0],
        )
    if gateway < _AT_ONCE * backend:
        yield Finding(
            expected=f"pieces over {backend:.2f} s or so, as from the backend",
            seen=f"nearly all of them within {gateway:.2f} s",
            exchange=pair.gateway[0],
            compared=pair.backend[0],
        )


def _span(exchange: Exchange) -> float:
    """Seconds between the times when a tenth, and when nine tenths of the body were there."""
    whole = exchange.arrivals[-1][1] if exchange.arrivals else 0
    early = next((at for at, length in exchange.arrivals if length >= 0.1 * whole), 0.0)
    late = next((at for at, length in exchange.arrivals if length >= 0.9 * whole), 0.0)
    return late - early


@case(
    "gateway.headers",
    Level.SHOULD,
    breaks="Clients lose what tells them how to read an answer, when to ask again, or what to quote in a report.",
    reference="RFC 9110, 7.6: a gateway forwards fields that are not about one connection",
)
def headers(endpoint: Endpoint) -> Iterator[Finding]:
    """The content type, Retry-After and an id of the request come through, where the backend has them."""
    both = behind(endpoint)
    refused = both.once({**both.gateway.body(), "messages": "not a list"})
    told: set[str] = set()
    pairs = (plain(both), usage_stream(both), refused)
    for pair in pairs:
        for name, expected, seen in _changed(pair):
            if name not in told:
                told.add(name)
                gateway, backend = pair.judged
                yield Finding(
                    expected=f"{name}: {expected}, as from the backend",
                    seen=seen,
                    exchange=gateway,
                    compared=backend,
                )


def _changed(pair: Both) -> Iterator[tuple[str, str, str]]:
    gateway, backend = (one.received for one in pair.judged)
    if not gateway or not backend or pair.gateway[0].status != pair.backend[0].status:
        return  # another answer altogether, which the other cases tell of
    if backend.media_type and gateway.media_type != backend.media_type:
        yield "content-type", backend.media_type, gateway.media_type or "no content type"
    if (wait := backend.header("retry-after")) and not gateway.header("retry-after"):
        yield "retry-after", wait, "no such header"
    theirs = next((name for name in _REQUEST_IDS if backend.header(name)), "")
    if theirs and not any(gateway.header(name) for name in _REQUEST_IDS):
        yield theirs, "an id", "no header with an id of the request"
