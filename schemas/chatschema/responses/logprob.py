"""Log probabilities as the Responses API has them."""

from chatschema.core.base import Byte

from .body import Body
from .number import Number

__all__ = ["OutputLogprob", "RivalLogprob"]


class RivalLogprob(Body):
    """One of the likeliest tokens at a position. In a stream's events both members may be left out."""

    token: str | None = None
    logprob: Number | None = None
    bytes: list[Byte] | None = None


class OutputLogprob(Body):
    """The token that was sampled, and its rivals where they were asked for."""

    token: str
    logprob: Number
    bytes: list[Byte] | None = None
    top_logprobs: list[RivalLogprob] | None = None
