"""What every dialect changes: the objects of an answer, one function each, for chat and for text completions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from chatfake.core.json_text import JsonObject
from chatfake.dialects.format.chunk import Beat, Fragments
from chatfake.dialects.format.completion import Spoken

__all__ = ["Ground"]

S = TypeVar("S", bound=Spoken)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground(Generic[S]):
    """OpenAI's manner. `choice` and `piece` have no message and no delta yet where they are objects of their own."""

    whole: Callable[[S], JsonObject]  #: of a JSON answer, without its choices and usage
    choice: Callable[[S, int], JsonObject]
    chunk: Callable[[S], JsonObject]  #: of a stream, without its choices and usage
    beats: Callable[[S, int, Fragments], tuple[Beat, ...]]
    piece: Callable[[Beat], JsonObject]
    usage: Callable[[S], JsonObject]
