"""Cases about tools: calls in JSON and streams, their results in the history."""

import json
from collections.abc import Iterator

import jsonschema

from chatproof.cases.answer import ChatAnswer, completion, dict_in, shown
from chatproof.cases.endpoint import NAMED, PARAMETERS, WEATHER, Endpoint, assistant, tool_round, user
from chatproof.cases.refusal import end_unless_broken, refusal
from chatproof.cases.registry import case
from chatproof.cases.stream_answer import cut_off, stream
from chatproof.findings.finding import Finding, InconclusiveError, Level, UnsupportedError
from chatproof.probe import Json
from chatschema import Violation

__all__: list[str] = []


@case(
    "chat.tools.accepted",
    Level.MUST,
    breaks="Agents cannot talk to this endpoint at all.",
    reference="openai-openapi: tools, tool_choice auto",
)
def accepted(endpoint: Endpoint) -> Iterator[Finding]:
    """A request with tools and `tool_choice: auto` gets an answer."""
    endpoint.refuse_without_tools("auto")
    exchange = endpoint.shared(endpoint.tool_body("auto"))
    if exchange.status != 200 or not ChatAnswer(exchange).message:
        completion(endpoint.plain())
        yield Finding.instead("200 with a message", exchange)


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


def _whole_call(endpoint: Endpoint) -> ChatAnswer:
    answer = endpoint.forced_call()
    if answer.finish_reason == "length":
        raise InconclusiveError("the call was cut by its limit", answer.exchange)
    return answer


def _gives_call(endpoint: Endpoint, choice: Json) -> Iterator[Finding]:
    exchange = endpoint.shared(endpoint.tool_body(choice))
    answer = ChatAnswer(exchange)
    if exchange.status != 200 or not answer.calls:
        yield from end_unless_broken(exchange, f"no call under tool_choice {shown(choice)}")
        return
    names = [dict_in(call, "function").get("name") for call in answer.calls]
    if set(map(str, names)) != {"get_weather"}:
        path = "$.choices[0].message.tool_calls[*].function.name"
        yield answer.unlike('"get_weather"', names, path)


@case(
    "chat.tools.none",
    Level.SHOULD,
    breaks="A program that forbids tools for the last step gets another call, and loops.",
    reference="openai-openapi: none means the model will not call any tool",
)
def none(endpoint: Endpoint) -> Iterator[Finding]:
    """`none` gives no call."""
    endpoint.refuse_without_tools("auto", NAMED)
    answer = completion(endpoint.post(endpoint.tool_body("none")))
    if answer.calls:
        path = "$.choices[0].message.tool_calls"
        yield answer.unlike("no tool calls", answer.message["tool_calls"], path)


@case(
    "chat.tools.shape",
    Level.MUST,
    breaks="The result of a call cannot be sent back, or the wrong function is run.",
    reference="openai-openapi ChatCompletionMessageToolCall: id, type, function {name, arguments}",
)
def shape(endpoint: Endpoint) -> Iterator[Finding]:
    """Ids are non-empty and unique, type is function, name one of the tools, arguments a string."""
    answer = endpoint.forced_call()
    at = r"\$\.choices\[\d+\]\.message\.tool_calls.*"
    breaches = answer.findings("chat.tools.shape", at=at, sentence=_shape_sentence)
    found = [finding for finding in breaches if finding.rule != "chat.tools.arguments"]
    yield from found
    if found:
        return
    for n, call in enumerate(answer.calls):
        if (name := dict_in(call, "function").get("name")) != "get_weather":
            path = f"$.choices[0].message.tool_calls[{n}].function.name"
            breaks = "The program is asked to run a function that it does not have."
            yield answer.unlike('"get_weather"', name, path, breaks=breaks)


def _shape_sentence(violation: Violation) -> str:
    if violation.path.endswith(".id"):
        return "The result of a call cannot be sent back."
    if violation.path.endswith((".function", ".name")):
        return "The program does not know which function to run."
    if violation.path.endswith(".arguments"):
        return "SDKs that read the arguments as JSON text fail on them."
    return "Programs that go by this member pass the call over, or fail on it."


@case(
    "chat.tools.absent-is-absent",
    Level.SHOULD,
    breaks="Clients that test for the member, or loop over it, take a plain reply for one with calls.",
    reference="openai-openapi: tool_calls is optional and not nullable",
)
def absent_is_absent(endpoint: Endpoint) -> Iterator[Finding]:
    """Without a call, `tool_calls` is absent."""
    yield from completion(endpoint.plain()).findings(
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
    answer = _whole_call(endpoint)
    for n, call in enumerate(answer.calls):
        text = dict_in(call, "function").get("arguments")
        path = f"$.choices[0].message.tool_calls[{n}].function.arguments"
        try:
            jsonschema.validate(json.loads(text if isinstance(text, str) else ""), PARAMETERS)
        except (ValueError, RecursionError):
            yield answer.unlike("JSON in a string", text, path)
        except jsonschema.ValidationError as error:
            breaks = "The function is called with what it does not take."
            yield answer.unlike(f"arguments that fit: {error.message}", text, path, breaks=breaks)


@case(
    "chat.tools.finish-reason",
    Level.MUST,
    breaks="Agent loops end before the tool was run.",
    reference="openai-openapi: tool_calls if the model called a tool; 52 of 459 OpenAI recordings have stop,"
    " where the choice was forced",
)
def finish_reason(endpoint: Endpoint) -> Iterator[Finding]:
    """A reply with calls ends with `tool_calls` (or `stop`, as OpenAI does for a forced choice)."""
    answer = _whole_call(endpoint)
    if answer.finish_reason not in ("tool_calls", "stop"):
        expected = '"tool_calls" (or "stop")'
        yield answer.unlike(expected, answer.finish_reason, "$.choices[0].finish_reason")


@case(
    "chat.tools.content-null",
    Level.SHOULD,
    breaks="Clients that read message.content of every reply fail on one that has calls.",
    reference="openai-openapi: content is required and nullable",
)
def content_null(endpoint: Endpoint) -> Iterator[Finding]:
    """Beside calls, content is null or a string, never missing."""
    yield from endpoint.forced_call().findings("chat.tools.content-null")


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
    yield from cut_off(streamed, endpoint.plain_stream())
    stream(streamed.exchange)
    found = list(streamed.findings("chat.tools.sse-fragments"))
    yield from found
    if found:
        return
    if not streamed.answer.calls:
        seen = f"none: {shown(streamed.answer.message)}"
        yield streamed.finding(
            "a tool call, as in JSON mode",
            seen,
            "$[*].choices[0].delta.tool_calls",
            breaks="An agent that streams never sees the call.",
            compared=answer.exchange,
        )
        return
    if streamed.answer.finish_reason == "length" or not _parses(answer.calls[0]):
        return
    for n, call in enumerate(streamed.answer.calls):
        if not _parses(call):
            yield streamed.answer.unlike(
                "arguments that parse once they are joined",
                dict_in(call, "function").get("arguments"),
                f"$[*].choices[0].delta.tool_calls[{n}].function.arguments",
                breaks="Clients that join the fragments have arguments that they cannot read.",
            )


def _parses(call: dict[str, Json]) -> bool:
    text = dict_in(call, "function").get("arguments")
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
    """An assistant message with calls (content null) and the tool's result get an answer, where there are calls."""
    endpoint.refuse_without_tools("auto")
    exchange = endpoint.post(endpoint.body(tool_round(), tools=[WEATHER]))
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
