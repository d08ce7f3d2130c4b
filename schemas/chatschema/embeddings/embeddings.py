"""The answer to `POST /v1/embeddings`."""

from typing import Annotated, Literal

from pydantic import Field

from chatschema.core.base import NonNegative, Strict

from .vector import Vector, decoded

__all__ = ["MOST_INPUTS", "Embedding", "Embeddings", "EmbeddingsUsage"]

#: OpenAI takes 2,048 inputs at once; other servers take what they have memory for.
MOST_INPUTS = 100_000


class Embedding(Strict):
    """The vector of one input."""

    object: Literal["embedding"]
    """Object type, always `embedding`."""
    index: NonNegative
    """Index of the input."""
    embedding: Vector
    """Numbers, or base64 of little-endian float32 where that was asked for."""


class EmbeddingsUsage(Strict):
    """Token counts; that the total is not less than its part is the rule `embeddings.usage`."""

    prompt_tokens: NonNegative
    """Tokens of all inputs."""
    total_tokens: NonNegative
    """Same as `prompt_tokens`: there is no completion."""


class Embeddings(Strict):
    """The vectors of all inputs."""

    object: Literal["list"]
    """Object type, always `list`."""
    data: Annotated[list[Embedding], Field(max_length=MOST_INPUTS)]
    """One vector for each input."""
    model: str
    """The model that made them."""
    usage: EmbeddingsUsage | None = None
    """Token usage."""

    def vectors(self) -> list[list[float]]:
        """The numbers of each vector, in the order of the inputs, whichever form they came in."""
        ordered = sorted(self.data, key=lambda one: one.index)
        return [decoded(one.embedding) for one in ordered]
