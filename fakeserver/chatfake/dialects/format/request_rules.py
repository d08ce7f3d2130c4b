"""Which requests a server refuses, in its own words. Without any, OpenAI's rules hold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from chatfake.core.api_error import ApiError, unknown_url
from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.request.validation.completions import completion_refusal
from chatfake.request.validation.embeddings import embedding_refusal
from chatfake.request.validation.rules import RULES, Rule, refusal_of

#: From a parsed body and the context length to what is wrong with it.
Refuse: TypeAlias = Callable[[JsonValue, int], ApiError | None]


def the_served(served: str) -> str:
    """Whatever is loaded speaks under its own name."""
    return served


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """The rules of each route."""

    chat: Refuse = refusal_of
    completions: Refuse = completion_refusal
    embeddings: Refuse = embedding_refusal
    #: How the members of a sound request are read; None: as OpenAI reads them.
    normalize: Callable[[JsonObject], JsonObject] | None = None
    #: The name under which an answer goes where a request names no model, by the name of the served one (`tiny` where
    #: any is served); None: it is refused.
    default_model: Callable[[str], str] | None = None
    #: The same where it names a model that is not served, by that name and the served one's.
    unknown_model: Callable[[str, str], str] | None = None


def changed(changes: Mapping[str, Rule | None]) -> tuple[Rule, ...]:
    """OpenAI's rules for chat with others in the place of some, and without those that are None."""
    return tuple(rule for rule in {**RULES, **changes}.values() if rule is not None)


def not_served(method: str, path: str) -> Refuse:
    """There is no such route here."""
    return lambda _, __: unknown_url(method, path)
