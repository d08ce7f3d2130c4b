"""Members that have one of two JSON types: which branch a value is held to."""

from typing import Any

__all__ = ["LIST", "OBJECT", "TEXT", "text_or_list", "text_or_object"]

# in brackets, so that they are no members in a path; see `base.Tagged`
TEXT, LIST, OBJECT = "<text>", "<list>", "<object>"


def text_or_list(value: Any) -> str:
    """A list is held to the list's form, anything else to the text's."""
    return LIST if isinstance(value, list) else TEXT


def text_or_object(value: Any) -> str:
    """An object (or its model) is held to the object's form, anything else to the text's."""
    return TEXT if value is None or isinstance(value, str | int | float | list) else OBJECT
