"""What a scenario does to the finished JSON of an answer: shapes that no reply can have by itself."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from chatfake.core.json_text import JsonObject, JsonValue

#: One JSON body to another; it may change its argument, which nobody else holds.
BodyChange: TypeAlias = Callable[[JsonObject], JsonValue]
#: The chunks of a stream to others.
ChunkChange: TypeAlias = Callable[[Iterable[JsonObject]], Iterator[JsonValue]]


def _same(body: JsonObject) -> JsonValue:
    return body


@dataclass(frozen=True, slots=True, kw_only=True)
class Reshape:
    """A change to what a dialect has rendered, so that it is the same in each of them."""

    whole: BodyChange = _same
    pieces: ChunkChange = iter
    #: Where it adds reasoning: which. A dialect that has reasoning of its own writes it itself.
    thought: str = ""


#: Nothing is changed.
AS_IS = Reshape()


def choices_of(body: JsonObject) -> list[tuple[JsonValue, JsonObject]]:
    """The choices of a body, each with its index."""
    found = body.get("choices")
    choices = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    return [(choice.get("index"), choice) for choice in choices]


def on_bodies(change: Callable[[JsonObject], None]) -> BodyChange:
    """A change to a whole body, or to one chunk."""

    def apply(body: JsonObject) -> JsonValue:
        change(body)
        return body

    return apply


def on_messages(change: Callable[[JsonObject], None]) -> BodyChange:
    """A change to the message of each choice."""
    return on_bodies(lambda body: _on_parts(body, "message", change))


def on_deltas(change: Callable[[JsonObject], None]) -> ChunkChange:
    """A change to each delta of each chunk."""

    def apply(chunks: Iterable[JsonObject]) -> Iterator[JsonValue]:
        for chunk in chunks:
            _on_parts(chunk, "delta", change)
            yield chunk

    return apply


def on_parts(change: Callable[[JsonObject], None]) -> Reshape:
    """A change to each message, and the same to each delta."""
    return Reshape(whole=on_messages(change), pieces=on_deltas(change))


def _on_parts(body: JsonObject, name: str, change: Callable[[JsonObject], None]) -> None:
    for _, choice in choices_of(body):
        part = choice.get(name)
        if isinstance(part, dict):
            change(part)
