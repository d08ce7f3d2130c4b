"""Cases about the streamed answer of a chat request. The grammar is `chatschema.ChatStream`'s."""

from collections.abc import Callable, Iterator
from itertools import pairwise

from chatproof.cases.answer import ChatAnswer, ChatStreamAnswer, completion, shown, stream
from chatproof.cases.endpoint import Endpoint
from chatproof.cases.refusal import refusal
from chatproof.cases.registry import case
from chatproof.findings.finding import Finding, InconclusiveError, Level
from chatproof.probe import Json

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
        yield streamed.finding(
            "about one event a token", f"{len(streamed.events) + streamed.left_out} events"
        )
        return
    if not exchange.complete or exchange.status != 200 or not streamed.answer.choices:
        yield Finding.instead("200 with a stream of chunks", exchange)
        return
    for text in streamed.bad_bytes:
        yield streamed.finding("an event stream in UTF-8", text)
    yield from streamed.findings("chat.sse.framing")


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
    """`id`, `created` and `model` are the same in all chunks."""
    yield from stream(endpoint.plain_stream()).findings("chat.sse.same-head")


@case(
    "chat.sse.role-first",
    Level.SHOULD,
    breaks="Clients that build the message from its deltas keep a message without a role, or with another.",
    reference="671 of 671 recorded OpenAI streams: the first delta has role assistant",
)
def role_first(endpoint: Endpoint) -> Iterator[Finding]:
    """The first delta of a choice has role assistant; later ones do not change it."""
    yield from stream(endpoint.plain_stream()).findings("chat.sse.role-first")


@case(
    "chat.sse.finish-once",
    Level.MUST,
    breaks="Clients take a cut reply for a whole one, run a tool twice, or drop text after the first finish.",
    reference="665 of 671 recorded OpenAI streams: one finish_reason a choice, no delta after it",
)
def finish_once(endpoint: Endpoint) -> Iterator[Finding]:
    """Each choice gets exactly one finish_reason, and no delta after it."""
    yield from stream(endpoint.plain_stream()).findings("chat.sse.finish-once", "chat.sse.error")


@case(
    "chat.sse.done",
    Level.MUST,
    breaks="Clients that wait for the end of the stream hang until their timeout, or take the reply as cut.",
    reference="openai-openapi: the stream is terminated by a `data: [DONE]` message",
)
def done(endpoint: Endpoint) -> Iterator[Finding]:
    """`data: [DONE]` comes once, as the last event."""
    yield from stream(endpoint.plain_stream()).findings("chat.sse.done")


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
        yield answer.finding("`message`", f"`delta`: {shown(answer.choice['delta'])}", path)


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
    streamed = stream(endpoint.usage_stream())
    with_usage = [(n, c) for n, c in streamed.chunks if c.get("usage") is not None]
    last_number, last = streamed.chunks[-1]
    for number, chunk in with_usage:
        if number != last_number:
            yield _usage_finding(streamed, number, chunk, "no usage before the last chunk")
            return
    if not with_usage:
        seen = f"no usage in any of {len(streamed.chunks)} chunks"
        yield streamed.finding("usage in the last chunk", seen, f"$[{last_number}].usage")
    elif last.get("choices") != []:
        yield _usage_finding(streamed, last_number, last, "usage in a chunk of its own, with `choices: []`")


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


def _usage_finding(streamed: ChatStreamAnswer, number: int, chunk: dict[str, Json], expected: str) -> Finding:
    choices = chunk.get("choices")
    count = len(choices) if isinstance(choices, list) else 0
    seen = f"{shown(chunk.get('usage'))} in a chunk with {count} choices"
    return streamed.finding(expected, seen, f"$[{number}].usage")


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
    streamed = stream(
        endpoint.post(endpoint.body(seed=11, stream=True, stream_options={"include_usage": True}))
    )
    second = completion(endpoint.post(body))
    for path, read in _SAME.items():
        one, two, seen = read(first), read(second), read(streamed.answer)
        if one != two:
            raise InconclusiveError("the endpoint gives another JSON answer each time", second.exchange)
        if seen != one and not (path.startswith("$.usage") and seen is None):
            yield streamed.finding(f"{shown(one)}, as in JSON mode", f"{shown(seen)} from the stream", path)


_SAME: dict[str, Callable[[ChatAnswer], Json]] = {
    "$.choices[0].message.content": lambda answer: answer.text,
    "$.choices[0].finish_reason": lambda answer: answer.finish_reason,
    # a stream without usage is chat.sse.usage-asked's
    "$.usage.prompt_tokens": lambda answer: answer.count("prompt_tokens"),
    "$.usage.completion_tokens": lambda answer: answer.count("completion_tokens"),
}
"""What must not depend on how the reply is sent."""


@case(
    "chat.sse.error-before",
    Level.MUST,
    breaks="SDKs raise no error: they see a stream that ends at once, an empty reply.",
    reference="openai-python raises by status, before it reads the stream",
)
def error_before(endpoint: Endpoint) -> Iterator[Finding]:
    """A bad request with `stream: true` gets an HTTP error with JSON, not a stream."""
    exchange = endpoint.post(endpoint.body(stream=True) | {"messages": "not a list"})
    yield from refusal(exchange)


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
            expected = f"a JSON completion with stream: {shown(value)}"
            yield Finding.instead(expected, exchange)
