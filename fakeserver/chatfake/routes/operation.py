"""What can be said of one operation of the fake, for its OpenAPI document."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Api(Enum):
    """The protocol that a route belongs to; the value is its tag."""

    OPENAI = "openai"
    LORAX = "lorax"
    FAKE = "fake"

    @property
    def prefix(self) -> str:
        """Before the path, in the document; the fake takes all routes with it and without."""
        return "/v1" if self is Api.OPENAI else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A parameter in the query or in the path."""

    name: str
    description: str
    type: str = "string"  #: of JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of a path. A member that is empty is left out of the document."""

    summary: str
    api: Api
    request: str = ""  #: the kind of its body
    answer: str = ""  #: the kind of a JSON answer
    event: str = ""  #: the kind of one event of a stream
    status: int = 200  #: of an answer that went well
    content_type: str = "application/json"  #: of an answer that is no stream
    refusals: Mapping[int, str] = field(
        default_factory=dict[int, str]
    )  #: other statuses, and when they are given
    error: str = "error"  #: the kind of their bodies
    query: tuple[Query, ...] = ()
    selects_plan: bool = False  #: it obeys the headers, paths and scripts that choose an answer
