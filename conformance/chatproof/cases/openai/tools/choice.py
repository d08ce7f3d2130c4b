"""Cases about tool_choice: what it asks for is done, in JSON and in streams."""

from collections.abc import Iterator

from chatproof.cases.answer import ChatAnswer, completion, shown
from chatproof.cases.endpoint import NAMED, Endpoint
from chatproof.cases.openai.tools.asked import Asked, asked, in_stream, names_of, streamed
from chatproof.cases.refusal import end_unless_broken
from chatproof.cases.registry import case
from chatproof.findings.finding import Finding, InconclusiveError, Level, UnsupportedError
from chatproof.probe import Json

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
    """A named tool_choice gives a call of that function, in JSON and in a stream."""
    yield from _gives_call(endpoint, NAMED)


@case(
    "chat.tools.required",
    Level.MAY,
    breaks="Agents that need a call in each step get text, and stop.",
    reference="openai-openapi: required means the model must call one or more tools",
)
def required(endpoint: Endpoint) -> Iterator[Finding]:
    """`required` gives at least one call, in JSON and in a stream."""
    yield from _gives_call(endpoint, "required")
    if asked(endpoint, "required").exchange.status != 200:
        return
    forced = in_stream(endpoint, NAMED)
    if forced is not None and not forced.answer.calls:
        return  # chat.tools.sse-fragments says that calls are not streamed
    found = streamed(endpoint, "required")
    if found.exchange.status >= 500 and forced is not None:
        expected = "a stream, as under a named tool_choice"
        breaks = "What is not supported looks like a fault of the server: SDKs retry it."
        yield Finding.instead(expected, found.exchange, breaks=breaks)
    elif (whole := in_stream(endpoint, "required")) and not whole.answer.calls:
        yield whole.finding(
            "a tool call, as in JSON mode",
            f"none: {shown(whole.answer.message)}",
            "$[*].choices[0].delta.tool_calls",
            breaks="Agents that stream, and need a call in each step, get text, and stop.",
            compared=asked(endpoint, "required").exchange,
        )


def _gives_call(endpoint: Endpoint, choice: Json) -> Iterator[Finding]:
    whole = asked(endpoint, choice)
    if whole.exchange.status == 200 and not whole.calls and whole.finish_reason == "length":
        raise InconclusiveError("the reply was cut by its limit before a call was whole", whole.exchange)
    if whole.exchange.status != 200 or not whole.calls:
        yield from end_unless_broken(whole.exchange, f"no call under tool_choice {shown(choice)}")
        return
    answers = [Asked(choice=choice, answer=whole, is_stream=False)]
    if found := in_stream(endpoint, choice):
        answers.append(Asked(choice=choice, answer=found.answer, is_stream=True))
    for one in answers:
        nameless = {""} if one.is_stream else set[str]()  # chat.tools.sse-fragments says it
        if set(map(str, names_of(one.answer))) - {"get_weather"} - nameless:
            part = "delta" if one.is_stream else "message"
            path = one.path(f"{part}.tool_calls[*].function.name")
            yield one.answer.unlike('"get_weather"', names_of(one.answer), path)
            return


@case(
    "chat.tools.none",
    Level.SHOULD,
    breaks="A program that forbids tools for the last step gets another call, and loops.",
    reference="openai-openapi: none means the model will not call any tool",
)
def none(endpoint: Endpoint) -> Iterator[Finding]:
    """`none` gives no call, in JSON and in a stream, where other choices give one."""
    endpoint.refuse_without_tools("auto", NAMED)
    if not endpoint.calls_tools():
        told = "no request with tools was answered with a call: none has nothing to forbid"
        raise UnsupportedError(told, endpoint.shared(endpoint.tool_body("required")))
    whole = asked(endpoint, "none")
    if whole.exchange.status != 200:
        yield from end_unless_broken(whole.exchange, "tool_choice none is refused")
        return
    answers = [Asked(choice="none", answer=completion(whole.exchange), is_stream=False)]
    found = streamed(endpoint, "none")
    if found.exchange.status >= 500 and streamed(endpoint, NAMED).exchange.status < 500:
        yield from end_unless_broken(found.exchange, "tool_choice none is refused in a stream")
    answers.append(Asked(choice="none", answer=found.answer, is_stream=True))
    for one in answers:
        if one.answer.calls:
            path = one.path("delta.tool_calls" if one.is_stream else "message.tool_calls")
            yield one.answer.unlike("no tool calls", one.answer.message["tool_calls"], path)
            return
