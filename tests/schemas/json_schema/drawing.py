"""Strategies over the structure of one of our schemas: values that it accepts, and what stands in it by name."""

from collections.abc import Iterator, Mapping, Sequence
from math import ceil, floor
from typing import Any, TypeAlias

from hypothesis import strategies as st

from chatschema import JsonValue

Schema: TypeAlias = Mapping[str, Any]
Values: TypeAlias = st.SearchStrategy[JsonValue]

TEXT = st.text(max_size=4)
#: What stands where anything may stand.
FREE: Values = st.sampled_from([None, True, 0, -0.5, "", "\U0001f600", [], {}, [[None]], {"a": {"b": [1]}}])
SCALARS: Mapping[str, Values] = {"null": st.none(), "boolean": st.booleans()}
FAR = 10**6


def drawn(document: Schema) -> Values:
    """Values that the document accepts."""
    return Drawing(document).values(document)


class Drawing:
    """One document; each of its definitions is made once, and when it is needed, for they may be recursive."""

    def __init__(self, document: Schema) -> None:
        definitions: Mapping[str, Schema] = document.get("$defs", {})
        self.definitions = {f"#/$defs/{name}": schema for name, schema in definitions.items()}
        self.drawn = {name: self._later(schema) for name, schema in self.definitions.items()}

    def _later(self, schema: Schema) -> Values:
        return st.deferred(lambda: self.values(schema))

    def values(self, schema: Schema) -> Values:
        """What one schema of the document accepts."""
        match schema:
            case {"$ref": str(ref), "properties": _}:
                return self.values(self._refined(ref, schema))
            case {"$ref": str(ref)}:
                return self.drawn[ref]
            case {"oneOf": branches, "properties": members, "required": needed}:
                return st.one_of([self.values(_also(branch, members, needed)) for branch in branches])
            case {"anyOf": branches} | {"oneOf": branches}:
                return st.one_of([self.values(branch) for branch in branches])
            case {"enum": texts}:
                return st.sampled_from(texts)
            case {"const": text}:
                return st.just(text)
            case {"type": list(kinds)}:
                return st.one_of([self.values({**schema, "type": kind}) for kind in kinds])
            case {"type": str(kind)}:
                return self._typed(kind, schema)
            case _:
                return FREE

    def _typed(self, kind: str, schema: Schema) -> Values:
        match kind:
            case "object":
                return self._objects(schema)
            case "array":
                least = schema.get("minItems", 0)
                most = min(schema.get("maxItems", FAR), least + 2)
                return st.lists(self.values(schema.get("items", {})), min_size=least, max_size=most).map(list)
            case "string":
                return _texts(schema)
            case "integer" | "number":
                return _numbers(kind, schema)
            case _:
                return SCALARS[kind]

    def _objects(self, schema: Schema) -> Values:
        members = schema.get("properties", {})
        needed = set(schema.get("required", []))
        allowed = {name: self.values(inner) for name, inner in members.items() if inner.get("not") != {}}
        known = st.fixed_dictionaries(
            {name: values for name, values in allowed.items() if name in needed},
            optional={name: values for name, values in allowed.items() if name not in needed},
        )
        more = schema.get("additionalProperties", True)
        if more is False:
            return known.map(dict)
        others = st.dictionaries(TEXT, self.values(more if isinstance(more, dict) else {}), max_size=1)
        return st.tuples(others, known).map(
            lambda pair: {**{name: pair[0][name] for name in pair[0] if name not in members}, **pair[1]}
        )

    def _refined(self, ref: str, rest: Schema) -> Schema:
        """A definition with what stands beside the reference to it: the tag of a union's branch."""
        found = self.definitions[ref]
        return _also(found, rest["properties"], rest.get("required", []))


def _also(schema: Schema, members: Mapping[str, Schema], needed: Sequence[str]) -> Schema:
    """The schema and more about its members."""
    known = schema.get("properties", {})
    both = {name: {**inner, **known.get(name, {})} for name, inner in members.items()}
    return {**schema, "properties": {**known, **both}, "required": [*schema.get("required", []), *needed]}


def _texts(schema: Schema) -> Values:
    least, most = schema.get("minLength", 0), schema.get("maxLength", FAR)
    known = schema.get("not", {}).get("enum", [])
    if "pattern" in schema:
        # `$` lets Python end a line before the end of the text
        texts = st.from_regex(schema["pattern"].removesuffix("$") + r"\Z")
    else:
        texts = st.text(min_size=least, max_size=min(most, least + 12))
    return texts.filter(lambda text: text not in known and least <= len(text) <= most)


def _numbers(kind: str, schema: Schema) -> Values:
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    least = schema.get("minimum", -FAR) if above is None else above
    most = schema.get("maximum", FAR) if below is None else below
    whole = st.integers(min_value=ceil(least), max_value=floor(most)).filter(
        lambda number: number not in (above, below)
    )
    if kind == "integer":
        return whole | whole.map(float).filter(lambda number: least <= number <= most)
    return whole | st.floats(
        min_value=least, max_value=most, exclude_min=above is not None, exclude_max=below is not None
    )


def names(schema: Schema) -> Iterator[str]:
    """The names of all members, and all texts that decide something."""
    yield from schema.get("properties", {})
    yield from (text for text in schema.get("enum", []) if isinstance(text, str))
    if isinstance(schema.get("const"), str):
        yield schema["const"]
    for keyword in ("properties", "$defs"):
        for inner in schema.get(keyword, {}).values():
            yield from names(inner)
    for keyword in ("anyOf", "oneOf"):
        for inner in schema.get(keyword, []):
            yield from names(inner)
    for keyword in ("items", "additionalProperties"):
        if isinstance(schema.get(keyword), dict):
            yield from names(schema[keyword])
