"""Where a text says that it has something from."""

from typing import Annotated, Literal

from chatschema.core.base import NonNegative, Tagged

from .body import Body

__all__ = [
    "Annotation",
    "ContainerFileCitation",
    "FileCitation",
    "FilePath",
    "OtherAnnotation",
    "UrlCitation",
]


class FileCitation(Body):
    """A file that was searched."""

    type: Literal["file_citation"]
    file_id: str
    index: NonNegative | None = None
    filename: str | None = None


class UrlCitation(Body):
    """A page of the web. xAI gives no more than its address in 35 of 76 recorded citations."""

    type: Literal["url_citation"]
    url: str
    start_index: NonNegative | None = None
    end_index: NonNegative | None = None
    title: str | None = None


class ContainerFileCitation(Body):
    """A file that a tool made."""

    type: Literal["container_file_citation"]
    container_id: str
    file_id: str
    start_index: NonNegative | None = None
    end_index: NonNegative | None = None
    filename: str | None = None


class FilePath(Body):
    """A file to be downloaded."""

    type: Literal["file_path"]
    file_id: str
    index: NonNegative | None = None


class OtherAnnotation(Body):
    """An annotation of a kind that the contract does not know."""

    type: str


#: `type` decides which.
Annotation = Annotated[
    FileCitation | UrlCitation | ContainerFileCitation | FilePath, Tagged("type", other=OtherAnnotation)
]
