"""Every exchange of a run, judged as `validate` judges a body: what it breaks, and whose matter that is."""

from collections.abc import Iterator
from dataclasses import replace

from chatproof.cases.answer import ChatAnswer
from chatproof.cases.contract.counts import counted
from chatproof.cases.contract.errors import error_shape
from chatproof.cases.contract.owners import SHAPES, Owned, owner_of
from chatproof.cases.contract.streams import STREAM, framing, is_readable
from chatproof.cases.stream_answer import ERRORS, ChatStreamAnswer
from chatproof.findings.finding import Finding, InconclusiveError, Level
from chatproof.probe import Exchange, FailureKind
from chatproof.probe.route import Route, route_of
from chatschema import Kind, Violation, check
from chatschema.judging import judge_completion
from chatschema.judging.catalogue import STREAMS

__all__ = ["broken_in"]

_NO_EVIDENCE = frozenset({401, 403, 408, 429})
"""Refusals by a door before the endpoint, or for its load: how they are worded is no matter of chat.errors.shape."""

_NO_ROUTE = frozenset({404, 405})

_EVENTS = "text/event-stream"
_AS_TEXT = "chat.tools.as-text"
_NEVER_RUN = "The call is never run: it is shown to the user as the reply."
_OWN_EYES = frozenset({*STREAM, *ERRORS, "chat.sse.no-broken-characters", "chat.json.usage-plausible"})
"""Rules that have eyes of their own: the functions of `STREAM`, and cases that compare answers."""


def broken_in(exchange: Exchange, profile: str = "openai") -> Iterator[Owned]:
    """What is wrong with an answer by itself, whatever it was asked for.

    What did not come at all, and what a case alone can tell (is a bad request refused, and how), is the matter of the
    case that asked.
    """
    received, route = exchange.received, route_of(exchange.sent.method, exchange.sent.url)
    if received is None or route is None or _is_lost(exchange):
        return
    chat = profile == "openai" and route.answer is Kind.COMPLETION
    if profile == "openai" and _is_refusal(exchange, chat=chat):
        yield from (("chat.errors.shape", finding) for finding in error_shape(exchange))
    elif not chat:
        yield from _of_other_route(exchange, route)
    elif received.status == 200:
        yield from _stream(exchange) if _streams(exchange) else _json(exchange)


def _is_refusal(exchange: Exchange, *, chat: bool) -> bool:
    """Is it the endpoint's own word that a request is wrong? A route that is missing says nothing of that."""
    elsewhere = _NO_EVIDENCE if chat else _NO_EVIDENCE | _NO_ROUTE
    refused = 400 <= exchange.status < 500 and exchange.status not in elsewhere
    return refused and exchange.complete and exchange.sent.method == "POST"


def _is_lost(exchange: Exchange) -> bool:
    """Is it a matter of time, or of the net?"""
    return exchange.failure is not None and exchange.failure.kind is not FailureKind.BROKEN


def _streams(exchange: Exchange) -> bool:
    asked = exchange.asked().get("stream")
    if isinstance(asked, bool):
        return asked
    return asked is not None and exchange.received is not None and exchange.received.media_type == _EVENTS


def _json(exchange: Exchange) -> Iterator[Owned]:
    received = exchange.received
    if received is None or (exchange.asked().get("stream", True) is not True and _is_event_stream(exchange)):
        return  # chat.sse.stream-false says that
    try:
        value = exchange.json()
    except UnicodeDecodeError as error:
        seen = f"byte {error.object[error.start]:#04x} at offset {error.start} is no UTF-8"
        breaks = "Text outside ASCII comes back broken."
        yield "http.utf8", Finding(expected="a body in UTF-8", seen=seen, breaks=breaks, exchange=exchange)
        return
    except ValueError as error:
        seen = f"{exchange.describe()}: {error}" if exchange.complete else exchange.describe()
        breaks = "Programs get nothing that they can read instead of a chat completion."
        yield (
            "chat.json.shape",
            Finding(expected="a chat completion in JSON", seen=seen, breaks=breaks, exchange=exchange),
        )
        return
    if isinstance(value, dict) and value.get("error") and not value.get("choices"):
        return  # an error under a status of success is told of where it was asked for
    for violation in check(received.body, Kind.COMPLETION).violations:
        if violation.rule == "shape.json":  # Python reads it, other parsers do not
            finding = Finding.of(
                violation, exchange, breaks="Parsers that keep to the rules refuse the body."
            )
            yield "http.no-junk", replace(finding, level=Level.SHOULD)
        else:
            yield from _owned(violation, Kind.COMPLETION, exchange)
    yield from counted(ChatAnswer(exchange), "chat.json.n")
    if not received.media_type.endswith("json"):
        yield _of_another_type("http.json-content-type", "application/json", exchange)


def _is_event_stream(exchange: Exchange) -> bool:
    return exchange.received is not None and exchange.received.media_type == _EVENTS


def _stream(exchange: Exchange) -> Iterator[Owned]:
    try:
        streamed = ChatStreamAnswer(exchange)
    except InconclusiveError:
        return  # an event too large: what asked for it says so
    if not streamed.answer.choices and (exchange.object() or streamed.grammar.error):
        return  # JSON, or an error, in place of a stream is told of where it was asked for
    if not is_readable(streamed):
        yield from (("chat.sse.framing", finding) for finding in framing(streamed))
        return
    for id_, found_in in STREAM.items():
        yield from ((id_, finding) for finding in found_in(streamed))
    for violation in streamed.grammar.violations:
        if violation.rule not in _OWN_EYES:
            yield from _owned(violation, Kind.STREAM, exchange)
    yield from _joined_calls(streamed)
    yield from counted(streamed.answer, "chat.sse.n")
    received = exchange.received
    if received and received.media_type != _EVENTS:
        yield _of_another_type("http.sse-content-type", _EVENTS, exchange)


def _joined_calls(streamed: ChatStreamAnswer) -> Iterator[Owned]:
    """A streamed call, once it is joined, is held to the rules for calls.

    What a stream cannot be held to is left out: what it violates by its fragments was found there.
    """
    if streamed.cut or not streamed.answer.calls or any(streamed.findings("chat.tools.sse-fragments")):
        return
    told = {violation.rule for violation in streamed.grammar.violations}
    for violation in judge_completion(dict(streamed.answer.value)).violations:
        calls = violation.rule.startswith("chat.tools.") or ".tool_calls" in violation.path
        if calls and violation.rule not in {*told, "chat.tools.content-null"}:
            yield from _owned(violation, Kind.COMPLETION, streamed.exchange, "$[*]")


def _of_other_route(exchange: Exchange, route: Route) -> Iterator[Owned]:
    """An answer of another route that the suite asks for, held to the contract as it is."""
    received = exchange.received
    if received is None or received.status != 200 or not exchange.complete:
        return
    events = _streams(exchange) and not exchange.object() and b"data:" in received.body
    media = _EVENTS if events else received.header("content-type")  # what it is, whatever it says
    kind = route.kind_of(received.status, media)
    if kind not in SHAPES or exchange.object().get("error"):
        return
    if kind in STREAMS and (exchange.object() or not received.body.strip()):
        return  # another thing, or nothing, in place of a stream is told of where it was asked for
    violations = check(received.body, kind).violations
    if any(
        ".errors." in violation.rule or violation.rule.endswith(".error-before") for violation in violations
    ):
        return  # so is an error in a stream
    for violation in violations:
        yield from _owned(violation, kind, exchange)
    if exchange.object():
        if not received.media_type.endswith("json"):
            yield _of_another_type("http.json-content-type", "application/json", exchange)
    elif events and received.media_type != _EVENTS:
        yield _of_another_type("http.sse-content-type", _EVENTS, exchange)


def _of_another_type(owner: str, expected: str, exchange: Exchange) -> Owned:
    seen = (exchange.received and exchange.received.header("content-type")) or "no content type"
    return owner, Finding(expected=f"content-type: {expected}", seen=seen, exchange=exchange)


def _owned(violation: Violation, kind: Kind, exchange: Exchange, below: str = "") -> Iterator[Owned]:
    if violation.rule == _AS_TEXT and (not _may_call(exchange) or _was_cut(exchange)):
        return  # a model says what it likes, and half a call is nothing to run
    if owner := owner_of(violation.rule, kind, violation.path):
        place = f"{below}{violation.path.removeprefix('$')}" if below else violation.path
        breaks = _NEVER_RUN if violation.rule == _AS_TEXT else ""
        yield owner, replace(Finding.of(violation, exchange, breaks=breaks), path=place)


def _may_call(exchange: Exchange) -> bool:
    """Were there tools to call, and was it allowed?"""
    asked = exchange.asked()
    return bool(asked.get("tools")) and asked.get("tool_choice") != "none"


def _was_cut(exchange: Exchange) -> bool:
    """Did a limit end any of its choices?"""
    answer = ChatStreamAnswer(exchange).answer if _streams(exchange) else ChatAnswer(exchange)
    return any(choice.get("finish_reason") == "length" for choice in answer.choices)
