"""The rule that all error cases share: a bad request gets 4xx with an error object."""

from collections.abc import Iterator

from chatproof.cases.answer import events_of
from chatproof.findings.finding import Finding, InconclusiveError, Level
from chatproof.probe import Exchange
from chatschema import ChatStream
from chatschema.judging import judge_error

__all__ = ["refusal"]

_OBJECT = '4xx with {"error": {"message": …}}'


def refusal(exchange: Exchange, *, accepted: Level | None = None) -> Iterator[Finding]:
    """What is wrong with the answer to a request that should be refused.

    `accepted` is the level of a request that is answered as if nothing were wrong. No SDK breaks on that,
    and many servers do it: most cases take it as a should.
    """
    if not exchange.complete:
        yield Finding.instead(_OBJECT, exchange)
    elif 200 <= exchange.status < 300:
        if _is_error_stream(exchange):
            seen = f"an error inside a stream that had begun: {exchange.describe()}"
            yield Finding(expected=f"{_OBJECT} before any stream begins", seen=seen, exchange=exchange)
        elif exchange.object().get("error"):
            # SDKs go by the status: nothing is raised, and the answer has no choices
            seen = f"an error under a status of success: {exchange.describe()}"
            yield Finding(expected=_OBJECT, seen=seen, exchange=exchange)
        else:
            seen = f"accepted: {exchange.describe()}"
            yield Finding(expected=_OBJECT, seen=seen, level=accepted, exchange=exchange)
    elif not 400 <= exchange.status < 500:
        yield Finding.instead(_OBJECT, exchange)
    else:
        yield from _without_error_object(exchange)


def _without_error_object(exchange: Exchange) -> Iterator[Finding]:
    try:
        judgement = judge_error(exchange.json())
    except ValueError:
        yield Finding.instead(_OBJECT, exchange)
        return
    if not judgement.valid:
        path = next(v.path for v in judgement.violations if v.level == "must")
        yield Finding(expected=_OBJECT, seen=exchange.describe(), path=path, exchange=exchange)


def _is_error_stream(exchange: Exchange) -> bool:
    """Is this a stream that tells of an error?"""
    received = exchange.received
    if received is None or received.media_type != "text/event-stream":
        return False
    grammar = ChatStream()
    try:
        for event in events_of(exchange)[0]:
            grammar.feed(event)
    except InconclusiveError:
        return False
    return grammar.assembled() is None
