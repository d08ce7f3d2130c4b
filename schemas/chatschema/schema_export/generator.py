"""pydantic's generator of JSON Schema, told what a schema of the wire needs and what it does not."""

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

__all__ = ["WireSchema"]

_NULL = {"type": "null"}
#: Keywords beside which `null` would have to be let in as well.
_COMBINED = {"$ref", "anyOf", "oneOf", "allOf", "not"}


class WireSchema(GenerateJsonSchema):
    """Without the titles and the defaults that are Python's, without OpenAPI, and with short nullables."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Never: a member has its name already."""
        del schema
        return False

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """A model's default is what Python reads where a member is absent; the wire has no such value."""
        return self.generate_inner(schema["schema"])

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """`"type": ["string", "null"]`, where the other schema has one type: validators' messages are better."""
        inner = self.generate_inner(schema["schema"])
        kind = inner.get("type")
        if not isinstance(kind, str) or inner.keys() & _COMBINED:
            return self.get_union_of_schemas([inner, _NULL])
        texts = inner.pop("enum", None) or ([inner.pop("const")] if "const" in inner else None)
        return {**inner, "type": [kind, "null"], **({"enum": [*texts, None]} if texts else {})}

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchemaValue:
        """Without `discriminator`, which is OpenAPI's: each branch names its own tag."""
        found = super().tagged_union_schema(schema)
        found.pop("discriminator", None)
        return found

    def sort(self, value: JsonSchemaValue, parent_key: str | None = None) -> JsonSchemaValue:
        """Leave the order alone: pydantic would sort a member called `properties` as if it were the keyword."""
        del parent_key
        return value
