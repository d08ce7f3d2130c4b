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
    """What it is."""


class JsonObjectFormat(Strict):
    """Any JSON object; that a message says so is the rule `chat.request.json-word`."""

    type: Literal["json_object"]
    """What it is."""


class JsonSchema(Strict):
    """A schema with a name. The specification does not require `schema`, OpenAI refuses a request without it."""

    name: ToolName
    """Its name."""
    schema_: Annotated[dict[str, JsonValue], Field(alias="schema")]
    """A JSON Schema."""
    description: str | None = None
    """What it is for, for the model."""
    strict: bool | None = None
    """The answer follows the schema for sure."""


class JsonSchemaFormat(Strict):
    """JSON of this schema."""

    type: Literal["json_schema"]
    """What it is."""
    json_schema: JsonSchema
    """The schema."""


#: `type` decides which.
ResponseFormat = Annotated[PlainTextFormat | JsonObjectFormat | JsonSchemaFormat, Tagged("type")]


class Voice(Strict):
    """A voice of the client's own."""

    id: NonEmpty
    """Its name."""


def _voice_form(value: Any) -> str:
    return "<own>" if isinstance(value, dict | BaseModel) else "<named>"


class AudioOptions(Strict):
    """How an answer sounds."""

    voice: Annotated[
        Annotated[str, Tag("<named>")] | Annotated[Voice, Tag("<own>")], Discriminator(_voice_form)
    ]
    """Who speaks."""
    format: Literal["wav", "aac", "mp3", "flac", "opus", "pcm16"]
    """How the sound is written."""


class Prediction(Strict):
    """What the answer will say for the most part: a file of which little changes."""

    type: Literal["content"]
    """What it is."""
    content: TextContent
    """The text."""


class ApproximateLocation(Strict):
    """Roughly where somebody is."""

    country: str | None = None
    """Two letters, as `NL`."""
    region: str | None = None
    """Its name."""
    city: str | None = None
    """Its name."""
    timezone: str | None = None
    """As `Europe/Amsterdam`."""


class UserLocation(Strict):
    """Where the user is."""

    type: Literal["approximate"]
    """What it is."""
    approximate: ApproximateLocation
    """The place."""


class WebSearchOptions(Strict):
    """How to search the web."""

    search_context_size: Literal["low", "medium", "high"] | None = None
    """How much of it the model reads."""
    user_location: UserLocation | None = None
    """Where the user is."""


class ModerationOptions(Strict):
    """What moderation has to look at."""

    model: str
    """The model that looks."""
    policy: dict[str, JsonValue] | None = None
    """What happens when it finds something."""
