"""What moderation found in a request and in its answer, where the request asked for it."""

from typing import Annotated, Literal

from pydantic import Field

from chatschema.core.base import Strict, Tagged

__all__ = ["Moderation", "ModerationFailure", "ModerationResult", "ModerationResults"]

Score = Annotated[float, Field(allow_inf_nan=False)]


class ModerationResult(Strict):
    """The findings in one text."""

    flagged: bool
    """Whether any category was found."""
    categories: dict[str, bool]
    """Whether each was found."""
    category_scores: dict[str, Score]
    """How sure the model is of each, from 0 to 1."""
    category_applied_input_types: dict[str, list[str]]
    """What each was looked for in: text, image."""


class ModerationResults(Strict):
    """All findings of one side."""

    type: Literal["moderation_results"]
    """What it is."""
    model: str
    """The model that looked."""
    results: list[ModerationResult]
    """Its findings."""


class ModerationFailure(Strict):
    """Nobody looked."""

    type: Literal["error"]
    """What it is."""
    code: str
    """A short name of the error."""
    message: str
    """What went wrong."""


_Side = Annotated[ModerationResults | ModerationFailure, Tagged("type")]


class Moderation(Strict):
    """Both sides."""

    input: _Side
    """Of what was asked."""
    output: _Side
    """Of what was answered."""
