"""The messages of a chat request. Calls of tools and their ids are ignored by the router: only role and text count."""

from typing import Annotated, Literal

from pydantic import Discriminator, Tag

from chatschema.core.base import Strict, Tagged
from chatschema.lorax.either import LIST, TEXT, text_or_list

__all__ = ["LoraxImagePart", "LoraxImageUrl", "LoraxMessage", "LoraxTextPart"]


class LoraxTextPart(Strict):
    """A text in a list of parts."""

    type: Literal["text"]
    """Always "text"."""
    text: str
    """The text; parts are joined with nothing between them."""


class LoraxImageUrl(Strict):
    """Location of an image."""

    url: str
    """A URL, or the data as a `data:` URL."""


class LoraxImagePart(Strict):
    """An image in a list of parts; the model sees it as Markdown."""

    type: Literal["image_url"]
    """Always "image_url"."""
    image_url: LoraxImageUrl
    """URL of the image."""


_Parts = list[Annotated[LoraxTextPart | LoraxImagePart, Tagged("type")]]
_Content = Annotated[
    Annotated[str, Tag(TEXT)] | Annotated[_Parts, Tag(LIST)],
    Discriminator(text_or_list),
]


class LoraxMessage(Strict):
    """One message."""

    role: str
    """Any text; the chat template decides which it knows."""
    content: _Content | None = None
    """A text, or parts; null and absent are the empty text."""
    name: str | None = None
    """Accepted and ignored."""
