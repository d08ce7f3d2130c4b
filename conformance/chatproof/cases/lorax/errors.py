"""Cases about what LoRAX refuses."""

from collections.abc import Iterator

from chatproof.cases.answer import Seen, shown
from chatproof.cases.endpoint import Endpoint, user
from chatproof.cases.lorax.generation import GENERATE, STREAM, asked
from chatproof.cases.registry import case
from chatproof.cases.stream_answer import events_of
from chatproof.findings.finding import Finding, InconclusiveError, Level, findings
from chatproof.probe import Exchange, Json
from chatschema import check

__all__: list[str] = []

_OBJECT = '{"error": …, "error_type": …}'
_NOBODY = "chatproof/no-such-adapter"

_INVALID: tuple[dict[str, Json], ...] = (
    asked(max_new_tokens=0),
    asked(temperature=-1.0),
    asked(top_p=0.0),
    asked(repetition_penalty=0.0),
    asked(inputs=""),
)
"""Each has one value that the router's validation refuses."""

_MALFORMED: tuple[Json, ...] = ({"parameters": {}}, {"inputs": 5}, {"inputs": "a", "parameters": None})
"""Refused before that, with a plain text."""


@case(
    "lorax.errors.validation",
    Level.MUST,
    breaks="lorax-client raises nothing, or an error that does not say what was wrong with the request.",
    reference="router/src/server.rs From<InferError>: 422 with error_type validation",
)
def validation(endpoint: Endpoint) -> Iterator[Finding]:
    """A wrong parameter gets 422 with `error` and `error_type` validation; a body of the wrong form gets 4xx."""
    for invalid in _INVALID:
        yield from _refused(endpoint.shared(invalid, GENERATE), 422, "validation")
    for body in _MALFORMED:
        exchange = endpoint.shared(body, GENERATE)
        if not exchange.complete or not 400 <= exchange.status < 500:
            yield Finding.instead("4xx", exchange, breaks=_refusal_sentence(exchange))


@case(
    "lorax.errors.stream",
    Level.MUST,
    breaks="The client waits for a text that never comes, or takes the error for one.",
    reference="router/src/server.rs generate_stream_with_callback: an error is an event of its own, and the last",
)
def stream(endpoint: Endpoint) -> Iterator[Finding]:
    """A wrong parameter in a streaming request is told in one event, `error` and `error_type`, or before the stream."""
    exchange = endpoint.shared(asked(max_new_tokens=0), STREAM)
    received = exchange.received
    if exchange.status >= 400:
        yield from _refused(exchange, 422, "validation")
        return
    if received is None or received.media_type != "text/event-stream":
        yield Finding.instead(f"one event {_OBJECT}", exchange)
        return
    events, _ = events_of(exchange)
    if len(events) != 1:
        yield Seen(exchange).finding(f"one event {_OBJECT}", f"{len(events)} events: {exchange.describe()}")
        return
    yield from _told(events[0].data, exchange, "validation", "$[0]")


@case(
    "lorax.errors.unknown-adapter",
    Level.MUST,
    breaks="A misspelt adapter is answered by the base model, and nobody notices.",
    reference="router/src/server.rs From<InferError>: 424 with error_type generation",
)
def unknown_adapter(endpoint: Endpoint) -> Iterator[Finding]:
    """An adapter that there is not gets 424 with `error` and `error_type`, not an answer of the base model."""
    # from the server's own disk: nobody waits for a download
    exchange = endpoint.shared(asked(adapter_id=_NOBODY, adapter_source="local", max_new_tokens=1), GENERATE)
    _answered(exchange)
    yield from _refused(exchange, None, "")


@case(
    "lorax.adapter-by-model",
    Level.MUST,
    breaks="A chat with an adapter is answered by the base model, and nobody notices.",
    reference="router/src/server.rs chat_completions_v1: any model but the base's own name is an adapter",
)
def adapter_by_model(endpoint: Endpoint) -> Iterator[Finding]:
    """In a chat request the base's name and an empty `model` are the base, any other is an adapter."""
    body: dict[str, Json] = {"messages": [user("Hi")], "max_tokens": 1, "temperature": 0}
    for name in (endpoint.profile.model, ""):
        exchange = endpoint.shared(body | {"model": name})
        _answered(exchange)
        if exchange.status != 200:
            yield Finding.instead(f"200 from the base model for {shown(name)}", exchange)
    exchange = endpoint.shared(body | {"model": _NOBODY, "adapter_source": "local"})
    _answered(exchange)
    yield from _refused(exchange, None, "")


def _answered(exchange: Exchange) -> None:
    """An adapter is looked for wherever the server has them from, which can take its time."""
    if not exchange.complete:
        raise InconclusiveError(f"no answer in time: {exchange.describe()}", exchange)


def _refused(exchange: Exchange, status: int | None, error_type: str) -> Iterator[Finding]:
    """What is wrong with a refusal; `status` None takes any of 4xx."""
    right = 400 <= exchange.status < 500 if status is None else exchange.status == status
    if not exchange.complete or not right:
        expected = f"{status or '4xx'} with {_OBJECT}"
        yield Finding.instead(expected, exchange, breaks=_refusal_sentence(exchange))
        return
    yield from _told(exchange.received.body if exchange.received else b"", exchange, error_type, "$")


def _refusal_sentence(exchange: Exchange) -> str:
    """What breaks where the status is not the one of this mistake; empty where the case's own sentence says it."""
    if exchange.complete and exchange.status >= 500:
        return "The caller's mistake looks like a fault of the server, and nobody learns what was wrong."
    if exchange.complete and exchange.status >= 400:
        return "Programs that go by the status take the mistake for another one."
    return ""


def _told(data: bytes | str, exchange: Exchange, error_type: str, at: str) -> Iterator[Finding]:
    judgement = check(data, "lorax.error")
    yield from findings((violation.under(at) for violation in judgement.violations), exchange)
    told = getattr(judgement.value, "error_type", None)
    if judgement.valid and error_type and told != error_type:
        yield Seen(exchange).unlike(f'"{error_type}"', told, f"{at}.error_type")
