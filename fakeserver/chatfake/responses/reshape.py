"""What a scenario does to a response, where its meaning is another than in a chat."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.responses.completion import Completion

#: One object to another; the one that is given is left as it is.
Change: TypeAlias = Callable[[JsonObject], JsonObject]


def _same(response: JsonObject) -> JsonObject:
    return response


def _whole(response: JsonObject) -> JsonValue:
    return response


def _all(events: Iterable[JsonObject]) -> Iterator[JsonObject]:
    yield from events


def _same_completion(completion: Completion) -> Completion:
    return completion


def _items(items: list[JsonObject]) -> list[JsonObject]:
    return items


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseReshape:
    """What a scenario changes at each step, in the order of the steps."""

    meaning: str = field(kw_only=False)  #: what the scenario is here, for the documentation
    completion: Callable[[Completion], Completion] = _same_completion
    items: Callable[[list[JsonObject]], list[JsonObject]] = _items
    response: Change = _same  #: every response, in JSON and in events
    whole: Callable[[JsonObject], JsonValue] = _whole  #: the JSON answer alone
    events: Callable[[Iterable[JsonObject]], Iterator[JsonObject]] = _all  #: before they are numbered


UNCHANGED = ResponseReshape("the same")


def on_items(change: Change) -> Callable[[list[JsonObject]], list[JsonObject]]:
    """A change to each item."""
    return lambda items: [change(item) for item in items]


def on_parts(change: Change) -> Callable[[list[JsonObject]], list[JsonObject]]:
    """A change to each part of each message."""

    def apply(item: JsonObject) -> JsonObject:
        content = item.get("content")
        if item.get("type") != "message" or not isinstance(content, list):
            return item
        return {**item, "content": [change(part) if isinstance(part, dict) else part for part in content]}

    return on_items(apply)


def in_events(change: Change) -> Callable[[Iterable[JsonObject]], Iterator[JsonObject]]:
    """A change to each event."""
    return lambda events: (change(event) for event in events)


def on_finished_items(meaning: str, change: Change) -> ResponseReshape:
    """A change to finished items alone: they come in pieces as they should."""

    def respond(response: JsonObject) -> JsonObject:
        output = response.get("output")
        if not isinstance(output, list):
            return response
        return {**response, "output": [change(item) if isinstance(item, dict) else item for item in output]}

    def tell(event: JsonObject) -> JsonObject:
        item = event.get("item")
        done = event.get("type") == "response.output_item.done" and isinstance(item, dict)
        return {**event, "item": change(item)} if done and isinstance(item, dict) else event

    return ResponseReshape(meaning, response=respond, events=in_events(tell))
