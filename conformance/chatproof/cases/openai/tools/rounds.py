"""Cases about calls and results in the history, and about what is wrong in a request with tools."""

from collections.abc import Iterator

from chatproof.cases.answer import ChatAnswer, completion
from chatproof.cases.endpoint import NAMED, WEATHER, Endpoint, assistant, tool_round, user
from chatproof.cases.refusal import refusal
from chatproof.cases.registry import case
from chatproof.findings.finding import Finding, Level, UnsupportedError
from chatproof.probe import Json

__all__: list[str] = []


@case(
    "chat.tools.round-trip",
    Level.MUST,
    breaks="An agent's second request is refused: the tool was run for nothing.",
    reference="openai-openapi: assistant messages with tool_calls and content null, tool messages",
)
def round_trip(endpoint: Endpoint) -> Iterator[Finding]:
    """An assistant message with calls (content null) and the tool's result get an answer, where there are calls."""
    endpoint.refuse_without_tools("auto")
    exchange = endpoint.shared(endpoint.brief(tool_round(), tools=[WEATHER]))
    if exchange.status == 200 and ChatAnswer(exchange).message:
        return
    completion(endpoint.plain())
    if not endpoint.calls_tools():
        raise UnsupportedError(
            f"no call, neither with auto nor named or required, and no round of them: {exchange.describe()}",
            exchange,
        )
    yield Finding.instead("200 with a message", exchange)


@case(
    "chat.tools.orphan-result",
    Level.SHOULD,
    breaks="A client that cuts a call off from its result is never told; the model reads a result of nothing.",
    reference="OpenAI: messages with role 'tool' must be a response to a preceding message with 'tool_calls'",
)
def orphan_result(endpoint: Endpoint) -> Iterator[Finding]:
    """A tool message without its call gets 4xx."""
    endpoint.refuse_without_tools("auto")
    messages = [user("Hello."), tool_round()[2], assistant("Hello."), user("And now?")]
    exchange = endpoint.post(endpoint.body(messages, tools=[WEATHER]))
    silent = (
        "A client that cuts a call off from its result is never told; the model reads a result of nothing."
    )
    yield from refusal(exchange, "messages", silent=silent)


@case(
    "chat.tools.unknown-choice",
    Level.SHOULD,
    breaks="A misspelt function name is never noticed.",
    reference="OpenAI: tool_choice must name one of the tools",
)
def unknown_choice(endpoint: Endpoint) -> Iterator[Finding]:
    """A tool_choice that names no given tool gets 4xx."""
    endpoint.refuse_without_tools("auto", NAMED)
    choice: Json = {"type": "function", "function": {"name": "no_such_function"}}
    exchange = endpoint.post(endpoint.tool_body(choice))
    yield from refusal(exchange, "tool_choice", silent="A misspelt function name is never noticed.")
