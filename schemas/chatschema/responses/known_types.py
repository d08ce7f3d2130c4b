"""The types of things: what one says it is, and which texts a tagged union knows."""

from typing import Any, cast, get_args

from pydantic import BaseModel

from chatschema.core.violation import JsonObject

__all__ = ["models_by_type", "type_of", "types_of"]


def type_of(value: JsonObject) -> str:
    """What a thing says it is; the empty text where it does not."""
    kind = value.get("type")
    return kind if isinstance(kind, str) else ""


def types_of(union: Any) -> frozenset[str]:
    """The texts that `type` may have in the models of `Annotated[A | B, Tagged("type")]`."""
    return frozenset(models_by_type(union))


def models_by_type(union: Any) -> dict[str, type[BaseModel]]:
    """The models of such a union, each by all texts that its `type` may have."""
    models = cast("tuple[type[BaseModel], ...]", get_args(get_args(union)[0]))
    return {text: model for model in models for text in get_args(model.model_fields["type"].annotation)}
