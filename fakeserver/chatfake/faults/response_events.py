"""What the faults of chunks are in a stream of a response's events. The others find nothing there to change."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TypeAlias

from chatfake.core.api_error import ApiError
from chatfake.core.json_text import JsonObject, JsonValue

Change: TypeAlias = Callable[[list[JsonObject]], Iterable[JsonObject]]

_ENDS = ("response.completed", "response.incomplete", "response.failed")


def unchanged(events: list[JsonObject]) -> list[JsonObject]:
    """As they are."""
    return events


def _ends(event: JsonObject) -> bool:
    return event.get("type") in _ENDS


def _changed_id(events: list[JsonObject]) -> Iterator[JsonObject]:
    """Of items, in the second half; and of the response where it ends."""
    for number, event in enumerate(events):
        changed = {**event}
        if number >= len(events) // 2:
            for name in ("response", "item"):
                inner = event.get(name)
                if isinstance(inner, dict):
                    changed[name] = {**inner, "id": f"{inner.get('id')}-b"}
            if "item_id" in event:
                changed["item_id"] = f"{event['item_id']}-b"
        yield changed


def _no_role(events: list[JsonObject]) -> Iterator[JsonObject]:
    for event in events:
        item = event.get("item")
        if isinstance(item, dict):
            kept: JsonValue = {name: member for name, member in item.items() if name != "role"}
            yield {**event, "item": kept}
        else:
            yield event


def _finish_twice(events: list[JsonObject]) -> Iterator[JsonObject]:
    for event in events:
        yield event
        if _ends(event):
            yield event


def _no_finish(events: list[JsonObject]) -> Iterator[JsonObject]:
    yield from (event for event in events if not _ends(event))


def _after_finish(events: list[JsonObject]) -> Iterator[JsonObject]:
    """The last piece comes again."""
    yield from events
    yield from [event for event in events if "delta" in event][-1:]


def _usage_everywhere(events: list[JsonObject]) -> Iterator[JsonObject]:
    usage: JsonValue = {"input_tokens": 9, "output_tokens": 1, "total_tokens": 10}
    for event in events:
        response = event.get("response")
        found = response.get("usage") if isinstance(response, dict) else None
        if isinstance(response, dict) and not found:
            yield {**event, "response": {**response, "usage": usage}}
        else:
            yield event


def enlarged(events: list[JsonObject], size: int) -> Iterator[JsonObject]:
    """One piece of text of so many characters."""
    texts = [
        number for number, event in enumerate(events) if event.get("type") == "response.output_text.delta"
    ]
    huge = texts[len(texts) // 2] if texts else -1
    for number, event in enumerate(events):
        yield {**event, "delta": "x" * size} if number == huge else event


def error_event(error: ApiError, number: int) -> JsonObject:
    """The n-th event: what went wrong."""
    return {
        "type": "error",
        "code": error.code or error.type,
        "message": error.message,
        "param": error.param,
        "sequence_number": number,
    }


#: By the name of the fault.
CHANGES: Mapping[str, Change] = MappingProxyType(
    {
        "changed-id": _changed_id,
        "no-role": _no_role,
        "finish-twice": _finish_twice,
        "finish-missing": _no_finish,
        "delta-after-finish": _after_finish,
        "usage-every-chunk": _usage_everywhere,
    }
)
