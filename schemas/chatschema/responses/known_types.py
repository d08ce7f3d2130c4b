"""The types of things: what one says it is, and which texts a tagged union knows."""

from typing import Any, get_args

from chatschema.violation import JsonObject

__all__ = ["type_of", "types_of"]


def type_of(value: JsonObject) -> str:
    """What a thing says it is; the empty text where it does not."""
    kind = value.get("type")
    return kind if isinstance(kind, str) else ""


def types_of(union: Any) -> frozenset[str]:
    """The texts that `type` may have in the models of `Annotated[A | B, Tagged("type")]`."""
    models = get_args(get_args(union)[0])
    return frozenset(text for model in models for text in get_args(model.model_fields["type"].annotation))
