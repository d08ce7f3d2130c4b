"""Cases about LoRAX's other routes: the root, what the server is, tokens, and chat."""

from collections.abc import Iterator
from itertools import pairwise

from chatproof.cases.answer import Seen, dicts_in, parted
from chatproof.cases.endpoint import PLAIN, Endpoint, user
from chatproof.cases.lorax.generation import ROOT, Generated, asked, judged, plain
from chatproof.cases.lorax.stream import Streamed
from chatproof.cases.registry import case
from chatproof.findings.finding import Finding, InconclusiveError, Level, findings
from chatproof.probe import Exchange, Json
from chatschema import check

__all__: list[str] = []


@case(
    "lorax.root-route",
    Level.MUST,
    breaks="lorax-client, which asks nothing but this route, gets no answer.",
    reference="router/src/server.rs compat_generate; lorax-client reads payload[0], or the events",
)
def root_route(endpoint: Endpoint) -> Iterator[Finding]:
    """POST / gives a list of one answer, or the stream where `stream` is true, as the routes of their own do."""
    exchange = endpoint.shared(asked() | {"stream": False}, ROOT)
    try:
        value = exchange.json()
    except ValueError:
        value = None
    one = value[0] if exchange.status == 200 and isinstance(value, list) and len(value) == 1 else None
    if not isinstance(one, dict):
        yield Finding.instead('200 with [{"generated_text": …}]', exchange)
        return
    ours, theirs = Generated(exchange, one), plain(endpoint)
    yield from ours.findings(".*")
    if ours.text != theirs.text:
        expected, seen = parted(theirs.text, ours.text)
        yield ours.finding(
            expected,
            seen,
            "$[0].generated_text",
            level=Level.SHOULD,
            breaks="lorax-client, which asks nothing but this route, gets another text than others.",
            compared=theirs.exchange,
        )
    exchange = endpoint.shared(asked() | {"stream": True}, ROOT)
    if exchange.received is None or exchange.received.media_type != "text/event-stream":
        yield Finding.instead("200 with text/event-stream", exchange)
        return
    yield from findings(Streamed(exchange).grammar.violations, exchange)


@case(
    "lorax.info",
    Level.SHOULD,
    breaks="Programs that ask the server for its limits fail, or ask for more than it gives.",
    reference="router/src/lib.rs Info",
)
def info(endpoint: Endpoint) -> Iterator[Finding]:
    """GET /info says which model it is and what the limits are."""
    exchange = endpoint.probe.get("/info")
    judgement = judged(exchange, "lorax.info")
    yield from findings(judgement.violations, exchange, level=Level.SHOULD)


@case(
    "lorax.health",
    Level.MUST,
    breaks="An orchestrator takes a server that answers for dead, and restarts it.",
    reference="router/src/server.rs health",
)
def health(endpoint: Endpoint) -> Iterator[Finding]:
    """GET /health gives 200 from a server that answers."""
    exchange = endpoint.probe.get("/health")
    if exchange.status != 200:
        yield Finding.instead("200", exchange)


@case(
    "lorax.tokenize",
    Level.SHOULD,
    breaks="Programs that count tokens before they send count wrong.",
    reference="router/src/server.rs tokenize, since v0.10.0",
)
def tokenize(endpoint: Endpoint) -> Iterator[Finding]:
    """POST /tokenize gives the pieces of a text in order, and more of them with special tokens than without."""
    exchange = endpoint.shared({"inputs": PLAIN}, "/tokenize")
    judgement = judged(exchange, "lorax.tokenize")
    yield from findings(judgement.violations, exchange, level=Level.SHOULD)
    if not judgement.valid:
        return
    stops = [0, *_numbers(exchange, "stop")]
    late = [stop for before, stop in pairwise(stops) if stop < before]
    if late or stops[-1] > len(PLAIN):
        expected = f"offsets that rise to at most {len(PLAIN)}"
        yield Seen(exchange).unlike(expected, [*stops[1:]], "$[*].stop")
    bare = endpoint.shared({"inputs": PLAIN, "add_special_tokens": False}, "/tokenize")
    count, without = len(_numbers(exchange, "id")), len(_numbers(bare, "id"))
    if bare.status == 200 and without > count:
        yield Seen(bare).finding(f"at most {count} tokens without special ones", str(without))


def _numbers(exchange: Exchange, name: str) -> list[int]:
    """A number of each piece; pieces that have none are left out."""
    try:
        found = [piece.get(name) for piece in dicts_in({"pieces": exchange.json()}, "pieces")]
    except ValueError:
        return []
    return [number for number in found if isinstance(number, int)]


@case(
    "lorax.chat-equals-openai",
    Level.MUST,
    breaks="Programs on the openai SDK get no text, or another one in a stream.",
    reference="router/src/lib.rs ChatCompletionResponse, ChatCompletionStreamResponse",
)
def chat_equals_openai(endpoint: Endpoint) -> Iterator[Finding]:
    """POST /v1/chat/completions answers, in JSON and as a stream, as far as LoRAX speaks OpenAI's protocol."""
    body: dict[str, Json] = {
        "model": endpoint.profile.model,
        "messages": [user(PLAIN)],
        "max_tokens": 16,
        "temperature": 0,
    }
    exchange = endpoint.shared(body)
    whole = check(_body(exchange), "lorax.chat.completion")
    yield from findings(whole.violations, exchange)
    streamed = endpoint.shared(body | {"stream": True})
    stream = check(_body(streamed), "lorax.chat.completion.sse")
    yield from findings(stream.violations, streamed)
    if not whole.valid or not stream.valid:
        return
    for name in ("prompt_tokens", "completion_tokens"):
        ours, theirs = (getattr(judgement.value.usage, name) for judgement in (whole, stream))  # type: ignore[union-attr]  # both are valid
        if ours != theirs:
            yield Seen(streamed).finding(
                f"{ours}, as in JSON",
                f"{theirs} in the stream",
                f"$.usage.{name}",
                level=Level.SHOULD,
                breaks="The same chat is counted differently as a stream.",
                compared=exchange,
            )


def _body(exchange: Exchange) -> bytes:
    if not exchange.complete or exchange.status != 200 or exchange.received is None:
        raise InconclusiveError(f"no chat to judge: {exchange.describe()}", exchange)
    return exchange.received.body
