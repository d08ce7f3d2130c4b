"""The models that an endpoint serves."""

from typing import Literal

from .base import Integer, NonEmpty, Strict

__all__ = ["Model", "ModelList"]


class Model(Strict):
    """One model."""

    id: NonEmpty
    object: Literal["model"]
    created: Integer
    owned_by: str


class ModelList(Strict):
    """The answer to `GET /models`."""

    object: Literal["list"]
    data: list[Model]
