"""Cases about streams that are more than one plain reply: several choices, and pieces that come in time."""

from bisect import bisect_left
from collections.abc import Iterator

from chatproof.cases.answer import ChatAnswer, shown
from chatproof.cases.contract.streams import indexes, refuse_strays
from chatproof.cases.endpoint import Endpoint
from chatproof.cases.refusal import end_unless_broken
from chatproof.cases.registry import case
from chatproof.cases.stream_answer import ChatStreamAnswer, refuse_cut, stream
from chatproof.findings.finding import Finding, InconclusiveError, Level, UnsupportedError
from chatproof.probe import Exchange, Json

__all__: list[str] = []

_SEEN = 0.3
"""Seconds that a reply must take for it to matter whether it streams: nobody waits for a faster one."""

_SPREAD = 0.1
"""The part of those seconds that lies between the first half of the bytes and the last, at the least."""


@case(
    "chat.sse.incremental",
    Level.SHOULD,
    breaks="Users wait for the whole reply before they see its first word: somebody on the way keeps it back.",
    reference="openai-openapi: tokens are sent as they become available",
)
def incremental(endpoint: Endpoint) -> Iterator[Finding]:
    """The first chunks come before the last is ready, unless all of it is there at once (within 0.3 s)."""
    streamed = stream(endpoint.plain_stream())
    exchange = streamed.exchange
    if exchange.seconds < _SEEN or not _is_kept_back(exchange, exchange.seconds):
        return
    first = endpoint.shared(endpoint.body(limit=1))
    if exchange.seconds - first.seconds < _SEEN:
        told = f"of {exchange.seconds:.1f} s it waited {first.seconds:.1f} s for the first token: too fast to see more"
        raise InconclusiveError(told, exchange)
    again = endpoint.post(endpoint.body(stream=True))
    for one in (exchange, again):
        if not _is_kept_back(one, one.seconds - first.seconds):
            return
    yield streamed.finding(
        "pieces of the reply while it is made",
        f"all of {len(streamed.chunks)} chunks at once, after {exchange.seconds:.1f} s ({again.seconds:.1f} s the"
        f" second time); the first token alone takes {first.seconds:.1f} s",
        compared=first,
    )


def _is_kept_back(exchange: Exchange, seconds: float) -> bool:
    """Did the first half of the bytes come only when all was there, as far as so many seconds show it?"""
    if not exchange.arrivals or seconds < _SEEN:
        return False
    half = exchange.arrivals[-1][1] / 2
    place = bisect_left(exchange.arrivals, half, key=lambda arrival: arrival[1])
    return exchange.arrivals[-1][0] - exchange.arrivals[place][0] < _SPREAD * seconds


@case(
    "chat.sse.n",
    Level.MAY,
    breaks="A program that streams two candidates mixes them, or waits for one that never comes.",
    reference="openai-openapi: n, how many choices to generate; chunks carry the index of their choice",
)
def n_choices(endpoint: Endpoint) -> Iterator[Finding]:
    """`n: 2` streams two choices with index 0 and 1, each to its end; usage counts both, and the prompt once."""
    sampling: dict[str, Json] = {"temperature": 1} if endpoint.profile.sampling else {}
    options: dict[str, Json] = {"n": 2, "stream": True, "stream_options": {"include_usage": True}}
    exchange = endpoint.post(endpoint.body(limit=8) | options | sampling)
    if exchange.status >= 400:
        yield from end_unless_broken(exchange, "n: 2 is refused in a stream")
        return
    streamed = stream(exchange)
    refuse_cut(streamed)
    refuse_strays(ChatStreamAnswer(endpoint.plain_stream()))
    found = indexes(streamed)
    if len(found) == 1:
        raise UnsupportedError("n: 2 gives one choice in a stream", exchange)
    if found != [0, 1]:
        yield streamed.unlike("two choices, index 0 and 1", found, "$[*].choices[*].index")
    read, plain = streamed.answer.count("prompt_tokens"), ChatAnswer(endpoint.plain())
    once = plain.count("prompt_tokens")
    if read is not None and once and read > once:
        breaks = "Costs and rate limits are computed from more than was read."
        yield streamed.finding(
            f"{once}, as for one choice",
            shown(read),
            "$.usage.prompt_tokens",
            level=Level.SHOULD,  # no client is known to break on it
            breaks=breaks,
            compared=plain.exchange,
        )
