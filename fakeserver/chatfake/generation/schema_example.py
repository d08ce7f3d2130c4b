"""A JSON value that fits a JSON Schema: the arguments of a call, the content of a structured reply.

The smallest sensible value is taken: `const`, else the first of `enum`, else what `type` says, within its
bounds. All declared members of an object are filled in, past `FULL_DEPTH` only the required ones, so recursive
schemas end. Understood: type (a list too), const, enum, properties, required, minProperties, items,
prefixItems, minItems, uniqueItems, minimum and maximum (exclusive too), multipleOf, minLength, maxLength,
pattern, format, allOf, anyOf, oneOf, local `$ref`. Not understood, and therefore not promised: not, if,
dependent members, patternProperties.
"""

import math
from fractions import Fraction

from chatfake.core.json_text import JsonObject, JsonValue, dump
from chatfake.generation.regex_example import regex_example

FULL_DEPTH = 5
MAX_DEPTH = 24
MAX_LENGTH = 10_000

FORMATS = {
    "date": "2026-01-31",
    "date-time": "2026-01-31T12:00:00Z",
    "time": "12:00:00Z",
    "duration": "PT1H",
    "email": "ada@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/",
    "uri-reference": "/example",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "regex": ".*",
    "json-pointer": "/example",
}


def schema_example(schema: JsonObject, name: str = "value") -> JsonValue:
    """A value that fits the schema; strings are the name of their member where nothing forbids it."""
    return _Maker(schema).make(schema, name, 0)


class _Maker:
    """Knows the root, which `$ref` points into."""

    def __init__(self, root: JsonObject) -> None:
        self._root = root
        self._budget = 20_000

    def make(self, schema: JsonValue, name: str, depth: int) -> JsonValue:
        self._budget -= 1
        if not isinstance(schema, dict) or depth > MAX_DEPTH or self._budget < 0:
            return None
        schema = self._resolved(schema)
        if "const" in schema:
            return self._given(schema["const"])
        enum = schema.get("enum")
        if isinstance(enum, list) and enum:
            return self._given(enum[0])
        return self._of_type(schema, name, depth)

    def _given(self, value: JsonValue) -> JsonValue:
        """A value of the schema's own, which a reference may repeat."""
        if isinstance(value, str | list | dict):
            self._budget -= len(dump(value)) // 10
        return value if self._budget >= 0 else None

    def _of_type(self, schema: JsonObject, name: str, depth: int) -> JsonValue:
        match _type(schema):
            case "object":
                return self._object(schema, depth)
            case "array":
                return self._array(schema, name, depth)
            case "integer" | "number":
                return _plain(_number(schema))
            case "boolean":
                return True
            case "null":
                return None
            case _:
                text = _string(schema, name)
                self._budget -= len(text) // 10
                return text

    def _object(self, schema: JsonObject, depth: int) -> JsonObject:
        properties = schema.get("properties")
        declared = properties if isinstance(properties, dict) else {}
        required = schema.get("required")
        wanted = [key for key in required if isinstance(key, str)] if isinstance(required, list) else []
        keys = [key for key in declared if key in wanted or depth < FULL_DEPTH]
        others = schema.get("additionalProperties", {})
        made = {key: self.make(declared[key], key, depth + 1) for key in keys}
        least = schema.get("minProperties")
        spare = [f"member{i}" for i in range(1, (_bounded(least) - len(made)) + 1)]
        for key in [key for key in wanted if key not in declared] + spare:
            made[key] = self.make(others or {}, key, depth + 1)
        return made

    def _array(self, schema: JsonObject, name: str, depth: int) -> list[JsonValue]:
        first = schema.get("prefixItems")
        items = schema.get("items", {})
        made = [self.make(item, name, depth + 1) for item in (first if isinstance(first, list) else [])]
        default = 1 if not made and schema.get("maxItems") != 0 and items and depth < FULL_DEPTH else 0
        numbers = range(len(made), max(default, _bounded(schema.get("minItems"))))
        return made + [self._item(items, f"{name}{i}" if i else name, i, depth) for i in numbers]

    def _item(self, items: JsonValue, name: str, number: int, depth: int) -> JsonValue:
        """The n-th item; unlike the others where the schema leaves a choice, for `uniqueItems`."""
        self._budget -= 1
        item = self._resolved(items) if isinstance(items, dict) and self._budget >= 0 else {}
        enum = item.get("enum")
        if isinstance(enum, list) and enum:
            return self._given(enum[number % len(enum)])
        if _type(item) in ("integer", "number") and "const" not in item:
            start = _number(item)
            moved = start + number * (_step(item) or 1)
            return _plain(moved if _fits(item, moved) else start)
        return self.make(items, name, depth + 1)

    def _resolved(self, schema: JsonObject) -> JsonObject:
        """The schema with `$ref`, `allOf` and the first of `anyOf` and `oneOf` folded into it."""
        for _ in range(MAX_DEPTH):
            folded = [part for part in self._parts(schema) if isinstance(part, dict)]
            if not folded:
                return schema
            rest = {
                key: value for key, value in schema.items() if key not in ("$ref", "allOf", "anyOf", "oneOf")
            }
            for part in folded:
                rest = _merged(rest, part)
            schema = rest
        return {}

    def _parts(self, schema: JsonObject) -> list[JsonValue]:
        parts: list[JsonValue] = []
        if isinstance(reference := schema.get("$ref"), str):
            parts.append(self._pointed(reference))
        if isinstance(both := schema.get("allOf"), list):
            parts += both
        for key in ("anyOf", "oneOf"):
            if isinstance(either := schema.get(key), list) and either:
                parts.append(either[0])
        return parts

    def _pointed(self, reference: str) -> JsonValue:
        if not reference.startswith("#"):
            return {}
        value: JsonValue = self._root
        for step in reference[1:].split("/")[1:]:
            key = step.replace("~1", "/").replace("~0", "~")
            value = value.get(key) if isinstance(value, dict) else None
        return value if isinstance(value, dict) else {}


def _merged(one: JsonObject, other: JsonObject) -> JsonObject:
    """Both schemas at once: members of `properties` and `required` are united, other keywords are the first's."""
    both = {**other, **one}
    for key in ("properties", "$defs"):
        left, right = one.get(key), other.get(key)
        if isinstance(left, dict) and isinstance(right, dict):
            both[key] = {**right, **left}
    left, right = one.get("required"), other.get("required")
    if isinstance(left, list) and isinstance(right, list):
        both["required"] = [*left, *(key for key in right if key not in left)]
    return both


def _type(schema: JsonObject) -> str:
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next((one for one in kind if one != "null"), "null")
    if isinstance(kind, str):
        return kind
    hints = (
        ("object", ("properties", "required", "additionalProperties")),
        ("array", ("items", "prefixItems")),
    )
    for name, keys in (*hints, ("number", ("minimum", "maximum", "multipleOf"))):
        if any(key in schema for key in keys):
            return name
    return "string"


def _bounded(value: JsonValue) -> int:
    return max(0, min(int(value), MAX_LENGTH)) if isinstance(value, int | float) else 0


def _bound(schema: JsonObject, key: str) -> Fraction | None:
    value = schema.get(key)
    return Fraction(repr(value)) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _fits(schema: JsonObject, number: Fraction) -> bool:
    low, above = _bound(schema, "minimum"), _bound(schema, "exclusiveMinimum")
    high, below = _bound(schema, "maximum"), _bound(schema, "exclusiveMaximum")
    return (
        (low is None or number >= low)
        and (above is None or number > above)
        and (high is None or number <= high)
        and (below is None or number < below)
    )


def _step(schema: JsonObject) -> Fraction | None:
    """The grid that a number must lie on: whole numbers, multiples, or both; None: anywhere."""
    step = _bound(schema, "multipleOf")
    if _type(schema) != "integer":
        return step if step and step > 0 else None
    return Fraction(step.numerator) if step and step > 0 else Fraction(1)


def _number(schema: JsonObject) -> Fraction:
    """A number within the bounds and on the grid: 1 where it fits, else 0, else one near a bound."""
    lows = [bound for key in ("minimum", "exclusiveMinimum") if (bound := _bound(schema, key)) is not None]
    highs = [bound for key in ("maximum", "exclusiveMaximum") if (bound := _bound(schema, key)) is not None]
    candidates = [Fraction(1), Fraction(0)]
    if lows and highs:
        candidates.append((max(lows) + min(highs)) / 2)
    candidates += [*lows, *highs, *(low + 1 for low in lows), *(high - 1 for high in highs)]
    step = _step(schema)
    if step is not None:
        snapped = [math.floor(number / step) * step for number in candidates]
        candidates = [near for number in snapped for near in (number, number + step, number - step)]
    return next((number for number in candidates if _fits(schema, number)), candidates[0])


def _plain(number: Fraction) -> int | float:
    return int(number) if number.denominator == 1 else float(number)


def _string(schema: JsonObject, name: str) -> str:
    least, most = _bounded(schema.get("minLength")), schema.get("maxLength")
    pattern, form = schema.get("pattern"), schema.get("format")
    if isinstance(pattern, str) and (text := regex_example(pattern, least)) is not None:
        return text
    text = FORMATS.get(form, name) if isinstance(form, str) else name
    text = text + "x" * (least - len(text))
    return text[: _bounded(most)] if isinstance(most, int | float) else text
