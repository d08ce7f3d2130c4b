"""Cases about LoRAX's other routes: the root, what the server is, tokens, and chat."""

from collections.abc import Iterator
from itertools import pairwise

from chatproof.cases.answer import shown
from chatproof.cases.endpoint import PLAIN, Endpoint, user
from chatproof.cases.lorax.generation import ROOT, Generated, asked, findings, judged, plain
from chatproof.cases.lorax.stream import Streamed
from chatproof.cases.registry import case
from chatproof.findings.finding import Finding, InconclusiveError, Level
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
        yield Finding(
            expected='200 with [{"generated_text": …}]', seen=exchange.describe(), exchange=exchange
        )
        return
    ours, theirs = Generated(exchange, one), plain(endpoint)
    yield from ours.findings(".*")
    if ours.text != theirs.text:
        yield ours.finding(
            expected=shown(theirs.text), seen=shown(ours.text), path="$[0].generated_text", level=Level.SHOULD
        )
    exchange = endpoint.shared(asked() | {"stream": True}, ROOT)
    if exchange.received is None or exchange.received.media_type != "text/event-stream":
        yield Finding(expected="200 with text/event-stream", seen=exchange.describe(), exchange=exchange)
        return
    for violation in Streamed(exchange).grammar.violations:
        yield Finding.of(violation, exchange)


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
        yield Finding(expected="200", seen=exchange.describe(), exchange=exchange)


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
        yield Finding(
            expected=f"offsets that rise to at most {len(PLAIN)}",
            seen=shown([*stops[1:]]),
            path="$[*].stop",
            exchange=exchange,
        )
    bare = endpoint.shared({"inputs": PLAIN, "add_special_tokens": False}, "/tokenize")
    if bare.status == 200 and len(_numbers(bare, "id")) > len(_numbers(exchange, "id")):
        yield Finding(
            expected=f"at most {len(_numbers(exchange, 'id'))} tokens without special ones",
            seen=str(len(_numbers(bare, "id"))),
            exchange=bare,
        )


def _numbers(exchange: Exchange, name: str) -> list[int]:
    """A number of each piece; pieces that have none are left out."""
    try:
        pieces = exchange.json()
    except ValueError:
        return []
    found = (
        [piece.get(name) for piece in pieces if isinstance(piece, dict)] if isinstance(pieces, list) else []
    )
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
    for violation in whole.violations:
        yield Finding.of(violation, exchange)
    streamed = endpoint.shared(body | {"stream": True})
    stream = check(_body(streamed), "lorax.chat.completion.sse")
    for violation in stream.violations:
        yield Finding.of(violation, streamed)
    if not whole.valid or not stream.valid:
        return
    for name in ("prompt_tokens", "completion_tokens"):
        ours, theirs = (getattr(judgement.value.usage, name) for judgement in (whole, stream))  # type: ignore[union-attr]  # both are valid
        if ours != theirs:
            yield Finding(
                expected=f"{ours}, as in JSON",
                seen=f"{theirs} in the stream",
                path=f"$.usage.{name}",
                level=Level.SHOULD,
                exchange=streamed,
            )


def _body(exchange: Exchange) -> bytes:
    if not exchange.complete or exchange.status != 200 or exchange.received is None:
        raise InconclusiveError(f"no chat to judge: {exchange.describe()}", exchange)
    return exchange.received.body
