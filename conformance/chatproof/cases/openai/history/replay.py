"""The case about an endpoint's own replies, sent back to it as they came."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from chatproof.cases.answer import ChatAnswer, completion, dict_in, dicts_in
from chatproof.cases.endpoint import PLAIN, WEATHER, Endpoint, Messages, assistant, tool_round, user
from chatproof.cases.registry import case
from chatproof.cases.stream_answer import ChatStreamAnswer, stream
from chatproof.findings.finding import Finding, InconclusiveError, Level, UnsupportedError
from chatproof.probe import Exchange, Json

__all__: list[str] = []

_LIMIT = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reply:
    """A reply, and the part of a history that it makes: from its question to where the next one may come."""

    manner: str
    exchange: Exchange
    round: Messages

    @property
    def calls(self) -> bool:
        """Is it a call of a tool?"""
        return len(self.round) > 2


@case(
    "history.reply-replay",
    Level.MUST,
    breaks="The second turn of a conversation fails: the endpoint refuses its own reply.",
    reference="clients append the reply's message to the list and resend it",
)
def reply_replay(endpoint: Endpoint) -> Iterator[Finding]:
    """The endpoint takes its own replies back verbatim, from JSON and from streams, with calls of tools too."""
    replies = list(_replies(endpoint))
    if not replies:
        raise InconclusiveError("the replies have neither text nor calls", endpoint.plain())
    whole = _resent(endpoint, *replies)
    if whole.status == 200:
        return
    refused = [(reply, _resent(endpoint, reply)) for reply in replies]
    found = [finding for reply, exchange in refused for finding in _refusal(endpoint, reply, exchange)]
    yield from found
    if not found:
        raise InconclusiveError(
            f"its replies are taken back one by one, and not together: {whole.describe()}", whole
        )


def _resent(endpoint: Endpoint, *replies: _Reply) -> Exchange:
    """The history that the replies make, with a new question."""
    messages = [message for reply in replies for message in reply.round]
    tools: dict[str, Json] = {"tools": [WEATHER]} if any(reply.calls for reply in replies) else {}
    return endpoint.post(endpoint.body([*messages, user("And another.")], limit=_LIMIT, **tools))


def _refusal(endpoint: Endpoint, reply: _Reply, exchange: Exchange) -> Iterator[Finding]:
    if exchange.status == 200:
        return
    if reply.calls:
        round_ = endpoint.shared(endpoint.brief(tool_round(), tools=[WEATHER]))
        if round_.status != 200:
            raise InconclusiveError(
                f"no calls are taken in a history (see chat.tools.round-trip): {round_.describe()}", round_
            )
    refused = 400 <= exchange.status < 500
    breaks = "" if refused else "The second turn of a conversation fails on the endpoint's own reply."
    finding = Finding.instead(f"200 with {reply.manner} in the history", exchange, breaks=breaks)
    yield replace(finding, path="$.messages[1]", compared=reply.exchange)


def _replies(endpoint: Endpoint) -> Iterator[_Reply]:
    """What there is to send back; what is broken or refused elsewhere is left out."""
    makers: tuple[Callable[[Endpoint], _Reply | None], ...] = (
        _plain,
        _plain_streamed,
        _call,
        _call_streamed,
    )
    for make in makers:
        with suppress(InconclusiveError, UnsupportedError):
            if reply := make(endpoint):
                yield reply


def _plain(endpoint: Endpoint) -> _Reply | None:
    answer = completion(endpoint.plain())
    return _text("the JSON reply", answer, dict(answer.message))


def _plain_streamed(endpoint: Endpoint) -> _Reply | None:
    streamed = stream(endpoint.plain_stream())
    return _text("the streamed reply", streamed.answer, _as_it_came(streamed))


def _call(endpoint: Endpoint) -> _Reply | None:
    answer = endpoint.forced_call()
    return _tool_call("the JSON call", answer, dict(answer.message))


def _call_streamed(endpoint: Endpoint) -> _Reply | None:
    streamed = stream(endpoint.forced_call_stream().exchange)
    return _tool_call("the streamed call", streamed.answer, _as_it_came(streamed))


def _text(manner: str, answer: ChatAnswer, message: dict[str, Json]) -> _Reply | None:
    if not answer.text:
        return None
    return _Reply(manner=manner, exchange=answer.exchange, round=[user(PLAIN), message])


def _tool_call(manner: str, answer: ChatAnswer, message: dict[str, Json]) -> _Reply | None:
    """A round with a call, where it is whole: what clients would answer, and go on from."""
    if not answer.calls or not all(map(_is_whole, answer.calls)):
        return None
    results: Messages = [
        {"role": "tool", "tool_call_id": call["id"], "content": "sunny"} for call in answer.calls
    ]
    question = tool_round()[0]
    return _Reply(
        manner=manner,
        exchange=answer.exchange,
        round=[question, message, *results, assistant("It is sunny there.")],
    )


def _is_whole(call: dict[str, Json]) -> bool:
    """Is this a call with an id, and arguments that were not cut? (`chat.tools` reports others.)"""
    arguments = dict_in(call, "function").get("arguments")
    try:
        json.loads(arguments if isinstance(arguments, str) else "")
    except (ValueError, RecursionError):
        return False
    return isinstance(call.get("id"), str) and bool(call["id"])


def _as_it_came(streamed: ChatStreamAnswer) -> dict[str, Json]:
    """The message that the deltas add up to: the members that came, and the role, without which it is none."""
    choices = (choice for _, chunk in streamed.chunks for choice in dicts_in(chunk, "choices"))
    came = {"role"}.union(*(dict_in(choice, "delta") for choice in choices))
    return {name: value for name, value in streamed.answer.message.items() if name in came}
