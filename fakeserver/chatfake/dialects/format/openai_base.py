"""What every dialect changes: the objects of an answer, one function each, for chat and for text completions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from chatfake.core.json_text import JsonObject
from chatfake.dialects.format.chunk import Chunk, Fragments
from chatfake.dialects.format.completion import Completion

S = TypeVar("S", bound=Completion)


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseFormat(Generic[S]):
    """OpenAI's objects. `choice` and `piece` have no message and no delta yet where they are objects of their own."""

    whole: Callable[[S], JsonObject]  #: of a JSON answer, without its choices and usage
    choice: Callable[[S, int], JsonObject]
    chunk: Callable[[S], JsonObject]  #: of a stream, without its choices and usage
    chunks: Callable[[S, int, Fragments], tuple[Chunk, ...]]
    piece: Callable[[Chunk], JsonObject]
    usage: Callable[[S], JsonObject]
