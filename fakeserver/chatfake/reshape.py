"""What a scenario does to the finished JSON of an answer: shapes that no reply can have by itself."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from chatfake.jsontext import JsonObject, JsonValue

#: One JSON body to another; it may change its argument, which nobody else holds.
Whole: TypeAlias = Callable[[JsonObject], JsonValue]
#: The chunks of a stream to others.
Pieces: TypeAlias = Callable[[Iterable[JsonObject]], Iterator[JsonValue]]


def _same(body: JsonObject) -> JsonValue:
    return body


def _all(chunks: Iterable[JsonObject]) -> Iterator[JsonValue]:
    yield from chunks


@dataclass(frozen=True, slots=True, kw_only=True)
class Reshape:
    """Applied after the dialect, so that it holds in each of them."""

    whole: Whole = _same
    pieces: Pieces = _all


#: Nothing is changed.
AS_IS = Reshape()
