"""Cases about Open Responses: calls of tools, and requests that are refused."""

import json
from collections.abc import Iterator
from dataclasses import replace

import jsonschema

from chatproof.cases.answer import Answer, shown
from chatproof.cases.endpoint import PARAMETERS, Endpoint
from chatproof.cases.openai.responses import news
from chatproof.cases.refusal import end_unless_broken, refusal
from chatproof.cases.registry import case
from chatproof.cases.response_answer import (
    RESPONSES,
    ResponseAnswer,
    response,
    response_body,
    response_stream,
    said,
)
from chatproof.cases.route_answer import Streamed, not_in
from chatproof.findings.finding import Finding, Level, UnsupportedError
from chatproof.probe import Exchange, Json
from chatschema import ResponseStream, Violation

__all__: list[str] = []

_NAME = "get_weather"
_TOOL: dict[str, Json] = {
    "type": "function",
    "name": _NAME,
    "description": "The weather in a city.",
    "parameters": PARAMETERS,
}
_CHOICES: tuple[Json, ...] = ({"type": "function", "name": _NAME}, "required")
_ASKED = "What is the weather in Paris?"
_TOOL_LIMIT = 128


def _tool_body(endpoint: Endpoint, choice: Json, **members: Json) -> dict[str, Json]:
    input_: list[Json] = [said(_ASKED)]
    return response_body(endpoint, input_, limit=_TOOL_LIMIT, tools=[_TOOL], tool_choice=choice, **members)


def _forced(endpoint: Endpoint) -> tuple[ResponseAnswer, Json]:
    """The shared answer with a call, and the choice that forced it."""
    exchange = None
    for choice in _CHOICES:
        exchange = endpoint.shared(_tool_body(endpoint, choice), RESPONSES)
        answer = ResponseAnswer(exchange)
        if answer.calls or exchange.status >= 500:
            return answer, choice
    reason = "no call, neither of a named tool nor required"
    raise UnsupportedError(f"{reason}: {exchange.describe()}" if exchange else reason, exchange)


@case(
    "responses.tools",
    Level.MUST,
    breaks="Agents cannot run the tool that the model calls, or cannot send its result back.",
    reference="openai-openapi FunctionToolCall, FunctionToolCallOutput; Codex and the Agents SDK speak it alone",
)
def tools(endpoint: Endpoint) -> Iterator[Finding]:
    """A forced call has a call_id, a tool's name and arguments, in JSON and in a stream, and its result is accepted."""
    response(endpoint)
    answer, choice = _forced(endpoint)
    if answer.exchange.status >= 500:
        yield from end_unless_broken(answer.exchange, "tools are refused")
        return
    yield from news(endpoint, answer.exchange)
    yield from _calls_are_right(answer)
    streamed = Streamed(
        endpoint.shared(_tool_body(endpoint, choice, stream=True), RESPONSES), ResponseStream()
    )
    wanted = not_in(response_stream(endpoint).judge.violations)
    yield from streamed.findings("a stream of events", lambda one: _of_the_call(one) and wanted(one))
    joined = ResponseAnswer(streamed.exchange, streamed.value)
    if streamed.value and not joined.calls:
        breaks = "Agents that stream never see the call."
        yield streamed.finding(
            "the call that there is in JSON", "none", "$[*].item", breaks=breaks, compared=answer.exchange
        )
    yield from _calls_are_right(joined)
    yield from _takes_the_result(endpoint, answer)


def _of_the_call(one: Violation) -> bool:
    """Numbers have a case of their own, and OpenAI leaves `name` out of the arguments' end: 154 of 154."""
    numbers = one.rule == "responses.sequence-numbers" or one.path.endswith(".sequence_number")
    return not numbers and one.rule != "responses.spec-complete"


def _calls_are_right(answer: ResponseAnswer) -> Iterator[Finding]:
    ids = [call.get("call_id") for call in answer.calls]
    if len(set(map(str, ids))) < len(ids):
        breaks = "Results are given to calls that they are not of."
        yield answer.unlike("a call_id for each call", ids, "$.output[*].call_id", breaks=breaks)
    for number, item in enumerate(answer.items):
        if item.get("type") != "function_call":
            continue
        path = f"$.output[{number}]"
        if item.get("name") != _NAME:
            breaks = "Agents are told to run a tool that they do not have."
            yield answer.unlike(shown(_NAME), item.get("name"), f"{path}.name", breaks=breaks)
        arguments = item.get("arguments")
        if isinstance(arguments, str) and answer.value.get("status") == "completed" and not _fits(arguments):
            breaks = "Agents cannot run the call: its arguments are none that the tool takes."
            found = answer.unlike("arguments by the schema", arguments, f"{path}.arguments", breaks=breaks)
            yield replace(found, level=Level.SHOULD)


def _fits(arguments: str) -> bool:
    try:
        jsonschema.validate(json.loads(arguments), PARAMETERS)
    except (ValueError, RecursionError, jsonschema.ValidationError):
        return False
    return True


def _takes_the_result(endpoint: Endpoint, answer: ResponseAnswer) -> Iterator[Finding]:
    """The call and its result, with new ids: another server's calls are resent so, too."""
    call = answer.calls[0]
    again: dict[str, Json] = {
        "type": "function_call",
        "call_id": call.get("call_id"),
        "name": call.get("name"),
        "arguments": '{"city": "Paris"}',
    }
    result: dict[str, Json] = {
        "type": "function_call_output",
        "call_id": call.get("call_id"),
        "output": "sunny, 22 degrees",
    }
    input_: list[Json] = [said(_ASKED), again, result]
    exchange = endpoint.shared(response_body(endpoint, input_, tools=[_TOOL]), RESPONSES)
    if exchange.status != 200:
        breaks = "Agents cannot send the result of a call back: they end at their first tool."
        expected = "200: a call and its result are accepted"
        yield Answer(exchange).finding(expected, exchange.describe(), breaks=breaks, compared=answer.exchange)
        return
    yield from news(endpoint, exchange)


@case(
    "responses.errors",
    Level.MUST,
    breaks="The caller's mistake looks like a fault of the server, or like an answer.",
    reference="openai-openapi ErrorResponse; OpenAI: 400 for an input that is a number, in a stream too",
)
def errors(endpoint: Endpoint) -> Iterator[Finding]:
    """An input that is a number gets 4xx with an error object, with `stream: true` too (accepted: a should)."""
    response(endpoint)
    yield from _refused(endpoint.shared(response_body(endpoint, 7), RESPONSES))
    yield from _refused(endpoint.shared(response_body(endpoint, 7, stream=True), RESPONSES))


def _refused(exchange: Exchange) -> Iterator[Finding]:
    streams = exchange.received is not None and exchange.received.media_type == "text/event-stream"
    if not streams or exchange.status != 200 or not exchange.complete:
        yield from refusal(exchange, "input", accepted=Level.SHOULD)
        return
    judge = ResponseStream()
    streamed = Streamed(exchange, judge)
    if judge.error is not None or streamed.value.get("status") == "failed" or not streamed.value:
        breaks = "SDKs raise no error: they see a stream that ends at once, an empty reply."
        expected = '4xx with {"error": {"message": …}} before any stream begins'
        yield Finding.instead(expected, exchange, breaks=breaks)
    else:
        breaks = "The caller never learns of the mistake: it is accepted in silence."
        expected = '4xx with {"error": {"message": …}}'
        yield Finding.instead(expected, exchange, level=Level.SHOULD, breaks=breaks)
