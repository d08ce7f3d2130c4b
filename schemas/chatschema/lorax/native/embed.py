"""Embeddings, on the native route and on the OpenAI one, whose answer is not OpenAI's."""

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from chatschema.core.base import NonNegative, Strict
from chatschema.lorax.adapters import AdapterChoice
from chatschema.lorax.either import LIST, TEXT, text_or_list
from chatschema.lorax.numbers import Finite, Int32

__all__ = ["EmbedRequest", "EmbedResponse", "LoraxEmbedding", "LoraxEmbeddings", "LoraxEmbeddingsRequest"]


class EmbedRequest(Strict):
    """The body of `POST /embed`."""

    inputs: str
    """The text."""
    parameters: AdapterChoice | None = None
    """The adapter to use."""


class EmbedResponse(Strict):
    """The answer of `POST /embed`."""

    embeddings: list[Finite]
    """A single vector, despite the plural name."""


#: A list is several texts; anything else has to be one.
_Input = Annotated[
    Annotated[str, Tag(TEXT)] | Annotated[list[str], Field(min_length=1), Tag(LIST)],
    Discriminator(text_or_list),
]


class LoraxEmbeddingsRequest(Strict):
    """The body of `POST /v1/embeddings`. OpenAI's members but `input` are read and ignored."""

    input: _Input
    """The text, or texts; token numbers are refused."""
    model: str
    """Required, but ignored: the adapter is named in `parameters`."""
    encoding_format: str | None = None
    """Accepted and ignored."""
    dimensions: Int32 | None = None
    """Accepted and ignored."""
    user: str | None = None
    """Accepted and ignored."""
    parameters: AdapterChoice | None = None
    """The adapter to use."""


class LoraxEmbedding(Strict):
    """The vector of one text."""

    index: NonNegative
    """Index of the text."""
    embedding: list[Finite]
    """The embedding vector."""
    object: Literal["embedding"]
    """Always "embedding"."""


class LoraxEmbeddings(Strict):
    """The answer of `POST /v1/embeddings`: no `data`, no `object`, no usage; OpenAI's SDK finds nothing in it."""

    embeddings: list[LoraxEmbedding]
    """One for each text, in order."""
