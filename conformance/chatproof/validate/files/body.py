"""What is found in a file: bodies to judge, and what there is instead of one."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from chatschema import JsonValue

__all__ = [
    "ITEM_LIMIT",
    "Body",
    "Item",
    "Place",
    "Reason",
    "Skipped",
    "Unreadable",
    "is_like_an_answer",
    "where",
]

#: Bytes: the largest body that is judged. 2,048 embeddings of 3,072 numbers, the most that can be asked for, are less.
ITEM_LIMIT = 64 * 1024 * 1024


class Reason(StrEnum):
    """Why something is no body to judge, in the words of the summary."""

    ROUTE = "of another route"
    NO_BODY = "without a recorded body"
    NO_ANSWER = "no answer of the API (a redirect, HEAD, OPTIONS)"
    CUT = "cut off while it was recorded"
    REQUEST = "a request"
    UNKNOWN = "of no known kind"
    FORMAT = "of no known format"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an item stands."""

    file: str  #: as the user named it
    item: str = ""  #: such as `line 3`, `interaction 2`, `[0]`; empty where the file holds nothing else
    line: int = 1  #: of the unpacked file, from 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """One body, and what its container knows about it."""

    place: Place
    data: (
        bytes | str | JsonValue
    )  #: bytes and text as they were sent; anything else was parsed by the recorder
    method: str = ""
    url: str = ""  #: whole or a path; never shown, for it can hold a key
    status: int | None = None
    content_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """There is no body to judge, and that is nobody's fault."""

    place: Place
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """Something that cannot be judged."""

    place: Place
    why: str
    is_text: bool = False  #: it may be no recording at all: a text, a configuration with comments


Item: TypeAlias = Body | Skipped | Unreadable


#: Members that answers have and configuration files do not, and a body that names itself.
_TELLING = re.compile(
    rb'"(?:choices|finish_reason|usage|generated_text|output|embedding)"\s*:'
    rb'|"object"\s*:\s*"(?:chat\.completion(?:\.chunk)?|text_completion|response)"'
)
_LOOKED_AT = 64 * 1024


def is_like_an_answer(data: bytes) -> bool:
    """Whether what is no JSON may have been an answer before it was cut."""
    return bool(_TELLING.search(data[:_LOOKED_AT]))


def where(place: Place) -> str:
    """A place in the form that editors and terminals open: `file:12`, and which item that is."""
    if not place.item:
        return place.file if place.line == 1 else f"{place.file}:{place.line}"
    item = "" if place.item == f"line {place.line}" else f" {place.item}"
    return f"{place.file}:{place.line}{item}"
