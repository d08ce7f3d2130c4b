"""How an answer has to look and to sound, and what it may rest on."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Discriminator, Field, JsonValue, Tag

from chatschema.core.base import NonEmpty, Strict, Tagged

from .parts import TextContent
from .tools import ToolName

__all__ = [
    "ApproximateLocation",
    "AudioOptions",
    "JsonObjectFormat",
    "JsonSchema",
    "JsonSchemaFormat",
    "ModerationOptions",
    "PlainTextFormat",
    "Prediction",
    "ResponseFormat",
    "UserLocation",
    "Voice",
    "WebSearchOptions",
]


class PlainTextFormat(Strict):
    """Text."""

    type: Literal["text"]
    """Type, always `text`."""


class JsonObjectFormat(Strict):
    """Any JSON object; that a message says so is the rule `chat.request.json-word`."""

    type: Literal["json_object"]
    """Type, always `json_object`."""


class JsonSchema(Strict):
    """A schema with a name. The specification does not require `schema`, OpenAI refuses a request without it."""

    name: ToolName
    """Name of the schema."""
    schema_: Annotated[dict[str, JsonValue], Field(alias="schema")]
    """A JSON Schema."""
    description: str | None = None
    """Description of the schema, shown to the model."""
    strict: bool | None = None
    """The answer follows the schema for sure."""


class JsonSchemaFormat(Strict):
    """JSON of this schema."""

    type: Literal["json_schema"]
    """Type, always `json_schema`."""
    json_schema: JsonSchema
    """The schema."""


#: `type` decides which.
ResponseFormat = Annotated[PlainTextFormat | JsonObjectFormat | JsonSchemaFormat, Tagged("type")]


class Voice(Strict):
    """A voice of the client's own."""

    id: NonEmpty
    """Id of the voice."""


def _voice_form(value: Any) -> str:
    return "<own>" if isinstance(value, dict | BaseModel) else "<named>"


class AudioOptions(Strict):
    """Voice and format of a spoken answer."""

    voice: Annotated[
        Annotated[str, Tag("<named>")] | Annotated[Voice, Tag("<own>")], Discriminator(_voice_form)
    ]
    """Role of the author."""
    format: Literal["wav", "aac", "mp3", "flac", "opus", "pcm16"]
    """Audio encoding."""


class Prediction(Strict):
    """Predicted content of the answer, such as a file with few changes."""

    type: Literal["content"]
    """Type, always `content`."""
    content: TextContent
    """The text."""


class ApproximateLocation(Strict):
    """An approximate location."""

    country: str | None = None
    """Two letters, as `NL`."""
    region: str | None = None
    """Name of the region."""
    city: str | None = None
    """Name of the city."""
    timezone: str | None = None
    """As `Europe/Amsterdam`."""


class UserLocation(Strict):
    """Approximate location of the user."""

    type: Literal["approximate"]
    """Type, always `approximate`."""
    approximate: ApproximateLocation
    """The approximate location."""


class WebSearchOptions(Strict):
    """Settings of the web search."""

    search_context_size: Literal["low", "medium", "high"] | None = None
    """How much of it the model reads."""
    user_location: UserLocation | None = None
    """Approximate location of the user."""


class ModerationOptions(Strict):
    """Moderation settings."""

    model: str
    """The moderation model to use."""
    policy: dict[str, JsonValue] | None = None
    """What to do when content is flagged."""
