"""The keywords that our schemas use, in the order in which they are written.

Nothing else may appear: a keyword that validators know and treat differently (`format`), or that only OpenAPI knows
(`discriminator`), would break what all validators agree on.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias, cast

__all__ = ["Schema", "arranged"]

#: One schema inside a document.
Schema: TypeAlias = dict[str, Any]

_ORDER = {
    keyword: place
    for place, keyword in enumerate(
        [
            *("$schema", "$id", "title", "description"),
            *("$ref", "type", "const", "enum"),
            *("minLength", "maxLength", "pattern"),
            *("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "multipleOf"),
            *("minItems", "maxItems", "items"),  # validators may stop at the first keyword that fails
            *("properties", "additionalProperties", "required", "minProperties", "maxProperties"),
            *("not", "anyOf", "oneOf", "allOf"),
            *("examples", "$defs"),
        ]
    )
}
#: Where schemas stand inside a schema: as the value, in a list, by name.
_ONE = {"items", "additionalProperties", "not"}
_LISTED = {"anyOf", "oneOf", "allOf"}
_NAMED = {"properties", "$defs"}
#: What a free JSON value is called; its schema is `{}`.
_FREE = {"$ref": "#/$defs/JsonValue"}


def arranged(schema: Schema) -> Schema:
    """The same schema, its keywords in order, free JSON as `{}`; `properties` stay in the order of the model.

    Raises ValueError for a keyword that is not ours.
    """
    if unknown := sorted(schema.keys() - _ORDER):
        raise ValueError(f"the keyword {unknown[0]} cannot be exported; constrain the member in another way")
    found = {keyword: _inner(keyword, schema[keyword]) for keyword in sorted(schema, key=_ORDER.__getitem__)}
    if "$ref" in found and found["$ref"] == _FREE["$ref"]:
        del found["$ref"]
    return found


def _inner(keyword: str, value: Any) -> Any:
    if keyword in _LISTED:
        return [arranged(item) for item in cast("list[Schema]", value)]
    if keyword in _NAMED:
        named = cast("Mapping[str, Schema]", value)
        if keyword == "$defs":
            return {name: _definition(named[name]) for name in sorted(named.keys() - {"JsonValue"})}
        return {name: arranged(schema) for name, schema in named.items()}
    if keyword in _ONE and isinstance(value, dict):
        return arranged(cast("Schema", value)) or _anything(keyword)
    if keyword == "description":
        return _flowing(value)
    return value


def _definition(schema: Schema) -> Schema:
    return arranged({keyword: value for keyword, value in schema.items() if keyword != "title"})


def _anything(keyword: str) -> Schema | bool:
    return True if keyword == "additionalProperties" else {}


def _flowing(text: str) -> str:
    """A docstring without the line ends that only its source has."""
    paragraphs = text.strip().split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
