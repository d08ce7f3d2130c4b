"""Cases about the streamed answer of a chat request. The grammar is `chatschema.ChatStream`'s."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from chatproof.cases.answer import completion, shown
from chatproof.cases.endpoint import Endpoint
from chatproof.cases.registry import case
from chatproof.cases.stream_answer import ERRORS, ChatStreamAnswer, stream, unparted
from chatproof.findings.finding import Finding, InconclusiveError, Level
from chatproof.probe import Json
from chatschema import Violation

__all__: list[str] = []


@case(
    "chat.sse.framing",
    Level.MUST,
    breaks="Event-stream parsers drop events or stop, and the reply ends in the middle.",
    reference="WHATWG HTML, 9.2.6 Interpreting an event stream",
)
def framing(endpoint: Endpoint) -> Iterator[Finding]:
    """An event stream by the WHATWG rules; every event's data is JSON or [DONE]."""
    exchange = endpoint.plain_stream()
    streamed = ChatStreamAnswer(exchange)
    if streamed.left_out:
        seen = f"{len(streamed.events) + streamed.left_out} events"
        breaks = "Clients work on a stream without an end that they can wait for."
        yield streamed.finding("about one event a token", seen, breaks=breaks)
    elif lines := unparted(exchange):
        breaks = (
            "Event-stream parsers take all that has no blank line in between for one event, which is no JSON."
        )
        yield streamed.finding("a blank line (`\\n\\n`) after each event", lines, breaks=breaks)
    elif exchange.status == 200 and streamed.torn:
        breaks = "The reply ends in the middle, and SDKs raise an error that says nothing of why."
        yield streamed.finding("a stream to its end", streamed.torn, breaks=breaks)
    elif not exchange.complete or exchange.status != 200 or not streamed.answer.choices:
        breaks = "Clients that stream get no reply."
        yield Finding.instead("200 with a stream of chunks", exchange, breaks=breaks)
    else:
        for text in streamed.bad_bytes:
            breaks = "Letters of the reply come out broken."
            yield streamed.finding("an event stream in UTF-8", text, breaks=breaks)
        yield from streamed.findings("chat.sse.framing", sentence=_framing_sentence)


def _framing_sentence(violation: Violation) -> str:
    if violation.level == "must":
        return ""
    if violation.expected == "a blank line":
        return "Browsers drop the last event."
    return "Browsers that wait for events without a name see none of these."


@case(
    "chat.sse.shape",
    Level.MUST,
    breaks="SDKs fail in mid-stream, or hand over chunks with members missing.",
    reference="chatschema.ChatCompletionChunk: what holds for recorded OpenAI streams and what SDKs need",
)
def shape(endpoint: Endpoint) -> Iterator[Finding]:
    """Every chunk is valid against the strict ChatCompletionChunk model."""
    yield from stream(endpoint.plain_stream()).findings("chat.sse.shape", "chat.sse.no-broken-characters")


@case(
    "chat.sse.same-head",
    Level.MUST,
    breaks="Clients that group chunks by their id split one reply into several.",
    reference="openai-openapi: each chunk has the same id, the same timestamp",
)
def same_head(endpoint: Endpoint) -> Iterator[Finding]:
    """`id`, `created` and `model` are the same in all chunks with choices that have them (`created`: a should)."""
    streamed = stream(endpoint.plain_stream())
    for name, (breaks, level) in _HEAD.items():
        having = [(n, c[name]) for n, c in streamed.chunks if c.get("choices") and name in c]
        others = [(n, value) for n, value in having if value != having[0][1]]
        if others:
            number, value = others[0]
            seen = f"{shown(value)} from here on, in {len(others)} of {len(having)} chunks"
            yield streamed.finding(
                shown(having[0][1]), seen, f"$[{number}].{name}", level=level, breaks=breaks
            )


_HEAD = {
    "id": ("Clients that group chunks by their id split one reply into several.", None),
    "created": ("Records of one reply bear several times; no client is known to break.", Level.SHOULD),
    "model": ("Billing and logs count one reply to several models.", None),
}
"""What a head that changes within a stream breaks, and how bad that is where it is no must."""


@case(
    "chat.sse.role-first",
    Level.SHOULD,
    breaks="Clients that build the message from its deltas keep a message without a role, or with another.",
    reference="671 of 671 recorded OpenAI streams: the first delta has role assistant",
)
def role_first(endpoint: Endpoint) -> Iterator[Finding]:
    """The first delta of a choice has role assistant; later ones do not change it."""
    streamed = stream(endpoint.plain_stream())
    if len(_indexes(streamed)) > 1:
        told = "the chunks are of several choices (see chat.sse.finish-once)"
        raise InconclusiveError(told, streamed.exchange)
    yield from streamed.findings("chat.sse.role-first")


@case(
    "chat.sse.finish-once",
    Level.MUST,
    breaks="Clients take a cut reply for a whole one, run a tool twice, or drop text after the first finish.",
    reference="665 of 671 recorded OpenAI streams: one finish_reason a choice, no delta after it",
)
def finish_once(endpoint: Endpoint) -> Iterator[Finding]:
    """Each choice gets exactly one finish_reason, and no delta after it."""
    streamed = stream(endpoint.plain_stream())
    if len(indexes := _indexes(streamed)) > 1:
        seen = f"index {indexes[0]} to {indexes[-1]}, in {len(streamed.chunks)} chunks"
        yield streamed.finding(
            "index 0 in every chunk: one choice was asked for",
            seen,
            "$[*].choices[0].index",
            breaks="Clients join deltas by their index: each piece of the text becomes a reply of its own.",
        )
    elif streamed.error:
        breaks = (
            "The reply ends in the middle, and clients that do not look for errors take it for a whole one."
        )
        expected, seen = "a stream to its end", streamed.cut
        for finding in streamed.findings(*ERRORS):
            yield replace(finding, expected=expected, seen=seen, breaks=breaks)
    elif streamed.cut:
        breaks = "Clients cannot tell this reply from a whole one."
        yield streamed.finding("a finish_reason, then [DONE]", streamed.cut, breaks=breaks)
    else:
        yield from streamed.findings("chat.sse.finish-once", sentence=_finish_sentence)


def _indexes(streamed: ChatStreamAnswer) -> list[Json]:
    """The choices that the chunks are of, in order."""
    return [choice.get("index") for choice in streamed.answer.choices]


def _finish_sentence(violation: Violation) -> str:
    if "no finish_reason" in violation.message:
        return "Clients cannot tell a whole reply from a cut one; agent loops do not end."
    if "second" in violation.message:
        return "Clients that act on a finish_reason act twice."
    return "Clients that stop at the finish_reason drop what comes after it."


@case(
    "chat.sse.done",
    Level.MUST,
    breaks="Clients that wait for the end of the stream hang until their timeout, or take the reply as cut.",
    reference="openai-openapi: the stream is terminated by a `data: [DONE]` message",
)
def done(endpoint: Endpoint) -> Iterator[Finding]:
    """`data: [DONE]` comes once, as the last event."""
    streamed = stream(endpoint.plain_stream())
    if streamed.cut:
        raise InconclusiveError(
            f"the stream is not whole (see chat.sse.finish-once): {streamed.cut}", streamed.exchange
        )
    found = list(streamed.findings("chat.sse.done"))
    late = "Clients that stop at [DONE] never see what comes after it."
    yield from (replace(finding, breaks=late) if streamed.grammar.done else finding for finding in found)


@case(
    "chat.sse.delta-not-message",
    Level.MUST,
    breaks="Clients read an empty reply: the text is in a member that they do not look at.",
    reference="openai-openapi: chunks carry `delta`, completions carry `message`",
)
def delta_not_message(endpoint: Endpoint) -> Iterator[Finding]:
    """Chunks carry `delta`, never `message`; JSON answers never `delta`."""
    yield from stream(endpoint.plain_stream()).findings("chat.sse.delta-not-message")
    answer = completion(endpoint.plain())
    if "delta" in answer.choice:
        path = "$.choices[0].delta"
        breaks = "Clients that tell chunks from answers by this member take the answer for a chunk."
        yield answer.finding("`message`", f"`delta`: {shown(answer.choice['delta'])}", path, breaks=breaks)


@case(
    "chat.sse.not-cumulative",
    Level.MUST,
    breaks="Clients show the reply with its beginning repeated again and again.",
    reference="a delta is what is new since the last chunk",
)
def not_cumulative(endpoint: Endpoint) -> Iterator[Finding]:
    """Deltas are increments: they do not repeat what came before."""
    streamed = stream(endpoint.plain_stream())
    pieces = streamed.texts()
    if len(pieces) < 4:
        raise InconclusiveError("fewer than four pieces of text", streamed.exchange)
    texts = [text for _, text in pieces]
    grows = (b.startswith(a) and len(b) > len(a) for a, b in pairwise(texts))
    if all(grows):
        number, last = pieces[-1]
        seen = f"{shown(last)}, which repeats {shown(texts[-2])}"
        yield streamed.finding("only what is new", seen, f"$[{number}].choices[0].delta.content")
