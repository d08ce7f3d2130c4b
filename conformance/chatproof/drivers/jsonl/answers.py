"""What a client's driver answers: one JSON object a line, with exactly one of five members beside its `id`.

What is null counts as not there; only a `reply` can be null, where nothing else is said.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

__all__ = [
    "SAYS",
    "Ability",
    "Answer",
    "Cannot",
    "Done",
    "Failed",
    "InvalidAnswerError",
    "Piece",
    "Replied",
    "answer_of",
    "is_answer",
]


class InvalidAnswerError(ValueError):
    """A line is meant as an answer, and is none; the text goes on "the driver's answer …"."""


class Ability(StrEnum):
    """What a client can do besides `say`."""

    AGAIN = "again"
    CANCEL = "cancel"
    CLEAR = "clear"
    CONVERSATION = "conversation"  #: it has several, each under a name
    FORK = "fork"
    LOAD = "load"
    OLDER = "older"
    RESTART = "restart"
    SAY = "say"  #: which goes without saying
    STREAM = "stream"  #: it streams where it is asked to
    WINDOW = "window"


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    id: Annotated[int, Field(ge=1, description="That of the request.")]

    @field_validator("id", mode="before")
    @classmethod
    def _whole(cls, value: Any) -> Any:
        """1.0 is what some languages write for 1, and an integer for JSON Schema."""
        return int(value) if isinstance(value, float) and value.is_integer() else value


class Done(_Line):
    """It is done. To `open`: `can` says what the client is able to; to an ask that gave pieces: these are its reply."""

    ok: Literal[True]
    can: Annotated[
        list[Annotated[Ability, Field(strict=False)]] | None,
        Field(description="To `open`: what is not in it is not asked for. `say` goes without saying."),
    ] = None
    reply: None = None
    error: None = None
    piece: None = None
    cannot: None = None


class Replied(_Line):
    """The ask came back with this; null: with nothing, as some clients do where a round failed.

    What is no text is told, and counts as none.
    """

    reply: Any
    ok: None = None
    error: None = None
    piece: None = None
    cannot: None = None


class Failed(_Line):
    """It failed, and the caller was told so: the text says how. To `open`: there is no client."""

    error: str
    ok: None = None
    reply: None = None
    piece: None = None
    cannot: None = None


class Piece(_Line):
    """A piece of a reply that is streamed. Another answer follows."""

    piece: str
    ok: None = None
    reply: None = None
    error: None = None
    cannot: None = None


class Cannot(_Line):
    """The client has no such thing; the text says what it would need."""

    cannot: str
    ok: None = None
    reply: None = None
    error: None = None
    piece: None = None


Answer: TypeAlias = Done | Replied | Failed | Piece | Cannot
"""Any of them."""

SAYS: Mapping[str, type[Answer]] = {
    "ok": Done,
    "reply": Replied,
    "error": Failed,
    "piece": Piece,
    "cannot": Cannot,
}
"""What an answer is, by its member."""

_FORM = 'one of "ok", "reply", "error", "piece" and "cannot"'

_EXPECTED: Mapping[str, str] = {
    "id": "the number of a request",
    "ok": "true",
    "can": f"a list of {', '.join(Ability)}",
}


def is_answer(value: Mapping[str, Any]) -> bool:
    """Whether an object is meant as one, or is what was asked: everything else that is printed is the client's own."""
    return "id" in value and (not SAYS.keys().isdisjoint(value) or _says_nothing(value) or _is_request(value))


def _says_nothing(value: Mapping[str, Any]) -> bool:
    """What a language leaves of a reply that is undefined, or of an answer whose ok was forgotten."""
    return value.keys() <= {"id", "can"}


def _is_request(value: Mapping[str, Any]) -> bool:
    return value.get("op") == "open" and "base_url" in value


def answer_of(value: Mapping[str, Any]) -> Answer:
    """An answer.

    Raises:
        InvalidAnswerError: it is none.
    """
    if _is_request(value) and SAYS.keys().isdisjoint(value):
        raise InvalidAnswerError("is what it was asked: it gives its standard input back")
    said = [name for name in SAYS if value.get(name) is not None] or [
        name for name in ("reply",) if name in value
    ]
    if len(said) != 1:
        if said:
            raise InvalidAnswerError(f"has {' and '.join(said)} at once: it is {_FORM}")
        raise InvalidAnswerError(f"says nothing: it is {_FORM}, and a reply that is not there is null")
    try:
        return SAYS[said[0]].model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        raise InvalidAnswerError(_told(str(first["loc"][0]), value)) from None


def _told(name: str, value: Mapping[str, Any]) -> str:
    given = value.get(name)
    listed: list[Any] = [*given] if isinstance(given, list) else []
    for one in listed:
        if isinstance(one, str) and one not in tuple(Ability):
            near = get_close_matches(one, tuple(Ability), n=3) or tuple(Ability)
            return f"names {one!r:.100} in can, which nothing is called; near are {', '.join(near)}"
    return f"has {name} {given!r:.100}: it is {_EXPECTED.get(name, 'a text')}"
