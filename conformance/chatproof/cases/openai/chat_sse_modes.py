"""Cases about streams beside other answers: usage that is asked for, JSON mode, errors."""

from collections.abc import Iterator

from chatproof.cases.answer import completion, shown
from chatproof.cases.combined import is_good, nulls, session
from chatproof.cases.endpoint import Endpoint
from chatproof.cases.refusal import is_accepted, refusal
from chatproof.cases.registry import case
from chatproof.cases.stream_answer import ChatStreamAnswer, refuse_cut, stream
from chatproof.findings.finding import Finding, Level
from chatproof.probe import Json

__all__: list[str] = []


@case(
    "chat.sse.usage-asked",
    Level.SHOULD,
    breaks="Programs that stream have no token counts, though they asked for them.",
    reference="openai-openapi ChatCompletionStreamOptions.include_usage; 481 recorded OpenAI streams",
)
def usage_asked(endpoint: Endpoint) -> Iterator[Finding]:
    """With include_usage one last chunk has `choices: []` and the usage, the others none."""
    refuse_cut(ChatStreamAnswer(endpoint.usage_stream()))
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
    "chat.sse.error-before",
    Level.MUST,
    breaks="SDKs raise no error, or one without a status: programs see a stream that ends at once, an empty reply.",
    reference="openai-python raises by status, before it reads the stream",
)
def error_before(endpoint: Endpoint) -> Iterator[Finding]:
    """A bad request with `stream: true` gets an HTTP error with JSON, not a stream; an unknown model too."""
    wrong: tuple[dict[str, Json], ...] = ({"messages": "not a list"}, {"model": "chatproof-no-such-model"})
    messages, model = (endpoint.post(endpoint.body(stream=True) | members) for members in wrong)
    # many servers take one of them, and gateways any model: the one that is refused shows how
    if is_accepted(model) or not is_accepted(messages):
        yield from refusal(messages, accepted=Level.SHOULD)
    if 200 <= model.status < 300 and not is_accepted(
        model
    ):  # models.unknown says what is wrong with an HTTP error
        yield from refusal(model)


@case(
    "chat.sse.stream-false",
    Level.MUST,
    breaks="SDKs that send `stream: false` or null get a stream where they expect JSON.",
    reference="openai-openapi: stream is nullable and defaults to false",
)
def stream_false(endpoint: Endpoint) -> Iterator[Finding]:
    """`stream: false` and null give JSON."""
    calls = session(endpoint).seeded or ()
    for value, beside in ((False, calls[:1]), (None, [nulls(endpoint)])):
        if any(map(is_good, beside)):
            continue  # it was asked beside other members
        exchange = endpoint.shared(endpoint.body(stream=value))
        if exchange.status != 200 or not isinstance(exchange.object().get("choices"), list):
            completion(endpoint.plain())
            expected = f"a JSON completion with stream: {shown(value)}"
            breaks = (
                "" if exchange.status == 200 else f"SDKs that send `stream: {shown(value)}` get no answer."
            )
            yield Finding.instead(expected, exchange, breaks=breaks)
