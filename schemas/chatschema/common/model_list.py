"""The models that an endpoint serves."""

from typing import Literal

from chatschema.core.base import Integer, NonEmpty, Strict

__all__ = ["Model", "ModelList"]


class Model(Strict):
    """One model, and the answer to `GET /models/{id}`."""

    id: NonEmpty
    """The name that a request says."""
    object: Literal["model"]
    """What it is."""
    created: Integer
    """When it was made, in seconds since 1970."""
    owned_by: str
    """Who made it."""
    shutdown_date: str | None = None
    """The day on which it is taken away, as `2027-01-31`."""


class ModelList(Strict):
    """The answer to `GET /models`."""

    object: Literal["list"]
    """What it is."""
    data: list[Model]
    """The models, in no order that means anything."""
