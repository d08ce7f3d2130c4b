"""Which members the models know, read off the models; everything else in a value is an extension."""

from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any, cast, get_args

from pydantic import BaseModel

from .violation import MOST
from .words import json_path

__all__ = ["extensions", "models_in"]

_Place = tuple[str | int, ...]


def extensions(value: object, model: type[BaseModel]) -> tuple[str, ...]:
    """JSON paths of the members that `model` does not know, in order (the first 100).

    Works on a value of any shape, so that a refused answer has its extensions listed too. `value` must not be
    deeper than `json_text.MAX_DEPTH`; recursion follows the model anyway, and ours are some six levels.
    """
    return tuple(json_path(place) for place in islice(_unknown(value, (model,), ()), MOST))


def _unknown(value: object, models: tuple[type[BaseModel], ...], place: _Place) -> Iterator[_Place]:
    if isinstance(value, list):
        for index, item in enumerate(cast("list[object]", value)):
            yield from _unknown(item, models, (*place, index))
    elif isinstance(value, dict):
        fields = _fields(models)
        for name, member in cast("dict[str, object]", value).items():
            inner = fields.get(name)
            if inner is None:
                yield (*place, name)
            elif inner:
                yield from _unknown(member, inner, (*place, name))


@cache
def _fields(models: tuple[type[BaseModel], ...]) -> dict[str, tuple[type[BaseModel], ...]]:
    found: dict[str, tuple[type[BaseModel], ...]] = {}
    for model in models:
        for name, info in model.model_fields.items():
            found[name] = found.get(name, ()) + models_in(info.annotation)
    return found


def models_in(annotation: Any) -> tuple[type[BaseModel], ...]:
    """The models inside an annotation: `list[A | B] | None` has A and B."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return (annotation,)
    return tuple(model for part in get_args(annotation) for model in models_in(part))
