"""What stands beside a text and says where parts of it come from."""

from typing import Annotated, Literal

from chatschema.core.base import NonNegative, Strict, Tagged

__all__ = ["Annotation", "OtherAnnotation", "UrlAnnotation", "UrlCitation"]


class UrlCitation(Strict):
    """A page that a part of the text rests on."""

    url: str
    """The page's address."""
    title: str
    """The page's title."""
    start_index: NonNegative
    """The first character of the part."""
    end_index: NonNegative
    """The character after its last."""


class UrlAnnotation(Strict):
    """A citation of a page."""

    type: Literal["url_citation"]
    """Type, always `url_citation`."""
    url_citation: UrlCitation
    """The page."""


class OtherAnnotation(Strict):
    """An annotation that the specification does not have: OpenRouter tells of files in this way."""

    type: str
    """Type of the annotation."""


#: `type` decides which.
Annotation = Annotated[UrlAnnotation, Tagged("type", other=OtherAnnotation)]
