"""The ground that every model stands on: strict, open to unknown members, and constrained in Rust.

We accept what JSON calls equal and nothing more. JSON has one number type, so `1764.0` is the integer 1764
(JSON Schema says so as well); `"1764"`, `true` and `1764.5` are not. The constraints are pydantic-core schemas
rather than Python validators, because a stream is judged while it runs.
"""

from dataclasses import dataclass
from typing import Annotated, Any, cast, get_args

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

__all__ = [
    "FORBIDDEN",
    "MOST_PARTS",
    "Byte",
    "Code",
    "Forbidden",
    "Integer",
    "NonEmpty",
    "NonNegative",
    "Strict",
    "Tagged",
    "Text",
    "Whole",
    "forbidden",
]

#: The error type of a member that must not be there; see `shape.RULES`.
FORBIDDEN = "forbidden"


class Strict(BaseModel):
    """No coercion; unknown members are kept, so that parsing and dumping gives the same JSON back."""

    model_config = ConfigDict(
        strict=True,
        extra="allow",
        protected_namespaces=(),
        use_attribute_docstrings=True,
        defer_build=True,  # most programs use two or three of all the models
    )


#: pydantic's names of bounds, and JSON Schema's.
_BOUNDS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}


@dataclass(frozen=True)
class Whole:
    """Annotates `int`: a number without a fraction, within bounds."""

    ge: int | None = None
    le: int | None = None

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        whole_float = core_schema.float_schema(strict=True, multiple_of=1.0, allow_inf_nan=False)
        from_float = core_schema.chain_schema([whole_float, core_schema.int_schema(strict=False)])
        either = core_schema.union_schema(
            [core_schema.int_schema(strict=True), from_float],
            mode="left_to_right",
            custom_error_type="int_type",  # one error, not one for each branch
        )
        if self == Whole():
            return either
        return core_schema.chain_schema([either, core_schema.int_schema(ge=self.ge, le=self.le)])

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        bounds = {"ge": self.ge, "le": self.le}
        outer = cast("dict[str, Any]", schema)
        while outer["type"] == "function-after":  # pydantic's own, for the bounds of a `Field` around this
            bounds |= outer["metadata"]["pydantic_js_updates"]
            outer = outer["schema"]
        keywords = {keyword: bounds.get(name) for name, keyword in _BOUNDS.items()}
        return {
            "type": "integer",
            **{keyword: bound for keyword, bound in keywords.items() if bound is not None},
        }


@dataclass(frozen=True)
class Tagged:
    """Annotates a union of models: the text in one member decides which of them a value is held to.

    `Annotated[A | B, Tagged("type")]`: each model names its own text by a `Literal` for that member. `other` is
    the model for any text that none of them has; without it such a text is refused.
    """

    member: str
    other: type[BaseModel] | None = None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        models = cast("tuple[type[BaseModel], ...]", get_args(source) or (source,))
        choices = {
            f"<{text}>": handler.generate_schema(model)
            for model in models
            for text in get_args(model.model_fields[self.member].annotation)
        }
        if self.other is not None:
            choices["<>"] = handler.generate_schema(self.other)
        return core_schema.tagged_union_schema(choices, discriminator=self._tag(frozenset(choices)))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        found = handler(schema)
        if self.other is not None:
            # the open branch must not take what a known text's own model refuses
            tags = cast("dict[str, Any]", schema).get("choices", {})
            known = [tag[1:-1] for tag in tags if tag != "<>"]
            branches = cast("list[JsonSchemaValue]", found["oneOf"])
            branches[-1] = {**branches[-1], **self._with({"type": "string", "not": {"enum": known}})}
        # a model may do without the member, the choice cannot
        return {**self._with({"type": "string"}), "required": [self.member], **found}

    def _with(self, text: JsonSchemaValue) -> JsonSchemaValue:
        return {"type": "object", "properties": {self.member: text}}

    def _tag(self, known: frozenset[str]) -> Any:
        member, open_ended = self.member, self.other is not None

        # pydantic puts the tag into the error's location; the brackets tell it from a member of that name
        def tag(value: Any) -> str | None:
            if isinstance(value, dict):
                members = cast("dict[str, object]", value)
                if member not in members:
                    return None
                text = members[member]
            else:
                text = getattr(value, member, None)
                if text is None:
                    return None
            if not isinstance(text, str):
                return "<not a string>"
            found = f"<{text}>"
            return "<>" if open_ended and found not in known else found

        tag.__name__ = member
        return tag


class _TextSchema:
    """A bound that holds for any text makes pydantic look at its characters, and refuse half of a surrogate pair."""

    @staticmethod
    def __get_pydantic_core_schema__(_source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.str_schema(strict=True, min_length=0)

    @staticmethod
    def __get_pydantic_json_schema__(_schema: CoreSchema, _handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string"}


class _CodeSchema:
    @staticmethod
    def __get_pydantic_core_schema__(_source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        either = [core_schema.str_schema(strict=True), _handler.generate_schema(Integer)]
        return core_schema.union_schema([*either], mode="left_to_right", custom_error_type="string_type")

    @staticmethod
    def __get_pydantic_json_schema__(_schema: CoreSchema, _handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [{"type": "string"}, {"type": "integer"}]}


class _ForbiddenSchema:
    @staticmethod
    def __get_pydantic_core_schema__(_source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.custom_error_schema(
            core_schema.is_instance_schema(_ForbiddenSchema),
            custom_error_type=FORBIDDEN,
            custom_error_message="This member belongs to the other form of the answer",
        )

    @staticmethod
    def __get_pydantic_json_schema__(_schema: CoreSchema, _handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"not": {}}


#: A whole number, written with or without a fraction of zero.
Integer = Annotated[int, Whole()]
#: A whole number, zero or more.
NonNegative = Annotated[int, Whole(ge=0)]
#: One byte of UTF-8.
Byte = Annotated[int, Whole(ge=0, le=255)]
#: What a model wrote: a string of whole characters. Half of a pair cannot be printed, nor sent back.
Text = Annotated[str, _TextSchema]
#: A string of at least one character.
NonEmpty = Annotated[str, Field(min_length=1)]
#: An error's code: text by the specification, a number by half the servers.
Code = Annotated[str | int, _CodeSchema]
#: More choices or calls than anyone can ask for (OpenAI allows 128 of each): a hostile list ends here.
MOST_PARTS = 1024
#: A member whose presence, with whatever value, is the mistake.
Forbidden = Annotated[None, _ForbiddenSchema]


def forbidden() -> Any:
    """The field that goes with `Forbidden`: absent, and never dumped."""
    return Field(default=None, exclude=True, repr=False)
