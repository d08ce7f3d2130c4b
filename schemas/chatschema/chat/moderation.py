"""What moderation found in a request and in its answer, where the request asked for it."""

from typing import Annotated, Literal

from pydantic import Field

from chatschema.core.base import Strict, Tagged

__all__ = ["Moderation", "ModerationFailure", "ModerationResult", "ModerationResults"]

Score = Annotated[float, Field(allow_inf_nan=False)]


class ModerationResult(Strict):
    """Moderation result of one text."""

    flagged: bool
    """Whether any category was found."""
    categories: dict[str, bool]
    """By category: whether it was found."""
    category_scores: dict[str, Score]
    """By category: the score, from 0 to 1."""
    category_applied_input_types: dict[str, list[str]]
    """By category: the input types that were checked (text, image)."""


class ModerationResults(Strict):
    """Moderation results of the input or of the output."""

    type: Literal["moderation_results"]
    """Type, always `moderation_results`."""
    model: str
    """The moderation model that was used."""
    results: list[ModerationResult]
    """The results."""


class ModerationFailure(Strict):
    """Moderation failed: the content was not checked."""

    type: Literal["error"]
    """Type, always `error`."""
    code: str
    """A short name of the error."""
    message: str
    """Error message."""


_Side = Annotated[ModerationResults | ModerationFailure, Tagged("type")]


class Moderation(Strict):
    """Moderation results of the input and of the output."""

    input: _Side
    """Of what was asked."""
    output: _Side
    """Of what was answered."""
