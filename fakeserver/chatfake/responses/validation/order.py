"""Rules for how the items of a request belong together: calls with their results, thoughts with what follows them.

Nothing is kept here, so nothing can be referred to.
"""

from collections.abc import Iterator

from chatfake.core.api_error import ApiError
from chatfake.core.json_text import JsonObject
from chatfake.responses.validation.errors import duplicate, no_call, no_follower, no_item, no_output
from chatfake.responses.validation.items import kind_of

#: The type of a result -> the types of its calls, and what both are called. OpenAI takes a function's result for a
#: search too.
RESULTS = {
    "function_call_output": (("function_call", "tool_search_call"), "function call"),
    "custom_tool_call_output": (("custom_tool_call",), "custom tool call"),
}
CALLS = {"function_call": "function call", "custom_tool_call": "custom tool call"}


def _items(body: JsonObject) -> Iterator[tuple[int, JsonObject, str]]:
    given = body.get("input")
    for index, item in enumerate(given if isinstance(given, list) else []):
        if isinstance(item, dict):
            yield index, item, str(kind_of(item))


def kept(body: JsonObject) -> Iterator[ApiError]:
    """References to items: none is kept."""
    for _, item, kind in _items(body):
        if kind == "item_reference":
            yield no_item(str(item.get("id")), stored=body.get("store") is not False)


def thoughts(body: JsonObject) -> Iterator[ApiError]:
    """A thought that the server would have to remember comes with what the model said or did next.

    Recorded: refused before a message without its id, answered before 4 of 4 items with one; encrypted thoughts
    were answered before either.
    """
    found = [*_items(body)]
    for place, (_, item, kind) in enumerate(found):
        if kind == "reasoning" and item.get("id") and not item.get("encrypted_content"):
            after = found[place + 1 : place + 2]
            if not any(_is_said(follower, what) for _, follower, what in after):
                yield no_follower(str(item["id"]))


def _is_said(item: JsonObject, kind: str) -> bool:
    said = item.get("role") == "assistant" if kind == "message" else not kind.endswith("_output")
    return said and item.get("id") is not None


def belonging(body: JsonObject) -> Iterator[ApiError]:
    """Every result has its call before it, every call its result, and no item is there twice."""
    calls: set[tuple[str, str]] = set()
    met: set[str] = set()
    for _, item, kind in _items(body):
        name, call = item.get("id"), str(item.get("call_id"))
        if isinstance(name, str):
            if name in met:
                yield duplicate(name)
            met.add(name)
        if kind in RESULTS:
            kinds, noun = RESULTS[kind]
            if not any((one, call) in calls for one in kinds):
                yield no_call(noun, call)
        calls.add((kind, call))
    for _, item, kind in _items(body):
        if kind in CALLS and (f"{kind}_output", str(item.get("call_id"))) not in calls:
            yield no_output(CALLS[kind], str(item.get("call_id")))
