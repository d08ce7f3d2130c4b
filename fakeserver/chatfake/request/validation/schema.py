"""Whether a JSON object can be a JSON Schema: the keywords that are read have values they may have."""

from collections.abc import Iterator

from chatfake.core.json_text import JsonObject, JsonValue, dump

TYPES = ("object", "array", "string", "number", "integer", "boolean", "null")
_SCHEMA = ("additionalProperties", "not", "if", "then", "else", "contains", "propertyNames")
_SCHEMAS = ("allOf", "anyOf", "oneOf", "prefixItems")
_NAMED = ("properties", "$defs", "definitions", "patternProperties")
_COUNTS = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")
_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")


def unknown_type(schema: JsonValue) -> str:
    """The type that a schema has at its top where it is none, or nothing: some servers look no further."""
    kind = schema.get("type") if isinstance(schema, dict) else None
    return kind if isinstance(kind, str) and kind not in TYPES else ""


def schema_problem(schema: JsonObject) -> str | None:
    """What keeps it from being a JSON Schema, in the words of OpenAI's errors; None when nothing does."""
    return next(_problems(schema), None)


def _problems(schema: JsonValue) -> Iterator[str]:
    if isinstance(schema, bool):
        return
    if not isinstance(schema, dict):
        yield f"{dump(schema)[:80]} is not of type 'object', 'boolean'."
        return
    yield from _keywords(schema)
    for key in _SCHEMA:
        if key in schema:
            yield from _problems(schema[key])
    for key in (*_SCHEMAS, "items"):
        value = schema.get(key)
        if key in _SCHEMAS and key in schema and (not isinstance(value, list) or (not value)):
            yield f"{dump(value)[:80]} is not a non-empty array, as '{key}' must be."
        elif key == "items" and value is not None and not isinstance(value, list):
            yield from _problems(value)
        for one in value if isinstance(value, list) else []:
            yield from _problems(one)
    for key in _NAMED:
        value = schema.get(key, {})
        if not isinstance(value, dict):
            yield f"{dump(value)[:80]} is not of type 'object'."
            continue
        for one in value.values():
            yield from _problems(one)


def _keywords(schema: JsonObject) -> Iterator[str]:
    if "type" in schema:
        kind = schema["type"]
        for one in kind if isinstance(kind, list) and kind else [kind]:
            if one not in TYPES:
                yield f"{dump(kind)[:80]} is not valid under any of the given schemas."
    for key in _COUNTS:
        value = schema.get(key, 0)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            yield f"{dump(value)[:80]} is not a valid value of '{key}'."
    for key in _NUMBERS:
        value = schema.get(key, 0)
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield f"{dump(value)[:80]} is not of type 'number'."
    step = schema.get("multipleOf", 1)
    if isinstance(step, bool) or not isinstance(step, int | float) or step <= 0:
        yield f"{dump(step)[:80]} is not a valid value of 'multipleOf'."
    required = schema.get("required", [])
    if not isinstance(required, list) or not all(isinstance(name, str) for name in required):
        yield f"{dump(required)[:80]} is not of type 'array' of strings."
    enum = schema.get("enum", [None])
    if not isinstance(enum, list) or not enum:
        yield f"{dump(enum)[:80]} is not a non-empty array, as 'enum' must be."
    for key in ("pattern", "$ref", "format"):
        if key in schema and not isinstance(schema[key], str):
            yield f"{dump(schema[key])[:80]} is not of type 'string'."
