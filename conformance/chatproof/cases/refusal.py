"""The rule that all error cases share: a bad request gets 4xx with an error object."""

import re
from collections.abc import Iterator

from chatproof.cases.answer import dict_in, dicts_in
from chatproof.cases.stream_answer import events_of
from chatproof.findings.finding import Finding, InconclusiveError, Level, UnsupportedError
from chatproof.probe import Exchange, Json
from chatschema import ChatStream

__all__ = ["SILENT", "end_unless_broken", "is_accepted", "refusal"]

_OBJECT = '4xx with {"error": {"message": …}}'

SILENT = "The caller never learns of the mistake: it is accepted in silence."
_NO_ANSWER = "The caller waits for an answer that never comes whole, and SDKs ask again."
_IN_STREAM = (
    "SDKs raise no error, or one without a status: programs see a stream that ends at once, an empty reply."
)
_UNDER_200 = (
    "SDKs go by the status and raise no error: the program goes on with an answer that has no choices."
)
_SERVERS_FAULT = (
    "The caller's mistake looks like a fault of the server: SDKs retry it, and nobody learns what was wrong."
)
_ELSEWHERE = "The caller is sent elsewhere, and not told of the mistake."


def refusal(
    exchange: Exchange, *about: str, accepted: Level | None = None, silent: str = SILENT
) -> Iterator[Finding]:
    """What is wrong with the answer to a request that should be refused.

    `about` are the members that are wrong in it. `accepted` is the level of a request that is answered as if nothing
    were wrong, and `silent` says what that breaks. No SDK breaks on it, and many servers do it: most cases take it as
    a should.

    Raises:
        InconclusiveError: it is refused for another member, which shows nothing of these.
    """
    if not exchange.complete:
        yield Finding.instead(_OBJECT, exchange, breaks=_NO_ANSWER)
    elif is_accepted(exchange):
        yield Finding(
            expected=_OBJECT,
            seen=f"accepted: {exchange.describe()}",
            level=accepted,
            breaks=silent,
            exchange=exchange,
        )
    elif 200 <= exchange.status < 300:
        if _is_error_stream(exchange):
            seen = f"an error inside a stream that had begun: {exchange.describe()}"
            expected = f"{_OBJECT} before any stream begins"
            yield Finding(expected=expected, seen=seen, breaks=_IN_STREAM, exchange=exchange)
        elif not exchange.object():
            raise InconclusiveError(
                f"the answer is unreadable (see chat.json.shape): {exchange.describe()}", exchange
            )
        else:
            seen = f"an error under a status of success: {exchange.describe()}"
            yield Finding(expected=_OBJECT, seen=seen, breaks=_UNDER_200, exchange=exchange)
    elif not 400 <= exchange.status < 500:
        breaks = _SERVERS_FAULT if exchange.status >= 500 else _ELSEWHERE
        yield Finding.instead(_OBJECT, exchange, breaks=breaks)
    else:
        _refused_for(about, exchange)
        if not exchange.object():
            raise InconclusiveError(
                f"the refusal is unreadable (see chat.errors.shape): {exchange.describe()}", exchange
            )


def end_unless_broken(exchange: Exchange, reason: str) -> Iterator[Finding]:
    """What is wrong where something optional was not done: nothing, unless the endpoint broke on being asked.

    Raises:
        UnsupportedError: it did not.
    """
    if exchange.status < 500 or exchange.status == 501:
        raise UnsupportedError(
            f"{reason}: {exchange.describe()}" if exchange.status >= 400 else reason, exchange
        )
    expected = "an answer, or 4xx where this is not supported"
    breaks = "What is not supported looks like a fault of the server: SDKs retry it."
    yield Finding.instead(expected, exchange, breaks=breaks)


def is_accepted(exchange: Exchange) -> bool:
    """Is the request answered as if nothing were wrong?"""
    if not exchange.complete or not 200 <= exchange.status < 300:
        return False
    if exchange.received and exchange.received.media_type == "text/event-stream":
        return not _is_error_stream(exchange)
    return bool(exchange.object()) and not exchange.object().get("error")


def _refused_for(about: tuple[str, ...], exchange: Exchange) -> None:
    """End the case where `param` names another member of the request than the one that is wrong in it.

    What it names that the request does not have says nothing: servers have names of their own for places.
    """
    param = dict_in(exchange.object(), "error").get("param")
    if not about or not isinstance(param, str):
        return
    named = re.split(r"[.\[]", param.removeprefix("body."))[0]
    asked = exchange.sent.json
    if named not in about and isinstance(asked, dict) and named in asked:
        raise InconclusiveError(
            f"refused for {named}, which is not what was asked about: {exchange.describe()}", exchange
        )


def _is_error_stream(exchange: Exchange) -> bool:
    """Is this a stream that tells of an error, and of nothing else than who speaks?"""
    received = exchange.received
    if received is None or received.media_type != "text/event-stream":
        return False
    grammar = ChatStream()
    try:
        for event in events_of(exchange)[0]:
            grammar.feed(event)
    except InconclusiveError:
        return False
    answer = grammar.assembled()
    return answer is None or (grammar.error is not None and not any(map(_says, dicts_in(answer, "choices"))))


def _says(choice: dict[str, Json]) -> bool:
    """Is there a reply in it, or its end?"""
    members = dict_in(choice, "message").items()
    return bool(choice.get("finish_reason")) or any(value and name != "role" for name, value in members)
