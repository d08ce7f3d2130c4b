"""Ways into parsed JSON that pass over whatever has the wrong shape."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias, TypeGuard

from .violation import JsonObject, JsonValue

__all__ = ["Found", "objects", "whole"]

#: A JSON path and the object that stands there.
Found: TypeAlias = tuple[str, JsonObject]


def objects(holder: Mapping[str, JsonValue], name: str, *, at: str = "$") -> Iterator[Found]:
    """The objects in the list `holder[name]`, each with its path."""
    items = holder.get(name)
    for index, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, dict):
            yield f"{at}.{name}[{index}]", item


def whole(value: JsonValue) -> TypeGuard[int]:
    """Whether JSON Schema would call it an integer (`3` and `3.0`, not `true`)."""
    if isinstance(value, float):
        return value.is_integer()
    return isinstance(value, int) and not isinstance(value, bool)
