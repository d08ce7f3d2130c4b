"""The error of every LoRAX route, its OpenAI routes included: flat, and under HTTP 200 where it is a stream's event."""

from chatschema.core.base import NonEmpty, Strict

__all__ = ["LoraxError"]


class LoraxError(Strict):
    """Error message."""

    error: NonEmpty
    """Error message."""
    error_type: NonEmpty
    """validation, generation, overloaded, incomplete_generation and others; lorax-client raises by it."""
