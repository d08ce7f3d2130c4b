"""How errors look: what a server says in place of OpenAI's error object, and under which status."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from chatfake.core.api_error import ApiError
from chatfake.core.http import Headers
from chatfake.core.json_text import JsonValue

__all__ = [
    "Errors",
    "RenderedError",
    "is_unknown_url",
    "is_wrong_method",
    "openai_error",
    "quoted_model",
    "requested_url",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedError:
    """One error on the wire. A payload that is a string is sent as that text, not as JSON; an empty one is no body."""

    status: int
    payload: JsonValue
    text_type: str = "text/plain; charset=utf-8"  #: the content type of a text
    headers: Headers = ()


#: From what is wrong to how it is told.
Errors: TypeAlias = Callable[[ApiError], RenderedError]


def openai_error(refusal: ApiError) -> RenderedError:
    """OpenAI's error object."""
    return RenderedError(status=refusal.status, payload=refusal.payload)


def is_unknown_url(refusal: ApiError) -> bool:
    """Whether there is no such route (and not just no such model)."""
    return refusal.status == 404 and refusal.code is None


def is_wrong_method(refusal: ApiError) -> bool:
    """Whether the route takes other methods."""
    return refusal.status == 405


def quoted_model(refusal: ApiError) -> str:
    """The name in the refusal of a model that is not served."""
    return refusal.message.partition("`")[2].partition("`")[0]


def requested_url(refusal: ApiError) -> str:
    """Method and path in the refusal of an unknown URL or a wrong method."""
    text = refusal.message.partition(" (HINT")[0].removeprefix("Not allowed to ").replace(" on ", " ", 1)
    return text.removeprefix("Invalid URL (").removesuffix(")") if is_unknown_url(refusal) else text


def context_tokens(refusal: ApiError) -> tuple[int, int, int]:
    """Of a prompt that is too long: the context's length, the prompt's, and what was asked for beside it."""
    limit, *others = (int(number) for number in re.findall(r"\d+", refusal.message))
    if len(others) == 1:
        return limit, others[0], 0
    return limit, others[1], others[2]
