"""Cases about requests that are wrong: each gets 4xx with an error object.

5xx, a hang, an error inside a stream or HTML fails: SDKs retry a 5xx and never show what was wrong.
A wrong request that is answered as if it were right is a should: many servers do it and no SDK breaks.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from chatproof.cases.contract.errors import error_shape
from chatproof.cases.endpoint import NAMED, PLAIN, Endpoint
from chatproof.cases.refusal import refusal
from chatproof.cases.registry import case
from chatproof.findings.finding import Finding, InconclusiveError, Level
from chatproof.probe import Json

__all__: list[str] = []

_MISSING = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wrong:
    """One way of being wrong: a member with a value that no endpoint should take, or without it."""

    name: str
    sentence: str
    member: str
    value: object

    def body(self, endpoint: Endpoint) -> dict[str, Json]:
        """The request."""
        body = endpoint.body()
        if self.value is _MISSING:
            del body[self.member]
        else:
            body[self.member] = self.value  # type: ignore[assignment]  # the table below holds JSON
        return body


_TABLE = (
    _Wrong(name="missing-messages", sentence="no messages", member="messages", value=_MISSING),
    _Wrong(name="empty-messages", sentence="an empty list of messages", member="messages", value=[]),
    _Wrong(name="messages-not-a-list", sentence="messages that are a string", member="messages", value=PLAIN),
    _Wrong(
        name="unknown-role",
        sentence="a message with an unknown role",
        member="messages",
        value=[{"role": "wizard", "content": PLAIN}],
    ),
    _Wrong(
        name="missing-role",
        sentence="a message without a role",
        member="messages",
        value=[{"content": PLAIN}],
    ),
    _Wrong(
        name="content-type",
        sentence="a message whose content is a number",
        member="messages",
        value=[{"role": "user", "content": 7}],
    ),
    _Wrong(name="missing-model", sentence="no model", member="model", value=_MISSING),
    _Wrong(name="temperature-type", sentence="a temperature in words", member="temperature", value="hot"),
    _Wrong(name="temperature-range", sentence="a temperature of 5", member="temperature", value=5),
    _Wrong(name="top-p-range", sentence="a top_p of 2", member="top_p", value=2),
    _Wrong(name="n-zero", sentence="an n of 0", member="n", value=0),
    _Wrong(name="stream-type", sentence="a stream flag in words", member="stream", value="yes"),
    _Wrong(name="tools-type", sentence="tools that are a string", member="tools", value="get_weather"),
    _Wrong(
        name="stop-too-many",
        sentence="five stop sequences",
        member="stop",
        value=["a1", "b2", "c3", "d4", "e5"],
    ),
)


def _register(wrong: _Wrong) -> None:
    def check(endpoint: Endpoint) -> Iterator[Finding]:
        if wrong.member == "tools":
            endpoint.refuse_without_tools("auto", NAMED)
        yield from refusal(endpoint.shared(wrong.body(endpoint)), wrong.member, accepted=Level.SHOULD)

    check.__doc__ = f"A request with {wrong.sentence} gets 4xx with an error object."
    case(
        f"chat.errors.{wrong.name}",
        Level.MUST,
        breaks="The caller never learns of the mistake: it is accepted in silence, or looks like a fault of the server,"
        " which SDKs retry.",
        reference="OpenAI: 400 invalid_request_error with message, type, param and code",
    )(check)


for _wrong in _TABLE:
    _register(_wrong)


@case(
    "chat.errors.shape",
    Level.MUST,
    breaks="SDKs show the user no message, or the wrong one.",
    reference="openai-openapi ErrorResponse: message, type, param, code; 79 of 79 recorded OpenAI errors",
)
def shape(endpoint: Endpoint) -> Iterator[Finding]:
    """An error is an object with a message; it should have type, param and code too."""
    refused: tuple[dict[str, Json], ...] = ({"messages": PLAIN}, {"messages": []}, {"temperature": "hot"})
    exchanges = (endpoint.shared(endpoint.body() | members) for members in refused)
    exchange = next((one for one in exchanges if 400 <= one.status < 500), None)
    if exchange is None:
        raise InconclusiveError("no error to look at: nothing that is wrong was refused with 4xx")
    yield from error_shape(exchange)
