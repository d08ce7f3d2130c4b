"""Cases about the streamed answer of a chat request. The grammar is `chatschema.ChatStream`'s."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

from chatproof.cases.answer import (
    ChatAnswer,
    ChatStreamAnswer,
    completion,
    cut_off,
    parted,
    shown,
    stream,
    unparted,
)
from chatproof.cases.endpoint import Endpoint
from chatproof.cases.refusal import is_accepted, refusal
from chatproof.cases.registry import case
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
        breaks = "Event-stream parsers take all that has no blank line in between for one event, which is no JSON."
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
    yield from stream(endpoint.plain_stream()).findings("chat.sse.shape")


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
            yield streamed.finding(shown(having[0][1]), seen, f"$[{number}].{name}", level=level, breaks=breaks)


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
        breaks = "The reply ends in the middle, and clients that do not look for errors take it for a whole one."
        seen = f"the endpoint's own error: {streamed.cut}"
        yield streamed.finding("a stream to its end", seen, breaks=breaks)
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


@case(
    "chat.sse.usage-asked",
    Level.SHOULD,
    breaks="Programs that stream have no token counts, though they asked for them.",
    reference="openai-openapi ChatCompletionStreamOptions.include_usage; 481 recorded OpenAI streams",
)
def usage_asked(endpoint: Endpoint) -> Iterator[Finding]:
    """With include_usage one last chunk has `choices: []` and the usage, the others none."""
    yield from cut_off(ChatStreamAnswer(endpoint.usage_stream()), endpoint.plain_stream())
    streamed = stream(endpoint.usage_stream())
    with_usage = [(n, c) for n, c in streamed.chunks if c.get("usage") is not None]
    last_number, last = streamed.chunks[-1]
    for number, chunk in with_usage:
        if number != last_number:
            breaks = "Programs that take the first usage, or add all of it up, have counts that are wrong."
            yield _usage_finding(streamed, number, chunk, "no usage before the last chunk", breaks)
            return
    if not with_usage:
        seen = f"no usage in any of {len(streamed.chunks)} chunks"
        yield streamed.finding("usage in the last chunk", seen, f"$[{last_number}].usage")
    elif last.get("choices") != []:
        breaks = "Programs that look for usage in the chunk without choices, as documented, find none."
        expected = "usage in a chunk of its own, with `choices: []`"
        yield _usage_finding(streamed, last_number, last, expected, breaks)


@case(
    "chat.sse.usage-unasked",
    Level.SHOULD,
    breaks="Clients that read choices[0] of every chunk fail on a chunk without choices that they did not ask for.",
    reference="openai-openapi: the usage chunk comes when include_usage is set",
)
def usage_unasked(endpoint: Endpoint) -> Iterator[Finding]:
    """Without include_usage there is no chunk that has usage only."""
    streamed = stream(endpoint.plain_stream())
    for number, chunk in streamed.chunks:
        if chunk.get("usage") is not None and not chunk.get("choices"):
            yield _usage_finding(streamed, number, chunk, "no chunk without choices: usage was not asked for")
            return


def _usage_finding(
    streamed: ChatStreamAnswer, number: int, chunk: dict[str, Json], expected: str, breaks: str = ""
) -> Finding:
    choices = chunk.get("choices")
    count = len(choices) if isinstance(choices, list) else 0
    seen = f"{shown(chunk.get('usage'))} in a chunk with {count} choices"
    return streamed.finding(expected, seen, f"$[{number}].usage", breaks=breaks)


@case(
    "chat.sse.equals-json",
    Level.SHOULD,
    breaks="Switching a program to streaming changes what users read.",
    reference="stream changes how the reply is sent, not the reply",
)
def equals_json(endpoint: Endpoint) -> Iterator[Finding]:
    """The joined deltas are the JSON content; finish_reason and usage agree."""
    body = endpoint.body(seed=11)
    first = completion(endpoint.post(body))
    exchange = endpoint.post(endpoint.body(seed=11, stream=True, stream_options={"include_usage": True}))
    yield from cut_off(ChatStreamAnswer(exchange), endpoint.plain_stream())
    streamed = stream(exchange)
    second = completion(endpoint.post(body))
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
    "$.choices[0].message.content": ("what users read", lambda answer: answer.text),
    "$.choices[0].finish_reason": ("why a reply seems to end", lambda answer: answer.finish_reason),
    # a stream without usage is chat.sse.usage-asked's
    "$.usage.prompt_tokens": ("what a prompt is counted as", lambda answer: answer.count("prompt_tokens")),
    "$.usage.completion_tokens": (
        "what a reply is counted as",
        lambda answer: answer.count("completion_tokens"),
    ),
}
"""What must not depend on how the reply is sent."""


@case(
    "chat.sse.error-before",
    Level.MUST,
    breaks="SDKs raise no error: they see a stream that ends at once, an empty reply.",
    reference="openai-python raises by status, before it reads the stream",
)
def error_before(endpoint: Endpoint) -> Iterator[Finding]:
    """A bad request with `stream: true` gets an HTTP error with JSON, not a stream; an unknown model too."""
    wrong: tuple[dict[str, Json], ...] = ({"messages": "not a list"}, {"model": "chatproof-no-such-model"})
    exchanges = [endpoint.post(endpoint.body(stream=True) | members) for members in wrong]
    # many servers take one of them, and gateways any model: what is refused shows how
    for exchange in [e for e in exchanges if not is_accepted(e)] or exchanges[:1]:
        yield from refusal(exchange, accepted=Level.SHOULD)


@case(
    "chat.sse.stream-false",
    Level.MUST,
    breaks="SDKs that send `stream: false` or null get a stream where they expect JSON.",
    reference="openai-openapi: stream is nullable and defaults to false",
)
def stream_false(endpoint: Endpoint) -> Iterator[Finding]:
    """`stream: false` and null give JSON."""
    for value in (False, None):
        exchange = endpoint.post(endpoint.body(stream=value))
        if exchange.status != 200 or not isinstance(exchange.object().get("choices"), list):
            completion(endpoint.plain())
            expected = f"a JSON completion with stream: {shown(value)}"
            breaks = "" if exchange.status == 200 else f"SDKs that send `stream: {shown(value)}` get no answer."
            yield Finding.instead(expected, exchange, breaks=breaks)
