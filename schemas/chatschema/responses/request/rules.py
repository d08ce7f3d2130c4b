"""What a request owes beyond its shape: what OpenAI refuses, and what other servers answer as they like.

They read parsed JSON and pass over what has the wrong shape, like all rules.
"""

from collections.abc import Iterator, Mapping

from chatschema.core.describe import seen, seen_member
from chatschema.core.json_text import Found, objects
from chatschema.core.violation import JsonObject, Violation
from chatschema.judging.contract import Rule
from chatschema.judging.violation_kind import violation
from chatschema.responses.items.rules import no_vendor
from chatschema.responses.known_types import type_of, types_of
from chatschema.responses.tool import Tool

__all__ = ["REQUEST_RULES"]

_TOOL_TYPES = types_of(Tool)

#: Members of which a request has at least one.
_ASKS = ("input", "previous_response_id", "conversation", "prompt")
#: Where the server keeps what went before: calls and results of a request may belong to that.
_KEPT = ("previous_response_id", "conversation", "prompt")

#: The type of a result -> the types of calls that it may belong to. OpenAI takes a function's result for a search too.
_CALLS_OF: Mapping[str, tuple[str, ...]] = {
    "function_call_output": ("function_call", "tool_search_call"),
    "custom_tool_call_output": ("custom_tool_call",),
}
#: Calls that need a result.
_CALLS = ("function_call", "custom_tool_call")
#: Parts that only the assistant says, and those that it never does.
_SAID = ("output_text", "refusal")
_TOLD = ("input_text", "input_image", "input_file")


def something_is_asked(request: JsonObject) -> Iterator[Violation]:
    """OpenAI: one of 'input', 'previous_response_id', 'prompt' or 'conversation' must be provided."""
    if all(request.get(name) is None for name in _ASKS):
        yield _violation(
            "input", "$.input", "The request asks nothing.", "input", seen_member(request, "input")
        )


def model_is_named(request: JsonObject) -> Iterator[Violation]:
    """OpenAI: missing required parameter. A prompt names its own model, and a server may have one alone."""
    if request.get("model") is None and request.get("prompt") is None:
        yield _violation(
            "model", "$.model", "The request names no model.", "a model", seen_member(request, "model")
        )


def past_is_in_one_place(request: JsonObject) -> Iterator[Violation]:
    """OpenAI: previous_response_id and conversation are mutually exclusive."""
    if request.get("previous_response_id") is not None and request.get("conversation") is not None:
        yield _violation(
            "past",
            "$.conversation",
            "The request goes on after a response and in a conversation.",
            "previous_response_id or conversation",
            seen(request["conversation"]),
        )


def results_have_calls(request: JsonObject) -> Iterator[Violation]:
    """OpenAI: no tool call found for function call output. Only where the whole conversation is in the request."""
    if any(request.get(name) is not None for name in _KEPT):
        return
    calls: set[tuple[str, str]] = set()
    for place, item in objects(request, "input"):
        kind, call = type_of(item), item.get("call_id")
        if kind == "item_reference" or not (kind or "role" in item):
            return  # the call may be what it refers to
        if not isinstance(call, str):
            continue
        if kind in _CALLS_OF and not any((one, call) in calls for one in _CALLS_OF[kind]):
            yield _violation(
                "calls",
                f"{place}.call_id",
                "The result has no call before it.",
                "the id of a call",
                seen(call),
            )
        calls.add((kind, call))


def calls_have_results(request: JsonObject) -> Iterator[Violation]:
    """OpenAI: no tool output found for function call. A model that is not told what came of a call cannot go on."""
    given = [item.get("call_id") for _, item in objects(request, "input") if type_of(item) in _CALLS_OF]
    results = {result for result in given if isinstance(result, str)}
    if not all(isinstance(result, str) for result in given):
        return  # the shape says so
    for place, item in objects(request, "input"):
        call = item.get("call_id")
        if type_of(item) in _CALLS and isinstance(call, str) and call not in results:
            yield _violation(
                "calls", f"{place}.call_id", "The call has no result.", "a result with this id", seen(call)
            )


def parts_fit_the_role(request: JsonObject) -> Iterator[Violation]:
    """OpenAI: invalid value 'input_text', supported values are 'output_text' and 'refusal'; and the other way round."""
    for place, part, role in _parts(request):
        wrong = _TOLD if role == "assistant" else _SAID
        if part.get("type") in wrong:
            yield _violation(
                "parts",
                f"{place}.type",
                f"A message of the {role} cannot have a part of this type.",
                " or ".join(_SAID if role == "assistant" else _TOLD),
                seen(part["type"]),
            )


def chosen_tool_is_there(request: JsonObject) -> Iterator[Violation]:
    """OpenAI: tool choice not found in 'tools' parameter. Tools may be in a kept prompt."""
    choice = request.get("tool_choice")
    if not isinstance(choice, dict) or request.get("prompt") is not None:
        return
    kind, name = choice.get("type"), choice.get("name")
    if kind not in ("function", "custom") or not isinstance(name, str):
        return
    holders: list[JsonObject] = [request, *(item for _, item in objects(request, "input"))]
    tools = [tool for holder in holders for _, tool in objects(holder, "tools")]
    tools += [inner for tool in tools for _, inner in objects(tool, "tools")]
    names = [tool.get("name") for tool in tools if tool.get("type") == kind]
    if name not in names and all(isinstance(other, str) for other in names):
        yield _violation(
            "tool-choice",
            "$.tool_choice.name",
            "The tool to be called is not given.",
            "a tool's name",
            seen(name),
        )


def types_are_known(request: JsonObject) -> Iterator[Violation]:
    """A tool of a type that nobody knows is no tool to anybody."""
    for place, tool in objects(request, "tools"):
        yield from no_vendor(tool, place, _TOOL_TYPES, "tool")


REQUEST_RULES: tuple[Rule, ...] = (
    something_is_asked,
    model_is_named,
    past_is_in_one_place,
    results_have_calls,
    calls_have_results,
    parts_fit_the_role,
    chosen_tool_is_there,
    types_are_known,
)


def _parts(request: JsonObject) -> Iterator[tuple[str, JsonObject, str]]:
    for place, item in objects(request, "input"):
        role = item.get("role")
        if isinstance(role, str) and item.get("type", "message") == "message":
            yield from ((*found, role) for found in _content(item, place))


def _content(item: JsonObject, place: str) -> Iterator[Found]:
    return objects(item, "content", at=place)


def _violation(rule: str, path: str, message: str, expected: str, what: str) -> Violation:
    return violation(f"responses.request.{rule}", path, message, expected, what, reference="CreateResponse")
