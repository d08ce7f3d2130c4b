"""Content of a message that is no plain text: parts, each of which says what it is."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, JsonValue, Tag

from chatschema.core.base import MOST_PARTS, Strict, Tagged

__all__ = [
    "AssistantContent",
    "AudioPart",
    "AudioReference",
    "FilePart",
    "FileSource",
    "ImagePart",
    "ImageSource",
    "InputAudio",
    "InputAudioPart",
    "RefusalPart",
    "TextContent",
    "TextPart",
    "UserContent",
]


class TextPart(Strict):
    """Text."""

    type: Literal["text"]
    """What it is."""
    text: str
    """The text."""
    prompt_cache_breakpoint: dict[str, JsonValue] | None = None
    """The prompt is cached as far as here."""


class ImageSource(Strict):
    """Where an image is."""

    url: str
    """An address, or the image itself as a `data:` URL."""
    detail: Literal["auto", "low", "high"] | None = None
    """How closely the model looks."""


class ImagePart(Strict):
    """An image."""

    type: Literal["image_url"]
    """What it is."""
    image_url: ImageSource
    """The image."""
    prompt_cache_breakpoint: dict[str, JsonValue] | None = None
    """The prompt is cached as far as here."""


class InputAudio(Strict):
    """A sound."""

    data: str
    """The sound in base64."""
    format: Literal["wav", "mp3"]
    """How it is written."""


class InputAudioPart(Strict):
    """Something to be heard."""

    type: Literal["input_audio"]
    """What it is."""
    input_audio: InputAudio
    """The sound."""
    prompt_cache_breakpoint: dict[str, JsonValue] | None = None
    """The prompt is cached as far as here."""


class FileSource(Strict):
    """Where a file is: uploaded before, or in here."""

    file_id: str | None = None
    """The name that the upload got."""
    filename: str | None = None
    """The name that the model is told."""
    file_data: str | None = None
    """The file itself as a `data:` URL."""


class FilePart(Strict):
    """A file to be read."""

    type: Literal["file"]
    """What it is."""
    file: FileSource
    """The file."""
    prompt_cache_breakpoint: dict[str, JsonValue] | None = None
    """The prompt is cached as far as here."""


class RefusalPart(Strict):
    """What the model said in place of an answer."""

    type: Literal["refusal"]
    """What it is."""
    refusal: str
    """The model's words."""


class AudioReference(Strict):
    """An answer that was heard before."""

    id: str
    """The name that it had."""


class AudioPart(Strict):
    """An answer that was heard; not in the specification, but in the list of parts in OpenAI's own refusals."""

    type: Literal["audio"]
    """What it is."""
    audio: AudioReference
    """The answer."""


def _form(value: Any) -> str:
    return "<parts>" if isinstance(value, list) else "<text>"


_Text = Annotated[TextPart, Tagged("type")]
_User = Annotated[TextPart | ImagePart | InputAudioPart | FilePart, Tagged("type")]
_Assistant = Annotated[TextPart | RefusalPart | AudioPart, Tagged("type")]

#: Content of all roles but user and assistant: OpenAI refuses an image of theirs.
TextContent = Annotated[
    Annotated[str, Tag("<text>")]
    | Annotated[list[_Text], Field(min_length=1, max_length=MOST_PARTS), Tag("<parts>")],
    Discriminator(_form),
]
#: Content of a user.
UserContent = Annotated[
    Annotated[str, Tag("<text>")]
    | Annotated[list[_User], Field(min_length=1, max_length=MOST_PARTS), Tag("<parts>")],
    Discriminator(_form),
]
#: Content of the assistant.
AssistantContent = Annotated[
    Annotated[str, Tag("<text>")]
    | Annotated[list[_Assistant], Field(min_length=1, max_length=MOST_PARTS), Tag("<parts>")],
    Discriminator(_form),
]
