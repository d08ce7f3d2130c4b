"""Requests that ask several things at once, which cannot disturb one another.

Where the answer is a good one, all of them are answered. Where it is not, it tells of none of them: each case asks for
its own alone, and judges that.
"""

import json
from dataclasses import dataclass

from chatproof.cases.answer import ChatAnswer
from chatproof.cases.endpoint import PLAIN, Endpoint, user
from chatproof.probe import Exchange, Json

__all__ = [
    "NAMED_USER",
    "NULLED",
    "Session",
    "is_good",
    "named",
    "named_and_unknown",
    "nulls",
    "repeated",
    "seeded_body",
    "session",
    "short_body",
]

NULLED = ("frequency_penalty", "logit_bias", "logprobs", "n", "presence_penalty", "seed", "stop", "top_p")
"""Optional members that many programs send as null."""

NAMED_USER: dict[str, Json] = {**user(PLAIN), "name": "ann"}

_AS_SDKS = {"accept-encoding": "gzip, deflate"}
"""What both official SDKs send, as they keep their connections."""


def is_good(exchange: Exchange) -> bool:
    """Is it a completion in JSON?"""
    return exchange.status == 200 and exchange.complete and bool(ChatAnswer(exchange).choices)


def nulls(endpoint: Endpoint) -> Exchange:
    """The plain request with its unset options as null, `stream` among them."""
    return endpoint.shared(endpoint.body() | dict.fromkeys((*NULLED, "stream")))


def named(endpoint: Endpoint) -> Exchange:
    """The plain request of a user who has a name."""
    return endpoint.shared(endpoint.body([NAMED_USER]))


def named_and_unknown(endpoint: Endpoint) -> Exchange:
    """The plain request of a user who has a name, with a member that no endpoint knows."""
    return endpoint.shared(endpoint.body([NAMED_USER], chatproof_unknown_member=True))


def repeated(endpoint: Endpoint) -> ChatAnswer:
    """The answer to the plain request for the second time: with its options as null it is the same request.

    Where that gives another answer, it is asked with `stream: false`.
    """
    plain = ChatAnswer(endpoint.plain())
    if is_good(nulls(endpoint)) and _said(again := ChatAnswer(nulls(endpoint))) == _said(plain):
        return again
    return ChatAnswer(endpoint.shared(endpoint.body(stream=False)))


def _said(answer: ChatAnswer) -> tuple[Json, ...]:
    return answer.message, answer.finish_reason, answer.count("completion_tokens")


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A JSON call, a stream and a JSON call as SDKs make them: over one connection, packed where the endpoint likes.

    `exchanges` end where one was not answered whole, `connections` is what they took, 0 in process. The two calls are
    the same one with a seed, which `seeded` holds, and `short` is a stream of one token, where they were good answers.
    """

    exchanges: list[Exchange]
    connections: int
    seeded: tuple[Exchange, Exchange] | None = None
    short: Exchange | None = None


def session(endpoint: Endpoint) -> Session:
    """The shared session; one of plain requests, where a seed or a stream of one token is refused."""
    return endpoint.once("session", lambda: _session(endpoint))


def seeded_body(endpoint: Endpoint) -> dict[str, Json]:
    """The plain request with a seed."""
    return endpoint.body(seed=7, stream=False)


def short_body(endpoint: Endpoint) -> dict[str, Json]:
    """The plain request for a stream of one token, with its usage."""
    return endpoint.body(limit=1, stream=True, stream_options={"include_usage": True})


def _session(endpoint: Endpoint) -> Session:
    exchanges, connections = _together(endpoint, seeded_body(endpoint), short_body(endpoint))
    if any(
        exchange.status == 429 for exchange in exchanges
    ):  # who is asked too often is not asked at once again
        return Session(exchanges=exchanges, connections=connections)
    if any(exchange.status >= 400 for exchange in exchanges):
        call, stream = (endpoint.body(limit=8, stream=streams) for streams in (False, True))
        exchanges, connections = _together(endpoint, call, stream)
        return Session(exchanges=exchanges, connections=connections)
    seeded = [one for one in exchanges[::2] if is_good(one)]
    short = [one for one in exchanges[1:2] if one.status == 200 and one.complete]
    endpoint.probe.hand_in([*seeded, *short])
    return Session(
        exchanges=exchanges,
        connections=connections,
        seeded=(seeded[0], seeded[1]) if len(seeded) > 1 else None,
        short=short[0] if short else None,
    )


def _together(endpoint: Endpoint, call: Json, stream: Json) -> tuple[list[Exchange], int]:
    """A call, a stream and the call again, one after the other."""
    path, probe = endpoint.profile.chat_path, endpoint.probe
    sents = [
        probe.request("POST", path, json.dumps(body).encode(), _AS_SDKS) for body in (call, stream, call)
    ]
    exchanges, connections = probe.together(sents)
    endpoint.posted += exchanges
    return exchanges, connections
