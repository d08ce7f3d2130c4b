"""How a model has to think and to write."""

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from chatschema.core.base import Tagged

from .body import Body

__all__ = ["JsonSchemaFormat", "PromptReference", "ReasoningOptions", "TextFormat", "TextOptions"]


class PlainFormat(Body):
    """Text, or any JSON object."""

    type: Literal["text", "json_object"]


class JsonSchemaFormat(Body):
    """JSON of this schema. xAI's answers do not say its name."""

    type: Literal["json_schema"]
    name: str | None = None
    schema_: Annotated[dict[str, JsonValue] | None, Field(alias="schema")] = None
    description: str | None = None
    strict: bool | None = None


class OtherFormat(Body):
    """A format that the contract does not know."""

    type: str


#: `type` decides which.
TextFormat = Annotated[PlainFormat | JsonSchemaFormat, Tagged("type", other=OtherFormat)]


class TextOptions(Body):
    """Format of the text."""

    format: TextFormat | None = None
    verbosity: str | None = None


class ReasoningOptions(Body):
    """Reasoning effort, and which summary of it is returned."""

    effort: str | None = None
    summary: str | None = None
    generate_summary: str | None = None
    context: str | None = None
    mode: str | None = None


class PromptReference(Body):
    """A prompt that is kept at the server."""

    id: str
    version: str | None = None
    variables: dict[str, JsonValue] | None = None
