"""Named entities in a text."""

from typing import Annotated

from pydantic import ConfigDict, Field, RootModel

from chatschema.core.base import NonNegative, Strict
from chatschema.lorax.numbers import Finite

__all__ = ["ClassifyBatchRequest", "ClassifyRequest", "Entities", "Entity", "EntityLists"]


class ClassifyRequest(Strict):
    """The body of `POST /classify`."""

    inputs: str
    """The text."""


class ClassifyBatchRequest(Strict):
    """The body of `POST /classify_batch`."""

    inputs: Annotated[list[str], Field(min_length=1)]
    """The texts; none at all gets 500."""


class Entity(Strict):
    """One entity."""

    entity_group: str
    """What it is, such as PER."""
    score: Finite
    """Score of the classification, from 0 to 1."""
    word: str
    """Its text, A to Z in lower case."""
    start: NonNegative
    """Its first byte in the text's UTF-8."""
    end: NonNegative
    """The byte after its last."""


class Entities(RootModel[list[Entity]]):
    """The answer of `POST /classify`."""

    model_config = ConfigDict(strict=True, defer_build=True)


class EntityLists(RootModel[list[list[Entity]]]):
    """The answer of `POST /classify_batch`: a list for each text, in their order."""

    model_config = ConfigDict(strict=True, defer_build=True)
