"""How errors look: what a server says in place of OpenAI's error object, and under which status."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from chatfake.core.api_error import ApiError
from chatfake.core.http import Headers
from chatfake.core.json_text import JsonObject, JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedError:
    """One error on the wire. A payload that is a string is sent as that text, not as JSON; an empty one is no body."""

    status: int
    payload: JsonValue
    text_type: str = "text/plain; charset=utf-8"  #: the content type of a text
    headers: Headers = ()


#: From what is wrong to how it is told.
Errors: TypeAlias = Callable[[ApiError], RenderedError]


def openai_error(error: ApiError) -> RenderedError:
    """OpenAI's error object."""
    return RenderedError(status=error.status, payload=error.payload)


def openai_event(error: ApiError) -> JsonObject:
    """The same as the data of an event."""
    return error.payload
