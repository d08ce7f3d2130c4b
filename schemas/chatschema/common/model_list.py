"""The models that an endpoint serves."""

from typing import Literal

from chatschema.core.base import Integer, NonEmpty, Strict

__all__ = ["Model", "ModelList"]


class Model(Strict):
    """One model, and the answer to `GET /models/{id}`."""

    id: NonEmpty
    """Model id, as requests name it."""
    object: Literal["model"]
    """Object type, always `model`."""
    created: Integer
    """Creation time, in seconds since 1970."""
    owned_by: str
    """Organization that owns the model."""
    shutdown_date: str | None = None
    """The day on which it is taken away, as `2027-01-31`."""


class ModelList(Strict):
    """The answer to `GET /models`."""

    object: Literal["list"]
    """Object type, always `list`."""
    data: list[Model]
    """The models, in no order that means anything."""
