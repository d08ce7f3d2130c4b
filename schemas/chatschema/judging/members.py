"""Which members the models know, read off the models; everything else in a value is an extension."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, TypeAlias, cast, get_args, get_origin

from pydantic import BaseModel, RootModel

from chatschema.core.base import Tagged
from chatschema.core.describe import json_path
from chatschema.core.violation import MOST

__all__ = ["extensions", "models_in", "unknown_members"]

_Place: TypeAlias = tuple[str | int, ...]
_Models: TypeAlias = tuple[type[BaseModel], ...]
_HOLDERS = (dict, list)


def extensions(value: object, form: Any) -> tuple[str, ...]:
    """JSON paths of the members that `form` (a model, or an annotation over models) does not know, in order.

    The first 100. Works on a value of any shape, so that a refused answer has its extensions listed too. `value`
    must not be deeper than `json_text.MAX_DEPTH`; recursion follows the model anyway, and ours are some six levels.
    """
    return unknown_members(value, models_in(form))


def unknown_members(value: object, models: _Models) -> tuple[str, ...]:
    """`extensions`, where the models inside the form are known already."""
    found: list[_Place] = []
    _unknown(value, models, (), found)
    return tuple(json_path(place) for place in found)


def _unknown(value: object, models: _Models, place: _Place, found: list[_Place]) -> None:
    # most members are scalars: they are told apart before they cost a call
    if isinstance(value, list):
        for index, item in enumerate(cast("list[object]", value)):
            if isinstance(item, _HOLDERS):
                _unknown(cast("object", item), models, (*place, index), found)
                if len(found) >= MOST:
                    return
    elif isinstance(value, dict) and models:
        members = cast("dict[str, object]", value)
        fields = _fields(models if len(models) == 1 else _meant(members, models))
        for name, member in members.items():
            inner = fields.get(name)
            if inner is None:
                found.append((*place, name))
            elif inner and isinstance(member, _HOLDERS):
                _unknown(cast("object", member), inner, (*place, name), found)
            else:
                continue
            if len(found) >= MOST:
                return


def _meant(members: Mapping[str, object], models: _Models) -> _Models:
    """Those of a union that the value names itself; all of them where it names none."""
    meant: list[type[BaseModel]] = []
    for model in models:
        for name, texts in _literals(model):
            if name in members and members[name] not in texts:
                break
        else:
            meant.append(model)
    return tuple(meant) or models


@cache
def _literals(model: type[BaseModel]) -> tuple[tuple[str, tuple[Any, ...]], ...]:
    return tuple(
        (name, get_args(info.annotation))
        for name, info in model.model_fields.items()
        if get_origin(info.annotation) is Literal
    )


@cache
def _fields(models: _Models) -> dict[str, _Models]:
    found: dict[str, _Models] = {}
    for model in models:
        for field, info in model.model_fields.items():
            name = info.alias or field
            inner = (*models_in(info.annotation), *(one for extra in info.metadata for one in _other(extra)))
            found[name] = found.get(name, ()) + inner
    return found


def models_in(annotation: Any) -> _Models:
    """The models inside an annotation: `list[A | B] | None` has A and B."""
    if isinstance(annotation, type) and issubclass(annotation, RootModel):
        return models_in(annotation.model_fields["root"].annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return (annotation,)
    return _other(annotation) + tuple(model for part in get_args(annotation) for model in models_in(part))


def _other(metadata: Any) -> _Models:
    return (metadata.other,) if isinstance(metadata, Tagged) and metadata.other is not None else ()
