"""Cases about the streamed answer of a chat request. The grammar is `chatschema.ChatStream`'s."""

from collections.abc import Iterator

from chatproof.cases.answer import completion, shown
from chatproof.cases.contract import streams
from chatproof.cases.endpoint import Endpoint
from chatproof.cases.registry import case
from chatproof.cases.stream_answer import ChatStreamAnswer, stream
from chatproof.findings.finding import Finding, InconclusiveError, Level

__all__: list[str] = []


@case(
    "chat.sse.framing",
    Level.MUST,
    breaks="Event-stream parsers drop events or stop, and the reply ends in the middle.",
    reference="WHATWG HTML, 9.2.6 Interpreting an event stream",
)
def framing(endpoint: Endpoint) -> Iterator[Finding]:
    """An event stream by the WHATWG rules; every event's data is JSON or [DONE]."""
    yield from streams.framing(ChatStreamAnswer(endpoint.plain_stream()))


@case(
    "chat.sse.shape",
    Level.MUST,
    breaks="SDKs fail in mid-stream, or hand over chunks with members missing.",
    reference="chatschema.ChatCompletionChunk: what holds for recorded OpenAI streams and what SDKs need",
)
def shape(endpoint: Endpoint) -> Iterator[Finding]:
    """Every chunk is valid against the strict ChatCompletionChunk model."""
    yield from streams.shape(stream(endpoint.plain_stream()))


@case(
    "chat.sse.same-head",
    Level.MUST,
    breaks="Clients that group chunks by their id split one reply into several.",
    reference="openai-openapi: each chunk has the same id, the same timestamp",
)
def same_head(endpoint: Endpoint) -> Iterator[Finding]:
    """`id`, `created` and `model` are the same in all chunks with choices that have them (`created`: a should)."""
    yield from streams.same_head(stream(endpoint.plain_stream()))


@case(
    "chat.sse.role-first",
    Level.SHOULD,
    breaks="Clients that build the message from its deltas keep a message without a role, or with another.",
    reference="671 of 671 recorded OpenAI streams: the first delta has role assistant",
)
def role_first(endpoint: Endpoint) -> Iterator[Finding]:
    """The first delta of a choice has role assistant; later ones do not change it."""
    streamed = stream(endpoint.plain_stream())
    streams.refuse_strays(streamed)
    yield from streams.role_first(streamed)


@case(
    "chat.sse.finish-once",
    Level.MUST,
    breaks="Clients take a cut reply for a whole one, run a tool twice, or drop text after the first finish.",
    reference="665 of 671 recorded OpenAI streams: one finish_reason a choice, no delta after it",
)
def finish_once(endpoint: Endpoint) -> Iterator[Finding]:
    """Each choice gets exactly one finish_reason, and no delta after it."""
    yield from streams.finish_once(stream(endpoint.plain_stream()))


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
    yield from streams.done(streamed)


@case(
    "chat.sse.delta-not-message",
    Level.MUST,
    breaks="Clients read an empty reply: the text is in a member that they do not look at.",
    reference="openai-openapi: chunks carry `delta`, completions carry `message`",
)
def delta_not_message(endpoint: Endpoint) -> Iterator[Finding]:
    """Chunks carry `delta`, never `message`; JSON answers never `delta`."""
    yield from streams.whole_message(stream(endpoint.plain_stream()))
    answer = completion(endpoint.plain())
    if "delta" in answer.choice:
        path = "$.choices[0].delta"
        breaks = "Clients that tell chunks from answers by this member take the answer for a chunk."
        yield answer.finding("`message`", f"`delta`: {shown(answer.choice['delta'])}", path, breaks=breaks)
