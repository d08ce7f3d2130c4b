"""Cases about tools: calls in JSON and streams, their results in the history."""

import json
from collections.abc import Iterator

import jsonschema

from chatproof.cases.answer import ChatAnswer, completion, shown, stream
from chatproof.cases.endpoint import PARAMETERS, WEATHER, Endpoint, Messages, assistant, user
from chatproof.cases.refusal import refusal
from chatproof.cases.registry import case
from chatproof.findings.finding import Finding, InconclusiveError, Level, UnsupportedError
from chatproof.probe import Json

__all__ = ["tool_round"]

# Nine letters and digits: Mistral's templates refuse any other id.
_CALL_ID = "call12345"


def tool_round(*, answered: bool = True) -> Messages:
    """A question, the call it led to, and the tool's result."""
    call: Json = {
        "id": _CALL_ID,
        "type": "function",
        "function": {"name": "get_weather", "arguments": '{"city": "Paris"}'},
    }
    messages: Messages = [
        user("What is the weather in Paris?"),
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": _CALL_ID, "content": "sunny, 22 degrees"},
    ]
    return messages if answered else messages[:2]


@case(
    "chat.tools.accepted",
    Level.MUST,
    breaks="Agents cannot talk to this endpoint at all.",
    reference="openai-openapi: tools, tool_choice auto",
)
def accepted(endpoint: Endpoint) -> Iterator[Finding]:
    """A request with tools and `tool_choice: auto` gets an answer."""
    exchange = endpoint.shared(endpoint.tool_body("auto"))
    answer = ChatAnswer(exchange)
    if exchange.status in {400, 404, 422, 501}:
        raise UnsupportedError(f"requests with tools are refused: {exchange.describe()}", exchange)
    if exchange.status != 200 or not answer.message:
        yield Finding(expected="200 with a message", seen=exchange.describe(), exchange=exchange)


@case(
    "chat.tools.named",
    Level.MAY,
    breaks="Programs that force one function to get structured data get something else.",
    reference="openai-openapi ChatCompletionNamedToolChoice",
)
def named(endpoint: Endpoint) -> Iterator[Finding]:
    """A named tool_choice gives a call of that function."""
    yield from _gives_call(endpoint, {"type": "function", "function": {"name": "get_weather"}})


@case(
    "chat.tools.required",
    Level.MAY,
    breaks="Agents that need a call in each step get text, and stop.",
    reference="openai-openapi: required means the model must call one or more tools",
)
def required(endpoint: Endpoint) -> Iterator[Finding]:
    """`required` gives at least one call."""
    yield from _gives_call(endpoint, "required")


def _gives_call(endpoint: Endpoint, choice: Json) -> Iterator[Finding]:
    exchange = endpoint.shared(endpoint.tool_body(choice))
    answer = ChatAnswer(exchange)
    if exchange.status != 200 or not answer.calls:
        raise UnsupportedError(f"no call under tool_choice {shown(choice)}", exchange)
    names = [_function(call).get("name") for call in answer.calls]
    if set(map(str, names)) != {"get_weather"}:
        path = "$.choices[0].message.tool_calls[*].function.name"
        yield answer.finding(expected='"get_weather"', seen=shown(names), path=path)


@case(
    "chat.tools.none",
    Level.SHOULD,
    breaks="A program that forbids tools for the last step gets another call, and loops.",
    reference="openai-openapi: none means the model will not call any tool",
)
def none(endpoint: Endpoint) -> Iterator[Finding]:
    """`none` gives no call."""
    answer = completion(endpoint.post(endpoint.tool_body("none")))
    if answer.calls:
        path = "$.choices[0].message.tool_calls"
        yield answer.finding(expected="no tool calls", seen=shown(answer.message["tool_calls"]), path=path)


@case(
    "chat.tools.shape",
    Level.MUST,
    breaks="The result of a call cannot be sent back, or the wrong function is run.",
    reference="openai-openapi ChatCompletionMessageToolCall: id, type, function {name, arguments}",
)
def shape(endpoint: Endpoint) -> Iterator[Finding]:
    """Ids are non-empty and unique, type is function, name one of the tools, arguments a string."""
    answer = endpoint.forced_call()
    breaches = answer.breaches("chat.tools.shape", at=r"\$\.choices\[\d+\]\.message\.tool_calls.*")
    found = [finding for finding in breaches if finding.rule != "chat.tools.arguments"]
    yield from found
    if found:
        return
    for n, call in enumerate(answer.calls):
        if (name := _function(call).get("name")) != "get_weather":
            path = f"$.choices[0].message.tool_calls[{n}].function.name"
            yield answer.finding(expected='"get_weather"', seen=shown(name), path=path)


def _function(call: dict[str, Json]) -> dict[str, Json]:
    found = call.get("function")
    return found if isinstance(found, dict) else {}


@case(
    "chat.tools.absent-is-absent",
    Level.SHOULD,
    breaks="Clients that test for the member, or loop over it, take a plain reply for one with calls.",
    reference="openai-openapi: tool_calls is optional and not nullable",
)
def absent_is_absent(endpoint: Endpoint) -> Iterator[Finding]:
    """Without a call, `tool_calls` is absent."""
    yield from completion(endpoint.plain()).breaches(
        "chat.tools.absent-is-absent", at=r"\$\.choices\[\d+\]\.message\.tool_calls"
    )


@case(
    "chat.tools.arguments",
    Level.SHOULD,
    breaks="The program cannot read what the function is to be called with.",
    reference="openai-openapi: the arguments as generated by the model, in JSON",
)
def arguments(endpoint: Endpoint) -> Iterator[Finding]:
    """Arguments parse as JSON and fit the function's parameters."""
    answer = endpoint.forced_call()
    if answer.finish_reason == "length":
        raise InconclusiveError("the call was cut by its limit", answer.exchange)
    for n, call in enumerate(answer.calls):
        text = _function(call).get("arguments")
        path = f"$.choices[0].message.tool_calls[{n}].function.arguments"
        try:
            jsonschema.validate(json.loads(text if isinstance(text, str) else ""), PARAMETERS)
        except (ValueError, RecursionError):
            yield answer.finding(expected="JSON in a string", seen=shown(text), path=path)
        except jsonschema.ValidationError as error:
            yield answer.finding(expected=f"arguments that fit: {error.message}", seen=shown(text), path=path)


@case(
    "chat.tools.finish-reason",
    Level.MUST,
    breaks="Agent loops end before the tool was run.",
    reference="openai-openapi: tool_calls if the model called a tool; 52 of 459 OpenAI recordings have stop,"
    " where the choice was forced",
)
def finish_reason(endpoint: Endpoint) -> Iterator[Finding]:
    """A reply with calls ends with `tool_calls` (or `stop`, as OpenAI does for a forced choice)."""
    answer = endpoint.forced_call()
    if answer.finish_reason == "length":
        raise InconclusiveError("the call was cut by its limit", answer.exchange)
    if answer.finish_reason not in ("tool_calls", "stop"):
        seen = shown(answer.finish_reason)
        yield answer.finding(
            expected='"tool_calls" (or "stop")', seen=seen, path="$.choices[0].finish_reason"
        )


@case(
    "chat.tools.content-null",
    Level.SHOULD,
    breaks="Clients that read message.content of every reply fail on one that has calls.",
    reference="openai-openapi: content is required and nullable",
)
def content_null(endpoint: Endpoint) -> Iterator[Finding]:
    """Beside calls, content is null or a string, never missing."""
    yield from endpoint.forced_call().breaches("chat.tools.content-null")


@case(
    "chat.tools.sse-fragments",
    Level.MUST,
    breaks="Clients that put calls together by index lose arguments, or mix two calls.",
    reference="openai-openapi ChatCompletionMessageToolCallChunk: index is required",
)
def sse_fragments(endpoint: Endpoint) -> Iterator[Finding]:
    """Index on every fragment, id and name in the first; joined arguments parse as in JSON mode."""
    answer = endpoint.forced_call()
    streamed = endpoint.forced_call_stream()
    stream(streamed.exchange)
    found = list(streamed.findings("chat.tools.sse-fragments"))
    yield from found
    if found:
        return
    if not streamed.answer.calls:
        yield streamed.answer.finding(
            expected="a tool call, as in JSON mode",
            seen=f"none: {shown(dict(streamed.answer.message))}",
            path="$[*].choices[0].delta.tool_calls",
        )
        return
    if streamed.answer.finish_reason == "length" or not _parses(answer.calls[0]):
        return
    for n, call in enumerate(streamed.answer.calls):
        if not _parses(call):
            yield streamed.answer.finding(
                expected="arguments that parse once they are joined",
                seen=shown(_function(call).get("arguments")),
                path=f"$[*].choices[0].delta.tool_calls[{n}].function.arguments",
            )


def _parses(call: dict[str, Json]) -> bool:
    text = _function(call).get("arguments")
    try:
        json.loads(text if isinstance(text, str) else "")
    except (ValueError, RecursionError):
        return False
    return True


@case(
    "chat.tools.round-trip",
    Level.MUST,
    breaks="An agent's second request is refused: the tool was run for nothing.",
    reference="openai-openapi: assistant messages with tool_calls and content null, tool messages",
)
def round_trip(endpoint: Endpoint) -> Iterator[Finding]:
    """An assistant message with calls (content null) and the tool's result get an answer."""
    offered = endpoint.shared(endpoint.tool_body("auto"))
    if 400 <= offered.status < 500:
        raise UnsupportedError(f"requests with tools are refused: {offered.describe()}", offered)
    exchange = endpoint.post(endpoint.body(tool_round(), tools=[WEATHER]))
    if exchange.status != 200 or not ChatAnswer(exchange).message:
        yield Finding(expected="200 with a message", seen=exchange.describe(), exchange=exchange)


@case(
    "chat.tools.orphan-result",
    Level.SHOULD,
    breaks="A client that cuts a call off from its result is never told; the model reads a result of nothing.",
    reference="OpenAI: messages with role 'tool' must be a response to a preceding message with 'tool_calls'",
)
def orphan_result(endpoint: Endpoint) -> Iterator[Finding]:
    """A tool message without its call gets 4xx."""
    messages = [user("Hello."), tool_round()[2], assistant("Hello."), user("And now?")]
    yield from refusal(endpoint.post(endpoint.body(messages, tools=[WEATHER])))


@case(
    "chat.tools.unknown-choice",
    Level.SHOULD,
    breaks="A misspelt function name is never noticed.",
    reference="OpenAI: tool_choice must name one of the tools",
)
def unknown_choice(endpoint: Endpoint) -> Iterator[Finding]:
    """A tool_choice that names no given tool gets 4xx."""
    choice: Json = {"type": "function", "function": {"name": "no_such_function"}}
    yield from refusal(endpoint.post(endpoint.tool_body(choice)))
