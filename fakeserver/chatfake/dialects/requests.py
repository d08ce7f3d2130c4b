"""Which requests a server refuses, in its own words. Without any, OpenAI's rules hold."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from chatfake.jsontext import JsonValue
from chatfake.refusal import Refusal
from chatfake.validation.completions import completion_refusal
from chatfake.validation.embeddings import embedding_refusal
from chatfake.validation.rules import refusal_of

__all__ = ["Refuse", "Requests"]

#: From a parsed body and the context length to what is wrong with it.
Refuse: TypeAlias = Callable[[JsonValue, int], Refusal | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """The rules of each route."""

    chat: Refuse = refusal_of
    completions: Refuse = completion_refusal
    embeddings: Refuse = embedding_refusal
