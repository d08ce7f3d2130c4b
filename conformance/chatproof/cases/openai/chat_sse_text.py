"""Cases about the text of a stream: nothing of it is lost, said twice or damaged on the way.

Each is a must only where two JSON answers agree; any other difference is a should, of `chat.sse.equals-json`.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise

from chatproof.cases.answer import ChatAnswer, completion, parted, shown
from chatproof.cases.combined import repeated
from chatproof.cases.contract.streams import refuse_strays
from chatproof.cases.endpoint import Endpoint
from chatproof.cases.registry import case
from chatproof.cases.stream_answer import ChatStreamAnswer, refuse_cut, stream
from chatproof.cases.twins import Twins, is_broken, is_cut, is_repeated, odd_twins, plain_twins
from chatproof.findings.finding import Finding, InconclusiveError, Level
from chatproof.probe import Json

__all__: list[str] = []

_CONTENT = "$[*].choices[0].delta.content"


def _unlike(twins: Twins, breaks: str = "") -> Finding:
    """The texts of both modes, from where they part."""
    expected, seen = parted(twins.answer.text, twins.streamed.answer.text)
    return twins.streamed.finding(
        f"{expected}, as in JSON mode",
        f"{seen}, from the stream",
        _CONTENT,
        breaks=breaks,
        compared=twins.answer.exchange,
    )


@case(
    "chat.sse.complete",
    Level.MUST,
    breaks="Users who read along get the reply without its end.",
    reference="stream changes how the reply is sent, not the reply",
)
def complete(endpoint: Endpoint) -> Iterator[Finding]:
    """No text is lost: the joined deltas are not empty, and no mere beginning of the text in JSON mode."""
    silent = next(_silent(endpoint), None)
    if silent:
        yield silent
        return
    found = next((twins for twins in plain_twins(endpoint) if is_cut(twins)), None)
    if found:
        yield _unlike(found, "" if found.joined else "Users who read along get an empty reply.")


def _silent(endpoint: Endpoint) -> Iterator[Finding]:
    """A stream that brings nothing at all, and counts tokens: one may be the end token, more are lost."""
    for exchange in (endpoint.usage_stream(), endpoint.plain_stream()):
        twins = Twins(answer=ChatAnswer(endpoint.plain()), streamed=ChatStreamAnswer(exchange))
        refuse_strays(twins.streamed)
        used = twins.streamed.answer.count("completion_tokens")
        if used is None or used < 2 or twins.joined or twins.speaks_elsewhere or not twins.text.strip():
            continue
        if twins.streamed.answer.choices and not twins.streamed.cut:
            expected = f"text: {used} completion tokens are counted, and in JSON mode there is some"
            breaks = "Users who read along get an empty reply, and pay for it."
            yield twins.streamed.finding(
                expected, "no text in any delta", _CONTENT, breaks=breaks, compared=endpoint.plain()
            )


@case(
    "chat.sse.not-cumulative",
    Level.MUST,
    breaks="Clients show the reply with its beginning repeated again and again.",
    reference="a delta is what is new since the last chunk",
)
def not_cumulative(endpoint: Endpoint) -> Iterator[Finding]:
    """Deltas are increments: they do not repeat what came before, and nothing is sent twice."""
    streamed = stream(endpoint.plain_stream())
    pieces = streamed.texts()
    texts = [text for _, text in pieces]
    if len(pieces) >= _TELLING and all(b.startswith(a) and len(b) > len(a) for a, b in pairwise(texts)):
        number, last = pieces[-1]
        seen = f"{shown(last)}, which repeats {shown(texts[-2])}"
        yield streamed.finding("only what is new", seen, f"$[{number}].choices[0].delta.content")
        return
    try:
        found = next((twins for twins in plain_twins(endpoint) if is_repeated(twins)), None)
    except InconclusiveError:
        if len(pieces) < _TELLING:
            raise
        return
    if found:
        yield _unlike(found, "Clients show the reply, or pieces of it, twice.")


_TELLING = 4
"""Pieces that each repeat the one before: fewer could be chance."""


@case(
    "chat.sse.no-broken-characters",
    Level.MUST,
    breaks="Letters outside ASCII come out broken, or are lost, for everyone who reads along.",
    reference="a character of several tokens is sent when it is whole; WHATWG HTML, 9.2.6: UTF-8",
)
def no_broken_characters(endpoint: Endpoint) -> Iterator[Finding]:
    """No character is cut between chunks: no U+FFFD that JSON mode does not have, and none is lost."""
    looked = False
    for pairs in (odd_twins, plain_twins):
        for twins in pairs(endpoint):
            looked |= not twins.text.isascii()
            if is_broken(twins):
                yield _unlike(twins)
                return
    if not looked:
        raise InconclusiveError("the replies are all ASCII: nothing in them could break")


@case(
    "chat.sse.equals-json",
    Level.SHOULD,
    breaks="Switching a program to streaming changes what users read.",
    reference="stream changes how the reply is sent, not the reply",
)
def equals_json(endpoint: Endpoint) -> Iterator[Finding]:
    """The joined deltas are the JSON content; finish_reason and usage agree."""
    refuse_cut(ChatStreamAnswer(endpoint.usage_stream()))
    streamed = stream(endpoint.usage_stream())
    refuse_strays(streamed)
    first, second = completion(endpoint.plain()), completion(repeated(endpoint).exchange)
    if any(differs(Twins(answer=first, streamed=streamed)) for differs in (is_cut, is_repeated, is_broken)):
        told = (
            "text is lost, repeated or broken (see chat.sse.complete, .not-cumulative, .no-broken-characters)"
        )
        raise InconclusiveError(told, streamed.exchange)
    for path, (breaks, read) in _SAME.items():
        one, two, other = read(first), read(second), read(streamed.answer)
        if one != two:
            raise InconclusiveError("the endpoint gives another JSON answer each time", second.exchange)
        if other != one and not (path.startswith("$.usage") and other is None):
            expected, seen = parted(one, other)
            yield streamed.finding(
                f"{expected}, as in JSON mode",
                f"{seen}, from the stream",
                path,
                breaks=f"Switching a program to streaming changes {breaks}.",
                compared=first.exchange,
            )


_SAME: dict[str, tuple[str, Callable[[ChatAnswer], Json]]] = {
    # a character that the limit cut is shown in JSON mode, and held back in streams
    "$.choices[0].message.content": ("what users read", lambda answer: answer.text.rstrip("\ufffd")),
    "$.choices[0].finish_reason": ("why a reply seems to end", lambda answer: answer.finish_reason),
    # a stream without usage is chat.sse.usage-asked's, and what the prompt is counted as history.json-equals-sse's
    "$.usage.completion_tokens": (
        "what a reply is counted as",
        lambda answer: answer.count("completion_tokens"),
    ),
}
"""What must not depend on how the reply is sent."""
