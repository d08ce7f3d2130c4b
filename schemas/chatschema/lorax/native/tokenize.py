"""A text in tokens."""

from pydantic import ConfigDict, RootModel

from chatschema.core.base import NonNegative, Strict

__all__ = ["TokenPiece", "TokenPieces", "TokenizeRequest"]


class TokenizeRequest(Strict):
    """The body of `POST /tokenize`."""

    inputs: str
    """The text."""
    add_special_tokens: bool | None = None
    """Whether to add the marks around it; true by default."""


class TokenPiece(Strict):
    """One token."""

    id: NonNegative
    """Token id."""
    text: str
    """The vocabulary's piece, which may mark spaces in its own way."""
    start: NonNegative
    """The first character of the text that it covers."""
    stop: NonNegative
    """The character after the last; 0 to 0 is a mark that covers none."""


class TokenPieces(RootModel[list[TokenPiece]]):
    """The answer of `POST /tokenize`."""

    model_config = ConfigDict(strict=True, defer_build=True)
