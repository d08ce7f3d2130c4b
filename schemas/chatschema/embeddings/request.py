"""The body of `POST /v1/embeddings`."""

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from chatschema.common.sampling import AtLeastOne, input_form
from chatschema.core.base import NonEmpty, NonNegative, Strict

__all__ = ["EmbeddingsRequest", "Input"]

#: OpenAI's limits: of inputs, and of the tokens of one.
_MOST = 2048
_MOST_TOKENS = 8192

_Tokens = Annotated[list[NonNegative], Field(min_length=1, max_length=_MOST_TOKENS)]


#: A text, several texts, or their tokens. OpenAI takes an empty text, whatever the specification says.
Input = Annotated[
    Annotated[str, Tag("<text>")]
    | Annotated[list[str], Field(min_length=1, max_length=_MOST), Tag("<texts>")]
    | Annotated[_Tokens, Tag("<tokens>")]
    | Annotated[list[_Tokens], Field(min_length=1, max_length=_MOST), Tag("<token lists>")],
    Discriminator(input_form),
]


class EmbeddingsRequest(Strict):
    """What a client asks."""

    model: NonEmpty
    """The model to use."""
    input: Input
    """The texts to embed."""
    encoding_format: Literal["float", "base64"] | None = None
    """Encoding of the vectors: numbers, or base64 of little-endian float32, which is a third as long."""
    dimensions: AtLeastOne | None = None
    """Number of dimensions of the vector."""
    user: str | None = None
    """Identifier of the end user, chosen by the client."""
