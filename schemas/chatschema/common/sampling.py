"""What requests for a chat and for a completion have in common: how to sample, when to stop, how to send.

OpenAI takes null for a member that is absent (`tools`, `response_format` and `seed` in recorded requests), so null is
a value of nearly all of them.
"""

from typing import Annotated, Any, cast

from pydantic import Discriminator, Field, Tag

from chatschema.core.base import NonEmpty, Strict, Whole

__all__ = ["AtLeastOne", "Sampling", "StreamOptions", "input_form"]

#: A limit that leaves room for something.
AtLeastOne = Annotated[int, Whole(ge=1)]


class StreamOptions(Strict):
    """Options of a streamed answer."""

    include_usage: bool | None = None
    """A last chunk with the token counts."""
    include_obfuscation: bool | None = None
    """Add random padding to each chunk, which hides the length of its text."""


def input_form(value: Any) -> str:
    """A list is what its first item is; an empty one is a list of texts."""
    if not isinstance(value, list):
        return "<text>"
    match cast("list[object]", value):
        case [list(), *_]:
            return "<token lists>"
        case [str(), *_] | []:
            return "<texts>"
        case _:
            return "<tokens>"


def _stop_form(value: Any) -> str:
    return "<list>" if isinstance(value, list) else "<text>"


#: A text, or up to four. OpenAI takes an empty list (30 of 30 recorded requests).
_Stop = Annotated[
    Annotated[str, Tag("<text>")] | Annotated[list[str], Field(max_length=4), Tag("<list>")],
    Discriminator(_stop_form),
]
_Penalty = Annotated[float, Field(ge=-2, le=2, allow_inf_nan=False)]
_Bias = Annotated[float, Field(ge=-100, le=100, allow_inf_nan=False)]


class Sampling(Strict):
    """Members of both requests; what they owe each other are rules."""

    model: NonEmpty
    """The model to use."""
    temperature: Annotated[float, Field(ge=0, le=2, allow_inf_nan=False)] | None = None
    """0 takes the likeliest token."""
    top_p: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | None = None
    """Sample among the tokens that make up this probability."""
    n: Annotated[int, Whole(ge=1, le=128)] | None = None
    """Number of choices to generate."""
    seed: Annotated[int, Whole(ge=-(2**63), le=2**63 - 1)] | None = None
    """Sampling seed: the same seed gives the same answer, as far as the server can."""
    presence_penalty: _Penalty | None = None
    """Above 0, tokens that came already are less likely."""
    frequency_penalty: _Penalty | None = None
    """Above 0, tokens that came often are less likely."""
    logit_bias: dict[str, _Bias] | None = None
    """Bias by token id: how much likelier it becomes."""
    stop: _Stop | None = None
    """Stop sequences: texts that end the answer and are not part of it."""
    stream: bool | None = None
    """Stream the answer as server-sent events."""
    stream_options: StreamOptions | None = None
    """Options of a streamed answer."""
    user: str | None = None
    """Identifier of the end user, chosen by the client."""
